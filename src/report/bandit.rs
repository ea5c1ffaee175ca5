//! The JSON of Bandit 1.9.4, for what reads that today. Bandit has fewer levels and other ids; `docs/formats.md`
//! says what becomes of what it has no room for.

use std::fmt::Write as _;
use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::time::Time;
use super::{Report, escape, said, sarif_text};
use crate::finding::{Confidence, Finding, NoticeKind, Severity};
use crate::rule::Rule;

/// The rule that stands for what Bandit lists under `errors`.
const SYNTAX: &str = "python-syntax-error";
/// Lines that are listed of one finding; more would let a report grow with the square of a file.
const LINES: u32 = 1_000;
/// Members and `_totals`, in Bandit's order.
const LEVELS: [&str; 4] = ["HIGH", "LOW", "MEDIUM", "UNDEFINED"];

#[derive(Serialize)]
struct Skipped<'a> {
    filename: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    code: String,
    col_offset: u32,
    end_col_offset: u32,
    filename: &'a str,
    issue_confidence: &'static str,
    issue_cwe: Cwe,
    issue_severity: &'static str,
    issue_text: std::borrow::Cow<'a, str>,
    line_number: u32,
    line_range: Vec<u32>,
    more_info: String,
    test_id: &'a str,
    test_name: &'a str,
}

/// An object that is empty where there is no weakness.
#[derive(Serialize)]
struct Cwe {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// Writes the findings that count; `generated` is when.
pub fn write(report: &Report<'_>, generated: Time, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"{\n\"errors\": ")?;
    escape::json_lines(errors(report), out)?;
    write!(out, ",\n\"generated_at\": \"{generated}Z\",\n\"metrics\": {{")?;
    metrics(report, out)?;
    out.write_all(b"\n},\n\"results\": ")?;
    let findings = report.shown().filter(|finding| finding.rule != SYNTAX);
    escape::json_lines(findings.map(|finding| item(report, finding)), out)?;
    out.write_all(b"\n}\n")
}

/// Files that Bandit could not parse, and those that were not judged.
fn errors<'a>(report: &Report<'a>) -> impl Iterator<Item = Skipped<'a>> {
    let broken = report.shown().filter(|finding| finding.rule == SYNTAX).map(|finding| Skipped {
        filename: &finding.location.path,
        reason: "syntax error while parsing AST from file",
    });
    let incomplete = report.notices.iter().filter(|notice| notice.kind == NoticeKind::Incomplete);
    broken.chain(
        incomplete.filter_map(|notice| {
            Some(Skipped { filename: notice.path.as_deref()?, reason: &notice.message })
        }),
    )
}

/// The numbers of one file.
#[derive(Clone, Copy, Default)]
struct Metrics {
    /// By the order of [`LEVELS`].
    confidence: [u32; 4],
    severity: [u32; 4],
    lines: u64,
    suppressed: u32,
}

impl Metrics {
    fn add(&mut self, finding: &Finding) {
        if finding.suppression.is_some() {
            self.suppressed += 1;
        }
        if !finding.counts() {
            return;
        }
        for (counts, name) in [
            (&mut self.confidence, confidence(finding.confidence)),
            (&mut self.severity, severity(finding.severity)),
        ] {
            if let Some((count, _)) = counts.iter_mut().zip(LEVELS).find(|(_, level)| *level == name) {
                *count += 1;
            }
        }
    }
}

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, counts) in [("CONFIDENCE", self.confidence), ("SEVERITY", self.severity)] {
            for (level, count) in LEVELS.iter().zip(counts) {
                map.serialize_entry(&format!("{name}.{level}"), &count)?;
            }
        }
        map.serialize_entry("loc", &self.lines)?;
        map.serialize_entry("nosec", &self.suppressed)?;
        map.serialize_entry("skipped_tests", &0)?;
        map.end()
    }
}

fn metrics(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut by_file = FxHashMap::<&str, Metrics>::default();
    let mut totals = Metrics { lines: report.stats.lines, ..Metrics::default() };
    for finding in report.findings.iter().filter(|finding| finding.rule != SYNTAX) {
        by_file.entry(&finding.location.path).or_default().add(finding);
        totals.add(finding);
    }
    out.write_all(b"\n\"_totals\": ")?;
    escape::json(&totals, out)?;
    for (path, lines) in &report.files {
        let found = by_file.get(path).copied().unwrap_or_default();
        out.write_all(b",\n")?;
        escape::json(path, out)?;
        out.write_all(b": ")?;
        escape::json(&Metrics { lines: u64::from(*lines), ..found }, out)?;
    }
    Ok(())
}

fn item<'a>(report: &Report<'_>, finding: &'a Finding) -> Item<'a> {
    let rule = report.rule(finding.rule);
    let (start, end) = (finding.location.start, finding.location.end);
    let cwe = rule.and_then(|rule| rule.cwe.first().copied());
    let lines = if end.column == 1 && end.line > start.line { end.line - 1 } else { end.line };
    Item {
        code: code(finding),
        col_offset: start.column.saturating_sub(1),
        end_col_offset: end.column.saturating_sub(1),
        filename: &finding.location.path,
        issue_confidence: confidence(finding.confidence),
        issue_cwe: Cwe { id: cwe, link: cwe.map(sarif_text::cwe_page) },
        issue_severity: severity(finding.severity),
        issue_text: said(finding),
        line_number: start.line,
        line_range: (start.line..=lines).take(LINES as usize).collect(),
        more_info: rule.and_then(sarif_text::rule_page).unwrap_or_default(),
        test_id: rule.and_then(bandit_id).unwrap_or(finding.rule),
        test_name: finding.rule,
    }
}

/// The lines of a finding and one around them, each with its number in front.
fn code(finding: &Finding) -> String {
    let excerpt = &finding.excerpt;
    let start = finding.location.cell.map_or(finding.location.start, |cell| cell.start);
    let end = finding.location.cell.map_or(finding.location.end, |cell| cell.end);
    let wanted = start.line.saturating_sub(1)..=end.line.saturating_add(1);
    let numbered = (excerpt.first_line..).zip(excerpt.text.split_inclusive('\n'));
    let lines = numbered.filter(|(number, _)| wanted.contains(number));
    lines.fold(String::new(), |mut code, (number, line)| {
        let _ = writeln!(code, "{number} {}", line.trim_end_matches(['\r', '\n']));
        code
    })
}

/// The first id that Bandit has for a rule.
fn bandit_id(rule: &'static Rule) -> Option<&'static str> {
    let is_id = |alias: &&&str| {
        alias.strip_prefix('B').is_some_and(|digits| digits.len() == 3 && digits.parse::<u16>().is_ok())
    };
    rule.aliases.iter().find(is_id).copied()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low | Severity::Info => "LOW",
    }
}

fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "HIGH",
        Confidence::Medium => "MEDIUM",
        Confidence::Low => "LOW",
    }
}
