//! Repositories in temporary folders, made with the `git` program, and what the library says about them, held
//! against what the program says.

use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use backend_audit::error::Error;
use backend_audit::input::git::{Change, Changed, Changes, Content, Repository, Side, Status};

pub use Change::{Staged, Worktree};

/// Every line of a file.
pub const ALL: Range<u32> = 1..u32::MAX;

/// A temporary folder with repositories in it.
pub struct Repo {
    folder: tempfile::TempDir,
    /// The work tree.
    pub root: PathBuf,
}

impl Repo {
    /// An empty repository.
    pub fn empty() -> Self {
        Self::with_format(&[]).unwrap()
    }

    /// An empty repository of a format; none where the program does not know that.
    pub fn with_format(options: &[&str]) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("repo");
        fs::create_dir(&root).unwrap();
        let repo = Repo { folder, root };
        let init =
            repo.command(&repo.root).args(["init", "-q", "-b", "main"]).args(options).output().unwrap();
        init.status.success().then_some(repo)
    }

    /// A repository with these files committed. Each has four lines, `NAME 1` to `NAME 4`.
    pub fn new(files: &[&str]) -> Self {
        let repo = Self::empty();
        repo.commit_files(files);
        repo
    }

    pub fn commit_files(&self, files: &[&str]) {
        for file in files {
            self.write(file, &lines(file));
        }
        self.git("add -A");
        self.git("commit -qm files");
    }

    /// The folder around the work tree.
    pub fn outside(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text in a file that has it.
    pub fn edit(&self, path: &str, old: &str, new: &str) {
        let text = fs::read_to_string(self.path(path)).unwrap();
        assert!(text.contains(old), "{path} has no {old:?}");
        self.write(path, &text.replacen(old, new, 1));
    }

    /// Runs git with words that have no blanks.
    pub fn git(&self, words: &str) -> String {
        let words: Vec<&str> = words.split(' ').collect();
        self.git_in(&self.root, &words)
    }

    pub fn git_in(&self, folder: &Path, words: &[&str]) -> String {
        let output = self.output(folder, words);
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn output(&self, folder: &Path, words: &[&str]) -> Output {
        self.command(folder).args(words).output().unwrap()
    }

    /// Git without the user's configuration.
    pub fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new("git");
        command.current_dir(folder).args([
            "-c",
            "protocol.file.allow=always",
            "-c",
            "maintenance.auto=false",
        ]);
        isolate(&mut command, self.folder.path());
        command
    }

    pub fn open(&self) -> Repository {
        Repository::open(std::slice::from_ref(&self.root)).unwrap()
    }

    /// The change, held against what git says about it.
    pub fn changes(&self, change: &Change) -> Changes {
        let repository = self.open();
        let changes = repository.changes(change).unwrap();
        self.hold(&repository, change, &changes);
        changes
    }

    /// What changed, a line a file: `M a.py 2..3`, `R new.py < old.py`.
    pub fn changed(&self, change: &Change) -> Vec<String> {
        told(&self.open(), &self.changes(change))
    }

    pub fn error(&self, change: &Change) -> Error {
        error(Repository::open(std::slice::from_ref(&self.root)).and_then(|it| it.changes(change)))
    }

    /// Holds both sides and what differs against git's own word.
    fn hold(&self, repository: &Repository, change: &Change, changes: &Changes) {
        assert_eq!(changes.root, self.root);
        let base = match change {
            Change::Since(revision) => self.git(&format!("merge-base {revision} HEAD")).trim().to_owned(),
            _ if self.output(&self.root, &["rev-parse", "-q", "--verify", "HEAD"]).status.success() => {
                "HEAD".to_owned()
            }
            _ => self.git("mktree").trim().to_owned(),
        };
        let listed = |text: String| -> Vec<String> {
            let is_file = |record: &&str| record.starts_with("100");
            text.split('\0')
                .filter(is_file)
                .map(|record| record.split_once('\t').unwrap().1.to_owned())
                .collect()
        };
        assert_eq!(paths(&changes.base), listed(self.git(&format!("ls-tree -r -z {base}"))));
        for entry in &changes.base.entries {
            let expected =
                self.output(&self.root, &["cat-file", "blob", &format!("{base}:{}", entry.path)]).stdout;
            assert_eq!(repository.read(&entry.content, 1 << 20).unwrap(), expected, "base {}", entry.path);
        }
        if *change == Staged {
            for entry in &changes.head.entries {
                let expected =
                    self.output(&self.root, &["cat-file", "blob", &format!(":{}", entry.path)]).stdout;
                assert_eq!(
                    repository.read(&entry.content, 1 << 20).unwrap(),
                    expected,
                    "head {}",
                    entry.path
                );
            }
        }
        self.hold_changed(change, &base, changes);
    }

    fn hold_changed(&self, change: &Change, base: &str, changes: &Changes) {
        let cached = if *change == Staged { " --cached" } else { "" };
        // Refreshed first, on a copy: otherwise what was only touched counts.
        let index = self.outside("index-copy");
        let from = self.git("rev-parse --git-path index");
        let _ = fs::copy(self.root.join(from.trim()), &index);
        let run = |words: &str| {
            let mut command = self.command(&self.root);
            let output = command.args(words.split(' ')).env("GIT_INDEX_FILE", &index).output().unwrap();
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        run("update-index -q --really-refresh --unmerged");
        let text = run(&format!("diff-index{cached} --raw -z --no-renames --ignore-submodules=all {base}"));
        let mut expected = Vec::new();
        let mut records = text.split('\0').filter(|record| !record.is_empty());
        while let Some(facts) = records.next() {
            let path = records.next().unwrap();
            let words: Vec<&str> = facts.trim_start_matches(':').split(' ').collect();
            let (was, is) = (words[0].starts_with("100"), words[1].starts_with("100"));
            // What only became executable has not changed.
            let same = words[2] == words[3] && was && is;
            if (was || is) && !same {
                expected.push(path.to_owned());
            }
        }
        if *change != Staged {
            let untracked = run("ls-files -z --others --exclude-standard");
            expected.extend(
                untracked
                    .split('\0')
                    .filter(|path| !path.is_empty() && !path.ends_with('/'))
                    .map(str::to_owned),
            );
        }
        expected.sort();
        expected.dedup();
        let renamed = changes.changed.iter().filter(|changed| changed.status == Status::Renamed);
        let mut paths: Vec<String> =
            renamed.filter_map(|changed| Some(changed.old_path.as_ref()?.to_string())).collect();
        paths.extend(changes.changed.iter().map(|changed| changed.path.to_string()));
        paths.sort();
        // A symbolic link that git does not know yet is listed by it and left out here; nothing else may differ.
        expected.retain(|path| !self.path(path).is_symlink() || paths.contains(path));
        assert_eq!(paths, expected, "what differs, {change:?}");
    }
}

/// Takes the environment's and the user's settings away from a command of git.
pub fn isolate(command: &mut Command, home: &Path) {
    for (name, _) in std::env::vars_os() {
        if name.as_bytes().starts_with(b"GIT_") {
            command.env_remove(name);
        }
    }
    command.env("HOME", home).env("XDG_CONFIG_HOME", home).env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "A").env(format!("GIT_{who}_EMAIL"), "a@example.com");
    }
}

/// Four lines.
pub fn lines(name: &str) -> String {
    [1, 2, 3, 4].map(|number| format!("{name} {number}\n")).concat()
}

/// The error of what must fail.
pub fn error<T>(result: Result<T, Error>) -> Error {
    match result {
        Ok(_) => panic!("it succeeded"),
        Err(error) => error,
    }
}

/// An error and its hint, as they are printed.
pub fn printed(error: &Error) -> String {
    format!("{error}\n{}", error.hint().unwrap_or_default())
}

pub fn paths(side: &Side) -> Vec<String> {
    side.entries.iter().map(|entry| entry.path.to_string()).collect()
}

/// The text that a side has at a path.
pub fn text(repository: &Repository, side: &Side, path: &str) -> Option<String> {
    let entry = side.entries.iter().find(|entry| &*entry.path == path)?;
    Some(String::from_utf8(repository.read(&entry.content, 1 << 20).unwrap()).unwrap())
}

/// Whether a side reads a file from disk.
pub fn is_on_disk(side: &Side, path: &str) -> bool {
    let entry = side.entries.iter().find(|entry| &*entry.path == path).unwrap();
    matches!(entry.content, Content::Disk(_))
}

/// What changed, a line a file.
pub fn told(repository: &Repository, changes: &Changes) -> Vec<String> {
    changes.changed.iter().map(|changed| tell(repository, changed)).collect()
}

fn tell(repository: &Repository, changed: &Changed) -> String {
    let letter = match changed.status {
        Status::Added => 'A',
        Status::Modified => 'M',
        Status::Deleted => 'D',
        Status::Renamed => 'R',
        Status::Copied => 'C',
    };
    let mut told = format!("{letter} {}", changed.path);
    if let Some(old) = &changed.old_path {
        told = format!("{told} < {old}");
    }
    let lines = repository.changed_lines(changed);
    if changed.status == Status::Added {
        assert_eq!(lines, [ALL]);
        return told;
    }
    for range in lines {
        told = format!("{told} {}..{}", range.start, range.end);
    }
    told
}

/// A path of bytes.
pub fn bytes(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(path))
}
