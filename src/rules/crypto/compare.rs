//! Comparisons of secrets that stop at the first difference.

use super::names::{ABOUT_SECRETS, OUTSIDE, SECRET_PAIRS, SECRET_WORDS, VERIFYING};
use crate::facts::{BinaryOperator, CompareOperator, DefinitionKind, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::rule::{Fact, FactNode, Hit, Site, Words, words};

/// What a name says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Nothing,
    /// A token, which may be one of a text.
    Token,
    Secret,
    /// A signature or the digest of an HMAC.
    Signature,
}

/// Silent in tests; on literals, numbers, lengths and types; where a password is compared with its repetition; where the
/// same function compares in constant time too; and where nothing shows that the other side comes from outside.
pub(super) fn unsafe_compare(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Value(id, Value::Compare(comparison)) = fact.node else { return None };
    let (left, operator, right) = comparison.single()?;
    let site = fact.site;
    let is_member = matches!(operator, CompareOperator::In | CompareOperator::NotIn);
    if !is_member && !matches!(operator, CompareOperator::Equal | CompareOperator::NotEqual) {
        return None;
    }
    let sides = [left, right];
    let says = said(site, left).max(said(site, right));
    if says == Said::Nothing || sides.iter().any(|side| is_harmless(site, *side)) || site.is_test() {
        return None;
    }
    if is_member && (said(site, left) == Said::Nothing || !is_row_of_secrets(site, left, right)) {
        return None;
    }
    let around = site.words_around(site.module.span(id).start);
    let outside = sides.iter().any(|side| site.words_in(site.module.span(*side)).has_any(OUTSIDE));
    let verifies = around.has_any(VERIFYING);
    let confidence = match says {
        Said::Signature if outside || signs(site, sides) => Confidence::Medium,
        Said::Signature if verifies => Confidence::Low,
        Said::Secret if outside || verifies => Confidence::Medium,
        Said::Token if outside && (verifies || is_header(site, sides)) => Confidence::Low,
        _ => return None,
    };
    if repeats(site, sides) || compares_safely(site, id) {
        return None;
    }
    let severity = if says == Said::Signature || outside { Severity::Medium } else { Severity::Low };
    Some(Hit::here().confidence(confidence).severity(severity))
}

/// What the name of a value, or of what it was taken from, says.
fn said(site: Site<'_>, value: ValueId) -> Said {
    if is_signature(site, value, 4) {
        return Said::Signature;
    }
    let items: Vec<ValueId> = match site.value(value) {
        Value::Tuple(items) => items.iter().collect(),
        _ => vec![value],
    };
    items.into_iter().filter_map(|item| named(site, item)).map(of_name).max().unwrap_or(Said::Nothing)
}

fn of_name(name: &str) -> Said {
    let parts = words(name);
    let has = |word: &str| parts.iter().any(|part| part == word);
    if parts.iter().any(|part| ABOUT_SECRETS.contains(&part.as_str())) {
        return Said::Nothing;
    }
    let pair = SECRET_PAIRS.iter().any(|(first, second)| has(first) && has(second));
    if has("hmac") || has("signature") {
        Said::Signature
    } else if pair || SECRET_WORDS.iter().any(|word| has(word)) {
        Said::Secret
    } else if has("token") {
        Said::Token
    } else {
        Said::Nothing
    }
}

/// The name of a value: of a variable or field, of the key that it is looked up by, of what is called.
fn named<'p>(site: Site<'p>, value: ValueId) -> Option<&'p str> {
    match site.value(value) {
        Value::Name(..) | Value::Attribute(..) => site.last_segment(value),
        Value::Item(_, key) => text_of(site, key),
        Value::Await(inner) | Value::Assigned(_, inner) => named(site, inner),
        Value::Call(callee, arguments) => {
            let first = arguments.positional().get(0);
            match (site.value(callee), site.last_segment(callee)) {
                (Value::Attribute(object, _), Some("encode" | "decode" | "strip" | "lower" | "upper")) => {
                    named(site, object)
                }
                (_, Some("get" | "getenv" | "get_argument" | "get_header" | "pop")) => {
                    first.and_then(|key| text_of(site, key))
                }
                (Value::Name(..), Some("str" | "bytes" | "force_bytes" | "force_str")) => {
                    first.and_then(|value| named(site, value))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn text_of<'p>(site: Site<'p>, key: ValueId) -> Option<&'p str> {
    match site.value(key) {
        Value::Str(name) => Some(site.module.text(name)),
        _ => None,
    }
}

/// Whether a value is what `hmac` makes of a text, as it is called here or where its variable is bound.
fn is_signature(site: Site<'_>, value: ValueId, depth: u32) -> bool {
    const MAKERS: &[&str] = &["hmac.new", "hmac.digest", "hmac.HMAC"];
    let Some(depth) = depth.checked_sub(1) else { return false };
    match site.value(value) {
        Value::Call(callee, arguments) => {
            site.is_any(callee, MAKERS)
                || match (site.value(callee), site.last_segment(callee)) {
                    (Value::Attribute(object, _), Some("hexdigest" | "digest" | "decode" | "encode")) => {
                        is_signature(site, object, depth)
                    }
                    (_, Some("b64encode" | "urlsafe_b64encode" | "hexlify")) => {
                        arguments.positional().get(0).is_some_and(|inner| is_signature(site, inner, depth))
                    }
                    _ => false,
                }
        }
        Value::Binary(BinaryOperator::Add, _, right) => is_signature(site, right, depth),
        Value::Format(items) => items.iter().any(|item| is_signature(site, item, depth)),
        Value::Name(_, Some(binding)) => {
            let definitions = site.module.definitions(binding);
            let mut assigned =
                definitions.iter().filter(|definition| definition.kind == DefinitionKind::Assigned);
            assigned.any(|definition| is_signature(site, ValueId(definition.id), depth))
        }
        _ => false,
    }
}

/// Literals, numbers, and what no secret is.
fn is_harmless(site: Site<'_>, value: ValueId) -> bool {
    let is_literal = matches!(
        site.value(value),
        Value::None
            | Value::Str(_)
            | Value::Bytes(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::OtherNumber
            | Value::Bool(_)
            | Value::Ellipsis
            | Value::List(_)
            | Value::Set(_)
            | Value::Dict(_)
    );
    // A digest counts as a number elsewhere, having no text of its own.
    // A digest counts as a number elsewhere, having no text of its own.
    let is_number = || {
        let known = site.project.is_number(site.file, value) || site.project.is_enum_member(site.file, value);
        known && !is_signature(site, value, 4)
    };
    let is_constant = || site.constant(value).is_some_and(|known| known.as_str().is_none_or(str::is_empty));
    // `Token.NAME`, `INVALID_PASSWORD`: one of a list of kinds.
    let is_kind = || {
        let Some(name) = site.last_segment(value) else { return false };
        let of_settings = match site.value(value) {
            Value::Attribute(object, _) => site.last_segment(object).is_some_and(|object| {
                matches!(object.to_lowercase().as_str(), "settings" | "config" | "conf" | "environ")
            }),
            _ => true,
        };
        name.chars().all(|sign| !sign.is_lowercase()) && (!of_settings || of_name(name) == Said::Nothing)
    };
    is_literal || is_number() || is_constant() || is_kind()
}

/// `key in self.keys`: both named after the same thing, and neither a dictionary nor a set as far as that shows.
fn is_row_of_secrets(site: Site<'_>, left: ValueId, right: ValueId) -> bool {
    let Some((own, row)) = named(site, left).zip(named(site, right)) else { return false };
    let own = words(own);
    let row = words(row);
    let is_password = own.iter().any(|word| word.starts_with("pass") || word == "pwd");
    let same = own
        .iter()
        .all(|word| row.iter().any(|other| other.trim_end_matches('s') == word.trim_end_matches('s')));
    let hashed = row.iter().any(|word| matches!(word.as_str(), "dict" | "map" | "set" | "cache" | "seen"));
    same && !is_password && !hashed && of_name(own.join("_").as_str()) == Said::Secret
}

/// What is entered twice, or replaced.
const AGAIN: &[&str] = &[
    "confirm",
    "confirmation",
    "confirmed",
    "repeat",
    "repeated",
    "again",
    "retype",
    "verify",
    "new",
    "old",
    "previous",
    "password1",
    "password2",
    "pass2",
    "default",
    "placeholder",
    "masked",
    "mask",
    "original",
    "last",
    "current",
    "env",
    "change",
    "insecure",
];

/// `password == confirmation`, `new == old`: both come from the same hand.
fn repeats(site: Site<'_>, sides: [ValueId; 2]) -> bool {
    let [left, right] = sides;
    let mut found = Words::default();
    for side in sides {
        found.extend(site.words_in(site.module.span(side)));
    }
    if found.has_any(AGAIN) {
        return true;
    }
    // Two of the same name are two entries, or a change, unless one is what the object keeps.
    let same = named(site, left).is_some_and(|name| named(site, right) == Some(name));
    let kept = [left, right].iter().any(|side| match site.value(*side) {
        Value::Attribute(object, _) => site.last_segment(object) == Some("self"),
        _ => false,
    });
    same && !kept && !found.has_any(OUTSIDE)
}

/// Whether one side is signed here.
fn signs(site: Site<'_>, sides: [ValueId; 2]) -> bool {
    sides.iter().any(|side| is_signature(site, *side, 4))
}

fn is_header(site: Site<'_>, sides: [ValueId; 2]) -> bool {
    sides
        .iter()
        .any(|side| site.words_in(site.module.span(*side)).has_any(&["headers", "header", "authorization"]))
}

/// Whether the same function compares in constant time too.
fn compares_safely(site: Site<'_>, id: ValueId) -> bool {
    let Some(function) = site.function_of(id) else { return false };
    site.module.calls().filter(|call| site.function_of(*call) == Some(function)).any(|call| {
        let Value::Call(callee, _) = site.value(call) else { return false };
        matches!(
            site.last_segment(callee),
            Some(
                "compare_digest"
                    | "constant_time_compare"
                    | "safe_str_cmp"
                    | "bytes_eq"
                    | "consteq"
                    | "checkpw"
            )
        )
    })
}
