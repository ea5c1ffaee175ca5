//! What a change is, as plain data.

use std::path::PathBuf;
use std::sync::Arc;

use super::ObjectId;
use crate::finding::Notice;

/// Which change to judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// What the next commit would add: the index against `HEAD`.
    Staged,
    /// What is not committed: the work tree, files that git does not know yet included, against `HEAD`.
    Worktree,
    /// What came since the histories of this revision and of `HEAD` parted: the work tree against their merge
    /// base.
    Since(String),
}

/// Where the bytes of a file are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// In this file, which is a regular one.
    Disk(PathBuf),
    /// In this object of the repository; see [`Repository::read_blob`](super::Repository::read_blob).
    Blob(ObjectId),
}

/// A file of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Path relative to the root, with `/` between parts; bytes that are not UTF-8 as `\xNN`.
    pub path: Arc<str>,
    /// Where its bytes are. Equal on both sides where the file is unchanged.
    pub content: Content,
    /// The name of its content, where git knows it: equal names, equal files. `None` for what is in the work
    /// tree only.
    pub id: Option<ObjectId>,
    /// Whether git marks it as a program.
    pub executable: bool,
}

/// One state of the whole tree: every regular file, Python or not, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// The files.
    pub entries: Vec<Entry>,
}

/// What a change did to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It is only in the head.
    Added,
    /// Its content differs. What only became executable is not changed.
    Modified,
    /// It is only in the base.
    Deleted,
    /// It is only in the head, and at least half of it is a file that is only in the base.
    Renamed,
    /// It is only in the head, and at least half of it is a file that the change modified or renamed.
    Copied,
}

/// A file that a change touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its path; in the base where it was deleted, else in the head.
    pub path: Arc<str>,
    /// The path in the base of what it is a new name or copy of.
    pub old_path: Option<Arc<str>>,
    /// What was done to it.
    pub status: Status,
    /// What it was: of itself, or of what it is a new name or copy of.
    pub old: Option<Content>,
    /// What it is.
    pub new: Option<Content>,
}

/// A change: both sides whole, and what differs.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The work tree, absolute, no part of it a symbolic link.
    pub root: PathBuf,
    /// The state before.
    pub base: Side,
    /// The state after.
    pub head: Side,
    /// What differs, sorted by path.
    pub changed: Vec<Changed>,
    /// What the head has and no side lists: a reason in the plural (`submodules`) and how often. Sorted by
    /// reason.
    pub skipped: Vec<(String, u32)>,
    /// What could not be looked into. Sorted.
    pub notices: Vec<Notice>,
    /// What was compared, for people: `index against HEAD`.
    pub description: String,
}
