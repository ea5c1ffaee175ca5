//! `docs/rules.md` and the tables of other pages say what the tables and the fixtures say, pages name options that exist,
//! and the README has every page.
//!
//! `UPDATE_EXPECTED=1 cargo test --test docs` rewrites them. The examples of a rule are the first block of its
//! fixture that is marked for it and the first that is not marked at all, without the marks.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod page_tables;
mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use backend_audit::facts::Statement;
use backend_audit::python::{self, Scratch};
use backend_audit::report::format::Format;
use backend_audit::rule::{On, Rule};
use backend_audit::rules::{self, examples};
use page_tables::{preset, title};
use support::{fixture_options, scan_options};
use walkdir::WalkDir;

const PAGE: &str = "docs/rules.md";

const HEAD: &str = "\
# Rules

<!-- Made from the tables in `src/rules/` and the fixtures in `tests/rules/`:
     UPDATE_EXPECTED=1 cargo test --test docs -->

A rule is named by its own name or by the id that other tools have for it, on the command line and in comments that
suppress findings. The rules of the preset `gate` run by default, `--preset review` adds those that state a fact
worth a look, `--preset all` adds the rest. `backend-audit explain RULE` prints what stands here.
";

#[test]
fn the_page_of_the_rules_is_up_to_date() {
    let page = page();
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(PAGE, &page).unwrap();
        return;
    }
    let written = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(page == written, "{PAGE} is out of date: UPDATE_EXPECTED=1 cargo test --test docs");
}

#[test]
fn the_tables_in_pages_are_up_to_date() {
    let tables = [
        ("docs/migrating-from-bandit.md", "ids", page_tables::bandit_ids()),
        ("docs/severity.md", "severities", page_tables::severities()),
    ];
    for (page, name, table) in tables {
        let text = fs::read_to_string(page).unwrap();
        let begin = format!("<!-- The table of {name}: UPDATE_EXPECTED=1 cargo test --test docs -->\n");
        let end = format!("<!-- The end of the table of {name} -->\n");
        let (before, rest) = text.split_once(&begin).unwrap();
        let (written, behind) = rest.split_once(&end).unwrap();
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            fs::write(page, [before, &begin, &table, &end, behind].concat()).unwrap();
        } else {
            assert!(written == table, "{page} is out of date: UPDATE_EXPECTED=1 cargo test --test docs");
        }
    }
}

/// SARIF links to `docs/rules.md#NAME`.
#[test]
fn every_rule_has_the_heading_that_reports_link_to() {
    let page = page();
    let headings: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### ")).collect();
    let unique: BTreeSet<&str> = page.lines().filter(|line| line.starts_with('#')).collect();
    for (_, rule) in rules::all() {
        assert!(headings.contains(&rule.name), "no heading for {}", rule.name);
        assert!(!unique.contains(&*format!("## {}", rule.name)), "{} is a family too", rule.name);
    }
    assert_eq!(headings.len(), rules::all().count());
}

/// `explain` and `rules --format json` read them from the page.
#[test]
fn the_tool_shows_the_examples_of_the_page() {
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        // The page in the tool is that of the last build.
        return;
    }
    for (family, rule) in rules::all() {
        let (fixture, shown) = (Examples::of(family, rule), examples::Examples::of(rule.name));
        let (marked, silent) =
            (fixture.marked.as_deref().map(visible), fixture.silent.as_deref().map(visible));
        assert_eq!(shown.reported, marked.as_deref(), "{}", rule.name);
        assert_eq!(shown.not_reported, silent.as_deref(), "{}", rule.name);
    }
}

#[test]
fn the_readme_lists_every_format() {
    for page in ["README.md", "docs/formats.md"] {
        let text = fs::read_to_string(page).unwrap();
        for format in Format::ALL {
            assert!(
                text.contains(&format!("| `{}` |", format.name())),
                "{page} has no row for {}",
                format.name()
            );
        }
    }
}

#[test]
fn the_readme_lists_every_page() {
    let readme = fs::read_to_string("README.md").unwrap();
    for page in pages().iter().filter(|page| page.as_str() != "README.md") {
        assert!(readme.contains(&format!("({page})")), "README.md has no link to {page}");
    }
}

#[test]
fn links_between_pages_lead_to_headings_that_exist() {
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let is_page = Path::new(file).extension().is_some_and(|extension| extension == "md");
            if file.contains("://") || !(file.is_empty() || is_page) {
                continue;
            }
            let folder = Path::new(&page).parent().unwrap();
            let target = if file.is_empty() { page.clone().into() } else { folder.join(file) };
            let target = fs::read_to_string(&target).unwrap_or_else(|_| panic!("{page} links to {link}"));
            let found = heading.is_empty() || anchors(&target).any(|anchor| anchor == heading);
            assert!(found, "{page} links to {link}, which has no such heading");
        }
    }
}

/// The README and what stands in `docs/`.
fn pages() -> Vec<String> {
    let docs = WalkDir::new("docs").sort_by_file_name().into_iter();
    let docs = docs.map(|entry| entry.unwrap().path().to_str().unwrap().to_owned());
    let docs = docs.filter(|path| Path::new(path).extension().is_some_and(|extension| extension == "md"));
    std::iter::once("README.md".to_owned()).chain(docs).collect()
}

/// What headings are linked to by, as GitHub makes it.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| {
        let kept = |c: char| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            _ => c.is_alphanumeric().then(|| c.to_ascii_lowercase()),
        };
        line.trim_start_matches('#').trim().chars().filter_map(kept).collect()
    })
}

#[test]
fn the_readme_names_options_and_defaults_that_exist() {
    let help = Command::new(env!("CARGO_BIN_EXE_backend-audit")).args(["scan", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for page in ["README.md", "docs/adoption.md", "docs/severity.md"] {
        let text = fs::read_to_string(page).unwrap();
        // What stands between backticks: every second piece.
        for code in text.split('`').skip(1).step_by(2).filter(|code| code.starts_with("--")) {
            let option = code.split([' ', '=']).next().unwrap();
            assert!(
                described(&help, option).is_some(),
                "{page} names `{option}`, which `scan --help` does not"
            );
        }
    }
    let readme = fs::read_to_string("README.md").unwrap();
    for row in readme.lines().filter(|line| line.starts_with("| `--")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, option, _, default, _] = cells[..] else { panic!("not a row of three cells: {row}") };
        let option = option.trim_matches('`').split(' ').next().unwrap();
        if let Some(default) = default.strip_prefix('`').and_then(|default| default.strip_suffix('`')) {
            let text = described(&help, option).unwrap();
            assert!(text.contains(&format!("[default: {default}]")), "{option}: {text}");
        }
    }
}

/// What `--help` says of an option.
fn described<'h>(help: &'h str, option: &str) -> Option<&'h str> {
    let line = help.lines().find(|line| {
        let mut words = line.trim_start().split([' ', ',']).filter(|word| !word.is_empty());
        line.trim_start().starts_with('-') && words.any(|word| word == option)
    })?;
    let start = line.as_ptr() as usize - help.as_ptr() as usize;
    let rest = help.get(start..)?;
    let end = rest.match_indices("\n  ").find(|(at, _)| is_option(rest.get(at + 1..).unwrap_or_default()));
    rest.get(..end.map_or(rest.len(), |(at, _)| at))
}

fn is_option(text: &str) -> bool {
    let indent = text.len() - text.trim_start_matches(' ').len();
    indent <= 6 && text.trim_start_matches(' ').starts_with('-')
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    let mut families: Vec<&str> = rules::all().map(|(family, _)| family).collect();
    families.dedup();
    for family in families {
        write!(page, "\n## {}\n\n| rule | severity | preset | also known as |\n", title(family)).unwrap();
        page.push_str("| --- | --- | --- | --- |\n");
        let of_family = || rules::all().filter(|(of, _)| *of == family).map(|(_, rule)| rule);
        for rule in of_family() {
            let (name, also) = (rule.name, rule.aliases.join(", "));
            writeln!(page, "| [`{name}`](#{name}) | {} | {} | {also} |", rule.severity, preset(rule))
                .unwrap();
        }
        of_family().for_each(|rule| section(&mut page, family, rule));
    }
    page
}

fn section(page: &mut String, family: &str, rule: &'static Rule) {
    let examples = Examples::of(family, rule);
    let message = examples.message.unwrap_or_else(|| rule.message.replace("{call}", "…"));
    write!(page, "\n### {}\n\n{}.\n\n{}\n\n", rule.name, title(&message), rule.why).unwrap();
    writeln!(page, "What to do: {}.\n", rule.help).unwrap();
    let mut facts = vec![
        format!("severity {}", rule.severity),
        format!("confidence {}", rule.confidence),
        format!("preset `{}`", preset(rule)),
    ];
    facts.extend(
        rule.flow.map(|severity| format!("as a flow from a source: `{}/flow`, {severity}", rule.name)),
    );
    let link = |cwe: &u16| format!("[CWE-{cwe}](https://cwe.mitre.org/data/definitions/{cwe}.html)");
    facts.extend(rule.cwe.iter().map(link));
    writeln!(page, "{}", facts.join(" · ")).unwrap();
    for (label, example) in [("Reported", examples.marked), ("Not reported", examples.silent)] {
        if let Some(example) = example {
            write!(page, "\n{label}:\n\n```python\n{example}\n```\n").unwrap();
        }
    }
}

/// The text with the names of characters that would make the page itself read in another order.
fn visible(text: &str) -> String {
    text.chars().fold(String::new(), |mut shown, character| {
        match character {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
                write!(shown, "‹U+{:04X}›", character as u32).unwrap();
            }
            _ => shown.push(character),
        }
        shown
    })
}

/// What the fixture of a rule shows.
#[derive(Default)]
struct Examples {
    marked: Option<String>,
    silent: Option<String>,
    /// What is said of the first.
    message: Option<String>,
}

impl Examples {
    fn of(family: &str, rule: &'static Rule) -> Examples {
        let texts = match rule.on {
            On::Reported => return Examples::default(),
            On::Project(_) => project_texts(rule.name),
            _ => vec![fs::read_to_string(format!("tests/rules/{family}/{}.py", rule.name)).unwrap()],
        };
        let mut examples = Examples::default();
        for text in &texts {
            let blocks = blocks(text);
            let marked = blocks.iter().find(|block| marks(block.text).any(|name| name == rule.name));
            let silent = || blocks.iter().filter(|block| marks(block.text).next().is_none());
            let alike = silent().find(|block| marked.is_some_and(|marked| marked.shape == block.shape));
            let shown = |block: &Block| visible(&without_marks(block.text));
            examples.marked = examples.marked.or_else(|| marked.map(shown));
            examples.silent = examples.silent.or_else(|| alike.map(shown));
        }
        let options = fixture_options(texts.concat().into_bytes(), vec![rule]);
        examples.message = scan_options(&options).findings.first().map(|finding| finding.message.clone());
        examples
    }
}

/// The files of the case of a project rule.
fn project_texts(name: &str) -> Vec<String> {
    let files = WalkDir::new(format!("tests/flows/{name}")).sort_by_file_name();
    let files = files.into_iter().map(|entry| entry.unwrap().into_path());
    let python = files.filter(|path| path.extension().is_some_and(|extension| extension == "py"));
    python.map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Function,
    Class,
    Assignment,
    Other,
}

/// A statement of a file, with what belongs to it above.
struct Block<'t> {
    text: &'t str,
    shape: Shape,
}

/// The functions, classes and other statements of a file that show something.
fn blocks(text: &str) -> Vec<Block<'_>> {
    let module = python::read(text, false, &mut Scratch::default()).expect("a fixture is not deep");
    let mut found = Vec::new();
    for id in module.body().iter() {
        let (statement, span) = (module.statement(id), module.statement_span(id));
        if !matches!(statement, Statement::Docstring | Statement::Import(..)) {
            let text = lines(text, span.start as usize, span.end as usize).unwrap();
            found.push(Block { text, shape: shape(statement) });
        }
    }
    found
}

fn shape(statement: Statement<'_>) -> Shape {
    match statement {
        Statement::Function(_) => Shape::Function,
        Statement::Class(_) => Shape::Class,
        Statement::Assign(..) | Statement::Annotated(..) => Shape::Assignment,
        _ => Shape::Other,
    }
}

/// Whole lines from the decorators and marks above a statement to its end.
fn lines(text: &str, start: usize, end: usize) -> Option<&str> {
    let mut first = text.get(..start)?.rfind('\n').map_or(0, |at| at + 1);
    while let Some(above) = text.get(..first)?.strip_suffix('\n') {
        let line = above.rfind('\n').map_or(0, |at| at + 1);
        if !above.get(line..)?.starts_with(['@', '#']) {
            break;
        }
        first = line;
    }
    let last = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at);
    text.get(first..last)
}

/// The rules that a block is marked for.
fn marks(block: &str) -> impl Iterator<Item = &str> {
    let of_line = |line| Some(str::split_once(line, "# expect")?.1.split_once(": ")?.1);
    let names = block.lines().filter_map(of_line).flat_map(|names| names.split(','));
    names.map(|name| name.trim().trim_end_matches("/flow"))
}

fn without_marks(block: &str) -> String {
    let kept = block.lines().filter_map(|line| match line.split_once("# expect") {
        Some((code, _)) if code.trim().is_empty() => None,
        Some((code, _)) => Some(code.trim_end()),
        None => Some(line),
    });
    kept.collect::<Vec<_>>().join("\n")
}
