//! Which files are scanned: those given by hand, and the Python files below the folders given by hand.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::ignored::{Excludes, Found, Rules, Skip};
use super::walk::{self, Collected, Folder, Walk};
use crate::error::Error;
use crate::finding::Notice;

/// What to look for, and where.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Files and folders, relative to the current folder. A file is scanned whatever its name; none at all is
    /// an error.
    pub paths: Vec<PathBuf>,
    /// Patterns in the syntax of `.gitignore`, relative to the root of the scan.
    pub exclude: Vec<String>,
    /// Patterns of the config, in the same syntax.
    pub config_exclude: Vec<String>,
    /// The folder that those of the config are relative to, absolute; `None` is the root of the scan.
    pub config_folder: Option<PathBuf>,
    /// Whether a file or folder given by hand is passed over where the walk would pass it over.
    pub force_exclude: bool,
    /// Whether ignore files and the usual skips (hidden folders, virtual environments, …) do not count.
    pub no_ignore: bool,
}

/// What sort of Python a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `.py` or `.pyw`.
    Module,
    /// `.pyi`: signatures only.
    Stub,
    /// Called Python by its first line, or given by hand under another extension.
    Script,
    /// `.ipynb`: a Jupyter notebook.
    Notebook,
}

impl FileKind {
    /// The kind that the extension tells, whatever its case.
    pub fn of_name(path: &Path) -> Option<Self> {
        let extension = path.extension()?;
        if extension.eq_ignore_ascii_case("py") || extension.eq_ignore_ascii_case("pyw") {
            Some(FileKind::Module)
        } else if extension.eq_ignore_ascii_case("pyi") {
            Some(FileKind::Stub)
        } else if extension.eq_ignore_ascii_case("ipynb") {
            Some(FileKind::Notebook)
        } else {
            None
        }
    }
}

/// A file to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where to open it: absolute, no part of it a symbolic link.
    pub path: PathBuf,
    /// Path relative to the root of the scan with `/` between parts; bytes that are not UTF-8 as `\xNN`.
    pub display: Arc<str>,
    /// What sort of Python it holds.
    pub kind: FileKind,
}

/// What was found.
#[derive(Debug)]
pub struct Discovery {
    /// The folder that display paths are relative to, absolute: the repository that holds all paths, else the
    /// current folder if it does, else their common folder.
    pub root: PathBuf,
    /// Sorted by `display`, each file once.
    pub files: Vec<SourceFile>,
    /// What was passed over: a reason in the plural (`hidden folders`) and how often. Sorted by reason.
    pub skipped: Vec<(String, u32)>,
    /// Folders that could not be read, names that are not UTF-8, ignore files that are not valid. Sorted.
    pub notices: Vec<Notice>,
    /// Folders given by hand, as they were given, in which no Python file was found.
    pub barren: Vec<PathBuf>,
}

/// Finds the files to scan. The answer does not depend on the order of paths or threads.
pub fn discover(options: &Options) -> Result<Discovery, Error> {
    let given = resolve(&options.paths)?;
    let current = std::env::current_dir().ok();
    let root = root_of(&given, current.as_deref()).ok_or(Error::NoPaths)?;
    let walk = Walk {
        excludes: Excludes::new(&root, options)?,
        root,
        no_ignore: options.no_ignore,
        given: given.keys().cloned().collect(),
        collected: Mutex::default(),
    };
    let folders = admit(&walk, options.force_exclude, given);
    walk::run(&walk, folders);
    let Walk { root, collected, .. } = walk;
    let Collected { mut files, skipped, mut notices, linked } =
        collected.into_inner().unwrap_or_else(PoisonError::into_inner);
    let barren = barren(&options.paths, &files, &linked);
    // The same file may come by several symbolic links, of several kinds.
    files.sort_unstable_by(|a, b| (&a.display, &a.path, a.kind).cmp(&(&b.display, &b.path, b.kind)));
    files.dedup_by(|a, b| a.path == b.path);
    notices.sort_unstable();
    notices.dedup();
    let skipped = skipped.into_iter().map(|(label, count)| (label.to_owned(), count)).collect();
    Ok(Discovery { root, files, skipped, notices, barren })
}

/// The folders among paths given by hand that hold no file that was found, nor a link that led to one.
fn barren(paths: &[PathBuf], files: &[SourceFile], linked: &[PathBuf]) -> Vec<PathBuf> {
    let mut holding = FxHashSet::default();
    let folders =
        files.iter().filter_map(|file| file.path.parent()).chain(linked.iter().map(PathBuf::as_path));
    for folder in folders {
        for above in folder.ancestors() {
            if !holding.insert(above) {
                break;
            }
        }
    }
    let holds = |path: &Path| path.canonicalize().is_ok_and(|path| holding.contains(path.as_path()));
    paths.iter().filter(|path| path.is_dir() && !holds(path)).cloned().collect()
}

/// The innermost folder that holds all these files and folders, canonical.
pub fn common_folder(paths: &[PathBuf]) -> Result<PathBuf, Error> {
    common(&resolve(paths)?).map(Path::to_owned).ok_or(Error::NoPaths)
}

/// A path given by hand.
#[derive(Clone, Copy)]
enum Given {
    File(FileKind),
    Folder,
}

/// The canonical path of everything given by hand.
fn resolve(paths: &[PathBuf]) -> Result<BTreeMap<PathBuf, Given>, Error> {
    if paths.is_empty() {
        return Err(Error::NoPaths);
    }
    let mut parents = FxHashMap::default();
    let mut given = BTreeMap::new();
    for path in paths {
        let metadata = fs::metadata(path).map_err(|error| fault(path, error))?;
        let canonical = canonicalize(path, &mut parents).map_err(|error| fault(path, error))?;
        let what = if metadata.is_dir() {
            Given::Folder
        } else if metadata.is_file() {
            let kind = FileKind::of_name(&canonical).or_else(|| FileKind::of_name(path));
            Given::File(kind.unwrap_or(FileKind::Script))
        } else {
            return Err(Error::NotScannable(path.clone()));
        };
        given.insert(canonical, what);
    }
    Ok(given)
}

fn fault(path: &Path, source: io::Error) -> Error {
    match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Error::MissingPath(path.to_owned()),
        _ => Error::Read { path: path.to_owned(), source },
    }
}

/// The canonical form of a path. Hooks hand over thousands of files of few folders, so that of their folders
/// is kept.
fn canonicalize(path: &Path, parents: &mut FxHashMap<PathBuf, PathBuf>) -> io::Result<PathBuf> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return path.canonicalize();
    };
    // Links are resolved, and for folders `a/.` is not `a` where that is a link.
    if !fs::symlink_metadata(path)?.is_file() {
        return path.canonicalize();
    }
    if let Some(known) = parents.get(parent) {
        return Ok(known.join(name));
    }
    let folder = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let known = folder.canonicalize()?;
    let whole = known.join(name);
    parents.insert(parent.to_owned(), known);
    Ok(whole)
}

/// The folder that display paths are relative to.
fn root_of(given: &BTreeMap<PathBuf, Given>, current: Option<&Path>) -> Option<PathBuf> {
    let common = common(given)?;
    let repository = common.ancestors().find(|folder| folder.join(".git").exists());
    let root =
        repository.unwrap_or_else(|| current.filter(|folder| common.starts_with(folder)).unwrap_or(common));
    Some(root.to_owned())
}

/// The innermost folder that holds everything given by hand.
fn common(given: &BTreeMap<PathBuf, Given>) -> Option<&Path> {
    let folders = given.iter().filter_map(|(path, what)| match what {
        Given::Folder => Some(path.as_path()),
        Given::File(_) => path.parent(),
    });
    folders.reduce(common_ancestor)
}

fn common_ancestor<'a>(one: &'a Path, other: &Path) -> &'a Path {
    one.ancestors().find(|ancestor| other.starts_with(ancestor)).unwrap_or(one)
}

/// Takes the files given by hand and returns the folders to walk.
fn admit(walk: &Walk, force_exclude: bool, given: BTreeMap<PathBuf, Given>) -> Vec<Folder> {
    let mut out = Collected::default();
    let mut places = Places { walk, known: FxHashMap::default(), faults: Vec::new() };
    let mut folders = Vec::new();
    for (path, what) in given {
        match what {
            Given::File(kind) => {
                let hidden = if force_exclude { places.hides_file(&path) } else { None };
                match hidden {
                    Some(label) => out.skip(label),
                    None => walk.take(path, kind, &mut out),
                }
            }
            Given::Folder => {
                let place = places.at(&path);
                if walk.excludes.has_within(&path, true) {
                    out.skip("excluded folders");
                } else if force_exclude && let Some(label) = place.hidden(true) {
                    out.skip(label);
                } else {
                    folders.push(Folder { path, rules: place.rules, entered: true, lifted: place.skip });
                }
            }
        }
    }
    walk.note_faults(places.faults, &mut out);
    walk.collected.lock().unwrap_or_else(PoisonError::into_inner).absorb(out);
    folders
}

/// What holds in a folder that was reached by hand, not by the walk.
#[derive(Clone, Default)]
struct Place {
    /// The ignore files that hold; `None` where none shall.
    rules: Option<Arc<Rules>>,
    /// Whether ignore files hide it or a folder above it.
    ignored: bool,
    /// The innermost usual skip that hides it.
    skip: Option<Skip>,
}

impl Place {
    /// Why the walk would not come here.
    fn hidden(&self, is_dir: bool) -> Option<&'static str> {
        match self.skip {
            Some(skip) if is_dir => Some(skip.label()),
            None if is_dir && self.ignored => Some("folders ignored by .gitignore"),
            Some(_) => Some("files in skipped folders"),
            None if self.ignored => Some("files ignored by .gitignore"),
            None => None,
        }
    }
}

/// The places of folders, each judged once.
struct Places<'a> {
    walk: &'a Walk,
    known: FxHashMap<PathBuf, Place>,
    faults: Vec<(PathBuf, String)>,
}

impl Places<'_> {
    fn at(&mut self, folder: &Path) -> Place {
        if self.walk.no_ignore {
            return Place::default();
        }
        let mut place = None;
        let root = self.walk.root.as_path();
        let below: Vec<_> = folder.ancestors().take_while(|part| part.starts_with(root)).collect();
        for &part in below.iter().rev() {
            let next = match self.known.get(part) {
                Some(known) => known.clone(),
                None => self.judge(part, place.as_ref()),
            };
            self.known.entry(part.to_owned()).or_insert_with(|| next.clone());
            place = Some(next);
        }
        place.unwrap_or_default()
    }

    /// Judges a folder whose parent's place is known; the root has none.
    fn judge(&mut self, folder: &Path, outer: Option<&Place>) -> Place {
        let found = Found::probe(folder);
        let Some(outer) = outer else {
            let rules = Rules::enter(None, folder, found, &mut self.faults);
            return Place { rules: Some(rules), ignored: false, skip: None };
        };
        let skip = folder.file_name().and_then(Skip::of_name).or_else(|| Skip::of_content(folder, found));
        let ignored = outer.rules.as_ref().is_some_and(|rules| rules.ignores(folder, true));
        // Who asks for what the walk would not see wants to see it: what hides it, be it in the folder itself
        // (`*` in the `.gitignore` of a virtual environment), does not count.
        let hidden = ignored || skip.is_some();
        let enter = |rules| Rules::enter(Some(rules), folder, found, &mut self.faults);
        Place {
            rules: if hidden { Some(Rules::set_aside()) } else { outer.rules.as_ref().map(enter) },
            ignored: outer.ignored || ignored,
            skip: skip.or(outer.skip),
        }
    }

    /// Why the walk would not take a file.
    fn hides_file(&mut self, path: &Path) -> Option<&'static str> {
        if self.walk.excludes.has_within(path, false) {
            return Some("excluded files");
        }
        let place = self.at(path.parent().unwrap_or(path));
        let ignored = || place.rules.as_ref().is_some_and(|rules| rules.ignores(path, false));
        place.hidden(false).or_else(|| ignored().then_some("files ignored by .gitignore"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_repository_or_the_current_folder_or_what_the_paths_share() {
        let tree = tempfile::tempdir().unwrap();
        let base = tree.path().canonicalize().unwrap();
        fs::create_dir_all(base.join("repo/.git")).unwrap();
        fs::create_dir_all(base.join("repo/src")).unwrap();
        let root = |paths: &[&str], current: &str| {
            let given = paths.iter().map(|path| {
                let what = if path.contains('.') { Given::File(FileKind::Module) } else { Given::Folder };
                (base.join(path), what)
            });
            let root = root_of(&given.collect(), Some(&base.join(current))).unwrap();
            root.strip_prefix(&base).unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(root(&["repo/src/a.py"], "repo/src"), "repo");
        assert_eq!(root(&["repo/src", "repo/b.py"], ""), "repo");
        assert_eq!(root(&["repo/src", "other/x"], ""), "");
        assert_eq!(root(&["other/x/a.py"], "other"), "other");
        assert_eq!(root(&["other/x/a.py"], "elsewhere"), "other/x");
        assert_eq!(root(&["other/x/a.py", "other/xy"], "elsewhere"), "other");
    }

    #[test]
    fn extensions_tell_the_kind_whatever_their_case() {
        let kind = |name: &str| FileKind::of_name(Path::new(name));
        assert_eq!(kind("a.PY"), Some(FileKind::Module));
        assert_eq!(kind("a.pyw"), Some(FileKind::Module));
        assert_eq!(kind("a.b.pyi"), Some(FileKind::Stub));
        assert_eq!(kind("a.IPYNB"), Some(FileKind::Notebook));
        assert_eq!((kind("a.pyc"), kind(".py"), kind("py")), (None, None, None));
    }
}
