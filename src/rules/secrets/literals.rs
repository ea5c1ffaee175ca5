//! The constant texts that an expression may yield, and the constants they are written in.

use super::shapes::called;
use super::texts::DYNAMIC;
use crate::facts::{Arguments, BinaryOperator, Items, Module, Value, ValueId};

/// A text that stands in the code.
#[derive(Debug)]
pub(super) struct Literal {
    /// The text; what is not constant in it is [`DYNAMIC`].
    pub text: String,
    /// The whole expression.
    pub value: ValueId,
    /// The constants it is written in.
    pub parts: Vec<ValueId>,
    /// Whether it is one of several, as the elements of a list are.
    pub is_element: bool,
}

const DEEPEST: u32 = 8;

/// Callables that hand on what they are given first.
const WRAPPERS: &[&str] = &[
    "Field",
    "Form",
    "Query",
    "Header",
    "Body",
    "Option",
    "Argument",
    "SecretStr",
    "SecretBytes",
    "Secret",
    "str",
    "bytes",
    "bytearray",
    "b64decode",
    "b64encode",
    "urlsafe_b64decode",
    "unhexlify",
    "fromhex",
    "force_bytes",
    "force_str",
    "to_bytes",
    "quote",
    "quote_plus",
    "cast",
];
/// Methods that hand on their receiver.
const METHODS: &[&str] = &["encode", "decode", "strip", "lower", "upper", "rstrip", "lstrip"];
/// Callables with a fallback behind the name of what they look up.
const LOOKUPS: &[&str] =
    &["getenv", "get", "pop", "setdefault", "config", "env", "environ", "get_env", "getvar"];

/// The constant texts that an expression may yield.
pub(super) fn literals(module: &Module, value: ValueId) -> Vec<Literal> {
    let mut found = Vec::new();
    Reader { module, found: &mut found, is_element: false }.read(value, DEEPEST);
    found
}

struct Reader<'m, 'f> {
    module: &'m Module,
    found: &'f mut Vec<Literal>,
    is_element: bool,
}

impl Reader<'_, '_> {
    fn read(&mut self, value: ValueId, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return };
        match self.module.value(value) {
            Value::Str(_) | Value::Bytes(_) | Value::Format(_) | Value::Binary(BinaryOperator::Add, ..) => {
                let mut literal =
                    Literal { text: String::new(), value, parts: Vec::new(), is_element: self.is_element };
                join(self.module, value, &mut literal, DEEPEST);
                if !literal.parts.is_empty() {
                    self.found.push(literal);
                }
            }
            Value::Boolean(_, items) => items.iter().for_each(|item| self.read(item, depth)),
            Value::Conditional(_, then, otherwise) => {
                self.read(then, depth);
                self.read(otherwise, depth);
            }
            Value::Assigned(_, value) => self.read(value, depth),
            Value::List(items) | Value::Tuple(items) | Value::Set(items) => self.elements(items, depth),
            Value::Call(callee, arguments) => self.call(callee, arguments, depth),
            _ => {}
        }
    }

    fn elements(&mut self, items: Items<'_>, depth: u32) {
        let before = std::mem::replace(&mut self.is_element, true);
        items.iter().for_each(|item| self.read(item, depth));
        self.is_element = before;
    }

    fn call(&mut self, callee: ValueId, arguments: Arguments<'_>, depth: u32) {
        let name = called(self.module, callee);
        let default = arguments.keywords().find(|(name, _)| self.module.text(*name) == "default");
        if let Some((_, value)) = default {
            return self.read(value, depth);
        }
        let positional = arguments.positional();
        if LOOKUPS.contains(&name) {
            return positional.get(1).into_iter().for_each(|value| self.read(value, depth));
        }
        if METHODS.contains(&name)
            && let Value::Attribute(object, _) = self.module.value(callee)
        {
            return self.read(object, depth);
        }
        if WRAPPERS.contains(&name) {
            positional.get(0).into_iter().for_each(|value| self.read(value, depth));
        }
    }
}

/// Joins the pieces of a built text.
fn join(module: &Module, value: ValueId, to: &mut Literal, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else { return to.text.push(DYNAMIC) };
    match module.value(value) {
        Value::Str(name) => {
            to.text.push_str(module.text(name));
            to.parts.push(value);
        }
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => {
                to.text.push_str(text);
                to.parts.push(value);
            }
            Err(_) => to.text.push(DYNAMIC),
        },
        Value::Format(items) => items.iter().for_each(|item| join(module, item, to, depth)),
        Value::Binary(BinaryOperator::Add, left, right) => {
            join(module, left, to, depth);
            join(module, right, to, depth);
        }
        _ => to.text.push(DYNAMIC),
    }
}
