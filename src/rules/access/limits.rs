//! Endpoints at which passwords can be tried as often as one likes.

use super::place::{hit, shown};
use crate::facts::{Module, hash_text};
use crate::project::{FileId, has_word, words};
use crate::rule::{Endpoint, Hit, Site};
use crate::web::{Parts, Route};

/// Words of endpoints that take a password.
const LOGINS: &[&str] = &["login", "signin", "logon", "token", "authenticate", "password"];
/// Words of what holds callers back.
const LIMITS: &[&str] = &[
    "limit",
    "limits",
    "limiter",
    "limited",
    "ratelimit",
    "ratelimited",
    "throttle",
    "throttles",
    "throttled",
    "throttling",
    "lockout",
    "locked",
    "attempts",
    "axes",
    "captcha",
    "recaptcha",
    "turnstile",
    "hcaptcha",
    "defender",
    "bruteforce",
    "backoff",
];
/// Settings and arguments that hold back callers of the whole application.
const EVERYWHERE: &[&str] = &[
    "default_limits",
    "application_limits",
    "DEFAULT_THROTTLE_CLASSES",
    "RATELIMIT_DEFAULT",
    "SlowAPIMiddleware",
    "SlowAPIASGIMiddleware",
];
/// Libraries that do by being there.
const LIBRARIES: &[&str] = &["axes", "defender", "flask_limiter.middleware", "brutebuster"];

/// A login without anything that holds back who tries one password after the other.
pub(super) fn login(endpoint: &Endpoint<'_>) -> Option<(FileId, Hit)> {
    let route = endpoint.route;
    let site = endpoint.handler_site().filter(|site| !site.is_test())?;
    if !route.methods.change_state() || route.is_protected() || !is_login(site, route) {
        return None;
    }
    if is_limited(endpoint, site) || endpoint.project.files().any(|(_, file)| limits_everywhere(&file.module))
    {
        return None;
    }
    let (file, found) = hit(endpoint);
    Some((file, found.says(format!("{} takes as many passwords as a caller likes to try", shown(route)))))
}

fn is_login(site: Site<'_>, route: &Route) -> bool {
    let parts = Parts::of(&route.path.text);
    let last = parts.segments.last().cloned().unwrap_or_default();
    let own =
        route.handler.function.and_then(|id| site.module.function(id)).map(|one| site.module.text(one.name));
    let named = own.map(words).unwrap_or_default();
    let is_word = |word: &String| LOGINS.contains(&word.as_str());
    let has = |list: &[String], word: &str| list.iter().any(|one| one == word);
    let changes = has(&named, "reset")
        || has(&named, "refresh")
        || has(&last, "refresh")
        || has(&last, "reset")
        || has(&named, "logout");
    (last.iter().any(is_word) || named.iter().any(|word| matches!(word.as_str(), "login" | "signin")))
        && !changes
}

/// Whether the handler, or the view it is part of, is held back.
fn is_limited(endpoint: &Endpoint<'_>, site: Site<'_>) -> bool {
    let handler = endpoint.route.handler;
    let function = handler.function.and_then(|id| site.module.function(id));
    let class = handler.class.and_then(|id| site.module.class(id));
    let decorators = handler.function.into_iter().flat_map(|id| site.module.decorators(id).iter());
    let bases = class.and(handler.class).and_then(|id| site.module.bases(id));
    let spans = function.map(|one| one.span).into_iter().chain(class.map(|one| one.span));
    let heads = decorators
        .chain(bases.into_iter().flat_map(|bases| bases.positional().iter()))
        .map(|value| site.module.span(value));
    spans.chain(heads).any(|span| site.words_in(span).has_any(LIMITS))
        || endpoint.route.evidence.iter().any(|one| has_word(&one.name, LIMITS))
}

/// Whether a file holds back all callers of an application.
fn limits_everywhere(module: &Module) -> bool {
    EVERYWHERE.iter().any(|name| module.names().contains_hash(hash_text(name)))
        || module.imports().iter().any(|import| LIBRARIES.contains(&module.text(import.module)))
        || module.names().contains_hash(hash_text("axes"))
}
