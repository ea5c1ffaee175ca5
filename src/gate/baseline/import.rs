//! Baselines of other tools.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use serde::Deserialize;

use super::Baseline;
use crate::error::Error;
use crate::finding::Finding;
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
    line_number: u32,
}

/// The results of another tool's report that rules here stand for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Imported {
    results: Vec<Reported>,
    /// Ids that no rule stands for, with how many results they had.
    pub unknown: Vec<(String, u32)>,
}

/// A result, as far as it can be found again.
#[derive(Debug, PartialEq, Eq)]
struct Reported {
    /// As the report has it, with `/` between parts and no `./` before it.
    path: String,
    line: u32,
    /// The rules that have its id.
    rules: Vec<&'static str>,
}

/// What of a report was found here too.
#[derive(Debug)]
pub struct Matched {
    /// The findings that stand for its results.
    pub baseline: Baseline,
    /// How many results were found.
    pub results: u32,
    /// Of how many.
    pub of: u32,
    /// A path of the report, where none of its paths is that of a file here.
    pub strange: Option<String>,
}

/// Reads the JSON report that Bandit takes as its baseline (`bandit -f json`). Its results know no scope and no code, so
/// they match by rule and line, once.
pub fn from_bandit(path: &Path, text: &[u8]) -> Result<Imported, Error> {
    let report: BanditReport = serde_json::from_slice(text).map_err(|error| Error::Baseline {
        path: path.to_owned(),
        line: Some(error.line()).filter(|line| *line > 0),
        reason: format!("it is not a JSON report of Bandit: {error}"),
        hint: "make one with `bandit -r . -f json -o FILE`".to_owned(),
    })?;
    let (mut results, mut unknown) = (Vec::new(), BTreeMap::<String, u32>::new());
    for result in report.results {
        let named = rules::all().map(|(_, rule)| rule).filter(|rule| rule.is_named(&result.test_id));
        let rules: Vec<_> = named.map(|rule| rule.name).collect();
        if rules.is_empty() {
            *unknown.entry(result.test_id).or_default() += 1;
            continue;
        }
        let path = result.filename.replace('\\', "/");
        let path = path.trim_start_matches("./").to_owned();
        results.push(Reported { path, line: result.line_number, rules });
    }
    Ok(Imported { results, unknown: unknown.into_iter().collect() })
}

impl Imported {
    /// The findings that stand for one of the results: same rule, with or without a flow, same file and line. `files`
    /// are the paths that were scanned, relative to `root`.
    pub fn matched(&self, findings: &[Finding], files: &[&str], root: &Path) -> Matched {
        let places = self.places(files, root);
        let mut by_file: HashMap<&str, Vec<(usize, &Finding)>> = HashMap::new();
        for (index, finding) in findings.iter().enumerate() {
            by_file.entry(&*finding.location.path).or_default().push((index, finding));
        }
        let (mut kept, mut found) = (BTreeSet::new(), 0);
        for result in &self.results {
            let Some(of_file) = places.get(&*result.path).and_then(|file| by_file.get(file)) else {
                continue;
            };
            let same = of_file.iter().filter(|(_, finding)| result.is(finding)).map(|(index, _)| *index);
            let same: Vec<usize> = same.collect();
            found += u32::from(!same.is_empty());
            kept.extend(same);
        }
        let known: Vec<Finding> = kept.iter().filter_map(|index| findings.get(*index).cloned()).collect();
        let strange = self.results.first().filter(|_| places.is_empty()).map(|result| result.path.clone());
        let of = self.results.len() as u32;
        Matched { baseline: Baseline::of(&known), results: found, of, strange }
    }

    /// The files that the paths of the report mean. They may be relative to another folder, or absolute, here or on
    /// another machine: a report was made in one folder, which is the one that most of its paths fit.
    fn places<'p>(&'p self, files: &[&'p str], root: &Path) -> HashMap<&'p str, &'p str> {
        let paths: BTreeSet<&str> = self.results.iter().map(|result| &*result.path).collect();
        let known: HashSet<&str> = files.iter().copied().collect();
        let mut fits = BTreeMap::<Base<'_>, Vec<(&str, &str)>>::new();
        for path in paths {
            let below = Path::new(path).strip_prefix(root).ok().and_then(Path::to_str);
            if let Some(file) = below.and_then(|below| known.get(below)) {
                fits.entry(Base::Same).or_default().push((path, file));
                continue;
            }
            for (base, file) in bases(path, files) {
                fits.entry(base).or_default().push((path, file));
            }
        }
        let most = fits.values().map(Vec::len).max().unwrap_or(0);
        let mut best = fits.into_iter().filter(|(_, fit)| fit.len() == most);
        let (first, second) = (best.next(), best.next());
        match (first, second) {
            (Some((Base::Same, fit)), _) | (Some((_, fit)), None) => fit.into_iter().collect(),
            _ => HashMap::new(),
        }
    }
}

/// Where the paths of a report begin, seen from the root here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Base<'p> {
    /// There.
    Same,
    /// In this folder below it.
    Below(&'p str),
    /// In this folder above it, or elsewhere.
    Above(&'p str),
}

/// The files that a path may mean, each with where paths begin then.
fn bases<'p>(path: &'p str, files: &[&'p str]) -> Vec<(Base<'p>, &'p str)> {
    let cut = |long: &'p str, short: &str| long.strip_suffix(short).filter(|rest| rest.ends_with('/'));
    let base = |file: &&'p str| {
        let base = if *file == path {
            Base::Same
        } else if let Some(folder) = cut(file, path) {
            Base::Below(folder)
        } else {
            Base::Above(cut(path, file)?)
        };
        Some((base, *file))
    };
    files.iter().filter_map(base).collect()
}

impl Reported {
    fn is(&self, finding: &Finding) -> bool {
        let name = finding.rule.strip_suffix("/flow").unwrap_or(finding.rule);
        let lines = finding.location.start.line..=finding.location.end.line;
        self.rules.contains(&name) && lines.contains(&self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_another_folder_is_laid_over_the_files_that_most_of_its_paths_fit() {
        let places = |paths: &[&str]| {
            let results =
                paths.iter().map(|path| Reported { path: (*path).to_owned(), line: 1, rules: Vec::new() });
            let imported = Imported { results: results.collect(), unknown: Vec::new() };
            let files = ["app.py", "lib/app.py", "shop/app.py", "shop/cart.py"];
            let mut found: Vec<String> =
                imported.places(&files, Path::new("/r")).values().map(|file| (*file).to_owned()).collect();
            found.sort();
            found
        };
        assert_eq!(places(&["app.py", "shop/app.py", "gone.py"]), ["app.py", "shop/app.py"]);
        assert_eq!(places(&["/r/shop/app.py"]), ["shop/app.py"]);
        assert_eq!(places(&["cart.py", "app.py"]), ["shop/app.py", "shop/cart.py"]);
        assert_eq!(places(&["/ci/b/shop/app.py", "/ci/b/app.py"]), ["app.py", "shop/app.py"]);
        assert_eq!(places(&["other/cart.py"]), [""; 0]);
        assert_eq!(places(&["/r/nowhere.py"]), [""; 0]);
    }
}
