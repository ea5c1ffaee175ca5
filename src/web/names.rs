//! What names say about who may call.

use crate::project::{has_word, words};

/// What a name says.
pub(super) fn by_name(name: &str) -> Option<bool> {
    let words = words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if has(DOUBTFUL) {
        return None;
    }
    if has(EVERYBODY) && (words.len() == 1 || has(ADMITTING)) {
        return Some(false);
    }
    // `current` alone is both, and says nothing.
    let is_demanded = |index: usize| {
        let mut others = words.iter().enumerate().filter(|(other, _)| *other != index);
        others.any(|(_, word)| [DEMANDS, FIRM].iter().any(|list| list.contains(&word.as_str())))
    };
    let mut weak = words.iter().enumerate().filter(|(_, word)| WEAK.contains(&word.as_str()));
    let speaks = has(STRONG) || weak.any(|(index, _)| is_demanded(index));
    (speaks && !has(OTHERS)).then(|| !has(OPENING))
}

/// Whether a name leaves no doubt about it: `user_required`, but not `check_user_in_request`.
pub(super) fn is_firm(name: &str) -> bool {
    has_word(name, STRONG) || has_word(name, FIRM)
}

/// Whether a name says that something else than who is calling is checked: `csrf_protect`, `rate_limit`.
pub(super) fn is_other_check(name: &str) -> bool {
    has_word(name, OTHERS)
}

/// Whether a name is about callers: `resolve_user_from_token`.
pub(super) fn is_about_callers(name: &str) -> bool {
    has_word(name, STRONG) || has_word(name, WEAK)
}

/// Words that name access control whatever stands beside them.
pub(super) const STRONG: &[&str] = &[
    "auth",
    "authed",
    "authenticated",
    "authenticate",
    "authentication",
    "authorize",
    "authorized",
    "authorization",
    "authorise",
    "authorised",
    "login",
    "loggedin",
    "permission",
    "permissions",
    "perm",
    "perms",
    "jwt",
    "superuser",
    "rbac",
    "acl",
    "protected",
    "credentials",
];
/// Words that do so beside one of [`DEMANDS`] or [`FIRM`].
pub(super) const WEAK: &[&str] = &[
    "admin",
    "staff",
    "user",
    "users",
    "role",
    "roles",
    "token",
    "key",
    "apikey",
    "api",
    "scope",
    "scopes",
    "session",
    "owner",
    "member",
    "customer",
    "access",
    "privilege",
    "account",
    "signed",
    "logged",
    "secret",
    "signature",
    "moderator",
    "manager",
    "principal",
    "identity",
    "bearer",
    "capability",
    "current",
    "active",
    "superadmin",
];
const DEMANDS: &[&str] = &[
    "check", "verify", "verified", "validate", "has", "with", "accepted", "current", "is", "assert", "valid",
    "secure", "secured", "security", "in",
];
/// Those that can mean nothing else.
const FIRM: &[&str] = &[
    "required",
    "require",
    "requires",
    "need",
    "needs",
    "needed",
    "only",
    "ensure",
    "must",
    "protect",
    "restrict",
    "restricted",
    "enforce",
    "guard",
];
/// Words that turn it around.
const OPENING: &[&str] =
    &["exempt", "public", "skip", "anonymous", "not", "no", "without", "disable", "anyone"];
/// Words after which nothing is said: whoever is not known passes too.
const DOUBTFUL: &[&str] = &["optional", "maybe", "optionally"];
/// Words that mean everybody, beside one of [`ADMITTING`] or alone.
const EVERYBODY: &[&str] =
    &["public", "anonymous", "unauthenticated", "everyone", "everybody", "anyone", "guests"];
const ADMITTING: &[&str] = &["allow", "allowed", "allows", "permit", "endpoint", "route", "view", "access"];
/// Words that say that something else than who is calling is checked.
const OTHERS: &[&str] = &[
    "csrf",
    "xsrf",
    "cors",
    "origin",
    "host",
    "hosts",
    "rate",
    "limit",
    "limits",
    "limiter",
    "throttle",
    "quota",
    "maintenance",
    "csp",
    "captcha",
    "recaptcha",
];
/// Words of names of errors that are raised at callers who may not pass.
pub(super) const ERRORS: &[&str] = &[
    "auth",
    "authentication",
    "authorization",
    "authorisation",
    "unauthenticated",
    "credentials",
    "permission",
    "permissions",
    "privileges",
    "login",
    "access",
    "jwt",
];
/// Words of handlers that let callers in: they refuse those who cannot say who they are, and are open to all.
pub(super) const ENTRANCES: &[&str] =
    &["login", "signin", "logon", "signup", "register", "authenticate", "callback", "password"];
/// Words of what is raised or called to refuse.
pub(super) const REFUSALS: &[&str] = &[
    "unauthorized",
    "unauthorised",
    "unauthenticated",
    "forbidden",
    "denied",
    "authenticated",
    "authfailed",
];
