//! Objects whose fields a client may set, whatever they are called.

use super::raw::is_raw;
use crate::facts::{ClassId, CompareOperator, DefinitionKind, Name, Value, ValueId, hash_text};
use crate::project::{Entity, FileId, Project};
use crate::rule::{Call, Hit, Site};

/// The last segments of the bases of classes whose instances are stored.
const MODELS: &[&str] = &[
    "Model",
    "Base",
    "DeclarativeBase",
    "Document",
    "DynamicDocument",
    "EmbeddedDocument",
    "AbstractUser",
    "AbstractBaseUser",
];
/// Methods that store a new object, or change stored ones.
const STORES: &[&str] = &["create", "update", "get_or_create", "update_or_create", "filter_by", "values"];

/// `User(**request.json)`, `User.objects.create(**request.data)`.
pub(super) fn spread(site: Site<'_>) -> Vec<Hit> {
    let module = site.module;
    let names = module.names();
    let has_requests = ["request", "req"].iter().any(|name| names.contains_hash(hash_text(name)));
    if site.is_test() || !has_requests && !site.imports("fastapi") {
        return Vec::new();
    }
    let calls = module.calls().filter_map(|id| match site.value(id) {
        Value::Call(callee, arguments) => Some((id, callee, arguments)),
        _ => None,
    });
    let spreads = calls.filter(|(_, _, arguments)| arguments.keywords().any(|(name, _)| name == Name::NONE));
    spreads
        .filter_map(|(id, callee, arguments)| {
            let kind = kind(site, callee)?;
            let mut given = arguments.keywords().filter(|(name, _)| *name == Name::NONE);
            let (_, value) = given.find(|(_, value)| is_raw(site, *value))?;
            let anchor = crate::facts::Anchor::Value(id);
            Some(
                Hit::at(module.span(value))
                    .anchor(anchor)
                    .says(format!("a client may set every field of {kind}")),
            )
        })
        .collect()
}

/// What is stored by a call, in words.
fn kind(site: Site<'_>, callee: ValueId) -> Option<String> {
    if let Value::Attribute(object, name) = site.value(callee)
        && STORES.contains(&site.module.text(name))
    {
        return stored(site, object);
    }
    match site.resolve(callee)?.entity {
        Entity::Class(file, class) => {
            is_model(site.project, file, class).then(|| named(site, callee)).flatten()
        }
        _ => None,
    }
}

fn named(site: Site<'_>, class: ValueId) -> Option<String> {
    site.last_segment(class).map(|name| format!("`{name}`"))
}

/// `User.objects`, `User.objects.filter(…)`, `User.query.filter_by(…)`, `User` itself where it is a model.
fn stored(site: Site<'_>, object: ValueId) -> Option<String> {
    match site.value(object) {
        Value::Attribute(class, name)
            if matches!(site.module.text(name), "objects" | "query" | "_default_manager") =>
        {
            named(site, class)
        }
        Value::Attribute(inner, _) => stored(site, inner),
        Value::Call(callee, _) => stored(site, callee),
        Value::Name(..) => match site.resolve(object)?.entity {
            Entity::Class(file, class) => {
                is_model(site.project, file, class).then(|| named(site, object)).flatten()
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether instances of a class are stored, by what it inherits from.
pub(super) fn is_model(project: &Project, file: FileId, class: ClassId) -> bool {
    project.ancestors(file, class).iter().copied().any(|ancestor| {
        let Entity::Class(file, class) = ancestor else { return false };
        let Some(site) = Site::new(project, file) else { return false };
        let Some(bases) = site.module.bases(class) else { return false };
        let is_table = site.keyword(bases, "table").and_then(|value| site.constant(value));
        is_table.is_some_and(|value| value.is_true())
            || bases
                .positional()
                .iter()
                .any(|base| site.last_segment(base).is_some_and(|name| MODELS.contains(&name)))
    })
}

/// `for key, value in request.json.items(): setattr(user, key, value)`.
pub(super) fn set_attributes(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let key = call.positional(1)?;
    let Value::Name(_, Some(binding)) = site.value(key) else { return None };
    let [only] = site.module.definitions(binding) else { return None };
    let iterated = matches!(only.kind, DefinitionKind::Iterated | DefinitionKind::Unpacked);
    let source = only.value().filter(|_| iterated)?;
    let silent = site.is_test() || is_chosen(call, key);
    (is_raw(site, source) && !silent).then(Hit::here)
}

/// Whether only some keys come here: `if key in ALLOWED`.
fn is_chosen(call: &Call<'_>, key: ValueId) -> bool {
    let site = call.site;
    let span = call.site.function_of(call.id).and_then(|id| site.module.function(id)).map(|one| one.span);
    let mut tests =
        site.module.values().filter(|value| span.is_none_or(|span| span.covers(site.module.span(*value))));
    tests.any(|test| match site.value(test) {
        Value::Compare(comparison) => comparison.single().is_some_and(|(left, operator, _)| {
            matches!(operator, CompareOperator::In | CompareOperator::NotIn | CompareOperator::Equal)
                && site.is_same(left, key)
        }),
        _ => false,
    })
}

/// `user.__dict__.update(request.json)`, `query.update(request.json)`.
pub(super) fn update(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let given = call.positional(0)?;
    let receiver = call.receiver()?;
    let is_fields = match site.value(receiver) {
        Value::Attribute(_, name) => site.module.text(name) == "__dict__",
        Value::Call(callee, _) => {
            site.last_segment(callee) == Some("vars") || stored(site, receiver).is_some()
        }
        _ => false,
    };
    (is_fields && !site.is_test() && is_raw(site, given)).then(Hit::here)
}
