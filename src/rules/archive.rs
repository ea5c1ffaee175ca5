//! Archives that are unpacked without a look at what they hold.

use crate::facts::Value;
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[Rule {
    name: "archive-extract",
    aliases: &["B202", "S202"],
    preset: Preset::Gate,
    severity: Severity::Medium,
    flow: Some(Severity::High),
    confidence: Confidence::Medium,
    cwe: &[22],
    message: "`{call}` unpacks members wherever their names lead",
    why: "A member called `../../etc/cron.d/x`, or a link that leads out of the folder, is written there by Python \
          before 3.14.",
    help: "pass `filter=\"data\"`",
    on: On::Sink(Kind::Archive, &["tarfile", "shutil"], unfiltered),
}];

/// Silent with a filter that checks names, in tests, and where `unpack_archive` is told a format that is no tar.
/// Less sure where the members are chosen, which may be a check.
fn unfiltered(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() || call.has_spread() {
        return None;
    }
    if call.path == "shutil.unpack_archive"
        && let Some(format) = call.argument(2, "format").and_then(|value| call.site.constant(value))
        && format.as_str() == Some("zip")
    {
        return None;
    }
    let filter = call.keyword("filter").or_else(|| match call.name() {
        "unpack_archive" => call.positional(3),
        _ => None,
    });
    if let Some(filter) = filter {
        let constant = call.site.constant(filter);
        let trusted = constant.as_ref().and_then(|value| value.as_str()) == Some("fully_trusted")
            || call.site.is_any(filter, &["tarfile.fully_trusted_filter"]);
        return trusted.then(Hit::here);
    }
    let chosen = call.name() == "extractall"
        && call
            .argument(1, "members")
            .is_some_and(|members| !matches!(call.site.value(members), Value::None));
    Some(if chosen { Hit::here().confidence(Confidence::Low) } else { Hit::here() })
}
