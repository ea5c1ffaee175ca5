//! Functions that run before the requests of a group: whether they refuse callers, and for which paths.

use super::collect::{Collector, decorators};
use super::model::{Evidence, GroupKey, Means, Place};
use super::reach::Reach;
use super::{access, names};
use crate::facts::FunctionId;
use crate::project::{FileId, Site};

/// How many calls deep a refusal is looked for.
const DEEPEST: u32 = 2;

/// Notes that a function runs before the requests of a group, if it refuses callers.
pub(super) fn guard(
    collector: &mut Collector<'_>,
    key: GroupKey,
    function: (FileId, FunctionId),
    means: Means,
    place: Place,
) {
    guard_within(collector, key, function, (means, place), None);
}

/// The same, of one that is about some paths only.
pub(super) fn guard_within(
    collector: &mut Collector<'_>,
    key: GroupKey,
    (file, function): (FileId, FunctionId),
    (means, place): (Means, Place),
    about: Option<Reach>,
) {
    let project = collector.site.project;
    let Some(owner) = Site::new(project, file) else { return };
    let name = owner.module.function(function).map_or("", |facts| owner.module.text(facts.name));
    let is_guard = access::refuses(project, file, function, DEEPEST) && !names::is_other_check(name)
        || decorators(owner, function).iter().any(|evidence| !evidence.opens);
    if is_guard {
        let reach = about.into_iter().chain(reach(owner, function)).reduce(Reach::without);
        collector.found.reaches.extend(reach.map(|reach| (place, reach)));
        let evidence = Evidence { means, name: name.to_owned(), place, opens: false };
        collector.found.guards.push((key, evidence));
    }
}

/// What a hook and the decorators around it say of paths.
fn reach(owner: Site<'_>, function: FunctionId) -> Option<Reach> {
    let around = owner.module.decorators(function).iter().filter_map(|decorator| {
        let callee = owner.called(decorator);
        let (file, function) = access::callee_of(owner, callee)?;
        Reach::of(Site::new(owner.project, file)?, function)
    });
    Reach::of(owner, function).into_iter().chain(around).reduce(Reach::without)
}
