//! A repository as libgit2 reads it: no program is run, and nothing is written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use git2::{ErrorCode, ObjectType, Oid};

use super::disk::Stat;
use super::environment::{Place, index_file};
use super::sides::{Index, Leaf, Sure, Tracked, Untracked};
use super::{ObjectId, fault, untracked};
use crate::error::Error;
use crate::input::source::ReadFault;

/// Flags of an entry of the index. That it is to be assumed unchanged is not believed.
const STAGE: u16 = 0x3000;
const INTENT_TO_ADD: u16 = 1 << 13;
const SKIP_WORKTREE: u16 = 1 << 14;

/// No work tree has more entries, or longer paths in bytes.
const MOST_FILES: usize = 5_000_000;
const LONGEST_PATH: usize = 4096;

/// What libgit2 says of a repository that it cannot read, though git can.
const UNSUPPORTED: [&str; 4] = [
    "unsupported extension name",
    "unsupported mandatory extension",
    "unsupported repository version",
    "unknown object format",
];

/// A repository that libgit2 can read.
pub(super) struct Library {
    pub root: PathBuf,
    pub index_file: PathBuf,
    place: Place,
    /// Handles that no thread uses just now. One handle serves one thread at a time.
    handles: Mutex<Vec<git2::Repository>>,
}

/// A repository that only the program can read, and why.
pub(super) struct Unsupported(pub String);

impl Library {
    /// Opens a repository.
    pub fn open(place: &Place) -> Result<Result<Library, Unsupported>, Error> {
        let above = place.top.as_deref().unwrap_or(&place.start);
        let handle = match handle(place) {
            Ok(handle) => handle,
            Err(error) if is_unsupported(&error) => return Ok(Err(Unsupported(error.message().to_owned()))),
            Err(error) if error.code() == ErrorCode::NotFound => {
                return Err(Error::NoRepository(place.start.clone()));
            }
            Err(error) => return Err(fault::of_library(above, &error)),
        };
        let Some(root) = handle.workdir() else { return Err(fault::bare(handle.path())) };
        let root = root.canonicalize().map_err(|source| Error::Read { path: root.to_owned(), source })?;
        place.check(&root)?;
        let index_file = index_file(&root).unwrap_or_else(|| handle.path().join("index"));
        match git2::Index::open(&index_file) {
            Err(error) if is_unsupported(&error) => return Ok(Err(Unsupported(error.message().to_owned()))),
            Err(error) => return Err(fault::of_library(&root, &error)),
            Ok(_) => {}
        }
        Ok(Ok(Library { root, index_file, place: place.clone(), handles: Mutex::new(vec![handle]) }))
    }

    /// The commit of `HEAD`; none where there is no commit yet.
    pub fn head(&self) -> Result<Option<ObjectId>, Error> {
        self.with(|handle| match handle.head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => Ok(Some(plain(commit.id()))),
            Err(error) if error.code() == ErrorCode::UnbornBranch => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// The commit that a revision names, or what is wrong with it.
    pub fn resolve(&self, revision: &str) -> Result<Result<ObjectId, String>, Error> {
        self.with(|handle| {
            let found = handle.revparse_single(revision).and_then(|object| object.peel_to_commit());
            Ok(found.map(|commit| plain(commit.id())).map_err(|error| error.message().to_owned()))
        })
    }

    /// The best commit that is in both histories.
    pub fn merge_base(&self, one: ObjectId, other: ObjectId) -> Result<Option<ObjectId>, Error> {
        self.with(|handle| match handle.merge_base(oid(one)?, oid(other)?) {
            Ok(base) => Ok(Some(plain(base))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error),
        })
    }

    /// Whether history ends early because it was not fetched whole.
    pub fn is_shallow(&self) -> bool {
        self.with(|handle| Ok(handle.is_shallow())).unwrap_or_default()
    }

    /// Every file of a commit, sorted by path.
    pub fn tree(&self, commit: ObjectId) -> Result<Vec<Leaf>, Error> {
        self.with(|handle| {
            let tree = handle.find_commit(oid(commit)?)?.tree_id();
            let mut walk = Walk { handle, path: Vec::new(), seen: 0, leaves: Vec::new() };
            walk.collect(tree)?;
            Ok(walk.leaves)
        })
    }

    /// What a commit has at a path.
    pub fn at(&self, commit: ObjectId, path: &[u8]) -> Result<Option<Leaf>, Error> {
        self.with(|handle| {
            let mut found = None;
            let mut tree = handle.find_commit(oid(commit)?)?.tree_id();
            for part in path.split(|&byte| byte == b'/') {
                let folder = match handle.find_tree(tree) {
                    Ok(folder) => folder,
                    Err(_) if found.is_some() => return Ok(None),
                    Err(error) => return Err(error),
                };
                let Some(entry) = folder.iter().find(|entry| entry.name_bytes() == part) else {
                    return Ok(None);
                };
                tree = entry.id();
                found = Some((mode(entry.filemode()), plain(entry.id())));
            }
            Ok(found.map(|(mode, id)| Leaf { path: path.to_owned(), mode, id }))
        })
    }

    /// The index.
    pub fn index(&self) -> Result<Index, Error> {
        let written = fs::metadata(&self.index_file).ok();
        let index = git2::Index::open(&self.index_file).map_err(|error| self.fault(&error))?;
        let tracked = |entry: git2::IndexEntry| Tracked {
            mode: entry.mode,
            id: plain(entry.id),
            in_conflict: entry.flags & STAGE != 0,
            skip_worktree: entry.flags_extended & SKIP_WORKTREE != 0,
            intent_to_add: entry.flags_extended & INTENT_TO_ADD != 0,
            sure: Sure::While(stat(&entry)),
            path: entry.path,
        };
        let mut entries: Vec<Tracked> = index.iter().map(tracked).collect();
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Index { entries, written })
    }

    /// The files of the work tree that git does not know and does not ignore.
    pub fn untracked(&self, index: &Index) -> Result<Untracked, Error> {
        self.with(|handle| untracked::walk(&self.root, index, |path| handle.is_path_ignored(path)))
    }

    /// The bytes of a blob.
    pub fn blob(&self, id: ObjectId, max_bytes: u64) -> Result<Vec<u8>, ReadFault> {
        let read = self.with(|handle| {
            let odb = handle.odb()?;
            let id = oid(id)?;
            let (size, kind) = odb.read_header(id)?;
            if kind != ObjectType::Blob {
                return Err(git2::Error::from_str("it is no file"));
            }
            if size as u64 > max_bytes {
                return Ok(None);
            }
            Ok(Some(odb.read(id)?.data().to_owned()))
        });
        match read {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(ReadFault::too_large(max_bytes)),
            Err(error) => Err(super::unreadable(id, &error)),
        }
    }

    /// Runs with a handle of its own, kept for the next.
    fn with<T>(&self, work: impl FnOnce(&git2::Repository) -> Result<T, git2::Error>) -> Result<T, Error> {
        let kept = self.handles.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let done = match kept {
            Some(handle) => Ok(handle),
            None => handle(&self.place),
        }
        .and_then(|handle| {
            let done = work(&handle);
            self.handles.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
            done
        });
        done.map_err(|error| self.fault(&error))
    }

    fn fault(&self, error: &git2::Error) -> Error {
        fault::of_library(&self.root, error)
    }
}

fn handle(place: &Place) -> Result<git2::Repository, git2::Error> {
    if place.hook {
        return git2::Repository::open_from_env();
    }
    let start = place.top.as_deref().unwrap_or(&place.start);
    // The environment may name configuration, too, but no place.
    git2::Repository::open_ext(start, git2::RepositoryOpenFlags::FROM_ENV, std::iter::empty::<&Path>())
}

fn is_unsupported(error: &git2::Error) -> bool {
    UNSUPPORTED.iter().any(|start| error.message().starts_with(start))
}

/// A walk over a tree.
struct Walk<'a> {
    handle: &'a git2::Repository,
    path: Vec<u8>,
    /// Entries seen: a few objects can claim to be a tree of billions.
    seen: usize,
    leaves: Vec<Leaf>,
}

impl Walk<'_> {
    /// Appends the files below a tree.
    fn collect(&mut self, tree: Oid) -> Result<(), git2::Error> {
        for entry in &self.handle.find_tree(tree)? {
            let length = self.path.len();
            self.path.extend_from_slice(entry.name_bytes());
            self.seen += 1;
            if self.seen > MOST_FILES || self.path.len() > LONGEST_PATH {
                return Err(git2::Error::from_str("a tree object is larger or deeper than any work tree"));
            }
            if entry.kind() == Some(ObjectType::Tree) {
                self.path.push(b'/');
                self.collect(entry.id())?;
            } else {
                let (path, mode, id) = (self.path.clone(), mode(entry.filemode()), plain(entry.id()));
                self.leaves.push(Leaf { path, mode, id });
            }
            self.path.truncate(length);
        }
        Ok(())
    }
}

fn stat(entry: &git2::IndexEntry) -> Stat {
    Stat {
        modified: (entry.mtime.seconds(), entry.mtime.nanoseconds()),
        changed: (entry.ctime.seconds(), entry.ctime.nanoseconds()),
        size: entry.file_size,
        inode: entry.ino,
        user: entry.uid,
        group: entry.gid,
    }
}

/// Modes are bits; libgit2's binding has them signed.
fn mode(bits: i32) -> u32 {
    bits.cast_unsigned()
}

fn plain(id: Oid) -> ObjectId {
    // An id of libgit2 has 20 bytes.
    ObjectId::from_bytes(id.as_bytes()).unwrap_or(ObjectId::ZERO)
}

fn oid(id: ObjectId) -> Result<Oid, git2::Error> {
    Oid::from_bytes(id.as_bytes())
}
