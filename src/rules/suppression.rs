//! Comments that suppress findings, and do it badly. `gate::suppress` reports them.

use crate::finding::{Confidence, Severity};
use crate::rule::{On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "unknown-suppression-id",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[],
        message: "this comment suppresses a rule that does not exist",
        why: "A misspelt id suppresses nothing, and whoever reads the comment believes that it does.",
        help: "name the rule as `backend-audit rules` lists it, or remove the comment",
        on: On::Reported,
    },
    Rule {
        name: "unused-suppression",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[],
        message: "this comment suppresses nothing",
        why: "The finding it was written for is gone; the next one on this line would be hidden unseen.",
        help: "remove the comment",
        on: On::Reported,
    },
    Rule {
        name: "suppression-without-id",
        aliases: &["PGH004"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[],
        message: "this comment suppresses every rule",
        why: "It hides what it was written for and everything that is ever found on the line besides.",
        help: "name the rule: `# backend-audit: ignore[rule] reason`",
        on: On::Reported,
    },
    Rule {
        name: "suppression-without-reason",
        aliases: &[],
        preset: Preset::OptIn,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[],
        message: "this comment suppresses a finding and does not say why",
        why: "Nobody can tell later whether the reason still holds.",
        help: "say why behind the id: `# backend-audit: ignore[rule] reason`",
        on: On::Reported,
    },
];
