//! What can be wrong with a repository, and what to do about it.

use std::path::Path;

use crate::error::Error;

/// Names listed in a message.
const NAMED: usize = 5;

/// What libgit2 said about the repository at `root`.
pub(super) fn of_library(root: &Path, error: &git2::Error) -> Error {
    match error.code() {
        git2::ErrorCode::Owner => owner(root),
        _ => new(root, error.message(), &hint(error.message())),
    }
}

/// What the program said about the repository at `root`, and what it was asked.
pub(super) fn of_program(root: &Path, asked: &str, said: &str) -> Error {
    let said = said.trim();
    if said.contains("dubious ownership") {
        return owner(root);
    }
    let said = reason(said);
    new(root, &format!("`git {asked}` failed: {said}"), &hint(said))
}

/// The line of what the program said that tells why it failed.
pub(super) fn reason(said: &str) -> &str {
    let is_fault = |line: &&str| line.starts_with("fatal: ") || line.starts_with("error: ");
    let line = said.lines().find(is_fault).or(said.lines().next()).unwrap_or("it gave no reason");
    line.trim_start_matches("fatal: ").trim_start_matches("error: ")
}

fn hint(said: &str) -> String {
    let lower = said.to_lowercase();
    if lower.contains("index") {
        "if the index is damaged, remove it (`git rev-parse --git-path index` names it) and run `git reset`"
    } else if lower.contains("object") {
        "`git fsck` lists what is missing or damaged; `git fetch --refetch` gets it again, in a clone made with \
         `--filter` or `--depth` too"
    } else {
        "check the repository with `git status` and `git fsck`"
    }
    .to_owned()
}

/// The repository belongs to somebody else, who could have put anything in it.
pub(super) fn owner(root: &Path) -> Error {
    let hint = format!("if you trust it, run `git config --global --add safe.directory {}`", quoted(root));
    new(root, "it belongs to another user", &hint)
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+:@".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// There is no work tree to judge.
pub(super) fn bare(root: &Path) -> Error {
    new(root, "it is bare: it has no work tree", "clone it, or check it out with `git worktree add`")
}

/// Two paths are in two repositories.
pub(super) fn several(first: &Path, second: &Path) -> Error {
    let reason = format!("`{}` is not in the repository of `{}`", second.display(), first.display());
    new(first, &reason, "judge the change of one repository at a time")
}

/// The environment names another repository than the paths are in.
pub(super) fn elsewhere(root: &Path, start: &Path) -> Error {
    let reason = format!(
        "git's environment (`GIT_DIR`, `GIT_INDEX_FILE` or `GIT_WORK_TREE`) names it, but `{}` is in another",
        start.display()
    );
    new(root, &reason, "unset these variables to judge the change of another repository than the hook's")
}

/// What git takes for the work tree is not where the `.git` is.
pub(super) fn odd_work_tree(root: &Path, start: &Path) -> Error {
    let reason =
        format!("it is what git finds for `{}`, whose own `.git` it does not belong to", start.display());
    let hint =
        "repair or remove that `.git`, or set `GIT_DIR` and `GIT_WORK_TREE` if `core.worktree` means it";
    new(root, &reason, hint)
}

/// The index has files with a merge not resolved.
pub(super) fn conflicts(root: &Path, files: &[String]) -> Error {
    let mut names: Vec<_> = files.iter().take(NAMED).map(|file| format!("`{file}`")).collect();
    if files.len() > NAMED {
        names.push(format!("{} more", files.len() - NAMED));
    }
    let reason = format!("a merge left conflicts in {}", names.join(", "));
    new(root, &reason, "resolve them and `git add` the files, or judge the work tree with `--changed`")
}

/// The index is not there.
pub(super) fn no_index(root: &Path, index: &Path) -> Error {
    let reason = format!("its index `{}` does not exist", index.display());
    new(root, &reason, "`git reset` makes it again; in a hook, check `GIT_INDEX_FILE`")
}

/// The index has two entries where there can be one.
pub(super) fn twice(root: &Path, path: &str) -> Error {
    let reason = format!("its index is damaged: it has `{path}` twice");
    new(root, &reason, &hint("index"))
}

/// A path that would lead out of the work tree.
pub(super) fn bad_path(root: &Path, path: &str) -> Error {
    new(root, &format!("it holds the path `{path}`, which git allows nobody to add"), "do not trust it")
}

/// There is no commit to compare with.
pub(super) fn no_commit(root: &Path) -> Error {
    let hint = "commit first, or judge everything without `--since`";
    new(root, "it has no commit yet", hint)
}

/// A revision that is not there.
pub(super) fn revision(root: &Path, revision: &str, said: &str, shallow: bool, remote: bool) -> Error {
    let reason = format!("there is no commit `{revision}` in it: {said}");
    let hint = if remote {
        format!("did you mean `origin/{revision}`?")
    } else if shallow {
        "the clone is shallow: `git fetch --unshallow` completes it; in a workflow, set `fetch-depth: 0` for \
         `actions/checkout`"
            .to_owned()
    } else {
        "check the spelling, and fetch it first: `git fetch origin`; in a workflow, set `fetch-depth: 0` for \
         `actions/checkout`"
            .to_owned()
    };
    new(root, &reason, &hint)
}

/// Two histories that never were one.
pub(super) fn no_merge_base(root: &Path, revision: &str, shallow: bool) -> Error {
    let reason = format!("`{revision}` and `HEAD` have no commit in common");
    let hint = if shallow {
        "the clone is shallow: `git fetch --unshallow` completes it; in a workflow, set `fetch-depth: 0` for \
         `actions/checkout`"
    } else {
        "name a revision that the work tree comes from"
    };
    new(root, &reason, hint)
}

/// A file that a revision holds and that cannot be read.
pub(super) fn unread(root: &Path, revision: &str, path: &str, said: &str) -> Error {
    new(root, &format!("`{path}` of `{revision}`: {said}"), &hint(said))
}

/// A path that no revision can hold.
pub(super) fn outside(root: &Path, path: &Path) -> Error {
    new(root, &format!("`{}` is not in its work tree", path.display()), "name a file of the repository")
}

/// A file that a revision holds as something else.
pub(super) fn not_a_file(root: &Path, revision: &str, path: &str) -> Error {
    let reason = format!("`{path}` is no regular file in `{revision}`");
    new(root, &reason, "name a file, not a folder, symbolic link or submodule")
}

/// Anything else.
pub(super) fn new(root: &Path, reason: &str, hint: &str) -> Error {
    Error::Repository { path: root.to_owned(), reason: reason.to_owned(), hint: hint.to_owned() }
}
