//! A pattern as an automaton whose states are its characters: which may follow which, and in how many ways.

use rustc_hash::FxHashMap;

use super::alphabet::{Alphabet, Atom, Set};
use super::syntax::{Node, Tree};

/// The state before the first character; in a search it may skip any number of them.
pub(super) const START: usize = 0;

const MOST_STATES: usize = 1_500;
const MOST_EDGES: usize = 40_000;

/// Repetitions with a bound from here on are taken for endless ones.
const MANY: u32 = 30;

/// The most states that a bounded repetition is written out in.
const MOST_COPIES: usize = 200;

/// States, what each of them takes, and what may follow.
#[derive(Debug, Default)]
pub(super) struct Automaton {
    /// What a state takes when it is entered.
    pub(super) labels: Vec<Set>,
    /// The states that may follow, and whether there are several ways to them.
    pub(super) follow: Vec<Vec<(usize, bool)>>,
}

/// A part of the pattern: the states that it begins with and ends with, and whether it may be empty.
#[derive(Clone, Default)]
struct Part {
    first: Vec<usize>,
    last: Vec<usize>,
    nullable: bool,
}

struct Builder<'a> {
    sets: &'a [Set],
    labels: Vec<Set>,
    edges: FxHashMap<(usize, usize), bool>,
}

impl Automaton {
    /// The automaton of a pattern; `None` where it is too large. Assertions and look-arounds are left out.
    pub(super) fn new(tree: &Tree, alphabet: &Alphabet, searches: bool) -> Option<Automaton> {
        let sets: Vec<Set> = tree.classes.iter().map(|class| alphabet.set(class)).collect();
        let mut builder = Builder { sets: &sets, labels: vec![Set::ALL], edges: FxHashMap::default() };
        let root = builder.part(&tree.root)?;
        builder.connect(&[START], &root.first)?;
        if searches {
            builder.connect(&[START], &[START])?;
        }
        let mut follow = vec![Vec::new(); builder.labels.len()];
        let mut edges: Vec<((usize, usize), bool)> = builder.edges.into_iter().collect();
        edges.sort_unstable();
        for ((from, to), several) in edges {
            follow.get_mut(from)?.push((to, several));
        }
        Some(Automaton { labels: builder.labels, follow })
    }

    pub(super) fn label(&self, state: usize) -> Set {
        self.labels.get(state).copied().unwrap_or_default()
    }

    pub(super) fn next(&self, state: usize) -> &[(usize, bool)] {
        self.follow.get(state).map_or(&[], Vec::as_slice)
    }

    pub(super) fn takes(&self, state: usize, atom: Atom) -> bool {
        self.labels.get(state).is_some_and(|label| label.has(atom))
    }

    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }
}

impl Builder<'_> {
    fn connect(&mut self, from: &[usize], to: &[usize]) -> Option<()> {
        for &from in from {
            for &to in to {
                self.edges.entry((from, to)).and_modify(|several| *several = true).or_insert(false);
            }
            if self.edges.len() > MOST_EDGES {
                return None;
            }
        }
        Some(())
    }

    fn part(&mut self, node: &Node) -> Option<Part> {
        match node {
            Node::Empty | Node::Assert(_) | Node::Backreference(_) | Node::Look { .. } => {
                Some(Part { nullable: true, ..Part::default() })
            }
            Node::Class(index) => {
                let state = self.labels.len();
                if state >= MOST_STATES {
                    return None;
                }
                self.labels.push(*self.sets.get(*index)?);
                Some(Part { first: vec![state], last: vec![state], nullable: false })
            }
            Node::Concat(items) => {
                let mut whole = Part { nullable: true, ..Part::default() };
                for item in items {
                    let part = self.part(item)?;
                    whole = self.chain(whole, part)?;
                }
                Some(whole)
            }
            Node::Alternate(branches) => {
                let mut whole = Part::default();
                for branch in branches {
                    whole.join(self.part(branch)?);
                }
                Some(whole)
            }
            Node::Conditional(_, then, otherwise) => {
                let mut whole = self.part(then)?;
                whole.join(self.part(otherwise)?);
                Some(whole)
            }
            Node::Group(_, inner) | Node::Atomic(inner) => self.part(inner),
            Node::Repeat { node, min, max, .. } => self.repeat(node, *min, *max),
        }
    }

    fn chain(&mut self, before: Part, behind: Part) -> Option<Part> {
        self.connect(&before.last, &behind.first)?;
        let mut whole = Part { nullable: before.nullable && behind.nullable, ..Part::default() };
        whole.first = before.first;
        if before.nullable {
            whole.first.extend(&behind.first);
        }
        whole.last = behind.last;
        if behind.nullable {
            whole.last.extend(&before.last);
        }
        Some(whole)
    }

    fn repeat(&mut self, node: &Node, min: u32, max: Option<u32>) -> Option<Part> {
        if max == Some(0) {
            return Some(Part { nullable: true, ..Part::default() });
        }
        let before = self.labels.len();
        let mut whole = self.part(node)?;
        let size = (self.labels.len() - before).max(1);
        let affordable = |copies: u32| copies as usize * size <= MOST_COPIES;
        let bounded = max.filter(|max| *max < MANY && affordable(*max));
        let required = if affordable(min) { min } else { 1 };
        let Some(max) = bounded else {
            for _ in 1..required {
                let part = self.part(node)?;
                whole = self.chain(whole, part)?;
            }
            // The last copy goes on for ever; where there is one only, it is the whole.
            let mut tail = if required > 1 { self.part(node)? } else { whole.clone() };
            self.connect(&tail.last, &tail.first)?;
            if required > 1 {
                tail.nullable = true;
                return self.chain(whole, tail);
            }
            whole.nullable |= min == 0;
            return Some(whole);
        };
        whole.nullable |= min == 0;
        for copy in 1..max {
            let mut part = self.part(node)?;
            part.nullable |= copy >= min;
            whole = self.chain(whole, part)?;
        }
        Some(whole)
    }
}

impl Part {
    fn join(&mut self, other: Part) {
        self.first.extend(other.first);
        self.last.extend(other.last);
        self.nullable |= other.nullable;
    }
}
