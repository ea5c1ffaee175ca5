//! What discovery passes over: ignore files, `--exclude` patterns, and folders that hold no code of the project.

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder, gitconfig_excludes_path};

use super::files::Options;
use super::patterns::Patterns;
use crate::error::Error;

/// An ignore file is read up to this many bytes; hostile trees have no other way to make one expensive.
const MAX_IGNORE_FILE: u64 = 1 << 20;

/// Why a folder is passed over unless it was asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skip {
    Hidden,
    VirtualEnvironment,
    NodeModules,
    SitePackages,
    /// Caches and other folders that tools keep.
    Tool,
}

impl Skip {
    /// What is counted, in the plural.
    pub(super) fn label(self) -> &'static str {
        match self {
            Skip::Hidden => "hidden folders",
            Skip::VirtualEnvironment => "virtual environments",
            Skip::NodeModules => "`node_modules` folders",
            Skip::SitePackages => "`site-packages` folders",
            Skip::Tool => "tool and cache folders",
        }
    }

    /// What is counted, in the plural, where files are counted and not folders.
    pub(super) fn label_of_files(self) -> &'static str {
        match self {
            Skip::Hidden => "files in hidden folders",
            _ => "files in skipped folders",
        }
    }

    /// Judges a folder by its name alone.
    pub(super) fn of_name(name: &OsStr) -> Option<Self> {
        match name.as_encoded_bytes() {
            b"node_modules" => Some(Skip::NodeModules),
            b"site-packages" => Some(Skip::SitePackages),
            b".venv" => Some(Skip::VirtualEnvironment),
            b"__pycache__"
            | b".tox"
            | b".nox"
            | b".eggs"
            | b".mypy_cache"
            | b".pytest_cache"
            | b".ruff_cache"
            | b".ipynb_checkpoints" => Some(Skip::Tool),
            name if name.ends_with(b".egg-info") => Some(Skip::Tool),
            name if name.starts_with(b".") => Some(Skip::Hidden),
            _ => None,
        }
    }

    /// Judges a folder by its name and what lies in it. A folder named `venv` that is a package is no
    /// environment.
    pub(super) fn of_content(folder: &Path, found: Found) -> Option<Self> {
        let named = || folder.file_name().is_some_and(|name| name == "venv");
        (found.pyvenv || (named() && !found.package)).then_some(Skip::VirtualEnvironment)
    }

    /// Whether who asked for a folder that is skipped for this reason asked for one skipped for `inner`, too.
    pub(super) fn lifts(self, inner: Skip) -> bool {
        self == inner || (self == Skip::VirtualEnvironment && inner == Skip::SitePackages)
    }
}

/// The entries of a folder that change how it is read.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // five independent facts of one listing
pub(super) struct Found {
    /// `.ignore`, a regular file.
    ignore: bool,
    /// `.gitignore`, a regular file.
    gitignore: bool,
    /// `.git`, a folder or a file.
    git: bool,
    /// `pyvenv.cfg`
    pyvenv: bool,
    /// `__init__.py` or `__init__.pyi`
    package: bool,
}

impl Found {
    /// Takes notice of one entry of the folder.
    pub(super) fn see(&mut self, name: &OsStr, regular: bool) {
        match name.as_encoded_bytes() {
            b".ignore" => self.ignore = regular,
            b".gitignore" => self.gitignore = regular,
            b".git" => self.git = true,
            b"pyvenv.cfg" => self.pyvenv = true,
            b"__init__.py" | b"__init__.pyi" => self.package = true,
            _ => {}
        }
    }

    /// Looks for the entries of a folder whose listing is not at hand.
    pub(super) fn probe(folder: &Path) -> Self {
        let mut found = Found::default();
        for name in [".ignore", ".gitignore", ".git", "pyvenv.cfg", "__init__.py", "__init__.pyi"] {
            if let Ok(metadata) = fs::symlink_metadata(folder.join(name)) {
                found.see(OsStr::new(name), metadata.is_file());
            }
        }
        found
    }
}

/// The ignore files of one folder, and those of the folders above it.
#[derive(Debug)]
pub(super) struct Rules {
    outer: Option<Arc<Rules>>,
    /// Whether a repository begins here: no `.gitignore` from above reaches into it.
    repository: bool,
    ignore: Gitignore,
    gitignore: Gitignore,
    /// `.git/info/exclude`
    exclude: Gitignore,
    /// The user's own excludes; only in the outermost rules.
    global: Gitignore,
}

impl Rules {
    /// No rules yet: those of the folders around are set aside.
    pub(super) fn set_aside() -> Arc<Rules> {
        let none = Gitignore::empty;
        Arc::new(Rules {
            outer: None,
            repository: false,
            ignore: none(),
            gitignore: none(),
            exclude: none(),
            global: none(),
        })
    }

    /// The rules in a folder where `outer` hold around it. What is wrong with an ignore file is appended to
    /// `faults`.
    pub(super) fn enter(
        outer: Option<&Arc<Rules>>,
        folder: &Path,
        found: Found,
        faults: &mut Vec<(PathBuf, String)>,
    ) -> Arc<Rules> {
        if let Some(outer) = outer
            && !(found.ignore || found.gitignore || found.git)
        {
            return Arc::clone(outer);
        }
        let mut load = |wanted: bool, file: Option<PathBuf>| match file {
            Some(file) if wanted => load(folder, &file, faults),
            _ => Gitignore::empty(),
        };
        Arc::new(Rules {
            outer: outer.cloned(),
            repository: found.git,
            ignore: load(found.ignore, Some(folder.join(".ignore"))),
            gitignore: load(found.gitignore, Some(folder.join(".gitignore"))),
            exclude: load(found.git, found.git.then(|| exclude_file(folder)).flatten()),
            global: load(outer.is_none(), outer.is_none().then(gitconfig_excludes_path).flatten()),
        })
    }

    /// Whether an entry of the folder, given by its whole path, is ignored. The nearest file that has a say
    /// wins; `.ignore` goes before `.gitignore`, that before `.git/info/exclude` and the user's own.
    pub(super) fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        let all = || iter::successors(Some(self), |rules| rules.outer.as_deref());
        let own = || {
            iter::successors(Some(self), |rules| if rules.repository { None } else { rules.outer.as_deref() })
        };
        let files = all().map(|rules| &rules.ignore);
        let files = files.chain(own().map(|rules| &rules.gitignore));
        let files = files.chain(own().map(|rules| &rules.exclude)).chain(all().map(|rules| &rules.global));
        for file in files {
            match file.matched(path, is_dir) {
                Match::None => {}
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
            }
        }
        false
    }
}

/// Compiles an ignore file. A line that is no pattern is a fault and passed over, as git does.
fn load(folder: &Path, file: &Path, faults: &mut Vec<(PathBuf, String)>) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    let Some(bytes) = read_small(file, MAX_IGNORE_FILE) else {
        return Gitignore::empty();
    };
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    for (at, line) in text.lines().enumerate() {
        if builder.add_line(None, line).is_err() {
            let message = format!("line {} is not a valid pattern and is passed over", at + 1);
            faults.push((file.to_owned(), message));
        }
    }
    builder.build().unwrap_or_else(|error| {
        faults.push((file.to_owned(), format!("it cannot be understood and ignores nothing: {error}")));
        Gitignore::empty()
    })
}

/// `info/exclude` of the repository whose work tree is `folder`. Where `.git` is a file (linked work trees,
/// submodules), it is in the folder that this file leads to.
fn exclude_file(folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    if fs::metadata(&git).ok()?.is_dir() {
        return Some(git.join("info/exclude"));
    }
    let pointer = String::from_utf8(read_small(&git, 4096)?).ok()?;
    let git = folder.join(pointer.strip_prefix("gitdir:")?.trim());
    let common = read_small(&git.join("commondir"), 4096).and_then(|bytes| String::from_utf8(bytes).ok());
    Some(common.map_or_else(|| git.clone(), |common| git.join(common.trim())).join("info/exclude"))
}

/// The first `limit` bytes of a regular file; nothing else is opened.
fn read_small(file: &Path, limit: u64) -> Option<Vec<u8>> {
    if !fs::metadata(file).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The patterns of `--exclude` and of the config. One given on the command line has the last word.
pub(super) struct Excludes {
    given: Patterns,
    config: Patterns,
}

impl Excludes {
    pub(super) fn new(root: &Path, options: &Options) -> Result<Self, Error> {
        let folder = options.config_folder.as_deref().unwrap_or(root);
        Ok(Excludes {
            given: Patterns::new(root, &options.exclude)?,
            config: Patterns::new(folder, &options.config_exclude)?,
        })
    }

    /// Whether an entry is excluded by itself, given by its whole path.
    pub(super) fn has(&self, path: &Path, is_dir: bool) -> bool {
        let given = self.given.say(path, is_dir);
        given.or_else(|| self.config.say(path, is_dir)).unwrap_or(false)
    }

    /// Whether an entry or a folder around it is excluded, as a walk from above would find.
    pub(super) fn has_within(&self, path: &Path, is_dir: bool) -> bool {
        !(self.given.is_empty() && self.config.is_empty())
            && path.ancestors().any(|part| self.has(part, is_dir || part != path))
    }
}
