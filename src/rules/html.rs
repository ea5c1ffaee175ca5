//! Pages with text in them that nobody escaped.

use crate::facts::{Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Preset, Rule, Site};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "unescaped-markup",
        aliases: &["B308", "B703", "B704", "S308", "S704"],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[79, 80],
        message: "`{call}` declares a text to be HTML that is not constant",
        why: "Templates no longer escape it. A client that can put `<script>` into the text runs code in the \
              browsers of others.",
        help: "escape the values: `django.utils.html.format_html`, `markupsafe.Markup(\"…\").format(value)`, or a \
              cleaner of HTML",
        on: On::Sink(Kind::Html, &[], unescaped),
    },
    Rule {
        name: "autoescape-off",
        aliases: &["B701", "S701"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[79, 94],
        message: "`{call}` makes templates that do not escape their values",
        why: "Jinja escapes nothing unless it is told to. What a client sends ends up in the page as HTML, scripts \
              included.",
        help: "pass `autoescape=True`, or `jinja2.select_autoescape()`",
        on: On::Call(JINJA, page_templates),
    },
    Rule {
        name: "unescaped-templates",
        aliases: &["B701", "S701"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[79, 94],
        message: "`{call}` makes templates that do not escape their values, if not known to be for pages",
        why: "Nothing here says that they make HTML. Where one does one day, its values are put into the page as \
              they are.",
        help: "pass `autoescape=jinja2.select_autoescape()`, which escapes by the ending of the name",
        on: On::Call(JINJA, other_templates),
    },
    Rule {
        name: "mako-without-escape",
        aliases: &["B702", "S702"],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[79, 80],
        message: "`{call}` makes templates that do not escape their values",
        why: "Mako escapes only what a template says it should, by `| h` after each value.",
        help: "pass `default_filters=[\"h\"]`",
        on: On::Call(MAKO, unfiltered_templates),
    },
];

/// Environments of templates that make text.
const JINJA: &[&str] = &[
    "jinja2.Environment",
    "jinja2.environment.Environment",
    "jinja2.sandbox.SandboxedEnvironment",
    "jinja2.sandbox.ImmutableSandboxedEnvironment",
];

const MAKO: &[&str] = &["mako.template.Template", "mako.lookup.TemplateLookup"];

/// Frameworks whose answers are pages.
const WEB: &[&str] = &[
    "flask",
    "quart",
    "django",
    "fastapi",
    "starlette",
    "sanic",
    "tornado",
    "aiohttp.web",
    "bottle",
    "pyramid",
    "falcon",
    "cherrypy",
    "litestar",
];

/// Calls whose result is HTML that its maker answers for, or a text of the program itself.
const MADE: &[&str] = &[
    "as_p",
    "as_table",
    "as_ul",
    "as_div",
    "as_widget",
    "get_template_attribute",
    "highlight",
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "pgettext",
    "ugettext",
    "urlencode",
    "reverse",
    "url_for",
    "static",
];

/// Silent in tests, on constant text, and where every part is a number, escaped, cleaned or rendered.
fn unescaped(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() {
        return None;
    }
    let parts = call.site.text(call.subject()?);
    let (file, value) = parts.values().find(|(file, value)| {
        Site::new(call.site.project, *file).is_some_and(|site| !is_harmless(site, *value))
    })?;
    let span = call.site.project.module(file)?.span(value);
    let outside = file != call.site.file || !call.span().covers(span);
    Some(if outside { Hit::here().beside(file, span, "this part is not constant") } else { Hit::here() })
}

fn is_harmless(site: Site<'_>, value: ValueId) -> bool {
    let made = match site.value(value) {
        Value::Call(callee, _) => site.last_segment(callee).is_some_and(|name| {
            MADE.contains(&name)
                || name.starts_with("esc")
                || ["render", "sanitize"].iter().any(|part| name.contains(part))
        }),
        _ => false,
    };
    made || site.project.is_number(site.file, value)
        || site.project.is_quoted(site.file, value, Kind::Html)
        || site.project.is_enum_member(site.file, value)
}

/// Silent in tests, with `autoescape` on or decided elsewhere, and where the file has nothing to do with pages: templates
/// also make config files and code (see `unescaped-templates`). Worse where it is switched off by name.
fn page_templates(call: &Call<'_>) -> Option<Hit> {
    let switch = switched_off(call)?;
    let web = WEB.iter().any(|framework| call.site.imports(framework));
    match switch {
        Switch::Off if web || makes_pages(call) => Some(Hit::here().severity(Severity::High)),
        Switch::Default if makes_pages(call) => Some(Hit::here()),
        _ => None,
    }
}

/// Silent where [`page_templates`] speaks, and with `autoescape` on or decided elsewhere.
fn other_templates(call: &Call<'_>) -> Option<Hit> {
    (switched_off(call).is_some() && page_templates(call).is_none()).then(Hit::here)
}

/// How it comes that templates escape nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    Off,
    Default,
}

fn switched_off(call: &Call<'_>) -> Option<Switch> {
    let site = call.site;
    if site.is_test() {
        return None;
    }
    match call.keyword_or_spread("autoescape").or_else(|| call.positional(12)) {
        Some(value) => site.constant(value).filter(|value| !value.is_true()).map(|_| Switch::Off),
        None => (!call.has_spread() && !call.has_rest()).then_some(Switch::Default),
    }
}

/// Whether a file makes HTML, as its names and texts say.
fn makes_pages(call: &Call<'_>) -> bool {
    let site = call.site;
    let words = ["html", "page", "pages", "email", "mail"];
    site.words_around(call.span().start).has_any(&words)
        || site.module.values().any(|id| match site.value(id) {
            Value::Str(name) => {
                let text = site.module.text(name);
                let ends = [".html", ".htm", ".html.j2", ".html.jinja2"];
                ends.iter().any(|end| text.ends_with(end))
                    || text.contains("<html")
                    || text.contains("text/html")
            }
            _ => false,
        })
}

/// Silent in tests, and where filters are given.
fn unfiltered_templates(call: &Call<'_>) -> Option<Hit> {
    let filtered = call.keyword_or_spread("default_filters").is_some() || call.has_spread();
    (!filtered && !call.site.is_test()).then(Hit::here)
}
