//! Judges a change: both sides of it with the whole project around, and what is new on the side after.

mod gate;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::audit::{self, Audit, Content, Shared, Unit};
use super::known::{self, Tree};
use super::{ChangeOptions, Input, Options, Progress, Step, settings};
use crate::error::Error;
use crate::finding::{Finding, Suppression};
use crate::gate::baseline::Baseline;
use crate::gate::fingerprint::fingerprints;
use crate::input::config::Scope;
use crate::input::git::{self, Changed, Changes, Entry, Repository, Status};
use crate::input::tracked::{Chooser, TrackedFile};
use crate::report::{JudgedChange, Stats};
use gate::newly_suppressed;

/// The first line of a script is looked for in files of at most this size, in bytes.
const LARGEST_SCRIPT: u64 = 1 << 20;

/// Judges a change. What it did not bring is marked as known.
pub(super) fn judge(
    options: &Options,
    change: &ChangeOptions,
    progress: Progress<'_>,
) -> Result<(Input, Audit), Error> {
    let repository = Arc::new(Repository::open(&options.files.paths)?);
    let changes = repository.changes(&change.change)?;
    let judge = Judge { options, change, repository, progress, targets: targets(options, &changes.root) };
    judge.run(changes)
}

/// Reads both sides of a change: the units of the base, then those of the head.
pub(super) fn sides(options: &Options, change: &git::Change) -> Result<(PathBuf, [Vec<Unit>; 2]), Error> {
    let repository = Arc::new(Repository::open(&options.files.paths)?);
    let Changes { root, base, head, .. } = repository.changes(change)?;
    let chooser = Chooser::new(&root, &options.files)?;
    let sides = [base, head].map(|side| units(&repository, &chooser, side.entries).0);
    Ok((root, sides))
}

struct Judge<'a> {
    options: &'a Options,
    change: &'a ChangeOptions,
    repository: Arc<Repository>,
    progress: Progress<'a>,
    /// The paths that were asked for, relative to the root; empty for all of it.
    targets: Vec<PathBuf>,
}

impl Judge<'_> {
    fn run(&self, changes: Changes) -> Result<(Input, Audit), Error> {
        let Changes { root, base, head, changed, mut skipped, notices, description } = changes;
        let gate = self.gate_files(&root, &base.entries, &changed)?;
        let chooser = Chooser::new(&root, &self.options.files)?;
        let (head, passed_over) = units(&self.repository, &chooser, head.entries);
        skipped.extend(passed_over);
        skipped.sort();
        let mut audit = if changed.is_empty() {
            Audit::empty()
        } else {
            let mut audit = self.audit(&head, &root, &Shared::default())?;
            audit.findings.retain(|finding| self.is_asked_for(&finding.location.path));
            audit
        };
        let mut suppressions = gate.additions;
        let too_many = {
            let base = || units(&self.repository, &chooser, base.entries).0;
            let hidden = self.mark_known(&root, &mut audit, base, &changed)?;
            suppressions.comments = hidden.len() as u32;
            self.too_many(suppressions, &hidden, gate.adds.as_ref())
        };
        let mut of_gate = gate.findings;
        of_gate.extend(too_many);
        let prints = fingerprints(&of_gate);
        for (finding, print) in of_gate.iter_mut().zip(prints) {
            finding.fingerprint = print;
        }
        audit.findings.extend(of_gate);
        audit
            .findings
            .sort_by(|a, b| (&a.location, a.rule, &a.message).cmp(&(&b.location, b.rule, &b.message)));
        audit.stats.change = Some(JudgedChange { description, files: changed.len() as u32, suppressions });
        Ok((Input { root, units: Vec::new(), skipped, notices }, audit))
    }

    /// Marks what the change did not bring; the findings that it suppresses.
    fn mark_known<'f>(
        &self,
        root: &Path,
        audit: &'f mut Audit,
        base: impl FnOnce() -> Vec<Unit>,
        changed: &[Changed],
    ) -> Result<Vec<&'f Finding>, Error> {
        if changed.is_empty() {
            return Ok(Vec::new());
        }
        if self.change.scope == Scope::New {
            let before = self.audit(&base(), root, &audit.shared)?;
            self.mark_old(root, audit, &before, changed);
            return Ok(newly_suppressed(&before.findings, &audit.findings, changed));
        }
        let lines: BTreeMap<_, _> =
            changed.iter().map(|one| (Arc::clone(&one.path), self.repository.changed_lines(one))).collect();
        for finding in &mut audit.findings {
            let is_reported = match self.change.scope {
                Scope::Files => in_files(finding, changed),
                _ => in_lines(finding, &lines, 0),
            };
            if !is_reported {
                finding.known = Some(Suppression { reason: None });
            }
        }
        // The other side is not audited: what is suppressed on or just below a changed line counts as new.
        let is_new = |finding: &&Finding| finding.suppression.is_some() && in_lines(finding, &lines, 1);
        Ok(audit.findings.iter().filter(is_new).collect())
    }

    fn audit(&self, units: &[Unit], root: &Path, shared: &Shared) -> Result<Audit, Error> {
        (self.progress)(Step::Found(units.len()));
        audit::audit(units, &settings(self.options, root, self.progress, shared))
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

    fn is_asked_for(&self, path: &str) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|target| Path::new(path).starts_with(target))
    }
}

/// The files of a side that are scanned, and what was passed over.
fn units(
    repository: &Arc<Repository>,
    chooser: &Chooser,
    entries: Vec<Entry>,
) -> (Vec<Unit>, BTreeMap<String, u32>) {
    let (files, skipped) = chooser.choose(entries, &|content| repository.read(content, LARGEST_SCRIPT).ok());
    let unit = |file: TrackedFile| Unit {
        display: file.display,
        kind: file.kind,
        key: Some(file.content.clone()),
        content: match file.content {
            git::Content::Disk(path) => Content::Disk(path),
            git::Content::Blob(id) => Content::Blob(Arc::clone(repository), id),
        },
    };
    (files.into_iter().map(unit).collect(), skipped)
}

fn in_files(finding: &Finding, changed: &[Changed]) -> bool {
    changed.iter().any(|one| one.path == finding.location.path && one.new.is_some())
}

/// Whether a finding, or one of the `above` lines above it, is on one of these lines.
fn in_lines(finding: &Finding, lines: &BTreeMap<Arc<str>, Vec<Range<u32>>>, above: u32) -> bool {
    let (first, last) = (finding.location.start.line.saturating_sub(above), finding.location.end.line);
    lines
        .get(&finding.location.path)
        .is_some_and(|ranges| ranges.iter().any(|range| range.start <= last && first < range.end))
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
