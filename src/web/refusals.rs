//! What refuses callers: errors, statuses, redirections to a login.

use super::names::{ERRORS, REFUSALS};
use crate::facts::{ClassId, Statement, Value, ValueId};
use crate::project::{FileId, Project, Site, Type, has_word};

/// Whether a statement itself refuses.
pub(super) fn statement_refuses(site: Site<'_>, statement: Statement<'_>) -> bool {
    if let Statement::Raise(Some(error), _) = statement
        && (is_refusal_name(site, error) || sends_to_login(site, error))
    {
        return true;
    }
    if let Statement::Return(Some(value)) = statement
        && let Value::Tuple(items) = site.value(value)
        && items.iter().any(|item| is_refusal_status(site, item))
    {
        return true;
    }
    if let Statement::Assign(target, value) = statement
        && matches!(site.last_segment(target), Some("status_code" | "status"))
        && is_refusal_status(site, value)
    {
        return true;
    }
    if matches!(statement, Statement::Function(_) | Statement::Class(_)) {
        return false;
    }
    let roots = site.module.roots(statement).into_iter();
    roots.flat_map(|root| site.module.values_within(root)).any(|value| call_refuses(site, value))
}

fn call_refuses(site: Site<'_>, value: ValueId) -> bool {
    let Value::Call(callee, arguments) = site.value(value) else { return false };
    let name = site.last_segment(callee).unwrap_or("");
    if is_refusal_word(name) {
        return true;
    }
    let mut given = arguments.positional().iter().chain(arguments.keywords().map(|(_, value)| value));
    if name.to_ascii_lowercase().contains("redirect") {
        return given.any(|value| mentions_login(site, value));
    }
    given.any(|value| is_refusal_status(site, value))
}

fn is_refusal_name(site: Site<'_>, error: ValueId) -> bool {
    let callee = site.called(error);
    let by_name = site.last_segment(callee).is_some_and(|name| {
        is_refusal_word(name) || name.starts_with(char::is_uppercase) && has_word(name, ERRORS)
    });
    by_name
        || matches!(site.class_of(callee), Some(Type::Class(file, class)) if is_refusal_class(site.project, file, class))
}

/// Whether an error of the project is answered with 401 or 403: `status_code = 403`, `super().__init__(401)`.
fn is_refusal_class(project: &Project, file: FileId, class: ClassId) -> bool {
    let Some(site) = Site::new(project, file) else { return false };
    let mut found = false;
    site.module.walk_block(site.module.class_body(class), &mut |_, statement| match statement {
        Statement::Assign(_, value) | Statement::Annotated(_, _, Some(value)) => {
            found = found || is_refusal_status(site, value);
        }
        Statement::Function(init) => {
            site.module.walk_block(site.module.function_body(init), &mut |_, inner| {
                found = found || !matches!(inner, Statement::Raise(..)) && statement_refuses(site, inner);
            });
        }
        _ => {}
    });
    found
}

/// `Unauthorized`, `HttpResponseForbidden`, `PermissionDenied`, `NotAuthenticated`.
pub(super) fn is_refusal_word(name: &str) -> bool {
    let lower: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let refuses =
        ["unauthorized", "unauthorised", "unauthenticated", "forbidden", "permissiondenied", "accessdenied"];
    refuses.iter().any(|word| lower.contains(word))
        || matches!(
            &*lower,
            "notauthenticated"
                | "authenticationfailed"
                | "notauthorized"
                | "redirecttologin"
                | "handlenopermission"
        )
}

/// 401 or 403, or the codes that close a socket for the same reason, as a number or by the name of a constant.
fn is_refusal_status(site: Site<'_>, value: ValueId) -> bool {
    match site.value(value) {
        Value::Int(number) => matches!(number, 401 | 403 | 1008 | 4401 | 4403),
        Value::Attribute(_, name) | Value::Name(name, _) => {
            let name = site.module.text(name);
            name.contains("401")
                || name.contains("403")
                || name.contains("1008")
                || name.starts_with(char::is_uppercase) && has_word(name, REFUSALS)
        }
        _ => false,
    }
}

/// `raise HTTPException(307, headers={"Location": url_for("login")})`
fn sends_to_login(site: Site<'_>, error: ValueId) -> bool {
    let is_redirect = |value: ValueId| match site.value(value) {
        Value::Int(number) => matches!(number, 302 | 303 | 307),
        Value::Str(name) => site.module.text(name) == "Location",
        Value::Attribute(_, name) => site.module.text(name).to_ascii_lowercase().contains("redirect"),
        _ => false,
    };
    matches!(site.value(error), Value::Call(..))
        && site.module.values_within(error).any(is_redirect)
        && mentions_login(site, error)
}

fn mentions_login(site: Site<'_>, value: ValueId) -> bool {
    site.module.values_within(value).any(|inner| match site.value(inner) {
        Value::Str(name) | Value::Name(name, _) | Value::Attribute(_, name) => {
            let text = site.module.text(name).to_ascii_lowercase();
            ["login", "log_in", "signin", "sign_in", "sign-in", "authenticate"]
                .iter()
                .any(|word| text.contains(word))
        }
        _ => false,
    })
}

/// `return {"error": "…"}, 401`, `raise HTTPException(401)`: says that it is not known who is calling, so that is what
/// was asked, whatever it is called.
pub(super) fn says_unknown(site: Site<'_>, statement: Statement<'_>) -> bool {
    let (Statement::Return(Some(value)) | Statement::Raise(Some(value), _)) = statement else { return false };
    let parts: Vec<ValueId> = match site.value(value) {
        Value::Tuple(items) => items.iter().collect(),
        Value::Call(_, arguments) => {
            arguments.positional().iter().chain(arguments.keywords().map(|(_, value)| value)).collect()
        }
        _ => return false,
    };
    parts.into_iter().any(|part| match site.value(part) {
        Value::Int(number) => number == 401,
        Value::Attribute(_, name) => site.module.text(name).contains("401"),
        _ => false,
    })
}

/// `raise Http404`: refuses by saying that there is nothing.
pub(super) fn hides(site: Site<'_>, statement: Statement<'_>) -> bool {
    let Statement::Raise(Some(error), _) = statement else { return false };
    let error = site.called(error);
    matches!(site.last_segment(error), Some("Http404" | "NotFound"))
}
