//! What a text is built from: f-strings, `%`, `.format`, `+`, `join` and variables are one thing.

use std::borrow::Cow;

use super::constants::Depth;
use super::entity::Entity;
use super::{Constant, FileId, Project};
use crate::facts::{
    Arguments, BinaryOperator, BindingId, Comparison, DefinitionKind, FunctionId, Module, Statement, Value,
    ValueId, dict_items,
};

/// The most parts that are listed of one text; a longer one counts as dynamic.
const MOST_PARTS: usize = 256;

/// A piece of a text, in the order of the source.
#[derive(Clone, Debug)]
pub enum Part<'p> {
    /// Always this text; empty where it is one of several constants.
    Constant(Cow<'p, str>),
    /// Whatever this expression is at run time.
    Value(FileId, ValueId),
}

/// The pieces of a text.
#[derive(Clone, Debug, Default)]
pub struct TextParts<'p> {
    parts: Vec<Part<'p>>,
    /// Whether the constants put together are the text: no template, no alternatives.
    exact: bool,
    fuel: usize,
}

impl<'p> TextParts<'p> {
    /// The pieces.
    pub fn iter(&self) -> impl Iterator<Item = &Part<'p>> {
        self.parts.iter()
    }

    /// The expressions that are not constant.
    pub fn values(&self) -> impl Iterator<Item = (FileId, ValueId)> + '_ {
        self.parts.iter().filter_map(|part| match part {
            Part::Value(file, value) => Some((*file, *value)),
            Part::Constant(_) => None,
        })
    }

    /// Whether all of it is constant, be it one of several constants.
    pub fn is_constant(&self) -> bool {
        self.values().next().is_none()
    }

    /// The constant pieces with a space in the place of each of the others.
    pub fn skeleton(&self) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Constant(piece) => text.push_str(piece),
                Part::Value(..) => text.push(' '),
            }
        }
        text
    }

    /// The text, where it is always the same.
    pub(super) fn constant(&self) -> Option<String> {
        (self.exact && self.is_constant()).then(|| self.skeleton())
    }

    fn unknown_constant(&mut self) {
        self.exact = false;
        self.constant_piece("");
    }

    fn constant_piece(&mut self, text: impl Into<Cow<'p, str>>) {
        self.parts.push(Part::Constant(text.into()));
    }
}

impl Project {
    /// What the text that an expression yields is built from.
    pub fn text(&self, file: FileId, value: ValueId) -> TextParts<'_> {
        Depth::whole(|depth| self.text_within(file, value, depth))
    }

    pub(super) fn text_within(&self, file: FileId, value: ValueId, depth: Depth<'_>) -> TextParts<'_> {
        let mut parts = TextParts { parts: Vec::new(), exact: true, fuel: MOST_PARTS };
        self.collect(&mut parts, file, value, depth);
        parts
    }

    fn collect<'p>(&'p self, to: &mut TextParts<'p>, file: FileId, value: ValueId, depth: Depth<'_>) {
        let Some((depth, module)) = depth.deeper().zip(self.module(file)) else {
            return to.parts.push(Part::Value(file, value));
        };
        if to.fuel == 0 {
            return to.parts.push(Part::Value(file, value));
        }
        to.fuel -= 1;
        match module.value(value) {
            Value::Str(name) => to.constant_piece(module.text(name)),
            Value::Int(_) | Value::Bool(_) | Value::None => {
                let text = self.constant_within(file, value, depth).and_then(|constant| constant.to_text());
                to.constant_piece(text.unwrap_or_default());
            }
            Value::Bytes(bytes) => to.constant_piece(String::from_utf8_lossy(bytes)),
            Value::Float(_) | Value::OtherNumber => to.unknown_constant(),
            Value::Format(items) => {
                to.exact &= module.is_plain_format(value);
                items.iter().for_each(|item| self.collect(to, file, item, depth));
            }
            Value::Binary(operator, left, right) => {
                self.collect_binary(to, file, (value, operator, left, right), depth);
            }
            Value::Name(..) | Value::Attribute(..) => self.collect_named(to, file, value, depth),
            Value::Call(callee, arguments) => {
                self.collect_call(to, file, (value, callee, arguments), depth);
            }
            Value::Conditional(_, then, otherwise) => {
                to.exact = false;
                self.collect(to, file, then, depth);
                self.collect(to, file, otherwise, depth);
            }
            Value::Boolean(_, items) | Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
                to.exact = false;
                items.iter().for_each(|item| self.collect(to, file, item, depth));
            }
            Value::Dict(items) => {
                to.exact = false;
                dict_items(items).for_each(|(_, value)| self.collect(to, file, value, depth));
            }
            Value::Comprehension(comprehension) => {
                to.exact = false;
                self.collect(to, file, comprehension.element(), depth);
            }
            Value::Starred(inner) | Value::Assigned(_, inner) | Value::Await(inner) => {
                self.collect(to, file, inner, depth);
            }
            Value::Item(object, _) if self.is_constant_table(file, object, depth) => {
                to.unknown_constant();
            }
            _ => to.parts.push(Part::Value(file, value)),
        }
    }

    fn collect_binary<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        (value, operator, left, right): (ValueId, BinaryOperator, ValueId, ValueId),
        depth: Depth<'_>,
    ) {
        match operator {
            BinaryOperator::Add => {
                self.collect(to, file, left, depth);
                self.collect(to, file, right, depth);
            }
            BinaryOperator::Modulo => {
                if let Some(Constant::Str(text)) = self.constant_within(file, value, depth) {
                    return to.constant_piece(text);
                }
                to.exact = false;
                self.collect(to, file, left, depth);
                self.collect(to, file, right, depth);
            }
            // `"?, " * n`, `["%s"] * len(ids)`: as constant as the text repeated.
            BinaryOperator::Multiply => {
                to.exact = false;
                let repeated = if self.is_number(file, right) { left } else { right };
                self.collect(to, file, repeated, depth);
            }
            _ => to.parts.push(Part::Value(file, value)),
        }
    }

    fn collect_named<'p>(&'p self, to: &mut TextParts<'p>, file: FileId, value: ValueId, depth: Depth<'_>) {
        if let Some(constant) = self.constant_within(file, value, depth) {
            return match constant.to_text() {
                Some(text) => to.constant_piece(text),
                None => to.unknown_constant(),
            };
        }
        let variable = self.resolve(file, value).map(|found| found.entity);
        let Some(Entity::Variable(owner, binding)) = variable else {
            return self.collect_field(to, file, value, depth);
        };
        let definitions = self.module(owner).map_or(&[][..], |module| module.definitions(binding));
        let known = |kind| {
            matches!(
                kind,
                DefinitionKind::Assigned
                    | DefinitionKind::Augmented
                    | DefinitionKind::Annotated
                    | DefinitionKind::Iterated
            )
        };
        let values = definitions.iter().filter_map(|definition| definition.value());
        if definitions.is_empty() || !definitions.iter().all(|definition| known(definition.kind)) {
            return to.parts.push(Part::Value(file, value));
        }
        to.exact = false;
        let before = to.parts.len();
        values.for_each(|value| self.collect(to, owner, value, depth));
        if to.parts.len() == before {
            to.parts.push(Part::Value(file, value));
        }
    }

    /// `self.name`, where every assignment to it is known.
    fn collect_field<'p>(&'p self, to: &mut TextParts<'p>, file: FileId, value: ValueId, depth: Depth<'_>) {
        let values = self.attribute_values(file, value);
        if values.is_empty() {
            return to.parts.push(Part::Value(file, value));
        }
        to.exact = false;
        for (owner, field) in values {
            self.collect(to, owner, field, depth);
        }
    }

    fn collect_call<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        (value, callee, arguments): (ValueId, ValueId, Arguments<'p>),
        depth: Depth<'_>,
    ) {
        let Some(module) = self.module(file) else { return };
        if let Value::Attribute(object, name) = module.value(callee)
            && is_text_method(module.text(name))
            && self.resolve(file, object).is_none_or(|found| matches!(found.entity, Entity::Variable(..)))
        {
            to.exact = false;
            self.collect(to, file, object, depth);
            let keywords = arguments.keywords().map(|(_, value)| value);
            arguments.positional().iter().chain(keywords).for_each(|argument| {
                self.collect(to, file, argument, depth);
            });
            return;
        }
        match self.resolve(file, callee) {
            Some(found) if self.paths(found).any(|path| self.models().keeps_text(path)) => {
                to.exact = false;
                arguments
                    .positional()
                    .iter()
                    .take(1)
                    .for_each(|argument| self.collect(to, file, argument, depth));
            }
            Some(found) => match found.entity {
                Entity::Function(owner, function) => {
                    self.collect_returns(to, (file, value), (owner, function), depth);
                }
                _ => to.parts.push(Part::Value(file, value)),
            },
            None => to.parts.push(Part::Value(file, value)),
        }
    }

    /// A call of a function of the project is constant where all that it returns is.
    fn collect_returns<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        (file, call): (FileId, ValueId),
        (owner, function): (FileId, FunctionId),
        depth: Depth<'_>,
    ) {
        let returned = self.returned(owner, function);
        let constant = |value: &ValueId| self.text_within(owner, *value, depth).is_constant();
        if !returned.is_empty() && returned.iter().all(constant) {
            to.exact = false;
            for value in returned {
                self.collect(to, owner, value, depth);
            }
        } else {
            to.parts.push(Part::Value(file, call));
        }
    }

    /// The values that a function returns, those of functions within it left out.
    pub fn returned(&self, file: FileId, function: FunctionId) -> Vec<ValueId> {
        let Some(module) = self.module(file) else { return Vec::new() };
        let mut found = Vec::new();
        found.extend(module.lambda_body(function));
        module.walk_block(module.function_body(function), &mut |_, statement| {
            if let Statement::Return(Some(value)) = statement {
                found.push(value);
            }
        });
        found
    }

    /// A dictionary or sequence whose values are all constant: picking from it yields a constant.
    fn is_constant_table(&self, file: FileId, object: ValueId, depth: Depth<'_>) -> bool {
        let Some(module) = self.module(file) else { return false };
        match module.value(object) {
            Value::Dict(_) | Value::List(_) | Value::Tuple(_) => {
                self.text_within(file, object, depth).is_constant()
            }
            Value::Name(..) | Value::Attribute(..) => match self.resolve(file, object) {
                Some(found) => match found.entity {
                    Entity::Variable(owner, binding) => self
                        .module(owner)
                        .and_then(|module| super::constants::single_assignment(module, binding))
                        .is_some_and(|value| {
                            depth.deeper().is_some_and(|depth| self.is_constant_table(owner, value, depth))
                        }),
                    _ => false,
                },
                None => false,
            },
            _ => false,
        }
    }

    /// Whether an expression yields a number, a truth value or something else without a text of its own.
    pub fn is_number(&self, file: FileId, value: ValueId) -> bool {
        let Some(module) = self.module(file) else { return false };
        match module.value(value) {
            Value::Int(_) | Value::Float(_) | Value::OtherNumber | Value::Bool(_) => true,
            Value::Compare(comparison) => is_plain(comparison),
            Value::Unary(_, operand) => self.is_number(file, operand),
            Value::Binary(_, left, right) => self.is_number(file, left) && self.is_number(file, right),
            Value::Call(callee, _) => self
                .resolve(file, callee)
                .is_some_and(|found| self.paths(found).any(|path| self.models().makes_number(path))),
            Value::Name(_, Some(binding)) => self.is_number_variable(file, module, binding),
            _ => matches!(
                self.constant(file, value),
                Some(Constant::Int(_) | Constant::Float(_) | Constant::Bool(_))
            ),
        }
    }

    fn is_number_variable(&self, file: FileId, module: &Module, binding: BindingId) -> bool {
        let definitions = module.definitions(binding);
        let number = |value: ValueId| match module.value(value) {
            // One step only: `n = n + 1` would go on for ever.
            Value::Name(..) => false,
            Value::Call(callee, _) => self
                .resolve(file, callee)
                .is_some_and(|found| self.paths(found).any(|path| self.models().makes_number(path))),
            value => matches!(value, Value::Int(_) | Value::Float(_) | Value::Bool(_)),
        };
        let annotated = |id: Option<ValueId>| id.is_some_and(|id| self.is_number_type(file, id));
        definitions.iter().any(|definition| match definition.kind {
            DefinitionKind::Annotated => annotated(Some(ValueId(definition.id))),
            DefinitionKind::Parameter => {
                annotated(module.parameter(definition.id).and_then(|parameter| parameter.annotation))
            }
            _ => false,
        }) || (!definitions.is_empty()
            && definitions.iter().all(|definition| {
                matches!(definition.kind, DefinitionKind::Assigned) && number(ValueId(definition.id))
            }))
    }

    fn is_number_type(&self, file: FileId, annotation: ValueId) -> bool {
        self.resolve(file, annotation)
            .is_some_and(|found| self.paths(found).any(|path| self.models().makes_number(path)))
    }
}

/// Whether a method of `str` builds a text from its receiver and its arguments, and from nothing else.
fn is_text_method(name: &str) -> bool {
    matches!(
        name,
        "format"
            | "join"
            | "strip"
            | "lstrip"
            | "rstrip"
            | "lower"
            | "upper"
            | "title"
            | "replace"
            | "encode"
            | "decode"
            | "splitlines"
            | "removeprefix"
            | "removesuffix"
            | "format_map"
    )
}

fn is_plain(comparison: Comparison<'_>) -> bool {
    comparison.rest().len() > 0
}
