//! Who may read answers to requests with cookies.

use crate::facts::{Value, ValueId, dict_items};
use crate::finding::Confidence;
use crate::project::{Constant, FileId, Project};
use crate::rule::{Call, Hit, Site};
use crate::rules::settings::configuration::{Entry, entries};

/// Pairs of settings: every origin may, and with cookies.
const PAIRS: &[(&[&str], &str)] = &[
    (&["CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL"], "CORS_ALLOW_CREDENTIALS"),
    (&["CORS_ORIGINS"], "CORS_SUPPORTS_CREDENTIALS"),
];

/// Patterns that every origin matches.
const ANYTHING: &[&str] =
    &["*", ".*", "^.*$", ".+", "^.+$", "https?://.*", "^https?://.*$", "http.*", "(.*)"];

/// Silent where the origins are listed or cannot be seen, without credentials, and in tests.
pub(super) fn starlette(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let class = call.argument(0, "middleware_class").or_else(|| call.keyword("cls"));
    let named = class.is_some_and(|class| site.is_any(class, &["starlette.middleware.cors.CORSMiddleware"]));
    if !(call.name() == "CORSMiddleware" || named) || site.is_test() {
        return None;
    }
    let credentials = call.keyword_or_spread("allow_credentials")?;
    let origins = call.keyword_or_spread("allow_origins");
    let pattern = call.keyword_or_spread("allow_origin_regex");
    is_on(site, credentials)
        .then(|| origins.into_iter().chain(pattern).find_map(|value| any_origin(site, value)))?
}

/// Flask-CORS and what is made like it: without `origins` it is any. Silent as `starlette` is.
pub(super) fn flask(call: &Call<'_>) -> Option<Hit> {
    options(call.site, &|name| call.keyword_or_spread(name), call.has_spread())
}

fn options(site: Site<'_>, option: &dyn Fn(&str) -> Option<ValueId>, has_more: bool) -> Option<Hit> {
    if site.is_test() {
        return None;
    }
    let credentials = option("supports_credentials").or_else(|| option("allow_credentials"));
    let credentials = credentials.is_some_and(|value| is_on(site, value));
    if let Some(resources) = option("resources")
        && let Value::Dict(items) = site.value(resources)
    {
        let open = dict_items(items).find_map(|(_, resource)| {
            let own =
                site.entry(resource, "supports_credentials").map_or(credentials, |value| is_on(site, value));
            let origins = site.entry(resource, "origins")?;
            own.then(|| any_origin(site, origins))?
        });
        return open;
    }
    if !credentials {
        return None;
    }
    match option("origins").or_else(|| option("allow_origin")) {
        Some(origins) => any_origin(site, origins),
        None if has_more || !entries(site.project, &["CORS_ORIGINS", "CORS_RESOURCES"]).is_empty() => None,
        None => Some(Hit::here()),
    }
}

/// `{"*": ResourceOptions(allow_credentials=True)}`.
pub(super) fn aiohttp(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() || !is_on(site, call.argument(0, "allow_credentials")?) {
        return None;
    }
    let is_any = site.module.values().any(|id| match site.value(id) {
        Value::Dict(items) => dict_items(items).any(|(key, value)| {
            value == call.id
                && key.is_some_and(|key| site.constant(key).is_some_and(|key| key.as_str() == Some("*")))
        }),
        _ => false,
    });
    is_any.then(Hit::here)
}

fn is_on(site: Site<'_>, value: ValueId) -> bool {
    site.constant(value) == Some(Constant::Bool(true))
}

/// A hit where these origins are any.
fn any_origin(site: Site<'_>, origins: ValueId) -> Option<Hit> {
    let listed = site.listed(origins)?;
    let any = listed.items.iter().any(|origin| ANYTHING.contains(&origin.as_str()));
    any.then(|| if listed.is_default { Hit::here().confidence(Confidence::Medium) } else { Hit::here() })
}

/// Settings of django-cors-headers, Flask-CORS and Sanic Extensions. Silent in tests and in the settings of a
/// developer.
pub(super) fn settings(project: &Project) -> Vec<(FileId, Hit)> {
    let mut found = Vec::new();
    for (any, credentials) in PAIRS {
        let with = entries(project, &[credentials]);
        let is_set = |entry: &&Entry<'_>| entry.site.is_settled(entry.value, true);
        let with: Vec<&Entry<'_>> = with.iter().filter(is_set).collect();
        if with.is_empty() {
            continue;
        }
        for entry in entries(project, any).iter().filter(|entry| !entry.is_for_development()) {
            let near = with.iter().find(|other| is_together(entry, other));
            if let Some(near) = near
                && let Some(hit) = all_origins(entry)
            {
                let place = near.site.module.span(near.place);
                found
                    .push((entry.site.file, hit.beside(near.site.file, place, "with the visitor's cookies")));
            }
        }
    }
    found
}

/// Whether two settings hold in one and the same run: of one file, or one of a file that takes everything from that
/// of the other.
fn is_together(one: &Entry<'_>, other: &Entry<'_>) -> bool {
    let (file, base) = (one.site.file, other.site.file);
    let takes = |from: FileId, by: FileId| one.site.project.star_importers(from).any(|file| file == by);
    file == base || takes(base, file) || takes(file, base)
}

fn all_origins(entry: &Entry<'_>) -> Option<Hit> {
    let hit = if entry.name == "CORS_ORIGINS" {
        let hit = any_origin(entry.site, entry.value)?;
        Hit { confidence: hit.confidence, ..entry.hit() }
    } else {
        let settled =
            entry.site.settled(entry.value).filter(|settled| settled.value == Constant::Bool(true))?;
        if settled.is_default { entry.hit().confidence(Confidence::Medium) } else { entry.hit() }
    };
    Some(hit)
}
