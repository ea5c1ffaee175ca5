//! What stands in the work tree, and whether it is what the index saw there.

use std::borrow::Cow;
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
pub(super) fn native(path: &[u8]) -> Cow<'_, Path> {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(std::ffi::OsStr::from_bytes(path)).into()
}

#[cfg(not(unix))]
pub(super) fn native(path: &[u8]) -> Cow<'_, Path> {
    PathBuf::from(String::from_utf8_lossy(path).into_owned()).into()
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

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, File};
    use std::time::Duration;

    use super::{Stat, is_valid, shown};

    #[test]
    fn a_file_is_trusted_only_where_it_was_not_touched_before_and_after_the_index() {
        let folder = tempfile::tempdir().unwrap();
        let (file, index) = (folder.path().join("a.py"), folder.path().join("index"));
        fs::write(&file, "one").unwrap();
        let index = File::create(&index).unwrap();
        let look = || fs::symlink_metadata(&file).unwrap();
        let stat = Stat::of(&look()).unwrap();
        let moment = look().modified().unwrap();
        let holds = |stat: Stat, later: Duration, earlier: Duration| {
            index.set_modified(moment + later - earlier).unwrap();
            stat.holds(&look(), &index.metadata().unwrap())
        };
        let (none, least, long) = (Duration::ZERO, Duration::from_nanos(1), Duration::from_secs(5));
        assert!(holds(stat, least, none) && holds(stat, long, none));
        assert!(!holds(stat, none, none) && !holds(stat, none, least) && !holds(stat, none, long));
        // An index without nanoseconds is trusted from the next second on.
        let coarse = Stat { modified: (stat.modified.0, 0), changed: (stat.changed.0, 0), ..stat };
        assert!(holds(coarse, Duration::from_secs(1), none) && !holds(coarse, none, none));
        for other in [
            Stat { modified: (stat.modified.0, stat.modified.1 ^ 1), ..stat },
            Stat { changed: (stat.changed.0 - 1, stat.changed.1), ..stat },
            Stat { size: 0, ..stat },
            Stat { inode: !stat.inode, ..stat },
            Stat { user: !stat.user, ..stat },
            Stat { group: !stat.group, ..stat },
        ] {
            assert!(!holds(other, long, none), "{other:?}");
        }
        // The same length and time, but written again a moment later.
        std::thread::sleep(Duration::from_millis(20));
        fs::write(&file, "two").unwrap();
        File::options().write(true).open(&file).unwrap().set_modified(moment).unwrap();
        assert!(!holds(stat, long, none));
    }

    #[test]
    fn paths_stay_in_the_work_tree() {
        for path in ["a.py", "a/b.py", "...", "a/.github/x", "..a"] {
            assert!(is_valid(path.as_bytes()), "{path}");
        }
        for path in ["", "/a", "a/", "a//b", ".", "..", "a/../b", ".git/x", "a/.GIT/x"] {
            assert!(!is_valid(path.as_bytes()), "{path}");
        }
        assert_eq!(shown(b"a\xFF/\xC3\xA9"), "a\\xFF/\u{e9}");
    }
}
