//! Flows: which rule says that data has arrived where it is dangerous. The table has the rules that fire on nothing
//! else; those of other families fire on their sinks too.

use crate::facts::{Anchor, Value};
use crate::finding::{Confidence, Severity};
use crate::models::{Kind, Threat};
use crate::project::{Project, Site};
use crate::rule::{Call, Hit, On, Preset, Rule};
use crate::taint::{self, Flow, Node};
use crate::web::Web;

use super::dispatch::{Judged, shown_path};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "path-traversal",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: Some(Severity::High),
        confidence: Confidence::Medium,
        cwe: &[22],
        message: "`{call}` takes a path that a client shapes",
        why: "With `../` or an absolute path a client reads, overwrites or removes files that it was not meant to reach.",
        help: "resolve the path and check that it is inside the folder with `is_relative_to`, or choose it from a list",
        on: On::Flow(Kind::Path),
    },
    Rule {
        name: "server-side-request-forgery",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: Some(Severity::High),
        confidence: Confidence::Medium,
        cwe: &[918],
        message: "`{call}` sends a request to an address that a client shapes",
        why: "The client makes the server speak to hosts that only the server can reach: metadata services, databases, other tenants.",
        help: "choose the host from a list, and let the client shape the rest of the address only",
        on: On::Flow(Kind::Ssrf),
    },
    Rule {
        name: "open-redirect",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: Some(Severity::Medium),
        confidence: Confidence::Medium,
        cwe: &[601],
        message: "`{call}` sends the client on to an address that somebody else may have shaped",
        why: "A link to the real site ends at a forged one: the first half of most phishing.",
        help: "redirect to paths of the own site only, and check the host of anything else against a list",
        on: On::Flow(Kind::Redirect),
    },
    Rule {
        name: "header-injection",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: Some(Severity::Medium),
        confidence: Confidence::Medium,
        cwe: &[113, 93],
        message: "`{call}` puts text that a client shapes into a header as it is",
        why: "A line break in the text ends the header: the client adds headers of its own, a cookie for instance, or a \
              whole answer.",
        help: "refuse texts with line breaks, or quote them with `urllib.parse.quote`",
        on: On::Flow(Kind::Header),
    },
    Rule {
        name: "log-injection",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: Some(Severity::Low),
        confidence: Confidence::Medium,
        cwe: &[117],
        message: "`{call}` writes text that a client shapes to a log",
        why: "A line break in the text begins a new entry, which nobody can tell from a real one.",
        help: "set a formatter that escapes line breaks",
        on: On::Flow(Kind::Log),
    },
    Rule {
        name: "cross-site-scripting",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: Some(Severity::High),
        confidence: Confidence::Medium,
        cwe: &[79],
        message: "`{call}` puts text that a client shapes into a page",
        why: "A script in the text runs in the browser of whoever opens the page, with their session.",
        help: "render it by a template that escapes, or escape it with `markupsafe.escape`",
        on: On::Flow(Kind::Xss),
    },
    Rule {
        name: "template-injection",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Critical,
        flow: Some(Severity::Critical),
        confidence: Confidence::Medium,
        cwe: &[1336, 94],
        message: "`{call}` renders a template that a client shapes",
        why: "Template languages reach Python: who writes the template runs code on the server.",
        help: "keep templates in files, and give them what clients send as values",
        on: On::Flow(Kind::Template),
    },
];

/// Who is a threat unless the user says otherwise.
const THREATS: [Threat; 1] = [Threat::Remote];

/// The flows of a project that these rules mind, and the functions that were too large to be followed.
pub(super) fn judge(project: &Project, web: &Web, rules: &[&'static Rule]) -> (Vec<Judged>, Vec<Node>) {
    let kinds: Vec<Kind> =
        taint::KINDS.into_iter().filter(|kind| rules.iter().any(|rule| minds(rule, *kind))).collect();
    if kinds.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let found = taint::flows(project, web, &kinds, &THREATS);
    let judged = found.flows.iter().filter_map(|flow| judged(project, rules, flow)).collect();
    (judged, found.cut)
}

fn minds(rule: &'static Rule, kind: Kind) -> bool {
    rule.flow.is_some()
        && rule.forms().iter().any(|form| match form {
            On::Sink(own, ..) | On::Flow(own) => *own == kind,
            _ => false,
        })
}

fn judged(project: &Project, rules: &[&'static Rule], flow: &Flow) -> Option<Judged> {
    let site = Site::new(project, flow.file).filter(|site| !site.is_test())?;
    let rule = rules.iter().copied().find(|rule| rule.flow.is_some() && takes(rule, site, flow))?;
    let span = site.module.span(flow.value);
    // A long way has had many chances to be a wrong guess, or to be checked.
    let confidence = match flow.steps.len() {
        _ if flow.is_weak => Confidence::Low,
        0..=8 => Confidence::High,
        9..=14 => Confidence::Medium,
        _ => Confidence::Low,
    };
    let hit =
        Hit { severity: rule.flow, confidence: Some(confidence), flow: flow.steps.clone(), ..Hit::default() };
    let subject = match &*flow.path {
        "return" => "return".to_owned(),
        path => shown_path(path).to_owned(),
    };
    Some(Judged { rule, file: flow.file, span, anchor: Anchor::Value(flow.value), subject, hit })
}

/// Whether a rule is about a flow: about its kind and library, and its judge minds the call. What a call does with
/// data (a safe loader, a filter) is for the judge to know; that the text is not constant, the flow has shown.
fn takes(rule: &'static Rule, site: Site<'_>, flow: &Flow) -> bool {
    rule.forms().iter().any(|form| match form {
        On::Flow(kind) => *kind == flow.kind,
        On::Sink(kind, libraries, judge) if *kind == flow.kind => {
            let of_library = libraries.is_empty() || libraries.contains(&&*flow.library);
            let decides = matches!(flow.kind, Kind::Deserialization | Kind::Code | Kind::Xml);
            of_library && (!decides || call(site, flow).is_some_and(|call| judge(&call).is_some()))
        }
        _ => false,
    })
}

fn call<'p>(site: Site<'p>, flow: &'p Flow) -> Option<Call<'p>> {
    let Value::Call(callee, arguments) = site.value(flow.value) else { return None };
    let sink = site
        .project
        .models()
        .sinks_at(crate::facts::path_hash(&flow.path))
        .find(|sink| sink.kind == flow.kind);
    Some(Call { site, id: flow.value, callee, arguments, path: &flow.path, sink })
}
