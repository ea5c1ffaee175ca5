//! Runs every annotated fixture: `tests/rules/<family>/<rule>.py` by itself, `tests/flows/<case>/` as a project.
//!
//! A mark is a comment: `# expect: rule-name` (or several, with commas) on the line of the finding,
//! `# expect-next: rule-name` on the line above. A line without a mark asserts silence. The rules of the
//! `gate` preset run on every fixture, those of `review` and `opt-in` on the fixtures of their own family; where
//! such a rule would speak on nearly every line of a fixture, `# only: rule-name` names those that run.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use backend_audit::rule::{Preset, Rule};
use backend_audit::rules;
use support::{fixture_options, scan_options};
use walkdir::WalkDir;

/// Path and line, and the sorted names of the rules expected or found there.
type Marks = BTreeMap<(String, u32), Vec<String>>;

fn marks(path: &str, text: &str, into: &mut Marks) {
    for (index, line) in text.lines().enumerate() {
        let number = index as u32 + 1;
        for (mark, line_number) in [("# expect: ", number), ("# expect-next: ", number + 1)] {
            let Some((_, names)) = line.split_once(mark) else { continue };
            let names = names.split(',').map(|name| name.trim().to_owned());
            into.entry((path.to_owned(), line_number)).or_default().extend(names);
        }
    }
}

fn sorted(marks: Marks) -> Marks {
    marks
        .into_iter()
        .map(|(place, mut names)| {
            names.sort();
            (place, names)
        })
        .collect()
}

fn found(outcome: &backend_audit::scan::Outcome) -> Marks {
    let mut found = Marks::new();
    for finding in outcome.findings.iter().filter(|finding| finding.suppression.is_none()) {
        let place = (finding.location.path.to_string(), finding.location.start.line);
        found.entry(place).or_default().push(finding.rule.to_owned());
    }
    sorted(found)
}

/// The differences, a line each.
fn differences(fixture: &Path, expected: &Marks, found: &Marks) -> Vec<String> {
    let mut places: Vec<_> = expected.keys().chain(found.keys()).collect();
    places.sort();
    places.dedup();
    let none = Vec::new();
    places
        .into_iter()
        .filter_map(|place| {
            let (expected, found) = (expected.get(place).unwrap_or(&none), found.get(place).unwrap_or(&none));
            (expected != found).then(|| {
                let (path, line) = place;
                let fixture = fixture.display();
                format!("{fixture} ({path}:{line}): expected {expected:?}, found {found:?}")
            })
        })
        .collect()
}

fn family_rules(family: &str, text: &str) -> Vec<&'static Rule> {
    let only = text.lines().find_map(|line| line.strip_prefix("# only: "));
    let named = |rule: &Rule| only.is_none_or(|names| names.split(", ").any(|name| name == rule.name));
    let mut rules: Vec<_> = rules::all()
        .filter(|(of, rule)| rule.preset == Preset::Gate || *of == family && named(rule))
        .map(|(_, rule)| rule)
        .collect();
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// The rules of the `gate` preset, and the one that a case is named after.
fn case_rules(case: &Path) -> Vec<&'static Rule> {
    let mut rules = family_rules("", "");
    let own = case.file_name().unwrap().to_str().and_then(rules::find);
    rules.extend(own.filter(|rule| rule.preset != Preset::Gate));
    rules.sort_by_key(|rule| rule.name);
    rules
}

fn fixtures() -> Vec<PathBuf> {
    let mut found: Vec<_> = WalkDir::new("tests/rules")
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    found.sort();
    found
}

#[test]
fn every_fixture_is_right() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let text = fs::read(&fixture).unwrap();
        let family = fixture.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let mut expected = Marks::new();
        let source = String::from_utf8_lossy(&text).into_owned();
        marks("app.py", &source, &mut expected);
        let options = fixture_options(text, family_rules(family, &source));
        wrong.extend(differences(&fixture, &sorted(expected), &found(&scan_options(&options))));
    }
    assert!(wrong.is_empty(), "{} lines are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_project_is_right() {
    let mut wrong = Vec::new();
    let cases = fs::read_dir("tests/flows").unwrap();
    let mut cases: Vec<_> = cases.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    cases.sort();
    for case in cases {
        // Away from `tests/`, where rules that spare tests would be silent.
        let copy = tempfile::tempdir().unwrap();
        let mut expected = Marks::new();
        for entry in
            WalkDir::new(&case).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file())
        {
            let relative = entry.path().strip_prefix(&case).unwrap();
            let target = copy.path().join(relative);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(entry.path(), target).unwrap();
            if relative.extension().is_some_and(|extension| extension == "py") {
                marks(relative.to_str().unwrap(), &fs::read_to_string(entry.path()).unwrap(), &mut expected);
            }
        }
        let outcome = scan_options(&support::folder_options(copy.path(), case_rules(&case)));
        wrong.extend(differences(&case, &sorted(expected), &found(&outcome)));
    }
    assert!(wrong.is_empty(), "{} lines are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
