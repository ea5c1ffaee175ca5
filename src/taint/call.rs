//! Calls: sources, sinks, what makes data harmless, functions of the project, and everything else.

use super::apply::{Given, Target};
use super::follow::Follower;
use super::state::State;
use super::summary::Site as SinkSite;
use super::value::{Callable, Const, Form, Key, Mark, Move, Val};
use crate::facts::{Arguments, FunctionId, Name, Value, ValueId, hash_text, join_hash, path_hash};
use crate::models::{Html, Kind, Shell, Sink};
use crate::project::{Entity, FileId, Type};

/// Methods that ask a database where all arguments are named: `payments.get(state="paid")`.
const QUERIES: [&str; 4] = ["get", "create", "get_or_create", "update_or_create"];

/// First words of functions that find what is there already.
const LOOKUPS: [&str; 6] = ["get", "find", "fetch", "lookup", "query", "retrieve"];

/// What objects of a database are reached through.
const STORES: [&str; 5] = ["objects", "_default_manager", "_base_manager", "query", "session"];

/// Functions of the project; whether each is called on its first parameter.
pub(super) type Targets = Vec<(Target, bool)>;

/// What a call is.
pub(super) struct Called<'a> {
    pub id: ValueId,
    pub callee: ValueId,
    pub arguments: Arguments<'a>,
    /// The object whose method is called.
    pub receiver: Option<ValueId>,
    /// The last segment of the callee.
    pub name: &'a str,
    /// The receiver, then the arguments.
    pub given: Vec<Given>,
}

/// Whether an identifier begins with a word: `get_user`, but not `getter`.
fn starts_with_word(name: &str, word: &str) -> bool {
    name.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_lowercase()))
}

impl<'p> Follower<'_, 'p> {
    /// What a call yields.
    pub fn call(
        &mut self,
        state: &mut State,
        id: ValueId,
        function: ValueId,
        arguments: Arguments<'p>,
    ) -> Val {
        let called = self.called(state, id, function, arguments);
        let own = self.own_targets(state, &called);
        let paths = self.paths(&called, own.as_ref());
        let is_sink = self.sinks(state, &called, &paths);
        if let Some(source) = self.source_call(&called, &paths) {
            return source;
        }
        if let Some(value) = self.cleaned(state, &called, &paths) {
            return value;
        }
        if let Some(Own::Class(file, class)) = own {
            return self.instance(state, &called, file, class);
        }
        if let Some(Own::Lambda(function)) = own {
            return self.lambda(state, &called, function);
        }
        if let Some(Own::Functions(targets)) = &own
            && !self.is_stored(&called)
            && let Some(value) = self.apply(state, id, targets, &called.given)
        {
            return value;
        }
        if is_sink {
            // What a file, a server or a database answers is not what it was asked.
            let models = self.world.project.models();
            let class = paths.iter().find_map(|path| models.returns(*path)).map(Type::External);
            return Val { class: class.or(Some(Type::External(path_hash("?")))), ..Val::default() };
        }
        if self.is_stored(&called) {
            return Val { class: Some(Type::External(path_hash("?"))), ..Val::default() };
        }
        if let Some(value) = self.builtin(state, &called) {
            return value;
        }
        self.unknown(state, &called, &paths)
    }

    fn called(
        &mut self,
        state: &mut State,
        id: ValueId,
        callee: ValueId,
        arguments: Arguments<'p>,
    ) -> Called<'p> {
        let receiver = match self.site.value(callee) {
            Value::Attribute(object, _) => Some(object),
            _ => None,
        };
        let name = self.site.last_segment(callee).unwrap_or("");
        let given = self.given(state, receiver, callee, arguments);
        Called { id, callee, arguments, receiver, name, given }
    }

    fn given(
        &mut self,
        state: &mut State,
        receiver: Option<ValueId>,
        callee: ValueId,
        arguments: Arguments<'p>,
    ) -> Vec<Given> {
        let object = receiver.map(|receiver| self.value(state, receiver)).unwrap_or_default();
        let place = receiver.unwrap_or(callee);
        let mut given = vec![Given { name: None, value: object, id: place, is_spread: false }];
        for id in arguments.positional().iter() {
            let is_spread = matches!(self.site.value(id), Value::Starred(_));
            given.push(Given { name: None, value: self.value(state, id), id, is_spread });
        }
        for (name, id) in arguments.keywords() {
            let is_spread = name == Name::NONE;
            let name = (!is_spread).then(|| self.site.module.names().hash(name));
            given.push(Given { name, value: self.value(state, id), id, is_spread });
        }
        given
    }

    /// The functions of the project that an expression is, with the arguments that it is called with.
    pub fn call_targets(
        &mut self,
        state: &mut State,
        function: ValueId,
        arguments: Arguments<'p>,
    ) -> Option<(Targets, Vec<Given>)> {
        let called = self.called(state, function, function, arguments);
        match self.own_targets(state, &called)? {
            Own::Functions(targets) => Some((targets, called.given)),
            _ => None,
        }
    }

    /// What of the project is called.
    fn own_targets(&mut self, state: &mut State, called: &Called<'p>) -> Option<Own> {
        let known = self.world.callees(self.site.file, called.callee);
        if !known.is_empty() {
            return Some(Own::Functions(known.to_vec()));
        }
        let callable = match self.site.value(called.callee) {
            Value::Attribute(object, name) => {
                let name = self.site.module.names().hash(name);
                let receiver = called.given.first()?;
                self.attribute_of(state, &receiver.value, called.callee, object, name).callable
            }
            Value::Name(..) | Value::Lambda(_) | Value::Item(..) => {
                self.value(&mut state.clone(), called.callee).callable
            }
            _ => None,
        };
        match callable? {
            Callable::Function(file, function) => Some(Own::Functions(vec![((file, function), false)])),
            Callable::Class(file, class) => Some(Own::Class(file, class)),
            Callable::Lambda(_, function) => Some(Own::Lambda(function)),
        }
    }

    /// The paths under which models may know what is called.
    fn paths(&self, called: &Called<'p>, own: Option<&Own>) -> Vec<u64> {
        let mut paths = self.world.paths_of(self.site, called.callee);
        if let Some(class) = called.given.first().and_then(|receiver| receiver.value.class) {
            let name = hash_text(called.name);
            let bases = self.world.project.external_bases(class);
            paths.extend(bases.iter().map(|&base| join_hash(base, name)));
        }
        if let Some(Own::Class(file, class)) = own {
            paths.extend(self.world.project.external_bases(Type::Class(*file, *class)).iter());
        }
        let is_known = !paths.is_empty() || own.is_some();
        if called.receiver.is_some() && !is_known {
            paths.push(join_hash(hash_text("?"), hash_text(called.name)));
        }
        paths
    }

    fn source_call(&mut self, called: &Called<'p>, paths: &[u64]) -> Option<Val> {
        let models = self.world.project.models();
        if !models.names_source(hash_text(called.name)) {
            return None;
        }
        let path = paths.iter().find(|path| models.source(**path).is_some())?;
        let threat = models.source(*path).filter(|threat| self.world.threats.contains(threat))?;
        let harmless = models.harmless_for(*path);
        let mut value = self.source(self.site.module.span(called.id), threat).cleared(harmless);
        if !harmless.is_empty() {
            // `request.build_absolute_uri(location)`: what it is given may be worse.
            value =
                Self::mixed([&value].into_iter().chain(called.given.iter().skip(1).map(|one| &one.value)));
        }
        value.class = models.returns(*path).map(Type::External);
        Some(value)
    }

    /// Whether a call asks a database: what it yields was stored before, and is not what was asked for.
    fn is_stored(&self, called: &Called<'p>) -> bool {
        let of_data = called.given.first().is_some_and(|receiver| !receiver.value.is_clean());
        let is_query = QUERIES.contains(&called.name) && called.receiver.is_some() && !of_data;
        if is_query && called.given.len() > 1 && called.given.iter().skip(1).all(|one| one.name.is_some()) {
            return true;
        }
        let mut open = called.receiver;
        while let Some(object) = open {
            match self.site.value(object) {
                Value::Attribute(inner, name) => {
                    if STORES.contains(&self.site.module.text(name)) {
                        return true;
                    }
                    open = Some(inner);
                }
                Value::Call(inner, _) => open = Some(inner),
                _ => return false,
            }
        }
        false
    }

    /// Reports what reaches the sinks that a call is; whether it is one.
    fn sinks(&mut self, state: &State, called: &Called<'p>, paths: &[u64]) -> bool {
        let models = self.world.project.models();
        let mut seen: Vec<Kind> = Vec::new();
        for sink in paths.iter().flat_map(|path| models.sinks_at(*path)) {
            if !self.world.kinds.contains(&sink.kind) || seen.contains(&sink.kind) {
                continue;
            }
            if !self.is_sink(sink, called) {
                continue;
            }
            seen.push(sink.kind);
            let value = Self::subject(sink, called);
            let site = SinkSite {
                file: self.site.file,
                value: called.id,
                kind: sink.kind,
                path: sink.path.clone(),
                library: sink.library.clone(),
                objects: sink.objects,
            };
            for mark in state.seen(value).all_marks() {
                if !mark.cleared.has(sink.kind) {
                    self.arrive(&mark, &site);
                }
            }
        }
        !seen.is_empty()
    }

    /// Whether a call is a sink, by its other arguments.
    fn is_sink(&self, sink: &Sink, called: &Called<'p>) -> bool {
        if let Some(filters) = &sink.filters {
            let given = self.site.keyword(called.arguments, filters);
            return !given.is_some_and(|given| self.holds_filter(given))
                && !self.is_filtered_later(called.id);
        }
        let Some(html) = sink.html else { return true };
        let names = ["content_type", "mimetype", "media_type", "content"];
        let given = names.iter().filter(|name| !sink.keywords.iter().any(|own| own == *name));
        let kind = { given }.find_map(|name| self.site.keyword(called.arguments, name));
        let text = kind.and_then(|kind| self.constant_of(kind));
        match (html, text) {
            (_, Some(Const::Str(text))) => text.contains("html"),
            (Html::Default, None) => {
                kind.is_none() && !self.is_typed_later(called.id) && !self.is_of_other_type(called.callee)
            }
            _ => false,
        }
    }

    /// What a sink minds of a call.
    fn subject(sink: &Sink, called: &Called<'p>) -> Val {
        let keyword = |name: &str| called.given.iter().find(|one| one.name == Some(hash_text(name)));
        let mut all: Vec<Val> = Vec::new();
        if sink.receiver {
            all.extend(called.given.first().map(|one| one.value.clone()));
        }
        all.extend(sink.keywords.iter().filter_map(|name| keyword(name)).map(|one| one.value.clone()));
        let positional: Vec<&Given> = called.given.iter().skip(1).filter(|one| one.name.is_none()).collect();
        for position in &sink.args {
            let before = positional.iter().take(position + 1);
            match before.clone().find(|one| one.is_spread) {
                // `**options` whose keys are known.
                Some(spread) if !sink.keywords.is_empty() && spread.value.has_names() => {
                    let names = sink.keywords.iter().map(|name| Key::Text(hash_text(name)));
                    all.extend(names.map(|name| spread.value.part(name)));
                }
                Some(spread) => all.push(spread.value.part(Key::Any)),
                None => all.extend(positional.get(*position).map(|one| one.value.clone())),
            }
        }
        if sink.kind == Kind::Command {
            let in_shell = match &sink.shell {
                Shell::Fixed(fixed) => *fixed,
                Shell::Keyword(name) => {
                    keyword(name).is_some_and(|one| one.value.constant.as_ref().is_none_or(Const::is_true))
                }
            };
            all = all.into_iter().map(|value| command(value, in_shell)).collect();
        }
        if sink.kind == Kind::Xss {
            // A list or dictionary becomes JSON.
            all.retain(|value| value.fields.is_none());
        }
        Self::mixed(&all)
    }

    /// An object that a class of the project makes.
    fn instance(
        &mut self,
        state: &mut State,
        called: &Called<'p>,
        file: FileId,
        class: crate::facts::ClassId,
    ) -> Val {
        let kind = Type::Class(file, class);
        let mut object = Val { class: Some(kind), ..Val::default() };
        let init = self.world.project.method(kind, hash_text("__init__"));
        if let Some(Entity::Function(owner, function)) = init {
            let target = (owner, function);
            let mut given = called.given.clone();
            if let Some(first) = given.first_mut() {
                first.value = object.clone();
            }
            if self.apply(state, called.id, &[(target, true)], &given).is_some()
                && let Some(summary) = self.summary_of(target)
                && let Some((_, own)) = summary.outs.iter().find(|(index, _)| *index == 0)
            {
                let parameters = self.bind(target, &given, true);
                object = self.object_of(state, own, &parameters);
                object.class = Some(kind);
            }
            return object;
        }
        // A class that lists its fields: a dataclass, a named tuple, a model.
        let names = self.field_names(file, class);
        let positional = called.given.iter().skip(1).filter(|one| one.name.is_none());
        for (one, name) in positional.zip(names) {
            object.set(Key::Field(name), one.value.clone());
        }
        for one in called.given.iter().skip(1) {
            if let Some(name) = one.name {
                object.set(Key::Field(name), one.value.clone());
            }
        }
        object
    }

    /// The annotated names of a class, in order.
    fn field_names(&self, file: FileId, class: crate::facts::ClassId) -> Vec<u64> {
        let Some(module) = self.world.project.module(file) else { return Vec::new() };
        let names = module.class_body(class).iter().filter_map(|id| match module.statement(id) {
            crate::facts::Statement::Annotated(target, ..) => match module.value(target) {
                Value::Name(name, _) => Some(module.names().hash(name)),
                _ => None,
            },
            _ => None,
        });
        names.collect()
    }

    /// Calls a lambda where it stands.
    fn lambda(&mut self, state: &mut State, called: &Called<'p>, function: FunctionId) -> Val {
        let module = self.site.module;
        let values = self.bind((self.site.file, function), &called.given, false);
        let mut inside = state.clone();
        for (parameter, value) in module.parameters(function).iter().zip(values) {
            inside.set(parameter.binding, value);
        }
        match module.lambda_body(function) {
            Some(body) => self.value(&mut inside, body),
            None => Val::default(),
        }
    }

    /// What a call yields that nothing is known of: it may be made from all that it is given.
    fn unknown(&mut self, state: &mut State, called: &Called<'p>, paths: &[u64]) -> Val {
        self.callbacks(state, called);
        let mut all: Vec<Val> = called.given.iter().map(|one| one.value.clone()).collect();
        let models = self.world.project.models();
        let carries = paths.iter().any(|path| models.carries(*path)) && !keeps_only(called);
        // A method of the data itself is no guess.
        let of_data = called.given.first().is_some_and(|receiver| !receiver.value.is_clean());
        let is_function = !of_data
            && !carries
            && called.receiver.is_none_or(|receiver| {
                self.site.resolve(receiver).is_some_and(|found| !matches!(found.entity, Entity::Variable(..)))
            });
        // What a method makes of the data that it belongs to is data; what is made of arguments may be anything.
        let is_lookup = !is_function || LOOKUPS.iter().any(|word| starts_with_word(called.name, word));
        let form = if is_lookup { Form::Found } else { Form::Object };
        for argument in all.iter_mut().skip(1).filter(|_| !carries) {
            argument.each_mark(&mut |mark| mark.form = form);
        }
        let mut value = Self::mixed(&all);
        let class = paths.iter().find_map(|path| models.returns(*path)).map(Type::External);
        value.class = class.or_else(|| is_function.then(|| Type::External(path_hash("?"))));
        if is_function {
            value.each_mark(&mut |mark: &mut Mark| mark.weak = true);
        }
        if value.marks.is_empty() || of_data { value } else { self.moved(value, Move::Through, called.id) }
    }

    /// A function that is given to another may be called with what is given beside it.
    fn callbacks(&mut self, state: &mut State, called: &Called<'p>) {
        let functions: Vec<Callable> = called.given.iter().filter_map(|one| one.value.callable).collect();
        if functions.is_empty() {
            return;
        }
        let data =
            Self::mixed(called.given.iter().filter(|one| one.value.callable.is_none()).map(|one| &one.value));
        if data.is_clean() {
            return;
        }
        for callable in functions {
            let one = |value: Val| Given { name: None, value, id: called.id, is_spread: false };
            let given = vec![one(Val::default()), one(data.clone())];
            match callable {
                Callable::Function(file, function) => {
                    self.apply(state, called.id, &[((file, function), false)], &given);
                }
                Callable::Lambda(_, function) => {
                    let called = Called { given, arguments: called.arguments, ..*called };
                    self.lambda(state, &called, function);
                }
                Callable::Class(..) => {}
            }
        }
    }

    /// Whether an expression is a call that never comes back.
    pub fn never_returns(&mut self, value: ValueId) -> bool {
        let value = match self.site.value(value) {
            Value::Await(inner) => inner,
            _ => value,
        };
        let Value::Call(callee, _) = self.site.value(value) else { return false };
        let models = self.world.project.models();
        if self.world.paths_of(self.site, callee).iter().any(|path| models.ends(*path)) {
            return true;
        }
        let targets = self.world.callees(self.site.file, callee);
        !targets.is_empty()
            && targets
                .iter()
                .all(|(target, _)| self.summary_of(*target).is_some_and(|summary| summary.never_returns))
    }
}

/// What of the project is called.
pub(super) enum Own {
    Functions(Targets),
    Class(FileId, crate::facts::ClassId),
    Lambda(FunctionId),
}

/// Whether a replacement takes away all but what its pattern lists, which may well be a check: `[^a-z]`.
fn keeps_only(called: &Called<'_>) -> bool {
    let pattern = called.given.get(1).and_then(|one| one.value.constant.as_ref());
    matches!(pattern, Some(Const::Str(pattern)) if pattern.contains("[^"))
}

/// What of a command line is dangerous: all of a text that a shell reads, else the program.
fn command(value: Val, in_shell: bool) -> Val {
    if in_shell {
        return Val::with_marks(value.all_marks());
    }
    if value.fields.is_none() {
        return Val::with_marks(value.marks);
    }
    let word = |index: i64| value.part(Key::Index(index));
    let is = |value: &Val, texts: &[&str]| match &value.constant {
        Some(Const::Str(text)) => texts.iter().any(|one| text.rsplit('/').next() == Some(one)),
        _ => false,
    };
    // `["sh", "-c", text]`.
    if is(&word(0), &["sh", "bash", "dash", "zsh", "ksh", "cmd", "cmd.exe", "powershell"]) {
        let all: Vec<Val> = (1..8).map(word).collect();
        let shell = all.iter().any(|one| is(one, &["-c", "-lc", "-ec", "/c", "/C", "-Command"]));
        return if shell { Val::with_marks(value.all_marks()) } else { Val::default() };
    }
    if value.length.is_none() && word(0).constant.is_none() && !value.marks.is_empty() {
        return Val::with_marks(value.marks.clone());
    }
    Val::with_marks(word(0).all_marks())
}
