//! The characters that a pattern can tell apart: ASCII as it is, and of the rest those that the pattern names and one
//! of each kind.

use super::syntax::Class;

/// A character of the alphabet, by its place in it.
pub(super) type Atom = u8;

/// What stands for the characters that no pattern names: letters, a digit, spaces, other signs.
const KINDS: [char; 7] = ['é', 'É', '中', '٠', '\u{a0}', '\u{2028}', '€'];

/// Those that are tried first where any will do.
const PREFERRED: &str = "a0AbB1-_.,;:/=!#@ \t\n";

/// A set of characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Set([u64; 4]);

impl Set {
    pub(super) const ALL: Set = Set([u64::MAX; 4]);

    pub(super) fn add(&mut self, atom: Atom) {
        if let Some(word) = self.0.get_mut(usize::from(atom >> 6)) {
            *word |= 1 << (atom & 63);
        }
    }

    pub(super) fn has(&self, atom: Atom) -> bool {
        self.0.get(usize::from(atom >> 6)).is_some_and(|word| word >> (atom & 63) & 1 == 1)
    }

    pub(super) fn and(&self, other: &Set) -> Set {
        let mut both = *self;
        for (word, other) in both.0.iter_mut().zip(other.0) {
            *word &= other;
        }
        both
    }
}

/// The characters that a pattern can tell apart.
#[derive(Debug)]
pub(super) struct Alphabet {
    atoms: Vec<char>,
    preferred: Vec<Atom>,
}

impl Alphabet {
    /// The alphabet of these classes; `None` where they name more characters than it can hold.
    pub(super) fn new(classes: &[Class]) -> Option<Alphabet> {
        let mut atoms: Vec<char> = (0u8..128).map(char::from).chain(KINDS).collect();
        for class in classes {
            for &(low, high) in &class.ranges {
                for end in [low, high, high.saturating_add(1)] {
                    if let Some(end) =
                        char::from_u32(end).filter(|end| !end.is_ascii() && !atoms.contains(end))
                    {
                        atoms.push(end);
                    }
                }
            }
            if atoms.len() > 256 {
                return None;
            }
        }
        let place = |wanted: char| atoms.iter().position(|atom| *atom == wanted);
        let mut preferred: Vec<Atom> =
            PREFERRED.chars().filter_map(place).filter_map(|at| u8::try_from(at).ok()).collect();
        let rest = (33..127).chain(0..33).chain(127..atoms.len());
        preferred.extend(rest.filter_map(|at| u8::try_from(at).ok()));
        Some(Alphabet { atoms, preferred })
    }

    /// The characters of a class.
    pub(super) fn set(&self, class: &Class) -> Set {
        let mut set = Set::default();
        for (atom, &character) in self.atoms() {
            let folded = [character, character.to_ascii_lowercase(), character.to_ascii_uppercase()];
            let spellings = if class.ignores_case { &folded[..] } else { &folded[..1] };
            let within = spellings.iter().any(|character| class.names(*character));
            if within != class.is_negated {
                set.add(atom);
            }
        }
        set
    }

    fn atoms(&self) -> impl Iterator<Item = (Atom, &char)> {
        (0..=u8::MAX).zip(&self.atoms)
    }

    /// From here on picks what most of these sets have: what loops take leads out of them least.
    pub(super) fn prefer(&mut self, sets: &[Set]) {
        self.preferred
            .sort_by_cached_key(|atom| std::cmp::Reverse(sets.iter().filter(|set| set.has(*atom)).count()));
    }

    /// A character of a set, a plain one if there is any.
    pub(super) fn pick(&self, set: &Set) -> Option<Atom> {
        self.preferred.iter().copied().find(|atom| set.has(*atom))
    }

    /// One character of each part of the alphabet that these sets tell apart.
    pub(super) fn representatives(&self, sets: &[Set]) -> Vec<Atom> {
        let mut seen: Vec<Vec<bool>> = Vec::new();
        let mut found = Vec::new();
        for &atom in &self.preferred {
            let signature: Vec<bool> = sets.iter().map(|set| set.has(atom)).collect();
            if !found.contains(&atom) && !seen.contains(&signature) {
                seen.push(signature);
                found.push(atom);
            }
        }
        found
    }

    pub(super) fn character(&self, atom: Atom) -> char {
        self.atoms.get(usize::from(atom)).copied().unwrap_or('?')
    }

    /// Whether a character is one of a word, for `\b`.
    pub(super) fn is_word(&self, atom: Atom) -> bool {
        is_word(self.character(atom))
    }

    pub(super) fn atom(&self, character: char) -> Option<Atom> {
        self.atoms().find(|(_, other)| **other == character).map(|(atom, _)| atom)
    }
}

pub(super) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}
