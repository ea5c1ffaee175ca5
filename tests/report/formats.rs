//! The formats for CI servers and other readers. What they write of the samples stands in `tests/report/expected/`;
//! `UPDATE_EXPECTED=1 cargo test --test report` rewrites it.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use backend_audit::report::format::{self, Format, Options};
use backend_audit::report::github::GithubOptions;
use backend_audit::report::time::Time;
use serde_json::Value;

use crate::sample::Sample;
use crate::xml;

fn options() -> Options {
    let workspace = Some("/work".into());
    Options { github: GithubOptions { workspace }, generated: Time(1_700_000_000), ..Options::default() }
}

fn render(sample: &Sample, format: Format) -> String {
    let mut out = Vec::new();
    format::write(&sample.report(), format, &options(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(sample: &Sample, format: Format) -> Value {
    serde_json::from_str(&render(sample, format)).unwrap()
}

/// Those with a file of what they write.
const EXPECTED: [(Format, &str); 6] = [
    (Format::Github, "github.txt"),
    (Format::Gitlab, "gitlab.json"),
    (Format::Junit, "junit.xml"),
    (Format::Markdown, "markdown.md"),
    (Format::Csv, "table.csv"),
    (Format::Bandit, "bandit.json"),
];

#[test]
fn reports_are_as_expected() {
    for (format, name) in EXPECTED {
        for (sample, kind) in
            [(Sample::full(), "full"), (Sample::notebook(), "notebook"), (Sample::empty(), "empty")]
        {
            let path = format!("tests/report/expected/{kind}-{name}");
            let written = render(&sample, format);
            if std::env::var_os("UPDATE_EXPECTED").is_some() {
                fs::write(&path, &written).unwrap();
            }
            assert_eq!(written, fs::read_to_string(&path).unwrap_or_default(), "{path}");
        }
    }
}

#[test]
fn text_of_the_scanned_tree_does_nothing() {
    for format in Format::ALL {
        let text = render(&Sample::full(), format);
        assert!(!text.contains(['\x1b', '\u{202e}']) && !text.contains("##["), "{}", format.name());
        let commands = text.lines().filter(|line| line.trim_start().starts_with("::"));
        let own = |line: &&str| {
            ["::error file=", "::warning file=", "::notice "].iter().any(|own| line.starts_with(own))
        };
        assert!(commands.clone().all(|line| format == Format::Github && own(&line)), "{}", format.name());
    }
}

#[test]
fn suppressed_and_known_findings_are_not_reported() {
    let (sample, reported) = (Sample::full(), 4);
    assert_eq!(json(&sample, Format::Gitlab).as_array().unwrap().len(), reported);
    assert_eq!(json(&sample, Format::Bandit)["results"].as_array().unwrap().len(), reported);
    assert_eq!(render(&sample, Format::Csv).lines().count(), reported + 1);
    assert_eq!(render(&sample, Format::Github).lines().count(), reported + 1, "and a notice");
    assert_eq!(render(&sample, Format::Junit).matches("<testcase").count(), reported + 1, "and a notice");
    let markdown = render(&sample, Format::Markdown);
    assert_eq!(markdown.lines().filter(|line| line.contains("| `")).count(), reported);
}

#[test]
fn twenty_thousand_findings_are_written_in_linear_time() {
    let sample = Sample::in_one_file(20_000);
    for format in Format::ALL {
        let start = Instant::now();
        let length = render(&sample, format).len();
        let took = start.elapsed();
        eprintln!("20,000 findings as {}: {length} bytes, {took:?}", format.name());
        assert!(took < Duration::from_secs(20), "{}: {took:?}", format.name());
    }
}

#[test]
fn github_gets_ten_annotations_of_a_level_and_is_told_of_the_rest() {
    let text = render(&Sample::many(12_000), Format::Github);
    let count = |level: &str| text.lines().filter(|line| line.starts_with(level)).count();
    assert_eq!((count("::error "), count("::warning "), count("::notice ")), (10, 0, 10));
    assert_eq!(text.lines().count(), 12_001);
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("::notice title=backend-audit::11981 more are in the log"), "{last}");
    let text = render(&Sample::many(10), Format::Github);
    assert_eq!((text.lines().count(), text.matches(" more are in the log").count()), (10, 0));
}

#[test]
fn properties_of_commands_are_escaped() {
    let text = render(&Sample::full(), Format::Github);
    let line = text.lines().find(|line| line.contains("title=eval")).unwrap();
    let (properties, data) = line.strip_prefix("::error ").unwrap().split_once("::").unwrap();
    assert!(properties.starts_with("file=shop/app/%3A%3Aerror%3A%3Aé b.py,line=2,"), "{properties}");
    assert!(data.ends_with("%0AHelp: use `json`, or verify a signature before loading"), "{data}");
}

#[test]
fn gitlab_gets_its_members_and_unique_fingerprints() {
    let severities = ["info", "minor", "major", "critical", "blocker"];
    let document = json(&Sample::full(), Format::Gitlab);
    let issues = document.as_array().unwrap();
    let prints: BTreeSet<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), issues.len());
    for issue in issues {
        assert!(severities.contains(&issue["severity"].as_str().unwrap()));
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
        assert!(!issue["location"]["path"].as_str().unwrap().starts_with("./"));
        assert!(issue["description"].is_string() && issue["check_name"].is_string());
    }
}

#[test]
fn junit_is_valid() {
    for sample in [Sample::full(), Sample::notebook(), Sample::empty(), Sample::many(500)] {
        xml::check(&render(&sample, Format::Junit));
    }
}

#[test]
fn the_summary_keeps_to_its_limit() {
    let text = render(&Sample::many(20_000), Format::Markdown);
    assert!(text.len() <= 1 << 20 && text.len() > (1 << 20) - 1000, "{}", text.len());
    let rows = text.lines().filter(|line| line.starts_with("|  |") || line.starts_with("| yes |")).count();
    let last = text.lines().last().unwrap().replace(',', "");
    assert_eq!(last, format!("{} more the mildest are left out: GitHub takes 1 MiB.", 20_000 - rows));
    assert!(text.find("`eval`") < text.find("`assert-used`"), "the worst come first");
}

#[test]
fn records_have_the_same_columns() {
    let text = render(&Sample::full(), Format::Csv);
    let widths: BTreeSet<usize> = text.split_terminator("\r\n").map(|record| fields(record).len()).collect();
    assert_eq!(widths, BTreeSet::from([15]));
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
}

/// The fields of a record by RFC 4180.
fn fields(record: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for character in record.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields.last_mut().unwrap().push(other),
        }
    }
    assert!(!quoted, "{record}");
    fields
}

/// As `bandit -f json` 1.9.4 writes them.
#[test]
fn bandit_gets_the_members_it_writes_itself() {
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    let document = json(&Sample::full(), Format::Bandit);
    assert_eq!(keys(&document), "errors generated_at metrics results");
    assert_eq!(document["generated_at"], "2023-11-14T22:13:20Z");
    assert_eq!(keys(&document["errors"][0]), "filename reason");
    let counts = "CONFIDENCE.HIGH CONFIDENCE.LOW CONFIDENCE.MEDIUM CONFIDENCE.UNDEFINED SEVERITY.HIGH \
                  SEVERITY.LOW SEVERITY.MEDIUM SEVERITY.UNDEFINED loc nosec skipped_tests";
    for metrics in document["metrics"].as_object().unwrap().values() {
        assert_eq!(keys(metrics), counts);
    }
    for result in document["results"].as_array().unwrap() {
        assert_eq!(
            keys(result),
            "code col_offset end_col_offset filename issue_confidence issue_cwe issue_severity issue_text \
             line_number line_range more_info test_id test_name"
        );
    }
    let flow = &document["results"][0];
    assert_eq!((&flow["test_id"], &flow["test_name"]), (&"B301".into(), &"pickle-load/flow".into()));
    assert_eq!((&flow["line_range"], &flow["col_offset"]), (&serde_json::json!([4]), &22.into()));
    assert_eq!(flow["issue_cwe"]["id"], 502);
    assert_eq!(document["metrics"]["_totals"]["nosec"], 1);
}
