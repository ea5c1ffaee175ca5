//! Passwords, keys and tokens that stand in the code.
//!
//! Names and values are judged together: `names` says what a name promises, `values` what a text is worth, `shapes`
//! and `literals` where code brings the two together, `texts` finds passwords inside of URLs and the like. Tokens
//! that are known by their own form are no matter of this rule.

mod lines;
mod lists;
mod literals;
mod names;
mod shapes;
mod texts;
mod values;
mod wordy;

use rustc_hash::FxHashSet;

pub(crate) use self::lines::secrets_in_lines;
use self::literals::{Literal, literals};
use self::names::{Class, is_signing_key, words};
use self::shapes::{Candidate, Shape, Walk};
use self::texts::DYNAMIC;
use self::values::{Worth, is_random, worth, worth_compared, worth_in_use};
use crate::facts::{Anchor, DefinitionKind, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Preset, Rule, Site, abbreviated, shows_ends};

pub(super) const RULES: &[Rule] = &[Rule {
    name: "hardcoded-secret",
    aliases: &["B105", "B106", "B107", "S105", "S106", "S107"],
    preset: Preset::Gate,
    severity: Severity::High,
    flow: None,
    confidence: Confidence::Medium,
    cwe: &[798, 259, 321],
    message: "a secret stands in the code",
    why: "Whoever may read the code, a copy or its history has the secret, and it cannot be changed without a release.",
    help: "read it from the environment or a secret store, and replace the one that was here: it is known now",
    on: On::Any(&[On::File(in_file), On::Sink(Kind::Credential, &[], as_argument)]),
}];

/// Words of a path that say: not in use.
const UNUSED: &[&str] = &[
    "doc",
    "docs",
    "documentation",
    "example",
    "examples",
    "sample",
    "samples",
    "demo",
    "demos",
    "tutorial",
    "tutorials",
    "migration",
    "migrations",
    "benchmark",
    "benchmarks",
    "snippets",
];
/// Words of a path that say: for tests, beside those that [`Site::is_test`] knows.
const TESTS: &[&str] = &[
    "test",
    "tests",
    "testing",
    "testdata",
    "fixture",
    "fixtures",
    "mock",
    "mocks",
    "fake",
    "fakes",
    "stub",
    "stubs",
    "factories",
];
/// Imports that only tests have.
const TEST_IMPORTS: &[&str] =
    &["pytest", "unittest", "nose", "hypothesis", "testtools", "django.test", "rest_framework.test"];

/// A secret that was found, before it is graded.
struct Secret {
    class: Class,
    worth: Worth,
    shape: Shape,
    message: String,
}

/// Silent on values that are not constant, on places for secrets (`${NAME}`, `<your key>`), on texts that ask to be
/// replaced, names of fields, headers, files and states, and on keys that no machine would make; but what a framework
/// signs with or a password is compared with is in use, whatever it looks like.
fn in_file(site: Site<'_>) -> Vec<Hit> {
    let candidates = Walk::run(site.module);
    if candidates.is_empty() {
        return Vec::new();
    }
    let mut seen: FxHashSet<ValueId> = FxHashSet::default();
    let mut hits = Vec::new();
    let place = Place::of(site);
    for candidate in candidates {
        let anchor = candidate.anchor;
        for literal in candidate_literals(site, &candidate) {
            // A text may be given to a name and be a URL: it is judged as both, but reported once.
            if literal.parts.iter().any(|part| seen.contains(part)) {
                continue;
            }
            if let Some(hit) = judge(site, place, &candidate, &literal) {
                seen.extend(literal.parts);
                hits.push(hit.anchor(anchor));
            }
        }
    }
    hits
}

/// The texts of a candidate, those of a variable it is given included.
fn candidate_literals(site: Site<'_>, candidate: &Candidate<'_>) -> Vec<Literal> {
    let module = site.module;
    if let Value::Name(name, Some(binding)) = module.value(candidate.value)
        && candidate.shape != Shape::Compared
        && let [only] = module.definitions(binding)
        && only.kind == DefinitionKind::Assigned
        && candidate.class == Class::Password
        && names::class(module.text(name)).is_none()
    {
        return literals(module, ValueId(only.id));
    }
    literals(module, candidate.value)
}

fn judge(site: Site<'_>, place: Place, candidate: &Candidate<'_>, literal: &Literal) -> Option<Hit> {
    let &Candidate { name, class, shape, .. } = candidate;
    if shape == Shape::Inside || literal.text.contains("://") {
        let inside = texts::inside(&literal.text)?;
        let message = format!("this {} has a password in it", inside.kind);
        let secret = Secret { class: Class::Password, worth: inside.worth, shape, message };
        let hit = graded(place, &secret, site.module.span(literal.value));
        return Some(hidden(site, hit, literal, Some(inside.secret)));
    }
    if class == Class::Header {
        let inside = texts::in_header(&literal.text)?;
        let message = "the credentials of this header stand in the code".to_owned();
        let secret = Secret { class, worth: inside.worth, shape, message };
        let hit = graded(place, &secret, site.module.span(literal.value));
        return Some(hidden(site, hit, literal, Some(inside.secret)));
    }
    // Of a text that is constant in part, the longest part.
    let text = literal.text.split(DYNAMIC).max_by_key(|part| part.len())?;
    let is_whole = text.len() == literal.text.len();
    if name.eq_ignore_ascii_case("auth") && literal.is_element {
        return pair(site, place, candidate, literal, text);
    }
    let worth = match shape {
        Shape::Compared if class == Class::Password && place != Place::Test => {
            worth_compared(class, name, text)?
        }
        _ if is_whole && is_in_use(place, candidate) => worth_in_use(class, name, text)?,
        _ => worth(class, name, text).filter(|worth| *worth > Worth::Placeholder)?,
    };
    let place = if place == Place::Code && names::is_pretended(name) { Place::Aside } else { place };
    if (literal.is_element || !is_whole) && !is_random(text) {
        return None;
    }
    let message = message(name, shape, text);
    let secret = Secret { class, worth, shape, message };
    let part = (!is_whole).then_some(text);
    Some(hidden(site, graded(place, &secret, site.module.span(literal.value)), literal, part))
}

/// `auth=("user", "…")`: the second is a password.
fn pair(
    site: Site<'_>,
    place: Place,
    candidate: &Candidate<'_>,
    literal: &Literal,
    text: &str,
) -> Option<Hit> {
    let Value::Tuple(items) = site.value(candidate.value) else { return None };
    (items.len() == 2 && items.get(1) == Some(literal.value)).then_some(())?;
    let worth = worth(Class::Password, "password", text).filter(|worth| *worth > Worth::Placeholder)?;
    let message = message(candidate.name, candidate.shape, text);
    let secret = Secret { class: Class::Password, worth, shape: candidate.shape, message };
    Some(hidden(site, graded(place, &secret, site.module.span(literal.value)), literal, None))
}

/// Whether a value is the secret for certain, even if it looks like a placeholder.
fn is_in_use(place: Place, candidate: &Candidate<'_>) -> bool {
    let &Candidate { name, shape, .. } = candidate;
    if place == Place::Test {
        return false;
    }
    match shape {
        Shape::Local | Shape::Entry => {
            is_signing_key(name) && !name.bytes().any(|byte| byte.is_ascii_lowercase())
        }
        Shape::Assigned | Shape::Argument => is_signing_key(name),
        Shape::Default | Shape::Fallback | Shape::Compared | Shape::Inside => false,
    }
}

fn message(name: &str, shape: Shape, text: &str) -> String {
    let shown = if shows_ends(text) { format!(", {}", abbreviated(text)) } else { String::new() };
    match shape {
        Shape::Compared => format!("`{name}` is compared with a text in the code{shown}"),
        Shape::Fallback => format!("`{name}` falls back to a text in the code{shown}"),
        Shape::Default => format!("`{name}` has a default in the code{shown}"),
        _ => format!("the value of `{name}` stands in the code{shown}"),
    }
}

/// Keeps the secret out of every report.
fn hidden(site: Site<'_>, hit: Hit, literal: &Literal, part: Option<&str>) -> Hit {
    literal.parts.iter().fold(hit, |hit, &id| {
        let text = match site.value(id) {
            Value::Str(name) => site.module.text(name),
            _ => "",
        };
        match part {
            Some(part) if text.contains(part) => hit.hides_part(site.module.span(id), Some(part.to_owned())),
            // A part that is not in one piece, or in bytes: all that it may be in is hidden.
            _ => hit.hides(site.module.span(id)),
        }
    })
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Code,
    /// Documentation, examples, migrations.
    Aside,
    Test,
}

impl Place {
    fn of(site: Site<'_>) -> Place {
        let path = site.project.file(site.file).map(|file| &*file.path).unwrap_or_default();
        let has = |wanted: &[&str]| {
            path.split(['/', '.']).flat_map(words).any(|word| wanted.contains(&word.as_str()))
        };
        if site.is_test() || has(TESTS) || TEST_IMPORTS.iter().any(|module| site.imports(module)) {
            Place::Test
        } else if has(UNUSED) {
            Place::Aside
        } else {
            Place::Code
        }
    }
}

/// Severity by what the secret is worth and where it stands; confidence by how much the name says.
fn graded(place: Place, secret: &Secret, span: crate::facts::Span) -> Hit {
    let own = match secret.worth {
        Worth::Random | Worth::Chosen => Severity::High,
        Worth::Word | Worth::Placeholder => Severity::Medium,
    };
    let severity = match place {
        Place::Code => own,
        Place::Aside => Severity::Low,
        // What somebody made up for a test opens nothing; a key that a machine made may be a real one.
        Place::Test if secret.worth == Worth::Random => Severity::Low,
        Place::Test => Severity::Info,
    };
    let confidence = match (secret.class, secret.worth) {
        (Class::Vague, _) => Confidence::Low,
        (_, Worth::Random) => Confidence::High,
        // A word under a name may be a label, a translation or the name of a thing.
        (_, Worth::Word) if matches!(secret.shape, Shape::Entry | Shape::Default) => Confidence::Low,
        _ => Confidence::Medium,
    };
    Hit::at(span).says(secret.message.clone()).severity(severity).confidence(confidence)
}

/// Silent as `in_file` is; what is given to a callable that takes a secret is in use.
fn as_argument(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let value = call.subject()?;
    let place = Place::of(site);
    let sink = call.sink?;
    let named =
        sink.keywords.iter().any(|name| call.keyword(name) == Some(value) && names::class(name).is_some());
    if named {
        return None;
    }
    let literal = literals(site.module, value).into_iter().find(|literal| !literal.text.contains(DYNAMIC))?;
    let worth = if place == Place::Test {
        worth(Class::Password, "", &literal.text).filter(|worth| *worth > Worth::Placeholder)?
    } else {
        worth_in_use(Class::Password, "", &literal.text)?
    };
    let message = format!("`{}` is given a secret that stands in the code", call.name());
    let secret = Secret { class: Class::Password, worth, shape: Shape::Argument, message };
    let hit = graded(place, &secret, site.module.span(literal.value)).anchor(Anchor::Value(call.callee));
    Some(hidden(site, hit, &literal, None))
}
