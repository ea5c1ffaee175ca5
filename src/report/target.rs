//! Where a report goes. A file appears whole or not at all; what is no file is streamed to.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;

/// How many symbolic links are followed, one to the next.
const LINKS: usize = 40;

/// Where a report goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// This path: a file, or whatever else is there (`/dev/null`, a FIFO).
    File(PathBuf),
}

/// What a path leads to, once its links are followed.
enum Place {
    /// A regular file with these permissions, or nothing yet.
    Replace(PathBuf, Option<Permissions>),
    /// Something to write into.
    Stream(PathBuf),
    Stdout,
    Stderr,
}

impl Target {
    /// The target that a path given by hand names: `-` is standard output.
    pub fn from_path(path: &OsStr) -> Target {
        if path == "-" { Target::Stdout } else { Target::File(path.into()) }
    }

    /// Writes what `render` produces. A file is written beside its place and renamed, so that a failure or a
    /// killed run leaves what was there. A reader that went away (a closed pipe) is no failure.
    pub fn write<T>(&self, render: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> Result<T, Error> {
        let (path, result) = match self {
            Target::Stdout => (Path::new("-"), stream(io::stdout().lock(), render)),
            Target::File(path) => (path.as_path(), write_path(path, render)),
        };
        result.map_err(|source| Error::Write { path: path.to_owned(), source })
    }
}

fn write_path<T>(path: &Path, render: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
    match place(path)? {
        Place::Replace(path, old) => replace(&path, old, render),
        Place::Stream(path) => stream(OpenOptions::new().append(true).open(path)?, render),
        Place::Stdout => stream(io::stdout().lock(), render),
        Place::Stderr => stream(io::stderr().lock(), render),
    }
}

/// Follows the links of a path by hand, so that a link to a file that is not there yet is followed as well and
/// `/dev/stdout` is not taken for the file that the shell opened for it.
fn place(path: &Path) -> io::Result<Place> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        match path.to_str() {
            Some("/dev/stdout" | "/dev/fd/1" | "/proc/self/fd/1") => return Ok(Place::Stdout),
            Some("/dev/stderr" | "/dev/fd/2" | "/proc/self/fd/2") => return Ok(Place::Stderr),
            _ if path.starts_with("/dev/fd") || path.starts_with("/proc") => return Ok(Place::Stream(path)),
            _ => {}
        }
        let found = match fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Place::Replace(path, None)),
            Err(error) => return Err(error),
        };
        if found.is_symlink() {
            let to = fs::read_link(&path)?;
            path = folder(&path).join(to);
        } else if found.is_file() {
            return Ok(Place::Replace(path, Some(found.permissions())));
        } else if found.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        } else {
            return Ok(Place::Stream(path));
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn replace<T>(
    path: &Path,
    old: Option<Permissions>,
    render: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    let file = tempfile::Builder::new().prefix(".backend-audit-").make_in(folder(path), create)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old)?;
    }
    let mut out = BufWriter::with_capacity(1 << 16, file);
    let value = render(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    let _: File = file.persist(path)?;
    Ok(value)
}

/// A new file that everyone may read and write whom the umask does not keep from it.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o666);
    options.open(path)
}

fn stream<T>(out: impl Write, render: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
    let mut out = BufWriter::with_capacity(1 << 16, Pipe { out, closed: false });
    let value = render(&mut out)?;
    out.flush()?;
    Ok(value)
}

/// A writer whose reader may go away: `backend-audit | head` has what it wanted.
struct Pipe<W> {
    out: W,
    closed: bool,
}

impl<W> Pipe<W> {
    fn settle<T>(&mut self, result: io::Result<T>, closed: T) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(closed)
            }
            other => other,
        }
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let result = self.out.write(bytes);
        self.settle(result, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let result = self.out.flush();
        self.settle(result, ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure() {
        let value = stream(Gone, |out| {
            out.write_all(&vec![b'x'; 1 << 20])?;
            Ok(7)
        });
        assert_eq!(value.unwrap(), 7);
    }
}
