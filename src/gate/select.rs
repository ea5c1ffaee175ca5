//! Which rules take part in a run.

use crate::error::Error;
use crate::rule::{Preset, Rule};
use crate::rules;

/// What the user asked for.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Names of the only rules to run; all of the presets where there is none.
    pub select: Vec<String>,
    /// Names of rules to leave out; they win over `select`.
    pub ignore: Vec<String>,
    /// Presets to run beside `gate`.
    pub presets: Vec<Preset>,
}

/// The rules of a selection, sorted by name. An unknown name is an error that shows the nearest ones.
pub fn rules(selection: &Selection) -> Result<Vec<&'static Rule>, Error> {
    let select = named(&selection.select)?;
    let ignore = named(&selection.ignore)?;
    let chosen = |rule: &Rule| {
        if selection.select.is_empty() {
            rule.preset == Preset::Gate || selection.presets.contains(&rule.preset)
        } else {
            select.contains(&rule.name)
        }
    };
    let mut rules: Vec<&'static Rule> = rules::all()
        .map(|(_, rule)| rule)
        .filter(|rule| chosen(rule) && !ignore.contains(&rule.name))
        .collect();
    rules.sort_by_key(|rule| rule.name);
    Ok(rules)
}

/// The names of the rules that these names and aliases mean; an alias may mean several.
fn named(names: &[String]) -> Result<Vec<&'static str>, Error> {
    let mut found = Vec::new();
    for name in names {
        let before = found.len();
        found.extend(rules::all().filter(|(_, rule)| rule.is_named(name)).map(|(_, rule)| rule.name));
        if found.len() == before {
            return Err(Error::UnknownRule { name: name.clone(), nearest: nearest(name) });
        }
    }
    Ok(found)
}

/// Up to three names that a misspelt one may have meant, the nearest first.
pub fn nearest(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let names = rules::all().flat_map(|(_, rule)| std::iter::once(&rule.name).chain(rule.aliases));
    let mut near: Vec<(f64, &str)> = names
        .map(|known| (strsim::jaro_winkler(&name, &known.to_lowercase()), *known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup_by_key(|(_, name)| *name);
    near.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(select: &[&str], ignore: &[&str]) -> Result<Vec<&'static str>, Error> {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let selection = Selection { select: owned(select), ignore: owned(ignore), presets: Vec::new() };
        rules(&selection).map(|rules| rules.iter().map(|rule| rule.name).collect())
    }

    #[test]
    fn names_aliases_and_flows_select() {
        assert_eq!(select(&["B307"], &[]).unwrap(), ["dangerous-eval"]);
        assert_eq!(select(&["dangerous-eval/flow"], &[]).unwrap(), ["dangerous-eval"]);
        assert_eq!(select(&["b307", "S102"], &["dangerous-eval"]).unwrap(), [""; 0]);
        assert!(!select(&[], &[]).unwrap().contains(&"unused-suppression"));
    }

    #[test]
    fn a_misspelt_name_is_an_error_that_shows_the_nearest() {
        let Err(Error::UnknownRule { nearest, .. }) = select(&["dangerous-evil"], &[]) else { panic!() };
        assert_eq!(nearest.first().map(String::as_str), Some("dangerous-eval"));
    }
}
