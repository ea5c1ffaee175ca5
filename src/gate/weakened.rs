//! Whether a change weakens the gate that judges it: takes away the hook or the workflow step, raises what fails,
//! lets failures pass, or deletes the job that runs the tests.
//!
//! Reads both sides of the few files in which a gate is set up, line by line and without a YAML parser: what
//! counts is which commands and switches are there, not how they nest.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Confidence, Severity};
use crate::input::config::Config;

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
        if let (Some((old, _)), Some((new, line))) = (before.fail_on, after.fail_on)
            && new > old
        {
            say(line, format!("`fail-on` is raised from {old} to {new}"));
        }
        if let (Some((old, _)), Some((new, line))) = (before.min_confidence, after.min_confidence)
            && new > old
        {
            say(line, format!("`min-confidence` is raised from {old} to {new}"));
        }
    }
    found
}

/// What weakens the gate between two configs of one path, beside what [`weakenings`] says about their text.
pub fn config_weakenings(base: &Config, head: &Config) -> Vec<Weakening> {
    let mut found = Vec::new();
    let mut say = |byte: usize, message: String| {
        let before = head.text.get(..byte).unwrap_or("");
        found.push(Weakening { line: before.matches('\n').count() as u32 + 1, message });
    };
    let key = |name: &str| head.text.find(name).unwrap_or(0);
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
        if old.is_none_or(|old| *new < old) && *new < head.fail_on.unwrap_or(Severity::Medium) {
            say(rule.byte, format!("`{}` is lowered to {new}, below what fails", rule.value));
        }
    }
    found
}

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
    fail_on: Option<(Severity, u32)>,
    min_confidence: Option<(Confidence, u32)>,
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
            if let Some(value) = value_of(line, "fail-on") {
                setup.fail_on = severity(value).map(|severity| (severity, number));
            }
            if let Some(value) = value_of(line, "min-confidence") {
                setup.min_confidence = confidence(value).map(|confidence| (confidence, number));
            }
        }
        setup
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
        weakenings(Some(base), head).into_iter().map(|found| (found.line, found.message)).collect()
    }

    #[test]
    fn what_weakens_is_said_with_its_line() {
        let raised = WORKFLOW.replace("fail-on: medium", "fail-on: high");
        assert_eq!(
            messages(WORKFLOW, Some(&raised)),
            [(9, "`fail-on` is raised from medium to high".to_owned())]
        );
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
        for head in
            [WORKFLOW, &lowered, &format!("# {WORKFLOW}{WORKFLOW}"), &format!("{WORKFLOW}# || true\n")]
        {
            assert_eq!(messages(WORKFLOW, Some(head)), []);
        }
        assert_eq!(weakenings(None, Some(WORKFLOW)), []);
        assert_eq!(messages("steps:\n  - run: make || true\n", Some("steps: []\n")), []);
    }
}
