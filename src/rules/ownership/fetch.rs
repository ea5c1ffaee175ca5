//! Where an object is fetched by an id from the request, in the ways of each library.

use super::frame::{Frame, Object, given};
use super::names::is_scoped;
use crate::facts::{
    Anchor, Arguments, BinaryOperator, CompareOperator, Name, Span, Statement, Value, ValueId, dict_items,
};
use crate::project::{Entity, FileId, Type};
use crate::rule::Site;

/// Functions that look for one object and answer 404 where there is none; the class is their first argument.
const OR_404: &[&str] =
    &["get_object_or_404", "aget_object_or_404", "get_or_404", "one_or_404", "first_or_404"];
/// Functions and methods that start a statement about a class.
const STARTS: &[&str] = &["select", "query", "update", "delete"];
/// Methods that look for objects.
const LOOKS: &[&str] = &[
    "get",
    "aget",
    "get_or_404",
    "get_or_none",
    "get_by_id",
    "get_one",
    "get_one_or_none",
    "find_one",
    "find",
    "filter",
    "filter_by",
    "where",
    "first_or_404",
    "get_by",
    "fetch",
    "by_id",
    "get_object_or_404",
    "find_by_id",
    "get_or_fail",
    "objects",
];
/// Methods of sessions whose first argument is the class.
const SESSION_LOOKS: &[&str] = &["get", "get_one", "get_or_404", "find_one", "find", "aget", "one_or_404"];
const USER_MODEL: &[&str] = &["django.contrib.auth.get_user_model"];
/// Fields whose values nobody can guess, or that name what is public.
const OPEN_KEYS: &[&str] = &[
    "token",
    "secret",
    "hash",
    "code",
    "key",
    "slug",
    "username",
    "email",
    "name",
    "signature",
    "nonce",
    "domain",
    "path",
    "type",
    "status",
    "date",
];

/// What is fetched.
#[derive(Clone, Copy, Debug)]
pub(super) enum Model {
    /// Objects of a class of the project, or of a library.
    Class(Type),
    /// Of a collection or table, which has no class here.
    Unknown,
}

/// An object that is fetched by an id from the request.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    pub file: FileId,
    pub span: Span,
    pub anchor: Anchor,
    pub model: Model,
    /// Its class, collection or table, as written.
    pub name: String,
    /// What the id is called in the request.
    pub parameter: String,
    /// Whether a view of the framework does it.
    pub is_generic: bool,
}

impl Fetch {
    /// What is fetched, as variables hold it.
    pub fn object(&self) -> Object {
        match self.model {
            Model::Class(class @ Type::Class(..)) => Object { class: Some(class) },
            _ => Object::default(),
        }
    }
}

/// A condition: the field and what it is compared with.
pub(super) struct Condition {
    pub field: String,
    pub value: ValueId,
}

/// What a chain of calls asks for: `Order.query.filter_by(id=order_id).first()`.
#[derive(Default)]
pub(super) struct Chain {
    pub model: Option<(Model, String)>,
    pub conditions: Vec<Condition>,
    pub methods: Vec<String>,
    pub is_unclear: bool,
}

impl Chain {
    /// Of a class that a library defines only where it is surely one whose objects are kept.
    fn of(mut self, model: (Model, String)) -> Option<Chain> {
        let keeps =
            |name: &String| matches!(name.as_str(), "objects" | "query" | "all_objects" | "_default_manager");
        let is_sure = !matches!(model.0, Model::Class(Type::External(_))) || self.methods.iter().any(keeps);
        self.model = Some(model);
        is_sure.then_some(self)
    }
}

impl<'p> Frame<'p> {
    /// What is fetched here by an id from the request; what variables hold it is noted.
    pub fn fetches(&mut self) -> Vec<Fetch> {
        let mut found = Vec::new();
        for statement in self.statements() {
            for root in self.site.module.roots(statement) {
                let here = self.fetches_in(root);
                if let Statement::Assign(target, _) | Statement::Annotated(target, ..) = statement
                    && !here.is_empty()
                    && let Value::Name(_, Some(binding)) = self.site.value(target)
                {
                    self.objects.insert(binding, here.first().map(Fetch::object).unwrap_or_default());
                }
                found.extend(here);
            }
        }
        found
    }

    fn fetches_in(&mut self, root: ValueId) -> Vec<Fetch> {
        let mut found: Vec<Fetch> = Vec::new();
        let mut seen: Vec<Span> = Vec::new();
        for value in self.site.module.values_within(root).collect::<Vec<_>>() {
            let span = self.site.module.span(value);
            if let Value::Assigned(target, inner) = self.site.value(value)
                && let Value::Name(_, Some(binding)) = self.site.value(target)
                && let Some(first) = self.fetches_in(inner).first()
            {
                self.objects.insert(binding, first.object());
            }
            if !matches!(self.site.value(value), Value::Call(..)) || seen.iter().any(|one| one.covers(span)) {
                continue;
            }
            let Some(chain) = self.chain(value) else { continue };
            seen.push(span);
            found.extend(self.fetch(value, chain));
        }
        found
    }

    /// A chain as a fetch, where what it asks for is an id from the request and nothing narrower.
    fn fetch(&self, value: ValueId, chain: Chain) -> Option<Fetch> {
        let (model, name) = chain.model?;
        if chain.is_unclear || chain.methods.iter().any(|method| is_scoped(method)) {
            return None;
        }
        let mut id = None;
        for condition in &chain.conditions {
            let is_asked = self.mentions_asked(condition.value);
            let is_open = OPEN_KEYS.contains(&condition.field.as_str());
            if is_asked && is_id(&condition.field, &name) {
                id = id.or(Some(condition.value));
            } else if is_asked && is_open || !is_asked && !self.is_plain(condition.value) {
                return None;
            }
        }
        Some(Fetch {
            file: self.site.file,
            span: self.site.module.span(value),
            anchor: Anchor::Value(value),
            model,
            name,
            parameter: self.parameter(id?),
            is_generic: false,
        })
    }

    /// Whether a value narrows nothing to the caller: a constant, or a name in capitals.
    fn is_plain(&self, value: ValueId) -> bool {
        let is_constant =
            self.site.constant(value).is_some() || matches!(self.site.value(value), Value::None);
        let name = self.site.last_segment(value).unwrap_or_default();
        is_constant
            || name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_numeric()) && !name.is_empty()
    }

    /// What people call the id: the variable, or the key under which it stands in the request.
    fn parameter(&self, value: ValueId) -> String {
        let mut name = None;
        for inner in self.site.module.values_within(value) {
            let key = match self.site.value(inner) {
                Value::Name(text, _) if self.is_asked(inner) => {
                    name = name.or(Some(self.site.module.text(text)));
                    None
                }
                Value::Attribute(object, text) if self.is_asked(object) => {
                    return self.site.module.text(text).to_owned();
                }
                // `request.args["id"]`, `request.args.get("id")`
                Value::Item(object, key) if self.mentions_asked(object) => Some(key),
                Value::Call(callee, arguments) => match self.site.value(callee) {
                    Value::Attribute(object, _) if self.mentions_asked(object) => {
                        arguments.positional().get(0)
                    }
                    _ => None,
                },
                _ => None,
            };
            if let Some(Value::Str(text)) = key.map(|key| self.site.value(key)) {
                return self.site.module.text(text).to_owned();
            }
        }
        name.unwrap_or("id").to_owned()
    }

    /// A call as a chain that starts at a class, a statement about one, a collection or a table.
    fn chain(&self, value: ValueId) -> Option<Chain> {
        let Value::Call(callee, arguments) = self.site.value(value) else { return None };
        let name = self.site.last_segment(callee)?;
        let first = arguments.positional().get(0);
        if OR_404.contains(&name)
            && let Some(mut chain) = first.and_then(|first| self.start(first))
        {
            self.conditions(arguments, 1, &mut chain);
            return Some(chain);
        }
        if matches!(self.site.value(callee), Value::Attribute(..))
            && SESSION_LOOKS.contains(&name)
            && let Some(model) = first.and_then(|first| self.class(first))
        {
            let mut chain = Chain { model: Some(model), ..Chain::default() };
            self.conditions(arguments, 1, &mut chain);
            return Some(chain);
        }
        self.document(callee, arguments)
            .or_else(|| self.statement_text(callee, arguments))
            .or_else(|| self.start(value))
            .filter(|chain| !chain.methods.is_empty() || !chain.conditions.is_empty())
    }

    /// Follows a chain down to where it starts.
    fn start(&self, value: ValueId) -> Option<Chain> {
        let mut chain = Chain::default();
        let mut open = value;
        for _ in 0..32 {
            match self.site.value(open) {
                Value::Await(inner) => open = inner,
                Value::Call(callee, arguments) => {
                    let name = self.site.last_segment(callee)?;
                    let first = arguments.positional().get(0);
                    if STARTS.contains(&name)
                        && let Some(model) = first.and_then(|first| self.queried(first))
                    {
                        chain.model = Some(model);
                        self.conditions(arguments, 1, &mut chain);
                        return Some(chain);
                    }
                    let Value::Attribute(object, _) = self.site.value(callee) else { return None };
                    self.link(name, arguments, &mut chain);
                    open = object;
                }
                Value::Attribute(object, name) => {
                    if let Some(model) = self.class(open) {
                        return chain.of(model);
                    }
                    chain.methods.push(self.site.module.text(name).to_owned());
                    open = object;
                }
                Value::Name(_, Some(binding)) => {
                    if let Some(model) = self.class(open) {
                        return chain.of(model);
                    }
                    // `query = Order.query`, and more of it in the next line.
                    let [only] = self.site.module.definitions(binding) else { return None };
                    open = only.value().filter(|value| *value != open)?;
                }
                _ => return None,
            }
        }
        None
    }

    /// A method in the middle of a chain.
    fn link(&self, name: &str, arguments: Arguments<'p>, chain: &mut Chain) {
        const HARMLESS: &[&str] = &["update", "aupdate", "values", "set", "options"];
        chain.methods.push(name.to_owned());
        if LOOKS.contains(&name) {
            self.conditions(arguments, 0, chain);
        } else if arguments.keywords().len() > 0 || given(arguments).any(|one| self.mentions_asked(one)) {
            chain.is_unclear |= !HARMLESS.contains(&name);
        }
    }

    /// What a statement is about: a class, or one of its columns.
    fn queried(&self, value: ValueId) -> Option<(Model, String)> {
        self.class(value).or_else(|| match self.site.value(value) {
            Value::Attribute(object, _) => self.class(object),
            _ => None,
        })
    }

    /// The class that an expression names, as far as it is one whose objects are kept.
    pub fn class(&self, value: ValueId) -> Option<(Model, String)> {
        let name = self.site.last_segment(value)?;
        if let Some(class) = class_of(self.site, value) {
            return Some((Model::Class(class), name.to_owned()));
        }
        // `User = get_user_model()`
        let Some(Entity::Variable(file, binding)) = self.site.resolve(value).map(|found| found.entity) else {
            return None;
        };
        let owner = Site::new(self.site.project, file)?;
        let [only] = owner.module.definitions(binding) else { return None };
        let is_users = owner.is_call_of(only.value()?, USER_MODEL);
        is_users.then(|| (Model::Unknown, "User".to_owned()))
    }

    /// What the arguments of a look-up ask for.
    fn conditions(&self, arguments: Arguments<'p>, skipped: usize, chain: &mut Chain) {
        for (name, value) in arguments.keywords() {
            if name == Name::NONE {
                chain.is_unclear |= !self.is_asked(value);
                continue;
            }
            let name = self.site.module.text(name);
            match self.site.value(value) {
                // `get(Order, {"id": 1})`, `options=…`.
                _ if matches!(name, "options" | "with_for_update" | "description" | "session" | "db") => {}
                Value::Dict(_) => self.entries(value, chain),
                _ => chain.conditions.push(Condition { field: name.to_owned(), value }),
            }
        }
        for argument in arguments.positional().iter().skip(skipped) {
            self.condition(argument, chain);
        }
    }

    fn condition(&self, value: ValueId, chain: &mut Chain) {
        match self.site.value(value) {
            Value::Compare(comparison) => {
                let Some((left, operator, right)) = comparison.single() else { return };
                if operator == CompareOperator::Equal {
                    let (field, value) =
                        if self.mentions_asked(left) { (right, left) } else { (left, right) };
                    let field = self.site.last_segment(field).unwrap_or("id").to_owned();
                    chain.conditions.push(Condition { field, value });
                } else if self.site.constant(right).is_none() {
                    chain.is_unclear |= !self.mentions_asked(right) && !self.is_plain(right);
                }
            }
            Value::Binary(BinaryOperator::BitAnd, left, right) => {
                self.condition(left, chain);
                self.condition(right, chain);
            }
            Value::Call(callee, arguments) => match self.site.last_segment(callee) {
                Some("Q" | "and_" | "or_") => self.conditions(arguments, 0, chain),
                Some("eq" | "in_" | "__eq__") => {
                    let Value::Attribute(field, _) = self.site.value(callee) else { return };
                    let field = self.site.last_segment(field).unwrap_or("id").to_owned();
                    let value = arguments.positional().get(0);
                    chain.conditions.extend(value.map(|value| Condition { field, value }));
                }
                _ => self.bare(value, chain),
            },
            Value::Dict(_) => self.entries(value, chain),
            _ => self.bare(value, chain),
        }
    }

    /// An argument that is the id itself.
    fn bare(&self, value: ValueId, chain: &mut Chain) {
        if self.mentions_asked(value) {
            chain.conditions.push(Condition { field: "id".to_owned(), value });
        } else if !self.is_plain(value) {
            chain.is_unclear = true;
        }
    }

    /// The entries of a dictionary as conditions.
    pub fn entries(&self, value: ValueId, chain: &mut Chain) {
        let Value::Dict(items) = self.site.value(value) else { return };
        for (key, value) in dict_items(items) {
            let key = key.and_then(|key| self.site.constant(key));
            match key.as_ref().and_then(|key| key.as_str()) {
                Some(field) => chain.conditions.push(Condition { field: field.to_owned(), value }),
                None => chain.is_unclear = true,
            }
        }
    }
}

/// Whether a field is the id of an object of this class: `pk`, `id`, `order_id` of an `Order`.
fn is_id(field: &str, class: &str) -> bool {
    let field = field.strip_suffix("__exact").or_else(|| field.strip_suffix("__in")).unwrap_or(field);
    let plain = |text: &str| text.replace('_', "").to_ascii_lowercase();
    let class = plain(class);
    let own = ["_id", "_pk", "_uuid", "_no", "_number", "id"].iter().any(|end| {
        field.strip_suffix(end).is_some_and(|stem| !stem.is_empty() && class.contains(&plain(stem)))
    });
    matches!(field, "id" | "pk" | "_id" | "uuid" | "guid" | "number" | "public_id" | "ident" | "object_id")
        || own
}

/// The class that an expression names: one of the project, or one of a library that is written like a class.
pub(super) fn class_of(site: Site<'_>, value: ValueId) -> Option<Type> {
    if !matches!(site.value(value), Value::Name(..) | Value::Attribute(..)) {
        return None;
    }
    match site.resolve(value).map(|found| found.entity) {
        Some(Entity::Class(file, class)) => Some(Type::Class(file, class)),
        Some(Entity::External(path)) => {
            let name = site.last_segment(value)?;
            let is_class = name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase);
            is_class.then_some(Type::External(path))
        }
        _ => None,
    }
}
