//! Statements: the views that a packed node decodes into, and the blocks they stand in.

use super::node::{NONE, Pool};
use super::value::{BinaryOperator, Items, ValueId};
use super::{ClassId, FunctionId, ImportId, Name};

/// Index of a statement within its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementId(pub u32);

/// A block: statements one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'m>(pub(crate) &'m [u32]);

impl<'m> Block<'m> {
    /// How many statements it has.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether it has none: only for a missing block, as an `else` that is not there.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The statements, in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = StatementId> + ExactSizeIterator + 'm {
        self.0.iter().map(|&raw| StatementId(raw))
    }
}

/// An `except` clause.
#[derive(Clone, Copy, Debug)]
pub struct Handler<'m> {
    /// What it catches: a class, a tuple of them, or everything where there is nothing.
    pub caught: Option<ValueId>,
    /// The name it binds, as a [`super::Value::Name`].
    pub name: Option<ValueId>,
    /// Offset of its `except`.
    pub start: u32,
    /// Offset of the end of the clause.
    pub end: u32,
    /// What it does.
    pub body: Block<'m>,
}

/// The kind byte of a statement node. What `a` and `b` hold is said at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum StatementKind {
    /// Nothing that the facts represent.
    Other,
    /// A string that documents its module, class or function.
    Docstring,
    /// a: value.
    Expression,
    /// a: target, b: value.
    Assign,
    /// a: target, b: pool: operator, value.
    Augmented,
    /// a: target, b: pool: annotation, value or NONE.
    Annotated,
    /// a: value or NONE.
    Return,
    /// a: exception or NONE, b: cause or NONE.
    Raise,
    /// a: test, b: message or NONE.
    Assert,
    /// a: pool, a list.
    Delete,
    /// a: pool, a list: a test or NONE and a block for each branch.
    If,
    /// a: test, b: pool: body, otherwise.
    While,
    /// a: pool: target, iterable, body, otherwise.
    For,
    /// a: pool: body, otherwise, finally, then a list of handlers (caught, name, start, end, body); b: 1 for
    /// `except*`.
    Try,
    /// a: pool, a list of context and target or NONE; b: body.
    With,
    /// a: subject, b: pool, a list: pattern, guard or NONE, body for each case.
    Match,
    /// a: function.
    Function,
    /// a: class.
    Class,
    /// a: first import, b: count.
    Import,
    /// a: pool, a list of names.
    Global,
    /// a: pool, a list of names.
    Nonlocal,
    /// No words.
    Pass,
    /// No words.
    Break,
    /// No words.
    Continue,
}

/// A decoded statement.
#[derive(Clone, Copy, Debug)]
pub enum Statement<'m> {
    /// Nothing that the facts represent.
    Other,
    /// A string that documents its module, class or function.
    Docstring,
    /// An expression for its effect.
    Expression(ValueId),
    /// `target = value`. `a = b = value` is one such statement for each target, with one and the same value.
    Assign(ValueId, ValueId),
    /// `target += value`.
    Augmented(ValueId, BinaryOperator, ValueId),
    /// `target: annotation = value`, in the order target, annotation, value.
    Annotated(ValueId, ValueId, Option<ValueId>),
    /// `return value`.
    Return(Option<ValueId>),
    /// `raise exception from cause`.
    Raise(Option<ValueId>, Option<ValueId>),
    /// `assert test, message`.
    Assert(ValueId, Option<ValueId>),
    /// `del a, b`.
    Delete(Items<'m>),
    /// `if`, every `elif` and `else`.
    If(Branches<'m>),
    /// `while test: body`, and its `else`.
    While(ValueId, Block<'m>, Block<'m>),
    /// `for target in iterable: body`, and its `else`.
    For(ValueId, ValueId, Block<'m>, Block<'m>),
    /// `try`.
    Try(Try<'m>),
    /// `with context as target: body`.
    With(Contexts<'m>, Block<'m>),
    /// `match subject`.
    Match(ValueId, Cases<'m>),
    /// `def`.
    Function(FunctionId),
    /// `class`.
    Class(ClassId),
    /// `import` or `from … import`: the first import and their number.
    Import(ImportId, u32),
    /// `global a, b`.
    Global(&'m [u32]),
    /// `nonlocal a, b`.
    Nonlocal(&'m [u32]),
    /// `pass`.
    Pass,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
}

/// The branches of an `if`.
#[derive(Clone, Copy, Debug)]
pub struct Branches<'m> {
    pub(crate) words: &'m [u32],
    pub(crate) pool: &'m Pool,
}

impl<'m> Branches<'m> {
    /// Each test with its block; the test of `else` is `None`.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (Option<ValueId>, Block<'m>)> {
        self.words.chunks_exact(2).map(move |pair| match *pair {
            [test, block] => (ValueId::optional(test), block_at(self.pool, block)),
            _ => (None, Block(&[])),
        })
    }
}

/// The parts of a `try`.
#[derive(Clone, Copy, Debug)]
pub struct Try<'m> {
    /// What is tried.
    pub body: Block<'m>,
    /// What follows where nothing was raised.
    pub otherwise: Block<'m>,
    /// What always follows.
    pub finally: Block<'m>,
    /// Whether the clauses are `except*`.
    pub star: bool,
    pub(crate) handlers: &'m [u32],
    pub(crate) pool: &'m Pool,
}

impl<'m> Try<'m> {
    /// The `except` clauses, in order.
    pub fn handlers(self) -> impl ExactSizeIterator<Item = Handler<'m>> {
        self.handlers.chunks_exact(5).map(move |words| match *words {
            [caught, name, start, end, body] => Handler {
                caught: ValueId::optional(caught),
                name: ValueId::optional(name),
                start,
                end,
                body: block_at(self.pool, body),
            },
            _ => Handler { caught: None, name: None, start: 0, end: 0, body: Block(&[]) },
        })
    }
}

/// The items of a `with`.
#[derive(Clone, Copy, Debug)]
pub struct Contexts<'m>(pub(crate) &'m [u32]);

impl<'m> Contexts<'m> {
    /// Each context expression with its target.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (ValueId, Option<ValueId>)> + 'm {
        self.0.chunks_exact(2).map(|pair| match *pair {
            [context, target] => (ValueId(context), ValueId::optional(target)),
            _ => (ValueId(NONE), None),
        })
    }
}

/// The cases of a `match`.
#[derive(Clone, Copy, Debug)]
pub struct Cases<'m> {
    pub(crate) words: &'m [u32],
    pub(crate) pool: &'m Pool,
}

impl<'m> Cases<'m> {
    /// Each pattern with its guard and block. A pattern is a value: sequences are tuples,
    /// mappings dicts, captures names or [`super::Value::Assigned`], alternatives an `or`, classes and `_` unknown.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (ValueId, Option<ValueId>, Block<'m>)> {
        self.words.chunks_exact(3).map(move |words| match *words {
            [pattern, guard, block] => {
                (ValueId(pattern), ValueId::optional(guard), block_at(self.pool, block))
            }
            _ => (ValueId(NONE), None, Block(&[])),
        })
    }
}

/// The block at an index of the pool; an empty one for NONE.
pub(crate) fn block_at(pool: &Pool, index: u32) -> Block<'_> {
    if index == NONE { Block(&[]) } else { Block(pool.list(index)) }
}

/// The names of a `global` or `nonlocal`.
pub fn declared_names(raw: &[u32]) -> impl Iterator<Item = Name> {
    raw.iter().map(|&name| Name(name))
}
