//! How much time a pattern takes at worst: texts that may be slow are made from its automaton, and tried.

use super::alphabet::{Alphabet, Atom, Set};
use super::ambiguity::{Attack, chains, doubling};
use super::automaton::Automaton;
use super::components::Components;
use super::machine::{Use, steps};
use super::program::Program;
use super::syntax::{Flags, parse};

/// How the time grows with the length of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Growth {
    /// As this power of the length.
    Power(u32),
    /// It doubles, or nearly, with every few characters.
    Exponential,
}

/// That a pattern is slow, and a text that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slow {
    /// How slow.
    pub growth: Growth,
    /// The text, as Python would write it, with `n` for how often.
    pub text: String,
}

/// The most steps of one try.
const BUDGET: u32 = 400_000;

/// The most steps of a try that only compares surroundings.
const SMALL: u32 = 10_000;

/// The most steps for one pattern.
const ALL: u64 = 6_000_000;

/// The most of the characters of a pattern that are tried behind the repeated text.
const MOST_SIGNS: usize = 16;

/// Where a try takes more steps than this, what stands behind the repeated text is what matters.
const TELLING: u32 = 200;

/// How many of the texts behind the repeated one are then tried with other texts before it.
const MOST_ENDS: usize = 4;

/// Texts behind the repeated one that may make the match fail.
const ENDS: [&str; 9] = ["\n!", "!", "", "\n\n", "\0", "a", "\u{20ac}\n", "!a", " "];

/// The power that stands for itself and all higher ones.
pub(super) const HIGH: u32 = 5;

/// Asks for nothing less than exponential time.
pub(super) const EXPONENTIAL: u32 = u32::MAX;

/// Whether a pattern is slow: exponential, or a power of the length of at least `least`.
pub fn slowness(pattern: &str, flags: Flags, how: Use, least: u32) -> Option<Slow> {
    // Without two loops, or one in a loop, nothing can be read in two ways.
    if pattern.bytes().filter(|byte| matches!(byte, b'*' | b'+' | b'{')).count() < 1 {
        return None;
    }
    let tree = parse(pattern, flags)?;
    let mut alphabet = Alphabet::new(&tree.classes)?;
    let automaton = Automaton::new(&tree, &alphabet, how == Use::Search)?;
    let components = Components::new(&automaton);
    let signs = automaton.labels.iter().skip(1).copied().collect::<Vec<_>>();
    let mut signs = alphabet.representatives(&signs);
    signs.truncate(MOST_SIGNS);
    let looping: Vec<Set> = components.loops().flatten().map(|state| automaton.label(*state)).collect();
    alphabet.prefer(&looping);
    let doubling = doubling(&automaton, &alphabet, &components);
    let chains = if least == EXPONENTIAL { Vec::new() } else { chains(&automaton, &alphabet, &components) };
    let chains: Vec<Attack> = chains
        .into_iter()
        .filter(|(length, _)| *length >= least as usize)
        .map(|(_, attack)| attack)
        .collect();
    if doubling.is_empty() && chains.is_empty() {
        return None;
    }
    let program = Program::new(&tree, &alphabet)?;
    let mut trial = Trial { program: &program, alphabet: &alphabet, how, signs, left: ALL };
    let mut best: Option<Slow> = None;
    let attacks =
        doubling.iter().map(|attack| (true, attack)).chain(chains.iter().map(|attack| (false, attack)));
    for (doubles, attack) in attacks {
        let slow = trial.judge(attack).map(|slow| match slow.growth {
            // Loops side by side never double; a high power only looks like it on short texts.
            Growth::Exponential if !doubles => Slow { growth: Growth::Power(HIGH), ..slow },
            _ => slow,
        });
        if let Some(slow) = slow
            && slow.growth >= Growth::Power(least)
            && best.as_ref().is_none_or(|best| best.growth < slow.growth)
        {
            best = Some(slow);
        }
        if best.as_ref().is_some_and(|best| best.growth == Growth::Exponential) {
            break;
        }
    }
    best
}

struct Trial<'a> {
    program: &'a Program,
    alphabet: &'a Alphabet,
    how: Use,
    /// One character of each part of the alphabet that the pattern tells apart.
    signs: Vec<Atom>,
    left: u64,
}

impl Trial<'_> {
    /// How the steps grow on the text of an attack, with the surroundings that make it worst.
    fn judge(&mut self, attack: &Attack) -> Option<Slow> {
        let heads: &[&str] = if self.how == Use::Search { &["", "a", "\n", "!"] } else { &[""] };
        let mut ends: Vec<Vec<Atom>> = ENDS.iter().map(|end| self.atoms(end)).collect();
        ends.extend(self.signs.iter().map(|sign| vec![*sign]));
        let mut worst: Option<(u32, Attack, &[Atom])> = None;
        let mut tried: Vec<(u32, &[Atom])> = ends.iter().map(|end| (0, end.as_slice())).collect();
        for head in heads {
            let mut attack = attack.clone();
            if let Some((before, _)) = attack.parts.first_mut() {
                before.splice(..0, self.atoms(head));
            }
            for (taken, end) in &mut tried {
                let steps = self.steps(&attack, end, 8, SMALL)?;
                *taken = steps;
                if worst.as_ref().is_none_or(|(most, ..)| steps > *most) {
                    worst = Some((steps, attack.clone(), end));
                }
            }
            tried.sort_by_key(|(taken, _)| std::cmp::Reverse(*taken));
            if worst.as_ref().is_some_and(|(most, ..)| *most > TELLING) {
                tried.truncate(MOST_ENDS);
            }
        }
        let (_, attack, end) = worst?;
        let growth = self.growth(&attack, end)?;
        Some(Slow { growth, text: self.shown(&attack, end) })
    }

    fn atoms(&self, text: &str) -> Vec<Atom> {
        text.chars().filter_map(|character| self.alphabet.atom(character)).collect()
    }

    fn steps(&mut self, attack: &Attack, end: &[Atom], times: usize, budget: u32) -> Option<u32> {
        let mut text = Vec::new();
        for (before, word) in &attack.parts {
            text.extend(before);
            for _ in 0..times {
                text.extend(word);
            }
        }
        text.extend(end);
        let steps = steps(self.program, self.alphabet, &text, self.how, budget);
        self.left = self.left.checked_sub(u64::from(steps))?;
        Some(steps)
    }

    /// By the steps at one, two and three times a length, and at four times another.
    fn growth(&mut self, attack: &Attack, end: &[Atom]) -> Option<Growth> {
        let mut taken: [Option<f64>; 65] = [None; 65];
        for times in [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] {
            let steps = self.steps(attack, end, times, BUDGET)?;
            if steps >= BUDGET {
                break;
            }
            if let Some(place) = taken.get_mut(times) {
                *place = Some(f64::from(steps.max(1)));
            }
        }
        let of = |times: usize| taken.get(times).copied().flatten();
        let thirds = [16, 8, 4, 2, 1].into_iter().find_map(|m| Some([of(m)?, of(2 * m)?, of(3 * m)?]));
        let Some([one, two, three]) = thirds else { return Some(Growth::Exponential) };
        // A power of the length slows down here, an exponential does not.
        if three / two >= 3.2 && three / two > 0.6 * (two / one) {
            return Some(Growth::Exponential);
        }
        let quarters = [16, 12, 8, 6, 4, 3, 2, 1].into_iter();
        let [one, two, four] = quarters.into_iter().find_map(|m| Some([of(m)?, of(2 * m)?, of(4 * m)?]))?;
        let power = ((four - two) / (two - one).max(1.0)).log2();
        [4, 3, 2].into_iter().find(|known| power > f64::from(*known) - 0.4).map(Growth::Power)
    }

    /// The text as Python would write it.
    fn shown(&self, attack: &Attack, end: &[Atom]) -> String {
        let mut terms = Vec::new();
        for (before, word) in &attack.parts {
            if !before.is_empty() {
                terms.push(self.quoted(before));
            }
            terms.push(format!("{} * n", self.quoted(word)));
        }
        if !end.is_empty() {
            terms.push(self.quoted(end));
        }
        terms.join(" + ")
    }

    fn quoted(&self, atoms: &[Atom]) -> String {
        let mut text = String::from("'");
        for &atom in atoms {
            match self.alphabet.character(atom) {
                '\'' => text.push_str("\\'"),
                '\\' => text.push_str("\\\\"),
                '`' => text.push_str("\\x60"),
                '\n' => text.push_str("\\n"),
                '\t' => text.push_str("\\t"),
                '\r' => text.push_str("\\r"),
                plain if plain.is_ascii_graphic() || plain == ' ' => text.push(plain),
                other if u32::from(other) < 256 => {
                    text.extend(format!("\\x{:02x}", u32::from(other)).chars());
                }
                other => text.extend(format!("\\u{:04x}", u32::from(other)).chars()),
            }
        }
        text.push('\'');
        text
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Growth, HIGH, slowness};
    use crate::rules::regex::machine::Use;
    use crate::rules::regex::syntax::Flags;

    fn growth(pattern: &str, how: Use) -> Option<Growth> {
        slowness(pattern, Flags::default(), how, 2).map(|slow| slow.growth)
    }

    #[test]
    fn loops_in_loops_are_exponential() {
        for pattern in [
            "(a+)+$",
            "(a|a)*$",
            r"(\w+\s?)*$",
            "(a*)*b",
            r#""(?:\\.|[^"])*"$"#,
            r"(\*{1,2})(?=\S)((?:\\[\\*]|[^*])*)\1",
            "(?:(?:ab)?(?:ab)?)*c",
            "(?i)^([A-Z]|[a-z])+$",
        ] {
            assert_eq!(growth(pattern, Use::Match), Some(Growth::Exponential), "{pattern}");
        }
    }

    #[test]
    fn loops_side_by_side_are_powers() {
        assert_eq!(growth(r"\s+$", Use::Search), Some(Growth::Power(2)));
        assert_eq!(growth(r"\s+$", Use::Match), None);
        assert_eq!(growth("a*b?a*x", Use::Match), Some(Growth::Power(2)));
        assert_eq!(growth("a*a*a*x", Use::Match), Some(Growth::Power(3)));
        assert_eq!(growth(r"^(?:\(|<)*(.*?)(?:\.|>)*$", Use::Match), Some(Growth::Power(3)));
        assert_eq!(growth(r"\d*\d*\d*\d*\d*\d*\d*\d*x", Use::Match), Some(Growth::Power(HIGH)));
        assert_eq!(growth("<!--.*?-->", Use::Search), Some(Growth::Power(2)));
    }

    #[test]
    fn what_cannot_fail_or_give_back_is_fast() {
        for pattern in [
            "(a|a)*",
            "(?>a+)+$",
            "(?:a++)+$",
            r"(?:\w+,)*\w+$",
            r#""(?:\\.|[^"\\])*"$"#,
            r"^[^@]+@[^@.]+(?:\.[^@.]+)*$",
            "(a+)+$)",
            r"\q(a+)+$",
            "a{2}{3}(a+)+$",
        ] {
            assert_eq!(growth(pattern, Use::Match), None, "{pattern}");
        }
    }

    #[test]
    fn flags_count() {
        let verbose = Flags { verbose: true, ..Flags::default() };
        let pattern = "( \\w + \\s ? )* $ # (";
        assert!(slowness(pattern, verbose, Use::Match, 2).is_some());
        assert!(slowness(pattern, Flags::default(), Use::Match, 2).is_none());
        let lines = Flags { dot_all: true, ..Flags::default() };
        assert!(slowness("(?:.|\\n)*x", lines, Use::Match, 2).is_some());
        assert!(slowness("(?:.|\\n)*x", Flags::default(), Use::Match, 3).is_none());
    }

    #[test]
    fn hostile_patterns_end_soon() {
        let start = Instant::now();
        let nested = format!("{}a{}$", "(".repeat(9_000), ")+".repeat(9_000));
        let wide = format!("(?:{})+$", vec!["a?b*[a-z]{1,25}"; 1_000].join("|"));
        let loops = format!("{}x", r"\w*\d*.*".repeat(400));
        let bounds = format!("{}x", "(?:[a-f]{1,29}){1,29}".repeat(200));
        let deep = format!("{}a{}x", "(?:".repeat(90), "{1,20}){1,20}".repeat(90));
        for pattern in [nested, wide, loops, bounds, deep, "(a*)*".repeat(20_000), "[a-".repeat(30_000)] {
            let _ = growth(&pattern, Use::Search);
        }
        assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
    }
}
