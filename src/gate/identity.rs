//! What a finding is about, in a form that edits elsewhere do not change: a hash of the code it stands on, taken
//! from the facts, so that layout, comments, quotes, parentheses, trailing commas and the spelling of numbers do
//! not count.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::mask::Masks;
use crate::facts::{
    Anchor, Block, ImportId, Module, Name, ScopeKind, Statement, StatementId, Value, ValueId, dict_items,
};
use crate::finding::Identity;
use crate::python::tokens;

/// The identity of an anchor; `text` is the code where the facts know nothing of it, as it is shown. Secrets take
/// no part in it: whoever reads a hash of a short text can guess the text.
pub fn identity(module: &Module, anchor: Anchor, text: &str, masks: &Masks) -> Identity {
    let of = |renamed: bool| {
        let mut writer = Writer { module, masks, hasher: Sha256::new(), locals: renamed.then(Vec::new) };
        match anchor {
            Anchor::Value(value) => writer.value(value),
            Anchor::Statement(statement) => writer.statement(statement),
            Anchor::Named(name, value) => {
                writer.tag("named");
                writer.name(name);
                writer.value(value);
            }
            Anchor::Clause(statement, index) => writer.clause(statement, index),
            Anchor::Text => tokens::normalised(text, |token, _| writer.text(token)),
        }
        short_hex(&writer.hasher.finalize())
    };
    Identity { tokens: of(false), shape: of(true) }
}

/// The first 8 bytes in hexadecimal.
fn short_hex(digest: &[u8]) -> String {
    super::fingerprint::hex(digest.get(..8).unwrap_or_default())
}

/// Writes facts into a hash: a tag for each node, then its parts in order.
struct Writer<'m> {
    module: &'m Module,
    masks: &'m Masks,
    hasher: Sha256,
    /// The local names met so far, where they are replaced by their position here.
    locals: Option<Vec<Name>>,
}

impl<'m> Writer<'m> {
    fn tag(&mut self, tag: &str) {
        self.hasher.update(tag.as_bytes());
        self.hasher.update([0]);
    }

    fn text(&mut self, text: &str) {
        self.hasher.update((text.len() as u64).to_le_bytes());
        self.hasher.update(text.as_bytes());
    }

    fn name(&mut self, name: Name) {
        self.text(self.module.text(name));
    }

    fn list(&mut self, tag: &str, items: impl Iterator<Item = ValueId>) {
        self.tag(tag);
        for item in items {
            self.value(item);
        }
        self.tag("end");
    }

    fn optional(&mut self, value: Option<ValueId>) {
        match value {
            Some(value) => self.value(value),
            None => self.tag("none"),
        }
    }

    fn value(&mut self, id: ValueId) {
        match self.module.value(id) {
            Value::Unknown => self.tag("unknown"),
            Value::None => self.tag("None"),
            Value::Ellipsis => self.tag("..."),
            Value::Bool(value) => self.tag(if value { "True" } else { "False" }),
            Value::Int(value) => {
                self.tag("int");
                self.hasher.update(value.to_le_bytes());
            }
            Value::OtherNumber => self.tag("number"),
            Value::Float(value) => {
                self.tag("float");
                self.hasher.update(value.to_bits().to_le_bytes());
            }
            Value::Str(name) => match self.constant(id, name) {
                Some(text) => {
                    self.tag("str");
                    self.text(&text);
                }
                None => self.tag("secret"),
            },
            Value::Bytes(bytes) => self.bytes(id, bytes),
            Value::Name(..) => self.variable(id),
            Value::Attribute(object, name) => {
                self.tag("attribute");
                self.value(object);
                self.name(name);
            }
            _ => self.compound(id),
        }
    }

    /// The text of a constant without what is secret in it; `None` where that is all of it.
    fn constant(&self, id: ValueId, name: Name) -> Option<Cow<'m, str>> {
        let text = self.module.text(name);
        if self.masks.is_empty() {
            return Some(Cow::Borrowed(text));
        }
        self.masks.constant(self.module.span(id), text).map(Cow::Owned)
    }

    fn bytes(&mut self, id: ValueId, bytes: &[u8]) {
        let shown = match std::str::from_utf8(bytes) {
            Ok(text) if !self.masks.is_empty() => {
                self.masks.constant(self.module.span(id), text).map(String::into_bytes)
            }
            _ => Some(bytes.to_vec()),
        };
        let Some(shown) = shown else { return self.tag("secret") };
        self.tag("bytes");
        self.hasher.update((shown.len() as u64).to_le_bytes());
        self.hasher.update(shown);
    }

    /// A name: itself, or its position among the local names where those are replaced.
    fn variable(&mut self, id: ValueId) {
        let Value::Name(name, binding) = self.module.value(id) else { return };
        let scope = binding.and_then(|binding| self.module.scope(self.module.binding(binding)?.scope));
        let local =
            scope.is_some_and(|scope| matches!(scope.kind, ScopeKind::Function | ScopeKind::Expression));
        if let Some(locals) = self.locals.as_mut().filter(|_| local) {
            let position = locals.iter().position(|known| *known == name).unwrap_or_else(|| {
                locals.push(name);
                locals.len() - 1
            });
            self.tag("local");
            self.hasher.update((position as u64).to_le_bytes());
        } else {
            self.tag("name");
            self.name(name);
        }
    }

    fn compound(&mut self, id: ValueId) {
        match self.module.value(id) {
            Value::Item(object, key) => self.list("item", [object, key].into_iter()),
            Value::Slice(parts) => {
                self.tag("slice");
                for part in parts {
                    self.optional(part);
                }
            }
            Value::Call(callee, arguments) => {
                self.tag("call");
                self.value(callee);
                self.list("positional", arguments.positional().iter());
                for (name, value) in arguments.keywords() {
                    self.name(name);
                    self.value(value);
                }
                self.tag("end");
            }
            Value::Format(_) => self.format(id),
            Value::List(items) => self.list("list", items.iter()),
            Value::Tuple(items) => self.list("tuple", items.iter()),
            Value::Set(items) => self.list("set", items.iter()),
            Value::Dict(items) => {
                self.tag("dict");
                for (key, value) in dict_items(items) {
                    self.optional(key);
                    self.value(value);
                }
                self.tag("end");
            }
            Value::Boolean(and, items) => self.list(if and { "and" } else { "or" }, items.iter()),
            Value::Binary(operator, left, right) => {
                self.tag("binary");
                self.hasher.update([operator as u8]);
                self.value(left);
                self.value(right);
            }
            Value::Unary(operator, operand) => {
                self.tag("unary");
                self.hasher.update([operator as u8]);
                self.value(operand);
            }
            Value::Compare(comparison) => {
                self.tag("compare");
                self.value(comparison.left());
                for (operator, right) in comparison.rest() {
                    self.hasher.update([operator as u8]);
                    self.value(right);
                }
                self.tag("end");
            }
            _ => self.rare(id),
        }
    }

    fn rare(&mut self, id: ValueId) {
        match self.module.value(id) {
            Value::Starred(value) => self.list("*", [value].into_iter()),
            Value::Await(value) => self.list("await", [value].into_iter()),
            Value::Yield(value) => {
                self.tag("yield");
                self.optional(value);
            }
            Value::YieldFrom(value) => self.list("yield from", [value].into_iter()),
            Value::Assigned(target, value) => self.list(":=", [target, value].into_iter()),
            Value::Conditional(test, then, otherwise) => {
                self.list("if", [test, then, otherwise].into_iter());
            }
            Value::Lambda(function) => {
                self.tag("lambda");
                for parameter in self.module.parameters(function) {
                    self.optional(parameter.default);
                }
                self.optional(self.module.lambda_body(function));
            }
            Value::Comprehension(comprehension) => {
                self.tag("comprehension");
                for (target, iterable, conditions) in comprehension.clauses() {
                    self.list("for", [target, iterable].into_iter().chain(conditions.iter()));
                }
                self.value(comprehension.element());
                self.optional(comprehension.value());
            }
            _ => self.tag("unknown"),
        }
    }

    /// The parts of an f-string, constants side by side taken as one.
    fn format(&mut self, id: ValueId) {
        let Value::Format(items) = self.module.value(id) else { return };
        self.tag("format");
        let mut constant = String::new();
        for item in items.iter() {
            if let Value::Str(name) = self.module.value(item) {
                constant.push_str(self.constant(item, name).as_deref().unwrap_or_default());
                continue;
            }
            self.text(&std::mem::take(&mut constant));
            self.value(item);
        }
        self.text(&constant);
    }

    fn statement(&mut self, id: StatementId) {
        match self.module.statement(id) {
            Statement::Expression(value) => self.value(value),
            Statement::Assign(target, value) => self.list("=", [target, value].into_iter()),
            Statement::Augmented(target, operator, value) => {
                self.tag("augmented");
                self.hasher.update([operator as u8]);
                self.value(target);
                self.value(value);
            }
            Statement::Annotated(target, annotation, value) => {
                self.list(":", [target, annotation].into_iter());
                self.optional(value);
            }
            Statement::Return(value) => {
                self.tag("return");
                self.optional(value);
            }
            Statement::Raise(exception, cause) => {
                self.tag("raise");
                self.optional(exception);
                self.optional(cause);
            }
            Statement::Assert(test, message) => {
                self.tag("assert");
                self.value(test);
                self.optional(message);
            }
            Statement::Delete(items) => self.list("del", items.iter()),
            Statement::Import(first, count) => {
                self.tag("import");
                for index in first.0..first.0 + count {
                    let Some(import) = self.module.import(ImportId(index)) else { continue };
                    self.name(import.module);
                    self.name(import.member);
                }
            }
            Statement::Function(function) => {
                self.tag("def");
                let name = self.module.function(function).map_or(Name::NONE, |function| function.name);
                self.name(name);
            }
            Statement::Class(class) => {
                self.tag("class");
                let name = self.module.class(class).map_or(Name::NONE, |class| class.name);
                self.name(name);
            }
            _ => self.block_statement(id),
        }
    }

    fn block_statement(&mut self, id: StatementId) {
        match self.module.statement(id) {
            Statement::If(branches) => {
                for (test, block) in branches.iter() {
                    self.tag("if");
                    self.optional(test);
                    self.block(block);
                }
            }
            Statement::While(test, body, _) => {
                self.tag("while");
                self.value(test);
                self.block(body);
            }
            Statement::For(target, iterable, body, _) => {
                self.list("for", [target, iterable].into_iter());
                self.block(body);
            }
            Statement::With(contexts, body) => {
                self.list("with", contexts.iter().map(|(context, _)| context));
                self.block(body);
            }
            Statement::Try(parts) => {
                self.tag("try");
                self.block(parts.body);
            }
            Statement::Match(subject, _) => self.list("match", [subject].into_iter()),
            Statement::Pass => self.tag("pass"),
            Statement::Break => self.tag("break"),
            Statement::Continue => self.tag("continue"),
            _ => self.tag("other"),
        }
    }

    fn block(&mut self, block: Block<'_>) {
        for statement in block.iter() {
            self.statement(statement);
        }
        self.tag("end");
    }

    /// An `except` clause: what it catches and does. What is tried changes more often than how it fails.
    fn clause(&mut self, id: StatementId, index: u32) {
        let Statement::Try(parts) = self.module.statement(id) else { return };
        self.tag("except");
        if let Some(handler) = parts.handlers().nth(index as usize) {
            self.optional(handler.caught);
            self.block(handler.body);
        }
    }
}
