//! Endpoints that let everybody pass.

use super::checks;
use super::place::{hit, shown};
use super::siblings::{Around, application, example};
use crate::facts::Value;
use crate::finding::{Confidence, Severity};
use crate::project::FileId;
use crate::rule::{Endpoint, Hit, Site};
use crate::web::{Framework, Methods, Purpose, Route, purpose};

/// The most endpoints with such paths that are told one by one where nothing asks who is calling.
const MOST: u32 = 8;

/// An endpoint that changes something where most others around it ask who is calling, or one whose path or name says
/// that it is not for everybody.
pub(super) fn forgotten(endpoint: &Endpoint<'_>) -> Option<(FileId, Hit)> {
    let route = endpoint.route;
    let is_chosen = route.evidence.first().is_some_and(|first| first.opens);
    if route.is_protected() || is_chosen || is_elsewhere(route) {
        return None;
    }
    let site = endpoint.handler_site().filter(|site| !site.is_test())?;
    let (file, found) = match purpose(endpoint.project, route) {
        Purpose::Closed(word) => closed(endpoint, &word)?,
        _ if route.handler.function.is_none() && route.handler.class.is_none() => return None,
        Purpose::Delicate(word) => delicate(endpoint, &word).or_else(|| changing(endpoint, site))?,
        Purpose::Unknown => changing(endpoint, site)?,
        _ => return None,
    };
    (!checks::asks_itself(endpoint, site)).then_some((file, found))
}

/// What answers is not in the project, or a list of Django's that nothing includes: whoever does may protect it.
fn is_elsewhere(route: &Route) -> bool {
    let is_unknown = route.handler.function.is_none() && route.handler.class.is_none();
    let is_django = matches!(route.framework, Framework::Django | Framework::DjangoRest);
    // What Flask's extensions answer by is known: views of models, with all their buttons.
    let is_extension = route.framework == Framework::Flask && route.methods.change_state();
    is_unknown && !is_extension || is_django && !route.is_mounted
}

/// A path for administrators, developers or the inside of a network.
fn closed(endpoint: &Endpoint<'_>, word: &str) -> Option<(FileId, Hit)> {
    let route = endpoint.route;
    let total = application(endpoint);
    let (file, found) = hit(endpoint);
    let path = format!("{} is open to everybody, though its path says `{word}`", shown(route));
    if total.protected > 0 {
        let around = Around::of(endpoint).filter(|around| around.confidence().is_some());
        let sure = if around.is_some() { Confidence::High } else { Confidence::Medium };
        return Some((file, example(endpoint, total, found).says(path).confidence(sure)));
    }
    let all = total.open_closed;
    if all <= MOST || all * 2 <= total.open {
        return Some((file, found.says(path)));
    }
    // An inner service, or one behind a proxy: told once.
    let first = total.first_open_closed.and_then(|index| endpoint.web.routes().get(index as usize))?;
    let says = format!(
        "{path}, and so are {} other endpoints of an application that asks nobody who is calling",
        all - 1
    );
    std::ptr::eq(first, route).then(|| (file, found.says(says)))
}

/// Something that callers nobody knows have no business with, in an application that knows its callers.
fn delicate(endpoint: &Endpoint<'_>, word: &str) -> Option<(FileId, Hit)> {
    let total = application(endpoint);
    if total.protected < 2 || total.protected < total.open {
        return None;
    }
    let (file, found) = hit(endpoint);
    let says = format!(
        "{} is open to everybody, though `{word}` is not for everybody and {} of the {} other endpoints ask who is calling",
        shown(endpoint.route),
        total.protected,
        total.protected + total.open.saturating_sub(1),
    );
    let found = example(endpoint, total, found).says(says);
    let is_number = matches!(word, "metrics" | "prometheus");
    Some((file, if is_number { found.severity(Severity::Medium).confidence(Confidence::Low) } else { found }))
}

/// An endpoint that changes something, among others that ask who is calling.
fn changing(endpoint: &Endpoint<'_>, site: Site<'_>) -> Option<(FileId, Hit)> {
    let route = endpoint.route;
    let writes = route.methods.change_state() || route.methods == Methods::ANY && takes_posts(endpoint, site);
    if !writes {
        return None;
    }
    let around = Around::of(endpoint)?;
    let confidence = around.confidence()?;
    let (file, found) = hit(endpoint);
    let says = format!("{} does not ask who is calling; {}", shown(route), around.says());
    Some((file, around.shown_in(endpoint, found).says(says).confidence(confidence)))
}

/// Whether a view that answers every method looks at what forms send.
fn takes_posts(endpoint: &Endpoint<'_>, site: Site<'_>) -> bool {
    let span = endpoint.function().and_then(|id| site.module.function(id)).map(|one| one.span);
    let within = |value: &_| span.is_some_and(|span| span.covers(site.module.span(*value)));
    site.module.values().filter(within).any(|value| match site.value(value) {
        Value::Attribute(_, name) => matches!(site.module.text(name), "POST" | "FILES"),
        Value::Str(name) => site.module.text(name) == "POST",
        _ => false,
    })
}

/// Once for an application in which nobody is asked, where something is changed.
pub(super) fn whole_application(endpoint: &Endpoint<'_>) -> Option<(FileId, Hit)> {
    let total = application(endpoint);
    let first = total.first_open_write.and_then(|index| endpoint.web.routes().get(index as usize))?;
    if total.protected > 0 || !std::ptr::eq(first, endpoint.route) {
        return None;
    }
    let says = match total.open_writes {
        1 => format!(
            "{} changes something, and no endpoint of its application asks who is calling",
            shown(first)
        ),
        count => format!(
            "{count} endpoints change something, {} for one, and no endpoint of their application asks who is calling",
            shown(first)
        ),
    };
    let (file, found) = hit(endpoint);
    Some((file, found.says(says)))
}
