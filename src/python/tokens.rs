//! The tokens of a piece of code, normalised: what fingerprints are made of.

use ruff_python_ast::PySourceType;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::parse_unchecked_source;
use ruff_text_size::Ranged;

use super::span;

/// Calls `each` with every token of `text` that carries meaning: no white space, comments, line ends, trailing
/// commas or quote style. The flag says that the token is a name.
pub fn normalised(text: &str, mut each: impl FnMut(&str, bool)) {
    let parsed = parse_unchecked_source(text, PySourceType::Python);
    let mut comma = false;
    for token in parsed.tokens() {
        let kind = token.kind();
        if is_layout(kind) {
            continue;
        }
        let closes = matches!(kind, TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace);
        if std::mem::replace(&mut comma, kind == TokenKind::Comma) && !closes {
            each(",", false);
        }
        if comma {
            continue;
        }
        let place = span(token.range());
        let token = text.get(place.start as usize..place.end as usize).unwrap_or("");
        match kind {
            TokenKind::String => each(unquoted(token), false),
            TokenKind::FStringStart | TokenKind::TStringStart => each("f", false),
            TokenKind::FStringEnd | TokenKind::TStringEnd => each("\"", false),
            _ => each(token, kind == TokenKind::Name),
        }
    }
}

fn is_layout(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Comment
            | TokenKind::Newline
            | TokenKind::NonLogicalNewline
            | TokenKind::Indent
            | TokenKind::Dedent
    )
}

/// A string literal with one kind of quotes, its prefix in front.
fn unquoted(token: &str) -> &str {
    let body = token.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let quotes = if body.starts_with("\"\"\"") || body.starts_with("'''") { 3 } else { 1 };
    body.get(quotes..body.len().saturating_sub(quotes)).unwrap_or(body)
}
