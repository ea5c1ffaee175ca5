//! Workflow commands of GitHub Actions: annotations in the log and beside the code of a pull request, without code
//! scanning. <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;

use super::{Report, escape, paths::Paths, said};
use crate::finding::{Finding, Notice, NoticeKind, Severity};

/// Annotations of one level that GitHub shows of one step; it drops the others without a word.
const SHOWN: usize = 10;
const LEVELS: [&str; 3] = ["error", "warning", "notice"];

/// What annotations depend on beside the findings.
#[derive(Clone, Debug, Default)]
pub struct GithubOptions {
    /// The folder that GitHub takes paths to be relative to; that of the report where there is none.
    pub workspace: Option<PathBuf>,
}

/// Writes an annotation a line, what was not judged first, then the worst findings. Those that GitHub would drop
/// are plain lines of the log.
pub fn write(report: &Report<'_>, options: &GithubOptions, out: &mut dyn Write) -> io::Result<()> {
    let incomplete = report.notices.iter().filter(|notice| notice.kind == NoticeKind::Incomplete);
    let findings = report.worst_first();
    let entries: Vec<Entry<'_>> =
        incomplete.map(Entry::Notice).chain(findings.into_iter().map(Entry::Finding)).collect();
    let mut room = Room::new(&entries);
    let paths = Paths::new(report.root, options.workspace.as_deref());
    let mut plain = Vec::new();
    for entry in entries {
        if room.take(entry.level()) {
            writeln!(out, "{}", entry.command(report, &paths))?;
        } else {
            plain.push(entry);
        }
    }
    for entry in &plain {
        writeln!(out, "{}", entry.line(&paths))?;
    }
    if !plain.is_empty() {
        let text = format!(
            "{} more are in the log of this step: GitHub shows {SHOWN} annotations of each level",
            plain.len()
        );
        writeln!(out, "{}", command("notice", &[("title", super::TOOL.to_owned())], &text))?;
    }
    Ok(())
}

/// How many annotations of each of [`LEVELS`] are still shown.
struct Room([usize; 3]);

impl Room {
    fn new(entries: &[Entry<'_>]) -> Room {
        let crowded = (0..LEVELS.len())
            .any(|level| entries.iter().filter(|entry| entry.level() == level).count() > SHOWN);
        // The last notice says how many are left out.
        Room([SHOWN, SHOWN, SHOWN - usize::from(crowded)])
    }

    fn take(&mut self, level: usize) -> bool {
        match self.0.get_mut(level).filter(|left| **left > 0) {
            Some(left) => {
                *left -= 1;
                true
            }
            None => false,
        }
    }
}

/// What is annotated.
enum Entry<'a> {
    Notice(&'a Notice),
    Finding(&'a Finding),
}

impl Entry<'_> {
    /// Which of [`LEVELS`].
    fn level(&self) -> usize {
        match self {
            Entry::Notice(_) => 1,
            Entry::Finding(finding) => match finding.severity {
                Severity::Critical | Severity::High => 0,
                Severity::Medium => 1,
                Severity::Low | Severity::Info => 2,
            },
        }
    }

    fn command(&self, report: &Report<'_>, paths: &Paths) -> String {
        let mut properties = Vec::new();
        let mut text;
        match self {
            Entry::Notice(notice) => {
                if let Some(path) = &notice.path {
                    properties.push(("file", paths.shown(path)));
                    properties.extend(notice.line.map(|line| ("line", line.to_string())));
                }
                properties.push(("title", format!("not judged: {}", notice.id)));
                text = escape::line(&notice.message).into_owned();
            }
            Entry::Finding(finding) => {
                properties.extend(place(finding, paths));
                properties.push(("title", format!("{} ({})", finding.rule, finding.severity)));
                text = escape::line(&said(finding)).into_owned();
                if let Some(rule) = report.rule(finding.rule) {
                    let _ = write!(text, "\nHelp: {}", rule.help);
                }
            }
        }
        command(LEVELS.get(self.level()).unwrap_or(&"error"), &properties, &text)
    }

    /// As a line of the log that is no command.
    fn line(&self, paths: &Paths) -> String {
        match self {
            Entry::Notice(notice) => {
                let place = notice.path.as_deref().map_or(String::new(), |path| paths.shown(path) + ": ");
                format!("incomplete[{}]: {place}{}", notice.id, escape::line(&notice.message))
            }
            Entry::Finding(finding) => {
                let (start, path) = (finding.location.start, paths.shown(&finding.location.path));
                let (line, column, severity) = (start.line, start.column, finding.severity);
                format!(
                    "{path}:{line}:{column}: {severity}[{}] {}",
                    finding.rule,
                    escape::line(&said(finding))
                )
            }
        }
    }
}

/// The place of a finding. GitHub takes columns only where there is one line.
fn place(finding: &Finding, paths: &Paths) -> Vec<(&'static str, String)> {
    let (start, end) = (finding.location.start, finding.location.end);
    let mut place = vec![
        ("file", paths.shown(&finding.location.path)),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
    ];
    if start.line == end.line {
        place.push(("col", start.column.to_string()));
        place.push(("endColumn", end.column.to_string()));
    }
    place
}

fn command(level: &str, properties: &[(&str, String)], text: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{level} {}::{}", properties.join(","), data(text))
}

/// Data of a command: it ends with its line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command, which `,` and `:` would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
