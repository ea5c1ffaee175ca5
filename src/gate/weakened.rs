//! Whether a change weakens the gate that judges it: takes away the hook or the workflow step, raises what fails,
//! lets failures pass, or deletes the job that runs the tests.
//!
//! Reads both sides of the few files in which a gate is set up, line by line and without a YAML parser: what
//! counts is which commands and switches are there, not how they nest.

use std::collections::{BTreeMap, BTreeSet};

use super::threshold::Thresholds;
use crate::finding::{Confidence, Severity};
use crate::input::config::{At, Config};
use crate::rule::Rule;
use crate::rules;

/// What was found: the line on the new side, 1-based (1 where the whole file is gone), and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakening {
    /// The line.
    pub line: u32,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
}

/// Whether a gate can be set up in a file of this path.
pub fn is_gate_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let yaml = matches!(name.rsplit_once('.'), Some((_, "yml" | "yaml")));
    yaml && (path.starts_with(".github/workflows/") || name == "action.yml")
        || matches!(
            name,
            ".pre-commit-config.yaml"
                | ".pre-commit-config.yml"
                | "prek.toml"
                | ".gitlab-ci.yml"
                | "azure-pipelines.yml"
                | "bitbucket-pipelines.yml"
                | "Jenkinsfile"
                | "pyproject.toml"
                | "backend-audit.toml"
                | ".backend-audit.toml"
                | "tox.ini"
                | "noxfile.py"
                | "Makefile"
                | "justfile"
        )
}

/// Whether a file of this text runs the tool, or sets it up.
pub fn runs_the_gate(text: &str) -> bool {
    Setup::read(text).runs_the_gate()
}

/// What weakens the gate between two sides of a file; `None` is a side without it.
pub fn weakenings(base: Option<&str>, head: Option<&str>) -> Vec<Weakening> {
    let Some(base) = base else { return Vec::new() };
    let before = Setup::read(base);
    let after = head.map(Setup::read).unwrap_or_default();
    if !before.runs_the_gate() && !before.runs_tests() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut say = |line: u32, message: String| found.push(Weakening { line: line.max(1), message });
    if before.runs_the_gate() && after.gate.len() < before.gate.len() {
        say(1, "this change removes a step that runs backend-audit".to_owned());
    }
    if before.runs_tests() && !after.runs_tests() {
        say(1, "this change removes the job that runs the tests".to_owned());
    }
    if before.runs_the_gate() {
        for (switch, line) in after.added(&before) {
            say(line, format!("`{switch}` lets the gate pass where it failed before"));
        }
    }
    found
}

/// What raises the thresholds of a file that runs the gate, such as a workflow, between two sides of it. What a side
/// does not set is the default there. Of a config, [`config_weakenings`] tells.
pub fn raised(base: Option<&str>, head: Option<&str>) -> Vec<Weakening> {
    let (Some(before), Some(after)) = (base.map(Setup::read), head.map(Setup::read)) else {
        return Vec::new();
    };
    if !before.runs_the_gate() || !after.runs_the_gate() {
        return Vec::new();
    }
    let at = |line: Option<u32>| line.unwrap_or(1);
    thresholds_raised(before.thresholds(), after.thresholds())
        .map(|(key, message)| Weakening { line: at(after.lines.get(key).copied()), message })
        .collect()
}

/// The thresholds that are higher on one side than on the other: the key, and what is wrong.
fn thresholds_raised(old: Thresholds, new: Thresholds) -> impl Iterator<Item = (&'static str, String)> {
    let say = |key: &'static str, is_raised: bool, old: &str, new: &str| {
        is_raised.then(|| (key, format!("`{key}` is raised from {old} to {new}")))
    };
    let (from, to) = (old.fail_on, new.fail_on);
    let fail_on = say(FAIL_ON, to > from, from.name(), to.name());
    let (from, to) = (old.min_confidence, new.min_confidence);
    let min_confidence = say(MIN_CONFIDENCE, to > from, from.name(), to.name());
    let (from, to) = (old.min_severity, new.min_severity);
    let min_severity = say(MIN_SEVERITY, to > from, from.name(), to.name());
    [fail_on, min_confidence, min_severity].into_iter().flatten()
}

/// The rule that reports what this finds.
pub const GATE_WEAKENED: &str = "gate-weakened";

/// Whether a config lets a rule run, as far as it names rules.
pub fn runs(config: &Config, rule: &Rule) -> bool {
    let chosen =
        config.select.as_deref().is_none_or(|list| names(list, rule)) || names(&config.extend_select, rule);
    chosen && !ignores(config, rule)
}

fn ignores(config: &Config, rule: &Rule) -> bool {
    names(&config.ignore, rule) || names(&config.extend_ignore, rule)
}

fn names(list: &[At<String>], rule: &Rule) -> bool {
    list.iter().any(|name| rule.is_named(&name.value))
}

/// What weakens the gate between two configs of one path, beside what [`weakenings`] says about their text.
pub fn config_weakenings(base: &Config, head: &Config) -> Vec<Weakening> {
    let mut found = Vec::new();
    let mut say = |byte: usize, message: String| {
        let before = head.text.get(..byte).unwrap_or("");
        found.push(Weakening { line: before.matches('\n').count() as u32 + 1, message });
    };
    let key = |name: &str| head.text.find(name).unwrap_or(0);
    for (name, message) in thresholds_raised(thresholds(base), thresholds(head)) {
        say(key(name), message);
    }
    if let Some(rule) = rules::find(GATE_WEAKENED).filter(|rule| runs(base, rule) && ignores(head, rule)) {
        say(key(rule.name), format!("`{}` no longer runs", rule.name));
    }
    let (old, new) = (base.preset.unwrap_or_default(), head.preset.unwrap_or_default());
    if new < old {
        say(key("preset"), format!("`preset` is narrowed from {} to {}", old.name(), new.name()));
    }
    if let Some(old) = base.max_new_suppressions
        && head.max_new_suppressions.is_none_or(|new| new > old)
    {
        say(key("max-new-suppressions"), format!("`max-new-suppressions` no longer is {old}"));
    }
    let names = |config: &Config| -> BTreeSet<String> {
        config.select.iter().flatten().map(|rule| rule.value.clone()).collect()
    };
    if head.select.is_some() && (base.select.is_none() || !names(base).is_subset(&names(head))) {
        say(key("select"), "`select` runs fewer rules than before".to_owned());
    }
    for (rule, new) in &head.severity {
        let old = base.severity.iter().find(|(other, _)| other.value == rule.value).map(|(_, old)| *old);
        if old.is_none_or(|old| *new < old) && *new < thresholds(head).fail_on {
            say(rule.byte, format!("`{}` is lowered to {new}, below what fails", rule.value));
        }
    }
    found
}

/// The thresholds that a config sets, the defaults for what it does not.
fn thresholds(config: &Config) -> Thresholds {
    let default = Thresholds::default();
    Thresholds {
        fail_on: config.fail_on.unwrap_or(default.fail_on),
        min_confidence: config.min_confidence.unwrap_or(default.min_confidence),
        min_severity: config.min_severity.unwrap_or(default.min_severity),
    }
}

/// The keys of thresholds, as options and configs name them.
const FAIL_ON: &str = "fail-on";
const MIN_CONFIDENCE: &str = "min-confidence";
const MIN_SEVERITY: &str = "min-severity";

/// Switches and constructs that let a failing gate pass.
const SWITCHES: [&str; 7] = [
    "--exit-zero",
    "--allow-incomplete",
    "exit-zero: true",
    "allow-incomplete: true",
    "continue-on-error: true",
    "allow_failure: true",
    "|| true",
];

/// What a file sets up.
#[derive(Default)]
struct Setup {
    /// Lines that run the tool, or name its hook or settings.
    gate: Vec<u32>,
    /// Lines that run tests.
    tests: Vec<u32>,
    /// Each switch with the lines it stands on.
    switches: BTreeMap<&'static str, Vec<u32>>,
    fail_on: Option<Severity>,
    min_confidence: Option<Confidence>,
    min_severity: Option<Severity>,
    /// Where a threshold is set last.
    lines: BTreeMap<&'static str, u32>,
}

impl Setup {
    fn read(text: &str) -> Setup {
        let mut setup = Setup::default();
        for (index, line) in text.lines().enumerate() {
            let number = index as u32 + 1;
            let line = line.split_once(" #").map_or(line, |(code, _)| code).trim();
            if line.starts_with('#') {
                continue;
            }
            if line.contains("backend-audit") {
                setup.gate.push(number);
            }
            if ["pytest", "unittest", "manage.py test", "tox", "nox"]
                .iter()
                .any(|runner| has_word(line, runner))
            {
                setup.tests.push(number);
            }
            let normalised = line.replace(": \"true\"", ": true").replace(": 'true'", ": true");
            for switch in SWITCHES.into_iter().filter(|switch| normalised.contains(*switch)) {
                setup.switches.entry(switch).or_default().push(number);
            }
            setup.read_thresholds(line, number);
        }
        setup
    }

    /// Words that are no severity or confidence belong to another tool, or to a variable.
    fn read_thresholds(&mut self, line: &str, number: u32) {
        let severity = |key| value_of(line, key).and_then(severity);
        if let Some(value) = severity(FAIL_ON) {
            self.fail_on = Some(value);
            self.lines.insert(FAIL_ON, number);
        }
        if let Some(value) = severity(MIN_SEVERITY) {
            self.min_severity = Some(value);
            self.lines.insert(MIN_SEVERITY, number);
        }
        if let Some(value) = value_of(line, MIN_CONFIDENCE).and_then(confidence) {
            self.min_confidence = Some(value);
            self.lines.insert(MIN_CONFIDENCE, number);
        }
    }

    /// What it sets, the defaults for what it does not.
    fn thresholds(&self) -> Thresholds {
        let default = Thresholds::default();
        Thresholds {
            fail_on: self.fail_on.unwrap_or(default.fail_on),
            min_confidence: self.min_confidence.unwrap_or(default.min_confidence),
            min_severity: self.min_severity.unwrap_or(default.min_severity),
        }
    }

    fn runs_the_gate(&self) -> bool {
        !self.gate.is_empty()
    }

    fn runs_tests(&self) -> bool {
        !self.tests.is_empty()
    }

    /// Switches that stand here more often than there, with a line.
    fn added(&self, before: &Setup) -> Vec<(&'static str, u32)> {
        let more = |(switch, lines): (&&'static str, &Vec<u32>)| {
            let old = before.switches.get(switch).map_or(0, Vec::len);
            (lines.len() > old).then(|| (*switch, lines.last().copied().unwrap_or(1)))
        };
        self.switches.iter().filter_map(more).collect()
    }
}

/// The word behind a key, in whatever way it is set: `--fail-on high`, `fail-on: high`, `fail-on = "high"`.
fn value_of<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let (_, behind) = line.split_once(key)?;
    let value = behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '"' | '\''));
    let end = value.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(value.len());
    value.get(..end).filter(|value| !value.is_empty())
}

fn has_word(line: &str, word: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_');
    line.match_indices(word).any(|(at, _)| {
        let (before, behind) = (line.get(..at).unwrap_or(""), line.get(at + word.len()..).unwrap_or(""));
        edge(before.chars().next_back()) && edge(behind.chars().next())
    })
}

fn severity(name: &str) -> Option<Severity> {
    Severity::ALL.into_iter().find(|severity| severity.name() == name)
}

fn confidence(name: &str) -> Option<Confidence> {
    Confidence::ALL.into_iter().find(|confidence| confidence.name() == name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::input::config::parse;

    const WORKFLOW: &str = "\
jobs:
  test:
    steps:
      - run: pytest
  audit:
    steps:
      - uses: example/backend-audit@v1
        with:
          fail-on: medium
";

    fn messages(base: &str, head: Option<&str>) -> Vec<(u32, String)> {
        let found = weakenings(Some(base), head).into_iter().chain(raised(Some(base), head));
        found.map(|found| (found.line, found.message)).collect()
    }

    #[test]
    fn what_weakens_is_said_with_its_line() {
        let raised = WORKFLOW.replace("fail-on: medium", "fail-on: high");
        assert_eq!(
            messages(WORKFLOW, Some(&raised)),
            [(9, "`fail-on` is raised from medium to high".to_owned())]
        );
        // What is not set is the default.
        let unset = WORKFLOW.replace("          fail-on: medium\n", "          args: x\n");
        assert_eq!(messages(&unset, Some(&raised))[0].1, "`fail-on` is raised from medium to high");
        let low = WORKFLOW.replace("fail-on: medium", "fail-on: low");
        assert_eq!(messages(&low, Some(&unset)), [(1, "`fail-on` is raised from low to medium".to_owned())]);
        let sure = unset.replace("args: x", "args: --min-confidence high --min-severity critical");
        let said = messages(&unset, Some(&sure));
        assert_eq!(said[0], (9, "`min-confidence` is raised from medium to high".to_owned()));
        assert_eq!(said[1], (9, "`min-severity` is raised from low to critical".to_owned()));
        let tolerant = format!("{WORKFLOW}        continue-on-error: true\n");
        assert_eq!(messages(WORKFLOW, Some(&tolerant)).len(), 1);
        let gone = WORKFLOW.replace("example/backend-audit@v1", "example/other@v1");
        assert!(messages(WORKFLOW, Some(&gone))[0].1.contains("removes a step"));
        let untested = WORKFLOW.replace("- run: pytest", "- run: echo");
        assert!(messages(WORKFLOW, Some(&untested))[0].1.contains("runs the tests"));
        assert_eq!(messages(WORKFLOW, None).len(), 2);
    }

    #[test]
    fn a_config_that_is_loosened_is_said_with_its_line() {
        let read = |text: &str| parse(Path::new("backend-audit.toml"), text.as_bytes()).unwrap().unwrap();
        let base = read("preset = \"review\"\nmax-new-suppressions = 1\n");
        let said = |head: &str| -> Vec<(u32, String)> {
            config_weakenings(&base, &read(head)).into_iter().map(|one| (one.line, one.message)).collect()
        };
        assert_eq!(said("preset = \"all\"\nmax-new-suppressions = 0\n"), []);
        let held = "preset = \"all\"\nmax-new-suppressions = 0\n";
        assert_eq!(said(&format!("{held}fail-on = \"medium\"\nmin-confidence = \"low\"\n")), []);
        assert_eq!(
            said(&format!(
                "{held}min-severity = \"high\"\nfail-on = \"critical\"\nignore = [\"gate-weakened\"]\n"
            )),
            [
                (4, "`fail-on` is raised from medium to critical".to_owned()),
                (3, "`min-severity` is raised from low to high".to_owned()),
                (5, "`gate-weakened` no longer runs".to_owned()),
            ]
        );
        assert_eq!(
            said(
                "max-new-suppressions = 2\nselect = [\"dangerous-eval\"]\n[severity]\nsql-injection = \"low\"\n"
            ),
            [
                (1, "`preset` is narrowed from review to gate".to_owned()),
                (1, "`max-new-suppressions` no longer is 1".to_owned()),
                (2, "`select` runs fewer rules than before".to_owned()),
                (4, "`sql-injection` is lowered to low, below what fails".to_owned()),
            ]
        );
    }

    #[test]
    fn what_does_not_weaken_is_silent() {
        let lowered = WORKFLOW.replace("fail-on: medium", "fail-on: low");
        let silent = WORKFLOW.replace("fail-on: medium", "fail-on: ${{ inputs.fail-on }}");
        for head in [
            WORKFLOW,
            &silent,
            &lowered,
            &format!("# {WORKFLOW}{WORKFLOW}"),
            &format!("{WORKFLOW}# || true\n"),
        ] {
            assert_eq!(messages(WORKFLOW, Some(head)), []);
        }
        assert_eq!(weakenings(None, Some(WORKFLOW)), []);
        assert_eq!(messages("steps:\n  - run: make || true\n", Some("steps: []\n")), []);
    }
}
