//! What a client sent as it came: a dictionary whose keys the client chose.

use crate::facts::{DefinitionKind, Statement, Value, ValueId};
use crate::rule::{Site, has_word};

/// The most steps taken for one value.
const DEEPEST: u32 = 8;

/// Attributes of a request that hold what a form or body names.
const HELD: &[&str] =
    &["json", "form", "data", "POST", "GET", "args", "values", "query_params", "DATA", "body", "params"];
/// Methods of a request, or of what it holds, that give the same.
const GIVEN: &[&str] =
    &["get_json", "json", "to_dict", "dict", "copy", "form", "post", "items", "get_data", "decode"];
/// Words of functions that look at what they are given, or keep only some of it.
const CHECKS: &[&str] = &[
    "validate",
    "validated",
    "valid",
    "clean",
    "sanitize",
    "filter",
    "load",
    "pick",
    "allowed",
    "permit",
    "check",
    "schema",
];

/// Whether an expression is what a client sent, as it came.
pub(super) fn is_raw(site: Site<'_>, value: ValueId) -> bool {
    within(site, value, DEEPEST)
}

fn within(site: Site<'_>, value: ValueId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match site.value(value) {
        Value::Await(inner) | Value::Assigned(_, inner) => within(site, inner, depth),
        Value::Boolean(false, items) => items.get(0).is_some_and(|first| within(site, first, depth)),
        Value::Attribute(object, name) => {
            HELD.contains(&site.module.text(name)) && is_request(site, object) && !is_replaced(site, value)
        }
        Value::Call(callee, arguments) => match site.value(callee) {
            Value::Attribute(object, name) if GIVEN.contains(&site.module.text(name)) => {
                is_request(site, object) || within(site, object, depth)
            }
            _ if matches!(site.last_segment(callee), Some("dict" | "loads")) => {
                let positional = arguments.positional();
                positional.len() == 1 && positional.get(0).is_some_and(|one| within(site, one, depth))
            }
            _ => false,
        },
        Value::Name(_, Some(binding)) => match site.module.definitions(binding) {
            [only] if only.kind == DefinitionKind::Assigned => {
                within(site, ValueId(only.id), depth) && !is_checked(site, value)
            }
            [only] if only.kind == DefinitionKind::Parameter => {
                is_body(site, value, only.id) && !is_checked(site, value)
            }
            _ => false,
        },
        _ => false,
    }
}

/// `request.GET = {…}`
fn is_replaced(site: Site<'_>, held: ValueId) -> bool {
    let function = site.function_of(held);
    site.module.statements().any(|id| match site.module.statement(id) {
        Statement::Assign(target, _) => site.function_of(target) == function && site.is_same(target, held),
        _ => false,
    })
}

/// `request`, `self.request`.
fn is_request(site: Site<'_>, object: ValueId) -> bool {
    matches!(site.last_segment(object), Some("request" | "req"))
}

/// `payload: dict` of a handler: the body of the request, without a model of it.
fn is_body(site: Site<'_>, value: ValueId, parameter: u32) -> bool {
    let annotation = site.module.parameter(parameter).and_then(|parameter| parameter.annotation);
    let Some(annotation) = annotation else { return false };
    let class = match site.value(annotation) {
        Value::Item(object, _) => object,
        _ => annotation,
    };
    let is_dictionary = matches!(site.last_segment(class), Some("dict" | "Dict" | "Mapping" | "Any"));
    let is_fastapi = site.imports("fastapi") || site.imports("starlette");
    let is_optional = site.module.parameter(parameter).is_some_and(|one| one.default.is_some());
    is_dictionary
        && is_fastapi
        && site.is_in_handler(value)
        && !(is_optional && site.last_segment(class) == Some("Any"))
}

/// Whether the function hands a variable to what looks at it.
fn is_checked(site: Site<'_>, variable: ValueId) -> bool {
    let function = site.function_of(variable);
    let Some(span) = function.and_then(|id| site.module.function(id)).map(|one| one.span) else {
        return false;
    };
    let is_same = |value: ValueId| site.is_same(value, variable);
    site.module.calls().filter(|call| span.covers(site.module.span(*call))).any(|call| {
        let Value::Call(callee, arguments) = site.value(call) else { return false };
        let names = site.last_segment(callee).unwrap_or_default();
        let checks = has_word(names, CHECKS);
        let mut given = arguments.positional().iter().chain(arguments.keywords().map(|(_, value)| value));
        checks && names != "loads" && given.any(is_same)
    })
}
