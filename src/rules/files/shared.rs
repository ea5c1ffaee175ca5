//! The shared folder for temporary files as the place where a program keeps its own.

use crate::facts::{BinaryOperator, DefinitionKind, Span, Statement, Value, ValueId};
use crate::finding::Confidence;
use crate::rule::{Call, Hit, Site, words};

/// Silent in tests, where a part of the path cannot be guessed, where the folder is only compared or handed on to
/// `tempfile`, and on a folder to work in. Only where it is kept: in a field, a constant, as the default of a parameter, or
/// returned.
pub(super) fn shared_folder(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() {
        return None;
    }
    let statement = site.statement_at(call.span().start)?;
    let (kept, value) = match site.module.statement(statement) {
        Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) => {
            (is_kept(site, target, statement_span(site, statement))?, value)
        }
        Statement::Return(Some(value)) => (Kept::Returned, value),
        _ => return None,
    };
    let path = whole_path(site, value, call.id)?;
    if kept == Kept::Returned && path == call.id {
        return None;
    }
    let hit = Hit::here();
    Some(if kept == Kept::Returned { hit.confidence(Confidence::Low) } else { hit })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Default,
    Field,
    Returned,
}

fn statement_span(site: Site<'_>, id: crate::facts::StatementId) -> Span {
    site.module.statement_span(id)
}

/// How a target keeps what it is given, if it does.
fn is_kept(site: Site<'_>, target: ValueId, place: Span) -> Option<Kept> {
    let name = site.last_segment(target)?;
    let for_work = ["cwd", "chdir", "work", "working", "wd", "parent", "root"];
    if words(name).iter().any(|word| for_work.contains(&word.as_str())) {
        return None;
    }
    match site.value(target) {
        Value::Attribute(..) => Some(Kept::Field),
        Value::Name(_, Some(binding)) => {
            let definitions = site.module.definitions(binding);
            let is_parameter =
                definitions.iter().any(|definition| definition.kind == DefinitionKind::Parameter);
            let is_outside = site.module.function_at(place.start).is_none();
            (is_parameter || is_outside).then_some(Kept::Default)
        }
        _ => None,
    }
}

/// The path that a call of `gettempdir` is a part of: all of `value`, or one of its alternatives, put together with
/// constants and nothing else.
fn whole_path(site: Site<'_>, value: ValueId, call: ValueId) -> Option<ValueId> {
    if value == call {
        return Some(value);
    }
    let has = |part: ValueId| site.module.span(part).covers(site.module.span(call));
    let is_constant = |part: ValueId| site.constant(part).is_some();
    let of_parts = |parts: Vec<ValueId>| {
        let own = parts.iter().copied().find(|part| has(*part))?;
        let rest = parts.iter().all(|part| *part == own || is_constant(*part));
        (rest && whole_path(site, own, call).is_some()).then_some(value)
    };
    match site.value(value) {
        Value::Boolean(_, items) => whole_path(site, items.iter().find(|item| has(*item))?, call),
        Value::Conditional(_, then, otherwise) => {
            whole_path(site, if has(then) { then } else { otherwise }, call)
        }
        Value::Binary(BinaryOperator::Divide | BinaryOperator::Add, left, right) => {
            of_parts(vec![left, right])
        }
        Value::Format(items) => of_parts(items.iter().collect()),
        Value::Call(callee, arguments) => {
            let name = site.last_segment(callee)?;
            if !matches!(name, "join" | "Path" | "str" | "joinpath" | "realpath" | "abspath" | "PosixPath") {
                return None;
            }
            let mut parts: Vec<ValueId> = arguments.positional().iter().collect();
            if let (Value::Attribute(object, _), "joinpath") = (site.value(callee), name) {
                parts.push(object);
            }
            of_parts(parts)
        }
        _ => None,
    }
}
