//! The texts of a file: identifiers and string constants, each short one kept once.

use std::hash::{BuildHasherDefault, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

/// A text of a file: an index into its [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub(crate) u32);

impl Name {
    /// Stands for "no name", as in `**kwargs` at a call.
    pub const NONE: Name = Name(u32::MAX);

    /// Position in the order of first appearance.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }

    /// As a word of a node.
    pub(crate) fn raw(self) -> u32 {
        self.0
    }

    /// `None` for [`Name::NONE`].
    pub fn some(self) -> Option<Name> {
        (self != Name::NONE).then_some(self)
    }
}

/// The hash of a text: the same in every file, run and build, so that files can be compared without a
/// common table.
pub fn hash_text(text: &str) -> u64 {
    hash_bytes(text.as_bytes())
}

/// The hash of bytes; see [`hash_text`].
pub fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.finish()
}

/// The hash of a dotted path with one more segment.
pub fn join_hash(path: u64, segment: u64) -> u64 {
    (path.rotate_left(5) ^ segment).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The hash of a dotted path: the first segment's own, then [`join_hash`] for each further one.
pub fn path_hash(path: &str) -> u64 {
    let mut segments = path.as_bytes().split(|byte| *byte == b'.').map(hash_bytes);
    let first = segments.next().unwrap_or(0);
    segments.fold(first, join_hash)
}

/// The texts of one file.
#[derive(Debug, Default)]
pub struct Names {
    blob: Box<str>,
    ends: Box<[u32]>,
    hashes: Box<[u64]>,
}

impl Names {
    /// The text of a name; empty for [`Name::NONE`].
    pub fn text(&self, name: Name) -> &str {
        let index = name.0 as usize;
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.blob.get(start as usize..end as usize).unwrap_or("")
    }

    /// [`hash_text`] of a name; 0 for [`Name::NONE`].
    pub fn hash(&self, name: Name) -> u64 {
        self.hashes.get(name.0 as usize).copied().unwrap_or(0)
    }

    /// Every name, in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (Name, &str)> {
        (0..self.ends.len()).map(|index| {
            let name = Name(index as u32);
            (name, self.text(name))
        })
    }

    /// Whether some text of the file has this hash.
    pub fn contains_hash(&self, hash: u64) -> bool {
        self.hashes.contains(&hash)
    }

    /// Hashes of all texts.
    pub fn hashes(&self) -> &[u64] {
        &self.hashes
    }
}

/// Texts longer than this are not looked up: long strings are rarely the same.
const LONGEST_SHARED: usize = 64;

/// Hands a hash through: the keys of the map below are hashes already.
#[derive(Default)]
pub struct Identity(u64);

impl Hasher for Identity {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash_bytes(bytes);
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// Collects [`Names`]; kept by a worker from file to file, for its memory.
#[derive(Default)]
pub struct NamesBuilder {
    blob: String,
    ends: Vec<u32>,
    hashes: Vec<u64>,
    known: std::collections::HashMap<u64, Name, BuildHasherDefault<Identity>>,
    /// Texts whose hash another text has already; practically empty.
    clashes: FxHashMap<Box<str>, Name>,
}

impl NamesBuilder {
    /// The name of a text.
    pub fn intern(&mut self, text: &str) -> Name {
        let hash = hash_text(text);
        if text.len() > LONGEST_SHARED {
            return self.push(text, hash);
        }
        let Some(&known) = self.known.get(&hash) else {
            let name = self.push(text, hash);
            self.known.insert(hash, name);
            return name;
        };
        if self.text(known) == text { known } else { self.intern_clash(text, hash) }
    }

    /// The text of a name interned here.
    pub fn text(&self, name: Name) -> &str {
        let index = name.0 as usize;
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.blob.get(start as usize..end as usize).unwrap_or("")
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// [`hash_text`] of a name interned here.
    pub fn hash(&self, name: Name) -> u64 {
        self.hashes.get(name.0 as usize).copied().unwrap_or(0)
    }

    /// The names collected, in memory of exactly their size; the builder is empty again.
    pub fn finish(&mut self) -> Names {
        let names = Names {
            blob: Box::from(self.blob.as_str()),
            ends: Box::from(self.ends.as_slice()),
            hashes: Box::from(self.hashes.as_slice()),
        };
        self.clear();
        names
    }

    /// Forgets everything but the memory.
    pub fn clear(&mut self) {
        self.blob.clear();
        self.ends.clear();
        self.hashes.clear();
        self.known.clear();
        self.clashes.clear();
    }

    fn push(&mut self, text: &str, hash: u64) -> Name {
        let name = Name(self.ends.len() as u32);
        self.blob.push_str(text);
        self.ends.push(self.blob.len() as u32);
        self.hashes.push(hash);
        name
    }

    fn intern_clash(&mut self, text: &str, hash: u64) -> Name {
        if let Some(&name) = self.clashes.get(text) {
            return name;
        }
        let name = self.push(text, hash);
        self.clashes.insert(Box::from(text), name);
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_kept_once_and_a_long_one_each_time() {
        let mut builder = NamesBuilder::default();
        let first = builder.intern("request");
        assert_eq!(first, builder.intern("request"));
        let long = "x".repeat(LONGEST_SHARED + 1);
        let (one, two) = (builder.intern(&long), builder.intern(&long));
        assert_ne!(one, two);
        let names = builder.finish();
        assert_eq!(names.text(first), "request");
        assert_eq!(names.text(two), long);
        assert_eq!(names.hash(first), hash_text("request"));
        assert_eq!(names.text(Name::NONE), "");
        assert!(builder.is_empty());
    }
}
