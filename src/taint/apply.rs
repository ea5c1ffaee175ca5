//! What a call of a function of the project does, by its summary.

use super::follow::Follower;
use super::state::State;
use super::summary::{Flow, MOST_SINKS, Reach, Site as SinkSite, Summary};
use super::value::{Form, Key, Mark, Move, Origin, Step, Val, add_mark, joined, step, steps};
use crate::facts::{FunctionId, ParameterKind, ValueId, join_hash};
use crate::models::Threat;
use crate::project::{FileId, Type};

/// An argument of a call.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Its keyword, as a hash.
    pub name: Option<u64>,
    pub value: Val,
    /// Where it stands; the receiver of a method has a place too.
    pub id: ValueId,
    /// `*args` and `**kwargs`.
    pub is_spread: bool,
}

/// A function of the project.
pub(super) type Target = (FileId, FunctionId);

impl Follower<'_, '_> {
    /// The value of each parameter of a function that is called with these arguments. `bound` says that the first
    /// parameter is the receiver, which stands first.
    pub fn bind(&self, (file, function): Target, given: &[Given], bound: bool) -> Vec<Val> {
        let Some(module) = self.world.project.module(file) else { return Vec::new() };
        let parameters = module.parameters(function);
        let mut values: Vec<Val> = parameters.iter().map(|_| Val::default()).collect();
        let given = if bound { given } else { given.get(1..).unwrap_or(&[]) };
        let mut position = 0;
        for one in given {
            let index = match one.name {
                Some(name) => parameters.iter().position(|it| module.names().hash(it.name) == name),
                None => parameters.get(position).and_then(|it| {
                    matches!(it.kind, ParameterKind::Plain | ParameterKind::PositionalOnly)
                        .then_some(position)
                }),
            };
            if one.is_spread {
                // Nothing is known of who gets what.
                let part = one.value.part(Key::Any);
                for value in values.iter_mut().skip(position) {
                    *value = std::mem::take(value).join(&part);
                }
                continue;
            }
            if let Some(value) = index.and_then(|index| values.get_mut(index)) {
                *value = one.value.clone();
            } else {
                let kind = if one.name.is_some() { ParameterKind::Keywords } else { ParameterKind::Rest };
                let rest = parameters.iter().position(|it| it.kind == kind);
                if let Some(value) = rest.and_then(|index| values.get_mut(index)) {
                    let key = one.name.map_or(Key::Any, Key::Text);
                    value.set(key, one.value.clone());
                }
            }
            if one.name.is_none() {
                position += 1;
            }
        }
        values
    }

    /// Calls functions of the project; what they return together.
    pub fn apply(
        &mut self,
        state: &mut State,
        id: ValueId,
        targets: &[(Target, bool)],
        given: &[Given],
    ) -> Option<Val> {
        let mut result: Option<Val> = None;
        self.here = self.site.module.span(id);
        for (target, bound) in targets {
            let Some(summary) = self.summary_of(*target) else { continue };
            let parameters = self.bind(*target, given, *bound);
            let value = self.apply_one(state, id, *target, &summary, &parameters);
            self.write_back(state, *target, &summary, &parameters, given, *bound);
            result = Some(result.map_or_else(|| value.clone(), |result| result.join(&value)));
        }
        result
    }

    fn apply_one(
        &mut self,
        state: &mut State,
        id: ValueId,
        target: Target,
        summary: &Summary,
        parameters: &[Val],
    ) -> Val {
        let passed = Step {
            what: Move::Passed(target.1, target.0),
            file: self.site.file,
            span: self.site.module.span(id),
        };
        for reach in &summary.reaches {
            for mark in self.origins_of(state, reach.origin, parameters) {
                if mark.cleared.has(reach.site.kind) {
                    continue;
                }
                let way = joined(&step(&mark.way, passed), &reach.way);
                let form = mark.form.then(reach.form);
                self.arrive(&Mark { way, form, weak: mark.weak || reach.weak, ..mark }, &reach.site);
            }
        }
        for (origin, kinds) in &summary.normal {
            for mark in self.origins_of(state, *origin, parameters) {
                state.clear(mark.origin, *kinds);
            }
        }
        let value = self.substitute(state, &summary.returns, parameters, Some(passed));
        self.moved(value, Move::Returned, id)
    }

    /// The data behind an origin of a callee, here.
    fn origins_of(&self, state: &State, origin: Origin, parameters: &[Val]) -> Vec<Mark> {
        let value = match origin {
            Origin::Parameter(index, path) => {
                parameters.get(index as usize).map(|value| self.at(value, path))
            }
            Origin::Free(binding, path) => state.variables.get(&binding).map(|value| self.at(value, path)),
            Origin::Source(..) => None,
        };
        value.map(|value| state.seen(value).all_marks()).unwrap_or_default()
    }

    /// The part of a value at the end of a way; what an object of a library's class is known to hold comes in there.
    fn at(&self, value: &Val, path: super::value::Path) -> Val {
        path.keys().iter().fold(value.clone(), |value, key| {
            let (Key::Field(name), Some(class)) = (key, value.class) else { return value.part(*key) };
            let models = self.world.project.models();
            let bases = self.world.project.external_bases(class);
            let mut paths = bases.iter().map(|&base| join_hash(base, *name));
            let Some(path) =
                paths.find(|path| models.source(*path).is_some() || models.returns(*path).is_some())
            else {
                return value.part(*key);
            };
            let threat = models.source(path).filter(|threat| self.world.threats.contains(threat));
            let mut part = match threat {
                Some(threat) => self.source(self.here, threat),
                None => value.part(*key),
            };
            part.class = models.returns(path).map(Type::External);
            part
        })
    }

    /// A value of a callee in terms of the caller.
    fn substitute(&self, state: &State, value: &Val, parameters: &[Val], passed: Option<Step>) -> Val {
        let mut result = Val { constant: value.constant.clone(), class: value.class, ..Val::default() };
        if !matches!(value.callable, Some(super::value::Callable::Lambda(..))) {
            result.callable = value.callable;
        }
        for mark in &value.marks {
            let whole = match mark.origin {
                Origin::Source(..) => {
                    add_mark(&mut result.marks, mark, true);
                    continue;
                }
                Origin::Parameter(index, path) => {
                    parameters.get(index as usize).map(|value| self.at(value, path))
                }
                Origin::Free(binding, path) => {
                    state.variables.get(&binding).map(|value| self.at(value, path))
                }
            };
            let Some(mut whole) = whole.map(|whole| state.seen(whole)) else { continue };
            whole.each_mark(&mut |one| {
                one.cleared = one.cleared.and(mark.cleared);
                one.normal |= mark.normal;
                one.weak |= mark.weak;
                one.form = one.form.then(mark.form);
                let before = passed.map_or_else(|| one.way.clone(), |passed| step(&one.way, passed));
                one.way = joined(&before, &mark.way);
            });
            // What the function changes on the way is no longer the constant or the object that it was given.
            if mark.way.is_some() {
                whole = Val::with_marks(whole.all_marks());
            }
            result = result.join(&whole);
            if value.constant.is_none() && mark.way.is_some() {
                result.constant = None;
            }
        }
        if let Some(fields) = &value.fields {
            for (key, part) in fields.iter() {
                let part = self.substitute(state, part, parameters, passed);
                result.set(*key, part);
            }
            result.length = value.length;
        }
        result
    }

    /// An object that a constructor has filled.
    pub fn object_of(&self, state: &State, own: &Val, parameters: &[Val]) -> Val {
        let mut object = Val::default();
        for (key, part) in own.fields.iter().flat_map(|fields| fields.iter()) {
            object.set(*key, self.substitute(state, part, parameters, None));
        }
        object
    }

    /// Changes of the parts of what was given.
    fn write_back(
        &mut self,
        state: &mut State,
        target: Target,
        summary: &Summary,
        parameters: &[Val],
        given: &[Given],
        bound: bool,
    ) {
        for (index, out) in &summary.outs {
            let Some(id) = self.argument_of(target, *index, given, bound) else { continue };
            let Some((binding, keys)) = self.place(state, id) else { continue };
            let Some(fields) = &out.fields else { continue };
            let parts: Vec<(Key, Val)> = fields
                .iter()
                .map(|(key, part)| (*key, self.substitute(state, part, parameters, None)))
                .collect();
            let start = self.outside(binding, id);
            state.change(binding, &keys, start, |value| {
                for (key, part) in parts {
                    value.set(key, part);
                }
            });
        }
    }

    /// The argument that a parameter is given.
    fn argument_of(
        &self,
        (file, function): Target,
        index: u32,
        given: &[Given],
        bound: bool,
    ) -> Option<ValueId> {
        let module = self.world.project.module(file)?;
        let parameter = module.parameters(function).get(index as usize)?;
        let name = module.names().hash(parameter.name);
        let named = given.iter().find(|one| one.name == Some(name));
        let offset = usize::from(!bound);
        let positional = given.iter().filter(|one| one.name.is_none()).nth(index as usize + offset);
        named.or(positional).filter(|one| !one.is_spread).map(|one| one.id)
    }

    /// Data arrives at a sink: a flow, or something that the summary tells callers.
    pub fn arrive(&mut self, mark: &Mark, site: &SinkSite) {
        if site.objects && mark.form <= Form::Object {
            return;
        }
        match mark.origin {
            Origin::Source(_, _, threat) => self.flow(mark, threat, site),
            origin => {
                let reach = Reach {
                    origin,
                    site: site.clone(),
                    weak: mark.weak,
                    form: mark.form,
                    way: mark.way.clone(),
                };
                let reaches = &mut self.summary.reaches;
                let has_room = reaches.len() < MOST_SINKS;
                match reaches.iter_mut().find(|one| one.origin == origin && one.site == *site) {
                    Some(known) if known.form < reach.form => *known = reach,
                    None if has_room => reaches.push(reach),
                    _ => {}
                }
            }
        }
    }

    fn flow(&mut self, mark: &Mark, threat: Threat, site: &SinkSite) {
        let span = self.world.project.module(site.file).map(|module| module.span(site.value));
        let last = Step { what: Move::Sink, file: site.file, span: span.unwrap_or_default() };
        let mut way = steps(&mark.way);
        way.push(last);
        self.summary.flows.push(Flow {
            file: site.file,
            value: site.value,
            kind: site.kind,
            path: site.path.clone(),
            library: site.library.clone(),
            threat,
            is_weak: mark.weak,
            steps: way,
        });
    }
}
