//! What a text is built from: f-strings, `%`, `.format`, `+`, `join` and variables are one thing.

use std::borrow::Cow;

use super::constants::{Depth, single_assignment};
use super::entity::Entity;
use super::guards::{accepts, is_guarded, rejects};
use super::reaching::reaching;
use super::{Constant, FileId, Project};
use crate::facts::{
    BinaryOperator, BindingId, Definition, DefinitionKind, Module, Span, Value, ValueId, dict_items,
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
    pub(super) parts: Vec<Part<'p>>,
    /// Whether the constants put together are the text: no template, no alternatives.
    pub(super) exact: bool,
    fuel: usize,
    /// The values of variables that are being followed: a text may be built from itself.
    open: Vec<(FileId, ValueId)>,
}

impl Part<'_> {
    pub(super) fn is_value(&self) -> bool {
        matches!(self, Part::Value(..))
    }
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

    /// The text with `mark` in the place of each expression that is not constant, and those expressions in order.
    pub fn marked(&self, mark: char) -> (String, Vec<(FileId, ValueId)>) {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Constant(piece) => text.extend(piece.chars().filter(|character| *character != mark)),
                Part::Value(..) => text.push(mark),
            }
        }
        (text, self.values().collect())
    }

    /// The text, where it is always the same.
    pub(super) fn constant(&self) -> Option<String> {
        (self.exact && self.is_constant()).then(|| self.skeleton())
    }

    /// Whether anything but constants was added since there were so many pieces.
    fn has_value_since(&self, count: usize) -> bool {
        self.parts.iter().skip(count).any(Part::is_value)
    }

    pub(super) fn unknown_constant(&mut self) {
        self.exact = false;
        self.constant_piece("");
    }

    pub(super) fn constant_piece(&mut self, text: impl Into<Cow<'p, str>>) {
        self.parts.push(Part::Constant(text.into()));
    }
}

impl Project {
    /// What the text that an expression yields is built from.
    pub fn text(&self, file: FileId, value: ValueId) -> TextParts<'_> {
        Depth::whole(|depth| self.text_within(file, value, depth))
    }

    pub(super) fn text_within(&self, file: FileId, value: ValueId, depth: Depth<'_>) -> TextParts<'_> {
        let mut parts = TextParts { exact: true, fuel: MOST_PARTS, ..TextParts::default() };
        self.collect(&mut parts, file, value, depth);
        parts
    }

    pub(super) fn collect<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        value: ValueId,
        depth: Depth<'_>,
    ) {
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
            Value::Conditional(test, then, otherwise) => {
                to.exact = false;
                for (value, passes) in [(then, true), (otherwise, false)] {
                    if is_chosen(module, value, test, passes) {
                        to.unknown_constant();
                    } else {
                        self.collect(to, file, value, depth);
                    }
                }
            }
            Value::Boolean(_, items) | Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
                to.exact = false;
                items.iter().for_each(|item| self.collect(to, file, item, depth));
            }
            Value::Dict(items) => {
                to.exact = false;
                for (key, value) in dict_items(items) {
                    if let Some(key) = key.filter(|key| self.constant_within(file, *key, depth).is_none()) {
                        self.collect(to, file, key, depth);
                    }
                    self.collect(to, file, value, depth);
                }
            }
            Value::Comprehension(comprehension) => {
                to.exact = false;
                self.collect(to, file, comprehension.element(), depth);
                if let Some(value) = comprehension.value() {
                    self.collect(to, file, value, depth);
                }
            }
            Value::Starred(inner) | Value::Assigned(_, inner) | Value::Await(inner) => {
                self.collect(to, file, inner, depth);
            }
            Value::Item(object, _) if self.is_constant_table(file, object, depth) => {
                to.unknown_constant();
            }
            Value::Item(object, key) if matches!(module.value(key), Value::Slice(_)) => {
                to.exact = false;
                self.collect(to, file, object, depth);
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
                self.collect_percent(to, file, (left, right), depth);
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
        let Some(module) = self.module(owner) else { return };
        let (definitions, usage) = match module.value(value) {
            Value::Name(_, Some(direct)) if owner == file && direct != binding => {
                // Only another name for it: what it is called there.
                return match single_assignment(module, direct) {
                    Some(other) => self.collect(to, file, other, depth),
                    None => to.parts.push(Part::Value(file, value)),
                };
            }
            Value::Name(..) if owner == file => {
                let usage = module.span(value);
                (reaching(module, binding, usage), Some(usage))
            }
            _ => (module.definitions(binding).to_vec(), None),
        };
        let before = to.parts.len();
        self.collect_definitions(to, (file, value), (owner, binding), (&definitions, usage), depth);
        if to.has_value_since(before) && usage.is_some_and(|usage| is_guarded(module, binding, usage)) {
            to.parts.truncate(before);
            to.unknown_constant();
        }
    }

    /// What a variable may be worth, by the places that bind it.
    fn collect_definitions<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        (file, value): (FileId, ValueId),
        (owner, binding): (FileId, BindingId),
        (definitions, usage): (&[Definition], Option<Span>),
        depth: Depth<'_>,
    ) {
        let Some(module) = self.module(owner) else { return };
        let values = || definitions.iter().filter(|definition| definition.kind != DefinitionKind::Annotated);
        if values().next().is_none()
            || !values().all(|definition| self.is_followed(owner, *definition, depth))
        {
            return to.parts.push(Part::Value(file, value));
        }
        let mut values: Vec<ValueId> = values().filter_map(|definition| definition.value()).collect();
        if values.iter().any(|value| is_collection(module, *value)) {
            values.extend(self.additions(owner, binding, usage));
        }
        to.exact &=
            matches!(definitions, [only] if only.kind == DefinitionKind::Assigned) && values.len() == 1;
        let before = to.parts.len();
        let mut again = false;
        for value in values {
            if to.open.contains(&(owner, value)) {
                again = true;
                continue;
            }
            to.open.push((owner, value));
            self.collect(to, owner, value, depth);
            to.open.pop();
        }
        if to.parts.len() == before && !again {
            to.parts.push(Part::Value(file, value));
        }
    }

    /// Whether what a place binds a name to can be told.
    fn is_followed(&self, file: FileId, definition: Definition, depth: Depth<'_>) -> bool {
        match definition.kind {
            DefinitionKind::Assigned | DefinitionKind::Augmented | DefinitionKind::Iterated => true,
            DefinitionKind::Unpacked => self.text_within(file, ValueId(definition.id), depth).is_constant(),
            _ => false,
        }
    }

    /// `self.name`, where every assignment to it is known, or as the class has it.
    fn collect_field<'p>(&'p self, to: &mut TextParts<'p>, file: FileId, value: ValueId, depth: Depth<'_>) {
        to.exact = false;
        let before = to.parts.len();
        if let Some(property) = self.property(file, value) {
            return self.collect_returns(to, (file, value), property, depth);
        }
        if let Some((owner, binding)) = self.class_variable(file, value)
            && let Some(module) = self.module(owner)
        {
            let definitions = (module.definitions(binding), None);
            self.collect_definitions(to, (file, value), (owner, binding), definitions, depth);
            // What a class makes for its instances may be a descriptor: the column of a model is no text.
            if to.has_value_since(before) {
                to.parts.truncate(before);
                return to.parts.push(Part::Value(file, value));
            }
        }
        for field in self.attribute_values(file, value) {
            if to.open.contains(&field) {
                continue;
            }
            to.open.push(field);
            self.collect(to, field.0, field.1, depth);
            to.open.pop();
        }
        if to.parts.len() == before {
            to.parts.push(Part::Value(file, value));
        }
    }
}

/// Whether a branch of `x if test else y` is a variable that the test holds to chosen values.
fn is_chosen(module: &Module, value: ValueId, test: ValueId, passes: bool) -> bool {
    match module.value(value) {
        Value::Name(_, Some(binding)) if passes => accepts(module, binding, test),
        Value::Name(_, Some(binding)) => rejects(module, binding, test),
        _ => false,
    }
}

/// Whether more can be put into what an expression yields.
fn is_collection(module: &Module, value: ValueId) -> bool {
    match module.value(value) {
        Value::List(_) | Value::Set(_) | Value::Dict(_) | Value::Comprehension(_) => true,
        Value::Call(callee, _) => match module.value(callee) {
            Value::Name(name, None) => matches!(module.text(name), "list" | "set" | "dict"),
            Value::Name(name, _) | Value::Attribute(_, name) => {
                matches!(module.text(name), "deque" | "OrderedDict" | "defaultdict")
            }
            _ => false,
        },
        _ => false,
    }
}
