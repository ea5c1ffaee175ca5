//! The bytes of a config made into a [`Config`].

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::find::PYPROJECT;
use super::keys::KEYS;
use super::reader::{Item, Reader, did_you_mean, items, quoted};
use super::{Config, reader};
use crate::error::Error;

/// The table of `pyproject.toml`.
const TABLE: &str = "backend-audit";

/// Parses a config. `None` is a `pyproject.toml` without `[tool.backend-audit]`.
///
/// `path` is how messages name the file. Patterns are then relative to the root of the scan, and a baseline to the
/// folder in `path`; [`super::load`] sets both to what the file system says.
pub fn parse(path: &Path, bytes: &[u8]) -> Result<Option<Config>, Error> {
    let in_pyproject = path.file_name().is_some_and(|name| name == PYPROJECT);
    // What cannot be read as TOML, but has no such table in any case, is somebody else's to mend.
    let elsewhere = in_pyproject && memchr::memmem::find(bytes, TABLE.as_bytes()).is_none();
    let text = match text(path, bytes) {
        Ok(text) => text,
        Err(_) if elsewhere => return Ok(None),
        Err(error) => return Err(error),
    };
    let reader = Reader { path, text };
    let document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(_) if elsewhere => return Ok(None),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let reason = format!("this is not valid TOML: {}", error.message().replace('\n', ", "));
            let hint = "mend it there; `--isolated` goes without a config".to_owned();
            return Err(reader.fault(&span, reason, hint));
        }
    };
    let document = document.get_ref();
    let keys = if in_pyproject { table(&reader, document)? } else { Some(items(document)) };
    keys.map(|keys| settings(&reader, keys)).transpose()
}

/// The settings that keys set.
fn settings(reader: &Reader<'_>, keys: Vec<Item<'_, '_>>) -> Result<Config, Error> {
    let mut config = Config {
        path: reader.path.to_owned(),
        folder: reader.path.parent().unwrap_or(Path::new("")).to_owned(),
        text: reader.text.to_owned(),
        ..Config::default()
    };
    for (name, span, value) in keys {
        let Some(key) = KEYS.iter().find(|key| key.name == name) else {
            let reason = format!("there is no key {}", quoted(name));
            return Err(reader.fault(&span, reason, instead_of(name)));
        };
        (key.read)(reader, value, &mut config)?;
    }
    Ok(config)
}

/// What to write instead of a key that is not known.
fn instead_of(name: &str) -> String {
    let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
    match name {
        "tool" => format!("`[tool.{TABLE}]` is read from `{PYPROJECT}` only; here its keys stand at the top"),
        TABLE => "the keys stand at the top of this file, below no table".to_owned(),
        _ => did_you_mean(name, &names).unwrap_or_else(|| format!("the keys are {}", names.join(", "))),
    }
}

/// The items of `[tool.backend-audit]`, where it is there.
fn table<'r, 't>(reader: &Reader<'_>, document: &'r DeTable<'t>) -> Result<Option<Vec<Item<'r, 't>>>, Error> {
    let named = |items: Vec<Item<'r, 't>>, name: &str| items.into_iter().find(|(key, ..)| *key == name);
    let Some((_, _, tool)) = named(items(document), "tool") else { return Ok(None) };
    let DeValue::Table(_) = tool.get_ref() else { return Ok(None) };
    let Some((_, _, own)) = named(reader.table("tool", tool)?, TABLE) else { return Ok(None) };
    reader.table("tool.backend-audit", own).map(Some)
}

/// The text of a config, without a byte order mark.
fn text<'b>(path: &Path, bytes: &'b [u8]) -> Result<&'b str, Error> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let hint = || "save the file as UTF-8 text".to_owned();
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let valid = std::str::from_utf8(valid).unwrap_or_default();
        reader::fault(path, valid, valid.len(), "this is not UTF-8".to_owned(), hint())
    })?;
    match text.find('\0') {
        Some(at) => Err(reader::fault(path, text, at, "there is a NUL byte here".to_owned(), hint())),
        None => Ok(text),
    }
}
