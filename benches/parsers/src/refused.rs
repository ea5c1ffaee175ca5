//! Which files of the corpus are refused, by whom, and what in them is newer than Python 3.11.

use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::PythonVersion;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

use crate::corpus::Corpus;
use crate::parsers::Parser;
use crate::pass::Measured;
use crate::rounds::Rounds;
use crate::table::markdown;

/// Files that both refuse, or that the tool's parser does, are listed up to this number.
const LISTED: usize = 20;

/// What stands for a file without any syntax newer than 3.11.
const NOTHING_NEW: &str = "nothing newer than Python 3.11";

/// The files that are refused.
pub fn section(corpus: &Corpus, all: &[Rounds]) -> Result<String, String> {
    let rustpython = failed(all, Parser::Rustpython)?;
    let ruff = failed(all, Parser::Ruff)?;
    let only: Vec<usize> = rustpython.keys().filter(|number| !ruff.contains_key(number)).copied().collect();
    let only_ruff = ruff.keys().filter(|number| !rustpython.contains_key(number)).count();
    let mut text = format!(
        "## Files refused\n\n{} by both, {} by `{}` alone, {} by `{}` alone.\n",
        ruff.len() - only_ruff,
        only.len(),
        Parser::Rustpython.name(),
        only_ruff,
        Parser::Ruff.name(),
    );
    if !only.is_empty() {
        text += "\nIn those that `rustpython-parser` alone refuses:\n\n";
        text += &markdown(&["syntax (a file may have several)", "files"], &newer(corpus, &only));
    }
    if !ruff.is_empty() {
        text += "\nRefused by `ruff_python_parser`:\n\n";
        text += &markdown(&["file", "first error", "the other one"], &listed(corpus, &ruff, &rustpython));
    }
    Ok(text)
}

/// The files that a parser refused or panicked on, by number, with the reason.
fn failed(all: &[Rounds], parser: Parser) -> Result<BTreeMap<usize, String>, String> {
    let rounds = all.iter().find(|rounds| rounds.parser == parser);
    let pass: &Measured = rounds.and_then(Rounds::first).ok_or("a parser was not measured")?;
    let panicked = pass.panicked.iter().map(|&number| (number, "panic".to_owned()));
    Ok(pass.refused.clone().into_iter().chain(panicked).collect())
}

/// How many of these files have which syntax that came after Python 3.11.
fn newer(corpus: &Corpus, numbers: &[usize]) -> Vec<Vec<String>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (_, text) in numbers.iter().filter_map(|&number| corpus.files.get(number)) {
        let mut found = newer_than_311(text);
        if found.is_empty() {
            found.insert(NOTHING_NEW.to_owned());
        }
        for syntax in found {
            *counts.entry(syntax).or_default() += 1;
        }
    }
    let mut rows: Vec<(usize, String)> = counts.into_iter().map(|(syntax, count)| (count, syntax)).collect();
    rows.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
    rows.into_iter().map(|(count, syntax)| vec![syntax, count.to_string()]).collect()
}

/// What `ruff_python_parser` says that Python 3.11 cannot read in a text.
pub fn newer_than_311(text: &str) -> BTreeSet<String> {
    let options = ParseOptions::from(Mode::Module).with_target_version(PythonVersion::PY311);
    let parsed = parse_unchecked(text, options);
    parsed.unsupported_syntax_errors().iter().map(|error| short(&error.to_string())).collect()
}

/// "Cannot use t-strings on Python 3.11 (syntax was added in Python 3.14)" in fewer words.
fn short(message: &str) -> String {
    let what = message.split(" on Python ").next().unwrap_or(message);
    let what = what.trim_start_matches("Cannot use ").trim_start_matches("Cannot ");
    let version = message.rsplit(' ').next().unwrap_or_default().trim_end_matches(')');
    format!("{what} ({version})")
}

fn listed(
    corpus: &Corpus,
    these: &BTreeMap<usize, String>,
    others: &BTreeMap<usize, String>,
) -> Vec<Vec<String>> {
    let row = |(number, message): (&usize, &String)| {
        let path = corpus.files.get(*number).map(|(path, _)| path.display().to_string()).unwrap_or_default();
        let other = if others.contains_key(number) { "refuses it too" } else { "reads it" };
        vec![format!("`{path}`"), message.clone(), other.to_owned()]
    };
    these.iter().take(LISTED).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_told_in_few_words() {
        assert_eq!(newer_than_311("t'{a}'\n"), BTreeSet::from(["t-strings (3.14)".to_owned()]));
        assert!(newer_than_311("match a:\n    case _:\n        pass\n").is_empty());
    }
}
