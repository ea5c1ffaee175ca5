//! Changes of the gate itself. `scan` reports them when it judges a change.

use crate::finding::{Confidence, Severity};
use crate::rule::{On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[Rule {
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
}];
