//! Lists that are written out, in this file or another, and the loops over them: `for router in ROUTERS: …`.

use super::group;
use super::model::GroupKey;
use crate::facts::{
    BinaryOperator, BindingId, ClassId, DefinitionKind, FunctionId, Statement, Value, ValueId, dict_items,
};
use crate::project::{Entity, FileId, Site, Type};

/// The most steps taken for one list.
const FUEL: u32 = 200;

/// The most turns of the loops around a place.
const MOST_TURNS: usize = 64;

/// The elements of a list, through variables, sums, calls that return one, and `*parts`.
pub(super) fn listed(site: Site<'_>, value: ValueId) -> Vec<(Site<'_>, ValueId)> {
    within(site, value, &mut { FUEL }).unwrap_or_default()
}

/// The same; an expression of which nothing is in sight stands for itself.
pub(super) fn parts(site: Site<'_>, value: ValueId) -> Vec<(Site<'_>, ValueId)> {
    within(site, value, &mut { FUEL }).unwrap_or_else(|| vec![(site, value)])
}

/// `None` where it is no list that is in sight.
fn within<'p>(site: Site<'p>, value: ValueId, fuel: &mut u32) -> Option<Vec<(Site<'p>, ValueId)>> {
    *fuel = fuel.checked_sub(1)?;
    match site.value(value) {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
            Some(items.iter().flat_map(|item| part(site, item, fuel)).collect())
        }
        Value::Binary(BinaryOperator::Add, left, right) => {
            let sides = [left, right].map(|side| (side, within(site, side, fuel)));
            let is_list = sides.iter().any(|(_, items)| items.is_some());
            let whole = |(side, items): (ValueId, Option<_>)| items.unwrap_or_else(|| vec![(site, side)]);
            is_list.then(|| sides.into_iter().flat_map(whole).collect())
        }
        Value::Conditional(_, then, otherwise) => {
            let (then, otherwise) = (within(site, then, fuel), within(site, otherwise, fuel));
            (then.is_some() || otherwise.is_some())
                .then(|| [then.unwrap_or_default(), otherwise.unwrap_or_default()].concat())
        }
        Value::Boolean(_, items) => items.iter().find_map(|item| within(site, item, fuel)),
        Value::Comprehension(comprehension) => Some(vec![(site, comprehension.element())]),
        Value::Assigned(_, inner) | Value::Await(inner) => within(site, inner, fuel),
        Value::Call(callee, arguments) => {
            if let Some(Entity::Function(file, function)) = site.resolve(callee).map(|found| found.entity) {
                return produced(site, (file, function), fuel);
            }
            if let Some(items) = method(site, callee, fuel) {
                return Some(items);
            }
            let is_copy = matches!(site.last_segment(callee), Some("list" | "tuple" | "sorted" | "reversed"));
            is_copy.then(|| within(site, arguments.positional().get(0)?, fuel)).flatten()
        }
        Value::Name(..) | Value::Attribute(..) => named(site, value, fuel),
        _ => None,
    }
}

/// All that a function returns; what is no list in sight stands for itself.
fn produced<'p>(
    site: Site<'p>,
    (file, function): (FileId, FunctionId),
    fuel: &mut u32,
) -> Option<Vec<(Site<'p>, ValueId)>> {
    let other = Site::new(site.project, file)?;
    let returned = site.project.returned(file, function).into_iter();
    let items = returned.flat_map(|value| within(other, value, fuel).unwrap_or_else(|| vec![(other, value)]));
    Some(items.collect()).filter(|items: &Vec<_>| !items.is_empty())
}

/// What a method of a class of the project returns, or those that are defined in its place further down.
fn method<'p>(site: Site<'p>, callee: ValueId, fuel: &mut u32) -> Option<Vec<(Site<'p>, ValueId)>> {
    let Value::Attribute(object, name) = site.value(callee) else { return None };
    let Type::Class(file, class) = site.type_of(object)? else { return None };
    let name = site.module.names().hash(name);
    if let Some(Entity::Function(file, function)) = site.project.method(Type::Class(file, class), name)
        && let Some(items) = produced(site, (file, function), fuel)
    {
        return Some(items);
    }
    let overrides = site
        .project
        .files()
        .flat_map(|(other, one)| (0..one.module.classes().len() as u32).map(move |id| (other, ClassId(id))));
    let mut below = overrides.filter_map(|(other, id)| {
        let module = site.project.module(other)?;
        module.lookup(module.class(id)?.scope, name)?;
        let is_below = site.project.ancestors(other, id).contains(&Entity::Class(file, class));
        match site.project.method(Type::Class(other, id), name)? {
            Entity::Function(file, function) if is_below => Some((file, function)),
            _ => None,
        }
    });
    below.find_map(|function| produced(site, function, fuel))
}

/// An element: itself, or those of the list that it puts in.
fn part<'p>(site: Site<'p>, item: ValueId, fuel: &mut u32) -> Vec<(Site<'p>, ValueId)> {
    match site.value(item) {
        Value::Starred(inner) => within(site, inner, fuel).unwrap_or_else(|| vec![(site, inner)]),
        _ => vec![(site, item)],
    }
}

fn named<'p>(site: Site<'p>, value: ValueId, fuel: &mut u32) -> Option<Vec<(Site<'p>, ValueId)>> {
    // With what is appended to it in this file.
    if let Some(items) = site.elements(value) {
        let each = items.into_iter().flat_map(|item| match site.value(item) {
            Value::Name(..) | Value::Call(..) => {
                within(site, item, fuel).unwrap_or_else(|| vec![(site, item)])
            }
            _ => part(site, item, fuel),
        });
        return Some(each.collect());
    }
    if let Some(Entity::Variable(file, binding)) = site.resolve(value).map(|found| found.entity) {
        let other = Site::new(site.project, file)?;
        let mut all = None;
        for definition in other.module.definitions(binding) {
            let is_value = matches!(definition.kind, DefinitionKind::Assigned | DefinitionKind::Augmented);
            let Some(value) = definition.value().filter(|_| is_value) else { continue };
            if let Some(items) = within(other, value, fuel) {
                all.get_or_insert_with(Vec::new).extend(items);
            }
        }
        return all;
    }
    let fields = site.project.attribute_values(site.file, value);
    fields.into_iter().find_map(|(file, value)| within(Site::new(site.project, file)?, value, fuel))
}

/// What the variables of the loops around a place are in one turn.
#[derive(Clone, Default)]
pub(super) struct Turn<'p>(Vec<(BindingId, Site<'p>, ValueId)>);

impl<'p> Turn<'p> {
    /// An expression, or what the loop variable that it is stands for.
    pub fn value(&self, site: Site<'p>, value: ValueId) -> (Site<'p>, ValueId) {
        let Value::Name(_, Some(binding)) = site.value(value) else { return (site, value) };
        let bound = self.0.iter().rev().find(|(variable, ..)| *variable == binding);
        bound.map_or((site, value), |(_, site, value)| (*site, *value))
    }

    /// The application or router that an expression means: `router`, or `module.router` in a loop over modules.
    pub fn group(&self, site: Site<'p>, value: ValueId) -> Option<GroupKey> {
        let (owner, direct) = self.value(site, value);
        if let Some(key) = group::of(owner, direct) {
            return Some(key);
        }
        let Value::Attribute(object, name) = site.value(value) else { return None };
        let (owner, object) = self.value(site, object);
        let Entity::Module(file) = owner.resolve(object)?.entity else { return None };
        let entity = site.project.global(file, site.module.text(name))?;
        group::of_entity(site.project, entity)
    }
}

/// The turns of the loops around a place; one without variables where there is none.
pub(super) fn turns(site: Site<'_>, place: ValueId) -> Vec<Turn<'_>> {
    let mut turns = vec![Turn::default()];
    for around in site.module.statements_around(site.module.span(place).start) {
        let Statement::For(target, iterable, ..) = site.module.statement(around.statement) else { continue };
        if site.module.span(iterable).covers(site.module.span(place)) {
            continue;
        }
        let each = bound(site, target, iterable);
        if each.is_empty() {
            continue;
        }
        turns = turns
            .iter()
            .flat_map(|turn| each.iter().map(|more| Turn([turn.0.clone(), more.clone()].concat())))
            .take(MOST_TURNS)
            .collect();
    }
    turns
}

type Bound<'p> = Vec<(BindingId, Site<'p>, ValueId)>;

fn bound<'p>(site: Site<'p>, target: ValueId, iterable: ValueId) -> Vec<Bound<'p>> {
    let targets: Vec<Option<BindingId>> = match site.value(target) {
        Value::Tuple(items) | Value::List(items) => items.iter().map(|item| variable(site, item)).collect(),
        _ => Vec::new(),
    };
    if let Some(pairs) = pairs(site, iterable) {
        let bind = |(key, value): (ValueId, ValueId), owner: Site<'p>| {
            let both = targets.iter().zip([key, value]);
            both.filter_map(|(target, value)| Some(((*target)?, owner, value))).collect()
        };
        return pairs.into_iter().map(|(owner, key, value)| bind((key, value), owner)).collect();
    }
    let each = listed(site, iterable).into_iter();
    each.map(|(owner, item)| match (variable(site, target), owner.value(item)) {
        (Some(target), _) => vec![(target, owner, item)],
        (None, Value::Tuple(items) | Value::List(items)) => {
            let both = targets.iter().zip(items.iter());
            both.filter_map(|(target, item)| Some(((*target)?, owner, item))).collect()
        }
        _ => Vec::new(),
    })
    .collect()
}

fn variable(site: Site<'_>, target: ValueId) -> Option<BindingId> {
    match site.value(target) {
        Value::Name(_, binding) => binding,
        _ => None,
    }
}

/// The keys and values of `TABLE.items()`.
fn pairs(site: Site<'_>, iterable: ValueId) -> Option<Vec<(Site<'_>, ValueId, ValueId)>> {
    let Value::Call(callee, _) = site.value(iterable) else { return None };
    let Value::Attribute(table, name) = site.value(callee) else { return None };
    if site.module.text(name) != "items" {
        return None;
    }
    let (owner, table) = match site.resolve(table).map(|found| found.entity) {
        Some(Entity::Variable(file, binding)) => {
            let owner = Site::new(site.project, file)?;
            let mut assigned = owner.module.definitions(binding).iter();
            (owner, assigned.find_map(|definition| definition.value())?)
        }
        _ => (site, table),
    };
    let Value::Dict(items) = owner.value(table) else { return None };
    Some(dict_items(items).filter_map(|(key, value)| Some((owner, key?, value))).collect())
}
