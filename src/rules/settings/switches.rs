//! `DEBUG` and `ALLOWED_HOSTS` of Django.

use super::django::{Deployed, Setting, deployed, is_for_development};
use crate::facts::{ImportKind, ScopeId, Span, Statement, StatementId, Value, ValueId, hash_text};
use crate::finding::Confidence;
use crate::project::Constant;
use crate::rule::{Fact, FactNode, Hit, Site};

/// What only the settings of a Django project have.
const DJANGO_SETTINGS: &[&str] = &["INSTALLED_APPS", "ROOT_URLCONF", "MIDDLEWARE", "WSGI_APPLICATION"];

/// Silent where the switch is not the only one of the file or is overridden by settings built on it, and in
/// settings whose name says that they are not for production.
pub(super) fn django_debug(fact: &Fact<'_>) -> Option<Hit> {
    let (target, value) = setting(fact, "DEBUG")?;
    let site = fact.site;
    let settled = site.settled(value).filter(|settled| settled.value == Constant::Bool(true))?;
    let hit = judge_setting(site, target)?;
    let hit =
        if settled.is_default { hit.says("`DEBUG` is on unless the environment turns it off") } else { hit };
    // Whatever is imported below may turn it off.
    let below = site.module.span(target).start;
    let mut stars = site.module.imports().iter().filter(|import| import.kind == ImportKind::Star);
    let overridden = stars.any(|import| import.span.start > below);
    Some(if overridden { hit.confidence(Confidence::Low) } else { hit })
}

/// Silent where `*` is only a part of a name, and as `django_debug` is.
pub(super) fn django_allowed_hosts(fact: &Fact<'_>) -> Option<Hit> {
    let (target, value) = setting(fact, "ALLOWED_HOSTS")?;
    let site = fact.site;
    let listed = site.listed(value).filter(|listed| listed.items.iter().any(|host| host == "*"))?;
    let hit = judge_setting(site, target)?;
    Some(if listed.is_default {
        hit.says(
            "`ALLOWED_HOSTS` takes any `Host` header for the site's own unless the environment lists others",
        )
    } else {
        hit
    })
}

/// Target and value of an assignment to a setting at the level of its module, outside of any condition.
fn setting(fact: &Fact<'_>, wanted: &str) -> Option<(ValueId, ValueId)> {
    let FactNode::Statement(id, statement) = fact.node else { return None };
    let (target, value) = match statement {
        Statement::Assign(target, value) => (target, value),
        Statement::Annotated(target, _, value) => (target, value?),
        _ => return None,
    };
    let module = fact.site.module;
    let Value::Name(name, Some(binding)) = module.value(target) else { return None };
    if module.text(name) != wanted {
        return None;
    }
    let assigned = module.definitions(binding).iter().filter(|definition| definition.value().is_some());
    let only = assigned.count() == 1;
    (only && module.body().iter().any(|statement: StatementId| statement == id)).then_some((target, value))
}

/// Whether this is a file of Django settings meant for production, by itself or as a base of such settings.
fn judge_setting(site: Site<'_>, target: ValueId) -> Option<Hit> {
    let project = site.project;
    let path = &project.file(site.file)?.path;
    if site.is_test() || path.split('/').any(is_for_development) || !is_django_settings(site) {
        return None;
    }
    let name = site.last_segment(target)?;
    if project.star_importers(site.file).next().is_none() {
        return Some(Hit::here());
    }
    let deployed = deployed(project);
    let heirs: Vec<&Deployed<'_>> =
        deployed.iter().filter(|settings| settings.builds_on(site.file)).collect();
    if heirs.is_empty() {
        return (!is_overridden(site, name)).then(Hit::here);
    }
    // Of the settings that may be deployed and build on this file, some must have it from here.
    let inherits = |settings: &&&Deployed<'_>| matches!(settings.setting(name), Setting::Set(set) if set.site.file == site.file && set.target == target);
    heirs.iter().find(inherits).map(|settings| {
        Hit::here().beside(settings.site.file, Span::default(), "these settings have it from there")
    })
}

/// Whether settings that take everything from a file set a name again.
fn is_overridden(site: Site<'_>, name: &str) -> bool {
    let overrides = |file| {
        let module = site.project.module(file);
        module.is_some_and(|module| module.lookup(ScopeId(0), hash_text(name)).is_some())
    };
    site.project.star_importers(site.file).any(overrides)
}

/// Whether a file has what only Django's settings have, by itself or from the settings it builds on.
fn is_django_settings(site: Site<'_>) -> bool {
    DJANGO_SETTINGS.iter().any(|name| site.project.global(site.file, name).is_some())
}
