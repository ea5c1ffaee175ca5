//! A pattern as a program for the machine that tries one way after another, as Python's does.

use super::alphabet::{Alphabet, Set};
use super::syntax::{Assertion, Greed, Node, Tree};

/// How many characters the text of a look-behind has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Known(u32),
    /// Python refuses it, the module `regex` does not.
    Unknown,
}

/// A step of the machine.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Take(Set),
    /// First the one, then the other.
    Split(usize, usize),
    Jump(usize),
    Assert(Assertion),
    /// What stands up to `end` must (not) match; behind the place if `width` says how far back it begins.
    Look {
        negative: bool,
        behind: Option<Width>,
        end: usize,
    },
    /// What stands up to `end` matches in one way only.
    Atomic {
        end: usize,
    },
    Save(usize),
    Backreference(usize),
    Conditional {
        group: usize,
        otherwise: usize,
    },
    /// The beginning of a counted loop.
    Enter(usize),
    /// Another turn, or on to `exit`.
    Turn {
        slot: usize,
        min: u32,
        max: Option<u32>,
        is_lazy: bool,
        exit: usize,
    },
    /// Notes where a turn begins.
    Begin(usize),
    /// The end of a turn: back to the `Turn` unless nothing was taken.
    Again {
        slot: usize,
        turn: usize,
    },
    Accept,
}

/// What the machine runs.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) steps: Vec<Step>,
    /// How many places the machine notes: two for each group, then two for each counted loop.
    pub(super) slots: usize,
}

/// The most steps of a program.
const LONGEST: usize = 20_000;

impl Program {
    pub(super) fn new(tree: &Tree, alphabet: &Alphabet) -> Option<Program> {
        let sets = tree.classes.iter().map(|class| alphabet.set(class)).collect();
        let slots = 2 * (tree.groups + 1);
        let mut writer = Writer { sets, program: Program { steps: Vec::new(), slots } };
        writer.write(&tree.root)?;
        writer.push(Step::Accept)?;
        Some(writer.program)
    }
}

struct Writer {
    sets: Vec<Set>,
    program: Program,
}

impl Writer {
    fn push(&mut self, step: Step) -> Option<usize> {
        self.program.steps.push(step);
        (self.program.steps.len() < LONGEST).then(|| self.program.steps.len() - 1)
    }

    fn here(&self) -> usize {
        self.program.steps.len()
    }

    fn set(&mut self, at: usize, step: Step) {
        if let Some(place) = self.program.steps.get_mut(at) {
            *place = step;
        }
    }

    fn write(&mut self, node: &Node) -> Option<()> {
        match node {
            Node::Empty => {}
            Node::Class(index) => {
                let set = *self.sets.get(*index)?;
                self.push(Step::Take(set))?;
            }
            Node::Concat(items) => items.iter().try_for_each(|item| self.write(item))?,
            Node::Alternate(branches) => self.alternate(branches)?,
            Node::Group(number, inner) => {
                self.push(Step::Save(2 * number))?;
                self.write(inner)?;
                self.push(Step::Save(2 * number + 1))?;
            }
            Node::Atomic(inner) => {
                let at = self.push(Step::Accept)?;
                self.write(inner)?;
                let end = self.push(Step::Accept)? + 1;
                self.set(at, Step::Atomic { end });
            }
            Node::Look { ahead, negative, node } => {
                let at = self.push(Step::Accept)?;
                self.write(node)?;
                let end = self.push(Step::Accept)? + 1;
                let behind = (!ahead).then(|| width(node).map_or(Width::Unknown, Width::Known));
                self.set(at, Step::Look { negative: *negative, behind, end });
            }
            Node::Backreference(group) => {
                self.push(Step::Backreference(*group))?;
            }
            Node::Conditional(group, then, otherwise) => {
                let at = self.push(Step::Accept)?;
                self.write(then)?;
                let jump = self.push(Step::Accept)?;
                self.set(at, Step::Conditional { group: *group, otherwise: self.here() });
                self.write(otherwise)?;
                self.set(jump, Step::Jump(self.here()));
            }
            Node::Assert(assertion) => {
                self.push(Step::Assert(*assertion))?;
            }
            Node::Repeat { node, min, max, greed: Greed::Possessive } => {
                let at = self.push(Step::Accept)?;
                self.repeat(node, (*min, *max), false)?;
                let end = self.push(Step::Accept)? + 1;
                self.set(at, Step::Atomic { end });
            }
            Node::Repeat { node, min, max, greed } => {
                self.repeat(node, (*min, *max), *greed == Greed::Lazy)?;
            }
        }
        Some(())
    }

    fn alternate(&mut self, branches: &[Node]) -> Option<()> {
        let mut jumps = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if index + 1 == branches.len() {
                self.write(branch)?;
            } else {
                let split = self.push(Step::Accept)?;
                self.write(branch)?;
                jumps.push(self.push(Step::Accept)?);
                self.set(split, Step::Split(split + 1, self.here()));
            }
        }
        for jump in jumps {
            self.set(jump, Step::Jump(self.here()));
        }
        Some(())
    }

    fn repeat(&mut self, node: &Node, (min, max): (u32, Option<u32>), is_lazy: bool) -> Option<()> {
        if (min, max) == (0, Some(1)) {
            let split = self.push(Step::Accept)?;
            self.write(node)?;
            let (inner, behind) = (split + 1, self.here());
            self.set(split, if is_lazy { Step::Split(behind, inner) } else { Step::Split(inner, behind) });
            return Some(());
        }
        let slot = self.program.slots;
        self.program.slots += 2;
        self.push(Step::Enter(slot))?;
        let turn = self.push(Step::Accept)?;
        self.push(Step::Begin(slot))?;
        self.write(node)?;
        self.push(Step::Again { slot, turn })?;
        self.set(turn, Step::Turn { slot, min, max, is_lazy, exit: self.here() });
        Some(())
    }
}

/// How many characters a node takes, where that is always the same.
fn width(node: &Node) -> Option<u32> {
    match node {
        Node::Empty | Node::Assert(_) | Node::Look { .. } => Some(0),
        Node::Class(_) => Some(1),
        Node::Concat(items) => items.iter().map(width).sum(),
        Node::Alternate(branches) => {
            let mut widths = branches.iter().map(width);
            let first = widths.next()??;
            widths.all(|width| width == Some(first)).then_some(first)
        }
        Node::Group(_, inner) | Node::Atomic(inner) => width(inner),
        Node::Repeat { node, min, max, .. } => {
            (Some(*min) == *max).then_some(width(node)?.checked_mul(*min)?)
        }
        Node::Backreference(_) | Node::Conditional(..) => None,
    }
}
