//! What the claims of a token are made of, and whether an expiry is among them.

use crate::facts::{
    Arguments, BinaryOperator, BindingId, DefinitionKind, FunctionId, Name, Statement, Value, ValueId,
    dict_items,
};
use crate::finding::Confidence;
use crate::project::{Constant, Entity, FileId, Project};
use crate::rule::{Call, Hit, Site};
use crate::rules::settings::configuration::{Entry, entries};

/// The most steps that are taken for one answer.
const FUEL: u32 = 200;

/// Settings for how long a token lasts, where `False` or `None` means for ever.
const LIFETIMES: &[&str] = &["JWT_ACCESS_TOKEN_EXPIRES", "JWT_REFRESH_TOKEN_EXPIRES"];

/// Calls that a dictionary may be handed to without being changed.
const READERS: &[&str] = &[
    "print",
    "len",
    "str",
    "repr",
    "dict",
    "dumps",
    "copy",
    "deepcopy",
    "debug",
    "info",
    "warning",
    "error",
    "pprint",
    "isinstance",
    "sorted",
    "list",
    "encode",
];

/// What is known of the expiry of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Expiry {
    /// All claims are known, and none says when it ends.
    Never,
    /// Some claims are not in sight.
    Unknown,
    /// There is one.
    Set,
}

/// What is known of the expiry among these claims, which `usage` signs.
pub(super) fn expiry(site: Site<'_>, claims: ValueId, usage: ValueId) -> Expiry {
    Search { usage, fuel: FUEL }.of(site, claims)
}

struct Search {
    /// The call that signs.
    usage: ValueId,
    fuel: u32,
}

impl Search {
    fn of(&mut self, site: Site<'_>, claims: ValueId) -> Expiry {
        let Some(fuel) = self.fuel.checked_sub(1) else { return Expiry::Unknown };
        self.fuel = fuel;
        match site.value(claims) {
            Value::Dict(items) => {
                let items: Vec<_> = dict_items(items).collect();
                self.all(items.into_iter(), |search, (key, value)| match key {
                    Some(key) => of_key(site, key),
                    None => search.of(site, value),
                })
            }
            Value::Binary(BinaryOperator::BitOr, left, right) => {
                self.all([left, right].into_iter(), |search, part| search.of(site, part))
            }
            Value::Conditional(_, then, otherwise) => {
                self.all([then, otherwise].into_iter(), |search, part| search.of(site, part))
            }
            Value::Call(callee, arguments) => self.of_call(site, callee, arguments),
            Value::Name(_, Some(binding)) => self.of_name(site, claims, binding),
            Value::Attribute(..) => match site.bound(claims) {
                Some((site, value)) => self.of(site, value),
                None => Expiry::Unknown,
            },
            _ => Expiry::Unknown,
        }
    }

    /// What several parts say together.
    fn all<T>(
        &mut self,
        parts: impl Iterator<Item = T>,
        mut of: impl FnMut(&mut Search, T) -> Expiry,
    ) -> Expiry {
        let mut worst = Expiry::Never;
        for part in parts {
            worst = worst.max(of(self, part));
        }
        worst
    }

    fn of_call(&mut self, site: Site<'_>, callee: ValueId, arguments: Arguments<'_>) -> Expiry {
        if site.is_any(callee, &["builtins.dict", "copy.copy", "copy.deepcopy"]) {
            return self.of_arguments(site, arguments);
        }
        if let Value::Attribute(object, name) = site.value(callee)
            && site.module.text(name) == "copy"
            && arguments.is_empty()
        {
            return self.of(site, object);
        }
        match site.resolve(callee).map(|found| found.entity) {
            Some(Entity::Function(file, function)) => {
                let Some(site) = Site::new(site.project, file) else { return Expiry::Unknown };
                self.of_function(site, function)
            }
            _ => Expiry::Unknown,
        }
    }

    /// `dict(base, sub=1, **more)`, and the same of `update`.
    fn of_arguments(&mut self, site: Site<'_>, arguments: Arguments<'_>) -> Expiry {
        let positional = self.all(arguments.positional().iter(), |search, part| search.of(site, part));
        let keywords = self.all(arguments.keywords(), |search, (name, value)| {
            if name == Name::NONE { search.of(site, value) } else { of_text(site.module.text(name)) }
        });
        positional.max(keywords)
    }

    /// What a function of the project returns, on every way.
    fn of_function(&mut self, site: Site<'_>, function: FunctionId) -> Expiry {
        let module = site.module;
        let plain = module.function(function).is_some_and(|made| !made.is_generator && !made.is_async);
        if !plain || !module.decorators(function).is_empty() {
            return Expiry::Unknown;
        }
        let mut returned: Vec<Option<ValueId>> = Vec::new();
        module.walk_block(module.function_body(function), &mut |_, statement| {
            if let Statement::Return(value) = statement {
                returned.push(value);
            }
        });
        if returned.is_empty() {
            return Expiry::Unknown;
        }
        self.all(returned.into_iter(), |search, value| match value {
            Some(value) => search.of(site, value),
            None => Expiry::Unknown,
        })
    }

    fn of_name(&mut self, site: Site<'_>, claims: ValueId, binding: BindingId) -> Expiry {
        let definitions = site.module.definitions(binding);
        let is_import = |kind| matches!(kind, DefinitionKind::Import);
        if definitions.iter().any(|definition| is_import(definition.kind)) {
            return match site.bound(claims) {
                Some((site, value)) => self.of(site, value),
                None => Expiry::Unknown,
            };
        }
        if definitions.is_empty() {
            return Expiry::Unknown;
        }
        let defined = self.all(definitions.iter(), |search, definition| match definition.kind {
            DefinitionKind::Assigned | DefinitionKind::Augmented => search.of(site, ValueId(definition.id)),
            DefinitionKind::Annotated => Expiry::Never,
            _ => Expiry::Unknown,
        });
        defined.max(self.of_changes(site, binding))
    }

    /// What is put into a variable after it was made, anywhere in its file.
    fn of_changes(&mut self, site: Site<'_>, binding: BindingId) -> Expiry {
        let module = site.module;
        let is_it = |value| matches!(module.value(value), Value::Name(_, Some(name)) if name == binding);
        let mut worst = Expiry::Never;
        for id in module.statements() {
            if let Statement::Assign(target, _) = module.statement(id)
                && let Value::Item(object, key) = module.value(target)
                && is_it(object)
            {
                worst = worst.max(of_key(site, key));
            }
        }
        let usage = self.usage;
        for id in module.calls().filter(|id| *id != usage) {
            let Value::Call(callee, arguments) = module.value(id) else { continue };
            let method = match module.value(callee) {
                Value::Attribute(object, name) if is_it(object) => Some(module.text(name)),
                _ => None,
            };
            worst = worst.max(match method {
                Some("update") => self.of_arguments(site, arguments),
                Some("setdefault" | "__setitem__") => {
                    arguments.positional().get(0).map_or(Expiry::Unknown, |key| of_key(site, key))
                }
                _ if !arguments.positional().iter().any(is_it) => Expiry::Never,
                _ if site.last_segment(callee).is_some_and(|name| READERS.contains(&name)) => Expiry::Never,
                // Whoever gets it may add to it.
                _ => Expiry::Unknown,
            });
        }
        worst
    }
}

fn of_key(site: Site<'_>, key: ValueId) -> Expiry {
    match site.constant(key) {
        Some(Constant::Str(text)) => of_text(&text),
        _ => Expiry::Unknown,
    }
}

fn of_text(key: &str) -> Expiry {
    if key == "exp" { Expiry::Set } else { Expiry::Never }
}

/// `JWT_ACCESS_TOKEN_EXPIRES = False`. Silent in tests and in the settings of a developer.
pub(super) fn never_expires(project: &Project) -> Vec<(FileId, Hit)> {
    let entries = entries(project, LIFETIMES).into_iter().filter(|entry| !entry.is_for_development());
    let unlimited = entries.filter(|entry| is_none(entry.site, entry.value));
    unlimited
        .map(|entry: Entry<'_>| {
            (entry.site.file, entry.hit().says(format!("`{}` lets tokens never expire", entry.name)))
        })
        .collect()
}

/// `expires_delta=False`, `lifetime_seconds=None`. Silent where nothing is said.
pub(super) fn unlimited(call: &Call<'_>) -> Option<Hit> {
    let lifetime = call
        .keyword("expires_delta")
        .filter(|value| call.site.constant(*value) == Some(Constant::Bool(false)));
    let lifetime = lifetime.or_else(|| {
        let lifetime = call.argument(1, "lifetime_seconds").filter(|_| call.name() == "JWTStrategy")?;
        is_none(call.site, lifetime).then_some(lifetime)
    })?;
    (!call.site.is_test()).then(|| Hit::at(call.site.module.span(lifetime)).confidence(Confidence::High))
}

fn is_none(site: Site<'_>, value: ValueId) -> bool {
    matches!(site.constant(value), Some(Constant::Bool(false) | Constant::None))
}
