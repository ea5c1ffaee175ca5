//! The texts that SARIF's readers ask for, from those that rules and findings have.

use std::fmt::Write as _;

use crate::rule::Rule;

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// A relative path as a URI reference: percent-encoded UTF-8, the separators kept.
pub(super) fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// A rule's id as the name that SARIF wants beside it and different from it: `pickle-load/flow` is
/// `PickleLoadFlow`, `eval` is `EvalRule`.
pub(super) fn pascal_case(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    let words: Vec<&str> = id.split(['-', '/', '_']).filter(|word| !word.is_empty()).collect();
    for word in &words {
        let mut characters = word.chars();
        name.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(characters.as_str());
    }
    if words.len() < 2 {
        name.push_str("Rule");
    }
    name
}

/// What a rule finds, as a sentence that names no particular code: `{call}` becomes "the call".
pub(super) fn title(rule: &Rule, is_flow: bool) -> String {
    let mut title = String::new();
    let mut rest = rule.message;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        let quoted = before.ends_with('`') && after.starts_with('`');
        title.push_str(if quoted { before.trim_end_matches('`') } else { before });
        title.push_str("the ");
        title.push_str(name);
        rest = if quoted { after.trim_start_matches('`') } else { after };
    }
    title.push_str(rest);
    let end = if is_flow { ", with data from outside the program" } else { "" };
    sentence(&format!("{title}{end}"))
}

/// With a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut sentence = String::with_capacity(text.len() + 1);
    let mut characters = text.chars();
    sentence.extend(characters.next().map(|first| first.to_ascii_uppercase()));
    sentence.push_str(characters.as_str());
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// The message of a result, ended by a full stop. Code it quotes must not read as a link, which SARIF writes as
/// `[text](target)` in plain text too.
pub(super) fn message(text: &str) -> String {
    sentence(&text.replace("](", "] ("))
}

/// The text of a link.
pub(super) fn link(text: &str) -> String {
    text.replace('[', "(").replace(']', ")")
}

/// A text cut to a number of characters, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

/// The page of the tool.
pub(super) fn tool_page() -> &'static str {
    if REPOSITORY.is_empty() { "https://crates.io/crates/backend-audit" } else { REPOSITORY }
}

/// The page of a rule, or of its weakness where the tool's own pages have no address.
pub(super) fn rule_page(rule: &Rule) -> Option<String> {
    if REPOSITORY.is_empty() {
        return rule.cwe.first().map(|number| cwe_page(*number));
    }
    Some(format!("{REPOSITORY}/blob/v{}/docs/rules.md#{}", super::TOOL_VERSION, rule.name))
}

/// The page of a weakness at its publisher.
pub(super) fn cwe_page(number: u16) -> String {
    format!("https://cwe.mitre.org/data/definitions/{number}.html")
}

/// A rule's help: plain, and as Markdown.
pub(super) fn help(rule: &Rule) -> (String, String) {
    let (why, help) = (sentence(rule.why), sentence(rule.help));
    let mut plain = format!("{why} {help}");
    for number in rule.cwe {
        let _ = write!(plain, " CWE-{number}.");
    }
    let links: Vec<_> = rule.cwe.iter().map(|n| format!("[CWE-{n}]({})", cwe_page(*n))).collect();
    let mut markdown = format!("{why}\n\n**What to do:** {help}\n");
    if !links.is_empty() {
        let _ = write!(markdown, "\n**Weakness:** {}\n", links.join(", "));
    }
    if !rule.aliases.is_empty() {
        let _ = write!(markdown, "\n**Known elsewhere as:** {}\n", rule.aliases.join(", "));
    }
    let _ = write!(markdown, "\nTo accept one: `# backend-audit: ignore[{}] reason`\n", rule.name);
    (plain, markdown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_encoded() {
        assert_eq!(uri("./app/a b é%.py"), "app/a%20b%20%C3%A9%25.py");
        assert_eq!(uri("c:x/[id]#?.py"), "c%3Ax/%5Bid%5D%23%3F.py");
        assert_eq!(uri("/else/a.py"), "file:///else/a.py");
    }

    #[test]
    fn names_differ_from_ids() {
        assert_eq!(pascal_case("pickle-load/flow"), "PickleLoadFlow");
        assert_eq!(pascal_case("eval"), "EvalRule");
    }

    #[test]
    fn messages_hold_no_link() {
        assert_eq!(message("`x[0](y)` is odd"), "`x[0] (y)` is odd.");
        assert_eq!(sentence("ends."), "Ends.");
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
