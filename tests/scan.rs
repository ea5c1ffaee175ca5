//! The library's contracts that no fixture can hold: verdicts, notices, determinism, crashes.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;

use backend_audit::finding::{Confidence, NoticeKind, Severity};
use backend_audit::gate::threshold::Verdict;
use backend_audit::report::{json, sarif};
use backend_audit::rule::{Call, Hit, On, Preset, Rule};
use backend_audit::rules;
use backend_audit::scan::Outcome;
use support::{fixture_options, folder_options, scan_options};

/// A rule that crashes on every `eval`.
static CRASHING: Rule = Rule {
    name: "crashing",
    aliases: &[],
    preset: Preset::OptIn,
    severity: Severity::High,
    flow: None,
    confidence: Confidence::High,
    cwe: &[],
    message: "this is never said",
    why: "It is never asked.",
    help: "nothing helps",
    on: On::Call(&["builtins.eval"], crash),
};

fn crash(_: &Call<'_>) -> Option<Hit> {
    panic!("on purpose")
}

fn only(name: &str) -> Vec<&'static Rule> {
    vec![rules::find(name).unwrap()]
}

fn scan_text(text: &str, rules: Vec<&'static Rule>) -> Outcome {
    scan_options(&fixture_options(text.as_bytes().to_vec(), rules))
}

fn lines(outcome: &Outcome, rule: &str) -> Vec<u32> {
    let of_rule = outcome.findings.iter().filter(|finding| finding.rule == rule);
    of_rule.map(|finding| finding.location.start.line).collect()
}

#[test]
fn a_rule_that_crashes_makes_the_run_incomplete_and_loses_nothing_else() {
    std::panic::set_hook(Box::new(|_| {}));
    let mut rules = only("dangerous-eval");
    rules.insert(0, &CRASHING);
    let outcome = scan_text("eval(x)\n", rules);
    assert_eq!(lines(&outcome, "dangerous-eval"), [1]);
    assert_eq!(outcome.verdict, Verdict::Failed(1));
    let notice = outcome.notices.first().unwrap();
    assert_eq!((notice.id, notice.kind), ("rule-crashed", NoticeKind::Incomplete));
    assert_eq!(scan_text("eval(x)\n", vec![&CRASHING]).verdict, Verdict::Incomplete);
    assert_eq!(scan_text("pass\n", vec![&CRASHING]).verdict, Verdict::Passed);
}

#[test]
fn a_broken_function_hides_no_other() {
    let text = "def a(x):\n    eval(x)\n\ndef b(:\n    y = = 1\n\n\ndef c(x):\n    eval(x)\n";
    let mut rules = only("dangerous-eval");
    rules.extend(only("python-syntax-error"));
    let outcome = scan_text(text, rules);
    let found = lines(&outcome, "dangerous-eval");
    assert!(found.contains(&2) && found.contains(&9), "{found:?}");
    assert_eq!(lines(&outcome, "python-syntax-error").len(), 1);
}

#[test]
fn syntax_of_new_versions_is_no_error() {
    let text = r#"
type Pair[T = int] = tuple[T, T]

def quotes(x: dict) -> str:
    return f"{x["key"]} {f"{x["other"]}"}"

def handle(x):
    try:
        eval(x)
    except ValueError, TypeError:
        return t"{x} is {x!r}"

class Box[**P, *Ts]:
    async def run[T: (int, str)](self, value: T) -> T:
        match value:
            case Box(value=found) | [found, *_] if found:
                return eval(found)
"#;
    let mut rules = only("dangerous-eval");
    rules.extend(only("python-syntax-error"));
    let outcome = scan_text(text, rules);
    assert_eq!(lines(&outcome, "python-syntax-error"), [0; 0]);
    assert_eq!(lines(&outcome, "dangerous-eval"), [9, 17]);
}

#[test]
fn suppression_works_where_it_says() {
    let text = "\
eval(x)  # backend-audit: ignore[dangerous-eval] checked above
# backend-audit: ignore[B307]
eval(x)
eval(
    x
)  # nosec B307
eval(x)  # nosec B999
eval(x)  # noqa: S307
eval(x)  # backend-audit: ignore[weak-hash]
# nosec
eval(x)
y = 1  # backend-audit: ignore
eval(x)
";
    let outcome = scan_text(text, only("dangerous-eval"));
    let suppressed = |line: u32| {
        let on_line = |finding: &&backend_audit::finding::Finding| finding.location.start.line == line;
        outcome.findings.iter().find(on_line).unwrap().suppression.clone()
    };
    assert_eq!(suppressed(1).unwrap().reason.as_deref(), Some("checked above"));
    for line in [3, 4, 8] {
        assert!(suppressed(line).is_some(), "line {line}");
    }
    for line in [7, 9, 11, 13] {
        assert!(suppressed(line).is_none(), "line {line}");
    }
    assert_eq!(outcome.stats.suppressed, 4);
    assert_eq!(outcome.verdict, Verdict::Failed(4));
}

/// A project with findings in many files.
fn shop(folder: &Path) {
    for index in 0..60 {
        let package = folder.join(format!("pkg{}", index % 7));
        fs::create_dir_all(&package).unwrap();
        let text =
            format!("from pkg0 import m{index}\n\ndef f{index}(x):\n    eval(x)\n    eval('😀' + x)\n");
        fs::write(package.join(format!("m{index}.py")), text).unwrap();
    }
}

fn reports(outcome: &Outcome) -> (Vec<u8>, Vec<u8>) {
    let (mut as_json, mut as_sarif) = (Vec::new(), Vec::new());
    let shown = outcome.shown();
    json::write(&outcome.report(&shown), &mut as_json).unwrap();
    sarif::write(&outcome.report(&shown), &sarif::SarifOptions::default(), &mut as_sarif).unwrap();
    (as_json, as_sarif)
}

#[test]
fn reports_are_the_same_bytes_every_time_and_for_every_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    shop(folder.path());
    let mut options = folder_options(folder.path(), only("dangerous-eval"));
    let first = reports(&scan_options(&options));
    for round in 0..10 {
        options.threads = 1 + round % 3;
        assert!(reports(&scan_options(&options)) == first, "round {round} differs");
    }
}

#[test]
fn positions_count_characters_and_utf16_units() {
    let outcome = scan_text("x = '😀é', eval(y)\n", only("dangerous-eval"));
    let start = outcome.findings.first().unwrap().location.start;
    assert_eq!((start.line, start.column, start.utf16_column), (1, 11, 12));
}

#[test]
fn thresholds_decide_what_fails_and_what_is_shown() {
    let mut options = fixture_options(b"eval(x)\n".to_vec(), only("dangerous-eval"));
    options.thresholds.fail_on = Severity::High;
    assert_eq!(scan_options(&options).verdict, Verdict::Passed);
    options.thresholds.min_severity = Severity::High;
    let outcome = scan_options(&options);
    assert_eq!((outcome.shown().len(), outcome.stats.hidden), (0, 1));
    options.thresholds.fail_on = Severity::Low;
    assert_eq!(scan_options(&options).shown().len(), 1, "what fails is always shown");
    options.thresholds.min_confidence = Confidence::High;
    assert_eq!(scan_options(&options).verdict, Verdict::Passed);
}

#[test]
fn a_name_bound_absurdly_often_costs_no_square_and_hides_no_import() {
    let text = format!("from builtins import eval as x\n{}1\nx(y)\n", "x = ".repeat(100_000));
    let started = std::time::Instant::now();
    let outcome = scan_text(&text, family_of_all());
    assert!(lines(&outcome, "dangerous-eval").contains(&3));
    assert!(started.elapsed().as_secs() < 20, "took {:?}", started.elapsed());
}

fn family_of_all() -> Vec<&'static Rule> {
    let mut all: Vec<_> = rules::all().map(|(_, rule)| rule).collect();
    all.sort_by_key(|rule| rule.name);
    all
}

/// The flows of a rule in a Flask handler with this body: severity and confidence.
fn flows_in(body: &str, rule: &str) -> Vec<(Severity, Confidence)> {
    let head = "import base64, pickle, re, subprocess\nfrom flask import Flask, request\n\
                from shop import clean\napp = Flask(__name__)\n@app.get('/x')\ndef x():\n";
    let outcome = scan_text(&format!("{head}    {body}\n"), only(rule));
    let flows = outcome.findings.iter().filter(|finding| !finding.flow.is_empty());
    flows.map(|finding| (finding.severity, finding.confidence)).collect()
}

#[test]
fn a_flow_is_at_least_as_sure_as_what_it_takes_the_place_of() {
    let command =
        |data: &str| flows_in(&format!("subprocess.run('label ' + {data}, shell=True)"), "command-injection");
    let name = "request.args['name']";
    assert_eq!(command(name), [(Severity::Critical, Confidence::High)]);
    // What nothing is known of may be a check; the command is built of text that is not constant all the same.
    assert_eq!(command(&format!("clean({name})")), [(Severity::Critical, Confidence::Medium)]);
    assert_eq!(command(&format!("re.sub('[^a-z]', '', {name})")), [(Severity::Critical, Confidence::Medium)]);
    assert_eq!(command(&format!("re.sub(' +', ' ', {name})")), [(Severity::Critical, Confidence::High)]);
    let cookie = "request.cookies['cart']";
    let pickled = flows_in(&format!("pickle.loads(base64.b64decode({cookie}))"), "pickle-load");
    assert_eq!(pickled, [(Severity::Critical, Confidence::High)]);
    // Where nothing stood before, a guess is a guess.
    assert_eq!(
        flows_in(&format!("open(clean({name}))"), "path-traversal"),
        [(Severity::High, Confidence::Low)]
    );
}
