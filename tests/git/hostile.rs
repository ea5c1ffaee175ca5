//! Repositories that want to have something run, or read, that is not theirs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use backend_audit::input::git::Change;

use crate::hooks::probe_command;
use crate::repo::{Repo, Staged, Worktree, error, isolate, printed, told};

/// Every setting by which git runs a program, `CANARY` in place of it: each has its own.
const SETTINGS: &[(&str, &str)] = &[
    ("core.fsmonitor", "CANARY"),
    ("core.hooksPath", "HOOKS"),
    ("core.pager", "CANARY"),
    ("core.editor", "CANARY"),
    ("core.askPass", "CANARY"),
    ("core.sshCommand", "CANARY"),
    ("core.gitProxy", "CANARY"),
    ("core.alternateRefsCommand", "CANARY"),
    ("alias.ls-files", "!CANARY"),
    ("alias.canary", "!CANARY"),
    ("credential.helper", "!CANARY"),
    ("diff.external", "CANARY"),
    ("diff.x.textconv", "CANARY"),
    ("diff.y.command", "CANARY"),
    ("merge.x.driver", "CANARY"),
    ("filter.x.clean", "CANARY"),
    ("filter.x.smudge", "CANARY"),
    ("filter.x.required", "true"),
    ("filter.long.process", "CANARY"),
    ("filter.a.b.clean", "CANARY"),
    ("gpg.program", "CANARY"),
    ("gpg.ssh.program", "CANARY"),
    ("interactive.diffFilter", "CANARY"),
    ("log.showSignature", "true"),
    ("pager.cat-file", "CANARY"),
    ("pager.ls-files", "CANARY"),
    ("pager.rev-parse", "CANARY"),
    ("remote.origin.url", "ssh://nowhere.invalid/x"),
    ("remote.origin.promisor", "true"),
    ("remote.origin.partialCloneFilter", "blob:none"),
    ("remote.local.url", "NOWHERE"),
    ("remote.local.promisor", "true"),
    ("remote.local.uploadpack", "CANARY"),
    ("remote.program.url", "ext::CANARY"),
    ("remote.program.promisor", "true"),
    ("protocol.allow", "always"),
    ("protocol.ext.allow", "always"),
    ("sequence.editor", "CANARY"),
    ("submodule.recurse", "true"),
    ("uploadpack.packObjectsHook", "CANARY"),
    ("web.browser", "CANARY"),
];

/// A repository with all of these settings, files that the filters and drivers are for, and a missing blob that git
/// would fetch; and programs that leave a mark when they are run.
struct Trap {
    repo: Repo,
}

impl Trap {
    fn new(format: &str) -> Self {
        let options: &[&str] = if format == "sha256" { &["--object-format=sha256"] } else { &[] };
        let repo = Repo::with_format(options).unwrap();
        repo.commit_files(&["a.py", "b.py", "old.py", "sub/c.py", "l.txt", "s.txt"]);
        repo.git("branch start");
        let attributes = "*.py filter=x diff=x merge=x\nl.txt filter=long diff=y\ns.txt filter=a.b\n";
        repo.write(".gitattributes", attributes);
        repo.git("mv old.py new.py");
        repo.edit("a.py", "a.py 1", "changed");
        repo.edit("l.txt", "l.txt 1", "changed");
        repo.git("add -A");
        repo.write("untracked.py", "x\n");
        // Racy and touched files are what filters are run for.
        for path in ["b.py", "s.txt", "sub/c.py"] {
            repo.write(path, &crate::repo::lines(path));
        }
        repo.edit("l.txt", "changed", "again");
        if format == "split" {
            repo.git("update-index --split-index");
        }
        let blob = repo.git("rev-parse start:sub/c.py");
        fs::remove_file(repo.path(&format!(".git/objects/{}/{}", &blob[..2], blob[2..].trim()))).unwrap();
        let trap = Trap { repo };
        trap.arm();
        trap
    }

    fn arm(&self) {
        for (key, value) in SETTINGS {
            let value = value.replace("CANARY", self.program(&key.replace('.', "-")).to_str().unwrap());
            let value = value.replace("HOOKS", self.repo.outside("").join("hooks").to_str().unwrap());
            let value = value.replace("NOWHERE", self.repo.outside("nowhere").to_str().unwrap());
            self.repo.git_in(&self.repo.outside(""), &["config", "-f", "repo/.git/config", key, &value]);
        }
        for hook in ["post-index-change", "reference-transaction", "pre-auto-gc"] {
            self.program(&format!("hooks/{hook}"));
        }
        fs::copy(self.program("git"), self.repo.path("git")).unwrap();
        assert_eq!(self.caught(), "");
    }

    /// A program that leaves its name.
    fn program(&self, name: &str) -> PathBuf {
        let path = self.repo.outside(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\necho {name} >>'{}'\nexit 1\n", self.mark().display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn mark(&self) -> PathBuf {
        self.repo.outside("mark")
    }

    /// The names of what was run, and forgets them.
    fn caught(&self) -> String {
        let text = fs::read_to_string(self.mark()).unwrap_or_default();
        let _ = fs::remove_file(self.mark());
        text
    }
}

#[test]
fn nothing_that_a_repository_names_is_run() {
    for format in ["plain", "split", "sha256"] {
        let trap = Trap::new(format);
        let repo = &trap.repo;
        let repository = repo.open();
        for change in [Staged, Worktree, Change::Since("start".to_owned())] {
            let changes = repository.changes(&change).unwrap();
            let told = told(&repository, &changes).join("\n");
            assert!(told.contains("M a.py 1..2") && told.contains("R new.py < old.py"), "{format}: {told}");
            for entry in changes.base.entries.iter().chain(&changes.head.entries) {
                let read = repository.read(&entry.content, 1 << 20);
                assert!(read.is_ok() || &*entry.path == "sub/c.py", "{format} {}: {read:?}", entry.path);
            }
            assert_eq!(trap.caught(), "", "{format} {change:?}");
        }
        assert!(repository.read_at("start", &repo.path("a.py")).unwrap().is_some());
        assert!(repository.resolve("nowhere").is_err());
        // What is missing is not fetched.
        assert!(repository.read_at("start", &repo.path("sub/c.py")).is_err());
        assert_eq!(trap.caught(), "", "{format}");
    }
}

#[test]
fn the_traps_work() {
    let trap = Trap::new("split");
    let quiet = "-c core.fsmonitor=false -c filter.x.clean= -c filter.x.smudge= -c filter.x.required=false \
                 -c filter.long.process= -c filter.a.b.clean=";
    for (words, name) in [
        ("status", "core-fsmonitor"),
        ("hash-object l.txt", "filter-long-process"),
        ("hash-object s.txt", "filter-a-b-clean"),
        ("hash-object b.py", "filter-x-clean"),
        ("QUIET diff start -- a.py", "diff-external"),
        ("QUIET log -p --no-renames start -- a.py", "diff-x-textconv"),
        ("QUIET diff --cached start -- l.txt", "diff-y-command"),
        ("QUIET update-index --force-write-index", "hooks/post-index-change"),
        ("branch other", "hooks/reference-transaction"),
        ("cat-file -p start:sub/c.py", "core-sshCommand"),
        ("cat-file -p start:sub/c.py", "remote-local-uploadpack"),
        ("cat-file -p start:sub/c.py", "remote-program-url"),
        ("canary", "alias-canary"),
        ("-c core.fsmonitor=false -c filter.x.clean= checkout start -- a.py", "filter-x-smudge"),
    ] {
        let words = words.replace("QUIET", quiet);
        trap.repo.output(&trap.repo.root, &words.split(' ').collect::<Vec<_>>());
        let caught = trap.caught();
        assert!(caught.contains(name), "`{words}` does not run {name} but {caught}");
    }
}

#[test]
fn a_filter_that_cannot_be_switched_off_is_an_error() {
    let repo = Repo::new(&["a.py"]);
    repo.git("update-index --split-index");
    repo.git("config filter.x=y.clean cat");
    let said = printed(&repo.error(&Staged));
    assert!(said.contains("filter `x=y` cannot be switched off"), "{said}");
}

#[test]
fn the_program_is_never_one_of_the_repository() {
    let trap = Trap::new("split");
    let repo = &trap.repo;
    let out = repo.outside("out");
    let say = |folder: &Path, path: &str| {
        let mut command = probe_command("staged", &[&repo.root], &out);
        isolate(&mut command, &repo.outside(""));
        assert!(command.env("PATH", path).current_dir(folder).output().unwrap().status.success());
        fs::read_to_string(&out).unwrap()
    };
    let real = std::env::var("PATH").unwrap();
    let inside = format!(".::{}:sub/..", repo.root.display());
    for folder in [&repo.root, &repo.outside("")] {
        let said = say(folder, &format!("{inside}:{real}"));
        assert!(said.contains("M a.py 1..2"), "{said}");
    }
    std::os::unix::fs::symlink(&repo.root, repo.outside("link")).unwrap();
    let said = say(&repo.root, &format!("{inside}:{}", repo.outside("link").display()));
    assert!(said.contains("only the git program can read it") && said.contains("install git"), "{said}");
    assert_eq!(trap.caught(), "");
}

#[test]
fn the_environment_cannot_make_git_run_anything() {
    let repo = Repo::new(&["a.py"]);
    repo.git("update-index --split-index");
    repo.edit("a.py", "a.py 1", "changed");
    let (out, mark) = (repo.outside("out"), repo.outside("mark"));
    let canary = format!("touch {}", mark.display());
    let mut command = probe_command("worktree", &[&repo.root], &out);
    isolate(&mut command, &repo.outside(""));
    for name in [
        "GIT_EXTERNAL_DIFF",
        "GIT_PAGER",
        "GIT_EDITOR",
        "GIT_SSH_COMMAND",
        "GIT_ASKPASS",
        "GIT_PROXY_COMMAND",
    ] {
        command.env(name, &canary);
    }
    command
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.fsmonitor")
        .env("GIT_CONFIG_VALUE_0", &canary);
    command.env("GIT_CONFIG_PARAMETERS", format!("'core.fsmonitor'='{canary}'"));
    command
        .env("GIT_TRACE", &mark)
        .env("GIT_EXEC_PATH", repo.outside(""))
        .env("GIT_LITERAL_PATHSPECS", "nonsense");
    assert!(command.output().unwrap().status.success());
    assert_eq!(fs::read_to_string(&out).unwrap(), "M a.py 1..2\n1 of 1\nchanged");
    assert!(!mark.exists());
}

/// Writes a tree with entries that git would refuse, and a commit of it.
fn commit_tree(repo: &Repo, entries: &[(&str, &str, &str)]) {
    let mut tree = Vec::new();
    for (mode, name, id) in entries {
        tree.extend(format!("{mode} {name}\0").bytes());
        tree.extend((0..20).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).unwrap()));
    }
    let file = repo.outside("tree");
    fs::write(&file, tree).unwrap();
    let id = repo.git(&format!("hash-object -w --literally -t tree {}", file.display()));
    let commit = repo.git(&format!("commit-tree -m x {}", id.trim()));
    repo.git(&format!("update-ref HEAD {}", commit.trim()));
}

#[test]
fn paths_that_lead_out_of_the_work_tree_are_an_error() {
    let repo = Repo::new(&["a.py"]);
    let blob = repo.git("rev-parse HEAD:a.py").trim().to_owned();
    let tree = repo.git("rev-parse HEAD^{tree}").trim().to_owned();
    for entries in
        [[("40000", "..", tree.as_str())], [("40000", ".git", &tree)], [("100644", "../../x.py", &blob)]]
    {
        commit_tree(&repo, &entries);
        for change in [Staged, Worktree] {
            let said = printed(&repo.error(&change));
            assert!(said.contains("allows nobody to add"), "{entries:?}: {said}");
        }
    }
}

#[test]
fn a_tree_of_billions_is_an_error() {
    let repo = Repo::new(&["a.py"]);
    let mut tree = repo.git("rev-parse HEAD^{tree}").trim().to_owned();
    for _ in 0..10 {
        let names: Vec<String> = (0..10).map(|number| format!("d{number}")).collect();
        let entries: Vec<_> = names.iter().map(|name| ("40000", name.as_str(), tree.as_str())).collect();
        commit_tree(&repo, &entries);
        tree = repo.git("rev-parse HEAD^{tree}").trim().to_owned();
    }
    let said = printed(&repo.error(&Staged));
    assert!(said.contains("larger or deeper"), "{said}");
}

#[test]
fn a_huge_blob_is_not_read() {
    let repo = Repo::empty();
    let file = fs::File::create(repo.path("big.py")).unwrap();
    file.set_len(40 << 20).unwrap();
    repo.git("add -A");
    repo.git("commit -qm big");
    file.set_len(41 << 20).unwrap();
    repo.git("add -A");
    for split in [false, true] {
        if split {
            repo.git("update-index --split-index");
        }
        let repository = repo.open();
        let changes = repository.changes(&Staged).unwrap();
        assert_eq!(told(&repository, &changes), [format!("M big.py 1..{}", u32::MAX)]);
        assert_eq!(
            repository.read(&changes.head.entries[0].content, 1 << 20).unwrap_err().id,
            "file-too-large"
        );
    }
}

#[test]
fn a_blob_that_is_damaged_is_a_fault() {
    let repo = Repo::new(&["a.py"]);
    repo.edit("a.py", "a.py 1", "changed");
    let id = repo.git("rev-parse HEAD:a.py").trim().to_owned();
    let object = repo.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]));
    for text in [&b""[..], b"no zlib"] {
        fs::set_permissions(&object, fs::Permissions::from_mode(0o644)).unwrap();
        fs::write(&object, text).unwrap();
        let repository = repo.open();
        let changes = repository.changes(&Worktree).unwrap();
        let fault = repository.read(&changes.base.entries[0].content, 1 << 20).unwrap_err();
        assert_eq!(fault.id, "file-unreadable");
        let said = printed(&error(repository.read_at("HEAD", Path::new(&repo.path("a.py")))));
        assert!(said.contains("git fsck"), "{said}");
    }
}

#[test]
fn nothing_that_speaks_to_a_network_is_built_in() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).unwrap();
    for name in ["openssl-sys", "libssh2-sys", "openssl-probe", "curl-sys", "url"] {
        assert!(!lock.contains(&format!("name = \"{name}\"\n")), "{name}");
    }
}
