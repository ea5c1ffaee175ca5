//! What a change does to the gate that judges it: weakens it, or hides more findings from it than it may.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Judge;
use crate::error::Error;
use crate::finding::{Finding, Identity, Location, Step, Suppression};
use crate::gate::additions::{self, Additions};
use crate::gate::baseline::{self, Baseline};
use crate::gate::line_hash::line_hashes;
use crate::gate::weakened::{self, GATE_WEAKENED, Weakening};
use crate::input::config::{self, Config, OWN, PYPROJECT};
use crate::input::git::{Changed, Content, Entry, Status};
use crate::input::lines::{LineIndex, excerpt};
use crate::input::source::{self, ReadFault};
use crate::rule::Rule;
use crate::rules;

/// Files in which a gate is set up are small; a larger one is refused, in bytes.
const LARGEST_GATE_FILE: u64 = 1 << 20;
/// The same for a baseline.
const LARGEST_BASELINE: u64 = 64 << 20;

/// What was found in the files that set up the gate.
pub(super) struct GateFiles {
    pub findings: Vec<Finding>,
    /// What configs and the baseline add.
    pub additions: Additions,
    /// The first of the files that add something.
    pub adds: Option<Arc<str>>,
}

impl Judge<'_> {
    /// Looks at the changed files that set up the gate.
    pub(super) fn gate_files(
        &self,
        root: &Path,
        base: &[Entry],
        changed: &[Changed],
    ) -> Result<GateFiles, Error> {
        let baseline = self.change.baseline.as_ref().and_then(|file| below(root, file));
        let mut gate = GateFiles { findings: Vec::new(), additions: Additions::default(), adds: None };
        for one in changed.iter().filter(|one| one.status != Status::Copied) {
            let path = one.old_path.as_ref().unwrap_or(&one.path);
            if weakened::is_gate_file(path) || weakened::is_gate_file(&one.path) {
                self.look_at(one, path, base, &mut gate).map_err(|fault| unread(root, &one.path, &fault))?;
            }
            if baseline.as_deref().is_some_and(|file| file == Path::new(&*one.path)) {
                let known = self.known(one).map_err(|fault| unread(root, &one.path, &fault))?;
                gate.add(&one.path, Additions { known, ..Additions::default() });
            }
        }
        Ok(gate)
    }

    fn look_at(
        &self,
        one: &Changed,
        path: &str,
        base: &[Entry],
        gate: &mut GateFiles,
    ) -> Result<(), ReadFault> {
        let before = self.text(one.old.as_ref().filter(|_| weakened::is_gate_file(path)))?;
        let after = self.text(one.new.as_ref().filter(|_| weakened::is_gate_file(&one.path)))?;
        let mut weakenings = weakened::weakenings(before.as_deref(), after.as_deref());
        let mut rule = self.rule(GATE_WEAKENED);
        if is_config(path) || is_config(&one.path) {
            let old = config(path, before.as_deref()).unwrap_or_default();
            match config(&one.path, after.as_deref()) {
                Ok(new) => {
                    let new = new.unwrap_or_default();
                    let held = old.clone().or_else(|| self.config_before(&one.path, base));
                    if let Some(held) = &held {
                        weakenings.extend(weakened::config_weakenings(held, &new));
                    }
                    // A config cannot switch off what would report that.
                    let own = rules::find(GATE_WEAKENED);
                    let ran = |rule: &&Rule| held.as_ref().is_some_and(|held| weakened::runs(held, rule));
                    rule = rule.or(own.filter(ran).filter(|rule| !weakened::runs(&new, rule)));
                    gate.add(&one.path, additions::of_configs(&old.unwrap_or_default(), &new));
                }
                Err(error) => weakenings.push(Weakening {
                    line: 1,
                    message: format!("the config can no longer be read: {error}"),
                }),
            }
        } else {
            weakenings.extend(weakened::raised(before.as_deref(), after.as_deref()));
        }
        if let Some(rule) = rule {
            let text = after.unwrap_or_default();
            gate.findings.extend(weakenings.into_iter().map(|weak| finding(rule, &one.path, &text, weak)));
        }
        Ok(())
    }

    /// The config that held before the change where it adds one: the nearest of the side before, or the defaults where
    /// that ran the gate without one. `None` where there was no gate: the change brings it.
    fn config_before(&self, path: &str, base: &[Entry]) -> Option<Config> {
        let text = |entry: &Entry| self.text(Some(&entry.content)).ok().flatten();
        let at = |path: &str| {
            let index = base.binary_search_by(|entry| (*entry.path).cmp(path)).ok()?;
            config(path, text(base.get(index)?).as_deref()).ok().flatten()
        };
        let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            let beside = |name: &&str| {
                at(&if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") })
            };
            if let Some(found) = OWN.iter().chain([&PYPROJECT]).find_map(beside) {
                return Some(found);
            }
            if folder.is_empty() {
                break;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        let runs = |entry: &&Entry| {
            weakened::is_gate_file(&entry.path)
                && text(entry).is_some_and(|text| weakened::runs_the_gate(&text))
        };
        base.iter().find(runs).map(|_| Config::default())
    }

    /// How many findings the baseline knows that it did not know before.
    fn known(&self, one: &Changed) -> Result<u32, ReadFault> {
        let side = |content: Option<&Content>| -> Result<Baseline, ReadFault> {
            let Some(content) = content else { return Ok(Baseline::default()) };
            let bytes = self.repository.read(content, LARGEST_BASELINE)?;
            // One that cannot be read knows nothing; where it is the one to judge by, that is an error of its own.
            Ok(baseline::read(Path::new(&*one.path), &bytes).unwrap_or_default())
        };
        Ok(additions::of_baselines(&side(one.old.as_ref())?, &side(one.new.as_ref())?))
    }

    fn text(&self, content: Option<&Content>) -> Result<Option<String>, ReadFault> {
        let Some(content) = content else { return Ok(None) };
        let bytes = self.repository.read(content, LARGEST_GATE_FILE)?;
        Ok(Some(source::decode(bytes).text))
    }

    fn rule(&self, name: &str) -> Option<&'static Rule> {
        self.options.rules.iter().copied().find(|rule| rule.name == name)
    }

    /// The finding that the change adds more to what is not reported than it may. `hidden` are the findings that it
    /// suppresses by comments, `text` is that of the file that the first addition stands in.
    pub(super) fn too_many(
        &self,
        additions: Additions,
        hidden: &[&Finding],
        adds: Option<&Arc<str>>,
    ) -> Option<Finding> {
        let rule = self.rule("too-many-suppressions")?;
        let most = self.change.max_new_suppressions?;
        if additions.total() <= most {
            return None;
        }
        let message =
            format!("this change adds suppressions: {additions}; `max-new-suppressions` allows {most}");
        let mut found = match hidden.first() {
            Some(first) => Finding { message: message.clone(), ..of_rule(rule, (*first).clone()) },
            None => finding(rule, adds?, "", Weakening { line: 1, message: message.clone() }),
        };
        found.identity = Identity { tokens: message.clone(), shape: message };
        found.related = hidden.iter().skip(1).map(|finding| suppressed_too(finding)).collect();
        Some(found)
    }
}

impl GateFiles {
    fn add(&mut self, path: &Arc<str>, more: Additions) {
        if more.total() == 0 {
            return;
        }
        self.adds.get_or_insert_with(|| Arc::clone(path));
        self.additions.ignores += more.ignores;
        self.additions.excludes += more.excludes;
        self.additions.known += more.known;
    }
}

/// The findings that comments suppress on this side of the change only.
pub(super) fn newly_suppressed<'f>(
    before: &[Finding],
    after: &'f [Finding],
    changed: &[Changed],
) -> Vec<&'f Finding> {
    let renamed = |one: &Changed| match (&one.old_path, one.status) {
        (Some(old), Status::Renamed) => Some((old.to_string(), one.path.to_string())),
        _ => None,
    };
    let renamed: BTreeMap<String, String> = changed.iter().filter_map(renamed).collect();
    let mut left = BTreeMap::<(&str, &str), u32>::new();
    for finding in before.iter().filter(|finding| finding.suppression.is_some()) {
        let path = &*finding.location.path;
        *left.entry((renamed.get(path).map_or(path, String::as_str), finding.rule)).or_default() += 1;
    }
    let mut new = Vec::new();
    for finding in after.iter().filter(|finding| finding.suppression.is_some()) {
        match left.get_mut(&(&*finding.location.path, finding.rule)).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => new.push(finding),
        }
    }
    new
}

fn is_config(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name == PYPROJECT || OWN.contains(&name)
}

fn config(path: &str, text: Option<&str>) -> Result<Option<Config>, Error> {
    text.map_or(Ok(None), |text| config::parse(Path::new(path), text.as_bytes()))
}

/// A path relative to the root, where it is below it.
fn below(root: &Path, file: &Path) -> Option<PathBuf> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().ok()?;
    Some(folder.strip_prefix(root).ok()?.join(file.file_name()?))
}

fn unread(root: &Path, path: &str, fault: &ReadFault) -> Error {
    Error::Read { path: root.join(path), source: std::io::Error::other(fault.message.clone()) }
}

fn suppressed_too(finding: &Finding) -> Step {
    Step { location: finding.location.clone(), message: format!("`{}` is suppressed here", finding.rule) }
}

/// The finding of another rule at the same place.
fn of_rule(rule: &Rule, finding: Finding) -> Finding {
    Finding {
        rule: rule.name,
        severity: rule.severity,
        confidence: rule.confidence,
        flow: Vec::new(),
        suppression: None::<Suppression>,
        known: None,
        ..finding
    }
}

fn finding(rule: &Rule, path: &Arc<str>, text: &str, weakening: Weakening) -> Finding {
    let lines = LineIndex::new(text);
    let range = lines.line_range(weakening.line).unwrap_or(0..0);
    let line = text.get(range.clone()).unwrap_or("");
    let indent = line.len() - line.trim_start().len();
    let (start, end) = ((range.start + indent) as u32, (range.start + line.trim_end().len()) as u32);
    let (start, end) = (start.min(end), end);
    let location = Location {
        path: Arc::clone(path),
        start: lines.position(text, start),
        end: lines.position(text, end),
        bytes: (start, end),
        cell: None,
    };
    Finding {
        rule: rule.name,
        severity: rule.severity,
        confidence: rule.confidence,
        identity: Identity { tokens: weakening.message.clone(), shape: weakening.message.clone() },
        message: weakening.message,
        scope: String::new(),
        related: Vec::new(),
        flow: Vec::new(),
        excerpt: excerpt(text, &lines, start, end),
        fingerprint: String::new(),
        line_hash: line_hashes(text.as_bytes(), &[location.start.line]).pop().unwrap_or_default(),
        location,
        suppression: None,
        known: None,
    }
}
