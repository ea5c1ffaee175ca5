//! GitLab's Code Quality report, for the widget of merge requests.
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::borrow::Cow;
use std::io::{self, Write};

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::{Report, escape, said};
use crate::finding::{Finding, Severity};

#[derive(Serialize)]
struct Issue<'a> {
    description: Cow<'a, str>,
    check_name: &'a str,
    fingerprint: Cow<'a, str>,
    severity: &'static str,
    location: Place<'a>,
}

#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the findings that count, one a line.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = FxHashMap::default();
    escape::json_lines(report.shown().map(|finding| issue(finding, &mut seen)), out)?;
    out.write_all(b"\n")
}

/// `seen` counts fingerprints: GitLab shows one issue of those that share one.
fn issue<'a>(finding: &'a Finding, seen: &mut FxHashMap<&'a str, u32>) -> Issue<'a> {
    let count = seen.entry(&finding.fingerprint).or_default();
    *count += 1;
    let fingerprint = match *count {
        1 => Cow::Borrowed(finding.fingerprint.as_str()),
        count => Cow::Owned(format!("{}-{count}", finding.fingerprint)),
    };
    let (begin, end) = (finding.location.start.line, finding.location.end.line);
    Issue {
        description: said(finding),
        check_name: finding.rule,
        fingerprint,
        severity: severity(finding.severity),
        location: Place { path: &finding.location.path, lines: Lines { begin, end } },
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}
