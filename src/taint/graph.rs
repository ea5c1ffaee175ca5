//! Which functions are worth following, and in which order: those that lie between a source and a sink, callees
//! before callers.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::apply::Target;
use super::sketch::{self, Names, Sketches};
use super::world::{self, World};
use crate::facts::{FunctionId, Value, ValueId, hash_text};
use crate::project::{Entity, FileId, Site, Type};

/// A function, or the body of a module.
pub type Node = (FileId, Option<FunctionId>);

/// The functions that an expression that is called may be; whether each is called on its first parameter.
pub(super) type Callees = FxHashMap<(FileId, ValueId), Vec<(Target, bool)>>;

/// What is worth following.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Rings of functions that call each other, callees first; what is in one level does not depend on each other.
    pub levels: Vec<Vec<Vec<Node>>>,
    pub callees: Callees,
    /// Who calls a function.
    callers: FxHashMap<Node, Vec<Node>>,
}

impl Plan {
    /// Who calls a function.
    pub fn callers(&self, node: Node) -> impl Iterator<Item = Node> {
        self.callers.get(&node).into_iter().flatten().copied()
    }
}

/// Plans which functions are followed.
pub(super) fn plan(world: &World<'_>) -> Plan {
    let names = Names::new(world.project);
    let sketches = sketch::all(world, &names);
    let graph = Graph::reachable(world, &names, sketches.roots());
    let needed = graph.needed(&sketches);
    Plan { levels: graph.levels(&needed), callers: graph.callers(), callees: graph.callees }
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

    fn callers(&self) -> FxHashMap<Node, Vec<Node>> {
        let mut callers: FxHashMap<Node, Vec<Node>> = FxHashMap::default();
        for (from, edges) in self.nodes.iter().zip(&self.edges) {
            for to in edges.iter().filter_map(|to| self.nodes.get(*to)) {
                callers.entry(*to).or_default().push(*from);
            }
        }
        callers
    }

    /// Which functions lie between a source and a sink, or are called on the way: now that it is known what is called,
    /// and not only by which name.
    fn needed(&self, sketches: &Sketches) -> Vec<bool> {
        let mut callers: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (from, edges) in self.edges.iter().enumerate() {
            for to in edges {
                if let Some(list) = callers.get_mut(*to) {
                    list.push(from);
                }
            }
        }
        let flag =
            |index: &usize| self.nodes.get(*index).map(|node| sketches.flags(*node)).unwrap_or_default();
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
pub(super) fn spread(edges: &[Vec<usize>], start: impl Iterator<Item = usize>) -> Vec<bool> {
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
    names.methods(name).iter().map(|target| (*target, true)).collect()
}

/// The constructor of a class of the project.
fn constructor(site: Site<'_>, callee: ValueId) -> Option<Target> {
    let Entity::Class(file, class) = site.resolve(callee)?.entity else { return None };
    match site.project.method(Type::Class(file, class), hash_text("__init__"))? {
        Entity::Function(file, function) => Some((file, function)),
        _ => None,
    }
}
