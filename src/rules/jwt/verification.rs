//! Whether tokens are verified, and by what.

use crate::facts::{Arguments, Statement, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::project::{Constant, FileId, Project, has_word};
use crate::rule::{Call, Hit, Site, words};
use crate::rules::settings::configuration::{entries, of_dictionary};

/// Words of names that hold the public half of a key.
const PUBLIC: &[&str] = &["public", "pub", "pubkey", "publickey", "jwks", "certificate", "cert", "pem"];

/// Switches of a dictionary of settings that turn a check off, with what it checks.
const SWITCHES: &[(&str, &str)] = &[("JWT_AUTH", "JWT_VERIFY")];

/// Silent on algorithms that are not constant, and in tests.
pub(super) fn unsigned(call: &Call<'_>) -> Option<Hit> {
    let (site, algorithm) = (call.site, call.subject()?);
    if site.is_test() {
        return None;
    }
    // `{"alg": "none"}`, the header.
    let algorithm = site.entry(algorithm, "alg").unwrap_or(algorithm);
    let made = call.name() == "encode";
    let none = match site.constant(algorithm) {
        // Without an algorithm PyJWT makes a token without a signature.
        Some(Constant::None) => made && call.sink.is_some_and(|sink| &*sink.library == "jwt"),
        _ => names(site, algorithm).iter().any(|name| name.eq_ignore_ascii_case("none")),
    };
    // Verification off is a finding of its own.
    if !none || is_off(call) {
        return None;
    }
    if !made {
        return Some(Hit::here().says("tokens without a signature are accepted"));
    }
    // Without a key nobody expects a signature; some protocols want it so.
    let key = call.argument(1, "key").and_then(|key| site.constant(key));
    let severity = if key.is_some_and(|key| !key.is_true()) { Severity::Medium } else { Severity::High };
    Some(Hit::here().says("this token gets no signature").severity(severity))
}

/// Whether a token is made that is meant to have no signature.
pub(super) fn is_unsigned(call: &Call<'_>) -> bool {
    let algorithm = call.keyword("algorithm").and_then(|algorithm| call.site.constant(algorithm));
    algorithm.is_some_and(|name| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case("none")))
}

/// `JWT_ALGORITHM = "none"`.
pub(super) fn unsigned_settings(project: &Project) -> Vec<(FileId, Hit)> {
    let found = entries(project, &["JWT_ALGORITHM", "JWT_DECODE_ALGORITHMS"]);
    let none = found.into_iter().filter(|entry| {
        !entry.is_for_development()
            && names(entry.site, entry.value).iter().any(|name| name.eq_ignore_ascii_case("none"))
    });
    none.map(|entry| (entry.site.file, entry.hit())).collect()
}

/// The algorithms that are named for certain.
fn names(site: Site<'_>, algorithms: ValueId) -> Vec<String> {
    site.listed(algorithms).map(|listed| listed.items).unwrap_or_default()
}

/// Silent where the same function verifies, too: it looks for the key by what the token says of itself. Silent where
/// nothing but its times is read, as a client does with a token of its own, and in tests.
pub(super) fn unverified(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() || !is_off(call) {
        return expired(call);
    }
    let is_in_function = site.function_of(call.id).is_some();
    let verifies = |(callee, arguments)| verifies(site, callee, arguments);
    if is_in_function && call.calls_near().any(verifies) || only_times(call) {
        return None;
    }
    let confidence = if site.is_in_handler(call.id) { Confidence::High } else { Confidence::Medium };
    Some(Hit::here().confidence(confidence))
}

/// Whether a call verifies a token, by its arguments or, for a function of the project, its name.
fn verifies(site: Site<'_>, callee: ValueId, arguments: Arguments<'_>) -> bool {
    let Some(name) = site.last_segment(callee) else { return false };
    let is_plain = |name: &str| site.keyword(arguments, name).is_none();
    match name {
        "decode" | "decode_complete" => arguments.len() > 1 && is_plain("options") && is_plain("verify"),
        name => {
            let words = words(name);
            words.iter().any(|word| matches!(word.as_str(), "verify" | "verified" | "validate"))
        }
    }
}

/// Whether of the claims only the times are read.
fn only_times(call: &Call<'_>) -> bool {
    let site = call.site;
    let module = site.module;
    let bound = module.statements().find_map(|id| match module.statement(id) {
        Statement::Assign(target, value) if value == call.id => match module.value(target) {
            Value::Name(_, binding) => binding.map(|binding| (target, binding)),
            _ => None,
        },
        _ => None,
    });
    let is_it = |value: ValueId| match bound {
        Some((target, binding)) => {
            value != target && matches!(module.value(value), Value::Name(_, Some(name)) if name == binding)
        }
        None => value == call.id,
    };
    let is_time = |key: ValueId| matches!(module.value(key), Value::Str(name) if matches!(module.text(name), "exp" | "iat" | "nbf"));
    let uses = module.values().filter(|id| is_it(*id)).count();
    let times = module.values().filter(|id| match module.value(*id) {
        Value::Item(object, key) => is_it(object) && is_time(key),
        Value::Call(callee, arguments) => match module.value(callee) {
            Value::Attribute(object, name) => {
                is_it(object)
                    && module.text(name) == "get"
                    && arguments.positional().get(0).is_some_and(is_time)
            }
            _ => false,
        },
        _ => false,
    });
    uses > 0 && times.count() == uses
}

/// Whether a call is told not to verify the signature.
fn is_off(call: &Call<'_>) -> bool {
    let site = call.site;
    let is_false = |value: ValueId| site.constant(value) == Some(Constant::Bool(false));
    let options = option(call, "verify_signature").is_some_and(|(site, value)| site.is_settled(value, false));
    let is_claims = call.name() == "get_unverified_claims";
    // The third argument of PyJWT before 2.0.
    let third = call.positional(2).filter(|_| call.name().starts_with("decode"));
    options
        || is_claims
        || call.keyword_or_spread("verify").is_some_and(is_false)
        || third.is_some_and(is_false)
}

/// `verify_exp: False`: old tokens are as good as new ones.
fn expired(call: &Call<'_>) -> Option<Hit> {
    let (site, value) = option(call, "verify_exp")?;
    (!call.site.is_test() && site.is_settled(value, false)).then(|| {
        Hit::here()
            .says("this takes tokens that have expired")
            .severity(Severity::Medium)
            .confidence(Confidence::Low)
    })
}

/// A value of `options={…}`, which may stand in another file.
fn option<'p>(call: &Call<'p>, name: &str) -> Option<(Site<'p>, ValueId)> {
    let options = call.keyword_or_spread("options").or_else(|| call.positional(3))?;
    if let Some(value) = call.site.entry(options, name) {
        return Some((call.site, value));
    }
    let (site, options) = call.site.bound(options)?;
    site.entry(options, name).map(|value| (site, value))
}

/// Switches of libraries. Silent in tests and in the settings of a developer.
pub(super) fn verifies_not(project: &Project) -> Vec<(FileId, Hit)> {
    let found = SWITCHES.iter().flat_map(|(name, key)| {
        entries(project, &[name])
            .into_iter()
            .filter_map(|entry| of_dictionary(&entry, key))
            .collect::<Vec<_>>()
    });
    let off = found.filter(|entry| !entry.is_for_development() && entry.site.is_settled(entry.value, false));
    off.map(|entry| (entry.site.file, entry.hit().says("tokens are not verified"))).collect()
}

/// Silent where nothing is verified at all, where the key brings its algorithm, and on arguments that cannot be
/// seen. Silent in tests.
pub(super) fn without_algorithms(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let given = call.argument(2, "algorithms").or_else(|| call.keyword("algorithm"));
    let none = given.is_none_or(|given| site.constant(given) == Some(Constant::None));
    let named = call.name().starts_with("decode") || call.name() == "verify";
    if !named || !none || call.has_rest() || call.has_spread() || is_off(call) || site.is_test() {
        return None;
    }
    let key = call.argument(1, "key")?;
    (!site.is_instance(key, &["jwt.PyJWK"])).then(Hit::here)
}

/// Silent where the list of algorithms is not known, and on algorithms of one family with a key of that family.
pub(super) fn confused(call: &Call<'_>) -> Option<Hit> {
    let (site, algorithms) = (call.site, call.subject()?);
    if site.is_test() || is_off(call) || !(call.name().starts_with("decode") || call.name() == "verify") {
        return None;
    }
    if chosen_by_token(site, algorithms) {
        return Some(Hit::here().says("the token itself names the algorithm by which it is verified"));
    }
    let names = names(site, algorithms);
    let has = |starts: &[&str]| names.iter().any(|name| starts.iter().any(|start| name.starts_with(start)));
    if !has(&["HS"]) {
        return None;
    }
    let is_public = call.argument(1, "key").is_some_and(|key| is_public_key(site, key));
    if is_public {
        return Some(Hit::here().says("a public key is taken for the secret of an `HS` algorithm"));
    }
    // PyJWT takes no PEM for a secret.
    let checks = call.sink.is_some_and(|sink| &*sink.library == "jwt");
    let confidence = if checks { Confidence::Low } else { Confidence::Medium };
    has(&["RS", "ES", "PS", "Ed"]).then(|| Hit::here().confidence(confidence))
}

fn is_public_key(site: Site<'_>, key: ValueId) -> bool {
    let text = site.settled(key);
    let in_text = text.as_ref().and_then(|text| text.value.as_str()).map(|text| text.contains("PUBLIC KEY"));
    let named = || {
        let name = site.last_segment(key).unwrap_or_default();
        has_word(name, PUBLIC)
    };
    in_text.unwrap_or_else(named)
}

/// `[jwt.get_unverified_header(token)["alg"]]`, and through a variable.
fn chosen_by_token(site: Site<'_>, algorithms: ValueId) -> bool {
    let elements = site.elements(algorithms).unwrap_or_else(|| vec![algorithms]);
    elements.into_iter().any(|element| {
        header_entry(site, in_file(site, element)).is_some_and(|header| {
            let header = in_file(site, header);
            matches!(site.value(header), Value::Call(callee, _)
                if site.last_segment(callee) == Some("get_unverified_header"))
        })
    })
}

/// What a variable of the file is bound to; else the expression itself.
fn in_file(site: Site<'_>, value: ValueId) -> ValueId {
    let bound = site.bound(value).filter(|(other, _)| other.file == site.file);
    bound.map_or(value, |(_, value)| value)
}

/// The object of `header["alg"]` and `header.get("alg")`.
fn header_entry(site: Site<'_>, value: ValueId) -> Option<ValueId> {
    let is_alg =
        |key: ValueId| matches!(site.value(key), Value::Str(name) if site.module.text(name) == "alg");
    match site.value(value) {
        Value::Item(object, key) => is_alg(key).then_some(object),
        Value::Call(callee, arguments) => match site.value(callee) {
            Value::Attribute(object, name) if site.module.text(name) == "get" => {
                arguments.positional().get(0).is_some_and(is_alg).then_some(object)
            }
            _ => None,
        },
        _ => None,
    }
}
