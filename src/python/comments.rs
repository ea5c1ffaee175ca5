//! Finds the comments that may suppress findings.

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_text_size::Ranged;

use super::span;
use crate::facts::{Comment, NamesBuilder};

/// What makes a comment worth keeping. What it says is read by `gate`.
const MARKS: [&[u8]; 3] = [b"backend-audit", b"nosec", b"noqa"];

/// The comments with a mark in them. Tokens are only looked at where the text holds a mark at all.
pub(super) fn suppressing(tokens: &Tokens, text: &str, names: &mut NamesBuilder) -> Box<[Comment]> {
    if !has_mark(text.as_bytes()) {
        return Box::default();
    }
    let comments = tokens.iter().filter(|token| token.kind() == TokenKind::Comment);
    comments
        .filter_map(|token| {
            let span = span(token.range());
            let comment = text.get(span.start as usize..span.end as usize)?;
            has_mark(comment.as_bytes()).then(|| Comment { span, text: names.intern(comment) })
        })
        .collect()
}

fn has_mark(text: &[u8]) -> bool {
    MARKS.iter().any(|mark| memchr::memmem::find(text, mark).is_some())
}
