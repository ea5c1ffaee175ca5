//! The text of a pattern, put together from what the code says: constants, `+`, `%`, f-strings, `re.escape`, and
//! alternatives joined by `|`. What is not constant is one character that no pattern names.

use std::fmt::Write as _;

use super::syntax::Flags;
use crate::facts::{Arguments, BinaryOperator, Value, ValueId};
use crate::rule::Site;

/// What stands for a part that is not constant.
const UNKNOWN: char = '\u{e000}';

const DEEPEST: u32 = 16;
const LONGEST: usize = 20_000;

const ESCAPES: &[&str] = &["re.escape", "regex.escape"];

/// A pattern.
#[derive(Debug, Default)]
pub(super) struct Pattern {
    pub(super) text: String,
    /// Whether it is one of bytes.
    pub(super) is_bytes: bool,
}

/// The pattern that an expression yields; `None` where no part of it is constant.
pub(super) fn pattern(site: Site<'_>, value: ValueId) -> Option<Pattern> {
    let mut pattern = Pattern::default();
    pattern.add(site, value, DEEPEST);
    let known = pattern.text.chars().any(|character| character != UNKNOWN);
    (known && pattern.text.len() <= LONGEST).then_some(pattern)
}

/// The flags that an expression names.
pub(super) fn flags(site: Site<'_>, value: Option<ValueId>) -> Flags {
    let mut flags = Flags::default();
    let Some(value) = value else { return flags };
    let (site, value) = match site.value(value) {
        Value::Name(..) => site.bound(value).unwrap_or((site, value)),
        _ => (site, value),
    };
    for inner in site.module.values_within(value) {
        let letter = match site.last_segment(inner) {
            Some("I" | "IGNORECASE") => 'i',
            Some("M" | "MULTILINE") => 'm',
            Some("S" | "DOTALL") => 's',
            Some("X" | "VERBOSE") => 'x',
            Some("A" | "ASCII") => 'a',
            _ => continue,
        };
        flags.set(letter, true);
    }
    flags
}

impl Pattern {
    fn unknown(&mut self) {
        self.text.push(UNKNOWN);
    }

    fn add(&mut self, site: Site<'_>, value: ValueId, depth: u32) {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.text.len() <= LONGEST) else {
            return self.unknown();
        };
        match site.value(value) {
            Value::Str(name) => self.text.push_str(site.module.text(name)),
            Value::Bytes(bytes) => {
                self.is_bytes = true;
                self.text.extend(bytes.iter().map(|byte| char::from(*byte)));
            }
            Value::Binary(BinaryOperator::Add, left, right) => {
                self.add(site, left, depth);
                self.add(site, right, depth);
            }
            Value::Binary(BinaryOperator::Modulo, template, items) => {
                self.fill(site, (template, items), depth);
            }
            Value::Format(items) => items.iter().for_each(|item| self.add(site, item, depth)),
            Value::Call(callee, arguments) => self.add_call(site, (value, callee, arguments), depth),
            Value::Assigned(_, inner) => self.add(site, inner, depth),
            Value::Name(..) | Value::Attribute(..) => match site.bound(value) {
                Some((site, value)) => self.add(site, value, depth),
                None => self.unknown(),
            },
            _ => self.unknown(),
        }
    }

    fn add_call(
        &mut self,
        site: Site<'_>,
        (value, callee, arguments): (ValueId, ValueId, Arguments<'_>),
        depth: u32,
    ) {
        let first = arguments.positional().get(0);
        if site.is_any(callee, ESCAPES) {
            return match first {
                Some(first) => self.add_escaped(site, first, depth),
                None => self.unknown(),
            };
        }
        if let Some(constant) = site.constant(value).as_ref().and_then(|constant| constant.as_str()) {
            return self.text.push_str(constant);
        }
        match (site.value(callee), first) {
            (Value::Attribute(separator, name), Some(items)) if site.module.text(name) == "join" => {
                self.join(site, (separator, items), depth);
            }
            _ => self.unknown(),
        }
    }

    /// `template % items`, with `%s` and `%d` only.
    fn fill(&mut self, site: Site<'_>, (template, items): (ValueId, ValueId), depth: u32) {
        let mut inner = Pattern::default();
        inner.add(site, template, depth);
        self.is_bytes |= inner.is_bytes;
        let mut items = match site.value(items) {
            Value::Tuple(items) => items.iter().collect::<Vec<_>>(),
            _ => vec![items],
        }
        .into_iter();
        let mut rest = inner.text.as_str();
        while let Some((before, behind)) = rest.split_once('%') {
            self.text.push_str(before);
            let mut characters = behind.chars();
            match characters.next() {
                Some('%') => self.text.push('%'),
                Some('s' | 'd' | 'i' | 'r') => match items.next() {
                    Some(item) => self.add(site, item, depth),
                    None => self.unknown(),
                },
                Some('(') => {
                    self.unknown();
                    characters = behind.split_once(')').map_or("", |(_, rest)| rest).chars();
                    characters.next();
                }
                _ => self.unknown(),
            }
            rest = characters.as_str();
        }
        self.text.push_str(rest);
    }

    /// `"|".join(map(re.escape, names))`, and with a generator.
    fn join(&mut self, site: Site<'_>, (separator, items): (ValueId, ValueId), depth: u32) {
        let (items, escaped) = match site.value(items) {
            Value::Call(callee, arguments) if site.is_any(callee, &["builtins.map"]) => {
                let escaped =
                    arguments.positional().get(0).is_some_and(|function| site.is_any(function, ESCAPES));
                (arguments.positional().get(1), escaped)
            }
            Value::Call(callee, arguments) if site.is_any(callee, &["builtins.sorted"]) => {
                (arguments.positional().get(0), false)
            }
            Value::Comprehension(comprehension) => {
                let escaped = match site.value(comprehension.element()) {
                    Value::Call(callee, _) => site.is_any(callee, ESCAPES),
                    _ => false,
                };
                (comprehension.clauses().next().map(|(_, items, _)| items), escaped)
            }
            _ => (Some(items), false),
        };
        let Some(elements) = items.and_then(|items| site.elements(items)) else { return self.unknown() };
        for (index, element) in elements.into_iter().enumerate() {
            if index > 0 {
                self.add(site, separator, depth);
            }
            if escaped {
                self.add_escaped(site, element, depth);
            } else {
                self.add(site, element, depth);
            }
        }
    }

    fn add_escaped(&mut self, site: Site<'_>, value: ValueId, depth: u32) {
        let mut inner = Pattern::default();
        inner.add(site, value, depth);
        self.is_bytes |= inner.is_bytes;
        for character in inner.text.chars() {
            if character.is_ascii() && !character.is_ascii_alphanumeric() && character != '_' {
                self.text.push('\\');
            }
            // Writing to a text never fails.
            let _ = self.text.write_char(character);
        }
    }
}
