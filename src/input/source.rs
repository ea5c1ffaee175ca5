//! The text of a file: read once, bounded, decoded as Python would decode it.

use std::borrow::Cow;
use std::fs::{self, File};
use std::hash::Hasher as _;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use super::encoding::{Charset, cookie, normalize};
use super::lines::LineIndex;
use crate::finding::{Notice, NoticeKind};

/// No file above this many bytes is read whatever the caller allows, so that every offset of its decoded text
/// (at most three times as long) fits in 32 bits.
const HARD_LIMIT: u64 = 1 << 30;

/// The decoded text of a file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The text without a byte order mark, its line ends as they are.
    pub text: String,
    /// Hash of the raw bytes: tells whether a file changed between two reads of one run. Not stable across
    /// versions.
    pub hash: u64,
    /// What decoding has to say.
    pub notices: Vec<SourceNote>,
}

/// Something about a text that is worth knowing; a [`Notice`] once the path is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceNote {
    /// Stable kebab-case id.
    pub id: &'static str,
    /// Whether something was not judged because of it.
    pub kind: NoticeKind,
    /// What happened and what to do. May quote untrusted text.
    pub message: String,
    /// The line it is about, 1-based, where there is one.
    pub line: Option<u32>,
}

impl SourceNote {
    /// The notice for the file at this path.
    pub fn notice(self, path: &Arc<str>) -> Notice {
        Notice {
            path: Some(Arc::clone(path)),
            line: self.line,
            kind: self.kind,
            id: self.id,
            message: self.message,
        }
    }
}

/// Why a file could not be read. It makes the run incomplete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFault {
    /// `file-unreadable`, `file-too-large`, `file-vanished` or `not-a-file`.
    pub id: &'static str,
    /// What happened, one sentence without a full stop.
    pub message: String,
}

impl ReadFault {
    /// The notice for the file at this path.
    pub fn notice(self, path: &Arc<str>) -> Notice {
        Notice {
            path: Some(Arc::clone(path)),
            line: None,
            kind: NoticeKind::Incomplete,
            id: self.id,
            message: self.message,
        }
    }

    fn of(error: &io::Error) -> Self {
        let id = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => "file-vanished",
            _ => "file-unreadable",
        };
        ReadFault { id, message: format!("the file cannot be read: {error}") }
    }

    /// The fault of a text of more than `max_bytes` bytes.
    pub fn too_large(max_bytes: u64) -> Self {
        let message = format!("the file is larger than {max_bytes} bytes and was not read");
        ReadFault { id: "file-too-large", message }
    }
}

/// Reads and decodes a file of at most `max_bytes` bytes. What is no regular file (a FIFO, a device, a folder)
/// is never opened.
pub fn read(path: &Path, max_bytes: u64) -> Result<Source, ReadFault> {
    read_bytes(path, max_bytes).map(decode)
}

/// The bytes of a file of at most `max_bytes` bytes, as [`read`] takes them.
pub fn read_bytes(path: &Path, max_bytes: u64) -> Result<Vec<u8>, ReadFault> {
    let max_bytes = max_bytes.min(HARD_LIMIT);
    let metadata = fs::metadata(path).map_err(|error| ReadFault::of(&error))?;
    if !metadata.is_file() {
        let message = "it is neither a regular file nor a link to one".to_owned();
        return Err(ReadFault { id: "not-a-file", message });
    }
    if metadata.len() > max_bytes {
        return Err(ReadFault::too_large(max_bytes));
    }
    let file = File::open(path).map_err(|error| ReadFault::of(&error))?;
    let bytes = fill(file, metadata.len() as usize, max_bytes).map_err(|error| ReadFault::of(&error))?;
    if bytes.len() as u64 > max_bytes {
        return Err(ReadFault::too_large(max_bytes));
    }
    Ok(bytes)
}

/// Reads to the end, or one byte past `max_bytes`. One spare byte beyond the expected length makes a single
/// call to the system enough: where it stays empty, the end was reached.
fn fill(mut file: File, expected: usize, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; expected.saturating_add(1)];
    let mut filled = 0;
    loop {
        match file.read(bytes.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if filled == expected || filled as u64 > max_bytes {
            break;
        }
        if filled == bytes.len() {
            let limit = (max_bytes as usize).saturating_add(1);
            bytes.resize(filled.saturating_mul(2).max(8192).min(limit.max(filled + 1)), 0);
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Decodes a file as Python would: a byte order mark first, then the encoding that a comment in the first two
/// lines names, else UTF-8. Never fails: what cannot be decoded is replaced by U+FFFD and noted.
pub fn decode(bytes: Vec<u8>) -> Source {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(&bytes);
    let hash = hasher.finish();
    let mut notices = Vec::new();
    let text = text_of(bytes, &mut notices);
    if let Some(at) = memchr::memchr(0, text.as_bytes()) {
        let message = "the file contains NUL bytes, which Python refuses".to_owned();
        notices.push(lossless("nul-bytes", message, line_at(&text, at)));
    }
    Source { text, hash, notices }
}

fn text_of(bytes: Vec<u8>, notices: &mut Vec<SourceNote>) -> String {
    if let Some(body) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8(body.to_vec(), notices);
    }
    if let Some(text) = wide(&bytes, notices) {
        return text;
    }
    let Some((name, line)) = cookie(&bytes) else {
        return utf8(bytes, notices);
    };
    let name = normalize(name);
    match Charset::of(&name) {
        Charset::Utf8 | Charset::Ascii => utf8(bytes, notices),
        // ASCII means the same in all of these.
        Charset::Latin1 | Charset::Other(_) if bytes.is_ascii() => utf8(bytes, notices),
        Charset::Latin1 => bytes.iter().copied().map(char::from).collect(),
        Charset::Other(encoding) => {
            let (text, faulty) = encoding.decode_without_bom_handling(&bytes);
            if faulty {
                note_replaced(&text, &name, notices);
            }
            text.into_owned()
        }
        Charset::Rewriting => {
            let message = format!(
                "the encoding `{name}` can turn comments and strings into code and is not understood; \
                 save the file as UTF-8"
            );
            let kind = NoticeKind::Incomplete;
            notices.push(SourceNote { id: "encoding-not-judged", kind, message, line: Some(line) });
            utf8(bytes, notices)
        }
        Charset::Unknown => {
            let message = format!("the encoding `{name}` is not known; the file was read as UTF-8");
            notices.push(lossless("unknown-encoding", message, line));
            utf8(bytes, notices)
        }
    }
}

/// UTF-8 without a copy where it is valid.
fn utf8(bytes: Vec<u8>, notices: &mut Vec<SourceNote>) -> String {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return text,
        Err(error) => error.into_bytes(),
    };
    let mut text = String::with_capacity(bytes.len().saturating_add(16));
    let (mut faults, mut first) = (0_u32, 0);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            if faults == 0 {
                first = text.len();
            }
            faults = faults.saturating_add(1);
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    let message = format!(
        "the file is not valid UTF-8 and names no other encoding; {faults} invalid {} replaced",
        if faults == 1 { "sequence was" } else { "sequences were" }
    );
    notices.push(lossless("undecodable-bytes", message, line_at(&text, first)));
    text
}

/// UTF-16 and UTF-32, told by their byte order marks. Python refuses both; whoever reads them judges more.
fn wide(bytes: &[u8], notices: &mut Vec<SourceNote>) -> Option<String> {
    let (name, text): (_, Cow<str>) = match bytes {
        [0xFF, 0xFE, 0, 0, body @ ..] => ("UTF-32", utf32(body, u32::from_le_bytes).into()),
        [0, 0, 0xFE, 0xFF, body @ ..] => ("UTF-32", utf32(body, u32::from_be_bytes).into()),
        [0xFF, 0xFE, body @ ..] => ("UTF-16", encoding_rs::UTF_16LE.decode_without_bom_handling(body).0),
        [0xFE, 0xFF, body @ ..] => ("UTF-16", encoding_rs::UTF_16BE.decode_without_bom_handling(body).0),
        _ => return None,
    };
    let message = format!("the file is {name}, which Python does not run; save it as UTF-8");
    notices.push(lossless("wide-encoding", message, 1));
    if text.contains(char::REPLACEMENT_CHARACTER) {
        note_replaced(&text, name, notices);
    }
    Some(text.into_owned())
}

fn utf32(body: &[u8], unit: fn([u8; 4]) -> u32) -> String {
    let (units, rest) = body.as_chunks::<4>();
    let partial = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
    let decoded = units.iter().map(|&bytes| char::from_u32(unit(bytes)).unwrap_or('\u{FFFD}'));
    decoded.chain(partial).collect()
}

fn note_replaced(text: &str, encoding: &str, notices: &mut Vec<SourceNote>) {
    let first = text.find(char::REPLACEMENT_CHARACTER).unwrap_or(0);
    let message = format!("the file holds bytes that are not valid {encoding}; they were replaced");
    notices.push(lossless("undecodable-bytes", message, line_at(text, first)));
}

fn lossless(id: &'static str, message: String, line: u32) -> SourceNote {
    SourceNote { id, kind: NoticeKind::Lossless, message, line: Some(line) }
}

/// The line (1-based) of a byte offset, for a notice.
fn line_at(text: &str, offset: usize) -> u32 {
    let before = text.get(..offset).unwrap_or(text);
    LineIndex::new(before).position(before, u32::MAX).line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(source: &Source) -> Vec<(&str, Option<u32>)> {
        source.notices.iter().map(|note| (note.id, note.line)).collect()
    }

    fn text(bytes: &[u8]) -> String {
        let source = decode(bytes.to_vec());
        assert!(source.notices.is_empty(), "{:?}", source.notices);
        source.text
    }

    #[test]
    fn valid_utf8_is_not_copied() {
        let bytes = "x = 'é😀'\r\n".as_bytes().to_vec();
        let place = bytes.as_ptr();
        let source = decode(bytes);
        assert_eq!((source.text.as_ptr(), source.text.as_str()), (place, "x = 'é😀'\r\n"));
        assert!(source.notices.is_empty());
    }

    #[test]
    fn the_hash_is_of_the_raw_bytes() {
        assert_eq!(decode(b"a".to_vec()).hash, decode(b"a".to_vec()).hash);
        assert_ne!(decode(b"a".to_vec()).hash, decode(b"b".to_vec()).hash);
        assert_ne!(decode(b"a".to_vec()).hash, decode(b"\xEF\xBB\xBFa".to_vec()).hash);
    }

    #[test]
    fn byte_order_marks_go() {
        assert_eq!(text(b"\xEF\xBB\xBFx = 1\n"), "x = 1\n");
        assert_eq!(text(b"\xEF\xBB\xBF# coding: latin-1\n'\xC3\xA9'"), "# coding: latin-1\n'é'");
    }

    #[test]
    fn a_cookie_in_the_first_two_lines_counts() {
        for head in [
            "# -*- coding: latin-1 -*-\n",
            "#!/usr/bin/python\n# vim: set fileencoding=ISO_8859_1 :\n",
            "\r\n\x0c # coding=Latin1\r\n",
            "#coding:l1\r",
        ] {
            let mut bytes = head.as_bytes().to_vec();
            bytes.extend(b"s = '\xE9\x80'");
            assert_eq!(text(&bytes), format!("{head}s = 'é\u{80}'"));
        }
        for head in ["\n\n# coding: latin-1\n", "x = 1\n# coding: latin-1\n", "# encoding latin-1\n"] {
            let mut bytes = head.as_bytes().to_vec();
            bytes.extend(b"s = '\xE9'");
            assert_eq!(ids(&decode(bytes))[0].0, "undecodable-bytes", "{head:?}");
        }
    }

    #[test]
    fn the_names_of_python_are_known() {
        for (name, bytes, expected) in [
            ("utf8", "é".as_bytes(), "é"),
            ("utf-8-sig", "é".as_bytes(), "é"),
            ("UTF-8-unix", "é".as_bytes(), "é"),
            ("iso-latin-1-dos", b"\x80", "\u{80}"),
            ("cp1252", b"\x80", "€"),
            ("windows_1251", b"\xE9", "й"),
            ("iso-8859-15", b"\xA4", "€"),
            ("latin9", b"\xA4", "€"),
            ("euc_jp", b"\xA4\xA2", "あ"),
            ("eucjp", b"\xA4\xA2", "あ"),
            ("shift_jis", b"\x82\xA0", "あ"),
            ("cp932", b"\x82\xA0", "あ"),
            ("gbk", b"\xC4\xE3", "你"),
            ("gb2312", b"\xC4\xE3", "你"),
            ("big5", b"\xA7\x41", "你"),
            ("euc_kr", b"\xB0\xA1", "가"),
            ("koi8-r", b"\xC1", "а"),
            ("mac_roman", b"\x8E", "é"),
        ] {
            let mut source = format!("# coding: {name}\n").into_bytes();
            source.extend(bytes);
            assert_eq!(text(&source), format!("# coding: {name}\n{expected}"));
        }
    }

    #[test]
    fn unknown_encodings_are_read_as_utf8() {
        let source = decode("# coding: klingon\n'é'".as_bytes().to_vec());
        assert_eq!(ids(&source), [("unknown-encoding", Some(1))]);
        assert!(source.text.ends_with("'é'") && source.notices[0].kind == NoticeKind::Lossless);
    }

    #[test]
    fn encodings_that_rewrite_ascii_make_the_run_incomplete() {
        for name in [
            "utf-7",
            "UTF__7",
            "unicode_escape",
            "raw_unicode_escape",
            "iso2022_jp",
            "hz",
            "utf_16",
            "utf-16-le",
        ] {
            let source = decode(format!("\n# coding: {name}\nx = 1\n").into_bytes());
            assert_eq!(ids(&source), [("encoding-not-judged", Some(2))], "{name}");
            assert_eq!(source.notices[0].kind, NoticeKind::Incomplete);
        }
    }

    #[test]
    fn invalid_bytes_are_replaced_one_by_one() {
        let source = decode(b"a\nb\r\n'\xFF\xFEx\xE2\x82'\n\x80".to_vec());
        assert_eq!(source.text, "a\nb\r\n'\u{FFFD}\u{FFFD}x\u{FFFD}'\n\u{FFFD}");
        assert_eq!(ids(&source), [("undecodable-bytes", Some(3))]);
        assert!(source.notices[0].message.contains("4 invalid sequences were"));
        let source = decode(b"# coding: euc-jp\nx\n\xA4".to_vec());
        assert_eq!(ids(&source), [("undecodable-bytes", Some(3))]);
    }

    #[test]
    fn wide_encodings_are_told_by_their_marks() {
        let text = "x = '😀é'\n";
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let files: [Vec<u8>; 4] = [
            [0xFF, 0xFE].into_iter().chain(utf16.iter().flat_map(|unit| unit.to_le_bytes())).collect(),
            [0xFE, 0xFF].into_iter().chain(utf16.iter().flat_map(|unit| unit.to_be_bytes())).collect(),
            "\u{FEFF}x = '😀é'\n".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            "\u{FEFF}x = '😀é'\n".chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        ];
        for bytes in files {
            let source = decode(bytes);
            assert_eq!(source.text, text);
            assert_eq!(ids(&source), [("wide-encoding", Some(1))]);
        }
        let source = decode(b"\xFF\xFEa\0\n\0\0\xD8b".to_vec());
        assert_eq!(ids(&source), [("wide-encoding", Some(1)), ("undecodable-bytes", Some(2))]);
    }

    #[test]
    fn nul_bytes_stay() {
        let source = decode(b"a\nb\0c".to_vec());
        assert_eq!((source.text.as_str(), ids(&source)), ("a\nb\0c", vec![("nul-bytes", Some(2))]));
    }

    #[test]
    fn files_are_read_whole_and_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        for len in [0_usize, 1, 5000, 100_000] {
            fs::write(&path, "x".repeat(len)).unwrap();
            assert_eq!(read(&path, 100_000).unwrap().text.len(), len);
        }
        assert_eq!(read(&path, 99_999).unwrap_err().id, "file-too-large");
        assert_eq!(read(folder.path(), 10).unwrap_err().id, "not-a-file");
        assert_eq!(read(&folder.path().join("none.py"), 10).unwrap_err().id, "file-vanished");
        assert_eq!(read(&path.join("none.py"), 10).unwrap_err().id, "file-vanished");
        let fault = read(&path, 1).unwrap_err();
        let notice = fault.notice(&Arc::from("a.py"));
        assert_eq!((notice.kind, notice.path.as_deref()), (NoticeKind::Incomplete, Some("a.py")));
    }

    #[test]
    fn a_file_of_another_length_than_the_system_said_is_read_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        fs::write(&path, "x".repeat(30_000)).unwrap();
        for expected in [0, 1, 29_999, 30_001, 90_000] {
            let bytes = fill(File::open(&path).unwrap(), expected, 1 << 20).unwrap();
            assert_eq!(bytes.len(), 30_000, "{expected}");
        }
        let bytes = fill(File::open(&path).unwrap(), 10, 100).unwrap();
        assert_eq!(bytes.len(), 101, "one past the limit tells that it is above");
        #[cfg(target_os = "linux")]
        assert!(!read(Path::new("/proc/self/status"), 1 << 20).unwrap().text.is_empty());
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_fifos_are_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fifo.py");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        assert_eq!(read(&path, 10).unwrap_err().id, "not-a-file");
        assert_eq!(read(Path::new("/dev/zero"), 10).unwrap_err().id, "not-a-file");
    }
}
