//! Loops: followed until nothing new comes in, a few rounds at most.

use super::follow::{Follower, Loop, join};
use super::state::State;
use super::value::Key;
use crate::facts::{Block, ValueId};

/// The most rounds of a loop.
const ROUNDS: usize = 3;

impl<'p> Follower<'_, 'p> {
    pub fn while_loop(
        &mut self,
        mut state: State,
        test: ValueId,
        body: Block<'p>,
        otherwise: Block<'p>,
    ) -> State {
        self.loops.push(Loop::default());
        let mut end = State::dead();
        for round in 0..ROUNDS {
            let known = self.value(&mut state, test).constant.map(|constant| constant.is_true());
            // A test that is false only after the first round is no constant.
            let known = if round == 0 { known } else { known.filter(|known| *known) };
            end = if known == Some(true) { State::dead() } else { self.refine(state.clone(), test, false) };
            if known == Some(false) {
                break;
            }
            let inside = self.refine(state.clone(), test, true);
            let after = self.block(inside, body);
            let after = join(self.loops.last_mut().and_then(|inner| inner.continues.take()), after);
            let next = state.clone().join(after);
            if next.same(&state) {
                break;
            }
            state = next;
        }
        self.leave_loop(end, otherwise)
    }

    pub fn for_loop(
        &mut self,
        mut state: State,
        (target, iterable): (ValueId, ValueId),
        body: Block<'p>,
        otherwise: Block<'p>,
    ) -> State {
        self.loops.push(Loop::default());
        let all = self.value(&mut state, iterable);
        for _ in 0..ROUNDS {
            let mut inside = state.clone();
            self.assign(&mut inside, target, all.part(Key::Any));
            let after = self.block(inside, body);
            let after = join(self.loops.last_mut().and_then(|inner| inner.continues.take()), after);
            let next = state.clone().join(after);
            if next.same(&state) {
                break;
            }
            state = next;
        }
        self.leave_loop(state, otherwise)
    }

    fn leave_loop(&mut self, end: State, otherwise: Block<'p>) -> State {
        let breaks = self.loops.pop().and_then(|inner| inner.breaks);
        let end = if end.is_dead { end } else { self.block(end, otherwise) };
        join(breaks, end)
    }
}
