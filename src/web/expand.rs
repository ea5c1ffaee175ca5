//! From what files declare to routes: prefixes applied, groups followed up to their applications.

use rustc_hash::{FxHashMap, FxHashSet};

use super::collect::{Bearer, Collected, Declared, Group, Mount, Version};
use super::model::{Evidence, Framework, GroupKey, Handler, Means, Place, Route, RoutePath};
use super::reach::Reach;
use super::{access, checks, fastapi};
use crate::project::{Project, Site};

/// The deepest nesting of groups, and the most ways up that are followed from one of them.
const DEEPEST: usize = 16;
const MOST_WAYS: usize = 64;

/// The routes that all files together declare.
pub(super) fn routes(project: &Project, collected: &[Collected]) -> Vec<Route> {
    let tree = Tree::new(collected);
    let declared = collected.iter().flat_map(|file| &file.routes);
    declared.flat_map(|route| expand(project, &tree, route)).collect()
}

/// The groups, with what they are part of.
struct Tree<'c> {
    groups: FxHashMap<GroupKey, &'c Group>,
    /// By child.
    mounts: FxHashMap<GroupKey, Vec<&'c Mount>>,
    guards: FxHashMap<GroupKey, Vec<&'c Evidence>>,
    /// What is given for a parameter.
    passed: FxHashMap<GroupKey, Vec<GroupKey>>,
    /// By the place of the guard.
    reaches: FxHashMap<Place, &'c Reach>,
    versions: FxHashMap<Bearer, &'c Version>,
}

/// A way from a group up to an application.
#[derive(Clone, Default)]
struct Way {
    /// The first group on it that something is known of.
    group: Option<GroupKey>,
    /// The last group on it.
    application: Option<GroupKey>,
    prefix: RoutePath,
    evidence: Vec<Evidence>,
    version: Version,
    is_mounted: bool,
}

impl<'c> Tree<'c> {
    fn new(collected: &'c [Collected]) -> Tree<'c> {
        let mut tree = Tree {
            groups: FxHashMap::default(),
            mounts: FxHashMap::default(),
            guards: FxHashMap::default(),
            passed: FxHashMap::default(),
            reaches: FxHashMap::default(),
            versions: FxHashMap::default(),
        };
        for file in collected {
            tree.groups.extend(file.groups.iter().map(|group| (group.key, group)));
            tree.reaches.extend(file.reaches.iter().map(|(place, reach)| (*place, reach)));
            tree.versions.extend(file.versions.iter().map(|(bearer, version)| (*bearer, version)));
        }
        for passed in collected.iter().flat_map(|file| &file.passed) {
            // Much else is called with what looks like a group.
            if tree.groups.contains_key(&passed.group) || matches!(passed.group, GroupKey::Parameter(..)) {
                tree.passed.entry(passed.parameter).or_default().push(passed.group);
            }
        }
        for file in collected {
            for mount in &file.mounts {
                for child in tree.meant(mount.child) {
                    tree.mounts.entry(child).or_default().push(mount);
                }
            }
        }
        for file in collected {
            for (key, evidence) in &file.guards {
                let is_wide = file.app_wide.contains(&evidence.place);
                let meant = tree.meant(*key).into_iter();
                let keys: Vec<GroupKey> =
                    meant.flat_map(|key| if is_wide { tree.roots(key) } else { vec![key] }).collect();
                for key in keys {
                    tree.guards.entry(key).or_default().push(evidence);
                }
            }
        }
        tree
    }

    /// The groups that a group is part of at last, or itself.
    fn roots(&self, key: GroupKey) -> Vec<GroupKey> {
        let (mut found, mut open, mut seen) = (Vec::new(), vec![key], FxHashSet::default());
        while let Some(key) = open.pop() {
            if !seen.insert(key) || seen.len() > MOST_WAYS {
                continue;
            }
            match self.mounts.get(&key) {
                Some(mounts) => open.extend(mounts.iter().flat_map(|mount| self.meant(mount.parent))),
                None => found.push(key),
            }
        }
        found
    }

    fn version(&self, bearer: Bearer) -> Version {
        self.versions.get(&bearer).map_or_else(Version::default, |version| (*version).clone())
    }

    /// The groups that a key means: those given for it, where it is a parameter.
    fn meant(&self, key: GroupKey) -> Vec<GroupKey> {
        let (mut found, mut open, mut seen) = (Vec::new(), vec![key], FxHashSet::default());
        while let Some(key) = open.pop() {
            if !seen.insert(key) || seen.len() > MOST_WAYS {
                continue;
            }
            match self.passed.get(&key) {
                Some(given) => open.extend(given),
                None => found.push(key),
            }
        }
        found.sort();
        found
    }

    /// A parameter that nothing is known to be given for means the only application of its framework.
    fn only_app(&self, framework: Framework) -> Option<GroupKey> {
        let is_of = |group: &&&Group| {
            let plain = framework == Framework::Starlette && group.framework == Framework::FastApi;
            group.is_app && (group.framework == framework || plain)
        };
        let mut apps = self.groups.values().filter(is_of);
        let only = apps.next()?;
        apps.next().is_none().then_some(only.key)
    }

    fn ways(&self, key: GroupKey, framework: Framework) -> Vec<Way> {
        let mut ways = Vec::new();
        let is_plain = framework == Framework::Starlette;
        for key in self.meant(key) {
            let key = match key {
                GroupKey::Parameter(..) => self.only_app(framework).unwrap_or(key),
                _ => key,
            };
            let from = From { framework, is_plain, is_apart: is_plain };
            self.climb(key, from, &mut vec![key], &mut ways);
        }
        ways
    }

    fn climb(&self, key: GroupKey, from: From, open: &mut Vec<GroupKey>, ways: &mut Vec<Way>) {
        let framework = from.framework;
        let group = self.groups.get(&key);
        let own = match group {
            Some(group) if !(from.is_plain && group.framework == Framework::FastApi) => group.prefix.clone(),
            _ => RoutePath::exact(""),
        };
        let evidence = self.evidence(key, from.is_apart);
        let is_app = group.is_some_and(|group| group.is_app);
        let mounts = self.mounts.get(&key).map(Vec::as_slice).unwrap_or_default();
        let version = self.version(Bearer::Group(key));
        // Requests start at a root module of Django, whoever else includes it.
        let is_root = is_app && matches!(key, GroupKey::Module(_));
        let is_end = mounts.is_empty() || open.len() > DEEPEST;
        if is_root || is_end {
            let group = group.map(|group| group.key);
            let (prefix, evidence, version) = (own.clone(), evidence.clone(), version.clone());
            ways.push(Way {
                group,
                application: is_app.then_some(key),
                prefix,
                evidence,
                version,
                is_mounted: is_app,
            });
        }
        if is_end {
            return;
        }
        let is_list = group.is_none() && matches!(key, GroupKey::Made(..));
        let is_plain =
            is_list || group.is_some_and(|one| one.is_app || one.framework == Framework::Starlette);
        let from = From { framework, is_plain, is_apart: from.is_apart || is_app };
        for (mount, parent) in self.parents(mounts, framework) {
            if open.contains(&parent) || ways.len() >= MOST_WAYS {
                continue;
            }
            let below = match &mount.prefix {
                Some(prefix) if mount.keeps_own => join(framework, prefix, &own),
                Some(prefix) => prefix.clone(),
                None => own.clone(),
            };
            let said = self.version(Bearer::Mount(mount.parent, mount.child));
            let version = if mount.keeps_own { version.clone().or(&said) } else { said.or(&version) };
            open.push(parent);
            let mut above = Vec::new();
            self.climb(parent, from, open, &mut above);
            open.pop();
            let given: Vec<Evidence> =
                mount.evidence.iter().filter(|one| reaches(one, from.is_apart)).cloned().collect();
            ways.extend(above.into_iter().take(MOST_WAYS).map(|way| Way {
                group: group.map(|group| group.key).or(way.group),
                application: way.application,
                prefix: join(framework, &way.prefix, &below),
                evidence: [evidence.clone(), given.clone(), way.evidence].concat(),
                version: version.clone().or(&way.version),
                is_mounted: way.is_mounted,
            }));
        }
    }

    /// What a group is mounted on, with how.
    fn parents(&self, mounts: &[&'c Mount], framework: Framework) -> Vec<(&'c Mount, GroupKey)> {
        let each =
            mounts.iter().flat_map(|mount| self.meant(mount.parent).into_iter().map(|key| (*mount, key)));
        let known = each.map(|(mount, key)| match key {
            GroupKey::Parameter(..) => (mount, self.only_app(framework).unwrap_or(key)),
            _ => (mount, key),
        });
        known.collect()
    }

    /// What is set for a group.
    fn evidence(&self, key: GroupKey, is_apart: bool) -> Vec<Evidence> {
        let own = self.groups.get(&key).into_iter().flat_map(|group| &group.evidence);
        let guards = self.guards.get(&key).into_iter().flatten().copied();
        own.chain(guards).filter(|one| reaches(one, is_apart)).cloned().collect()
    }
}

/// From where a group is looked at on the way up.
#[derive(Clone, Copy)]
struct From {
    framework: Framework,
    /// Whether what is below is no router of `FastAPI`'s: its own prefix is not for that.
    is_plain: bool,
    /// Whether an application of its own is below: only what all requests go through reaches it.
    is_apart: bool,
}

fn reaches(evidence: &Evidence, is_apart: bool) -> bool {
    !is_apart || evidence.means == Means::Application
}

fn expand(project: &Project, tree: &Tree<'_>, declared: &Declared) -> Vec<Route> {
    let ways = match declared.group {
        Some(key) => tree.ways(key, declared.framework),
        None => vec![Way { prefix: RoutePath::exact(""), is_mounted: true, ..Way::default() }],
    };
    // One function answers many paths of a plain handler: what it checks is told by branch.
    let whole = declared.handler.function.filter(|_| declared.framework != Framework::Plain);
    let check =
        whole.and_then(|function| access::check(Site::new(project, declared.handler.file)?, function));
    // Of a class of Django's it is known what runs before its methods.
    let is_django = matches!(declared.framework, Framework::Django | Framework::DjangoRest);
    let class = declared.handler.class.filter(|_| !is_django && declared.framework != Framework::Plain);
    let check =
        check.or_else(|| class.and_then(|class| checks::of_class(project, declared.handler.file, class)));
    let name = name_of(project, declared.handler);
    let route = |way: Way| {
        let version = tree.version(Bearer::Route(declared.place)).or(&way.version);
        let path = versioned(join(declared.framework, &way.prefix, &declared.path), &version);
        let mut evidence = declared.evidence.clone();
        // What lets everybody pass says nothing of the handler's own code.
        let opens = evidence.iter().position(|one| one.opens).unwrap_or(evidence.len());
        evidence.splice(opens..opens, check.clone());
        evidence.extend(way.evidence);
        evidence.retain(|one| {
            tree.reaches
                .get(&one.place)
                .is_none_or(|reach| reach.covers([&path.text, &declared.path.text], name))
        });
        let mut inputs = declared.inputs.clone();
        if declared.framework == Framework::FastApi {
            fastapi::from_path(project, declared.handler, &path, &mut inputs);
        }
        Route {
            framework: declared.framework,
            methods: declared.methods,
            path,
            handler: declared.handler,
            place: declared.place,
            group: way.group.or(declared.group),
            application: way.application,
            is_mounted: way.is_mounted,
            inputs,
            evidence,
        }
    };
    ways.into_iter().map(route).collect()
}

fn name_of(project: &Project, handler: Handler) -> &str {
    let module = project.module(handler.file);
    let function = module.zip(handler.function).and_then(|(module, function)| module.function(function));
    module.zip(function).map_or("", |(module, function)| module.text(function.name))
}

/// `/v1` before the whole of a path.
fn versioned(path: RoutePath, version: &Version) -> RoutePath {
    let Some(number) = &version.number else { return path };
    let prefix = version.prefix.as_deref().unwrap_or("/v");
    let text = format!("{prefix}{number}/{}", path.text.trim_start_matches('/'));
    RoutePath { text, ..path }
}

/// A prefix and what stands below it, as the framework joins them.
fn join(framework: Framework, prefix: &RoutePath, path: &RoutePath) -> RoutePath {
    let text = match framework {
        // One slash between them.
        Framework::Flask | Framework::Bottle | Framework::Sanic
            if !prefix.text.is_empty() && !path.text.is_empty() =>
        {
            format!("{}/{}", prefix.text.trim_end_matches('/'), path.text.trim_start_matches('/'))
        }
        Framework::Aiohttp => format!("{}{}", prefix.text.trim_end_matches('/'), path.text),
        _ => format!("{}{}", prefix.text, path.text),
    };
    RoutePath { text, is_exact: prefix.is_exact && path.is_exact }
}
