//! Objects that a handler fetches by an id from the request: whether it asks whose they are.

mod class_views;
mod evidence;
mod fetch;
mod fields;
mod frame;
mod gather;
mod identity;
mod model;
mod names;
mod texts;
mod uses;

use crate::finding::{Confidence, Severity};
use crate::project::FileId;
use crate::rule::{Endpoint, Hit, On, Preset, Rule};
use crate::web::{Evidence, Framework};
use fetch::Fetch;
use gather::Scene;
use model::Owned;

pub(super) const RULES: &[Rule] = &[Rule {
    name: "missing-object-permission",
    aliases: &[],
    preset: Preset::Review,
    severity: Severity::High,
    flow: None,
    confidence: Confidence::Medium,
    cwe: &[639, 862],
    message: "an object is fetched by an id from the request, and nothing asks whether it is the caller's",
    why: "Ids can be guessed and are passed around. Whoever is logged in reads or changes what belongs to others by \
          putting another id into the request.",
    help: "fetch it among what the caller may see: `filter(user=request.user)` or a `get_queryset` in Django, \
           `Order.user_id == current_user.id` in SQLAlchemy; or compare its owner after the fetch and answer 404",
    on: On::Route(judge),
}];

/// Speaks where a known caller gets at an object by its id, and nothing on the way looks at who the caller is.
fn judge(endpoint: &Endpoint<'_>) -> Option<(FileId, Hit)> {
    let route = endpoint.route;
    if !route.is_protected() || evidence::is_for_few(&route.path.text) {
        return None;
    }
    let scene = Scene::of(endpoint)?;
    let fetches = scene.fetches();
    let changes = route.methods.change_state() || scene.changes_by_name();
    let owned = |fetch: Fetch| Some((model::owned(endpoint.project, &fetch, changes)?, fetch));
    let mut found: Vec<(Owned, Fetch)> = fetches.into_iter().filter_map(owned).collect();
    if found.is_empty() || !scene.knows_caller() || scene.asks_who() || evidence::demands_more(endpoint) {
        return None;
    }
    // Of several objects the one whose owner is the clearest; of those the first.
    found.sort_by_key(|(owned, fetch)| (std::cmp::Reverse(owned.confidence), fetch.file, fetch.span));
    let (owned, fetch) = found.into_iter().next()?;
    Some((fetch.file, hit(endpoint, &owned, &fetch)))
}

fn hit(endpoint: &Endpoint<'_>, owned: &Owned, fetch: &Fetch) -> Hit {
    let message = format!(
        "`{}` is fetched by `{}` from the request, and nothing asks whether it is the caller's",
        fetch.name, fetch.parameter
    );
    let mut hit = Hit::at(fetch.span).says(message).confidence(owned.confidence).anchor(fetch.anchor);
    if let Some(guard) = endpoint.route.evidence.iter().find(|one| !one.opens) {
        hit = beside_guard(hit, guard);
    }
    let handler = endpoint.handler_site().zip(endpoint.function());
    if let Some((site, function)) = handler
        && site.file != fetch.file
        && let Some(facts) = site.module.function(function)
    {
        hit = hit.beside(site.file, facts.name_span, "this handler gets it from there");
    }
    if let Some((file, span)) = owned.place {
        let filter = filter(endpoint, owned, fetch);
        let says = format!("`{}` says whose it is: {filter}", owned.field);
        hit = hit.beside(file, span, says);
    }
    hit
}

fn beside_guard(hit: Hit, guard: &Evidence) -> Hit {
    let says = format!("whoever passes `{}` comes here", guard.name);
    hit.beside(guard.place.file, guard.place.span, says)
}

/// What to add to the query, as people write it with this library.
fn filter(endpoint: &Endpoint<'_>, owned: &Owned, fetch: &Fetch) -> String {
    let (class, field) = (&fetch.name, &owned.path);
    let is_django = matches!(endpoint.route.framework, Framework::Django | Framework::DjangoRest);
    // What belongs to a company is asked for by the company of the caller.
    let last = owned.path.rsplit("__").next().unwrap_or_default().trim_end_matches("_id");
    let own = if model::is_group(last) { format!(".{last}") } else { String::new() };
    if is_django && fetch.is_generic {
        return format!(
            "return `{class}.objects.filter({field}=self.request.user{own})` from `get_queryset`"
        );
    }
    if is_django {
        return format!("add `{field}=request.user{own}` to the query");
    }
    let field = field.replace("__", ".");
    if field.contains('.') {
        return format!("compare `{field}` with the caller after the fetch");
    }
    let value = match field.strip_suffix("_id") {
        Some(_) if !own.is_empty() => format!("current_user{own}_id"),
        Some(_) => "current_user.id".to_owned(),
        None => format!("current_user{own}"),
    };
    format!("add `{class}.{field} == {value}` to the query")
}
