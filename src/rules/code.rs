//! Text that is run as Python code.

use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[Rule {
    name: "dangerous-eval",
    aliases: &["B307", "B102", "S307", "S102", "dangerous-pattern"],
    preset: Preset::Gate,
    severity: Severity::Medium,
    flow: Some(Severity::Critical),
    confidence: Confidence::Medium,
    cwe: &[95, 94],
    message: "`{call}` runs a text that is not constant as Python code",
    why: "Whoever can shape the text can do whatever the process can.",
    help: "use `ast.literal_eval` for data, a table of functions for choices",
    on: On::Sink(Kind::Code, &["builtins"], dynamic_code),
}];

/// Silent on constant text, and on the code objects of `compile` where that text is constant.
fn dynamic_code(call: &Call<'_>) -> Option<Hit> {
    let code = call.subject()?;
    (!call.site.text(code).is_constant()).then(Hit::here)
}
