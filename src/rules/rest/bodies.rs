//! Whether the body of a response tells of an error.

use super::texts::{is_about_failure, said, texts_in};
use crate::facts::{Arguments, Name, Value, ValueId, dict_items};
use crate::project::Constant;
use crate::rule::Site;

/// Keys whose value is an error, unless it is empty.
const ERRORS: &[&str] =
    &["error", "errors", "err", "exception", "error_message", "error_msg", "errormessage", "errmsg", "fault"];
/// Keys that hold what people are told, of success and failure alike.
const TOLD: &[&str] = &["detail", "details", "message", "msg", "reason", "description", "status", "result"];
/// Keys that say whether it worked.
const WORKED: &[&str] = &["success", "ok", "succeeded", "successful"];

/// A body, as the keys and values that are written down.
pub(super) type Entries<'p> = Vec<(&'p str, ValueId)>;

/// The entries of a dictionary that is written down.
pub(super) fn entries_of(site: Site<'_>, body: ValueId) -> Option<Entries<'_>> {
    match site.value(body) {
        Value::Dict(items) => {
            let named = dict_items(items).filter_map(|(key, value)| match site.value(key?) {
                Value::Str(name) => Some((site.module.text(name), value)),
                _ => None,
            });
            Some(named.collect())
        }
        Value::Call(callee, arguments) if site.is_any(callee, &["builtins.dict"]) => {
            Some(keywords_of(site, arguments))
        }
        Value::Call(callee, arguments)
            if site.is_any(callee, &["json.dumps", "orjson.dumps", "ujson.dumps"]) =>
        {
            entries_of(site, arguments.positional().get(0)?)
        }
        Value::Call(callee, arguments)
            if matches!(site.last_segment(callee), Some("encode")) && arguments.positional().len() < 2 =>
        {
            match site.value(callee) {
                Value::Attribute(object, _) => entries_of(site, object),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The keyword arguments of a call, as entries.
pub(super) fn keywords_of<'p>(site: Site<'p>, arguments: Arguments<'p>) -> Entries<'p> {
    let named = arguments.keywords().filter(|(name, _)| *name != Name::NONE);
    named.map(|(name, value)| (site.module.text(name), value)).collect()
}

/// What a body says of an error, if it tells of one; `fails` where it stands in a handler of exceptions or behind a
/// test, without which a variable may as well hold no error.
pub(super) fn error_in(site: Site<'_>, entries: &Entries<'_>, fails: bool) -> Option<String> {
    // Protocols that answer all calls with 200.
    if entries.iter().any(|(key, _)| matches!(*key, "jsonrpc" | "challenge")) {
        return None;
    }
    let error = entries.iter().find(|(key, value)| {
        is_among(key, ERRORS) && is_error(site, *value, fails)
            || is_among(key, &["status", "result"])
                && says(site, *value, &["error", "failed", "failure", "fail"])
    });
    let told = || {
        let mut told = entries.iter().filter(|(key, _)| is_among(key, TOLD));
        told.find(|(_, value)| fails && said(&texts_in(site, *value)).is_some())
    };
    let refused = || {
        let worked = entries.iter().find(|(key, _)| is_among(key, WORKED));
        worked.filter(|(_, value)| {
            let reasons = entries.iter().any(|(key, value)| {
                is_among(key, TOLD) && is_about_failure(&texts_in(site, *value))
                    || is_among(key, ERRORS) && site.constant(*value) != Some(Constant::None)
            });
            site.constant(*value) == Some(Constant::Bool(false)) && fails && reasons
        })
    };
    error.or_else(told).or_else(refused)?;
    let texts: Vec<String> = entries
        .iter()
        .filter(|(key, _)| is_among(key, ERRORS) || is_among(key, TOLD))
        .map(|(_, value)| texts_in(site, *value))
        .collect();
    Some(texts.join(" "))
}

fn is_among(key: &str, list: &[&str]) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(key))
}

fn says(site: Site<'_>, value: ValueId, wanted: &[&str]) -> bool {
    matches!(site.constant(value), Some(Constant::Str(text)) if is_among(&text, wanted))
}

/// Whether the value of a key for errors is one.
fn is_error(site: Site<'_>, value: ValueId, fails: bool) -> bool {
    match site.value(value) {
        Value::Dict(items) | Value::List(items) | Value::Tuple(items) => items.iter().next().is_some(),
        _ => match site.constant(value) {
            Some(constant) => constant.is_true(),
            None => fails,
        },
    }
}
