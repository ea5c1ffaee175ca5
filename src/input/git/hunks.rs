//! Which lines of a file a change added or rewrote.

use std::ops::Range;

use crate::input::source;

/// Every line of a file.
pub(super) const ALL: Range<u32> = 1..u32::MAX;

/// The lines of `new` that are not in `old`, 1-based, as `git diff` finds them. Files of bytes are compared like
/// any other; how lines end and how text is encoded does not count. Every line where that cannot be found out.
pub(super) fn changed_lines(old: Vec<u8>, new: Vec<u8>) -> Vec<Range<u32>> {
    hunks(&lines(old), &lines(new)).unwrap_or_else(|| vec![ALL])
}

/// The text as its lines are counted in locations, each ended by `\n`.
fn lines(bytes: Vec<u8>) -> String {
    let text = source::decode(bytes).text;
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

fn hunks(old: &str, new: &str) -> Option<Vec<Range<u32>>> {
    let mut options = git2::DiffOptions::new();
    options.context_lines(0).interhunk_lines(0).force_text(true);
    let patch =
        git2::Patch::from_buffers(old.as_bytes(), None, new.as_bytes(), None, Some(&mut options)).ok()?;
    let mut ranges = Vec::new();
    for index in 0..patch.num_hunks() {
        let (hunk, _) = patch.hunk(index).ok()?;
        if hunk.new_lines() > 0 {
            ranges.push(hunk.new_start()..hunk.new_start().checked_add(hunk.new_lines())?);
        }
    }
    Some(ranges)
}

#[cfg(test)]
mod tests {
    use super::changed_lines;

    #[test]
    fn lines_that_were_added_or_rewritten_are_found() {
        for (old, new, expected) in [
            ("", "a\nb\n", "1..3"),
            ("a\nb\n", "a\nb\n", ""),
            ("a\nb\nc\n", "a\nc\n", ""),
            ("a\nb\nc\n", "a\nB\nc\nd\n", "2..3 4..5"),
            ("a\nb", "a\nb\n", "2..3"),
            ("a\nb\n", "a\r\nb\r\n", ""),
            ("a\nb\n", "a\rb\rc\r", "3..4"),
            ("a\0\nb\n", "a\0\nc\n", "2..3"),
            ("a\nb\n", "\u{feff}a\nc\n", "2..3"),
        ] {
            let ranges = changed_lines(old.into(), new.into());
            let told: Vec<_> = ranges.iter().map(|range| format!("{range:?}")).collect();
            assert_eq!(told.join(" "), expected, "{old:?} {new:?}");
        }
    }
}
