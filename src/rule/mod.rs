//! What a rule is: one literal in a family's table, and a judge that is a plain function beside it.
//!
//! Here belongs what a judge sees ([`Call`], [`Fact`], [`Site`]) and what it answers ([`Hit`]). The tables are
//! in `rules/`.

mod call;
mod context;
mod endpoint;
mod fact;
mod hit;
mod imports;
mod origin;
mod own;
mod settled;

use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::{FileId, Project};
pub use crate::project::{Site, Words, has_word, words};
pub use call::Call;
pub use endpoint::{Endpoint, Handling};
pub use fact::{Fact, FactKind, FactNode};
pub use hit::{Hit, Secret, abbreviated, shows_ends};
pub use imports::IMPORTERS;
pub use origin::Origin;
pub use settled::{Listed, Settled};

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

/// What a rule listens to. A judge decides on what it is shown, and says nothing by `None`.
#[derive(Clone, Copy, Debug)]
pub enum On {
    /// A call that the models know as this kind, of these libraries (of all where the list is empty).
    Sink(Kind, &'static [&'static str], CallJudge),
    /// Data that arrives at a sink of this kind, and nothing else.
    Flow(Kind),
    /// A call by dotted path, or by `?.name` a method whatever its receiver is.
    Call(&'static [&'static str], CallJudge),
    /// An import of one of these modules or members, submodules not counted in.
    Import(&'static [&'static str]),
    /// Facts of these kinds.
    Fact(&'static [FactKind], FactJudge),
    /// A file as a whole: what shows in many forms of code at once.
    File(FileJudge),
    /// A route of the backend: an endpoint, its handler, and what is known of who may call it.
    Route(RouteJudge),
    /// A function that answers requests, once however many routes lead to it.
    Handler(HandlerJudge),
    /// The project as a whole.
    Project(ProjectJudge),
    /// Each of these: a fault that several kinds of facts show.
    Any(&'static [On]),
    /// Reported by a part of the scan of its own (syntax, suppressions); the literal makes the id known.
    Reported,
}

/// Judges a call.
pub type CallJudge = fn(&Call<'_>) -> Option<Hit>;
/// Judges another fact.
pub type FactJudge = fn(&Fact<'_>) -> Option<Hit>;
/// Judges a file.
pub type FileJudge = fn(Site<'_>) -> Vec<Hit>;
/// Judges a route; the hit is in this file.
pub type RouteJudge = fn(&Endpoint<'_>) -> Option<(FileId, Hit)>;
/// Judges a function that answers requests; the hits are in its file.
pub type HandlerJudge = fn(&Handling<'_>) -> Vec<Hit>;
/// Judges the project.
pub type ProjectJudge = fn(&Project) -> Vec<(FileId, Hit)>;

impl Rule {
    /// The forms of what it listens to, one or several.
    pub fn forms(&'static self) -> &'static [On] {
        match &self.on {
            On::Any(forms) => forms,
            form => std::slice::from_ref(form),
        }
    }

    /// Whether `name` names this rule: its own name, its flow form, or an alias in any case.
    pub fn is_named(&self, name: &str) -> bool {
        let own = name.strip_suffix("/flow").unwrap_or(name);
        self.name == own || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    }
}
