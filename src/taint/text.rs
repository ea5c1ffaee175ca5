//! Texts that are put together: what stands before data decides for what kinds it is dangerous.

use super::value::{Const, Form, Key, Move, Step, Val, add_mark, step};
use crate::facts::{Span, ValueId};
use crate::models::{Kind, Kinds};
use crate::project::Site;

/// Puts a text together.
pub(super) struct Builder {
    step: Step,
    result: Val,
    /// The constant text so far, while all of it is.
    prefix: Option<String>,
    /// Whether something stands before that is not constant.
    after_unknown: bool,
    /// Whether what comes next can no longer change the host of an address.
    is_anchored: bool,
}

impl Builder {
    pub fn new(site: Site<'_>, id: ValueId) -> Builder {
        let span: Span = site.module.span(id);
        Builder {
            step: Step { what: Move::Built, file: site.file, span },
            result: Val::default(),
            prefix: Some(String::new()),
            after_unknown: false,
            is_anchored: false,
        }
    }

    /// Adds a part.
    pub fn part(&mut self, value: &Val) {
        if let Some(Const::Str(text)) = &value.constant {
            return self.constant(text);
        }
        if let Some(Const::Int(number)) = &value.constant {
            return self.constant(&number.to_string());
        }
        let address = Kinds::of(Kind::Ssrf).and(Kinds::of(Kind::Redirect));
        for mut mark in value.all_marks() {
            if self.is_anchored {
                mark.cleared = mark.cleared.and(address);
            }
            mark.normal = false;
            mark.form = Form::Text;
            mark.way = step(&mark.way, self.step);
            add_mark(&mut self.result.marks, &mark, false);
        }
        self.after_unknown = true;
        self.prefix = None;
    }

    fn constant(&mut self, text: &str) {
        // After a base address, whoever shaped that, a slash ends the host; those of `://` do not.
        self.anchor(self.after_unknown && leaves_host(text));
        if let Some(prefix) = &mut self.prefix {
            prefix.push_str(text);
            self.is_anchored = self.is_anchored || ends_host(prefix);
        }
    }

    /// Notes that what comes next can no longer change the host of an address.
    pub fn anchor(&mut self, is_anchored: bool) {
        self.is_anchored |= is_anchored;
    }

    /// Adds what `%` makes of a template and its arguments.
    pub fn template(&mut self, template: &str, whole: &Val, arguments: &Val) {
        if template.is_empty() {
            self.part(whole);
            return self.part(arguments);
        }
        let mut pieces = template.split('%');
        self.constant(pieces.next().unwrap_or(""));
        for (index, piece) in pieces.enumerate() {
            let value = match arguments.length {
                Some(_) => arguments.part(Key::at(index)),
                None if arguments.fields.is_some() => named(piece, arguments),
                None => arguments.clone(),
            };
            let is_number = piece
                .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
                .starts_with(['d', 'i', 'f', 'x']);
            if is_number && !piece.starts_with('(') {
                self.after_unknown = true;
            } else {
                self.part(&value);
            }
            let rest = piece.find(|c: char| c.is_ascii_alphabetic()).and_then(|at| piece.get(at + 1..));
            self.constant(rest.unwrap_or(""));
        }
    }

    /// The text.
    pub fn finish(mut self) -> Val {
        if let Some(prefix) = self.prefix.filter(|_| self.result.marks.is_empty()) {
            self.result.constant = Some(Const::Str(prefix.into()));
        }
        self.result
    }
}

/// `%(name)s`.
fn named(piece: &str, arguments: &Val) -> Val {
    let name = piece.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let key = name.map_or(Key::Any, |(name, _)| Key::Text(crate::facts::hash_text(name)));
    arguments.part(key)
}

/// Whether this ends the host that stands before it: `/path`, not `://`.
pub(super) fn leaves_host(text: &str) -> bool {
    let rest = text.split_once("//").map_or(text, |(_, rest)| rest);
    rest.contains(['/', '?', '#'])
}

/// Whether what comes behind this can no longer change the host of an address: `https://example.com/`, `/path`.
pub(super) fn ends_host(prefix: &str) -> bool {
    if let Some((_, rest)) = prefix.split_once("://") {
        return rest.contains(['/', '?', '#']);
    }
    let mut characters = prefix.chars();
    let first = characters.next();
    match first {
        Some('/') => characters.next().is_some_and(|second| second != '/' && second != '\\'),
        Some('?' | '#') => true,
        Some(_) => prefix.contains('/') && !prefix.contains(':'),
        None => false,
    }
}
