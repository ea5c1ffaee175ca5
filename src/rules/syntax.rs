//! Files that Python itself refuses.

use crate::finding::{Confidence, Severity};
use crate::rule::{On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[Rule {
    name: "python-syntax-error",
    aliases: &["E999", "E9"],
    preset: Preset::Gate,
    severity: Severity::Medium,
    flow: None,
    confidence: Confidence::High,
    cwe: &[],
    message: "Python cannot read this",
    why: "No version of Python from 3.8 to 3.14 accepts the file. What stands around the error was still judged; \
          the statement itself was not.",
    help: "correct the syntax, or exclude the file if it is not meant to run",
    on: On::Reported,
}];
