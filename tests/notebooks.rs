//! Jupyter notebooks through the whole pipeline: where findings stand, what suppresses them, what a notebook may
//! look like.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::fs;
use std::time::{Duration, Instant};

use backend_audit::finding::{Finding, NoticeKind};
use backend_audit::rules;
use backend_audit::scan::Outcome;
use serde_json::{Value, json};
use support::{folder_options, scan_options};

/// A cell of code.
fn code(source: impl Into<Value>) -> Value {
    json!({"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": source.into()})
}

fn notebook(cells: &[Value]) -> Value {
    json!({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
}

/// Scans a notebook and, beside it, a module.
fn scan(notebook: &str, module: &str) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.ipynb"), notebook).unwrap();
    fs::write(folder.path().join("b.py"), module).unwrap();
    let names = ["dangerous-eval", "python-syntax-error", "unused-suppression"];
    scan_options(&folder_options(folder.path(), names.map(|name| rules::find(name).unwrap()).to_vec()))
}

fn scan_cells(cells: &[Value]) -> (String, Vec<Finding>) {
    let json = serde_json::to_string_pretty(&notebook(cells)).unwrap();
    let findings = scan(&json, "").findings;
    (json, findings)
}

/// Cell, line and column.
fn cells(findings: &[Finding]) -> Vec<(u32, u32, u32)> {
    let cells = findings.iter().map(|finding| finding.location.cell.unwrap());
    cells.map(|cell| (cell.number, cell.start.line, cell.start.column)).collect()
}

#[test]
fn findings_stand_in_their_cells_and_in_the_file() {
    let (json, findings) = scan_cells(&[
        json!({"cell_type": "markdown", "source": "eval(x)"}),
        code(json!(["s = '\u{e9}\"🦀\t'; eval(x)\n", "eval(y)"])),
        code("\neval(\nz)"),
    ]);
    assert_eq!(cells(&findings), [(2, 1, 13), (2, 2, 1), (3, 2, 1)]);
    for (finding, text) in findings.iter().zip(["eval(x)", "eval(y)", "eval(\\nz)"]) {
        let (start, end) = finding.location.bytes;
        assert_eq!(&json[start as usize..end as usize], text);
        let line = json.lines().nth(finding.location.start.line as usize - 1).unwrap();
        let column = finding.location.start.column as usize - 1;
        assert!(line.chars().skip(column).collect::<String>().starts_with(text), "{line}");
    }
    let excerpt = &findings[2].excerpt;
    assert_eq!((excerpt.first_line, excerpt.text.as_str()), (1, "\neval(\nz)\n"));
    assert_eq!(&excerpt.text[excerpt.marked.0..excerpt.marked.1], "eval(\nz)");
    assert_eq!(
        findings[1].excerpt.text, "s = '\u{e9}\"🦀\t'; eval(x)\neval(y)\n",
        "nothing of the next cell"
    );
}

#[test]
fn comments_suppress_within_their_cell() {
    let ignore = "# backend-audit: ignore[dangerous-eval] why";
    let (_, findings) =
        scan_cells(&[code(format!("eval(x)  {ignore}\n{ignore}\neval(x)\n{ignore}")), code("eval(x)")]);
    let suppressed: Vec<_> =
        findings.iter().map(|finding| (finding.rule, finding.suppression.is_some())).collect();
    let (eval, unused) = ("dangerous-eval", "unused-suppression");
    assert_eq!(suppressed, [(eval, true), (eval, true), (unused, false), (eval, false)]);
}

#[test]
fn commands_to_ipython_are_no_syntax_errors() {
    let (_, findings) = scan_cells(&[
        code(
            "%matplotlib inline\n%load_ext x\n!pip install x\nfiles = !ls {a} | eval(x)\nfiles?\n?files\nx = %time 1",
        ),
        code("%%time\nawait f()\neval(x)"),
        code("%%html\n<b>eval(x)</b>"),
        code("pip install x"),
        code("!!ls\n"),
        code(""),
    ]);
    assert_eq!(cells(&findings), [(2, 3, 1)]);
    let (_, findings) = scan_cells(&[code("y = = 1"), code("eval(x)")]);
    let rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["python-syntax-error", "dangerous-eval"]);
}

#[test]
fn no_module_is_a_notebook() {
    let json = notebook(&[code("run = eval")]).to_string();
    assert!(scan(&json, "from a import run\nrun(x)\n").findings.is_empty());
}

#[test]
fn what_cannot_be_read_makes_the_run_incomplete() {
    for (json, id) in [("{", "notebook-unreadable"), ("", "notebook-unreadable"), ("{}", "notebook-format")] {
        let outcome = scan(json, "");
        let notice = outcome.notices.first().unwrap();
        assert_eq!((notice.id, notice.kind), (id, NoticeKind::Incomplete), "{json}");
    }
}

/// However a notebook is written down: lines of a list, one string, all in one line of the file.
#[test]
fn many_findings_take_linear_time() {
    let lines: Vec<String> = (0..20_000).map(|n| format!("eval(é{n})\n")).collect();
    let one = code(lines.concat());
    let files = [
        serde_json::to_string_pretty(&notebook(&[code(lines.clone())])).unwrap(),
        notebook(&[one]).to_string(),
        notebook(&[code(lines.concat().replace('\n', ";"))]).to_string(),
    ];
    for json in files {
        let start = Instant::now();
        let outcome = scan(&json, "");
        eprintln!("20,000 findings in a notebook of {} bytes: {:?}", json.len(), start.elapsed());
        assert_eq!(outcome.findings.len(), 20_000);
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", start.elapsed());
    }
}
