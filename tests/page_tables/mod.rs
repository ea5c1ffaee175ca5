//! The tables of `docs/migrating-from-bandit.md` and `docs/severity.md` that say what the tables of rules say.

use std::collections::BTreeSet;
use std::fmt::{Display, Write};
use std::fs;

use backend_audit::finding::{Confidence, Severity};
use backend_audit::gate::bandit::TESTS;
use backend_audit::rule::{On, Preset, Rule};
use backend_audit::{rules, taint};

use crate::support::{scan_options, text_options};

/// Ids of Bandit that no rule stands for, with the reason.
const WITHOUT_RULE: &[(&str, &str)] = &[];

/// Ids of Bandit that ruff 0.17.6 has no rule for.
const NOT_IN_RUFF: &[&str] = &["B613", "B614", "B615", "B703"];

/// A row for each rule that has an id of Bandit, by id.
pub fn bandit_ids() -> String {
    let mut table = "\n| Bandit | its name | ruff | rule here | preset | severity | as a flow |\n".to_owned();
    table.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (id, name) in TESTS {
        let ruff = if NOT_IN_RUFF.contains(id) { "–".to_owned() } else { id.replace('B', "S") };
        let reason = WITHOUT_RULE.iter().find(|(without, _)| without == id).map(|(_, reason)| *reason);
        let named: Vec<&Rule> = rules::all().map(|(_, rule)| rule).filter(|rule| rule.is_named(id)).collect();
        assert_eq!(named.is_empty(), reason.is_some(), "{id} needs a rule, or a reason why it has none");
        if let Some(reason) = reason {
            writeln!(table, "| {id} | {name} | {ruff} | no rule: {reason} | | | |").unwrap();
        }
        for rule in named {
            let flow = followed(rule).map_or("–", Severity::name);
            writeln!(
                table,
                "| {id} | {name} | {ruff} | {} | {} | {} | {flow} |",
                link(rule, rule.name),
                preset(rule),
                rule.severity
            )
            .unwrap();
        }
    }
    table.push('\n');
    table
}

/// A table for each severity: its rules, and what else their fixtures show of severity and confidence.
pub fn severities() -> String {
    let mut text = String::new();
    for severity in Severity::ALL {
        let mut rows: Vec<String> =
            rules::all().flat_map(|(family, rule)| rows(family, rule, severity)).collect();
        rows.sort();
        write!(text, "\n### {}\n\n", title(severity.name())).unwrap();
        if rows.is_empty() {
            text.push_str(
                "No rule is `info` by itself; the column on tests above says which findings get it.\n",
            );
            continue;
        }
        text.push_str("| rule | CWE | preset | confidence | other severities | in files of tests |\n");
        text.push_str("| --- | --- | --- | --- | --- | --- |\n");
        text.push_str(&rows.concat());
    }
    text.push('\n');
    text
}

/// The rows of a rule in the table of a severity: its own, and that of its flows.
fn rows(family: &str, rule: &'static Rule, severity: Severity) -> Vec<String> {
    let cwe: Vec<String> = rule.cwe.iter().map(u16::to_string).collect();
    let cwe = if cwe.is_empty() { "–".to_owned() } else { cwe.join(", ") };
    let mut rows = Vec::new();
    if rule.severity == severity && !matches!(rule.on, On::Flow(_)) {
        let shown = Shown::of(family, rule);
        rows.push(format!(
            "| {} | {cwe} | {} | {} | {} | {} |\n",
            link(rule, rule.name),
            preset(rule),
            shown.confidences(rule),
            shown.other_severities(rule),
            shown.in_tests()
        ));
    }
    if followed(rule) == Some(severity) {
        let name = link(rule, &format!("{}/flow", rule.name));
        rows.push(format!(
            "| {name} | {cwe} | {} | by the way of the data | – | not followed |\n",
            preset(rule)
        ));
    }
    rows
}

/// The severity of a rule's flows, where data is followed into what it minds.
fn followed(rule: &Rule) -> Option<Severity> {
    let forms = match &rule.on {
        On::Any(forms) => forms,
        form => std::slice::from_ref(form),
    };
    let is_followed = |form: &On| match form {
        On::Sink(kind, ..) | On::Flow(kind) => taint::KINDS.contains(kind),
        _ => false,
    };
    rule.flow.filter(|_| forms.iter().any(is_followed))
}

/// The severities and confidences of findings.
type Grades = (BTreeSet<Severity>, BTreeSet<Confidence>);

/// What the findings of a rule in its fixture are like, where it has one that is a file.
#[derive(Default)]
struct Shown {
    as_code: Option<Grades>,
    as_test: Option<Grades>,
}

impl Shown {
    fn of(family: &str, rule: &'static Rule) -> Shown {
        let Ok(text) = fs::read(format!("tests/rules/{family}/{}.py", rule.name)) else {
            return Shown::default();
        };
        let grades = |name: &str| {
            let found = scan_options(&text_options(name, text.clone(), vec![rule])).findings;
            let own = found.iter().filter(|finding| finding.rule == rule.name);
            own.map(|finding| (finding.severity, finding.confidence)).unzip()
        };
        Shown { as_code: Some(grades("app.py")), as_test: Some(grades("tests/test_app.py")) }
    }

    fn confidences(&self, rule: &Rule) -> String {
        let others = self.as_code.iter().flat_map(|grades| &grades.1).filter(|one| **one != rule.confidence);
        listed(std::iter::once(&rule.confidence).chain(others))
    }

    fn other_severities(&self, rule: &Rule) -> String {
        listed(self.as_code.iter().flat_map(|grades| &grades.0).rev().filter(|one| **one != rule.severity))
    }

    fn in_tests(&self) -> String {
        let (Some(code), Some(test)) = (&self.as_code, &self.as_test) else { return "–".to_owned() };
        if test == code {
            return "the same".to_owned();
        }
        if test.0.is_empty() {
            return "silent".to_owned();
        }
        let severities = (code.0 != test.0).then(|| listed(test.0.iter().rev()));
        let confidences = (code.1 != test.1).then(|| format!("{} confidence", listed(test.1.iter().rev())));
        listed(severities.into_iter().chain(confidences))
    }
}

fn listed<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    if items.is_empty() { "–".to_owned() } else { items.join(", ") }
}

fn link(rule: &Rule, shown: &str) -> String {
    format!("[`{shown}`](rules.md#{})", rule.name)
}

/// The name of a preset, as in options.
pub fn preset(rule: &Rule) -> &'static str {
    match rule.preset {
        Preset::Gate => "gate",
        Preset::Review => "review",
        Preset::OptIn => "opt-in",
    }
}

/// With a capital at the beginning.
pub fn title(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
