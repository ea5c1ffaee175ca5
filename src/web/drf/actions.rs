//! Actions that a set of views has besides those that every router knows: `@action(detail=True, methods=["post"])`.

use super::super::classes::{Lineage, methods_of};
use super::super::collect::{methods, path};
use super::super::model::{Methods, RoutePath};
use super::permissions::Given;
use crate::facts::{Arguments, FunctionId, Value, ValueId};
use crate::project::Site;

const ACTION: &[&str] = &["rest_framework.decorators.action"];
const LIST_ROUTE: &[&str] = &["rest_framework.decorators.list_route"];
const DETAIL_ROUTE: &[&str] = &["rest_framework.decorators.detail_route"];
const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// An action.
#[derive(Clone, Debug)]
pub(super) struct Action<'p> {
    /// Which method of the class answers which request method.
    pub bound: Vec<(Methods, String)>,
    pub path: RoutePath,
    pub is_detail: bool,
    pub permissions: Option<Given<'p>>,
}

/// The actions of a set of views, those of its bases included.
pub(super) fn actions<'p>(lineage: &Lineage<'p>) -> Vec<Action<'p>> {
    let mut seen: Vec<&str> = Vec::new();
    let mut found: Vec<(String, Action<'p>)> = Vec::new();
    let mut more: Vec<(String, Methods, String)> = Vec::new();
    for (site, class) in lineage.own() {
        for (function, name) in methods_of(site, class) {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
            if let Some(action) = action(site, function, name) {
                found.push((name.to_owned(), action));
            }
            more.extend(mapped(site, function).map(|(of, method)| (of.to_owned(), method, name.to_owned())));
        }
    }
    for (of, method, name) in more {
        if let Some((_, action)) = found.iter_mut().find(|(known, _)| *known == of) {
            action.bound.push((method, name));
        }
    }
    found.into_iter().map(|(_, action)| action).collect()
}

fn action<'p>(site: Site<'p>, function: FunctionId, name: &str) -> Option<Action<'p>> {
    site.module.decorators(function).iter().find_map(|decorator| {
        let Value::Call(callee, arguments) = site.value(decorator) else { return None };
        let is_detail = if site.is_any(callee, LIST_ROUTE) {
            false
        } else if site.is_any(callee, DETAIL_ROUTE) {
            true
        } else if site.is_any(callee, ACTION) {
            let detail = site.argument(arguments, 1, "detail");
            detail.and_then(|value| site.constant(value)).is_some_and(|value| value.is_true())
        } else {
            return None;
        };
        Some(read(site, arguments, name, is_detail))
    })
}

fn read<'p>(site: Site<'p>, arguments: Arguments<'p>, name: &str, is_detail: bool) -> Action<'p> {
    let given = site.argument(arguments, 0, "methods").and_then(|value| methods(site, value));
    let bound = given.unwrap_or(Methods::GET).names().map(|method| (Methods::of(method), name.to_owned()));
    let url_path = site.keyword(arguments, "url_path").map(|value| path(site, value));
    let url_path = url_path.filter(|path| !path.text.is_empty());
    let permissions = site.keyword(arguments, "permission_classes");
    Action {
        bound: bound.collect(),
        path: url_path.unwrap_or_else(|| RoutePath::exact(name)),
        is_detail,
        permissions: permissions.map(|value| Given { site, values: vec![value] }),
    }
}

/// `@publish.mapping.delete`: of which action, for which method.
fn mapped(site: Site<'_>, function: FunctionId) -> impl Iterator<Item = (&str, Methods)> {
    let decorators = site.module.decorators(function).iter();
    decorators.filter_map(move |decorator: ValueId| {
        let Value::Attribute(mapping, method) = site.value(decorator) else { return None };
        let Value::Attribute(action, name) = site.value(mapping) else { return None };
        let method = site.module.text(method);
        (site.module.text(name) == "mapping" && METHODS.contains(&method))
            .then_some((site.last_segment(action)?, Methods::of(method)))
    })
}
