//! What names say about callers, owners and rights.

use crate::project::words;

/// Who is calling, or on whose behalf.
const WHO: &[&str] = &[
    "user",
    "account",
    "tenant",
    "org",
    "organization",
    "organisation",
    "identity",
    "principal",
    "member",
    "membership",
    "customer",
    "team",
    "workspace",
    "company",
    "organizer",
    "caller",
    "viewer",
    "actor",
    "me",
    "claims",
    "subject",
    "uid",
    "jwt",
    "requester",
    "whoami",
    "payload",
    "credentials",
];
/// Who is calling where it says `current` beside it.
const PEOPLE: &[&str] = &[
    "person", "employee", "client", "patient", "student", "doctor", "teacher", "profile", "driver", "owner",
];
/// Words of things that have to do with callers and are none.
const NOT_WHO: &[&str] = &[
    "model",
    "class",
    "service",
    "repo",
    "repository",
    "manager",
    "form",
    "serializer",
    "factory",
    "cache",
    "url",
    "template",
    "schema",
    "agent",
    "backend",
    "count",
    "crud",
    "dao",
    "store",
    "storage",
    "settings",
    "config",
    "queryset",
    "table",
    "type",
    "field",
    "kwarg",
    "path",
    "name",
    "http",
    "db",
];
/// Words of what asks more than who is calling.
const RIGHTS: &[&str] = &[
    "admin",
    "admins",
    "administrator",
    "staff",
    "superuser",
    "superusers",
    "superadmin",
    "role",
    "roles",
    "permission",
    "permissions",
    "perm",
    "perms",
    "privilege",
    "privileges",
    "scope",
    "scopes",
    "owner",
    "owners",
    "ownership",
    "owns",
    "owned",
    "member",
    "members",
    "membership",
    "access",
    "acl",
    "rbac",
    "abac",
    "policy",
    "policies",
    "can",
    "moderator",
    "manager",
    "editor",
    "tenant",
    "organization",
    "organisation",
    "org",
    "team",
    "workspace",
    "authorize",
    "authorise",
    "authorizes",
    "passes",
    "test",
    "group",
    "groups",
    "capability",
    "rights",
    "entitlement",
    "entitlements",
    "protect",
    "root",
    "allowed",
    "permitted",
    "enforce",
    "collaborator",
    "participant",
    "maintainer",
    "reviewer",
    "operator",
    "restricted",
];
/// Words of what lets programs pass, or whoever knows a secret that all share.
const MACHINES: &[&str] = &[
    "internal",
    "webhook",
    "signature",
    "hmac",
    "apikey",
    "key",
    "keys",
    "service",
    "cron",
    "worker",
    "agent",
    "machine",
    "scim",
    "ip",
    "secret",
];
/// Words of rights that a caller has by what he is.
const ROLES: &[&str] = &[
    "admin",
    "administrator",
    "staff",
    "superuser",
    "superadmin",
    "role",
    "roles",
    "perm",
    "perms",
    "permission",
    "permissions",
    "privilege",
    "privileges",
    "moderator",
    "owner",
    "group",
    "groups",
    "can",
    "scope",
    "scopes",
    "manager",
];
/// Words of functions that decide who may do what with an object.
const DECIDING: &[&str] = &[
    "permission",
    "permissions",
    "perm",
    "perms",
    "authorize",
    "authorise",
    "authorized",
    "access",
    "allowed",
    "owner",
    "ownership",
    "owns",
    "policy",
    "enforce",
    "can",
    "acl",
    "rbac",
    "permitted",
    "rights",
];
/// Words of queries that leave out what the caller may not see.
const SCOPED: &[&str] = &[
    "visible",
    "accessible",
    "allowed",
    "permitted",
    "owned",
    "mine",
    "restricted",
    "scoped",
    "viewable",
    "editable",
    "tenant",
    "user",
    "owner",
    "authorized",
    "access",
    "permission",
    "permissions",
    "current",
    "organization",
    "team",
];

fn has(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// Whether a name stands for who is calling: `user`, `current_tenant`, `token_data`, but not `user_model`.
pub(super) fn is_who(name: &str) -> bool {
    let words = words(name);
    let is_token = words.first().is_some_and(|first| first == "token") && words.len() <= 2;
    (has(&words, WHO) || is_token) && !has(&words, NOT_WHO)
}

/// `current_user`, `current_tenant`.
pub(super) fn is_current(name: &str) -> bool {
    let words = words(name);
    let says_current =
        words.iter().any(|word| matches!(word.as_str(), "current" | "logged" | "auth" | "authenticated"));
    says_current && (has(&words, WHO) || has(&words, PEOPLE)) && !has(&words, NOT_WHO)
}

/// Whether a function of this name tells who is calling, unless it is told whom to look for.
pub(super) fn tells_who(name: &str) -> bool {
    const VERBS: &[&str] = &[
        "get",
        "load",
        "require",
        "fetch",
        "resolve",
        "extract",
        "decode",
        "verify",
        "authenticate",
        "current",
        "check",
        "validate",
        "read",
        "parse",
    ];
    let words = words(name);
    let speaks = has(&words, WHO) || has(&words, &["token"]);
    is_current(name) || speaks && has(&words, VERBS) && !has(&words, NOT_WHO)
}

/// Whether a name of what stands before a handler says that more is asked than who is calling.
pub(super) fn asks_more(name: &str) -> bool {
    let words = words(name);
    let is_token = words.iter().any(|word| word == "token");
    let more = |word: &String| RIGHTS.contains(&word.as_str()) && !(is_token && word == "access");
    words.iter().any(more) || has(&words, MACHINES)
}

/// Whether a name is about what a caller is: `is_admin`, `roles`.
pub(super) fn is_role(name: &str) -> bool {
    has(&words(name), ROLES)
}

/// Whether a function of this name decides who may do what.
pub(super) fn decides(name: &str) -> bool {
    !name.starts_with(char::is_uppercase) && has(&words(name), DECIDING)
}

/// Whether a manager or a method of a query of this name leaves out what is not the caller's.
pub(super) fn is_scoped(name: &str) -> bool {
    has(&words(name), SCOPED)
}
