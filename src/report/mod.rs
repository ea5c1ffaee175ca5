//! From findings to bytes: one file a format, each one pure function from a [`Report`] to a writer.
//! Nothing here decides what is reported; `gate` did.

use std::path::Path;
use std::time::Duration;

use crate::finding::{Finding, Notice, Severity};
use crate::rule::Rule;

/// All that a format may say about one run.
pub struct Report<'a> {
    /// Folder that the paths of findings and notices are relative to (the repository's root where there is one).
    pub root: &'a Path,
    /// Every finding that is shown or suppressed, sorted by path, range and rule.
    pub findings: &'a [Finding],
    /// Sorted by path.
    pub notices: &'a [Notice],
    /// The rules that took part, sorted by name.
    pub rules: &'a [&'static Rule],
    /// Counts of the run.
    pub stats: &'a Stats,
    /// Severity at or above which a finding fails the run.
    pub fail_on: Severity,
    /// What the run decided.
    pub verdict: Verdict,
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
    /// Findings below `--min-severity` or `--min-confidence` that are not shown.
    pub hidden: u32,
    /// How long it took. Console only: reports are reproducible.
    pub elapsed: Duration,
}

/// What a run decided; `main` turns it into the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing at or above the threshold.
    Passed,
    /// This many findings at or above the threshold.
    Failed(u32),
    /// Nothing failed, but something was not judged.
    Incomplete,
}
