//! Where code puts a value under a name: assignments, entries, arguments, defaults, comparisons.

use rustc_hash::FxHashMap;

use super::names::{Class, class};
use super::texts;
use crate::facts::{
    Anchor, Arguments, CompareOperator, Comparison, FunctionId, Module, Name, ScopeKind, Span, Statement,
    StatementId, Value, ValueId, dict_items,
};

/// How a value meets its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `name = value`, `object.name = value`, `object["name"] = value`.
    Assigned,
    /// As [`Shape::Assigned`], by a local variable.
    Local,
    /// `{"name": value}`.
    Entry,
    /// `call(name=value)`.
    Argument,
    /// `def f(name=value)`.
    Default,
    /// `getenv("NAME", value)`.
    Fallback,
    /// `name == value`.
    Compared,
    /// In a text of its own: a URL, a header.
    Inside,
}

/// A value under a name that promises a secret.
pub(super) struct Candidate<'m> {
    pub name: &'m str,
    pub class: Class,
    pub value: ValueId,
    pub shape: Shape,
    pub anchor: Anchor,
}

/// Callables whose second argument is what the first one names, or what it falls back to.
const PAIRS: &[&str] = &[
    "getenv",
    "get",
    "pop",
    "setdefault",
    "getvar",
    "env",
    "environ",
    "config",
    "get_env",
    "get_config",
    "read_env",
    "env_str",
    "str",
    "setattr",
    "add_header",
    "putheader",
    "set_header",
    "append_header",
    "add",
    "set",
    "put",
    "setenv",
    "putenv",
    "set_option",
    "getattr",
];

/// Those of them that only set.
const SETTERS: &[&str] = &[
    "setattr",
    "add_header",
    "putheader",
    "set_header",
    "append_header",
    "add",
    "set",
    "put",
    "setenv",
    "putenv",
    "set_option",
];

/// Keywords whose values show what a value may look like.
const EXAMPLES: &[&str] = &["example", "examples", "json_schema_extra", "schema_extra"];

/// Of the positional arguments of a call, how many may be names.
const FARTHEST: usize = 4;

/// Looks for the candidates of a file.
pub(super) struct Walk<'m> {
    module: &'m Module,
    /// What names promise, once they are asked: most stand where no constant meets them.
    classes: FxHashMap<Name, Option<Class>>,
    found: Vec<Candidate<'m>>,
    /// Parts of the file that show what a value may look like.
    shown: Vec<Span>,
}

impl<'m> Walk<'m> {
    /// Every candidate, the surest shape of a value first.
    pub(super) fn run(module: &'m Module) -> Vec<Candidate<'m>> {
        let mut walk = Walk { module, classes: FxHashMap::default(), found: Vec::new(), shown: Vec::new() };
        for id in module.statements() {
            walk.statement(id);
        }
        for index in 0..module.functions().len() {
            for parameter in module.parameters(FunctionId(index as u32)) {
                if let Some(default) = parameter.default {
                    walk.add(parameter.name, default, Shape::Default, Anchor::Named(parameter.name, default));
                }
            }
        }
        for id in module.values() {
            walk.value(id);
        }
        let (mut found, shown) = (walk.found, walk.shown);
        if !shown.is_empty() {
            found.retain(|one| !shown.iter().any(|span| span.covers(module.span(one.value))));
        }
        found
    }

    fn class(&mut self, name: Name) -> Option<Class> {
        let text = self.module.text(name);
        *self.classes.entry(name).or_insert_with(|| class(text))
    }

    fn add(&mut self, name: Name, value: ValueId, shape: Shape, anchor: Anchor) {
        if self.may_hold(value)
            && let Some(class) = self.class(name)
        {
            self.found.push(Candidate { name: self.module.text(name), class, value, shape, anchor });
        }
    }

    /// Whether a text may come out of an expression; as cheap as can be.
    fn may_hold(&self, value: ValueId) -> bool {
        match self.module.value(value) {
            Value::Str(text) => !self.module.text(text).is_empty(),
            Value::Unknown
            | Value::None
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Attribute(..)
            | Value::Item(..)
            | Value::Compare(_)
            | Value::Dict(_)
            | Value::Lambda(_) => false,
            _ => true,
        }
    }

    fn statement(&mut self, id: StatementId) {
        let (Statement::Assign(target, value)
        | Statement::Annotated(target, _, Some(value))
        | Statement::Augmented(target, _, value)) = self.module.statement(id)
        else {
            return;
        };
        self.assignment(target, value, Anchor::Statement(id));
    }

    fn assignment(&mut self, target: ValueId, value: ValueId, anchor: Anchor) {
        match (self.module.value(target), self.module.value(value)) {
            (Value::Tuple(targets) | Value::List(targets), Value::Tuple(values) | Value::List(values))
                if targets.len() == values.len() =>
            {
                for (target, value) in targets.iter().zip(values.iter()) {
                    self.assignment(
                        target,
                        value,
                        name_of(self.module, target).map_or(anchor, |name| Anchor::Named(name, value)),
                    );
                }
            }
            _ => {
                let Some(name) = name_of(self.module, target) else { return };
                let shape = if self.is_local(target) { Shape::Local } else { Shape::Assigned };
                self.add(name, value, shape, anchor);
            }
        }
    }

    fn is_local(&self, target: ValueId) -> bool {
        let Value::Name(_, Some(binding)) = self.module.value(target) else { return false };
        let scope = self.module.binding(binding).and_then(|binding| self.module.scope(binding.scope));
        scope.is_some_and(|scope| matches!(scope.kind, ScopeKind::Function | ScopeKind::Expression))
    }

    fn value(&mut self, id: ValueId) {
        match self.module.value(id) {
            Value::Dict(items) => {
                for (key, value) in dict_items(items) {
                    if let Some(Value::Str(name)) = key.map(|key| self.module.value(key)) {
                        self.add(name, value, Shape::Entry, Anchor::Named(name, value));
                    }
                }
            }
            Value::Call(callee, arguments) => self.call(callee, arguments),
            Value::Compare(comparison) => self.comparison(comparison),
            Value::Assigned(target, value) => {
                if let Some(name) = name_of(self.module, target) {
                    self.add(name, value, Shape::Local, Anchor::Named(name, value));
                }
            }
            // `os.getenv("PASSWORD") or "…"`
            Value::Boolean(false, items) => {
                let mut items = items.iter();
                let name = items.next().and_then(|first| asked_name(self.module, first));
                let Some(name) = name else { return };
                items.for_each(|value| self.add(name, value, Shape::Fallback, Anchor::Named(name, value)));
            }
            Value::Str(text) if texts::is_candidate(self.module.text(text)) => self.inside(id, text),
            Value::Format(items) => {
                let text = |item| matches!(self.module.value(item), Value::Str(text) if texts::is_candidate(self.module.text(text)));
                if items.iter().any(text) {
                    self.inside(id, Name::NONE);
                }
            }
            _ => {}
        }
    }

    fn inside(&mut self, value: ValueId, name: Name) {
        let (class, anchor) = (Class::Header, Anchor::Value(value));
        self.found.push(Candidate {
            name: self.module.text(name),
            class,
            value,
            shape: Shape::Inside,
            anchor,
        });
    }

    fn call(&mut self, callee: ValueId, arguments: Arguments<'m>) {
        for (name, value) in arguments.keywords() {
            self.add(name, value, Shape::Argument, Anchor::Named(name, value));
            if matches!(self.module.value(value), Value::Dict(_) | Value::List(_) | Value::Tuple(_))
                && EXAMPLES.contains(&self.module.text(name))
            {
                self.shown.push(self.module.span(value));
            }
        }
        let positional = arguments.positional();
        if positional.len() == 2 && called(self.module, callee) == "compare_digest" {
            if let (Some(left), Some(right)) = (positional.get(0), positional.get(1)) {
                self.compared(left, right);
            }
            return;
        }
        let has_default = arguments.keywords().len() > 0;
        for (at, value) in positional.iter().enumerate().take(FARTHEST) {
            if let Value::Str(name) = self.module.value(value)
                && (has_default || at + 1 < positional.len())
                && self.class(name).is_some()
            {
                self.named(callee, arguments, at, name);
            }
        }
    }

    /// Names that are arguments themselves: `getenv("PASSWORD", "…")`, `add_argument("--password", default="…")`.
    fn named(&mut self, callee: ValueId, arguments: Arguments<'m>, at: usize, name: Name) {
        let function = called(self.module, callee);
        let default = arguments.keywords().find(|(name, _)| self.module.text(*name) == "default");
        let default = default.map(|(_, value)| value);
        let is_option = self.module.text(name).starts_with('-');
        let (value, shape) = if PAIRS.contains(&function) && at == usize::from(function.ends_with("etattr")) {
            let shape = if SETTERS.contains(&function) { Shape::Argument } else { Shape::Fallback };
            (arguments.positional().get(at + 1).or(default), shape)
        } else {
            (default.filter(|_| is_option), Shape::Default)
        };
        if let Some(value) = value {
            self.add(name, value, shape, Anchor::Named(name, value));
        }
    }

    fn comparison(&mut self, comparison: Comparison<'m>) {
        use CompareOperator::{Equal, In, NotEqual, NotIn};
        let Some((left, operator, right)) = comparison.single() else { return };
        if matches!(operator, Equal | NotEqual | In | NotIn) {
            self.compared(left, right);
        }
    }

    fn compared(&mut self, left: ValueId, right: ValueId) {
        for (named, value) in [(left, right), (right, left)] {
            let name = name_of(self.module, named).or_else(|| asked_name(self.module, named));
            if let Some(name) = name {
                self.add(name, value, Shape::Compared, Anchor::Named(name, value));
            }
        }
    }
}

/// The last name of what is called.
pub(super) fn called(module: &Module, callee: ValueId) -> &str {
    match module.value(callee) {
        Value::Name(name, _) | Value::Attribute(_, name) => module.text(name),
        _ => "",
    }
}

/// `name`, `object.name`, `object["name"]`.
fn name_of(module: &Module, target: ValueId) -> Option<Name> {
    match module.value(target) {
        Value::Name(name, _) | Value::Attribute(_, name) => Some(name),
        Value::Item(_, key) => match module.value(key) {
            Value::Str(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// The name that `getenv("NAME")`, `form.get("name")` and `environ["NAME"]` ask for.
fn asked_name(module: &Module, value: ValueId) -> Option<Name> {
    match module.value(value) {
        Value::Call(callee, arguments) => match (module.value(callee), arguments.positional().get(0)) {
            (Value::Attribute(object, name), None)
                if matches!(module.text(name), "encode" | "decode" | "strip") =>
            {
                name_of(module, object)
            }
            (_, Some(first))
                if arguments.positional().len() == 1 && PAIRS.contains(&called(module, callee)) =>
            {
                match module.value(first) {
                    Value::Str(name) => Some(name),
                    _ => None,
                }
            }
            _ => None,
        },
        Value::Item(..) => name_of(module, value),
        _ => None,
    }
}
