//! Changes of the gate itself. `scan` reports them when it judges a change.

use crate::finding::{Confidence, Severity};
use crate::rule::{On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "gate-weakened",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[693],
        message: "this change weakens the gate that judges it",
        why: "A change that could switch its own check off would never be refused by it.",
        help: "make this change by itself, reviewed by who answers for the gate",
        on: On::Reported,
    },
    Rule {
        name: "too-many-suppressions",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[693],
        message: "this change hides more findings than `max-new-suppressions` allows",
        why: "A suppression that comes together with the code it excuses has to be seen by somebody else first.",
        help: "mend what the comments, ignores or baseline entries hide, or have the limit raised in a change of its own",
        on: On::Reported,
    },
];
