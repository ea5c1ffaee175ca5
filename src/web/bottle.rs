//! Bottle: applications, the default one, views as functions, hooks and plug-ins.

use super::collect::{Applied, CallSite, Collector, Declared, around, handler_of};
use super::model::{Evidence, Framework, GroupKey, Handler, Means, Methods, Place, RoutePath};
use super::{access, group, hooks, inputs, views};
use crate::facts::{Arguments, FunctionId, ParameterKind, Value, ValueId};
use crate::project::{Site, Type};

const APPS: &[&str] = &["bottle.Bottle"];
/// What routes are declared on.
pub(super) const MADE: &[&[&str]] = &[APPS];
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];
const NAMES: &[&str] =
    &["get", "post", "put", "patch", "delete", "route", "hook", "install", "mount", "add_hook", "merge"];
const DEFAULT: GroupKey = GroupKey::Default(Framework::Bottle);

/// Finds what a file has of Bottle.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    if site.imports("bottle") {
        collector.app(Framework::Bottle, DEFAULT);
    }
    for &call in collector.calls().iter() {
        if call.class.is_some_and(|class| views::inherits(site, class, APPS)) {
            collector.app(Framework::Bottle, GroupKey::Made(site.file, call.id));
            continue;
        }
        if let Value::Call(..) = site.value(call.callee) {
            continue;
        }
        let has_callback = site.keyword(call.arguments, "callback").is_some();
        let Some(key) = receiver(site, call.callee, has_callback) else { continue };
        match call.name {
            "route" => with_callback(collector, &call, key),
            "mount" => mount(collector, &call, key, 1),
            "merge" => mount(collector, &call, key, 0),
            "install" => install(collector, &call, key),
            "add_hook" => add_hook(collector, &call, key),
            name if METHODS.contains(&name) => with_callback(collector, &call, key),
            _ => {}
        }
    }
    called_with_handler(collector);
    for (function, decorator) in collector.decorated() {
        decorated(collector, function, decorator);
    }
}

/// The application whose method a callee is; a function of the library means the default one. Nothing but Bottle takes a
/// `callback` with a route.
fn receiver(site: Site<'_>, callee: ValueId, has_callback: bool) -> Option<GroupKey> {
    let name = site.last_segment(callee).filter(|name| NAMES.contains(name))?;
    if site.is_any(callee, &[&format!("bottle.{name}")]) {
        return Some(DEFAULT);
    }
    let Value::Attribute(object, _) = site.value(callee) else { return None };
    let is_app = if site.type_of(object).is_some() {
        site.is_instance(object, APPS)
    } else {
        let name = site.last_segment(object);
        let is_named = name.is_some_and(|name| matches!(name, "app" | "application" | "_app"));
        is_named && (site.imports("bottle") || has_callback)
    };
    is_app.then(|| group::of(site, object)).flatten()
}

/// A handler that is registered: the arguments of the call that does it.
struct Registered<'p> {
    group: GroupKey,
    name: &'p str,
    arguments: Option<Arguments<'p>>,
    handler: Handler,
    place: Place,
    evidence: Vec<Evidence>,
}

/// `app.route("/path", "GET", callback)`.
fn with_callback(collector: &mut Collector<'_>, call: &CallSite<'_>, group: GroupKey) {
    let site = collector.site;
    let position = if call.name == "route" { 2 } else { 3 };
    let Some(callback) = site.argument(call.arguments, position, "callback") else { return };
    let handler = collector.handler_of(callback);
    let registered = Registered {
        group,
        name: call.name,
        arguments: Some(call.arguments),
        handler,
        place: collector.place(call.id),
        evidence: around(site, callback, handler),
    };
    register(collector, &registered);
}

/// `app.route("/path")(handler)`.
fn called_with_handler(collector: &mut Collector<'_>) {
    let site = collector.site;
    for &Applied { id, decorator, view } in collector.applied().iter() {
        let Some(call) = super::collect::call(site, decorator) else { continue };
        let Some(group) = receiver(site, call.callee, false) else { continue };
        if call.name != "route" && !METHODS.contains(&call.name) {
            continue;
        }
        let handler = handler_of(site, view);
        let registered = Registered {
            group,
            name: call.name,
            arguments: Some(call.arguments),
            handler,
            place: collector.place(id),
            evidence: around(site, view, handler),
        };
        register(collector, &registered);
    }
}

/// `@route("/path")`, `@app.get("/path")`, `@hook("before_request")`.
fn decorated(collector: &mut Collector<'_>, function: FunctionId, decorator: ValueId) {
    let site = collector.site;
    let (callee, arguments) = site.applied(decorator);
    let Some(group) = receiver(site, callee, false) else { return };
    let name = site.last_segment(callee).unwrap_or("");
    let place = collector.place(decorator);
    if name == "hook" {
        let stage = arguments.and_then(|arguments| site.argument(arguments, 0, "name"));
        if stage.is_some_and(|stage| is_before(site, stage)) {
            hooks::guard(collector, group, (site.file, function), Means::Application, place);
        }
        return;
    }
    if name != "route" && !METHODS.contains(&name) {
        return;
    }
    let handler = collector.handler(function);
    let evidence = collector.decorators_below(function, decorator);
    register(collector, &Registered { group, name, arguments, handler, place, evidence });
}

fn is_before(site: Site<'_>, stage: ValueId) -> bool {
    site.constant(stage).is_some_and(|stage| stage.as_str() == Some("before_request"))
}

/// Declares a route for each path; without one it is made of the handler's name.
fn register(collector: &mut Collector<'_>, registered: &Registered<'_>) {
    let Registered { group, name, arguments, handler, place, evidence } = registered;
    let site = collector.site;
    let given =
        |position, keyword| arguments.and_then(|arguments| site.argument(arguments, position, keyword));
    let methods = match (*name, given(1, "method")) {
        ("route", Some(value)) => collector.methods(value).unwrap_or(Methods::ANY),
        ("route", None) => Methods::GET,
        (name, _) => Methods::of(name),
    };
    let paths = match given(0, "path") {
        Some(value) => match site.elements(value) {
            Some(values) => values.into_iter().map(|value| collector.path(value)).collect(),
            None => vec![collector.path(value)],
        },
        None => paths_of(site, *handler),
    };
    let evidence = [evidence.clone(), plugins(site, *arguments)].concat();
    for path in paths {
        let parts = inputs::angle_parts(&path.text, true);
        collector.found.routes.push(Declared {
            framework: Framework::Bottle,
            group: Some(*group),
            methods,
            inputs: inputs::named(site, *handler, &parts),
            path,
            handler: *handler,
            place: *place,
            evidence: evidence.clone(),
        });
    }
}

/// `apply=[auth]` is around the handler, `skip=[auth]` takes away what is around all.
fn plugins(site: Site<'_>, arguments: Option<Arguments<'_>>) -> Vec<Evidence> {
    let Some(arguments) = arguments else { return Vec::new() };
    let each = |name| {
        let value = site.keyword(arguments, name);
        value.map(|value| site.elements(value).unwrap_or_else(|| vec![value])).unwrap_or_default()
    };
    let applied = each("apply").into_iter().filter_map(|value| access::of(site, value, Means::Decorator));
    let skipped = each("skip").into_iter().filter_map(|value| match site.value(value) {
        Value::Bool(true) => {
            let place = Place { file: site.file, span: site.module.span(value) };
            Some(Evidence { means: Means::Decorator, name: "skip".to_owned(), place, opens: true })
        }
        _ => Some(Evidence { opens: true, ..access::of(site, value, Means::Decorator)? }),
    });
    applied.chain(skipped).collect()
}

/// `/name/<a>/<b>` of `def name(a, b)`; parameters with defaults may be missing.
fn paths_of(site: Site<'_>, handler: Handler) -> Vec<RoutePath> {
    let Some((owner, function)) = Site::new(site.project, handler.file).zip(handler.function) else {
        return Vec::new();
    };
    let name = owner.module.function(function).map_or("", |facts| owner.module.text(facts.name));
    let mut text = format!("/{}", name.replace("__", "/").trim_start_matches('/'));
    let mut paths = Vec::new();
    let parameters = owner.module.parameters(function).iter();
    for parameter in parameters.filter(|one| one.kind == ParameterKind::Plain) {
        if parameter.default.is_some() {
            paths.push(RoutePath::exact(text.clone()));
        }
        text = format!("{text}/<{}>", owner.module.text(parameter.name));
    }
    paths.push(RoutePath::exact(text));
    paths
}

/// `app.mount("/prefix", part)`, `app.merge(part)`.
fn mount(collector: &mut Collector<'_>, call: &CallSite<'_>, parent: GroupKey, position: usize) {
    let site = collector.site;
    let keyword = if position == 0 { "routes" } else { "app" };
    let Some(child) = site.argument(call.arguments, position, keyword) else { return };
    let child = match site.value(child) {
        Value::Attribute(object, name) if site.module.text(name) == "routes" => object,
        _ => child,
    };
    let Some(child) = group::of(site, child).filter(|child| *child != parent) else { return };
    let prefix = site.argument(call.arguments, 0, "prefix").filter(|_| position == 1);
    let prefix = prefix.map(|value| collector.path(value));
    collector.part(parent, child, prefix);
}

/// A plug-in that is around all handlers.
fn install(collector: &mut Collector<'_>, call: &CallSite<'_>, key: GroupKey) {
    let site = collector.site;
    let Some(plugin) = site.argument(call.arguments, 0, "plugin") else { return };
    let place = collector.place(call.id);
    let handler = match site.type_of(plugin) {
        Some(class @ Type::Class(..)) => {
            ["apply", "__call__"].into_iter().find_map(|name| views::method(site, class, name))
        }
        _ => Some(collector.handler_of(plugin)),
    };
    if let Some(function) = handler.and_then(|handler| Some((handler.file, handler.function?))) {
        return hooks::guard(collector, key, function, Means::Application, place);
    }
    let evidence = access::of(site, plugin, Means::Application).filter(|one| !one.opens);
    collector.found.guards.extend(evidence.map(|evidence| (key, evidence)));
}

/// `app.add_hook("before_request", function)`.
fn add_hook(collector: &mut Collector<'_>, call: &CallSite<'_>, key: GroupKey) {
    let site = collector.site;
    let (Some(stage), Some(value)) =
        (site.argument(call.arguments, 0, "name"), site.argument(call.arguments, 1, "func"))
    else {
        return;
    };
    let handler = collector.handler_of(value);
    if let Some(function) = handler.function.filter(|_| is_before(site, stage)) {
        let place = collector.place(call.id);
        hooks::guard(collector, key, (handler.file, function), Means::Application, place);
    }
}
