//! Python's regular expressions, read into a tree.

mod parser;

pub(super) use self::parser::parse;
use super::alphabet::{is_space, is_word};

/// A class of characters, or a single one.
#[derive(Clone, Debug, Default)]
pub(super) struct Class {
    /// From and to, both included.
    pub(super) ranges: Vec<(u32, u32)>,
    /// `\d`, `\w`, `\s`, and whether it is the other case of them.
    pub(super) categories: Vec<(Category, bool)>,
    pub(super) is_negated: bool,
    pub(super) ignores_case: bool,
    /// Whether categories are those of ASCII.
    pub(super) is_ascii: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Digit,
    Word,
    Space,
}

impl Class {
    /// Whether it names a character, before it is negated.
    pub(super) fn names(&self, character: char) -> bool {
        let code = u32::from(character);
        let known = |category| {
            let of_kind = match category {
                Category::Digit => {
                    character.is_ascii_digit() || !character.is_ascii() && character.is_numeric()
                }
                Category::Word => is_word(character),
                Category::Space => is_space(character),
            };
            of_kind && (character.is_ascii() || !self.is_ascii)
        };
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&code))
            || self.categories.iter().any(|(category, negated)| known(*category) != *negated)
    }
}

/// How a repetition gives back what it has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
    Possessive,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    /// `\A`, and `^` without the flag for lines.
    Start,
    StartOfLine,
    /// `\Z`.
    End,
    /// `$` without the flag for lines: at the end, or before a line break at the end.
    LastEnd,
    EndOfLine,
    Boundary,
    NoBoundary,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Empty,
    /// A character of the class at this place of [`Tree::classes`].
    Class(usize),
    Concat(Vec<Node>),
    Alternate(Vec<Node>),
    Repeat {
        node: Box<Node>,
        min: u32,
        /// `None` where there is no bound.
        max: Option<u32>,
        greed: Greed,
    },
    Group(usize, Box<Node>),
    Atomic(Box<Node>),
    Look {
        ahead: bool,
        negative: bool,
        node: Box<Node>,
    },
    Backreference(usize),
    Conditional(usize, Box<Node>, Box<Node>),
    Assert(Assertion),
}

/// A pattern that was read.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) root: Node,
    pub(super) classes: Vec<Class>,
    /// How many groups it captures.
    pub(super) groups: usize,
}

/// The flags that change what a pattern means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)]
pub struct Flags {
    /// `re.IGNORECASE`.
    pub ignore_case: bool,
    /// `re.MULTILINE`.
    pub multiline: bool,
    /// `re.DOTALL`.
    pub dot_all: bool,
    /// `re.VERBOSE`.
    pub verbose: bool,
    /// `re.ASCII`, and every pattern of bytes.
    pub ascii: bool,
}

impl Flags {
    /// Sets the flag that a letter of `(?…)` stands for; whether there is one.
    pub(super) fn set(&mut self, letter: char, on: bool) -> bool {
        match letter {
            'i' => self.ignore_case = on,
            'm' => self.multiline = on,
            's' => self.dot_all = on,
            'x' => self.verbose = on,
            'a' => self.ascii = on,
            'u' | 'L' => {}
            _ => return false,
        }
        true
    }
}
