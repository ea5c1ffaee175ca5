//! Data flow: from what clients shape to where it is dangerous, across functions and files.
//!
//! A function is followed once, statement by statement, with its parameters as unknowns; what it does with them is its
//! summary. Callers apply the summaries of what they call. Only functions between a source and a sink are followed,
//! callees first. Nothing here decides how bad a flow is: `rules` does.

mod answers;
mod apply;
mod call;
mod clean;
mod eval;
mod fold;
mod follow;
mod graph;
mod guard;
mod loops;
mod member;
mod methods;
mod pattern;
mod sketch;
mod state;
mod summary;
mod text;
mod value;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::facts::Value;
use crate::models::{Kind, Threat};
use crate::project::{Project, Site};
use crate::web::Web;
use graph::Node;
pub use summary::Flow;
use summary::Summary;
pub use value::{Move, Step};
use world::World;

/// The kinds of sinks that flows are looked for.
pub const KINDS: [Kind; 9] = [
    Kind::Sql,
    Kind::Command,
    Kind::Code,
    Kind::Path,
    Kind::Ssrf,
    Kind::Redirect,
    Kind::Xss,
    Kind::Template,
    Kind::Deserialization,
];

/// How often functions that call each other are followed.
const ROUNDS: usize = 3;

/// Finds the flows of a project into sinks of some kinds, from those who are a threat. Sorted; of several from one
/// source to one sink the shortest.
pub fn flows(project: &Project, web: &Web, kinds: &[Kind], threats: &[Threat]) -> Vec<Flow> {
    if kinds.is_empty() || threats.is_empty() {
        return Vec::new();
    }
    let mut world = World::new(project, web, kinds.to_vec(), threats.to_vec());
    let plan = graph::plan(&world);
    world.callees.clone_from(&plan.callees);
    let mut found = run(&mut world, &plan.levels, &|_| true);
    let left = world.take_left();
    if !left.is_empty() {
        // What functions leave in fields and variables of modules, others read.
        let nodes: Vec<Node> = plan.levels.iter().flatten().flatten().copied().collect();
        let readers = nodes.into_par_iter().filter(|node| mentions(project, *node, &left)).collect();
        let again = plan.with_callers(readers);
        found.extend(run(&mut world, &plan.levels, &|node| again.contains(node)));
    }
    shortest(found)
}

/// Whether a function reads one of these variables or attributes.
fn mentions(project: &Project, (file, function): Node, names: &FxHashSet<u64>) -> bool {
    let Some(module) = project.module(file) else { return false };
    if !names.iter().any(|name| module.names().contains_hash(*name)) {
        return false;
    }
    let mut found = false;
    let mut look = |_, statement| {
        let values = module.roots(statement).into_iter().flat_map(|root| module.values_within(root));
        found = found
            || values.into_iter().any(|value| match module.value(value) {
                Value::Name(name, _) | Value::Attribute(_, name) => {
                    names.contains(&module.names().hash(name))
                }
                _ => false,
            });
    };
    match function {
        Some(function) => module.walk_block(module.function_body(function), &mut look),
        None => module.walk_block(module.body(), &mut look),
    }
    found
}

/// Follows functions, level by level.
fn run(
    world: &mut World<'_>,
    levels: &[Vec<Vec<Node>>],
    wanted: &(dyn Fn(&Node) -> bool + Sync),
) -> Vec<Flow> {
    let mut flows = Vec::new();
    for level in levels {
        let rings = level.par_iter().filter(|ring| ring.iter().any(wanted));
        let done: Vec<Vec<(Node, Summary)>> = rings.map(|ring| follow(world, ring)).collect();
        for (node, mut summary) in done.into_iter().flatten() {
            flows.append(&mut summary.flows);
            if let (file, Some(function)) = node {
                world.summaries.insert((file, function), Arc::new(summary));
            }
        }
    }
    flows
}

/// Follows functions that call each other.
fn follow(world: &World<'_>, ring: &[Node]) -> Vec<(Node, Summary)> {
    let mut known = FxHashMap::default();
    let one = |node: &Node, known: &FxHashMap<_, _>| {
        let site = Site::new(world.project, node.0)?;
        let summary = follow::follow(world, known, site, node.1);
        Some((*node, summary))
    };
    if ring.len() == 1 {
        return ring.iter().filter_map(|node| one(node, &known)).collect();
    }
    let mut done = Vec::new();
    for _ in 0..ROUNDS {
        done.clear();
        for node in ring {
            let Some((node, summary)) = one(node, &known) else { continue };
            if let (file, Some(function)) = node {
                known.insert((file, function), Arc::new(summary.clone()));
            }
            done.push((node, summary));
        }
    }
    done
}

fn shortest(flows: Vec<Flow>) -> Vec<Flow> {
    let mut best: BTreeMap<_, Flow> = BTreeMap::new();
    for flow in flows {
        let source = flow.steps.first().copied();
        let key = (flow.file, flow.value, flow.kind, source);
        let is_better = best
            .get(&key)
            .is_none_or(|known| (flow.steps.len(), &flow.steps) < (known.steps.len(), &known.steps));
        if is_better {
            best.insert(key, flow);
        }
    }
    best.into_values().collect()
}
