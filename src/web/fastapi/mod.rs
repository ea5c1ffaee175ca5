//! `FastAPI` and Starlette: applications, routers, routes as decorators, calls and lists, views as classes.
//!
//! A `FastAPI` router has dependencies and a prefix of its own; what Starlette adds to it (`add_route`, `mount`) gets
//! neither, only the prefixes that the router is included with.

mod dependency;
mod endpoint;
mod inputs;
pub(super) mod lists;
mod marker;
mod middleware;

use super::collect::{CallSite, Collector, Declared, Group, Mount, Passed};
use super::model::{Evidence, Framework, GroupKey, Handler, Means, Methods, RoutePath};
use super::unroll::{parts, turns};
use super::{collect, group};
use crate::facts::{Arguments, Statement, Value, ValueId, hash_text, path_hash};
use crate::project::{Entity, Project, Site, Type};
pub use dependency::depended_on;
pub(super) use inputs::from_path;

const APPS: &[&str] = &["fastapi.FastAPI", "cadwyn.Cadwyn", "cadwyn.applications.Cadwyn"];
const ROUTERS: &[&str] =
    &["fastapi.APIRouter", "cadwyn.VersionedAPIRouter", "cadwyn.routing.VersionedAPIRouter"];
const PLAIN_APPS: &[&str] = &["starlette.applications.Starlette"];
const PLAIN_ROUTERS: &[&str] = &["starlette.routing.Router"];

/// What routes are declared on.
pub(super) const MADE: &[&[&str]] = &[APPS, ROUTERS, PLAIN_APPS, PLAIN_ROUTERS];

/// Routers that come with routes.
const LIBRARY: &[(&str, &[&str])] = &[("strawberry.fastapi.GraphQLRouter", &["GET", "POST", "WEBSOCKET"])];

/// What routes are declared on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    App,
    Router,
    PlainApp,
    PlainRouter,
}

impl Kind {
    fn is_app(self) -> bool {
        matches!(self, Kind::App | Kind::PlainApp)
    }

    fn framework(self) -> Framework {
        match self {
            Kind::App | Kind::Router => Framework::FastApi,
            Kind::PlainApp | Kind::PlainRouter => Framework::Starlette,
        }
    }
}

/// Finds what a file has of `FastAPI` and Starlette.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    for &call in collector.calls().iter() {
        if let Some(kind) = call.class.and_then(|class| kind_of(site.project, class)) {
            make(collector, &call, kind);
            continue;
        }
        let Some(receiver) = call.receiver else { continue };
        match call.name {
            "include_router" | "generate_and_include_versioned_routers" => {
                include(collector, &call, receiver);
            }
            "mount" | "host" => mount(collector, &call, receiver),
            "add_middleware" => middleware::add(collector, &call, receiver),
            "append" | "extend" | "insert" => lists::append(collector, &call, receiver),
            _ => endpoint::added(collector, &call, receiver),
        }
    }
    lists::routes(collector);
    endpoint::decorated(collector);
}

/// What kind of group is made where this is called.
fn made(site: Site<'_>, callee: ValueId) -> Option<Kind> {
    kind_of(site.project, site.class_of(callee)?)
}

/// What kind of group an instance of a class is.
fn kind_of(project: &Project, class: Type) -> Option<Kind> {
    const KINDS: [(&[&str], Kind); 4] = [
        (APPS, Kind::App),
        (ROUTERS, Kind::Router),
        (PLAIN_APPS, Kind::PlainApp),
        (PLAIN_ROUTERS, Kind::PlainRouter),
    ];
    project.external_bases(class).iter().find_map(|&base| {
        let is_base = |paths: &[&str]| paths.iter().any(|path| path_hash(path) == base);
        KINDS.iter().find(|(paths, _)| is_base(paths)).map(|(_, kind)| *kind)
    })
}

/// What kind of group an expression is.
fn kind(site: Site<'_>, value: ValueId) -> Option<Kind> {
    if let Some(class) = site.type_of(value) {
        return kind_of(site.project, class);
    }
    if let Some(GroupKey::Made(file, made_by)) = group::of(site, value) {
        let owner = Site::new(site.project, file)?;
        let Value::Call(callee, _) = owner.value(made_by) else { return None };
        return made(owner, callee);
    }
    // A parameter that is not annotated.
    let is_ours = || site.imports("fastapi") || site.imports("starlette");
    match (site.last_segment(value)?, site.value(value)) {
        ("app" | "application" | "api" | "fastapi_app", Value::Name(..)) if is_ours() => Some(Kind::App),
        ("router" | "api_router", Value::Name(..)) if is_ours() => Some(Kind::Router),
        _ => None,
    }
}

/// The group that an expression is; `app.router` is the application itself.
fn key(site: Site<'_>, value: ValueId) -> Option<GroupKey> {
    if let Value::Attribute(object, name) = site.value(value)
        && site.module.text(name) == "router"
        && kind(site, object).is_some()
    {
        return group::of(site, object);
    }
    group::of(site, value)
}

/// An application or router that a call makes.
fn make(collector: &mut Collector<'_>, call: &CallSite<'_>, kind: Kind) {
    let site = collector.site;
    let key = GroupKey::Made(site.file, call.id);
    let given = own_arguments(site, call);
    let find = |name: &str| {
        given.iter().find_map(|(site, arguments)| Some((*site, site.keyword(*arguments, name)?)))
    };
    let prefix = find("prefix").filter(|_| !kind.is_app());
    let mut evidence = find("dependencies")
        .map_or_else(Vec::new, |(site, list)| dependency::all_of(site, list, Means::Router));
    evidence.extend(find("route_class").and_then(|(site, class)| dependency::route_class(site, class)));
    let list = find("middleware");
    evidence.extend(list.into_iter().flat_map(|(site, list)| middleware::all_of(collector, site, list)));
    collector.found.groups.push(Group {
        key,
        framework: kind.framework(),
        is_app: kind.is_app(),
        prefix: prefix.map_or_else(|| RoutePath::exact(""), |(site, prefix)| collect::path(site, prefix)),
        evidence,
    });
    if let Some(Entity::Class(file, class)) = site.resolve(call.callee).map(|found| found.entity) {
        collector.found.passed.push(Passed { parameter: GroupKey::Class(file, class), group: key });
    }
    library(collector, call, key);
    let position = usize::from(kind == Kind::PlainApp);
    let routes = find("routes").or_else(|| {
        let is_plain = matches!(kind, Kind::PlainApp | Kind::PlainRouter);
        let routes = site.positional(call.arguments, position).filter(|_| is_plain)?;
        Some((site, routes))
    });
    if let Some((site, list)) = routes {
        lists::take(collector, key, parts(site, list));
    }
}

/// The routes that a router of a library has from the start.
fn library(collector: &mut Collector<'_>, call: &CallSite<'_>, key: GroupKey) {
    let site = collector.site;
    let Some(class) = site.class_of(call.callee) else { return };
    let bases = site.project.external_bases(class);
    let known = LIBRARY.iter().find(|(path, _)| bases.contains(&path_hash(path)));
    let Some((_, methods)) = known else { return };
    let evidence = site.keyword(call.arguments, "context_getter");
    let evidence = evidence.and_then(|value| dependency::of(site, value));
    let path = site.keyword(call.arguments, "path");
    let path = path.map_or_else(|| RoutePath::exact(""), |path| collect::path(site, path));
    for method in *methods {
        collector.found.routes.push(Declared {
            framework: Framework::FastApi,
            group: Some(key),
            methods: Methods::of(method),
            path: path.clone(),
            handler: Handler { file: site.file, function: None, class: None },
            place: collector.place(call.id),
            inputs: Vec::new(),
            evidence: evidence.iter().cloned().collect(),
        });
    }
}

/// The arguments of a call, and those that the class of the project that is made gives to its base.
fn own_arguments<'p>(site: Site<'p>, call: &CallSite<'p>) -> Vec<(Site<'p>, Arguments<'p>)> {
    let mut given = vec![(site, call.arguments)];
    let Some(Entity::Class(file, class)) = site.resolve(call.callee).map(|found| found.entity) else {
        return given;
    };
    let init = site.project.method(Type::Class(file, class), hash_text("__init__"));
    let Some(Entity::Function(file, init)) = init else { return given };
    let Some(owner) = Site::new(site.project, file) else { return given };
    owner.module.walk_block(owner.module.function_body(init), &mut |_, statement| {
        let Statement::Expression(value) = statement else { return };
        let Value::Call(callee, arguments) = owner.value(value) else { return };
        if owner.last_segment(callee) == Some("__init__") {
            given.push((owner, arguments));
        }
    });
    given
}

/// `app.include_router(router, prefix="/x", dependencies=[…])`.
fn include(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if kind(site, receiver).is_none() || endpoint::is_own_way(site, receiver) {
        return;
    }
    let Some(child) = site.argument(call.arguments, 0, "router") else { return };
    let Some(parent) = key(site, receiver) else { return };
    let list = site.keyword(call.arguments, "dependencies");
    let evidence = list.map_or_else(Vec::new, |list| dependency::all_of(site, list, Means::Router));
    let prefix = site.keyword(call.arguments, "prefix");
    for turn in turns(site, call.id) {
        let Some(child) = turn.group(site, child).or_else(|| key(site, child)) else { continue };
        let prefix = prefix.map(|prefix| {
            let (owner, prefix) = turn.value(site, prefix);
            mount_path(owner, prefix)
        });
        add_mount(collector, (parent, child), prefix, evidence.clone());
    }
}

/// `app.mount("/x", other)`; a host has no prefix.
fn mount(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if kind(site, receiver).is_none() || endpoint::is_own_way(site, receiver) {
        return;
    }
    let Some(parent) = key(site, receiver) else { return };
    let (Some(path), Some(child)) =
        (site.argument(call.arguments, 0, "path"), site.argument(call.arguments, 1, "app"))
    else {
        return;
    };
    for turn in turns(site, call.id) {
        let (owner, path) = turn.value(site, path);
        let prefix = if call.name == "host" { RoutePath::exact("") } else { mount_path(owner, path) };
        let (owner, child) = turn.value(site, child);
        if let Some(child) = mounted(owner, child) {
            add_mount(collector, (parent, child), Some(prefix), Vec::new());
        }
    }
}

fn add_mount(
    collector: &mut Collector<'_>,
    (parent, child): (GroupKey, GroupKey),
    prefix: Option<RoutePath>,
    evidence: Vec<Evidence>,
) {
    if parent != child {
        collector.found.mounts.push(Mount { parent, child, prefix, keeps_own: true, evidence });
    }
}

/// The path of a mount, or a prefix, which has no slash at its end: one there does not count.
fn mount_path(site: Site<'_>, value: ValueId) -> RoutePath {
    let path = collect::path(site, value);
    RoutePath { text: path.text.trim_end_matches('/').to_owned(), ..path }
}

/// The application that is mounted, through what is wrapped around it: `WSGIMiddleware(flask_app)`.
fn mounted(site: Site<'_>, value: ValueId) -> Option<GroupKey> {
    if let Value::Call(callee, arguments) = site.value(value)
        && made(site, callee).is_none()
        && let Some(Entity::External(_) | Entity::Class(..)) = site.resolve(callee).map(|found| found.entity)
    {
        return mounted(site, site.argument(arguments, 0, "app")?);
    }
    key(site, value)
}
