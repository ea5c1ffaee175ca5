//! The crates that each parser brings along, as `cargo tree` tells them for this machine.

use std::collections::BTreeSet;
use std::process::Command;

use crate::parsers::Parser;
use crate::table::markdown;

/// Licences of the tree that the tool's `deny.toml` does not allow begin with this.
const COPYLEFT: &str = "LGPL";

/// The table; a row says so where cargo cannot be asked.
pub fn section() -> String {
    let rows: Vec<Vec<String>> = Parser::ALL.into_iter().map(row).collect();
    let head = ["", "version", "crates in the program", "crates to build it", "of these under the LGPL"];
    format!(
        "## Dependencies\n\nWith default features, the parser itself not counted.\n\n{}",
        markdown(&head, &rows)
    )
}

fn row(parser: Parser) -> Vec<String> {
    let count = |crates: &Option<BTreeSet<String>>| {
        crates
            .as_ref()
            .map_or_else(|| "unknown".to_owned(), |crates| crates.len().saturating_sub(1).to_string())
    };
    let linked = tree(parser, "normal,no-proc-macro", "{p}");
    let built = tree(parser, "normal,build", "{p}");
    let licensed = tree(parser, "normal,build", "{p} {l}").map(|crates| under_copyleft(&crates));
    vec![
        format!("`{}`", parser.name()),
        built.as_ref().and_then(|crates| version(parser, crates)).unwrap_or_else(|| "unknown".to_owned()),
        count(&linked),
        count(&built),
        licensed.unwrap_or_else(|| "unknown".to_owned()),
    ]
}

/// Each crate of a parser's tree once, printed by a format of `cargo tree`.
fn tree(parser: Parser, edges: &str, format: &str) -> Option<BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let mut command = Command::new(cargo);
    command.args(["tree", "--locked", "--manifest-path", manifest, "--package", parser.name()]);
    command.args(["--edges", edges, "--prefix", "none", "--no-dedupe", "--format", format]);
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().map(|line| line.replace(" (proc-macro)", "").trim().to_owned()).collect())
}

fn version(parser: Parser, crates: &BTreeSet<String>) -> Option<String> {
    let start = format!("{} v", parser.name());
    crates.iter().find_map(|line| line.strip_prefix(&start)).map(str::to_owned)
}

fn under_copyleft(crates: &BTreeSet<String>) -> String {
    let names =
        crates.iter().filter(|line| line.contains(COPYLEFT)).filter_map(|line| line.split(' ').next());
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
