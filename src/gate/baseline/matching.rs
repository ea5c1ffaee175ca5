//! Which findings a baseline knows. A multiset: each entry stands for as many findings as it counts, and each is
//! used once. In tiers, the surest first; what moved is only followed when its old place is gone, so that a fault
//! fixed here and made again there is new; an ambiguous match is no match.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Baseline, Date, Entry, renames};
use crate::finding::Finding;

/// What the matching asks about the project as it is now.
pub struct Now<'a> {
    /// Whether there is such a file among those scanned.
    pub has_file: &'a dyn Fn(&str) -> bool,
    /// Whether a file has a function or class of that qualified name.
    pub has_scope: &'a dyn Fn(&str, &str) -> bool,
    /// Whether the run would have found again what an entry stands for: its path was scanned, and its rule took
    /// part. Whether other entries are stale is none of its business.
    pub covers: &'a dyn Fn(&Entry) -> bool,
    /// Renames that git knows, old path to new.
    pub renames: &'a BTreeMap<String, String>,
    /// The day, for entries that expire.
    pub today: Date,
}

/// What is known, and what is not.
#[derive(Debug, Default)]
pub struct Matching {
    /// For each finding the entry that knows it, as an index; a finding that is suppressed anyway has none.
    pub known: Vec<Option<usize>>,
    /// Findings whose entry knew a lower severity: they are reported again.
    pub risen: BTreeSet<usize>,
    /// Findings whose entry has expired: they are reported again.
    pub expired: BTreeSet<usize>,
    /// Entries that stand for more than was found, with how many.
    pub stale: Vec<(usize, u32)>,
}

impl Matching {
    /// Whether a finding is known and stays quiet.
    pub fn is_quiet(&self, finding: usize) -> bool {
        self.known.get(finding).is_some_and(Option::is_some)
            && !self.risen.contains(&finding)
            && !self.expired.contains(&finding)
    }
}

/// Matches findings, in the order of a report, with a baseline.
pub fn matching(baseline: &Baseline, findings: &[Finding], now: &Now<'_>) -> Matching {
    let mut matcher = Matcher::new(baseline, findings);
    matcher.follow_renames(now);
    let entries = &baseline.entries;
    let paths = matcher.paths.clone();
    let path = |index: usize| paths.get(index).map_or("", String::as_str);
    let is_gone = |index: usize, entry: &Entry| {
        !(now.has_file)(path(index)) || !entry.scope.is_empty() && !(now.has_scope)(path(index), &entry.scope)
    };
    matcher.pass(
        &|index| entries.get(index).map(|entry| [path(index), &entry.rule, &entry.scope, &entry.tokens]),
        &|finding| [&finding.location.path, finding.rule, &finding.scope, &finding.identity.tokens],
        Ambiguity::Allowed,
    );
    matcher.pass(
        &|index| entries.get(index).map(|entry| [path(index), &entry.rule, &entry.scope, &entry.shape]),
        &|finding| [&finding.location.path, finding.rule, &finding.scope, &finding.identity.shape],
        Ambiguity::Allowed,
    );
    matcher.pass(
        &|index| {
            let entry = entries.get(index).filter(|entry| is_gone(index, entry))?;
            Some([path(index), &entry.rule, &entry.tokens, ""])
        },
        &|finding| [&finding.location.path, finding.rule, &finding.identity.tokens, ""],
        Ambiguity::Refused,
    );
    matcher.pass(
        &|index| {
            let entry = entries.get(index).filter(|entry| is_gone(index, entry))?;
            Some([&entry.rule, &entry.scope, &entry.tokens, ""])
        },
        &|finding| [finding.rule, &finding.scope, &finding.identity.tokens, ""],
        Ambiguity::Refused,
    );
    matcher.finish(now)
}

/// What two things have in common that match.
type Key<'k> = [&'k str; 4];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ambiguity {
    /// More findings than entries: the first are known.
    Allowed,
    /// More findings than entries: none is known.
    Refused,
}

struct Matcher<'a> {
    entries: &'a [Entry],
    findings: &'a [Finding],
    /// For each entry its path now.
    paths: Vec<String>,
    /// For each entry how many more findings it stands for.
    left: Vec<u32>,
    known: Vec<Option<usize>>,
}

impl<'a> Matcher<'a> {
    fn new(baseline: &'a Baseline, findings: &'a [Finding]) -> Matcher<'a> {
        let entries = &baseline.entries[..];
        Matcher {
            entries,
            findings,
            paths: entries.iter().map(|entry| entry.path.clone()).collect(),
            left: entries.iter().map(|entry| entry.count).collect(),
            known: vec![None; findings.len()],
        }
    }

    /// Gives entries of renamed files their new path: as git says, else by the code that both files hold.
    fn follow_renames(&mut self, now: &Now<'_>) {
        let mut moved: HashMap<&str, String> = HashMap::new();
        for entry in self.entries {
            if let Some(new) = now.renames.get(&entry.path) {
                moved.insert(&entry.path, new.clone());
            }
        }
        let gone = |entry: &&Entry| {
            !moved.contains_key(&*entry.path) && !(now.has_file)(&entry.path) && (now.covers)(entry)
        };
        let known_paths: BTreeSet<&str> = self
            .entries
            .iter()
            .map(|entry| moved.get(&*entry.path).map_or(&*entry.path, String::as_str))
            .collect();
        let fresh = self.findings.iter().filter(|finding| !known_paths.contains(&*finding.location.path));
        let pairs = renames::pairs(self.entries.iter().filter(gone), fresh);
        let inferred: Vec<(&str, String)> =
            pairs.into_iter().map(|(old, new)| (old, new.to_owned())).collect();
        moved.extend(inferred);
        for (path, entry) in self.paths.iter_mut().zip(self.entries) {
            if let Some(new) = moved.get(&*entry.path) {
                path.clone_from(new);
            }
        }
    }

    /// Lets entries know findings that have the same key.
    fn pass<'k>(
        &mut self,
        entry_key: &dyn Fn(usize) -> Option<Key<'k>>,
        finding_key: &dyn Fn(&'k Finding) -> Key<'k>,
        ambiguity: Ambiguity,
    ) where
        'a: 'k,
    {
        let mut entries: HashMap<Key<'k>, Vec<usize>> = HashMap::new();
        for (index, left) in self.left.iter().enumerate() {
            if *left > 0
                && let Some(key) = entry_key(index)
            {
                entries.entry(key).or_default().push(index);
            }
        }
        let mut findings: BTreeMap<Key<'k>, Vec<usize>> = BTreeMap::new();
        for (index, finding) in self.findings.iter().enumerate() {
            let open = self.known.get(index).is_some_and(Option::is_none) && finding.suppression.is_none();
            let key = finding_key(finding);
            if open && entries.contains_key(&key) {
                findings.entry(key).or_default().push(index);
            }
        }
        for (key, findings) in findings {
            let entries = entries.get(&key).map_or(&[][..], Vec::as_slice);
            let total: u32 = entries.iter().filter_map(|&index| self.left.get(index)).sum();
            if ambiguity == Ambiguity::Refused && findings.len() > total as usize {
                continue;
            }
            self.assign(entries, &findings);
        }
    }

    fn assign(&mut self, entries: &[usize], findings: &[usize]) {
        let mut entries = entries.iter().copied().peekable();
        for &finding in findings {
            while entries.peek().is_some_and(|&entry| self.left.get(entry) == Some(&0)) {
                entries.next();
            }
            let Some(&entry) = entries.peek() else { return };
            if let (Some(left), Some(known)) = (self.left.get_mut(entry), self.known.get_mut(finding)) {
                *left -= 1;
                *known = Some(entry);
            }
        }
    }

    fn finish(self, now: &Now<'_>) -> Matching {
        let mut matching = Matching::default();
        for (index, (finding, known)) in self.findings.iter().zip(&self.known).enumerate() {
            let Some(entry) = known.and_then(|entry| self.entries.get(entry)) else { continue };
            if finding.severity > entry.severity {
                matching.risen.insert(index);
            }
            if entry.is_expired(now.today) {
                matching.expired.insert(index);
            }
        }
        let left = self.left.iter().enumerate().filter(|(_, left)| **left > 0);
        matching.stale = left
            .filter(|(index, _)| self.entries.get(*index).is_some_and(|entry| (now.covers)(entry)))
            .map(|(index, left)| (index, *left))
            .collect();
        matching.known = self.known;
        matching
    }
}
