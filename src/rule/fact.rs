//! The facts that are no calls, as a judge sees them.

use super::Site;
use crate::facts::{Handler, Import, Statement, StatementId, Try, Value, ValueId};

/// A kind of fact that a rule can listen to, beside calls and imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FactKind {
    /// An `except` clause.
    Except,
    /// An `assert`.
    Assert,
    /// An assignment: plain, annotated or augmented.
    Assign,
    /// A comparison.
    Compare,
    /// A `raise`.
    Raise,
    /// A `return`.
    Return,
    /// A string constant.
    Text,
    /// A function definition, as its statement.
    Function,
    /// One name of an import.
    Import,
}

/// A fact in its file.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'p> {
    /// The file.
    pub site: Site<'p>,
    /// The fact.
    pub node: FactNode<'p>,
}

/// A fact.
#[derive(Clone, Copy, Debug)]
pub enum FactNode<'p> {
    /// An `except` clause with the `try` it belongs to.
    Except(Handler<'p>, Try<'p>),
    /// A statement.
    Statement(StatementId, Statement<'p>),
    /// An expression.
    Value(ValueId, Value<'p>),
    /// One name of an import.
    Import(&'p Import),
}
