//! Templates of `str.format`.

/// Fills a template whose fields are plain: `{}`, `{0}`, `{name}`. `argument` is asked for the text of each field
/// by what stands in it and by how many empty ones came before. `None` where a field is anything else.
pub(super) fn fill(template: &str, argument: impl Fn(&str, usize) -> Option<String>) -> Option<String> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    let mut empty = 0;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        if let Some(behind) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            text.extend(from.chars().next());
            rest = behind;
            continue;
        }
        let (field, behind) = from.strip_prefix('{')?.split_once('}')?;
        if !field.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return None;
        }
        text.push_str(&argument(field, empty)?);
        empty += usize::from(field.is_empty());
        rest = behind;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn fields_are_filled_and_braces_kept() {
        let argument = |field: &str, empty: usize| Some(format!("<{field}{empty}>"));
        assert_eq!(fill("a{}{x}{}{{b}}", argument).as_deref(), Some("a<0><x1><1>{b}"));
        for odd in ["{", "}", "{x.y}", "{x:>5}", "{x!r}", "a}b"] {
            assert_eq!(fill(odd, argument), None, "{odd}");
        }
    }
}
