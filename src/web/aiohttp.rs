//! aiohttp's server: applications with parts, tables and lists of routes, view classes, middlewares.

use super::collect::{CallSite, Collector, Declared, Group, around, handler_of};
use super::model::{Evidence, Framework, GroupKey, Handler, Means, Methods, Place, RoutePath};
use super::parents::displays;
use super::unroll::{Turn, listed, turns};
use super::{access, group, hooks, inputs, views};
use crate::facts::{ClassId, DefinitionKind, FunctionId, Value, ValueId};
use crate::project::{Site, Type};

const APPS: &[&str] = &["aiohttp.web.Application"];
const TABLES: &[&str] = &["aiohttp.web.RouteTableDef"];
/// What routes are declared on.
pub(super) const MADE: &[&[&str]] = &[APPS, TABLES];
const ROUTERS: &[&str] = &["aiohttp.web.UrlDispatcher"];
const VIEWS: &[&str] = &["aiohttp.web.View"];
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Finds what a file has of aiohttp's server.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    for &call in collector.calls().iter() {
        if let Some(is_app) = made(site, &call) {
            group_made(collector, &call, is_app);
        } else if let Some(name) = definition(site, &call) {
            let registered = registered(site, &call, name, collector.parents().group(site.file, call.id));
            if let Some(one) = registered {
                register(collector, one);
            }
        } else if let Some(receiver) = call.receiver {
            method(collector, &call, receiver);
        }
    }
    for (function, decorator) in collector.decorated() {
        decorated(collector, function, decorator);
    }
    for class in collector.classes() {
        view(collector, class);
    }
}

/// Whether a call makes an application, or a table of routes.
fn made(site: Site<'_>, call: &CallSite<'_>) -> Option<bool> {
    let class = call.class?;
    let is_app = views::inherits(site, class, APPS);
    (is_app || views::inherits(site, class, TABLES)).then_some(is_app)
}

fn group_made(collector: &mut Collector<'_>, call: &CallSite<'_>, is_app: bool) {
    let site = collector.site;
    let key = GroupKey::Made(site.file, call.id);
    collector.found.groups.push(Group {
        key,
        framework: Framework::Aiohttp,
        is_app,
        prefix: RoutePath::exact(""),
        evidence: Vec::new(),
    });
    let given = site.keyword(call.arguments, "middlewares").filter(|_| is_app);
    for (owner, middleware) in given.map(|given| listed(site, given)).unwrap_or_default() {
        guard(collector, key, (owner, middleware));
    }
}

/// A middleware: a function of the project that refuses callers, or one that is known.
fn guard(collector: &mut Collector<'_>, key: GroupKey, (owner, value): (Site<'_>, ValueId)) {
    let place = Place { file: owner.file, span: owner.module.span(value) };
    let callee = owner.called(value);
    let handler = handler_of(owner, callee);
    if let Some(function) = handler.function {
        return hooks::guard(collector, key, (handler.file, function), Means::Application, place);
    }
    let evidence = access::of(owner, value, Means::Application).filter(|one| !one.opens);
    collector.found.guards.extend(evidence.map(|evidence| (key, evidence)));
}

/// `web.get(…)`, `web.route(…)`: which one.
fn definition<'p>(site: Site<'p>, call: &CallSite<'p>) -> Option<&'p str> {
    let names = ["get", "head", "post", "put", "patch", "delete", "options", "view", "route", "static"];
    let is_known =
        names.contains(&call.name) && site.is_any(call.callee, &[&format!("aiohttp.web.{}", call.name)]);
    is_known.then_some(call.name)
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
}

/// What `get(path, handler)`, `route(method, path, handler)`, `view(path, handler)` and `static(prefix, folder)`
/// register.
fn registered(
    site: Site<'_>,
    call: &CallSite<'_>,
    name: &str,
    group: Option<GroupKey>,
) -> Option<Registered> {
    let offset = usize::from(name == "route");
    let first = if name == "static" { "prefix" } else { "path" };
    let path = super::collect::path(site, site.argument(call.arguments, offset, first)?);
    let place = Place { file: site.file, span: site.module.span(call.id) };
    if name == "static" {
        let text = format!("{}/{{filename}}", path.text.trim_end_matches('/'));
        let handler = Handler { file: site.file, function: None, class: None };
        let (path, methods, evidence) = (RoutePath { text, ..path }, Some(Methods::GET), Vec::new());
        return Some(Registered { group, methods, path, handler, place, evidence });
    }
    let value = site.argument(call.arguments, offset + 1, "handler")?;
    let methods = match name {
        "route" => Some(named_methods(site, site.argument(call.arguments, 0, "method")?)?),
        "view" => None,
        name => Some(Methods::of(name)),
    };
    let handler = handler_of(site, value);
    let evidence = around(site, value, handler);
    Some(Registered { group, methods, path, handler, place, evidence })
}

/// `"GET"`, `"*"`, `hdrs.METH_GET`.
fn named_methods(site: Site<'_>, value: ValueId) -> Option<Methods> {
    if let Some(constant) = site.constant(value) {
        let name = constant.as_str()?;
        let methods = if name == "*" { Methods::ANY } else { Methods::of(name) };
        return Some(methods).filter(|methods| !methods.is_empty());
    }
    let name = site.last_segment(value)?.strip_prefix("METH_")?;
    let methods = if name == "ANY" { Methods::ANY } else { Methods::of(name) };
    Some(methods).filter(|methods| !methods.is_empty())
}

/// Declares a route; a view class has one for each of its methods.
fn register(collector: &mut Collector<'_>, registered: Registered) {
    let Registered { group, methods, path, handler, place, evidence } = registered;
    let site = collector.site;
    let mut declare = |methods: Methods, handler: Handler, evidence: Vec<Evidence>| {
        collector.found.routes.push(Declared {
            framework: Framework::Aiohttp,
            group,
            methods,
            path: path.clone(),
            handler,
            place,
            inputs: inputs::request(site, handler).into_iter().collect(),
            evidence,
        });
    };
    let (Some(class), None) = (handler.class, handler.function) else {
        return declare(methods.unwrap_or(Methods::ANY), handler, evidence);
    };
    for (method, handler) in views::methods(site, Type::Class(handler.file, class), METHODS) {
        declare(method, handler, [views::decorators_of(site, handler), evidence.clone()].concat());
    }
}

/// A method of an application or of its router.
fn method(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    match call.name {
        "add_routes" if is_router(site, receiver) => add_routes(collector, call, receiver),
        "add_subapp" | "add_domain" if is_router(site, receiver) => add_subapp(collector, call, receiver),
        "append" | "extend" | "insert" => more_middlewares(collector, call, receiver),
        "add_route" if call.arguments.positional().len() == 2 => resource_route(collector, call, receiver),
        name => {
            let Some(name) = name.strip_prefix("add_") else { return };
            let known = METHODS.contains(&name) || matches!(name, "view" | "route" | "static");
            if known && is_router(site, receiver) && (name != "view" || is_plain_router(site, receiver)) {
                for turn in turns(site, call.id) {
                    added(collector, call, name, &turn, receiver);
                }
            }
        }
    }
}

/// `app.router.add_get(path, handler)`, in one turn of the loops around it.
fn added(collector: &mut Collector<'_>, call: &CallSite<'_>, name: &str, turn: &Turn<'_>, receiver: ValueId) {
    let site = collector.site;
    let group = turn.group(site, receiver);
    let Some(mut registered) = registered(site, call, name, group) else { return };
    let offset = usize::from(name == "route");
    let at = |offset: usize| call.arguments.positional().get(offset).map(|value| turn.value(site, value));
    if let Some((owner, value)) = at(offset)
        && name != "static"
    {
        registered.path = super::collect::path(owner, value);
    }
    if let Some((owner, value)) = at(offset + 1)
        && name != "static"
    {
        registered.handler = handler_of(owner, value);
        registered.evidence = around(owner, value, registered.handler);
    }
    register(collector, registered);
}

/// Whether an expression is an application, a router, or what people call one whose making is not in sight.
fn is_router(site: Site<'_>, value: ValueId) -> bool {
    if site.type_of(value).is_some() {
        return site.is_instance(value, APPS) || site.is_instance(value, ROUTERS);
    }
    site.last_segment(value).is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name == "router" || name.ends_with("app") || name.ends_with("application")
    })
}

/// `app.router`, or what is typed as one: other libraries have methods of the name on their applications.
fn is_plain_router(site: Site<'_>, value: ValueId) -> bool {
    site.is_instance(value, ROUTERS) || site.last_segment(value) == Some("router")
}

/// `app.add_routes(routes)`: a table, a list, or lists with tables in them.
fn add_routes(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Some(routes) = site.argument(call.arguments, 0, "routes") else { return };
    for turn in turns(site, call.id) {
        let Some(parent) = turn.group(site, receiver) else { continue };
        let (owner, value) = turn.value(site, routes);
        let mut children = displays(owner, value);
        children.extend(tables(owner, value));
        children.extend(turn.group(site, routes).filter(|_| children.is_empty()));
        children.sort_unstable();
        children.dedup();
        for child in children {
            collector.part(parent, child, None);
        }
    }
}

/// The tables that an expression names: `routes`, `[*users.routes, *items.routes]`.
fn tables(site: Site<'_>, value: ValueId) -> Vec<GroupKey> {
    let inside = site.module.values_within(value);
    let named = inside.filter(|inner| matches!(site.value(*inner), Value::Name(..) | Value::Attribute(..)));
    named
        .filter(|inner| site.is_instance(*inner, TABLES))
        .filter_map(|inner| group::of(site, inner))
        .collect()
}

/// `app.add_subapp("/admin", admin)`.
fn add_subapp(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Some(child) = site.argument(call.arguments, 1, "subapp") else { return };
    let prefix = site.argument(call.arguments, 0, "prefix").filter(|_| call.name == "add_subapp");
    for turn in turns(site, call.id) {
        let (Some(parent), Some(child)) = (turn.group(site, receiver), turn.group(site, child)) else {
            continue;
        };
        let prefix = prefix.map(|prefix| {
            let (owner, prefix) = turn.value(site, prefix);
            super::collect::path(owner, prefix)
        });
        collector.part(parent, child, prefix);
    }
}

/// `app.middlewares.append(middleware)`.
fn more_middlewares(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Value::Attribute(app, name) = site.value(receiver) else { return };
    if site.module.text(name) != "middlewares" || !is_router(site, app) {
        return;
    }
    let Some(key) = group::of(site, app) else { return };
    let Some(given) = call.arguments.positional().iter().next_back() else { return };
    let all = if call.name == "extend" { listed(site, given) } else { vec![(site, given)] };
    for middleware in all {
        guard(collector, key, middleware);
    }
}

/// `resource.add_route("GET", handler)`, where the resource is `router.add_resource(path)`.
fn resource_route(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let mut given = call.arguments.positional().iter();
    let (Some(method), Some(handler)) = (given.next(), given.next()) else { return };
    let Some(methods) = named_methods(site, method) else { return };
    let Some(resource) = resource(site, receiver, 8) else { return };
    let Some(path) = site.argument(resource.arguments, 0, "path") else { return };
    let group = resource.receiver.and_then(|router| group::of(site, router));
    let path = super::collect::path(site, path);
    let place = collector.place(call.id);
    let (value, handler) = (handler, handler_of(site, handler));
    let evidence = around(site, value, handler);
    register(collector, Registered { group, methods: Some(methods), path, handler, place, evidence });
}

/// The call of `add_resource` that an expression goes back to, through `cors.add(…)`.
fn resource(site: Site<'_>, value: ValueId, fuel: u32) -> Option<CallSite<'_>> {
    let fuel = fuel.checked_sub(1)?;
    match site.value(value) {
        Value::Call(..) => {
            let call = super::collect::call(site, value)?;
            match call.name {
                "add_resource" => Some(call),
                "add" => resource(site, call.arguments.positional().get(0)?, fuel),
                _ => None,
            }
        }
        Value::Name(_, Some(binding)) => {
            let place = site.module.span(value).start;
            let before = site.module.definitions(binding).iter().rev().filter(|one| one.offset < place);
            let assigned = before.filter(|one| one.kind == DefinitionKind::Assigned);
            assigned.filter_map(|one| one.value()).find_map(|value| resource(site, value, fuel))
        }
        _ => None,
    }
}

/// A table of routes: by its class, or by what people call one that comes from elsewhere.
fn is_table(site: Site<'_>, value: ValueId) -> bool {
    if site.type_of(value).is_some() {
        return site.is_instance(value, TABLES);
    }
    site.last_segment(value).is_some_and(|name| matches!(name, "routes" | "route_table"))
}

/// `@routes.get("/path")`: the group, the name and the path.
fn table_decorator(site: Site<'_>, decorator: ValueId) -> Option<(CallSite<'_>, ValueId)> {
    let call = super::collect::call(site, decorator)?;
    let receiver = call.receiver?;
    let known = METHODS.contains(&call.name) || matches!(call.name, "view" | "route" | "head" | "options");
    (known && is_table(site, receiver)).then_some((call, receiver))
}

fn decorated(collector: &mut Collector<'_>, function: FunctionId, decorator: ValueId) {
    let site = collector.site;
    let Some((call, receiver)) = table_decorator(site, decorator) else { return };
    let offset = usize::from(call.name == "route");
    let Some(path) = site.argument(call.arguments, offset, "path") else { return };
    let methods = match call.name {
        "route" => site.argument(call.arguments, 0, "method").and_then(|value| named_methods(site, value)),
        "view" => None,
        name => Some(Methods::of(name)),
    };
    let registered = Registered {
        group: group::of(site, receiver),
        methods,
        path: collector.path(path),
        handler: collector.handler(function),
        place: collector.place(decorator),
        evidence: collector.decorators_below(function, decorator),
    };
    register(collector, registered);
}

/// `@routes.view("/path")` on a class.
fn view(collector: &mut Collector<'_>, class: ClassId) {
    let site = collector.site;
    for decorator in site.module.class_decorators(class).iter() {
        let Some((call, receiver)) = table_decorator(site, decorator) else { continue };
        let Some(path) = site.argument(call.arguments, 0, "path") else { continue };
        if call.name != "view" || !views::inherits(site, Type::Class(site.file, class), VIEWS) {
            continue;
        }
        let registered = Registered {
            group: group::of(site, receiver),
            methods: None,
            path: collector.path(path),
            handler: Handler { file: site.file, function: None, class: Some(class) },
            place: collector.place(decorator),
            evidence: Vec::new(),
        };
        register(collector, registered);
    }
}
