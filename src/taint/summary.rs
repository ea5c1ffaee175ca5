//! What a function does with data, in terms of its parameters.

use std::sync::Arc;

use rustc_hash::FxHashSet;

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

/// Where functions leave data for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Place {
    /// A variable of a module.
    Global(FileId, BindingId),
    /// A field, by the hash of its name, of the instances of a class.
    Field(FileId, ClassId, u64),
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
    /// Data that it leaves for others.
    pub left: Vec<(Place, Val)>,
    /// Whether it was too large to be followed to its end.
    pub is_cut: bool,
    /// Where it looked for what others left.
    pub asked: FxHashSet<Place>,
}

impl Summary {
    /// Whether two summaries say the same to callers.
    pub fn same(&self, other: &Summary) -> bool {
        let same = |a: &Reach, b: &Reach| (a.origin, &a.site, a.weak) == (b.origin, &b.site, b.weak);
        self.returns.same(&other.returns)
            && self.outs.len() == other.outs.len()
            && self.outs.iter().zip(&other.outs).all(|(a, b)| a.0 == b.0 && a.1.same(&b.1))
            && self.reaches.len() == other.reaches.len()
            && self.reaches.iter().zip(&other.reaches).all(|(a, b)| same(a, b))
            && (&self.truthy, &self.falsy, &self.normal) == (&other.truthy, &other.falsy, &other.normal)
            && self.never_returns == other.never_returns
    }
}
