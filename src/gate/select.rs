//! Which rules take part in a run.

use std::collections::BTreeSet;

use super::bandit;
use crate::error::Error;
use crate::input::config::Presets;
use crate::rule::{Preset, Rule};
use crate::rules;

/// Names of rules.
pub type Names = BTreeSet<&'static str>;

/// What a config, or the command line, says about which rules run.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The presets to run.
    pub presets: Option<Presets>,
    /// The only rules to run, in place of presets.
    pub select: Option<Names>,
    /// Rules to run beside.
    pub extend: Names,
    /// Rules to leave out; they win over the others of the same selection.
    pub ignore: Names,
}

/// The rules that run, sorted by name.
///
/// What the command line says comes after what the config says: its `select` starts anew, its `presets` stand in the
/// place of the config's `select` and `presets`, and the rest adds to what the config chose and takes away from it.
pub fn rules(config: &Selection, line: &Selection) -> Vec<&'static Rule> {
    let chosen = match (&line.select, line.presets, &config.select) {
        (Some(select), ..) => select.clone(),
        (None, None, Some(select)) => with(select, config),
        (None, presets, _) => with(&of(presets.or(config.presets).unwrap_or_default()), config),
    };
    let chosen = with(&chosen, line);
    let mut rules: Vec<&'static Rule> =
        rules::all().map(|(_, rule)| rule).filter(|rule| chosen.contains(rule.name)).collect();
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// The names of the rules that a name or an alias means; an alias may mean several. An unknown name is an error that
/// shows the nearest ones.
pub fn named(name: &str) -> Result<Names, Error> {
    let found: Names =
        rules::all().map(|(_, rule)| rule).filter(|rule| rule.is_named(name)).map(|rule| rule.name).collect();
    if found.is_empty() {
        let removed = bandit::is_removed(name);
        return Err(Error::UnknownRule { name: name.to_owned(), nearest: nearest(name), removed });
    }
    Ok(found)
}

/// Chosen rules with what a selection adds and without what it leaves out.
fn with(chosen: &Names, selection: &Selection) -> Names {
    let more = chosen.union(&selection.extend).copied();
    more.filter(|name| !selection.ignore.contains(name)).collect()
}

/// The rules of presets.
fn of(presets: Presets) -> Names {
    let runs = |preset: Preset| match presets {
        Presets::Gate => preset == Preset::Gate,
        Presets::Review => preset != Preset::OptIn,
        Presets::All => true,
    };
    rules::all().map(|(_, rule)| rule).filter(|rule| runs(rule.preset)).map(|rule| rule.name).collect()
}

/// Up to three names that a misspelt one may have meant, the nearest first. For an id those of the same tool.
pub fn nearest(name: &str) -> Vec<String> {
    let tool = tool_of(name).map(str::to_lowercase);
    let name = name.to_lowercase();
    let names = rules::all().flat_map(|(_, rule)| std::iter::once(&rule.name).chain(rule.aliases));
    let of_tool = |known: &str| tool_of(known).map(str::to_lowercase) == tool;
    let names = names.filter(|known| tool.is_none() || of_tool(known));
    let mut near: Vec<(f64, &str)> = names
        .map(|known| (strsim::jaro_winkler(&name, &known.to_lowercase()), *known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup_by_key(|(_, name)| *name);
    near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// The letters of an id such as `B301`, which tell the tool.
fn tool_of(id: &str) -> Option<&str> {
    let letters = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_id = id.len() >= letters.len() + 3 && (1..=4).contains(&letters.len());
    (is_id && letters.bytes().all(|byte| byte.is_ascii_alphabetic())).then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(texts: &[&str]) -> Names {
        texts.iter().flat_map(|text| named(text).unwrap()).collect()
    }

    fn selection(select: Option<&[&str]>, extend: &[&str], ignore: &[&str]) -> Selection {
        Selection { presets: None, select: select.map(names), extend: names(extend), ignore: names(ignore) }
    }

    fn run(config: &Selection, line: &Selection) -> Vec<&'static str> {
        rules(config, line).iter().map(|rule| rule.name).collect()
    }

    #[test]
    fn names_aliases_and_flows_select() {
        assert_eq!(named("B302").unwrap(), names(&["marshal-load"]));
        assert_eq!(named("s302").unwrap(), names(&["marshal-load"]));
        assert_eq!(named("B307").unwrap(), names(&["dangerous-eval", "constant-eval"]));
        assert_eq!(named("dangerous-eval/flow").unwrap(), names(&["dangerous-eval"]));
    }

    #[test]
    fn a_misspelt_name_is_an_error_that_shows_the_nearest() {
        let Err(Error::UnknownRule { nearest, .. }) = named("dangerous-evil") else { panic!() };
        assert_eq!(nearest.first().map(String::as_str), Some("dangerous-eval"));
        let Err(Error::UnknownRule { nearest, removed, .. }) = named("B999") else { panic!() };
        assert!(nearest.iter().all(|id| id.starts_with('B')) && !removed, "{nearest:?}");
        let Err(Error::UnknownRule { removed, .. }) = named("b109") else { panic!() };
        assert!(removed);
    }

    #[test]
    fn the_command_line_comes_after_the_config() {
        let none = Selection::default();
        let gate = run(&none, &none);
        assert!(gate.contains(&"dangerous-eval") && !gate.contains(&"unused-suppression"));
        let two = selection(Some(&["yaml-load", "weak-hash"]), &["dangerous-eval"], &["weak-hash"]);
        assert_eq!(run(&two, &none), ["dangerous-eval", "yaml-load"]);
        assert_eq!(run(&two, &selection(Some(&["weak-hash"]), &[], &[])), ["weak-hash"], "starts anew");
        assert_eq!(
            run(&two, &selection(None, &["weak-hash"], &["yaml-load"])),
            ["dangerous-eval", "weak-hash"]
        );
        let all = Selection { presets: Some(Presets::All), ..Selection::default() };
        let run_all = run(&two, &all);
        assert!(run_all.contains(&"unused-suppression") && !run_all.contains(&"weak-hash"));
        assert_eq!(run(&all, &none).len(), rules::all().count());
        let review = Selection { presets: Some(Presets::Review), ..Selection::default() };
        assert!(run(&all, &review).len() < rules::all().count());
    }
}
