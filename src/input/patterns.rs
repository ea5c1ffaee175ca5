//! Patterns in the syntax of `.gitignore`, given by hand.

use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::error::Error;

/// Patterns relative to a folder; the last that matches decides.
#[derive(Clone, Debug)]
pub struct Patterns {
    folder: PathBuf,
    matcher: Gitignore,
}

impl Patterns {
    /// Compiles patterns that are relative to `folder`, which is absolute.
    pub fn new<P: AsRef<str>>(folder: &Path, patterns: &[P]) -> Result<Self, Error> {
        let mut builder = GitignoreBuilder::new(folder);
        builder.allow_unclosed_class(false);
        for pattern in patterns {
            let pattern = pattern.as_ref();
            add(&mut builder, pattern).map_err(|error| invalid(pattern, &error))?;
        }
        let all = || patterns.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
        let matcher = builder.build().map_err(|error| invalid(&all(), &error))?;
        Ok(Patterns { folder: folder.to_owned(), matcher })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.matcher.is_empty()
    }

    /// What they say of an entry by itself, given by its absolute path: `true` where they match it, `false` where
    /// one with `!` takes that back, `None` where none is about it.
    pub fn say(&self, path: &Path, is_dir: bool) -> Option<bool> {
        if self.is_empty() || path == self.folder || !path.starts_with(&self.folder) {
            return None;
        }
        match self.matcher.matched(path, is_dir) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        }
    }

    /// Whether they match a file, given by its absolute path, or a folder around it.
    pub fn match_file(&self, path: &Path) -> bool {
        !self.is_empty() && path.ancestors().any(|part| self.say(part, part != path) == Some(true))
    }
}

/// The patterns of a list with commas. A comma within braces or brackets, or behind a backslash, is part of a pattern.
pub fn split(list: &str) -> Vec<String> {
    let (mut patterns, mut pattern) = (Vec::new(), String::new());
    let (mut depth, mut escaped) = (0_u32, false);
    for c in list.chars() {
        match c {
            ',' if depth == 0 && !escaped => patterns.push(std::mem::take(&mut pattern)),
            _ => pattern.push(c),
        }
        match c {
            '{' | '[' if !escaped => depth += 1,
            '}' | ']' if !escaped => depth = depth.saturating_sub(1),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    patterns.push(pattern);
    patterns
        .iter()
        .map(|pattern| pattern.trim())
        .filter(|pattern| !pattern.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What is wrong with one pattern, if anything is.
pub fn fault(pattern: &str) -> Option<String> {
    if pattern.starts_with('#') {
        return Some("a pattern that begins with `#` is a comment; write `\\#`".to_owned());
    }
    let mut builder = GitignoreBuilder::new("/");
    builder.allow_unclosed_class(false);
    let added = add(&mut builder, pattern).and_then(|()| builder.build());
    added.err().map(|error| reason(&error))
}

fn add(builder: &mut GitignoreBuilder, pattern: &str) -> Result<(), ignore::Error> {
    // A shell completes `./src`, which as a pattern would match nothing.
    let anchored = pattern.strip_prefix("./").map(|rest| format!("/{rest}"));
    builder.add_line(None, anchored.as_deref().unwrap_or(pattern)).map(|_| ())
}

fn invalid(pattern: &str, error: &ignore::Error) -> Error {
    Error::ExcludePattern { pattern: pattern.to_owned(), reason: reason(error) }
}

fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_patterns_match() {
        let folder = Path::new("/a/b");
        let matched = |pattern: &str, path: &str| {
            Patterns::new(folder, &[pattern]).unwrap().match_file(Path::new(path))
        };
        for pattern in ["tests", "tests/", "/tests", "./tests", "tests/**", "*.py", "tests/x/*.py", "**/x"] {
            assert!(matched(pattern, "/a/b/tests/x/c.py"), "{pattern}");
        }
        for pattern in ["b", "/x", "*.p", "x/c.py", "!tests", ""] {
            assert!(!matched(pattern, "/a/b/tests/x/c.py"), "{pattern}");
        }
        assert!(!matched("*", "/a/c/tests.py"), "outside the folder");
    }

    #[test]
    fn lists_are_split_at_commas_outside_of_braces() {
        assert_eq!(split("a"), ["a"]);
        assert_eq!(split("tests, /vendor/,*_pb2.py,"), ["tests", "/vendor/", "*_pb2.py"]);
        assert_eq!(split(r"*.{py,pyi},[a,b].py,x\,y"), ["*.{py,pyi}", "[a,b].py", r"x\,y"]);
        assert_eq!(split("a[b,c"), ["a[b,c"], "what is not closed is said to be no pattern as a whole");
    }

    #[test]
    fn what_is_no_pattern() {
        assert_eq!(fault("a/[bc]*"), None);
        assert!(fault("a/[b").is_some() && fault("#x").is_some() && fault("a{b").is_some());
    }
}
