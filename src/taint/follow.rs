//! Follows one function: its statements, with the states at each point.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::apply::Target;
use super::state::State;
use super::summary::{Place, Summary};
use super::value::{Callable, Const, Form, Key, Mark, Move, Origin, Path, Step, Val, step};
use super::world::World;
use crate::facts::{BindingId, Block, FunctionId, Span, Statement, StatementId, Try, Value, ValueId};
use crate::models::{Kinds, Threat};
use crate::project::Site;

/// The most statements and expressions that are followed in one function.
const FUEL: u32 = 60_000;
/// The deepest expressions that are followed.
const DEEPEST: u32 = 200;

/// What a loop's `break` and `continue` lead to.
#[derive(Default)]
pub(super) struct Loop {
    pub breaks: Option<State>,
    pub continues: Option<State>,
}

/// Follows a function.
pub(super) struct Follower<'w, 'p> {
    pub world: &'w World<'p>,
    /// Summaries of the functions that call each other in a ring with this one, so far.
    ring: &'w FxHashMap<Target, Arc<Summary>>,
    pub site: Site<'p>,
    pub function: Option<FunctionId>,
    pub summary: Summary,
    pub loops: Vec<Loop>,
    /// For each `try` around, the states in which something may be raised.
    tries: Vec<State>,
    /// Where it returns, and what.
    returns: Vec<(State, Option<ValueId>, Val)>,
    fuel: u32,
    depth: u32,
    /// The call whose summary is applied.
    pub here: Span,
    /// Bindings that are parameters, by their index.
    pub parameters: FxHashMap<BindingId, u32>,
}

/// Follows a function, or the body of a module, and says what it does.
pub(super) fn follow<'p>(
    world: &World<'p>,
    ring: &FxHashMap<Target, Arc<Summary>>,
    site: Site<'p>,
    function: Option<FunctionId>,
) -> Summary {
    let mut follower = Follower {
        world,
        ring,
        site,
        function,
        summary: Summary::default(),
        loops: Vec::new(),
        tries: Vec::new(),
        returns: Vec::new(),
        fuel: FUEL,
        depth: 0,
        here: Span::default(),
        parameters: FxHashMap::default(),
    };
    let start = follower.start();
    let body = function.map_or(site.module.body(), |function| site.module.function_body(function));
    let end = match function.and_then(|function| site.module.lambda_body(function)) {
        Some(value) => {
            let mut state = start;
            let result = follower.value(&mut state, value);
            follower.returns.push((state, Some(value), result));
            State::dead()
        }
        None => follower.block(start, body),
    };
    if !end.is_dead {
        follower.returns.push((end, None, Val::of(Const::None)));
    }
    follower.finish()
}

impl<'p> Follower<'_, 'p> {
    /// What a function of the project does, as far as that is known by now.
    pub fn summary_of(&self, target: Target) -> Option<Arc<Summary>> {
        self.ring.get(&target).or_else(|| self.world.summaries.get(&target)).cloned()
    }

    /// Spends a unit of work; `false` where there is none left.
    pub fn spend(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        self.summary.is_cut |= self.fuel == 0;
        self.fuel > 0
    }

    fn start(&mut self) -> State {
        let mut state = State::default();
        let Some(function) = self.function else { return state };
        let inputs = self.world.inputs(self.site.file, function);
        for (index, parameter) in self.site.module.parameters(function).iter().enumerate() {
            let index = index as u32;
            self.parameters.insert(parameter.binding, index);
            let origin = Origin::Parameter(index, Path::WHOLE);
            let mut value = Val::marked(Self::mark(origin, None));
            value.class = self.world.parameter_class(self.site, function, index);
            if let Some(threat) = inputs.iter().find(|(one, _)| *one == index).map(|(_, threat)| *threat) {
                value = value.join(&self.source(parameter.span, threat));
            }
            state.set(parameter.binding, value);
        }
        state
    }

    pub fn mark(origin: Origin, way: super::value::Way) -> Mark {
        Mark { origin, cleared: Kinds::default(), normal: false, weak: false, form: Form::default(), way }
    }

    /// Data that comes in at a place; nothing that tests send to themselves.
    pub fn source(&self, span: Span, threat: Threat) -> Val {
        if self.world.project.file(self.site.file).is_none_or(crate::project::File::is_test) {
            return Val::default();
        }
        let origin = Origin::Source(self.site.file, span, threat);
        let way = step(&None, Step { what: Move::Source, file: self.site.file, span });
        Val::marked(Self::mark(origin, way))
    }

    /// What holds behind a block.
    pub fn block(&mut self, mut state: State, block: Block<'p>) -> State {
        for id in block.iter() {
            if state.is_dead || !self.spend() {
                break;
            }
            state = self.statement(state, id);
            if let Some(raised) = self.tries.last_mut() {
                let before = std::mem::replace(raised, State::dead());
                *raised = before.join(state.clone());
            }
        }
        state
    }

    fn statement(&mut self, mut state: State, id: StatementId) -> State {
        match self.site.module.statement(id) {
            Statement::Expression(value) => {
                self.value(&mut state, value);
                if self.never_returns(value) {
                    return State::dead();
                }
            }
            Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) => {
                let result = self.value(&mut state, value);
                self.assign(&mut state, target, result);
            }
            Statement::Augmented(target, _, value) => {
                let before = self.value(&mut state, target);
                let more = self.value(&mut state, value);
                let result = self.augmented(before, &more, target, value);
                self.assign(&mut state, target, result);
            }
            Statement::Return(value) => {
                let result = match value {
                    Some(value) => self.value(&mut state, value),
                    None => Val::of(Const::None),
                };
                if let Some(value) = value {
                    self.answers(&state, value, &result);
                }
                self.returns.push((state, value, result));
                return State::dead();
            }
            Statement::Raise(error, cause) => {
                for value in [error, cause].into_iter().flatten() {
                    self.value(&mut state, value);
                }
                if let Some(raised) = self.tries.last_mut() {
                    let before = std::mem::replace(raised, State::dead());
                    *raised = before.join(state);
                }
                return State::dead();
            }
            Statement::Assert(test, _) => {
                self.value(&mut state, test);
                return self.refine(state, test, true);
            }
            Statement::Delete(items) => {
                for item in items.iter() {
                    if let Value::Name(_, Some(binding)) = self.site.value(item) {
                        Arc::make_mut(&mut state.variables).remove(&binding);
                    }
                }
            }
            Statement::If(branches) => return self.branches(state, branches.iter()),
            Statement::While(test, body, otherwise) => return self.while_loop(state, test, body, otherwise),
            Statement::For(target, iterable, body, otherwise) => {
                return self.for_loop(state, (target, iterable), body, otherwise);
            }
            Statement::With(contexts, body) => {
                for (context, target) in contexts.iter() {
                    let value = self.value(&mut state, context);
                    if let Some(target) = target {
                        self.assign(&mut state, target, value);
                    }
                }
                return self.block(state, body);
            }
            Statement::Try(parts) => return self.try_statement(state, parts),
            Statement::Match(subject, cases) => return self.match_statement(state, subject, cases),
            Statement::Function(function) => self.bind_function(&mut state, function),
            Statement::Break => {
                if let Some(inner) = self.loops.last_mut() {
                    inner.breaks = Some(join(inner.breaks.take(), state));
                }
                return State::dead();
            }
            Statement::Continue => {
                if let Some(inner) = self.loops.last_mut() {
                    inner.continues = Some(join(inner.continues.take(), state));
                }
                return State::dead();
            }
            _ => {}
        }
        state
    }

    fn bind_function(&mut self, state: &mut State, function: FunctionId) {
        let module = self.site.module;
        let Some(facts) = module.function(function) else { return };
        let scope = self.function.and_then(|outer| module.function(outer)).map(|outer| outer.scope);
        let Some(scope) = scope else { return };
        let Some(binding) = module.lookup(scope, module.names().hash(facts.name)).or_else(|| {
            module.bindings_of(scope).find(|one| module.binding(*one).is_some_and(|it| it.name == facts.name))
        }) else {
            return;
        };
        let callable = Some(Callable::Function(self.site.file, function));
        state.set(binding, Val { callable, ..Val::default() });
    }

    fn branches(
        &mut self,
        mut state: State,
        branches: impl Iterator<Item = (Option<ValueId>, Block<'p>)>,
    ) -> State {
        let mut end = State::dead();
        for (test, block) in branches {
            if state.is_dead {
                break;
            }
            let Some(test) = test else {
                end = end.join(self.block(state, block));
                return end;
            };
            let known = self.value(&mut state, test).constant.map(|constant| constant.is_true());
            let inside =
                if known == Some(false) { State::dead() } else { self.refine(state.clone(), test, true) };
            if !inside.is_dead {
                end = end.join(self.block(inside, block));
            }
            state = if known == Some(true) { State::dead() } else { self.refine(state, test, false) };
        }
        end.join(state)
    }

    fn try_statement(&mut self, state: State, parts: Try<'p>) -> State {
        self.tries.push(state.clone());
        let tried = self.block(state, parts.body);
        let raised = self.tries.pop().unwrap_or_default();
        let mut end = if tried.is_dead { tried } else { self.block(tried, parts.otherwise) };
        for handler in parts.handlers() {
            let mut inside = raised.clone();
            if let Some(name) = handler.name {
                self.assign(&mut inside, name, Val::default());
            }
            end = end.join(self.block(inside, handler.body));
        }
        if parts.finally.is_empty() {
            return end;
        }
        if end.is_dead {
            // What is left behind on the way out still happens.
            self.block(raised, parts.finally);
            return end;
        }
        self.block(end, parts.finally)
    }

    /// Assigns to a target: a name, an attribute, an item, or several.
    pub fn assign(&mut self, state: &mut State, target: ValueId, value: Val) {
        match self.site.value(target) {
            Value::Tuple(items) | Value::List(items) => {
                let starred = items.iter().any(|item| matches!(self.site.value(item), Value::Starred(_)));
                for (index, item) in items.iter().enumerate() {
                    let key = if starred { Key::Any } else { Key::at(index) };
                    self.assign(state, item, value.part(key));
                }
            }
            Value::Starred(inner) => self.assign(state, inner, value),
            Value::Name(_, Some(binding)) if self.is_own(binding) => {
                state.set(binding, value);
            }
            Value::Name(_, Some(binding)) => self.leave_global(binding, &value),
            _ => {
                let Some((binding, keys)) = self.place(state, target) else { return };
                self.leave_field(&keys, binding, &value);
                let start = self.outside(binding, target);
                state.change(binding, &keys, start, |part| *part = value);
            }
        }
    }

    /// Whether a variable is one of this function, or of a comprehension or lambda in it.
    pub fn is_own(&self, binding: BindingId) -> bool {
        let module = self.site.module;
        let Some(function) = self.function else { return true };
        let Some(own) = module.function(function).map(|facts| facts.scope) else { return false };
        let mut scope = module.binding(binding).map(|binding| binding.scope);
        for _ in 0..DEEPEST {
            let Some(id) = scope else { return false };
            if id == own {
                return true;
            }
            let Some(facts) = module.scope(id) else { return false };
            if facts.kind != crate::facts::ScopeKind::Expression || facts.parent == id {
                return false;
            }
            scope = Some(facts.parent);
        }
        false
    }

    /// Deeper into an expression; `false` where it is too deep.
    pub fn descend(&mut self) -> bool {
        self.depth += 1;
        self.summary.is_cut |= self.depth >= DEEPEST;
        self.depth < DEEPEST && self.spend()
    }

    pub fn ascend(&mut self) {
        self.depth -= 1;
    }

    fn leave_global(&mut self, binding: BindingId, value: &Val) {
        let kept = only_sources(value);
        if !kept.is_clean() {
            self.summary.left.push((Place::Global(self.site.file, binding), kept));
        }
    }

    /// `self.name = value`: other methods of the class see it.
    fn leave_field(&mut self, keys: &[Key], binding: BindingId, value: &Val) {
        let [Key::Field(name)] = keys else { return };
        let facts = self.function.and_then(|function| self.site.module.function(function));
        let Some(class) = facts.and_then(|facts| facts.class) else { return };
        let kept = only_sources(value);
        if self.parameters.get(&binding) == Some(&0) && !kept.is_clean() {
            self.summary.left.push((Place::Field(self.site.file, class, *name), kept));
        }
    }

    fn finish(mut self) -> Summary {
        let returns = std::mem::take(&mut self.returns);
        self.summary.never_returns = returns.is_empty() && self.function.is_some();
        let (mut truthy, mut falsy, mut normal) = (None, None, None);
        let mut ends = State::dead();
        for (state, value, result) in returns {
            let known = result.constant.as_ref().map(Const::is_true);
            let sides = match value {
                Some(value) if known.is_none() => {
                    [self.refine(state.clone(), value, true), self.refine(state.clone(), value, false)]
                }
                _ => [state.clone(), state.clone()],
            };
            let [when_true, when_false] = sides;
            if known != Some(false) {
                truthy = common(truthy, &when_true);
            }
            if known != Some(true) {
                falsy = common(falsy, &when_false);
            }
            normal = common(normal, &state);
            self.summary.returns =
                if ends.is_dead { result } else { std::mem::take(&mut self.summary.returns).join(&result) };
            ends = ends.join(state);
        }
        self.summary.truthy = truthy.unwrap_or_default();
        self.summary.falsy = falsy.unwrap_or_default();
        self.summary.normal = normal.unwrap_or_default();
        let mut outs: Vec<(u32, Val)> = self
            .parameters
            .iter()
            .filter_map(|(binding, index)| {
                let value = ends.variables.get(binding)?;
                changed(value, *index).map(|value| (*index, value))
            })
            .collect();
        outs.sort_by_key(|(index, _)| *index);
        self.summary.outs = outs;
        self.summary
    }
}

/// The parts of a parameter that hold what comes from elsewhere.
fn changed(value: &Val, index: u32) -> Option<Val> {
    let comes_in = |mark: &Mark| !matches!(mark.origin, Origin::Parameter(own, _) if own == index);
    let fields = value.fields.as_ref()?;
    let mut out = Val::default();
    for (key, part) in fields.iter() {
        if part.callable.is_some() || part.all_marks().iter().any(comes_in) {
            out.set(*key, part.clone());
        }
    }
    out.fields.is_some().then_some(out)
}

/// What is cleared of parameters on every way so far; `None` while there was none.
fn common(before: Option<Vec<(Origin, Kinds)>>, state: &State) -> Option<Vec<(Origin, Kinds)>> {
    if state.is_dead {
        return before;
    }
    let own = state.cleared.iter().filter(|(origin, _)| matches!(origin, Origin::Parameter(..))).copied();
    let Some(before) = before else { return Some(own.collect()) };
    let both = own.filter_map(|(origin, kinds)| {
        let (_, other) = before.iter().find(|(one, _)| *one == origin)?;
        let both = kinds.common(*other);
        (!both.is_empty()).then_some((origin, both))
    });
    Some(both.collect())
}

/// Where a way that may not be there meets another.
pub(super) fn join(before: Option<State>, state: State) -> State {
    match before {
        Some(before) => before.join(state),
        None => state,
    }
}

/// A value without what comes from parameters: what it means elsewhere.
pub(super) fn only_sources(value: &Val) -> Val {
    let marks = value.all_marks().into_iter().filter(|mark| matches!(mark.origin, Origin::Source(..)));
    Val::with_marks(marks.collect())
}
