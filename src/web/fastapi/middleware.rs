//! What stands before all routes: `@app.middleware("http")`, `app.add_middleware(Class)`, `middleware=[…]`.

use super::super::collect::{CallSite, Collector};
use super::super::model::{Evidence, Handler, Means, Place};
use super::super::reach::Reach;
use super::super::unroll::listed;
use super::super::{access, names};
use super::{key, kind};
use crate::facts::{Arguments, FunctionId, Statement, Value, ValueId, hash_text};
use crate::project::{Entity, FileId, Site, Type};

const WRAPPERS: &[&str] = &["starlette.middleware.Middleware", "fastapi.middleware.Middleware"];
const AUTHENTICATION: &[&str] = &["starlette.middleware.authentication.AuthenticationMiddleware"];

/// `app.add_middleware(Class, …)`.
pub(super) fn add(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if kind(site, receiver).is_none() {
        return;
    }
    let Some(key) = key(site, receiver) else { return };
    if let Some(evidence) = of_arguments(collector, site, call.arguments, call.id) {
        collector.found.guards.push((key, evidence));
    }
}

/// `@app.middleware("http")`.
pub(super) fn decorated(
    collector: &mut Collector<'_>,
    receiver: ValueId,
    arguments: Arguments<'_>,
    decorator: ValueId,
    handler: Handler,
) {
    let site = collector.site;
    let is_http = arguments
        .positional()
        .get(0)
        .is_some_and(|kind| matches!(site.value(kind), Value::Str(name) if site.module.text(name) == "http"));
    let (Some(function), Some(key), true) = (handler.function, key(site, receiver), is_http) else { return };
    let Some(owner) = Site::new(site.project, handler.file) else { return };
    let name = super::endpoint::function_name(owner, function);
    let found = evidence(collector, (handler.file, function), name, (site, decorator));
    collector.found.guards.extend(found.map(|evidence| (key, evidence)));
}

/// What the elements of `middleware=[Middleware(Class, …)]` say.
pub(super) fn all_of(collector: &mut Collector<'_>, site: Site<'_>, list: ValueId) -> Vec<Evidence> {
    let mut found = Vec::new();
    for (owner, item) in listed(site, list) {
        if let Value::Call(callee, arguments) = owner.value(item)
            && owner.is_any(callee, WRAPPERS)
        {
            found.extend(of_arguments(collector, owner, arguments, item));
        }
    }
    found
}

fn of_arguments(
    collector: &mut Collector<'_>,
    site: Site<'_>,
    arguments: Arguments<'_>,
    place: ValueId,
) -> Option<Evidence> {
    let given = site.argument(arguments, 0, "middleware_class").or_else(|| site.keyword(arguments, "cls"))?;
    let name = access::name_of(site, given);
    if site.is_any(given, AUTHENTICATION) {
        let backend = site.keyword(arguments, "backend")?;
        let method = method(site, site.type_of(backend)?, "authenticate")?;
        let name = access::name_of(site, backend);
        return (!lets_pass(site, method)).then(|| evidence(collector, method, name, (site, place)))?;
    }
    if let Some(dispatch) = site.keyword(arguments, "dispatch") {
        let function = access::callee_of(site, dispatch)?;
        let name = access::name_of(site, dispatch);
        return evidence(collector, function, name, (site, place));
    }
    let class = site.class_of(given)?;
    let method = method(site, class, "dispatch").or_else(|| method(site, class, "__call__"))?;
    evidence(collector, method, name, (site, place))
}

fn method(site: Site<'_>, class: Type, name: &str) -> Option<(FileId, FunctionId)> {
    match site.project.method(class, hash_text(name))? {
        Entity::Function(file, function) => Some((file, function)),
        _ => None,
    }
}

/// Whether a backend lets callers pass of whom it knows nothing: `return None`.
fn lets_pass(site: Site<'_>, (file, function): (FileId, FunctionId)) -> bool {
    let Some(owner) = Site::new(site.project, file) else { return true };
    let mut passes = false;
    owner.module.walk_block(owner.module.function_body(function), &mut |_, statement| {
        if let Statement::Return(value) = statement {
            passes = passes || value.is_none_or(|value| matches!(owner.value(value), Value::None));
        }
    });
    passes
}

/// A function that all requests go through protects what it reaches, if it refuses callers.
fn evidence(
    collector: &mut Collector<'_>,
    (file, function): (FileId, FunctionId),
    name: String,
    (site, place): (Site<'_>, ValueId),
) -> Option<Evidence> {
    let owner = Site::new(site.project, file)?;
    if names::is_other_check(&name) || !access::refuses(site.project, file, function, 3) {
        return None;
    }
    let place = Place { file: site.file, span: site.module.span(place) };
    collector.found.reaches.extend(Reach::of(owner, function).map(|reach| (place, reach)));
    Some(Evidence { means: Means::Application, name, place, opens: false })
}
