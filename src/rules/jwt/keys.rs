//! Keys that sign tokens and can be guessed.

use crate::facts::{Span, Value, ValueId};
use crate::finding::Confidence;
use crate::project::{Constant, FileId, Project};
use crate::rule::{Call, Hit, Settled, Site};
use crate::rules::settings::configuration::{entries, of_dictionary};

/// Settings that hold the key which tokens are signed with.
const KEYS: &[&str] =
    &["JWT_SECRET_KEY", "JWT_SECRET", "JWT_SIGNING_KEY", "JWT_KEY", "JWT_AUTH_SECRET", "AUTHJWT_SECRET_KEY"];

/// Dictionaries of settings, each with the entry that holds the key.
const DICTIONARIES: &[(&str, &str)] = &[("SIMPLE_JWT", "SIGNING_KEY"), ("JWT_AUTH", "JWT_SECRET_KEY")];

/// A key of 128 random bits, written in 16 characters at least, cannot be tried out.
const SHORTEST: usize = 16;

/// Longer keys that look like words are passphrases.
const LONGEST_WORDS: usize = 40;

/// Pieces of keys that people think of, in lower case without punctuation.
const GUESSES: &[&str] = &[
    "secret",
    "changeme",
    "changethis",
    "password",
    "passwd",
    "example",
    "default",
    "qwerty",
    "letmein",
    "12345",
    "abcdef",
    "jwtkey",
    "mykey",
    "yourkey",
    "signingkey",
    "testkey",
    "devkey",
    "insecure",
    "unsafe",
    "placeholder",
    "replaceme",
    "todo",
    "dummy",
    "development",
    "notsafe",
];

/// Silent on keys that are not constant, on long random ones (those are secrets in the code), on keys in PEM, in
/// tests, and where tokens are read with a key that the same file signs with.
pub(super) fn weak_key(call: &Call<'_>) -> Option<Hit> {
    let (site, key) = (call.site, call.subject()?);
    if site.is_test() || is_known_elsewhere(call, key) {
        return None;
    }
    let settled = key_of(site, key)?;
    let fault = weakness(&settled.value)?;
    let hit = Hit::at(site.module.span(key)).says(says(call.name(), fault, settled.is_default));
    let hit = if settled.is_default { hit.confidence(Confidence::Medium) } else { hit };
    Some(literals(site, key).into_iter().fold(hit, Hit::hides))
}

fn says(name: &str, fault: &str, is_default: bool) -> String {
    let doing = if name.contains("encode") || name == "sign" { "signed" } else { "verified" };
    let unless = if is_default { ", unless the environment has another" } else { "" };
    format!("tokens are {doing} with a key that {fault}{unless}")
}

/// Whether an empty key stands where nothing is verified, or the same key is reported where tokens are made.
fn is_known_elsewhere(call: &Call<'_>, key: ValueId) -> bool {
    let site = call.site;
    if !(call.name().starts_with("decode") || call.name() == "verify") {
        return false;
    }
    let is_empty = site.constant(key).is_some_and(|key| !key.is_true());
    is_empty
        || site.module.calls().any(|id| match site.value(id) {
            Value::Call(callee, arguments) if id != call.id => {
                site.last_segment(callee).is_some_and(|name| matches!(name, "encode" | "sign"))
                    && arguments
                        .positional()
                        .iter()
                        .chain(arguments.keywords().map(|(_, value)| value))
                        .any(|other| site.is_same(other, key))
            }
            _ => false,
        })
}

/// The key that an expression yields, `app.config["JWT_SECRET"]` included.
fn key_of(site: Site<'_>, key: ValueId) -> Option<Settled<'_>> {
    if let Some(settled) = site.settled(key) {
        return Some(settled);
    }
    match site.value(key) {
        // `"…".encode()`, `str(KEY)`
        Value::Call(callee, arguments) => match site.value(callee) {
            Value::Attribute(object, name) if site.module.text(name) == "encode" => key_of(site, object),
            _ => None.or_else(|| {
                let is_kept = site.is_any(callee, &["builtins.bytes", "builtins.str"]);
                key_of(site, arguments.positional().get(0).filter(|_| is_kept)?)
            }),
        },
        Value::Item(config, name) if site.last_segment(config) == Some("config") => {
            let Value::Str(name) = site.value(name) else { return None };
            let known = entries(site.project, &[site.module.text(name)]);
            let mut values = known.iter().map(|entry| entry.site.settled(entry.value));
            let first = values.next()??;
            values.all(|other| other.as_ref() == Some(&first)).then_some(first)
        }
        _ => None,
    }
}

/// Why a key can be guessed.
fn weakness(key: &Constant<'_>) -> Option<&'static str> {
    let text = match key {
        Constant::Str(text) => text.to_string(),
        Constant::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        _ => return None,
    };
    if text.contains("-----BEGIN") {
        return None;
    }
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let mut distinct: Vec<char> = plain.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let is_wordy = text.chars().all(|c| c.is_lowercase() || !c.is_alphanumeric())
        || text.chars().all(|c| c.is_uppercase() || !c.is_alphanumeric());
    match text.len() {
        0 => Some("is empty"),
        length if length < SHORTEST => Some("is short enough to be tried out"),
        length if length < LONGEST_WORDS && GUESSES.iter().any(|guess| plain.contains(guess)) => {
            Some("can be guessed")
        }
        length if length < LONGEST_WORDS && is_wordy => Some("is made of words"),
        _ if distinct.len() < 6 => Some("repeats a few characters"),
        _ => None,
    }
}

/// The constants of this file that a key is made of: no report may show them.
fn literals(site: Site<'_>, key: ValueId) -> Vec<Span> {
    let mut whole = vec![site.module.span(key)];
    if let Some((other, value)) = site.bound(key)
        && other.file == site.file
    {
        whole.push(site.module.span(value));
    }
    let is_text = |id: &ValueId| matches!(site.value(*id), Value::Str(_) | Value::Bytes(_));
    let spans = site.module.values().filter(is_text).map(|id| site.module.span(id));
    spans.filter(|span| whole.iter().any(|whole| whole.covers(*span))).collect()
}

/// Keys in the settings of libraries. Silent as `weak_key` is, and in the settings of a developer.
pub(super) fn weak_settings(project: &Project) -> Vec<(FileId, Hit)> {
    let plain = entries(project, KEYS);
    let dictionaries = DICTIONARIES.iter().flat_map(|(name, key)| {
        entries(project, &[name])
            .into_iter()
            .filter_map(|entry| of_dictionary(&entry, key))
            .collect::<Vec<_>>()
    });
    let found = plain.into_iter().chain(dictionaries).filter(|entry| !entry.is_for_development());
    found
        .filter_map(|entry| {
            let settled = entry.site.settled(entry.value)?;
            let fault = weakness(&settled.value).filter(|_| settled.value.is_true())?;
            let unless = if settled.is_default { " unless the environment has another" } else { "" };
            let hit = entry.hit().says(format!("the key that tokens are signed with {fault}{unless}"));
            let hit = if settled.is_default { hit.confidence(Confidence::Medium) } else { hit };
            Some((entry.site.file, literals(entry.site, entry.value).into_iter().fold(hit, Hit::hides)))
        })
        .collect()
}
