//! What a change adds to what is not reported: comments that suppress, rules and paths that a config leaves out,
//! entries of a baseline.

use std::collections::BTreeMap;
use std::fmt;

use super::baseline::Baseline;
use crate::input::config::Config;

/// How much a change adds, by where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Additions {
    /// Findings that comments suppress.
    pub comments: u32,
    /// Rules that a config ignores, for all or for some paths.
    pub ignores: u32,
    /// Patterns of paths that a config excludes.
    pub excludes: u32,
    /// Findings that a baseline knows.
    pub known: u32,
}

impl Additions {
    /// All of them.
    pub fn total(&self) -> u32 {
        self.comments + self.ignores + self.excludes + self.known
    }
}

/// `3 (2 comments, 1 exclude)`; `0` where there are none.
impl fmt::Display for Additions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            (self.comments, "comment", "comments"),
            (self.ignores, "ignore", "ignores"),
            (self.excludes, "exclude", "excludes"),
            (self.known, "finding in the baseline", "findings in the baseline"),
        ];
        let parts = parts.into_iter().filter(|(count, ..)| *count > 0);
        let parts: Vec<String> = parts
            .map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more }))
            .collect();
        write!(f, "{}", self.total())?;
        if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join(", ")) }
    }
}

/// Rules that `head` ignores and `base` does not, and patterns that it excludes. Ignoring a rule in one more place
/// counts again.
pub fn of_configs(base: &Config, head: &Config) -> Additions {
    Additions {
        ignores: added(ignores(base), ignores(head)),
        excludes: added(base.exclude.iter(), head.exclude.iter()),
        ..Additions::default()
    }
}

fn ignores(config: &Config) -> impl Iterator<Item = (&str, &str)> {
    let everywhere = config.ignore.iter().chain(&config.extend_ignore).map(|rule| ("", &*rule.value));
    let somewhere = config
        .per_path_ignores
        .iter()
        .flat_map(|(pattern, rules)| rules.iter().map(|rule| (&**pattern, &*rule.value)));
    everywhere.chain(somewhere)
}

/// Findings that `head` knows and `base` does not. Where a finding moved is no matter of this count.
pub fn of_baselines(base: &Baseline, head: &Baseline) -> u32 {
    added(known(base), known(head))
}

fn known(baseline: &Baseline) -> impl Iterator<Item = (&str, &str)> {
    baseline
        .entries
        .iter()
        .flat_map(|entry| std::iter::repeat_n((&*entry.rule, &*entry.tokens), entry.count as usize))
}

/// How many more of each there are in `head`.
pub fn added<T: Ord>(base: impl IntoIterator<Item = T>, head: impl IntoIterator<Item = T>) -> u32 {
    let mut left = BTreeMap::<T, u32>::new();
    for one in base {
        *left.entry(one).or_default() += 1;
    }
    let mut more = 0;
    for one in head {
        match left.get_mut(&one).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => more += 1,
        }
    }
    more
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::input::config::parse;

    #[test]
    fn what_stands_there_already_is_not_added() {
        let read = |text: &str| parse(Path::new("backend-audit.toml"), text.as_bytes()).unwrap().unwrap();
        let base = read("ignore = [\"a\"]\nexclude = [\"gen\"]\n");
        let head = read(
            "extend-ignore = [\"a\", \"b\"]\nexclude = [\"gen\", \"old\"]\n[per-path-ignores]\n\"x\" = [\"a\"]\n",
        );
        let more = of_configs(&base, &head);
        assert_eq!(more.to_string(), "3 (2 ignores, 1 exclude)");
        assert_eq!(of_configs(&head, &base).to_string(), "0");
    }
}
