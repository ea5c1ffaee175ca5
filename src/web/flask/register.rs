//! Views that are registered for a path: functions, and classes with a method for each request method.

use super::super::collect::{Collector, Declared};
use super::super::model::{Evidence, Framework, GroupKey, Handler, Means, Methods, Place, RoutePath};
use super::super::{access, inputs, views};
use super::METHODS;
use crate::facts::{Value, dict_items};
use crate::project::{Site, Type};

/// A view that is registered for a path.
pub(super) struct Registered {
    pub group: Option<GroupKey>,
    pub path: RoutePath,
    /// Where they are given.
    pub methods: Option<Methods>,
    pub handler: Handler,
    pub place: Place,
    pub evidence: Vec<Evidence>,
}

/// Declares a route; a class has one for each of its methods.
pub(super) fn register(collector: &mut Collector<'_>, registered: Registered) {
    let Registered { group, path, methods, handler, place, evidence } = registered;
    let site = collector.site;
    let mut declare = |methods: Methods, handler: Handler, evidence: Vec<Evidence>| {
        let inputs = inputs::named(site, handler, &inputs::angle_parts(&path.text, false));
        collector.found.routes.push(Declared {
            framework: Framework::Flask,
            group,
            methods,
            path: path.clone(),
            handler,
            place,
            inputs,
            evidence,
        });
    };
    let (Some(class), None) = (handler.class, handler.function) else {
        return declare(methods.unwrap_or(Methods::GET), handler, evidence);
    };
    let class = Type::Class(handler.file, class);
    let mut outer = views::listed_evidence(site, class, &["decorators", "method_decorators"]);
    outer.extend(evidence);
    let dispatch = views::method(site, class, "dispatch_request");
    let found = views::methods(site, class, &METHODS);
    if found.is_empty() {
        let given = methods.or_else(|| class_methods(site, class)).unwrap_or(Methods::GET);
        return declare(given, dispatch.unwrap_or(handler), outer);
    }
    let before = dispatch.map(|dispatch| dispatched(site, dispatch)).unwrap_or_default();
    for (method, handler) in found {
        // The methods that are given with the path hold those of the class back.
        if methods.is_some_and(|given| given.common(method).is_empty()) {
            continue;
        }
        let own = views::decorators_of(site, handler);
        let by_method = by_method(site, class, method);
        declare(method, handler, [own, before.clone(), by_method, outer.clone()].concat());
    }
}

/// What a view class does before any of its methods.
fn dispatched(site: Site<'_>, handler: Handler) -> Vec<Evidence> {
    let decorators = views::decorators_of(site, handler);
    let check =
        handler.function.and_then(|function| access::check(Site::new(site.project, handler.file)?, function));
    [decorators, check.into_iter().collect()].concat()
}

/// `methods = ["GET", "POST"]` of a view class.
fn class_methods(site: Site<'_>, class: Type) -> Option<Methods> {
    let (owner, value) = views::attribute(site, class, "methods")?;
    super::super::collect::methods(owner, value)
}

/// `method_decorators = {"get": […]}`.
fn by_method(site: Site<'_>, class: Type, method: Methods) -> Vec<Evidence> {
    let Some((owner, value)) = views::attribute(site, class, "method_decorators") else {
        return Vec::new();
    };
    let Value::Dict(items) = owner.value(value) else { return Vec::new() };
    let is_method = |key| {
        let name = owner.constant(key);
        name.is_some_and(|name| name.as_str().is_some_and(|name| Methods::of(name) == method))
    };
    dict_items(items)
        .filter(|(key, _)| key.is_some_and(is_method))
        .flat_map(|(_, value)| owner.elements(value).unwrap_or_default())
        .filter_map(|value| access::of(owner, value, Means::Attribute))
        .collect()
}
