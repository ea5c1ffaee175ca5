//! The parallel walk over folders. Matches the ignore files itself, so that what they hide is counted and no
//! entry but a folder, an ignore file or a possible script is ever opened.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, DirEntry, File, FileType};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashSet;

use super::files::{FileKind, SourceFile};
use super::ignored::{Excludes, Found, Rules, Skip};
use crate::finding::{Notice, NoticeKind};

/// What is the same for every folder of one discovery.
pub(super) struct Walk {
    /// Canonical; every path below is under it and canonical, too.
    pub(super) root: PathBuf,
    pub(super) excludes: Excludes,
    /// Whether neither ignore files nor the usual skips count.
    pub(super) no_ignore: bool,
    /// Files and folders given by hand: they are somebody else's to add.
    pub(super) given: FxHashSet<PathBuf>,
    pub(super) collected: Mutex<Collected>,
}

/// What was found so far, in no order.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) files: Vec<SourceFile>,
    pub(super) skipped: BTreeMap<&'static str, u32>,
    pub(super) notices: Vec<Notice>,
    /// Folders with a symbolic link that led to a file.
    pub(super) linked: Vec<PathBuf>,
}

impl Collected {
    pub(super) fn skip(&mut self, label: &'static str) {
        let count = self.skipped.entry(label).or_default();
        *count = count.saturating_add(1);
    }

    pub(super) fn absorb(&mut self, other: Collected) {
        self.files.extend(other.files);
        self.notices.extend(other.notices);
        self.linked.extend(other.linked);
        for (label, count) in other.skipped {
            let sum = self.skipped.entry(label).or_default();
            *sum = sum.saturating_add(count);
        }
    }
}

/// A folder to walk.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// The ignore files that hold, with `entered` those of the folder itself included; `None` where none shall.
    pub(super) rules: Option<Arc<Rules>>,
    /// Whether the folder was asked for: it is walked whatever it holds.
    pub(super) entered: bool,
    /// The usual skip that does not count below, because a folder of that sort was asked for.
    pub(super) lifted: Option<Skip>,
}

/// Walks folders and all below them, on the threads of the current pool.
pub(super) fn run(walk: &Walk, folders: Vec<Folder>) {
    rayon::scope(|scope| {
        for folder in folders {
            scope.spawn(move |scope| walk.folder(&folder, scope));
        }
    });
}

impl Walk {
    fn folder<'scope>(&'scope self, folder: &Folder, scope: &rayon::Scope<'scope>) {
        let mut found = Collected::default();
        for child in self.list(folder, &mut found) {
            scope.spawn(move |scope| self.folder(&child, scope));
        }
        self.collected.lock().unwrap_or_else(PoisonError::into_inner).absorb(found);
    }

    /// Takes the files of one folder and returns the folders to walk next.
    fn list(&self, folder: &Folder, out: &mut Collected) -> Vec<Folder> {
        let (entries, seen) = self.read(&folder.path, out);
        let mut rules = folder.rules.clone();
        if !folder.entered && !self.no_ignore {
            if let Some(skip) = Skip::of_content(&folder.path, seen)
                && !folder.lifted.is_some_and(|lifted| lifted.lifts(skip))
            {
                out.skip(skip.label());
                return Vec::new();
            }
            let mut faults = Vec::new();
            rules = rules.map(|outer| Rules::enter(Some(&outer), &folder.path, seen, &mut faults));
            self.note_faults(faults, out);
        }
        let mut folders = Vec::new();
        for (entry, kind) in entries {
            let name = entry.file_name();
            if kind.is_dir() {
                let path = entry.path();
                if self.enters(&name, &path, rules.as_deref(), folder.lifted, out) {
                    let (rules, lifted) = (rules.clone(), folder.lifted);
                    folders.push(Folder { path, rules, entered: false, lifted });
                }
            } else {
                self.entry(&entry, kind, &name, rules.as_deref(), out);
            }
        }
        folders
    }

    fn read(&self, path: &Path, out: &mut Collected) -> (Vec<(DirEntry, FileType)>, Found) {
        let mut seen = Found::default();
        let mut entries = Vec::new();
        let mut fault = None;
        match fs::read_dir(path) {
            Ok(listing) => {
                for entry in listing {
                    match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                        Ok((kind, entry)) => {
                            seen.see(&entry.file_name(), kind.is_file());
                            entries.push((entry, kind));
                        }
                        Err(error) => fault = Some(error),
                    }
                }
            }
            Err(error) => fault = Some(error),
        }
        if let Some(error) = fault {
            out.notices.push(Notice {
                path: Some(self.display(path)),
                line: None,
                kind: NoticeKind::Incomplete,
                id: "folder-unreadable",
                message: format!("the folder cannot be read, nor what is in it: {error}"),
            });
        }
        (entries, seen)
    }

    fn enters(
        &self,
        name: &OsStr,
        path: &Path,
        rules: Option<&Rules>,
        lifted: Option<Skip>,
        out: &mut Collected,
    ) -> bool {
        if name == ".git" || self.is_given(path) {
            return false;
        }
        let skip = if self.no_ignore { None } else { Skip::of_name(name) };
        let reason = match skip {
            Some(skip) if !lifted.is_some_and(|lifted| lifted.lifts(skip)) => skip.label(),
            _ if self.excludes.has(path, true) => "excluded folders",
            _ if rules.is_some_and(|rules| rules.ignores(path, true)) => "folders ignored by .gitignore",
            _ => return true,
        };
        out.skip(reason);
        false
    }

    /// Judges an entry that is no folder.
    fn entry(
        &self,
        entry: &DirEntry,
        kind: FileType,
        name: &OsStr,
        rules: Option<&Rules>,
        out: &mut Collected,
    ) {
        let by_name = FileKind::of_name(Path::new(name));
        if by_name.is_none() && !may_be_script(name) {
            return;
        }
        let path = entry.path();
        if self.is_given(&path) {
            return;
        }
        let reason = if self.excludes.has(&path, false) {
            "excluded files"
        } else if rules.is_some_and(|rules| rules.ignores(&path, false)) {
            "files ignored by .gitignore"
        } else if kind.is_symlink() {
            return self.link(&path, by_name, out);
        } else if !kind.is_file() {
            return out.skip("special files");
        } else {
            if let Some(kind) = by_name.or_else(|| shebang(&path)) {
                self.take(path, kind, out);
            }
            return;
        };
        // Only what is Python for sure is counted: finding out about the rest would mean to open it.
        if by_name.is_some() {
            out.skip(reason);
        }
    }

    /// Takes what a symbolic link leads to, under its own name: who reports it must name the file to change.
    fn link(&self, path: &Path, by_name: Option<FileKind>, out: &mut Collected) {
        let Ok(target) = path.canonicalize() else {
            return out.skip("broken symlinks");
        };
        match fs::metadata(&target) {
            Ok(metadata) if metadata.is_dir() => return out.skip("symlinks to folders"),
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => return out.skip("special files"),
            Err(_) => return out.skip("broken symlinks"),
        }
        let kind = FileKind::of_name(&target).or(by_name);
        let Some(kind) = kind.or_else(|| shebang(&target)) else {
            return;
        };
        if !target.starts_with(&self.root) {
            out.skip("symlinks that leave the root");
        } else if self.excludes.has_within(&target, false) {
            out.skip("excluded files");
        } else {
            out.linked.extend(path.parent().map(Path::to_owned));
            if !self.is_given(&target) {
                self.take(target, kind, out);
            }
        }
    }

    /// Adds a file.
    pub(super) fn take(&self, path: PathBuf, kind: FileKind, out: &mut Collected) {
        let display = self.display(&path);
        if path.to_str().is_none() {
            out.notices.push(Notice {
                path: Some(Arc::clone(&display)),
                line: None,
                kind: NoticeKind::Lossless,
                id: "path-not-utf8",
                message: "the path is not valid UTF-8; its invalid bytes are shown as `\\xNN`".to_owned(),
            });
        }
        out.files.push(SourceFile { path, display, kind });
    }

    /// Tells what is wrong with ignore files.
    pub(super) fn note_faults(&self, faults: Vec<(PathBuf, String)>, out: &mut Collected) {
        out.notices.extend(faults.into_iter().map(|(path, message)| Notice {
            path: Some(self.display(&path)),
            line: None,
            kind: NoticeKind::Lossless,
            id: "ignore-file-invalid",
            message,
        }));
    }

    fn is_given(&self, path: &Path) -> bool {
        self.given.len() > 1 && self.given.contains(path)
    }

    /// The path relative to the root with `/` between its parts; `.` for the root itself.
    pub(super) fn display(&self, path: &Path) -> Arc<str> {
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        match relative.to_str() {
            Some("") => Arc::from("."),
            Some(text) if cfg!(windows) => text.replace('\\', "/").into(),
            Some(text) => Arc::from(text),
            None => {
                let mut text = String::new();
                for chunk in relative.as_os_str().as_encoded_bytes().utf8_chunks() {
                    text.push_str(chunk.valid());
                    for byte in chunk.invalid() {
                        let _ = write!(text, "\\x{byte:02X}");
                    }
                }
                text.into()
            }
        }
    }
}

/// Whether a file that no extension tells about is worth a look at its first line.
pub(super) fn may_be_script(name: &OsStr) -> bool {
    !name.as_encoded_bytes().contains(&b'.')
}

/// [`FileKind::Script`] where the first line of a regular file calls for Python. Files that claim to be empty
/// are not opened: those of `/proc` do, and reading some of them waits forever.
fn shebang(path: &Path) -> Option<FileKind> {
    if fs::metadata(path).ok()?.len() == 0 {
        return None;
    }
    let mut head = [0; 256];
    let count = File::open(path).and_then(|mut file| file.read(&mut head)).ok()?;
    let line = head.get(..count)?.split(|&byte| byte == b'\n').next()?;
    names_python(line).then_some(FileKind::Script)
}

/// Whether a `#!` line calls for Python: `#!/usr/bin/python3 -E`, `#!/usr/bin/env -S uv run --script`.
pub(super) fn names_python(line: &[u8]) -> bool {
    let Some(line) = line.strip_prefix(b"#!").and_then(|line| std::str::from_utf8(line).ok()) else {
        return false;
    };
    let mut words = line.split_ascii_whitespace();
    let mut program = words.next().unwrap_or_default();
    if base(program) == "env" {
        // `-S` may be glued to what it splits; other options and `NAME=value` stand before the program.
        program = words
            .by_ref()
            .map(|word| word.strip_prefix("-S").or(word.strip_prefix("--split-string=")).unwrap_or(word))
            .find(|word| !word.is_empty() && !word.starts_with('-') && !word.contains('='))
            .unwrap_or_default();
    }
    match base(program) {
        "uv" | "pipx" => words.next() == Some("run"),
        name => name.starts_with("python") || name.starts_with("pypy"),
    }
}

fn base(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

#[cfg(test)]
mod tests {
    use super::names_python;

    #[test]
    fn shebangs_of_python_are_known() {
        for line in [
            "#!/usr/bin/python",
            "#! /usr/local/bin/python3.12 -E",
            "#!/usr/bin/env python3\r",
            "#!/usr/bin/env -S python3 -u",
            "#!/usr/bin/env -Spython3 -u",
            "#!/usr/bin/env -i PATH=/bin pypy3",
            "#!/usr/bin/env -S uv run --script",
            "#!/opt/pypy/bin/pypy",
            "#!python",
        ] {
            assert!(names_python(line.as_bytes()), "{line}");
        }
        for line in [
            "",
            "#!",
            "#!/bin/sh",
            "#!/usr/bin/env",
            "#!/usr/bin/env -S",
            "#!/usr/bin/env bash python",
            "#!/usr/bin/perl -w python",
            "#!/usr/bin/env -S uv sync",
            "# python",
            "/usr/bin/python",
        ] {
            assert!(!names_python(line.as_bytes()), "{line}");
        }
        assert!(!names_python(b"#!/usr/bin/python\xFF"));
    }
}
