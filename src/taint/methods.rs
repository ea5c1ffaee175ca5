//! Methods of lists, dictionaries, texts and files in memory, and builtin functions that take them apart.

use std::sync::Arc;

use super::call::Called;
use super::follow::Follower;
use super::state::State;
use super::text::Builder;
use super::value::{Callable, Const, Key, Val};
use crate::facts::{Value, ValueId, hash_text};

/// Methods that put their arguments into their object.
const PUT: [&str; 14] = [
    "add",
    "appendleft",
    "extend",
    "extendleft",
    "feed",
    "put",
    "put_nowait",
    "push",
    "send",
    "set",
    "update",
    "write",
    "writelines",
    "writestr",
];

impl<'p> Follower<'_, 'p> {
    /// What a method or function that comes with Python yields; `None` for every other.
    pub fn builtin(&mut self, state: &mut State, called: &Called<'p>) -> Option<Val> {
        match called.receiver {
            Some(receiver) => self.method(state, called, receiver),
            None => self.function(state, called),
        }
    }

    fn argument(called: &Called<'p>, position: usize) -> Val {
        called.given.get(position + 1).map(|one| one.value.clone()).unwrap_or_default()
    }

    fn key(value: &Val) -> Key {
        value.constant.as_ref().map_or(Key::Any, Const::key)
    }

    fn method(&mut self, state: &mut State, called: &Called<'p>, receiver: ValueId) -> Option<Val> {
        let object = called.given.first().map(|one| one.value.clone()).unwrap_or_default();
        let first = Self::argument(called, 0);
        let count = called.given.len() - 1;
        match called.name {
            "append" => self.change(state, receiver, |list| append(list, first)),
            "insert" => {
                let value = Self::argument(called, 1);
                let index = match first.constant {
                    Some(Const::Int(index)) => Some(index),
                    _ => None,
                };
                self.change(state, receiver, |list| insert(list, index, value));
            }
            "pop" | "popleft" | "popitem" => {
                let key = match (called.name, count) {
                    ("popleft", _) => Key::Index(0),
                    (_, 0) => object.length.map_or(Key::Any, |length| Key::Index(i64::from(length) - 1)),
                    _ => Self::key(&first),
                };
                let popped = object.part(key).join(&Self::argument(called, 1));
                self.change(state, receiver, |list| remove(list, key));
                return Some(popped);
            }
            "remove" | "clear" | "sort" | "reverse" if object.length.is_some() => {
                let cleared = called.name == "clear";
                self.change(state, receiver, |list| scramble(list, cleared));
            }
            "get" | "getlist" if self.element_class(&object).is_some() => {
                let class = self.element_class(&object);
                return Some(Val { class, ..Val::with_marks(object.marks) });
            }
            "get" if object.fields.is_some() && count <= 2 && is_dictionary(&object) => {
                return Some(object.part(Self::key(&first)).join(&Self::argument(called, 1)));
            }
            // What is found by a key is not the key.
            "get" if count <= 2 && object.is_clean() => return Some(Self::argument(called, 1)),
            // `config.set("section", "key", value)`, `config.get("section", "key")`.
            "set" if count == 3 => {
                let key = pair(&first, &Self::argument(called, 1));
                let value = Self::argument(called, 2);
                self.change(state, receiver, |store| store.set(key, value));
            }
            "get" if count == 2 && object.fields.is_some() => {
                return Some(object.part(pair(&first, &Self::argument(called, 1))));
            }
            "setdefault" => {
                let key = Self::key(&first);
                let value = object.part(key).join(&Self::argument(called, 1));
                self.change(state, receiver, |dictionary| dictionary.set(key, value.clone()));
                return Some(object.part(key).join(&Self::argument(called, 1)));
            }
            "items" if count == 0 => {
                let mut both = Val::default();
                both.set(Key::Index(0), Val::with_marks(object.marks.clone()));
                both.set(Key::Index(1), object.part(Key::Any));
                let mut all = Val::default();
                all.set(Key::Any, both);
                return Some(all);
            }
            "values" if count == 0 => {
                let mut all = Val::default();
                all.set(Key::Any, object.part(Key::Any));
                return Some(all);
            }
            "keys" if count == 0 && object.fields.is_some() => return Some(Val::with_marks(object.marks)),
            "copy" if count == 0 => return Some(object),
            "join" if count == 1 => return Some(self.joined(called, &object, &first)),
            "format" => return Some(self.formatted(called, &object)),
            "getvalue" | "getbuffer" | "getvalues" if count == 0 => return Some(Self::mixed([&object])),
            "update" if count >= 1 => {
                let more: Vec<(Option<u64>, Val)> =
                    called.given.iter().skip(1).map(|one| (one.name, one.value.clone())).collect();
                self.change(state, receiver, |dictionary| update(dictionary, more));
            }
            name if PUT.contains(&name) && count > 0 => {
                let all = Self::mixed(called.given.iter().skip(1).map(|one| &one.value));
                if all.is_clean() {
                    return None;
                }
                self.change(state, receiver, |object| object.set(Key::Any, all));
            }
            "upper" | "lower" | "strip" | "lstrip" | "rstrip" | "title" | "capitalize" | "decode"
            | "encode" | "replace" | "removeprefix" | "removesuffix" | "expandtabs" | "ljust" | "rjust"
            | "zfill" | "swapcase" | "casefold" | "center" => {
                if object.is_clean() && object.callable.is_none() {
                    return None;
                }
                let mut text = Self::mixed(called.given.iter().map(|one| &one.value));
                text.class = None;
                return Some(text);
            }
            "split" | "rsplit" | "splitlines" | "partition" | "rpartition" if !object.is_clean() => {
                let mut all = Val::default();
                all.set(Key::Any, Val::with_marks(object.all_marks()));
                return Some(all);
            }
            _ => return None,
        }
        Some(Val::default())
    }

    fn joined(&mut self, called: &Called<'p>, separator: &Val, list: &Val) -> Val {
        let mut builder = Builder::new(self.site, called.id);
        if let Some(length) = list.length {
            for index in 0..i64::from(length) {
                if index > 0 {
                    builder.part(separator);
                }
                builder.part(&list.part(Key::Index(index)));
            }
        } else {
            builder.part(&list.part(Key::Any));
            builder.part(separator);
        }
        builder.finish()
    }

    /// `"… {} …".format(…)`.
    fn formatted(&mut self, called: &Called<'p>, object: &Val) -> Val {
        let mut builder = Builder::new(self.site, called.id);
        let Some(Const::Str(template)) = &object.constant else {
            called.given.iter().for_each(|one| builder.part(&one.value));
            return builder.finish();
        };
        let positional: Vec<&Val> =
            called.given.iter().skip(1).filter(|one| one.name.is_none()).map(|one| &one.value).collect();
        let mut index = 0;
        let mut pieces = template.split('{');
        builder.part(&Val::of(Const::Str(pieces.next().unwrap_or("").into())));
        for piece in pieces {
            let Some((field, rest)) = piece.split_once('}') else { continue };
            let name = field.split(['!', ':', '.', '[']).next().unwrap_or("");
            let value = match name.parse::<usize>() {
                Ok(number) => positional.get(number).map(|value| (*value).clone()),
                Err(_) if name.is_empty() => {
                    index += 1;
                    positional.get(index - 1).map(|value| (*value).clone())
                }
                Err(_) => {
                    let named = called.given.iter().find(|one| one.name == Some(hash_text(name)));
                    named
                        .or_else(|| called.given.iter().find(|one| one.is_spread))
                        .map(|one| one.value.clone())
                }
            };
            builder.part(&value.unwrap_or_default());
            builder.part(&Val::of(Const::Str(rest.into())));
        }
        builder.finish()
    }

    fn function(&mut self, state: &mut State, called: &Called<'p>) -> Option<Val> {
        let is_builtin = matches!(self.site.value(called.callee), Value::Name(_, None));
        if !is_builtin {
            return None;
        }
        let first = Self::argument(called, 0);
        match called.name {
            "list" | "tuple" | "sorted" | "reversed" | "set" | "frozenset" | "iter" | "deque" => {
                if first.length.is_some() && matches!(called.name, "list" | "tuple") {
                    return Some(first);
                }
                let mut all = Val::default();
                all.set(Key::Any, first.part(Key::Any));
                Some(all)
            }
            "next" | "max" | "min" => Some(first.part(Key::Any).join(&Self::argument(called, 1))),
            "dict" => {
                let mut dictionary = if called.given.len() > 1 && called.given.get(1)?.name.is_none() {
                    first
                } else {
                    Val { fields: Some(Arc::default()), ..Val::default() }
                };
                for one in called.given.iter().skip(1) {
                    if let Some(name) = one.name {
                        dictionary.set(Key::Text(name), one.value.clone());
                    }
                }
                Some(dictionary)
            }
            "enumerate" => {
                let mut both = Val::default();
                both.set(Key::Index(0), Val::default());
                both.set(Key::Index(1), first.part(Key::Any));
                let mut all = Val::default();
                all.set(Key::Any, both);
                Some(all)
            }
            "zip" => {
                let mut row = Val::default();
                for (index, one) in called.given.iter().skip(1).enumerate() {
                    row.set(Key::at(index), one.value.part(Key::Any));
                }
                let mut all = Val::default();
                all.set(Key::Any, row);
                Some(all)
            }
            "map" | "filter" => self.mapped(state, called),
            "getattr" => {
                let name = Self::argument(called, 1);
                let key = match &name.constant {
                    Some(Const::Str(text)) => Key::Field(hash_text(text)),
                    _ => Key::Any,
                };
                Some(first.part(key).join(&Self::argument(called, 2)))
            }
            "setattr" => {
                let name = Self::argument(called, 1);
                let key = match &name.constant {
                    Some(Const::Str(text)) => Key::Field(hash_text(text)),
                    _ => Key::Any,
                };
                let value = Self::argument(called, 2);
                let id = called.given.get(1)?.id;
                self.change(state, id, |object| object.set(key, value));
                Some(Val::default())
            }
            "print" | "range" | "type" | "vars" | "callable" | "super" => Some(Val::default()),
            _ => None,
        }
    }

    /// `map(function, list)`.
    fn mapped(&mut self, state: &mut State, called: &Called<'p>) -> Option<Val> {
        let element = Self::argument(called, 1).part(Key::Any);
        if called.name == "filter" {
            let mut all = Val::default();
            all.set(Key::Any, element);
            return Some(all);
        }
        let callable = called.given.get(1)?;
        let given = vec![
            super::apply::Given { name: None, value: Val::default(), id: called.id, is_spread: false },
            super::apply::Given { name: None, value: element.clone(), id: called.id, is_spread: false },
        ];
        let result = match callable.value.callable {
            Some(Callable::Function(file, function)) => {
                self.apply(state, called.id, &[((file, function), false)], &given)
            }
            Some(Callable::Lambda(_, function)) => {
                let mut inside = state.clone();
                let module = self.site.module;
                for (parameter, value) in module.parameters(function).iter().zip([element.clone()]) {
                    inside.set(parameter.binding, value);
                }
                module.lambda_body(function).map(|body| self.value(&mut inside, body))
            }
            _ => {
                let models = self.world.project.models();
                let paths = self.world.paths_of(self.site, callable.id);
                let is_clean = paths.iter().any(|path| {
                    models.makes_number(*path)
                        || models.cleans(*path).iter().any(|row| row.kinds() == crate::models::Kinds::ALL)
                });
                is_clean.then(Val::default)
            }
        };
        let mut all = Val::default();
        all.set(Key::Any, result.unwrap_or(element));
        Some(all)
    }

    /// Changes the object that an expression is.
    fn change(&mut self, state: &mut State, id: ValueId, change: impl FnOnce(&mut Val)) {
        let Some((binding, keys)) = self.place(state, id) else { return };
        let start = self.outside(binding, id);
        state.change(binding, &keys, start, change);
    }
}

fn pair(section: &Val, key: &Val) -> Key {
    match (&section.constant, &key.constant) {
        (Some(Const::Str(section)), Some(Const::Str(key))) => {
            Key::Text(hash_text(&format!("{section}\0{key}")))
        }
        _ => Key::Any,
    }
}

fn append(list: &mut Val, value: Val) {
    match list.length {
        Some(length) if length < 16 => {
            list.set(Key::Index(i64::from(length)), value);
            list.length = Some(length + 1);
        }
        _ => list.set(Key::Any, value),
    }
}

fn insert(list: &mut Val, index: Option<i64>, value: Val) {
    let (Some(length), Some(index)) = (list.length, index) else { return list.set(Key::Any, value) };
    let length = i64::from(length);
    let index = if index < 0 { (index + length).max(0) } else { index.min(length) };
    let mut parts: Vec<Val> = (0..length).map(|one| list.part(Key::Index(one))).collect();
    parts.insert(usize::try_from(index).unwrap_or(0).min(parts.len()), value);
    rebuild(list, parts);
}

fn remove(list: &mut Val, key: Key) {
    let (Some(length), Key::Index(index)) = (list.length, key) else {
        if let (Key::Text(_), Some(fields)) = (key, &mut list.fields) {
            Arc::make_mut(fields).remove(&key);
        }
        return;
    };
    let length = i64::from(length);
    let index = if index < 0 { index + length } else { index };
    let parts = (0..length).filter(|one| *one != index).map(|one| list.part(Key::Index(one))).collect();
    rebuild(list, parts);
}

/// The elements in an order that is not known.
fn scramble(list: &mut Val, cleared: bool) {
    let all = list.part(Key::Any);
    list.fields = Some(Arc::default());
    if cleared {
        list.length = Some(0);
        list.marks.clear();
    } else {
        list.set(Key::Any, all);
        list.length = None;
    }
}

fn rebuild(list: &mut Val, parts: Vec<Val>) {
    list.fields = Some(Arc::default());
    list.length = Some(parts.len() as u32);
    let length = list.length;
    for (index, part) in parts.into_iter().enumerate() {
        list.set(Key::at(index), part);
    }
    list.length = length;
}

fn update(dictionary: &mut Val, more: Vec<(Option<u64>, Val)>) {
    for (name, value) in more {
        match name {
            Some(name) => dictionary.set(Key::Text(name), value),
            None => match &value.fields {
                Some(fields) if value.marks.is_empty() => {
                    for (key, part) in fields.iter() {
                        dictionary.set(*key, part.clone());
                    }
                }
                _ => dictionary.set(Key::Any, value.part(Key::Any)),
            },
        }
    }
}

/// Whether an object is a dictionary, as far as its keys tell.
fn is_dictionary(object: &Val) -> bool {
    object.length.is_none()
        && object
            .fields
            .iter()
            .flat_map(|fields| fields.keys())
            .all(|key| matches!(key, Key::Text(_) | Key::Index(_) | Key::Any))
}
