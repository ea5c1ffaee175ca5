//! Whether what stands before a handler asks more than who is calling: for a role, for rights, for the object.

use super::names::{asks_more, is_role, is_who};
use crate::facts::{ClassId, FunctionId, Span, Statement, Value, ValueId, hash_text};
use crate::project::{Entity, FileId, Type, has_word};
use crate::rule::{Endpoint, Site};
use crate::web::{Evidence, depended_on};

/// How many calls deep is looked.
const DEEPEST: u32 = 3;
/// Classes of Django REST framework that ask for no more than a login.
const PLAIN: &[&str] = &["IsAuthenticated", "IsAuthenticatedOrReadOnly", "AllowAny"];

/// Names of modules, and of lists whose elements count.
const MODULES: &[&str] = &["permissions", "permission_classes", "rest_framework"];

/// Whether a path is meant for those who run the application, or for other programs.
pub(super) fn is_for_few(path: &str) -> bool {
    const FEW: &[&str] = &[
        "admin",
        "staff",
        "internal",
        "backoffice",
        "superadmin",
        "superuser",
        "callback",
        "oauth",
        "webhook",
        "webhooks",
    ];
    has_word(path, FEW)
}

/// Whether something that stands before the handler of a route asks more than who is calling.
pub(super) fn demands_more(endpoint: &Endpoint<'_>) -> bool {
    let guards = endpoint.route.evidence.iter().filter(|one| !one.opens);
    let site = endpoint.handler_site();
    let depended = || {
        let Some((site, function)) = site.zip(endpoint.function()) else { return false };
        let all = depended_on(endpoint.project, site, function);
        all.into_iter().any(|(_, owner, inner)| function_demands(owner, inner, DEEPEST))
    };
    guards.into_iter().any(|guard| guard_demands(endpoint, guard)) || depended()
}

fn guard_demands(endpoint: &Endpoint<'_>, guard: &Evidence) -> bool {
    if asks_more(&guard.name) {
        return true;
    }
    let Some(site) = Site::new(endpoint.project, guard.place.file) else { return false };
    let whole = guard.place.span;
    let within = site.module.values().filter(|value| whole.covers(site.module.span(*value)));
    let named = site.module.functions().iter().position(|facts| facts.name_span == whole);
    let own = named.map(|index| FunctionId(index as u32));
    own.is_some_and(|function| function_demands(site, function, DEEPEST))
        || within.into_iter().any(|value| value_demands(site, value))
}

/// Whether an expression before a handler asks for rights: by its name, what it is given, or its code.
pub(super) fn value_demands(site: Site<'_>, value: ValueId) -> bool {
    match site.value(value) {
        Value::Str(text) => {
            let text = site.module.text(text);
            let is_right =
                text.contains(':') || text.contains('.') && !text.contains(' ') && !text.contains('/');
            (is_right || asks_more(text)) && text.len() < 60
        }
        Value::Call(_, arguments) => arguments.keywords().any(|(name, _)| {
            let name = site.module.text(name);
            matches!(name, "scopes" | "roles" | "role" | "permissions" | "permission" | "groups")
        }),
        Value::Name(name, _) | Value::Attribute(_, name) => {
            let name = site.module.text(name);
            if PLAIN.contains(&name) || MODULES.contains(&name) {
                return false;
            }
            asks_more(name) || entity_demands(site, value)
        }
        _ => false,
    }
}

fn entity_demands(site: Site<'_>, value: ValueId) -> bool {
    match site.resolve(value).map(|found| found.entity) {
        Some(Entity::Function(file, function)) => {
            Site::new(site.project, file).is_some_and(|owner| function_demands(owner, function, DEEPEST))
        }
        Some(Entity::Class(file, class)) => class_demands(site, file, class),
        _ => false,
    }
}

/// Whether a permission class, or a class that is called before a handler, asks more than who is calling.
fn class_demands(site: Site<'_>, file: FileId, class: ClassId) -> bool {
    let class = Type::Class(file, class);
    let method = |name: &str| match site.project.method(class, hash_text(name)) {
        Some(Entity::Function(file, function)) => {
            Site::new(site.project, file).map(|owner| (owner, function))
        }
        _ => None,
    };
    method("has_object_permission").is_some()
        || ["has_permission", "__call__", "test_func", "dispatch", "filter_queryset"]
            .into_iter()
            .filter_map(method)
            .any(|(owner, function)| function_demands(owner, function, DEEPEST))
}

/// Whether a function decides by what the caller is, or by what the path names.
pub(super) fn function_demands(site: Site<'_>, function: FunctionId, depth: u32) -> bool {
    let mut found = false;
    let mut called = Vec::new();
    site.module.walk_function(function, &mut |_, statement| {
        found = found || decides_by_role(site, statement) || reads_object(site, statement);
        let roots = site.module.roots(statement).into_iter();
        for value in roots.flat_map(|root| site.module.values_within(root)) {
            if let Value::Call(callee, _) = site.value(value) {
                called.push(callee);
            }
        }
    });
    if found {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let own = called.into_iter().filter_map(|callee| super::gather::callee(site, callee));
    own.take(16).any(|(owner, inner)| {
        (owner.file, inner) != (site.file, function) && function_demands(owner, inner, depth)
    })
}

/// `if not user.is_staff`, `return request.user.has_perm(…)`.
fn decides_by_role(site: Site<'_>, statement: Statement<'_>) -> bool {
    let tests: Vec<ValueId> = match statement {
        Statement::If(branches) => branches.iter().filter_map(|(test, _)| test).collect(),
        Statement::Assert(test, _) => vec![test],
        Statement::Return(Some(value)) if !matches!(site.value(value), Value::Dict(_) | Value::Name(..)) => {
            vec![value]
        }
        _ => Vec::new(),
    };
    tests.into_iter().flat_map(|test| site.module.values_within(test)).any(|value| match site.value(value) {
        Value::Name(name, _) | Value::Attribute(_, name) => is_role(site.module.text(name)),
        _ => false,
    })
}

/// `kwargs["order_id"]`, `request.view_args`: whether a check looks at what the request is about.
fn reads_object(site: Site<'_>, statement: Statement<'_>) -> bool {
    let roots = site.module.roots(statement).into_iter();
    roots.flat_map(|root| site.module.values_within(root)).any(|value| match site.value(value) {
        Value::Attribute(_, name) => {
            matches!(site.module.text(name), "view_args" | "path_params" | "match_info" | "resolver_match")
        }
        Value::Item(object, key) => site.last_segment(object) == Some("kwargs") && is_id_key(site, key),
        Value::Call(callee, arguments) => {
            let Value::Attribute(object, name) = site.value(callee) else { return false };
            site.last_segment(object) == Some("kwargs")
                && matches!(site.module.text(name), "get" | "pop")
                && arguments.positional().get(0).is_some_and(|key| is_id_key(site, key))
        }
        _ => false,
    })
}

fn is_id_key(site: Site<'_>, key: ValueId) -> bool {
    match site.value(key) {
        Value::Str(text) => !is_who(site.module.text(text)) || site.module.text(text).ends_with("_id"),
        _ => true,
    }
}

/// The parts of a file within a span that ask for rights.
pub(super) fn any_demands(site: Site<'_>, span: Span) -> bool {
    site.module
        .values()
        .filter(|value| span.covers(site.module.span(*value)))
        .any(|value| value_demands(site, value))
}
