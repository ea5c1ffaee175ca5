//! Runs a pattern as Python does, one way after another, and counts the steps.

use super::alphabet::{Alphabet, Atom};
use super::program::{Program, Step, Width};
use super::syntax::Assertion;

/// How a pattern is applied to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// From the start: `match`.
    Match,
    /// The whole: `fullmatch`.
    FullMatch,
    /// From wherever it matches: `search`, `findall`, `sub`.
    Search,
}

/// What a slot holds that was not written.
const UNSET: u32 = u32::MAX;

/// How often sub-programs may call each other.
const DEEPEST: u32 = 120;

/// The machine, on one text.
pub(super) struct Machine<'a> {
    program: &'a Program,
    alphabet: &'a Alphabet,
    text: &'a [Atom],
    slots: Vec<u32>,
    /// What is done when a way has failed, of all programs that run.
    undo: Vec<Undo>,
    steps: u32,
    budget: u32,
}

/// The budget is used up.
struct Spent;

/// A step and a place in the text.
type Point = (usize, usize);

/// What is done when a way has failed.
enum Undo {
    Other(Point),
    Slot { slot: usize, value: u32 },
}

/// How many steps it takes to try a pattern on a text; the budget where it takes more.
pub(super) fn steps(program: &Program, alphabet: &Alphabet, text: &[Atom], how: Use, budget: u32) -> u32 {
    let slots = vec![UNSET; program.slots];
    let mut machine = Machine { program, alphabet, text, slots, undo: Vec::new(), steps: 0, budget };
    let starts = if how == Use::Search { text.len() } else { 0 };
    for start in 0..=starts {
        machine.slots.fill(UNSET);
        let end = (how == Use::FullMatch).then_some(text.len());
        if !matches!(machine.run((0, start), end, DEEPEST), Ok(None)) {
            break;
        }
    }
    machine.steps
}

impl Machine<'_> {
    /// Where a match from here ends, if there is one.
    fn run(&mut self, from: Point, end: Option<usize>, depth: u32) -> Result<Option<usize>, Spent> {
        let depth = depth.checked_sub(1).ok_or(Spent)?;
        let floor = self.undo.len();
        let mut point = from;
        loop {
            self.steps += 1;
            if self.steps >= self.budget {
                return Err(Spent);
            }
            let program = self.program;
            let next = match program.steps.get(point.0) {
                Some(Step::Accept) if end.is_none_or(|end| point.1 == end) => {
                    self.undo.truncate(floor);
                    return Ok(Some(point.1));
                }
                Some(Step::Accept) | None => None,
                Some(step) => self.advance(step, point, depth)?,
            };
            let Some(next) = next.or_else(|| self.back(floor)) else { return Ok(None) };
            point = next;
        }
    }

    /// Takes back what the failed way of a program has noted, up to the next one.
    fn back(&mut self, floor: usize) -> Option<Point> {
        while self.undo.len() > floor {
            match self.undo.pop()? {
                Undo::Other(point) => return Some(point),
                Undo::Slot { slot, value } => self.put(slot, value),
            }
        }
        None
    }

    fn slot(&self, slot: usize) -> u32 {
        self.slots.get(slot).copied().unwrap_or(UNSET)
    }

    fn put(&mut self, slot: usize, value: u32) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = value;
        }
    }

    fn note(&mut self, slot: usize, value: u32) {
        self.undo.push(Undo::Slot { slot, value: self.slot(slot) });
        self.put(slot, value);
    }

    /// One step: where it leads, `None` where it fails.
    fn advance(&mut self, what: &Step, (step, at): Point, depth: u32) -> Result<Option<Point>, Spent> {
        let on = (step + 1, at);
        Ok(match *what {
            Step::Take(set) => self.text.get(at).filter(|atom| set.has(**atom)).map(|_| (step + 1, at + 1)),
            Step::Split(first, second) => {
                self.undo.push(Undo::Other((second, at)));
                Some((first, at))
            }
            Step::Jump(to) => Some((to, at)),
            Step::Assert(assertion) => self.holds(assertion, at).then_some(on),
            Step::Look { negative, behind, end } => {
                let found = self.look(on, behind, depth)?;
                (found != negative).then_some((end, at))
            }
            Step::Atomic { end } => self.run(on, None, depth)?.map(|at| (end, at)),
            Step::Save(slot) => {
                self.note(slot, place(at));
                Some(on)
            }
            Step::Backreference(group) => self.repeated(group, at).map(|at| (step + 1, at)),
            Step::Conditional { group, otherwise } => {
                let is_set = self.slot(2 * group + 1) != UNSET;
                Some((if is_set { step + 1 } else { otherwise }, at))
            }
            Step::Enter(_) | Step::Turn { .. } | Step::Begin(_) | Step::Again { .. } => {
                Some(self.count(what, (step, at)))
            }
            Step::Accept => None,
        })
    }

    /// The steps of a counted loop, none of which fails.
    fn count(&mut self, what: &Step, (step, at): Point) -> Point {
        let on = (step + 1, at);
        match *what {
            Step::Enter(slot) => self.note(slot, 0),
            Step::Begin(slot) => self.note(slot + 1, place(at)),
            Step::Turn { slot, min, max, is_lazy, exit } => {
                let count = self.slot(slot);
                let out = (exit, at);
                if count >= min && max.is_some_and(|max| count >= max) {
                    return out;
                }
                if count >= min {
                    let (first, second) = if is_lazy { (out, on) } else { (on, out) };
                    self.undo.push(Undo::Other(second));
                    return first;
                }
            }
            Step::Again { slot, turn } => {
                let is_empty = self.slot(slot + 1) == place(at);
                let count = self.slot(slot);
                self.note(slot, count.saturating_add(1));
                return match self.program.steps.get(turn) {
                    Some(Step::Turn { exit, .. }) if is_empty => (*exit, at),
                    _ => (turn, at),
                };
            }
            _ => {}
        }
        on
    }

    fn look(&mut self, from: Point, behind: Option<Width>, depth: u32) -> Result<bool, Spent> {
        let (step, at) = from;
        match behind {
            None => Ok(self.run(from, None, depth)?.is_some()),
            // What is behind and of unknown width is taken to be there.
            Some(Width::Unknown) => Ok(true),
            Some(Width::Known(width)) => match at.checked_sub(width as usize) {
                Some(start) => Ok(self.run((step, start), Some(at), depth)?.is_some()),
                None => Ok(false),
            },
        }
    }

    /// Where the text of a group ends that is repeated here.
    fn repeated(&mut self, group: usize, at: usize) -> Option<usize> {
        let (start, end) = (self.slot(2 * group), self.slot(2 * group + 1));
        if end == UNSET || start > end {
            return None;
        }
        let before = self.text.get(start as usize..end as usize)?;
        self.text.get(at..)?.starts_with(before).then(|| at + before.len())
    }

    fn holds(&self, assertion: Assertion, at: usize) -> bool {
        let is_break =
            |at: usize| self.text.get(at).is_some_and(|atom| self.alphabet.character(*atom) == '\n');
        let is_word = |at: usize| self.text.get(at).is_some_and(|atom| self.alphabet.is_word(*atom));
        let before_word = at.checked_sub(1).is_some_and(is_word);
        let length = self.text.len();
        match assertion {
            Assertion::Start => at == 0,
            Assertion::StartOfLine => at.checked_sub(1).is_none_or(is_break),
            Assertion::End => at == length,
            Assertion::LastEnd => at == length || at + 1 == length && is_break(at),
            Assertion::EndOfLine => at == length || is_break(at),
            Assertion::Boundary => before_word != is_word(at),
            Assertion::NoBoundary => before_word == is_word(at),
        }
    }
}

/// A place in a text as slots hold it; texts are short.
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(UNSET)
}
