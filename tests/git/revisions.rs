//! Changes since a revision, and what a revision has.

use std::path::Path;

use backend_audit::input::git::{Change, Repository};

use crate::repo::{Repo, error, lines, printed, text, told};

fn since(revision: &str) -> Change {
    Change::Since(revision.to_owned())
}

/// `main` and `topic`, each with a commit since they parted.
fn forked() -> Repo {
    let repo = Repo::new(&["a.py", "b.py"]);
    repo.git("checkout -q -b topic");
    repo.edit("a.py", "a.py 1", "topic");
    repo.git("commit -qam topic");
    repo.git("checkout -q main");
    repo.edit("b.py", "b.py 1", "main");
    repo.git("commit -qam main");
    repo.git("tag -a v1 -m v1");
    repo.git("checkout -q topic");
    repo
}

#[test]
fn what_came_since_histories_parted_counts() {
    let repo = forked();
    repo.edit("b.py", "b.py 4", "not committed");
    repo.write("new.py", "new\n");
    for revision in ["main", "v1", "HEAD~1", "main^0"] {
        assert_eq!(repo.changed(&since(revision)), ["M a.py 1..2", "M b.py 4..5", "A new.py"], "{revision}");
    }
    let base = repo.git("rev-parse main~1");
    let changes = repo.changes(&since("main"));
    assert_eq!(changes.description, format!("work tree against merge base {} of main", &base[..10]));
}

#[test]
fn an_unknown_revision_is_an_error() {
    let repo = forked();
    let zeros = "0000000000000000000000000000000000000000";
    for revision in [
        "nowhere",
        "",
        "-h",
        "--all",
        "main..topic",
        "main...topic",
        zeros,
        "HEAD~9",
        "main\nHEAD",
        "HEAD:a.py",
    ] {
        let said = printed(&repo.error(&since(revision)));
        assert!(said.contains("there is no commit") && said.contains("fetch"), "{revision}: {said}");
    }
    repo.git("update-ref refs/remotes/origin/trunk main");
    let said = printed(&repo.error(&since("trunk")));
    assert!(said.contains("did you mean `origin/trunk`?"), "{said}");
}

#[test]
fn histories_without_a_common_commit_are_an_error() {
    let repo = forked();
    repo.git("checkout -q --orphan alone");
    repo.git("commit -qm alone");
    let said = printed(&repo.error(&since("main")));
    assert!(said.contains("`main` and `HEAD` have no commit in common"), "{said}");
    let empty = Repo::empty();
    let said = printed(&empty.error(&since("main")));
    assert!(said.contains("it has no commit yet"), "{said}");
}

#[test]
fn a_shallow_clone_works_as_far_as_it_goes() {
    let repo = forked();
    repo.git("checkout -q main");
    repo.git("merge -q topic -m merge");
    let clone = |name: &str, depth: &str| {
        let source = format!("file://{}", repo.root.display());
        repo.git_in(&repo.outside(""), &["clone", "-q", "--depth", depth, &source, name]);
        Repository::open(&[repo.outside(name)]).unwrap()
    };
    // As `actions/checkout` leaves a pull request: a merge, whose first parent is the target.
    let two = clone("two", "2");
    let changes = two.changes(&since("HEAD^1")).unwrap();
    assert_eq!(told(&two, &changes), ["M a.py 1..2"]);
    let one = clone("one", "1");
    let said = printed(&error(one.changes(&since("HEAD^1"))));
    assert!(
        said.contains("shallow") && said.contains("fetch-depth: 0") && said.contains("--unshallow"),
        "{said}"
    );
    // Two tips of which neither shows where they come from.
    repo.git_in(one.root(), &["fetch", "-q", "--depth", "1", "origin", "topic:topic"]);
    let one = Repository::open(&[one.root().to_owned()]).unwrap();
    let said = printed(&error(one.changes(&since("topic"))));
    assert!(said.contains("no commit in common") && said.contains("--unshallow"), "{said}");
}

#[test]
fn files_of_a_revision_are_read_as_they_were() {
    let repo = forked();
    repo.write("sub/c.py", "c\n");
    std::os::unix::fs::symlink("a.py", repo.path("link.py")).unwrap();
    repo.git("add -A");
    repo.git("commit -qm more");
    std::fs::remove_dir_all(repo.path("sub")).unwrap();
    let repository = repo.open();
    let read = |revision: &str, path: &str| repository.read_at(revision, &repo.path(path)).unwrap();
    assert_eq!(read("main", "a.py").unwrap(), lines("a.py").into_bytes());
    assert!(read("HEAD", "a.py").unwrap().starts_with(b"topic\n"));
    assert_eq!(read("HEAD", "sub/c.py").unwrap(), b"c\n");
    for path in ["nothing.py", "sub/nothing.py", "a.py/x", "no/such/folder"] {
        assert_eq!(read("HEAD", path), None, "{path}");
    }
    for path in ["sub", "link.py"] {
        let said = printed(&error(repository.read_at("HEAD", &repo.path(path))));
        assert!(said.contains("no regular file in `HEAD`"), "{said}");
    }
    let said = printed(&error(repository.read_at("HEAD", Path::new("/etc/passwd"))));
    assert!(said.contains("not in its work tree"), "{said}");
    assert!(repository.read_at("nowhere", &repo.path("a.py")).is_err());
    assert_eq!(repository.resolve("HEAD").unwrap().to_string(), repo.git("rev-parse HEAD").trim());
}

#[test]
fn blobs_are_read_from_several_threads() {
    let repo = Repo::empty();
    for number in 0..200 {
        repo.write(&format!("m{number}.py"), &format!("x = {number}\n"));
    }
    repo.git("add -A");
    let repository = repo.open();
    let changes = repository.changes(&crate::repo::Staged).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for number in 0..200 {
                    let path = format!("m{number}.py");
                    assert_eq!(text(&repository, &changes.head, &path).unwrap(), format!("x = {number}\n"));
                }
            });
        }
    });
    let id = changes.head.entries[0].id.unwrap();
    assert_eq!(repository.read_blob(id, 3).unwrap_err().id, "file-too-large");
}
