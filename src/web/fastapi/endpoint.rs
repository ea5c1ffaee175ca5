//! Handlers: functions and classes that are registered by a decorator or a call.

use super::super::collect;
use super::super::collect::{Applied, CallSite, Collector, Declared, decorators, wrappers};
use super::super::model::{Evidence, Framework, GroupKey, Handler, Means, Methods, Place, RoutePath};
use super::super::unroll::turns;
use super::{dependency, inputs, key, kind, middleware};
use crate::facts::{Arguments, ClassId, DefinitionKind, FunctionId, Value, ValueId, hash_text};
use crate::project::{Entity, Site, Type};

const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];
/// Other methods that register.
const WAYS: &[&str] = &[
    "api_route",
    "route",
    "websocket",
    "websocket_route",
    "add_api_route",
    "add_api_websocket_route",
    "add_route",
    "add_websocket_route",
    "include_router",
    "mount",
];
const CBV: &[&str] =
    &["fastapi_utils.cbv.cbv", "fastapi_restful.cbv.cbv", "fastapi_utils.cbv", "fastapi_restful.cbv"];
const ENDPOINTS: &[&str] = &["starlette.endpoints.HTTPEndpoint"];
const SOCKETS: &[&str] = &["starlette.endpoints.WebSocketEndpoint"];

/// A view that is registered for a path.
pub(super) struct Registered {
    pub group: Option<GroupKey>,
    pub path: RoutePath,
    /// Where they are given.
    pub methods: Option<Methods>,
    pub handler: Handler,
    /// What is registered, where that is no function under a decorator.
    pub view: Option<ValueId>,
    pub place: Place,
    pub evidence: Vec<Evidence>,
    /// `dependencies=[…]`.
    pub dependencies: Option<ValueId>,
    pub framework: Framework,
}

/// `router.add_api_route("/x", view)` and its like.
pub(super) fn added(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let (view, is_api, is_socket) = match call.name {
        "add_api_route" => ("endpoint", true, false),
        "add_api_websocket_route" => ("endpoint", true, true),
        "add_route" => ("route", false, false),
        "add_websocket_route" => ("route", false, true),
        _ => return,
    };
    let Some(kind) = kind(site, receiver).filter(|_| !is_own_way(site, receiver)) else { return };
    let (Some(path), Some(view)) = (
        site.argument(call.arguments, 0, "path"),
        site.argument(call.arguments, 1, view).or_else(|| site.keyword(call.arguments, "endpoint")),
    ) else {
        return;
    };
    for turn in turns(site, call.id) {
        let (owner, path) = turn.value(site, path);
        let (at, view) = turn.value(site, view);
        let mut evidence = wrappers(at, view);
        evidence.retain(|one| !one.opens);
        let registered = Registered {
            group: key(site, receiver),
            path: collect::path(owner, path),
            methods: if is_socket { Some(Methods::WEBSOCKET) } else { methods(site, call.arguments) },
            handler: collect::handler_of(at, view),
            view: (at.file == site.file).then_some(view),
            place: collector.place(call.id),
            evidence,
            dependencies: site.keyword(call.arguments, "dependencies").filter(|_| is_api),
            framework: if is_api { kind.framework() } else { Framework::Starlette },
        };
        register(collector, &registered);
    }
}

/// The methods that are given: any where they are not in sight.
pub(super) fn methods<'p>(site: Site<'p>, arguments: Arguments<'p>) -> Option<Methods> {
    let given = site.keyword(arguments, "methods")?;
    match site.value(given) {
        Value::None => None,
        _ => Some(collect::methods(site, given).unwrap_or(Methods::ANY)),
    }
}

/// Everything under a decorator, and what one is called with: `app.get("/x")(view)`.
pub(super) fn decorated(collector: &mut Collector<'_>) {
    let site = collector.site;
    for (function, decorator) in collector.decorated() {
        let handler = collector.handler(function);
        if let Some(registered) = by_decorator(collector, decorator, handler) {
            let evidence = collector.decorators_below(function, decorator);
            register(collector, &Registered { evidence: closing(evidence), ..registered });
        }
    }
    for class in collector.classes() {
        let handler = Handler { file: site.file, function: None, class: Some(class) };
        for decorator in site.module.class_decorators(class).iter() {
            if let Some(registered) = by_decorator(collector, decorator, handler) {
                register(collector, &registered);
            }
            cbv_urls(collector, class, decorator);
        }
    }
    for &Applied { decorator, view, .. } in collector.applied().iter() {
        let handler = collector.handler_of(view);
        if let Some(registered) = by_decorator(collector, decorator, handler) {
            let evidence = closing(wrappers(site, view));
            register(collector, &Registered { evidence, view: Some(view), ..registered });
        }
    }
}

/// Nothing opens a route that something else protects.
fn closing(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.retain(|one| !one.opens);
    evidence
}

/// Whether this is how a router of the project does what it is asked for: `def get(self, path): … self.add_route(…)`.
/// Who calls that is looked at, not what it does.
pub(super) fn is_own_way(site: Site<'_>, receiver: ValueId) -> bool {
    let mut around = site.function_of(receiver);
    while let Some(facts) = around.and_then(|function| site.module.function(function)) {
        if facts.class.is_some() {
            let name = site.module.text(facts.name);
            let is_way = METHODS.contains(&name) || WAYS.contains(&name);
            return is_way && matches!(key(site, receiver), Some(GroupKey::Class(..)));
        }
        around = facts.parent;
    }
    false
}

/// What a decorator registers, if it is one that does.
fn by_decorator(collector: &mut Collector<'_>, decorator: ValueId, handler: Handler) -> Option<Registered> {
    let site = collector.site;
    let Value::Call(callee, arguments) = site.value(decorator) else { return None };
    let Value::Attribute(receiver, name) = site.value(callee) else { return None };
    let name = site.module.text(name);
    let is_method = METHODS.contains(&name);
    let is_socket = matches!(name, "websocket" | "websocket_route");
    if !is_method && !is_socket && !matches!(name, "api_route" | "route" | "middleware") {
        return None;
    }
    let kind = kind(site, receiver).filter(|_| !is_own_way(site, receiver))?;
    if name == "middleware" {
        middleware::decorated(collector, receiver, arguments, decorator, handler);
        return None;
    }
    let path = site.argument(arguments, 0, "path")?;
    let is_api = !matches!(name, "route" | "websocket_route");
    let methods = match name {
        _ if is_method => Some(Methods::of(name)),
        _ if is_socket => Some(Methods::WEBSOCKET),
        _ => methods(site, arguments),
    };
    Some(Registered {
        group: key(site, receiver),
        path: collector.path(path),
        methods,
        handler,
        view: None,
        place: collector.place(decorator),
        evidence: Vec::new(),
        dependencies: site.keyword(arguments, "dependencies").filter(|_| is_api),
        framework: if is_api { kind.framework() } else { Framework::Starlette },
    })
}

/// Declares a route; a class has one for each of its methods.
pub(super) fn register(collector: &mut Collector<'_>, registered: &Registered) {
    let site = collector.site;
    let handler = registered.handler;
    if let (Some(class), None) = (handler.class, handler.function)
        && registered.framework == Framework::Starlette
    {
        return endpoint(collector, registered, Type::Class(handler.file, class));
    }
    let methods = registered.methods.unwrap_or_else(|| default_methods(site, registered));
    let mut evidence = registered.evidence.clone();
    if let Some(view) = registered.view
        && matches!(site.value(view), Value::Name(..) | Value::Attribute(..))
        && let Some(owner) = Site::new(site.project, handler.file)
    {
        evidence.extend(handler.function.into_iter().flat_map(|id| closing(decorators(owner, id))));
    }
    if registered.framework == Framework::FastApi {
        evidence.extend(dependency::of_handler(site.project, handler));
        let list = registered.dependencies;
        evidence.extend(list.into_iter().flat_map(|list| dependency::all_of(site, list, Means::Dependency)));
    }
    declare(collector, registered, methods, handler, evidence);
}

/// `GET` where a function is registered; another application takes everything.
fn default_methods(site: Site<'_>, registered: &Registered) -> Methods {
    let is_function = registered.handler.function.is_some()
        || registered.framework == Framework::FastApi
        || registered.view.is_some_and(|view| {
            // What is made by a call is a function like any other, unless it is made from a class.
            site.type_of(view).is_none_or(|class| !matches!(class, Type::Class(..)))
        });
    if is_function { Methods::GET } else { Methods::ANY }
}

/// `class View(HTTPEndpoint)`: a route for each of its methods.
fn endpoint(collector: &mut Collector<'_>, registered: &Registered, class: Type) {
    let site = collector.site;
    let bases = site.project.external_bases(class);
    let inherits = |paths: &[&str]| paths.iter().any(|path| bases.contains(&crate::facts::path_hash(path)));
    if inherits(SOCKETS) || registered.methods == Some(Methods::WEBSOCKET) {
        return declare(
            collector,
            registered,
            Methods::WEBSOCKET,
            registered.handler,
            registered.evidence.clone(),
        );
    }
    if !inherits(ENDPOINTS) {
        let methods = registered.methods.unwrap_or(Methods::ANY);
        return declare(collector, registered, methods, registered.handler, registered.evidence.clone());
    }
    for name in METHODS {
        let method = Methods::of(name);
        if registered.methods.is_some_and(|given| given.common(method).is_empty()) {
            continue;
        }
        let Some(Entity::Function(file, function)) = site.project.method(class, hash_text(name)) else {
            continue;
        };
        let Some(owner) = Site::new(site.project, file) else { continue };
        let handler = Handler { file, function: Some(function), class: registered.handler.class };
        let evidence = [closing(decorators(owner, function)), registered.evidence.clone()].concat();
        declare(collector, registered, method, handler, evidence);
    }
}

fn declare(
    collector: &mut Collector<'_>,
    registered: &Registered,
    methods: Methods,
    handler: Handler,
    evidence: Vec<Evidence>,
) {
    let inputs = inputs::of(collector.site.project, handler, registered.framework, &registered.path);
    collector.found.routes.push(Declared {
        framework: registered.framework,
        group: registered.group,
        methods,
        path: registered.path.clone(),
        handler,
        place: registered.place,
        inputs,
        evidence,
    });
}

/// Whether the methods of a class are made handlers of their own: `@cbv(router)`.
pub(super) fn is_cbv(site: Site<'_>, class: ClassId) -> bool {
    site.module.class_decorators(class).iter().any(|decorator| site.is_call_of(decorator, CBV))
}

/// `@cbv(router, "/x")`: the methods of the class that are called like those of requests.
fn cbv_urls(collector: &mut Collector<'_>, class: ClassId, decorator: ValueId) {
    let site = collector.site;
    if !site.is_call_of(decorator, CBV) {
        return;
    }
    let Value::Call(_, arguments) = site.value(decorator) else { return };
    let Some(router) = arguments.positional().get(0) else { return };
    for path in arguments.positional().iter().skip(1) {
        for name in METHODS {
            let Some(function) = own_method(site, class, name) else { continue };
            let registered = Registered {
                group: key(site, router),
                path: collector.path(path),
                methods: Some(Methods::of(name)),
                handler: collector.handler(function),
                view: None,
                place: collector.place(decorator),
                evidence: closing(decorators(site, function)),
                dependencies: None,
                framework: Framework::FastApi,
            };
            register(collector, &registered);
        }
    }
}

fn own_method(site: Site<'_>, class: ClassId, name: &str) -> Option<FunctionId> {
    let binding = site.module.lookup(site.module.class(class)?.scope, hash_text(name))?;
    let mut definitions = site.module.definitions(binding).iter();
    let function = definitions.rfind(|one| one.kind == DefinitionKind::Function)?;
    Some(FunctionId(function.id))
}

/// The name of a function, for people.
pub(super) fn function_name(site: Site<'_>, function: FunctionId) -> String {
    site.module.function(function).map_or("", |facts| site.module.text(facts.name)).to_owned()
}
