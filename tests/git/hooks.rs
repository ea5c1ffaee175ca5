//! Inside a hook, where git's environment says what the repository and its index are.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use backend_audit::input::git::{Change, Repository};

use crate::repo::{Repo, Staged, Worktree, isolate, printed, text, told};

/// Not a test of its own: what a hook runs, in its environment. Says of a path in a variable what changed.
#[test]
#[ignore = "a helper that the other tests run in another environment"]
fn probe() {
    let Some(out) = std::env::var_os("PROBE_OUT") else { return };
    let change = match std::env::var("PROBE_CHANGE").unwrap().as_str() {
        "staged" => Staged,
        "worktree" => Worktree,
        revision => Change::Since(revision.to_owned()),
    };
    let paths: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PROBE_PATHS").unwrap()).collect();
    let answer = Repository::open(&paths).and_then(|repository| {
        let changes = repository.changes(&change)?;
        let mut answer = told(&repository, &changes);
        answer.push(format!("{} of {}", changes.head.entries.len(), changes.base.entries.len()));
        if let Some(text) = text(&repository, &changes.head, "a.py") {
            answer.push(text.lines().next().unwrap_or_default().to_owned());
        }
        answer.extend(changes.notices.iter().map(|notice| format!("{} {:?}", notice.id, notice.path)));
        Ok(answer)
    });
    let answer = answer.unwrap_or_else(|error| vec![printed(&error)]);
    fs::write(out, answer.join("\n")).unwrap();
}

/// The command that runs the probe.
pub fn probe_command(change: &str, paths: &[&Path], out: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "hooks::probe", "--ignored", "--quiet"]);
    command.env("PROBE_OUT", out).env("PROBE_CHANGE", change);
    command.env("PROBE_PATHS", std::env::join_paths(paths).unwrap());
    command
}

/// A repository whose pre-commit hook runs the probe on `path`, after this line of shell.
struct Hooked {
    repo: Repo,
    out: PathBuf,
}

impl Hooked {
    fn new(line: &str, path: &str) -> Self {
        let repo = Repo::new(&["a.py", "b.py", "sub/c.py"]);
        let out = repo.outside("out");
        let program = std::env::current_exe().unwrap();
        let script = format!(
            "#!/bin/sh\n{line}\nexport PROBE_OUT='{}' PROBE_CHANGE=staged PROBE_PATHS='{path}'\n\
             exec '{}' --exact hooks::probe --ignored --quiet >&2\n",
            out.display(),
            program.display()
        );
        let hook = repo.path(".git/hooks/pre-commit");
        fs::create_dir_all(hook.parent().unwrap()).unwrap();
        fs::write(&hook, script).unwrap();
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
        Hooked { repo, out }
    }

    /// What the probe said while git did this.
    fn said(&self, folder: &Path, words: &[&str]) -> Vec<String> {
        let _ = fs::remove_file(&self.out);
        self.repo.git_in(folder, words);
        fs::read_to_string(&self.out).unwrap().lines().map(str::to_owned).collect()
    }
}

fn edit_all(folder: &Path, text: &str) {
    for name in ["a.py", "b.py", "sub/c.py"] {
        fs::write(folder.join(name), format!("{text}\n")).unwrap();
    }
}

#[test]
fn the_index_of_the_commit_is_judged() {
    for (line, path) in [("", "."), ("cd sub", ".."), ("cd sub", "."), ("", "sub/c.py")] {
        let hooked = Hooked::new(line, path);
        let (repo, root) = (&hooked.repo, &hooked.repo.root);
        edit_all(root, "one");
        repo.git("add a.py");
        assert_eq!(hooked.said(root, &["commit", "-qm", "x"]), ["M a.py 1..2", "3 of 3", "one"]);
        // The files named, whatever is staged.
        repo.git("add b.py");
        let said = hooked.said(root, &["commit", "-qm", "x", "sub/c.py"]);
        assert_eq!(said, ["M sub/c.py 1..2", "3 of 3", "one"]);
        let said = hooked.said(root, &["commit", "-qam", "x"]);
        assert_eq!(said, ["M b.py 1..2", "3 of 3", "one"]);
        edit_all(root, "two");
        let said = hooked.said(root, &["commit", "-qam", "x"]);
        assert_eq!(said, ["M a.py 1..2", "M b.py 1..2", "M sub/c.py 1..2", "3 of 3", "two"]);
        // From a folder below.
        edit_all(root, "three");
        let said = hooked.said(&repo.path("sub"), &["commit", "-qm", "x", "c.py"]);
        assert_eq!(said, ["M sub/c.py 1..2", "3 of 3", "two"]);
    }
}

#[test]
fn the_index_of_a_linked_work_tree_is_judged() {
    for (line, path) in [("", "."), ("cd sub", "..")] {
        let hooked = Hooked::new(line, path);
        let linked = hooked.repo.outside("linked");
        hooked.repo.git(&format!("worktree add -q {}", linked.display()));
        edit_all(&hooked.repo.root, "main");
        hooked.repo.git("add -A");
        edit_all(&linked, "linked");
        let said = hooked.said(&linked, &["commit", "-qm", "x", "a.py"]);
        assert_eq!(said, ["M a.py 1..2", "3 of 3", "linked"]);
        let said = hooked.said(&linked, &["commit", "-qam", "x"]);
        assert_eq!(said, ["M b.py 1..2", "M sub/c.py 1..2", "3 of 3", "linked"]);
        // Without a hook, too.
        let repository = Repository::open(&[linked.join("sub")]).unwrap();
        assert_eq!(repository.root(), linked);
        assert!(repository.changes(&Staged).unwrap().changed.is_empty());
    }
}

#[test]
fn a_split_index_is_judged_in_a_hook_too() {
    let hooked = Hooked::new("", ".");
    hooked.repo.git("config core.splitIndex true");
    hooked.repo.git("update-index --split-index");
    let linked = hooked.repo.outside("linked");
    hooked.repo.git(&format!("worktree add -q {}", linked.display()));
    for root in [&hooked.repo.root, &linked] {
        edit_all(root, "one");
        hooked.repo.git_in(root, &["add", "-A"]);
        assert_eq!(hooked.said(root, &["commit", "-qm", "x", "b.py"])[0], "M b.py 1..2");
        assert_eq!(hooked.said(root, &["commit", "-qam", "x"])[..2], ["M a.py 1..2", "M sub/c.py 1..2"]);
    }
}

#[test]
fn another_repository_than_the_hooks_is_an_error() {
    let other = Repo::new(&["z.py"]);
    for place in [other.root.clone(), other.path("z.py"), other.path("nothing.py")] {
        let hooked = Hooked::new("", place.to_str().unwrap());
        edit_all(&hooked.repo.root, "one");
        let said = hooked.said(&hooked.repo.root, &["commit", "-qam", "x"]).join("\n");
        assert!(said.contains("is in another") && said.contains("unset"), "{said}");
    }
    // A submodule is another repository.
    let hooked = Hooked::new("", "vendored");
    let repo = &hooked.repo;
    repo.git(&format!("submodule --quiet add {} vendored", other.root.display()));
    let said = hooked.said(&repo.root, &["commit", "-qm", "x"]).join("\n");
    assert!(said.contains("is in another"), "{said}");
}

#[test]
fn an_environment_that_leads_nowhere_is_an_error() {
    let repo = Repo::new(&["a.py", "b.py"]);
    let out = repo.outside("out");
    let say = |settings: &[(&str, &str)], change: &str| {
        let mut command = probe_command(change, &[&repo.root], &out);
        isolate(&mut command, &repo.outside(""));
        let command = command.current_dir(&repo.root).envs(settings.iter().copied());
        assert!(command.output().unwrap().status.success());
        fs::read_to_string(&out).unwrap()
    };
    assert_eq!(say(&[("GIT_INDEX_FILE", ".git/index")], "staged"), "2 of 2\na.py 1");
    for settings in [
        [("GIT_INDEX_FILE", "nothing")],
        [("GIT_INDEX_FILE", ".git/HEAD")],
        [("GIT_INDEX_FILE", ".git")],
        [("GIT_DIR", "nothing")],
        [("GIT_DIR", "/")],
    ] {
        for change in ["staged", "worktree", "HEAD"] {
            let said = say(&settings, change);
            assert!(
                said.starts_with("the git repository `") || said.contains("not in a git repo"),
                "{settings:?}: {said}"
            );
        }
    }
    // As some keep the files of their home folder: a repository elsewhere, and no `.git`.
    let bare = repo.outside("store.git");
    fs::rename(repo.path(".git"), &bare).unwrap();
    let store = bare.to_str().unwrap();
    repo.write("a.py", "changed\n");
    let said = say(&[("GIT_DIR", store), ("GIT_WORK_TREE", repo.root.to_str().unwrap())], "worktree");
    assert_eq!(said, "M a.py 1..2\n2 of 2\nchanged");
    assert!(say(&[], "staged").contains("is not in a git repository"));
}
