//! Bounds how deep a file nests before it is parsed: the parser itself has no limit, takes about 2 KB a level,
//! and a tree that is deep enough overflows the stack of whoever drops or walks it.

use ruff_python_ast::PySourceType;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{AsMode, Mode, lexer};

/// Levels that are read. The deepest nesting measured in 22,926 real files is 566.
pub const DEEPEST: u32 = 4_000;

/// Files up to this size, in bytes, are parsed at once: they cannot nest deep enough to hurt the parser, and the
/// lowering walk counts for itself.
const HARMLESS: usize = 128 * 1024;

/// Whether a large file may nest deeper than [`DEEPEST`], judged by its tokens.
pub fn exceeds(text: &str, source_type: PySourceType) -> bool {
    text.len() > HARMLESS && token_depth(text, source_type.as_mode()) > DEEPEST
}

/// What is counted at one level of brackets, or of an f-string.
#[derive(Default)]
struct Level {
    /// Operators, prefixes and trailers since the last comma.
    chain: u32,
    /// Whether it is the text of an f-string, whose replacement fields stand side by side.
    is_text: bool,
}

/// The depth of the tree that the parser would make, estimated from above.
fn token_depth(text: &str, mode: Mode) -> u32 {
    let mut lexer = lexer::lex(text, mode);
    let mut levels = vec![Level::default()];
    let (mut depth, mut most, mut blocks) = (0_u32, 0_u32, 0_u32);
    // Alternatives of a pattern are a list, not a chain.
    let (mut line_starts, mut in_case) = (true, false);
    loop {
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return most,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => open(&mut levels, &mut depth, false),
            TokenKind::FStringStart | TokenKind::TStringStart => open(&mut levels, &mut depth, true),
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => close(&mut levels, &mut depth),
            TokenKind::Comma | TokenKind::Semi => reset(&mut levels, &mut depth),
            TokenKind::Vbar if in_case => reset(&mut levels, &mut depth),
            TokenKind::Newline => {
                levels.truncate(1);
                for level in &mut levels {
                    level.chain = 0;
                }
                depth = 0;
            }
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Case if line_starts => in_case = true,
            kind if deepens(kind) => bump(&mut levels, &mut depth),
            _ => {}
        }
        in_case &= kind != TokenKind::Newline;
        line_starts = matches!(kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent)
            || (line_starts && matches!(kind, TokenKind::Comment | TokenKind::NonLogicalNewline));
        most = most.max(depth + blocks);
        if most > DEEPEST {
            return most;
        }
    }
}

fn open(levels: &mut Vec<Level>, depth: &mut u32, is_text: bool) {
    bump(levels, depth);
    levels.push(Level { chain: 0, is_text });
}

fn close(levels: &mut Vec<Level>, depth: &mut u32) {
    if levels.len() > 1 {
        *depth -= levels.pop().map_or(0, |level| level.chain);
    }
    if levels.last().is_some_and(|level| level.is_text) {
        reset(levels, depth);
    }
}

fn bump(levels: &mut [Level], depth: &mut u32) {
    if let Some(level) = levels.last_mut() {
        level.chain += 1;
        *depth += 1;
    }
}

fn reset(levels: &mut [Level], depth: &mut u32) {
    if let Some(level) = levels.last_mut() {
        *depth -= level.chain;
        level.chain = 0;
    }
}

/// Whether a token makes the tree one level deeper on one side.
fn deepens(kind: TokenKind) -> bool {
    kind.as_unary_operator().is_some()
        || kind.as_binary_operator().is_some()
        || matches!(
            kind,
            TokenKind::Dot
                | TokenKind::Lambda
                | TokenKind::If
                | TokenKind::Await
                | TokenKind::Yield
                | TokenKind::Not
                | TokenKind::ColonEqual
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exceeds(text: &str) -> bool {
        super::exceeds(text, PySourceType::Python)
    }

    #[test]
    fn long_but_flat_is_not_deep() {
        assert!(!exceeds(&format!("x = [{}]\n", "1, ".repeat(100_000))));
        assert!(!exceeds(&format!("x = {{{}}}\n", "'a': f(1)(2) + 3, ".repeat(50_000))));
        assert!(!exceeds(&"x = (1 + 2) * -3\n".repeat(20_000)));
        assert!(!exceeds(&format!("x = '{}'\n", "[".repeat(HARMLESS))));
        assert!(!exceeds(&format!("x = f'{}'\n", "{a}".repeat(HARMLESS))));
        assert!(!exceeds(&format!("match x:\n    case {}1:\n        pass\n", "1 | ".repeat(HARMLESS))));
    }

    #[test]
    fn every_way_to_nest_is_seen() {
        let ways =
            ["[", "(", "{", "not ", "-", "lambda: ", "x if x else ", "a.", "1 + ", "await ", "not \\\n"];
        for way in ways {
            assert!(exceeds(&format!("x = {}1\n", way.repeat(HARMLESS))), "{way}");
        }
        assert!(exceeds(&format!("x = f{}\n", "()".repeat(HARMLESS))));
        assert!(exceeds(&format!("x = (')'\n{})\n", "\n+ 1".repeat(HARMLESS))));
    }
}
