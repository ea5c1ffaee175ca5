//! Data flow: from what clients shape to where it is dangerous, across functions and files.
//!
//! A function is followed once, statement by statement, with its parameters as unknowns; what it does with them is its
//! summary. Callers apply the summaries of what they call. Only functions between a source and a sink are followed,
//! callees first. Nothing here decides how bad a flow is: `rules` does.

mod answers;
mod apply;
mod attribute;
mod call;
mod clean;
mod eval;
mod fold;
mod follow;
mod graph;
mod guard;
mod loops;
mod markup;
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

use crate::models::{Kind, Threat};
use crate::project::{Project, Site};
use crate::web::Web;
pub use graph::Node;
pub use summary::Flow;
use summary::{Place, Summary};
pub use value::{Move, Step};
use world::World;

/// The kinds of sinks that flows are looked for.
pub const KINDS: [Kind; 12] = [
    Kind::Sql,
    Kind::Command,
    Kind::Code,
    Kind::Path,
    Kind::Ssrf,
    Kind::Redirect,
    Kind::Xss,
    Kind::Template,
    Kind::Deserialization,
    Kind::Xml,
    Kind::Header,
    Kind::Log,
];

/// How often functions that call each other are followed.
const ROUNDS: usize = 3;

/// What following data has found.
#[derive(Debug, Default)]
pub struct Flows {
    /// The flows. Sorted; of several from one source to one sink the shortest.
    pub flows: Vec<Flow>,
    /// Functions, or bodies of modules, that were too large to be followed to their ends.
    pub cut: Vec<Node>,
}

/// Finds the flows of a project into sinks of some kinds, from those who are a threat.
pub fn flows(project: &Project, web: &Web, kinds: &[Kind], threats: &[Threat]) -> Flows {
    if kinds.is_empty() || threats.is_empty() {
        return Flows::default();
    }
    let mut world = World::new(project, web, kinds.to_vec(), threats.to_vec());
    let mut plan = graph::plan(&world);
    world.callees = std::mem::take(&mut plan.callees);
    let mut run = Run::default();
    for level in &plan.levels {
        run.follow(&mut world, level.iter());
    }
    // What functions leave in fields and variables of modules, others read.
    world.take_left();
    let mut again: FxHashSet<Node> = run
        .asked
        .iter()
        .filter(|(_, asked)| asked.iter().any(|place| world.has_left(place)))
        .map(|(node, _)| *node)
        .collect();
    for level in &plan.levels {
        let rings = level.iter().filter(|ring| ring.iter().any(|node| again.contains(node)));
        let changed = run.follow(&mut world, rings);
        again.extend(changed.iter().flat_map(|node| plan.callers(*node)));
    }
    run.cut.sort_unstable();
    run.cut.dedup();
    Flows { flows: shortest(run.flows), cut: run.cut }
}

/// What is known after some functions were followed.
#[derive(Default)]
struct Run {
    flows: Vec<Flow>,
    cut: Vec<Node>,
    /// Where functions looked for what others left.
    asked: Vec<(Node, FxHashSet<Place>)>,
}

impl Run {
    /// Follows functions that do not depend on each other, ring by ring; those whose summaries have changed.
    fn follow<'r>(&mut self, world: &mut World<'_>, rings: impl Iterator<Item = &'r Vec<Node>>) -> Vec<Node> {
        let rings: Vec<&Vec<Node>> = rings.collect();
        let done: Vec<Vec<(Node, Summary)>> = rings.par_iter().map(|ring| follow(world, ring)).collect();
        let mut changed = Vec::new();
        for (node, mut summary) in done.into_iter().flatten() {
            self.flows.append(&mut summary.flows);
            self.cut.extend(summary.is_cut.then_some(node));
            let asked = std::mem::take(&mut summary.asked);
            if !asked.is_empty() {
                self.asked.push((node, asked));
            }
            let (file, Some(function)) = node else { continue };
            let old = world.summaries.insert((file, function), Arc::new(summary));
            let new = world.summaries.get(&(file, function));
            if old.zip(new).is_none_or(|(old, new)| !old.same(new)) {
                changed.push(node);
            }
        }
        changed
    }
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
