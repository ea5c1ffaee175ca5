//! The 16 bytes that an expression or statement takes, and the pool for what does not fit in them.

/// A range of bytes in the decoded text of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset behind the last byte.
    pub end: u32,
}

impl Span {
    /// A span from two offsets.
    pub fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// Whether `offset` lies in it.
    pub fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether the other lies wholly in it.
    pub fn covers(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Lengths are kept in 24 bits; a longer node ends, as far as its span tells, after 16 MiB.
const LONGEST: u32 = (1 << 24) - 1;

/// A packed expression or statement: a kind, a span and two words whose meaning the kind gives.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    head: u32,
    start: u32,
    /// First word.
    pub a: u32,
    /// Second word.
    pub b: u32,
}

impl Node {
    /// Packs a node.
    pub fn new(kind: u8, span: Span, a: u32, b: u32) -> Node {
        let length = span.end.saturating_sub(span.start).min(LONGEST);
        Node { head: u32::from(kind) << 24 | length, start: span.start, a, b }
    }

    /// The kind.
    pub fn kind(self) -> u8 {
        (self.head >> 24) as u8
    }

    /// The span.
    pub fn span(self) -> Span {
        Span { start: self.start, end: self.start + (self.head & LONGEST) }
    }
}

/// Lists of ids of a file, each with its length before it.
#[derive(Debug, Default)]
pub struct Pool(Box<[u32]>);

impl Pool {
    /// A pool of these words.
    pub fn new(words: &[u32]) -> Pool {
        Pool(Box::from(words))
    }

    /// The word at an index; 0 outside.
    pub fn word(&self, index: u32) -> u32 {
        self.0.get(index as usize).copied().unwrap_or(0)
    }

    /// The words from an index on, as many as there are up to `count`.
    pub fn words(&self, index: u32, count: u32) -> &[u32] {
        let start = (index as usize).min(self.0.len());
        let end = start.saturating_add(count as usize).min(self.0.len());
        self.0.get(start..end).unwrap_or(&[])
    }

    /// The list at an index: its length stands there, its items follow.
    pub fn list(&self, index: u32) -> &[u32] {
        self.words(index.saturating_add(1), self.word(index))
    }
}

/// Stands for "none" where an id or an index is optional.
pub(crate) const NONE: u32 = u32::MAX;
