//! A repository that libgit2 cannot read (split or sparse index, reftable, SHA-256), as the `git` program reads it.
//! Only plumbing is asked, and nothing that the repository's configuration names is run: see `command`.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::cat::Cat;
use super::command::Git;
use super::disk;
use super::environment::{Place, index_file, variable};
use super::sides::{Index, Leaf, Sure, Tracked, Untracked};
use super::{ObjectId, fault};
use crate::error::Error;
use crate::input::source::ReadFault;

/// A repository that only the program can read.
pub(super) struct Program {
    pub root: PathBuf,
    pub index_file: PathBuf,
    git: Git,
    /// Running readers of blobs that no thread uses just now.
    readers: Mutex<Vec<Cat>>,
}

impl Program {
    /// Opens a repository, of which libgit2 said `why` it cannot read it.
    pub fn open(place: &Place, why: &str) -> Result<Program, Error> {
        let above = place.top.as_deref().unwrap_or(&place.start);
        let Some(top) = place.top.as_deref() else {
            let reason = format!("it can only be read by the git program ({why}), and it has no `.git`");
            return Err(fault::new(above, &reason, "unset `GIT_WORK_TREE`, or check the repository out"));
        };
        // The program looks for the repository by itself first: where it is told, it does not ask who owns it.
        let mut git = Git::find(top, why)?;
        let root = git.path(&["rev-parse", "--show-toplevel"])?;
        let root = root.canonicalize().map_err(|source| Error::Read { path: root.clone(), source })?;
        place.check(&root)?;
        let folder = git.path(&["rev-parse", "--absolute-git-dir"])?;
        if let Some(named) = variable("GIT_DIR")
            && Path::new(&named).canonicalize().ok() != folder.canonicalize().ok()
        {
            return Err(fault::elsewhere(Path::new(&named), &place.start));
        }
        let index_file = index_file(&root).unwrap_or_else(|| folder.join("index"));
        git.settle(&root, &folder, &index_file)?;
        Ok(Program { root, index_file, git, readers: Mutex::default() })
    }

    /// The commit of `HEAD`; none where there is no commit yet.
    pub fn head(&self) -> Result<Option<ObjectId>, Error> {
        if let Ok(commit) = self.resolve("HEAD")? {
            return Ok(Some(commit));
        }
        let branch = self.git.text(&["symbolic-ref", "HEAD"])?;
        if self.git.text(&["for-each-ref", "--format=%(refname)", &branch])?.is_empty() {
            return Ok(None);
        }
        Err(fault::new(&self.root, "`HEAD` names no commit", "check it with `git status` and `git fsck`"))
    }

    /// The commit that a revision names, or what is wrong with it.
    pub fn resolve(&self, revision: &str) -> Result<Result<ObjectId, String>, Error> {
        let asked = format!("{revision}^{{commit}}");
        let answer = self.git.run(&["rev-parse", "--verify", &asked])?;
        match ObjectId::from_hex(answer.text().trim()) {
            Some(id) if answer.code == Some(0) => Ok(Ok(id)),
            _ => Ok(Err(fault::reason(&answer.errors).to_owned())),
        }
    }

    /// The best commit that is in both histories.
    pub fn merge_base(&self, one: ObjectId, other: ObjectId) -> Result<Option<ObjectId>, Error> {
        let asked = ["merge-base", &one.to_string(), &other.to_string()];
        let answer = self.git.run(&asked)?;
        if answer.is_none() {
            return Ok(None);
        }
        let text = self.git.check(&asked, answer)?.text();
        let first = text.lines().next().unwrap_or_default();
        ObjectId::from_hex(first).map(Some).ok_or_else(|| self.odd("merge-base", first))
    }

    /// Whether history ends early because it was not fetched whole.
    pub fn is_shallow(&self) -> bool {
        self.git.text(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true")
    }

    /// Every file of a commit, sorted by path.
    pub fn tree(&self, commit: ObjectId) -> Result<Vec<Leaf>, Error> {
        self.leaves(&["ls-tree", "-r", "-z", "--full-tree", &commit.to_string()], None)
    }

    /// What a commit has at a path.
    pub fn at(&self, commit: ObjectId, path: &[u8]) -> Result<Option<Leaf>, Error> {
        let leaves = self.leaves(&["ls-tree", "-z", "--full-tree", &commit.to_string(), "--"], Some(path))?;
        Ok(leaves.into_iter().find(|leaf| leaf.path == path))
    }

    fn leaves(&self, asked: &[&str], path: Option<&[u8]>) -> Result<Vec<Leaf>, Error> {
        let answer = self.git.run_on(asked, path)?;
        let answer = self.git.check(asked, answer)?;
        records(&answer.output)
            .map(|record| leaf(record).ok_or_else(|| self.odd_record("ls-tree", record)))
            .collect()
    }

    /// The index.
    pub fn index(&self) -> Result<Index, Error> {
        let written = fs::metadata(&self.index_file).ok();
        let touched = self.touched()?;
        let answer = self.git.done(&["ls-files", "-z", "--stage", "-v"])?;
        let entry = |record| {
            let (tag, mut entry) = tracked(record).ok_or_else(|| self.odd_record("ls-files", record))?;
            let status = touched.get(entry.path.as_slice());
            entry.skip_worktree = tag.eq_ignore_ascii_case(&b'S');
            entry.intent_to_add = status == Some(&b'A');
            // A small letter says that it is to be assumed unchanged; that is not believed.
            entry.sure = Sure::Is(tag == b'H' && status.is_none());
            Ok(entry)
        };
        let mut entries = records(&answer).map(entry).collect::<Result<Vec<_>, Error>>()?;
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Index { entries, written })
    }

    /// What in the work tree is, or may be, other than in the index, with the letter that the program has for it.
    fn touched(&self) -> Result<FxHashMap<Vec<u8>, u8>, Error> {
        let answer =
            self.git.done(&["diff-files", "--raw", "-z", "--ignore-submodules=all", "--no-renames"])?;
        let mut records = records(&answer);
        let mut touched = FxHashMap::default();
        while let Some(record) = records.next() {
            let (Some(&status), Some(path)) = (record.last(), records.next()) else {
                return Err(self.odd_record("diff-files", record));
            };
            touched.insert(path.to_owned(), status);
        }
        Ok(touched)
    }

    /// The files of the work tree that git does not know and does not ignore.
    pub fn untracked(&self) -> Result<Untracked, Error> {
        let asked = ["ls-files", "-z", "--others", "--exclude-standard"];
        let answer = self.git.run(&asked)?;
        let mut untracked = Untracked::default();
        for line in answer.errors.lines().filter(|line| line.contains("could not open directory")) {
            let name = line.split_once('\'').and_then(|(_, rest)| rest.rsplit_once('\''));
            untracked.unreadable.push(name.map_or("", |(name, _)| name).as_bytes().to_owned());
        }
        for path in records(&self.git.check(&asked, answer)?.output) {
            untracked.add(path);
        }
        Ok(untracked)
    }

    /// The bytes of a blob.
    pub fn blob(&self, id: ObjectId, max_bytes: u64) -> Result<Vec<u8>, ReadFault> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut reader = match kept {
            Some(reader) => reader,
            None => Cat::start(&self.git).map_err(|error| super::unreadable(id, &error))?,
        };
        let read = reader.read(id, max_bytes);
        // After a fault its answers may no longer be those to what it is asked.
        if matches!(read, Ok(Some(_))) || matches!(read, Ok(None)) {
            self.readers.lock().unwrap_or_else(PoisonError::into_inner).push(reader);
        }
        match read {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => Err(ReadFault::too_large(max_bytes)),
            Err(error) => Err(super::unreadable(id, &error)),
        }
    }

    fn odd_record(&self, asked: &str, record: &[u8]) -> Error {
        self.odd(asked, &disk::shown(record))
    }

    fn odd(&self, asked: &str, answer: &str) -> Error {
        let reason = format!("the answer of `git {asked}` is not understood: `{answer}`");
        fault::new(&self.root, &reason, "install a current git, and report this if it is one")
    }
}

/// The parts of an answer that end in NUL.
fn records(answer: &[u8]) -> impl Iterator<Item = &[u8]> {
    answer.split(|&byte| byte == 0).filter(|record| !record.is_empty())
}

/// `100644 blob ID<TAB>path`.
fn leaf(record: &[u8]) -> Option<Leaf> {
    let (facts, path) = split(record, b'\t')?;
    let mut words = std::str::from_utf8(facts).ok()?.split_ascii_whitespace();
    let (mode, _) = (words.next()?, words.next()?);
    let id = ObjectId::from_hex(words.next()?)?;
    Some(Leaf { path: path.to_owned(), mode: u32::from_str_radix(mode, 8).ok()?, id })
}

/// `H 100644 ID 0<TAB>path`: a tag, the mode, the id, which of several entries a merge left.
fn tracked(record: &[u8]) -> Option<(u8, Tracked)> {
    let (facts, path) = split(record, b'\t')?;
    let mut words = std::str::from_utf8(facts).ok()?.split_ascii_whitespace();
    let tag = *words.next()?.as_bytes().first()?;
    let mode = u32::from_str_radix(words.next()?, 8).ok()?;
    let id = ObjectId::from_hex(words.next()?)?;
    let in_conflict = words.next()? != "0";
    let (skip_worktree, intent_to_add, sure) = (false, false, Sure::Is(false));
    let path = path.to_owned();
    Some((tag, Tracked { path, mode, id, in_conflict, skip_worktree, intent_to_add, sure }))
}

fn split(record: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let (head, tail) = record.split_at_checked(memchr::memchr(at, record)?)?;
    Some((head, tail.get(1..)?))
}
