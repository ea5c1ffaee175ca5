//! Where the repository is: what git tells a hook by its environment, else what is found upward from a path.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::disk::{is_valid, stored};
use super::fault;
use crate::error::Error;

/// The variables by which git tells a hook where its repository is. A hook that looked for the repository by
/// itself would see another index than the commit that runs it: `git commit FILE` and `git commit -a` make one
/// of their own, and a linked work tree has another git folder than its `.git` says.
pub(super) const PLACES: [&str; 6] = [
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
];

/// What to open.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The folder that every given path is in, canonical.
    pub start: PathBuf,
    /// The innermost folder above the given paths that has a `.git`, canonical. None where the environment alone
    /// says what the work tree is.
    pub top: Option<PathBuf>,
    /// Whether git's environment names a repository.
    pub hook: bool,
}

impl Place {
    /// The place of paths, which need not exist and have to be in one repository.
    pub fn of(paths: &[PathBuf]) -> Result<Place, Error> {
        let current = PathBuf::from(".");
        let (first, others) = paths.split_first().unwrap_or((&current, &[]));
        let start = existing(first)?;
        let hook = PLACES.iter().any(|name| env::var_os(name).is_some());
        let mut place = Place { top: top_of(&start), start, hook };
        for path in others {
            let folder = existing(path)?;
            if top_of(&folder) != place.top {
                return Err(fault::several(first, path));
            }
            place.start = common(&place.start, &folder);
        }
        if place.top.is_none() && !hook {
            return Err(Error::NoRepository(place.start));
        }
        Ok(place)
    }

    /// Holds that the work tree that was opened is the one that the paths are in.
    pub fn check(&self, root: &Path) -> Result<(), Error> {
        let same = match &self.top {
            Some(top) => top == root,
            None => self.start.starts_with(root),
        };
        if same {
            return Ok(());
        }
        Err(if self.hook {
            fault::elsewhere(root, &self.start)
        } else {
            fault::odd_work_tree(root, &self.start)
        })
    }
}

/// The index that the environment names. A relative path is relative to the work tree, as for git, wherever the
/// hook went.
pub(super) fn index_file(root: &Path) -> Option<PathBuf> {
    variable("GIT_INDEX_FILE").map(|file| root.join(file))
}

/// A variable that is set and not empty.
pub(super) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// A path as git has it, relative to the work tree; it need not exist, and may be relative to the current folder.
pub(super) fn below(root: &Path, path: &Path) -> Result<Vec<u8>, Error> {
    let fault = |source| Error::Read { path: path.to_owned(), source };
    let absolute = std::path::absolute(path).map_err(fault)?;
    // Links above it are resolved, it itself is named as it is.
    let parent = absolute.ancestors().skip(1).find_map(|part| Some((part, part.canonicalize().ok()?)));
    let rest = parent.and_then(|(part, real)| Some(real.join(absolute.strip_prefix(part).ok()?)));
    match rest.as_deref().and_then(|whole| whole.strip_prefix(root).ok()).map(stored) {
        Some(below) if is_valid(&below) => Ok(below),
        _ => Err(fault::outside(root, path)),
    }
}

/// The folder that a path is in, or is; of a path that does not exist, the nearest that does. Canonical.
fn existing(path: &Path) -> Result<PathBuf, Error> {
    let fault = |source| Error::Read { path: path.to_owned(), source };
    let path = std::path::absolute(path).map_err(fault)?;
    let found = path.ancestors().find_map(|part| part.canonicalize().ok());
    let found = found.unwrap_or(path);
    Ok(match found.parent() {
        Some(parent) if !found.is_dir() => parent.to_owned(),
        _ => found,
    })
}

fn top_of(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf)
}

fn common(one: &Path, other: &Path) -> PathBuf {
    one.ancestors().find(|ancestor| other.starts_with(ancestor)).unwrap_or(one).to_owned()
}
