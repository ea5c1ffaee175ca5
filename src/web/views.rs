//! Classes that are views: what their bodies set, and the methods of theirs that answer.

use super::access;
use super::collect::decorators;
use super::model::{Evidence, Handler, Means, Methods};
use crate::facts::{DefinitionKind, ValueId, hash_text, path_hash};
use crate::project::{Entity, Site, Type};

/// Whether a class is one of these, or inherits from one.
pub(super) fn inherits(site: Site<'_>, class: Type, classes: &[&str]) -> bool {
    let bases = site.project.external_bases(class);
    bases.iter().any(|base| classes.iter().any(|path| path_hash(path) == *base))
}

/// What is assigned to an attribute in the body of a class, or of a base of it.
pub(super) fn attribute<'p>(site: Site<'p>, class: Type, name: &str) -> Option<(Site<'p>, ValueId)> {
    let Entity::Variable(file, binding) = site.project.method(class, hash_text(name))? else { return None };
    let owner = Site::new(site.project, file)?;
    let assigned =
        owner.module.definitions(binding).iter().find(|one| one.kind == DefinitionKind::Assigned)?;
    Some((owner, assigned.value()?))
}

/// A method of a class, or of a base of it in the project.
pub(super) fn method(site: Site<'_>, class: Type, name: &str) -> Option<Handler> {
    let Entity::Function(file, function) = site.project.method(class, hash_text(name))? else { return None };
    let class = site.project.module(file)?.function(function)?.class;
    Some(Handler { file, function: Some(function), class })
}

/// The methods of a class that are named like request methods.
pub(super) fn methods(site: Site<'_>, class: Type, names: &[&str]) -> Vec<(Methods, Handler)> {
    let each = names.iter();
    each.filter_map(|name| Some((Methods::of(name), method(site, class, name)?))).collect()
}

/// What the decorators of a handler say about who may call it, the innermost first.
pub(super) fn decorators_of(site: Site<'_>, handler: Handler) -> Vec<Evidence> {
    let owner = Site::new(site.project, handler.file);
    owner.zip(handler.function).map_or_else(Vec::new, |(owner, function)| decorators(owner, function))
}

/// `decorators = […]` of a view class: what stands in such a list is around all its methods.
pub(super) fn listed_evidence(site: Site<'_>, class: Type, names: &[&str]) -> Vec<Evidence> {
    let each = names.iter();
    each.filter_map(|name| attribute(site, class, name))
        .flat_map(|(owner, value)| {
            let values = owner.elements(value).unwrap_or_default();
            values.into_iter().filter_map(move |value| access::of(owner, value, Means::Attribute))
        })
        .collect()
}
