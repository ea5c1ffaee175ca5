//! Data that the program has made itself: out of a serialiser, or read back from where the same function wrote it.

use super::{Call, Site};
use crate::facts::{Arguments, DefinitionKind, Value, ValueId};

/// The most steps that are taken back from a value through variables and codecs.
const FUEL: u32 = 64;

/// The deepest expressions that are compared.
const DEEPEST: u32 = 12;

/// The most expressions on either side of a call that are looked at: about a hundred lines.
const FARTHEST: u32 = 1_000;

/// Calls that put an object into a file given as an argument.
const SAVERS: [&str; 5] = ["dump", "save", "savez", "savez_compressed", "to_pickle"];

/// Files that no other program has written before.
const FRESH: [&str; 5] =
    ["BytesIO", "StringIO", "TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"];

impl Site<'_> {
    /// Whether a name is a parameter that the route of its function makes a number of: `<int:n>`, `{n:int}`.
    pub fn is_converted(&self, value: ValueId) -> bool {
        let Value::Name(name, Some(binding)) = self.value(value) else { return false };
        let definitions = self.module.definitions(binding);
        if definitions.is_empty() || definitions.iter().any(|one| one.kind != DefinitionKind::Parameter) {
            return false;
        }
        let Some(function) = self.function_of(value) else { return false };
        let name = self.module.text(name);
        let forms: Vec<String> = ["int", "float", "uuid"]
            .iter()
            .flat_map(|kind| [format!("<{kind}:{name}>"), format!("{{{name}:{kind}}}")])
            .collect();
        let decorators = self.module.decorators(function);
        decorators.iter().flat_map(|one| self.module.values_within(one)).any(|inner| {
            matches!(self.value(inner), Value::Str(path) if forms.iter().any(|form| self.module.text(path).contains(form)))
        })
    }

    /// Whether all that a value may be comes out of calls with one of these names, encodings, compression,
    /// variables and fields in between.
    pub fn is_made_by(&self, value: ValueId, makers: &[&str]) -> bool {
        self.made_within(value, makers, &mut { FUEL })
    }

    fn made_within(&self, value: ValueId, makers: &[&str], fuel: &mut u32) -> bool {
        let Some(left) = fuel.checked_sub(1) else { return false };
        *fuel = left;
        match self.value(value) {
            Value::Call(callee, arguments) => self.call_makes((callee, arguments), makers, fuel),
            Value::Name(_, Some(binding)) => {
                let definitions = self.module.definitions(binding);
                !definitions.is_empty()
                    && definitions.iter().all(|definition| {
                        definition.kind == DefinitionKind::Assigned
                            && self.made_within(ValueId(definition.id), makers, fuel)
                    })
            }
            Value::Attribute(..) => self.field_made(value, makers, fuel),
            Value::Conditional(_, then, otherwise) => {
                self.made_within(then, makers, fuel) && self.made_within(otherwise, makers, fuel)
            }
            Value::Await(inner) | Value::Assigned(_, inner) => self.made_within(inner, makers, fuel),
            _ => false,
        }
    }

    /// Whether all that is written to `self.name` is made so, a `None` before it left out.
    fn field_made(&self, value: ValueId, makers: &[&str], fuel: &mut u32) -> bool {
        let values = self.project.attribute_values(self.file, value);
        let sites =
            values.into_iter().filter_map(|(file, value)| Some((Site::new(self.project, file)?, value)));
        let mut set = sites.filter(|(site, value)| !matches!(site.value(*value), Value::None)).peekable();
        set.peek().is_some() && set.all(|(site, value)| site.made_within(value, makers, fuel))
    }

    fn call_makes(&self, call: (ValueId, Arguments<'_>), makers: &[&str], fuel: &mut u32) -> bool {
        let (callee, arguments) = call;
        let Some(name) = self.last_segment(callee) else { return false };
        if makers.contains(&name) {
            return true;
        }
        let source = match name {
            "encode" | "decode" | "strip" => self.object_of(callee),
            "compress" | "decompress" | "b64encode" | "b64decode" | "hexlify" | "unhexlify" | "bytes"
            | "bytearray" | "memoryview" | "BytesIO" | "StringIO" => arguments.positional().get(0),
            _ => None,
        };
        source.is_some_and(|source| self.made_within(source, makers, fuel))
    }

    /// The object of `object.name`.
    fn object_of(&self, callee: ValueId) -> Option<ValueId> {
        match self.value(callee) {
            Value::Attribute(object, _) => Some(object),
            _ => None,
        }
    }

    /// Whether two expressions read the same: names of one variable, equal constants, the same calls of the same.
    pub fn is_same(&self, left: ValueId, right: ValueId) -> bool {
        self.same_within(left, right, DEEPEST)
    }

    fn same_within(&self, left: ValueId, right: ValueId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let same = |left, right| self.same_within(left, right, depth);
        match (self.value(left), self.value(right)) {
            (Value::Name(left, of_left), Value::Name(right, of_right)) => {
                left == right && of_left == of_right
            }
            (Value::Attribute(left, name), Value::Attribute(right, other)) => {
                name == other && same(left, right)
            }
            (Value::Item(left, key), Value::Item(right, other)) => same(left, right) && same(key, other),
            (Value::Binary(operator, left, right), Value::Binary(other, of_left, of_right)) => {
                operator == other && same(left, of_left) && same(right, of_right)
            }
            (Value::Format(left), Value::Format(right)) => {
                left.len() == right.len()
                    && left.iter().zip(right.iter()).all(|(left, right)| same(left, right))
            }
            (Value::Call(left, given), Value::Call(right, other)) => {
                let (given, other) = (given.positional(), other.positional());
                same(left, right)
                    && given.len() == other.len()
                    && given.iter().zip(other.iter()).all(|(left, right)| same(left, right))
            }
            _ => {
                let constant = self.constant(left);
                constant.is_some() && constant == self.constant(right)
            }
        }
    }

    /// What a handle was opened on: the path given to an `open`, or itself where nobody else can have written it.
    pub fn opened(&self, handle: ValueId) -> Option<ValueId> {
        let opener = match self.value(handle) {
            Value::Name(_, Some(binding)) => {
                let start = self.module.span(handle).start;
                let definitions = self.module.definitions(binding);
                definitions.iter().rev().find(|definition| definition.offset < start)?.value()?
            }
            _ => handle,
        };
        let Value::Call(callee, arguments) = self.value(opener) else { return None };
        let name = self.last_segment(callee)?;
        if FRESH.contains(&name) {
            return (opener != handle).then_some(handle);
        }
        match self.value(callee) {
            Value::Attribute(path, _) if name == "open" && !self.is_imported(path) => Some(path),
            _ if matches!(name, "Popen" | "popen" | "urlopen") => None,
            _ if name.contains("open") => arguments.positional().get(0),
            _ => None,
        }
    }

    /// Whether a name stands for what an import brought: `gzip` of `gzip.open`.
    fn is_imported(&self, value: ValueId) -> bool {
        match self.value(value) {
            Value::Name(_, Some(binding)) => {
                let definitions = self.module.definitions(binding);
                definitions.iter().any(|definition| definition.kind == DefinitionKind::Import)
            }
            _ => false,
        }
    }
}

impl<'p> Call<'p> {
    /// The expressions near the call that stand in its function: those before it first, in source order.
    pub fn values_near(&self) -> impl Iterator<Item = ValueId> + use<'p> {
        let (site, own) = (self.site, self.id);
        let function = site.function_of(own);
        let around = own.0.saturating_sub(FARTHEST)..own.0.saturating_add(FARTHEST);
        let values =
            around.take(site.module.values().len().saturating_sub(own.0.saturating_sub(FARTHEST) as usize));
        let span = function.and_then(|id| site.module.function(id)).map(|function| function.span);
        values.map(ValueId).filter(move |id| {
            let place = site.module.span(*id);
            *id != own && span.is_none_or(|span| span.covers(place))
        })
    }

    /// The other calls near the call, in the same function: callee and arguments.
    pub fn calls_near(&self) -> impl Iterator<Item = (ValueId, Arguments<'p>)> + use<'p> {
        let site = self.site;
        let function = site.function_of(self.id);
        self.values_near().filter_map(move |id| match site.value(id) {
            Value::Call(callee, arguments) if site.function_of(id) == function => Some((callee, arguments)),
            _ => None,
        })
    }

    /// Whether the file that this call reads was written by the same function before: one that it opened itself
    /// or, where the argument is a path, that path.
    pub fn reads_own_file(&self, file: ValueId, is_path: bool) -> bool {
        let site = self.site;
        let Some(place) = site.opened(file).or_else(|| is_path.then_some(file)) else { return false };
        let start = self.span().start;
        let before = |callee: ValueId| site.module.span(callee).start < start;
        self.calls_near().any(|(callee, arguments)| before(callee) && site.saves_to(callee, arguments, place))
    }
}

impl Site<'_> {
    /// Whether a call puts an object into a file.
    fn saves_to(&self, callee: ValueId, arguments: Arguments<'_>, place: ValueId) -> bool {
        let is_place = |value: ValueId| {
            self.is_same(value, place) || self.opened(value).is_some_and(|path| self.is_same(path, place))
        };
        match self.last_segment(callee) {
            Some("write" | "write_bytes") => {
                self.object_of(callee).is_some_and(is_place)
                    && arguments.positional().get(0).is_some_and(|data| self.is_made_by(data, &["dumps"]))
            }
            Some(name) if SAVERS.contains(&name) => {
                let keywords = arguments.keywords().map(|(_, value)| value);
                arguments.positional().iter().chain(keywords).any(is_place)
            }
            _ => false,
        }
    }
}
