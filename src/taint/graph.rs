//! Which functions are worth following, and in which order: those that lie between a source and a sink, callees
//! before callers.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::apply::Target;
use super::world::{self, World};
use crate::facts::{FunctionId, Value, ValueId, hash_text};
use crate::project::{Entity, FileId, Project, Site, Type};

/// A function, or the body of a module.
pub(super) type Node = (FileId, Option<FunctionId>);

/// The functions that an expression that is called may be; whether each is called on its first parameter.
pub(super) type Callees = FxHashMap<(FileId, ValueId), Vec<(Target, bool)>>;

/// The most functions that a method of an unknown object may be.
const MOST_CANDIDATES: usize = 3;

/// Names of methods that lists, texts, files and the like have: an unknown object is one of those.
const COMMON: [&str; 40] = [
    "get",
    "set",
    "append",
    "add",
    "pop",
    "update",
    "items",
    "keys",
    "values",
    "read",
    "write",
    "open",
    "close",
    "join",
    "split",
    "strip",
    "format",
    "encode",
    "decode",
    "replace",
    "copy",
    "clear",
    "remove",
    "insert",
    "extend",
    "index",
    "count",
    "sort",
    "find",
    "lower",
    "upper",
    "startswith",
    "endswith",
    "save",
    "delete",
    "filter",
    "all",
    "first",
    "create",
    "execute",
];

/// What is worth following.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Rings of functions that call each other, callees first; what is in one level does not depend on each other.
    pub levels: Vec<Vec<Vec<Node>>>,
    pub callees: Callees,
}

/// What is told of a function without following it.
struct Sketch {
    node: Node,
    /// The names of all that it calls.
    called: Vec<u64>,
    /// Names of functions that it only names.
    has_sink: bool,
    has_source: bool,
}

/// Plans which functions are followed.
pub(super) fn plan(world: &World<'_>) -> Plan {
    let project = world.project;
    let files: Vec<FileId> = project.files().map(|(file, _)| file).collect();
    let sketches: Vec<Sketch> = files.par_iter().flat_map_iter(|file| sketches(world, *file)).collect();
    let names = Names::new(project, &sketches);
    let to_sink = names.callers(&sketches, |sketch| sketch.has_sink);
    let to_source = names.callers(&sketches, |sketch| sketch.has_source);
    let roots: Vec<Node> = sketches
        .iter()
        .enumerate()
        .filter(|(index, _)| to_sink.contains(index) && to_source.contains(index))
        .map(|(_, sketch)| sketch.node)
        .collect();
    let graph = Graph::reachable(world, &names, roots);
    let flags: FxHashMap<Node, (bool, bool)> =
        sketches.iter().map(|sketch| (sketch.node, (sketch.has_source, sketch.has_sink))).collect();
    let needed = graph.needed(&flags);
    Plan { levels: graph.levels(&needed), callees: graph.callees }
}

fn sketches(world: &World<'_>, file: FileId) -> Vec<Sketch> {
    let Some(site) = Site::new(world.project, file) else { return Vec::new() };
    let module = site.module;
    let count = module.functions().len();
    let node = |index: usize| (file, (index < count).then_some(FunctionId(index as u32)));
    let mut all: Vec<Sketch> = (0..=count)
        .map(|index| Sketch { node: node(index), called: Vec::new(), has_sink: false, has_source: false })
        .collect();
    for (index, sketch) in all.iter_mut().enumerate().take(count) {
        let function = FunctionId(index as u32);
        sketch.has_source = world.is_entry(site, function);
        sketch.has_sink = world.makes_pages(file, function);
    }
    let models = world.project.models();
    // What tests send to themselves is no threat.
    let is_test = world.project.file(file).is_none_or(crate::project::File::is_test);
    for id in module.values() {
        let (name, is_call, object) = match module.value(id) {
            Value::Call(callee, _) => match module.value(callee) {
                Value::Name(name, _) => (name, true, None),
                Value::Attribute(_, name) => (name, true, None),
                _ => continue,
            },
            Value::Attribute(object, name) => (name, false, Some(object)),
            // A function that is given to another.
            Value::Name(name, Some(_)) => (name, false, None),
            _ => continue,
        };
        let name = module.names().hash(name);
        let is_sink = is_call && world.sink_names.contains(&name);
        let is_source = !is_test && (is_call || object.is_some()) && models.names_source(name);
        if !is_sink && !is_source && !world.own_names.contains(&name) {
            continue;
        }
        let function = module.function_at(module.span(id).start);
        let index = function.map_or(count, |function| function.0 as usize);
        let Some(sketch) = all.get_mut(index) else { continue };
        sketch.has_sink |= is_sink;
        sketch.has_source |= is_source && world.is_source(site, id);
        if world.own_names.contains(&name) {
            sketch.called.push(name);
        }
    }
    // What a lambda does, the function around it does.
    for index in (0..count).rev() {
        let Some(parent) = module.function(FunctionId(index as u32)).and_then(|facts| facts.parent) else {
            continue;
        };
        let Some(inner) =
            all.get_mut(index).map(|inner| (inner.has_sink, inner.has_source, inner.called.clone()))
        else {
            continue;
        };
        if let Some(outer) = all.get_mut(parent.0 as usize) {
            outer.has_sink |= inner.0;
            outer.has_source |= inner.1;
            outer.called.extend(inner.2);
        }
    }
    for sketch in &mut all {
        sketch.called.sort_unstable();
        sketch.called.dedup();
    }
    all
}

/// Functions by name.
struct Names {
    /// For a name, the functions of that name, as indices of sketches; the constructor of a class of it.
    by_name: FxHashMap<u64, Vec<usize>>,
    common: FxHashSet<u64>,
    nodes: Vec<Node>,
}

impl Names {
    fn new(project: &Project, sketches: &[Sketch]) -> Names {
        let mut by_name: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for (index, sketch) in sketches.iter().enumerate() {
            let (file, Some(function)) = sketch.node else { continue };
            let Some(module) = project.module(file) else { continue };
            let Some(facts) = module.function(function) else { continue };
            by_name.entry(module.names().hash(facts.name)).or_default().push(index);
            if module.text(facts.name) == "__init__"
                && let Some(class) = facts.class.and_then(|class| module.class(class))
            {
                by_name.entry(module.names().hash(class.name)).or_default().push(index);
            }
        }
        let common = COMMON.iter().map(|name| hash_text(name)).collect();
        Names { by_name, common, nodes: sketches.iter().map(|sketch| sketch.node).collect() }
    }

    /// The sketches that some are, and all that call them, by name.
    fn callers(&self, sketches: &[Sketch], is_start: impl Fn(&Sketch) -> bool) -> FxHashSet<usize> {
        let mut callers: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for (index, sketch) in sketches.iter().enumerate() {
            for name in &sketch.called {
                callers.entry(*name).or_default().push(index);
            }
        }
        let mut names_of: Vec<Vec<u64>> = vec![Vec::new(); sketches.len()];
        for (name, indices) in &self.by_name {
            for index in indices {
                if let Some(names) = names_of.get_mut(*index) {
                    names.push(*name);
                }
            }
        }
        let mut found: FxHashSet<usize> = sketches
            .iter()
            .enumerate()
            .filter(|(_, sketch)| is_start(sketch))
            .map(|(index, _)| index)
            .collect();
        let mut open: Vec<usize> = found.iter().copied().collect();
        let mut done: FxHashSet<u64> = FxHashSet::default();
        while let Some(index) = open.pop() {
            for name in names_of.get(index).into_iter().flatten() {
                if !done.insert(*name) {
                    continue;
                }
                for caller in callers.get(name).into_iter().flatten() {
                    if found.insert(*caller) {
                        open.push(*caller);
                    }
                }
            }
        }
        found
    }

    /// The methods that an unknown object may have under a name.
    fn methods(&self, project: &Project, name: u64) -> Vec<Target> {
        if self.common.contains(&name) {
            return Vec::new();
        }
        let Some(indices) = self.by_name.get(&name).filter(|all| all.len() <= MOST_CANDIDATES) else {
            return Vec::new();
        };
        let nodes = indices.iter().filter_map(|index| self.nodes.get(*index));
        nodes
            .filter_map(|(file, function)| {
                let function = (*function)?;
                let facts = project.module(*file)?.function(function)?;
                facts.class.map(|_| (*file, function))
            })
            .collect()
    }
}

/// Functions and what they call.
struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Vec<usize>>,
    callees: Callees,
}

impl Graph {
    fn reachable(world: &World<'_>, names: &Names, mut roots: Vec<Node>) -> Graph {
        roots.sort_unstable();
        let mut graph = Graph { nodes: Vec::new(), edges: Vec::new(), callees: Callees::default() };
        let mut known: FxHashMap<Node, usize> = FxHashMap::default();
        let mut frontier = Vec::new();
        for node in roots {
            known.insert(node, graph.nodes.len());
            frontier.push(node);
            graph.nodes.push(node);
            graph.edges.push(Vec::new());
        }
        while !frontier.is_empty() {
            let called: Vec<_> = frontier.par_iter().map(|node| calls_of(world, names, *node)).collect();
            let mut next = Vec::new();
            for (node, called) in frontier.iter().zip(called) {
                let Some(&from) = known.get(node) else { continue };
                for (place, targets) in called {
                    for ((file, function), _) in &targets {
                        let target = (*file, Some(*function));
                        let to = *known.entry(target).or_insert_with(|| {
                            next.push(target);
                            graph.nodes.push(target);
                            graph.edges.push(Vec::new());
                            graph.nodes.len() - 1
                        });
                        if let Some(edges) = graph.edges.get_mut(from) {
                            edges.push(to);
                        }
                    }
                    graph.callees.extend(place.map(|place| (place, targets)));
                }
            }
            frontier = next;
        }
        graph
    }

    /// Which functions lie between a source and a sink, or are called on the way: now that it is known what is called,
    /// and not only by which name.
    fn needed(&self, flags: &FxHashMap<Node, (bool, bool)>) -> Vec<bool> {
        let mut callers: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for to in edges {
                if let Some(list) = callers.get_mut(*to) {
                    list.push(from);
                }
            }
        }
        let flag = |index: &usize| {
            self.nodes.get(*index).and_then(|node| flags.get(node)).copied().unwrap_or_default()
        };
        let all = || 0..self.nodes.len();
        let to_source = spread(&callers, all().filter(|index| flag(index).0));
        let to_sink = spread(&callers, all().filter(|index| flag(index).1));
        let roots = all().filter(|index| at(&to_source, *index) && at(&to_sink, *index));
        spread(&self.edges, roots)
    }

    /// Rings of functions, callees first (Tarjan's algorithm, without recursion), in levels.
    fn levels(&self, needed: &[bool]) -> Vec<Vec<Vec<Node>>> {
        let mut rings = self.rings();
        rings.retain(|ring| ring.iter().any(|index| at(needed, *index)));
        let mut ring_of = vec![0; self.nodes.len()];
        for (number, ring) in rings.iter().enumerate() {
            for index in ring {
                if let Some(slot) = ring_of.get_mut(*index) {
                    *slot = number;
                }
            }
        }
        let mut level_of = vec![0; rings.len()];
        let mut levels: Vec<Vec<Vec<Node>>> = Vec::new();
        for (number, ring) in rings.iter().enumerate() {
            let called = ring.iter().flat_map(|index| self.edges.get(*index).into_iter().flatten());
            let below = called
                .filter_map(|to| ring_of.get(*to))
                .filter(|other| **other != number)
                .filter_map(|other| level_of.get(*other))
                .max();
            let level = below.map_or(0, |below| below + 1);
            if let Some(slot) = level_of.get_mut(number) {
                *slot = level;
            }
            if levels.len() <= level {
                levels.resize_with(level + 1, Vec::new);
            }
            let mut nodes: Vec<Node> =
                ring.iter().filter_map(|index| self.nodes.get(*index).copied()).collect();
            nodes.sort_unstable();
            if let Some(list) = levels.get_mut(level) {
                list.push(nodes);
            }
        }
        levels
    }

    fn rings(&self) -> Vec<Vec<usize>> {
        const NEW: usize = usize::MAX;
        let count = self.nodes.len();
        let (mut order, mut low, mut on_stack) = (vec![NEW; count], vec![0; count], vec![false; count]);
        let (mut stack, mut rings, mut next) = (Vec::new(), Vec::new(), 0);
        for start in 0..count {
            if order.get(start) != Some(&NEW) {
                continue;
            }
            let mut open = vec![(start, 0)];
            while let Some((node, edge)) = open.pop() {
                if edge == 0 {
                    set(&mut order, node, next);
                    set(&mut low, node, next);
                    next += 1;
                    stack.push(node);
                    set(&mut on_stack, node, true);
                }
                let target = self.edges.get(node).and_then(|edges| edges.get(edge)).copied();
                if let Some(target) = target {
                    open.push((node, edge + 1));
                    if at(&order, target) == NEW {
                        open.push((target, 0));
                    } else if at(&on_stack, target) {
                        let lowest = at(&low, node).min(at(&order, target));
                        set(&mut low, node, lowest);
                    }
                    continue;
                }
                if let Some((parent, _)) = open.last() {
                    let lowest = at(&low, *parent).min(at(&low, node));
                    set(&mut low, *parent, lowest);
                }
                if at(&low, node) == at(&order, node) {
                    let mut ring = Vec::new();
                    while let Some(one) = stack.pop() {
                        set(&mut on_stack, one, false);
                        ring.push(one);
                        if one == node {
                            break;
                        }
                    }
                    rings.push(ring);
                }
            }
        }
        rings
    }
}

/// The nodes that edges lead to from some, with these.
fn spread(edges: &[Vec<usize>], start: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut found = vec![false; edges.len()];
    let mut open: Vec<usize> = start.collect();
    while let Some(index) = open.pop() {
        if at(&found, index) {
            continue;
        }
        set(&mut found, index, true);
        open.extend(edges.get(index).into_iter().flatten());
    }
    found
}

fn set<T>(list: &mut [T], index: usize, value: T) {
    if let Some(slot) = list.get_mut(index) {
        *slot = value;
    }
}

fn at<T: Copy + Default>(list: &[T], index: usize) -> T {
    list.get(index).copied().unwrap_or_default()
}

/// Where it calls, and what; a constructor has no place of its own.
type Called = Vec<(Option<(FileId, ValueId)>, Vec<(Target, bool)>)>;

/// What a function calls of the project.
fn calls_of(world: &World<'_>, names: &Names, (file, function): Node) -> Called {
    let Some(site) = Site::new(world.project, file) else { return Vec::new() };
    let module = site.module;
    let mut found = Vec::new();
    let mut look = |id: ValueId| {
        if let Value::Call(callee, _) = module.value(id) {
            let targets = targets(world, names, site, callee);
            if !targets.is_empty() {
                found.push((Some((file, callee)), targets));
            } else if let Some(target) = constructor(site, callee) {
                found.push((None, vec![(target, true)]));
            }
        }
    };
    let mut in_statement = |_, statement| {
        for root in module.roots(statement) {
            module.values_within(root).for_each(&mut look);
        }
    };
    match function {
        Some(function) => {
            if let Some(body) = module.lambda_body(function) {
                module.values_within(body).for_each(&mut look);
            } else {
                module.walk_block(module.function_body(function), &mut in_statement);
            }
        }
        None => module.walk_block(module.body(), &mut in_statement),
    }
    found
}

/// The functions of the project that an expression that is called may be.
fn targets(world: &World<'_>, names: &Names, site: Site<'_>, callee: ValueId) -> Vec<(Target, bool)> {
    let project = world.project;
    let Some(name) = site.last_segment(callee).map(hash_text) else { return Vec::new() };
    match site.resolve(callee).map(|found| found.entity) {
        Some(Entity::Function(file, function)) => {
            let bound = world::is_bound(project, file, function, site, callee);
            return vec![((file, function), bound)];
        }
        // A class makes an object; the edge to its constructor is drawn apart.
        Some(Entity::Class(..) | Entity::External(_)) => return Vec::new(),
        _ => {}
    }
    let Value::Attribute(object, _) = site.value(callee) else { return Vec::new() };
    if !world.own_names.contains(&name) {
        return Vec::new();
    }
    if let Some(class) = site.type_of(object) {
        return match project.method(class, name) {
            Some(Entity::Function(file, function)) => {
                vec![((file, function), world::takes_receiver(project, file, function))]
            }
            _ => Vec::new(),
        };
    }
    if site.resolve(object).is_some_and(|found| !matches!(found.entity, Entity::Variable(..))) {
        return Vec::new();
    }
    names.methods(project, name).into_iter().map(|target| (target, true)).collect()
}

/// The constructor of a class of the project.
fn constructor(site: Site<'_>, callee: ValueId) -> Option<Target> {
    let Entity::Class(file, class) = site.resolve(callee)?.entity else { return None };
    match site.project.method(Type::Class(file, class), hash_text("__init__"))? {
        Entity::Function(file, function) => Some((file, function)),
        _ => None,
    }
}
