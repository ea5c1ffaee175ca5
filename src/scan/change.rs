//! Judges a change: both sides of it with the whole project around, and what is new on the side after.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::audit::{self, Audit, Content, Shared, Unit};
use super::known::{self, Tree};
use super::{Input, Options, Progress, Step, settings};
use crate::error::Error;
use crate::finding::{Finding, Identity, Location, Notice, NoticeKind, Suppression};
use crate::gate::baseline::Baseline;
use crate::gate::fingerprint::fingerprints;
use crate::gate::line_hash::line_hashes;
use crate::gate::weakened::{self, Weakening};
use crate::input::config::Scope;
use crate::input::git::{self, Change, Changed, Changes, Entry, Repository, Status};
use crate::input::lines::{LineIndex, excerpt};
use crate::input::source;
use crate::input::tracked::Chooser;
use crate::report::Stats;

/// Files in which a gate is set up are small; more of one is not read, in bytes.
const LARGEST_GATE_FILE: u64 = 1 << 20;

/// Judges a change. What it did not bring is marked as known. Whether findings were compared is the last of the
/// answer.
pub(super) fn judge(
    options: &Options,
    change: &Change,
    scope: Scope,
    progress: Progress<'_>,
) -> Result<(Input, Audit, bool), Error> {
    let repository = Arc::new(Repository::open(&options.files.paths)?);
    let changes = repository.changes(change)?;
    let judge = Judge { options, repository, progress, targets: targets(options, &changes.root) };
    judge.run(changes, scope)
}

struct Judge<'a> {
    options: &'a Options,
    repository: Arc<Repository>,
    progress: Progress<'a>,
    /// The paths that were asked for, relative to the root; empty for all of it.
    targets: Vec<PathBuf>,
}

impl Judge<'_> {
    fn run(&self, changes: Changes, scope: Scope) -> Result<(Input, Audit, bool), Error> {
        let Changes { root, base, head, changed, mut skipped, mut notices, description } = changes;
        notices.push(said("change-judged", format!("judged {description}: {} files changed", changed.len())));
        let chooser = Chooser::new(&root, &self.options.files)?;
        let (head, passed_over) = self.units(&chooser, head.entries);
        skipped.extend(passed_over);
        skipped.sort();
        let (base, _) = self.units(&chooser, base.entries);
        let gate = self.gate_findings(&root, &changed);
        let mut audit =
            if changed.is_empty() { Audit::empty() } else { self.audit(&head, &root, &Shared::default())? };
        match scope {
            Scope::New if changed.is_empty() => {}
            Scope::New => {
                let before = self.audit(&base, &root, &audit.shared)?;
                self.mark_old(&root, &mut audit, &before, &changed);
                notices.extend(suppressions_added(&before.findings, &audit.findings, &changed));
            }
            Scope::Files => mark(&mut audit.findings, |finding| !self.in_files(finding, &changed)),
            Scope::Lines => {
                let lines = self.lines(&changed);
                mark(&mut audit.findings, |finding| !in_lines(finding, &lines));
            }
        }
        audit.findings.retain(|finding| self.is_asked_for(&finding.location.path));
        audit.findings.extend(gate);
        audit
            .findings
            .sort_by(|a, b| (&a.location, a.rule, &a.message).cmp(&(&b.location, b.rule, &b.message)));
        Ok((Input { root, units: Vec::new(), skipped, notices }, audit, true))
    }

    fn audit(&self, units: &[Unit], root: &Path, shared: &Shared) -> Result<Audit, Error> {
        (self.progress)(Step::Found(units.len()));
        audit::audit(units, &settings(self.options, root, self.progress, shared))
    }

    fn units(&self, chooser: &Chooser, entries: Vec<Entry>) -> (Vec<Unit>, BTreeMap<String, u32>) {
        let (files, skipped) =
            chooser.choose(entries, &|content| self.repository.read(content, LARGEST_GATE_FILE).ok());
        let unit = |file: crate::input::tracked::TrackedFile| Unit {
            display: file.display,
            kind: file.kind,
            key: Some(file.content.clone()),
            content: match file.content {
                git::Content::Disk(path) => Content::Disk(path),
                git::Content::Blob(id) => Content::Blob(Arc::clone(&self.repository), id),
            },
        };
        (files.into_iter().map(unit).collect(), skipped)
    }

    /// Marks what the side before had too.
    fn mark_old(&self, root: &Path, audit: &mut Audit, before: &Audit, changed: &[Changed]) {
        let old = Baseline::of(&before.findings);
        let renames = changed
            .iter()
            .filter(|one| one.status == Status::Renamed)
            .filter_map(|one| Some((one.old_path.as_ref()?.to_string(), one.path.to_string())))
            .collect();
        let tree = Tree::whole(&audit.project, root, &self.options.rules);
        let matching = tree.compare(&old, &audit.findings, &renames, self.options.today);
        known::mark(&mut audit.findings, &old, &matching);
    }

    fn in_files(&self, finding: &Finding, changed: &[Changed]) -> bool {
        changed.iter().any(|one| one.path == finding.location.path && one.new.is_some())
    }

    fn lines(&self, changed: &[Changed]) -> BTreeMap<Arc<str>, Vec<std::ops::Range<u32>>> {
        changed.iter().map(|one| (Arc::clone(&one.path), self.repository.changed_lines(one))).collect()
    }

    fn is_asked_for(&self, path: &str) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|target| Path::new(path).starts_with(target))
    }

    /// What weakens the gate itself.
    fn gate_findings(&self, root: &Path, changed: &[Changed]) -> Vec<Finding> {
        let Some(rule) = self.options.rules.iter().find(|rule| rule.name == "gate-weakened") else {
            return Vec::new();
        };
        let read = |content: &Option<git::Content>| {
            let bytes = self.repository.read(content.as_ref()?, LARGEST_GATE_FILE).ok()?;
            Some(source::decode(bytes).text)
        };
        let mut found = Vec::new();
        for one in changed.iter().filter(|one| one.status != Status::Copied) {
            let path = one.old_path.as_ref().unwrap_or(&one.path);
            if !weakened::is_gate_file(path) {
                continue;
            }
            let after = read(&one.new).filter(|_| weakened::is_gate_file(&one.path));
            for weakening in weakened::weakenings(read(&one.old).as_deref(), after.as_deref()) {
                found.push(finding(rule, &one.path, after.as_deref().unwrap_or(""), weakening));
            }
        }
        debug_assert!(root.is_absolute());
        let prints = fingerprints(&found);
        for (finding, print) in found.iter_mut().zip(prints) {
            finding.fingerprint = print;
        }
        found
    }
}

fn finding(rule: &crate::rule::Rule, path: &Arc<str>, text: &str, weakening: Weakening) -> Finding {
    let lines = LineIndex::new(text);
    let range = lines.line_range(weakening.line).unwrap_or(0..0);
    let line = text.get(range.clone()).unwrap_or("").trim_end();
    let (start, end) = (range.start as u32, (range.start + line.len()) as u32);
    let location = Location {
        path: Arc::clone(path),
        start: lines.position(text, start),
        end: lines.position(text, end),
        bytes: (start, end),
    };
    Finding {
        rule: rule.name,
        severity: rule.severity,
        confidence: rule.confidence,
        identity: Identity { tokens: weakening.message.clone(), shape: weakening.message.clone() },
        message: weakening.message,
        scope: String::new(),
        related: Vec::new(),
        flow: Vec::new(),
        excerpt: excerpt(text, &lines, start, end),
        fingerprint: String::new(),
        line_hash: line_hashes(text.as_bytes(), &[location.start.line]).pop().unwrap_or_default(),
        location,
        suppression: None,
        known: None,
    }
}

fn in_lines(finding: &Finding, lines: &BTreeMap<Arc<str>, Vec<std::ops::Range<u32>>>) -> bool {
    let (first, last) = (finding.location.start.line, finding.location.end.line);
    lines
        .get(&finding.location.path)
        .is_some_and(|ranges| ranges.iter().any(|range| range.start <= last && first < range.end))
}

fn mark(findings: &mut [Finding], is_known: impl Fn(&Finding) -> bool) {
    for finding in findings.iter_mut().filter(|finding| is_known(finding)) {
        finding.known = Some(Suppression { reason: None });
    }
}

/// How many findings the change suppresses that were not suppressed before.
fn suppressions_added(before: &[Finding], after: &[Finding], changed: &[Changed]) -> Option<Notice> {
    let renamed: BTreeMap<&str, &str> = changed
        .iter()
        .filter_map(|one| {
            Some((one.old_path.as_deref().filter(|_| one.status == Status::Renamed)?, &*one.path))
        })
        .collect();
    let mut left: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for finding in before.iter().filter(|finding| finding.suppression.is_some()) {
        let path = &*finding.location.path;
        *left.entry((renamed.get(path).copied().unwrap_or(path), finding.rule)).or_default() += 1;
    }
    let mut added = 0;
    for finding in after.iter().filter(|finding| finding.suppression.is_some()) {
        match left.get_mut(&(&*finding.location.path, finding.rule)).filter(|left| **left > 0) {
            Some(left) => *left -= 1,
            None => added += 1,
        }
    }
    (added > 0).then(|| said("suppressions-added", format!("suppressions added: {added}")))
}

fn said(id: &'static str, message: String) -> Notice {
    Notice { path: None, line: None, kind: NoticeKind::Lossless, id, message }
}

/// The paths asked for, relative to the root; none where one of them is all of it.
fn targets(options: &Options, root: &Path) -> Vec<PathBuf> {
    let below = |path: &PathBuf| {
        let path = path.canonicalize().ok()?;
        path.strip_prefix(root).map(Path::to_path_buf).ok()
    };
    let targets: Vec<PathBuf> = options.files.paths.iter().filter_map(below).collect();
    if targets.iter().any(|target| target.as_os_str().is_empty()) { Vec::new() } else { targets }
}

impl Audit {
    /// Of nothing.
    fn empty() -> Audit {
        let project = crate::project::Project::link(Vec::new(), crate::models::Models::default());
        let (findings, notices) = (Vec::new(), Vec::new());
        Audit { project, findings, notices, stats: Stats::default(), shared: Shared::default() }
    }
}
