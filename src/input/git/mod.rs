//! A change, through git: both states of the whole tree, what differs, and the bytes of either. libgit2 reads the
//! repository; where it cannot, the `git` program does, with everything off by which a repository runs programs.
//! What cannot be told for sure is an error, never an empty change.

mod backend;
mod cat;
mod change;
mod command;
mod differences;
mod disk;
mod environment;
mod fault;
mod hunks;
mod library;
mod object;
mod program;
mod renames;
mod sides;
mod untracked;

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::input::source::{self, ReadFault};
use backend::Backend;
use environment::Place;
use sides::{Index, Item, Left};

pub use change::{Change, Changed, Changes, Content, Entry, Side, Status};
pub use object::ObjectId;

/// Larger files are not compared line by line, in bytes.
const LARGEST_COMPARED: u64 = 16 << 20;

/// Larger files are not read from a commit, in bytes.
const LARGEST_READ: u64 = 256 << 20;

/// A repository and its work tree. May be used by several threads at once.
pub struct Repository {
    backend: Backend,
}

impl fmt::Debug for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repository").field("root", &self.root()).finish_non_exhaustive()
    }
}

impl Repository {
    /// Opens the repository that all these paths are in; that of the current folder where there are none. Where
    /// git's environment names a repository, as for a hook, it is that one and its index, and the paths have to be
    /// in its work tree. Paths need not exist.
    ///
    /// An error where there is none, or several; where it has no work tree; where it belongs to another user.
    pub fn open(paths: &[PathBuf]) -> Result<Repository, Error> {
        Ok(Repository { backend: Backend::open(&Place::of(paths)?)? })
    }

    /// The work tree, absolute, no part of it a symbolic link.
    pub fn root(&self) -> &Path {
        self.backend.root()
    }

    /// Both sides of a change, and what differs.
    ///
    /// An error where a side cannot be told for sure: a merge with conflicts, an unknown revision, histories
    /// without a common commit, a damaged repository.
    pub fn changes(&self, change: &Change) -> Result<Changes, Error> {
        let (commit, description) = self.compared(change)?;
        let leaves = commit.map(|commit| self.backend.tree(commit)).transpose()?.unwrap_or_default();
        let mut base = sides::of_commit(self.root(), leaves)?;
        let index = self.index(commit)?;
        let mut left = Left::default();
        let head = match change {
            Change::Staged => sides::of_index(self.root(), &index, &mut base, &mut left)?,
            Change::Worktree | Change::Since(_) => {
                let untracked = self.backend.untracked(&index)?;
                sides::of_worktree(self.root(), &index, untracked, &mut base, &mut left)?
            }
        };
        let changed = differences::between(&base, &head, &|item| self.read_item(item));
        left.notices.sort();
        Ok(Changes {
            root: self.root().to_owned(),
            base: sides::side(base),
            head: sides::side(head),
            changed,
            skipped: left.skipped.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect(),
            notices: left.notices,
            description,
        })
    }

    /// The lines of the new side of a file that a change added or rewrote: 1-based, in ranges that are sorted and
    /// apart. Lines end at `\n`, `\r\n` or `\r`, however a commit ends them. All of them, up to `u32::MAX`, where the
    /// file is new or cannot be compared; none where it is gone.
    pub fn changed_lines(&self, changed: &Changed) -> Vec<Range<u32>> {
        let read = |content: &Content| self.read(content, LARGEST_COMPARED).ok();
        match (&changed.old, &changed.new) {
            (_, None) => Vec::new(),
            (None, Some(_)) => vec![hunks::ALL],
            (Some(old), Some(new)) => match (read(old), read(new)) {
                (Some(old), Some(new)) => hunks::changed_lines(old, new),
                _ => vec![hunks::ALL],
            },
        }
    }

    /// The bytes of a file of a side, of at most `max_bytes` bytes.
    pub fn read(&self, content: &Content, max_bytes: u64) -> Result<Vec<u8>, ReadFault> {
        match content {
            Content::Disk(path) => source::read_bytes(path, max_bytes),
            Content::Blob(id) => self.read_blob(*id, max_bytes),
        }
    }

    /// The bytes of a blob of at most `max_bytes` bytes. Nothing is fetched for it.
    pub fn read_blob(&self, id: ObjectId, max_bytes: u64) -> Result<Vec<u8>, ReadFault> {
        self.backend.blob(id, max_bytes)
    }

    /// The bytes that a revision has for a file; none where it has no such file. The path may be relative to the
    /// current folder, and need not exist in the work tree.
    pub fn read_at(&self, revision: &str, path: &Path) -> Result<Option<Vec<u8>>, Error> {
        let below = environment::below(self.root(), path)?;
        let commit = self.resolve(revision)?;
        let Some(leaf) = self.backend.at(commit, &below)? else { return Ok(None) };
        if !leaf.is_regular() {
            return Err(fault::not_a_file(self.root(), revision, &disk::shown(&below)));
        }
        let read = self.read_blob(leaf.id, LARGEST_READ);
        read.map(Some)
            .map_err(|fault| fault::unread(self.root(), revision, &disk::shown(&below), &fault.message))
    }

    /// The commit that a revision names, in any spelling that git has for one: `main`, `v1.2`, `HEAD^1`, `1a2b3c4`.
    pub fn resolve(&self, revision: &str) -> Result<ObjectId, Error> {
        let resolve = |revision: &str| match revision {
            "" => Ok(Err("it is empty".to_owned())),
            // The program would take it for an option.
            _ if revision.starts_with('-') => Ok(Err("it begins with `-`".to_owned())),
            _ if revision.contains(['\0', '\n']) => Ok(Err("it is no line of text".to_owned())),
            _ => self.backend.resolve(revision),
        };
        resolve(revision)?.map_err(|said| {
            let remote = matches!(resolve(&format!("origin/{revision}")), Ok(Ok(_)));
            fault::revision(self.root(), revision, &said, self.backend.is_shallow(), remote)
        })
    }

    /// The commit that a change starts from, and what is compared, for people.
    fn compared(&self, change: &Change) -> Result<(Option<ObjectId>, String), Error> {
        let head = self.backend.head()?;
        let before = if head.is_some() { "HEAD" } else { "an empty tree, as there is no commit yet" };
        match change {
            Change::Staged => Ok((head, format!("index against {before}"))),
            Change::Worktree => Ok((head, format!("work tree against {before}"))),
            Change::Since(revision) => {
                let head = head.ok_or_else(|| fault::no_commit(self.root()))?;
                let other = self.resolve(revision)?;
                let base = self
                    .backend
                    .merge_base(other, head)?
                    .ok_or_else(|| fault::no_merge_base(self.root(), revision, self.backend.is_shallow()))?;
                let description = format!("work tree against merge base {} of {revision}", base.short());
                Ok((Some(base), description))
            }
        }
    }

    /// The index. That it is not there is right only before the first commit.
    fn index(&self, commit: Option<ObjectId>) -> Result<Index, Error> {
        let index = self.backend.index()?;
        let named = environment::variable("GIT_INDEX_FILE").is_some();
        if index.written.is_none() && (named || commit.is_some()) {
            return Err(fault::no_index(self.root(), self.backend.index_file()));
        }
        if let Some(path) = index.twice() {
            return Err(fault::twice(self.root(), &disk::shown(path)));
        }
        Ok(index)
    }

    /// The bytes of a file, to find what it comes from.
    fn read_item(&self, item: &Item) -> Option<Vec<u8>> {
        self.read(&item.content, renames::LARGEST).ok()
    }
}

/// A blob that could not be read.
fn unreadable(id: ObjectId, error: &dyn fmt::Display) -> ReadFault {
    let message = format!("git's object {} cannot be read: {error}", id.short());
    ReadFault { id: "file-unreadable", message }
}
