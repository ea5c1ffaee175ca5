//! From the text of a file to its facts. The only room that knows the syntax tree and the parser's crates.
//!
//! [`read`] parses with error recovery and lowers in one walk. On entering a scope, [`bind`] first collects
//! the names that its own statements bind, since a body may use a name that is bound further down; then the
//! walk resolves every name it meets. The tree is dropped before `read` returns.

mod bind;
mod builder;
mod comments;
mod definitions;
mod depth;
mod expressions;
pub mod notebook;
mod patterns;
mod reordered;
mod statements;
pub mod tokens;

use ruff_python_ast::{ModModule, PySourceType};
use ruff_python_parser::Parsed;
use ruff_text_size::Ranged;

use crate::facts::{Module, Span, SyntaxFault};
pub use builder::Scratch;
pub use depth::DEEPEST;

/// Syntax faults kept of a file; what the parser says after them is mostly an echo of the first.
const FAULTS_KEPT: usize = 20;

/// Why a file yields no facts at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Expressions or blocks nest deeper than [`depth::DEEPEST`].
    TooDeep,
    /// The text is over 4 GiB.
    TooLarge,
}

/// The facts of a file. `scratch` is memory to reuse from file to file; `stub` says that it is a `.pyi`.
///
/// What the parser could not read stands in [`Module::faults`]; the facts of the rest are there.
pub fn read(text: &str, stub: bool, scratch: &mut Scratch) -> Result<Module, Refused> {
    read_as(text, if stub { PySourceType::Stub } else { PySourceType::Python }, scratch)
}

/// The facts of the cells of a notebook, given as one text: as [`read`], and lines that begin with `%`, `!` or `?`
/// are commands to `IPython` and not Python.
pub fn read_cells(text: &str, scratch: &mut Scratch) -> Result<Module, Refused> {
    read_as(text, PySourceType::Ipynb, scratch)
}

fn read_as(text: &str, source_type: PySourceType, scratch: &mut Scratch) -> Result<Module, Refused> {
    if u32::try_from(text.len()).is_err() {
        return Err(Refused::TooLarge);
    }
    if depth::exceeds(text, source_type) {
        return Err(Refused::TooDeep);
    }
    let parsed = ruff_python_parser::parse_unchecked_source(text, source_type);
    let lowered = scratch.lower(&parsed, text);
    if lowered.is_err() {
        // Dropping a tree this deep could overflow the stack; the memory is the lesser loss.
        std::mem::forget(parsed);
    }
    lowered
}

fn faults(parsed: &Parsed<ModModule>) -> Box<[SyntaxFault]> {
    let fault = |error: &ruff_python_parser::ParseError| SyntaxFault {
        span: span(error.location),
        message: error.error.to_string(),
    };
    parsed.errors().iter().take(FAULTS_KEPT).map(fault).collect()
}

fn span(range: ruff_text_size::TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

fn span_of(node: &impl Ranged) -> Span {
    span(node.range())
}

/// Whether a name is a builtin of some version of Python from 3.8 on.
pub fn is_builtin(name: &str) -> bool {
    ruff_python_stdlib::builtins::is_python_builtin(name, 14, false)
}
