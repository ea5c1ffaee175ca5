//! `match`: which cases a value may come to, and what their patterns bind.

use super::follow::Follower;
use super::state::State;
use super::value::{Key, Val};
use crate::facts::{Cases, Value, ValueId, dict_items};
use crate::models::Kinds;

impl<'p> Follower<'_, 'p> {
    pub fn match_statement(&mut self, mut state: State, subject: ValueId, cases: Cases<'p>) -> State {
        let value = self.value(&mut state, subject);
        let mut end = State::dead();
        for (pattern, guard, block) in cases.iter() {
            let fits = self.fits(&value, pattern);
            if fits == Some(false) {
                continue;
            }
            let mut inside = state.clone();
            self.bind_pattern(&mut inside, pattern, &value);
            if self.is_literal_pattern(pattern) {
                self.clear_all(&mut inside, subject, Kinds::ALL);
            }
            if let Some(guard) = guard {
                self.value(&mut inside, guard);
                inside = self.refine(inside, guard, true);
            }
            end = end.join(self.block(inside, block));
            if fits == Some(true) && guard.is_none() {
                return end;
            }
        }
        end.join(state)
    }

    /// Whether a constant fits a pattern; `None` where that is not known.
    fn fits(&mut self, value: &Val, pattern: ValueId) -> Option<bool> {
        match self.site.value(pattern) {
            Value::Unknown => Some(true),
            Value::Name(..) if self.site.constant(pattern).is_none() => Some(true),
            Value::Boolean(false, items) => {
                let mut all = Some(false);
                for item in items.iter() {
                    match self.fits(value, item) {
                        Some(true) => return Some(true),
                        None => all = None,
                        Some(false) => {}
                    }
                }
                all
            }
            Value::Assigned(_, inner) => self.fits(value, inner),
            _ => {
                let pattern = self.constant_of(pattern)?;
                value.constant.as_ref().map(|own| *own == pattern)
            }
        }
    }

    fn is_literal_pattern(&self, pattern: ValueId) -> bool {
        match self.site.value(pattern) {
            Value::Str(_)
            | Value::Int(_)
            | Value::Bytes(_)
            | Value::Bool(_)
            | Value::None
            | Value::Attribute(..) => true,
            Value::Boolean(false, items) => items.iter().all(|item| self.is_literal_pattern(item)),
            Value::Assigned(_, inner) => self.is_literal_pattern(inner),
            _ => false,
        }
    }

    fn bind_pattern(&mut self, state: &mut State, pattern: ValueId, value: &Val) {
        match self.site.value(pattern) {
            Value::Name(_, Some(binding)) => {
                state.set(binding, value.clone());
            }
            Value::Assigned(target, inner) => {
                self.bind_pattern(state, target, value);
                self.bind_pattern(state, inner, value);
            }
            Value::Tuple(items) | Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.bind_pattern(state, item, &value.part(Key::at(index)));
                }
            }
            Value::Dict(items) => {
                for (key, item) in dict_items(items) {
                    let key = key.and_then(|key| self.constant_of(key)).map_or(Key::Any, |key| key.key());
                    self.bind_pattern(state, item, &value.part(key));
                }
            }
            Value::Boolean(_, items) => {
                for item in items.iter() {
                    self.bind_pattern(state, item, value);
                }
            }
            Value::Starred(inner) => self.bind_pattern(state, inner, value),
            Value::Call(_, arguments) => {
                for item in arguments.positional().iter().chain(arguments.keywords().map(|(_, item)| item)) {
                    self.bind_pattern(state, item, &value.part(Key::Any));
                }
            }
            _ => {}
        }
    }
}
