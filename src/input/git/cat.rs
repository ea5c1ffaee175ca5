//! Reading blobs through the `git` program: two of it run on, one that tells the size, one that tells the bytes.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::ObjectId;
use super::command::Git;

/// A pair of running programs.
pub(super) struct Cat {
    sizes: Reader,
    bytes: Reader,
}

impl Cat {
    pub fn start(git: &Git) -> io::Result<Cat> {
        Ok(Cat { sizes: Reader::start(git, "--batch-check")?, bytes: Reader::start(git, "--batch")? })
    }

    /// The bytes of a blob; none where it has more than `max_bytes`.
    pub fn read(&mut self, id: ObjectId, max_bytes: u64) -> io::Result<Option<Vec<u8>>> {
        if self.sizes.ask(id)? > max_bytes {
            return Ok(None);
        }
        let size = self.bytes.ask(id)?.min(max_bytes) as usize;
        let mut bytes = vec![0; size + 1];
        self.bytes.output.read_exact(&mut bytes)?;
        match bytes.pop() {
            Some(b'\n') => Ok(Some(bytes)),
            _ => Err(io::Error::other("git's answer is not understood")),
        }
    }
}

/// A running `git cat-file`.
struct Reader {
    child: Child,
    /// Gone when it is to end.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Reader {
    fn start(git: &Git, mode: &str) -> io::Result<Reader> {
        let mut command = git.command();
        command.args(["cat-file", mode]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("git has no pipes"));
        };
        Ok(Reader { child, input: Some(input), output: BufReader::new(output) })
    }

    /// The size of a blob. Its bytes come next where they were asked for, and a `\n`.
    fn ask(&mut self, id: ObjectId) -> io::Result<u64> {
        let input = self.input.as_mut().ok_or_else(|| io::Error::other("git has ended"))?;
        writeln!(input, "{id}")?;
        input.flush()?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let mut words = line.split_ascii_whitespace().skip(1);
        match (words.next(), words.next().and_then(|size| size.parse().ok())) {
            (Some("blob"), Some(size)) => Ok(size),
            (Some("missing"), _) => Err(io::Error::other("the object is missing")),
            _ => Err(io::Error::other(format!("git answered `{}`", line.trim()))),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.input = None;
        // Whatever it still has to say is not wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
