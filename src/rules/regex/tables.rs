//! Patterns that are written down and compiled elsewhere: the rules of a tokenizer, constants of a class.

use rustc_hash::FxHashSet;

use super::machine::Use;
use super::pattern::pattern;
use super::syntax::Flags;
use super::verdict::{EXPONENTIAL, slowness};
use crate::facts::{Anchor, BindingId, Span, Statement, StatementId, Value, ValueId};
use crate::finding::Confidence;
use crate::rule::{Hit, Site};

/// What only patterns have.
const SIGNS: [&str; 9] = ["(?:", "(?P<", "(?=", "(?!", "(?<", "\\s", "\\w", "\\d", "[^"];

/// Texts that read like patterns and take exponential time, unless they are given to `calls` here, which are judged by
/// themselves. Silent in tests, and in functions.
pub(super) fn unused_patterns(site: Site<'_>, calls: &[&str]) -> Vec<Hit> {
    if site.is_test() {
        return Vec::new();
    }
    let texts = loose_texts(site);
    if texts.is_empty() {
        return Vec::new();
    }
    let (spans, names) = given_to(site, calls);
    let mut hits = Vec::new();
    for (value, binding) in texts {
        let span = site.module.span(value);
        if spans.iter().any(|known| known.covers(span)) || binding.is_some_and(|name| names.contains(&name)) {
            continue;
        }
        let Some(pattern) = pattern(site, value) else { continue };
        let flags = Flags { ascii: pattern.is_bytes, ..Flags::default() };
        if let Some(slow) = slowness(&pattern.text, flags, Use::Search, EXPONENTIAL) {
            let said = format!("as a pattern this takes exponential time on `{}`", slow.text);
            hits.push(Hit::at(span).says(said).anchor(Anchor::Value(value)).confidence(Confidence::Medium));
        }
    }
    hits
}

/// What modules and classes write down that reads like a pattern: the value of a name, or an element of a table.
fn loose_texts(site: Site<'_>) -> Vec<(ValueId, Option<BindingId>)> {
    let mut found = Vec::new();
    for id in site.module.statements() {
        let (Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value))) =
            site.module.statement(id)
        else {
            continue;
        };
        if !is_outside_functions(site, id) {
            continue;
        }
        let binding = match site.value(target) {
            Value::Name(_, binding) => binding,
            _ => None,
        };
        match site.value(value) {
            Value::Str(_) | Value::Binary(..) | Value::Format(_) if reads_like_pattern(site, value) => {
                found.push((value, binding));
            }
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) | Value::Set(_) => {
                let inner = site.module.values_within(value);
                let texts = inner.filter(|id| matches!(site.value(*id), Value::Str(_)));
                found.extend(texts.filter(|id| reads_like_pattern(site, *id)).map(|id| (id, None)));
            }
            _ => {}
        }
    }
    found
}

fn is_outside_functions(site: Site<'_>, id: StatementId) -> bool {
    site.module.function_at(site.module.statement_span(id).start).is_none()
}

/// Whether a text, or the constant parts of one that is put together, has what patterns have, and a loop.
fn reads_like_pattern(site: Site<'_>, value: ValueId) -> bool {
    let mut has_sign = false;
    let mut loops = 0;
    for inner in site.module.values_within(value) {
        if let Value::Str(name) = site.value(inner) {
            let text = site.module.text(name);
            has_sign |= SIGNS.iter().any(|sign| text.contains(sign));
            loops += text.bytes().filter(|byte| matches!(byte, b'*' | b'+' | b'{')).count();
        }
    }
    has_sign && loops > 0
}

/// The spans of calls, and the names of the file that they are given.
fn given_to(site: Site<'_>, calls: &[&str]) -> (Vec<Span>, FxHashSet<BindingId>) {
    let mut spans = Vec::new();
    let mut names = FxHashSet::default();
    for id in site.module.calls() {
        let Value::Call(callee, _) = site.value(id) else { continue };
        if !site.is_any(callee, calls) {
            continue;
        }
        spans.push(site.module.span(id));
        for inner in site.module.values_within(id) {
            if let Value::Name(_, Some(binding)) = site.value(inner) {
                names.insert(binding);
            } else if let Value::Attribute(..) = site.value(inner)
                && let Some((owner, value)) = site.bound(inner)
                && owner.file == site.file
            {
                spans.push(site.module.span(value));
            }
        }
    }
    (spans, names)
}
