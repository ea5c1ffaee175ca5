//! The loops of an automaton: its strongly connected components.

use rustc_hash::FxHashSet;

use super::automaton::Automaton;

/// Which states lie in one loop; later ones in the pattern have lower numbers.
#[derive(Debug)]
pub(super) struct Components {
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
    is_loop: Vec<bool>,
}

impl Components {
    /// By Tarjan's algorithm, without recursion.
    pub(super) fn new(automaton: &Automaton) -> Components {
        let count = automaton.len();
        let mut search = Search {
            automaton,
            index: vec![None; count],
            low: vec![0; count],
            is_open: vec![false; count],
            stack: Vec::new(),
            next: 0,
            of: vec![usize::MAX; count],
            members: Vec::new(),
        };
        for state in 0..count {
            search.visit(state);
        }
        let Search { of, members, .. } = search;
        let returns = |states: &Vec<usize>| {
            states.len() > 1
                || states.iter().any(|state| automaton.next(*state).iter().any(|(next, _)| next == state))
        };
        let is_loop = members.iter().map(returns).collect();
        Components { of, members, is_loop }
    }

    pub(super) fn of(&self, state: usize) -> usize {
        self.of.get(state).copied().unwrap_or(usize::MAX)
    }

    /// The components that one can stay in.
    pub(super) fn loops(&self) -> impl Iterator<Item = &Vec<usize>> {
        self.members.iter().zip(&self.is_loop).filter(|(_, is_loop)| **is_loop).map(|(members, _)| members)
    }
}

/// The states that can be reached from one.
pub(super) fn reachable(automaton: &Automaton, from: usize) -> FxHashSet<usize> {
    let mut seen = FxHashSet::default();
    let mut open = vec![from];
    while let Some(state) = open.pop() {
        for &(next, _) in automaton.next(state) {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}

struct Search<'a> {
    automaton: &'a Automaton,
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    is_open: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    of: Vec<usize>,
    members: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        if self.index.get(start).is_none_or(Option::is_some) {
            return;
        }
        self.enter(start);
        let mut open: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((state, edge)) = open.last_mut() {
            let state = *state;
            match self.automaton.next(state).get(*edge) {
                Some(&(next, _)) => {
                    *edge += 1;
                    match self.index.get(next) {
                        Some(None) => {
                            self.enter(next);
                            open.push((next, 0));
                        }
                        Some(Some(index)) if self.is_open.get(next) == Some(&true) => {
                            let index = *index;
                            self.lower(state, index);
                        }
                        _ => {}
                    }
                }
                None => {
                    open.pop();
                    if let Some((parent, _)) = open.last() {
                        let low = self.low.get(state).copied().unwrap_or(0);
                        self.lower(*parent, low);
                    }
                    self.close(state);
                }
            }
        }
    }

    fn enter(&mut self, state: usize) {
        if let Some(index) = self.index.get_mut(state) {
            *index = Some(self.next);
        }
        if let Some(low) = self.low.get_mut(state) {
            *low = self.next;
        }
        if let Some(open) = self.is_open.get_mut(state) {
            *open = true;
        }
        self.next += 1;
        self.stack.push(state);
    }

    fn lower(&mut self, state: usize, to: usize) {
        if let Some(low) = self.low.get_mut(state) {
            *low = (*low).min(to);
        }
    }

    /// Takes a component off the stack where its first state is left.
    fn close(&mut self, state: usize) {
        if self.index.get(state).copied().flatten() != self.low.get(state).copied() {
            return;
        }
        let mut members = Vec::new();
        while let Some(member) = self.stack.pop() {
            if let Some(open) = self.is_open.get_mut(member) {
                *open = false;
            }
            if let Some(of) = self.of.get_mut(member) {
                *of = self.members.len();
            }
            members.push(member);
            if member == state {
                break;
            }
        }
        members.sort_unstable();
        self.members.push(members);
    }
}
