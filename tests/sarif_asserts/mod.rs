//! What must hold of a SARIF log and no validator catches. Call [`check`] with any log the tool wrote.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeSet;

use serde_json::Value;

/// Panics with the fault and its place.
pub fn check(log: &Value) {
    let runs = array(log, "runs");
    assert!(!runs.is_empty() && runs.len() <= 20, "runs: {}", runs.len());
    let categories: BTreeSet<_> = runs.iter().map(|run| run["automationDetails"]["id"].to_string()).collect();
    assert_eq!(categories.len(), runs.len(), "two runs of one category");
    for run in runs {
        check_run(run);
    }
}

fn check_run(run: &Value) {
    let results = array(run, "results");
    assert!(run["results"].is_array(), "a run without results is an empty list, not none");
    assert!(results.len() <= 25_000, "{} results", results.len());
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    for base in run["originalUriBaseIds"].as_object().into_iter().flatten() {
        assert!(base.1["uri"].is_null(), "an absolute path in {base:?}");
    }
    if let Some(id) = run["automationDetails"]["id"].as_str() {
        assert!(id.ends_with('/'), "category {id:?}");
    }
    let rules = array(&run["tool"]["driver"], "rules");
    check_rules(rules);
    check_invocations(run);
    for name in ["suppressions", "baselineState"] {
        let with = results.iter().filter(|result| !result[name].is_null()).count();
        assert!(with == 0 || with == results.len(), "{name} on {with} of {} results", results.len());
    }
    for result in results {
        check_result(result, rules);
    }
}

fn check_rules(rules: &[Value]) {
    let ids: BTreeSet<_> = rules.iter().map(|rule| text(rule, "id")).collect();
    assert_eq!(ids.len(), rules.len(), "a rule id twice");
    for rule in rules {
        let id = text(rule, "id");
        assert!(!text(rule, "name").eq_ignore_ascii_case(id), "the name of {id} is its id");
        assert!(text(rule, "name").chars().count() <= 255, "name of {id}");
        for (member, limit) in [("shortDescription", 1024), ("fullDescription", 1024), ("help", usize::MAX)] {
            let length = text(&rule[member], "text").chars().count();
            assert!(length > 0 && length <= limit, "{member} of {id}: {length}");
        }
        let properties = &rule["properties"];
        assert!(array(properties, "tags").len() <= 10, "tags of {id}");
        assert!(["high", "medium", "low"].contains(&text(properties, "precision")), "precision of {id}");
        let level = text(&rule["defaultConfiguration"], "level");
        assert!(["error", "warning", "note"].contains(&level), "level of {id}: {level}");
        let score = &properties["security-severity"];
        if !score.is_null() {
            let number: f64 = score.as_str().expect("security-severity is a string").parse().unwrap();
            assert!(number > 0.0 && number <= 10.0, "security-severity of {id}: {number}");
        }
    }
}

fn check_invocations(run: &Value) {
    let known: BTreeSet<_> = array(&run["tool"]["driver"], "notifications")
        .iter()
        .map(|descriptor| text(descriptor, "id"))
        .collect();
    for invocation in array(run, "invocations") {
        assert_eq!(invocation["executionSuccessful"], true);
        for name in ["startTimeUtc", "endTimeUtc", "machine", "account", "commandLine", "workingDirectory"] {
            assert!(invocation[name].is_null(), "{name} makes a log irreproducible");
        }
        for notification in array(invocation, "toolExecutionNotifications") {
            assert!(known.contains(text(&notification["descriptor"], "id")), "{notification}");
            assert!(!text(&notification["message"], "text").is_empty());
            array(notification, "locations").iter().for_each(check_location);
        }
    }
}

fn check_result(result: &Value, rules: &[Value]) {
    let id = text(result, "ruleId");
    let index = result["ruleIndex"].as_u64().expect("ruleIndex") as usize;
    assert_eq!(text(&rules[index], "id"), id, "ruleIndex {index}");
    let level = text(result, "level");
    assert!(["error", "warning", "note"].contains(&level), "level {level}");
    assert!(matches!(result["kind"].as_str(), None | Some("fail")), "kind {}", result["kind"]);
    assert!(result["properties"]["security-severity"].is_null(), "security-severity belongs on the rule");

    let locations = array(result, "locations");
    assert_eq!(locations.len(), 1, "only the first location counts");
    let related = array(result, "relatedLocations");
    assert!(related.len() <= 100, "{} related locations", related.len());
    locations.iter().chain(related).for_each(check_location);
    check_links(text(&result["message"], "text"), related);
    for flow in array(result, "codeFlows") {
        for thread in array(flow, "threadFlows") {
            let steps = array(thread, "locations");
            assert!(!steps.is_empty() && steps.len() <= 1000, "{} steps", steps.len());
            for step in steps {
                assert!(step["index"].is_null(), "steps are inline");
                check_location(&step["location"]);
            }
        }
    }
    for (key, value) in result["partialFingerprints"].as_object().expect("partialFingerprints") {
        assert!(!value.as_str().unwrap().is_empty(), "empty fingerprint {key}");
    }
}

/// Every `[text](1)` of a message leads to a related location.
fn check_links(message: &str, related: &[Value]) {
    assert!(!message.is_empty());
    for (at, _) in message.match_indices("](") {
        let target = message[at + 2..].split(')').next().unwrap();
        let known = related.iter().any(|location| location["id"].as_u64() == target.parse().ok());
        assert!(known, "a link to {target:?} in {message:?}");
    }
}

fn check_location(location: &Value) {
    let place = &location["physicalLocation"];
    let uri = text(&place["artifactLocation"], "uri");
    if !uri.starts_with("file:///") {
        assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%", "{uri}");
        assert!(!uri.is_empty() && !uri.starts_with('/') && !uri.starts_with("./"), "{uri}");
        assert!(!uri.split('/').any(|part| part == ".." || part.is_empty()), "{uri}");
    }
    let safe = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>^`{|}#?[]".contains(&byte);
    assert!(uri.bytes().all(safe), "not percent-encoded: {uri}");
    let region = &place["region"];
    if region.is_null() {
        return;
    }
    let number = |name: &str| region[name].as_u64().unwrap_or(1);
    assert!(region["startLine"].as_u64().is_some_and(|line| line > 0), "{region}");
    let (start, end) =
        ((number("startLine"), number("startColumn")), (number("endLine"), number("endColumn")));
    assert!(region["endLine"].is_null() || (start <= end && start.1 > 0), "{region}");
    let context = &place["contextRegion"];
    if !context.is_null() {
        assert!(context["startLine"].as_u64() <= Some(start.0) && context["endLine"].as_u64() >= Some(end.0));
    }
}

fn array<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}
