//! What must hold of the rooms: a room uses only those above it in the list of `src/lib.rs`, says at its top what
//! belongs in it, and keeps certain crates to itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use walkdir::WalkDir;

const MAX_LINES: usize = 500;

/// A file of `src/` that belongs to a room.
struct File {
    /// Relative to `src/`, with `/` between parts.
    path: String,
    text: String,
}

impl File {
    /// `facts` for `facts/call.rs`, `error` for `error.rs`.
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// Whether the room's own `//!` stands in it: `facts/mod.rs`, `error.rs`.
    fn is_door(&self) -> bool {
        self.path == format!("{}/mod.rs", self.room()) || !self.path.contains('/')
    }

    /// How many `super` lead from its module to the root of the crate.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
    }
}

#[test]
fn a_room_uses_only_the_rooms_above_it() {
    let rooms = rooms();
    let mut faults = Vec::new();
    for file in files() {
        let Some(own) = rooms.iter().position(|room| room == file.room()) else {
            faults.push(format!("src/{}: `{}` is not in the list of src/lib.rs", file.path, file.room()));
            continue;
        };
        for used in names_under_the_root(&file.text, file.depth()) {
            match rooms.iter().position(|room| *room == used) {
                Some(other) if other <= own => {}
                Some(_) => faults.push(format!("src/{}: uses `crate::{used}`, a room below it", file.path)),
                None => faults.push(format!("src/{}: uses `crate::{used}`, which is no room", file.path)),
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn certain_crates_are_known_to_one_place_only() {
    let mut keepers = vec![("serde_sarif".to_owned(), "report/sarif.rs"), ("git2".to_owned(), "input/")];
    keepers.extend(parser_crates().into_iter().map(|name| (name, "python/")));
    let word = Regex::new(r"[A-Za-z_][A-Za-z0-9_]*").unwrap();

    let mut faults = Vec::new();
    for file in files() {
        let code = without_comments_and_strings(&file.text);
        let names: BTreeSet<&str> = word.find_iter(&code).map(|found| found.as_str()).collect();
        for (name, home) in &keepers {
            if names.contains(name.as_str()) && !file.path.starts_with(home) {
                faults.push(format!("src/{}: names `{name}`, which belongs to src/{home}", file.path));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_room_says_what_belongs_in_it() {
    let files = files();
    for room in rooms() {
        let door = files.iter().find(|file| file.room() == room && file.is_door());
        let door = door.unwrap_or_else(|| panic!("`{room}` has neither src/{room}/mod.rs nor src/{room}.rs"));
        assert!(door.text.starts_with("//! "), "src/{} does not begin with `//!`", door.path);
    }
}

#[test]
fn no_file_is_long() {
    let long: Vec<_> = files()
        .iter()
        .map(|file| (file.text.lines().count(), file.path.clone()))
        .filter(|(lines, _)| *lines > MAX_LINES)
        .map(|(lines, path)| format!("src/{path}: {lines} lines, more than {MAX_LINES}"))
        .collect();
    assert!(long.is_empty(), "\n{}\n", long.join("\n"));
}

#[test]
fn names_are_seen_in_every_spelling() {
    let text = r#"
        //! See [`crate::comment`].
        use crate::{alpha::{self, X}, beta, gamma::*};
        use super::delta;
        pub(in crate::epsilon) fn f<'a>(quote: char) -> &'a str {
            if quote == '"' || quote == '{' { super::zeta::g() } else { "crate::text" } // crate::comment
        }
        mod inner {
            use super::not_under_the_root;
            use super::super::eta;
            fn f() { r"crate::text \"; crate::theta::g() }
        }
        use super::iota;
    "#;
    let expected = ["alpha", "beta", "delta", "epsilon", "eta", "gamma", "iota", "theta", "zeta"];
    assert_eq!(names_under_the_root(text, 1).into_iter().collect::<Vec<_>>(), expected);
}

/// The rooms in the order of `src/lib.rs`, lowest first.
fn rooms() -> Vec<String> {
    let text = fs::read_to_string(src().join("lib.rs")).unwrap();
    let module = Regex::new(r"(?m)^(?:pub(?:\(\w+\))? )?mod (\w+);").unwrap();
    let rooms: Vec<_> = module.captures_iter(&text).map(|found| found[1].to_owned()).collect();
    assert!(!rooms.is_empty(), "src/lib.rs lists no room");
    rooms
}

/// Every Rust file of `src/` but the map and the binary.
fn files() -> Vec<File> {
    let mut files = Vec::new();
    for entry in WalkDir::new(src()).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(src()).unwrap().to_str().unwrap().replace('\\', "/");
        if entry.path().extension().is_some_and(|extension| extension == "rs")
            && path != "lib.rs"
            && path != "main.rs"
        {
            files.push(File { path, text: fs::read_to_string(entry.path()).unwrap() });
        }
    }
    files
}

/// The crates of the parser, as Rust spells them, from the manifest.
fn parser_crates() -> Vec<String> {
    let manifest = fs::read_to_string(src().with_file_name("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let dependencies = manifest["dependencies"].as_table().unwrap();
    dependencies.keys().filter(|name| name.starts_with("ruff_")).map(|name| name.replace('-', "_")).collect()
}

/// What `text` names directly under the root of the crate: `x` in `crate::x`, `crate::{x, …}` and in as many
/// `super::` as reach the root from a module `depth` levels below it.
fn names_under_the_root(text: &str, depth: usize) -> BTreeSet<String> {
    let code = without_comments_and_strings(text);
    let token = Regex::new(r"[A-Za-z_][A-Za-z0-9_]*|::|\S").unwrap();
    let tokens: Vec<&str> = token.find_iter(&code).map(|found| found.as_str()).collect();

    let mut names = BTreeSet::new();
    let mut braces = 0;
    // The number of open braces outside each inline module that is open.
    let mut inline = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "{" => {
                if at >= 2 && tokens[at - 2] == "mod" {
                    inline.push(braces);
                }
                braces += 1;
            }
            "}" => {
                braces -= 1;
                if inline.last() == Some(&braces) {
                    inline.pop();
                }
            }
            "crate" => names.extend(names_of_path(&tokens[at + 1..])),
            "super" if at < 2 || tokens[at - 2] != "super" => {
                let supers = tokens[at..].chunks(2).take_while(|pair| *pair == ["super", "::"]).count();
                if supers == depth + inline.len() {
                    names.extend(names_of_path(&tokens[at + 2 * supers - 1..]));
                }
            }
            _ => {}
        }
    }
    names
}

/// The first names of a path or of a group of paths that goes on with `:: x` or `:: { x, … }`.
fn names_of_path(rest: &[&str]) -> Vec<String> {
    match rest {
        ["::", "{", group @ ..] => {
            let mut names = Vec::new();
            let mut open = 1;
            let mut previous = ",";
            for token in group {
                match *token {
                    "{" => open += 1,
                    "}" => open -= 1,
                    name if open == 1 && previous == "," => names.push(name.to_owned()),
                    _ => {}
                }
                if open == 0 {
                    break;
                }
                previous = token;
            }
            names
        }
        ["::", name, ..] => vec![(*name).to_owned()],
        _ => Vec::new(),
    }
}

fn without_comments_and_strings(text: &str) -> String {
    let parts = [
        r"//[^\n]*",
        r"/\*(?s:.*?)\*/",
        r##"b?r#"(?s:.*?)"#"##,
        r###"b?r##"(?s:.*?)"##"###,
        r#"b?r"[^"]*""#,
        r#"[bc]?"(?s:\\.|[^"\\])*""#,
        r"b?'(?:\\[^\n']+|\\'|[^'\\])'",
    ];
    Regex::new(&parts.join("|")).unwrap().replace_all(text, " ").into_owned()
}

fn src() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}
