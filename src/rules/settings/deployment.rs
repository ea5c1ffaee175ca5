//! What `manage.py check --deploy` says of settings that can be read without running them.
//!
//! Each judge is silent on what it cannot see: values from elsewhere, settings that are set under a condition or by
//! code, and on the settings of tests and of developers.

use super::django::{Deployed, Set, Setting, deployed};
use crate::facts::{Anchor, Span, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::project::{Constant, FileId, Project};
use crate::rule::{Hit, Settled, Site};

const CSRF: &str = "CsrfViewMiddleware";
const SESSIONS: &str = "django.contrib.sessions.middleware.SessionMiddleware";
const SECURITY: &str = "SecurityMiddleware";
const FRAMES: &str = "XFrameOptionsMiddleware";

/// Django's own limits.
const PREFIX: &str = "django-insecure-";
const SHORTEST_KEY: usize = 50;
const FEWEST_CHARACTERS: usize = 5;

/// A key of this length that is random is no danger, whatever Django says.
const LONG_ENOUGH: usize = 32;

const REFERRER_POLICIES: &[&str] = &[
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
];
const OPENER_POLICIES: &[&str] = &["same-origin", "same-origin-allow-popups", "unsafe-none"];

/// Findings at settings, each place once although several settings may be built on it.
struct Found(Vec<(FileId, Hit)>);

impl Found {
    fn add(&mut self, settings: &Deployed<'_>, set: Set<'_>, hit: Hit) {
        let file = set.site.file;
        if self
            .0
            .iter()
            .any(|(other, known)| *other == file && known.span == hit.span && known.message == hit.message)
        {
            return;
        }
        let hit = if file == settings.site.file {
            hit
        } else {
            hit.beside(settings.site.file, Span::default(), "these settings have it from there")
        };
        self.0.push((file, hit));
    }
}

fn judged(project: &Project, judge: impl Fn(&Deployed<'_>, &mut Found)) -> Vec<(FileId, Hit)> {
    let mut found = Found(Vec::new());
    for settings in &deployed(project) {
        judge(settings, &mut found);
    }
    found.0
}

fn at(set: Set<'_>) -> Hit {
    Hit::at(set.site.module.span(set.target)).anchor(Anchor::Value(set.target))
}

/// `security.W009` and `security.W025`. A long one that stands in the code is a secret in the code, no weak key.
pub(super) fn weak_secret_keys(project: &Project) -> Vec<(FileId, Hit)> {
    judged(project, |settings, found| {
        if let Setting::Set(set) = settings.setting("SECRET_KEY") {
            found.0.extend(weak_key(settings, set, set.value, "SECRET_KEY").map(|hit| (set.site.file, hit)));
        }
        if let Setting::Set(set) = settings.setting("SECRET_KEY_FALLBACKS") {
            for key in set.site.elements(set.value).unwrap_or_default() {
                found.0.extend(
                    weak_key(settings, set, key, "SECRET_KEY_FALLBACKS").map(|hit| (set.site.file, hit)),
                );
            }
        }
        found.0.dedup_by(|left, right| left.0 == right.0 && left.1.span == right.1.span);
    })
}

fn weak_key(settings: &Deployed<'_>, set: Set<'_>, key: ValueId, name: &str) -> Option<Hit> {
    let site = set.site;
    let settled = site.settled(key)?;
    // With an empty one Django does not start.
    let text = settled.value.as_str().filter(|text| !text.is_empty())?;
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    let fault = if text.starts_with(PREFIX) {
        "is the one that `startproject` made for development"
    } else if characters.len() < FEWEST_CHARACTERS {
        "repeats a few characters"
    } else if text.len() < SHORTEST_KEY {
        "is too short"
    } else {
        return None;
    };
    let confidence = match settled {
        _ if text.len() >= LONG_ENOUGH && text.len() < SHORTEST_KEY && !text.starts_with(PREFIX) => {
            Confidence::Low
        }
        Settled { is_default: true, .. } => Confidence::Medium,
        _ => Confidence::High,
    };
    let unless = if settled.is_default { " unless the environment has another" } else { "" };
    let hit = at(set).says(format!("`{name}` {fault}{unless}")).confidence(confidence);
    let hit = texts_in(site, site.module.span(key)).into_iter().fold(hit, Hit::hides);
    let inherited = site.file != settings.site.file;
    Some(if inherited {
        hit.beside(settings.site.file, Span::default(), "these settings have it from there")
    } else {
        hit
    })
}

fn texts_in(site: Site<'_>, whole: Span) -> Vec<Span> {
    let texts = site.module.values().filter(|id| matches!(site.value(*id), Value::Str(_)));
    texts.map(|id| site.module.span(id)).filter(|span| whole.covers(*span)).collect()
}

/// `security.W010` to `security.W016`. What is not set counts for more where the settings are known to be those of
/// production.
pub(super) fn insecure_cookies(project: &Project) -> Vec<(FileId, Hit)> {
    judged(project, |settings, found| {
        let has_sessions = settings.mentions(|text| text == SESSIONS || text == "django.contrib.sessions");
        let in_session = match settings.setting("CSRF_USE_SESSIONS") {
            Setting::Absent => false,
            Setting::Unknown => settings.is_closed(),
            Setting::Set(set) => !set.site.is_settled(set.value, false),
        };
        let has_csrf = !in_session && settings.mentions(|text| text.ends_with(CSRF));
        let mut missing = Vec::new();
        for (name, used) in [
            ("SESSION_COOKIE_SECURE", has_sessions),
            ("CSRF_COOKIE_SECURE", has_csrf),
            ("SESSION_COOKIE_HTTPONLY", has_sessions),
        ] {
            match settings.setting(name) {
                Setting::Set(set) if used => {
                    if let Some(settled) = off(set) {
                        let confidence =
                            if settled.is_default { Confidence::Low } else { Confidence::Medium };
                        let unless =
                            if settled.is_default { " unless the environment turns it on" } else { "" };
                        let hit = at(set).says(format!("`{name}` is off{unless}")).confidence(confidence);
                        found.add(settings, set, hit);
                    }
                }
                Setting::Absent if used && name != "SESSION_COOKIE_HTTPONLY" => {
                    missing.push(format!("`{name}`"));
                }
                _ => {}
            }
        }
        if let Some(set) = lacking(settings).filter(|_| !missing.is_empty()) {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            let text =
                format!("{} {verb} not set, so cookies are sent over plain HTTP, too", missing.join(" and "));
            found.add(settings, set, at(set).says(text).confidence(sureness(settings)));
        }
    })
}

/// How sure it is that what a file lacks is lacking in production.
fn sureness(settings: &Deployed<'_>) -> Confidence {
    if settings.is_production { Confidence::Medium } else { Confidence::Low }
}

/// Where a finding about something that is not there stands.
fn lacking<'p>(settings: &Deployed<'p>) -> Option<Set<'p>> {
    ["MIDDLEWARE", "INSTALLED_APPS"].into_iter().find_map(|name| match settings.setting(name) {
        Setting::Set(set) => Some(set),
        _ => None,
    })
}

/// The value of a switch that is off.
fn off(set: Set<'_>) -> Option<Settled<'_>> {
    set.site
        .settled(set.value)
        .filter(|settled| matches!(settled.value, Constant::Bool(false) | Constant::None))
}

/// The list of the middleware, where all of it is in sight and nothing in the files is called like the wanted one.
fn middleware_without<'p>(settings: &Deployed<'p>, wanted: &str) -> Option<Set<'p>> {
    let Setting::Set(set) = settings.setting("MIDDLEWARE") else { return None };
    let (Value::List(items) | Value::Tuple(items)) = set.site.value(set.value) else { return None };
    let all = items.iter().all(|item| matches!(set.site.value(item), Value::Str(_)));
    (all && !items.is_empty() && settings.is_closed() && !settings.mentions(|text| text.contains(wanted)))
        .then_some(set)
}

/// `security.W003`, where there are sessions to be abused. Silent where any other middleware is called after CSRF.
pub(super) fn no_csrf_middleware(project: &Project) -> Vec<(FileId, Hit)> {
    judged(project, |settings, found| {
        let other = || settings.mentions(|text| text.contains('.') && text.to_lowercase().contains("csrf"));
        if let Some(set) = middleware_without(settings, CSRF)
            && settings.mentions(|text| text == SESSIONS)
            && !other()
        {
            found.add(settings, set, at(set));
        }
    })
}

/// `security.W006`, `W022`, `E023` and `E024`.
pub(super) fn headers_off(project: &Project) -> Vec<(FileId, Hit)> {
    judged(project, |settings, found| {
        if let Setting::Set(set) = settings.setting("SECURE_CONTENT_TYPE_NOSNIFF")
            && off(set).is_some()
        {
            found.add(settings, set, at(set).says("browsers may guess another type than the one declared"));
        }
        if let Setting::Set(set) = settings.setting("SECURE_REFERRER_POLICY") {
            let text = policy(set, REFERRER_POLICIES);
            let says = text.map(|text| match text.as_str() {
                "" => "no referrer policy is sent".to_owned(),
                "unsafe-url" => "whole addresses are told to every site that is linked".to_owned(),
                text => format!("`{text}` is no referrer policy"),
            });
            if let Some(says) = says {
                found.add(settings, set, at(set).says(says));
            }
        }
        // `None` is a choice that Django accepts.
        if let Setting::Set(set) = settings.setting("SECURE_CROSS_ORIGIN_OPENER_POLICY")
            && let Some(text) = policy(set, OPENER_POLICIES).filter(|text| !text.is_empty())
        {
            found.add(settings, set, at(set).says(format!("`{text}` is no opener policy")));
        }
    })
}

/// The first policy that is none of these; empty where there is none at all.
fn policy(set: Set<'_>, known: &[&str]) -> Option<String> {
    if set.site.constant(set.value) == Some(Constant::None) {
        return Some(String::new());
    }
    let listed = set.site.listed(set.value)?;
    let mut parts = listed.items.iter().flat_map(|item| item.split(',')).map(str::trim);
    parts.find(|part| !known.contains(part)).map(str::to_owned)
}

/// `security.W002` and `W019`; `SAMEORIGIN` is fine.
pub(super) fn framing_allowed(project: &Project) -> Vec<(FileId, Hit)> {
    judged(project, |settings, found| {
        if let Some(set) = middleware_without(settings, FRAMES) {
            found.add(settings, set, at(set));
        } else if let Setting::Set(set) = settings.setting("X_FRAME_OPTIONS")
            && let Some(text) = set.site.settled(set.value)
            && let Some(text) = text.value.as_str()
            && !text.eq_ignore_ascii_case("DENY")
            && !text.eq_ignore_ascii_case("SAMEORIGIN")
        {
            found.add(
                settings,
                set,
                at(set).says(format!("`X_FRAME_OPTIONS` is `{text}`, which forbids no frame")),
            );
        }
    })
}

/// `security.W001`, `W004`, `W005` and `W008`.
pub(super) fn https_not_enforced(project: &Project) -> Vec<(FileId, Hit)> {
    judged(project, |settings, found| {
        if let Some(set) = middleware_without(settings, SECURITY) {
            let text = "`MIDDLEWARE` has no `SecurityMiddleware`, which would send browsers to HTTPS";
            return found.add(settings, set, at(set).says(text));
        }
        let is_off = |name: &str| match settings.setting(name) {
            Setting::Absent => true,
            Setting::Unknown => false,
            Setting::Set(set) => set.site.settled(set.value).is_some_and(|settled| !settled.value.is_true()),
        };
        let Some(set) = lacking(settings).filter(|_| settings.mentions(|text| text.ends_with(SECURITY)))
        else {
            return;
        };
        let missing: Vec<String> = ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
            .into_iter()
            .filter(|name| is_off(name))
            .map(|name| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            let text =
                format!("{} {verb} off, so nothing here keeps browsers on HTTPS", missing.join(" and "));
            found.add(settings, set, at(set).says(text).confidence(sureness(settings)));
        } else if let Setting::Set(seconds) = settings.setting("SECURE_HSTS_SECONDS")
            && seconds.site.constant(seconds.value).is_some()
            && is_off("SECURE_HSTS_INCLUDE_SUBDOMAINS")
        {
            let text = "`SECURE_HSTS_INCLUDE_SUBDOMAINS` is off: subdomains may be reached over plain HTTP";
            found.add(settings, seconds, at(seconds).says(text).severity(Severity::Info));
        }
    })
}
