//! One face for both parsers.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parser {
    /// `rustpython-parser`.
    Rustpython,
    /// `ruff_python_parser`.
    Ruff,
}

/// What a parser makes of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is Python.
    Read,
    /// It is not; the first error.
    Refused(String),
    /// The parser panicked.
    Panicked,
}

impl Parser {
    /// Both, in the order of the tables.
    pub const ALL: [Self; 2] = [Self::Rustpython, Self::Ruff];

    /// The name of the crate.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rustpython => "rustpython-parser",
            Self::Ruff => "ruff_python_parser",
        }
    }

    /// The parser of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|parser| parser.name() == name)
    }

    /// Parses a text to the whole tree, with the ranges of its nodes, and drops the tree.
    pub fn parse(self, text: &str) -> Outcome {
        let parse = || match self {
            Self::Rustpython => rustpython(text).err().map(|error| error.to_string()),
            Self::Ruff => ruff(text).errors().first().map(ToString::to_string),
        };
        match catch_unwind(AssertUnwindSafe(parse)) {
            Ok(None) => Outcome::Read,
            Ok(Some(message)) => Outcome::Refused(message),
            Err(_) => Outcome::Panicked,
        }
    }

    /// The tree of a text as `Debug` prints it, if there is a tree.
    pub fn tree(self, text: &str) -> Option<String> {
        let print = |tree: &dyn Debug| format!("{tree:?}");
        match self {
            Self::Rustpython => catch_unwind(|| rustpython(text).ok().map(|tree| print(&tree))),
            Self::Ruff => catch_unwind(|| Some(print(ruff(text).syntax()))),
        }
        .ok()
        .flatten()
    }
}

/// Panics are counted, not shown.
pub fn keep_panics_quiet() {
    std::panic::set_hook(Box::new(|_| {}));
}

fn rustpython(text: &str) -> Result<rustpython_parser::ast::Mod, rustpython_parser::ParseError> {
    rustpython_parser::parse(text, rustpython_parser::Mode::Module, "")
}

fn ruff(text: &str) -> ruff_python_parser::Parsed<ruff_python_ast::Mod> {
    parse_unchecked(text, ParseOptions::from(Mode::Module))
}
