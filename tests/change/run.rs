//! The binary in a repository, and what it says.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::repo::{Repo, isolate};

/// What a run came to.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// `PATH:LINE RULE` of each finding that counts.
    pub fn findings(&self) -> Vec<String> {
        let report: Value = serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}", self.err));
        let counts = |finding: &&Value| finding["suppressed"].is_null() && finding["known"].is_null();
        let shown = |finding: &Value| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            format!("{}:{} {}", text(&finding["path"]), finding["start"]["line"], text(&finding["rule"]))
        };
        report["findings"].as_array().unwrap().iter().filter(counts).map(shown).collect()
    }

    /// A value of the summary.
    pub fn summary(&self, key: &str) -> Value {
        serde_json::from_str::<Value>(&self.out).unwrap()["summary"][key].clone()
    }
}

/// Runs the tool with words that have no blanks.
pub fn run_in(folder: &Path, words: &str) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backend-audit"));
    isolate(&mut command, folder);
    let output = command.args(words.split(' ')).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    Run { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// `scan` in JSON.
pub fn scan(repo: &Repo, words: &str) -> Run {
    run_in(&repo.root, &format!("scan --format json {words}"))
}

/// A repository with these files committed.
pub fn committed(files: &[(&str, &str)]) -> Repo {
    let repo = Repo::empty();
    for (path, text) in files {
        repo.write(path, text);
    }
    repo.git("add -A");
    repo.git("commit -qm first");
    repo
}

/// The findings of what is staged after these files are written; none of no text.
pub fn staged(repo: &Repo, files: &[(&str, &str)]) -> Vec<String> {
    for (path, text) in files {
        if text.is_empty() {
            std::fs::remove_file(repo.path(path)).unwrap();
        } else {
            repo.write(path, text);
        }
    }
    repo.git("add -A");
    let run = scan(repo, "--staged");
    assert!(matches!(run.code, 0 | 1), "{}", run.err);
    run.findings()
}
