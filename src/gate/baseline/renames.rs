//! Which new file a file that is gone has become, told by the findings that both hold: the pairs that share the
//! most come first, then those whose paths are most alike.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Entry;
use crate::finding::Finding;

/// What a finding has that a renamed file and renamed variables leave as it is: rule, scope and shape.
pub(super) type Mark<'k> = [&'k str; 3];

/// A mark that more new files hold does not tell which is meant: of those, only the neighbours of the old path
/// are compared with it.
const MOST_HOLDERS: usize = 64;

/// How many neighbours on each side.
const NEIGHBOURS: usize = 8;

/// Twins that are left over after a round are compared in the next one.
const MOST_ROUNDS: usize = 64;

/// Pairs the paths of entries, whose files are gone, with the paths of findings in new files. A file is in one pair
/// at most.
pub(super) fn pairs<'k>(
    gone: impl Iterator<Item = &'k Entry>,
    fresh: impl Iterator<Item = &'k Finding>,
) -> Vec<(&'k str, &'k str)> {
    let mut old = Files::default();
    for entry in gone {
        old.add(&entry.path, [&entry.rule, &entry.scope, &entry.shape], entry.count);
    }
    let mut new = Files::default();
    for finding in fresh {
        new.add(&finding.location.path, [finding.rule, &finding.scope, &finding.identity.shape], 1);
    }
    let mut found = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let round = round(&old, &new);
        if round.is_empty() {
            break;
        }
        for (from, to) in &round {
            old.by_path.remove(from);
            new.by_path.remove(to);
        }
        found.extend(round);
    }
    found
}

/// How often each file holds each mark.
#[derive(Default)]
struct Files<'k> {
    by_path: BTreeMap<&'k str, HashMap<Mark<'k>, u32>>,
}

impl<'k> Files<'k> {
    fn add(&mut self, path: &'k str, mark: Mark<'k>, count: u32) {
        *self.by_path.entry(path).or_default().entry(mark).or_default() += count;
    }
}

/// The best pairs among those compared, no file twice.
fn round<'k>(old: &Files<'k>, new: &Files<'k>) -> Vec<(&'k str, &'k str)> {
    let holders = holders(old, new);
    let mut compared = Vec::new();
    for (&from, marks) in &old.by_path {
        let candidates: BTreeSet<&'k str> = marks
            .keys()
            .filter_map(|mark| holders.get(mark))
            .flat_map(|holders| holders.near(from))
            .collect();
        for to in candidates {
            let Some(others) = new.by_path.get(to) else { continue };
            let both =
                |(mark, count): (&Mark<'k>, &u32)| others.get(mark).map_or(0, |other| *count.min(other));
            let shared: u32 = marks.iter().map(both).sum();
            compared.push((Reverse(shared), Reverse(alike(from, to)), from, to));
        }
    }
    compared.sort();
    let (mut used_old, mut used_new) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, _, from, to) in compared {
        if !used_old.contains(from) && !used_new.contains(to) {
            used_old.insert(from);
            used_new.insert(to);
            pairs.push((from, to));
        }
    }
    pairs
}

/// The new files that hold a mark, in the order of their paths and in that of their paths read backwards.
#[derive(Default)]
struct Holders<'k> {
    forwards: Vec<&'k str>,
    backwards: Vec<(String, &'k str)>,
}

fn holders<'k>(old: &Files<'k>, new: &Files<'k>) -> HashMap<Mark<'k>, Holders<'k>> {
    let wanted: BTreeSet<&Mark<'k>> = old.by_path.values().flat_map(HashMap::keys).collect();
    let mut holders = HashMap::<Mark<'k>, Holders<'k>>::new();
    for (&path, marks) in &new.by_path {
        for mark in marks.keys().filter(|mark| wanted.contains(mark)) {
            holders.entry(*mark).or_default().forwards.push(path);
        }
    }
    for holders in holders.values_mut().filter(|holders| holders.forwards.len() > MOST_HOLDERS) {
        holders.backwards = holders.forwards.iter().map(|path| (reversed(path), *path)).collect();
        holders.backwards.sort();
    }
    holders
}

impl<'k> Holders<'k> {
    /// Those that an old path is compared with: all, or where they are many its neighbours.
    fn near(&self, old: &str) -> Vec<&'k str> {
        if self.backwards.is_empty() {
            return self.forwards.clone();
        }
        let place = self.forwards.partition_point(|path| *path < old);
        let mut near = around(&self.forwards, place).to_vec();
        let old = reversed(old);
        let place = self.backwards.partition_point(|(path, _)| *path < old);
        near.extend(around(&self.backwards, place).iter().map(|(_, path)| *path));
        near
    }
}

fn around<T>(sorted: &[T], place: usize) -> &[T] {
    let range = place.saturating_sub(NEIGHBOURS)..(place + NEIGHBOURS).min(sorted.len());
    sorted.get(range).unwrap_or_default()
}

fn reversed(path: &str) -> String {
    path.chars().rev().collect()
}

/// How many bytes two paths have in common at their start and at their end.
fn alike(left: &str, right: &str) -> usize {
    let same = |pair: &(u8, u8)| pair.0 == pair.1;
    let start = left.bytes().zip(right.bytes()).take_while(same).count();
    let end = left.bytes().rev().zip(right.bytes().rev()).take_while(same).count();
    (start + end).min(left.len()).min(right.len())
}
