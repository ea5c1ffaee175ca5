//! Finds the characters of Unicode that make a line read in another order than it is written in.

use crate::facts::Span;

/// First byte in UTF-8 of all of them, of which there are few in most code.
const LEAD: u8 = 0xE2;

/// Bytes of each of them.
const LENGTH: usize = 3;

/// The first such character of each line: embeddings, overrides and isolates. Marks of
/// direction are no such characters: they stand in every text that mixes scripts, and move nothing but punctuation.
pub(super) fn characters(text: &str) -> Box<[Span]> {
    let mut found: Vec<Span> = Vec::new();
    let mut line_end = 0;
    for offset in memchr::memchr_iter(LEAD, text.as_bytes()) {
        let reorders = text.get(offset..offset + LENGTH).is_some_and(|one| one.chars().all(is_reordering));
        if reorders && offset >= line_end {
            let rest = text.as_bytes().get(offset..).unwrap_or_default();
            line_end = memchr::memchr2(b'\n', b'\r', rest).map_or(text.len(), |length| offset + length);
            found.push(Span::new(offset as u32, (offset + LENGTH) as u32));
        }
    }
    found.into_boxed_slice()
}

fn is_reordering(character: char) -> bool {
    matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::characters;

    #[test]
    fn the_first_of_each_line_is_found() {
        let text = "a = '\u{202E}\u{2066}b'\nc = '\u{201C}\u{200F}'\nd = 1  # \u{2066}";
        let starts: Vec<u32> = characters(text).iter().map(|span| span.start).collect();
        assert_eq!(starts, [5, 36]);
        assert!(characters("plain").is_empty());
    }
}
