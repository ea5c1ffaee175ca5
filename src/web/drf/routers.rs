//! Routers: which routes a set of views has where it is registered.

use rustc_hash::FxHashMap;

use super::super::classes::{Lineage, class_type};
use super::super::collect::{self, CallSite, Collector, Declared};
use super::super::django::class_views::{Bound, Making, answers};
use super::super::django::inputs;
use super::super::group;
use super::super::model::{Framework, GroupKey, Handler, Methods, Place, RoutePath};
use super::actions::{Action, actions};
use super::permissions::{Scene, default_permissions};
use super::tables::{Row, Table};
use crate::facts::{Value, ValueId, hash_text};
use crate::project::{Entity, Project, Site, Type};

const ROUTERS: &[&str] = &[
    "rest_framework.routers.BaseRouter",
    "rest_framework.routers.SimpleRouter",
    "rest_framework.routers.DefaultRouter",
    "rest_framework_nested.routers.SimpleRouter",
    "rest_framework_nested.routers.DefaultRouter",
    "rest_framework_nested.routers.NestedSimpleRouter",
    "rest_framework_nested.routers.NestedDefaultRouter",
    "rest_framework_extensions.routers.ExtendedSimpleRouter",
    "rest_framework_extensions.routers.ExtendedDefaultRouter",
    "rest_framework_bulk.routes.BulkRouter",
];
const ROOTED: &[&str] = &[
    "rest_framework.routers.DefaultRouter",
    "rest_framework_nested.routers.DefaultRouter",
    "rest_framework_nested.routers.NestedDefaultRouter",
    "rest_framework_extensions.routers.ExtendedDefaultRouter",
];
/// The attribute of a router that lists what is registered on it.
const REGISTRY: &str = "registry";
/// The most routers that hold what is registered on one.
const MOST_HOLDERS: usize = 64;
/// What a class that can be registered on a router inherits from.
const SETS: &[&str] = &[
    "rest_framework.views.APIView",
    "rest_framework.viewsets.ViewSetMixin",
    "rest_framework.viewsets.ViewSet",
    "rest_framework.viewsets.GenericViewSet",
];

/// Finds what a file registers on routers.
pub(in crate::web) fn fill(collector: &mut Collector<'_>) {
    for &call in collector.calls().iter() {
        let Some(receiver) = call.receiver else { continue };
        if call.name == "register" {
            register(collector, &call, receiver);
        }
    }
}

/// Whether an expression is a router.
pub(in crate::web) fn is_router(site: Site<'_>, value: ValueId) -> bool {
    site.is_instance(value, ROUTERS)
}

/// The root view that a router adds where its routes are included: a list of all it has.
pub(in crate::web) fn root_view(
    collector: &Collector<'_>,
    site: Site<'_>,
    value: ValueId,
) -> Option<Declared> {
    if !site.is_instance(value, ROOTED) {
        return None;
    }
    let table = Table::of(site, group::of(site, value)?);
    if !table.has_root {
        return None;
    }
    let scene = Scene { action: None, method: Methods::GET, is_detail: None };
    let place = Place { file: site.file, span: site.module.span(value) };
    Some(Declared {
        framework: Framework::DjangoRest,
        group: None,
        methods: Methods::GET,
        path: RoutePath::exact(""),
        handler: Handler { file: site.file, function: None, class: None },
        place,
        inputs: Vec::new(),
        evidence: default_permissions(&collector.context.django, site, &scene),
    })
}

/// Routers whose registrations are handed on to others: `router.registry.extend(other.registry)`.
#[derive(Debug, Default)]
pub(in crate::web) struct Registries {
    /// By the one that hands on.
    handed: FxHashMap<GroupKey, Vec<GroupKey>>,
}

impl Registries {
    /// Reads them from all files.
    pub fn of(project: &Project) -> Registries {
        let mut found = Registries::default();
        for (file, facts) in project.files() {
            if facts.module.names().contains_hash(hash_text(REGISTRY))
                && let Some(site) = Site::new(project, file)
            {
                site.module.calls().for_each(|id| found.read(site, id));
            }
        }
        found
    }

    fn read(&mut self, site: Site<'_>, id: ValueId) {
        let registry = |value: ValueId| match site.value(value) {
            Value::Attribute(router, name) if site.module.text(name) == REGISTRY => group::of(site, router),
            _ => None,
        };
        let Some(call) = collect::call(site, id).filter(|call| call.name == "extend") else { return };
        let given = call.arguments.positional().get(0).and_then(registry);
        if let (Some(to), Some(from)) = (call.receiver.and_then(registry), given) {
            self.handed.entry(from).or_default().push(to);
        }
    }

    /// The routers that have what is registered on one.
    fn holders(&self, key: GroupKey) -> Vec<GroupKey> {
        let (mut found, mut open) = (Vec::new(), vec![key]);
        while let Some(key) = open.pop() {
            match self.handed.get(&key) {
                Some(to) if found.len() < MOST_HOLDERS => open.extend(to.iter().filter(|to| **to != key)),
                _ => found.push(key),
            }
        }
        found
    }
}

fn register(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let prefix = site.argument(call.arguments, 0, "prefix");
    let set = site.argument(call.arguments, 1, "viewset");
    let (Some(prefix), Some(set)) = (prefix, set) else { return };
    let names_router =
        || site.last_segment(receiver).is_some_and(|name| name.to_ascii_lowercase().contains("router"));
    if !(is_router(site, receiver) || names_router() && site.type_of(receiver).is_none()) {
        return;
    }
    let Some(class) = site.resolve(set).and_then(|found| class_type(site.project, found.entity)) else {
        return;
    };
    let lineage = Lineage::of(site.project, class);
    let is_external = matches!(class, Type::External(_));
    if !is_external && !lineage.has_any(SETS) && lineage.external().next().is_none() {
        return;
    }
    let Some(key) = group::of(site, receiver) else { return };
    for key in collector.context.registries.holders(key) {
        let (place, prefix, lineage) = (collector.place(call.id), collector.path(prefix), lineage.clone());
        declare(collector, &Registered { key, class, place, prefix, lineage }, &Table::of(site, key));
    }
}

struct Registered<'p> {
    key: GroupKey,
    class: Type,
    place: Place,
    prefix: RoutePath,
    lineage: Lineage<'p>,
}

fn declare<'p>(collector: &mut Collector<'p>, registered: &Registered<'p>, table: &Table) {
    let actions = actions(&registered.lineage);
    for row in &table.rows {
        match row {
            Row::Fixed { url, bound, is_detail } => {
                let bound = bound.iter().filter(|bound| registered.lineage.member(&bound.name).is_some());
                let making = Making {
                    bound: Some(bound.cloned().collect()),
                    is_detail: Some(*is_detail),
                    ..Making::default()
                };
                route(collector, registered, table, url, &making);
            }
            Row::Actions { url, is_detail } => {
                for action in actions.iter().filter(|action| action.is_detail == *is_detail) {
                    let url = RoutePath {
                        text: url.text.replace("{url_path}", &action.path.text),
                        is_exact: url.is_exact && action.path.is_exact,
                    };
                    route(collector, registered, table, &url, &made(action));
                }
            }
        }
    }
}

fn made<'p>(action: &Action<'p>) -> Making<'p> {
    let bound = action.bound.iter().map(|(method, name)| Bound {
        method: *method,
        name: name.clone(),
        is_action: true,
    });
    Making {
        bound: Some(bound.collect()),
        permissions: action.permissions.clone(),
        limit: None,
        is_detail: Some(action.is_detail),
    }
}

fn route<'p>(
    collector: &mut Collector<'p>,
    registered: &Registered<'p>,
    table: &Table,
    url: &RoutePath,
    making: &Making<'p>,
) {
    let site = collector.site;
    let path = table.path(url, &registered.prefix, &registered.lineage);
    for answer in answers(&collector.context.django, site, registered.class, making) {
        if answer.methods.is_empty() {
            continue;
        }
        let inputs = inputs(site, answer.handler, &path);
        collector.found.routes.push(Declared {
            framework: Framework::DjangoRest,
            group: Some(registered.key),
            methods: answer.methods,
            path: path.clone(),
            handler: answer.handler,
            place: registered.place,
            inputs,
            evidence: answer.evidence,
        });
    }
}

/// The class of sets of views that an expression names.
pub(super) fn set_of(site: Site<'_>, value: ValueId) -> Option<Type> {
    match site.resolve(value)?.entity {
        entity @ (Entity::Class(..) | Entity::External(_)) => class_type(site.project, entity),
        _ => None,
    }
}
