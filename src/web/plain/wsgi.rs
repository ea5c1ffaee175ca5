//! WSGI callables: `def application(environ, start_response)`.

use rustc_hash::FxHashSet;

use super::super::collect::Collector;
use super::super::model::Methods;
use super::branches::{self, Branch};
use crate::facts::{DefinitionKind, FunctionId, ScopeKind, Value, ValueId, hash_text};
use crate::project::{Entity, Site};

const RESPONSE: &str = "start_response";

/// Finds the WSGI callables of a file.
pub(in super::super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    if !site.module.names().contains_hash(hash_text(RESPONSE)) {
        return;
    }
    let functions = (0..site.module.functions().len() as u32).map(FunctionId);
    let callables: Vec<FunctionId> = functions.filter(|function| is_callable(site, *function)).collect();
    let found: Vec<(FunctionId, Vec<Branch>)> =
        callables.into_iter().map(|function| (function, branches::of(site, function))).collect();
    let below: FxHashSet<FunctionId> = found
        .iter()
        .flat_map(|(_, branches)| branches.iter().filter_map(|branch| branch.handler))
        .filter(|handler| handler.file == site.file)
        .filter_map(|handler| handler.function)
        .chain(found.iter().flat_map(|(function, _)| forwarded(site, *function).0))
        .collect();
    for (function, branches) in found {
        let passes_on = forwarded(site, function).1;
        if below.contains(&function) || branches.is_empty() && passes_on {
            continue;
        }
        super::declare(collector, function, Methods::ANY, branches);
    }
}

/// Whether a function takes what WSGI gives.
fn is_callable(site: Site<'_>, function: FunctionId) -> bool {
    let is_method = site.module.function(function).is_some_and(|facts| facts.class.is_some());
    let parameters = site.module.parameters(function).get(usize::from(is_method)..).unwrap_or(&[]);
    matches!(parameters, [_, response] if site.module.text(response.name) == RESPONSE)
}

/// The callables of the file that a function hands the request on to, and whether it hands it to one that is not
/// in sight: then it is a layer around an application.
fn forwarded(site: Site<'_>, function: FunctionId) -> (Vec<FunctionId>, bool) {
    let (mut known, mut unknown) = (Vec::new(), false);
    site.module.walk_function(function, &mut |_, statement| {
        for root in site.module.roots(statement) {
            for value in site.module.values_within(root) {
                let Value::Call(callee, arguments) = site.value(value) else { continue };
                let mut given = arguments.positional().iter();
                if !given.any(|item| site.last_segment(item) == Some(RESPONSE)) {
                    continue;
                }
                match site.resolve(callee).map(|found| found.entity) {
                    Some(Entity::Function(file, other)) if file == site.file => known.push(other),
                    _ => unknown = unknown || is_elsewhere(site, callee),
                }
            }
        }
    });
    (known, unknown)
}

/// Whether what is called was there before: a response is made on the spot.
fn is_elsewhere(site: Site<'_>, callee: ValueId) -> bool {
    match site.value(callee) {
        Value::Call(..) => false,
        Value::Name(_, Some(binding)) => {
            let scope = site.module.binding(binding).and_then(|binding| site.module.scope(binding.scope));
            let is_parameter = site
                .module
                .definitions(binding)
                .iter()
                .any(|one| matches!(one.kind, DefinitionKind::Parameter | DefinitionKind::Import));
            is_parameter || scope.is_some_and(|scope| scope.kind != ScopeKind::Function)
        }
        _ => true,
    }
}
