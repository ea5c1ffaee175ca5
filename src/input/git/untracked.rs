//! The files of a work tree that git does not know, and does not ignore.

use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use super::disk::{native, stored};
use super::sides::{Index, Tracked, Untracked};

/// Lists them. libgit2 could do that, but says nothing of folders that it cannot read. `is_ignored` is asked about
/// what git does not know, as a path relative to the work tree.
pub(super) fn walk<E>(
    root: &Path,
    index: &Index,
    is_ignored: impl Fn(&Path) -> Result<bool, E>,
) -> Result<Untracked, E> {
    let mut walk = Walk { root, index, is_ignored, folders: vec![Vec::new()], found: Untracked::default() };
    while let Some(folder) = walk.folders.pop() {
        walk.enter(&folder)?;
    }
    Ok(walk.found)
}

struct Walk<'a, I> {
    root: &'a Path,
    index: &'a Index,
    is_ignored: I,
    /// Folders to enter, relative to the root; each ends in `/`, but for the root itself.
    folders: Vec<Vec<u8>>,
    found: Untracked,
}

impl<E, I: Fn(&Path) -> Result<bool, E>> Walk<'_, I> {
    fn enter(&mut self, folder: &[u8]) -> Result<(), E> {
        let entries = fs::read_dir(self.root.join(native(folder)));
        let entries: Vec<DirEntry> = match entries.and_then(Iterator::collect) {
            Ok(entries) => entries,
            Err(error) if is_gone(&error) => return Ok(()),
            Err(_) => {
                self.found.unreadable.push(folder.to_owned());
                return Ok(());
            }
        };
        for entry in entries {
            let mut path = folder.to_owned();
            path.extend(stored(Path::new(&entry.file_name())));
            if entry.file_name().eq_ignore_ascii_case(".git") {
                continue;
            }
            // What cannot be looked at any more is taken for a file, and said to be gone when it is read.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.folder(path)?;
            } else if self.index.get(&path).is_none() && !(self.is_ignored)(&native(&path))? {
                self.found.files.push(path);
            }
        }
        Ok(())
    }

    fn folder(&mut self, mut path: Vec<u8>) -> Result<(), E> {
        if self.index.get(&path).is_some_and(Tracked::is_submodule) {
            return Ok(());
        }
        path.push(b'/');
        if self.index.has_below(&path) {
            self.folders.push(path);
        } else if (self.is_ignored)(&native(&path))? {
            // Nothing in it counts.
        } else if is_repository(&self.root.join(native(&path))) {
            self.found.nested += 1;
        } else {
            self.folders.push(path);
        }
        Ok(())
    }
}

/// Whether a folder is the work tree of a repository, linked or not.
fn is_repository(folder: &Path) -> bool {
    let git = folder.join(".git");
    git.is_file() || git.join("HEAD").exists()
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
