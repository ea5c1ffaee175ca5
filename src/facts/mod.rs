//! What is known of a Python file once it is parsed: the one representation that rules, routes and data flow
//! judge. Owned, compact and read-only; the syntax tree it came from is gone.
//!
//! Here belong the types and their accessors. How they are made is in `python/`, what several files say
//! together is in `project/`, and judgements are in `rules/`.
//!
//! A [`Module`] keeps every expression and statement of a file in two arenas of 16-byte nodes. Ids are
//! indices into them; [`Module::value`] and [`Module::statement`] decode a node into a view to match on.

mod decode;
mod module;
mod names;
mod node;
mod qualname;
mod scope;
mod statement;
mod value;
mod walk;

pub use module::{
    Class, Comment, Field, Function, Module, ModuleParts, Parameter, ParameterKind, SyntaxFault,
};
pub use names::{Name, Names, NamesBuilder, hash_bytes, hash_text, join_hash, path_hash};
pub use node::{Node, Pool, Span};
pub use scope::{
    Binding, BindingId, Definition, DefinitionKind, Import, ImportId, ImportKind, Scope, ScopeId, ScopeKind,
};
pub use statement::{
    Block, Branches, Cases, Contexts, Handler, Statement, StatementId, StatementKind, Try, declared_names,
};
pub use value::{
    Arguments, BinaryOperator, CompareOperator, Comparison, Comprehension, Items, UnaryOperator, Value,
    ValueId, ValueKind, dict_items,
};
pub use walk::{Around, Part};

/// The code that a finding is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// An expression.
    Value(ValueId),
    /// A statement.
    Statement(StatementId),
    /// A value under a name: a keyword argument, an entry of a dictionary, the default of a parameter.
    Named(Name, ValueId),
    /// A clause of a `try`, by its place among its like.
    Clause(StatementId, u32),
    /// Nothing that the facts know, as for a syntax error; the text stands for it.
    #[default]
    Text,
}

/// Index of a [`Function`] within its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub u32);

/// Index of a [`Class`] within its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassId(pub u32);
