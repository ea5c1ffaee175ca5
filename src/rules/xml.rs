//! XML parsers that expand what the document tells them to.

use crate::facts::Value;
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "xml-external-entities",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[611],
        message: "`{call}` makes the parser read files and addresses that the document names",
        why: "An external entity puts the content of a local file, or of a server that only this machine reaches, into \
              the document.",
        help: "leave external entities, DTD loading and network access off",
        on: On::Call(
            &["lxml.etree.XMLParser", "lxml.etree.ETCompatXMLParser", "lxml.etree.iterparse", "?.setFeature"],
            external_entities,
        ),
    },
    Rule {
        name: "xml-parser",
        aliases: &[
            "B313", "B314", "B315", "B316", "B317", "B318", "B319", "S313", "S314", "S315", "S316", "S317",
            "S318", "S319",
        ],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: Some(Severity::Medium),
        confidence: Confidence::Medium,
        cwe: &[776, 20],
        message: "`{call}` expands entities without a limit",
        why: "A document of a kilobyte can expand to gigabytes where the installed expat is older than 2.4.1.",
        help: "parse documents of strangers with `defusedxml`",
        on: On::Sink(Kind::Xml, &["xml"], strange_document),
    },
];

/// Only where the switch is on by a constant: lxml has them off, or harmless, by default.
fn external_entities(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() {
        return None;
    }
    let is = |name: &str, wanted: bool| {
        call.keyword_constant(name).is_some_and(|value| value.is_true() == wanted && value.as_int().is_some())
    };
    if call.name() == "setFeature" {
        let feature = call.positional(0)?;
        let external = call.site.is_any(
            feature,
            &["xml.sax.handler.feature_external_ges", "xml.sax.handler.feature_external_pes"],
        ) || call
            .site
            .constant(feature)
            .is_some_and(|name| name.as_str().is_some_and(|name| name.contains("/features/external-")));
        let on = call
            .positional(1)
            .and_then(|value| call.site.constant(value))
            .is_some_and(|value| value.is_true());
        return (external && on).then(|| Hit::here().confidence(Confidence::High));
    }
    let network = is("no_network", false);
    (is("resolve_entities", true) || network)
        .then(|| if network { Hit::here().confidence(Confidence::High) } else { Hit::here() })
}

/// Silent in tests and on constant text.
fn strange_document(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() {
        return None;
    }
    let constant = call.subject().is_some_and(|document| {
        !matches!(call.site.value(document), Value::Unknown)
            && matches!(call.name(), "fromstring" | "parseString" | "XML")
            && call.site.text(document).is_constant()
    });
    (!constant).then(Hit::here)
}
