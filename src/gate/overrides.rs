//! What the config changes about findings once they are made: severities of its own, and rules that do not count in
//! some files.

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::finding::{Finding, Severity};
use crate::input::patterns::Patterns;

/// The end of a rule's id where it reports a flow.
const FLOW: &str = "/flow";

/// What is changed; by default nothing.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The folder that patterns are relative to, absolute; `None` is the root of the scan.
    pub folder: Option<PathBuf>,
    /// Patterns of files with the names of the rules that do not count there.
    pub per_path: Vec<(String, Vec<&'static str>)>,
    /// Names of rules with the severities of their findings.
    pub severity: Vec<(&'static str, Severity)>,
    /// The same for their flows alone.
    pub flow_severity: Vec<(&'static str, Severity)>,
}

/// Changes findings, whose paths are relative to `root`, and drops those that do not count; how many it dropped.
pub fn apply(overrides: &Overrides, root: &Path, findings: &mut Vec<Finding>) -> Result<u32, Error> {
    for finding in &mut *findings {
        if let Some(severity) = overrides.severity_of(finding.rule) {
            finding.severity = severity;
        }
    }
    if overrides.per_path.is_empty() {
        return Ok(0);
    }
    let folder = overrides.folder.as_deref().unwrap_or(root);
    let compiled = overrides.per_path.iter();
    let compiled = compiled.map(|(pattern, rules)| Ok((Patterns::new(folder, &[pattern])?, rules)));
    let compiled = compiled.collect::<Result<Vec<_>, Error>>()?;
    let before = findings.len();
    // Findings stand sorted by path: what a path ignores is asked for once.
    let (mut path, mut ignored) = (None, Vec::new());
    findings.retain(|finding| {
        if path.as_ref() != Some(&finding.location.path) {
            let file = root.join(&*finding.location.path);
            ignored = compiled.iter().filter(|(pattern, _)| pattern.match_file(&file)).collect();
            path = Some(finding.location.path.clone());
        }
        let name = finding.rule.strip_suffix(FLOW).unwrap_or(finding.rule);
        !ignored.iter().any(|(_, rules)| rules.contains(&name))
    });
    Ok((before - findings.len()) as u32)
}

impl Overrides {
    /// The severity of the findings of a rule, or of `NAME/flow`.
    fn severity_of(&self, rule: &str) -> Option<Severity> {
        let find = |list: &[(&'static str, Severity)], name: &str| {
            list.iter().find(|(known, _)| *known == name).map(|(_, severity)| *severity)
        };
        match rule.strip_suffix(FLOW) {
            Some(name) => find(&self.flow_severity, name).or_else(|| find(&self.severity, name)),
            None => find(&self.severity, rule),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Confidence, Excerpt, Identity, Location, Position};

    fn finding(rule: &'static str, path: &str) -> Finding {
        let at = Position { line: 1, column: 1, utf16_column: 1 };
        Finding {
            rule,
            severity: Severity::Medium,
            confidence: Confidence::High,
            message: String::new(),
            location: Location { path: path.into(), start: at, end: at, bytes: (0, 0), cell: None },
            scope: String::new(),
            related: Vec::new(),
            flow: Vec::new(),
            excerpt: Excerpt::default(),
            identity: Identity::default(),
            fingerprint: String::new(),
            line_hash: String::new(),
            suppression: None,
            known: None,
        }
    }

    #[test]
    fn a_path_ignores_rules_and_their_flows_and_nothing_else() {
        let paths = ["app/a.py", "app/tests/a.py", "tests/a.py"];
        let rules = ["yaml-load", "yaml-load/flow", "weak-hash"];
        let left = |pattern: &str, root: &str, folder: Option<&str>| {
            let per_path = vec![(pattern.to_owned(), vec!["yaml-load"])];
            let folder = folder.map(PathBuf::from);
            let overrides = Overrides { folder, per_path, ..Overrides::default() };
            let all = paths.iter().flat_map(|path| rules.map(|rule| finding(rule, path)));
            let mut findings: Vec<Finding> = all.collect();
            let dropped = apply(&overrides, Path::new(root), &mut findings).unwrap();
            assert_eq!(dropped as usize, 9 - findings.len());
            let dropped = paths
                .map(|path| findings.iter().filter(|finding| &*finding.location.path == path).count() == 1);
            assert_eq!(dropped.iter().filter(|dropped| **dropped).count() * 2, 9 - findings.len());
            dropped
        };
        assert_eq!(left("tests/", "/r", None), [false, true, true]);
        assert_eq!(left("/tests", "/r", Some("/r")), [false, false, true]);
        assert_eq!(left("/tests", "/r", Some("/r/app")), [false, true, false]);
        assert_eq!(left("/r/tests/*.py", "/r", Some("/")), [false, false, true]);
        assert_eq!(left("/r", "/r", Some("/")), [true, true, true]);
        assert_eq!(left("*", "/r", Some("/elsewhere")), [false; 3]);
    }

    #[test]
    fn flows_have_severities_of_their_own() {
        let severity = vec![("yaml-load", Severity::Low), ("weak-hash", Severity::Info)];
        let flow_severity = vec![("yaml-load", Severity::Critical)];
        let overrides = Overrides { severity, flow_severity, ..Overrides::default() };
        let rules = ["yaml-load", "yaml-load/flow", "weak-hash/flow", "dangerous-eval"];
        let mut findings: Vec<Finding> = rules.iter().map(|rule| finding(rule, "a.py")).collect();
        apply(&overrides, Path::new("/"), &mut findings).unwrap();
        let severities: Vec<Severity> = findings.iter().map(|finding| finding.severity).collect();
        assert_eq!(severities, [Severity::Low, Severity::Critical, Severity::Info, Severity::Medium]);
    }
}
