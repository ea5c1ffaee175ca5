//! Repositories in places and states out of the ordinary.

use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt as _;

use backend_audit::input::git::Repository;

use crate::hooks::probe_command;
use crate::repo::{ALL, Repo, Staged, Worktree, bytes, error, isolate, lines, paths, printed, text, told};

#[test]
fn the_repository_is_found_from_anywhere_in_it() {
    let repo = Repo::new(&["sub/a.py", "b.py"]);
    symlink(&repo.root, repo.outside("link")).unwrap();
    for place in [
        repo.root.clone(),
        repo.path("sub"),
        repo.path("sub/a.py"),
        repo.path("sub/deleted/file.py"),
        repo.path("sub/../b.py"),
        repo.outside("link/sub"),
    ] {
        assert_eq!(Repository::open(&[place]).unwrap().root(), repo.root);
    }
    assert_eq!(Repository::open(&[repo.path("sub"), repo.path("b.py")]).unwrap().root(), repo.root);
}

#[test]
fn no_repository_or_several_are_an_error() {
    let repo = Repo::new(&["a.py"]);
    let said = printed(&error(Repository::open(&[repo.outside("")])));
    assert!(said.contains("not in a git repository") && said.contains("git init"), "{said}");
    let other = Repo::new(&["a.py"]);
    let said = printed(&error(Repository::open(&[repo.path("a.py"), other.path("a.py")])));
    assert!(said.contains("is not in the repository of"), "{said}");
    assert!(Repository::open(&[repo.root.clone(), repo.outside("")]).is_err());
    // A folder that is not what its name says.
    fs::create_dir_all(repo.path("sub/.git")).unwrap();
    let said = printed(&error(Repository::open(&[repo.path("sub")])));
    assert!(said.contains("does not belong to"), "{said}");
}

#[test]
fn a_bare_repository_is_an_error() {
    for format in ["sha1", "sha256"] {
        let repo = Repo::with_format(&[&format!("--object-format={format}")]).unwrap();
        repo.commit_files(&["a.py"]);
        let bare = repo.outside("bare.git");
        repo.git(&format!("clone -q --bare . {}", bare.display()));
        let said = printed(&error(Repository::open(&[bare])));
        assert!(said.contains("bare") || said.contains("not in a git repository"), "{said}");
        repo.git("config core.bare true");
        let said = printed(&repo.error(&Staged));
        assert!(said.contains("bare") || said.contains("work tree"), "{format}: {said}");
    }
}

#[test]
fn the_repository_of_another_user_is_an_error_that_says_what_to_do() {
    for format in ["sha1", "sha256"] {
        let repo = Repo::with_format(&[&format!("--object-format={format}")]).unwrap();
        repo.commit_files(&["a.py"]);
        if chown(&repo.root, Some(4242), None)
            .and_then(|()| chown(repo.path(".git"), Some(4242), None))
            .is_err()
        {
            // Only root can give a folder away.
            return;
        }
        let out = repo.outside("out");
        let say = || {
            let mut command = probe_command("staged", &[&repo.root], &out);
            isolate(&mut command, &repo.outside(""));
            assert!(command.output().unwrap().status.success());
            fs::read_to_string(&out).unwrap()
        };
        let said = say();
        let remedy = format!("git config --global --add safe.directory {}`", repo.root.display());
        assert!(said.contains("another user") && said.contains(&remedy), "{format}: {said}");
        fs::write(repo.outside(".gitconfig"), format!("[safe]\n\tdirectory = {}\n", repo.root.display()))
            .unwrap();
        assert_eq!(say(), "1 of 1\na.py 1", "{format}");
    }
}

#[test]
fn names_of_all_sorts_are_kept() {
    let repo = Repo::new(&["with space.py", "é.py", "a\"b\\c\n.py", "-x.py", "*.py", ":(top)x.py"]);
    fs::write(repo.root.join(bytes(b"latin-\xE9.py")), "x\n").unwrap();
    fs::create_dir(repo.root.join(bytes(b"\xFF"))).unwrap();
    fs::write(repo.root.join(bytes(b"\xFF/y.py")), "y\n").unwrap();
    repo.git("add -A");
    repo.git("commit -qm bytes");
    fs::write(repo.root.join(bytes(b"latin-\xE9.py")), "x\nz\n").unwrap();
    repo.edit("with space.py", "with space.py 1", "changed");
    repo.git("add -A");
    let expected = [
        "*.py",
        "-x.py",
        ":(top)x.py",
        "\\xFF/y.py",
        "a\"b\\c\n.py",
        "latin-\\xE9.py",
        "with space.py",
        "é.py",
    ];
    for split in [false, true] {
        if split {
            repo.git("update-index --split-index");
        }
        let repository = repo.open();
        for change in [Staged, Worktree] {
            let changes = repository.changes(&change).unwrap();
            assert_eq!(told(&repository, &changes), ["M latin-\\xE9.py 2..3", "M with space.py 1..2"]);
            assert_eq!(
                (paths(&changes.base), paths(&changes.head)),
                (expected.map(str::to_owned).into(), expected.map(str::to_owned).into())
            );
            assert_eq!(text(&repository, &changes.head, "latin-\\xE9.py").unwrap(), "x\nz\n");
            assert_eq!(text(&repository, &changes.base, "\\xFF/y.py").unwrap(), "y\n");
        }
        for name in ["with space.py", "-x.py", "*.py", ":(top)x.py", "a\"b\\c\n.py"] {
            let old = repository.read_at("HEAD", &repo.path(name)).unwrap();
            assert_eq!(old.unwrap(), lines(name).into_bytes());
        }
    }
}

#[test]
fn a_damaged_or_missing_index_is_an_error() {
    let repo = Repo::new(&["a.py", "b.py"]);
    let index = repo.path(".git/index");
    let whole = fs::read(&index).unwrap();
    let damaged = |text: &[u8]| {
        fs::write(&index, text).unwrap();
        [Staged, Worktree].map(|change| printed(&repo.error(&change)))
    };
    let mut flipped = whole.clone();
    flipped[40] ^= 1;
    for text in [
        &b""[..],
        b"DIRC",
        &whole[..whole.len() / 2],
        &flipped,
        b"garbage that is long enough to be a header",
    ] {
        for said in damaged(text) {
            assert!(said.contains("git reset"), "{said}");
        }
    }
    fs::remove_file(&index).unwrap();
    for change in [Staged, Worktree] {
        let said = printed(&repo.error(&change));
        assert!(said.contains("does not exist") && said.contains("git reset"), "{said}");
    }
    repo.git("reset -q");
    assert!(repo.changes(&Staged).changed.is_empty());
}

#[test]
fn a_read_only_repository_is_read_and_nothing_is_written() {
    for format in ["sha1", "sha256"] {
        let repo = Repo::with_format(&[&format!("--object-format={format}")]).unwrap();
        repo.commit_files(&["a.py", "sub/b.py"]);
        repo.edit("a.py", "a.py 1", "changed");
        repo.git("add -A");
        // Touched: git would like to refresh its index.
        repo.write("sub/b.py", &lines("sub/b.py"));
        let state = || {
            let mut files: Vec<_> =
                walkdir::WalkDir::new(&repo.root).into_iter().map(Result::unwrap).collect();
            files.sort_by(|a, b| a.path().cmp(b.path()));
            let of = |entry: &walkdir::DirEntry| {
                (entry.path().to_owned(), entry.metadata().unwrap().modified().unwrap())
            };
            files.iter().map(of).collect::<Vec<_>>()
        };
        fs::set_permissions(repo.path(".git"), fs::Permissions::from_mode(0o555)).unwrap();
        let before = state();
        let repository = repo.open();
        for change in [Staged, Worktree] {
            assert_eq!(told(&repository, &repository.changes(&change).unwrap()), ["M a.py 1..2"]);
        }
        assert_eq!(state(), before, "{format}");
        fs::set_permissions(repo.path(".git"), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_work_tree_elsewhere_is_an_error() {
    for format in ["sha1", "sha256"] {
        let repo = Repo::with_format(&[&format!("--object-format={format}")]).unwrap();
        repo.commit_files(&["a.py"]);
        repo.git("config core.worktree /");
        let said = printed(&repo.error(&Worktree));
        assert!(said.contains("does not belong to"), "{format}: {said}");
    }
}

#[test]
fn a_partial_clone_lacks_what_it_did_not_fetch() {
    let repo = Repo::new(&["a.py", "b.py"]);
    repo.git("config uploadpack.allowFilter true");
    repo.edit("a.py", "a.py 1", "second");
    repo.git("commit -qam second");
    let source = format!("file://{}", repo.root.display());
    repo.git_in(&repo.outside(""), &["clone", "-q", "--filter=blob:none", &source, "partial"]);
    for split in [false, true] {
        let root = repo.outside("partial");
        if split {
            repo.git_in(&root, &["update-index", "--split-index"]);
        }
        let repository = Repository::open(&[root]).unwrap();
        assert!(repository.changes(&Staged).unwrap().changed.is_empty());
        let changes = repository.changes(&backend_audit::input::git::Change::Since("HEAD~1".into())).unwrap();
        let missing = repository.read(&changes.base.entries[0].content, 1 << 20).unwrap_err();
        assert_eq!(missing.id, "file-unreadable");
        // What cannot be compared is changed as a whole.
        assert_eq!(repository.changed_lines(&changes.changed[0]), [ALL]);
    }
}

#[test]
fn what_cannot_be_read_is_changed_or_said() {
    let repo = Repo::new(&["a.py", "closed/b.py", "secret.py"]);
    repo.write("closed_too/x.py", "x\n");
    repo.write("ignored/x.py", "x\n");
    repo.write(".git/info/exclude", "ignored/\n");
    repo.edit("a.py", "a.py 1", "changed");
    repo.edit("secret.py", "secret.py 1", "changed");
    let out = repo.outside("out");
    fs::write(&out, "").unwrap();
    // Root reads everything, so somebody else has to try.
    let is_root = chown(repo.outside(""), Some(4242), None).is_ok();
    for entry in walkdir::WalkDir::new(repo.outside("")).into_iter().map(Result::unwrap).filter(|_| is_root) {
        std::os::unix::fs::lchown(entry.path(), Some(4242), None).unwrap();
    }
    for split in [false, true] {
        if split {
            let id = "safe.directory=*";
            repo.git_in(&repo.outside(""), &["-c", id, "-C", "repo", "update-index", "--split-index"]);
            chown(repo.path(".git/index"), is_root.then_some(4242), None).unwrap();
        }
        let closed = ["closed", "closed_too", "ignored", "secret.py"].map(|path| repo.path(path));
        let set = |mode| {
            for path in &closed {
                fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
            }
        };
        let mut command = probe_command("worktree", &[&repo.root], &out);
        isolate(&mut command, &repo.outside(""));
        if is_root {
            command.uid(4242);
        }
        set(0o000);
        let done = command.output();
        set(0o755);
        if done.is_err() {
            // The test itself is where nobody else can run it.
            return;
        }
        let all = u32::MAX;
        let expected = format!(
            "M a.py 1..2\nM closed/b.py 1..{all}\nM secret.py 1..{all}\n3 of 3\nchanged\n\
             folder-unreadable Some(\"closed\")\nfolder-unreadable Some(\"closed_too\")"
        );
        assert_eq!(fs::read_to_string(&out).unwrap(), expected);
    }
}
