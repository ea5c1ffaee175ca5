//! Secret keys that environments share.

use rustc_hash::FxHashMap;

use super::configuration::{Entry, entries};
use crate::facts::Value;
use crate::project::{FileId, Project};
use crate::rule::Hit;

const SECRET_KEYS: &[&str] = &[
    "SECRET_KEY",
    "JWT_SECRET_KEY",
    "JWT_SECRET",
    "JWT_SIGNING_KEY",
    "SIGNING_KEY",
    "APP_SECRET",
    "APP_SECRET_KEY",
    "WTF_CSRF_SECRET_KEY",
    "CSRF_SECRET_KEY",
    "SESSION_SECRET",
    "SESSION_SECRET_KEY",
    "COOKIE_SECRET",
    "SECURITY_PASSWORD_SALT",
    "FERNET_KEY",
    "ENCRYPTION_KEY",
    "TOKEN_SECRET",
    // Of a Flask application.
    "secret_key",
];

/// Pieces of a value that is meant to be replaced, in lower case without punctuation.
const PLACEHOLDERS: &[&str] = &[
    "changeme",
    "changethis",
    "replace",
    "placeholder",
    "yoursecret",
    "yourkey",
    "mysecret",
    "supersecret",
    "dummy",
    "todo",
    "fixme",
    "xxxx",
    "notasecret",
    "notsosecret",
    "verysecret",
    "secretkey",
    "example",
    "generateme",
];

/// The same key in two files or more. Silent on placeholders, in tests, and on names of keys that stand elsewhere.
pub(super) fn shared_secret_keys(project: &Project) -> Vec<(FileId, Hit)> {
    let mut by_text: FxHashMap<&str, Vec<Entry<'_>>> = FxHashMap::default();
    for entry in entries(project, SECRET_KEYS) {
        let is_attribute = matches!(entry.site.value(entry.place), Value::Attribute(..));
        if let Value::Str(name) = entry.site.value(entry.value)
            && (is_attribute || entry.name != "secret_key")
            && !is_placeholder(entry.site.module.text(name))
        {
            by_text.entry(entry.site.module.text(name)).or_default().push(entry);
        }
    }
    let shared =
        by_text.into_values().filter(|keys| keys.iter().any(|key| Some(key.site.file) != first_file(keys)));
    shared
        .flat_map(|keys| keys.iter().filter_map(|key| shared_hit(project, key, &keys)).collect::<Vec<_>>())
        .collect()
}

fn first_file(keys: &[Entry<'_>]) -> Option<FileId> {
    keys.first().map(|key| key.site.file)
}

/// The finding at one of the places that share a key.
fn shared_hit(project: &Project, key: &Entry<'_>, keys: &[Entry<'_>]) -> Option<(FileId, Hit)> {
    let file = key.site.file;
    let others = keys.iter().filter(|other| other.site.file != file);
    let paths: Vec<&str> =
        others.clone().filter_map(|other| project.file(other.site.file)).map(|file| &*file.path).collect();
    let name = match paths.as_slice() {
        [only] => format!("this secret key stands in `{only}`, too"),
        [first, rest @ ..] => {
            format!("this secret key stands in `{first}` and {} more files, too", rest.len())
        }
        [] => return None,
    };
    let hit = key.hit().says(name).hides(key.site.module.span(key.value));
    let hit = others.fold(hit, |hit, other| {
        hit.beside(other.site.file, other.site.module.span(other.place), "the same key")
    });
    Some((file, hit))
}

/// A value that is no secret: empty, short, or one that asks to be replaced.
fn is_placeholder(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    plain.len() < 8
        || text.starts_with(['<', '$', '{', '%'])
        || (plain.len() < 32 && PLACEHOLDERS.iter().any(|placeholder| plain.contains(placeholder)))
        || plain.contains("changeme")
}
