//! Paths as people at their prompt would type them.

use std::path::{Component, Path};

use super::escape;

/// Turns paths relative to the root of the scan into such relative to another folder.
pub(super) struct Paths {
    /// The parts of that folder's path below the nearest folder that also holds the root.
    base: Vec<String>,
    /// The parts of the root's path below that nearest folder.
    root: Vec<String>,
}

impl Paths {
    /// Paths are shown relative to `base`; as they are where there is none, or none that leads there.
    pub(super) fn new(root: &Path, base: Option<&Path>) -> Paths {
        let as_they_are = Paths { base: Vec::new(), root: Vec::new() };
        let Some(base) = base.filter(|base| base.is_absolute() == root.is_absolute()) else {
            return as_they_are;
        };
        let (mut root, mut base) = (parts(root), parts(base));
        let shared = root.iter().zip(&base).take_while(|(left, right)| left == right).count();
        if shared == 1 && root.first().is_some_and(|part| part == "/") && base.len() > 1 {
            // Nothing in common but the root of the file system: the way up says less than the whole path.
            let whole = root.get(1..).unwrap_or_default().join("/");
            return Paths { base: Vec::new(), root: vec![format!("/{whole}")] };
        }
        root.drain(..shared);
        base.drain(..shared);
        if base.iter().any(|part| part == "..") { as_they_are } else { Paths { base, root } }
    }

    /// What to show for `path`, which is relative to the root; escaped.
    pub(super) fn shown(&self, path: &str) -> String {
        if path.starts_with('/') {
            return escape::line(path).into_owned();
        }
        let path: Vec<&str> = self.root.iter().map(String::as_str).chain(path.split('/')).collect();
        let shared = path.iter().zip(&self.base).take_while(|(left, right)| left == right).count();
        let up = std::iter::repeat_n("..", self.base.len() - shared);
        let shown = up.chain(path.into_iter().skip(shared)).collect::<Vec<_>>().join("/");
        // A line that starts so is a command to GitHub's runner.
        let shown = if shown.trim_start().starts_with("::") { format!("./{shown}") } else { shown };
        escape::line(&shown).into_owned()
    }
}

fn parts(path: &Path) -> Vec<String> {
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(root: &str, base: &str, path: &str) -> String {
        Paths::new(Path::new(root), Some(Path::new(base))).shown(path)
    }

    #[test]
    fn relative_to_any_folder() {
        assert_eq!(shown("/repo", "/repo", "app/a.py"), "app/a.py");
        assert_eq!(shown("/repo", "/repo/app", "app/a.py"), "a.py");
        assert_eq!(shown("/repo", "/repo/app/x", "app/a.py"), "../a.py");
        assert_eq!(shown("/repo", "/repo/app", "lib/a.py"), "../lib/a.py");
        assert_eq!(shown("/work/repo", "/work", "a.py"), "repo/a.py");
        assert_eq!(shown("/work/repo", "/work/other", "a.py"), "../repo/a.py");
        assert_eq!(shown("/tmp/x", "/work/repo", "a.py"), "/tmp/x/a.py");
        assert_eq!(shown(".", "/work", "a.py"), "a.py");
        assert_eq!(shown("./x", ".", "a.py"), "x/a.py");
        assert_eq!(shown("/repo", "/repo", "/else/a.py"), "/else/a.py");
    }

    #[test]
    fn no_path_is_a_command() {
        assert_eq!(shown("/r", "/r", "::error::x.py"), "./::error::x.py");
        assert_eq!(shown("/r", "/r", "a\n\x1b[2J.py"), "a\\n\\x1b[2J.py");
    }
}
