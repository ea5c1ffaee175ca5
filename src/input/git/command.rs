//! Running the `git` program so that it runs nothing else.
//!
//! A repository's configuration may name programs that git runs on the way: a monitor of the file system, filters
//! that clean files, helpers that fetch what is missing. Who audits a repository does not want to run what stands in
//! it. So all of it is switched off on the command line, which wins over every file of configuration; nothing is
//! fetched; and the environment says nothing but where the repository is. `tests/git.rs` holds it, with a canary for
//! each.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::disk::native;
use super::environment::{PLACES, variable};
use super::fault;
use crate::error::Error;

/// Options of git itself.
const OPTIONS: [&str; 4] =
    ["--no-pager", "--no-optional-locks", "--no-replace-objects", "--literal-pathspecs"];

/// Everything in a configuration that runs a program or opens a connection, switched off.
const SWITCHED_OFF: [&str; 21] = [
    "advice.sparseIndexExpanded=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.editor=false",
    "core.askPass=",
    "core.sshCommand=false",
    "core.gitProxy=",
    "core.alternateRefsCommand=",
    "core.untrackedCache=keep",
    "core.splitIndex=false",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "gpg.ssh.program=false",
    "gpg.x509.program=false",
    "log.showSignature=false",
    "protocol.allow=never",
    "sequence.editor=false",
    "submodule.recurse=false",
    "uploadpack.packObjectsHook=",
];

/// Variables of the caller's own that say where configuration is, not what is in it.
const KEPT: [&str; 3] = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];

/// The program, and what it is told every time.
pub(super) struct Git {
    program: PathBuf,
    root: PathBuf,
    /// Where the repository is.
    places: Vec<(&'static str, OsString)>,
    /// Filters that the configuration names, switched off.
    filters: Vec<String>,
}

/// What the program answered.
pub(super) struct Answer {
    /// None where a signal ended it.
    pub code: Option<i32>,
    pub output: Vec<u8>,
    pub errors: String,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }

    /// Whether it found nothing of what it was asked for, and nothing is wrong.
    pub fn is_none(&self) -> bool {
        self.code == Some(1) && self.output.is_empty()
    }
}

impl Git {
    /// Finds the program, to look for the repository with its work tree at `root`, of which libgit2 said `why` it
    /// cannot read it.
    pub fn find(root: &Path, why: &str) -> Result<Git, Error> {
        let program = executable(root).ok_or_else(|| {
            let reason = format!("only the git program can read it ({why}), and that is not on the `PATH`");
            fault::new(root, &reason, "install git")
        })?;
        Ok(Git { program, root: root.to_owned(), places: Vec::new(), filters: Vec::new() })
    }

    /// Tells the program where the repository is from now on, and switches the filters of its configuration off.
    pub fn settle(&mut self, root: &Path, folder: &Path, index: &Path) -> Result<(), Error> {
        root.clone_into(&mut self.root);
        let objects = ["GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"];
        self.places = objects.into_iter().filter_map(|name| Some((name, variable(name)?))).collect();
        self.places.push(("GIT_DIR", folder.into()));
        self.places.push(("GIT_WORK_TREE", root.into()));
        self.places.push(("GIT_INDEX_FILE", index.into()));
        let asked = ["config", "-z", "--name-only", "--get-regexp", r"^filter\."];
        let answer = self.run(&asked)?;
        let answer = if answer.is_none() { answer } else { self.check(&asked, answer)? };
        let names = answer.text();
        let mut names: Vec<_> = names.split('\0').filter_map(filter_name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            // What stands before the first `=` is the key.
            if name.contains('=') {
                let reason = format!("its filter `{name}` cannot be switched off, as its name has a `=`");
                return Err(fault::new(root, &reason, "rename the filter in the configuration of git"));
            }
            let off = [("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")];
            self.filters.extend(off.map(|(key, value)| format!("filter.{name}.{key}={value}")));
        }
        Ok(())
    }

    /// Runs and waits, whatever the end.
    pub fn run(&self, asked: &[&str]) -> Result<Answer, Error> {
        self.run_on(asked, None)
    }

    /// Runs with a path of the repository as the last argument.
    pub fn run_on(&self, asked: &[&str], path: Option<&[u8]>) -> Result<Answer, Error> {
        let mut command = self.command();
        command.args(asked).stdin(Stdio::null());
        if let Some(path) = path {
            command.arg(&*native(path));
        }
        let output = command.output().map_err(|error| {
            let reason = format!("`{}` cannot be run: {error}", self.program.display());
            fault::new(&self.root, &reason, "install git")
        })?;
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Answer { code: output.status.code(), output: output.stdout, errors })
    }

    /// What it printed; that it failed is an error.
    pub fn done(&self, asked: &[&str]) -> Result<Vec<u8>, Error> {
        Ok(self.check(asked, self.run(asked)?)?.output)
    }

    /// The line that it printed.
    pub fn text(&self, asked: &[&str]) -> Result<String, Error> {
        Ok(self.check(asked, self.run(asked)?)?.text().trim_end().to_owned())
    }

    /// The path that it printed.
    pub fn path(&self, asked: &[&str]) -> Result<PathBuf, Error> {
        let output = self.done(asked)?;
        let line = output.strip_suffix(b"\n").unwrap_or(&output);
        Ok(native(line).into_owned())
    }

    /// An answer, unless it failed.
    pub fn check(&self, asked: &[&str], answer: Answer) -> Result<Answer, Error> {
        if answer.code == Some(0) {
            return Ok(answer);
        }
        Err(fault::of_program(&self.root, asked.first().copied().unwrap_or_default(), &answer.errors))
    }

    /// The program with everything switched off.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.root).args(OPTIONS);
        for setting in SWITCHED_OFF.into_iter().chain(self.filters.iter().map(String::as_str)) {
            command.args(["-c", setting]);
        }
        for (name, _) in env::vars_os() {
            let plain = name.to_str().unwrap_or_default();
            if plain.starts_with("GIT_") && !KEPT.contains(&plain) {
                command.env_remove(name);
            }
        }
        for name in PLACES {
            command.env_remove(name);
        }
        command.envs(self.places.iter().map(|(name, value)| (name, value)));
        command.envs([
            ("GIT_ALLOW_PROTOCOL", "none"),
            ("GIT_NO_LAZY_FETCH", "1"),
            ("GIT_OPTIONAL_LOCKS", "0"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("LC_ALL", "C"),
        ]);
        command
    }
}

/// `x` of `filter.x.clean`.
fn filter_name(key: &str) -> Option<&str> {
    let (name, _) = key.strip_prefix("filter.")?.rsplit_once('.')?;
    Some(name)
}

/// The program as the shell would find it, but never one of the repository: neither of a folder that the `PATH` names
/// relative to the current one, nor of one in the work tree.
fn executable(root: &Path) -> Option<PathBuf> {
    let name = OsStr::new(if cfg!(windows) { "git.exe" } else { "git" });
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders).filter(|folder| folder.is_absolute()).find_map(|folder| {
        let file = folder.join(name).canonicalize().ok()?;
        let outside = !file.starts_with(root) && !folder.canonicalize().ok()?.starts_with(root);
        // Asked for by its own name: git takes that of the link it was called by for a command.
        (outside && is_program(&file)).then(|| folder.join(name))
    })
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}
