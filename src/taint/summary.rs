//! What a function does with data, in terms of its parameters.

use std::sync::Arc;

use super::value::{Form, Origin, Step, Val, Way};
use crate::facts::{BindingId, ClassId, ValueId};
use crate::models::{Kind, Kinds, Threat};
use crate::project::FileId;

/// The most ways to sinks that a summary keeps.
pub(super) const MOST_SINKS: usize = 64;

/// A sink.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    pub file: FileId,
    /// The call, or the value that is returned.
    pub value: ValueId,
    pub kind: Kind,
    /// The path under which models know it.
    pub path: Arc<str>,
    pub library: Arc<str>,
    /// Whether it also takes objects that stand for a text and keep data apart from it.
    pub objects: bool,
}

/// A parameter that reaches a sink.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    pub origin: Origin,
    pub site: Site,
    pub weak: bool,
    pub form: Form,
    pub way: Way,
}

/// Data that reaches a sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The file of the sink.
    pub file: FileId,
    /// The call that is the sink, or the value that is returned to a client.
    pub value: ValueId,
    /// What kind of sink it is.
    pub kind: Kind,
    /// The path under which models know it.
    pub path: Arc<str>,
    /// The library of the models that know it.
    pub library: Arc<str>,
    /// Who shapes the data.
    pub threat: Threat,
    /// Whether a step of the way is a guess.
    pub is_weak: bool,
    /// From the source to the sink.
    pub steps: Vec<Step>,
}

/// What a function does.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary {
    pub returns: Val,
    /// What becomes of the parts of its parameters.
    pub outs: Vec<(u32, Val)>,
    pub reaches: Vec<Reach>,
    /// What is harmless where it returns something true …
    pub truthy: Vec<(Origin, Kinds)>,
    /// … something false …
    pub falsy: Vec<(Origin, Kinds)>,
    /// … or where it returns at all.
    pub normal: Vec<(Origin, Kinds)>,
    /// Whether it never returns.
    pub never_returns: bool,
    pub flows: Vec<Flow>,
    /// Data that is left in variables of modules, and in fields of instances.
    pub globals: Vec<((FileId, BindingId), Val)>,
    pub fields: Vec<((FileId, ClassId, u64), Val)>,
}
