//! What a rule is: one literal in a family's table. Judges are plain functions beside the table.

use crate::finding::{Confidence, Severity};

/// Which runs a rule is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// On by default: what a gate may fail on.
    Gate,
    /// States a fact worth a look; on with `--preset review`.
    Review,
    /// On only when selected by name.
    OptIn,
}

/// A rule: what it looks for, and what it says. See `docs/architecture.md` for how one is added.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case; names the fault and reads well after "allow".
    pub name: &'static str,
    /// Ids of other tools for the same fault (`B301`, `S301`), accepted wherever a rule is named.
    pub aliases: &'static [&'static str],
    /// The runs it is part of.
    pub preset: Preset,
    /// How bad it is where it is true.
    pub severity: Severity,
    /// The severity as a flow from a source; `None` where the rule has no flow form.
    pub flow: Option<Severity>,
    /// How sure a finding is unless the judge says otherwise.
    pub confidence: Confidence,
    /// CWE numbers, the most fitting first.
    pub cwe: &'static [u16],
    /// What is wrong, one sentence without a full stop. `{call}` stands for the callee as resolved.
    pub message: &'static str,
    /// Why it matters: one or two sentences.
    pub why: &'static str,
    /// What to do, one sentence without a full stop.
    pub help: &'static str,
    /// What the rule listens to, and the judge that decides.
    pub on: On,
}

/// What a rule listens to.
#[derive(Clone, Copy, Debug)]
pub enum On {
    /// Reported by a part of the scan of its own (syntax, suppressions); the literal makes the id known.
    Reported,
}
