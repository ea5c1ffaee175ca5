//! The examples of rules: those of `docs/rules.md`, which a test makes of the fixtures.

const PAGE: &str = include_str!("../../docs/rules.md");

/// Code that shows what a rule is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// Code that the rule reports.
    pub reported: Option<&'static str>,
    /// Code like it on which the rule is silent.
    pub not_reported: Option<&'static str>,
}

impl Examples {
    /// Those of a rule, by its own name.
    pub fn of(name: &str) -> Examples {
        let heading = format!("\n### {name}\n");
        let Some((_, section)) = PAGE.split_once(&heading) else { return Examples::default() };
        let section = section.split("\n### ").next().unwrap_or(section);
        Examples {
            reported: block(section, "\nReported:\n"),
            not_reported: block(section, "\nNot reported:\n"),
        }
    }
}

/// The code below a label.
fn block<'p>(section: &'p str, label: &str) -> Option<&'p str> {
    let (_, behind) = section.split_once(label)?;
    Some(behind.split_once("```python\n")?.1.split_once("\n```\n")?.0)
}
