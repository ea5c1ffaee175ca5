//! What fails a run, and what is shown.

use super::baseline::OF_CHANGES;
use crate::finding::{Confidence, Finding, Notice, NoticeKind, Severity};

/// The thresholds of a run.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// A finding fails the run from this severity on …
    pub fail_on: Severity,
    /// … and from this confidence on.
    pub min_confidence: Confidence,
    /// Findings below this severity are not shown, unless they fail the run.
    pub min_severity: Severity,
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds {
            fail_on: Severity::Medium,
            min_confidence: Confidence::Medium,
            min_severity: Severity::Low,
        }
    }
}

impl Thresholds {
    /// Whether a finding fails the run.
    pub fn fails(&self, finding: &Finding) -> bool {
        finding.counts() && (is_of_gate(finding) || self.is_reached_by(finding))
    }

    /// Whether a finding is as bad and as sure as it takes.
    pub fn is_reached_by(&self, finding: &Finding) -> bool {
        finding.severity >= self.fail_on && finding.confidence >= self.min_confidence
    }

    /// Whether a finding is shown.
    pub fn shows(&self, finding: &Finding) -> bool {
        finding.severity >= self.min_severity || self.fails(finding)
    }

    /// What a run with these findings and notices decides.
    pub fn verdict(&self, findings: &[Finding], notices: &[Notice]) -> Verdict {
        let failing = findings.iter().filter(|finding| self.fails(finding)).count();
        if failing > 0 {
            Verdict::Failed(failing as u32)
        } else if notices.iter().any(|notice| notice.kind == NoticeKind::Incomplete) {
            Verdict::Incomplete
        } else {
            Verdict::Passed
        }
    }
}

/// Whether a finding is about what a change does to its gate. Such a finding fails whatever the thresholds are: they may
/// be those that the change has raised.
pub fn is_of_gate(finding: &Finding) -> bool {
    OF_CHANGES.contains(&finding.rule)
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
