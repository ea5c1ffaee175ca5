//! GitHub's `primaryLocationLineHash`, digit for digit. An upload that carries another value, or none, is
//! listed twice beside one that came through GitHub's own action.
//!
//! It changes with any edit in the 100 characters after the start of the line, so it is no identity of ours:
//! that is the fingerprint.

use rustc_hash::FxHashMap;

/// How many UTF-16 code units, blanks left out, one hash covers. They may belong to several lines.
const WINDOW: usize = 100;
/// The base of the polynomial.
const BASE: u64 = 37;
/// Stands for the end of the file.
const END: u16 = u16::MAX;

/// The hashes (`hash:count`) of some lines of one file, in the order of `lines`, whose numbers are 1-based.
///
/// `file` is the file as stored: GitHub reads it as UTF-8, byte order mark and all, whatever its encoding.
/// Lines end at `\n`, `\r` or `\r\n`. A line that the file does not have yields an empty string.
pub fn line_hashes(file: &[u8], lines: &[u32]) -> Vec<String> {
    let last = lines.iter().max().map_or(0, |line| *line as usize);
    let text = String::from_utf8_lossy(file);
    let (units, starts) = units_and_line_starts(&text, last);

    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    let wanted = starts.get(..last.min(starts.len())).unwrap_or_default();
    let hashes: Vec<(u64, u32)> = window_hashes(&units, wanted)
        .map(|hash| {
            let count = seen.entry(hash).or_default();
            *count += 1;
            (hash, *count)
        })
        .collect();

    lines
        .iter()
        .map(|line| {
            let found = (*line as usize).checked_sub(1).and_then(|index| hashes.get(index));
            found.map_or_else(String::new, |(hash, count)| format!("{hash:x}:{count}"))
        })
        .collect()
}

/// The code units that count, ended by [`END`], and the index of each line's first one among them, up to those that
/// the hash of line `last` covers.
fn units_and_line_starts(text: &str, last: usize) -> (Vec<u16>, Vec<usize>) {
    let (space, tab, line_feed, carriage_return) = (0x20, 0x09, 0x0a, 0x0d);
    let mut units = Vec::with_capacity(text.len() + 1);
    let mut starts = Vec::new();
    let mut at_line_start = true;
    let mut after_return = false;
    for unit in text.encode_utf16().chain([END]) {
        if unit == space || unit == tab || (after_return && unit == line_feed) {
            after_return = false;
            continue;
        }
        after_return = unit == carriage_return;
        if at_line_start {
            starts.push(units.len());
        }
        let end = last.checked_sub(1).and_then(|index| starts.get(index)).map(|start| start + WINDOW);
        if end.is_some_and(|end| units.len() >= end) {
            break;
        }
        let unit = if after_return { line_feed } else { unit };
        at_line_start = unit == line_feed;
        units.push(unit);
    }
    (units, starts)
}

/// The hashes of the windows at some places, in ascending order: each is made of the one before it.
fn window_hashes<'u>(units: &'u [u16], starts: &'u [usize]) -> impl Iterator<Item = u64> + 'u {
    let top = (1..WINDOW).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let unit = |at: usize| u64::from(units.get(at).copied().unwrap_or(0));
    let (mut at, mut hash) = (0, window_hash(units));
    starts.iter().map(move |&start| {
        while at < start {
            let rest = hash.wrapping_sub(unit(at).wrapping_mul(top));
            hash = rest.wrapping_mul(BASE).wrapping_add(unit(at + WINDOW));
            at += 1;
        }
        hash
    })
}

/// The polynomial over the first [`WINDOW`] units, as if zeros followed the last.
fn window_hash(units: &[u16]) -> u64 {
    let window = units.iter().map(|unit| u64::from(*unit)).chain(std::iter::repeat(0)).take(WINDOW);
    window.fold(0, |hash, unit| hash.wrapping_mul(BASE).wrapping_add(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let lines: Vec<u32> = (1..).take(units_and_line_starts(text, usize::MAX).1.len()).collect();
        line_hashes(text.as_bytes(), &lines)
    }

    /// From the tests of GitHub's own action.
    #[test]
    fn published_vectors() {
        assert_eq!(all(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            all(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        assert_eq!(
            all(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1"
            ]
        );
        let ended = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        assert_eq!(all(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n"), ended);
        assert_eq!(all(" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r"), ended);
        assert_eq!(all(" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n"), ended);
    }

    #[test]
    fn survives_lines_inserted_above_and_counts_equals() {
        let text = "import os\n".to_owned() + &"eval(x)\n".repeat(40);
        let moved = "# a comment\n\n".to_owned() + &text;
        let before = line_hashes(text.as_bytes(), &[2, 3, 20]);
        assert_eq!(before, line_hashes(moved.as_bytes(), &[4, 5, 22]));
        assert!(before[0].ends_with(":1") && before[1].ends_with(":2"), "{before:?}");
    }

    #[test]
    fn lines_that_are_not_there_and_bytes_that_are_no_text() {
        assert_eq!(line_hashes(b"a\n", &[0, 9]), ["", ""]);
        assert_eq!(line_hashes(b"a\xff\n", &[1]), line_hashes("a\u{fffd}\n".as_bytes(), &[1]));
        assert_ne!(line_hashes("\u{feff}a".as_bytes(), &[1]), line_hashes(b"a", &[1]));
    }
}
