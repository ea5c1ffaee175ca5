//! From values of TOML to values of settings, and from what is wrong with them to errors with a place.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::At;
use crate::error::Error;

/// A value with the bytes it stands in.
pub(super) type Value<'t> = Spanned<DeValue<'t>>;

/// A key of a table with the bytes it stands in, and its value.
pub(super) type Item<'r, 't> = (&'r str, Range<usize>, &'r Value<'t>);

/// Texts are quoted in messages up to this many characters.
const QUOTED: usize = 60;

/// What is the same for every value of a file.
pub(super) struct Reader<'t> {
    /// The file, as messages name it.
    pub path: &'t Path,
    /// Its text.
    pub text: &'t str,
}

impl Reader<'_> {
    /// An error at a place.
    pub fn fault(&self, span: &Range<usize>, reason: String, hint: String) -> Error {
        fault(self.path, self.text, span.start, reason, hint)
    }

    /// An error about a value that is not what its key takes.
    fn wrong(&self, key: &str, value: &Value<'_>, takes: &str, hint: String) -> Error {
        let is = match value.get_ref() {
            DeValue::String(text) => quoted(text),
            DeValue::Integer(number) => quoted(number.as_str()),
            DeValue::Float(number) => quoted(number.as_str()),
            DeValue::Boolean(value) => format!("`{value}`"),
            DeValue::Datetime(_) => "a date".to_owned(),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        };
        self.fault(&value.span(), format!("{} takes {takes}, not {is}", quoted(key)), hint)
    }

    /// A text that is not empty.
    pub fn string(&self, key: &str, value: &Value<'_>, takes: &str) -> Result<At<String>, Error> {
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                let hint = format!("write {takes} between the quotes, or remove it");
                Err(self.fault(&value.span(), format!("{} has an empty text", quoted(key)), hint))
            }
            DeValue::String(text) => Ok(At { value: text.clone().into_owned(), byte: value.span().start }),
            _ => Err(self.wrong(key, value, takes, "write it in quotes".to_owned())),
        }
    }

    /// A list of texts.
    pub fn strings(&self, key: &str, value: &Value<'_>, of: &str) -> Result<Vec<At<String>>, Error> {
        if let DeValue::Array(list) = value.get_ref() {
            return list.iter().map(|item| self.string(key, item, of)).collect();
        }
        let hint = "write it in brackets: `[\"…\"]`".to_owned();
        Err(self.wrong(key, value, &format!("a list of {of}"), hint))
    }

    /// One of a few names.
    pub fn choice<T: Copy, N: AsRef<str>>(
        &self,
        key: &str,
        value: &Value<'_>,
        choices: &[(N, T)],
    ) -> Result<T, Error> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| name.as_ref()).collect();
        let listed: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        let takes = listed.join(", ");
        let DeValue::String(text) = value.get_ref() else {
            return Err(self.wrong(key, value, &format!("one of {takes}"), "write it in quotes".to_owned()));
        };
        let found = choices.iter().find(|(name, _)| name.as_ref() == text.as_ref());
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let hint = did_you_mean(text, &names).unwrap_or_else(|| format!("write one of {takes}"));
            self.wrong(key, value, &format!("one of {takes}"), hint)
        })
    }

    /// A number that is not negative.
    pub fn count(&self, key: &str, value: &Value<'_>) -> Result<u32, Error> {
        let number = value.get_ref().as_integer();
        let number = number.and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        number.ok_or_else(|| {
            let hint = "write a number that is not negative, without quotes".to_owned();
            self.wrong(key, value, "a whole number from 0 on", hint)
        })
    }

    /// The items of a table, in the order of the file.
    pub fn table<'r, 't>(&self, key: &str, value: &'r Value<'t>) -> Result<Vec<Item<'r, 't>>, Error> {
        if let DeValue::Table(table) = value.get_ref() {
            return Ok(items(table));
        }
        let hint = "write its keys below a line of its own, its name in brackets".to_owned();
        Err(self.wrong(key, value, "a table", hint))
    }
}

/// An error at a byte of a file.
pub(super) fn fault(path: &Path, text: &str, byte: usize, reason: String, hint: String) -> Error {
    Error::Config { path: path.to_owned(), at: Some(position(text, byte)), reason, hint }
}

/// Line and column, in characters, of a byte; both 1-based.
fn position(text: &str, byte: usize) -> (u32, u32) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or_default().chars().count();
    (line as u32 + 1, column as u32 + 1)
}

/// The items of a table, in the order of the file.
pub(super) fn items<'r, 't>(table: &'r DeTable<'t>) -> Vec<Item<'r, 't>> {
    let item = |(key, value): (&'r Spanned<_>, &'r Value<'t>)| {
        let name: &'r std::borrow::Cow<'t, str> = key.get_ref();
        (name.as_ref(), key.span(), value)
    };
    let mut items: Vec<Item<'r, 't>> = table.iter().map(item).collect();
    items.sort_by_key(|(_, span, _)| span.start);
    items
}

/// What a misspelt name may have meant, as a hint.
pub(super) fn did_you_mean(name: &str, names: &[&str]) -> Option<String> {
    let plain = name.to_lowercase().replace('_', "-");
    let likeness = |known: &&str| strsim::jaro_winkler(&plain, known);
    let near = names.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(near) > 0.8).then(|| format!("did you mean `{near}`?"))
}

/// Untrusted text for a message: controls escaped, not too long, in backticks.
pub fn quoted(text: &str) -> String {
    let mut out = "`".to_owned();
    for (count, c) in text.chars().enumerate() {
        if count == QUOTED {
            out.push('…');
            break;
        }
        // What turns the direction of text around hides what a line says.
        if c.is_control()
            || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        {
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out.push('`');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn untrusted_text_is_shown_without_controls() {
        assert_eq!(quoted("a\u{1b}[2J\u{202e}b"), "`a\\u{1b}[2J\\u{202e}b`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 63);
    }

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        let text = "é = 1\r\nü = 2";
        let places = [0, 3, 12, 99].map(|byte| position(text, byte));
        assert_eq!(places, [(1, 1), (1, 3), (2, 4), (2, 6)]);
    }
}
