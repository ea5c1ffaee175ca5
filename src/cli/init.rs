//! `backend-audit init`: a config with every key.

use std::fmt::Write as _;
use std::fs;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::error::Error;
use crate::input::config::{self, KEYS, Key, OWN, PYPROJECT};
use crate::report::target::Target;

/// The table of `pyproject.toml`.
const TABLE: &str = "tool.backend-audit";

/// Lines of comments end before this column.
const WIDTH: usize = 100;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Add a table to the `pyproject.toml` of the current folder, in place of a file of its own.
    #[arg(long)]
    pyproject: bool,

    /// Replace a `backend-audit.toml` that is there.
    #[arg(long, conflicts_with = "pyproject")]
    force: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let (file, text) = if arguments.pyproject { added()? } else { own(arguments.force)? };
    // Whatever goes wrong with it would go wrong with the next scan.
    config::parse(Path::new(file), text.as_bytes())?;
    Target::File(PathBuf::from(file)).write(|out| out.write_all(text.as_bytes()))?;
    Target::Stdout.write(|out| {
        writeln!(out, "{file} written; `backend-audit scan --show-settings` shows what holds")
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A config with every key: those with a default set to it, the others as comments with an example.
fn template(in_pyproject: bool) -> String {
    let mut text = String::new();
    let page = "docs/configuration.md";
    comment(
        &mut text,
        &format!(
            "Settings of backend-audit; {page} in its repository tells more. Options of the command line go before."
        ),
    );
    if in_pyproject {
        let _ = write!(text, "[{TABLE}]\n\n");
    } else {
        text.push('\n');
    }
    let prefix = if in_pyproject { format!("{TABLE}.") } else { String::new() };
    let keys: Vec<String> =
        KEYS.iter().filter(|key| !key.example.is_empty()).map(|key| entry(key, &prefix)).collect();
    text + &keys.join("\n")
}

fn entry(key: &Key, prefix: &str) -> String {
    let mut text = String::new();
    comment(&mut text, key.says);
    let Key { name, example, .. } = key;
    match key.default {
        _ if key.table => {
            let _ = writeln!(text, "#[{prefix}{name}]");
            for line in example.lines() {
                let _ = writeln!(text, "#{line}");
            }
        }
        Some(default) if default != "[]" => {
            let _ = writeln!(text, "{name} = {default}");
        }
        _ => {
            let _ = writeln!(text, "#{name} = {example}");
        }
    }
    text
}

/// Adds prose as lines of comment.
fn comment(text: &mut String, prose: &str) {
    let mut line = "#".to_owned();
    for word in prose.split_whitespace() {
        if line.chars().count() + word.chars().count() >= WIDTH {
            text.push_str(&line);
            text.push('\n');
            "#".clone_into(&mut line);
        }
        line.push(' ');
        line.push_str(word);
    }
    text.push_str(&line);
    text.push('\n');
}

/// The file of its own, with its text.
fn own(force: bool) -> Result<(&'static str, String), Error> {
    let [name, hidden] = OWN;
    if fs::symlink_metadata(hidden).is_ok() {
        return Err(refusal(hidden, "is the config here", "edit it, or rename it first"));
    }
    if !force && fs::symlink_metadata(name).is_ok() {
        return Err(refusal(name, "is there already", "`--force` replaces it"));
    }
    if !force && let Some((_, true)) = pyproject()? {
        let hint = "edit that table; `--force` writes a file that wins over it";
        return Err(refusal(PYPROJECT, "has the config here", hint));
    }
    Ok((name, template(false)))
}

/// `pyproject.toml`, with a table at its end.
fn added() -> Result<(&'static str, String), Error> {
    if let Some(own) = OWN.into_iter().find(|name| fs::symlink_metadata(name).is_ok()) {
        let hint = "edit it: it would win over a table in `pyproject.toml`";
        return Err(refusal(own, "is the config here", hint));
    }
    match pyproject()? {
        None => {
            let hint = "`init` without `--pyproject` writes a file of its own";
            Err(refusal(PYPROJECT, "is not in the current folder", hint))
        }
        Some((_, true)) => Err(refusal(PYPROJECT, "has a `[tool.backend-audit]` already", "edit it there")),
        Some((mut text, false)) => {
            let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
            if !text.is_empty() && !text.ends_with('\n') {
                text.push_str(end);
            }
            if !text.is_empty() {
                text.push_str(end);
            }
            text.push_str(&template(true).replace('\n', end));
            Ok((PYPROJECT, text))
        }
    }
}

/// The text of `pyproject.toml`, and whether it has a config.
fn pyproject() -> Result<Option<(String, bool)>, Error> {
    let path = Path::new(PYPROJECT);
    if fs::symlink_metadata(path).is_err() {
        return Ok(None);
    }
    let bytes = config::read(path)?;
    let has_config = config::parse(path, &bytes)?.is_some();
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some((text, has_config))),
        Err(_) => Err(refusal(PYPROJECT, "is not UTF-8", "save it as UTF-8 text")),
    }
}

fn refusal(file: &str, what: &str, hint: &str) -> Error {
    Error::Usage {
        option: "init".to_owned(),
        reason: format!("`{file}` {what}"),
        hint: Some(hint.to_owned()),
    }
}
