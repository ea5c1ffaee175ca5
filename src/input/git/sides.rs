//! The two states of a tree, from what a backend lists and what stands on disk.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::disk::{self, Disk, Found, Stat};
use super::{Content, Entry, ObjectId, Side, fault};
use crate::error::Error;
use crate::finding::{Notice, NoticeKind};
use crate::input::source;

/// Larger files whose times tell nothing are taken for changed, unread. In bytes.
const LARGEST_COMPARED: u64 = 16 << 20;

/// The kind of an entry, as modes have it.
const KIND: u32 = 0o170_000;
const REGULAR: u32 = 0o100_000;
const SUBMODULE: u32 = 0o160_000;

/// A file of a commit.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub path: Vec<u8>,
    pub mode: u32,
    pub id: ObjectId,
}

impl Leaf {
    pub fn is_regular(&self) -> bool {
        self.mode & KIND == REGULAR
    }
}

/// The index.
#[derive(Debug)]
pub(super) struct Index {
    /// Sorted by path.
    pub entries: Vec<Tracked>,
    /// The file that it was read from; none where there is none.
    pub written: Option<Metadata>,
}

/// An entry of the index.
#[derive(Debug)]
pub(super) struct Tracked {
    pub path: Vec<u8>,
    pub mode: u32,
    pub id: ObjectId,
    /// Whether it is one of several that a merge left for the path.
    pub in_conflict: bool,
    /// Whether it is not checked out.
    pub skip_worktree: bool,
    /// Whether only its name is in the index: the next commit will not have it.
    pub intent_to_add: bool,
    /// When the file on disk is what the index has, for sure.
    pub sure: Sure,
}

/// When a file on disk is what the index has.
#[derive(Debug)]
pub(super) enum Sure {
    /// While it looks like this.
    While(Stat),
    /// It is, or that is not known.
    Is(bool),
}

impl Index {
    /// What it has for a path; one of several entries where a merge left them.
    pub fn get(&self, path: &[u8]) -> Option<&Tracked> {
        self.entries.get(self.entries.binary_search_by(|entry| entry.path.as_slice().cmp(path)).ok()?)
    }

    /// Whether it has a path that starts so.
    pub fn has_below(&self, folder: &[u8]) -> bool {
        let from = self.entries.partition_point(|entry| entry.path.as_slice() < folder);
        self.entries.get(from).is_some_and(|entry| entry.path.starts_with(folder))
    }

    /// A path that is there twice though no merge left it, as no whole index has.
    pub fn twice(&self) -> Option<&[u8]> {
        let pairs = self.entries.array_windows::<2>();
        let mut wrong = pairs.filter(|[a, b]| a.path == b.path && !(a.in_conflict && b.in_conflict));
        wrong.next().map(|[a, _]| a.path.as_slice())
    }

    fn is_sure(&self, entry: &Tracked, file: Option<&Metadata>) -> bool {
        match (&entry.sure, file, &self.written) {
            (Sure::While(stat), Some(file), Some(written)) => stat.holds(file, written),
            (Sure::Is(sure), Some(_), _) => *sure,
            _ => false,
        }
    }
}

/// What the work tree has that git does not know and does not ignore.
#[derive(Debug, Default)]
pub(super) struct Untracked {
    pub files: Vec<Vec<u8>>,
    /// Repositories in the repository.
    pub nested: u32,
    pub unreadable: Vec<Vec<u8>>,
}

impl Untracked {
    /// Adds what was listed; a repository of its own ends in `/`.
    pub fn add(&mut self, path: &[u8]) {
        if path.ends_with(b"/") {
            self.nested += 1;
        } else {
            self.files.push(path.to_owned());
        }
    }
}

/// A file of a side.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub path: Vec<u8>,
    pub content: Content,
    pub id: Option<ObjectId>,
    pub executable: bool,
}

/// What a side leaves out.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub skipped: BTreeMap<&'static str, u32>,
    pub notices: Vec<Notice>,
}

impl Left {
    fn skip(&mut self, reason: &'static str) {
        *self.skipped.entry(reason).or_default() += 1;
    }

    /// Notes a folder that could not be looked into.
    fn unreadable(&mut self, path: &[u8]) {
        self.notices.push(Notice {
            path: Some(Arc::from(disk::shown(path).trim_end_matches('/'))),
            line: None,
            kind: NoticeKind::Incomplete,
            id: "folder-unreadable",
            message: "it cannot be read, so files that git does not know yet may be missing".to_owned(),
        });
    }
}

/// The state of a commit; none is an empty tree.
pub(super) fn of_commit(root: &Path, leaves: Vec<Leaf>) -> Result<Vec<Item>, Error> {
    let regular = leaves.into_iter().filter(Leaf::is_regular);
    let item = |leaf: Leaf| Item {
        content: Content::Blob(leaf.id),
        id: Some(leaf.id),
        executable: leaf.mode & 0o111 != 0,
        path: leaf.path,
    };
    let mut items: Vec<Item> = regular.map(item).collect();
    // Git writes them so, but a tree may be made by hand.
    items.sort_by(|a, b| a.path.cmp(&b.path));
    items.dedup_by(|a, b| a.path == b.path);
    check(root, items.iter().map(|item| &item.path))?;
    Ok(items)
}

/// The state that the index holds: what the next commit would be. What is unchanged against `base` and on disk as
/// it is in the index is read from there on both sides.
pub(super) fn of_index(
    root: &Path,
    index: &Index,
    base: &mut [Item],
    left: &mut Left,
) -> Result<Vec<Item>, Error> {
    let mut conflicts: Vec<_> = index.entries.iter().filter(|entry| entry.in_conflict).collect();
    if !conflicts.is_empty() {
        conflicts.dedup_by(|a, b| a.path == b.path);
        let names: Vec<_> = conflicts.iter().map(|entry| disk::shown(&entry.path)).collect();
        return Err(fault::conflicts(root, &names));
    }
    check(root, index.entries.iter().map(|entry| &entry.path))?;
    let mut disk = Disk::new(root);
    let mut head = Vec::with_capacity(index.entries.len());
    let mut before = base.iter_mut().peekable();
    for entry in &index.entries {
        if let Some(reason) = entry.left_out() {
            left.skip(reason);
            continue;
        }
        let mut item = entry.item(Content::Blob(entry.id), Some(entry.id));
        while before.next_if(|old| old.path < entry.path).is_some() {}
        if let Some(old) = before.next_if(|old| old.path == entry.path)
            && old.id == item.id
            && let Found::File(file) = disk.look(&entry.path)
            && index.is_sure(entry, file.as_ref())
        {
            item.content = Content::Disk(disk.path(&entry.path));
            old.content = item.content.clone();
        }
        head.push(item);
    }
    Ok(head)
}

/// The state of the work tree. What is unchanged against `base` is read from there on both sides.
pub(super) fn of_worktree(
    root: &Path,
    index: &Index,
    untracked: Untracked,
    base: &mut [Item],
    left: &mut Left,
) -> Result<Vec<Item>, Error> {
    check(root, index.entries.iter().map(|entry| &entry.path))?;
    let mut disk = Disk::new(root);
    let mut head = Vec::with_capacity(index.entries.len() + untracked.files.len());
    let mut last: Option<&[u8]> = None;
    for entry in index.entries.iter().filter(|entry| last.replace(&entry.path) != Some(&entry.path)) {
        let found = disk.look(&entry.path);
        match found {
            Found::File(file) => {
                let sure = !entry.in_conflict && index.is_sure(entry, file.as_ref());
                let item = entry.item(Content::Disk(disk.path(&entry.path)), sure.then_some(entry.id));
                head.push(Candidate { item, index: (!entry.in_conflict).then_some(entry.id) });
            }
            _ if entry.is_submodule() => left.skip("submodules"),
            Found::Link => left.skip("symlinks"),
            Found::Special => left.skip("special files"),
            Found::Absent if entry.skip_worktree && entry.mode & KIND == REGULAR => {
                head.push(Candidate {
                    item: entry.item(Content::Blob(entry.id), Some(entry.id)),
                    index: None,
                });
            }
            Found::Folder | Found::Absent => {}
        }
    }
    add_untracked(index, untracked, &mut disk, &mut head, left);
    Ok(recognise(head, base))
}

/// A file of the work tree, and what the index has for it where that may still be what it is.
struct Candidate {
    item: Item,
    index: Option<ObjectId>,
}

fn add_untracked(
    index: &Index,
    untracked: Untracked,
    disk: &mut Disk<'_>,
    head: &mut Vec<Candidate>,
    left: &mut Left,
) {
    for _ in 0..untracked.nested {
        left.skip("nested repositories");
    }
    for path in &untracked.unreadable {
        left.unreadable(path);
    }
    // The program lists a file that became a link as new.
    for path in untracked.files.into_iter().filter(|path| index.get(path).is_none() && disk::is_valid(path)) {
        match disk.look(&path) {
            Found::File(file) => {
                let content = Content::Disk(disk.path(&path));
                let executable = file.as_ref().is_some_and(is_executable);
                head.push(Candidate { item: Item { path, content, id: None, executable }, index: None });
            }
            Found::Link => left.skip("symlinks"),
            Found::Special => left.skip("special files"),
            Found::Folder | Found::Absent => {}
        }
    }
    head.sort_by(|a, b| a.item.path.cmp(&b.item.path));
    head.dedup_by(|a, b| a.item.path == b.item.path);
}

#[cfg(unix)]
fn is_executable(file: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    false
}

/// Finds the files of the work tree that are what the base or the index has, by their content where their times do
/// not tell, and makes both sides read what is unchanged from the same place.
fn recognise(head: Vec<Candidate>, base: &mut [Item]) -> Vec<Item> {
    let known: rustc_hash::FxHashMap<&[u8], ObjectId> =
        base.iter().filter_map(|old| Some((old.path.as_slice(), old.id?))).collect();
    let head: Vec<Item> = head
        .into_par_iter()
        .map(|Candidate { mut item, index }| {
            if item.id.is_none() {
                let before = known.get(item.path.as_slice()).copied();
                item.id = identify(&item.content, [before, index]);
            }
            item
        })
        .collect();
    let mut now = head.iter().peekable();
    for old in base {
        while now.next_if(|new| new.path < old.path).is_some() {}
        if let Some(new) = now.next_if(|new| new.path == old.path)
            && new.id == old.id
        {
            old.content = new.content.clone();
        }
    }
    head
}

/// Which of these blobs a file is, byte for byte or but for line ends, which git may convert on the way.
fn identify(content: &Content, candidates: [Option<ObjectId>; 2]) -> Option<ObjectId> {
    let Content::Disk(path) = content else { return None };
    let some = candidates.into_iter().flatten().next()?;
    let bytes = source::read_bytes(path, LARGEST_COMPARED).ok()?;
    let is_known = |id: &ObjectId| candidates.contains(&Some(*id));
    let raw = some.like(&bytes).filter(is_known);
    raw.or_else(|| some.like(&unix_lines(&bytes)?).filter(is_known))
}

/// The same text with `\n` at the end of lines that end in `\r\n`; none where there is no such line.
fn unix_lines(bytes: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find(bytes, b"\r\n")?;
    let mut text = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => text.extend(line.iter().chain(b"\n")),
            None => text.extend(line),
        }
    }
    Some(text)
}

impl Tracked {
    pub fn is_submodule(&self) -> bool {
        self.mode & KIND == SUBMODULE
    }

    /// Why no commit of the index has a regular file of it.
    fn left_out(&self) -> Option<&'static str> {
        match self.mode & KIND {
            _ if self.intent_to_add => Some("files marked to be added later"),
            REGULAR => None,
            SUBMODULE => Some("submodules"),
            _ => Some("symlinks"),
        }
    }

    fn item(&self, content: Content, id: Option<ObjectId>) -> Item {
        Item { path: self.path.clone(), content, id, executable: self.mode & 0o111 != 0 }
    }
}

/// Refuses paths that lead out of the work tree.
fn check<'a>(root: &Path, mut paths: impl Iterator<Item = &'a Vec<u8>>) -> Result<(), Error> {
    match paths.find(|path| !disk::is_valid(path)) {
        Some(path) => Err(fault::bad_path(root, &disk::shown(path))),
        None => Ok(()),
    }
}

/// A side as it is told.
pub(super) fn side(items: Vec<Item>) -> Side {
    let entry = |item: Item| Entry {
        path: shared(&item.path),
        content: item.content,
        id: item.id,
        executable: item.executable,
    };
    let mut entries: Vec<Entry> = items.into_iter().map(entry).collect();
    // Bytes that are not UTF-8 are shown as others, and so may sort elsewhere.
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Side { entries }
}

/// A path as it is told.
pub(super) fn shared(path: &[u8]) -> Arc<str> {
    std::str::from_utf8(path).map_or_else(|_| Arc::from(disk::shown(path)), Arc::from)
}
