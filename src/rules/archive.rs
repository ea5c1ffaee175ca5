//! Archives that are unpacked without a look at what they hold.

mod members;

use self::members::member_path;
use crate::facts::{CompareOperator, Module, Statement, Value, ValueId, hash_text};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Preset, Rule, has_word};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "archive-extract",
        aliases: &["B202", "S202"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[22],
        message: "`{call}` unpacks members wherever their names lead",
        why: "A member called `../../etc/cron.d/x`, or a link that leads out of the folder, is written there by Python \
          before 3.14.",
        help: "pass `filter=\"data\"`",
        on: On::Any(&[
            On::Sink(Kind::Archive, &["tarfile", "shutil"], unfiltered),
            On::Call(&["?.extractall"], unknown_archive),
        ]),
    },
    Rule {
        name: "archive-member-path",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[22],
        message: "`{call}` writes a member of an archive to wherever its name leads",
        why: "Whoever made the archive calls a member `../../.ssh/authorized_keys`, and has it written there.",
        help: "use `extractall` of `zipfile`, or of `tarfile` with `filter=\"data\"`, or check each path with \
           `is_relative_to`",
        on: On::Call(
            &["builtins.open", "io.open", "codecs.open", "?.open", "?.write_bytes", "?.write_text"],
            member_path,
        ),
    },
];

/// Modules whose archives also have an `extractall`.
const OTHER_ARCHIVES: [&str; 5] = ["zipfile", "zipfile36", "pyzipper", "rarfile", "py7zr"];

/// `extractall` of what nothing is known of: silent unless the file has `tarfile` for archives and nothing else.
fn unknown_archive(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let receiver = call.receiver()?;
    let other = OTHER_ARCHIVES.iter().any(|module| site.imports(module));
    if other || !site.imports("tarfile") || site.type_of(receiver).is_some() {
        return None;
    }
    // `series.str.extractall(pattern)` of pandas.
    let is_method =
        matches!(site.value(receiver), Value::Attribute(..)) && site.last_segment(receiver) == Some("str");
    (!is_method).then(|| unfiltered(call)).flatten()
}

/// Silent with a filter that checks names, in tests, and where the archive is no tar. Less sure where the members are
/// chosen or named, where the function looks at names, and where it is the way for an old Python only.
fn unfiltered(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() || is_zip(call) || has_own_filter(call.site.module) {
        return None;
    }
    let at_position = if call.name() == "unpack_archive" { call.positional(3) } else { None };
    let filter = call.keyword_or_spread("filter").or(at_position);
    if let Some(filter) = filter.filter(|filter| !matches!(call.site.value(*filter), Value::None)) {
        return is_trusting(call, filter).then(Hit::here);
    }
    if filter.is_none() && call.has_spread() {
        return None;
    }
    let less_sure = chooses_members(call) || is_for_old_python(call) || checks_names(call);
    Some(if less_sure { Hit::here().confidence(Confidence::Low) } else { Hit::here() })
}

/// Whether a filter lets everything through.
fn is_trusting(call: &Call<'_>, filter: ValueId) -> bool {
    let constant = call.site.constant(filter);
    constant.as_ref().and_then(|value| value.as_str()) == Some("fully_trusted")
        || call.site.is_any(filter, &["tarfile.fully_trusted_filter"])
}

/// `unpack_archive` of a zip, by the format or the end of the name: `zipfile` strips what leads out.
fn is_zip(call: &Call<'_>) -> bool {
    if call.name() != "unpack_archive" {
        return false;
    }
    match call.argument(2, "format") {
        Some(format) => call.site.constant(format).is_some_and(|format| format.as_str() == Some("zip")),
        None => call
            .subject()
            .is_some_and(|name| call.site.text(name).skeleton().to_lowercase().ends_with(".zip")),
    }
}

/// Whether the file sets the filter of an archive, or of all of them: `archive.extraction_filter = …`.
fn has_own_filter(module: &Module) -> bool {
    module.names().contains_hash(hash_text("extraction_filter"))
        && module.statements().any(|id| match module.statement(id) {
            Statement::Assign(target, _) => {
                matches!(module.value(target), Value::Attribute(_, name) if module.text(name) == "extraction_filter")
            }
            _ => false,
        })
}

/// Whether members are picked, which may be a check, or one is taken by its constant name.
fn chooses_members(call: &Call<'_>) -> bool {
    let chosen = |position, name| call.argument(position, name);
    match call.name() {
        "extractall" => {
            chosen(1, "members").is_some_and(|members| !matches!(call.site.value(members), Value::None))
        }
        "extract" => chosen(0, "member").is_some_and(|member| call.site.constant(member).is_some()),
        _ => false,
    }
}

/// Whether the same function unpacks with a filter too: this is the way for a Python that has none.
fn is_for_old_python(call: &Call<'_>) -> bool {
    call.calls_near().any(|(callee, arguments)| {
        let site = call.site;
        site.last_segment(callee) == Some(call.name())
            && arguments
                .keywords()
                .any(|(name, value)| site.module.text(name) == "filter" && !is_trusting(call, value))
    })
}

/// Whether the function has looked where names lead: by functions about paths, a comparison with `".."`, or a function
/// that says so. Such checks are often wrong (`commonprefix`, links), but there is one.
fn checks_names(call: &Call<'_>) -> bool {
    const ABOUT: [&str; 7] = ["safe", "unsafe", "within", "traversal", "inside", "escape", "security"];
    let before = |callee: ValueId| call.site.module.span(callee).start < call.span().start;
    let by_call = call.calls_near().filter(|(callee, _)| before(*callee)).any(|(callee, _)| {
        let Some(name) = call.site.last_segment(callee) else { return false };
        let known = ["commonpath", "commonprefix", "is_relative_to", "relative_to", "isabs", "is_absolute"];
        known.contains(&name) || has_word(name, &ABOUT)
    });
    by_call || compares_dots(call)
}

fn compares_dots(call: &Call<'_>) -> bool {
    let site = call.site;
    call.values_near().any(|id| match site.value(id) {
        Value::Compare(comparison) => comparison.single().is_some_and(|(left, operator, _)| {
            matches!(operator, CompareOperator::In | CompareOperator::NotIn)
                && site
                    .constant(left)
                    .is_some_and(|text| text.as_str().is_some_and(|text| text.contains("..")))
        }),
        _ => false,
    })
}
