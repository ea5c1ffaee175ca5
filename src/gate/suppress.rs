//! Comments in the code that suppress findings.
//!
//! `# backend-audit: ignore[rule-a, rule-b] reason`, on the finding's first or last line or alone on the line
//! above; `# backend-audit:ignore`; `# nosec`, `# nosec B608 reason`, `# nosec mktemp_q`; `# noqa: S608`. A bare `# noqa` is meant
//! for other tools and suppresses nothing here.

use super::bandit;
use crate::rule::Rule;
use crate::rules;

/// What a comment says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The rules it suppresses; `None` for every rule.
    pub rules: Option<Vec<&'static str>>,
    /// Ids in it that no rule and no other tool has.
    pub unknown: Vec<String>,
    /// What it gives as reason.
    pub reason: Option<String>,
    /// Whether it works for the line below too, when it stands alone on its own.
    pub covers_next_line: bool,
}

impl Directive {
    /// Whether it suppresses a rule.
    pub fn covers(&self, rule: &str) -> bool {
        let name = rule.strip_suffix("/flow").unwrap_or(rule);
        self.rules.as_ref().is_none_or(|rules| rules.contains(&name))
    }
}

/// Reads a comment, from its `#` on. A comment may hold several for different tools; the first that is a
/// directive counts.
pub fn parse(comment: &str) -> Option<Directive> {
    own(comment).or_else(|| nosec(comment)).or_else(|| noqa(comment))
}

fn own(comment: &str) -> Option<Directive> {
    let rest = after_mark(comment, "backend-audit")?.trim_start().strip_prefix(':')?.trim_start();
    let rest = rest.strip_prefix("ignore")?;
    let Some(list) = rest.strip_prefix('[') else {
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        let reason = reason(rest);
        return Some(Directive { rules: None, unknown: Vec::new(), reason, covers_next_line: true });
    };
    let (list, behind) = list.split_once(']').unwrap_or((list, ""));
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for id in list.split([',', ' ']).map(str::trim).filter(|id| !id.is_empty()) {
        let found = rules_named(id);
        if found.is_empty() && !bandit::is_id(id) {
            unknown.push(id.to_owned());
        }
        known.extend(found);
    }
    Some(Directive { rules: Some(known), unknown, reason: reason(behind), covers_next_line: true })
}

fn nosec(comment: &str) -> Option<Directive> {
    let rest = after_mark(comment, "nosec")?;
    // `# nosecB101` is one; `# nosecurity` is prose.
    let glued = rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    if glued && !rest.split([',', ' ']).next().is_some_and(is_bandit_id) {
        return None;
    }
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let own = rest.split('#').next().unwrap_or(rest);
    let (mut known, mut unknown, mut prose) = (Vec::new(), Vec::new(), String::new());
    let mut any_id = false;
    for word in own.split([',', ' ', '\t']).filter(|word| !word.is_empty()) {
        let id = word.trim_matches(|c: char| !c.is_alphanumeric());
        // Words of a reason may happen to be names.
        let name = bandit::id_of(id).unwrap_or(id);
        let found = if is_bandit_id(id) || prose.is_empty() { rules_named(name) } else { Vec::new() };
        if is_bandit_id(id) && found.is_empty() && !bandit::is_id(id) {
            unknown.push(id.to_owned());
        }
        if is_bandit_id(id) || !found.is_empty() {
            any_id = true;
            known.extend(found);
        } else {
            prose.push_str(word);
            prose.push(' ');
        }
    }
    let behind = rest.split_once('#').map_or("", |(_, behind)| behind);
    let reason = reason(&prose).or_else(|| reason(behind));
    Some(Directive { rules: any_id.then_some(known), unknown, reason, covers_next_line: false })
}

fn noqa(comment: &str) -> Option<Directive> {
    let rest = after_mark(comment, "noqa")?.trim_start().strip_prefix(':')?;
    let ids = rest.split([',', ' ', '\t']).filter(|id| !id.is_empty());
    let known: Vec<_> = ids.take_while(|id| is_code(id)).flat_map(rules_named).collect();
    // Codes of other tools are none of ours to judge.
    (!known.is_empty()).then_some(Directive {
        rules: Some(known),
        unknown: Vec::new(),
        reason: None,
        covers_next_line: false,
    })
}

/// What follows a mark that stands behind a `#`.
fn after_mark<'c>(comment: &'c str, mark: &str) -> Option<&'c str> {
    let mut rest = comment;
    while let Some((_, behind)) = rest.split_once('#') {
        if let Some(after) = behind.trim_start().strip_prefix(mark) {
            return Some(after);
        }
        rest = behind;
    }
    None
}

fn reason(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | ':' | '#' | '–' | '—'));
    (!text.is_empty()).then(|| text.to_owned())
}

fn rules_named(id: &str) -> Vec<&'static str> {
    rules::all()
        .map(|(_, rule)| rule)
        .filter(|rule: &&Rule| rule.is_named(id))
        .map(|rule| rule.name)
        .collect()
}

fn is_code(id: &str) -> bool {
    let digits = id.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    digits.len() < id.len() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_bandit_id(id: &str) -> bool {
    let digits = id.strip_prefix(['B', 'b']).unwrap_or_default();
    digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(comment: &str) -> Option<Vec<&'static str>> {
        parse(comment).unwrap().rules
    }

    #[test]
    fn own_comments() {
        let directive = parse("# backend-audit: ignore[dangerous-eval] checked above").unwrap();
        assert_eq!(directive.rules, Some(vec!["dangerous-eval"]));
        assert_eq!(directive.reason.as_deref(), Some("checked above"));
        assert_eq!(rules("#backend-audit:ignore"), None);
        assert_eq!(rules("# type: ignore # backend-audit: ignore[B302]"), Some(vec!["marshal-load"]));
        let misspelt = parse("# backend-audit: ignore[dangerous-evil]").unwrap();
        assert_eq!((misspelt.rules, misspelt.unknown), (Some(vec![]), vec!["dangerous-evil".to_owned()]));
        assert_eq!(parse("# backend-audit: ignored"), None);
        assert_eq!(parse("# backend-audit is a tool"), None);
    }

    #[test]
    fn bandit_comments() {
        assert_eq!(rules("# nosec"), None);
        assert_eq!(rules("# nosec because reasons"), None);
        assert_eq!(parse("# nosec because reasons").unwrap().reason.as_deref(), Some("because reasons"));
        for comment in
            ["# nosec B302", "# nosec: B302", "#nosec B302 - fine", "# nosec [B302]", "# nosecB302"]
        {
            assert_eq!(rules(comment), Some(vec!["marshal-load"]), "{comment}");
        }
        assert_eq!(rules("# nosec B302,B306"), Some(vec!["marshal-load", "temp-name"]));
        assert_eq!(
            rules("# nosec B307"),
            Some(vec!["dangerous-eval", "constant-eval"]),
            "all that carry the id"
        );
        // Names that Bandit has for its tests, but not in the middle of a reason.
        assert_eq!(rules("# nosec marshal, mktemp_q"), Some(vec!["marshal-load", "temp-name"]));
        assert_eq!(rules("# nosec the marshal is ours"), None);
        // As in Bandit, what follows another `#` is a reason, whatever it looks like.
        let behind = parse("# nosec # B302").unwrap();
        assert_eq!((behind.rules, behind.reason.as_deref()), (None, Some("B302")));
        for removed in ["B001", "B109", "B320", "B325"] {
            let directive = parse(&format!("# nosec {removed}")).unwrap();
            assert_eq!((directive.rules, directive.unknown), (Some(vec![]), vec![]), "{removed}");
        }
        assert_eq!(parse("# nosec B999").unwrap().unknown, ["B999"]);
        assert_eq!(parse("# nosecurity note"), None);
        assert_eq!(parse("# NOSEC"), None);
    }

    #[test]
    fn ruff_comments() {
        assert_eq!(rules("# noqa: S302"), Some(vec!["marshal-load"]));
        assert_eq!(rules("# noqa: E501, S302"), Some(vec!["marshal-load"]));
        assert_eq!(parse("# noqa: E501"), None);
        assert_eq!(parse("# noqa"), None);
    }
}
