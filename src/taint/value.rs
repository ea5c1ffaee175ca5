//! What is known of a value while a function is followed: who shaped it, what its parts are, which constant it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::facts::{BindingId, ClassId, FunctionId, Span, ValueId};
use crate::models::{Kinds, Threat};
use crate::project::{FileId, Type};

/// The most origins that one value keeps apart, and parts that one object does.
const MOST_MARKS: usize = 12;
const MOST_FIELDS: usize = 24;
/// The deepest nesting of parts, and the most parts of parts.
const DEEPEST: usize = 4;
const LARGEST: usize = 64;
/// The longest way into a parameter.
const LONGEST: usize = 3;
/// The most steps that are told of a flow.
const MOST_STEPS: u32 = 24;

/// A part of an object: an attribute, a key, a position. Names are hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    Field(u64),
    Text(u64),
    Index(i64),
    /// One that is not known.
    Any,
}

impl Key {
    /// A position.
    pub fn at(index: usize) -> Key {
        Key::Index(i64::try_from(index).unwrap_or(i64::MAX))
    }
}

/// A way into an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Path {
    keys: [Key; LONGEST],
    length: u8,
}

impl Path {
    pub const WHOLE: Path = Path { keys: [Key::Any; LONGEST], length: 0 };

    pub fn keys(&self) -> &[Key] {
        self.keys.get(..self.length as usize).unwrap_or(&[])
    }

    /// The way to a part of what this leads to; itself where it is as long as can be.
    fn then(mut self, key: Key) -> Path {
        if let Some(slot) = self.keys.get_mut(self.length as usize) {
            *slot = key;
            self.length += 1;
        }
        self
    }
}

/// Where data comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Origin {
    /// Somebody shapes it: what stands at this place yields it.
    Source(FileId, Span, Threat),
    /// A parameter of the function that is followed, or a part of it.
    Parameter(u32, Path),
    /// A variable of a function around it.
    Free(BindingId, Path),
}

/// What happens to data at a step of its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Move {
    /// It comes in.
    Source,
    /// It is given to a function of the project.
    Passed(FunctionId, FileId),
    /// A function of the project returns it.
    Returned,
    /// It becomes a part of a text.
    Built,
    /// It is assigned.
    Assigned,
    /// It goes through a callable that nothing is known of.
    Through,
    /// It arrives.
    Sink,
}

/// A step of the way of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    /// What happens.
    pub what: Move,
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

/// The steps that data has taken: a step behind others, or a way behind another, which is only taken apart when it is
/// told.
#[derive(Debug)]
pub(super) struct Trail {
    before: Way,
    last: Piece,
    length: u32,
}

#[derive(Debug)]
enum Piece {
    Step(Step),
    Way(Arc<Trail>),
}

/// A way; none has no steps yet.
pub(super) type Way = Option<Arc<Trail>>;

/// How many steps a way has.
fn length(way: &Way) -> u32 {
    way.as_ref().map_or(0, |trail| trail.length)
}

/// A way with one more step.
pub(super) fn step(way: &Way, step: Step) -> Way {
    let length = length(way);
    let is_last = way.as_ref().is_some_and(|trail| matches!(&trail.last, Piece::Step(last) if *last == step));
    if length >= MOST_STEPS || is_last {
        return way.clone();
    }
    Some(Arc::new(Trail { last: Piece::Step(step), before: way.clone(), length: length + 1 }))
}

/// A way with the steps of another behind it.
pub(super) fn joined(way: &Way, behind: &Way) -> Way {
    let (Some(first), Some(second)) = (way, behind) else { return way.clone().or_else(|| behind.clone()) };
    let length = first.length + second.length;
    if length > MOST_STEPS {
        return way.clone();
    }
    Some(Arc::new(Trail { before: way.clone(), last: Piece::Way(Arc::clone(second)), length }))
}

/// The steps of a way, the first one first.
pub(super) fn steps(way: &Way) -> Vec<Step> {
    let mut found = Vec::new();
    let mut open: Vec<&Arc<Trail>> = way.iter().collect();
    while let Some(trail) = open.pop() {
        open.extend(&trail.before);
        match &trail.last {
            Piece::Step(step) => found.push(*step),
            // What stands behind is told first, backwards.
            Piece::Way(behind) => open.push(behind),
        }
    }
    found.reverse();
    found
}

/// That a value holds data of an origin.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub origin: Origin,
    /// For which kinds it is harmless.
    pub cleared: Kinds,
    /// Whether a check of its start counts: it is a path without `..`.
    pub normal: bool,
    /// Whether a step of the way is a guess.
    pub weak: bool,
    pub form: Form,
    pub way: Way,
}

/// What data has become. Of two ways the more dangerous one is the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// Something that was looked for by it: a record, a file.
    Found,
    /// Something that a callable made of which nothing is known: a statement, a response, a text.
    Object,
    /// What it was.
    #[default]
    Unchanged,
    /// A part of a text.
    Text,
}

impl Form {
    /// What becomes of it when this happens behind.
    pub fn then(self, behind: Form) -> Form {
        if behind == Form::Unchanged { self } else { behind }
    }
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Const {
    None,
    Bool(bool),
    Int(i64),
    Str(Arc<str>),
}

impl Const {
    pub fn is_true(&self) -> bool {
        match self {
            Const::None => false,
            Const::Bool(value) => *value,
            Const::Int(value) => *value != 0,
            Const::Str(text) => !text.is_empty(),
        }
    }

    /// The key that it is in a dictionary or sequence.
    pub fn key(&self) -> Key {
        match self {
            Const::Int(index) => Key::Index(*index),
            Const::Bool(value) => Key::Index(i64::from(*value)),
            Const::Str(text) => Key::Text(crate::facts::hash_text(text)),
            Const::None => Key::Any,
        }
    }
}

/// Something that can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callable {
    Function(FileId, FunctionId),
    Class(FileId, ClassId),
    /// A lambda of the function that is followed.
    Lambda(ValueId, FunctionId),
}

/// What is known of a value.
#[derive(Clone, Debug, Default)]
pub(super) struct Val {
    /// Sorted by origin.
    pub marks: Vec<Mark>,
    /// The parts that differ from the whole.
    pub fields: Option<Arc<BTreeMap<Key, Val>>>,
    /// The length of a list whose elements are all known.
    pub length: Option<u32>,
    pub constant: Option<Const>,
    pub callable: Option<Callable>,
    pub class: Option<Type>,
}

impl Val {
    pub fn of(constant: Const) -> Val {
        Val { constant: Some(constant), ..Val::default() }
    }

    pub fn marked(mark: Mark) -> Val {
        Val { marks: vec![mark], ..Val::default() }
    }

    pub fn with_marks(marks: Vec<Mark>) -> Val {
        Val { marks, ..Val::default() }
    }

    /// Whether nobody shaped any of it.
    pub fn is_clean(&self) -> bool {
        self.marks.is_empty() && self.fields.as_ref().is_none_or(|fields| fields.values().all(Val::is_clean))
    }

    /// Whether parts of it are known by name, as those of a dictionary.
    pub fn has_names(&self) -> bool {
        let keys = self.fields.iter().flat_map(|fields| fields.keys());
        keys.into_iter().any(|key| matches!(key, Key::Text(_)))
    }

    /// One or the other.
    pub fn join(mut self, other: &Val) -> Val {
        for mark in &other.marks {
            add_mark(&mut self.marks, mark, true);
        }
        self.join_fields(other);
        if self.constant != other.constant {
            self.constant = None;
        }
        if self.length != other.length {
            self.length = None;
        }
        if self.callable.is_none() {
            self.callable = other.callable;
        }
        if self.class.is_none() {
            self.class = other.class;
        }
        self
    }

    fn join_fields(&mut self, other: &Val) {
        let Some(theirs) = &other.fields else { return };
        match &mut self.fields {
            None => self.fields = Some(theirs.clone()),
            Some(ours) if Arc::ptr_eq(ours, theirs) => {}
            Some(ours) => {
                let ours = Arc::make_mut(ours);
                for (key, value) in theirs.iter() {
                    let has_room = ours.len() < MOST_FIELDS;
                    match ours.get_mut(key) {
                        Some(own) => *own = std::mem::take(own).join(value),
                        None if has_room => {
                            ours.insert(*key, value.clone());
                        }
                        None => {
                            let any = ours.entry(Key::Any).or_default();
                            *any = std::mem::take(any).join(value);
                        }
                    }
                }
            }
        }
    }

    /// Everything that anybody shaped, of it and its parts.
    pub fn all_marks(&self) -> Vec<Mark> {
        let mut found = self.marks.clone();
        self.collect(&mut found, DEEPEST);
        found
    }

    fn collect(&self, found: &mut Vec<Mark>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        for part in self.fields.iter().flat_map(|fields| fields.values()) {
            part.marks.iter().for_each(|mark| add_mark(found, mark, false));
            part.collect(found, depth);
        }
    }

    /// A part of it.
    pub fn part(&self, key: Key) -> Val {
        if let Some(fields) = &self.fields {
            let known = match key {
                Key::Any => {
                    let all = fields.values();
                    let joined = all.fold(None, |all: Option<Val>, one| {
                        Some(all.map_or_else(|| one.clone(), |all| all.join(one)))
                    });
                    // What is not among the known parts is a part of the whole.
                    joined.map(|joined| joined.join(&self.rest(key)))
                }
                Key::Index(index) if index < 0 => {
                    let index = self.length.map(|length| i64::from(length) + index);
                    index.and_then(|index| fields.get(&Key::Index(index))).cloned()
                }
                _ => fields.get(&key).cloned(),
            };
            if let Some(known) = known {
                return match (key, fields.get(&Key::Any)) {
                    (Key::Any | Key::Field(_), _) | (_, None) => known,
                    (_, Some(any)) => known.join(any),
                };
            }
            // What a collection holds is no attribute of it.
            if let (Some(any), false) = (fields.get(&Key::Any), matches!(key, Key::Field(_))) {
                return any.clone().join(&self.rest(key));
            }
            // A position of a list whose length is not known.
            if matches!(key, Key::Index(_)) && self.length.is_none() {
                return self.part(Key::Any);
            }
        }
        self.rest(key)
    }

    /// A part that is not known apart from the whole. What a callable made of data, or found by it, has attributes of its
    /// own: `store.find(name).folder`.
    fn rest(&self, key: Key) -> Val {
        let is_own = |mark: &&Mark| !(matches!(key, Key::Field(_)) && mark.form == Form::Found);
        let of = |mark: &Mark| {
            let origin = match mark.origin {
                Origin::Parameter(index, path) => Origin::Parameter(index, path.then(key)),
                Origin::Free(binding, path) => Origin::Free(binding, path.then(key)),
                source @ Origin::Source(..) => source,
            };
            Mark { origin, ..mark.clone() }
        };
        Val::with_marks(self.marks.iter().filter(is_own).map(of).collect())
    }

    /// Sets a part.
    pub fn set(&mut self, key: Key, value: Val) {
        let value = value.trimmed();
        let fields = Arc::make_mut(self.fields.get_or_insert_with(Arc::default));
        let key = if fields.len() >= MOST_FIELDS && !fields.contains_key(&key) { Key::Any } else { key };
        match key {
            Key::Any => {
                let any = fields.entry(Key::Any).or_default();
                *any = std::mem::take(any).join(&value);
                self.length = None;
            }
            _ => {
                fields.insert(key, value);
            }
        }
        self.constant = None;
    }

    /// The part at the end of a way.
    pub fn at(&self, path: Path) -> Val {
        path.keys().iter().fold(self.clone(), |value, key| value.part(*key))
    }

    /// Harmless for these kinds from here on.
    pub fn cleared(mut self, kinds: Kinds) -> Val {
        self.each_mark(&mut |mark| mark.cleared = mark.cleared.and(kinds));
        self.shed();
        self
    }

    /// Changes every mark of it and its parts.
    pub fn each_mark(&mut self, change: &mut dyn FnMut(&mut Mark)) {
        self.marks.iter_mut().for_each(&mut *change);
        if self.fields.as_ref().is_some_and(|fields| !fields.values().all(Val::is_clean)) {
            let fields = self.fields.iter_mut().map(Arc::make_mut);
            fields.flat_map(|fields| fields.values_mut()).for_each(|part| part.each_mark(change));
        }
    }

    /// Forgets what is harmless for every kind.
    fn shed(&mut self) {
        self.marks.retain(|mark| mark.cleared != Kinds::ALL);
        if self.fields.as_ref().is_some_and(|fields| !fields.values().all(Val::is_clean)) {
            let fields = self.fields.iter_mut().map(Arc::make_mut);
            fields.flat_map(|fields| fields.values_mut()).for_each(Val::shed);
        }
    }

    /// Without what lies too deep in it, which counts as the whole of the part around.
    fn trimmed(self) -> Val {
        if self.depth() <= DEEPEST && self.size() <= LARGEST { self } else { self.cut(DEEPEST - 2) }
    }

    /// How deep its parts nest.
    fn depth(&self) -> usize {
        let parts = self.fields.iter().flat_map(|fields| fields.values());
        parts.map(|part| part.depth() + 1).max().unwrap_or(0)
    }

    /// How many parts it has in all.
    fn size(&self) -> usize {
        let parts = self.fields.iter().flat_map(|fields| fields.values());
        parts.map(|part| part.size() + 1).sum()
    }

    fn cut(self, depth: usize) -> Val {
        let Some(fields) = &self.fields else { return self };
        if depth == 0 || self.size() > LARGEST {
            return Val { marks: self.all_marks(), fields: None, length: None, ..self };
        }
        let parts = fields.iter().map(|(key, part)| (*key, part.clone().cut(depth - 1))).collect();
        Val { fields: Some(Arc::new(parts)), ..self }
    }

    /// Whether two values say the same, whatever way their data took.
    pub fn same(&self, other: &Val) -> bool {
        let marks = |value: &Val| -> Vec<(Origin, Kinds, bool)> {
            value.marks.iter().map(|mark| (mark.origin, mark.cleared, mark.normal)).collect()
        };
        marks(self) == marks(other)
            && self.constant == other.constant
            && self.length == other.length
            && match (&self.fields, &other.fields) {
                (None, None) => true,
                (Some(ours), Some(theirs)) => {
                    Arc::ptr_eq(ours, theirs)
                        || ours.len() == theirs.len()
                            && ours.iter().zip(theirs.iter()).all(|(a, b)| a.0 == b.0 && a.1.same(b.1))
                }
                _ => false,
            }
    }
}

/// Adds a mark, the marks sorted. Of two of one origin, `either` keeps what is cleared in both, as where branches
/// meet or parts are put together.
pub(super) fn add_mark(marks: &mut Vec<Mark>, mark: &Mark, either: bool) {
    match marks.binary_search_by(|one| one.origin.cmp(&mark.origin)) {
        Ok(index) => {
            let Some(own) = marks.get_mut(index) else { return };
            own.cleared = own.cleared.common(mark.cleared);
            own.normal &= mark.normal;
            own.form = own.form.max(mark.form);
            own.weak = if either { own.weak && mark.weak } else { own.weak || mark.weak };
            if length(&mark.way) < length(&own.way) {
                own.way.clone_from(&mark.way);
            }
        }
        Err(index) if marks.len() < MOST_MARKS => marks.insert(index, mark.clone()),
        Err(_) => {}
    }
}
