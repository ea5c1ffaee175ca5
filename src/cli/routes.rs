//! `backend-audit routes`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::progress::Bar;
use super::scan::note;
use super::what::What;
use crate::error::Error;
use crate::input::config::Scope;
use crate::input::git::Change;
use crate::report::routes::{self, Difference, Form, Row};
use crate::report::target::Target;
use crate::scan::routes::{Endpoint, inventories, inventory};
use crate::scan::{ChangeOptions, Options};
use crate::web::{Framework, Methods};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    what: What,

    /// Show what has come since this revision: endpoints added, removed, opened, protected.
    #[arg(long, value_name = "REF")]
    since: Option<String>,

    /// Only endpoints that anybody may call.
    #[arg(long)]
    unprotected: bool,

    /// Only these methods; repeatable, or with commas.
    #[arg(long, value_name = "METHOD", value_delimiter = ',', value_parser = method)]
    method: Vec<Methods>,

    /// Only paths that hold this text.
    #[arg(long = "path", value_name = "TEXT")]
    text: Option<String>,

    /// Only this framework; repeatable.
    #[arg(long, value_name = "NAME", value_parser = framework)]
    framework: Vec<Framework>,

    /// Form of the list.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "table")]
    format: FormName,

    /// Write it to a file.
    #[arg(long, short, value_name = "FILE")]
    output: Option<OsString>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormName {
    /// Columns for people.
    Table,
    /// For programs.
    Json,
    /// For a comment or a page.
    Markdown,
}

impl From<FormName> for Form {
    fn from(name: FormName) -> Form {
        match name {
            FormName::Table => Form::Table,
            FormName::Json => Form::Json,
            FormName::Markdown => Form::Markdown,
        }
    }
}

fn method(name: &str) -> Result<Methods, String> {
    let found = Methods::of(name);
    if found.is_empty() { Err("no method of this name is known".to_owned()) } else { Ok(found) }
}

fn framework(name: &str) -> Result<Framework, String> {
    let known = || Framework::ALL.map(Framework::name).join(", ");
    let found = Framework::ALL.into_iter().find(|one| one.name() == name);
    found.ok_or_else(|| format!("known are {}", known()))
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let resolved = arguments.what.resolve(arguments.what.command_line(), Path::new("."), None)?;
    let options = arguments.what.options(&resolved.settings);
    let target = arguments.output.as_ref().map_or(Target::Stdout, |file| Target::from_path(file));
    match &arguments.since {
        Some(revision) => since(arguments, &options, revision, &target),
        None => list(arguments, &options, &target),
    }
}

fn list(arguments: &Arguments, options: &Options, target: &Target) -> Result<ExitCode, Error> {
    let bar = Bar::new(true);
    let found = inventory(options, &|step| bar.step(step))?;
    bar.finish();
    let rows: Vec<Row> = found.routes.iter().filter(|one| is_wanted(arguments, one)).map(row).collect();
    target.write(|out| routes::write(&rows, arguments.format.into(), out))?;
    let open = rows.iter().filter(|row| row.access == OPEN).count();
    let endpoints = if rows.len() == 1 { "endpoint" } else { "endpoints" };
    note(&format!("{} {endpoints}, {open} of them open", rows.len()));
    for notice in &found.notices {
        let path = notice.path.as_deref().unwrap_or("");
        note(&crate::report::printable(&format!("{path}: {}", notice.message)));
    }
    Ok(ExitCode::SUCCESS)
}

fn since(
    arguments: &Arguments,
    options: &Options,
    revision: &str,
    target: &Target,
) -> Result<ExitCode, Error> {
    let change = ChangeOptions {
        change: Change::Since(revision.to_owned()),
        scope: Scope::New,
        max_new_suppressions: None,
        baseline: None,
    };
    let bar = Bar::new(true);
    let [before, after] = inventories(options, &change, &|step| bar.step(step))?;
    bar.finish();
    let rows = |routes: &[Endpoint]| -> BTreeMap<(String, String), Row> {
        let wanted = routes.iter().filter(|one| is_wanted(arguments, one)).map(row);
        wanted.map(|row| ((row.path.clone(), row.methods.clone()), row)).collect()
    };
    let rows = differences(&rows(&before.routes), &rows(&after.routes));
    target.write(|out| routes::write_differences(&rows, arguments.format.into(), out))?;
    note(&format!("{} endpoints differ", rows.len()));
    Ok(ExitCode::SUCCESS)
}

fn differences(
    before: &BTreeMap<(String, String), Row>,
    after: &BTreeMap<(String, String), Row>,
) -> Vec<Difference> {
    let of_head = after.iter().filter_map(|(key, row)| {
        let change = match before.get(key) {
            None => "added",
            Some(old) if old.access == row.access => return None,
            Some(_) if row.access == OPEN => "opened",
            Some(_) => "protected",
        };
        Some(Difference { change, row: row.clone() })
    });
    let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
    let gone = gone.map(|(_, row)| Difference { change: "removed", row: row.clone() });
    let mut all: Vec<Difference> = of_head.chain(gone).collect();
    all.sort_by(|a, b| (&a.row.path, &a.row.methods, a.change).cmp(&(&b.row.path, &b.row.methods, b.change)));
    all
}

const OPEN: &str = "open";

fn is_wanted(arguments: &Arguments, endpoint: &Endpoint) -> bool {
    let methods = arguments.method.iter().fold(Methods::default(), |all, one| all.and(*one));
    (!arguments.unprotected || !endpoint.is_protected)
        && (methods.is_empty() || !methods.common(endpoint.methods).is_empty())
        && arguments.text.as_ref().is_none_or(|text| endpoint.path.contains(text))
        && (arguments.framework.is_empty() || arguments.framework.contains(&endpoint.framework))
}

fn row(endpoint: &Endpoint) -> Row {
    let place = |location: &crate::finding::Location| format!("{}:{}", location.path, location.start.line);
    let evidence = endpoint.evidence.iter();
    let evidence =
        evidence.map(|one| format!("{} {} ({})", one.means.name(), one.name, place(&one.location)));
    Row {
        path: endpoint.path.clone(),
        methods: endpoint.methods.to_string(),
        access: if endpoint.is_protected { "protected" } else { OPEN },
        evidence: evidence.collect(),
        handler: endpoint.handler.clone(),
        location: place(&endpoint.location),
        framework: endpoint.framework.name(),
        exact: endpoint.is_exact,
        mounted: endpoint.is_mounted,
    }
}
