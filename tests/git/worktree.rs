//! The work tree against `HEAD`.

use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, SystemTime};

use crate::repo::{Repo, Worktree, is_on_disk, lines, paths, text};

#[test]
fn everything_that_is_not_committed_counts() {
    let repo = Repo::new(&["a.py", "b.py", "gone.py", "gone_staged.py", "same.py"]);
    repo.edit("a.py", "a.py 1", "staged");
    repo.git("add a.py");
    repo.edit("a.py", "a.py 4", "and not staged");
    repo.edit("b.py", "b.py 2\n", "");
    fs::remove_file(repo.path("gone.py")).unwrap();
    repo.git("rm -q gone_staged.py");
    repo.write("new.py", "new\n");
    repo.write("sub/deep/new.py", "new\n");
    repo.write(".gitignore", "ignored.py\nvenv/\n");
    repo.write("ignored.py", "x\n");
    repo.write("venv/x.py", "x\n");
    let expected = [
        "A .gitignore",
        "M a.py 1..2 4..5",
        "M b.py",
        "D gone.py",
        "D gone_staged.py",
        "A new.py",
        "A sub/deep/new.py",
    ];
    assert_eq!(repo.changed(&Worktree), expected);
    let changes = repo.changes(&Worktree);
    assert_eq!(paths(&changes.head), [".gitignore", "a.py", "b.py", "new.py", "same.py", "sub/deep/new.py"]);
    assert!(changes.head.entries.iter().all(|entry| is_on_disk(&changes.head, &entry.path)));
    assert!(is_on_disk(&changes.base, "same.py") && !is_on_disk(&changes.base, "a.py"));
    assert_eq!(changes.description, "work tree against HEAD");
}

#[test]
fn what_was_only_touched_is_unchanged() {
    let repo = Repo::new(&["a.py", "b.py"]);
    for path in ["a.py", "b.py"] {
        let file = fs::File::options().write(true).open(repo.path(path)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(5000)).unwrap();
    }
    let changes = repo.changes(&Worktree);
    assert!(changes.changed.is_empty());
    assert_eq!(changes.base, changes.head);
}

#[test]
fn a_file_changed_back_is_unchanged() {
    let repo = Repo::new(&["a.py"]);
    repo.edit("a.py", "a.py 1", "staged");
    repo.git("add a.py");
    repo.write("a.py", &lines("a.py"));
    // Git compares with the commit through the index and lists it; its content is the commit's all the same.
    let changes = repo.open().changes(&Worktree).unwrap();
    assert!(changes.changed.is_empty());
}

#[test]
fn a_file_taken_out_of_the_index_is_still_on_disk() {
    let repo = Repo::new(&["a.py", "b.py"]);
    repo.git("rm -q --cached a.py b.py");
    repo.edit("b.py", "b.py 1", "changed");
    let repository = repo.open();
    let changes = repository.changes(&Worktree).unwrap();
    assert_eq!(crate::repo::told(&repository, &changes), ["M b.py 1..2"]);
    assert_eq!(paths(&changes.head), ["a.py", "b.py"]);
}

#[test]
fn a_file_that_git_is_told_to_assume_unchanged_is_looked_at() {
    let repo = Repo::new(&["a.py", "b.py"]);
    repo.git("update-index --assume-unchanged a.py");
    repo.edit("a.py", "a.py 1", "eval(x)");
    let repository = repo.open();
    let changes = repository.changes(&Worktree).unwrap();
    assert_eq!(crate::repo::told(&repository, &changes), ["M a.py 1..2"]);
    assert!(text(&repository, &changes.head, "a.py").unwrap().contains("eval"));
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let repo = Repo::empty();
    repo.write("a.py", "a\n");
    repo.write("b.py", "b\n");
    repo.git("add a.py");
    assert_eq!(repo.changed(&Worktree), ["A a.py", "A b.py"]);
}

#[test]
fn links_and_special_files_are_left_out_and_counted() {
    let repo = Repo::new(&["a.py", "b.py", "sub/c.py", "was_file.py"]);
    symlink("a.py", repo.path("link.py")).unwrap();
    symlink("sub", repo.path("folder")).unwrap();
    repo.git("add -A");
    repo.git("commit -qm links");
    symlink("a.py", repo.path("new_link.py")).unwrap();
    fs::remove_file(repo.path("was_file.py")).unwrap();
    symlink("a.py", repo.path("was_file.py")).unwrap();
    fs::remove_file(repo.path("b.py")).unwrap();
    fs::create_dir(repo.path("b.py")).unwrap();
    repo.write("b.py/inner.py", "x\n");
    let repository = repo.open();
    let changes = repository.changes(&Worktree).unwrap();
    assert_eq!(paths(&changes.head), ["a.py", "b.py/inner.py", "sub/c.py"]);
    assert_eq!(crate::repo::told(&repository, &changes), ["D b.py", "A b.py/inner.py", "D was_file.py"]);
    assert_eq!(changes.skipped, [("symlinks".to_owned(), 4)]);
}

#[test]
fn a_folder_replaced_by_a_link_is_not_followed() {
    let repo = Repo::new(&["a.py", "sub/b.py"]);
    fs::rename(repo.path("sub"), repo.outside("elsewhere")).unwrap();
    symlink(repo.outside("elsewhere"), repo.path("sub")).unwrap();
    let repository = repo.open();
    let changes = repository.changes(&Worktree).unwrap();
    assert_eq!(crate::repo::told(&repository, &changes), ["D sub/b.py"]);
}

#[test]
fn submodules_and_nested_repositories_are_left_out_and_counted() {
    let library = Repo::new(&["lib.py"]);
    let repo = Repo::new(&["a.py"]);
    repo.git(&format!("submodule --quiet add {} vendored", library.root.display()));
    repo.git("commit -qm submodule");
    repo.write("vendored/lib.py", "changed\n");
    repo.write("own/x.py", "x\n");
    repo.git_in(&repo.path("own"), &["init", "-q"]);
    repo.git_in(&repo.path("own"), &["add", "-A"]);
    repo.git_in(&repo.path("own"), &["commit", "-qm", "x"]);
    let changes = repo.changes(&Worktree);
    assert_eq!(paths(&changes.head), [".gitmodules", "a.py"]);
    assert_eq!(changes.skipped, [("nested repositories".to_owned(), 1), ("submodules".to_owned(), 1)]);
    assert!(changes.changed.is_empty());
}

#[test]
fn line_ends_that_git_converts_are_no_change() {
    for (setting, attributes) in [("core.autocrlf true", ""), ("core.autocrlf false", "*.py text eol=crlf\n")]
    {
        let repo = Repo::empty();
        repo.write(".gitattributes", attributes);
        repo.write("a.py", "a\nb\n");
        repo.write("b.py", "a\nb\n");
        repo.git("add -A");
        repo.git("commit -qm x");
        repo.git(&format!("config {setting}"));
        for path in ["a.py", "b.py"] {
            fs::remove_file(repo.path(path)).unwrap();
        }
        repo.git("checkout -q -- .");
        assert_eq!(fs::read_to_string(repo.path("a.py")).unwrap(), "a\r\nb\r\n");
        // One is as git wrote it, the other was saved with other line ends.
        repo.write("b.py", "a\nb\n");
        let repository = repo.open();
        let changes = repository.changes(&Worktree).unwrap();
        assert!(changes.changed.is_empty(), "{setting} {attributes:?}: {:?}", changes.changed);
        repo.write("a.py", "a\r\nb\r\nc\r\n");
        let changes = repository.changes(&Worktree).unwrap();
        assert_eq!(crate::repo::told(&repository, &changes), ["M a.py 3..4"]);
    }
}

#[test]
fn files_that_are_not_checked_out_are_read_from_the_repository() {
    let repo = Repo::new(&["in/a.py", "out/b.py", "top.py"]);
    repo.git("sparse-checkout set --no-cone /in/ /top.py");
    assert!(!repo.path("out").exists());
    repo.edit("in/a.py", "in/a.py 1", "changed");
    let repository = repo.open();
    let changes = repository.changes(&Worktree).unwrap();
    assert_eq!(crate::repo::told(&repository, &changes), ["M in/a.py 1..2"]);
    assert_eq!(text(&repository, &changes.head, "out/b.py").unwrap(), lines("out/b.py"));
    // One that is there after all is judged as it is.
    repo.write("out/b.py", "changed\n");
    let changes = repository.changes(&Worktree).unwrap();
    assert_eq!(crate::repo::told(&repository, &changes), ["M in/a.py 1..2", "M out/b.py 1..2"]);
}

#[test]
fn new_names_of_files_that_git_does_not_know_yet_are_found() {
    let repo = Repo::new(&["old.py", "same.py"]);
    fs::rename(repo.path("old.py"), repo.path("new.py")).unwrap();
    fs::rename(repo.path("same.py"), repo.path("moved.py")).unwrap();
    repo.edit("new.py", "old.py 1", "changed");
    assert_eq!(repo.changed(&Worktree), ["R moved.py < same.py", "R new.py < old.py 1..2"]);
}
