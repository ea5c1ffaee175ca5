//! Errors that are raised with a status, or by `abort`.

use super::standard::{is_error, named, phrase};
use super::texts::{said, texts_in};
use crate::facts::{Anchor, ClassId, Statement, Value, ValueId, hash_text, path_hash};
use crate::project::{Constant, Type};
use crate::rule::{Call, Hit, Site};

/// Where an argument stands, by position and name.
type Argument = (usize, &'static str);

/// What raises: where the status and the text stand.
const RAISERS: &[(&str, Argument, Argument)] = &[
    ("fastapi.HTTPException", (0, "status_code"), (1, "detail")),
    ("fastapi.exceptions.HTTPException", (0, "status_code"), (1, "detail")),
    ("starlette.exceptions.HTTPException", (0, "status_code"), (1, "detail")),
    ("flask.abort", (0, "code"), (1, "description")),
    ("quart.abort", (0, "code"), (1, "description")),
    ("werkzeug.exceptions.abort", (0, "code"), (1, "description")),
    ("flask_restful.abort", (0, "http_status_code"), (9, "message")),
    ("flask_restx.abort", (0, "code"), (1, "message")),
    ("flask_smorest.abort", (0, "http_status_code"), (9, "message")),
    ("bottle.abort", (0, "code"), (1, "text")),
    ("bottle.HTTPError", (0, "status"), (1, "body")),
    ("tornado.web.HTTPError", (0, "status_code"), (1, "log_message")),
    ("sanic.exceptions.SanicException", (1, "status_code"), (0, "message")),
    ("sanic.SanicException", (1, "status_code"), (0, "message")),
    ("sanic.exceptions.abort", (0, "status_code"), (1, "message")),
    ("ninja.errors.HttpError", (0, "status_code"), (1, "message")),
    ("litestar.exceptions.HTTPException", (9, "status_code"), (0, "detail")),
    ("http.server.BaseHTTPRequestHandler.send_error", (0, "code"), (1, "message")),
    ("tornado.web.RequestHandler.send_error", (0, "status_code"), (1, "reason")),
];

/// The same as paths of calls.
pub(super) const CALLS: &[&str] = &[
    "fastapi.HTTPException",
    "fastapi.exceptions.HTTPException",
    "starlette.exceptions.HTTPException",
    "flask.abort",
    "quart.abort",
    "werkzeug.exceptions.abort",
    "flask_restful.abort",
    "flask_restx.abort",
    "flask_smorest.abort",
    "bottle.abort",
    "bottle.HTTPError",
    "tornado.web.HTTPError",
    "sanic.exceptions.SanicException",
    "sanic.SanicException",
    "sanic.exceptions.abort",
    "ninja.errors.HttpError",
    "litestar.exceptions.HTTPException",
    "http.server.BaseHTTPRequestHandler.send_error",
    "tornado.web.RequestHandler.send_error",
];

/// Classes of errors whose status is an attribute of the class.
const ERRORS: &[&str] = &[
    "rest_framework.exceptions.APIException",
    "werkzeug.exceptions.HTTPException",
    "sanic.exceptions.SanicException",
    "starlette.exceptions.HTTPException",
    "fastapi.HTTPException",
    "litestar.exceptions.HTTPException",
];

/// A status that is known, and where it stands.
fn status_of(call: &Call<'_>) -> Option<(i64, ValueId)> {
    let (_, (position, keyword), _) = RAISERS.iter().find(|(path, ..)| *path == call.path)?;
    let value = call.argument(*position, keyword)?;
    Some((known(call.site, value)?, value))
}

/// A status as a number: of a constant, of a member of `HTTPStatus`, of `404 Not Found`.
pub(super) fn known(site: Site<'_>, value: ValueId) -> Option<i64> {
    match site.constant(value)? {
        Constant::Int(status) => Some(status),
        Constant::Str(text) => text.get(..3)?.parse().ok(),
        _ => None,
    }
}

fn text_of(call: &Call<'_>) -> String {
    let place = RAISERS.iter().find(|(path, ..)| *path == call.path).map(|(.., text)| *text);
    let value = place.and_then(|(position, keyword)| call.argument(position, keyword));
    value.map_or_else(String::new, |value| texts_in(call.site, value))
}

/// Silent in tests, on redirects, and where the status is not known.
pub(super) fn invalid(call: &Call<'_>) -> Option<Hit> {
    let (status, _) = status_of(call)?;
    if is_error(status) || (300..400).contains(&status) || call.site.is_test() {
        return None;
    }
    let what = match phrase(status) {
        Some(_) => format!("an error is raised with {}", named(status)),
        None => format!("an error is raised with {status}, which is no status"),
    };
    let fits = said(&text_of(call)).map_or_else(String::new, |fits| format!("; {} says it", named(fits)));
    Some(Hit::here().says(what + &fits))
}

/// Silent in tests, where text or status is not known, and where both may be meant: 403 for 401, 400 for 404.
pub(super) fn mismatch(call: &Call<'_>) -> Option<Hit> {
    let (status, _) = status_of(call)?;
    let fits = said(&text_of(call))?;
    (contradict(status, fits) && !call.site.is_test()).then(|| {
        Hit::here().says(format!(
            "the text of this error is about {}, and its status is {}",
            named(fits),
            named(status)
        ))
    })
}

/// Whether a status cannot mean what the text says.
fn contradict(status: i64, fits: i64) -> bool {
    match fits {
        401 => matches!(status, 404 | 500),
        403 | 409 => matches!(status, 404 | 500),
        429 => matches!(status, 400 | 403 | 404 | 500),
        500 => (400..500).contains(&status),
        _ => status == 500,
    }
}

/// `class Taken(APIException): status_code = 200`. Silent in tests.
pub(super) fn classes(site: Site<'_>) -> Vec<Hit> {
    let module = site.module;
    let names = ["status_code", "code"].map(hash_text);
    if module.classes().is_empty()
        || !names.iter().any(|name| module.names().contains_hash(*name))
        || site.is_test()
    {
        return Vec::new();
    }
    let mut hits = Vec::new();
    for index in 0..module.classes().len() as u32 {
        let class = ClassId(index);
        for id in module.class_body(class).iter() {
            if let Statement::Assign(target, value) = module.statement(id)
                && let Value::Name(name, _) = module.value(target)
                && matches!(module.text(name), "status_code" | "code")
                && let Some(status) = known(site, value)
                && (100..300).contains(&status)
                && is_error_class(site, class)
            {
                let said = format!("errors of this class are answered with {}", named(status));
                hits.push(Hit::at(module.statement_span(id)).anchor(Anchor::Value(value)).says(said));
            }
        }
    }
    hits
}

fn is_error_class(site: Site<'_>, class: ClassId) -> bool {
    let bases = site.project.external_bases(Type::Class(site.file, class));
    ERRORS.iter().any(|path| bases.contains(&path_hash(path)))
}
