//! From findings to bytes: one file a format, each one pure function from a [`Report`] to a writer.
//! Nothing here decides what is reported; `gate` did.

pub mod bandit;
pub mod console;
pub mod csv;
mod escape;
pub mod format;
pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod markdown;
mod paths;
pub mod routes;
pub mod sarif;
mod sarif_text;
mod summary;
pub mod target;
pub mod time;

use std::borrow::Cow;
use std::cmp::Reverse;
use std::path::Path;
use std::time::Duration;

use crate::finding::{Finding, Notice, NoticeKind, Severity};
use crate::gate::additions::Additions;
pub use crate::gate::threshold::{Thresholds, Verdict};
use crate::rule::Rule;

/// The tool's name, as reports give it.
const TOOL: &str = env!("CARGO_PKG_NAME");
/// The tool's version, as reports give it.
const TOOL_VERSION: &str = env!("CARGO_PKG_VERSION");
/// The end of a rule's id where it reports a flow into its sink.
const FLOW_SUFFIX: &str = "/flow";

/// All that a format may say about one run.
pub struct Report<'a> {
    /// Folder that the paths of findings and notices are relative to (the repository's root where there is one).
    pub root: &'a Path,
    /// Every finding that is shown or suppressed, sorted by path, range and rule.
    pub findings: &'a [Finding],
    /// Sorted by path.
    pub notices: &'a [Notice],
    /// The files that were judged with their lines, sorted by path.
    pub files: Vec<(&'a str, u32)>,
    /// The rules that took part, sorted by name.
    pub rules: &'a [&'static Rule],
    /// Counts of the run.
    pub stats: &'a Stats,
    /// What fails the run and what is shown.
    pub thresholds: Thresholds,
    /// What the run decided.
    pub verdict: Verdict,
}

impl<'a> Report<'a> {
    /// The findings that count, in order: neither suppressed nor known.
    fn shown(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        self.findings.iter().filter(|finding| finding.counts())
    }

    /// The findings that count, the worst first: those that fail the run, then by severity and confidence.
    fn worst_first(&self) -> Vec<&'a Finding> {
        let mut findings: Vec<&Finding> = self.shown().collect();
        findings.sort_by_key(|finding| {
            (!self.fails(finding), Reverse(finding.severity), Reverse(finding.confidence))
        });
        findings
    }

    /// Whether a finding that counts fails the run.
    fn fails(&self, finding: &Finding) -> bool {
        self.thresholds.fails(finding)
    }

    /// How many findings of each severity are shown, the worst first.
    fn counts(&self) -> [(Severity, usize); 5] {
        Severity::ALL
            .map(|severity| (severity, self.shown().filter(|found| found.severity == severity).count()))
    }

    /// The rule behind an id, which may be that of its flows.
    fn rule(&self, id: &str) -> Option<&'static Rule> {
        let name = id.strip_suffix(FLOW_SUFFIX).unwrap_or(id);
        let index = self.rules.binary_search_by(|rule| rule.name.cmp(name)).ok()?;
        self.rules.get(index).copied()
    }

    /// How many notices say that something was not judged.
    fn incomplete(&self) -> usize {
        self.notices.iter().filter(|notice| notice.kind == NoticeKind::Incomplete).count()
    }
}

/// Text of several lines as it may be printed: a name in it cannot act on the terminal.
pub fn printable(text: &str) -> String {
    text.split('\n').map(escape::line).collect::<Vec<_>>().join("\n")
}

/// What a finding says, with its place in a notebook, for formats that have no other room for that.
fn said(finding: &Finding) -> Cow<'_, str> {
    match finding.location.cell {
        Some(cell) => {
            let (number, line) = (cell.number, cell.start.line);
            Cow::Owned(format!("{} (cell {number}, line {line})", finding.message))
        }
        None => Cow::Borrowed(&finding.message),
    }
}

/// The verdict of a run in one sentence.
pub fn verdict_line(report: &Report<'_>) -> String {
    summary::verdict_text(report)
}

/// Counts of one run.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Files read and judged.
    pub files: u32,
    /// Lines in them.
    pub lines: u64,
    /// Bytes in them.
    pub bytes: u64,
    /// What discovery passed over, by reason (`ignored by .gitignore`, `.venv`), sorted by reason.
    pub skipped: Vec<(String, u32)>,
    /// Findings that a comment suppresses.
    pub suppressed: u32,
    /// Findings that the baseline knows, or the side that a change is compared with.
    pub known: u32,
    /// Findings of rules that do not count in their file.
    pub ignored_by_path: u32,
    /// Findings below `--min-severity` or `--min-confidence` that are not shown.
    pub hidden: u32,
    /// The change that was judged, where it was not the whole tree.
    pub change: Option<JudgedChange>,
    /// How long it took. Console only: reports are reproducible.
    pub elapsed: Duration,
}

/// A change, and what it adds that reports leave out.
#[derive(Clone, Debug, Default)]
pub struct JudgedChange {
    /// What was compared with what: `index against HEAD`.
    pub description: String,
    /// How many files it touches.
    pub files: u32,
    /// What it adds to what is not reported.
    pub suppressions: Additions,
}

/// What writing a report came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOutcome {
    /// Findings that the format's readers would refuse and that were left out, the mildest first. A report with
    /// any is incomplete.
    pub left_out: usize,
}
