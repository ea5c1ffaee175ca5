//! Text that is run as Python code, and names that choose which code is run.

use crate::facts::Value;
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, IMPORTERS, On, Origin, Preset, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
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
    },
    Rule {
        name: "constant-eval",
        aliases: &["B307", "B102", "S307", "S102"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[95],
        message: "`{call}` runs a constant text that could be plain code",
        why: "Nothing can be injected today. No tool reads what is in the text, and the next change may paste a \
              value into it.",
        help: "write the code where the text is",
        on: On::Sink(Kind::Code, &["builtins"], constant_code),
    },
    Rule {
        name: "dynamic-import",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[470, 829],
        message: "`{call}` imports a module whose name is not constant",
        why: "Importing runs the module. Whoever chooses the name chooses the code, as far as the import path \
              reaches.",
        help: "look the name up in a table of the modules that may be imported",
        on: On::Any(&[On::Call(IMPORTERS, dynamic_module), On::Call(RUNNERS, dynamic_module)]),
    },
    Rule {
        name: "logging-listen",
        aliases: &["B612", "S612"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[94],
        message: "`{call}` takes a configuration from whoever connects, and parts of it are run as code",
        why: "Every user of the machine can connect to the port, and `eval` is applied to what the configuration \
              says of its handlers.",
        help: "pass `verify`, a function that checks a signature of what was received",
        on: On::Call(&["logging.config.listen"], unverified_configuration),
    },
];

/// What runs a module by its name or path.
const RUNNERS: &[&str] = &["runpy.run_module", "runpy.run_path", "imp.load_source", "imp.load_module"];

/// Silent on constant text, and on the code objects of `compile` where that text is constant. Less sure in tests.
fn dynamic_code(call: &Call<'_>) -> Option<Hit> {
    let code = call.subject()?;
    let spared = |hit: Hit| if call.site.is_test() { hit.confidence(Confidence::Low) } else { hit };
    (!call.site.text(code).is_constant()).then(|| spared(Hit::here()))
}

/// Silent in tests, on `compile`, and on what [`dynamic_code`] speaks of.
fn constant_code(call: &Call<'_>) -> Option<Hit> {
    let text = call.site.text(call.subject()?);
    let plain = call.name() != "compile" && !call.site.is_test();
    (plain && text.is_constant() && !text.skeleton().trim().is_empty()).then(Hit::here)
}

/// Silent in tests, in `__getattr__`, on a name that begins with a constant package, on names that the operator of the
/// program gives, and on a module's own name.
fn dynamic_module(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let name = call.positional(0).or_else(|| call.arguments.keywords().next().map(|(_, value)| value))?;
    let text = site.text(name);
    let own = matches!(site.last_segment(name), Some("__name__" | "__package__" | "__file__"));
    if site.is_test() || own || text.is_constant() || is_pinned(&text.skeleton()) {
        return None;
    }
    let lazy = site.words_around(call.span().start).has_any(&["getattr"]);
    let starred = matches!(site.value(name), Value::Starred(_));
    (!starred && !lazy && site.origin(name) != Origin::Operator).then(Hit::here)
}

/// Whether a name begins with a package, its own or another: `.` or `shop.plugins.` and what follows.
fn is_pinned(name: &str) -> bool {
    name.split_once('.').is_some_and(|(package, _)| package.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

/// Silent in tests, and with a function that checks what is received.
fn unverified_configuration(call: &Call<'_>) -> Option<Hit> {
    let verify = call.argument(1, "verify").filter(|value| !matches!(call.site.value(*value), Value::None));
    let open = verify.is_none() && !call.has_spread() && !call.has_rest();
    (open && !call.site.is_test()).then(Hit::here)
}
