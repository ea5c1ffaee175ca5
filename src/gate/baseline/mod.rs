//! The baseline: what is known of a legacy project and does not fail it. One JSON document, one entry a line, so
//! that it merges and reviews like code.
//!
//! An entry stores facts about a finding (rule, path, scope, hashes of the code), never source text, so that it
//! still matches after an edit around it and can say why it does not. [`matching`] is the algorithm.

mod date;
mod document;
mod import;
pub mod matching;
mod renames;
mod update;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Severity};
pub use date::Date;
pub use document::{read, write};
pub use import::from_bandit;
pub use update::{Updated, update};

/// Version of the document's form.
pub const VERSION: u32 = 1;

/// A baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// Version of the tool that wrote it.
    pub tool: String,
    /// Sorted; no two are equal but for their counts.
    pub entries: Vec<Entry>,
}

/// Findings that are known: equal in rule, path, scope and code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Path relative to the root, with `/` between parts.
    pub path: String,
    /// The rule.
    pub rule: String,
    /// Qualified name of the enclosing function or class; empty at the top of the module.
    pub scope: String,
    /// [`crate::finding::Identity::tokens`]; empty where another tool's report was imported.
    pub tokens: String,
    /// [`crate::finding::Identity::shape`].
    pub shape: String,
    /// How many findings it stands for.
    pub count: u32,
    /// The severity they had.
    pub severity: Severity,
    /// Line of the first, as a hint for people; nothing is matched by it.
    pub line: u32,
    /// Why it is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The last day on which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
}

/// Rules that judge a change and not a tree: no baseline knows their findings.
pub const OF_CHANGES: [&str; 2] = ["gate-weakened", "too-many-suppressions"];

impl Baseline {
    /// The baseline in which all these findings are known; suppressed ones are left out.
    pub fn of(findings: &[Finding]) -> Baseline {
        let mut entries = BTreeMap::<(&str, &str, &str, &str, &str), Entry>::new();
        let can_be_known =
            |finding: &&Finding| finding.suppression.is_none() && !OF_CHANGES.contains(&finding.rule);
        for finding in findings.iter().filter(can_be_known) {
            let key = (
                &*finding.location.path,
                finding.rule,
                &*finding.scope,
                &*finding.identity.tokens,
                &*finding.identity.shape,
            );
            entries
                .entry(key)
                .and_modify(|entry| {
                    entry.count += 1;
                    entry.severity = entry.severity.max(finding.severity);
                })
                .or_insert_with(|| Entry::of(finding));
        }
        Baseline { tool: env!("CARGO_PKG_VERSION").to_owned(), entries: entries.into_values().collect() }
    }

    /// How many findings it stands for.
    pub fn findings(&self) -> u32 {
        self.entries.iter().map(|entry| entry.count).sum()
    }
}

impl Entry {
    fn of(finding: &Finding) -> Entry {
        Entry {
            path: finding.location.path.to_string(),
            rule: finding.rule.to_owned(),
            scope: finding.scope.clone(),
            tokens: finding.identity.tokens.clone(),
            shape: finding.identity.shape.clone(),
            count: 1,
            severity: finding.severity,
            line: finding.location.start.line,
            reason: None,
            owner: None,
            expires: None,
        }
    }

    /// Whether it no longer holds.
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|last| last < today)
    }
}
