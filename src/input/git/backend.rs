//! Who reads the repository: libgit2, or the `git` program where that cannot.

use std::path::Path;

use super::ObjectId;
use super::environment::Place;
use super::library::{Library, Unsupported};
use super::program::Program;
use super::sides::{Index, Leaf, Untracked};
use crate::error::Error;
use crate::input::source::ReadFault;

/// The reader of a repository.
pub(super) enum Backend {
    Library(Library),
    Program(Program),
}

impl Backend {
    pub fn open(place: &Place) -> Result<Backend, Error> {
        match Library::open(place)? {
            Ok(library) => Ok(Backend::Library(library)),
            Err(Unsupported(why)) => Program::open(place, &why).map(Backend::Program),
        }
    }

    /// The work tree, canonical.
    pub fn root(&self) -> &Path {
        match self {
            Backend::Library(library) => &library.root,
            Backend::Program(program) => &program.root,
        }
    }

    /// The file of the index, which need not exist.
    pub fn index_file(&self) -> &Path {
        match self {
            Backend::Library(library) => &library.index_file,
            Backend::Program(program) => &program.index_file,
        }
    }

    /// The commit of `HEAD`; none where there is no commit yet.
    pub fn head(&self) -> Result<Option<ObjectId>, Error> {
        match self {
            Backend::Library(library) => library.head(),
            Backend::Program(program) => program.head(),
        }
    }

    /// The commit that a revision names, or what is wrong with it.
    pub fn resolve(&self, revision: &str) -> Result<Result<ObjectId, String>, Error> {
        match self {
            Backend::Library(library) => library.resolve(revision),
            Backend::Program(program) => program.resolve(revision),
        }
    }

    /// The best commit that is in both histories.
    pub fn merge_base(&self, one: ObjectId, other: ObjectId) -> Result<Option<ObjectId>, Error> {
        match self {
            Backend::Library(library) => library.merge_base(one, other),
            Backend::Program(program) => program.merge_base(one, other),
        }
    }

    /// Whether history ends early because it was not fetched whole.
    pub fn is_shallow(&self) -> bool {
        match self {
            Backend::Library(library) => library.is_shallow(),
            Backend::Program(program) => program.is_shallow(),
        }
    }

    /// Every file of a commit, links and submodules too.
    pub fn tree(&self, commit: ObjectId) -> Result<Vec<Leaf>, Error> {
        match self {
            Backend::Library(library) => library.tree(commit),
            Backend::Program(program) => program.tree(commit),
        }
    }

    /// What a commit has at a path.
    pub fn at(&self, commit: ObjectId, path: &[u8]) -> Result<Option<Leaf>, Error> {
        match self {
            Backend::Library(library) => library.at(commit, path),
            Backend::Program(program) => program.at(commit, path),
        }
    }

    /// The index, sorted by path.
    pub fn index(&self) -> Result<Index, Error> {
        match self {
            Backend::Library(library) => library.index(),
            Backend::Program(program) => program.index(),
        }
    }

    /// The files of the work tree that git does not know and does not ignore, in no particular order.
    pub fn untracked(&self, index: &Index) -> Result<Untracked, Error> {
        match self {
            Backend::Library(library) => library.untracked(index),
            Backend::Program(program) => program.untracked(),
        }
    }

    /// The bytes of a blob of at most `max_bytes` bytes.
    pub fn blob(&self, id: ObjectId, max_bytes: u64) -> Result<Vec<u8>, ReadFault> {
        match self {
            Backend::Library(library) => library.blob(id, max_bytes),
            Backend::Program(program) => program.blob(id, max_bytes),
        }
    }
}
