//! Servers and applications that are told to debug.

use crate::facts::{Statement, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::project::Constant;
use crate::rule::{Call, Fact, FactNode, Hit, Site, words};

/// Words of a condition that say: somebody chose to debug.
pub(super) const CHOICE: &[&str] = &[
    "debug",
    "debugging",
    "dev",
    "devel",
    "develop",
    "development",
    "local",
    "env",
    "environ",
    "environment",
    "reload",
    "mode",
    "testing",
    "debugger",
];

/// Silent where the switch is not constant, and where a condition is about it.
pub(super) fn debug_call(call: &Call<'_>) -> Option<Hit> {
    let (site, sink) = (call.site, call.sink?);
    let switch = sink.keywords.iter().find_map(|name| call.keyword_or_spread(name));
    let switch = switch.or_else(|| sink.args.iter().find_map(|position| call.positional(*position)));
    let switch = switch.or_else(|| site.entry(call.positional(0)?, "DEBUG"))?;
    if !site.constant(switch)?.is_true() {
        return None;
    }
    // `Flask.run`, by its name alone.
    if !call.path.starts_with('?') {
        return weighed(site, call.span().start, debug_severity(&sink.library), Hit::here());
    }
    let hit = Hit::here().confidence(Confidence::Medium).says("this turns the debug mode of the server on");
    let known = call.receiver().is_some_and(|app| is_unknown_app(site, app));
    known.then(|| weighed(site, call.span().start, Severity::High, hit)).flatten()
}

/// `app.debug = True`, `app.config["DEBUG"] = True`. Silent as `debug_call` is.
pub(super) fn debug_assignment(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Assign(target, value)) = fact.node else { return None };
    let site = fact.site;
    let app = match site.value(target) {
        Value::Attribute(app, name) if site.module.text(name) == "debug" => app,
        Value::Item(config, key) if matches!(site.value(key), Value::Str(name) if site.module.text(name) == "DEBUG") => {
            match site.value(config) {
                Value::Attribute(app, name) if site.module.text(name) == "config" => app,
                _ => return None,
            }
        }
        _ => return None,
    };
    if site.constant(value) != Some(Constant::Bool(true)) {
        return None;
    }
    let hit = Hit::here().says("this turns the debug mode of the server on");
    let offset = site.module.span(target).start;
    if site.is_instance(app, &["flask.Flask", "quart.Quart", "dash.Dash"]) {
        return weighed(site, offset, Severity::Medium, hit);
    }
    let hit = hit.confidence(Confidence::Medium);
    is_unknown_app(site, app).then(|| weighed(site, offset, Severity::Medium, hit)).flatten()
}

/// How bad the debug mode of a library is: a console for everybody, or error pages.
fn debug_severity(library: &str) -> Severity {
    match library {
        "flask" | "werkzeug" | "quart" | "dash" | "flask_socketio" => Severity::High,
        _ => Severity::Medium,
    }
}

/// Less where a file is run by hand, and in tests.
fn weighed(site: Site<'_>, offset: u32, severity: Severity, hit: Hit) -> Option<Hit> {
    if site.is_chosen_by(offset, CHOICE) {
        return None;
    }
    let severity = match severity {
        _ if site.is_test() => Severity::Low,
        Severity::High if site.is_main(offset) => Severity::Medium,
        severity => severity,
    };
    Some(hit.severity(severity))
}

/// Whether an object of unknown class is called like an application in a file that uses Flask.
fn is_unknown_app(site: Site<'_>, app: ValueId) -> bool {
    let called =
        |wanted: &str| site.last_segment(app).is_some_and(|name| words(name).contains(&wanted.to_owned()));
    let flask = site.module.imports().iter().any(|import| {
        let module = site.module.text(import.module);
        module.starts_with("flask") || module.starts_with("quart") || module.starts_with("dash")
    });
    flask && site.type_of(app).is_none() && ["app", "application", "server", "flask"].into_iter().any(called)
}
