//! Where a byte offset stands in a text, and the window of lines around a range.

use std::ops::Range;

use crate::finding::{Excerpt, Position};

/// Lines of context before and after the marked part of an excerpt.
const CONTEXT: u32 = 2;
/// Lines of an excerpt at most.
const MAX_LINES: u32 = 12;
/// Bytes between two places whose characters are counted.
const STRIDE: usize = 1024;
/// Bytes that an excerpt keeps of one line at most, its line end apart.
const MAX_LINE_BYTES: usize = 400;

/// The line starts of one text. Lines end at `\n`, `\r` or `\r\n`; a form feed ends none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    /// Byte offset of each line's first byte. A text that ends in a line end has an empty line after it.
    starts: Vec<u32>,
    /// Bytes of the text.
    len: u32,
    /// Characters and UTF-16 units before every [`STRIDE`]th byte, so that a long line is not counted from its start
    /// for each place on it. Empty where the text is ASCII: columns are then byte distances.
    counts: Vec<(u32, u32)>,
}

impl LineIndex {
    /// Indexes a text of at most 4 GiB.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            let before_newline =
                bytes.get(at) == Some(&b'\r') && bytes.get(at.saturating_add(1)) == Some(&b'\n');
            if !before_newline {
                starts.push(at.saturating_add(1) as u32);
            }
        }
        let counts = if text.is_ascii() { Vec::new() } else { counts(text) };
        LineIndex { starts, len: bytes.len() as u32, counts }
    }

    /// Line and columns of a byte offset into `text`, the text that was indexed. An offset past its end stands
    /// for the end, one within a character for that character's first byte.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = clamp(text, offset);
        let line = self.line_of(offset as u32);
        let start = self.start_of(line).unwrap_or(0);
        let (before, here) = (self.counted(text, start), self.counted(text, offset));
        let (chars, units) = (here.0.saturating_sub(before.0), here.1.saturating_sub(before.1));
        Position { line, column: chars.saturating_add(1), utf16_column: units.saturating_add(1) }
    }

    /// How many characters and UTF-16 units stand before an offset, which is no place within a character.
    fn counted(&self, text: &str, offset: usize) -> (u32, u32) {
        let index = (offset / STRIDE).min(self.counts.len().saturating_sub(1));
        let Some(&count) = self.counts.get(index) else { return (offset as u32, offset as u32) };
        let from = text.ceil_char_boundary(index * STRIDE);
        text.get(from..offset).unwrap_or_default().chars().fold(count, counted)
    }

    /// The bytes of a line (1-based), its line end included; `None` where the text has no such line. After a
    /// last line end stands one more, empty line.
    pub fn line_range(&self, line: u32) -> Option<Range<usize>> {
        let start = self.start_of(line)?;
        let end = self.start_of(line.saturating_add(1)).unwrap_or(self.len as usize);
        Some(start..end)
    }

    /// The number of lines as an editor counts them: an empty line after the last line end is none.
    pub fn count(&self) -> u32 {
        let open = self.starts.last().is_some_and(|&last| last < self.len);
        (self.starts.len() as u32).saturating_sub(u32::from(!open))
    }

    fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    fn start_of(&self, line: u32) -> Option<usize> {
        let at = line.checked_sub(1)? as usize;
        self.starts.get(at).map(|&start| start as usize)
    }
}

/// The counts of a [`LineIndex`]: those before the first character that begins at or behind each place.
fn counts(text: &str) -> Vec<(u32, u32)> {
    let mut counts = Vec::with_capacity(text.len() / STRIDE + 1);
    let mut count = (0, 0);
    for (at, character) in text.char_indices() {
        while counts.len() * STRIDE <= at {
            counts.push(count);
        }
        count = counted(count, character);
    }
    counts
}

fn counted((chars, units): (u32, u32), character: char) -> (u32, u32) {
    (chars + 1, units + character.len_utf16() as u32)
}

/// The whole lines around the bytes `start..end` of a text, for people to read: up to two lines before and
/// after, at most twelve in all, of an over-long line the part around the mark.
pub fn excerpt(text: &str, index: &LineIndex, start: u32, end: u32) -> Excerpt {
    let start = clamp(text, start);
    let end = clamp(text, end).max(start);
    let first = index.line_of(start as u32);
    let last = index.line_of(end.saturating_sub(1).max(start) as u32);
    let from = first.saturating_sub(CONTEXT).max(1);
    let to = last.saturating_add(CONTEXT).min(index.count().max(first));
    let to = to.min(from.saturating_add(MAX_LINES - 1));

    let mut out = Excerpt { first_line: from, text: String::new(), marked: (usize::MAX, 0) };
    for range in (from..=to).filter_map(|line| index.line_range(line)) {
        push_line(&mut out, text, range, start..end);
    }
    out.marked.0 = out.marked.0.min(out.text.len());
    out.marked.1 = out.marked.1.clamp(out.marked.0, out.text.len());
    out
}

/// Appends one line and stretches the mark over what of `mark` lies in it.
fn push_line(out: &mut Excerpt, text: &str, line: Range<usize>, mark: Range<usize>) {
    let whole = text.get(line.clone()).unwrap_or_default();
    let content = line.start..line.start + whole.trim_end_matches(['\r', '\n']).len();
    let kept = keep(text, content.clone(), &mark);
    let base = out.text.len();
    out.text.push_str(text.get(kept.clone()).unwrap_or_default());
    out.text.push_str(text.get(content.end..line.end).unwrap_or_default());

    // Offsets in the line end stay in it, those in what was cut away go to the cut.
    let place = |offset: usize| {
        let past = offset.saturating_sub(content.end);
        base + offset.clamp(kept.start, kept.end) - kept.start + past
    };
    if mark.start >= line.start && (mark.start < line.end || line.end == text.len()) {
        out.marked.0 = place(mark.start).min(out.text.len());
    }
    if mark.end >= line.start {
        out.marked.1 = place(mark.end.min(line.end)).min(out.text.len());
    }
}

/// What an excerpt keeps of a line's content: all, or the bytes around the mark.
fn keep(text: &str, content: Range<usize>, mark: &Range<usize>) -> Range<usize> {
    if content.len() <= MAX_LINE_BYTES {
        return content;
    }
    let from = mark.start.clamp(content.start, content.end);
    let to = mark.end.clamp(from, content.end);
    let before = MAX_LINE_BYTES.saturating_sub(to - from) / 2;
    let start = from.saturating_sub(before).clamp(content.start, content.end - MAX_LINE_BYTES);
    text.ceil_char_boundary(start)..text.floor_char_boundary(start + MAX_LINE_BYTES)
}

fn clamp(text: &str, offset: u32) -> usize {
    text.floor_char_boundary((offset as usize).min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, offset: u32) -> (u32, u32, u32) {
        let position = LineIndex::new(text).position(text, offset);
        (position.line, position.column, position.utf16_column)
    }

    fn cut(text: &str, marked: &str) -> Excerpt {
        let start = text.find(marked).unwrap() as u32;
        excerpt(text, &LineIndex::new(text), start, start + marked.len() as u32)
    }

    fn shown(excerpt: &Excerpt) -> &str {
        &excerpt.text[excerpt.marked.0..excerpt.marked.1]
    }

    #[test]
    fn every_line_end_ends_a_line_and_a_form_feed_does_not() {
        let text = "a\nb\rc\r\nd\x0ce\u{2028}f";
        let index = LineIndex::new(text);
        let lines: Vec<_> = (1..=5).filter_map(|line| index.line_range(line)).map(|r| &text[r]).collect();
        assert_eq!(lines, ["a\n", "b\r", "c\r\n", "d\x0ce\u{2028}f"]);
        assert_eq!(index.count(), 4);
    }

    #[test]
    fn a_last_line_end_opens_no_line_that_counts() {
        for (text, count) in [("", 0), ("a", 1), ("a\n", 1), ("a\r\n", 1), ("a\n\n", 2), ("\n", 1)] {
            assert_eq!(LineIndex::new(text).count(), count, "{text:?}");
        }
        assert_eq!(LineIndex::new("a\n").line_range(2), Some(2..2));
        assert_eq!(LineIndex::new("a\n").line_range(3), None);
        assert_eq!(LineIndex::new("a\n").line_range(0), None);
    }

    #[test]
    fn columns_count_characters_and_utf16_units() {
        let text = "x = '😀é'\r\ny\n";
        assert_eq!(at(text, 0), (1, 1, 1));
        assert_eq!(at(text, 5), (1, 6, 6));
        assert_eq!(at(text, 9), (1, 7, 8));
        assert_eq!(at(text, 11), (1, 8, 9));
        assert_eq!(at(text, 12), (1, 9, 10), "on the carriage return");
        assert_eq!(at(text, 13), (1, 10, 11), "between the two of a line end");
        assert_eq!(at(text, 14), (2, 1, 1));
        assert_eq!(at(text, 16), (3, 1, 1), "at the end");
    }

    #[test]
    fn columns_of_long_lines_are_those_that_counting_gives() {
        for pad in 0..4 {
            let text = format!("{}é{}", "x".repeat(pad), "😀é x\n".repeat(300).replace("x\n", "y"));
            let index = LineIndex::new(&text);
            for (chars, (offset, _)) in text.char_indices().enumerate() {
                let position = index.position(&text, offset as u32);
                let units = text[..offset].encode_utf16().count();
                assert_eq!(
                    (position.column as usize, position.utf16_column as usize),
                    (chars + 1, units + 1)
                );
            }
            assert_eq!(index.position(&text, u32::MAX).column as usize, text.chars().count() + 1);
        }
    }

    #[test]
    fn offsets_are_clamped_to_the_text_and_to_characters() {
        assert_eq!(at("é😀", 1), (1, 1, 1));
        assert_eq!(at("é😀", 4), (1, 2, 2));
        assert_eq!(at("é😀", u32::MAX), (1, 3, 4));
        assert_eq!(at("ab", 9), (1, 3, 3));
        assert_eq!(at("", 0), (1, 1, 1));
    }

    #[test]
    fn an_excerpt_has_two_lines_around_the_mark() {
        let text = "1\n2\n3\r\nhere\n5\n6\n7\n";
        let excerpt = cut(text, "here");
        assert_eq!((excerpt.first_line, excerpt.text.as_str()), (2, "2\n3\r\nhere\n5\n6\n"));
        assert_eq!(shown(&excerpt), "here");
        let excerpt = cut("here", "here");
        assert_eq!((excerpt.first_line, excerpt.text.as_str(), excerpt.marked), (1, "here", (0, 4)));
    }

    #[test]
    fn a_mark_that_ends_with_its_line_takes_no_further_line() {
        let excerpt = cut("a\nb\nc\nd\ne\n", "a\n");
        assert_eq!(excerpt.text, "a\nb\nc\n");
        assert_eq!(shown(&excerpt), "a\n");
    }

    #[test]
    fn empty_texts_and_marks_have_excerpts() {
        let none = excerpt("", &LineIndex::new(""), 0, 9);
        assert_eq!((none.first_line, none.text.as_str(), none.marked), (1, "", (0, 0)));
        let text = "a\nb\n";
        let end = excerpt(text, &LineIndex::new(text), 4, 4);
        assert_eq!((end.first_line, end.text.as_str(), end.marked), (1, "a\nb\n", (4, 4)));
        let point = excerpt(text, &LineIndex::new(text), 2, 2);
        assert_eq!((point.text.as_str(), point.marked), ("a\nb\n", (2, 2)));
    }

    #[test]
    fn a_long_range_is_cut_after_its_first_lines() {
        use std::fmt::Write as _;
        let mut text = String::new();
        for n in 1..100 {
            writeln!(text, "line {n}").unwrap();
        }
        let mark = text[text.find("line 10\n").unwrap()..text.find("line 50\n").unwrap()].to_owned();
        let excerpt = cut(&text, &mark);
        assert_eq!((excerpt.first_line, excerpt.text.lines().count()), (8, 12));
        assert!(shown(&excerpt).starts_with("line 10\n"));
        assert!(shown(&excerpt).ends_with("line 19\n"));
    }

    #[test]
    fn a_long_line_is_cut_around_the_mark_at_characters() {
        for pad in 0..4 {
            let text = format!("{}{}MARK{}\r\nnext\n", "x".repeat(pad), "😀".repeat(500), "é".repeat(900));
            let excerpt = cut(&text, "MARK");
            assert_eq!(shown(&excerpt), "MARK");
            let first = excerpt.text.lines().next().unwrap();
            assert!(first.len() > 390 && first.len() <= MAX_LINE_BYTES, "{}", first.len());
            assert!(excerpt.text.ends_with("\r\nnext\n"));
        }
    }

    #[test]
    fn a_long_mark_and_long_neighbours_are_cut_too() {
        let text = format!("{}\nM{}\n{}\n", "a".repeat(5000), "m".repeat(5000), "z".repeat(5000));
        let excerpt = cut(&text, text.lines().nth(1).unwrap());
        assert_eq!(excerpt.text.len(), 3 * (MAX_LINE_BYTES + 1));
        assert!(shown(&excerpt).starts_with("Mmm") && shown(&excerpt).len() == MAX_LINE_BYTES);
        let ends = [text.len() as u32 - 2, text.len() as u32 - 1];
        let last = super::excerpt(&text, &LineIndex::new(&text), ends[0], ends[1]);
        assert_eq!(shown(&last), "z");
    }

    #[test]
    fn excerpts_of_arbitrary_ranges_hold_together() {
        let text = "é\r\n😀\n\r\n\rabc\n\nxyz\r\nq";
        let index = LineIndex::new(text);
        for start in 0..=text.len() as u32 + 2 {
            for end in 0..=text.len() as u32 + 2 {
                let cut = excerpt(text, &index, start, end);
                let from = clamp(text, start);
                let mark = &text[from..clamp(text, end).max(from)];
                assert_eq!(shown(&cut), mark, "{start}..{end}");
            }
        }
    }
}
