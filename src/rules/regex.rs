//! Regular expressions that Python's engine takes too long for.

mod alphabet;
mod ambiguity;
mod automaton;
mod components;
mod machine;
mod pattern;
mod program;
mod syntax;
mod tables;
mod verdict;

use std::cell::RefCell;

use self::machine::Use;
use self::pattern::{flags, pattern};
use self::syntax::Flags;
use self::tables::unused_patterns;
use self::verdict::{Growth, HIGH, Slow, slowness};
use crate::facts::{Statement, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::rule::{Call, Hit, On, Preset, Rule};

/// What takes a pattern, with the places of the pattern and of the flags.
const TAKES: &[(&str, usize, Option<Use>)] = &[
    ("compile", 1, None),
    ("match", 2, Some(Use::Match)),
    ("fullmatch", 2, Some(Use::FullMatch)),
    ("search", 2, Some(Use::Search)),
    ("findall", 2, Some(Use::Search)),
    ("finditer", 2, Some(Use::Search)),
    ("split", 3, Some(Use::Search)),
    ("sub", 4, Some(Use::Search)),
    ("subn", 4, Some(Use::Search)),
];

const CALLS: &[&str] = &[
    "re.compile",
    "re.match",
    "re.fullmatch",
    "re.search",
    "re.findall",
    "re.finditer",
    "re.split",
    "re.sub",
    "re.subn",
    "regex.compile",
    "regex.match",
    "regex.fullmatch",
    "regex.search",
    "regex.findall",
    "regex.finditer",
    "regex.split",
    "regex.sub",
    "regex.subn",
];

/// Validators and routes that are given a pattern.
const VALIDATORS: &[&str] = &[
    "django.core.validators.RegexValidator",
    "django.forms.RegexField",
    "django.urls.re_path",
    "django.conf.urls.url",
    "wtforms.validators.Regexp",
    "marshmallow.validate.Regexp",
    "attr.validators.matches_re",
    "attrs.validators.matches_re",
    "pydantic.constr",
    "pydantic.Field",
    "fastapi.Query",
    "fastapi.Path",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "exponential-regex",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[1333, 400],
        message: "this pattern takes exponential time on some texts",
        why: "The engine tries every way to divide the text among the loops before it gives up: a text of forty \
              characters keeps a processor busy for hours.",
        help: "let a text match in one way only: no loop in a loop over the same characters, and alternatives that \
               begin differently",
        on: On::Any(&[
            On::Call(CALLS, exponential),
            On::Call(VALIDATORS, exponential_validator),
            On::File(|site| unused_patterns(site, CALLS)),
        ]),
    },
    Rule {
        name: "slow-regex",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[1333, 400],
        message: "this pattern takes time that grows with the cube of the text's length or faster",
        why: "A text of some thousand characters, a header for instance, keeps a processor busy for minutes.",
        help: "anchor the pattern, keep neighbouring loops from taking the same characters, or bound the text's \
               length",
        on: On::Any(&[On::Call(CALLS, slow), On::Call(VALIDATORS, slow_validator)]),
    },
    Rule {
        name: "quadratic-regex",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Low,
        cwe: &[1333, 400],
        message: "this pattern takes time that grows with the square of the text's length",
        why: "That matters for texts of a hundred thousand characters and more, if a client may send them.",
        help: "bound the length of the text, or anchor the pattern",
        on: On::Call(CALLS, quadratic),
    },
];

/// Silent in tests, and where the pattern is not constant enough to be read. A part that is not constant is taken for a
/// single character of its own.
fn exponential(call: &Call<'_>) -> Option<Hit> {
    let slow = judged(call, use_of(call), 3)?;
    if slow.growth != Growth::Exponential {
        return None;
    }
    let bounded = is_regex_module(call);
    let hit = Hit::here().says(format!("this pattern takes exponential time on `{}`", slow.text));
    Some(if bounded { hit.confidence(Confidence::Medium) } else { hit })
}

fn exponential_validator(call: &Call<'_>) -> Option<Hit> {
    let slow = judged(call, Use::Match, 3)?;
    (slow.growth == Growth::Exponential)
        .then(|| Hit::here().says(format!("this pattern takes exponential time on `{}`", slow.text)))
}

/// Silent in tests, and where [`exponential`] speaks.
fn slow(call: &Call<'_>) -> Option<Hit> {
    slow_as(call, use_of(call))
}

fn slow_validator(call: &Call<'_>) -> Option<Hit> {
    slow_as(call, Use::Match)
}

fn slow_as(call: &Call<'_>, how: Use) -> Option<Hit> {
    let slow = judged(call, how, 3)?;
    let (power, severity) = match slow.growth {
        Growth::Exponential => return None,
        Growth::Power(HIGH..) => ("a high power", Severity::Medium),
        Growth::Power(4) => ("the fourth power", Severity::Low),
        Growth::Power(_) => ("the cube", Severity::Low),
    };
    let said = format!("this pattern takes time that grows with {power} of the length of `{}`", slow.text);
    Some(Hit::here().says(said).severity(severity))
}

/// Silent where the others speak, in tests, and on what is compiled and used elsewhere.
fn quadratic(call: &Call<'_>) -> Option<Hit> {
    let slow = judged(call, use_of(call), 2)?;
    (slow.growth == Growth::Power(2)).then(|| {
        Hit::here().says(format!(
            "this pattern takes time that grows with the square of the length of `{}`",
            slow.text
        ))
    })
}

/// How slow the pattern of a call is.
fn judged(call: &Call<'_>, how: Use, least: u32) -> Option<Slow> {
    let site = call.site;
    if site.is_test() {
        return None;
    }
    let name = call.name();
    let is_validator = VALIDATORS.contains(&call.path);
    let value = if is_validator {
        let first =
            matches!(name, "RegexValidator" | "RegexField" | "re_path" | "url" | "Regexp" | "matches_re");
        call.keyword("regex").or_else(|| first.then(|| call.positional(0)).flatten())?
    } else {
        call.argument(0, "pattern")?
    };
    let place = TAKES.iter().find(|(own, ..)| *own == name).map_or(1, |(_, place, _)| *place);
    let mut flags = flags(site, call.argument(place, "flags"));
    let pattern = pattern(site, value)?;
    flags.ascii |= pattern.is_bytes;
    remembered(Question { pattern: pattern.text, flags, how, least })
}

#[derive(PartialEq, Eq)]
struct Question {
    pattern: String,
    flags: Flags,
    how: Use,
    least: u32,
}

/// Two rules ask the same of a call, one after the other: the last answer is kept.
fn remembered(question: Question) -> Option<Slow> {
    thread_local! {
        static LAST: RefCell<Option<(Question, Option<Slow>)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| match last {
        Some((known, answer)) if *known == question => answer.clone(),
        _ => {
            let answer = slowness(&question.pattern, question.flags, question.how, question.least);
            *last = Some((question, answer.clone()));
            answer
        }
    })
}

fn is_regex_module(call: &Call<'_>) -> bool {
    call.path.starts_with("regex.")
}

/// How a call applies its pattern: by its own name, or for `compile` by what the file does with the name it is given.
fn use_of(call: &Call<'_>) -> Use {
    let known = TAKES.iter().find(|(name, ..)| *name == call.name()).and_then(|(.., how)| *how);
    known.or_else(|| compiled_use(call)).unwrap_or(Use::Match)
}

/// The use of a compiled pattern that tries most.
fn compiled_use(call: &Call<'_>) -> Option<Use> {
    let site = call.site;
    let name = given_name(call);
    let mut found: Option<Use> = None;
    for id in site.module.calls() {
        let Value::Call(callee, _) = site.value(id) else { continue };
        let Value::Attribute(object, method) = site.value(callee) else { continue };
        let is_own = object == call.id || name.is_some() && site.last_segment(object) == name;
        let how = TAKES.iter().find(|(own, ..)| *own == site.module.text(method)).and_then(|(.., how)| *how);
        if let Some(how) = how.filter(|_| is_own) {
            found = Some(if found == Some(Use::Search) || how == Use::Search { Use::Search } else { how });
        }
    }
    found
}

/// The name that a compiled pattern is given: of a variable, or of a field.
fn given_name<'p>(call: &Call<'p>) -> Option<&'p str> {
    let site = call.site;
    let statement = site.statement_at(call.span().start)?;
    let (Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value))) =
        site.module.statement(statement)
    else {
        return None;
    };
    let target: Option<ValueId> = (value == call.id).then_some(target);
    site.last_segment(target?)
}
