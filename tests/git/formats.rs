//! Repositories that libgit2 cannot read, and that the same is told of those that it can.

use std::collections::BTreeMap;
use std::fs;

use backend_audit::input::git::{Change, Changes, Repository};

use crate::repo::{Repo, Staged, Worktree, lines, paths, printed, text, told};

/// What each format is, and how to make it. The program may be too old to know one.
fn formats() -> Vec<(&'static str, Repo)> {
    let init: [(&str, &[&str]); 3] =
        [("plain", &[]), ("sha256", &["--object-format=sha256"]), ("reftable", &["--ref-format=reftable"])];
    let mut formats: Vec<_> =
        init.into_iter().filter_map(|(name, options)| Some((name, Repo::with_format(options)?))).collect();
    formats.push(("split index", Repo::empty()));
    formats.push(("sparse index", Repo::empty()));
    formats
}

/// Makes the index one that libgit2 cannot read, where the format is about the index.
fn convert(format: &str, repo: &Repo) {
    match format {
        "split index" => repo.git("update-index --split-index"),
        "sparse index" => repo.git("sparse-checkout set --cone --sparse-index in"),
        _ => String::new(),
    };
}

/// Whether libgit2 reads it.
fn is_read_by_the_library(repo: &Repo) -> bool {
    let opened = git2_opens(repo);
    assert!(Repository::open(std::slice::from_ref(&repo.root)).is_ok());
    opened
}

fn git2_opens(repo: &Repo) -> bool {
    git2::Repository::open(&repo.root).and_then(|repo| repo.index()).is_ok()
}

#[test]
fn every_format_is_read_alike() {
    for (format, repo) in formats() {
        let files = ["a.py", "gone.py", "in/b.py", "in/same.py", "old.py", "out/c.py"];
        repo.commit_files(&files);
        repo.git("branch start");
        repo.edit("in/b.py", "in/b.py 1", "committed");
        repo.git("commit -qam second");
        convert(format, &repo);
        assert_eq!(is_read_by_the_library(&repo), format == "plain", "{format}");
        repo.edit("a.py", "a.py 1", "staged");
        repo.git("rm -q gone.py");
        repo.git("mv old.py in/new.py");
        repo.edit("in/new.py", "old.py 2", "changed");
        repo.write("in/announced.py", "x\n");
        repo.git("add a.py in/new.py");
        repo.git("add -N in/announced.py");
        repo.edit("a.py", "a.py 4", "not staged");
        repo.write("in/x y é\n.py", "new\n");
        if format == "split index" {
            // It stays one only as long as little changes.
            convert(format, &repo);
        }
        let repository = repo.open();
        let staged = repository.changes(&Staged).unwrap();
        let expected = ["M a.py 1..2", "D gone.py", "R in/new.py < old.py 2..3"];
        assert_eq!(told(&repository, &staged), expected, "{format}");
        assert_eq!(paths(&staged.base), files);
        assert_eq!(
            paths(&staged.head),
            ["a.py", "in/b.py", "in/new.py", "in/same.py", "out/c.py"],
            "{format}"
        );
        assert_eq!(text(&repository, &staged.head, "out/c.py").unwrap(), lines("out/c.py"));
        assert_eq!(text(&repository, &staged.head, "a.py").unwrap(), "staged\na.py 2\na.py 3\na.py 4\n");
        let worktree = repository.changes(&Worktree).unwrap();
        let mut expected = vec![
            "M a.py 1..2 4..5",
            "D gone.py",
            "A in/announced.py",
            "R in/new.py < old.py 2..3",
            "A in/x y é\n.py",
        ];
        assert_eq!(told(&repository, &worktree), expected, "{format}");
        let since = repository.changes(&Change::Since("start".to_owned())).unwrap();
        expected.insert(3, "M in/b.py 1..2");
        assert_eq!(told(&repository, &since), expected, "{format}");
        let old = repository.read_at("start", &repo.path("in/b.py")).unwrap();
        assert_eq!(old.unwrap(), lines("in/b.py").into_bytes(), "{format}");
        assert_eq!(repository.read_at("HEAD", &repo.path("nothing.py")).unwrap(), None, "{format}");
        assert!(repository.read_at("HEAD", &repo.path("in")).is_err(), "{format}");
        for revision in ["nowhere", "-h", "", "start..main"] {
            let said = printed(&repo.error(&Change::Since(revision.to_owned())));
            assert!(said.contains("there is no commit"), "{format}: {said}");
        }
        let id = staged.head.entries[0].id.unwrap();
        assert_eq!(repository.read_blob(id, 3).unwrap_err().id, "file-too-large");
        assert_eq!(repository.read_blob(id, 300).unwrap().len(), 28);
    }
}

#[test]
fn every_format_is_read_before_the_first_commit_and_in_a_conflict() {
    for (format, repo) in formats() {
        if format == "sparse index" {
            continue;
        }
        repo.write("a.py", "a\n");
        repo.git("add a.py");
        convert(format, &repo);
        repo.write("b.py", "b\n");
        assert_eq!(repo.changed(&Staged), ["A a.py"], "{format}");
        assert_eq!(repo.changed(&Worktree), ["A a.py", "A b.py"], "{format}");
        repo.git("add b.py");
        repo.git("commit -qm first");
        repo.git("checkout -q -b other");
        repo.write("a.py", "theirs\n");
        repo.git("commit -qam theirs");
        repo.git("checkout -q main");
        repo.write("a.py", "ours\n");
        repo.git("commit -qam ours");
        assert!(!repo.output(&repo.root, &["merge", "other"]).status.success());
        convert(format, &repo);
        let said = printed(&repo.error(&Staged));
        assert!(said.contains("conflicts in `a.py`\n"), "{format}: {said}");
    }
}

#[test]
fn a_missing_or_damaged_object_is_an_error_in_every_format() {
    for (format, repo) in formats() {
        repo.commit_files(&["a.py", "in/b.py", "out/c.py"]);
        convert(format, &repo);
        let tree = repo.git("rev-parse HEAD:in").trim().to_owned();
        fs::remove_file(repo.path(&format!(".git/objects/{}/{}", &tree[..2], &tree[2..]))).unwrap();
        for change in [Staged, Worktree] {
            let said = printed(&repo.error(&change));
            assert!(said.contains("git fsck"), "{format}: {said}");
        }
    }
}

/// What must not depend on who reads the repository.
fn essence(repository: &Repository, changes: &Changes) -> BTreeMap<String, Vec<String>> {
    let side =
        |side| paths(side).into_iter().map(|path| format!("{path}: {:?}", text(repository, side, &path)));
    BTreeMap::from([
        ("base".to_owned(), side(&changes.base).collect()),
        ("head".to_owned(), side(&changes.head).collect()),
        ("changed".to_owned(), told(repository, changes)),
        ("skipped".to_owned(), changes.skipped.iter().map(|skipped| format!("{skipped:?}")).collect()),
    ])
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Does something to the work tree or the index.
fn disturb(repo: &Repo, dice: &mut Dice) {
    let path = format!("{}/f{}.py", ["a", "a/b", "c"][dice.roll(3) as usize], dice.roll(6));
    let is_there = repo.path(&path).is_file() && !repo.path(&path).is_symlink();
    match dice.roll(9) {
        0 if is_there => fs::remove_file(repo.path(&path)).unwrap(),
        1 if is_there => drop(repo.output(&repo.root, &["mv", "-f", &path, "c/moved.py"])),
        2 => drop(repo.output(&repo.root, &["rm", "-q", "--cached", &path])),
        3 => drop(repo.output(&repo.root, &["add", "-N", &path])),
        4 if is_there => {
            fs::remove_file(repo.path(&path)).unwrap();
            std::os::unix::fs::symlink("x", repo.path(&path)).unwrap();
        }
        5 if is_there => {
            repo.write(&path, &fs::read_to_string(repo.path(&path)).unwrap().replace("1\n", "one\n"));
        }
        6 => drop(repo.output(&repo.root, &["add", "-A", &path])),
        7 => drop(repo.output(&repo.root, &["update-index", "--assume-unchanged", &path])),
        _ if !repo.path(&path).is_symlink() => repo.write(&path, &lines(&format!("{path}{}", dice.roll(3)))),
        _ => {}
    }
}

#[test]
fn the_library_and_the_program_tell_the_same() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for round in 0..30 {
        let repo =
            Repo::new(&["a/f0.py", "a/f1.py", "a/f2.py", "a/b/f0.py", "a/b/f1.py", "c/f0.py", "c/f1.py"]);
        repo.write(".gitignore", "f5.py\n");
        for _ in 0..12 {
            disturb(&repo, &mut dice);
        }
        let changes = [Staged, Worktree, Change::Since("HEAD".to_owned())];
        let told = || {
            let repository = repo.open();
            changes.each_ref().map(|change| essence(&repository, &repository.changes(change).unwrap()))
        };
        let by_library = told();
        assert!(git2_opens(&repo));
        repo.git("update-index --split-index");
        assert!(!git2_opens(&repo));
        assert_eq!(told(), by_library, "round {round}");
    }
}
