//! What a default or an annotation says of a parameter: `Depends(x)`, `Query()`, `Annotated[int, Path()]`.

use super::super::model::Source;
use crate::facts::{DefinitionKind, Parameter, Value, ValueId, path_hash};
use crate::project::{Entity, Site};

const MARKERS: [(&str, Source); 9] = [
    ("fastapi.Depends", Source::Dependency),
    ("fastapi.Security", Source::Dependency),
    ("fastapi.Path", Source::Path),
    ("fastapi.Query", Source::Query),
    ("fastapi.Header", Source::Header),
    ("fastapi.Cookie", Source::Cookie),
    ("fastapi.Body", Source::Body),
    ("fastapi.Form", Source::Form),
    ("fastapi.File", Source::File),
];
const ANNOTATED: &[&str] = &["typing.Annotated", "typing_extensions.Annotated"];

/// The most aliases that are followed for one parameter.
const FUEL: u32 = 16;

/// What a parameter is marked as.
#[derive(Clone, Copy)]
pub(super) struct Marker<'p> {
    pub source: Source,
    /// What is depended on, and where that stands.
    pub dependency: Option<(Site<'p>, ValueId)>,
}

/// What an annotation is without what is said beside it: `int` of `Annotated[int, Path()]`.
pub(super) struct Annotation<'p> {
    pub bare: (Site<'p>, ValueId),
    pub marker: Option<Marker<'p>>,
}

/// The mark of a parameter: its default counts first.
pub(super) fn of<'p>(site: Site<'p>, parameter: &Parameter) -> Option<Marker<'p>> {
    let annotation = parameter.annotation.map(|value| annotation(site, value));
    let by_default = parameter.default.and_then(|value| of_value(site, value));
    let found = by_default.or_else(|| annotation.as_ref()?.marker)?;
    // `Depends()` is about the class that stands in the annotation.
    let by_class = || annotation.map(|annotation| annotation.bare);
    let dependency = match found.source {
        Source::Dependency => found.dependency.or_else(by_class),
        _ => None,
    };
    Some(Marker { dependency, ..found })
}

/// What an expression marks: a call, maybe behind a variable or a function of the project.
pub(super) fn of_value(site: Site<'_>, value: ValueId) -> Option<Marker<'_>> {
    value_within(site, value, FUEL)
}

fn value_within(site: Site<'_>, value: ValueId, fuel: u32) -> Option<Marker<'_>> {
    let fuel = fuel.checked_sub(1)?;
    match site.value(value) {
        Value::Call(callee, arguments) => {
            let found = site.resolve(callee)?;
            if let Entity::Function(file, function) = found.entity {
                let owner = Site::new(site.project, file)?;
                let returned = site.project.returned(file, function);
                return returned.into_iter().find_map(|value| value_within(owner, value, fuel));
            }
            let paths: Vec<u64> = site.project.paths(found).collect();
            let (_, source) = MARKERS.iter().find(|(path, _)| paths.contains(&path_hash(path)))?;
            let dependency = site.argument(arguments, 0, "dependency");
            let dependency = dependency.filter(|_| *source == Source::Dependency);
            Some(Marker { source: *source, dependency: dependency.map(|value| (site, value)) })
        }
        Value::Name(..) | Value::Attribute(..) => {
            let (owner, value) = variable(site, value)?;
            value_within(owner, value, fuel)
        }
        _ => None,
    }
}

/// What a variable is assigned first, or a `type` statement says that it is.
fn variable(site: Site<'_>, value: ValueId) -> Option<(Site<'_>, ValueId)> {
    let Entity::Variable(file, binding) = site.resolve(value)?.entity else { return None };
    let owner = Site::new(site.project, file)?;
    let mut definitions = owner.module.definitions(binding).iter();
    let is_alias = |kind| matches!(kind, DefinitionKind::Assigned | DefinitionKind::Opaque);
    let first = definitions.find(|one| is_alias(one.kind))?;
    Some((owner, first.value().unwrap_or(ValueId(first.id))))
}

/// An annotation through aliases.
pub(super) fn annotation(site: Site<'_>, value: ValueId) -> Annotation<'_> {
    annotation_within(site, value, FUEL)
}

fn annotation_within(site: Site<'_>, value: ValueId, fuel: u32) -> Annotation<'_> {
    let bare = Annotation { bare: (site, value), marker: None };
    let Some(fuel) = fuel.checked_sub(1) else { return bare };
    match site.value(value) {
        Value::Item(object, key) if site.is_any(object, ANNOTATED) => {
            let Value::Tuple(items) = site.value(key) else { return bare };
            let Some(first) = items.get(0) else { return bare };
            let inner = annotation_within(site, first, fuel);
            // The last mark counts.
            let marker = items.iter().skip(1).rev().find_map(|item| of_value(site, item));
            Annotation { bare: inner.bare, marker: marker.or(inner.marker) }
        }
        // An alias; one with parameters of its own is asked for by `Alias[X]`.
        Value::Item(alias, _) => follow(site, alias, fuel).unwrap_or(bare),
        Value::Name(..) | Value::Attribute(..) => follow(site, value, fuel).unwrap_or(bare),
        _ => bare,
    }
}

fn follow(site: Site<'_>, alias: ValueId, fuel: u32) -> Option<Annotation<'_>> {
    let (owner, value) = variable(site, alias)?;
    Some(annotation_within(owner, value, fuel))
}
