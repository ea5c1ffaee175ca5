//! What must hold of every rule.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use backend_audit::rule::On;
use backend_audit::rules;

#[test]
fn names_are_kebab_case_and_unique() {
    let mut seen = BTreeMap::new();
    for (family, rule) in rules::all() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.name.chars().all(plain), "{}", rule.name);
        assert!(seen.insert(rule.name, family).is_none(), "{} is there twice", rule.name);
    }
}

#[test]
fn texts_say_three_different_things() {
    for (_, rule) in rules::all() {
        for text in [rule.message, rule.help] {
            assert!(!text.ends_with('.') && !text.is_empty(), "{}: `{text}`", rule.name);
        }
        assert!(rule.why.ends_with('.'), "{}: `{}`", rule.name, rule.why);
        assert!(!rule.why.contains("  ") && !rule.message.contains("  "), "{} has a double space", rule.name);
    }
}

#[test]
fn every_rule_that_judges_has_a_fixture_that_marks_and_is_silent() {
    for (family, rule) in rules::all() {
        if matches!(rule.on, On::Reported) {
            continue;
        }
        let single = format!("tests/rules/{family}/{}.py", rule.name);
        let text = match rule.on {
            On::Project(_) => project_case(rule.name),
            _ => std::fs::read_to_string(&single).unwrap_or_else(|_| panic!("there is no {single}")),
        };
        let marked = text
            .lines()
            .any(|line| line.split_once("# expect").is_some_and(|(_, names)| names.contains(rule.name)));
        assert!(marked, "{} is expected nowhere in its fixture", rule.name);
    }
}

/// The text of all files of the case of a project rule.
fn project_case(name: &str) -> String {
    let folder = Path::new("tests/flows").join(name);
    let files = walkdir::WalkDir::new(&folder)
        .into_iter()
        .map(|entry| entry.unwrap_or_else(|_| panic!("there is no {}", folder.display())).into_path());
    files.filter(|path| path.is_file()).map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn an_alias_belongs_to_rules_of_one_family() {
    let mut owners = BTreeMap::<&str, &str>::new();
    for (family, rule) in rules::all() {
        for alias in rule.aliases {
            let owner = owners.entry(alias).or_insert(family);
            assert_eq!(*owner, family, "{alias} is an alias in two families");
        }
    }
}
