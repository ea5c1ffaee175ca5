//! Django: lists of routes, views as functions and classes, and what the settings say.
//!
//! Paths stand as Django shows them, with a `/` before them: `/users/<int:pk>/`; what is a regular expression stands
//! there as written. Routes are mounted where a root module leads to them: one that settings name, or, where none do,
//! one that nobody includes. The administration site is one route. `static()` is none.

mod bound;
pub(super) mod class_views;
mod dynamic;
mod include;
mod patterns;
mod scope;
mod settings;
mod views;

use rustc_hash::{FxHashMap, FxHashSet};

use super::collect::{Collected, Collector, Group};
use super::model::{
    ErrorPage, Evidence, Framework, GroupKey, Handler, Input, Means, Place, Route, RoutePath, Source,
};
use crate::facts::{ScopeId, Span, hash_text};
use crate::project::{FileId, Project, Site};
use settings::LOGIN_MIDDLEWARE;
pub(super) use settings::Settings;

/// The variable of a module that lists its routes.
const PATTERNS: &str = "urlpatterns";

/// Finds the routes that a file lists.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    let key = GroupKey::Module(site.file);
    if lists_routes(site) {
        error_pages(collector);
    }
    if collector.context.django.is_root(site.file) {
        collector.found.groups.push(root(site.project, &collector.context.django, site.file));
    }
    patterns::walk(collector, key);
}

/// `handler404 = "shop.views.not_found"`: Django looks for it in the root module.
fn error_pages(collector: &mut Collector<'_>) {
    let site = collector.site;
    for (name, status) in [("handler400", 400), ("handler403", 403), ("handler404", 404), ("handler500", 500)]
    {
        let Some(binding) = site.module.lookup(ScopeId(0), hash_text(name)) else { continue };
        let Some(first) = site.module.definitions(binding).first() else { continue };
        let span = Span::new(first.offset, first.offset + name.len() as u32);
        let place = Place { file: site.file, span };
        collector.found.error_pages.push(ErrorPage { framework: Framework::Django, status, place });
    }
}

/// Whether a module has a list of routes of its own.
fn lists_routes(site: Site<'_>) -> bool {
    site.module.lookup(ScopeId(0), hash_text(PATTERNS)).is_some()
}

fn root(project: &Project, settings: &Settings, file: FileId) -> Group {
    Group {
        key: GroupKey::Module(file),
        framework: Framework::Django,
        is_app: true,
        prefix: RoutePath::exact(""),
        evidence: settings.guards(project, file),
    }
}

/// Where no settings name a root, the modules that nobody includes are roots. What only tests include is left out.
pub(super) fn settle(project: &Project, settings: &Settings, collected: &mut Vec<Collected>) {
    let is_test = |file: FileId| project.file(file).is_some_and(crate::project::File::is_test);
    if !settings.has_roots() {
        let mut roots = unincluded(collected, &is_test);
        if roots.iter().any(|file| !is_test(*file)) {
            roots.retain(|file| !is_test(*file));
        }
        let groups = roots.into_iter().map(|file| root(project, settings, file)).collect();
        collected.push(Collected { groups, ..Collected::default() });
    }
    tighten(collected);
    let reached = reached(collected);
    for file in collected.iter_mut() {
        file.mounts.retain(|mount| match mount.parent {
            GroupKey::Module(parent) => reached.contains(&mount.parent) || !is_test(parent),
            _ => true,
        });
    }
}

/// Of what is included by names made at run time, takes what nothing else includes.
fn tighten(collected: &mut [Collected]) {
    let mut taken: FxHashSet<GroupKey> = FxHashSet::default();
    for file in collected.iter() {
        taken.extend(file.mounts.iter().map(|mount| mount.child));
        taken.extend(file.groups.iter().filter(|group| group.is_app).map(|group| group.key));
    }
    for file in collected.iter_mut() {
        let loose = std::mem::take(&mut file.loose);
        file.mounts.extend(loose.into_iter().filter(|mount| !taken.contains(&mount.child)));
    }
}

/// The modules with routes that no other includes, but for tests.
fn unincluded(collected: &[Collected], is_test: &dyn Fn(FileId) -> bool) -> Vec<FileId> {
    let is_django = |framework| matches!(framework, Framework::Django | Framework::DjangoRest);
    let mut parents: FxHashSet<FileId> = FxHashSet::default();
    let mut mounts: Vec<(GroupKey, GroupKey)> = Vec::new();
    for file in collected {
        let declaring = file.routes.iter().filter(|route| is_django(route.framework));
        let keys =
            declaring.filter_map(|route| route.group).chain(file.mounts.iter().map(|mount| mount.parent));
        parents.extend(keys.filter_map(|key| match key {
            GroupKey::Module(file) => Some(file),
            _ => None,
        }));
        mounts.extend(file.mounts.iter().map(|mount| (mount.parent, mount.child)));
    }
    let is_only_tests = parents.iter().all(|file| is_test(*file));
    let by_tests = |parent: GroupKey| matches!(parent, GroupKey::Module(file) if is_test(file));
    let mounts = mounts.into_iter().filter(|(parent, _)| is_only_tests || !by_tests(*parent));
    let children: FxHashSet<GroupKey> = mounts.map(|(_, child)| child).collect();
    let mut roots: Vec<FileId> =
        parents.into_iter().filter(|file| !children.contains(&GroupKey::Module(*file))).collect();
    roots.sort();
    roots
}

/// The groups that applications lead to.
fn reached(collected: &[Collected]) -> FxHashSet<GroupKey> {
    let mut children: FxHashMap<GroupKey, Vec<GroupKey>> = FxHashMap::default();
    for mount in collected.iter().flat_map(|file| &file.mounts) {
        children.entry(mount.parent).or_default().push(mount.child);
    }
    let groups = collected.iter().flat_map(|file| &file.groups);
    let mut open: Vec<GroupKey> = groups.filter(|group| group.is_app).map(|group| group.key).collect();
    let mut found = FxHashSet::default();
    while let Some(key) = open.pop() {
        if found.insert(key) {
            open.extend(children.get(&key).into_iter().flatten());
        }
    }
    found
}

/// Puts paths and evidence as Django has them. Every layer has to let a request pass: what opens a view opens it to its
/// permission classes, and to a middleware that asks views, but to nothing else.
pub(super) fn finish(project: &Project, settings: &Settings, routes: &mut Vec<Route>) {
    let is_django = |route: &Route| matches!(route.framework, Framework::Django | Framework::DjangoRest);
    for route in routes.iter_mut().filter(|route| is_django(route)) {
        route.path.text.insert(0, '/');
        let evidence = std::mem::take(&mut route.evidence);
        let is_rest = route.framework == Framework::DjangoRest;
        let (outer, inner): (Vec<Evidence>, Vec<Evidence>) =
            evidence.into_iter().partition(|one| one.means == Means::Application);
        let (opens, protects): (Vec<Evidence>, Vec<Evidence>) = inner.into_iter().partition(|one| one.opens);
        let path = &route.path.text;
        let is_open = opens.iter().any(|_| !is_rest);
        let stands = |one: &Evidence| {
            settings.covers(&one.name, path)
                && !(is_rest && one.name == LOGIN_MIDDLEWARE)
                && !(is_open && settings.yields(&one.name))
        };
        let outer: Vec<Evidence> = outer.into_iter().filter(stands).collect();
        route.evidence = [protects, outer, opens].concat();
    }
    // Lists that only tests have lead nowhere.
    let is_test = |route: &Route| project.file(route.place.file).is_some_and(crate::project::File::is_test);
    routes.retain(|route| route.is_mounted || !is_django(route) || !is_test(route));
    // Several roots may have the same list: what they share is told once.
    routes.sort_by(|a, b| (&a.path, a.methods, a.place).cmp(&(&b.path, b.methods, b.place)));
    routes.dedup_by(|a, b| {
        is_django(a) && Route { group: b.group, application: b.application, ..a.clone() } == *b
    });
}

/// What the parameters of a handler are: the request, and what the path names.
pub(super) fn inputs(site: Site<'_>, handler: Handler, path: &RoutePath) -> Vec<Input> {
    let Some(function) = handler.function else { return Vec::new() };
    let Some(owner) = Site::new(site.project, handler.file) else { return Vec::new() };
    let parts = parts(&path.text);
    let bound = usize::from(handler.class.is_some());
    let parameters = owner.module.parameters(function).iter().enumerate();
    let input = |(index, name): (usize, &str)| {
        if index == bound {
            return Some(Input { parameter: index as u32, source: Source::Request, is_number: false });
        }
        let (_, is_number) = parts.iter().find(|(known, _)| *known == name)?;
        Some(Input { parameter: index as u32, source: Source::Path, is_number: *is_number })
    };
    parameters.map(|(index, one)| (index, owner.module.text(one.name))).filter_map(input).collect()
}

/// The names in a path, and whether only numbers and the like match: `<int:pk>`, `(?P<pk>\d+)`.
fn parts(path: &str) -> Vec<(&str, bool)> {
    let numbers = ["int", "float", "uuid"];
    let patterns = ["\\d", "[0-9]", "[\\d"];
    path.split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(inside, behind)| match inside.split_once(':') {
            Some((converter, name)) => (name, numbers.contains(&converter)),
            None => (inside, patterns.iter().any(|pattern| behind.starts_with(pattern))),
        })
        .collect()
}
