//! What a baseline keeps quiet and what it must not: on projects drawn at random, and case by case.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "baseline/generator.rs"]
mod generator;
mod support;

use std::fs;
use std::path::Path;

use backend_audit::finding::Finding;
use backend_audit::gate::baseline::Baseline;
use backend_audit::rules;
use backend_audit::scan::{Options, Outcome};
use generator::{Edit, Fault, Project, Random};
use support::{folder_options, scan_options};

/// Projects that are drawn.
const CASES: u64 = 150;

/// Scans a project in a folder of its own, compared with a baseline.
fn scan(project: &Project, baseline: Option<&Baseline>) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    project.write(folder.path());
    scan_options(&options(folder.path(), baseline))
}

fn options(folder: &Path, baseline: Option<&Baseline>) -> Options {
    let names = ["dangerous-eval", "marshal-load", "pickle-load", "yaml-load"];
    let rules = names.iter().map(|name| rules::find(name).unwrap()).collect();
    Options { baseline: baseline.cloned(), ..folder_options(folder, rules) }
}

/// What is reported, and for how many findings the baseline stands that are gone.
fn verdict(outcome: &Outcome) -> (Vec<(String, &'static str)>, u32) {
    let loud = |finding: &&Finding| finding.known.is_none();
    let reported = outcome.findings.iter().filter(loud);
    let stale = outcome.matching.as_ref().unwrap().stale.iter().map(|(_, count)| count).sum();
    (reported.map(|finding| (finding.location.path.to_string(), finding.rule)).collect(), stale)
}

/// A project with at least one fault, its baseline, and what it is after some edits.
fn edited(random: &mut Random, edits: &[Edit]) -> (Baseline, Project) {
    let mut project = Project::random(random);
    let place = project.places()[0];
    project.function(place).faults.push(Fault::random(random));
    let found = scan(&project, None);
    let faults: usize = project.places().iter().map(|&place| project.function(place).faults.len()).sum();
    assert_eq!(found.findings.len(), faults, "{project:#?}");
    let baseline = Baseline::of(&found.findings);
    for &edit in edits {
        project.apply(edit, random);
    }
    (baseline, project)
}

fn some_edits(random: &mut Random, of: &[Edit]) -> Vec<Edit> {
    of.iter().copied().filter(|_| random.chance(40)).collect()
}

#[test]
fn edits_that_change_no_fault_keep_it_quiet() {
    for seed in 0..CASES {
        let random = &mut Random::new(seed);
        let mut edits = some_edits(random, &Edit::ALL);
        edits.push(Edit::ALL[seed as usize % Edit::ALL.len()]);
        let (baseline, project) = edited(random, &edits);
        let (reported, stale) = verdict(&scan(&project, Some(&baseline)));
        assert_eq!((reported, stale), (vec![], 0), "seed {seed}, {edits:?}: {project:#?}");
    }
}

#[test]
fn a_planted_fault_is_reported_alone() {
    for seed in 0..CASES {
        let random = &mut Random::new(seed + 1_000);
        let edits = some_edits(random, &Edit::ALL);
        let (baseline, mut project) = edited(random, &edits);
        let places = project.places();
        let place = places[random.below(places.len())];
        // Half of them are copies of what is there.
        let from = places[random.below(places.len())];
        let copy = project.function(from).faults.first().copied().filter(|_| random.chance(50));
        let fault = copy.unwrap_or_else(|| Fault::random(random));
        let faults = &mut project.function(place).faults;
        faults.insert(random.below(faults.len() + 1), fault);
        let wanted = (project.files[place.0].path.clone(), fault.rule());
        let (reported, stale) = verdict(&scan(&project, Some(&baseline)));
        assert_eq!((reported, stale), (vec![wanted], 0), "seed {seed}, {edits:?}, {place:?}: {project:#?}");
    }
}

#[test]
fn a_fixed_fault_is_stale_and_stands_for_no_other() {
    let in_place = [Edit::BlankLines, Edit::Comments, Edit::Reformat, Edit::Reorder, Edit::RenameLocals];
    for seed in 0..CASES {
        let random = &mut Random::new(seed + 2_000);
        let edits = some_edits(random, &in_place);
        let (baseline, mut project) = edited(random, &edits);
        let mut places = project.places();
        random.shuffle(&mut places);
        let from = *places.iter().find(|&&place| !project.function(place).faults.is_empty()).unwrap();
        let fault = project.function(from).faults.remove(0);
        let (reported, stale) = verdict(&scan(&project, Some(&baseline)));
        assert_eq!((reported, stale), (vec![], 1), "seed {seed}, {edits:?}: {project:#?}");
        // Made again in another function, it is new.
        let Some(&to) = places.iter().find(|&&place| place != from) else { continue };
        project.function(to).faults.push(fault);
        let wanted = (project.files[to.0].path.clone(), fault.rule());
        let (reported, stale) = verdict(&scan(&project, Some(&baseline)));
        assert_eq!((reported, stale), (vec![wanted], 1), "seed {seed}, {edits:?}: {project:#?}");
    }
}

/// Writes files, makes a baseline of them, replaces them by others, and says what is reported then.
fn before_and_after(before: &[(&str, &str)], after: &[(&str, &str)]) -> (Vec<(String, &'static str)>, u32) {
    let write = |files: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    };
    let old = write(before);
    let baseline = Baseline::of(&scan_options(&options(old.path(), None)).findings);
    let new = write(after);
    let outcome = scan_options(&options(new.path(), Some(&baseline)));
    verdict(&outcome)
}

fn reported_in(before: &[(&str, &str)], after: &[(&str, &str)]) -> Vec<String> {
    before_and_after(before, after).0.into_iter().map(|(path, _)| path).collect()
}

const LOAD: &str = "def load(data):\n    return eval(data)\n";
const NOTHING: &str = "def load(data):\n    return data\n";
const EMPTY: &str = "pass\n";

#[test]
fn a_moved_function_is_followed_only_if_its_old_place_is_gone() {
    assert_eq!(reported_in(&[("a.py", LOAD), ("b.py", EMPTY)], &[("a.py", EMPTY), ("b.py", LOAD)]), [""; 0]);
    assert_eq!(
        reported_in(&[("a.py", LOAD), ("b.py", EMPTY)], &[("a.py", NOTHING), ("b.py", LOAD)]),
        ["b.py"]
    );
    let renamed = LOAD.replace("load", "read");
    assert_eq!(reported_in(&[("a.py", LOAD)], &[("a.py", &renamed)]), [""; 0]);
    let both = format!("{NOTHING}\n{renamed}");
    assert_eq!(reported_in(&[("a.py", LOAD)], &[("a.py", &both)]), ["a.py"]);
}

#[test]
fn copies_that_cannot_be_told_apart_are_reported() {
    let twice = [("a.py", EMPTY), ("b.py", LOAD), ("c.py", LOAD)];
    assert_eq!(reported_in(&[("a.py", LOAD)], &twice), ["b.py", "c.py"]);
    let two = format!("{}\n{}", LOAD.replace("load", "one"), LOAD.replace("load", "two"));
    assert_eq!(reported_in(&[("a.py", LOAD)], &[("a.py", &two)]), ["a.py", "a.py"]);
}

#[test]
fn files_that_hold_the_same_are_followed_however_many_they_are() {
    // Each holds what every other holds, so that only the paths tell which became which.
    let names: Vec<(String, String)> =
        (0..300).map(|index| (format!("m{index:03}.py"), format!("new_m{index:03}.py"))).collect();
    let text = "eval(input())\n";
    let before: Vec<(&str, &str)> = names.iter().map(|(old, _)| (&**old, text)).collect();
    let mut after: Vec<(&str, &str)> = names.iter().map(|(_, new)| (&**new, text)).collect();
    assert_eq!(reported_in(&before, &after), [""; 0]);
    let twice = text.repeat(2);
    after[150].1 = &twice;
    assert_eq!(before_and_after(&before, &after), (vec![("new_m150.py".to_owned(), "dangerous-eval")], 0));
}

#[test]
fn a_renamed_file_is_followed_when_its_variables_were_renamed_too() {
    let text = "def load(data):\n    return eval(data)\n";
    let renamed = text.replace("data", "text");
    assert_eq!(reported_in(&[("a.py", text)], &[("b.py", &renamed)]), [""; 0]);
}

#[test]
fn a_file_split_or_joined_is_followed_function_by_function() {
    let other = "def run(code):\n    exec(code)\n";
    let joined = format!("{LOAD}\n{other}");
    assert_eq!(reported_in(&[("a.py", &joined)], &[("b.py", LOAD), ("c.py", other)]), [""; 0]);
    assert_eq!(reported_in(&[("a.py", LOAD), ("b.py", other)], &[("c.py", &joined)]), [""; 0]);
}
