//! Whether the code behind an endpoint looks at who is calling, in whatever way.

use crate::facts::{ClassId, FunctionId, Span, Statement, Value, ValueId, path_hash};
use crate::project::{Entity, FileId, Type, words};
use crate::rule::{Endpoint, Site};
use crate::web::refuses_somebody;

/// How many calls deep is looked.
const DEEPEST: u32 = 2;

/// Words of code that knows its callers by a proof in the request.
const PROOFS: &[&str] =
    &["hmac", "signature", "digest", "bearer", "unsign", "jwt", "signer", "webhook", "authorization"];
/// Names of what only known callers have.
const RIGHTS: &[&str] = &[
    "has_perm",
    "has_perms",
    "has_permission",
    "has_object_permission",
    "is_authenticated",
    "is_anonymous",
    "is_staff",
    "is_superuser",
    "is_admin",
];
/// Words of functions that look at callers, and of what they look at.
const DOES: &[&str] = &["check", "has", "can", "require", "ensure", "verify", "is", "raise", "assert"];
const ABOUT: &[&str] =
    &["access", "permission", "permissions", "perm", "perms", "rights", "auth", "authorized", "allowed"];

/// Views that answer with where to go.
const REDIRECTS: &[&str] = &["django.views.generic.RedirectView", "django.views.generic.base.RedirectView"];

/// Methods of view classes that run whatever is asked of them.
const HOOKS: &[&str] = &[
    "get_object",
    "get_queryset",
    "dispatch",
    "setup",
    "initial",
    "prepare",
    "test_func",
    "has_permission",
    "check_permissions",
    "get_permissions",
    "before_request",
    "dispatch_request",
    "perform_create",
    "perform_update",
    "perform_destroy",
    "form_valid",
    "get_form_kwargs",
];

/// Whether the handler, its class, or what it calls looks at who is calling, or answers nothing but errors.
pub(super) fn asks_itself(endpoint: &Endpoint<'_>, site: Site<'_>) -> bool {
    let function = endpoint.function();
    if let Some(id) = function {
        let Some(span) = site.module.function(id).map(|one| one.span) else { return false };
        if site.words_in(span).has_any(PROOFS)
            || refuses_somebody(endpoint.project, site.file, id)
            || looks(site, id, DEEPEST)
            || only_refers(site, id)
        {
            return true;
        }
    }
    let own = endpoint.route.handler.class.map(|class| (endpoint.route.handler.file, class));
    let views: Vec<(FileId, ClassId)> = own.into_iter().chain(super::place::view(endpoint)).collect();
    let refers = |class: Type| {
        let bases = endpoint.project.external_bases(class);
        bases.iter().any(|base| REDIRECTS.iter().any(|path| path_hash(path) == *base))
    };
    if function.is_none() && views.iter().any(|(file, class)| refers(Type::Class(*file, *class))) {
        return true;
    }
    let all =
        views.into_iter().flat_map(|(file, class)| endpoint.project.ancestors(file, class).into_owned());
    let mut classes = all.filter_map(|ancestor| match ancestor {
        Entity::Class(file, class) => Some((Site::new(endpoint.project, file)?, class)),
        _ => None,
    });
    classes.any(|(site, class)| {
        let functions = site.module.functions().iter().filter(|one| one.class == Some(class));
        let mut hooks = functions.filter(|one| HOOKS.contains(&site.module.text(one.name)));
        hooks.any(|one| looks_within(site, one.span))
    })
}

/// Whether a function looks at who is calling, or one of the project that it calls.
fn looks(site: Site<'_>, function: FunctionId, depth: u32) -> bool {
    let Some(span) = site.module.function(function).map(|one| one.span) else { return false };
    if looks_within(site, span) {
        return true;
    }
    let Some(depth) = depth.checked_sub(1) else { return false };
    let calls = site.module.calls().filter(|call| span.covers(site.module.span(*call)));
    calls.into_iter().any(|call| match site.value(call) {
        // Only what is told who is calling can look at that.
        Value::Call(callee, arguments) => {
            let mut given = arguments.positional().iter().chain(arguments.keywords().map(|(_, value)| value));
            given.any(|value| names_caller(site, value))
                && called(site, callee).is_some_and(|(site, function)| looks(site, function, depth))
        }
        _ => false,
    })
}

/// `request`, `self.request`, `user`, `request.user`, `current_user`.
fn names_caller(site: Site<'_>, value: ValueId) -> bool {
    site.last_segment(value).is_some_and(|name| {
        words(name)
            .iter()
            .any(|word| matches!(word.as_str(), "request" | "req" | "user" | "session" | "caller" | "auth"))
    })
}

fn called<'p>(site: Site<'p>, callee: ValueId) -> Option<(Site<'p>, FunctionId)> {
    let entity = match site.resolve(callee).map(|found| found.entity) {
        Some(found @ Entity::Function(..)) => Some(found),
        _ => match site.value(callee) {
            Value::Attribute(object, name) => {
                site.project.method(site.type_of(object)?, site.module.names().hash(name))
            }
            _ => None,
        },
    };
    match entity? {
        Entity::Function(file, function) => Some((Site::new(site.project, file)?, function)),
        _ => None,
    }
}

/// Whether a piece of code names rights of users, or calls what is named after looking at them.
fn looks_within(site: Site<'_>, span: Span) -> bool {
    let within = site.module.values().filter(|value| span.covers(site.module.span(*value)));
    within.into_iter().any(|value| match site.value(value) {
        Value::Attribute(_, name) => RIGHTS.contains(&site.module.text(name)),
        Value::Call(callee, _) => site.last_segment(callee).is_some_and(|name| {
            let words = words(name);
            let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
            has(DOES) && has(ABOUT)
        }),
        _ => false,
    })
}

/// Whether a function answers nothing but errors and redirections: a page that is not there, an endpoint of old.
fn only_refers(site: Site<'_>, function: FunctionId) -> bool {
    let block = site.module.function_body(function);
    let Some(last) = block.iter().next_back() else { return false };
    let mut answers = false;
    site.module.walk_block(block, &mut |_, statement| {
        answers |= matches!(statement, Statement::Return(Some(value)) if !is_redirect(site, value));
    });
    let ends = match site.module.statement(last) {
        Statement::Raise(..) => true,
        Statement::Return(Some(value)) => block.len() == 1 && is_redirect(site, value),
        _ => false,
    };
    ends && !answers
}

fn is_redirect(site: Site<'_>, value: ValueId) -> bool {
    match site.value(value) {
        Value::Call(callee, _) => {
            site.last_segment(callee).is_some_and(|name| name.to_ascii_lowercase().contains("redirect"))
        }
        _ => false,
    }
}
