//! The inventory of routes: as a table for people, as JSON, as Markdown; and what a change does to it.

use std::io::{self, Write};

use serde::Serialize;

use super::escape;

/// A line of the inventory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Row {
    /// The full path; `…` stands for what is not constant.
    pub path: String,
    /// Names of the methods, separated by commas.
    pub methods: String,
    /// `open`, or `protected`.
    pub access: &'static str,
    /// Why, the innermost first: `decorator login_required (app/views.py:12)`.
    pub evidence: Vec<String>,
    /// Qualified name of the handler; empty where it is not in the project.
    pub handler: String,
    /// Where it is: `app/views.py:14`.
    pub location: String,
    /// The framework.
    pub framework: &'static str,
    /// Whether all of the path is known.
    pub exact: bool,
    /// Whether it is part of an application of the project.
    pub mounted: bool,
}

/// What a change does to a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `added`, `removed`, `opened`, `protected`.
    pub change: &'static str,
    /// The route after the change; before it where it is removed.
    #[serde(flatten)]
    pub row: Row,
}

/// The form of an inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Form {
    Table,
    Json,
    Markdown,
}

/// Writes an inventory.
pub fn write(rows: &[Row], form: Form, out: &mut dyn Write) -> io::Result<()> {
    let heads = ["METHODS", "PATH", "ACCESS", "HANDLER"];
    match form {
        Form::Json => list(rows.iter(), "routes", out),
        Form::Table => table(&heads, &rows.iter().map(cells).collect::<Vec<_>>(), out),
        Form::Markdown => markdown(&heads, &rows.iter().map(cells).collect::<Vec<_>>(), out),
    }
}

/// Writes what a change does to an inventory.
pub fn write_differences(rows: &[Difference], form: Form, out: &mut dyn Write) -> io::Result<()> {
    let heads = ["CHANGE", "METHODS", "PATH", "ACCESS", "HANDLER"];
    let cells = |one: &Difference| {
        let mut cells_of_row = cells(&one.row);
        cells_of_row.insert(0, one.change.to_owned());
        cells_of_row
    };
    match form {
        Form::Json => list(rows.iter(), "changes", out),
        Form::Table => table(&heads, &rows.iter().map(cells).collect::<Vec<_>>(), out),
        Form::Markdown => markdown(&heads, &rows.iter().map(cells).collect::<Vec<_>>(), out),
    }
}

fn cells(row: &Row) -> Vec<String> {
    let access = match row.evidence.first() {
        Some(first) => format!("{}: {first}", row.access),
        None => row.access.to_owned(),
    };
    let mounted = if row.mounted { "" } else { " (not mounted)" };
    let handler = if row.handler.is_empty() {
        row.location.clone()
    } else {
        format!("{} {}", row.location, row.handler)
    };
    vec![row.methods.clone(), format!("{}{mounted}", row.path), access, handler]
}

fn list<T: Serialize>(rows: impl Iterator<Item = T>, name: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{{\n\"version\":1,\n\"{name}\":")?;
    escape::json_lines(rows, out)?;
    out.write_all(b"\n}\n")
}

fn table(heads: &[&str], rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| escape::line(cell).into_owned()).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(heads.get(column).map(|head| head.len())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    for row in std::iter::once(&heads).chain(&rows) {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width));
        writeln!(out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn markdown(heads: &[&str], rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "| {} |", heads.join(" | "))?;
    writeln!(out, "|{}", " --- |".repeat(heads.len()))?;
    for row in rows {
        let cells = row.iter().map(|cell| escape::line(cell).replace('|', "\\|").replace('<', "&lt;"));
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}
