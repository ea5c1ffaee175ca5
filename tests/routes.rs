//! The route model against small applications: `tests/routes/<framework>/<case>/…`.
//!
//! `# route: GET,POST /path open` on the line of a handler's `def` (or, for a class or what is not in the project, of
//! what stands for it) is a route; `protected NAME` names the innermost evidence. Several are separated by `;`. A line
//! without a mark asserts that there is none.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use backend_audit::scan::routes::{Endpoint, inventory};

/// `PATH:LINE METHODS PATH ACCESS`.
fn shown(endpoint: &Endpoint) -> String {
    let Endpoint { methods, path, location, .. } = endpoint;
    let access = match endpoint.evidence.first() {
        Some(first) if endpoint.is_protected => format!("protected {}", first.name),
        _ => "open".to_owned(),
    };
    let mounted = if endpoint.is_mounted { "" } else { " unmounted" };
    format!("{}:{} {methods} {path} {access}{mounted}", location.path, location.start.line)
}

fn marks(case: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in walkdir(case) {
        let name = entry.strip_prefix(case).unwrap().to_string_lossy().into_owned();
        for (index, line) in fs::read_to_string(&entry).unwrap().lines().enumerate() {
            let Some((_, marks)) = line.split_once("# route: ") else { continue };
            found.extend(marks.split(';').map(|mark| format!("{name}:{} {}", index + 1, mark.trim())));
        }
    }
    found
}

fn walkdir(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "py") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn every_route_is_found_and_no_other() {
    let mut faults = Vec::new();
    let mut cases = 0;
    for framework in fs::read_dir("tests/routes").unwrap() {
        for case in fs::read_dir(framework.unwrap().path()).unwrap() {
            let case = case.unwrap().path();
            let options = support::folder_options(&case, Vec::new());
            let found = inventory(&options, &|_| ()).unwrap();
            let root = case.canonicalize().unwrap();
            let below = root.strip_prefix(&found.root).unwrap().to_string_lossy().into_owned();
            let shown: BTreeSet<String> = found
                .routes
                .iter()
                .map(|endpoint| shown(endpoint).replacen(&format!("{below}/"), "", 1))
                .collect();
            let marks = marks(&case);
            let missing = marks.difference(&shown).map(|one| format!("{}: not found: {one}", case.display()));
            faults.extend(missing);
            faults
                .extend(shown.difference(&marks).map(|one| format!("{}: not marked: {one}", case.display())));
            cases += 1;
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert!(cases > 0);
}
