//! Protection of forms against requests from other sites.

use crate::facts::{Class, FunctionId, Module, Span, Statement, Value, ValueId, hash_text};
use crate::finding::Confidence;
use crate::project::{Entity, FileId, Project};
use crate::rule::{Call, Fact, FactNode, Hit, Site, words};
use crate::rules::settings::configuration::entries;

const EXEMPT: &[&str] = &["django.views.decorators.csrf.csrf_exempt"];

/// Pieces of names that say: called by a machine, not by a form.
const MACHINES: &[&str] = &[
    "webhook",
    "callback",
    "ipn",
    "notify",
    "saml",
    "acsview",
    "csp",
    "oauth",
    "oidc",
    "openid",
    "health",
    "heartbeat",
    "metrics",
    "xmlrpc",
    "jsonrpc",
    "soap",
    "scim",
    "introspect",
];

/// Words of code that authenticates by what no browser adds by itself.
const PROOFS: &[&str] = &[
    "hmac",
    "signature",
    "compare_digest",
    "digest",
    "authorization",
    "bearer",
    "apikey",
    "jwt",
    "webhook",
    "signed",
    "unsign",
    "verify",
];

/// Settings that turn the protection off.
const SETTINGS: &[&str] = &["WTF_CSRF_ENABLED", "WTF_CSRF_CHECK_DEFAULT", "JWT_COOKIE_CSRF_PROTECT"];

/// `@csrf_exempt`, `@csrf.exempt`. Silent on views that only read, that machines call by a signature or a header of
/// their own, on those of REST frameworks, and in tests.
pub(super) fn exempt_function(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Function(function)) = fact.node else { return None };
    let site = fact.site;
    let decorators = site.module.decorators(function);
    let exempt = decorators
        .iter()
        .find(|decorator| site.is_any(*decorator, EXEMPT) || is_flask_exempt(site, *decorator))?;
    let made = site.module.function(function)?;
    let spared = site.is_test()
        || only_reads(site, function)
        || decorators.iter().any(|decorator| named(site, decorator, &["api_view"]))
        || is_for_machines(site, site.module.text(made.name), made.span);
    (!spared).then(|| Hit::at(site.module.span(exempt)))
}

/// Whether a decorator is `exempt` of Flask-WTF.
fn is_flask_exempt(site: Site<'_>, decorator: ValueId) -> bool {
    match site.value(decorator) {
        Value::Attribute(object, name) if site.module.text(name) == "exempt" => site.is_instance(
            object,
            &["flask_wtf.CSRFProtect", "flask_wtf.csrf.CSRFProtect", "flask_wtf.CsrfProtect"],
        ),
        _ => false,
    }
}

/// Whether a view answers only requests that change nothing.
fn only_reads(site: Site<'_>, function: FunctionId) -> bool {
    site.module.decorators(function).iter().any(|decorator| match site.value(decorator) {
        Value::Call(callee, arguments) => {
            site.last_segment(callee) == Some("require_http_methods")
                && arguments.positional().get(0).and_then(|methods| site.listed(methods)).is_some_and(
                    |methods| {
                        methods
                            .items
                            .iter()
                            .all(|method| matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS"))
                    },
                )
        }
        _ => named(site, decorator, &["require_GET", "require_safe"]),
    })
}

fn named(site: Site<'_>, decorator: ValueId, names: &[&str]) -> bool {
    let callee = site.called(decorator);
    site.last_segment(callee).is_some_and(|name| names.contains(&name))
}

/// Whether a view is called by machines, by its name or that of its file, or by how it knows them.
fn is_for_machines(site: Site<'_>, name: &str, span: Span) -> bool {
    let path = site.project.file(site.file).map(|file| &*file.path).unwrap_or_default();
    is_machine(name) || path.split('/').any(is_machine) || site.words_in(span).has_any(PROOFS)
}

fn is_machine(name: &str) -> bool {
    let name = name.to_lowercase();
    MACHINES.iter().any(|machine| name.contains(machine))
}

/// `method_decorator(csrf_exempt)`, `csrf_exempt(View.as_view())`, `csrf.exempt(blueprint)`. Silent as
/// `exempt_function` is, and where the view that is wrapped is not known.
pub(super) fn exempt_call(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() {
        return None;
    }
    let first = call.positional(0)?;
    if call.name() == "method_decorator" {
        let listed = site.elements(first).unwrap_or_else(|| vec![first]);
        if !listed.into_iter().any(|decorator| site.is_any(decorator, EXEMPT)) {
            return None;
        }
        return (!is_spared_class(site, call.span())).then(Hit::here);
    }
    (!is_spared(site, call.callee, first)).then(Hit::here)
}

/// Whether what is wrapped in `csrf_exempt` or handed to `exempt` is spared, or not known.
fn is_spared(site: Site<'_>, callee: ValueId, view: ValueId) -> bool {
    if let Value::Call(made, _) = site.value(view) {
        return match site.value(made) {
            Value::Attribute(class, name) if site.module.text(name) == "as_view" => {
                is_spared_view(site, class)
            }
            _ => true,
        };
    }
    match site.resolve(view).map(|found| found.entity) {
        Some(Entity::Function(file, function)) => {
            let Some(site) = Site::new(site.project, file) else { return true };
            let Some(made) = site.module.function(function) else { return true };
            // A function within one is a wrapper that a library makes.
            made.parent.is_some()
                || only_reads(site, function)
                || is_for_machines(site, site.module.text(made.name), made.span)
        }
        Some(Entity::Class(..)) => is_spared_view(site, view),
        _ => {
            let is_blueprint = site.is_instance(view, &["flask.Blueprint", "flask.blueprints.Blueprint"]);
            // Clients of an API mostly show a token.
            let named = site.last_segment(view).unwrap_or_default();
            !is_blueprint
                || !is_flask_exempt(site, callee)
                || is_machine(named)
                || words(named).iter().any(|word| matches!(word.as_str(), "api" | "hooks"))
        }
    }
}

/// Whether the class that a decorator or its method belongs to is spared.
fn is_spared_class(site: Site<'_>, decorator: Span) -> bool {
    let module = site.module;
    // The decorator of a class stands before it, that of a method within it.
    let around = module.class_at(decorator.start).and_then(|id| module.class(id));
    let behind = || {
        let index = module.classes().partition_point(|class| class.span.start < decorator.end);
        module.classes().get(index)
    };
    let Some(class) = around.or_else(behind) else { return false };
    is_for_machines(site, module.text(class.name), class.span) || class_only_reads(module, class)
}

/// Whether a view answers `GET` and nothing that changes anything, as far as its own body says.
fn class_only_reads(module: &Module, class: &Class) -> bool {
    let has = |name: &str| module.lookup(class.scope, hash_text(name)).is_some();
    has("get") && !["post", "put", "patch", "delete", "dispatch", "form_valid"].into_iter().any(has)
}

fn is_spared_view(site: Site<'_>, class: ValueId) -> bool {
    match site.resolve(class).map(|found| found.entity) {
        Some(Entity::Class(file, class)) => {
            let Some(site) = Site::new(site.project, file) else { return true };
            let Some(made) = site.module.class(class) else { return true };
            is_for_machines(site, site.module.text(made.name), made.span)
        }
        _ => site.last_segment(class).is_some_and(is_machine),
    }
}

/// Settings of Flask-WTF and flask-jwt-extended. Silent in tests and in the settings of a developer.
pub(super) fn disabled(project: &Project) -> Vec<(FileId, Hit)> {
    let found = entries(project, SETTINGS).into_iter().filter(|entry| !entry.is_for_development());
    found
        .filter_map(|entry| {
            let settled = entry.site.settled(entry.value).filter(|settled| !settled.value.is_true())?;
            // `csrf.protect()` then stands where it is wanted.
            let by_hand = entry.site.module.names().contains_hash(hash_text("protect"));
            if entry.name == "WTF_CSRF_CHECK_DEFAULT" && by_hand {
                return None;
            }
            let says = match entry.name {
                "JWT_COOKIE_CSRF_PROTECT" => {
                    format!(
                        "`{}` is off: tokens in cookies are sent along with requests from other sites",
                        entry.name
                    )
                }
                name => format!("`{name}` is off: forms take requests from other sites"),
            };
            let confidence = if settled.is_default { Confidence::Medium } else { Confidence::High };
            Some((entry.site.file, entry.hit().says(says).confidence(confidence)))
        })
        .collect()
}

/// `enforce_csrf` of a session authentication of Django REST framework that does nothing.
pub(super) fn session_without_check(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Function(function)) = fact.node else { return None };
    let site = fact.site;
    let made = site.module.function(function)?;
    if site.module.text(made.name) != "enforce_csrf" || made.class.is_none() || site.is_test() {
        return None;
    }
    let idle = site.module.function_body(function).iter().all(|id| match site.module.statement(id) {
        Statement::Pass | Statement::Docstring | Statement::Return(None) => true,
        Statement::Return(Some(value)) => matches!(site.value(value), Value::None),
        _ => false,
    });
    idle.then(|| {
        Hit::at(made.name_span)
            .says("this authentication takes the session without the check against other sites")
    })
}
