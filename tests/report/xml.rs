//! As much of XML and of the two `JUnit` schemas as a report can break: Ant's (Windy Road, `JUnit.xsd`) and that of
//! Jenkins' xUnit plug-in (`junit-10.xsd`).

use std::collections::{BTreeMap, BTreeSet};

/// An element: its required attributes, and its content as children in order, each with whether it is required and
/// may repeat.
type Content = (&'static str, &'static [&'static str], &'static [(&'static str, bool, bool)]);

const SCHEMA: [Content; 9] = [
    ("testsuites", &[], &[("testsuite", false, true)]),
    (
        "testsuite",
        &["name", "package", "id", "hostname", "timestamp", "tests", "failures", "errors", "time"],
        &[
            ("properties", true, false),
            ("testcase", false, true),
            ("system-out", true, false),
            ("system-err", true, false),
        ],
    ),
    ("properties", &[], &[("property", true, true)]),
    ("property", &["name", "value"], &[]),
    // One of these two.
    ("testcase", &["classname", "name", "time"], &[("error", false, false), ("failure", false, false)]),
    ("error", &["message", "type"], &[]),
    ("failure", &["message", "type"], &[]),
    ("system-out", &[], &[]),
    ("system-err", &[], &[]),
];

#[derive(Debug)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    children: Vec<Element>,
}

/// Fails where a report is not valid, or counts wrongly.
pub fn check(text: &str) {
    let body = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    assert!(
        !body
            .chars()
            .any(|c| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}'))
    );
    let root = parse(body);
    validate(&root);
    for (index, suite) in root.children.iter().enumerate() {
        assert_eq!(suite.attributes["id"], index.to_string());
        let cases: Vec<_> = suite.children.iter().filter(|child| child.name == "testcase").collect();
        let with =
            |name: &str| cases.iter().filter(|case| case.children.iter().any(|c| c.name == name)).count();
        let counts = [cases.len(), with("failure"), with("error")].map(|count| count.to_string());
        assert_eq!(["tests", "failures", "errors"].map(|name| suite.attributes[name].clone()), counts);
        let names: BTreeSet<_> = cases.iter().map(|case| &case.attributes["name"]).collect();
        assert_eq!(names.len(), cases.len(), "a name is there twice");
    }
}

fn validate(element: &Element) {
    let known = SCHEMA.iter().find(|(name, ..)| *name == element.name);
    let (name, attributes, content) = known.unwrap_or_else(|| panic!("<{}>", element.name));
    let wanted: BTreeSet<&str> = attributes.iter().copied().collect();
    assert_eq!(element.attributes.keys().map(String::as_str).collect::<BTreeSet<_>>(), wanted, "<{name}>");
    for (name, value) in &element.attributes {
        match name.as_str() {
            "id" | "tests" | "failures" | "errors" => assert!(value.parse::<u32>().is_ok(), "{name}={value}"),
            "timestamp" => assert!(value.len() == 19 && &value[10..11] == "T", "{value}"),
            "time" => assert_eq!(value, "0"),
            "name" | "hostname" => assert!(!value.trim().is_empty()),
            _ => {}
        }
    }
    let mut children = element.children.iter().peekable();
    for (child, required, repeats) in *content {
        let mut count = 0;
        while children.next_if(|next| next.name == *child).is_some() {
            count += 1;
        }
        assert!((count > 0 || !required) && (count < 2 || *repeats), "{count} <{child}> in <{name}>");
    }
    assert!(children.next().is_none(), "<{name}> holds what it may not");
    assert!(element.name != "testcase" || element.children.len() < 2);
    element.children.iter().for_each(validate);
}

fn parse(text: &str) -> Element {
    let mut open = vec![Element { name: String::new(), attributes: BTreeMap::new(), children: Vec::new() }];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        assert!(!before.contains("]]>"));
        references(before);
        let (tag, behind) = after.split_once('>').unwrap();
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            let closed = open.pop().unwrap();
            assert_eq!(closed.name, name);
            open.last_mut().unwrap().children.push(closed);
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let element = Element { name: name.to_owned(), attributes: pairs(attributes), children: Vec::new() };
        if empty {
            open.last_mut().unwrap().children.push(element);
        } else {
            open.push(element);
        }
    }
    assert!(rest.trim().is_empty() && open.len() == 1);
    open.remove(0).children.remove(0)
}

fn pairs(mut text: &str) -> BTreeMap<String, String> {
    let mut pairs = BTreeMap::new();
    while let Some((name, behind)) = text.split_once("=\"") {
        let (value, rest) = behind.split_once('"').unwrap();
        assert!(!value.contains(['<', '\n']));
        references(value);
        assert!(pairs.insert(name.trim().to_owned(), value.to_owned()).is_none(), "{name} twice");
        text = rest;
    }
    assert!(text.trim().is_empty(), "{text}");
    pairs
}

/// Every `&` begins a reference.
fn references(text: &str) {
    for reference in text.split('&').skip(1) {
        assert!(
            ["amp;", "lt;", "gt;", "quot;"].iter().any(|known| reference.starts_with(known)),
            "&{reference}"
        );
    }
}
