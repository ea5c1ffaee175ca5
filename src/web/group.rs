//! What routes are declared on: which application, blueprint or router an expression means.

use super::model::{Framework, GroupKey};
use crate::facts::{Definition, DefinitionKind, FunctionId, Value, ValueId, path_hash};
use crate::project::{Entity, Project, Site};

/// The most steps taken for one question.
const FUEL: u32 = 64;

/// Calls that yield the application that a framework makes by itself.
const DEFAULTS: &[(&str, Framework)] =
    &[("bottle.default_app", Framework::Bottle), ("bottle.app", Framework::Bottle)];

/// The display that a list starts as, in whatever file it does.
pub(super) fn list_of(site: Site<'_>, value: ValueId) -> Option<GroupKey> {
    match site.value(value) {
        Value::List(_) => Some(GroupKey::Made(site.file, value)),
        Value::Name(..) | Value::Attribute(..) => match site.resolve(value)?.entity {
            Entity::Variable(file, binding) => {
                let owner = Site::new(site.project, file)?;
                let mut definitions = owner.module.definitions(binding).iter();
                let first = definitions.find(|one| one.kind == DefinitionKind::Assigned)?.value()?;
                matches!(owner.value(first), Value::List(_)).then_some(GroupKey::Made(file, first))
            }
            _ => None,
        },
        _ => None,
    }
}

/// What an expression that is an application or router means: the call that made it, however it came here.
pub(super) fn of(site: Site<'_>, value: ValueId) -> Option<GroupKey> {
    within(site, value, &mut { FUEL })
}

fn within(site: Site<'_>, value: ValueId, fuel: &mut u32) -> Option<GroupKey> {
    *fuel = fuel.checked_sub(1)?;
    match site.value(value) {
        Value::Call(callee, _) => match site.resolve(callee).map(|found| found.entity) {
            Some(Entity::Function(file, function)) => {
                let other = Site::new(site.project, file)?;
                let returned = site.project.returned(file, function);
                // A method of a builder that returns the builder, a factory of another name: the call itself.
                let made = returned.into_iter().find_map(|value| within(other, value, fuel));
                made.or(Some(GroupKey::Made(site.file, value)))
            }
            Some(Entity::External(path)) => {
                let default = DEFAULTS.iter().find(|(name, _)| path_hash(name) == path);
                let made = GroupKey::Made(site.file, value);
                Some(default.map_or(made, |(_, framework)| GroupKey::Default(*framework)))
            }
            _ => Some(GroupKey::Made(site.file, value)),
        },
        Value::Name(..) | Value::Attribute(..) => named(site, value, fuel),
        Value::Await(inner) | Value::Assigned(_, inner) => within(site, inner, fuel),
        Value::Conditional(_, then, otherwise) => {
            within(site, then, fuel).or_else(|| within(site, otherwise, fuel))
        }
        Value::Boolean(_, items) => items.iter().find_map(|item| within(site, item, fuel)),
        _ => None,
    }
}

fn named(site: Site<'_>, value: ValueId, fuel: &mut u32) -> Option<GroupKey> {
    // `router = router()` after an import of that name.
    if let Value::Name(_, Some(binding)) = site.value(value)
        && let definitions = site.module.definitions(binding)
        && definitions.iter().any(|one| one.kind == DefinitionKind::Import)
        && let Some(made) = assigned(site, definitions, fuel)
    {
        return Some(made);
    }
    let entity = site.resolve(value).map(|found| found.entity);
    match entity.filter(|entity| !matches!(entity, Entity::External(_))) {
        Some(entity) => entity_within(site.project, entity, fuel),
        None => field(site, value, fuel).or_else(|| router(site, value, fuel)),
    }
}

/// `app.router`: what is declared there is declared on the application.
fn router(site: Site<'_>, value: ValueId, fuel: &mut u32) -> Option<GroupKey> {
    match site.value(value) {
        Value::Attribute(object, name) if site.module.text(name) == "router" => within(site, object, fuel),
        _ => None,
    }
}

/// What a variable, class or module that is an application or router means.
pub(super) fn of_entity(project: &Project, entity: Entity) -> Option<GroupKey> {
    entity_within(project, entity, &mut { FUEL })
}

fn entity_within(project: &Project, entity: Entity, fuel: &mut u32) -> Option<GroupKey> {
    match entity {
        Entity::Variable(file, binding) => {
            let other = Site::new(project, file)?;
            let definitions = other.module.definitions(binding);
            assigned(other, definitions, fuel).or_else(|| {
                let parameter = definitions.iter().find(|one| one.kind == DefinitionKind::Parameter)?;
                parameter_key(other, parameter.id, fuel)
            })
        }
        Entity::Class(file, class) => Some(GroupKey::Class(file, class)),
        Entity::Module(file) => Some(GroupKey::Module(file)),
        _ => None,
    }
}

fn assigned(site: Site<'_>, definitions: &[Definition], fuel: &mut u32) -> Option<GroupKey> {
    let assigned = definitions.iter().filter(|one| one.kind == DefinitionKind::Assigned);
    assigned.filter_map(|one| one.value()).find_map(|value| within(site, value, fuel))
}

/// `self.app`: what is assigned to it anywhere in the class.
fn field(site: Site<'_>, value: ValueId, fuel: &mut u32) -> Option<GroupKey> {
    let values = site.project.attribute_values(site.file, value);
    values.into_iter().find_map(|(file, value)| within(Site::new(site.project, file)?, value, fuel))
}

/// A parameter; the first one of a method is the instance, and its class what is meant.
fn parameter_key(site: Site<'_>, parameter: u32, fuel: &mut u32) -> Option<GroupKey> {
    *fuel = fuel.checked_sub(1)?;
    let span = site.module.parameter(parameter)?.span;
    let function = site.module.function_at(span.start)?;
    let facts = site.module.function(function)?;
    let index = site.module.parameters(function).iter().position(|one| one.span.start == span.start)?;
    match facts.class {
        Some(class) if index == 0 => Some(GroupKey::Class(site.file, class)),
        _ => Some(GroupKey::Parameter(site.file, function, index as u32)),
    }
}

/// The parameters of a function that an argument of a call is given to, by position or keyword.
pub(super) fn parameter_of(
    site: Site<'_>,
    function: FunctionId,
    position: Option<usize>,
    keyword: Option<&str>,
) -> Option<u32> {
    let parameters = site.module.parameters(function);
    // A method that is called on its instance has one more.
    let bound = usize::from(site.module.function(function)?.class.is_some());
    let index = match (position, keyword) {
        (Some(position), _) => position + bound,
        (None, Some(keyword)) => {
            parameters.iter().position(|parameter| site.module.text(parameter.name) == keyword)?
        }
        (None, None) => return None,
    };
    (index < parameters.len()).then_some(index as u32)
}
