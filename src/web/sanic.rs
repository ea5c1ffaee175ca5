//! Sanic: applications, blueprints and groups of them with versions, view classes, middlewares.

use super::collect::{Bearer, CallSite, Collector, Declared, Group, Mount, Version, around, handler_of};
use super::model::{Evidence, Framework, GroupKey, Handler, Input, Means, Methods, Place, RoutePath};
use super::unroll::{Turn, listed, turns};
use super::{group, hooks, inputs, views};
use crate::facts::{Arguments, ClassId, FunctionId, Value, ValueId};
use crate::project::{FileId, Site, Type};

const APPS: &[&str] = &["sanic.Sanic"];
const BLUEPRINTS: &[&str] = &["sanic.Blueprint"];
/// What routes are declared on.
pub(super) const MADE: &[&[&str]] = &[APPS, BLUEPRINTS];
const GROUPS: &[&str] = &["sanic.blueprint_group.BlueprintGroup"];
const GROUP_CALLS: &[&str] = &["sanic.Blueprint.group", "sanic.blueprint_group.BlueprintGroup"];
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Finds what a file has of Sanic.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    for &call in collector.calls().iter() {
        if made(collector, &call) {
            continue;
        }
        let Some(receiver) = call.receiver else { continue };
        match call.name {
            "blueprint" => blueprint(collector, &call, receiver),
            "append" | "insert" | "extend" => add_to_group(collector, &call, receiver),
            "add_route" | "add_websocket_route" if is_group(site, receiver) => {
                for turn in turns(site, call.id) {
                    add_route(collector, &call, receiver, &turn);
                }
            }
            "static" if is_group(site, receiver) => static_folder(collector, &call, receiver),
            "register_middleware" | "middleware" | "on_request" => hook_call(collector, &call, receiver),
            _ => {}
        }
    }
    for (function, decorator) in collector.decorated() {
        decorated(collector, function, decorator);
    }
    for class in collector.classes() {
        attached(collector, class);
    }
}

/// Whether routes are declared on what an expression is.
fn is_group(site: Site<'_>, value: ValueId) -> bool {
    if site.type_of(value).is_some() {
        return [APPS, BLUEPRINTS].iter().any(|classes| site.is_instance(value, classes));
    }
    let is_named = site.last_segment(value).is_some_and(|name| {
        matches!(name, "app" | "application" | "sanic_app" | "bp" | "blueprint") || name.ends_with("_bp")
    });
    is_named && site.imports("sanic")
}

fn version(site: Site<'_>, arguments: Arguments<'_>) -> Version {
    let number = site.keyword(arguments, "version").and_then(|value| {
        let text = site.constant(value)?;
        let text = match &text {
            crate::project::Constant::Float(number) => number.to_string(),
            crate::project::Constant::None => return None,
            other => other.to_text()?,
        };
        Some(text.trim_matches('/').trim_start_matches('v').to_owned())
    });
    let prefix = site.keyword(arguments, "version_prefix");
    let prefix = prefix.map(|value| super::collect::path(site, value).text).filter(|text| text != "/v");
    Version { number, prefix }
}

/// An application, blueprint or group that a call makes.
fn made(collector: &mut Collector<'_>, call: &CallSite<'_>) -> bool {
    let site = collector.site;
    let is_a = |classes: &[&str]| call.class.is_some_and(|class| views::inherits(site, class, classes));
    let is_collection =
        matches!(call.name, "group" | "BlueprintGroup") && site.is_any(call.callee, GROUP_CALLS);
    let is_app = !is_collection && is_a(APPS);
    if !is_collection && !is_app && !is_a(BLUEPRINTS) {
        return false;
    }
    let key = GroupKey::Made(site.file, call.id);
    let prefix = match (is_collection, is_app) {
        (_, true) => None,
        (true, _) => site.keyword(call.arguments, "url_prefix"),
        (false, _) => site.argument(call.arguments, 1, "url_prefix"),
    };
    let prefix = prefix.filter(|value| !matches!(site.value(*value), Value::None));
    collector.found.groups.push(Group {
        key,
        framework: Framework::Sanic,
        is_app,
        prefix: prefix.map_or_else(|| RoutePath::exact(""), |value| collector.path(value)),
        evidence: Vec::new(),
    });
    collector.found.versions.push((Bearer::Group(key), version(site, call.arguments)));
    for part in call.arguments.positional().iter().filter(|_| is_collection) {
        put(collector, key, part);
    }
    true
}

/// A blueprint, or a list of them, becomes part of a group: below what the group has, its own prefix stays.
fn put(collector: &mut Collector<'_>, parent: GroupKey, part: ValueId) {
    let site = collector.site;
    let part = match site.value(part) {
        Value::Starred(inner) => inner,
        _ => part,
    };
    let children: Vec<GroupKey> = match group::of(site, part).filter(|_| listed(site, part).is_empty()) {
        Some(child) => vec![child],
        None => listed(site, part).into_iter().filter_map(|(owner, item)| group::of(owner, item)).collect(),
    };
    for child in children {
        collector.part(parent, child, None);
    }
}

fn add_to_group(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if !site.is_instance(receiver, GROUPS) {
        return;
    }
    let Some(parent) = group::of(site, receiver) else { return };
    let part = call.arguments.positional().iter().next_back();
    if let Some(part) = part {
        put(collector, parent, part);
    }
}

/// `app.blueprint(blueprint, url_prefix=…)`; a list of them is one after the other.
fn blueprint(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Some(part) = site.argument(call.arguments, 0, "blueprint") else { return };
    let prefix = site.keyword(call.arguments, "url_prefix").map(|value| collector.path(value));
    for turn in turns(site, call.id) {
        let Some(parent) = turn.group(site, receiver) else { continue };
        let (owner, value) = turn.value(site, part);
        let parts = listed(owner, value);
        let children: Vec<(GroupKey, bool)> = if parts.is_empty() {
            let is_group = owner.is_instance(value, GROUPS);
            turn.group(site, part).map(|key| (key, is_group)).into_iter().collect()
        } else {
            let each = parts.into_iter();
            let child = |(owner, item): (Site<'_>, ValueId)| {
                Some((group::of(owner, item)?, owner.is_instance(item, GROUPS)))
            };
            each.filter_map(child).collect()
        };
        for (child, keeps_own) in children {
            let (prefix, evidence) = (prefix.clone(), Vec::new());
            collector.found.mounts.push(Mount { parent, child, prefix, keeps_own, evidence });
            let given = version(site, call.arguments);
            collector.found.versions.push((Bearer::Mount(parent, child), given));
        }
    }
}

/// A handler that is registered for a path.
struct Registered {
    group: Option<GroupKey>,
    /// `None` for those that a class has.
    methods: Option<Methods>,
    path: RoutePath,
    handler: Handler,
    place: Place,
    evidence: Vec<Evidence>,
    version: Version,
}

/// Declares a route; a view class has one for each of its methods.
fn register(collector: &mut Collector<'_>, registered: Registered) {
    let Registered { group, methods, path, handler, place, evidence, version } = registered;
    let site = collector.site;
    // The first slash is always there.
    let is_rooted = path.text.starts_with('/') || path.text.is_empty();
    let path = if is_rooted { path } else { RoutePath { text: format!("/{}", path.text), ..path } };
    collector.found.versions.push((Bearer::Route(place), version));
    let mut declare = |methods: Methods, handler: Handler, evidence: Vec<Evidence>| {
        collector.found.routes.push(Declared {
            framework: Framework::Sanic,
            group,
            methods,
            path: path.clone(),
            handler,
            place,
            inputs: parameters(site, handler, &path),
            evidence,
        });
    };
    let (Some(class), None) = (handler.class, handler.function) else {
        return declare(methods.unwrap_or(Methods::GET), handler, evidence);
    };
    let class = Type::Class(handler.file, class);
    let outer = [evidence, views::listed_evidence(site, class, &["decorators"])].concat();
    for (method, handler) in views::methods(site, class, METHODS) {
        declare(method, handler, [views::decorators_of(site, handler), outer.clone()].concat());
    }
}

fn parameters(site: Site<'_>, handler: Handler, path: &RoutePath) -> Vec<Input> {
    let mut all: Vec<Input> = inputs::request(site, handler).into_iter().collect();
    all.extend(inputs::named(site, handler, &inputs::angle_parts(&path.text, true)));
    all
}

/// `app.add_route(handler, "/path", methods=[…])`, in one turn of the loops around it.
fn add_route(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId, turn: &Turn<'_>) {
    let site = collector.site;
    let (Some(value), Some(path)) =
        (site.argument(call.arguments, 0, "handler"), site.argument(call.arguments, 1, "uri"))
    else {
        return;
    };
    let methods = match call.name {
        "add_route" => site.argument(call.arguments, 2, "methods").and_then(|value| collector.methods(value)),
        _ => Some(Methods::WEBSOCKET),
    };
    let ((owner, value), (path_owner, path)) = (turn.value(site, value), turn.value(site, path));
    let handler = handler_of(owner, value);
    let registered = Registered {
        group: turn.group(site, receiver),
        methods,
        path: super::collect::path(path_owner, path),
        handler,
        place: collector.place(call.id),
        evidence: around(owner, value, handler),
        version: version(site, call.arguments),
    };
    register(collector, registered);
}

/// `app.static("/files", "./files")`: a file of that name, or what is below a folder.
fn static_folder(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Some(path) = site.argument(call.arguments, 0, "uri") else { return };
    let path = collector.path(path);
    let is_file = path.text.rsplit('/').next().is_some_and(|last| last.contains('.')) || path.text == "/";
    let below = format!("{}/<__file_uri__:path>", path.text.trim_end_matches('/'));
    let text = if is_file { path.text.clone() } else { below };
    let registered = Registered {
        group: group::of(site, receiver),
        methods: Some(Methods::GET),
        path: RoutePath { text, ..path },
        handler: Handler { file: site.file, function: None, class: None },
        place: collector.place(call.id),
        evidence: Vec::new(),
        version: version(site, call.arguments),
    };
    register(collector, registered);
}

/// `@app.get("/path")`, `@bp.websocket("/path")`, `@app.middleware("request")`.
fn decorated(collector: &mut Collector<'_>, function: FunctionId, decorator: ValueId) {
    let site = collector.site;
    let (callee, arguments) = site.applied(decorator);
    let Value::Attribute(receiver, name) = site.value(callee) else { return };
    let name = site.module.text(name);
    if matches!(name, "middleware" | "on_request") {
        let stage = arguments.and_then(|arguments| site.argument(arguments, 0, "middleware_or_request"));
        return hook(collector, receiver, (site.file, function), stage, collector.place(decorator));
    }
    let is_method = METHODS.contains(&name) || matches!(name, "head" | "options");
    let is_known = is_method || matches!(name, "route" | "websocket");
    let Some(arguments) = arguments.filter(|_| is_known && is_group(site, receiver)) else { return };
    let Some(path) = site.argument(arguments, 0, "uri") else { return };
    let methods = match name {
        "route" => site.keyword(arguments, "methods").or_else(|| site.positional(arguments, 1)),
        _ => None,
    };
    let methods = match name {
        "route" => methods.and_then(|value| collector.methods(value)).unwrap_or(Methods::GET),
        "websocket" => Methods::WEBSOCKET,
        name => Methods::of(name),
    };
    let registered = Registered {
        group: group::of(site, receiver),
        methods: Some(methods),
        path: collector.path(path),
        handler: collector.handler(function),
        place: collector.place(decorator),
        evidence: collector.decorators_below(function, decorator),
        version: version(site, arguments),
    };
    register(collector, registered);
}

/// `class View(HTTPMethodView, attach=app, uri="/path")`.
fn attached(collector: &mut Collector<'_>, class: ClassId) {
    let site = collector.site;
    let Some(arguments) = site.module.bases(class) else { return };
    let (Some(receiver), Some(path)) = (site.keyword(arguments, "attach"), site.keyword(arguments, "uri"))
    else {
        return;
    };
    if !is_group(site, receiver) {
        return;
    }
    let registered = Registered {
        group: group::of(site, receiver),
        methods: None,
        path: collector.path(path),
        handler: Handler { file: site.file, function: None, class: Some(class) },
        place: collector.place(path),
        evidence: Vec::new(),
        version: version(site, arguments),
    };
    register(collector, registered);
}

/// `app.register_middleware(function, "request")`, `app.on_request(function)`.
fn hook_call(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Some(value) = call.arguments.positional().get(0) else { return };
    let handler = collector.handler_of(value);
    if let Some(function) = handler.function {
        let stage = site.argument(call.arguments, 1, "attach_to");
        hook(collector, receiver, (handler.file, function), stage, collector.place(call.id));
    }
}

/// A function that runs before the requests of a group.
fn hook(
    collector: &mut Collector<'_>,
    receiver: ValueId,
    function: (FileId, FunctionId),
    stage: Option<ValueId>,
    place: Place,
) {
    let site = collector.site;
    let is_response = stage.is_some_and(|stage| {
        site.constant(stage).is_some_and(|stage| stage.as_str().is_some_and(|stage| stage != "request"))
    });
    if is_response || !is_group(site, receiver) && !site.is_instance(receiver, GROUPS) {
        return;
    }
    let Some(key) = group::of(site, receiver) else { return };
    let is_app = site.is_instance(receiver, APPS);
    let means = if is_app { Means::Application } else { Means::Router };
    hooks::guard(collector, key, function, means, place);
}
