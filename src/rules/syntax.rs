//! Files that Python itself refuses, and files that people read otherwise than Python does.

use crate::finding::{Confidence, Severity};
use crate::rule::{Hit, On, Preset, Rule, Site};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "python-syntax-error",
        aliases: &["E999", "E9"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[],
        message: "Python cannot read this",
        why: "No version of Python from 3.8 to 3.14 accepts the file. What stands around the error was still judged; \
          the statement itself was not.",
        help: "correct the syntax, or exclude the file if it is not meant to run",
        on: On::Reported,
    },
    Rule {
        name: "bidirectional-text",
        aliases: &["B613", "S613", "PLE2502"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[838],
        message: "a character makes this line read in another order than it is written in",
        why: "An editor or a review shows other code than Python runs: what looks like a comment can be a \
              statement, and the reverse.",
        help: "remove the character, or write it as an escape such as `\\u202E`",
        on: On::File(reordered_text),
    },
];

/// Silent nowhere: where such a character is meant, an escape says so and reads the same everywhere.
fn reordered_text(site: Site<'_>) -> Vec<Hit> {
    site.module.reordered().iter().copied().map(Hit::at).collect()
}
