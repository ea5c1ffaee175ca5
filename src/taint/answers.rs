//! What handlers answer with: a text is a page.

use super::follow::Follower;
use super::state::State;
use super::summary::Site as SinkSite;
use super::value::{Key, Val};
use crate::facts::{DefinitionKind, Value, ValueId};
use crate::models::Kind;
use crate::project::Entity;

impl Follower<'_, '_> {
    /// What a handler answers with: a text is a page.
    pub fn answers(&mut self, state: &State, id: ValueId, result: &Val) {
        let is_page = self.function.is_some_and(|function| {
            self.world.kinds.contains(&Kind::Xss) && self.world.makes_pages(self.site.file, function)
        });
        if !is_page {
            return;
        }
        // `return text, 200`.
        let text = if result.length.is_some() { result.part(Key::Index(0)) } else { result.clone() };
        if text.class.is_some() || text.fields.is_some() || self.is_made_by_call(id) {
            return;
        }
        let site = SinkSite {
            file: self.site.file,
            value: id,
            kind: Kind::Xss,
            path: "return".into(),
            library: "".into(),
            objects: true,
        };
        for mark in state.seen(text).marks {
            if !mark.cleared.has(Kind::Xss) {
                self.arrive(&mark, &site);
            }
        }
    }

    /// Whether it is, or a variable holds, what a library's function made: a response, not a text.
    fn is_made_by_call(&self, id: ValueId) -> bool {
        let of_library = |value: ValueId| match self.site.value(value) {
            Value::Call(callee, _) => matches!(
                self.site.resolve(callee).map(|found| found.entity),
                Some(Entity::External(path)) if !self.world.project.models().keeps_text(path)
            ),
            _ => false,
        };
        let Value::Name(_, Some(binding)) = self.site.value(id) else { return of_library(id) };
        let definitions = self.site.module.definitions(binding);
        let assigned = definitions.iter().filter(|one| one.kind == DefinitionKind::Assigned);
        assigned.filter_map(|one| one.value()).any(of_library)
    }
}
