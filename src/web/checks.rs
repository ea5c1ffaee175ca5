//! Checks that stand elsewhere than in the handler: in a method of its class, in the function that it hands the request to.

use super::access::{callee_of, check_in};
use super::guards;
use super::model::Evidence;
use crate::facts::{ClassId, FunctionId, Statement, Value, ValueId};
use crate::project::{Entity, FileId, Project, Site, words};

/// Words of what a method does that is called before others, and of what it is about.
const DOES: &[&str] =
    &["check", "require", "ensure", "verify", "assert", "enforce", "authorize", "authenticate", "validate"];
const ABOUT: &[&str] = &[
    "access",
    "permission",
    "permissions",
    "perm",
    "perms",
    "auth",
    "authorization",
    "authentication",
    "authorize",
    "authenticate",
    "rights",
    "login",
    "protection",
    "user",
];

/// A method of a view class, or of a base of it, that is named after a check of callers and refuses them. Whoever calls
/// the view calls it.
pub(super) fn of_class(project: &Project, file: FileId, class: ClassId) -> Option<Evidence> {
    project.ancestors(file, class).iter().copied().find_map(|ancestor| {
        let Entity::Class(file, class) = ancestor else { return None };
        let site = Site::new(project, file)?;
        methods(site, class).find_map(|function| {
            let name = site.module.text(site.module.function(function)?.name);
            names_check(name).then(|| check_in(site, site.module.function_body(function))).flatten()
        })
    })
}

fn methods<'p>(site: Site<'p>, class: ClassId) -> impl Iterator<Item = FunctionId> + 'p {
    site.module.class_body(class).iter().filter_map(move |id| match site.module.statement(id) {
        Statement::Function(function) => Some(function),
        _ => None,
    })
}

fn names_check(name: &str) -> bool {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    has(DOES) && has(ABOUT)
}

/// `return run_for(request, job)`: a function of the project that refuses unknown callers before it does anything.
pub(super) fn handed_on(site: Site<'_>, statement: Statement<'_>) -> Option<ValueId> {
    let Statement::Return(Some(value)) = statement else { return None };
    let value = match site.value(value) {
        Value::Await(inner) => inner,
        _ => value,
    };
    let Value::Call(callee, _) = site.value(value) else { return None };
    let (file, function) = callee_of(site, callee)?;
    guards::guards(site.project, file, function).then_some(value)
}
