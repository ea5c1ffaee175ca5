//! The config that a commit has: that of who judges, not of what is judged.

use std::path::{Path, PathBuf};

use super::{Config, OWN, PYPROJECT, parse};
use crate::error::Error;
use crate::input::files::common_folder;
use crate::input::git::Repository;

/// Reads the config for a scan of `targets`, which exist, from a commit: `file`, or the nearest one as
/// [`load`](super::load) finds it. `None` where the commit has none, so that the defaults hold.
pub fn load_at(revision: &str, file: Option<&Path>, targets: &[PathBuf]) -> Result<Option<Config>, Error> {
    let repository = Repository::open(targets)?;
    // An unknown revision is an error even where no file is asked for.
    repository.resolve(revision)?;
    let common = common_folder(targets)?;
    let read = |path: &Path| -> Result<Option<Config>, Error> {
        let Some(bytes) = repository.read_at(revision, path)? else { return Ok(None) };
        let Some(config) = parse(path, &bytes)? else { return Ok(None) };
        let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
        let base = common.starts_with(&folder).then(|| folder.clone());
        Ok(Some(Config { folder, base, ..config }))
    };
    if let Some(file) = file {
        return read(&std::path::absolute(file).unwrap_or_else(|_| file.to_owned()));
    }
    for folder in common.ancestors().take_while(|folder| folder.starts_with(repository.root())) {
        for name in OWN.into_iter().chain([PYPROJECT]) {
            if let Some(config) = read(&folder.join(name))? {
                return Ok(Some(config));
            }
        }
    }
    Ok(None)
}
