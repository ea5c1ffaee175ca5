//! Compares what was found with what is known.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::finding::{Finding, Notice, NoticeKind, Suppression};
use crate::gate::baseline::matching::{Matching, Now, matching};
use crate::gate::baseline::{Baseline, Date, Entry, OF_CHANGES};
use crate::project::{FileId, Project};
use crate::rule::Rule;
use crate::rules;

/// The tree of a scan, as far as a comparison asks about it.
pub struct Tree<'p> {
    project: &'p Project,
    files: HashMap<&'p str, FileId>,
    scopes: RefCell<HashMap<FileId, HashSet<String>>>,
    root: &'p Path,
    /// The paths that were scanned, relative to the root; empty for all of it.
    targets: Vec<PathBuf>,
    /// The rules that took part, sorted by name.
    rules: &'p [&'static Rule],
    /// Whether all of the tree was scanned, whatever else is on disk.
    is_whole: bool,
}

impl<'p> Tree<'p> {
    /// The tree of a project below `root`, of which `targets` were scanned (absolute, or relative to the current
    /// folder) and judged by `rules`, sorted by name.
    pub fn new(
        project: &'p Project,
        root: &'p Path,
        targets: &[PathBuf],
        rules: &'p [&'static Rule],
    ) -> Tree<'p> {
        let files = project.files().map(|(id, file)| (&*file.path, id)).collect();
        let below = |target: &PathBuf| {
            let target = target.canonicalize().ok()?;
            target.strip_prefix(root).map(Path::to_path_buf).ok()
        };
        let targets = targets.iter().filter_map(below).collect();
        Tree { project, files, scopes: RefCell::default(), root, targets, rules, is_whole: false }
    }

    /// The tree of a project that was scanned whole: what is not there is gone.
    pub fn whole(project: &'p Project, root: &'p Path, rules: &'p [&'static Rule]) -> Tree<'p> {
        Tree { is_whole: true, ..Tree::new(project, root, &[], rules) }
    }

    /// Whether a file was scanned.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether a file has a function or class of this qualified name.
    pub fn has_scope(&self, path: &str, scope: &str) -> bool {
        let Some(&id) = self.files.get(path) else { return false };
        let mut scopes = self.scopes.borrow_mut();
        let of_file = scopes.entry(id).or_insert_with(|| {
            self.project.module(id).map(|module| module.scopes_named().collect()).unwrap_or_default()
        });
        of_file.contains(scope)
    }

    /// Whether the scan saw this path, or would have if it still existed.
    pub fn covers(&self, path: &str) -> bool {
        if self.is_whole || self.has_file(path) {
            return true;
        }
        let below = |target: &PathBuf| Path::new(path).starts_with(target);
        let scanned = self.targets.is_empty() || self.targets.iter().any(below);
        scanned && !self.root.join(path).exists()
    }

    /// Whether the scan would have found again what an entry stands for: its path is covered, and its rule took
    /// part. Of a rule that is gone from the tool nothing is ever found again.
    pub fn judges(&self, entry: &Entry) -> bool {
        let name = entry.rule.strip_suffix("/flow").unwrap_or(&entry.rule);
        let took_part = self.rules.binary_search_by(|rule| rule.name.cmp(name)).is_ok();
        (took_part || rules::find(name).is_none()) && self.covers(&entry.path)
    }

    /// Matches findings with a baseline.
    pub fn compare(
        &self,
        baseline: &Baseline,
        findings: &[Finding],
        renames: &BTreeMap<String, String>,
        today: Date,
    ) -> Matching {
        let now = Now {
            has_file: &|path| self.has_file(path),
            has_scope: &|path, scope| self.has_scope(path, scope),
            covers: &|entry| self.judges(entry),
            renames,
            today,
        };
        matching(baseline, findings, &now)
    }
}

/// Marks the findings that a baseline knows; they are counted and do not fail.
pub fn mark(findings: &mut [Finding], baseline: &Baseline, matching: &Matching) {
    for (index, finding) in findings.iter_mut().enumerate() {
        if matching.is_quiet(index)
            && !OF_CHANGES.contains(&finding.rule)
            && let Some(entry) = matching.known.get(index).and_then(|entry| baseline.entries.get((*entry)?))
        {
            finding.known = Some(Suppression { reason: entry.reason.clone() });
        }
    }
}

/// What a baseline itself needs: pruning, or new dates.
pub fn notices(baseline: &Baseline, matching: &Matching) -> Vec<Notice> {
    let notice = |id, message| Notice { path: None, line: None, kind: NoticeKind::Lossless, id, message };
    let mut notices = Vec::new();
    let stale: u32 = matching.stale.iter().map(|(_, count)| count).sum();
    if stale > 0 {
        let example = matching.stale.first().and_then(|(index, _)| baseline.entries.get(*index));
        let example =
            example.map_or_else(String::new, |entry| format!(" (`{}` in {})", entry.rule, entry.path));
        let (gone, them) = if stale == 1 {
            ("1 finding that is gone".to_owned(), "it")
        } else {
            (format!("{stale} findings that are gone"), "them")
        };
        let message =
            format!("the baseline knows {gone}{example}; `backend-audit baseline prune` removes {them}");
        notices.push(notice("baseline-stale", message));
    }
    let expired = matching.expired.len();
    if expired > 0 {
        let again = if expired == 1 { "1 finding is".to_owned() } else { format!("{expired} findings are") };
        let them = if expired == 1 { "it" } else { "them" };
        let message = format!("{again} reported again: the baseline knew {them} until a day that is over");
        notices.push(notice("baseline-expired", message));
    }
    notices
}
