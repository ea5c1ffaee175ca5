//! Attributes of objects.

use super::follow::Follower;
use super::state::State;
use super::summary::Place;
use super::value::{Key, Val};
use crate::facts::{Value, ValueId, hash_text};
use crate::project::Type;

impl Follower<'_, '_> {
    /// What an attribute yields.
    pub fn attribute(&mut self, state: &mut State, id: ValueId, object: ValueId, name: u64) -> Val {
        if let Some(source) = self.source_at(id, object, name) {
            // What has been read from it is checked like any other value.
            return state.seen(source);
        }
        let owner = self.value(state, object);
        self.attribute_of(state, &owner, id, object, name)
    }

    /// An attribute of an object whose value is known.
    pub fn attribute_of(
        &mut self,
        state: &State,
        owner: &Val,
        id: ValueId,
        object: ValueId,
        name: u64,
    ) -> Val {
        // Nobody but the program chooses the class of an object.
        if name == hash_text("__class__") {
            return Val::default();
        }
        if let Some(part) = self.member(owner, name, id) {
            return state.seen(part);
        }
        let mut part = owner.part(Key::Field(name));
        if part.is_clean() && part.callable.is_none() && part.constant.is_none() {
            part = self.thing(id);
        }
        if let Some(Type::Class(file, class)) = owner.class.or_else(|| self.own_class(object))
            && let Some(left) = self.left(Place::Field(file, class, name))
        {
            part = part.join(left);
        }
        state.seen(part)
    }

    /// The class of `self`.
    pub fn own_class(&self, object: ValueId) -> Option<Type> {
        let Value::Name(_, Some(binding)) = self.site.value(object) else { return None };
        if self.parameters.get(&binding) != Some(&0) {
            return None;
        }
        let facts = self.function.and_then(|function| self.site.module.function(function))?;
        Some(Type::Class(self.site.file, facts.class?))
    }
}
