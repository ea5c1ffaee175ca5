//! What an expression is worth, where that can be said without running it.

use std::borrow::Cow;
use std::cell::Cell;

use super::entity::Entity;
use super::{FileId, Project, format};
use crate::facts::{
    Arguments, BinaryOperator, BindingId, Definition, DefinitionKind, Module, Name, ScopeKind, UnaryOperator,
    Value, ValueId,
};

/// The deepest nesting of operations and variables that is followed.
const DEEPEST: u32 = 48;

/// The most steps that are taken for one answer: `a = b + b`, `b = c + c` and so on doubles with each level.
const MOST_STEPS: u32 = 2_000;

/// How much further an answer may be looked for.
#[derive(Clone, Copy)]
pub(super) struct Depth<'b> {
    left: u32,
    steps: &'b Cell<u32>,
}

impl Depth<'_> {
    /// Calls `ask` with a whole budget.
    pub(super) fn whole<T>(ask: impl FnOnce(Depth<'_>) -> T) -> T {
        ask(Depth { left: DEEPEST, steps: &Cell::new(MOST_STEPS) })
    }

    /// One level deeper, if both levels and steps are left.
    pub(super) fn deeper(self) -> Option<Self> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        Some(Depth { left: self.left.checked_sub(1)?, ..self })
    }
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant<'p> {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of up to 64 bits.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A text.
    Str(Cow<'p, str>),
    /// Bytes.
    Bytes(&'p [u8]),
}

impl Constant<'_> {
    /// Whether Python takes it for true.
    pub fn is_true(&self) -> bool {
        match self {
            Constant::None => false,
            Constant::Bool(value) => *value,
            Constant::Int(value) => *value != 0,
            Constant::Float(value) => *value != 0.0,
            Constant::Str(value) => !value.is_empty(),
            Constant::Bytes(value) => !value.is_empty(),
        }
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Constant::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is a whole one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Constant::Int(value) => Some(*value),
            Constant::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }
}

impl Project {
    /// The value of an expression that is the same in every run: literals, operations on them, variables and
    /// attributes that are assigned once, in this file or another.
    pub fn constant(&self, file: FileId, value: ValueId) -> Option<Constant<'_>> {
        Depth::whole(|depth| self.constant_within(file, value, depth))
    }

    pub(super) fn constant_within(
        &self,
        file: FileId,
        value: ValueId,
        depth: Depth<'_>,
    ) -> Option<Constant<'_>> {
        let depth = depth.deeper()?;
        let module = self.module(file)?;
        match module.value(value) {
            Value::None => Some(Constant::None),
            Value::Bool(value) => Some(Constant::Bool(value)),
            Value::Int(value) => Some(Constant::Int(value)),
            Value::Float(value) => Some(Constant::Float(value)),
            Value::Str(name) => Some(Constant::Str(Cow::Borrowed(module.text(name)))),
            Value::Bytes(bytes) => Some(Constant::Bytes(bytes)),
            Value::Name(..) => self.named_constant(file, value, depth),
            Value::Attribute(object, name) => self
                .named_constant(file, value, depth)
                .or_else(|| self.member_value(file, object, module.text(name), depth)),
            Value::Unary(operator, operand) => {
                let operand = self.constant_within(file, operand, depth)?;
                unary(operator, &operand)
            }
            Value::Binary(operator, left, right) => self.binary(file, operator, left, right, depth),
            Value::Call(callee, arguments) if matches!(module.value(callee), Value::Attribute(..)) => self
                .method_constant(file, callee, arguments, depth)
                .map(|text| Constant::Str(Cow::Owned(text))),
            Value::Format(_) => {
                self.text_within(file, value, depth).constant().map(|text| Constant::Str(Cow::Owned(text)))
            }
            _ => None,
        }
    }

    fn named_constant(&self, file: FileId, value: ValueId, depth: Depth<'_>) -> Option<Constant<'_>> {
        match self.resolve(file, value)?.entity {
            Entity::Variable(file, binding) => {
                let definition = single_assignment(self.module(file)?, binding)?;
                self.constant_within(file, definition, depth)
            }
            Entity::External(path) => self.models().number(path).map(Constant::Int),
            _ => None,
        }
    }

    /// `Color.RED.value`, and what else a member of an enum is asked for.
    fn member_value(
        &self,
        file: FileId,
        object: ValueId,
        name: &str,
        depth: Depth<'_>,
    ) -> Option<Constant<'_>> {
        if name != "value" {
            return None;
        }
        match self.resolve(file, object)?.entity {
            Entity::Variable(owner, binding) => {
                let module = self.module(owner)?;
                let scope = module.scope(module.binding(binding)?.scope)?;
                let in_class = scope.kind == ScopeKind::Class;
                in_class
                    .then(|| single_assignment(module, binding))
                    .flatten()
                    .and_then(|value| self.constant_within(owner, value, depth))
            }
            Entity::External(path) => self.models().number(path).map(Constant::Int),
            _ => None,
        }
    }

    fn binary(
        &self,
        file: FileId,
        operator: BinaryOperator,
        left: ValueId,
        right: ValueId,
        depth: Depth<'_>,
    ) -> Option<Constant<'_>> {
        let left = self.constant_within(file, left, depth)?;
        if let (BinaryOperator::Modulo, Constant::Str(template)) = (operator, &left) {
            return self.percent(file, template, right, depth).map(|text| Constant::Str(Cow::Owned(text)));
        }
        let right = self.constant_within(file, right, depth)?;
        match (left, right) {
            (Constant::Str(left), Constant::Str(right)) if operator == BinaryOperator::Add => {
                Some(Constant::Str(Cow::Owned(format!("{left}{right}"))))
            }
            (left, right) => integer(operator, left.as_int()?, right.as_int()?).map(Constant::Int),
        }
    }

    /// What `"…".format(…)` and `"…".join([…])` yield, where all that goes in is constant.
    fn method_constant(
        &self,
        file: FileId,
        callee: ValueId,
        arguments: Arguments<'_>,
        depth: Depth<'_>,
    ) -> Option<String> {
        let module = self.module(file)?;
        let Value::Attribute(object, name) = module.value(callee) else { return None };
        let part = |value: ValueId| self.constant_within(file, value, depth)?.to_text();
        match module.text(name) {
            "format" => {
                let template = self.constant_within(file, object, depth)?;
                let field_value = |field: &str, next: usize| {
                    if field.is_empty() {
                        return arguments.positional().get(next);
                    }
                    let named = |(keyword, _): &(Name, ValueId)| module.text(*keyword) == field;
                    match field.parse::<usize>() {
                        Ok(index) => arguments.positional().get(index),
                        Err(_) => arguments.keywords().find(named).map(|(_, value)| value),
                    }
                };
                format::fill(template.as_str()?, |field, next| part(field_value(field, next)?))
            }
            "join" => {
                let separator = self.constant_within(file, object, depth)?;
                let (Value::List(items) | Value::Tuple(items)) = module.value(arguments.positional().get(0)?)
                else {
                    return None;
                };
                let items: Option<Vec<String>> = items.iter().map(part).collect();
                Some(items?.join(separator.as_str()?))
            }
            _ => None,
        }
    }

    /// `template % arguments`, where only plain `%s` and `%d` take part.
    fn percent(&self, file: FileId, template: &str, arguments: ValueId, depth: Depth<'_>) -> Option<String> {
        let items: Vec<ValueId> = match self.module(file)?.value(arguments) {
            Value::Tuple(items) => items.iter().collect(),
            _ => vec![arguments],
        };
        let mut items = items.into_iter();
        let mut text = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('%') {
            text.push_str(before);
            let mut characters = behind.chars();
            match characters.next()? {
                '%' => text.push('%'),
                's' | 'd' | 'i' => {
                    text.push_str(&self.constant_within(file, items.next()?, depth)?.to_text()?);
                }
                _ => return None,
            }
            rest = characters.as_str();
        }
        text.push_str(rest);
        Some(text)
    }
}

impl Constant<'_> {
    /// What `str()` makes of it, where that is beyond doubt.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Constant::None => Some("None".to_owned()),
            Constant::Bool(true) => Some("True".to_owned()),
            Constant::Bool(false) => Some("False".to_owned()),
            Constant::Int(value) => Some(value.to_string()),
            Constant::Str(text) => Some(text.to_string()),
            Constant::Float(_) | Constant::Bytes(_) => None,
        }
    }
}

/// The value of a binding that is assigned once and bound in no other way.
pub(super) fn single_assignment(module: &Module, binding: BindingId) -> Option<ValueId> {
    let is_value = |definition: &&Definition| definition.kind != DefinitionKind::Annotated;
    let mut values = module.definitions(binding).iter().filter(is_value);
    let only = values.next()?;
    (values.next().is_none() && only.kind == DefinitionKind::Assigned).then_some(ValueId(only.id))
}

fn unary(operator: UnaryOperator, operand: &Constant<'_>) -> Option<Constant<'static>> {
    Some(match operator {
        UnaryOperator::Not => Constant::Bool(!operand.is_true()),
        UnaryOperator::Minus => match operand {
            Constant::Float(value) => Constant::Float(-value),
            _ => Constant::Int(operand.as_int()?.checked_neg()?),
        },
        UnaryOperator::Plus => Constant::Int(operand.as_int()?),
        UnaryOperator::Invert => Constant::Int(!operand.as_int()?),
    })
}

fn integer(operator: BinaryOperator, left: i64, right: i64) -> Option<i64> {
    match operator {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        BinaryOperator::FloorDivide => (right > 0).then(|| left.div_euclid(right)),
        BinaryOperator::Modulo => (right > 0).then(|| left.rem_euclid(right)),
        BinaryOperator::LeftShift => left.checked_shl(u32::try_from(right).ok()?),
        BinaryOperator::RightShift => left.checked_shr(u32::try_from(right).ok()?),
        BinaryOperator::BitOr => Some(left | right),
        BinaryOperator::BitXor => Some(left ^ right),
        BinaryOperator::BitAnd => Some(left & right),
        BinaryOperator::Power => left.checked_pow(u32::try_from(right).ok()?),
        BinaryOperator::MatrixMultiply | BinaryOperator::Divide => None,
    }
}
