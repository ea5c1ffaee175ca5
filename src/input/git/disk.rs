//! What stands in the work tree, and whether it is what the index saw there.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

/// What a path leads to, without following any symbolic link.
pub(super) enum Found {
    /// A regular file. No metadata where it could not be looked at.
    File(Option<Metadata>),
    /// A symbolic link.
    Link,
    /// A folder.
    Folder,
    /// A FIFO, a socket, a device.
    Special,
    /// Nothing, or nothing that is reached without a symbolic link.
    Absent,
}

/// The work tree.
pub(super) struct Disk<'a> {
    root: &'a Path,
    /// Whether folders are real ones.
    folders: FxHashMap<Vec<u8>, bool>,
}

impl<'a> Disk<'a> {
    pub fn new(root: &'a Path) -> Self {
        Disk { root, folders: FxHashMap::default() }
    }

    /// The place of a path of the repository.
    pub fn path(&self, path: &[u8]) -> PathBuf {
        self.root.join(native(path))
    }

    /// What stands there.
    pub fn look(&mut self, path: &[u8]) -> Found {
        if !self.is_reached(path) {
            return Found::Absent;
        }
        match fs::symlink_metadata(self.path(path)) {
            Ok(found) if found.is_file() => Found::File(Some(found)),
            Ok(found) if found.is_dir() => Found::Folder,
            Ok(found) if found.is_symlink() => Found::Link,
            Ok(_) => Found::Special,
            Err(error) if is_absence(&error) => Found::Absent,
            // Whoever reads it says what is wrong.
            Err(_) => Found::File(None),
        }
    }

    /// Whether every folder above a path is a folder, not a link to one.
    fn is_reached(&mut self, path: &[u8]) -> bool {
        let Some(end) = path.iter().rposition(|&byte| byte == b'/') else { return true };
        let folder = path.get(..end).unwrap_or_default();
        if let Some(&known) = self.folders.get(folder) {
            return known;
        }
        let real = self.is_reached(folder)
            && match fs::symlink_metadata(self.path(folder)) {
                Ok(found) => found.is_dir(),
                Err(error) => !is_absence(&error),
            };
        self.folders.insert(folder.to_owned(), real);
        real
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// What the index remembers of a file that it was sure of: the numbers that change when the file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stat {
    /// Seconds and nanoseconds; of the latter 0 where they are not known.
    pub modified: (i32, u32),
    /// The same, of the change of its properties.
    pub changed: (i32, u32),
    /// The lower 32 bits of these.
    pub size: u32,
    pub inode: u32,
    pub user: u32,
    pub group: u32,
}

impl Stat {
    /// Whether a file was not touched since, given when the index was written. Never wrongly true: a file that
    /// was written in the moment of the index may have been written again in it.
    pub fn holds(&self, file: &Metadata, index: &Metadata) -> bool {
        let (Some(now), Some(index)) = (Stat::of(file), Stat::of(index)) else { return false };
        let same = |then: (i32, u32), now: (i32, u32)| then.0 == now.0 && (then.1 == 0 || then.1 == now.1);
        let before = if self.modified.1 == 0 {
            self.modified.0 < index.modified.0
        } else {
            self.modified < index.modified
        };
        before
            && same(self.modified, now.modified)
            && same(self.changed, now.changed)
            && (self.size, self.inode, self.user, self.group) == (now.size, now.inode, now.user, now.group)
    }

    #[cfg(unix)]
    fn of(file: &Metadata) -> Option<Stat> {
        use std::os::unix::fs::MetadataExt as _;
        Some(Stat {
            modified: (file.mtime() as i32, file.mtime_nsec().cast_unsigned() as u32),
            changed: (file.ctime() as i32, file.ctime_nsec().cast_unsigned() as u32),
            size: file.len() as u32,
            inode: file.ino() as u32,
            user: file.uid(),
            group: file.gid(),
        })
    }

    /// Elsewhere nothing but the time and size of a file is told; its content decides.
    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Option<Stat> {
        None
    }
}

/// A path as the system takes it.
#[cfg(unix)]
pub(super) fn native(path: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(std::ffi::OsStr::from_bytes(path))
}

#[cfg(not(unix))]
pub(super) fn native(path: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(path).into_owned())
}

/// A path below the root as git has it.
#[cfg(unix)]
pub(super) fn stored(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_owned()
}

#[cfg(not(unix))]
pub(super) fn stored(path: &Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}

/// A path for people: bytes that are not UTF-8 as `\xNN`.
pub(super) fn shown(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len());
    for chunk in path.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02X}")));
    }
    text
}

/// Whether a path stays below the root and out of git's own folder.
pub(super) fn is_valid(path: &[u8]) -> bool {
    let valid = |part: &[u8]| !matches!(part, b"" | b"." | b"..") && !part.eq_ignore_ascii_case(b".git");
    path.split(|&byte| byte == b'/').all(valid)
        && !(cfg!(windows) && path.iter().any(|byte| matches!(byte, b'\\' | b':')))
}
