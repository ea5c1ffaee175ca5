//! What following functions asks about everything else: entries, paths, classes, what other functions left behind.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::apply::Target;
use super::graph::Callees;
use super::summary::{Place, Summary};
use super::value::Val;
use crate::facts::{FunctionId, Value, ValueId, hash_text, join_hash, path_hash};
use crate::models::{Kind, Threat};
use crate::project::{Entity, FileId, Project, Site, Type};
use crate::web::{Framework, Handler, Source, Web};

/// What a parameter called `request` is, by what the file imports.
const CLASSES: [(&str, &str); 6] = [
    ("rest_framework", "rest_framework.request.Request"),
    ("django", "django.http.HttpRequest"),
    ("sanic", "sanic.request.Request"),
    ("aiohttp", "aiohttp.web.Request"),
    ("starlette", "starlette.requests.Request"),
    ("fastapi", "starlette.requests.Request"),
];

/// Everything around the function that is followed.
pub(super) struct World<'p> {
    pub project: &'p Project,
    pub kinds: Vec<Kind>,
    pub threats: Vec<Threat>,
    /// Parameters of handlers that clients shape.
    inputs: FxHashMap<Target, Vec<(u32, Threat)>>,
    /// Handlers whose text is a page.
    pages: FxHashSet<Target>,
    /// Handlers.
    handlers: FxHashSet<Target>,
    /// Names of sinks, and of functions and classes of the project, as hashes.
    pub sink_names: FxHashSet<u64>,
    pub own_names: FxHashSet<u64>,
    pub callees: Callees,
    pub summaries: FxHashMap<Target, Arc<Summary>>,
    /// Data that functions left for others.
    left: FxHashMap<Place, Val>,
}

impl<'p> World<'p> {
    pub fn new(project: &'p Project, web: &Web, kinds: Vec<Kind>, threats: Vec<Threat>) -> World<'p> {
        let last = |path: &str| hash_text(path.rsplit('.').next().unwrap_or(path));
        let sinks = project.models().sinks().iter().filter(|sink| kinds.contains(&sink.kind));
        let sink_names = sinks.map(|sink| last(&sink.path)).collect();
        let mut own_names = FxHashSet::default();
        for (_, file) in project.files() {
            let module = &*file.module;
            own_names.extend(module.functions().iter().map(|function| module.names().hash(function.name)));
            own_names.extend(module.classes().iter().map(|class| module.names().hash(class.name)));
        }
        let mut world = World {
            project,
            kinds,
            threats,
            inputs: FxHashMap::default(),
            pages: FxHashSet::default(),
            handlers: FxHashSet::default(),
            sink_names,
            own_names,
            callees: Callees::default(),
            summaries: FxHashMap::default(),
            left: FxHashMap::default(),
        };
        world.enter(web);
        world
    }

    /// Notes what clients shape of the parameters of handlers.
    fn enter(&mut self, web: &Web) {
        for route in web.routes() {
            let Some(function) = route.handler.function else { continue };
            let target = (route.handler.file, function);
            self.handlers.insert(target);
            let is_text = matches!(route.framework, Framework::Flask | Framework::Bottle | Framework::Plain);
            if is_text && !self.answers_json(&route.handler) {
                self.pages.insert(target);
            }
            let inputs = self.inputs.entry(target).or_default();
            for input in &route.inputs {
                let is_data = !matches!(input.source, Source::Request | Source::Dependency);
                if is_data && !input.is_number && !inputs.iter().any(|(index, _)| *index == input.parameter) {
                    inputs.push((input.parameter, Threat::Remote));
                }
            }
        }
    }

    /// Whether what a method returns becomes JSON, texts too.
    fn answers_json(&self, handler: &Handler) -> bool {
        let Some(class) = handler.class else { return false };
        let models = self.project.models();
        let bases = self.project.external_bases(Type::Class(handler.file, class));
        bases.iter().any(|base| models.answers_json(*base))
    }

    /// Whether a function is where data comes in by its parameters.
    pub fn is_entry(&self, site: Site<'_>, function: FunctionId) -> bool {
        let target = (site.file, function);
        if self.project.file(site.file).is_none_or(crate::project::File::is_test) {
            return false;
        }
        let has_inputs = self.inputs.get(&target).is_some_and(|inputs| !inputs.is_empty());
        has_inputs && self.threats.contains(&Threat::Remote)
            || self.handlers.contains(&target)
            || (0..site.module.parameters(function).len() as u32)
                .any(|index| self.parameter_class(site, function, index).is_some())
    }

    /// The parameters of a function that somebody shapes.
    pub fn inputs(&self, file: FileId, function: FunctionId) -> &[(u32, Threat)] {
        let inputs = self.inputs.get(&(file, function)).map_or(&[] as &[_], Vec::as_slice);
        if self.threats.contains(&Threat::Remote) { inputs } else { &[] }
    }

    /// Whether the text that a handler returns is a page.
    pub fn makes_pages(&self, file: FileId, function: FunctionId) -> bool {
        self.pages.contains(&(file, function))
    }

    /// The class of a parameter that is a request, by its annotation, or by its name where a framework is imported.
    pub fn parameter_class(&self, site: Site<'_>, function: FunctionId, index: u32) -> Option<Type> {
        let parameter = site.module.parameters(function).get(index as usize)?;
        if let Some(annotation) = parameter.annotation {
            let class = site.class_of(annotation)?;
            return matches!(class, Type::External(path) if self.is_request(path)).then_some(class);
        }
        let name = site.module.text(parameter.name);
        if name != "request" && name != "req" || index > 1 {
            return None;
        }
        let (_, class) = CLASSES.iter().find(|(root, _)| site.imports(root))?;
        Some(Type::External(path_hash(class)))
    }

    /// Whether a class of a library is one whose objects hold what clients send.
    fn is_request(&self, path: u64) -> bool {
        let path = self.project.models().canonical(path);
        CLASSES.iter().any(|(_, class)| path_hash(class) == path) || self.project.models().holds_source(path)
    }

    /// Whether a file may have sources: it is no test, and imports a library that has some, or takes a request.
    pub fn may_have_sources(&self, site: Site<'_>) -> bool {
        let is_test = self.project.file(site.file).is_none_or(crate::project::File::is_test);
        !is_test && {
            let models = self.project.models();
            let imports = site.module.imports().iter();
            let roots = imports.map(|import| site.module.text(import.module).split('.').next().unwrap_or(""));
            roots.into_iter().any(|root| models.has_sources(root, &self.threats))
                || ["request", "req"].iter().any(|name| site.module.names().contains_hash(hash_text(name)))
        }
    }

    /// Whether an attribute or call is a source.
    pub fn is_source(&self, site: Site<'_>, id: ValueId) -> bool {
        let callee = site.called(id);
        let models = self.project.models();
        let is_wanted =
            |path: &u64| models.source(*path).is_some_and(|threat| self.threats.contains(&threat));
        if self.paths_of(site, callee).iter().any(is_wanted) {
            return true;
        }
        // The class of a parameter is known from what calls it.
        let Value::Attribute(object, _) = site.value(callee) else { return false };
        matches!(site.last_segment(object), Some("request" | "req"))
            && CLASSES.iter().any(|(root, _)| site.imports(root))
            && site.type_of(object).is_none()
    }

    /// The paths under which models may know an expression.
    pub fn paths_of(&self, site: Site<'_>, value: ValueId) -> Vec<u64> {
        let models = self.project.models();
        let mut found: Vec<u64> = Vec::new();
        if let Some(one) = site.resolve(value) {
            for path in self.project.paths(one) {
                found.push(path);
                found.push(models.canonical(path));
            }
        }
        if found.is_empty()
            && let Value::Attribute(object, name) = site.value(value)
            && let Some(class) = site.type_of(object)
        {
            let name = site.module.names().hash(name);
            let bases = self.project.external_bases(class);
            found.extend(bases.iter().map(|&base| join_hash(models.canonical(base), name)));
        }
        found.dedup();
        found
    }

    /// The functions of the project that an expression that is called may be.
    pub fn callees(&self, file: FileId, callee: ValueId) -> &[(Target, bool)] {
        self.callees.get(&(file, callee)).map_or(&[], Vec::as_slice)
    }

    /// Data that functions left somewhere.
    pub fn left(&self, place: Place) -> Option<&Val> {
        self.left.get(&place)
    }

    /// Whether functions left data somewhere.
    pub fn has_left(&self, place: &Place) -> bool {
        self.left.contains_key(place)
    }

    /// Takes over what functions left behind.
    pub fn take_left(&mut self) {
        let mut all: Vec<(&Target, &Arc<Summary>)> = self.summaries.iter().collect();
        all.retain(|(_, summary)| !summary.left.is_empty());
        all.sort_by_key(|(target, _)| **target);
        for (place, value) in all.into_iter().flat_map(|(_, summary)| &summary.left) {
            let left = self.left.entry(*place).or_default();
            *left = std::mem::take(left).join(value);
        }
    }
}

/// Whether a function is a method that is called on its first parameter.
pub(super) fn takes_receiver(project: &Project, file: FileId, function: FunctionId) -> bool {
    let Some(site) = Site::new(project, file) else { return false };
    let is_method = site.module.function(function).is_some_and(|facts| facts.class.is_some());
    let decorators = site.module.decorators(function);
    let is_static = decorators.iter().any(|decorator| site.is_any(decorator, &["builtins.staticmethod"]));
    is_method && !is_static
}

/// Whether a call gives a function its first parameter by what stands before the dot.
pub(super) fn is_bound(
    project: &Project,
    file: FileId,
    function: FunctionId,
    site: Site<'_>,
    callee: ValueId,
) -> bool {
    if !takes_receiver(project, file, function) {
        return false;
    }
    let Value::Attribute(object, _) = site.value(callee) else { return false };
    let through_class = matches!(site.resolve(object).map(|found| found.entity), Some(Entity::Class(..)));
    let Some(owner) = Site::new(project, file) else { return false };
    let decorators = owner.module.decorators(function);
    let is_class_method = decorators.iter().any(|one| owner.is_any(one, &["builtins.classmethod"]));
    is_class_method || !through_class
}
