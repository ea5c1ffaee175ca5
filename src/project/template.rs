//! Templates and what is put into them: `"… %s" % x` and `"… {}".format(x)`, each value in its place.

use super::constants::Depth;
use super::text::Part;
use super::{FileId, Project, TextParts};
use crate::facts::{Arguments, Module, Name, Value, ValueId, dict_items};

/// A piece of a template.
enum Piece<'t> {
    /// Text to be taken as it is.
    Text(&'t str),
    /// A place for the next argument, or for the one of this name or position.
    Place { name: Option<&'t str>, number: bool },
}

impl Project {
    /// `left % right`.
    pub(super) fn collect_percent<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        (left, right): (ValueId, ValueId),
        depth: Depth<'_>,
    ) {
        let Some(module) = self.module(file) else { return };
        let template = self.text_within(file, left, depth);
        to.exact = false;
        if !template.exact || template.values().count() == template.parts.len() {
            self.collect(to, file, left, depth);
            return self.collect(to, file, right, depth);
        }
        let mut given = match module.value(right) {
            Value::Tuple(items) => Given { positional: items.iter().collect(), ..Given::default() },
            Value::Dict(items) => Given::of_dict(module, dict_items(items)),
            _ => Given { rest: Some(right), ..Given::default() },
        };
        given.fallback = Some(right);
        self.fill(to, file, (template, percent_pieces), &given, depth);
    }

    /// `object.format(arguments)`.
    pub(super) fn collect_format<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        (object, arguments): (ValueId, Arguments<'p>),
        depth: Depth<'_>,
    ) {
        let Some(module) = self.module(file) else { return };
        let template = self.text_within(file, object, depth);
        to.exact = false;
        let given = Given::of_call(module, arguments);
        if template.exact && template.values().count() < template.parts.len() {
            return self.fill(to, file, (template, format_pieces), &given, depth);
        }
        self.collect(to, file, object, depth);
        for value in given.positional.into_iter().chain(given.named.into_iter().map(|(_, value)| value)) {
            self.collect(to, file, value, depth);
        }
        if let Some(rest) = given.rest {
            self.collect(to, file, rest, depth);
        }
    }

    fn fill<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        (template, pieces): (TextParts<'p>, fn(&str) -> Vec<Piece<'_>>),
        given: &Given<'p>,
        depth: Depth<'_>,
    ) {
        let mut next = 0;
        for part in template.parts {
            let text = match part {
                Part::Constant(text) => text,
                Part::Value(..) => {
                    to.parts.push(part);
                    continue;
                }
            };
            for piece in pieces(&text) {
                match piece {
                    Piece::Text(text) => to.constant_piece(text.to_owned()),
                    Piece::Place { number: true, name } => {
                        next += usize::from(name.is_none());
                        to.unknown_constant();
                    }
                    Piece::Place { name, .. } => match given.take(name, &mut next) {
                        Some(value) => self.collect(to, file, value, depth),
                        None => to.unknown_constant(),
                    },
                }
            }
        }
    }
}

/// What is given to a template.
#[derive(Default)]
struct Given<'p> {
    positional: Vec<ValueId>,
    named: Vec<(&'p str, ValueId)>,
    /// What the others come from: a `*args`, a `**kwargs`, a single value.
    rest: Option<ValueId>,
    fallback: Option<ValueId>,
}

impl<'p> Given<'p> {
    fn of_call(module: &'p Module, arguments: Arguments<'p>) -> Given<'p> {
        let mut given = Given::default();
        for value in arguments.positional().iter() {
            match module.value(value) {
                Value::Starred(inner) => given.rest = Some(inner),
                _ => given.positional.push(value),
            }
        }
        for (name, value) in arguments.keywords() {
            match name {
                Name::NONE => given.rest = Some(value),
                name => given.named.push((module.text(name), value)),
            }
        }
        given
    }

    fn of_dict(module: &'p Module, items: impl Iterator<Item = (Option<ValueId>, ValueId)>) -> Given<'p> {
        let mut given = Given::default();
        for (key, value) in items {
            match key.map(|key| module.value(key)) {
                Some(Value::Str(name)) => given.named.push((module.text(name), value)),
                _ => given.rest = Some(value),
            }
        }
        given
    }

    fn take(&self, name: Option<&str>, next: &mut usize) -> Option<ValueId> {
        let position = match name {
            None => {
                *next += 1;
                Some(*next - 1)
            }
            Some(name) => name.parse().ok(),
        };
        let found = match (position, name) {
            (Some(position), _) => self.positional.get(position).copied(),
            (None, Some(name)) => {
                self.named.iter().find(|(given, _)| *given == name).map(|(_, value)| *value)
            }
            (None, None) => None,
        };
        found.or(self.rest).or(self.fallback)
    }
}

/// The pieces of a template of `%`.
fn percent_pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('%') {
        pieces.push(Piece::Text(before));
        let (name, behind) = match behind.strip_prefix('(').and_then(|behind| behind.split_once(')')) {
            Some((name, behind)) => (Some(name), behind),
            None => (None, behind),
        };
        let flags = |character: char| character.is_ascii_digit() || "-+ #.*hlL".contains(character);
        let kind = behind.trim_start_matches(flags);
        rest = match kind.chars().next() {
            Some('%') => {
                pieces.push(Piece::Text("%"));
                kind.get(1..).unwrap_or_default()
            }
            Some('s' | 'r' | 'a') => {
                pieces.push(Piece::Place { name, number: false });
                kind.get(1..).unwrap_or_default()
            }
            Some('d' | 'i' | 'u' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'c') => {
                pieces.push(Piece::Place { name, number: true });
                kind.get(1..).unwrap_or_default()
            }
            _ => {
                pieces.push(Piece::Text("%"));
                behind
            }
        };
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The pieces of a template of `.format`.
fn format_pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        pieces.push(Piece::Text(before));
        let doubled = brace.starts_with("{{") || brace.starts_with("}}");
        if doubled || brace.starts_with('}') {
            pieces.push(Piece::Text(brace.get(..1).unwrap_or_default()));
            rest = brace.get(if doubled { 2 } else { 1 }..).unwrap_or_default();
            continue;
        }
        let Some((field, behind)) = brace.get(1..).and_then(|inner| inner.split_once('}')) else { break };
        let (field, spec) = field.split_once(':').unwrap_or((field, ""));
        let name = field.split(['.', '[', '!']).next().filter(|name| !name.is_empty());
        let number = spec.ends_with(['d', 'f', 'g', 'e', 'x', 'b', 'o', '%']);
        pieces.push(Piece::Place { name, number });
        rest = behind;
    }
    pieces.push(Piece::Text(rest));
    pieces
}
