//! What is told of functions at a glance, to find those that lie between a source and a sink.

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::apply::Target;
use super::graph::{Node, spread};
use super::world::World;
use crate::facts::{ClassId, DefinitionKind, FunctionId, Value, ValueId, hash_text};
use crate::project::{Entity, FileId, Project, Site, Type};

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

/// Functions and methods by name.
pub(super) struct Names {
    methods: FxHashMap<u64, Vec<Target>>,
    common: FxHashSet<u64>,
}

impl Names {
    pub fn new(project: &Project) -> Names {
        let mut methods: FxHashMap<u64, Vec<Target>> = FxHashMap::default();
        for (file, source) in project.files() {
            let module = &*source.module;
            for (index, facts) in module.functions().iter().enumerate() {
                if facts.class.is_some() {
                    let target = (file, FunctionId(index as u32));
                    methods.entry(module.names().hash(facts.name)).or_default().push(target);
                }
            }
        }
        Names { methods, common: COMMON.iter().map(|name| hash_text(name)).collect() }
    }

    /// The methods that an unknown object may have under a name.
    pub fn methods(&self, name: u64) -> &[Target] {
        if self.common.contains(&name) {
            return &[];
        }
        self.methods.get(&name).filter(|all| all.len() <= MOST_CANDIDATES).map_or(&[], Vec::as_slice)
    }
}

/// What is told of one function.
#[derive(Clone, Default)]
struct Sketch {
    /// What it calls, as far as that is seen at a glance.
    called: Vec<Target>,
    has_sink: bool,
    has_source: bool,
}

/// What is told of all functions; the body of a module stands behind the functions of its file.
pub(super) struct Sketches {
    /// By file.
    files: Vec<Vec<Sketch>>,
}

/// Looks at every function.
pub(super) fn all(world: &World<'_>, names: &Names) -> Sketches {
    let files: Vec<FileId> = world.project.files().map(|(file, _)| file).collect();
    Sketches { files: files.par_iter().map(|file| of_file(world, names, *file)).collect() }
}

impl Sketches {
    /// Whether a function has a source, and a sink.
    pub fn flags(&self, (file, function): Node) -> (bool, bool) {
        let sketches = self.files.get(file.0 as usize);
        let index =
            |all: &Vec<Sketch>| function.map_or(all.len().wrapping_sub(1), |function| function.0 as usize);
        let sketch = sketches.and_then(|all| all.get(index(all)));
        sketch.map_or((false, false), |sketch| (sketch.has_source, sketch.has_sink))
    }

    /// The functions with a source, and all that call them, that also lead to a sink.
    pub fn roots(&self) -> Vec<Node> {
        let mut starts = Vec::with_capacity(self.files.len());
        let mut nodes: Vec<Node> = Vec::new();
        for (file, sketches) in self.files.iter().enumerate() {
            starts.push(nodes.len());
            let last = sketches.len().wrapping_sub(1);
            let file = FileId(file as u32);
            nodes.extend(
                (0..sketches.len()).map(|index| (file, (index != last).then_some(FunctionId(index as u32)))),
            );
        }
        let mut callers: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
        let mut edges: Vec<Vec<usize>> = Vec::with_capacity(nodes.len());
        for (from, sketch) in self.files.iter().flatten().enumerate() {
            let to = |(file, function): &Target| Some(starts.get(file.0 as usize)? + function.0 as usize);
            let called: Vec<usize> = sketch.called.iter().filter_map(to).collect();
            for index in &called {
                if let Some(list) = callers.get_mut(*index) {
                    list.push(from);
                }
            }
            edges.push(called);
        }
        let with = |is: &dyn Fn(&Sketch) -> bool| -> Vec<usize> {
            let all = self.files.iter().flatten().enumerate();
            all.filter(|(_, sketch)| is(sketch)).map(|(index, _)| index).collect()
        };
        let to_source = spread(&callers, with(&|sketch| sketch.has_source).into_iter());
        let found = to_source.iter().zip(nodes).filter(|(is_root, _)| **is_root).map(|(_, node)| node);
        found.collect()
    }
}

fn of_file(world: &World<'_>, names: &Names, file: FileId) -> Vec<Sketch> {
    let Some(site) = Site::new(world.project, file) else { return Vec::new() };
    let module = site.module;
    let count = module.functions().len();
    let mut all = vec![Sketch::default(); count + 1];
    for (index, sketch) in all.iter_mut().enumerate().take(count) {
        let function = FunctionId(index as u32);
        sketch.has_source = world.is_entry(site, function);
        sketch.has_sink = world.makes_pages(file, function);
    }
    let models = world.project.models();
    // What tests send to themselves is no threat.
    let has_sources = world.may_have_sources(site);
    for id in module.values() {
        let (callee, name, is_call) = match module.value(id) {
            Value::Call(callee, _) => match module.value(callee) {
                Value::Name(name, _) | Value::Attribute(_, name) => (callee, name, true),
                _ => continue,
            },
            // A function that is given to another has a name only.
            Value::Attribute(_, name) | Value::Name(name, Some(_)) => (id, name, false),
            _ => continue,
        };
        let hash = module.names().hash(name);
        let is_sink = is_call && world.sink_names.contains(&hash);
        let is_source = has_sources && models.names_source(hash);
        let is_own = world.own_names.contains(&hash)
            || matches!(module.value(callee), Value::Name(_, Some(binding)) if is_renamed(site, binding));
        if !is_sink && !is_source && !is_own {
            continue;
        }
        let function = module.function_at(module.span(id).start);
        let index = function.map_or(count, |function| function.0 as usize);
        let Some(sketch) = all.get_mut(index) else { continue };
        sketch.has_sink |= is_sink;
        sketch.has_source = sketch.has_source || is_source && world.is_source(site, id);
        if is_own {
            glance(site, names, function, (callee, is_call), &mut sketch.called);
        }
    }
    // What a function in it does, the function around it may do.
    for index in (0..count).rev() {
        let parent = module.function(FunctionId(index as u32)).and_then(|facts| facts.parent);
        if let Some(outer) = parent.and_then(|parent| all.get_mut(parent.0 as usize)) {
            outer.called.push((file, FunctionId(index as u32)));
        }
    }
    for sketch in &mut all {
        sketch.called.sort_unstable();
        sketch.called.dedup();
    }
    all
}

/// Whether a variable is another name for something: an import under a name of its own, an assignment.
fn is_renamed(site: Site<'_>, binding: crate::facts::BindingId) -> bool {
    let definitions = site.module.definitions(binding);
    definitions.iter().any(|one| one.kind == DefinitionKind::Import)
}

/// The functions that a name or attribute may be, without asking for the types of objects.
fn glance(
    site: Site<'_>,
    names: &Names,
    function: Option<FunctionId>,
    (id, is_call): (ValueId, bool),
    found: &mut Vec<Target>,
) {
    match site.value(id) {
        Value::Name(_, Some(binding)) => {
            let kinds = site.module.definitions(binding).iter().map(|one| one.kind);
            let is_thing = kinds.clone().any(|kind| {
                matches!(kind, DefinitionKind::Import | DefinitionKind::Function | DefinitionKind::Class)
            });
            if is_thing {
                found.extend(site.resolve(id).and_then(|one| thing(site.project, one.entity)));
            }
        }
        Value::Attribute(object, name) if is_call => {
            let name = site.module.names().hash(name);
            if let Some(class) = own_class(site, function, object) {
                if let Some(Entity::Function(file, function)) = site.project.method(class, name) {
                    found.push((file, function));
                }
                return;
            }
            match site.resolve(object).map(|one| one.entity) {
                Some(Entity::Module(_) | Entity::Class(..)) => {
                    found.extend(site.resolve(id).and_then(|one| thing(site.project, one.entity)));
                }
                Some(Entity::External(_)) => {}
                _ => found.extend(names.methods(name)),
            }
        }
        _ => {}
    }
}

/// The class of `self`.
fn own_class(site: Site<'_>, function: Option<FunctionId>, object: ValueId) -> Option<Type> {
    let Value::Name(_, Some(binding)) = site.value(object) else { return None };
    let function = function?;
    let class: ClassId = site.module.function(function)?.class?;
    let first = site.module.parameters(function).first()?;
    (first.binding == binding).then_some(Type::Class(site.file, class))
}

fn thing(project: &Project, entity: Entity) -> Option<Target> {
    match entity {
        Entity::Function(file, function) => Some((file, function)),
        Entity::Class(file, class) => {
            match project.method(Type::Class(file, class), hash_text("__init__"))? {
                Entity::Function(file, function) => Some((file, function)),
                _ => None,
            }
        }
        _ => None,
    }
}
