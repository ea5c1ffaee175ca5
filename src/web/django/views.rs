//! What a view in a list of routes is: a function, a class, or either in wrappers.

use super::super::access;
use super::super::collect::methods;
use super::super::drf::permissions::{Scene, function_permissions, given_permissions};
use super::super::model::{Evidence, Framework, Handler, Means, Methods, Place};
use super::Settings;
use super::bound::{Bound, worth};
use super::class_views::{self, Making, making};
use crate::facts::{Arguments, DefinitionKind, FunctionId, Value, ValueId};
use crate::project::{Entity, Site, Type};

/// The most steps taken for one view.
const FUEL: u32 = 48;

const PARTIAL: &[&str] = &["functools.partial", "functools.partialmethod"];
const METHOD_DECORATOR: &[&str] = &["django.utils.decorators.method_decorator"];
const API_VIEW: &[&str] = &["rest_framework.decorators.api_view"];
/// Decorators that have a word of access in their names and say nothing of it.
const SETTING: &[&str] = &[
    "rest_framework.decorators.api_view",
    "rest_framework.decorators.permission_classes",
    "rest_framework.decorators.authentication_classes",
    "rest_framework.decorators.action",
    "rest_framework.decorators.list_route",
    "rest_framework.decorators.detail_route",
    "rest_framework.decorators.throttle_classes",
    "rest_framework.decorators.throttle_scope",
];
const REQUIRED: &str = "django.views.decorators.http.require_http_methods";
const LIMITS: [(&str, &[&str]); 3] = [
    ("django.views.decorators.http.require_GET", &["get"]),
    ("django.views.decorators.http.require_POST", &["post"]),
    ("django.views.decorators.http.require_safe", &["get", "head"]),
];

/// What a view answers, by what, for whom.
#[derive(Clone, Debug)]
pub(in crate::web) struct Answer {
    pub framework: Framework,
    pub methods: Methods,
    pub handler: Handler,
    /// The innermost first.
    pub evidence: Vec<Evidence>,
}

/// Finds what views answer.
#[derive(Clone, Copy)]
pub(super) struct Views<'s> {
    pub settings: &'s Settings,
    /// What parameters are worth.
    pub bound: &'s [Bound<'s>],
}

impl Views<'_> {
    /// What a view answers; there is always an answer. The oldest lists name views by texts.
    pub fn of(self, site: Site<'_>, value: ValueId, named: Option<&str>) -> Vec<Answer> {
        let entity = named.and_then(|name| site.project.dotted(site.file, name)).map(|found| found.entity);
        let found = match entity {
            Some(entity) => self.entity(site, value, entity, &mut { FUEL }),
            None => self.within(site, value, &mut { FUEL }),
        };
        if !found.is_empty() {
            return found;
        }
        let handler = Handler { file: site.file, function: None, class: None };
        vec![Answer { framework: Framework::Django, methods: Methods::ANY, handler, evidence: Vec::new() }]
    }

    /// What a view of a library answers, where a list that the library ships has it.
    pub fn shipped(self, site: Site<'_>, included: ValueId, view: u64) -> Vec<Answer> {
        let has_base = site.project.models().base(view).is_some();
        if has_base {
            return self.class(site, included, Type::External(view), &Making::default());
        }
        vec![external(site, included, view)]
    }

    fn within(self, site: Site<'_>, value: ValueId, fuel: &mut u32) -> Vec<Answer> {
        let Some(left) = fuel.checked_sub(1) else { return Vec::new() };
        *fuel = left;
        match site.value(value) {
            Value::Call(callee, arguments) => self.call(site, callee, arguments, fuel),
            Value::Lambda(function) => self.function(site, function),
            Value::Conditional(_, then, otherwise) => {
                let found = self.within(site, then, fuel);
                if found.is_empty() { self.within(site, otherwise, fuel) } else { found }
            }
            Value::Str(name) => {
                let found = site.project.dotted(site.file, site.module.text(name));
                found.map_or_else(Vec::new, |found| self.entity(site, value, found.entity, fuel))
            }
            Value::Name(..) | Value::Attribute(..) => match site.resolve(value) {
                Some(found) => self.entity(site, value, found.entity, fuel),
                None => self.attribute(site, value, fuel),
            },
            _ => Vec::new(),
        }
    }

    fn entity(self, site: Site<'_>, value: ValueId, entity: Entity, fuel: &mut u32) -> Vec<Answer> {
        match entity {
            Entity::Function(file, function) => {
                Site::new(site.project, file).map_or_else(Vec::new, |owner| self.function(owner, function))
            }
            Entity::Class(file, class) => {
                self.class(site, value, Type::Class(file, class), &Making::default())
            }
            Entity::External(path) => vec![external(site, value, path)],
            Entity::Variable(file, binding) => {
                if let Some(found) = worth(self.bound, file, binding) {
                    return self.within(found.site, found.value, fuel);
                }
                let Some(owner) = Site::new(site.project, file) else { return Vec::new() };
                let definitions = owner.module.definitions(binding).iter();
                let mut values = definitions.filter(|one| one.kind == DefinitionKind::Assigned);
                values
                    .find_map(|one| {
                        let found = self.within(owner, one.value()?, fuel);
                        (!found.is_empty()).then_some(found)
                    })
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    /// A method of an instance, or a view that is kept in an attribute of one.
    fn attribute(self, site: Site<'_>, value: ValueId, fuel: &mut u32) -> Vec<Answer> {
        let handler = super::super::collect::handler_of(site, value);
        if let Some(function) = handler.function
            && let Some(owner) = Site::new(site.project, handler.file)
        {
            return self.function(owner, function);
        }
        let values = site.project.attribute_values(site.file, value);
        let mut found = values.into_iter().filter_map(|(file, value)| {
            let answers = self.within(Site::new(site.project, file)?, value, fuel);
            (!answers.is_empty()).then_some(answers)
        });
        found.next().unwrap_or_default()
    }

    fn call(self, site: Site<'_>, callee: ValueId, arguments: Arguments<'_>, fuel: &mut u32) -> Vec<Answer> {
        if let Value::Attribute(object, name) = site.value(callee)
            && site.module.text(name) == "as_view"
        {
            let class = site.class_of(object).or_else(|| held_class(site, object));
            let making = making(site, arguments);
            return class.map_or_else(Vec::new, |class| self.class(site, object, class, &making));
        }
        let entity = site.resolve(callee).map(|found| found.entity);
        if let Some(Entity::Class(file, class)) = entity {
            return self.class(site, callee, Type::Class(file, class), &Making::default());
        }
        // `get_schema_view(…)`: makes a view.
        if let Some(Entity::External(path)) = entity
            && site.project.models().answers(site.project.models().canonical(path)).is_some()
        {
            return vec![self.made(site, callee, path, arguments)];
        }
        let inner = arguments.positional().iter().find_map(|inner| {
            let is_view = matches!(
                site.value(inner),
                Value::Call(..) | Value::Name(..) | Value::Attribute(..) | Value::Lambda(_)
            );
            let found = if is_view { self.within(site, inner, fuel) } else { Vec::new() };
            (!found.is_empty()).then_some(found)
        });
        if let Some(found) = inner {
            let is_partial = site.is_any(callee, PARTIAL);
            return if is_partial { found } else { wrap(site, callee, found) };
        }
        match entity {
            Some(Entity::Function(file, function)) => {
                let Some(owner) = Site::new(site.project, file) else { return Vec::new() };
                let returned = site.project.returned(file, function).into_iter();
                let mut found = returned.map(|value| self.within(owner, value, fuel));
                found.find(|found| !found.is_empty()).unwrap_or_default()
            }
            Some(Entity::External(path)) => vec![self.made(site, callee, path, arguments)],
            // `schema_view.with_ui()`: what the object says holds.
            _ => match site.value(callee) {
                Value::Attribute(object, _) => self.within(site, object, fuel),
                _ => Vec::new(),
            },
        }
    }

    /// A view that a function of a library makes.
    fn made(self, site: Site<'_>, callee: ValueId, path: u64, arguments: Arguments<'_>) -> Answer {
        let mut answer = external(site, callee, path);
        answer.evidence.extend(given_permissions(self.settings, site, arguments));
        answer
    }

    fn class(self, site: Site<'_>, named: ValueId, class: Type, making: &Making<'_>) -> Vec<Answer> {
        let mut found = class_views::answers(self.settings, site, class, making);
        if let Type::External(path) = class {
            for answer in &mut found {
                answer.evidence.extend(known_class(site, named, path));
            }
        }
        found
    }

    fn function(self, site: Site<'_>, function: FunctionId) -> Vec<Answer> {
        let mut limit = Methods::ANY;
        let mut is_rest = false;
        for decorator in site.module.decorators(function).iter() {
            for inner in unwrapped(site, decorator) {
                is_rest |= is_call_or_name(site, inner, API_VIEW);
                limit = narrowed(limit, limits(site, inner, 4));
            }
        }
        let class = site.module.function(function).and_then(|facts| facts.class);
        let handler = Handler { file: site.file, function: Some(function), class };
        let evidence = said(site, function);
        if !is_rest {
            return vec![Answer { framework: Framework::Django, methods: limit, handler, evidence }];
        }
        let answer = |methods: Methods| {
            let scene = Scene { action: None, method: methods, is_detail: None };
            let demanded = function_permissions(self.settings, site, function, &scene);
            let evidence = [evidence.clone(), demanded].concat();
            Answer { framework: Framework::DjangoRest, methods, handler, evidence }
        };
        let (reads, writes) = split(limit);
        let mut found: Vec<Answer> =
            [reads, writes].into_iter().filter(|methods| !methods.is_empty()).map(answer).collect();
        if let [first, second] = &mut found[..]
            && first.evidence == second.evidence
        {
            first.methods = first.methods.and(second.methods);
            found.pop();
        }
        found
    }
}

/// The class that an attribute or variable holds.
fn held_class(site: Site<'_>, value: ValueId) -> Option<Type> {
    let values = site.project.attribute_values(site.file, value);
    values.into_iter().find_map(|(file, value)| Site::new(site.project, file)?.class_of(value))
}

/// Methods that read, and all others.
fn split(methods: Methods) -> (Methods, Methods) {
    let reading =
        ["GET", "HEAD", "OPTIONS"].iter().fold(Methods::default(), |all, one| all.and(Methods::of(one)));
    let writing = methods.names().filter(|name| Methods::of(name).common(reading).is_empty());
    (methods.common(reading), writing.fold(Methods::default(), |all, one| all.and(Methods::of(one))))
}

/// A view of a library.
fn external(site: Site<'_>, value: ValueId, path: u64) -> Answer {
    let models = site.project.models();
    let path = models.canonical(path);
    let names = models.answers(path).into_iter().flatten();
    let methods = names.fold(Methods::default(), |all, name| all.and(Methods::of(name)));
    let methods = if methods.is_empty() { Methods::ANY } else { methods };
    let handler = Handler { file: site.file, function: None, class: None };
    let place = Place { file: site.file, span: site.module.span(value) };
    let name = named(site, value);
    let evidence = |opens| Evidence { means: Means::Decorator, name: name.clone(), place, opens };
    let evidence = match (models.protects(path), models.opens(path)) {
        (true, _) => vec![evidence(false)],
        (_, true) => vec![evidence(true)],
        _ => Vec::new(),
    };
    Answer { framework: Framework::Django, methods, handler, evidence }
}

/// The last part of a dotted name, or what a text says.
fn named(site: Site<'_>, value: ValueId) -> String {
    match site.value(value) {
        Value::Str(text) => site.module.text(text).to_owned(),
        _ => site.last_segment(value).unwrap_or_default().to_owned(),
    }
}

/// What the models say of a class of a library that is a view.
fn known_class(site: Site<'_>, value: ValueId, path: u64) -> Option<Evidence> {
    let models = site.project.models();
    let mut chain = std::iter::successors(Some(path), |path| models.base(*path)).take(16);
    let opens = chain.find_map(|path| match (models.protects(path), models.opens(path)) {
        (true, _) => Some(false),
        (_, true) => Some(true),
        _ => None,
    })?;
    let place = Place { file: site.file, span: site.module.span(value) };
    let name = named(site, value);
    Some(Evidence { means: Means::Mixin, name, place, opens })
}

/// What a wrapper around a view adds.
fn wrap(site: Site<'_>, wrapper: ValueId, mut answers: Vec<Answer>) -> Vec<Answer> {
    let evidence = access::of(site, wrapper, Means::Decorator);
    let limit = limits(site, wrapper, 4);
    for answer in &mut answers {
        answer.methods = narrowed(answer.methods, limit);
        answer.evidence.extend(evidence.clone());
    }
    answers
}

fn narrowed(methods: Methods, limit: Option<Methods>) -> Methods {
    match limit {
        Some(limit) if methods == Methods::ANY => limit,
        Some(limit) => methods.common(limit),
        None => methods,
    }
}

/// The methods that a decorator lets through.
fn limits(site: Site<'_>, decorator: ValueId, depth: u32) -> Option<Methods> {
    let depth = depth.checked_sub(1)?;
    let of_names =
        |names: &[&str]| names.iter().fold(Methods::default(), |all, name| all.and(Methods::of(name)));
    if let Value::Call(callee, arguments) = site.value(decorator) {
        if site.is_any(callee, &[REQUIRED]) {
            return methods(site, site.argument(arguments, 0, "request_method_list")?);
        }
        if site.is_any(callee, API_VIEW) {
            let given = site.argument(arguments, 0, "http_method_names");
            return given.map_or(Some(Methods::GET), |given| methods(site, given));
        }
        return None;
    }
    if let Some((_, names)) = LIMITS.iter().find(|(path, _)| site.is_any(decorator, &[path])) {
        return Some(of_names(names));
    }
    if site.is_any(decorator, API_VIEW) {
        return Some(Methods::GET);
    }
    match site.resolve(decorator)?.entity {
        Entity::Variable(file, binding) => {
            let owner = Site::new(site.project, file)?;
            let definition = owner.module.definitions(binding).iter().find_map(|one| one.value())?;
            limits(owner, definition, depth)
        }
        _ => None,
    }
}

fn is_call_or_name(site: Site<'_>, decorator: ValueId, paths: &[&str]) -> bool {
    match site.value(decorator) {
        Value::Call(callee, _) => site.is_any(callee, paths),
        _ => site.is_any(decorator, paths),
    }
}

/// The decorators within `method_decorator(…)`; any other stands for itself.
pub(super) fn unwrapped(site: Site<'_>, decorator: ValueId) -> Vec<ValueId> {
    let Value::Call(callee, arguments) = site.value(decorator) else { return vec![decorator] };
    if !site.is_any(callee, METHOD_DECORATOR) {
        return vec![decorator];
    }
    let Some(inner) = site.argument(arguments, 0, "decorator") else { return Vec::new() };
    site.elements(inner).map_or_else(|| vec![inner], |items| items.into_iter().rev().collect())
}

/// What the decorators of a function say about who may call it, the innermost first.
pub(super) fn said(site: Site<'_>, function: FunctionId) -> Vec<Evidence> {
    let decorators = site.module.decorators(function).iter().rev();
    decorators
        .flat_map(|decorator| unwrapped(site, decorator))
        .filter(|decorator| !is_call_or_name(site, *decorator, SETTING))
        .filter_map(|decorator| access::of(site, decorator, Means::Decorator))
        .collect()
}
