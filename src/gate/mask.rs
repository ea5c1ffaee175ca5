//! Keeps secrets out of what leaves the tool: the code that reports show, the sentences they say, and the hashes
//! that stand for code. A hash of a password is a way to guess it.

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;

use crate::facts::Span;
use crate::rule::{Secret, abbreviated, shows_ends};

/// Shorter texts, and texts without a digit or sign, are too likely to be something else where they stand again.
const SHORTEST_VALUE: usize = 6;
/// A text this long is looked for wherever it stands, whatever it is made of.
const LONG_VALUE: usize = 20;

/// What stands for each hidden byte as long as places in the text have to stay.
const HIDDEN: u8 = 0x7F;
/// What is shown of hidden bytes, however many they are: their number would tell how long the secret is.
const STARS: &str = "********";

/// A text of [`Masks::code`] as it is shown, with two offsets in it.
pub fn starred(text: &str, offsets: (usize, usize)) -> (String, (usize, usize)) {
    let (mut out, mut moved) = (String::with_capacity(text.len()), offsets);
    let mut hidden = false;
    let ends = text.char_indices().map(|(at, c)| (at, Some(c))).chain([(text.len(), None)]);
    for (at, c) in ends {
        if at == offsets.0 {
            moved.0 = out.len();
        }
        if at == offsets.1 {
            moved.1 = out.len();
        }
        let was_hidden = std::mem::replace(&mut hidden, c == Some(char::from(HIDDEN)));
        match c {
            Some(_) if hidden && !was_hidden => out.push_str(STARS),
            Some(c) if !hidden => out.push(c),
            _ => {}
        }
    }
    (out, moved)
}

/// The secrets of one file.
#[derive(Debug, Default)]
pub struct Masks {
    /// The parts of the file's text that are hidden.
    ranges: Vec<Span>,
    /// The secret parts of constants, by the span of the constant; `None` where all of it is secret.
    constants: FxHashMap<Span, Option<String>>,
    /// What is hidden wherever it stands.
    values: Option<AhoCorasick>,
}

impl Masks {
    /// The masks of a file with this text.
    pub fn new(text: &str, secrets: &[Secret]) -> Masks {
        let mut masks = Masks::default();
        let mut values = Vec::new();
        for secret in secrets {
            let ranges = hidden_ranges(text, secret);
            values.extend(
                ranges.iter().filter_map(|range| slice(text, *range)).filter(|text| is_telling(text)),
            );
            masks.ranges.extend(ranges);
            masks.constants.insert(secret.span, secret.part.clone());
        }
        values.sort_unstable();
        values.dedup();
        masks.values = if values.is_empty() {
            None
        } else {
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&values).ok()
        };
        if let Some(again) = &masks.values {
            let found =
                again.find_iter(text).map(|found| Span::new(found.start() as u32, found.end() as u32));
            masks.ranges.extend(found);
        }
        masks
    }

    /// Whether nothing is hidden.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The text of the file without its secrets, as many bytes as it has; line ends stay, and of a long secret its ends.
    /// [`starred`] makes it fit to be shown.
    pub fn code(&self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        for range in &self.ranges {
            let Some(hidden) = slice(text, *range) else { continue };
            let (from, to) = if shows_ends(hidden) { (4, hidden.len() - 4) } else { (0, hidden.len()) };
            let start = range.start as usize;
            let hidden = bytes.get_mut(start + from..start + to).into_iter().flatten();
            hidden.filter(|byte| !matches!(**byte, b'\n' | b'\r')).for_each(|byte| *byte = HIDDEN);
        }
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// A sentence without secrets of the file in it.
    pub fn sentence(&self, sentence: &str) -> String {
        let Some(values) = &self.values else { return sentence.to_owned() };
        let mut out = String::with_capacity(sentence.len());
        values.replace_all_with(sentence, &mut out, |_, found, out| {
            out.push_str(&abbreviated(found));
            true
        });
        out
    }

    /// The text of a constant without what is secret in it; `None` where that is all of it.
    pub fn constant(&self, span: Span, text: &str) -> Option<String> {
        match self.constants.get(&span) {
            Some(None) => None,
            Some(Some(part)) => Some(text.replace(part.as_str(), "")),
            None => Some(match &self.values {
                Some(values) if values.is_match(text) => self.sentence(text),
                _ => text.to_owned(),
            }),
        }
    }
}

/// The parts of the file's text that a secret takes.
fn hidden_ranges(text: &str, secret: &Secret) -> Vec<Span> {
    let Some(literal) = slice(text, secret.span) else { return Vec::new() };
    let (from, to) = content(literal);
    let start = secret.span.start;
    if let (Some(part), Some(inner)) =
        (secret.part.as_deref().filter(|part| !part.is_empty()), literal.get(from..to))
    {
        let found = inner.match_indices(part).map(|(at, part)| {
            let at = start + (from + at) as u32;
            Span::new(at, at + part.len() as u32)
        });
        let found: Vec<Span> = found.collect();
        if !found.is_empty() {
            return found;
        }
    }
    vec![Span::new(start + from as u32, start + to as u32)]
}

/// Where in the source of a constant its content stands: between its quotes.
fn content(literal: &str) -> (usize, usize) {
    let whole = (0, literal.len());
    let prefix = literal.bytes().take(3).take_while(u8::is_ascii_alphabetic).count();
    let Some(quoted) = literal.get(prefix..) else { return whole };
    for quote in ["\"\"\"", "'''", "\"", "'"] {
        if quoted.len() >= 2 * quote.len() && quoted.starts_with(quote) && quoted.ends_with(quote) {
            return (prefix + quote.len(), literal.len() - quote.len());
        }
    }
    whole
}

/// Whether a text is so much itself that it is hidden wherever it stands in the file.
fn is_telling(text: &str) -> bool {
    let sign = |c: char| c.is_ascii_digit() || !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' '));
    text.len() >= LONG_VALUE || text.len() >= SHORTEST_VALUE && text.contains(sign)
}

fn slice(text: &str, span: Span) -> Option<&str> {
    text.get(span.start as usize..span.end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str, literal: &str, part: Option<&str>) -> Secret {
        let start = text.find(literal).unwrap() as u32;
        Secret { span: Span::new(start, start + literal.len() as u32), part: part.map(str::to_owned) }
    }

    fn code(masks: &Masks, text: &str) -> String {
        starred(&masks.code(text), (0, 0)).0
    }

    #[test]
    fn stars_do_not_tell_how_much_they_hide() {
        let text = "a = 'x' + 'verylongsecret'";
        let masks = Masks::new(text, &[secret(text, "'verylongsecret'", None)]);
        let hidden = masks.code(text);
        assert_eq!(starred(&hidden, (4, 27)), ("a = 'x' + '********'".to_owned(), (4, 27)));
        assert_eq!(starred(&hidden, (10, 26)).1, (10, 20), "offsets move");
        assert_eq!(starred("plain", (1, 5)), ("plain".to_owned(), (1, 5)));
    }

    #[test]
    fn a_secret_is_hidden_where_it_stands_and_where_it_stands_again() {
        let text = "pw = b'hunt\u{e9}r2'  # hunt\u{e9}r2\nword = 'sesame'  # sesame\n";
        let masks =
            Masks::new(text, &[secret(text, "b'hunt\u{e9}r2'", None), secret(text, "'sesame'", None)]);
        assert_eq!(code(&masks, text), "pw = b'********'  # ********\nword = '********'  # sesame\n");
        assert_eq!(masks.code(text).len(), text.len());
        assert_eq!(masks.sentence("it is hunt\u{e9}r2"), "it is …");
    }

    #[test]
    fn of_a_long_secret_the_ends_are_shown() {
        let text = "KEY = 'AKIAIOSFODNN7EXAMPLE7Q2D'\n";
        let masks = Masks::new(text, &[secret(text, "'AKIAIOSFODNN7EXAMPLE7Q2D'", None)]);
        assert_eq!(code(&masks, text), "KEY = 'AKIA********7Q2D'\n");
        assert_eq!(masks.sentence("is AKIAIOSFODNN7EXAMPLE7Q2D"), "is AKIA…7Q2D");
    }

    #[test]
    fn a_part_is_hidden_by_itself_or_with_all_around_it_where_it_is_written_otherwise() {
        let text = "u = 'db://u:p4ss!w@h/x'\n";
        let masks = Masks::new(text, &[secret(text, "'db://u:p4ss!w@h/x'", Some("p4ss!w"))]);
        assert_eq!(code(&masks, text), "u = 'db://u:********@h/x'\n");
        let text = "u = 'db://u:p4\\x73s@h/x'\n";
        let whole = secret(text, "'db://u:p4\\x73s@h/x'", Some("p4ss"));
        assert_eq!(code(&Masks::new(text, &[whole]), text), "u = '********'\n");
    }

    #[test]
    fn constants_that_are_compared_by_hash_lose_what_is_secret() {
        let text = "f('s3same!', 'x://u:s3same!@h', 'other')\n";
        let of = |literal: &str, part| secret(text, literal, part);
        let masks = Masks::new(text, &[of("'s3same!'", None), of("'x://u:s3same!@h'", Some("s3same!"))]);
        assert_eq!(masks.constant(of("'s3same!'", None).span, "s3same!"), None);
        let url = of("'x://u:s3same!@h'", None).span;
        assert_eq!(masks.constant(url, "x://u:s3same!@h").as_deref(), Some("x://u:@h"));
        assert_eq!(masks.constant(of("'other'", None).span, "other").as_deref(), Some("other"));
        assert_eq!(masks.constant(Span::default(), "say s3same!").as_deref(), Some("say …"));
    }
}
