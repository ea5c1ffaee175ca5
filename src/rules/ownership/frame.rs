//! A function on the way of a request: which of its variables come from the request, and which say who is calling.

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::is_who;
use crate::facts::{Arguments, BindingId, FunctionId, ParameterKind, Span, Statement, Value, ValueId};
use crate::project::Type;
use crate::rule::Site;

/// What functions make of a value from a request without looking anything up.
const CASTS: &[&str] = &[
    "int",
    "str",
    "UUID",
    "uuid",
    "ObjectId",
    "PydanticObjectId",
    "load",
    "loads",
    "parse",
    "parse_obj",
    "model_validate",
    "validate",
    "dict",
    "model_dump",
    "get",
    "pop",
    "strip",
    "lower",
    "getlist",
    "first",
    "get_json",
    "json",
    "form",
    "get_argument",
    "get_query_argument",
    "get_body_argument",
    "decode",
    "unquote",
    "to_python",
    "getone",
    "read",
    "post",
];
/// Parts of a request that clients shape.
const SHAPED: &[&str] = &[
    "args",
    "form",
    "json",
    "values",
    "GET",
    "POST",
    "data",
    "query_params",
    "view_args",
    "match_info",
    "path_params",
    "params",
    "query",
    "body",
    "get_json",
    "get_data",
    "forms",
    "rel_url",
    "arguments",
    "path_kwargs",
    "cleaned_data",
    "validated_data",
];

/// What was fetched.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Object {
    /// Its class, where that is one of the project.
    pub class: Option<Type>,
}

/// A function on the way of a request.
#[derive(Clone, Debug)]
pub(super) struct Frame<'p> {
    /// Its file.
    pub site: Site<'p>,
    /// The function.
    pub function: FunctionId,
    /// Variables from the request.
    pub asked: FxHashSet<BindingId>,
    /// Variables that say who is calling.
    pub known: FxHashSet<BindingId>,
    /// Variables that hold what was fetched.
    pub objects: FxHashMap<BindingId, Object>,
}

impl<'p> Frame<'p> {
    /// A function of whose variables nothing is known yet.
    pub fn new(site: Site<'p>, function: FunctionId) -> Frame<'p> {
        let empty = FxHashSet::default;
        Frame { site, function, asked: empty(), known: empty(), objects: FxHashMap::default() }
    }

    /// The statements of the function, those in blocks included.
    pub fn statements(&self) -> Vec<Statement<'p>> {
        let module = self.site.module;
        let mut found = Vec::new();
        module.walk_block(module.function_body(self.function), &mut |_, statement| found.push(statement));
        found
    }

    /// Follows assignments: what is from the request, and who is calling, under other names too.
    pub fn settle(&mut self) {
        for parameter in self.site.module.parameters(self.function) {
            let name = self.site.module.text(parameter.name);
            if parameter.kind == ParameterKind::Keywords {
                self.asked.insert(parameter.binding);
            } else if !self.asked.contains(&parameter.binding) && is_who(name) {
                self.known.insert(parameter.binding);
            }
        }
        let statements = self.statements();
        for _ in 0..2 {
            for statement in &statements {
                let (Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value))) =
                    *statement
                else {
                    continue;
                };
                let Value::Name(_, Some(binding)) = self.site.value(target) else { continue };
                if self.is_known(value) || self.tells_caller(target, value) {
                    self.known.insert(binding);
                } else if self.is_from_request(value) {
                    self.asked.insert(binding);
                }
            }
        }
    }

    /// `user = User.query.get(session["user_id"])`: the caller's own record.
    pub fn tells_caller(&self, target: ValueId, value: ValueId) -> bool {
        self.site.last_segment(target).is_some_and(is_who)
            && !self.mentions_asked(value)
            && (self.mentions_known(value)
                || matches!(self.site.value(value), Value::Call(..) | Value::Await(_)))
    }

    /// Whether an expression has in it who is calling.
    pub fn mentions_known(&self, value: ValueId) -> bool {
        self.site.module.values_within(value).any(|inner| self.is_known(inner))
    }

    /// Whether a part of the function is about who is calling: it says so, or calls something else that may.
    pub fn knows_within(&self, span: Span) -> bool {
        let module = self.site.module;
        let mut within = module.values().filter(|value| span.covers(module.span(*value)));
        within.any(|value| {
            self.is_known(value) || matches!(module.value(value), Value::Call(..) | Value::Str(_))
        })
    }

    /// Whether an expression has something from the request in it.
    pub fn mentions_asked(&self, value: ValueId) -> bool {
        self.site.module.values_within(value).any(|inner| self.is_asked(inner))
    }

    /// Whether an expression has something in it that was fetched.
    pub fn mentions_object(&self, value: ValueId) -> bool {
        self.site.module.values_within(value).any(|inner| self.is_object(inner))
    }

    fn is_object(&self, value: ValueId) -> bool {
        match self.site.value(value) {
            Value::Name(_, Some(binding)) => self.objects.contains_key(&binding),
            Value::Call(callee, _) => self.is_own_object(callee),
            _ => false,
        }
    }

    /// What was fetched, as far as an expression has it in it.
    pub fn object_in(&self, value: ValueId) -> Option<Object> {
        let mut inner = self.site.module.values_within(value);
        inner.find_map(|one| match self.site.value(one) {
            Value::Name(_, Some(binding)) => self.objects.get(&binding).copied(),
            _ if self.is_object(one) => Some(Object::default()),
            _ => None,
        })
    }

    /// `self.get_object`, `self.object`.
    pub fn is_own_object(&self, value: ValueId) -> bool {
        matches!(self.site.value(value), Value::Attribute(object, name)
            if self.site.last_segment(object) == Some("self")
                && matches!(self.site.module.text(name), "get_object" | "object"))
    }

    /// Whether an expression itself is from the request: a variable, or a part of the request.
    pub fn is_asked(&self, value: ValueId) -> bool {
        match self.site.value(value) {
            Value::Name(_, Some(binding)) => self.asked.contains(&binding),
            Value::Attribute(object, name) => {
                let name = self.site.module.text(name);
                SHAPED.contains(&name) && self.is_request(object)
                    || name == "kwargs" && self.site.last_segment(object) == Some("self")
            }
            Value::Call(callee, _) => match self.site.value(callee) {
                Value::Attribute(object, name) => {
                    let name = self.site.module.text(name);
                    matches!(name, "get_argument" | "get_query_argument" | "get_body_argument")
                        && self.site.last_segment(object) == Some("self")
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether an expression is the request: `request`, `self.request`.
    pub fn is_request(&self, value: ValueId) -> bool {
        matches!(self.site.last_segment(value), Some("request" | "req" | "websocket" | "context"))
    }

    /// Whether an expression is a value from the request and nothing else: no look-up, no answer of a function.
    fn is_from_request(&self, value: ValueId) -> bool {
        match self.site.value(value) {
            Value::Attribute(object, _) | Value::Item(object, _) => {
                self.is_asked(value) || self.is_from_request(object)
            }
            Value::Await(inner) | Value::Assigned(_, inner) => self.is_from_request(inner),
            Value::Boolean(_, items) => items.iter().any(|item| self.is_from_request(item)),
            Value::Call(callee, arguments) => {
                self.is_asked(value) || self.is_asked(callee) || self.is_cast(callee, arguments)
            }
            _ => self.is_asked(value),
        }
    }

    fn is_cast(&self, callee: ValueId, arguments: Arguments<'p>) -> bool {
        if !self.site.last_segment(callee).is_some_and(|name| CASTS.contains(&name)) {
            return false;
        }
        let of_object = match self.site.value(callee) {
            Value::Attribute(object, _) => self.is_from_request(object),
            _ => false,
        };
        of_object || arguments.positional().iter().any(|argument| self.is_from_request(argument))
    }
}

/// An argument and the name of the parameter it is given to, if it has one.
pub(super) fn given(arguments: Arguments<'_>) -> impl Iterator<Item = ValueId> {
    arguments.positional().iter().chain(arguments.keywords().map(|(_, value)| value))
}
