//! The one error type. An error ends the run; what only makes it incomplete is a
//! [`Notice`](crate::finding::Notice).

use std::path::PathBuf;

/// Everything that can end a run before it has an answer. `main` prints it with its hint and exits with 2.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A path given by hand is not there.
    #[error("`{}` does not exist", .0.display())]
    MissingPath(PathBuf),
    /// A path given by hand is neither a file nor a folder.
    #[error("`{}` is neither a file nor a folder", .0.display())]
    NotScannable(PathBuf),
    /// Nothing to scan was given, by an empty list of paths.
    #[error("the list of paths is empty")]
    NoPaths,
    /// There is nothing to scan in folders given by hand.
    #[error("no Python file in {}{}", quoted(.folders), left_out(.skipped))]
    NoPython {
        /// The folders as given.
        folders: Vec<PathBuf>,
        /// What was passed over: a reason in the plural and how often.
        skipped: Vec<(String, u32)>,
    },
    /// An exclude pattern is not valid gitignore syntax.
    #[error("the exclude pattern `{pattern}` is not valid: {reason}")]
    ExcludePattern {
        /// The pattern as given.
        pattern: String,
        /// What the matcher said.
        reason: String,
    },
    /// No rule, alias or preset has this name.
    #[error("there is no rule `{name}`")]
    UnknownRule {
        /// The name as given.
        name: String,
        /// The nearest names that exist.
        nearest: Vec<String>,
        /// Whether Bandit had an id of this name once.
        removed: bool,
    },
    /// An option's value is not one of those it takes.
    #[error("{option}: {reason}")]
    Usage {
        /// The option, as written.
        option: String,
        /// What is wrong with it.
        reason: String,
        /// What to do instead.
        hint: Option<String>,
    },
    /// A report or another file could not be written.
    #[error("cannot write `{}`: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file that the run depends on could not be read.
    #[error("cannot read `{}`: {source}", .path.display())]
    Read {
        /// The file, or `-` for standard input.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A model file is not valid. Those that ship are held by a test; those of users are not.
    #[error("the model `{name}` is not valid: {reason}")]
    Model {
        /// The library.
        name: String,
        /// What is wrong, with its line.
        reason: String,
    },
    /// A baseline cannot be used as it is.
    #[error("the baseline `{}`{} cannot be used: {reason}", .path.display(), at_line(*.line))]
    Baseline {
        /// The file.
        path: PathBuf,
        /// The line, 1-based, where one is known.
        line: Option<usize>,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A config cannot be used as it is.
    #[error("{}{}: {reason}", .path.display(), behind_path(*.at))]
    Config {
        /// The file.
        path: PathBuf,
        /// Line and column, 1-based, where they are known.
        at: Option<(u32, u32)>,
        /// What is wrong with it.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// A change was asked for where there is no git repository.
    #[error("`{}` is not in a git repository", .0.display())]
    NoRepository(PathBuf),
    /// A git repository cannot be used, or not for what was asked.
    #[error("the git repository `{}`: {reason}", .path.display())]
    Repository {
        /// Its work tree, or what is known of it.
        path: PathBuf,
        /// What is wrong with it, or with what was asked.
        reason: String,
        /// What to do.
        hint: String,
    },
    /// The worker threads could not be started.
    #[error("cannot start worker threads: {0}")]
    Threads(String),
}

/// How a line is said in a message.
fn at_line(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!(", line {line},"))
}

fn quoted(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
}

/// What a scan passed over, as part of a message: `; skipped 3 (2 excluded files, 1 .venv)`.
fn left_out(skipped: &[(String, u32)]) -> String {
    let total: u32 = skipped.iter().map(|(_, count)| count).sum();
    let reasons: Vec<String> = skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
    if reasons.is_empty() { String::new() } else { format!("; skipped {total} ({})", reasons.join(", ")) }
}

/// A place as editors and terminals follow it.
fn behind_path(at: Option<(u32, u32)>) -> String {
    at.map_or_else(String::new, |(line, column)| format!(":{line}:{column}"))
}

impl Error {
    /// What the user can do about it, one sentence without a full stop.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::MissingPath(_) => {
                Some("check the spelling; paths are relative to the current folder".to_owned())
            }
            Error::NotScannable(_) => {
                Some("pipe the text in with `-` and name it with `--stdin-filename`".to_owned())
            }
            Error::NoPaths => {
                Some("name a file or folder, or leave the paths out to scan the current folder".to_owned())
            }
            Error::NoPython { .. } => Some(
                "check the path, `--exclude`, `exclude` in the config and `.gitignore`; `--show-files` lists what is scanned"
                    .to_owned(),
            ),
            Error::ExcludePattern { .. } => {
                Some("patterns are those of `.gitignore`, relative to the root of the scan".to_owned())
            }
            Error::UnknownRule { removed: true, .. } => {
                Some("Bandit has no such id any more, and no rule stands for it: leave it out".to_owned())
            }
            Error::UnknownRule { nearest, .. } if nearest.is_empty() => {
                Some("`backend-audit rules` lists them all".to_owned())
            }
            Error::UnknownRule { nearest, .. } => {
                let names: Vec<_> = nearest.iter().map(|name| format!("`{name}`")).collect();
                Some(format!("did you mean {}? `backend-audit rules` lists them all", names.join(" or ")))
            }
            Error::Usage { hint, .. } => hint.clone(),
            Error::Config { hint, .. } | Error::Baseline { hint, .. } | Error::Repository { hint, .. } => {
                Some(hint.clone())
            }
            Error::NoRepository(_) => Some(
                "a change is judged through git: `git init`, or scan without `--staged`, `--changed` and `--since`"
                    .to_owned(),
            ),
            Error::Write { .. } => Some("nothing was left half-written there".to_owned()),
            Error::Read { .. } | Error::Model { .. } | Error::Threads(_) => None,
        }
    }
}
