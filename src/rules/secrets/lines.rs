//! Secrets in lines that the facts know nothing of: comments, and code that Python cannot read. Nothing is reported
//! of them; they are kept out of the excerpts around other findings.

use super::names::class;
use super::texts;
use super::values::{Worth, worth};
use crate::facts::Span;
use crate::rule::Secret;

/// What looks like a secret put under its name, line by line.
pub(crate) fn secrets_in_lines(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    for (at, sign) in text.bytes().enumerate() {
        if matches!(sign, b'=' | b':')
            && let Some(secret) = assigned(text, at)
        {
            found.push(secret);
        }
    }
    found
}

/// `name = "value"`, where the sign stands at an offset.
fn assigned(text: &str, sign: usize) -> Option<Secret> {
    let behind = text.get(sign + 1..)?.trim_start_matches(['=', ' ', '\t']);
    let quoted = behind.trim_start_matches(['b', 'r', 'u', 'f', 'B', 'R', 'U', 'F']);
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let start = text.len() - quoted.len();
    let line = quoted.get(1..)?.split(['\r', '\n']).next()?;
    let value = line.split(quote).next()?;
    let closed = line.len() > value.len();
    let end = start + 1 + value.len() + usize::from(closed);
    let span = Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?);
    if let Some(inside) = texts::is_candidate(value).then(|| texts::inside(value)).flatten() {
        return Some(Secret { span, part: Some(inside.secret.to_owned()) });
    }
    let name = name_before(text.get(..sign)?)?;
    let worth = worth(class(name)?, name, value)?;
    (worth > Worth::Placeholder).then_some(Secret { span, part: None })
}

/// The name at the end of a text: of `self.password`, `config["password"]`, `"password"`, `password: str`.
fn name_before(text: &str) -> Option<&str> {
    let line = text.rsplit(['\r', '\n', ',', '(', '{', ';', '#']).next()?;
    let line = line.split_once(": ").map_or(line, |(name, _)| name);
    let bare = line.trim_end_matches([' ', '\t', '"', '\'', ']', '!', ':', '=']);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let start = bare
        .rfind(|c: char| !is_name(c))
        .map_or(0, |at| at + bare.get(at..).and_then(|c| c.chars().next()).map_or(1, char::len_utf8));
    bare.get(start..).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<&str> {
        let spans = secrets_in_lines(text).into_iter();
        spans.map(|secret| &text[secret.span.start as usize..secret.span.end as usize]).collect()
    }

    #[test]
    fn secrets_of_comments_and_broken_code_are_seen() {
        assert_eq!(hidden("# password = \"hunter2\"\n"), ["\"hunter2\""]);
        assert_eq!(hidden("db_password: str = 'hunter2\n'"), ["'hunter2"]);
        assert_eq!(hidden("f(x, password='hunter2', y='z')"), ["'hunter2'"]);
        assert_eq!(hidden("é[\"api_key\"] = b'q8Zr2LmX0vT7yBn4'"), ["'q8Zr2LmX0vT7yBn4'"]);
        assert_eq!(hidden("{'password': 'hunter2'}"), ["'hunter2'"]);
        assert_eq!(hidden("# url = 'db://shop:hunter2@db/x'"), ["'db://shop:hunter2@db/x'"]);
        for text in [
            "password = get(\"hunter2\")",
            "name = 'hunter2'",
            "password = ''",
            "x = \"password",
            "password: str",
            "=",
        ] {
            assert!(hidden(text).is_empty(), "{text}");
        }
    }
}
