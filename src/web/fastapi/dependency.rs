//! What a dependency lets pass: whether it, or one that it depends on, refuses callers.
//!
//! Most applications have services, forms and sessions as dependencies too, so a name alone says little: what the
//! project defines is judged by its code, and by its name only where it asks something that is not in sight.

use std::cell::Cell;

use super::super::model::{Evidence, Handler, Means, Place};
use super::super::unroll::listed;
use super::super::{access, model::Source, names};
use super::endpoint::is_cbv;
use super::marker::{self, Marker};
use crate::facts::{
    Arguments, ClassId, DefinitionKind, FunctionId, Span, Statement, Value, ValueId, hash_text,
};
use crate::project::{Constant, Entity, FileId, Project, Site, Type, has_word, words};

/// How many dependencies deep is looked, and how many in all for one.
const DEEPEST: u32 = 24;
const MOST_STEPS: u32 = 400;

/// Last words of the names of things that are used by, and do not speak about who is calling.
const THINGS: &[&str] = &[
    "service",
    "services",
    "repository",
    "repo",
    "manager",
    "client",
    "store",
    "storage",
    "handler",
    "settings",
    "config",
    "backend",
    "provider",
    "form",
    "db",
    "database",
    "dao",
    "factory",
    "crud",
    "case",
    "controller",
    "gateway",
    "adapter",
    "facade",
    "engine",
    "cache",
    "body",
    "schema",
    "data",
    "params",
    "query",
    "url",
    "strategy",
    "context",
    "info",
    "model",
    "mapper",
    "registry",
    "request",
    "response",
    "logger",
    "flow",
];
/// Words of a name that says that nobody is refused.
const SOFT: &[&str] = &["optional", "maybe", "none", "anonymous", "guest", "public", "try", "opt"];
/// Words of calls that refuse by themselves.
const ASKING: &[&str] = &[
    "verify",
    "validate",
    "decode",
    "authenticate",
    "authorize",
    "require",
    "check",
    "ensure",
    "introspect",
    "unseal",
    "assert",
    "enforce",
    "authenticated",
];
/// Keywords with which what is made refuses nobody: `auto_error=False`, `optional=True`.
const OPENING: [(&str, bool); 3] = [("auto_error", false), ("optional", true), ("required", false)];

/// How much further is looked.
#[derive(Clone, Copy)]
struct Fuel<'f> {
    depth: u32,
    steps: &'f Cell<u32>,
}

impl Fuel<'_> {
    fn less(self) -> Option<Self> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        Some(Fuel { depth: self.depth.checked_sub(1)?, ..self })
    }
}

/// What the elements of `dependencies=[…]` say about who may call.
pub(super) fn all_of(site: Site<'_>, list: ValueId, means: Means) -> Vec<Evidence> {
    let span = site.module.span(list);
    let place = |owner: Site<'_>, item: ValueId| {
        let span = if owner.file == site.file { owner.module.span(item) } else { span };
        Place { file: site.file, span }
    };
    let each = listed(site, list).into_iter();
    each.filter_map(|(owner, item)| {
        let marker = marker::of_value(owner, item)?;
        evidence(marker, means, place(owner, item))
    })
    .collect()
}

/// What the dependencies of a handler's parameters say, and those of the class that it is a method of.
pub(super) fn of_handler(project: &Project, handler: Handler) -> Vec<Evidence> {
    let Some(site) = Site::new(project, handler.file) else { return Vec::new() };
    let own = handler.function.into_iter().flat_map(|function| of_parameters(site, function));
    let class = handler.class.filter(|class| is_cbv(site, *class));
    let of_class = class.into_iter().flat_map(|class| of_class(site, class));
    own.chain(of_class).collect()
}

/// What a dependency says that a library is given as it is.
pub(super) fn of(site: Site<'_>, value: ValueId) -> Option<Evidence> {
    let marker = Marker { source: Source::Dependency, dependency: Some((site, value)) };
    evidence(marker, Means::Dependency, Place { file: site.file, span: site.module.span(value) })
}

/// The functions of the project that the parameters of a function depend on, with the index of the parameter.
pub fn depended_on<'p>(
    project: &'p Project,
    site: Site<'p>,
    function: FunctionId,
) -> Vec<(usize, Site<'p>, FunctionId)> {
    let parameters = site.module.parameters(function).iter().enumerate();
    let depended = |(index, parameter)| {
        let marker = marker::of(site, parameter)?;
        let (owner, value) = marker.dependency.filter(|_| marker.source == Source::Dependency)?;
        let method = |class, name| project.method(class, hash_text(name));
        let entity = match owner.resolve(value).map(|found| found.entity) {
            Some(Entity::Class(file, class)) => method(Type::Class(file, class), "__init__"),
            Some(found @ Entity::Function(..)) => Some(found),
            // `Depends(Checker("orders"))`, `Depends(service.get)`
            _ => match (access::callee_of(owner, value), owner.type_of(value)) {
                (Some((file, function)), _) => Some(Entity::Function(file, function)),
                (None, class) => class.and_then(|class| method(class, "__call__")),
            },
        };
        let Some(Entity::Function(file, function)) = entity else { return None };
        Some((index, Site::new(project, file)?, function))
    };
    parameters.filter_map(depended).collect()
}

fn of_parameters(site: Site<'_>, function: FunctionId) -> Vec<Evidence> {
    let parameters = site.module.parameters(function).iter();
    parameters
        .filter_map(|parameter| {
            let place = Place { file: site.file, span: parameter.span };
            evidence(marker::of(site, parameter)?, Means::Dependency, place)
        })
        .collect()
}

/// Attributes of a class-based view, and what its instances are made with.
fn of_class(site: Site<'_>, class: ClassId) -> Vec<Evidence> {
    let mut found = Vec::new();
    site.module.walk_block(site.module.class_body(class), &mut |id, statement| {
        let Statement::Annotated(_, annotation, Some(value)) = statement else { return };
        let span = site.module.statement_span(id);
        let Some(marker) = marker::of_value(site, value) else { return };
        let by_class = (site, annotation);
        let marker = Marker { dependency: marker.dependency.or(Some(by_class)), ..marker };
        found.extend(evidence(marker, Means::Attribute, Place { file: site.file, span }));
    });
    let scope = site.module.class(class).map(|class| class.scope);
    let init = scope.and_then(|scope| site.module.lookup(scope, hash_text("__init__")));
    let definitions = init.map_or(&[][..], |binding| site.module.definitions(binding)).iter();
    for one in definitions.filter(|one| one.kind == DefinitionKind::Function) {
        found.extend(of_parameters(site, FunctionId(one.id)));
    }
    found
}

fn evidence(marker: Marker<'_>, means: Means, place: Place) -> Option<Evidence> {
    let (site, value) = marker.dependency.filter(|_| marker.source == Source::Dependency)?;
    let steps = Cell::new(MOST_STEPS);
    let fuel = Fuel { depth: DEEPEST, steps: &steps };
    guards(site, value, fuel).then(|| Evidence {
        means,
        name: access::name_of(site, value),
        place,
        opens: false,
    })
}

/// Whether what is depended on refuses callers.
fn guards(site: Site<'_>, value: ValueId, fuel: Fuel<'_>) -> bool {
    let Some(fuel) = fuel.less() else { return false };
    match site.value(value) {
        Value::Call(callee, arguments) => made_guards(site, (value, callee, arguments), fuel),
        Value::Name(..) | Value::Attribute(..) => named_guards(site, value, fuel),
        Value::Conditional(_, then, otherwise) => guards(site, then, fuel) && guards(site, otherwise, fuel),
        _ => false,
    }
}

fn named_guards(site: Site<'_>, value: ValueId, fuel: Fuel<'_>) -> bool {
    match site.resolve(value).map(|found| found.entity) {
        Some(Entity::Function(file, function)) => function_guards(site.project, file, function, fuel),
        Some(Entity::Class(file, class)) => {
            method_guards(site.project, Type::Class(file, class), "__init__", fuel)
        }
        Some(Entity::Variable(file, binding)) => {
            let Some(owner) = Site::new(site.project, file) else { return false };
            let definitions = owner.module.definitions(binding).iter();
            let values = definitions.filter(|one| one.kind == DefinitionKind::Assigned);
            let mut values = values.filter_map(|one| one.value()).peekable();
            if values.peek().is_none() {
                // A parameter: what its class does.
                return site.type_of(value).is_some_and(|class| instance_guards(site.project, class, fuel));
            }
            values.all(|value| guards(owner, value, fuel))
        }
        Some(Entity::External(_)) => by_model_or_name(site, value),
        _ => attribute_guards(site, value, fuel),
    }
}

/// An attribute of an instance: its method, or what is assigned to it.
fn attribute_guards(site: Site<'_>, value: ValueId, fuel: Fuel<'_>) -> bool {
    if let Some((file, function)) = access::callee_of(site, value) {
        return function_guards(site.project, file, function, fuel);
    }
    let guarded =
        |(file, value)| Site::new(site.project, file).is_some_and(|owner| guards(owner, value, fuel));
    let mut fields = site.project.attribute_values(site.file, value).into_iter();
    fields.any(guarded) || by_model_or_name(site, value)
}

/// What a call makes: an instance that is called, or a function.
fn made_guards(
    site: Site<'_>,
    (value, callee, arguments): (ValueId, ValueId, Arguments<'_>),
    fuel: Fuel<'_>,
) -> bool {
    if is_opened(site, arguments) {
        return false;
    }
    if site.is_any(callee, &["functools.partial"]) {
        return arguments.positional().get(0).is_some_and(|inner| guards(site, inner, fuel));
    }
    match site.resolve(callee).map(|found| found.entity) {
        Some(Entity::Class(file, class)) => {
            let class = Type::Class(file, class);
            !is_switched_off(site, class, arguments) && instance_guards(site.project, class, fuel)
        }
        Some(Entity::Function(file, function)) => product_guards(site.project, file, function, fuel),
        Some(Entity::External(_)) => by_model_or_name(site, callee),
        _ => match access::callee_of(site, callee) {
            Some((file, function)) => product_guards(site.project, file, function, fuel),
            None => {
                by_model_or_name(site, callee)
                    || site.type_of(value).is_some_and(|class| {
                        matches!(class, Type::Class(..)) && instance_guards(site.project, class, fuel)
                    })
            }
        },
    }
}

/// `auto_error=False`.
fn is_opened(site: Site<'_>, arguments: Arguments<'_>) -> bool {
    arguments.keywords().any(|(name, value)| {
        let name = site.module.text(name);
        OPENING
            .iter()
            .any(|(opening, with)| *opening == name && site.constant(value) == Some(Constant::Bool(*with)))
    })
}

/// Whether what is made is told not to do what its method asks for first: `Auth(enforce=False)` and
/// `if self._enforce: …`.
fn is_switched_off(site: Site<'_>, class: Type, arguments: Arguments<'_>) -> bool {
    let Some(Entity::Function(file, call)) = site.project.method(class, hash_text("__call__")) else {
        return false;
    };
    let Some(owner) = Site::new(site.project, file) else { return false };
    let mut asked = Vec::new();
    owner.module.walk_block(owner.module.function_body(call), &mut |_, statement| {
        let Statement::If(branches) = statement else { return };
        asked.extend(branches.iter().filter_map(|(test, _)| match owner.value(test?) {
            Value::Attribute(_, name) => Some(owner.module.text(name).trim_start_matches('_')),
            _ => None,
        }));
    });
    arguments.keywords().any(|(name, value)| {
        asked.contains(&site.module.text(name)) && matches!(site.value(value), Value::Bool(false))
    })
}

/// An instance of a class of the project: what `__call__` does, or what the class that it inherits from does.
fn instance_guards(project: &Project, class: Type, fuel: Fuel<'_>) -> bool {
    if method_guards(project, class, "__call__", fuel) {
        return true;
    }
    let is_scheme = project.external_bases(class).iter().any(|&base| project.models().protects(base));
    let own_call = matches!(project.method(class, hash_text("__call__")), Some(Entity::Function(..)));
    is_scheme && !own_call && !init_opens(project, class)
}

/// `super().__init__(auto_error=False)`.
fn init_opens(project: &Project, class: Type) -> bool {
    let Some(Entity::Function(file, init)) = project.method(class, hash_text("__init__")) else {
        return false;
    };
    let Some(owner) = Site::new(project, file) else { return false };
    let mut opens = false;
    owner.module.walk_block(owner.module.function_body(init), &mut |_, statement| {
        for root in owner.module.roots(statement) {
            opens = opens
                || owner.module.values_within(root).any(|inner| match owner.value(inner) {
                    Value::Call(_, arguments) => is_opened(owner, arguments),
                    _ => false,
                });
        }
    });
    opens
}

fn method_guards(project: &Project, class: Type, name: &str, fuel: Fuel<'_>) -> bool {
    match project.method(class, hash_text(name)) {
        Some(Entity::Function(file, function)) => function_guards(project, file, function, fuel),
        _ => false,
    }
}

/// What a function of the project returns as a dependency: a function within it, an instance, another's product.
fn product_guards(project: &Project, file: FileId, function: FunctionId, fuel: Fuel<'_>) -> bool {
    let Some((fuel, owner)) = fuel.less().zip(Site::new(project, file)) else { return false };
    let returned = project.returned(file, function);
    returned.into_iter().any(|value| {
        let inner = marker::of_value(owner, value).and_then(|marker| marker.dependency);
        match inner {
            Some((owner, value)) => guards(owner, value, fuel),
            None => guards(owner, value, fuel),
        }
    })
}

/// Whether a function of the project, or what it depends on, refuses callers.
fn function_guards(project: &Project, file: FileId, function: FunctionId, fuel: Fuel<'_>) -> bool {
    let Some((fuel, site)) = fuel.less().zip(Site::new(project, file)) else { return false };
    let depended = site.module.parameters(function).iter().any(|parameter| {
        let marker = marker::of(site, parameter);
        let dependency = marker.and_then(|marker| marker.dependency);
        dependency.is_some_and(|(owner, value)| guards(owner, value, fuel))
    });
    if depended {
        return true;
    }
    let name = name_of(site, function);
    if names::is_other_check(name) || is_soft(site, function, name) {
        return false;
    }
    access::refuses(project, file, function, 3)
        || calls_refuse(site, function, speaks(name))
        || speaks(name) && asks_elsewhere(site, function)
}

/// The name of a function; `__call__` does what its class is called.
fn name_of(site: Site<'_>, function: FunctionId) -> &str {
    let Some(facts) = site.module.function(function) else { return "" };
    let name = site.module.text(facts.name);
    match facts.class.and_then(|class| site.module.class(class)) {
        Some(class) if name.starts_with("__") => site.module.text(class.name),
        _ => name,
    }
}

/// Whether a name says that only some callers pass.
fn speaks(name: &str) -> bool {
    let words = words(name);
    let is_thing = words.last().is_some_and(|last| THINGS.contains(&last.as_str()));
    !is_thing && names::by_name(name) == Some(true)
}

/// What is outside of the project: what the models know, or what its name says.
fn by_model_or_name(site: Site<'_>, value: ValueId) -> bool {
    access::known(site, value)
        .unwrap_or_else(|| site.last_segment(value).is_some_and(|name| speaks(name) && !is_soft_name(name)))
}

fn is_soft_name(name: &str) -> bool {
    has_word(name, SOFT)
}

/// Whether a function lets callers pass of whom it knows nothing: `if not token: return None`.
fn is_soft(site: Site<'_>, function: FunctionId, name: &str) -> bool {
    if is_soft_name(name) {
        return true;
    }
    let span = site.module.function(function).map(|facts| facts.span).unwrap_or_default();
    let mut soft = false;
    site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
        let Statement::If(branches) = statement else { return };
        for (test, block) in branches.iter() {
            let lacks = test.is_some_and(|test| lacks_local(site, test, span));
            soft = soft || lacks && block.iter().any(|id| gives_nobody(site, site.module.statement(id)));
        }
    });
    soft
}

/// `not x`, `x is None` for a local variable or parameter.
fn lacks_local(site: Site<'_>, test: ValueId, function: Span) -> bool {
    match site.value(test) {
        Value::Unary(crate::facts::UnaryOperator::Not, inner) => is_local(site, inner, function),
        Value::Compare(comparison) => comparison.single().is_some_and(|(left, operator, right)| {
            operator == crate::facts::CompareOperator::Is
                && matches!(site.value(right), Value::None)
                && is_local(site, left, function)
        }),
        Value::Boolean(false, items) => items.iter().any(|item| lacks_local(site, item, function)),
        _ => false,
    }
}

fn is_local(site: Site<'_>, value: ValueId, function: Span) -> bool {
    let name = match site.value(value) {
        Value::Assigned(target, _) => target,
        _ => value,
    };
    let Value::Name(_, Some(binding)) = site.value(name) else { return false };
    site.module.definitions(binding).iter().any(|one| function.contains(one.offset))
}

/// `return None`, `return AnonymousUser()`.
fn gives_nobody(site: Site<'_>, statement: Statement<'_>) -> bool {
    let Statement::Return(value) = statement else { return false };
    value.is_none_or(|value| match site.value(value) {
        Value::None | Value::Bool(false) => true,
        Value::Call(callee, _) => site.last_segment(callee).is_some_and(is_soft_name),
        Value::Name(..) | Value::Attribute(..) => site.last_segment(value).is_some_and(is_soft_name),
        _ => false,
    })
}

/// Whether a function asks something that is not in sight and would refuse: `jwt.decode(token)`.
fn asks_elsewhere(site: Site<'_>, function: FunctionId) -> bool {
    access::calls_of(site, function).into_iter().any(|callee| {
        let name = site.last_segment(callee).unwrap_or("");
        let asks = has_word(name, ASKING);
        asks && access::callee_of(site, callee).is_none()
    })
}

/// Whether a function of the project that it calls refuses: any, where its own name says so, else one that is about
/// who calls.
fn calls_refuse(site: Site<'_>, function: FunctionId, any: bool) -> bool {
    access::calls_of(site, function).into_iter().any(|callee| {
        let is_asked = any || site.last_segment(callee).is_some_and(names::is_about_callers);
        is_asked
            && access::callee_of(site, callee)
                .is_some_and(|(file, function)| access::refuses(site.project, file, function, 2))
    })
}

/// A class of routes that refuses callers before the handler is reached.
pub(super) fn route_class(site: Site<'_>, value: ValueId) -> Option<Evidence> {
    let Entity::Class(file, class) = site.resolve(value)?.entity else { return None };
    let method = site.project.method(Type::Class(file, class), hash_text("get_route_handler"))?;
    let Entity::Function(file, function) = method else { return None };
    let place = Place { file: site.file, span: site.module.span(value) };
    let name = access::name_of(site, value);
    access::refuses(site.project, file, function, 3).then_some(Evidence {
        means: Means::Router,
        name,
        place,
        opens: false,
    })
}
