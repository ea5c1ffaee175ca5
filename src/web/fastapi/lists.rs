//! Routes in lists: `routes=[Route("/x", view), Mount("/y", routes=OTHERS)]`.
//!
//! Each `Route(…)` is a group of one and each `Mount(…)` one of many; who takes the list, wherever it stands, mounts
//! them.

use super::super::collect::{self, CallSite, Collector, Group};
use super::super::model::{Framework, GroupKey, Methods, RoutePath};
use super::super::unroll::parts;
use super::{endpoint, key, kind, middleware, mount_path, mounted};
use crate::facts::{DefinitionKind, Value, ValueId, path_hash};
use crate::project::{Entity, Site, Type};

/// What an element of such a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Route,
    ApiRoute,
    WebSocket,
    ApiWebSocket,
    Mount,
    Host,
}

const ELEMENTS: [(&str, Element); 6] = [
    ("fastapi.routing.APIRoute", Element::ApiRoute),
    ("fastapi.routing.APIWebSocketRoute", Element::ApiWebSocket),
    ("starlette.routing.Route", Element::Route),
    ("starlette.routing.WebSocketRoute", Element::WebSocket),
    ("starlette.routing.Mount", Element::Mount),
    ("starlette.routing.Host", Element::Host),
];

/// The classes of elements, by dotted path.
pub(in crate::web) fn element_paths() -> impl Iterator<Item = &'static str> {
    ELEMENTS.iter().map(|(path, _)| *path)
}

/// Mounts the elements of a list on what takes it.
pub(super) fn take(collector: &mut Collector<'_>, parent: GroupKey, list: Vec<(Site<'_>, ValueId)>) {
    for (site, item) in list {
        let Some(child) = element_key(site, item) else { continue };
        collector.part(parent, child, None);
    }
}

/// The call that an element is, maybe behind a variable; `router.routes` is all of a router.
fn element_key(site: Site<'_>, item: ValueId) -> Option<GroupKey> {
    match site.value(item) {
        Value::Attribute(owner, name)
            if site.module.text(name) == "routes" && kind(site, owner).is_some() =>
        {
            key(site, owner)
        }
        Value::Call(callee, _) => element(site, callee).map(|_| GroupKey::Made(site.file, item)),
        Value::Name(..) | Value::Attribute(..) => {
            let Entity::Variable(file, binding) = site.resolve(item)?.entity else { return None };
            let owner = Site::new(site.project, file)?;
            let definitions = owner.module.definitions(binding);
            let assigned = definitions.iter().find(|one| one.kind == DefinitionKind::Assigned)?;
            let value = assigned.value()?;
            matches!(owner.value(value), Value::Call(..)).then(|| element_key(owner, value)).flatten()
        }
        _ => None,
    }
}

fn element(site: Site<'_>, callee: ValueId) -> Option<Element> {
    element_of(site, site.class_of(callee)?)
}

fn element_of(site: Site<'_>, class: Type) -> Option<Element> {
    let bases = site.project.external_bases(class);
    bases.iter().find_map(|&base| {
        ELEMENTS.iter().find(|(path, _)| path_hash(path) == base).map(|(_, element)| *element)
    })
}

/// `app.routes.append(Route(…))`, `app.router.routes.extend([…])`.
pub(super) fn append(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Value::Attribute(owner, name) = site.value(receiver) else { return };
    if site.module.text(name) != "routes" || kind(site, owner).is_none() {
        return;
    }
    let Some(parent) = key(site, owner) else { return };
    let Some(given) = call.arguments.positional().iter().next_back() else { return };
    let list = if call.name == "extend" { parts(site, given) } else { vec![(site, given)] };
    take(collector, parent, list);
}

/// Every element that a file makes.
pub(super) fn routes(collector: &mut Collector<'_>) {
    let site = collector.site;
    for &call in collector.calls().iter() {
        let Some(element) = call.class.and_then(|class| element_of(site, class)) else { continue };
        let key = GroupKey::Made(site.file, call.id);
        match element {
            Element::Mount | Element::Host => group(collector, &call, key, element),
            _ => route(collector, &call, key, element),
        }
    }
}

fn group(collector: &mut Collector<'_>, call: &CallSite<'_>, key: GroupKey, element: Element) {
    let site = collector.site;
    let path = site.argument(call.arguments, 0, "path").filter(|_| element == Element::Mount);
    let prefix = path.map_or_else(|| RoutePath::exact(""), |path| mount_path(site, path));
    let list = site.keyword(call.arguments, "middleware");
    let evidence = list.map_or_else(Vec::new, |list| middleware::all_of(collector, site, list));
    collector.found.groups.push(Group {
        key,
        framework: Framework::Starlette,
        is_app: false,
        prefix,
        evidence,
    });
    let routes = site
        .keyword(call.arguments, "routes")
        .or_else(|| site.positional(call.arguments, 2).filter(|_| element == Element::Mount));
    if let Some(routes) = routes {
        take(collector, key, parts(site, routes));
    }
    let app = site.argument(call.arguments, 1, "app");
    if let Some(child) = app.and_then(|app| mounted(site, app)) {
        collector.part(key, child, None);
    }
}

fn route(collector: &mut Collector<'_>, call: &CallSite<'_>, key: GroupKey, element: Element) {
    let site = collector.site;
    let (Some(path), Some(view)) =
        (site.argument(call.arguments, 0, "path"), site.argument(call.arguments, 1, "endpoint"))
    else {
        return;
    };
    let is_socket = matches!(element, Element::WebSocket | Element::ApiWebSocket);
    let is_api = matches!(element, Element::ApiRoute | Element::ApiWebSocket);
    let list = site.keyword(call.arguments, "middleware");
    let mut evidence = collect::wrappers(site, view);
    evidence.retain(|one| !one.opens);
    evidence.extend(list.into_iter().flat_map(|list| middleware::all_of(collector, site, list)));
    let registered = endpoint::Registered {
        group: Some(key),
        path: collector.path(path),
        methods: if is_socket { Some(Methods::WEBSOCKET) } else { endpoint::methods(site, call.arguments) },
        handler: collector.handler_of(view),
        view: Some(view),
        place: collector.place(call.id),
        evidence,
        dependencies: site.keyword(call.arguments, "dependencies").filter(|_| is_api),
        framework: if is_api { Framework::FastApi } else { Framework::Starlette },
    };
    endpoint::register(collector, &registered);
}
