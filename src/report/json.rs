//! The tool's own format, version 1: `docs/report.schema.json` describes it and a test holds them together.
//! Its structs are its own, so that a change of the tool's data is no change of the format. The same input gives
//! the same bytes: no clock, no absolute path. One finding is one line.

use std::io::{self, Write};

use serde::Serialize;

use super::{JudgedChange, Report, Verdict, escape};
use crate::finding::{
    CellRange, Confidence, Finding, Location, NoticeKind, Position, Severity, Step, Suppression,
};
use crate::gate::additions::Additions;

/// Raised with every change that a reader of the last version could stumble over.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Summary<'a> {
    files: u32,
    lines: u64,
    findings: usize,
    by_severity: BySeverity,
    suppressed: u32,
    known: u32,
    ignored_by_path: u32,
    hidden: u32,
    skipped: Vec<Skipped<'a>>,
    fail_on: Severity,
    min_confidence: Confidence,
    failing: u32,
    incomplete: bool,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<JsonChange<'a>>,
}

#[derive(Serialize)]
struct JsonChange<'a> {
    description: &'a str,
    files: u32,
    suppressions_added: SuppressionsAdded,
}

#[derive(Serialize)]
struct SuppressionsAdded {
    comments: u32,
    ignores: u32,
    excludes: u32,
    known: u32,
}

#[derive(Serialize, Default)]
struct BySeverity {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

#[derive(Serialize)]
struct Skipped<'a> {
    reason: &'a str,
    files: u32,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    rule: &'a str,
    aliases: &'a [&'a str],
    severity: Severity,
    confidence: Confidence,
    cwe: &'a [u16],
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(flatten)]
    place: Place<'a>,
    scope: &'a str,
    fingerprint: &'a str,
    related: Vec<JsonStep<'a>>,
    flow: Vec<JsonStep<'a>>,
    suppressed: Option<Suppressed<'a>>,
    known: Option<Suppressed<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Snippet<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    start: Point,
    end: Point,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<Cell>,
}

#[derive(Serialize)]
struct Cell {
    number: u32,
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Snippet<'a> {
    first_line: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct JsonNotice<'a> {
    id: &'a str,
    kind: NoticeKind,
    message: &'a str,
    path: Option<&'a str>,
    line: Option<u32>,
}

/// Writes the report, one finding at a time.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\n\"version\":{VERSION},\n\"tool\":")?;
    escape::json(&Tool { name: super::TOOL, version: super::TOOL_VERSION }, out)?;
    out.write_all(b",\n\"summary\":")?;
    escape::json(&summary(report), out)?;
    out.write_all(b",\n\"findings\":")?;
    escape::json_lines(report.findings.iter().map(|finding| json_finding(report, finding)), out)?;
    out.write_all(b",\n\"notices\":")?;
    let notices = report.notices.iter().map(|notice| JsonNotice {
        id: notice.id,
        kind: notice.kind,
        message: &notice.message,
        path: notice.path.as_deref(),
        line: notice.line,
    });
    escape::json_lines(notices, out)?;
    out.write_all(b"\n}\n")
}

fn summary<'a>(report: &Report<'a>) -> Summary<'a> {
    let [critical, high, medium, low, info] = report.counts().map(|(_, count)| count);
    let stats = report.stats;
    let (verdict, failing) = match report.verdict {
        Verdict::Passed => ("passed", 0),
        Verdict::Failed(failing) => ("failed", failing),
        Verdict::Incomplete => ("incomplete", 0),
    };
    Summary {
        files: stats.files,
        lines: stats.lines,
        findings: critical + high + medium + low + info,
        by_severity: BySeverity { critical, high, medium, low, info },
        suppressed: stats.suppressed,
        known: stats.known,
        ignored_by_path: stats.ignored_by_path,
        hidden: stats.hidden,
        skipped: stats.skipped.iter().map(|(reason, files)| Skipped { reason, files: *files }).collect(),
        fail_on: report.thresholds.fail_on,
        min_confidence: report.thresholds.min_confidence,
        failing,
        incomplete: report.incomplete() > 0,
        verdict,
        change: stats.change.as_ref().map(json_change),
    }
}

fn json_change(change: &JudgedChange) -> JsonChange<'_> {
    let Additions { comments, ignores, excludes, known } = change.suppressions;
    JsonChange {
        description: &change.description,
        files: change.files,
        suppressions_added: SuppressionsAdded { comments, ignores, excludes, known },
    }
}

fn json_finding<'a>(report: &Report<'a>, finding: &'a Finding) -> JsonFinding<'a> {
    let rule = report.rule(finding.rule);
    JsonFinding {
        rule: finding.rule,
        aliases: rule.map_or(&[], |rule| rule.aliases),
        severity: finding.severity,
        confidence: finding.confidence,
        cwe: rule.map_or(&[], |rule| rule.cwe),
        message: &finding.message,
        why: rule.map(|rule| rule.why),
        help: rule.map(|rule| rule.help),
        place: place(&finding.location),
        scope: &finding.scope,
        fingerprint: &finding.fingerprint,
        related: finding.related.iter().map(json_step).collect(),
        flow: finding.flow.iter().map(json_step).collect(),
        suppressed: finding.suppression.as_ref().map(suppressed),
        known: finding.known.as_ref().map(suppressed),
        snippet: (finding.excerpt.first_line > 0)
            .then_some(Snippet { first_line: finding.excerpt.first_line, text: &finding.excerpt.text }),
    }
}

fn suppressed(suppression: &Suppression) -> Suppressed<'_> {
    Suppressed { reason: suppression.reason.as_deref() }
}

fn json_step(step: &Step) -> JsonStep<'_> {
    JsonStep { message: &step.message, place: place(&step.location) }
}

fn place(location: &Location) -> Place<'_> {
    let cell = |cell: CellRange| Cell { number: cell.number, start: point(cell.start), end: point(cell.end) };
    Place {
        path: &location.path,
        start: point(location.start),
        end: point(location.end),
        cell: location.cell.map(cell),
    }
}

fn point(position: Position) -> Point {
    Point { line: position.line, column: position.column }
}
