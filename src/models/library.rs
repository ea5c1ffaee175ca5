//! What a model file may hold.

use std::sync::Arc;

use serde::Deserialize;

use super::flow::{Clean, SourceRow};
use super::{Kind, Sink};

/// A callable whose result is harmless as this kind of text, whatever its arguments are.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Quote {
    pub path: Arc<str>,
    pub kind: Kind,
}

/// What a callable or attribute yields.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Type {
    pub path: Arc<str>,
    /// Dotted path of the class whose instance it yields.
    pub returns: Arc<str>,
}

/// One name for another: `flask.Markup` is `markupsafe.Markup`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alias {
    pub path: Arc<str>,
    pub is: Arc<str>,
}

/// A class and what it inherits from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Subclass {
    pub path: Arc<str>,
    pub of: Arc<str>,
}

/// A constant of a library.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConstantRow {
    pub path: Arc<str>,
    pub value: i64,
}

/// What a view, or a class of views, answers by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answers {
    pub path: Arc<str>,
    /// Request methods (`get`), or actions of a set of views (`list`).
    pub names: Vec<Arc<str>>,
}

/// A route of a list of routes that a library ships.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shipped {
    /// Dotted path of the list's module.
    pub module: Arc<str>,
    pub path: Arc<str>,
    /// Dotted path of what answers.
    pub view: Arc<str>,
}

/// A model file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Library {
    #[serde(default)]
    pub sinks: Vec<Sink>,
    #[serde(default)]
    pub types: Vec<Type>,
    #[serde(default)]
    pub aliases: Vec<Alias>,
    #[serde(default)]
    pub subclasses: Vec<Subclass>,
    #[serde(default)]
    pub constants: Vec<ConstantRow>,
    /// Callables and classes whose result is a number, or has no text of its own.
    #[serde(default)]
    pub numbers: Vec<Arc<str>>,
    /// Callables whose result is their first argument, as far as its text goes.
    #[serde(default)]
    pub keeps_text: Vec<Arc<str>>,
    /// Callables whose result is as dangerous as what they are given: decoders, replacements.
    #[serde(default)]
    pub carries: Vec<Arc<str>>,
    /// Callables that put an address together of its parts, scheme and host first.
    #[serde(default)]
    pub addresses: Vec<Arc<str>>,
    /// Callables whose result is the path that their arguments make together.
    #[serde(default)]
    pub joins_paths: Vec<Arc<str>>,
    /// What whoever runs the program decides, and what the program makes by itself: environment, command line,
    /// settings, temporary files.
    #[serde(default)]
    pub operator: Vec<Arc<str>>,
    /// Callables that quote or escape their argument.
    #[serde(default)]
    pub quotes: Vec<Quote>,
    /// Decorators, dependencies, permission classes and mixins that only let known callers pass.
    #[serde(default)]
    pub protects: Vec<Arc<str>>,
    /// The same that let everybody pass, whatever stands around.
    #[serde(default)]
    pub opens: Vec<Arc<str>>,
    /// Permission classes that let everybody read, and only known callers write.
    #[serde(default)]
    pub protects_writes: Vec<Arc<str>>,
    /// What views and classes of views answer.
    #[serde(default)]
    pub answers: Vec<Answers>,
    /// Routes that the library ships for others to include.
    #[serde(default)]
    pub routes: Vec<Shipped>,
    /// Attributes, and what calls yield, that somebody else shapes.
    #[serde(default)]
    pub sources: Vec<SourceRow>,
    /// Callables that make data harmless.
    #[serde(default)]
    pub cleans: Vec<Clean>,
    /// Classes of views whose answers become JSON, texts too.
    #[serde(default)]
    pub answers_json: Vec<Arc<str>>,
    /// Callables that never return.
    #[serde(default)]
    pub ends: Vec<Arc<str>>,
    /// Libraries whose classes it hands out: their models are read with it.
    #[serde(default)]
    pub uses: Vec<String>,
}
