//! The encodings that a Python file can name, and what this tool makes of them.

use encoding_rs::Encoding;

/// The encoding named by a comment in the first two lines (PEP 263), and its line.
pub(super) fn cookie(bytes: &[u8]) -> Option<(&str, u32)> {
    let mut rest = bytes;
    for line in 1..=2 {
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let (content, tail) = rest.split_at_checked(end)?;
        match content.trim_ascii_start().split_first() {
            Some((b'#', comment)) => {
                if let Some(name) = cookie_name(comment) {
                    return Some((name, line));
                }
            }
            Some(_) => return None,
            None => {}
        }
        rest = tail.strip_prefix(b"\r\n").or_else(|| tail.get(1..))?;
    }
    None
}

/// `coding[:=]\s*([-_.a-zA-Z0-9]+)`, the first that matches.
fn cookie_name(comment: &[u8]) -> Option<&str> {
    memchr::memmem::find_iter(comment, b"coding").find_map(|at| {
        let (b':' | b'=', name) = comment.get(at + "coding".len()..)?.split_first()? else {
            return None;
        };
        let name = name.trim_ascii_start();
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let end = name.iter().position(|byte| !is_name(byte)).unwrap_or(name.len());
        let name = name.get(..end).filter(|name| !name.is_empty())?;
        std::str::from_utf8(name).ok()
    })
}

/// The name in lower case with one hyphen for each run of hyphens and underscores, which Python takes for one.
pub(super) fn normalize(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' if plain.ends_with('-') => {}
            '-' | '_' => plain.push('-'),
            _ => plain.push(c.to_ascii_lowercase()),
        }
    }
    plain
}

/// What a name in an encoding comment stands for.
pub(super) enum Charset {
    Utf8,
    Ascii,
    Latin1,
    Other(&'static Encoding),
    /// Python knows it, this tool does not, and its ASCII bytes are not the characters they look like.
    Rewriting,
    Unknown,
}

impl Charset {
    /// Takes a name as [`normalize`] gives it.
    pub(super) fn of(name: &str) -> Self {
        // Editors add how lines end (`utf-8-unix`); Python lets them, for these two.
        let is = |short: &str| name.strip_prefix(short).is_some_and(|rest| rest.starts_with('-'));
        match name {
            _ if is("utf-8") => return Charset::Utf8,
            _ if is("latin-1") || is("iso-8859-1") || is("iso-latin-1") => return Charset::Latin1,
            "utf-8" | "utf8" | "u8" | "utf" | "utf8-ucs2" | "utf8-ucs4" | "cp65001" => {
                return Charset::Utf8;
            }
            "ascii" | "us-ascii" | "646" | "ansi-x3.4-1968" => return Charset::Ascii,
            // The Web's label `latin1` means windows-1252; Python's means ISO 8859-1.
            "latin" | "latin1" | "latin-1" | "iso-latin-1" | "l1" | "iso-8859-1" | "iso8859-1" | "8859"
            | "cp819" => {
                return Charset::Latin1;
            }
            "utf-7" | "utf7" | "u7" | "unicode-1-1-utf-7" | "unicode-escape" | "unicodeescape"
            | "raw-unicode-escape" | "rawunicodeescape" | "punycode" | "idna" | "hz" | "hzgb" | "hz-gb"
            | "hz-gb-2312" | "mbcs" | "oem" => return Charset::Rewriting,
            _ => {}
        }
        let label = web_label(name);
        let found = Encoding::for_label(label.as_bytes())
            .or_else(|| Encoding::for_label(label.replace('-', "_").as_bytes()));
        match found {
            Some(encoding) if encoding.is_ascii_compatible() => Charset::Other(encoding),
            Some(_) => Charset::Rewriting,
            None if ["iso2022", "iso-2022", "utf-16", "utf16", "u16", "utf-32", "utf32", "u32"]
                .iter()
                .any(|prefix| name.starts_with(prefix)) =>
            {
                Charset::Rewriting
            }
            None => Charset::Unknown,
        }
    }
}

/// The name that the Web has for an encoding where Python has another.
fn web_label(name: &str) -> &str {
    match name {
        "latin-2" => "latin2",
        "latin-9" | "latin9" | "iso-8859-15-1" => "iso-8859-15",
        "latin-10" | "latin10" => "iso-8859-16",
        "latin-5" => "latin5",
        "eucjp" | "ujis" | "u-jis" | "euc-jis-2004" | "euc-jisx0213" => "euc-jp",
        "cp932" | "932" | "mskanji" | "ms-kanji" | "s-jis" | "shiftjis" | "shift-jis-2004" => "shift_jis",
        "936" | "cp936" | "ms936" | "euccn" | "euc-cn" | "eucgb2312-cn" => "gbk",
        "gb18030-2000" => "gb18030",
        "950" | "cp950" | "ms950" | "big5-tw" | "big5hkscs" | "hkscs" => "big5",
        "949" | "cp949" | "ms949" | "uhc" | "euckr" | "ksc5601" | "ks-c-5601" | "ksx1001" => "euc-kr",
        "mac-roman" | "macroman" => "macintosh",
        "mac-cyrillic" | "maccyrillic" => "x-mac-cyrillic",
        "tis-620" | "tis620" => "windows-874",
        other => other,
    }
}
