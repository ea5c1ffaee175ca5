//! What a scan says: findings and notices. Plain data, no behaviour but ordering and names.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// How bad it is when the finding is true. Ordered from the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Severity; 5] =
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    /// The lower-case name used in options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How sure the tool is that the finding is true. Ordered from the least sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Confidence {
    Low,
    Medium,
    High,
}

impl Confidence {
    /// Every confidence, the surest first.
    pub const ALL: [Confidence; 3] = [Confidence::High, Confidence::Medium, Confidence::Low];

    /// The lower-case name used in options and reports.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        }
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A place in the text of a file, both numbers 1-based.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line. Lines end at `\n`, `\r` or `\r\n`.
    pub line: u32,
    /// The column in Unicode scalar values (characters), as editors and `JSON` consumers count.
    pub column: u32,
    /// The column in UTF-16 code units, as SARIF's `utf16CodeUnits` counts.
    #[serde(skip)]
    pub utf16_column: u32,
}

/// A range of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Path relative to the root of the scan, with `/` between parts.
    pub path: Arc<str>,
    /// Where it begins.
    pub start: Position,
    /// Where it ends; the position after its last character.
    pub end: Position,
    /// Byte offsets of start and end in the decoded text.
    pub bytes: (u32, u32),
    /// The same range as the reader of a notebook sees it; `start` and `end` are then those in the file, which is
    /// JSON.
    pub cell: Option<CellRange>,
}

/// A range of a cell of a notebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRange {
    /// Which cell, 1-based, those that are no code counted in.
    pub number: u32,
    /// Where it begins, its lines counted from that of the cell.
    pub start: Position,
    /// Where it ends; the end of the cell where the range goes on in another.
    pub end: Position,
}

/// A window of whole lines of the file around a finding, for people to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Number of the first line of `text`, 1-based, within the cell where there is one. 0 where there is no excerpt.
    pub first_line: u32,
    /// The lines with their line ends, as in the file: untrusted text. Over-long lines and windows are cut.
    pub text: String,
    /// The marked part, as byte offsets into `text`.
    pub marked: (usize, usize),
}

/// One step of a path through the code, or a place that helps to understand a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where.
    pub location: Location,
    /// What happens there, one sentence without a full stop.
    pub message: String,
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The reason given beside the suppressing comment, if any.
    pub reason: Option<String>,
}

/// Hashes of the code that a finding is about, 16 hex digits each, for a baseline to know it again by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Of the code as it is, layout and comments not counted.
    pub tokens: String,
    /// Of the code with local names replaced by their order of appearance: renaming them does not change it.
    pub shape: String,
}

impl Finding {
    /// Whether it counts: no comment suppresses it, and it is not known.
    pub fn counts(&self) -> bool {
        self.suppression.is_none() && self.known.is_none()
    }
}

/// Something found in the scanned code.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Name of the rule: `yaml-load`, or `yaml-load/flow` for a flow into its sink.
    pub rule: &'static str,
    /// Severity of this finding; the rule's own unless context shifted it.
    pub severity: Severity,
    /// Confidence of this finding; the rule's own unless context shifted it.
    pub confidence: Confidence,
    /// What is wrong, one sentence without a full stop. May quote names of the scanned code: untrusted text.
    pub message: String,
    /// The primary place.
    pub location: Location,
    /// Qualified name of the enclosing function or class within the module (`Shop.buy`), empty at module level.
    pub scope: String,
    /// Other places that matter, in reading order.
    pub related: Vec<Step>,
    /// The path from source to sink; empty where the finding is no flow.
    pub flow: Vec<Step>,
    /// The code around it.
    pub excerpt: Excerpt,
    /// What it is about, apart from where that is.
    pub identity: Identity,
    /// Stable over edits elsewhere in the file: 32 hex digits, see `gate::fingerprint`.
    pub fingerprint: String,
    /// GitHub's `primaryLocationLineHash` (`hash:count`), so that uploads from elsewhere are not doubled.
    pub line_hash: String,
    /// Set where a comment in the code suppresses the finding.
    pub suppression: Option<Suppression>,
    /// Set where the finding is known: in the baseline, or on the side that a change is compared with.
    pub known: Option<Suppression>,
}

/// Whether a notice means that something was not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeKind {
    /// Everything was judged; something about the input is worth knowing.
    Lossless,
    /// Something was not judged: the run is incomplete.
    Incomplete,
}

/// Something about the run itself, not about the code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// The file it is about, relative to the root of the scan; `None` for the run as a whole.
    pub path: Option<Arc<str>>,
    /// Line in that file, 1-based, where one is known.
    pub line: Option<u32>,
    /// Whether the run is incomplete because of it.
    pub kind: NoticeKind,
    /// Stable kebab-case id: `file-unreadable`, `undecodable-bytes`, `nesting-too-deep`, …
    pub id: &'static str,
    /// What happened and what to do. May quote untrusted text.
    pub message: String,
}
