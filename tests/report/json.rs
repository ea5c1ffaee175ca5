use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use backend_audit::report::{Verdict, json};
use serde_json::Value;

use crate::sample::Sample;

fn render(sample: &Sample) -> (String, Value) {
    let mut out = Vec::new();
    json::write(&sample.report(), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let document = serde_json::from_str(&text).unwrap();
    (text, document)
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../docs/report.schema.json")).unwrap()
}

/// As much of JSON Schema as the schema uses; anything else in it is refused. Records the members seen.
struct Validator<'a> {
    schema: &'a Value,
    seen: BTreeSet<(String, String)>,
}

impl Validator<'_> {
    fn check(&mut self, schema: &Value, value: &Value, at: &str) {
        for (keyword, wanted) in schema.as_object().unwrap() {
            match keyword.as_str() {
                "$schema"
                | "$id"
                | "title"
                | "description"
                | "$defs"
                | "additionalProperties"
                | "pattern" => {}
                "$ref" => {
                    let name = wanted.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
                    self.check(&self.schema["$defs"][name], value, name);
                }
                "type" => {
                    let wanted = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
                    assert!(wanted.iter().any(|name| is(value, name.as_str().unwrap())), "{at}: {value}");
                }
                "const" => assert_eq!(value, wanted, "{at}"),
                "enum" => assert!(wanted.as_array().unwrap().contains(value), "{at}: {value}"),
                "minimum" => assert!(value.is_null() || value.as_f64() >= wanted.as_f64(), "{at}: {value}"),
                "items" => value.as_array().unwrap().iter().for_each(|item| self.check(wanted, item, at)),
                "required" => wanted.as_array().unwrap().iter().for_each(|name| {
                    assert!(
                        value.is_null()
                            || !value[name.as_str().unwrap()].is_null()
                            || value.as_object().unwrap().contains_key(name.as_str().unwrap()),
                        "{at}: no {name}"
                    );
                }),
                "properties" => self.check_members(schema, value, at),
                other => panic!("the validator of this test does not know `{other}`"),
            }
        }
    }

    fn check_members(&mut self, schema: &Value, value: &Value, at: &str) {
        assert_eq!(schema["additionalProperties"], false, "{at} is open");
        for (name, member) in value.as_object().into_iter().flatten() {
            let known =
                schema["properties"].get(name).unwrap_or_else(|| panic!("{at}.{name} is not in the schema"));
            self.seen.insert((at.to_owned(), name.clone()));
            self.check(known, member, &format!("{at}.{name}"));
        }
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    }
}

/// Every member in the schema, with its place.
fn members(schema: &Value, at: &str, all: &mut BTreeSet<(String, String)>) {
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        all.insert((at.to_owned(), name.clone()));
        members(member, &format!("{at}.{name}"), all);
    }
    if !schema["items"].is_null() {
        members(&schema["items"], at, all);
    }
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        members(definition, name, all);
    }
}

#[test]
fn the_schema_describes_the_report() {
    let schema = schema();
    let mut validator = Validator { schema: &schema, seen: BTreeSet::new() };
    let mut samples = vec![Sample::full(), Sample::notebook(), Sample::empty()];
    samples
        .extend([Verdict::Incomplete, Verdict::Passed].map(|verdict| Sample { verdict, ..Sample::full() }));
    for sample in samples {
        let (text, document) = render(&sample);
        if let Some(folder) = std::env::var_os("SARIF_SAMPLES") {
            std::fs::write(std::path::Path::new(&folder).join("report.json"), text).unwrap();
        }
        validator.check(&schema, &document, "report");
    }
    let mut all = BTreeSet::new();
    members(&schema, "report", &mut all);
    assert_eq!(validator.seen, all, "members of the schema that no report has");
}

#[test]
fn findings_say_everything() {
    let (_, document) = render(&Sample::full());
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 6, "suppressed and known findings are listed too");
    let flow = &findings[0];
    assert_eq!(flow["rule"], "pickle-load/flow");
    assert_eq!(flow["aliases"], serde_json::json!(["B301", "S301"]));
    assert_eq!(flow["start"], serde_json::json!({"line": 4, "column": 23}));
    assert_eq!(flow["flow"][0]["path"], "app/shop.py");
    assert_eq!(findings[3]["suppressed"]["reason"], "only a test");
    assert_eq!(findings[2]["message"], "`eval\n::error::x\x1b[31m` runs ##[error] its argument");
    assert!(findings[4].get("snippet").is_none());
    let summary = &document["summary"];
    assert_eq!(summary["findings"], 4);
    assert_eq!(summary["by_severity"]["critical"], 1);
    assert_eq!((&summary["verdict"], &summary["failing"]), (&"failed".into(), &3.into()));
}

#[test]
fn the_same_input_gives_the_same_bytes_and_no_commands() {
    let (first, _) = render(&Sample::full());
    let mut later = Sample::full();
    later.stats.elapsed = Duration::from_secs(9);
    assert_eq!(first, render(&later).0);
    assert!(!first.contains("##[") && !first.contains(['\x1b', '\u{202e}']) && !first.contains("/work"));
}

#[test]
fn many_findings_are_fast() {
    let sample = Sample::many(25_001);
    let start = Instant::now();
    let (_, document) = render(&sample);
    eprintln!("25,001 findings as JSON, read again: {:?}", start.elapsed());
    assert_eq!(document["findings"].as_array().unwrap().len(), 25_001);
}
