//! Bringing a baseline up to date, without losing what people wrote into it.

use std::collections::HashMap;

use super::matching::Matching;
use super::{Baseline, Entry};
use crate::finding::Finding;

/// A baseline brought up to date, and how it differs from the one before.
#[derive(Debug)]
pub struct Updated {
    /// The new one.
    pub baseline: Baseline,
    /// Findings that it knows and the old one did not.
    pub added: u32,
    /// Findings that the old one knew and that are gone.
    pub removed: u32,
}

/// The baseline in which all findings are known. Reason, owner and expiry of an entry are kept by the findings
/// that it knew; entries outside of what was judged (see [`super::matching::Now::covers`]) are kept as they are.
pub fn update(
    old: &Baseline,
    findings: &[Finding],
    matching: &Matching,
    covers: &dyn Fn(&Entry) -> bool,
) -> Updated {
    let mut notes: HashMap<(&str, &str, &str, &str), &Entry> = HashMap::new();
    let mut added = 0;
    for (finding, known) in findings.iter().zip(&matching.known) {
        match known.and_then(|entry| old.entries.get(entry)) {
            Some(entry) => {
                let identity = &finding.identity;
                let key = (&*finding.location.path, finding.rule, &*finding.scope, &*identity.tokens);
                notes.entry(key).or_insert(entry);
            }
            None if finding.suppression.is_none() => added += 1,
            None => {}
        }
    }
    let mut baseline = Baseline::of(findings);
    for entry in &mut baseline.entries {
        let key = (&*entry.path, &*entry.rule, &*entry.scope, &*entry.tokens);
        if let Some(noted) = notes.get(&key) {
            entry.reason.clone_from(&noted.reason);
            entry.owner.clone_from(&noted.owner);
            entry.expires = noted.expires;
        }
    }
    let used = |index: usize| matching.known.contains(&Some(index));
    let elsewhere = old.entries.iter().enumerate().filter(|(index, entry)| !covers(entry) && !used(*index));
    baseline.entries.extend(elsewhere.map(|(_, entry)| entry.clone()));
    baseline.entries.sort();
    let removed = matching.stale.iter().map(|(_, count)| count).sum();
    Updated { baseline, added, removed }
}

impl Baseline {
    /// Without what is stale.
    #[must_use]
    pub fn pruned(&self, matching: &Matching) -> Baseline {
        let stale: HashMap<usize, u32> = matching.stale.iter().copied().collect();
        let keep = |(index, entry): (usize, &Entry)| {
            let count = entry.count.saturating_sub(stale.get(&index).copied().unwrap_or(0));
            (count > 0).then(|| Entry { count, ..entry.clone() })
        };
        let entries = self.entries.iter().enumerate().filter_map(keep).collect();
        Baseline { tool: self.tool.clone(), entries }
    }
}
