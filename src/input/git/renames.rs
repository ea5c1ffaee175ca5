//! Which added files are new names or copies of others: by equal content, then by half of it, as git counts that.

use std::hash::{Hash as _, Hasher as _};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHasher};

use super::sides::Item;

/// A file of this much of another's content is a new name or copy of it, in percent.
const ALIKE: u64 = 50;

/// Added files, and pairs, compared at most; above, only files of the same name are compared.
const MOST_ADDED: usize = 1000;
const MOST_PAIRS: usize = 250_000;

/// Files of the same name that one is compared with at most.
const MOST_NAMESAKES: usize = 50;

/// Larger files are not compared, in bytes.
pub(super) const LARGEST: u64 = 1 << 20;

/// An added file that comes from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// Index of the added file.
    pub added: usize,
    /// Index of the file that it comes from, among the old ones.
    pub old: usize,
    /// Whether it takes the name's place; else it is a copy.
    pub renamed: bool,
}

/// Finds what added files come from: one of `old`, of which the first `deleted` are gone and the others are modified.
/// Each file that is gone has one new name at most; what is also like it is a copy. Sorted by added file.
pub(super) fn origins(
    added: &[Item],
    old: &[Item],
    deleted: usize,
    read: &(dyn Fn(&Item) -> Option<Vec<u8>> + Sync),
) -> Vec<Origin> {
    let mut found = Origins { added, old, deleted, of: vec![None; added.len()], taken: vec![false; deleted] };
    if added.is_empty() || old.is_empty() {
        return Vec::new();
    }
    found.equal_by_id();
    found.alike(read);
    let origin =
        |(added, of): (usize, Option<(usize, bool)>)| of.map(|(old, renamed)| Origin { added, old, renamed });
    found.of.into_iter().enumerate().filter_map(origin).collect()
}

/// What is known so far.
struct Origins<'a> {
    added: &'a [Item],
    old: &'a [Item],
    deleted: usize,
    /// For each added file.
    of: Vec<Option<(usize, bool)>>,
    /// For each deleted file, whether it has a new name.
    taken: Vec<bool>,
}

/// How alike an added and an old file are. Ordered by what is tried first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    unlike: u64,
    elsewhere: usize,
    old: usize,
    added: usize,
}

impl Origins<'_> {
    /// New names of files whose content has not changed, told by their ids.
    fn equal_by_id(&mut self) {
        let mut gone: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (index, item) in self.old.iter().take(self.deleted).enumerate() {
            if let Some(id) = item.id {
                gone.entry(id).or_default().push(index);
            }
        }
        let mut pairs = Vec::new();
        for (added, item) in self.added.iter().enumerate() {
            let same = item.id.and_then(|id| gone.get(&id)).map(Vec::as_slice).unwrap_or_default();
            // Empty files are many and all the same: the nearest are found among the first of them.
            let same = nearest(same, &item.path, self.old);
            pairs.extend(same.map(|old| self.pair(added, old, 0)));
        }
        self.settle(pairs);
    }

    /// New names and copies of files whose content is alike.
    fn alike(&mut self, read: &(dyn Fn(&Item) -> Option<Vec<u8>> + Sync)) {
        let open: Vec<usize> =
            (0..self.added.len()).filter(|&added| self.of.get(added) == Some(&None)).collect();
        let candidates = self.candidates(&open);
        let mut wanted: Vec<usize> = candidates.iter().flat_map(|(_, old)| old.iter().copied()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let sketch = |item: Option<&Item>| item.and_then(read).map(|bytes| Sketch::of(&bytes));
        let old: FxHashMap<usize, Sketch> =
            wanted.into_par_iter().filter_map(|index| Some((index, sketch(self.old.get(index))?))).collect();
        let pairs = candidates.into_par_iter().flat_map_iter(|(added, candidates)| {
            let new = sketch(self.added.get(added));
            let alike = |index: usize| Some((index, new.as_ref()?.likeness(old.get(&index)?)));
            let alike = candidates.into_iter().filter_map(alike).filter(|(_, percent)| *percent >= ALIKE);
            alike.map(|(old, percent)| self.pair(added, old, 100 - percent)).collect::<Vec<_>>()
        });
        let pairs = pairs.collect();
        self.settle(pairs);
    }

    /// The old files that each of these added ones is compared with.
    fn candidates(&self, open: &[usize]) -> Vec<(usize, Vec<usize>)> {
        if open.len() <= MOST_ADDED && open.len().saturating_mul(self.old.len()) <= MOST_PAIRS {
            return open.iter().map(|&added| (added, (0..self.old.len()).collect())).collect();
        }
        let mut namesakes: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
        for (index, item) in self.old.iter().enumerate() {
            namesakes.entry(name(&item.path)).or_default().push(index);
        }
        let of = |&added: &usize| {
            let path = self.added.get(added)?.path.as_slice();
            Some((added, nearest(namesakes.get(name(path))?, path, self.old).collect()))
        };
        open.iter().filter_map(of).collect()
    }

    fn pair(&self, added: usize, old: usize, unlike: u64) -> Pair {
        let elsewhere = match (self.added.get(added), self.old.get(old)) {
            (Some(new), Some(old)) => distance(&new.path, &old.path),
            _ => usize::MAX,
        };
        Pair { unlike, elsewhere, old, added }
    }

    /// Gives every added file its origin, the most alike first.
    fn settle(&mut self, mut pairs: Vec<Pair>) {
        pairs.sort_unstable();
        for pair in &pairs {
            let (Some(of @ None), Some(taken @ false)) =
                (self.of.get_mut(pair.added), self.taken.get_mut(pair.old))
            else {
                continue;
            };
            *of = Some((pair.old, true));
            *taken = true;
        }
        for pair in &pairs {
            if let Some(of @ None) = self.of.get_mut(pair.added) {
                *of = Some((pair.old, false));
            }
        }
    }
}

/// Of these old files, those whose paths have most in common with this one.
fn nearest<'a>(among: &[usize], path: &[u8], old: &[Item]) -> impl Iterator<Item = usize> + use<'a> {
    let distance = |&index: &usize| old.get(index).map_or(usize::MAX, |item| distance(path, &item.path));
    let mut near: Vec<usize> = among.to_vec();
    if near.len() > MOST_NAMESAKES {
        near.sort_by_cached_key(distance);
        near.truncate(MOST_NAMESAKES);
    }
    near.into_iter()
}

/// How little two paths have in common: 0 for the same name in folders of the same names.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let parts = |path: &[u8]| path.split(|&byte| byte == b'/').count();
    let tails = one.rsplit(|&byte| byte == b'/').zip(other.rsplit(|&byte| byte == b'/'));
    let common = tails.take_while(|(one, other)| one == other).count();
    parts(one).max(parts(other)) - common
}

fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|&byte| byte == b'/').next().unwrap_or_default()
}

/// What a comparison needs of a file: its lines, hashed, each with its bytes and how often it stands there.
struct Sketch {
    lines: FxHashMap<u64, u64>,
    bytes: u64,
}

impl Sketch {
    fn of(bytes: &[u8]) -> Sketch {
        let mut lines = FxHashMap::default();
        let mut total = 0;
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let line = line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n")).unwrap_or(line);
            let mut hasher = FxHasher::default();
            line.hash(&mut hasher);
            *lines.entry(hasher.finish()).or_default() += line.len() as u64 + 1;
            total += line.len() as u64 + 1;
        }
        Sketch { lines, bytes: total }
    }

    /// How much of the larger file is in the other, in percent.
    fn likeness(&self, other: &Sketch) -> u64 {
        let (small, large) = if self.bytes <= other.bytes { (self, other) } else { (other, self) };
        if large.bytes == 0 {
            return 100;
        }
        if small.bytes * 100 < large.bytes * ALIKE {
            return 0;
        }
        let common = |(line, bytes): (&u64, &u64)| large.lines.get(line).map_or(0, |other| *bytes.min(other));
        small.lines.iter().map(common).sum::<u64>() * 100 / large.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::git::{Content, ObjectId};

    fn item(path: &str, text: &str) -> Item {
        let id = ObjectId::ZERO.like(text.as_bytes());
        Item { path: path.into(), content: Content::Disk(text.into()), id, executable: false }
    }

    /// `new < old` for each new name, `new + old` for each copy.
    fn told(added: &[(&str, &str)], deleted: &[(&str, &str)], modified: &[(&str, &str)]) -> Vec<String> {
        let items =
            |files: &[(&str, &str)]| files.iter().map(|(path, text)| item(path, text)).collect::<Vec<_>>();
        let (added, old) = (items(added), [items(deleted), items(modified)].concat());
        let read = |item: &Item| match &item.content {
            Content::Disk(text) => Some(text.to_str()?.as_bytes().to_vec()),
            Content::Blob(_) => None,
        };
        let path = |item: &Item| String::from_utf8(item.path.clone()).unwrap();
        let told = |origin: Origin| {
            let (new, old) = (path(&added[origin.added]), path(&old[origin.old]));
            format!("{new} {} {old}", if origin.renamed { '<' } else { '+' })
        };
        origins(&added, &old, deleted.len(), &read).into_iter().map(told).collect()
    }

    #[test]
    fn a_moved_package_is_matched_file_by_file() {
        let before =
            [("a/__init__.py", ""), ("a/x/__init__.py", ""), ("a/x/m.py", "one\n"), ("a/y/__init__.py", "")];
        let after =
            [("b/__init__.py", ""), ("b/x/__init__.py", ""), ("b/x/m.py", "one\n"), ("b/y/__init__.py", "")];
        let expected = [
            "b/__init__.py < a/__init__.py",
            "b/x/__init__.py < a/x/__init__.py",
            "b/x/m.py < a/x/m.py",
            "b/y/__init__.py < a/y/__init__.py",
        ];
        assert_eq!(told(&after, &before, &[]), expected);
    }

    #[test]
    fn half_of_a_file_is_enough() {
        let old = [("old.py", "aaaa\nbbbb\ncccc\ndddd\n")];
        assert_eq!(told(&[("new.py", "aaaa\nbbbb\nxxxx\nyyyy\n")], &old, &[]), ["new.py < old.py"]);
        assert_eq!(told(&[("new.py", "aaaa\r\nbbbb\r\n")], &old, &[]), ["new.py < old.py"]);
        assert_eq!(told(&[("new.py", "aaaa\nxxxx\nyyyy\nzzzz\n")], &old, &[]), [""; 0]);
        assert_eq!(told(&[("new.py", "")], &old, &[]), [""; 0]);
    }

    #[test]
    fn what_is_gone_has_one_new_name_and_what_is_left_is_a_copy() {
        let text = "aaaa\nbbbb\ncccc\n";
        let near = "aaaa\nbbbb\nxxxx\n";
        let added = [("a.py", near), ("b.py", text), ("c.py", text)];
        let expected = ["a.py + old.py", "b.py < old.py", "c.py + old.py"];
        assert_eq!(told(&added, &[("old.py", text)], &[]), expected);
        assert_eq!(told(&added[..1], &[], &[("old.py", text)]), ["a.py + old.py"]);
    }

    #[test]
    fn of_too_many_files_only_namesakes_are_compared() {
        let names: Vec<_> = (0..600).map(|number| format!("m{number}.py")).collect();
        let old: Vec<_> =
            names.iter().map(|name| (format!("a/{name}"), format!("{name}\nsame\nsame\n"))).collect();
        let new: Vec<_> =
            names.iter().map(|name| (format!("b/{name}"), format!("{name}\nsame\nsome\n"))).collect();
        let texts =
            |files: &'static [(String, String)]| files.iter().map(|(a, b)| (&**a, &**b)).collect::<Vec<_>>();
        let told = told(&texts(new.leak()), &texts(old.leak()), &[]);
        assert_eq!(told.len(), 600);
        assert!(told.iter().all(|line| line.replace("b/", "").replace("a/", "").split(" < ").is_sorted()));
        assert!(told.contains(&"b/m17.py < a/m17.py".to_owned()));
    }
}
