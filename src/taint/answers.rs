//! What handlers answer with: a text is a page.

use super::follow::Follower;
use super::state::State;
use super::summary::Site as SinkSite;
use super::value::{Const, Key, Val};
use crate::facts::{BindingId, DefinitionKind, Statement, Value, ValueId};
use crate::models::Kind;
use crate::project::{Constant, Entity, Site};

/// What a class of responses calls the type of what it holds.
const TYPES: [&str; 4] = ["default_mimetype", "mimetype", "media_type", "content_type"];

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
    /// Whether the response that a call makes is told to be something else than a page further on:
    /// `response.headers["Content-Type"] = "text/csv"`.
    pub fn is_typed_later(&self, call: ValueId) -> bool {
        let module = self.site.module;
        let body = self.function.map_or_else(|| module.body(), |function| module.function_body(function));
        let mut response = None;
        let mut is_typed = false;
        module.walk_block(body, &mut |_, statement| {
            let Statement::Assign(target, value) = statement else { return };
            match module.value(target) {
                Value::Name(_, binding) if value == call => response = binding,
                _ if response.is_some() && self.names_type(target, response) => {
                    is_typed |=
                        matches!(self.constant_of(value), Some(Const::Str(text)) if !text.contains("html"));
                }
                _ => {}
            }
        });
        is_typed
    }

    /// Whether a class of responses says itself that they are no pages: `default_mimetype = "text/csv"`.
    pub fn is_of_other_type(&self, callee: ValueId) -> bool {
        let Some(Entity::Class(file, class)) = self.site.resolve(callee).map(|found| found.entity) else {
            return false;
        };
        let Some(owner) = Site::new(self.world.project, file) else { return false };
        owner.module.class_body(class).iter().any(|statement| {
            let Statement::Assign(target, value) = owner.module.statement(statement) else { return false };
            matches!(owner.value(target), Value::Name(name, _) if TYPES.contains(&owner.module.text(name)))
                && matches!(owner.constant(value), Some(Constant::Str(text)) if !text.contains("html"))
        })
    }

    /// `response.mimetype`, `response.headers["Content-Type"]`.
    fn names_type(&self, target: ValueId, response: Option<BindingId>) -> bool {
        let module = self.site.module;
        let is_response =
            |value| matches!(module.value(value), Value::Name(_, binding) if binding == response);
        match module.value(target) {
            Value::Attribute(object, name) => {
                is_response(object) && matches!(module.text(name), "mimetype" | "content_type" | "media_type")
            }
            Value::Item(object, key) => {
                let object = match module.value(object) {
                    Value::Attribute(object, _) => object,
                    _ => object,
                };
                let key = self.constant_of(key);
                is_response(object)
                    && matches!(key, Some(Const::Str(text)) if text.eq_ignore_ascii_case("content-type"))
            }
            _ => false,
        }
    }
}
