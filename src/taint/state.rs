//! What holds at a point of a function.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::value::{Key, Origin, Val};
use crate::facts::BindingId;
use crate::models::Kinds;

/// The variables, and what has been checked, at a point that may be reached.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub variables: Arc<FxHashMap<BindingId, Val>>,
    /// Origins that are harmless for some kinds where this point is reached; sorted.
    pub cleared: Vec<(Origin, Kinds)>,
    /// Whether it is never reached.
    pub is_dead: bool,
}

impl State {
    /// A point that is never reached.
    pub fn dead() -> State {
        State { is_dead: true, ..State::default() }
    }

    /// Where two ways meet.
    pub fn join(self, other: State) -> State {
        if self.is_dead {
            return other;
        }
        if other.is_dead {
            return self;
        }
        let theirs = other.cleared.clone();
        let other = other.without(&self.cleared);
        let State { mut variables, cleared, .. } = self.without(&theirs);
        if !Arc::ptr_eq(&variables, &other.variables) {
            let own = Arc::make_mut(&mut variables);
            for (binding, theirs) in other.variables.iter() {
                match own.get_mut(binding) {
                    Some(own) => *own = std::mem::take(own).join(theirs),
                    None => {
                        own.insert(*binding, theirs.clone());
                    }
                }
            }
        }
        let both = |(origin, kinds): (Origin, Kinds)| {
            let theirs = other.cleared.binary_search_by_key(&origin, |one| one.0).ok()?;
            let common = kinds.common(other.cleared.get(theirs)?.1);
            (!common.is_empty()).then_some((origin, common))
        };
        State { variables, cleared: cleared.into_iter().filter_map(both).collect(), is_dead: false }
    }

    /// The state with what only it has checked written into its values: where ways meet, that is forgotten.
    fn without(self, others: &[(Origin, Kinds)]) -> State {
        let is_lost = |(origin, kinds): &(Origin, Kinds)| {
            let theirs = others.binary_search_by_key(origin, |one| one.0).ok();
            let theirs = theirs.and_then(|index| others.get(index)).map(|one| one.1).unwrap_or_default();
            kinds.common(theirs) != *kinds
        };
        if !self.cleared.iter().any(is_lost) {
            return self;
        }
        let variables = self.variables.iter().map(|(binding, value)| (*binding, self.seen(value.clone())));
        let variables = Arc::new(variables.collect());
        State { variables, cleared: self.cleared, is_dead: self.is_dead }
    }

    /// Whether two states say the same.
    pub fn same(&self, other: &State) -> bool {
        self.is_dead == other.is_dead
            && self.cleared == other.cleared
            && (Arc::ptr_eq(&self.variables, &other.variables) || self.same_variables(other))
    }

    fn same_variables(&self, other: &State) -> bool {
        let is_same =
            |(binding, own): (&BindingId, &Val)| other.variables.get(binding).is_some_and(|it| own.same(it));
        self.variables.len() == other.variables.len() && self.variables.iter().all(is_same)
    }

    /// Notes that an origin is harmless for some kinds from here on.
    pub fn clear(&mut self, origin: Origin, kinds: Kinds) {
        match self.cleared.binary_search_by_key(&origin, |one| one.0) {
            Ok(index) => {
                if let Some(own) = self.cleared.get_mut(index) {
                    own.1 = own.1.and(kinds);
                }
            }
            Err(index) => self.cleared.insert(index, (origin, kinds)),
        }
    }

    /// For which kinds an origin is harmless here.
    pub fn cleared_of(&self, origin: Origin) -> Kinds {
        let index = self.cleared.binary_search_by_key(&origin, |one| one.0);
        index.ok().and_then(|index| self.cleared.get(index)).map_or(Kinds::default(), |one| one.1)
    }

    /// A value as it is here: with what has been checked.
    pub fn seen(&self, mut value: Val) -> Val {
        if !self.cleared.is_empty() {
            value.each_mark(&mut |mark| mark.cleared = mark.cleared.and(self.cleared_of(mark.origin)));
        }
        value
    }

    /// Sets a variable.
    pub fn set(&mut self, binding: BindingId, value: Val) {
        Arc::make_mut(&mut self.variables).insert(binding, value);
    }

    /// Changes the value at the end of a way into a variable.
    pub fn change(&mut self, binding: BindingId, keys: &[Key], start: Val, change: impl FnOnce(&mut Val)) {
        let root = Arc::make_mut(&mut self.variables).entry(binding).or_insert(start);
        descend(root, keys, change);
    }
}

fn descend(value: &mut Val, keys: &[Key], change: impl FnOnce(&mut Val)) {
    let Some((key, rest)) = keys.split_first() else { return change(value) };
    let mut part = value.part(*key);
    descend(&mut part, rest, change);
    value.set(*key, part);
}
