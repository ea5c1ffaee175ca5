//! Bounds how deep a file nests before it is parsed: the parser itself has no limit, takes about 2 KB a level,
//! and a tree that is deep enough overflows the stack of whoever drops or walks it.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Levels that are read. The deepest nesting measured in 22,926 real files is 566.
pub const DEEPEST: u32 = 4_000;

/// Files up to this size, in bytes, are parsed at once: they cannot nest deep enough to hurt the parser, and the
/// lowering walk counts for itself.
const HARMLESS: usize = 128 * 1024;

/// Whether a large file may nest deeper than [`DEEPEST`], judged by its tokens.
pub fn exceeds(text: &str) -> bool {
    text.len() > HARMLESS && token_depth(text) > DEEPEST
}

/// What is counted at one level of brackets.
#[derive(Default)]
struct Level {
    /// Operators, prefixes and trailers since the last comma.
    chain: u32,
}

/// The depth of the tree that the parser would make, estimated from above.
fn token_depth(text: &str) -> u32 {
    let mut lexer = lexer::lex(text, Mode::Module);
    let mut levels = vec![Level::default()];
    let (mut depth, mut most, mut blocks) = (0_u32, 0_u32, 0_u32);
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return most,
            TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace => {
                bump(&mut levels, &mut depth);
                levels.push(Level::default());
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if levels.len() > 1 {
                    depth -= levels.pop().map_or(0, |level| level.chain);
                }
            }
            TokenKind::Comma | TokenKind::Semi => reset(&mut levels, &mut depth),
            TokenKind::Newline => {
                levels.truncate(1);
                levels.iter_mut().for_each(|level| level.chain = 0);
                depth = 0;
            }
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            kind if deepens(kind) => bump(&mut levels, &mut depth),
            _ => {}
        }
        most = most.max(depth + blocks);
        if most > DEEPEST {
            return most;
        }
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
                | TokenKind::FStringStart
                | TokenKind::TStringStart
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_but_flat_is_not_deep() {
        assert!(!exceeds(&format!("x = [{}]\n", "1, ".repeat(100_000))));
        assert!(!exceeds(&format!("x = {{{}}}\n", "'a': f(1)(2) + 3, ".repeat(50_000))));
        assert!(!exceeds(&"x = (1 + 2) * -3\n".repeat(20_000)));
        assert!(!exceeds(&format!("x = '{}'\n", "[".repeat(100_000))));
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
