//! Views of Django REST framework whose permission classes let everybody pass.

use super::siblings::{application, example};
use crate::facts::{Anchor, hash_text};
use crate::finding::Confidence;
use crate::project::{FileId, words};
use crate::rule::{Endpoint, Hit, Site};
use crate::web::{Framework, Methods, Parts, Route, purpose};

/// Words of what cannot be undone.
const DESTRUCTIVE: &[&str] =
    &["delete", "destroy", "wipe", "purge", "drop", "reset", "erase", "clear", "remove"];
/// Words by which whoever wants an account asks for one.
const ACCOUNTS: &[&str] =
    &["user", "users", "account", "accounts", "customer", "customers", "member", "members"];

/// Words of tests of who is calling.
const CALLERS: &[&str] = &["auth", "user", "token", "key", "authenticated"];

/// `AllowAny`, or no permission class at all, on a view that changes something. Silent on views that let callers in.
pub(super) fn allows_all(endpoint: &Endpoint<'_>) -> Option<(FileId, Hit)> {
    let route = endpoint.route;
    let opens = route.evidence.first().filter(|first| first.opens)?;
    let module = endpoint.project.module(opens.place.file)?;
    // What the settings say of all views is one word about all of them.
    let is_default = module.names().contains_hash(hash_text("DEFAULT_PERMISSION_CLASSES"));
    let is_test = endpoint.project.file(opens.place.file)?.is_test();
    let is_meant = purpose(endpoint.project, route).is_public() || is_account(route);
    if route.framework != Framework::DjangoRest
        || !route.methods.change_state()
        || is_default
        || is_test
        || is_meant
    {
        return None;
    }
    // `if self.request.auth: return []`
    let site = Site::new(endpoint.project, opens.place.file)?;
    if site.is_chosen_by(opens.place.span.start, CALLERS) {
        return None;
    }
    let total = application(endpoint);
    let is_guarded = total.protected >= 2 && total.protected >= total.open;
    let confidence = match (is_destructive(endpoint), is_guarded) {
        (true, _) => Confidence::Medium,
        (false, true) => Confidence::Low,
        (false, false) => return None,
    };
    let says = format!("`{}` lets everybody call {}", opens.name, super::place::shown(route));
    let hit = Hit::at(opens.place.span).anchor(Anchor::Text).says(says).confidence(confidence);
    Some((opens.place.file, example(endpoint, total, hit)))
}

/// `POST /users/`: a new account.
fn is_account(route: &Route) -> bool {
    let parts = Parts::of(&route.path.text);
    let last =
        parts.segments.last().is_some_and(|words| words.iter().any(|word| ACCOUNTS.contains(&word.as_str())));
    last && route.methods.common(Methods::of("POST")) == route.methods
}

fn is_destructive(endpoint: &Endpoint<'_>) -> bool {
    let route = endpoint.route;
    let changes = Methods::of("DELETE").and(Methods::of("PUT")).and(Methods::of("PATCH"));
    let name = endpoint
        .handler_site()
        .zip(endpoint.function())
        .and_then(|(site, id)| site.module.function(id).map(|one| site.module.text(one.name)))
        .unwrap_or_default();
    let named = words(name).into_iter().chain(Parts::of(&route.path.text).segments.into_iter().flatten());
    !route.methods.common(changes).is_empty()
        || named.into_iter().any(|word| DESTRUCTIVE.contains(&word.as_str()))
}
