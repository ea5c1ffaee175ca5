//! Baselines of other tools.

use std::path::Path;

use serde::Deserialize;

use super::{Baseline, Entry};
use crate::error::Error;
use crate::finding::Severity;
use crate::rules;

/// A report of Bandit, as far as it is needed.
#[derive(Deserialize)]
struct BanditReport {
    results: Vec<BanditResult>,
}

#[derive(Deserialize)]
struct BanditResult {
    filename: String,
    test_id: String,
    issue_severity: String,
    line_number: u32,
}

/// What became of the results of another tool's report.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The entries, to be matched by line once and written anew by an update.
    pub entries: Vec<Entry>,
    /// Ids that no rule stands for, with how many results they had.
    pub unknown: Vec<(String, u32)>,
}

/// Reads the JSON report that Bandit takes as its baseline (`bandit -f json`). Its entries know no scope and no
/// code, so they match by rule and line, once: an update turns them into entries of this tool.
pub fn from_bandit(path: &Path, text: &[u8]) -> Result<Imported, Error> {
    let report: BanditReport = serde_json::from_slice(text).map_err(|error| Error::Baseline {
        path: path.to_owned(),
        line: Some(error.line()).filter(|line| *line > 0),
        reason: format!("it is not a JSON report of Bandit: {error}"),
        hint: "make one with `bandit -r . -f json -o FILE`".to_owned(),
    })?;
    let mut imported = Imported::default();
    let mut unknown = std::collections::BTreeMap::<String, u32>::new();
    for result in report.results {
        let names: Vec<_> =
            rules::all().map(|(_, rule)| rule).filter(|rule| rule.is_named(&result.test_id)).collect();
        if names.is_empty() {
            *unknown.entry(result.test_id).or_default() += 1;
            continue;
        }
        let path = result.filename.trim_start_matches("./").replace('\\', "/");
        imported.entries.extend(names.iter().map(|rule| Entry {
            path: path.clone(),
            rule: rule.name.to_owned(),
            scope: String::new(),
            tokens: String::new(),
            shape: String::new(),
            count: 1,
            severity: severity(&result.issue_severity),
            line: result.line_number,
            reason: Some(format!("imported from Bandit ({})", result.test_id)),
            owner: None,
            expires: None,
        }));
    }
    imported.unknown = unknown.into_iter().collect();
    Ok(imported)
}

fn severity(name: &str) -> Severity {
    match name {
        "HIGH" => Severity::High,
        "MEDIUM" => Severity::Medium,
        _ => Severity::Low,
    }
}

impl Imported {
    /// A baseline of the entries that stand for one of these findings: same rule, file and line.
    pub fn matched(&self, findings: &[crate::finding::Finding]) -> Baseline {
        let known = |finding: &&crate::finding::Finding| {
            let (first, last) = (finding.location.start.line, finding.location.end.line);
            self.entries.iter().any(|entry| {
                entry.rule == finding.rule
                    && *entry.path == *finding.location.path
                    && (first..=last).contains(&entry.line)
            })
        };
        let kept: Vec<_> = findings.iter().filter(known).cloned().collect();
        Baseline::of(&kept)
    }
}
