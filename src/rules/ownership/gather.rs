//! The functions that a request passes on its way: the handler, what it depends on, the methods of its class that run
//! before it, and the functions of the project that are given something of the request.

use rustc_hash::FxHashSet;

use super::class_views;
use super::fetch::Fetch;
use super::frame::{Frame, given};
use super::names::tells_who;
use crate::facts::{Arguments, BindingId, FunctionId, Parameter, ParameterKind, Value, ValueId};
use crate::project::{Entity, FileId};
use crate::rule::{Endpoint, Site, has_word};
use crate::web::{Means, Source, depended_on};

/// How many calls deep is followed, and how many functions in all.
const DEEPEST: u32 = 3;
const MOST: usize = 40;

/// All functions on the way of a request.
pub(super) struct Scene<'p> {
    endpoint: Endpoint<'p>,
    frames: Vec<Frame<'p>>,
    fetches: Vec<Fetch>,
    seen: FxHashSet<(FileId, FunctionId)>,
}

impl<'p> Scene<'p> {
    /// Follows the request of a route.
    pub fn of(endpoint: &Endpoint<'p>) -> Option<Scene<'p>> {
        let mut scene = Scene {
            endpoint: *endpoint,
            frames: Vec::new(),
            fetches: Vec::new(),
            seen: FxHashSet::default(),
        };
        let site = endpoint.handler_site()?;
        if let Some(function) = endpoint.function() {
            let frame = scene.handler(site, function);
            scene.add(frame, DEEPEST);
        }
        if let Some(class) = endpoint.route.handler.class {
            for (owner, hook) in class_views::hooks(endpoint, class) {
                scene.add(Frame::new(owner, hook), DEEPEST);
            }
            scene.fetches.extend(class_views::fetch(endpoint, class));
        }
        Some(scene)
    }

    /// What is fetched by ids from the request.
    pub fn fetches(&self) -> Vec<Fetch> {
        self.fetches.clone()
    }

    /// Whether what lets callers pass knows who they are. A check of the handler's own may be about something else:
    /// `if not obj.is_active`.
    pub fn knows_caller(&self) -> bool {
        let mut guards = self.endpoint.route.evidence.iter().filter(|one| !one.opens);
        guards.any(|guard| {
            let place = guard.place;
            let handler = self.frames.iter().find(|frame| {
                frame.site.file == place.file
                    && frame.site.module.function_at(place.span.start) == Some(frame.function)
            });
            guard.means != Means::Check || handler.is_none_or(|frame| frame.knows_within(place.span))
        })
    }

    /// Whether some function on the way uses who is calling.
    pub fn asks_who(&self) -> bool {
        self.frames.iter().any(Frame::uses_caller)
            || self
                .endpoint
                .route
                .handler
                .class
                .is_some_and(|class| class_views::is_settled(&self.endpoint, class))
    }

    /// Whether the handler is named after a change, whatever its methods are: `delete_order`.
    pub fn changes_by_name(&self) -> bool {
        const CHANGES: &[&str] = &["delete", "remove", "edit", "update", "cancel", "destroy", "change"];
        let site = self.endpoint.handler_site();
        let name = site.zip(self.endpoint.function()).and_then(|(site, function)| {
            site.module.function(function).map(|facts| site.module.text(facts.name))
        });
        has_word(name.unwrap_or_default(), CHANGES)
    }

    /// The handler, and what its parameters depend on.
    fn handler(&mut self, site: Site<'p>, function: FunctionId) -> Frame<'p> {
        let mut frame = Frame::new(site, function);
        let inputs = &self.endpoint.route.inputs;
        let parameters = site.module.parameters(function);
        for input in inputs {
            let Some(parameter) = parameters.get(input.parameter as usize) else { continue };
            if matches!(input.source, Source::Path | Source::Query | Source::Body | Source::Form) {
                frame.asked.insert(parameter.binding);
            }
        }
        self.dependencies(&mut frame, DEEPEST);
        frame
    }

    /// What the parameters of a function depend on: those that are given parts of the path belong to the handler.
    fn dependencies(&mut self, frame: &mut Frame<'p>, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let project = self.endpoint.project;
        for (index, owner, function) in depended_on(project, frame.site, frame.function) {
            let Some(parameter) = frame.site.module.parameters(frame.function).get(index) else { continue };
            let mut inner = Frame::new(owner, function);
            let own = owner.module.parameters(function).iter();
            let in_path = |one: &&Parameter| self.is_in_path(owner.module.text(one.name));
            inner.asked.extend(own.filter(in_path).map(|one| one.binding));
            let before = self.fetches.len();
            self.dependencies(&mut inner, depth);
            let is_asked =
                !inner.asked.is_empty() || !inner.objects.is_empty() || reads_path(owner, function);
            if is_asked {
                self.add(inner, depth);
            }
            if self.fetches.len() > before {
                frame
                    .objects
                    .insert(parameter.binding, self.fetches.last().map(Fetch::object).unwrap_or_default());
            } else if is_asked {
                // What it gives back is made of the request: neither the caller nor his id.
                frame.asked.insert(parameter.binding);
            } else if is_told(owner, function) || depended_on_caller(project, owner, function, depth) {
                frame.known.insert(parameter.binding);
            }
        }
    }

    fn is_in_path(&self, name: &str) -> bool {
        let path = &self.endpoint.route.path.text;
        [format!("{{{name}}}"), format!("{{{name}:"), format!("<{name}>"), format!(":{name}>")]
            .iter()
            .any(|part| path.contains(part.as_str()))
    }

    /// Adds a function, and what it hands parts of the request to.
    fn add(&mut self, mut frame: Frame<'p>, depth: u32) {
        if self.frames.len() >= MOST || !self.seen.insert((frame.site.file, frame.function)) {
            return;
        }
        frame.settle();
        self.fetches.extend(frame.fetches());
        let called = if depth > 0 { calls(&frame) } else { Vec::new() };
        let mut inner = Vec::new();
        for (call, callee_value, arguments) in called {
            let found = callee(frame.site, callee_value).or_else(|| own_method(&frame, callee_value));
            let Some((owner, function)) = found else { continue };
            if tells_caller(&frame, callee_value, arguments) || self.seen.contains(&(owner.file, function)) {
                continue;
            }
            let next = handed(&frame, owner, function, (callee_value, arguments));
            let is_given =
                !next.asked.is_empty() || !next.objects.is_empty() || hands_request(&frame, arguments);
            let is_own = matches!(frame.site.value(callee_value), Value::Attribute(object, _)
                if frame.site.last_segment(object) == Some("self") || frame.mentions_object(object));
            if is_given || is_own {
                inner.push((call, next));
            }
        }
        self.frames.push(frame);
        for (_, next) in inner {
            self.add(next, depth.saturating_sub(1));
        }
    }
}

/// The calls of a function.
fn calls<'p>(frame: &Frame<'p>) -> Vec<(ValueId, ValueId, Arguments<'p>)> {
    let module = frame.site.module;
    let roots = frame.statements().into_iter().flat_map(|statement| module.roots(statement));
    let values = roots.flat_map(|root| module.values_within(root).collect::<Vec<_>>());
    values
        .filter_map(|value| match module.value(value) {
            Value::Call(callee, arguments) => Some((value, callee, arguments)),
            _ => None,
        })
        .collect()
}

/// A function as it is called: its parameters as far as they are given something of the request.
fn handed<'p>(
    frame: &Frame<'p>,
    owner: Site<'p>,
    function: FunctionId,
    (callee, arguments): (ValueId, Arguments<'p>),
) -> Frame<'p> {
    let mut next = Frame::new(owner, function);
    let is_method = owner.module.function(function).is_some_and(|facts| facts.class.is_some());
    let is_bound = is_method && matches!(frame.site.value(callee), Value::Attribute(..));
    let parameters = owner.module.parameters(function).iter().skip(usize::from(is_bound));
    let parameters = parameters.filter(|one| !matches!(one.kind, ParameterKind::Rest));
    for (position, parameter) in parameters.enumerate() {
        let name = owner.module.text(parameter.name);
        let Some(given) = frame.site.argument(arguments, position, name) else { continue };
        if let Some(object) = frame.object_in(given) {
            next.objects.insert(parameter.binding, object);
            continue;
        }
        let set: Option<&mut FxHashSet<BindingId>> = if frame.is_known(given) {
            Some(&mut next.known)
        } else if frame.mentions_asked(given) {
            Some(&mut next.asked)
        } else {
            None
        };
        if let Some(set) = set {
            set.insert(parameter.binding);
        }
    }
    next
}

/// Whether the request itself is handed on.
fn hands_request(frame: &Frame<'_>, arguments: Arguments<'_>) -> bool {
    given(arguments).any(|one| frame.is_request(one))
}

/// Whether a call is one that tells who is calling.
fn tells_caller(frame: &Frame<'_>, callee: ValueId, arguments: Arguments<'_>) -> bool {
    frame.site.last_segment(callee).is_some_and(tells_who)
        && !given(arguments).any(|one| frame.mentions_asked(one) || frame.mentions_object(one))
}

/// The function of the project that is called.
pub(super) fn callee<'p>(site: Site<'p>, callee: ValueId) -> Option<(Site<'p>, FunctionId)> {
    let of = |file, function| Some((Site::new(site.project, file)?, function));
    match site.resolve(callee).map(|found| found.entity) {
        Some(Entity::Function(file, function)) => return of(file, function),
        Some(Entity::Class(..) | Entity::External(_)) => return None,
        _ => {}
    }
    let Value::Attribute(object, name) = site.value(callee) else { return None };
    match site.project.method(site.type_of(object)?, site.module.names().hash(name))? {
        Entity::Function(file, function) => of(file, function),
        _ => None,
    }
}

/// The method of what was fetched that is called: `order.is_mine()`.
fn own_method<'p>(frame: &Frame<'p>, callee: ValueId) -> Option<(Site<'p>, FunctionId)> {
    let Value::Attribute(object, name) = frame.site.value(callee) else { return None };
    let class = frame.object_in(object)?.class?;
    match frame.site.project.method(class, frame.site.module.names().hash(name))? {
        Entity::Function(file, function) => Some((Site::new(frame.site.project, file)?, function)),
        _ => None,
    }
}

/// Whether a function reads what the path names: `request.path_params["order_id"]`.
fn reads_path(site: Site<'_>, function: FunctionId) -> bool {
    let mut found = false;
    site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
        let mut values =
            site.module.roots(statement).into_iter().flat_map(|root| site.module.values_within(root));
        found = found
            || values.any(|value| {
                matches!(site.last_segment(value), Some("path_params" | "view_args" | "match_info"))
            });
    });
    found
}

/// Whether a dependency gives back who is calling: by its name.
fn is_told(site: Site<'_>, function: FunctionId) -> bool {
    let facts = site.module.function(function);
    facts.is_some_and(|facts| {
        let name = site.module.text(facts.name);
        tells_who(name) || super::names::is_who(name)
    })
}

/// Whether a dependency is itself given who is calling: `def get_service(user: CurrentUser)`.
fn depended_on_caller(
    project: &crate::project::Project,
    site: Site<'_>,
    function: FunctionId,
    depth: u32,
) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    depended_on(project, site, function)
        .into_iter()
        .any(|(_, owner, inner)| is_told(owner, inner) || depended_on_caller(project, owner, inner, depth))
}
