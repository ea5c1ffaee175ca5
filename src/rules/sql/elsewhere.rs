//! Statements away from where they are sent.

use rustc_hash::FxHashSet;

use super::grammar::{MARK, is_statement};
use super::{called_after, is_harmless, is_migration};
use crate::facts::{Anchor, BinaryOperator, DefinitionKind, Span, Statement, Value, ValueId, dict_items};
use crate::models::Kind;
use crate::rule::{Call, Hit, Site};

/// Methods that show a text to people.
const SHOWN: &[&str] = &[
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "critical",
    "log",
    "print",
    "warn",
    "write",
    "echo",
    "v",
    "vv",
    "vvv",
    "vvvv",
    "fail_json",
    "deprecated",
];

/// First words of statements that prose does not begin with, in the form that SQL has.
const VERBS: &[&str] = &[
    "select", "insert", "update", "delete", "replace", "merge", "with", "create", "alter", "drop", "grant",
    "revoke", "union",
];

/// Silent in tests and migrations, on constant text and prose, where every part is harmless, on what is shown to people, and on what
/// is sent in the same file, which `sql-injection` judges.
pub(super) fn built_elsewhere(site: Site<'_>) -> Vec<Hit> {
    if site.is_test() || is_migration(site) {
        return Vec::new();
    }
    let mut built: Vec<(Span, ValueId)> =
        site.module.values().filter(|id| is_built(site, *id)).map(|id| (site.module.span(id), id)).collect();
    built.sort_by_key(|(span, id)| (span.start, std::cmp::Reverse(span.end), *id));
    let mut end = 0;
    built.retain(|(span, _)| {
        let outer = span.start >= end;
        end = end.max(span.end);
        outer
    });
    built.retain(|(_, id)| holds_statement(site, *id));
    if built.is_empty() {
        return Vec::new();
    }
    let sent = sent(site);
    let hits = built.into_iter().filter(|(span, _)| !sent.covers(site, *span));
    hits.map(|(span, id)| Hit::at(span).anchor(Anchor::Value(id))).collect()
}

/// Whether an expression puts a text together.
fn is_built(site: Site<'_>, id: ValueId) -> bool {
    match site.value(id) {
        Value::Format(_) | Value::Binary(BinaryOperator::Add | BinaryOperator::Modulo, ..) => true,
        Value::Call(callee, _) => {
            matches!(site.value(callee), Value::Attribute(..))
                && matches!(site.last_segment(callee), Some("format" | "replace" | "join" | "format_map"))
        }
        _ => false,
    }
}

/// Whether it makes a statement with a part that may bring SQL of its own.
fn holds_statement(site: Site<'_>, id: ValueId) -> bool {
    let parts = site.text(id);
    let text = parts.marked(MARK).0;
    let verb = text.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    // "Select one from the list" begins like a sentence; SQL is written in one case.
    let one_case = verb.chars().all(char::is_uppercase) || verb.chars().all(char::is_lowercase);
    if parts.is_constant()
        || !one_case
        || !VERBS.contains(&&*verb.to_ascii_lowercase())
        || !is_statement(&text)
    {
        return false;
    }
    let quoting = ["escape", "sanitize", "ident", "quote", "replace"];
    parts.values().any(|(file, value)| {
        Site::new(site.project, file)
            .is_some_and(|site| !is_harmless(site, value) && !called_after(site, value, &quoting))
    })
}

/// Where the file hands texts to a database or to people.
struct Sent {
    arguments: Vec<Span>,
    variables: FxHashSet<u32>,
}

impl Sent {
    /// Whether a text is an argument, or put into a variable that is one.
    fn covers(&self, site: Site<'_>, span: Span) -> bool {
        if self.arguments.iter().any(|argument| argument.covers(span)) {
            return true;
        }
        let target = site.statement_at(span.start).and_then(|id| match site.module.statement(id) {
            Statement::Assign(target, _) | Statement::Augmented(target, ..) => Some(target),
            _ => None,
        });
        match target.map(|target| site.value(target)) {
            Some(Value::Name(_, Some(binding))) => self.variables.contains(&binding.0),
            _ => false,
        }
    }
}

fn sent(site: Site<'_>) -> Sent {
    let sinks = site.project.models().sinks().iter().filter(|sink| sink.kind == Kind::Sql);
    let names: FxHashSet<&str> = sinks.filter_map(|sink| sink.path.rsplit('.').next()).collect();
    let mut sent = Sent { arguments: Vec::new(), variables: FxHashSet::default() };
    for id in site.module.calls() {
        let Value::Call(callee, arguments) = site.value(id) else { continue };
        let Some(name) = site.last_segment(callee) else { continue };
        let takes_sql = names.contains(name);
        let shown = SHOWN.contains(&name) || name.ends_with("Error") || name.ends_with("Exception");
        if !takes_sql && !shown {
            continue;
        }
        let keywords = arguments.keywords().map(|(_, value)| value);
        for value in arguments.positional().iter().chain(keywords) {
            sent.arguments.push(site.module.span(value));
            for inner in site.module.values_within(value).filter(|_| takes_sql) {
                if let Value::Name(_, Some(binding)) = site.value(inner)
                    && site.module.definitions(binding).iter().any(|one| one.kind == DefinitionKind::Assigned)
                {
                    sent.variables.insert(binding.0);
                }
            }
        }
    }
    sent
}

/// `extra` and `RawSQL`. Silent in tests, on text that is written out in the call, and on text that is not constant,
/// which `sql-injection` judges.
pub(super) fn raw_sql_apart(call: &Call<'_>) -> Option<Hit> {
    let django = call.site.imports("django");
    let known = call.path.starts_with("django.");
    if !matches!(call.name(), "extra" | "RawSQL") || !(django || known) || call.site.is_test() {
        return None;
    }
    let subjects = call.subjects();
    let apart = subjects.iter().any(|text| !is_written_out(call.site, *text));
    let constant = subjects.iter().all(|text| call.site.text(*text).is_constant());
    (apart && constant).then(Hit::here)
}

/// Whether a text, or every text of a list or table, is a literal.
fn is_written_out(site: Site<'_>, value: ValueId) -> bool {
    match site.value(value) {
        Value::Str(_) | Value::None => true,
        Value::List(items) | Value::Tuple(items) => items.iter().all(|item| is_written_out(site, item)),
        Value::Dict(items) => dict_items(items).all(|(_, value)| is_written_out(site, value)),
        Value::Call(callee, arguments) if site.is_any(callee, &["builtins.dict"]) => {
            arguments.positional().is_empty()
                && arguments.keywords().all(|(_, value)| is_written_out(site, value))
        }
        _ => false,
    }
}
