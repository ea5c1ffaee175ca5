use std::time::{Duration, Instant};

use backend_audit::report::WriteOutcome;
use backend_audit::report::sarif::{self, SarifOptions};
use serde_json::Value;

use crate::sample::{SHOP, Sample, finding};
use crate::sarif_asserts;

fn render(sample: &Sample, options: &SarifOptions) -> (String, Value, WriteOutcome) {
    let mut out = Vec::new();
    let outcome = sarif::write(&sample.report(), options, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let log = serde_json::from_str(&text).unwrap();
    (text, log, outcome)
}

fn checked(name: &str, sample: &Sample, options: &SarifOptions) -> Value {
    let (text, log, _) = render(sample, options);
    keep(name, &text);
    sarif_asserts::check(&log);
    log
}

/// `SARIF_SAMPLES=FOLDER cargo test --test report` leaves the logs there for `.ci/sarif-check`.
fn keep(name: &str, text: &str) {
    if let Some(folder) = std::env::var_os("SARIF_SAMPLES") {
        std::fs::write(std::path::Path::new(&folder).join(name).with_extension("sarif"), text).unwrap();
    }
}

#[test]
fn results_carry_what_readers_use() {
    let log = checked("full", &Sample::full(), &SarifOptions::default());
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 4, "the suppressed one is left out");
    let rule_ids: Vec<_> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| &rule["id"]).collect();
    assert_eq!(rule_ids, ["eval", "file-size", "pickle-load", "pickle-load/flow"]);

    let flow = &results[0];
    let region = &flow["locations"][0]["physicalLocation"]["region"];
    // A tab, `name = '`, two crabs of two units each, `'; order = `.
    assert_eq!(region["startColumn"], 25);
    assert_eq!(region["endColumn"], 43);
    assert_eq!(region["snippet"]["text"], "pickle.loads(body)");
    assert_eq!(flow["level"], "error");
    assert_eq!(flow["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap().len(), 2);
    assert_eq!(flow["partialFingerprints"]["primaryLocationLineHash"], "c129715d7a2bc9a3:1");
    assert_eq!(flow["partialFingerprints"]["backendAudit/v1"], "0123456789abcdef0123456789abcdef");

    let plain = &results[1];
    assert_eq!(
        plain["message"]["text"],
        "`load[0] (x)` runs whatever code the data names. See [`pickle(x)` is imported here](1)."
    );
    assert_eq!(plain["relatedLocations"][0]["id"], 1);
    assert_eq!(plain["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "buy");
    assert_eq!(
        results[2]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "app/%3A%3Aerror%3A%3A%C3%A9%20b.py"
    );
    assert_eq!(results[3]["level"], "note");
}

#[test]
fn rules_carry_what_readers_use() {
    let log = checked(
        "category",
        &Sample::full(),
        &SarifOptions { category: Some("backend".into()), include_suppressed: false, compared: false },
    );
    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "backend/");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let scores: Vec<_> = rules.iter().map(|rule| rule["properties"]["security-severity"].as_str()).collect();
    assert_eq!(scores, [Some("8.0"), None, Some("5.5"), Some("9.5")]);
    let pickle = &rules[2];
    assert_eq!(pickle["name"], "PickleLoad");
    assert_eq!(pickle["shortDescription"]["text"], "The call runs whatever code the data names.");
    assert_eq!(
        pickle["properties"]["tags"],
        serde_json::json!(["security", "external/cwe/cwe-502", "external/cwe/cwe-094"])
    );
    assert_eq!(pickle["relationships"][0]["target"]["id"], "CWE-502");
    let taxa = run["taxonomies"][0]["taxa"].as_array().unwrap();
    for relation in pickle["relationships"].as_array().unwrap() {
        let target = &relation["target"];
        assert_eq!(taxa[target["index"].as_u64().unwrap() as usize]["id"], target["id"]);
    }
    let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert_eq!(notifications.len(), 2);
    assert_eq!(notifications[1]["level"], "warning");
    assert_eq!(notifications[1]["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
}

#[test]
fn the_bare_values_hold_what_the_standard_allows() {
    let options = SarifOptions { include_suppressed: true, compared: false, category: None };
    let log = checked("suppressed", &Sample::full(), &options);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let suppressions: Vec<_> =
        results.iter().map(|result| result["suppressions"].as_array().unwrap().len()).collect();
    assert_eq!(suppressions, [0, 0, 0, 1, 0, 1]);
    assert_eq!(results[3]["suppressions"][0]["kind"], "inSource");
    assert_eq!(results[3]["suppressions"][0]["justification"], "only a test");
}

#[test]
fn an_empty_log_is_a_log() {
    let log = checked("empty", &Sample::empty(), &SarifOptions::default());
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn the_same_input_gives_the_same_bytes_and_no_commands() {
    let (first, _, _) = render(&Sample::full(), &SarifOptions::default());
    let mut later = Sample::full();
    later.stats.elapsed = Duration::from_secs(9);
    assert_eq!(first, render(&later, &SarifOptions::default()).0);
    assert!(!first.contains("##[") && !first.contains(['\x1b', '\u{202e}']) && !first.contains("/work"));
}

#[test]
fn what_is_too_much_is_left_out_and_said() {
    let sample = Sample::many(25_001);
    let start = Instant::now();
    let (text, log, outcome) = render(&sample, &SarifOptions::default());
    eprintln!("25,001 findings as SARIF, read again: {:?}", start.elapsed());
    keep("many", &text);
    assert_eq!(outcome.left_out, 1);
    sarif_asserts::check(&log);
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert!(
        results[..25].iter().all(|result| result["ruleId"] == "eval"),
        "the worst are kept, and come first"
    );
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert!(notes[0]["message"]["text"].as_str().unwrap().starts_with("1 results"), "{notes:?}");
}

#[test]
fn long_flows_are_shortened_and_said() {
    let mut sample = Sample::full();
    let step = sample.findings[0].flow[0].clone();
    sample.findings[0].flow = vec![step.clone(); 1500];
    sample.findings[1].related = vec![step; 150];
    let log = checked("long", &sample, &SarifOptions::default());
    let run = &log["runs"][0];
    let steps = &run["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!(steps.as_array().unwrap().len(), 1000);
    assert_eq!(
        run["invocations"][0]["toolExecutionNotifications"][2]["descriptor"]["id"],
        "results-shortened"
    );
}

#[test]
fn windows_that_hold_only_part_of_a_finding_are_no_context() {
    let mut sample = Sample::empty();
    sample.findings = vec![
        finding("eval", "a.py", SHOP, SHOP),
        finding("eval", "a.py", SHOP, "pickle.loads(body)\n\tassert body"),
        finding("eval", "b.py", "eval(x)", "eval(x)"),
        finding("eval", "c.py", "a\rb\r\neval(x)\n", "eval(x)"),
    ];
    sample.findings[1].excerpt.text = "\tname = 1\n".to_owned();
    sample.findings[1].excerpt.first_line = 4;
    let log = checked("windows", &sample, &SarifOptions::default());
    let places = |index: usize| &log["runs"][0]["results"][index]["locations"][0]["physicalLocation"];
    assert!(places(1)["contextRegion"].is_null());
    assert_eq!(places(2)["contextRegion"]["endLine"], 1);
}
