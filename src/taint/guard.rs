//! What a test says about data where it holds, and where it does not.

use super::follow::Follower;
use super::state::State;
use super::text::ends_host;
use super::value::{Const, Origin, Val};
use crate::facts::{
    Arguments, CompareOperator, Comparison, DefinitionKind, UnaryOperator, Value, ValueId, hash_text,
    join_hash,
};
use crate::models::{Effect, Kind, Kinds};

/// Methods that change nothing that a check minds.
const TRANSPARENT: [&str; 8] =
    ["lower", "upper", "strip", "casefold", "lstrip", "rstrip", "encode", "decode"];
/// Parts of an address that decide where it leads.
const HOSTS: [&str; 3] = ["netloc", "hostname", "host"];

impl<'p> Follower<'_, 'p> {
    /// What holds where a test came out as `truth`.
    pub fn refine(&mut self, mut state: State, test: ValueId, truth: bool) -> State {
        if state.is_dead {
            return state;
        }
        if !self.descend() {
            self.ascend();
            return state;
        }
        let refined = match self.site.value(test) {
            Value::Unary(UnaryOperator::Not, inner) => self.refine(state, inner, !truth),
            Value::Boolean(is_and, items) if is_and == truth => {
                items.iter().fold(state, |state, item| self.refine(state, item, truth))
            }
            Value::Boolean(_, items) => {
                // One of them decides, those before it did not.
                let mut end = State::dead();
                for item in items.iter() {
                    end = end.join(self.refine(state.clone(), item, truth));
                    state = self.refine(state, item, !truth);
                }
                end
            }
            Value::Compare(comparison) => {
                self.compare(&mut state, comparison, truth);
                state
            }
            Value::Call(callee, arguments) => {
                self.predicate(&mut state, callee, arguments, truth);
                state
            }
            Value::Assigned(target, inner) => {
                let state = self.refine(state, inner, truth);
                self.refine(state, target, truth)
            }
            Value::Await(inner) => self.refine(state, inner, truth),
            Value::Name(_, Some(binding)) => {
                let known = self.value(&mut state, test);
                let dead = known.constant.as_ref().is_some_and(|constant| constant.is_true() != truth);
                let definitions = self.site.module.definitions(binding);
                let refined = match definitions {
                    [only] if only.kind == DefinitionKind::Assigned && self.is_own(binding) => {
                        let value = ValueId(only.id);
                        match self.site.value(value) {
                            Value::Call(..) | Value::Compare(_) | Value::Boolean(..) | Value::Unary(..) => {
                                self.refine(state, value, truth)
                            }
                            _ => state,
                        }
                    }
                    _ => state,
                };
                let mut refined = if dead { State::dead() } else { refined };
                // What is empty holds nothing of anybody.
                if !truth && !refined.is_dead && !known.marks.is_empty() && self.is_own(binding) {
                    refined.set(binding, Val::default());
                }
                refined
            }
            _ => state,
        };
        self.ascend();
        refined
    }

    /// Notes that all data of an expression is harmless for some kinds from here on.
    pub fn clear_all(&mut self, state: &mut State, id: ValueId, kinds: Kinds) {
        let value = self.value(&mut state.clone(), id);
        clear_value(state, &value, kinds);
    }

    fn compare(&mut self, state: &mut State, comparison: Comparison<'_>, truth: bool) {
        let Some((left, operator, right)) = comparison.single() else { return };
        let (a, b) = (self.value(&mut state.clone(), left), self.value(&mut state.clone(), right));
        match operator {
            CompareOperator::Equal | CompareOperator::Is if truth => {
                self.equal(state, (left, &a), (right, &b));
            }
            CompareOperator::NotEqual | CompareOperator::IsNot if !truth => {
                self.equal(state, (left, &a), (right, &b));
            }
            CompareOperator::In | CompareOperator::NotIn => {
                let is_in = truth == (operator == CompareOperator::In);
                if is_in && b.is_clean() {
                    self.clear_subject(state, left, Kinds::ALL);
                } else if !is_in && let Some(Const::Str(text)) = &a.constant {
                    clear_value(state, &b, harmless_without(text));
                }
            }
            _ => {}
        }
    }

    /// Two values are the same: what nobody shaped vouches for the other.
    fn equal(&mut self, state: &mut State, (left, a): (ValueId, &Val), (right, b): (ValueId, &Val)) {
        if self.is_common_path(left) || self.is_common_path(right) {
            clear_value(state, a, Kinds::of(Kind::Path));
            return clear_value(state, b, Kinds::of(Kind::Path));
        }
        if b.is_clean() {
            self.clear_subject(state, left, Kinds::ALL);
        } else if a.is_clean() {
            self.clear_subject(state, right, Kinds::ALL);
        }
    }

    /// `os.path.commonpath([base, path]) == base`.
    fn is_common_path(&self, id: ValueId) -> bool {
        self.site.is_call_of(id, &["os.path.commonpath", "os.path.commonprefix"])
    }

    /// Clears what a check of an expression is about: itself, or what it is a part of.
    fn clear_subject(&mut self, state: &mut State, id: ValueId, kinds: Kinds) {
        match self.site.value(id) {
            Value::Name(..) | Value::Item(..) | Value::Assigned(..) => self.clear_all(state, id, kinds),
            Value::Attribute(object, name) => {
                let name = self.site.module.text(name);
                if HOSTS.contains(&name) {
                    let address = Kinds::of(Kind::Ssrf).and(Kinds::of(Kind::Redirect));
                    self.clear_all(state, object, address);
                } else if !matches!(name, "scheme" | "port" | "suffix" | "stem" | "content_type") {
                    self.clear_all(state, id, kinds);
                }
            }
            Value::Call(callee, arguments) => match self.site.value(callee) {
                Value::Attribute(object, name) if TRANSPARENT.contains(&self.site.module.text(name)) => {
                    self.clear_subject(state, object, kinds);
                }
                Value::Attribute(_, name) if self.site.module.text(name) == "get" => {
                    self.clear_all(state, id, kinds);
                }
                _ if self.site.is_any(callee, &["builtins.str", "builtins.int"]) => {
                    if let Some(inner) = arguments.positional().get(0) {
                        self.clear_subject(state, inner, kinds);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// A call that answers yes or no.
    fn predicate(&mut self, state: &mut State, callee: ValueId, arguments: Arguments<'p>, truth: bool) {
        let first = arguments.positional().get(0);
        // What the models know counts more than the code of a library that is part of the project.
        if self.known_predicate(state, callee, arguments, truth) {
            return;
        }
        if let Some(effects) = self.own_predicate(state, callee, arguments, truth) {
            for (origin, kinds) in effects {
                state.clear(origin, kinds);
            }
            return;
        }
        if self.site.is_any(callee, &["builtins.bool"]) {
            if let Some(first) = first {
                let before = std::mem::take(state);
                *state = self.refine(before, first, truth);
            }
            return;
        }
        if self.site.is_any(callee, &["builtins.isinstance"]) {
            if let (true, Some(first), Some(class)) = (truth, first, arguments.positional().get(1))
                && self.is_number_class(class)
            {
                self.clear_all(state, first, Kinds::ALL);
            }
            return;
        }
        if self.site.is_any(callee, &["builtins.any", "builtins.all"]) {
            if let Some(first) = first {
                let is_any = self.site.is_any(callee, &["builtins.any"]);
                self.for_each(state, first, is_any, truth);
            }
            return;
        }
        if let Some((true, subject)) = self.pattern_of(callee, arguments)
            && truth
        {
            self.clear_all(state, subject, Kinds::ALL);
        }
    }

    fn is_number_class(&self, class: ValueId) -> bool {
        let numbers = [
            "builtins.int",
            "builtins.float",
            "builtins.bool",
            "uuid.UUID",
            "decimal.Decimal",
            "datetime.date",
        ];
        match self.site.value(class) {
            Value::Tuple(items) => items.iter().all(|item| self.is_number_class(item)),
            _ => self.site.is_any(class, &numbers),
        }
    }

    /// `any(bad in text for bad in "…")`, `all(c in ALLOWED for c in text)`.
    fn for_each(&mut self, state: &mut State, generator: ValueId, is_any: bool, truth: bool) {
        let Value::Comprehension(comprehension) = self.site.value(generator) else { return };
        let Some((target, iterable, _)) = comprehension.clauses().next() else { return };
        let all = self.value(&mut state.clone(), iterable);
        if !is_any && truth && !all.is_clean() {
            // Each character passes the test.
            let mut inside = state.clone();
            self.assign(&mut inside, target, all.clone());
            let inside = self.refine(inside, comprehension.element(), true);
            for mark in all.all_marks() {
                let kinds = inside.cleared_of(mark.origin);
                state.clear(mark.origin, kinds);
            }
            return;
        }
        if is_any
            && !truth
            && let Some(texts) = self.texts_of(iterable)
        {
            let mut probe = state.clone();
            let Value::Compare(comparison) = self.site.value(comprehension.element()) else { return };
            let Some((left, CompareOperator::In, right)) = comparison.single() else { return };
            if self.site.module.span(left) == self.site.module.span(target)
                || self.site.last_segment(left) == self.site.last_segment(target)
            {
                let value = self.value(&mut probe, right);
                let kinds =
                    texts.iter().map(|text| harmless_without(text)).fold(Kinds::default(), Kinds::and);
                clear_value(state, &value, kinds);
            }
        }
    }

    /// The texts that a constant list holds, or the characters of a text.
    fn texts_of(&self, id: ValueId) -> Option<Vec<String>> {
        if let Some(Const::Str(text)) = self.constant_of(id) {
            return Some(text.chars().map(|character| character.to_string()).collect());
        }
        let items = match self.site.value(id) {
            Value::Set(items) => items.iter().collect(),
            _ => self.site.elements(id)?,
        };
        let text = |item| match self.constant_of(item) {
            Some(Const::Str(text)) => Some(text.to_string()),
            _ => None,
        };
        items.into_iter().map(text).collect()
    }

    /// A match against a pattern: whether it only lets harmless texts through, and what is matched.
    fn pattern_of(&self, callee: ValueId, arguments: Arguments<'p>) -> Option<(bool, ValueId)> {
        let name = self.site.last_segment(callee)?;
        if !matches!(name, "match" | "fullmatch" | "search") {
            return None;
        }
        let (pattern, subject) = if self.site.is_any(callee, &["re.match", "re.fullmatch", "re.search"]) {
            (self.site.argument(arguments, 0, "pattern")?, self.site.argument(arguments, 1, "string")?)
        } else {
            let Value::Attribute(object, _) = self.site.value(callee) else { return None };
            (self.compiled(object)?, self.site.argument(arguments, 0, "string")?)
        };
        let Some(Const::Str(pattern)) = self.constant_of(pattern) else { return Some((false, subject)) };
        Some((is_strict(&pattern, name), subject))
    }

    /// The pattern of a compiled expression.
    fn compiled(&self, object: ValueId) -> Option<ValueId> {
        let value = match self.site.value(object) {
            Value::Name(_, Some(binding)) => self.site.module.definitions(binding).first()?.value()?,
            _ => object,
        };
        match self.site.value(value) {
            Value::Call(callee, arguments) if self.site.is_any(callee, &["re.compile"]) => {
                self.site.argument(arguments, 0, "pattern")
            }
            _ => None,
        }
    }

    /// What the models know of a predicate, if they know it.
    fn known_predicate(
        &mut self,
        state: &mut State,
        callee: ValueId,
        arguments: Arguments<'p>,
        truth: bool,
    ) -> bool {
        let receiver = match self.site.value(callee) {
            Value::Attribute(object, _) => Some(object),
            _ => None,
        };
        let Some(name) = self.site.last_segment(callee) else { return false };
        if let (Some(receiver), true) = (receiver, truth) {
            match name {
                "startswith" => self.starts_with(state, receiver, arguments),
                "is_relative_to" => self.clear_all(state, receiver, Kinds::of(Kind::Path)),
                _ => {}
            }
        }
        // A path is checked for a second slash.
        if let (Some(receiver), false, "startswith") = (receiver, truth, name)
            && arguments.positional().get(0).and_then(|prefix| self.constant_of(prefix))
                == Some(Const::Str("//".into()))
        {
            self.clear_all(state, receiver, Kinds::of(Kind::Redirect));
        }
        let wanted = if truth { Effect::True } else { Effect::False };
        let models = self.world.project.models();
        let mut paths = self.world.paths_of(self.site, callee);
        paths.push(join_hash(hash_text("?"), hash_text(name)));
        let rows: Vec<_> = paths.iter().flat_map(|path| models.cleans(*path)).collect();
        let is_known = !rows.is_empty();
        for row in rows.into_iter().filter(|row| row.effect == wanted) {
            if row.receiver {
                if let Some(receiver) = receiver {
                    self.clear_all(state, receiver, row.kinds());
                }
                continue;
            }
            let positions = if row.args.is_empty() { vec![0] } else { row.args.clone() };
            let subjects = positions.into_iter().filter_map(|position| arguments.positional().get(position));
            let named = arguments.keywords().map(|(_, value)| value).take(1);
            for subject in subjects.chain(named).take(1) {
                self.clear_all(state, subject, row.kinds());
            }
        }
        is_known
    }

    fn starts_with(&mut self, state: &mut State, receiver: ValueId, arguments: Arguments<'p>) {
        let value = self.value(&mut state.clone(), receiver);
        let Some(prefix) = arguments.positional().get(0) else { return };
        let known = self.value(&mut state.clone(), prefix);
        if !known.is_clean() {
            return;
        }
        for mark in value.all_marks() {
            if mark.normal {
                state.clear(mark.origin, Kinds::of(Kind::Path));
            }
        }
        let constant = match &known.constant {
            Some(Const::Str(text)) => ends_host(text),
            _ => false,
        };
        if constant {
            clear_value(state, &value, Kinds::of(Kind::Ssrf).and(Kinds::of(Kind::Redirect)));
        }
    }

    /// What a function of the project that answers yes or no says about the arguments.
    fn own_predicate(
        &mut self,
        state: &mut State,
        callee: ValueId,
        arguments: Arguments<'p>,
        truth: bool,
    ) -> Option<Vec<(Origin, Kinds)>> {
        if let Some(is_known) = self.has_no_effect(callee) {
            return is_known.then(Vec::new);
        }
        let mut scratch = state.clone();
        if matches!(self.site.value(callee), Value::Name(..))
            && self.world.callees(self.site.file, callee).is_empty()
        {
            self.value(&mut scratch, callee).callable?;
        }
        let (targets, given) = self.call_targets(&mut scratch, callee, arguments)?;
        let mut effects: Option<Vec<(Origin, Kinds)>> = None;
        for (target, bound) in targets {
            let Some(summary) = self.summary_of(target) else { continue };
            let rows = if truth { &summary.truthy } else { &summary.falsy };
            let parameters = self.bind(target, &given, bound);
            let mut found = Vec::new();
            for (origin, kinds) in rows {
                let Origin::Parameter(index, path) = origin else { continue };
                let Some(value) = parameters.get(*index as usize) else { continue };
                found.extend(value.at(*path).all_marks().into_iter().map(|mark| (mark.origin, *kinds)));
            }
            effects = Some(match effects {
                None => found,
                Some(before) => before.into_iter().filter(|one| found.contains(one)).collect(),
            });
        }
        effects
    }

    /// Of a function of the project that says nothing about its arguments whether it has been followed at all.
    fn has_no_effect(&self, callee: ValueId) -> Option<bool> {
        let known = self.world.callees(self.site.file, callee);
        let summaries: Vec<_> = known.iter().filter_map(|(target, _)| self.summary_of(*target)).collect();
        let is_silent = summaries.iter().all(|one| one.truthy.is_empty() && one.falsy.is_empty());
        (!known.is_empty() && is_silent).then_some(!summaries.is_empty())
    }
}

/// Notes that all data of a value is harmless for some kinds.
pub(super) fn clear_value(state: &mut State, value: &Val, kinds: Kinds) {
    if kinds.is_empty() {
        return;
    }
    for mark in value.all_marks() {
        state.clear(mark.origin, kinds);
    }
}

/// For what a text is harmless that does not hold another.
fn harmless_without(text: &str) -> Kinds {
    let mut kinds = Kinds::default();
    if matches!(text, ".." | "../" | "/" | "/.." | "/../") {
        kinds = kinds.and(Kinds::of(Kind::Path));
    }
    if matches!(text, "'" | "\"") {
        kinds = kinds.and(Kinds::of(Kind::Sql));
    }
    if matches!(text, ";" | "&" | "|" | "$" | "`" | " ") {
        kinds = kinds.and(Kinds::of(Kind::Command));
    }
    if text == "<" {
        kinds = kinds.and(Kinds::of(Kind::Xss));
    }
    kinds
}

/// Whether a pattern only lets letters, digits and the like through, to the end of the text.
fn is_strict(pattern: &str, how: &str) -> bool {
    let ends = how == "fullmatch" || pattern.ends_with('$') || pattern.ends_with("\\Z");
    let starts = how != "search" || pattern.starts_with('^') || pattern.starts_with("\\A");
    let mut bare = String::new();
    let mut characters = pattern.chars();
    let mut in_class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('S' | 'D' | 'W') => return false,
                Some('s') => bare.push(' '),
                _ => {}
            },
            '[' => {
                in_class = true;
                if pattern.contains("[^") {
                    return false;
                }
            }
            ']' => in_class = false,
            '.' if !in_class => return false,
            _ => bare.push(character),
        }
    }
    ends && starts && !bare.contains(['\'', '"', ';', '<'])
}
