//! From what files declare to routes: prefixes applied, groups followed up to their applications.

use rustc_hash::{FxHashMap, FxHashSet};

use super::access;
use super::collect::{Collected, Declared, Group, Mount};
use super::model::{Evidence, Framework, GroupKey, Route, RoutePath};
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
}

/// A way from a group up to an application.
#[derive(Clone, Default)]
struct Way {
    prefix: RoutePath,
    evidence: Vec<Evidence>,
    is_mounted: bool,
}

impl<'c> Tree<'c> {
    fn new(collected: &'c [Collected]) -> Tree<'c> {
        let mut tree = Tree {
            groups: FxHashMap::default(),
            mounts: FxHashMap::default(),
            guards: FxHashMap::default(),
            passed: FxHashMap::default(),
        };
        for file in collected {
            tree.groups.extend(file.groups.iter().map(|group| (group.key, group)));
            for passed in &file.passed {
                tree.passed.entry(passed.parameter).or_default().push(passed.group);
            }
        }
        for file in collected {
            for mount in &file.mounts {
                for child in tree.meant(mount.child) {
                    tree.mounts.entry(child).or_default().push(mount);
                }
            }
            for (key, evidence) in &file.guards {
                for key in tree.meant(*key) {
                    tree.guards.entry(key).or_default().push(evidence);
                }
            }
        }
        tree
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
        let mut apps = self.groups.values().filter(|group| group.is_app && group.framework == framework);
        let only = apps.next()?;
        apps.next().is_none().then_some(only.key)
    }

    fn ways(&self, key: GroupKey, framework: Framework) -> Vec<Way> {
        let mut ways = Vec::new();
        for key in self.meant(key) {
            let key = match key {
                GroupKey::Parameter(..) => self.only_app(framework).unwrap_or(key),
                _ => key,
            };
            self.climb(key, framework, &mut vec![key], &mut ways);
        }
        ways
    }

    fn climb(&self, key: GroupKey, framework: Framework, open: &mut Vec<GroupKey>, ways: &mut Vec<Way>) {
        let group = self.groups.get(&key);
        let own = group.map_or_else(|| RoutePath::exact(""), |group| group.prefix.clone());
        let mut evidence: Vec<Evidence> = group.map(|group| group.evidence.clone()).unwrap_or_default();
        evidence.extend(self.guards.get(&key).into_iter().flatten().map(|one| (*one).clone()));
        let is_app = group.is_some_and(|group| group.is_app);
        let mounts = self.mounts.get(&key).map(Vec::as_slice).unwrap_or_default();
        if mounts.is_empty() || open.len() > DEEPEST {
            ways.push(Way { prefix: own, evidence, is_mounted: is_app });
            return;
        }
        let parents: Vec<(&Mount, GroupKey)> = mounts
            .iter()
            .flat_map(|mount| self.meant(mount.parent).into_iter().map(|parent| (*mount, parent)))
            .collect();
        for (mount, parent) in parents {
            let parent = match parent {
                GroupKey::Parameter(..) => self.only_app(framework).unwrap_or(parent),
                _ => parent,
            };
            if open.contains(&parent) || ways.len() >= MOST_WAYS {
                continue;
            }
            let below = match &mount.prefix {
                Some(prefix) if mount.keeps_own => join(framework, prefix, &own),
                Some(prefix) => prefix.clone(),
                None => own.clone(),
            };
            open.push(parent);
            let mut above = Vec::new();
            self.climb(parent, framework, open, &mut above);
            open.pop();
            ways.extend(above.into_iter().take(MOST_WAYS).map(|way| Way {
                prefix: join(framework, &way.prefix, &below),
                evidence: [evidence.clone(), mount.evidence.clone(), way.evidence].concat(),
                is_mounted: way.is_mounted,
            }));
        }
    }
}

fn expand(project: &Project, tree: &Tree<'_>, declared: &Declared) -> Vec<Route> {
    let ways = match declared.group {
        Some(key) => tree.ways(key, declared.framework),
        None => vec![Way { prefix: RoutePath::exact(""), evidence: Vec::new(), is_mounted: true }],
    };
    let check = declared
        .handler
        .function
        .and_then(|function| access::check(Site::new(project, declared.handler.file)?, function));
    let route = |way: Way| {
        let mut evidence = declared.evidence.clone();
        evidence.extend(check.clone());
        evidence.extend(way.evidence);
        Route {
            framework: declared.framework,
            methods: declared.methods,
            path: join(declared.framework, &way.prefix, &declared.path),
            handler: declared.handler,
            place: declared.place,
            group: declared.group,
            is_mounted: way.is_mounted,
            inputs: declared.inputs.clone(),
            evidence,
        }
    };
    ways.into_iter().map(route).collect()
}

/// A prefix and what stands below it, as the framework joins them.
fn join(framework: Framework, prefix: &RoutePath, path: &RoutePath) -> RoutePath {
    let text = match framework {
        // One slash between them.
        Framework::Flask | Framework::Bottle if !prefix.text.is_empty() && !path.text.is_empty() => {
            format!("{}/{}", prefix.text.trim_end_matches('/'), path.text.trim_start_matches('/'))
        }
        _ => format!("{}{}", prefix.text, path.text),
    };
    RoutePath { text, is_exact: prefix.is_exact && path.is_exact }
}
