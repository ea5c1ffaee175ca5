//! Which files of a side of a change are scanned: those that a walk over the same tree would find, as far as names
//! and contents tell. What git tracks is not passed over for what `.gitignore` says.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{FileKind, Options};
use super::git::{Content, Entry};
use super::ignored::{Excludes, Skip};
use super::walk;
use crate::error::Error;

/// A file of a side that is scanned.
#[derive(Clone, Debug)]
pub struct TrackedFile {
    /// Path relative to the root, with `/` between parts.
    pub display: Arc<str>,
    /// What sort of Python it holds.
    pub kind: FileKind,
    /// Where its bytes are.
    pub content: Content,
}

/// Chooses files of sides.
pub struct Chooser {
    root: PathBuf,
    excludes: Excludes,
    no_ignore: bool,
}

impl Chooser {
    /// A chooser for the work tree `root`, by the options of a walk. The paths in them do not count: the whole tree is
    /// the context of a change.
    pub fn new(root: &Path, options: &Options) -> Result<Chooser, Error> {
        let excludes = Excludes::new(root, options)?;
        Ok(Chooser { root: root.to_owned(), excludes, no_ignore: options.no_ignore })
    }

    /// The files to scan, sorted by path, and what was passed over: a reason in the plural and how often. `read` gives
    /// the bytes of a file; it is asked for those that may be scripts only.
    pub fn choose(
        &self,
        entries: Vec<Entry>,
        read: &dyn Fn(&Content) -> Option<Vec<u8>>,
    ) -> (Vec<TrackedFile>, BTreeMap<String, u32>) {
        let (mut files, mut skipped) = (Vec::new(), BTreeMap::new());
        for entry in entries {
            let Some(kind) = self.kind(&entry, read) else { continue };
            match self.passed_over(&entry.path) {
                Some(reason) => *skipped.entry(reason.to_owned()).or_default() += 1,
                None => files.push(TrackedFile { display: entry.path, kind, content: entry.content }),
            }
        }
        (files, skipped)
    }

    fn kind(&self, entry: &Entry, read: &dyn Fn(&Content) -> Option<Vec<u8>>) -> Option<FileKind> {
        let path = Path::new(&*entry.path);
        if let Some(kind) = FileKind::of_name(path) {
            return Some(kind);
        }
        if !entry.executable
            || !walk::may_be_script(path.file_name()?)
            || self.passed_over(&entry.path).is_some()
        {
            return None;
        }
        let bytes = read(&entry.content)?;
        let line = bytes.split(|&byte| byte == b'\n').next()?;
        walk::names_python(line).then_some(FileKind::Script)
    }

    /// Why a walk would not get to a file.
    fn passed_over(&self, path: &str) -> Option<&'static str> {
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let mut names = folders.split('/').filter(|name| !name.is_empty());
        if !self.no_ignore
            && let Some(skip) = names.find_map(|name| Skip::of_name(OsStr::new(name)))
        {
            return Some(skip.label_of_files());
        }
        self.excludes.has_within(&self.root.join(path), false).then_some("excluded files")
    }
}
