//! Lists that are written out, in this file or another, and the loops over them: `for router in ROUTERS: …`.

use super::group;
use super::model::GroupKey;
use crate::facts::{BinaryOperator, BindingId, DefinitionKind, Statement, Value, ValueId, dict_items};
use crate::project::{Entity, Site};

/// The most steps taken for one list.
const FUEL: u32 = 200;

/// The most turns of the loops around a place.
const MOST_TURNS: usize = 64;

/// The elements of a list, through variables, sums, calls that return one, and `*parts`.
pub(super) fn listed<'p>(site: Site<'p>, value: ValueId) -> Vec<(Site<'p>, ValueId)> {
    within(site, value, &mut { FUEL }).unwrap_or_default()
}

/// `None` where it is no list that is in sight.
fn within<'p>(site: Site<'p>, value: ValueId, fuel: &mut u32) -> Option<Vec<(Site<'p>, ValueId)>> {
    *fuel = fuel.checked_sub(1)?;
    match site.value(value) {
        Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
            Some(items.iter().flat_map(|item| part(site, item, fuel)).collect())
        }
        Value::Binary(BinaryOperator::Add, left, right) => {
            let (left, right) = (within(site, left, fuel), within(site, right, fuel));
            (left.is_some() || right.is_some())
                .then(|| [left.unwrap_or_default(), right.unwrap_or_default()].concat())
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
                let other = Site::new(site.project, file)?;
                let returned = site.project.returned(file, function);
                return returned.into_iter().find_map(|value| within(other, value, fuel));
            }
            let is_copy = matches!(site.last_segment(callee), Some("list" | "tuple" | "sorted" | "reversed"));
            is_copy.then(|| within(site, arguments.positional().get(0)?, fuel)).flatten()
        }
        Value::Name(..) | Value::Attribute(..) => named(site, value, fuel),
        _ => None,
    }
}

/// An element: itself, or those of the list that it puts in.
fn part<'p>(site: Site<'p>, item: ValueId, fuel: &mut u32) -> Vec<(Site<'p>, ValueId)> {
    match site.value(item) {
        Value::Starred(inner) => within(site, inner, fuel).unwrap_or_default(),
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
pub(super) fn turns<'p>(site: Site<'p>, place: ValueId) -> Vec<Turn<'p>> {
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
fn pairs<'p>(site: Site<'p>, iterable: ValueId) -> Option<Vec<(Site<'p>, ValueId, ValueId)>> {
    let Value::Call(callee, _) = site.value(iterable) else { return None };
    let Value::Attribute(table, name) = site.value(callee) else { return None };
    if site.module.text(name) != "items" {
        return None;
    }
    let (owner, table) = match site.resolve(table).map(|found| found.entity) {
        Some(Entity::Variable(file, binding)) => {
            let owner = Site::new(site.project, file)?;
            let assigned = owner.module.definitions(binding).iter();
            (owner, assigned.filter_map(|definition| definition.value()).next()?)
        }
        _ => (site, table),
    };
    let Value::Dict(items) = owner.value(table) else { return None };
    Some(dict_items(items).filter_map(|(key, value)| Some((owner, key?, value))).collect())
}
