//! What `examples/shop/README.md` says of the shop's files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "sarif_asserts/mod.rs"]
mod sarif_asserts;
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use backend_audit::gate::select::{self, Selection};
use backend_audit::input::config::Presets;
use backend_audit::report::sarif;
use support::{folder_options, scan_options};

/// A row of one of the tables: a place in a file, and the code that stands there.
struct Row {
    file: String,
    line: usize,
    code: String,
    /// The heading it stands under.
    section: String,
}

#[test]
fn the_tables_name_the_lines_where_the_code_stands() {
    let rows = rows();
    assert!(rows.len() > 30, "only {} rows were read", rows.len());
    for Row { file, line, code, .. } in rows {
        let text = fs::read_to_string(shop().join(&file)).unwrap();
        let found = text.lines().nth(line - 1).unwrap_or_default();
        assert!(found.contains(&code), "{file}:{line} is `{}`, not `{code}`", found.trim());
    }
}

#[test]
fn planted_faults_are_found_and_correct_code_is_silent() {
    let (gate, review) = (found(Presets::Gate), found(Presets::Review));
    let (mut planted, mut correct) = (0, 0);
    for Row { file, line, code, section } in rows() {
        let at = |places: &BTreeSet<(String, usize)>| places.contains(&(file.clone(), line));
        match section.as_str() {
            "Planted faults" => {
                planted += 1;
                assert!(at(&review), "{file}:{line} `{code}` is planted and not found");
            }
            "Correct code beside it" => {
                correct += 1;
                assert!(!at(&gate), "{file}:{line} `{code}` is right and reported");
            }
            _ => {}
        }
    }
    assert!(planted >= 24 && correct >= 11, "{planted} planted, {correct} correct");
}

#[test]
fn the_sarif_of_the_examples_holds_what_no_validator_checks() {
    let rules = select::rules(&Selection::default(), &Selection::default());
    let outcome = scan_options(&folder_options(shop(), rules));
    let (shown, mut log) = (outcome.shown(), Vec::new());
    sarif::write(&outcome.report(&shown), &sarif::SarifOptions::default(), &mut log).unwrap();
    sarif_asserts::check(&serde_json::from_slice(&log).unwrap());
}

/// Files and lines of what is reported and not suppressed.
fn found(presets: Presets) -> BTreeSet<(String, usize)> {
    let rules =
        select::rules(&Selection { presets: Some(presets), ..Selection::default() }, &Selection::default());
    let outcome = scan_options(&folder_options(shop(), rules));
    let counted = outcome.findings.iter().filter(|finding| finding.counts());
    let place = |path: &str| path.rsplit_once("examples/shop/").map_or(path, |(_, file)| file).to_owned();
    counted.map(|finding| (place(&finding.location.path), finding.location.start.line as usize)).collect()
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(shop().join("README.md")).unwrap();
    let (mut rows, mut section) = (Vec::new(), String::new());
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            heading.clone_into(&mut section);
        }
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        if let ["", file, line, code, ..] = cells[..]
            && file.starts_with('`')
        {
            let plain = |cell: &str| cell.trim_matches('`').to_owned();
            let (file, code, section) = (plain(file), plain(code), section.clone());
            rows.push(Row { file, line: line.parse().unwrap(), code, section });
        }
    }
    rows
}

fn shop() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop"))
}
