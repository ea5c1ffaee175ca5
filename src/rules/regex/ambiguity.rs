//! Texts that an automaton can read in many ways: a loop with two ways around (their number doubles with every turn),
//! and loops one behind the other that take the same text (their number is a power of its length).

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::alphabet::{Alphabet, Atom, Set};
use super::automaton::{Automaton, START};
use super::components::{Components, reachable};

/// A text to be tried: `parts` says what is repeated, with what stands before each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Attack {
    pub(super) parts: Vec<(Vec<Atom>, Vec<Atom>)>,
}

/// The most steps in the square of a component.
const MOST_STEPS: usize = 400_000;

/// The most candidates that are told.
const MOST_CANDIDATES: usize = 8;

/// The most texts that are tried as what is repeated.
const MOST_WORDS: usize = 64;

/// Loops with two ways around for the same text.
pub(super) fn doubling(automaton: &Automaton, alphabet: &Alphabet, components: &Components) -> Vec<Attack> {
    let mut found = Vec::new();
    for component in components.loops().filter(|component| !component.contains(&START)) {
        let inside: FxHashSet<usize> = component.iter().copied().collect();
        let before = found.len();
        for &from in component {
            for &(to, several) in automaton.next(from) {
                if several && inside.contains(&to) && found.len() < before + 3 {
                    found.extend(around(automaton, alphabet, &inside, from, to));
                }
            }
        }
        found.extend(two_ways(automaton, alphabet, component, &inside));
        if found.len() >= MOST_CANDIDATES {
            break;
        }
    }
    found
}

/// The turn that goes from a state to the next and back.
fn around(
    automaton: &Automaton,
    alphabet: &Alphabet,
    inside: &FxHashSet<usize>,
    from: usize,
    to: usize,
) -> Option<Attack> {
    let back = path(automaton, alphabet, &[to], from, |state| inside.contains(&state))?;
    let mut word = vec![alphabet.pick(&automaton.label(to))?];
    word.extend(back);
    attack(automaton, alphabet, from, word)
}

/// A text before a state and one that leads from it back to it.
fn attack(automaton: &Automaton, alphabet: &Alphabet, state: usize, word: Vec<Atom>) -> Option<Attack> {
    let prefix = path(automaton, alphabet, &[START], state, |_| true)?;
    Some(Attack { parts: vec![(prefix, word)] })
}

/// The shortest text from one of these states to another, without what the first has taken.
fn path(
    automaton: &Automaton,
    alphabet: &Alphabet,
    from: &[usize],
    to: usize,
    within: impl Fn(usize) -> bool,
) -> Option<Vec<Atom>> {
    let mut before: FxHashMap<usize, usize> = FxHashMap::default();
    let mut open: VecDeque<usize> = from.iter().copied().collect();
    if from.contains(&to) {
        return Some(Vec::new());
    }
    while let Some(state) = open.pop_front() {
        for &(next, _) in automaton.next(state) {
            if !within(next) || from.contains(&next) || before.contains_key(&next) {
                continue;
            }
            before.insert(next, state);
            if next == to {
                let mut word = Vec::new();
                let mut state = next;
                while let Some(&earlier) = before.get(&state) {
                    word.push(alphabet.pick(&automaton.label(state))?);
                    state = earlier;
                }
                word.reverse();
                return Some(word);
            }
            open.push_back(next);
        }
    }
    None
}

type Pair = (usize, usize);

/// A state of a component from which two different ways with the same text lead back to it.
fn two_ways(
    automaton: &Automaton,
    alphabet: &Alphabet,
    component: &[usize],
    inside: &FxHashSet<usize>,
) -> Vec<Attack> {
    let mut found = Vec::new();
    let mut steps = 0;
    for &state in component {
        let apart = pair_path(automaton, alphabet, inside, (state, state), |(a, b)| a != b, &mut steps);
        if let Some((pair, mut word)) = apart {
            let back =
                pair_path(automaton, alphabet, inside, pair, |pair| pair == (state, state), &mut steps);
            if let Some((_, back)) = back {
                word.extend(back);
                found.extend(attack(automaton, alphabet, state, word));
            }
        }
        if found.len() >= 2 || steps > MOST_STEPS {
            break;
        }
    }
    found
}

/// The shortest text that leads two readers from a pair of states to one that is wanted.
fn pair_path(
    automaton: &Automaton,
    alphabet: &Alphabet,
    inside: &FxHashSet<usize>,
    from: Pair,
    wanted: impl Fn(Pair) -> bool,
    steps: &mut usize,
) -> Option<(Pair, Vec<Atom>)> {
    let mut before: FxHashMap<Pair, (Pair, Set)> = FxHashMap::default();
    let mut open = VecDeque::from([from]);
    while let Some(pair) = open.pop_front() {
        for &(a, _) in automaton.next(pair.0).iter().filter(|(next, _)| inside.contains(next)) {
            for &(b, _) in automaton.next(pair.1).iter().filter(|(next, _)| inside.contains(next)) {
                *steps += 1;
                let next = (a, b);
                let common = automaton.label(a).and(&automaton.label(b));
                let is_wanted = wanted(next);
                if common == Set::default() || !is_wanted && (next == from || before.contains_key(&next)) {
                    continue;
                }
                if is_wanted {
                    return Some((next, word_of(alphabet, &before, pair, common)?));
                }
                before.insert(next, (pair, common));
                open.push_back(next);
            }
            if *steps > MOST_STEPS {
                return None;
            }
        }
    }
    None
}

fn word_of(
    alphabet: &Alphabet,
    before: &FxHashMap<Pair, (Pair, Set)>,
    last: Pair,
    label: Set,
) -> Option<Vec<Atom>> {
    let mut word = vec![alphabet.pick(&label)?];
    let mut pair = last;
    while let Some((earlier, label)) = before.get(&pair) {
        word.push(alphabet.pick(label)?);
        pair = *earlier;
    }
    word.reverse();
    Some(word)
}

/// A word that both of two loops take, and that leads from the first into the second.
#[derive(Clone, Debug)]
struct Link {
    from: usize,
    to: usize,
    word: Vec<Atom>,
}

/// The longest chains of loops that share a text with the one before: how many loops each has, and the text.
pub(super) fn chains(
    automaton: &Automaton,
    alphabet: &Alphabet,
    components: &Components,
) -> Vec<(usize, Attack)> {
    let links = links(automaton, alphabet, components);
    let mut reach: FxHashMap<usize, FxHashSet<usize>> = FxHashMap::default();
    for link in &links {
        reach.entry(link.to).or_insert_with(|| reachable(automaton, link.to));
    }
    // Links in the order of what they lead to: components are numbered from the end of the pattern on.
    let mut best: Vec<(usize, Option<usize>)> = vec![(1, None); links.len()];
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by_key(|index| {
        links.get(*index).map(|link| (components.of(link.from), components.of(link.to), *index))
    });
    for &index in &order {
        let Some(link) = links.get(index) else { continue };
        for &other in order.iter().take_while(|other| **other != index) {
            let (Some(next), Some(&(length, _))) = (links.get(other), best.get(other)) else { continue };
            let follows = components.of(next.from) != components.of(link.from)
                && (next.from == link.to
                    || reach.get(&link.to).is_some_and(|reach| reach.contains(&next.from)));
            if let Some(own) = best.get_mut(index)
                && follows
                && length + 1 > own.0
            {
                *own = (length + 1, Some(other));
            }
        }
    }
    order.sort_by_key(|index| std::cmp::Reverse(best.get(*index).map_or(0, |(length, _)| *length)));
    let longest = order.iter().take(MOST_CANDIDATES).filter_map(|&index| {
        let length = best.get(index)?.0;
        Some((length + 1, chain_text(automaton, alphabet, &links, &best, index)?))
    });
    longest.collect()
}

/// The text of a chain that begins with a link.
fn chain_text(
    automaton: &Automaton,
    alphabet: &Alphabet,
    links: &[Link],
    best: &[(usize, Option<usize>)],
    first: usize,
) -> Option<Attack> {
    let mut parts: Vec<(Vec<Atom>, Vec<Atom>)> = Vec::new();
    let mut place = START;
    let mut next = Some(first);
    while let Some(index) = next {
        let link = links.get(index)?;
        let between = path(automaton, alphabet, &[place], link.from, |_| true)?;
        match parts.last() {
            Some((_, word)) if *word == link.word && between.is_empty() => {}
            _ => parts.push((between, link.word.clone())),
        }
        place = link.to;
        next = best.get(index)?.1;
    }
    Some(Attack { parts })
}

/// The links between the loops of an automaton, one for each two components.
fn links(automaton: &Automaton, alphabet: &Alphabet, components: &Components) -> Vec<Link> {
    let mut found: FxHashMap<Pair, Link> = FxHashMap::default();
    for word in words(automaton, alphabet, components) {
        let steps = steps_by(automaton, components, &word);
        let loops: FxHashSet<usize> =
            steps.keys().copied().filter(|state| comes_back(&steps, *state)).collect();
        let mut sorted: Vec<usize> = loops.iter().copied().collect();
        sorted.sort_unstable();
        for from in sorted {
            let mut reached: Vec<usize> = closure(&steps, from).into_iter().collect();
            reached.sort_unstable();
            for to in reached {
                let pair = (components.of(from), components.of(to));
                if loops.contains(&to) && pair.0 != pair.1 {
                    found.entry(pair).or_insert_with(|| Link { from, to, word: word.clone() });
                }
            }
        }
    }
    let mut links: Vec<(Pair, Link)> = found.into_iter().collect();
    links.sort_by_key(|(pair, _)| *pair);
    links.into_iter().map(|(_, link)| link).take(500).collect()
}

/// What may be repeated: single characters, the shortest ways around loops, and what leads into a loop that takes it.
fn words(automaton: &Automaton, alphabet: &Alphabet, components: &Components) -> Vec<Vec<Atom>> {
    let looping: Vec<usize> = components.loops().flatten().copied().collect();
    let labels: Vec<Set> = looping.iter().map(|state| automaton.label(*state)).collect();
    let mut words: Vec<Vec<Atom>> =
        alphabet.representatives(&labels).into_iter().map(|atom| vec![atom]).collect();
    words.truncate(MOST_WORDS);
    for &state in looping.iter().filter(|state| **state != START) {
        if words.len() >= 2 * MOST_WORDS {
            break;
        }
        let component = components.of(state);
        let within = |next| components.of(next) == component;
        let starts: Vec<usize> =
            automaton.next(state).iter().map(|(next, _)| *next).filter(|next| within(*next)).collect();
        let turn = starts.iter().find_map(|&start| {
            let mut word = vec![alphabet.pick(&automaton.label(start))?];
            word.extend(path(automaton, alphabet, &[start], state, within)?);
            Some(word)
        });
        let into = path(automaton, alphabet, &[START], state, |_| true);
        for word in [turn, into].into_iter().flatten() {
            if (2..=12).contains(&word.len()) && !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

type Steps = FxHashMap<usize, Vec<usize>>;

/// From each state the states where reading a word may end, as far as both lie in loops.
fn steps_by(automaton: &Automaton, components: &Components, word: &[Atom]) -> Steps {
    let mut steps = Steps::default();
    for &state in components.loops().flatten() {
        let mut states: Vec<usize> = vec![state];
        for &atom in word {
            let mut next: Vec<usize> = states
                .iter()
                .flat_map(|state| automaton.next(*state))
                .map(|(next, _)| *next)
                .filter(|next| automaton.takes(*next, atom))
                .collect();
            next.sort_unstable();
            next.dedup();
            states = next;
        }
        if !states.is_empty() {
            steps.insert(state, states);
        }
    }
    // What is no loop itself may lie between two.
    let known: Vec<usize> =
        steps.values().flatten().copied().filter(|state| !steps.contains_key(state)).collect();
    let mut open = known;
    while let Some(state) = open.pop() {
        if steps.contains_key(&state) || steps.len() > 2_000 {
            continue;
        }
        let mut states: Vec<usize> = vec![state];
        for &atom in word {
            let next = states.iter().flat_map(|state| automaton.next(*state)).map(|(next, _)| *next);
            let mut next: Vec<usize> = next.filter(|next| automaton.takes(*next, atom)).collect();
            next.sort_unstable();
            next.dedup();
            states = next;
        }
        open.extend(states.iter().copied());
        steps.insert(state, states);
    }
    steps
}

fn closure(steps: &Steps, from: usize) -> FxHashSet<usize> {
    let mut seen = FxHashSet::default();
    let mut open = vec![from];
    while let Some(state) = open.pop() {
        for &next in steps.get(&state).into_iter().flatten() {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}

fn comes_back(steps: &Steps, state: usize) -> bool {
    closure(steps, state).contains(&state)
}
