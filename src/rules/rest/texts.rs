//! What the text of an error says, and which status says the same.

use crate::facts::{Value, ValueId};
use crate::rule::Site;

/// What texts say, by the status that says it; the first one that fits counts.
const SAYINGS: &[(i64, &[&str])] = &[
    (
        401,
        &[
            "authentication required",
            "authentication is required",
            "authentication failed",
            "not authenticated",
            "unauthenticated",
            "unauthorized",
            "unauthorised",
            "login required",
            "not logged in",
            "must be logged in",
            "please log in",
            "log in first",
            "invalid credentials",
            "credentials were not provided",
            "could not validate credentials",
            "incorrect username or password",
            "invalid username or password",
            "incorrect email or password",
            "invalid email or password",
            "invalid token",
            "token has expired",
            "token expired",
            "missing token",
            "token is missing",
        ],
    ),
    (
        403,
        &[
            "permission denied",
            "not enough permissions",
            "not enough privileges",
            "insufficient permissions",
            "insufficient privileges",
            "have permission",
            "no permission",
            "forbidden",
            "access denied",
            "not permitted",
            "not allowed to",
            "not authorized",
            "not authorised",
            "admins only",
            "admin only",
        ],
    ),
    (409, &["already exist", "already registered", "already taken", "already in use", "duplicate"]),
    (405, &["method not allowed"]),
    (415, &["unsupported media type", "unsupported content type", "unsupported content-type"]),
    (429, &["too many requests", "rate limit"]),
    (
        404,
        &[
            "not found",
            "no such",
            "does not exist",
            "doesn't exist",
            "do not exist",
            "could not be found",
            "could not find",
            "couldn't find",
            "cannot find",
            "can't find",
        ],
    ),
    (500, &["internal server error", "internal error", "unexpected error", "something went wrong"]),
    (
        400,
        &[
            "bad request",
            "invalid request",
            "invalid input",
            "invalid parameter",
            "invalid payload",
            "validation error",
            "validation failed",
            "malformed",
        ],
    ),
];

/// What leaves open which side is at fault, and is an error all the same.
const VAGUE: &[&str] = &[
    "error",
    "failed",
    "failure",
    "invalid",
    "required",
    "missing",
    "rejected",
    "not valid",
    "unable to",
    "bad ",
];

/// The status that says what a text says.
pub(super) fn said(text: &str) -> Option<i64> {
    let text = text.to_lowercase();
    let fits = |(_, sayings): &&(i64, &[&str])| sayings.iter().any(|saying| text.contains(saying));
    SAYINGS.iter().find(fits).map(|(status, _)| *status)
}

/// Whether a text is about something that went wrong.
pub(super) fn is_about_failure(text: &str) -> bool {
    let lower = text.to_lowercase();
    said(text).is_some() || VAGUE.iter().any(|word| lower.contains(word))
}

/// The texts in an expression, one after the other.
pub(super) fn texts_in(site: Site<'_>, value: ValueId) -> String {
    let mut found = Vec::new();
    for inner in site.module.values_within(value) {
        if let Value::Str(name) = site.value(inner) {
            found.push(site.module.text(name));
        }
    }
    if found.is_empty()
        && let Some(crate::project::Constant::Str(text)) = site.constant(value)
    {
        return text.to_string();
    }
    found.join(" ")
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn texts_are_read() {
        assert_eq!(said("User not found"), Some(404));
        assert_eq!(said("Authentication required"), Some(401));
        assert_eq!(said("You do not have permission to do that"), Some(403));
        assert_eq!(said("Email already registered"), Some(409));
        assert_eq!(said("The crane did not answer"), None);
    }
}
