//! How cookies are set.

use crate::facts::{Statement, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::project::{Constant, FileId, Project};
use crate::rule::{Call, Fact, FactNode, Hit, Site, Words, words};
use crate::rules::settings::configuration::entries;

/// Words of the names of cookies that let somebody in.
const SECRET: &[&str] = &[
    "session",
    "sess",
    "sessionid",
    "sid",
    "token",
    "auth",
    "authentication",
    "jwt",
    "access",
    "refresh",
    "remember",
    "login",
    "credential",
    "credentials",
    "sso",
    "identity",
    "bearer",
    "apikey",
    "user",
    "userid",
    "authtoken",
    "admin",
];

/// Words of names that the page's scripts must read, or that are of no use to anybody else.
const CSRF: &[&str] = &["csrf", "xsrf", "csrftoken", "xsrftoken"];
const HARMLESS: &[&str] = &[
    "theme",
    "lang",
    "language",
    "locale",
    "timezone",
    "tz",
    "consent",
    "banner",
    "sidebar",
    "color",
    "mode",
    "dark",
    "view",
    "layout",
    "collapsed",
    "seen",
    "dismissed",
    "cookie_consent",
    "tab",
    "page",
    "sort",
    "download",
    "agent",
    "preference",
    "preferences",
    "prefs",
    "settings",
    "currency",
    "country",
    "region",
    "count",
    "timeout",
    "expiry",
    "expires",
    "name",
    "font",
    "zoom",
    "visited",
    "analytics",
    "tracking",
    "referrer",
    "ref",
    "flash",
    "message",
];

/// Settings that protect the cookie of a session, with what it is without them.
const SETTINGS: &[(&str, &str)] = &[
    ("SESSION_COOKIE_SECURE", "is sent over plain HTTP, too"),
    ("SESSION_COOKIE_HTTPONLY", "can be read by every script on the page"),
    ("REMEMBER_COOKIE_SECURE", "is sent over plain HTTP, too"),
    ("REMEMBER_COOKIE_HTTPONLY", "can be read by every script on the page"),
    ("JWT_COOKIE_SECURE", "is sent over plain HTTP, too"),
];

/// What a cookie lacks.
struct Lacks {
    secure: bool,
    http_only: bool,
    same_site: bool,
}

/// Silent on cookies that are no secret by their name, on those that are deleted, on attributes that cannot be seen,
/// and in tests.
pub(super) fn set(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let name = call.subject()?;
    // A jar of cookies takes a cookie made elsewhere.
    if call.arguments.len() < 2 || call.has_spread() || call.has_rest() || site.is_test() || is_deleted(call)
    {
        return None;
    }
    let value = call.argument(1, "value");
    // What stands in the code is no secret of a visitor's.
    if value.is_some_and(|value| site.constant(value).is_some()) {
        return None;
    }
    let kind = secrecy(site, name, value)?;
    let lacks = Lacks {
        secure: is_open(call, &["secure"], 6, call.name() == "add_cookie"),
        http_only: is_open(call, &["httponly", "http_only"], 7, false),
        same_site: is_open(call, &["samesite", "same_site"], 8, has_same_site(call)),
    };
    report(Hit::here(), site, name, kind, &lacks)
}

/// Frameworks that say `SameSite=Lax` by themselves.
fn has_same_site(call: &Call<'_>) -> bool {
    call.name() == "add_cookie" || call.site.imports("fastapi") || call.site.imports("starlette")
}

/// Whether an attribute is off, or not given where that means off.
fn is_open(call: &Call<'_>, names: &[&str], position: usize, by_default: bool) -> bool {
    let given = names.iter().find_map(|name| call.keyword(name)).or_else(|| call.positional(position));
    match given {
        None => !by_default,
        Some(value) => {
            call.site.settled(value).is_some_and(|settled| !settled.is_default && !settled.value.is_true())
        }
    }
}

fn is_deleted(call: &Call<'_>) -> bool {
    let constant = |value: ValueId| call.site.constant(value);
    let zero =
        |name: &str| call.keyword(name).and_then(constant).is_some_and(|value| value.as_int() == Some(0));
    zero("max_age") || zero("expires")
}

/// What a cookie is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Secrecy {
    /// It lets somebody in.
    Secret,
    /// It proves that a form is the site's own; scripts must read it.
    Csrf,
}

/// What a cookie is for, by its name where that is constant, else by what name and value are called.
fn secrecy(site: Site<'_>, name: ValueId, value: Option<ValueId>) -> Option<Secrecy> {
    let mut found = Words::default();
    let constant = site.constant(name);
    let known = constant.as_ref().and_then(|name| name.as_str());
    match known {
        Some(text) => found.add(text),
        None => found.extend(site.words_in(site.module.span(name))),
    }
    if found.has_any(CSRF) {
        return Some(Secrecy::Csrf);
    }
    if found.has_any(HARMLESS) && known.is_some() {
        return None;
    }
    if found.has_any(SECRET) {
        return Some(Secrecy::Secret);
    }
    // `set_cookie("s", access_token)`
    let value = value.and_then(|value| site.last_segment(value)).unwrap_or_default();
    let is_token =
        words(value).iter().any(|word| matches!(word.as_str(), "token" | "jwt" | "session" | "sessionid"));
    is_token.then_some(Secrecy::Secret)
}

fn report(hit: Hit, site: Site<'_>, name: ValueId, kind: Secrecy, lacks: &Lacks) -> Option<Hit> {
    let mut missing = Vec::new();
    if lacks.secure {
        missing.push("`Secure`");
    }
    if lacks.http_only && kind == Secrecy::Secret {
        missing.push("`HttpOnly`");
    }
    let severity = if missing.is_empty() { Severity::Low } else { Severity::Medium };
    if lacks.same_site {
        missing.push("`SameSite`");
    }
    let attributes = match missing.as_slice() {
        [] => return None,
        [only] => (*only).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    };
    let constant = site.constant(name);
    let named =
        constant.as_ref().and_then(|name| name.as_str()).map(|name| format!(" `{name}`")).unwrap_or_default();
    Some(hit.says(format!("the cookie{named} is set without {attributes}")).severity(severity))
}

/// `cookie = SimpleCookie()`, `cookie["session"] = value`. Silent as `set` is, and where an attribute is set whatever
/// it is set to.
pub(super) fn morsel(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Assign(target, value)) = fact.node else { return None };
    let site = fact.site;
    let Value::Item(cookies, name) = site.value(target) else { return None };
    if !site.imports("http.cookies")
        || !site.is_instance(cookies, &["http.cookies.SimpleCookie", "http.cookies.BaseCookie"])
    {
        return None;
    }
    let kind = secrecy(site, name, Some(value)).filter(|_| !site.is_test())?;
    let sets = |wanted: &str| {
        let function = site.function_of(target);
        site.module.statements().any(|id| match site.module.statement(id) {
            Statement::Assign(other, _) => {
                let Value::Item(_, key) = site.value(other) else { return false };
                let is_key = site
                    .constant(key)
                    .is_some_and(|key| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(wanted)));
                is_key && site.function_of(other) == function
            }
            _ => false,
        })
    };
    if sets("max-age") && !sets("secure") || sets("expires") && !sets("secure") {
        return None;
    }
    let lacks = Lacks { secure: !sets("secure"), http_only: !sets("httponly"), same_site: !sets("samesite") };
    report(Hit::at(site.module.span(target)), site, name, kind, &lacks)
}

/// Settings of Flask and its extensions. Django's own are judged as a whole. Silent in tests and in the settings of a
/// developer.
pub(super) fn settings(project: &Project) -> Vec<(FileId, Hit)> {
    let names: Vec<&str> = SETTINGS.iter().map(|(name, _)| *name).collect();
    let found = entries(project, &names).into_iter().filter(|entry| !entry.is_for_development());
    let of_django = |site: Site<'_>| {
        ["INSTALLED_APPS", "MIDDLEWARE"].iter().any(|name| site.project.global(site.file, name).is_some())
            || site.imports("django")
    };
    found
        .filter(|entry| !of_django(entry.site))
        .filter_map(|entry| {
            let settled =
                entry.site.settled(entry.value).filter(|settled| settled.value == Constant::Bool(false))?;
            let (_, effect) = SETTINGS.iter().find(|(name, _)| *name == entry.name)?;
            let says = format!("`{}` is off: the cookie {effect}", entry.name);
            let confidence = if settled.is_default { Confidence::Low } else { Confidence::Medium };
            Some((entry.site.file, entry.hit().says(says).confidence(confidence)))
        })
        .collect()
}

/// `SessionMiddleware` of Starlette. Silent where `https_only` cannot be seen, and in tests.
pub(super) fn session_middleware(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let direct = call.name() == "SessionMiddleware";
    let class = call.argument(0, "middleware_class").or_else(|| call.keyword("cls"));
    let named =
        class.is_some_and(|class| site.is_any(class, &["starlette.middleware.sessions.SessionMiddleware"]));
    if !(direct || named) || call.has_spread() || site.is_test() {
        return None;
    }
    let https = call.keyword("https_only").or_else(|| call.positional(5).filter(|_| direct));
    let open = https.is_none_or(|value| site.is_settled(value, false));
    let says = "the session cookie is sent over plain HTTP, too: `https_only` is off";
    open.then(|| Hit::here().says(says))
}
