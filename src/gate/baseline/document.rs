//! The baseline as a JSON document.

use std::io::{self, Write};
use std::path::Path;

use serde::Deserialize;

use super::{Baseline, Entry, VERSION};
use crate::error::Error;
use crate::gate::fingerprint;

/// The document, as read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "version")]
    _version: u32,
    #[serde(rename = "fingerprint_version")]
    _fingerprint_version: u32,
    tool: String,
    findings: Vec<Entry>,
}

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    version: u32,
    fingerprint_version: u32,
}

/// Reads a baseline. Every way in which it cannot be one is an error that says where and what to do: a gate must
/// not take a broken baseline for an empty one.
pub fn read(path: &Path, text: &[u8]) -> Result<Baseline, Error> {
    let fault = |line: Option<usize>, reason: String, hint: &str| Error::Baseline {
        path: path.to_owned(),
        line,
        reason,
        hint: hint.to_owned(),
    };
    if let Some(line) = conflict_line(text) {
        let hint = "resolve it: keep the entries of both sides, with a comma after each but the last, then run `backend-audit baseline prune`";
        return Err(fault(Some(line), "it holds an unresolved merge conflict".to_owned(), hint));
    }
    let restore = "restore it from git, or write it anew with `backend-audit baseline create`";
    let malformed = |error: serde_json::Error| {
        let line = Some(error.line()).filter(|line| *line > 0);
        fault(line, format!("it is not a baseline: {error}"), restore)
    };
    let head: Head = serde_json::from_slice(text).map_err(malformed)?;
    if head.version > VERSION || head.fingerprint_version > fingerprint::VERSION {
        let reason = format!("it was written by a newer version of the tool (version {})", head.version);
        return Err(fault(None, reason, "update backend-audit"));
    }
    if head.version == 0 || head.fingerprint_version == 0 {
        return Err(fault(None, "it has version 0, which never was".to_owned(), restore));
    }
    let document: Document = serde_json::from_slice(text).map_err(malformed)?;
    if document.findings.iter().any(|entry| entry.count == 0) {
        return Err(fault(
            None,
            "an entry has a count of 0".to_owned(),
            "remove the entry, or set its count",
        ));
    }
    let mut entries = document.findings;
    entries.sort();
    Ok(Baseline { tool: document.tool, entries })
}

/// Writes a baseline, one entry a line.
pub fn write(baseline: &Baseline, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{{")?;
    writeln!(out, "  \"version\": {VERSION},")?;
    writeln!(out, "  \"fingerprint_version\": {},", fingerprint::VERSION)?;
    writeln!(out, "  \"tool\": {},", serde_json::to_string(&baseline.tool)?)?;
    write!(out, "  \"findings\": [")?;
    for (index, entry) in baseline.entries.iter().enumerate() {
        write!(out, "{}\n    ", if index == 0 { "" } else { "," })?;
        serde_json::to_writer(&mut *out, entry)?;
    }
    let end = if baseline.entries.is_empty() { "" } else { "\n  " };
    writeln!(out, "{end}]\n}}")
}

/// The line of the first mark of a merge conflict, 1-based.
fn conflict_line(text: &[u8]) -> Option<usize> {
    let marks: [&[u8]; 3] = [b"<<<<<<< ", b"=======", b">>>>>>> "];
    text.split(|&byte| byte == b'\n')
        .position(|line| marks.iter().any(|mark| line.starts_with(mark)))
        .map(|index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    fn sample() -> Baseline {
        let entry = Entry {
            path: "app/a\"é.py".to_owned(),
            rule: "dangerous-eval".to_owned(),
            scope: "Shop.buy".to_owned(),
            tokens: "00".repeat(8),
            shape: "11".repeat(8),
            count: 2,
            severity: Severity::Medium,
            line: 3,
            reason: Some("legacy".to_owned()),
            owner: None,
            expires: Some("2027-01-31".parse().unwrap()),
        };
        let other = Entry { rule: "weak-hash".to_owned(), reason: None, expires: None, ..entry.clone() };
        Baseline { tool: "0.1.0".to_owned(), entries: vec![entry, other] }
    }

    fn text(baseline: &Baseline) -> String {
        let mut out = Vec::new();
        write(baseline, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for baseline in [sample(), Baseline { tool: "0.1.0".to_owned(), entries: Vec::new() }] {
            assert_eq!(read(Path::new("b.json"), text(&baseline).as_bytes()).unwrap(), baseline);
        }
        assert_eq!(text(&sample()).lines().count(), 9, "one line an entry");
    }

    #[test]
    fn what_is_no_baseline_is_an_error_with_a_line_and_a_remedy() {
        let good = text(&sample());
        let cases = [
            ("", "not a baseline", None),
            ("[]", "not a baseline", Some(1)),
            ("{\"version\": 1}", "not a baseline", Some(1)),
            (&good.replace("\"version\": 1", "\"version\": 99"), "newer version", None),
            (&good.replace("\"count\":2", "\"count\":0"), "count of 0", None),
            (&good.replace("\"count\":2", "\"cuont\":2"), "unknown field `cuont`", Some(6)),
            (&good.replace("2027-01-31", "2027-02-31"), "is no day", Some(6)),
            (&good.replace("  \"findings\"", "<<<<<<< HEAD\n  \"findings\""), "merge conflict", Some(5)),
            (good.get(..good.len() / 2).unwrap(), "not a baseline", Some(6)),
        ];
        for (text, wanted, wanted_line) in cases {
            let error = read(Path::new("b.json"), text.as_bytes()).unwrap_err();
            let Error::Baseline { line, reason, hint, .. } = &error else { panic!("{error}") };
            assert!(reason.contains(wanted), "{reason}");
            assert!(wanted_line.is_none() || *line == wanted_line, "{line:?}: {reason}");
            assert!(!hint.is_empty());
        }
    }
}
