//! What an expression yields.

use std::sync::Arc;

use super::fold::{LONGEST_TEXT, compared, computed, sliced};
use super::follow::Follower;
use super::state::State;
use super::summary::Place;
use super::text::{Builder, leaves_host};
use super::value::{Callable, Const, Key, Move, Origin, Path, Step, Val, add_mark, step};
use crate::facts::{
    BinaryOperator, BindingId, Comparison, Comprehension, Items, ScopeKind, UnaryOperator, Value, ValueId,
    dict_items, hash_text,
};
use crate::project::{Constant, Entity, Type};

impl<'w> Follower<'w, '_> {
    /// What an expression yields. Sinks in it are reported.
    pub fn value(&mut self, state: &mut State, id: ValueId) -> Val {
        if !self.descend() {
            self.ascend();
            return Val::default();
        }
        let value = self.evaluate(state, id);
        self.ascend();
        value
    }

    fn evaluate(&mut self, state: &mut State, id: ValueId) -> Val {
        match self.site.value(id) {
            Value::None => Val::of(Const::None),
            Value::Bool(value) => Val::of(Const::Bool(value)),
            Value::Int(value) => Val::of(Const::Int(value)),
            Value::Str(name) => text_constant(self.site.module.text(name)),
            Value::Name(_, Some(binding)) => self.variable(state, binding, id),
            Value::Name(_, None) | Value::Lambda(_) => self.thing(id),
            Value::Attribute(object, name) => {
                let name = self.site.module.names().hash(name);
                self.attribute(state, id, object, name)
            }
            Value::Item(object, key) => self.item(state, object, key),
            Value::Call(callee, arguments) => self.call(state, id, callee, arguments),
            Value::Format(items) => self.built(state, id, items),
            Value::List(items) | Value::Tuple(items) => self.sequence(state, items),
            Value::Set(items) => {
                let all: Vec<ValueId> = items.iter().collect();
                self.collection(state, &all)
            }
            Value::Dict(items) => self.dictionary(state, items),
            Value::Starred(inner) | Value::Await(inner) | Value::YieldFrom(inner) => self.value(state, inner),
            Value::Yield(inner) => {
                let value = inner.map(|inner| self.value(state, inner)).unwrap_or_default();
                let mut generated = Val::default();
                generated.set(Key::Any, value);
                self.summary.returns = std::mem::take(&mut self.summary.returns).join(&generated);
                Val::default()
            }
            Value::Unary(UnaryOperator::Not, inner) => {
                let known = self.value(state, inner).constant.map(|constant| !constant.is_true());
                known.map_or_else(Val::default, |known| Val::of(Const::Bool(known)))
            }
            Value::Unary(operator, inner) => {
                let value = self.value(state, inner);
                match (operator, value.constant) {
                    (UnaryOperator::Minus, Some(Const::Int(number))) => {
                        Val::of(Const::Int(number.wrapping_neg()))
                    }
                    _ => Val::default(),
                }
            }
            Value::Boolean(is_and, items) => self.boolean(state, is_and, items),
            Value::Compare(comparison) => self.comparison(state, comparison),
            Value::Conditional(test, then, otherwise) => self.conditional(state, test, then, otherwise),
            Value::Assigned(target, inner) => {
                let value = self.value(state, inner);
                self.assign(state, target, value.clone());
                value
            }
            Value::Comprehension(comprehension) => self.comprehension(state, comprehension),
            Value::Binary(operator, left, right) => self.binary(state, id, operator, left, right),
            Value::Slice(_)
            | Value::Unknown
            | Value::Ellipsis
            | Value::OtherNumber
            | Value::Float(_)
            | Value::Bytes(_) => Val::default(),
        }
    }

    /// The constant that an expression is in every run.
    pub fn constant_of(&self, id: ValueId) -> Option<Const> {
        match self.site.constant(id)? {
            Constant::None => Some(Const::None),
            Constant::Bool(value) => Some(Const::Bool(value)),
            Constant::Int(value) => Some(Const::Int(value)),
            Constant::Str(text) => Some(Const::Str(Arc::from(&*text))),
            Constant::Float(_) | Constant::Bytes(_) => None,
        }
    }

    fn variable(&mut self, state: &mut State, binding: BindingId, id: ValueId) -> Val {
        let own = state.variables.get(&binding).cloned();
        let value = own.unwrap_or_else(|| self.outside(binding, id));
        state.seen(value)
    }

    /// A variable that this function has not set: of the module, or of a function around.
    pub fn outside(&mut self, binding: BindingId, id: ValueId) -> Val {
        if self.is_own(binding) && self.function.is_some() {
            return Val::default();
        }
        let module = self.site.module;
        let scope = module.binding(binding).and_then(|binding| module.scope(binding.scope));
        if scope.is_some_and(|scope| matches!(scope.kind, ScopeKind::Function | ScopeKind::Expression)) {
            let mut value = Val::marked(Self::mark(Origin::Free(binding, Path::WHOLE), None));
            value.callable = self.thing(id).callable;
            return value;
        }
        let mut value = self.thing(id);
        if let Some(left) = self.left(Place::Global(self.site.file, binding)) {
            value = value.join(left);
        }
        value
    }

    /// What other functions left somewhere.
    fn left(&mut self, place: Place) -> Option<&'w Val> {
        self.summary.asked.insert(place);
        self.world.left(place)
    }

    /// What a name or a path leads to: a function, a class, a constant, data of a module.
    fn thing(&mut self, id: ValueId) -> Val {
        if let Value::Lambda(function) = self.site.value(id) {
            return Val { callable: Some(Callable::Lambda(id, function)), ..Val::default() };
        }
        let Some(found) = self.site.resolve(id) else { return Val::default() };
        match found.entity {
            Entity::Function(file, function) => {
                Val { callable: Some(Callable::Function(file, function)), ..Val::default() }
            }
            Entity::Class(file, class) => {
                Val { callable: Some(Callable::Class(file, class)), ..Val::default() }
            }
            Entity::Variable(file, binding) => {
                let mut value = self.constant_of(id).map_or_else(Val::default, Val::of);
                if let Some(left) = self.left(Place::Global(file, binding)) {
                    value = value.join(left);
                }
                value.class = self.site.type_of(id);
                value
            }
            Entity::External(_) => Val { class: self.site.type_of(id), ..Val::default() },
            _ => Val::default(),
        }
    }

    fn attribute(&mut self, state: &mut State, id: ValueId, object: ValueId, name: u64) -> Val {
        // Nobody but the program chooses the class of an object.
        if name == hash_text("__class__") {
            return Val::default();
        }
        if let Some(source) = self.source_at(id, object, name) {
            // What has been read from it is checked like any other value.
            return state.seen(source);
        }
        let owner = self.value(state, object);
        if let Some(part) = self.member(&owner, name, id) {
            return state.seen(part);
        }
        let mut part = owner.part(Key::Field(name));
        if part.is_clean() && part.callable.is_none() && part.constant.is_none() {
            part = self.thing(id);
        }
        if let Some(Type::Class(file, class)) = owner.class.or_else(|| self.own_class(object))
            && let Some(left) = self.left(Place::Field(file, class, name))
        {
            part = part.join(left);
        }
        state.seen(part)
    }

    /// The class of `self`.
    pub fn own_class(&self, object: ValueId) -> Option<Type> {
        let Value::Name(_, Some(binding)) = self.site.value(object) else { return None };
        if self.parameters.get(&binding) != Some(&0) {
            return None;
        }
        let facts = self.function.and_then(|function| self.site.module.function(function))?;
        Some(Type::Class(self.site.file, facts.class?))
    }

    fn item(&mut self, state: &mut State, object: ValueId, key: ValueId) -> Val {
        let owner = self.value(state, object);
        if let Value::Slice(bounds) = self.site.value(key) {
            let bounds = bounds.map(|bound| bound.map(|bound| self.value(state, bound).constant));
            return sliced(&owner, &bounds);
        }
        let index = self.value(state, key);
        match &index.constant {
            Some(constant) => self.element(state, &owner, constant.key()),
            None => self.element(state, &owner, Key::Any),
        }
    }

    fn element(&mut self, state: &mut State, owner: &Val, key: Key) -> Val {
        if let (Some(Const::Str(text)), Key::Index(index)) = (&owner.constant, key) {
            let index = if index < 0 { index + count(text.chars().count()) } else { index };
            let character = usize::try_from(index).ok().and_then(|index| text.chars().nth(index));
            if let Some(character) = character {
                return Val::of(Const::Str(Arc::from(character.to_string())));
            }
        }
        let mut part = owner.part(key);
        part.class = part.class.or_else(|| self.element_class(owner));
        state.seen(part)
    }

    pub fn sequence(&mut self, state: &mut State, items: Items<'_>) -> Val {
        let all: Vec<ValueId> = items.iter().collect();
        if all.iter().any(|item| matches!(self.site.value(*item), Value::Starred(_))) {
            return self.collection(state, &all);
        }
        let mut list = Val::default();
        for (index, item) in all.iter().enumerate() {
            let value = self.value(state, *item);
            if index < 16 || !value.is_clean() {
                list.set(Key::at(index), value);
            }
        }
        list.length = Some(all.len() as u32);
        list.fields.get_or_insert_with(Arc::default);
        list
    }

    /// A collection in which positions do not count.
    fn collection(&mut self, state: &mut State, items: &[ValueId]) -> Val {
        let mut collection = Val::default();
        for item in items {
            let mut value = self.value(state, *item);
            if matches!(self.site.value(*item), Value::Starred(_)) {
                value = value.part(Key::Any);
            }
            collection.set(Key::Any, value);
        }
        collection
    }

    fn dictionary(&mut self, state: &mut State, items: Items<'_>) -> Val {
        let mut dictionary = Val::default();
        dictionary.fields.get_or_insert_with(Arc::default);
        for (key, value) in dict_items(items) {
            let value = self.value(state, value);
            match key {
                None => dictionary = dictionary.join(&value),
                Some(key) => {
                    let key = self.value(state, key);
                    let name = key.constant.as_ref().map_or(Key::Any, Const::key);
                    dictionary.set(name, value);
                }
            }
        }
        dictionary
    }

    fn boolean(&mut self, state: &mut State, is_and: bool, items: Items<'_>) -> Val {
        let mut result: Option<Val> = None;
        let mut inside = state.clone();
        for item in items.iter() {
            if inside.is_dead {
                break;
            }
            let value = self.value(&mut inside, item);
            let known = value.constant.as_ref().map(Const::is_true);
            let decides = known == Some(!is_and);
            // `x and y`: where x is true it is not what the whole yields.
            let is_passed_over = known == Some(is_and);
            let is_last = items.iter().next_back() == Some(item);
            if !is_passed_over || is_last {
                result = Some(result.map_or_else(|| value.clone(), |result| result.join(&value)));
            }
            if decides {
                break;
            }
            inside = self.refine(inside, item, is_and);
        }
        take_over(state, &inside);
        result.unwrap_or_default()
    }

    fn conditional(&mut self, state: &mut State, test: ValueId, then: ValueId, otherwise: ValueId) -> Val {
        let known = self.value(state, test).constant.map(|constant| constant.is_true());
        let mut when_true = self.refine(state.clone(), test, true);
        let mut when_false = self.refine(state.clone(), test, false);
        match known {
            Some(true) => self.value(&mut when_true, then),
            Some(false) => self.value(&mut when_false, otherwise),
            None => {
                let then = self.value(&mut when_true, then);
                let otherwise = self.value(&mut when_false, otherwise);
                if when_true.is_dead {
                    return otherwise;
                }
                if when_false.is_dead { then } else { then.join(&otherwise) }
            }
        }
    }

    fn comparison(&mut self, state: &mut State, comparison: Comparison<'_>) -> Val {
        let left = self.value(state, comparison.left());
        let mut rest = Vec::new();
        for (operator, right) in comparison.rest() {
            rest.push((operator, self.value(state, right)));
        }
        let [(operator, right)] = rest.as_slice() else { return Val::default() };
        let known = left.constant.as_ref().and_then(|left| compared(left, *operator, right));
        known.map_or_else(Val::default, |known| Val::of(Const::Bool(known)))
    }

    fn comprehension(&mut self, state: &mut State, comprehension: Comprehension<'_>) -> Val {
        let mut inside = state.clone();
        for (target, iterable, conditions) in comprehension.clauses() {
            let all = self.value(&mut inside, iterable);
            self.assign(&mut inside, target, all.part(Key::Any));
            for condition in conditions.iter() {
                self.value(&mut inside, condition);
                inside = self.refine(inside, condition, true);
            }
        }
        let element = self.value(&mut inside, comprehension.element());
        let element = match comprehension.value() {
            Some(value) => self.value(&mut inside, value),
            None => element,
        };
        let mut collection = Val::default();
        collection.set(Key::Any, element);
        collection
    }

    fn binary(
        &mut self,
        state: &mut State,
        id: ValueId,
        operator: BinaryOperator,
        left: ValueId,
        right: ValueId,
    ) -> Val {
        let (a, b) = (self.value(state, left), self.value(state, right));
        if let (Some(a), Some(b)) = (&a.constant, &b.constant)
            && let Some(result) = computed(a, operator, b)
        {
            return Val::of(result);
        }
        match operator {
            BinaryOperator::Add => self.added(id, a, &b, self.ends_host(left)),
            BinaryOperator::Modulo if self.is_text(left, &a) => {
                let template = match &a.constant {
                    Some(Const::Str(text)) => text.to_string(),
                    _ => String::new(),
                };
                let mut builder = Builder::new(self.site, id);
                builder.template(&template, &a, &b);
                builder.finish()
            }
            BinaryOperator::Divide => {
                // `folder / name` of paths.
                let mut builder = Builder::new(self.site, id);
                builder.part(&a);
                builder.part(&b);
                let mut result = builder.finish();
                result.class = a.class.or(b.class);
                result
            }
            BinaryOperator::Multiply | BinaryOperator::BitOr | BinaryOperator::Modulo => a.join(&b),
            _ => Val::default(),
        }
    }

    fn is_text(&self, id: ValueId, value: &Val) -> bool {
        matches!(value.constant, Some(Const::Str(_)))
            || matches!(self.site.value(id), Value::Str(_) | Value::Format(_))
            || !value.marks.is_empty()
    }

    fn added(&self, id: ValueId, left: Val, right: &Val, ends_host: bool) -> Val {
        if let (Some(first), Some(second)) = (left.length, right.length) {
            let mut list = left;
            for index in 0..i64::from(second) {
                list.set(Key::Index(i64::from(first) + index), right.part(Key::Index(index)));
            }
            list.length = Some(first + second);
            return list;
        }
        if left.fields.is_some() || right.fields.is_some() {
            let mut all = Val::default();
            all.set(Key::Any, left.part(Key::Any).join(&right.part(Key::Any)));
            return all;
        }
        let mut builder = Builder::new(self.site, id);
        builder.part(&left);
        builder.anchor(ends_host);
        builder.part(right);
        builder.finish()
    }

    /// Whether what comes behind a sum can no longer change the host of an address: `base + "/" + …`.
    fn ends_host(&self, mut sum: ValueId) -> bool {
        while let Value::Binary(BinaryOperator::Add, left, right) = self.site.value(sum) {
            if matches!(self.constant_of(right), Some(Const::Str(text)) if leaves_host(&text)) {
                return true;
            }
            sum = left;
        }
        false
    }

    /// `x += y`.
    pub fn augmented(&mut self, before: Val, more: &Val, target: ValueId, value: ValueId) -> Val {
        if let (Some(a), Some(b)) = (&before.constant, &more.constant)
            && let Some(result) = computed(a, BinaryOperator::Add, b)
            && let Value::Name(..) = self.site.value(target)
        {
            // Another operator than `+` on constants is not worth telling apart.
            return Val { constant: matches!(result, Const::Str(_)).then_some(result), ..Val::default() };
        }
        self.added(value, before, more, false)
    }

    fn built(&mut self, state: &mut State, id: ValueId, items: Items<'_>) -> Val {
        let mut parts = Vec::new();
        for item in items.iter() {
            parts.push(self.value(state, item));
        }
        let mut builder = Builder::new(self.site, id);
        for part in &parts {
            builder.part(part);
        }
        builder.finish()
    }

    /// Notes a step of the way of all data of a value.
    pub fn moved(&self, mut value: Val, what: Move, id: ValueId) -> Val {
        let span = self.site.module.span(id);
        let one = Step { what, file: self.site.file, span };
        value.each_mark(&mut |mark| mark.way = step(&mark.way, one));
        value
    }

    /// What several values shape together, where nothing is known of how.
    pub fn mixed<'v>(values: impl IntoIterator<Item = &'v Val>) -> Val {
        let mut marks = Vec::new();
        for value in values {
            value.all_marks().iter().for_each(|mark| add_mark(&mut marks, mark, false));
        }
        Val::with_marks(marks)
    }

    /// The variable that an expression is a part of, with the way to that part.
    pub fn place(&mut self, state: &mut State, id: ValueId) -> Option<(BindingId, Vec<Key>)> {
        match self.site.value(id) {
            Value::Name(_, binding) => Some((binding?, Vec::new())),
            Value::Attribute(object, name) => {
                let (binding, mut keys) = self.place(state, object)?;
                keys.push(Key::Field(self.site.module.names().hash(name)));
                Some((binding, keys))
            }
            Value::Item(object, key) => {
                let (binding, mut keys) = self.place(state, object)?;
                let constant = self.value(state, key).constant;
                keys.push(constant.as_ref().map_or(Key::Any, Const::key));
                Some((binding, keys))
            }
            _ => None,
        }
    }
}

/// Keeps what was assigned in a part of an expression that may not have run.
fn take_over(state: &mut State, inside: &State) {
    if Arc::ptr_eq(&inside.variables, &state.variables) {
        return;
    }
    let own = Arc::make_mut(&mut state.variables);
    for (binding, value) in inside.variables.iter() {
        own.entry(*binding).or_insert_with(|| value.clone());
    }
}

fn text_constant(text: &str) -> Val {
    if text.len() > LONGEST_TEXT { Val::default() } else { Val::of(Const::Str(Arc::from(text))) }
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}
