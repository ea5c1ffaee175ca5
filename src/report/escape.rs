//! Text of the scanned tree made harmless for terminals, logs and the runners of workflows, and still readable.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::ops::Range;

/// What GitHub's runner takes for a command anywhere in a line of a log.
const RUNNER_COMMAND: &str = "##[";

/// Whether a character acts where it is printed, or hides, instead of showing itself: controls, what turns the
/// direction of text, what has no width.
pub(super) fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// A path or message as one line: what acts is written as Python writes it (`\x1b`, `\u202e`).
pub(super) fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) && !text.contains(RUNNER_COMMAND) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        push(&mut escaped, character);
    }
    Cow::Owned(escaped)
}

/// Lines of source, ended by `\n` whatever the file has, with tabs kept, and the same range in them.
/// `marked` is clamped to the text; a line end at its end is left out.
pub(super) fn source(text: &str, marked: (usize, usize)) -> (String, Range<usize>) {
    let mut escaped = String::with_capacity(text.len() + 8);
    let (mut start, mut end) = (None, None);
    let mut characters = text.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        if offset >= marked.0 && start.is_none() {
            start = Some(escaped.len());
        }
        if offset >= marked.1 && end.is_none() {
            end = Some(escaped.len());
        }
        match character {
            '\r' if characters.next_if(|(_, next)| *next == '\n').is_some() => escaped.push('\n'),
            '\r' | '\n' => escaped.push('\n'),
            '\t' => escaped.push('\t'),
            _ => push(&mut escaped, character),
        }
    }
    let start = start.unwrap_or(escaped.len());
    let mut end = end.unwrap_or(escaped.len()).max(start);
    while end > start && escaped.get(..end).is_some_and(|head| head.ends_with('\n')) {
        end -= 1;
    }
    (escaped, start..end)
}

/// Appends one character, escaped where it acts or would complete a command.
fn push(escaped: &mut String, character: char) {
    let completes = character == '[' && escaped.ends_with("##");
    let code = u32::from(character);
    let _ = match character {
        '\n' => escaped.write_str("\\n"),
        '\r' => escaped.write_str("\\r"),
        '\t' => escaped.write_str("\\t"),
        _ if !completes && !acts(character) => escaped.write_char(character),
        _ if code < 0x100 => write!(escaped, "\\x{code:02x}"),
        _ if code < 0x1_0000 => write!(escaped, "\\u{code:04x}"),
        _ => write!(escaped, "\\U{code:08x}"),
    };
}

/// A JSON writer whose strings hold nothing that acts: such characters, and the bracket of a runner's command,
/// are written as `\u` escapes. Every reader gets the same values.
pub(super) fn json<T: serde::Serialize + ?Sized>(value: &T, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(out, Inert);
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// A JSON array written as its elements come, one on a line.
pub(super) fn json_lines<T: serde::Serialize>(
    elements: impl Iterator<Item = T>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut separator = "[\n";
    for element in elements {
        out.write_all(separator.as_bytes())?;
        json(&element, out)?;
        separator = ",\n";
    }
    out.write_all(if separator == "[\n" { b"[]" } else { b"\n]" })
}

struct Inert;

impl serde_json::ser::Formatter for Inert {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if !fragment.contains(RUNNER_COMMAND) && !fragment.contains(acts) {
            return out.write_all(fragment.as_bytes());
        }
        let mut before = ['\0'; 2];
        for character in fragment.chars() {
            let mut buffer = [0; 2];
            if acts(character) || (character == '[' && before == ['#'; 2]) {
                for unit in character.encode_utf16(&mut buffer) {
                    write!(out, "\\u{unit:04x}")?;
                }
            } else {
                write!(out, "{character}")?;
            }
            before = [before[1], character];
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(line("plain é 🦀"), "plain é 🦀");
        assert_eq!(line("a\x1b[31m\u{202e}b\n::error::x"), "a\\x1b[31m\\u202eb\\n::error::x");
        assert_eq!(line("##[error]x"), "##\\x5berror]x");
    }

    #[test]
    fn marks_follow_the_escaped_text() {
        let text = "a\x1b = '\u{202e}'\r\n\tb\rc\n";
        let marked = (text.find('\u{202e}').unwrap(), text.find('b').unwrap() + 1);
        let (escaped, range) = source(text, marked);
        assert_eq!(escaped, "a\\x1b = '\\u202e'\n\tb\nc\n");
        assert_eq!(&escaped[range], "\\u202e'\n\tb");
        assert_eq!(source("x\n", (0, 2)), ("x\n".to_owned(), 0..1));
        assert_eq!(source("x", (7, 9)).1, 1..1);
    }

    #[test]
    fn json_keeps_the_value_and_hides_the_act() {
        let value = "##[error] \u{9b}\u{202e}\u{e0041} \x1b é";
        let mut out = Vec::new();
        json(value, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, r###""##\u005berror] \u009b\u202e\udb40\udc41 \u001b é""###);
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
    }
}
