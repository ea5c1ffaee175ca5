//! The index against `HEAD`.

use std::fs;

use crate::repo::{Repo, Staged, is_on_disk, paths, printed, text};

#[test]
fn a_partly_staged_file_is_judged_as_staged() {
    let repo = Repo::new(&["a.py", "b.py"]);
    repo.edit("a.py", "a.py 2", "staged");
    repo.git("add a.py");
    repo.edit("a.py", "a.py 4", "not staged");
    repo.edit("b.py", "b.py 1", "not staged");
    let changes = repo.changes(&Staged);
    assert_eq!(repo.changed(&Staged), ["M a.py 2..3"]);
    let text = text(&repo.open(), &changes.head, "a.py").unwrap();
    assert!(text.contains("staged") && !text.contains("not staged"));
    assert_eq!(changes.description, "index against HEAD");
}

#[test]
fn what_is_unchanged_is_read_from_disk_on_both_sides() {
    let repo = Repo::new(&["a.py", "sub/b.py"]);
    // A file as old as its index is not trusted.
    std::thread::sleep(std::time::Duration::from_millis(20));
    repo.git("update-index --really-refresh");
    repo.write("c.py", "new\n");
    repo.git("add c.py");
    let changes = repo.changes(&Staged);
    for side in [&changes.base, &changes.head] {
        assert!(is_on_disk(side, "a.py") && is_on_disk(side, "sub/b.py"));
    }
    assert_eq!(changes.base.entries[0], changes.head.entries[0]);
    assert!(changes.head.entries.iter().all(|entry| entry.id.is_some()));
    assert!(!is_on_disk(&changes.head, "c.py"));
}

#[test]
fn a_file_that_was_touched_is_read_from_the_index() {
    let repo = Repo::new(&["a.py", "b.py", "c.py", "d/e.py"]);
    let before = fs::metadata(repo.path("a.py")).unwrap().modified().unwrap();
    // The same size, and the same time by force.
    repo.edit("a.py", "a.py 1", "a.py X");
    fs::File::options().write(true).open(repo.path("a.py")).unwrap().set_modified(before).unwrap();
    fs::remove_file(repo.path("b.py")).unwrap();
    fs::rename(repo.path("d"), repo.outside("d")).unwrap();
    std::os::unix::fs::symlink(repo.outside("d"), repo.path("d")).unwrap();
    let changes = repo.changes(&Staged);
    assert!(changes.changed.is_empty());
    for path in ["a.py", "b.py", "d/e.py"] {
        assert!(!is_on_disk(&changes.head, path), "{path}");
    }
}

#[test]
fn new_names_copies_and_deletions_are_told() {
    let repo = Repo::new(&["old.py", "gone.py", "source.py", "sub/same.py"]);
    repo.git("mv old.py new.py");
    repo.edit("new.py", "old.py 3", "changed");
    repo.git("mv sub/same.py sub/other.py");
    repo.git("rm -q gone.py");
    fs::copy(repo.path("source.py"), repo.path("copy.py")).unwrap();
    repo.edit("source.py", "source.py 1", "changed");
    repo.write("unlike.py", "nothing like it\n");
    repo.git("add -A");
    let expected = [
        "C copy.py < source.py",
        "D gone.py",
        "R new.py < old.py 3..4",
        "M source.py 1..2",
        "R sub/other.py < sub/same.py",
        "A unlike.py",
    ];
    assert_eq!(repo.changed(&Staged), expected);
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let repo = Repo::empty();
    assert!(repo.changes(&Staged).head.entries.is_empty());
    repo.write("a.py", "a\n");
    repo.write("b.py", "b\n");
    repo.git("add a.py");
    let changes = repo.changes(&Staged);
    assert_eq!((paths(&changes.base), paths(&changes.head)), (vec![], vec!["a.py".to_owned()]));
    assert_eq!(repo.changed(&Staged), ["A a.py"]);
    assert_eq!(changes.description, "index against an empty tree, as there is no commit yet");
}

#[test]
fn a_merge_with_conflicts_is_an_error_that_names_the_files() {
    let repo = Repo::new(&["a.py", "b.py"]);
    repo.git("checkout -q -b other");
    repo.edit("b.py", "b.py 1", "theirs");
    repo.git("commit -qam theirs");
    repo.git("checkout -q main");
    repo.edit("b.py", "b.py 1", "ours");
    repo.git("commit -qam ours");
    assert!(!repo.output(&repo.root, &["merge", "-q", "other"]).status.success());
    let said = printed(&repo.error(&Staged));
    assert!(said.contains("conflicts in `b.py`\n") && said.contains("`--changed`"), "{said}");
    // The work tree can be judged.
    let changes = repo.open().changes(&crate::repo::Worktree).unwrap();
    assert!(text(&repo.open(), &changes.head, "b.py").unwrap().contains("<<<<<<<"));
    assert_eq!(changes.changed.len(), 1);
}

#[test]
fn a_name_that_is_only_announced_is_in_no_commit() {
    let repo = Repo::new(&["a.py"]);
    repo.write("later.py", "x\n");
    repo.git("add -N later.py");
    let changes = repo.open().changes(&Staged).unwrap();
    assert_eq!(paths(&changes.head), ["a.py"]);
    assert_eq!(changes.skipped, [("files marked to be added later".to_owned(), 1)]);
    assert!(changes.changed.is_empty());
}

#[test]
fn what_becomes_executable_is_no_change() {
    let repo = Repo::new(&["a.py"]);
    repo.git("update-index --chmod=+x a.py");
    let changes = repo.changes(&Staged);
    assert!(changes.changed.is_empty());
    assert!(changes.head.entries[0].executable && !changes.base.entries[0].executable);
}

#[test]
fn files_of_bytes_have_lines_too() {
    let repo = Repo::empty();
    repo.write(".gitattributes", "*.py binary\n");
    repo.write("a.py", "a\0\nb\nc\n");
    repo.git("add -A");
    repo.git("commit -qm x");
    repo.edit("a.py", "b", "eval(b)");
    repo.git("add -A");
    assert_eq!(repo.changed(&Staged), ["M a.py 2..3"]);
}

#[test]
fn many_files_moved_at_once_keep_their_names() {
    let repo = Repo::empty();
    for number in 0..1500 {
        repo.write(&format!("a/m{number}.py"), &format!("import m{number}\nx = 1\ny = 2\n"));
    }
    repo.git("add -A");
    repo.git("commit -qm x");
    repo.git("mv a b");
    for number in 0..700 {
        repo.edit(&format!("b/m{number}.py"), "y = 2", "y = 3");
    }
    repo.git("add -A");
    let repository = repo.open();
    let changes = repository.changes(&Staged).unwrap();
    assert_eq!(changes.changed.len(), 1500);
    for changed in &changes.changed {
        assert_eq!(changed.old_path.as_ref().unwrap()[2..], changed.path[2..]);
    }
}
