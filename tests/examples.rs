//! What `examples/shop/README.md` says of the shop's files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;

/// A row of one of the tables: a place in a file, and the code that stands there.
struct Row {
    file: String,
    line: usize,
    code: String,
}

#[test]
fn the_tables_name_the_lines_where_the_code_stands() {
    let rows = rows();
    assert!(rows.len() > 30, "only {} rows were read", rows.len());
    for Row { file, line, code } in rows {
        let text = fs::read_to_string(shop().join(&file)).unwrap();
        let found = text.lines().nth(line - 1).unwrap_or_default();
        assert!(found.contains(&code), "{file}:{line} is `{}`, not `{code}`", found.trim());
    }
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(shop().join("README.md")).unwrap();
    let cells = text.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    cells
        .filter_map(|cells| match cells[..] {
            ["", file, line, code, ..] if file.starts_with('`') => Some(Row {
                file: file.trim_matches('`').to_owned(),
                line: line.parse().unwrap(),
                code: code.trim_matches('`').to_owned(),
            }),
            _ => None,
        })
        .collect()
}

fn shop() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop"))
}
