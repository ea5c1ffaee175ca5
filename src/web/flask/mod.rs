//! Flask, Quart: applications, blueprints, views as functions and classes, resources of REST extensions.

mod exposed;
mod register;
mod rest;

use super::collect::{Applied, CallSite, Collector, Group, Mount, around, handler_of, wrappers};
use super::model::{Evidence, Framework, GroupKey, Means, Methods, Place, RoutePath};
use super::reach::Reach;
use super::unroll::{Turn, listed, turns};
use super::{access, group, hooks, views};
use crate::facts::{FunctionId, Value, ValueId};
use crate::project::{FileId, Site};
use register::{Registered, register};

const APPS: &[&str] =
    &["flask.Flask", "quart.Quart", "flask_openapi3.OpenAPI", "apiflask.APIFlask", "connexion.FlaskApp"];
const BLUEPRINTS: &[&str] =
    &["flask.Blueprint", "quart.Blueprint", "flask_smorest.Blueprint", "apiflask.APIBlueprint"];
const APIS: &[&str] = &["flask_restful.Api", "flask_restx.Api", "flask_restplus.Api", "flask_smorest.Api"];
const NAMESPACES: &[&str] =
    &["flask_restx.Namespace", "flask_restx.namespace.Namespace", "flask_restplus.Namespace"];
/// What routes are declared on.
pub(super) const MADE: &[&[&str]] = &[APPS, BLUEPRINTS, APIS, NAMESPACES, exposed::ADMINS, exposed::BUILDERS];
/// Functions that run before handlers; the last two are given the parts of the path.
const HOOKS: &[&str] =
    &["before_request", "before_app_request", "url_value_preprocessor", "app_url_value_preprocessor"];
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Finds what a file has of Flask.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    for &call in collector.calls().iter() {
        if let Some(made) = made(site, &call) {
            collector.found.groups.push(made);
            rest::of_app(collector, &call);
            continue;
        }
        if exposed::made(collector, &call) {
            continue;
        }
        let Some(receiver) = call.receiver else { continue };
        match call.name {
            "register_blueprint" => mount(collector, &call, receiver, "blueprint", "url_prefix"),
            "add_namespace" => mount(collector, &call, receiver, "ns", "path"),
            "init_app" => rest::init_app(collector, &call, receiver),
            "add_url_rule" => add_url_rule(collector, &call, receiver),
            "add_resource" => rest::add_resource(collector, &call, receiver),
            name if HOOKS.contains(&name) => guard_call(collector, &call, receiver),
            "add_view" | "add_view_no_menu" | "add_api" | "add_views" => exposed::add_view(collector, &call),
            _ => {}
        }
    }
    called_with_view(collector);
    for (function, decorator) in collector.decorated() {
        decorated(collector, function, decorator);
    }
    for class in collector.classes() {
        rest::resource(collector, class);
    }
}

/// What kind of group an expression is, as far as routes are declared on it.
fn is_group(site: Site<'_>, value: ValueId) -> bool {
    [APPS, BLUEPRINTS, APIS, NAMESPACES].iter().any(|classes| site.is_instance(value, classes))
}

/// An application, blueprint, API or namespace that a call makes.
fn made(site: Site<'_>, call: &CallSite<'_>) -> Option<Group> {
    let is_namespace = rest::is_namespace_of(site, call);
    if !is_namespace && !call.name.starts_with(char::is_uppercase) {
        return None;
    }
    let kinds = [APPS, BLUEPRINTS, APIS, NAMESPACES];
    let class = call.class;
    let kind = kinds
        .iter()
        .position(|kind| class.is_some_and(|class| views::inherits(site, class, kind)))
        .or_else(|| is_namespace.then_some(3))?;
    let text = |value: ValueId| super::collect::path(site, value);
    let is_given = |value: &ValueId| !matches!(site.value(*value), Value::None);
    let keyword = |name| site.keyword(call.arguments, name).filter(is_given).map(text);
    let prefix = match kind {
        1 => keyword("url_prefix"),
        2 => keyword("prefix").or_else(|| {
            let is_second = site.is_any(call.callee, &["flask_restful.Api"]);
            site.positional(call.arguments, 1).filter(|_| is_second).filter(is_given).map(text)
        }),
        3 => keyword("path").filter(|path| !path.text.is_empty()).or_else(|| {
            // A namespace without a path stands below its name.
            let name = text(site.argument(call.arguments, 0, "name")?);
            Some(RoutePath { text: format!("/{}", name.text), ..name })
        }),
        _ => None,
    };
    let decorators = site.keyword(call.arguments, "decorators");
    let decorators = decorators.map(|value| listed(site, value)).unwrap_or_default().into_iter();
    Some(Group {
        key: GroupKey::Made(site.file, call.id),
        framework: Framework::Flask,
        is_app: kind == 0,
        prefix: prefix.unwrap_or_else(|| RoutePath::exact("")),
        evidence: decorators.filter_map(|(owner, value)| access::of(owner, value, Means::Router)).collect(),
    })
}

/// `app.register_blueprint(bp, url_prefix=…)`, in each turn of the loops around it.
fn mount(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId, child: &str, prefix: &str) {
    let site = collector.site;
    if !is_group(site, receiver) && !names_app(site, receiver) {
        return;
    }
    let Some(child) = site.argument(call.arguments, 0, child) else { return };
    let given = site
        .keyword(call.arguments, prefix)
        .or_else(|| (prefix == "path").then(|| site.positional(call.arguments, 1)).flatten());
    for turn in turns(site, call.id) {
        let (Some(parent), Some(child)) = (turn.group(site, receiver), turn.group(site, child)) else {
            continue;
        };
        let given = given.map(|value| turn.value(site, value));
        let given = given.filter(|(owner, value)| !matches!(owner.value(*value), Value::None));
        let prefix = given.map(|(owner, value)| super::collect::path(owner, value));
        let evidence = Vec::new();
        collector.found.mounts.push(Mount { parent, child, prefix, keeps_own: false, evidence });
    }
}

/// Whether a name is what people call an application whose making is not in sight.
fn names_app(site: Site<'_>, value: ValueId) -> bool {
    site.type_of(value).is_none()
        && site
            .last_segment(value)
            .is_some_and(|name| matches!(name, "app" | "application" | "flask_app" | "server"))
}

fn add_url_rule(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if !is_group(site, receiver) && !names_app(site, receiver) {
        return;
    }
    for turn in turns(site, call.id) {
        add_in_turn(collector, call, receiver, &turn);
    }
}

fn add_in_turn(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId, turn: &Turn<'_>) {
    let site = collector.site;
    let (Some(rule), Some(view)) =
        (site.argument(call.arguments, 0, "rule"), site.argument(call.arguments, 2, "view_func"))
    else {
        return;
    };
    let ((owner, view), (rule_owner, rule)) = (turn.value(site, view), turn.value(site, rule));
    let handler = handler_of(owner, view);
    let given = site.keyword(call.arguments, "methods").map(|value| turn.value(site, value));
    let registered = Registered {
        group: turn.group(site, receiver),
        path: super::collect::path(rule_owner, rule),
        methods: given.and_then(|(owner, value)| super::collect::methods(owner, value)),
        handler,
        place: collector.place(call.id),
        evidence: around(owner, view, handler),
    };
    register(collector, registered);
}

/// `app.route("/path")(view)`.
fn called_with_view(collector: &mut Collector<'_>) {
    let site = collector.site;
    for &Applied { id, decorator, view } in collector.applied().iter() {
        let Some(call) = super::collect::call(site, decorator) else { continue };
        let is_method = METHODS.contains(&call.name);
        let receiver = call.receiver.filter(|_| is_method || call.name == "route");
        let Some(receiver) = receiver else { continue };
        let Some(rule) = site.argument(call.arguments, 0, "rule").filter(|_| is_group(site, receiver)) else {
            continue;
        };
        let given = site.keyword(call.arguments, "methods").and_then(|value| collector.methods(value));
        let handler = handler_of(site, view);
        let registered = Registered {
            group: group::of(site, receiver),
            path: collector.path(rule),
            methods: given.or_else(|| is_method.then(|| Methods::of(call.name))),
            handler,
            place: collector.place(id),
            evidence: around(site, view, handler),
        };
        register(collector, registered);
    }
}

/// `@app.route(…)`, `@bp.get(…)`, `@bp.before_request`.
fn decorated(collector: &mut Collector<'_>, function: FunctionId, decorator: ValueId) {
    let site = collector.site;
    let (callee, arguments) = site.applied(decorator);
    let Value::Attribute(receiver, name) = site.value(callee) else { return };
    let name = site.module.text(name);
    let is_hook = HOOKS.contains(&name);
    let is_method = METHODS.contains(&name);
    if !is_hook && !is_method && name != "route" {
        return;
    }
    let is_named = || names_app(site, receiver) && is_named_route(site, is_hook, name);
    if !is_group(site, receiver) && !is_named() {
        return;
    }
    let place = collector.place(decorator);
    if is_hook {
        return guard(collector, receiver, name, (site.file, function), place);
    }
    let Some(rule) = arguments.and_then(|arguments| site.argument(arguments, 0, "rule")) else { return };
    let methods = match name {
        "route" => arguments
            .and_then(|arguments| site.keyword(arguments, "methods"))
            .and_then(|value| collector.methods(value)),
        method => Some(Methods::of(method)),
    };
    let registered = Registered {
        group: group::of(site, receiver),
        path: collector.path(rule),
        methods,
        handler: collector.handler(function),
        place,
        evidence: collector.decorators_below(function, decorator),
    };
    register(collector, registered);
}

/// Whether what hangs on something called `app` can be a route of Flask: other frameworks have applications too.
fn is_named_route(site: Site<'_>, is_hook: bool, name: &str) -> bool {
    let others = ["sanic", "bottle", "fastapi", "starlette"];
    (is_hook || name == "route") && !others.iter().any(|other| site.imports(other))
}

/// `app.before_request(function)`.
fn guard_call(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Some(hook) = call.arguments.positional().get(0).filter(|_| is_group(site, receiver)) else { return };
    let place = collector.place(call.id);
    // `bp.before_request(login_required(lambda: None))`
    let around = wrappers(site, hook).into_iter().find(|one| !one.opens);
    if let (Some(around), Some(key)) = (around, group::of(site, receiver)) {
        let means = means(site, receiver, call.name);
        return collector.found.guards.push((key, Evidence { means, ..around }));
    }
    let handler = collector.handler_of(hook);
    if let Some(function) = handler.function {
        guard(collector, receiver, call.name, (handler.file, function), place);
    }
}

fn is_app_wide(hook: &str) -> bool {
    matches!(hook, "before_app_request" | "app_url_value_preprocessor")
}

/// The paths whose parts a function reads: `values.pop("project")`, `values["project"]`.
fn parts_read(site: Site<'_>, (file, function): (FileId, FunctionId)) -> Option<Reach> {
    let owner = Site::new(site.project, file)?;
    let values = owner.module.parameters(function).get(1)?.binding;
    let is_values = |value| matches!(owner.value(value), Value::Name(_, Some(binding)) if binding == values);
    let span = owner.module.function(function)?.span;
    let inside = owner.module.values().filter(|value| span.covers(owner.module.span(*value)));
    let key = |value| match owner.value(value) {
        Value::Item(object, key) if is_values(object) => Some(key),
        Value::Call(callee, arguments) => match owner.value(callee) {
            Value::Attribute(object, _) if is_values(object) => arguments.positional().get(0),
            _ => None,
        },
        _ => None,
    };
    let texts = inside.filter_map(key).flat_map(|key| super::collect::texts(owner, key));
    Reach::of_parameters(texts.collect())
}

fn means(site: Site<'_>, receiver: ValueId, hook: &str) -> Means {
    let is_app = is_app_wide(hook) || site.is_instance(receiver, APPS);
    if is_app { Means::Application } else { Means::Router }
}

/// A function that runs before each request of a group, or of the whole application that the group is part of.
fn guard(
    collector: &mut Collector<'_>,
    receiver: ValueId,
    hook: &str,
    function: (FileId, FunctionId),
    place: Place,
) {
    let site = collector.site;
    let Some(key) = group::of(site, receiver) else { return };
    if is_app_wide(hook) {
        collector.found.app_wide.push(place);
    }
    let about = hook.ends_with("url_value_preprocessor").then(|| parts_read(site, function)).flatten();
    hooks::guard_within(collector, key, function, (means(site, receiver, hook), place), about);
}
