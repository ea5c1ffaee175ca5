//! Text that is run as Python code, and names that choose which code is run.

use crate::facts::{Arguments, Statement, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, IMPORTERS, On, Origin, Preset, Rule, Site};

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
    Rule {
        name: "unsandboxed-template",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[1336, 94],
        message: "`{call}` makes a template of a text that is not constant, and Jinja reaches all of Python from there",
        why: "Who writes the template runs code: a template that comes with a model, a data set or a setting is a \
              program.",
        help: "use `jinja2.sandbox.ImmutableSandboxedEnvironment`",
        on: On::Call(
            &["jinja2.Environment.from_string", "jinja2.Template", "?.from_string"],
            unsandboxed_template,
        ),
    },
];

/// What makes a syntax tree.
const TREES: &[&str] =
    &["ast.parse", "ast.Module", "ast.Expression", "ast.Interactive", "ast.fix_missing_locations"];

/// What runs a module by its name or path.
const RUNNERS: &[&str] = &["runpy.run_module", "runpy.run_path", "imp.load_source", "imp.load_module"];

/// Silent on constant text, on the code objects of `compile` where that text is constant or `compile` is reported, and
/// on `compile` of a syntax tree, which no text is; what runs that is reported. `info` and less sure in tests.
fn dynamic_code(call: &Call<'_>) -> Option<Hit> {
    let (site, code) = (call.site, call.subject()?);
    let told_before = match call.name() {
        "compile" => is_tree(site, code) || only_checks(call),
        _ => calls_behind(site, code, &["builtins.compile"])
            .any(|arguments| site.argument(arguments, 0, "source").is_some_and(|text| !is_tree(site, text))),
    };
    if told_before || site.text(code).is_constant() {
        return None;
    }
    let hit = Hit::here();
    Some(if site.is_test() { hit.severity(Severity::Info).confidence(Confidence::Low) } else { hit })
}

/// Whether `compile` makes a syntax tree, or its result is thrown away: nothing runs.
fn only_checks(call: &Call<'_>) -> bool {
    let (module, flags) = (call.site.module, call.argument(3, "flags"));
    let function = call.site.function_of(call.id);
    let body = function.map_or_else(|| module.body(), |function| module.function_body(function));
    let mut is_dropped = false;
    module.walk_block(body, &mut |_, statement| {
        is_dropped |= matches!(statement, Statement::Expression(value) if value == call.id);
    });
    is_dropped || flags.is_some_and(|flags| call.site.last_segment(flags) == Some("PyCF_ONLY_AST"))
}

/// Whether a value is a syntax tree.
fn is_tree(site: Site<'_>, value: ValueId) -> bool {
    calls_behind(site, value, TREES).next().is_some()
}

/// The arguments of the calls of these callables that a value is, or that a variable is given.
fn calls_behind<'p>(
    site: Site<'p>,
    value: ValueId,
    callables: &'static [&str],
) -> impl Iterator<Item = Arguments<'p>> {
    let values: Vec<ValueId> = match site.value(value) {
        Value::Name(_, Some(binding)) => {
            site.module.definitions(binding).iter().filter_map(|one| one.value()).collect()
        }
        _ => vec![value],
    };
    values.into_iter().filter_map(move |value| match site.value(value) {
        Value::Call(callee, arguments) if site.is_any(callee, callables) => Some(arguments),
        _ => None,
    })
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

/// Silent in tests, on constant texts, on those of the operator or of a file that is read here, and in a sandbox, as far as
/// the environment is in sight.
fn unsandboxed_template(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let text = call.positional(0).or_else(|| call.keyword("source"))?;
    if site.is_test() || site.text(text).is_constant() || site.origin(text) == Origin::Operator {
        return None;
    }
    if call.name() == "from_string" {
        let environment = call.receiver()?;
        let made = made_by(site, environment);
        if made.iter().any(|name| name.contains("Sandbox"))
            || !call.is_known() && !made.iter().any(|name| name == "Environment")
        {
            return None;
        }
        // An environment that is handed in, or made elsewhere, may be a sandbox.
        if made.is_empty() {
            return None;
        }
    }
    let (own, value) = site.bound(text).unwrap_or((site, text));
    let reads =
        |inner| matches!(own.last_segment(inner), Some("read" | "read_text" | "get_data" | "read_file"));
    (!own.module.values_within(value).any(reads)).then(Hit::here)
}

/// The names of the classes or functions that an object is made by, in this file.
fn made_by(site: Site<'_>, object: ValueId) -> Vec<String> {
    let values: Vec<(Site<'_>, ValueId)> = match site.value(object) {
        Value::Call(..) => vec![(site, object)],
        Value::Name(_, Some(binding)) => {
            let definitions = site.module.definitions(binding);
            let bound = definitions.iter().filter_map(|definition| definition.value());
            let mut found: Vec<_> = bound.map(|value| (site, value)).collect();
            found.extend(site.bound(object));
            found
        }
        Value::Attribute(..) => {
            let values = site.project.attribute_values(site.file, object);
            let mut found: Vec<_> = values
                .into_iter()
                .filter_map(|(file, value)| Some((Site::new(site.project, file)?, value)))
                .collect();
            found.extend(site.bound(object));
            found
        }
        _ => Vec::new(),
    };
    let name = |(site, value): (Site<'_>, ValueId)| match site.value(value) {
        Value::Call(callee, _) => site.last_segment(callee).map(str::to_owned),
        _ => None,
    };
    values.into_iter().filter_map(name).collect()
}

/// Silent in tests, and with a function that checks what is received.
fn unverified_configuration(call: &Call<'_>) -> Option<Hit> {
    let verify = call.argument(1, "verify").filter(|value| !matches!(call.site.value(*value), Value::None));
    let open = verify.is_none() && !call.has_spread() && !call.has_rest();
    (open && !call.site.is_test()).then(Hit::here)
}
