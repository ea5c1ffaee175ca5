//! Which file is the config of a scan, and its bytes.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{Config, parse};
use crate::error::Error;
use crate::input::files::common_folder;
use crate::input::source;

/// The names of a config of its own.
pub const OWN: [&str; 2] = ["backend-audit.toml", ".backend-audit.toml"];

/// The file that may have the config in a table.
pub const PYPROJECT: &str = "pyproject.toml";

/// Larger configs are refused, in bytes.
const LIMIT: u64 = 1 << 20;

/// Which config counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The nearest one: in the folder that holds all that is scanned, or in one above it, up to the root of the
    /// repository.
    Nearest,
    /// This file.
    File(PathBuf),
    /// None.
    None,
}

/// Finds, reads and parses the config for a scan of `targets`, which exist. `None` where there is none.
pub fn load(which: &Which, targets: &[PathBuf]) -> Result<Option<Config>, Error> {
    let common = match which {
        Which::None => return Ok(None),
        Which::Nearest | Which::File(_) => common_folder(targets)?,
    };
    let found = match which {
        Which::File(path) => by_hand(path).map(Some)?,
        _ => nearest(&common)?,
    };
    Ok(found.map(|(folder, config)| {
        let base = common.starts_with(&folder).then(|| folder.clone());
        Config { folder, base, ..config }
    }))
}

/// A config with the absolute folder of its file.
type Found = (PathBuf, Config);

fn by_hand(path: &Path) -> Result<Found, Error> {
    let bytes = read(path)?;
    let config = parse(path, &bytes)?.ok_or_else(|| Error::Config {
        path: path.to_owned(),
        at: None,
        reason: "there is no `[tool.backend-audit]` in it".to_owned(),
        hint: "`backend-audit init --pyproject` adds one".to_owned(),
    })?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().map_err(|source| Error::Read { path: folder.to_owned(), source })?;
    Ok((folder, config))
}

fn nearest(common: &Path) -> Result<Option<Found>, Error> {
    for folder in common.ancestors() {
        let mut own = Vec::new();
        for name in OWN {
            own.extend(Some(folder.join(name)).filter(|path| is_there(path)));
        }
        if let [one, other] = &own[..] {
            return Err(Error::Config {
                path: shown(one),
                at: None,
                reason: format!("`{}` is there too", shown(other).display()),
                hint: "keep one of the two".to_owned(),
            });
        }
        let pyproject = Some(folder.join(PYPROJECT)).filter(|path| is_there(path));
        if let Some(path) = own.into_iter().next().or(pyproject)
            && let Some(config) = parse(&shown(&path), &read(&path)?)?
        {
            return Ok(Some((folder.to_owned(), config)));
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    Ok(None)
}

/// Whether anything is there, be it a link that leads nowhere or a folder that may not be looked into: only what is
/// surely missing is passed over.
fn is_there(path: &Path) -> bool {
    match fs::symlink_metadata(path) {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

/// The bytes of a config, 1 MiB at most. What is no regular file is never opened.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    source::read_bytes(path, LIMIT).map_err(|fault| {
        let hint = match fault.id {
            "file-too-large" => "a config is small: shorten it, or exclude whole folders",
            "not-a-file" => "put a file in its place, or name another with `--config FILE`",
            _ => "check the path and its permissions; `--isolated` goes without a config",
        };
        Error::Config { path: shown(path), at: None, reason: fault.message, hint: hint.to_owned() }
    })
}

/// How messages name a file: relative to the current folder where it is below it.
fn shown(path: &Path) -> PathBuf {
    let current = std::env::current_dir().unwrap_or_default();
    let below = path.strip_prefix(current).ok().filter(|below| !below.as_os_str().is_empty());
    below.unwrap_or(path).to_owned()
}
