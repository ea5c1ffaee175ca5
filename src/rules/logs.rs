//! What gets into logs and should not.

use crate::facts::{Anchor, Arguments, DefinitionKind, Value, ValueId, hash_text};
use crate::finding::{Confidence, Severity};
use crate::rule::{Call, Hit, On, Preset, Rule, Site, words};

/// What writes to a log.
const LOGGERS: &[&str] = &[
    "logging.debug",
    "logging.info",
    "logging.warning",
    "logging.warn",
    "logging.error",
    "logging.exception",
    "logging.critical",
    "logging.log",
    "logging.Logger.debug",
    "logging.Logger.info",
    "logging.Logger.warning",
    "logging.Logger.warn",
    "logging.Logger.error",
    "logging.Logger.exception",
    "logging.Logger.critical",
    "logging.Logger.log",
    "?.debug",
    "?.info",
    "?.warning",
    "?.warn",
    "?.error",
    "?.exception",
    "?.critical",
    "?.log",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "logged-secret",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[532],
        message: "a secret is written to a log",
        why: "Logs are read by more people than the secret is for, are kept for long, and are sent to other services.",
        help: "leave it out, or log only that it is set",
        on: On::Call(LOGGERS, logged_secret),
    },
    Rule {
        name: "logged-headers",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[532],
        message: "all headers of a request are written to a log",
        why: "Among them are `Authorization` and `Cookie`, with tokens that let anybody in who reads the log.",
        help: "log the headers that are needed, chosen by name",
        on: On::Any(&[On::Call(LOGGERS, logged_headers), On::File(logged_by_name)]),
    },
];

const SECRETS: &[&str] = &["password", "passwd", "passphrase", "secret", "apikey"];

const SECRET_PAIRS: &[(&str, &str)] = &[
    ("access", "token"),
    ("auth", "token"),
    ("api", "token"),
    ("refresh", "token"),
    ("bearer", "token"),
    ("id", "token"),
    ("session", "token"),
    ("api", "key"),
    ("secret", "key"),
    ("private", "key"),
    ("access", "key"),
];

/// What is said about secrets and is none.
const ABOUT: &[&str] = &[
    "name",
    "names",
    "type",
    "file",
    "path",
    "url",
    "uri",
    "id",
    "ids",
    "field",
    "method",
    "policy",
    "length",
    "len",
    "count",
    "hint",
    "prompt",
    "error",
    "errors",
    "reset",
    "expired",
    "expiry",
    "expires",
    "expiration",
    "required",
    "scope",
    "scopes",
    "version",
    "arn",
    "ref",
    "status",
    "form",
    "label",
    "help",
    "manager",
    "backend",
    "enabled",
    "provider",
    "is",
    "has",
    "hash",
    "hashed",
    "masked",
    "providers",
    "redacted",
    "redact",
    "mask",
    "info",
    "uuid",
    "class",
    "exists",
    "set",
    "store",
    "dir",
    "age",
    "endpoint",
    "no",
    "use",
    "args",
    "config",
    "mode",
    "in",
    "at",
    "key_id",
    "fingerprint",
    "public",
];

/// Silent in tests, on what only speaks of a secret (its name, length, age), and on what a function has made of it.
fn logged_secret(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() || !is_logger(call) {
        return None;
    }
    let logged = logged(call);
    let secret = logged.into_iter().find(|value| is_secret(call.site, *value))?;
    let name = call.site.last_segment(secret).unwrap_or("a secret");
    let hit = Hit::here().says(format!("`{name}` is written to a log"));
    // It may be what a secret is called.
    Some(if name == "secret" { hit.confidence(Confidence::Low) } else { hit })
}

/// `write = log.error` and then `write(request.headers)`.
fn logged_by_name(site: Site<'_>) -> Vec<Hit> {
    if site.is_test() || !site.module.names().contains_hash(hash_text("headers")) {
        return Vec::new();
    }
    let is_level = |value: ValueId| match site.value(value) {
        Value::Attribute(_, name) => {
            LOGGERS.iter().any(|path| path.strip_prefix("?.") == Some(site.module.text(name)))
        }
        _ => false,
    };
    let calls = site.module.calls().filter(|id| match site.value(*id) {
        Value::Call(callee, _) => match site.value(callee) {
            Value::Name(_, Some(binding)) => {
                let definitions = site.module.definitions(binding);
                !definitions.is_empty()
                    && definitions.iter().all(|definition| definition.value().is_some_and(is_level))
            }
            _ => false,
        },
        _ => false,
    });
    let hits = calls.filter_map(|id| {
        let Value::Call(callee, arguments) = site.value(id) else { return None };
        let call = Call { site, id, callee, arguments, path: "logging.log", sink: None };
        let hit = logs_headers(&call)?;
        Some(Hit { span: Some(site.module.span(id)), ..hit }.anchor(Anchor::Value(id)))
    });
    hits.collect()
}

/// Silent in tests, where headers are picked, and where a function has made something else of them.
fn logged_headers(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() || !is_logger(call) {
        return None;
    }
    logs_headers(call)
}

fn logs_headers(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let found = logged(call).into_iter().find(|value| is_all_headers(site, *value))?;
    let of_answer =
        site.words_in(site.module.span(found)).has_any(&["response", "resp", "res", "answer", "reply", "r"]);
    (!of_answer).then(Hit::here)
}

fn is_all_headers(site: Site<'_>, value: ValueId) -> bool {
    match site.value(value) {
        Value::Attribute(object, _) => {
            let of = site.last_segment(object).map(words).unwrap_or_default();
            let is_request = of.iter().any(|word| matches!(word.as_str(), "request" | "req" | "websocket"));
            site.last_segment(value) == Some("headers") && is_request
        }
        Value::Name(name, _) => {
            let is_headers = matches!(
                site.module.text(name),
                "headers" | "request_headers" | "req_headers" | "auth_headers"
            );
            is_headers && is_given(site, value) && makes_requests(site, value)
        }
        _ => false,
    }
}

/// Whether a variable is a parameter, or taken from the headers of something: not picked here.
fn is_given(site: Site<'_>, value: ValueId) -> bool {
    let Value::Name(_, Some(binding)) = site.value(value) else { return false };
    site.module.definitions(binding).iter().any(|definition| {
        let of_headers = |value| site.last_segment(value) == Some("headers");
        definition.kind == DefinitionKind::Parameter || definition.value().is_some_and(of_headers)
    })
}

/// Whether the function around is about requests that it sends: by its name, or because it takes an address.
fn makes_requests(site: Site<'_>, value: ValueId) -> bool {
    let takes_address = site.function_of(value).is_some_and(|function| {
        let parameters = site.module.parameters(function);
        parameters
            .iter()
            .any(|parameter| matches!(site.module.text(parameter.name), "url" | "uri" | "endpoint"))
    });
    takes_address
        || site.words_around(site.module.span(value).start).has_any(&["request", "requests", "http", "fetch"])
}

fn is_secret(site: Site<'_>, value: ValueId) -> bool {
    let name = match site.value(value) {
        Value::Name(..) | Value::Attribute(..) => site.last_segment(value),
        Value::Item(_, key) => match site.value(key) {
            Value::Str(name) => Some(site.module.text(name)),
            _ => None,
        },
        _ => None,
    };
    let Some(name) = name else { return false };
    let parts = words(name);
    let has = |word: &str| parts.iter().any(|part| part == word);
    let pair = parts
        .iter()
        .zip(parts.iter().skip(1))
        .find(|(a, b)| SECRET_PAIRS.contains(&(a.as_str(), b.as_str())));
    let named = SECRETS.iter().any(|word| has(word)) || pair.is_some();
    let of_pair = |part: &String| pair.is_some_and(|(first, _)| first == part);
    let about = parts.iter().any(|part| ABOUT.contains(&part.as_str()) && !of_pair(part));
    named && !about && !name.chars().all(|sign| !sign.is_lowercase()) && site.constant(value).is_none()
}

/// What a call writes: its arguments, the parts of texts, and what is only turned into a text on the way.
fn logged(call: &Call<'_>) -> Vec<ValueId> {
    let site = call.site;
    let extra = call.keyword("extra");
    let mut open: Vec<ValueId> = call.arguments.positional().iter().chain(extra).collect();
    let mut found = Vec::new();
    let mut steps = 200;
    while let Some(value) = open.pop() {
        steps -= 1;
        if steps == 0 {
            break;
        }
        match site.value(value) {
            Value::Format(items) | Value::Tuple(items) | Value::List(items) => open.extend(items.iter()),
            Value::Dict(items) => {
                open.extend(crate::facts::dict_items(items).map(|(_, value)| value));
            }
            Value::Binary(_, left, right) => open.extend([left, right]),
            Value::Call(callee, arguments) => open.extend(passed(site, callee, arguments)),
            Value::Name(..) | Value::Attribute(..) | Value::Item(..) => found.push(value),
            _ => {}
        }
    }
    found
}

/// What a call hands on as it is: `json.dumps(headers)`, `"…".format(password)`, `dict(props=headers)`.
fn passed(site: Site<'_>, callee: ValueId, arguments: Arguments<'_>) -> Vec<ValueId> {
    let keywords = arguments.keywords().map(|(_, value)| value);
    let all = arguments.positional().iter().chain(keywords);
    match (site.value(callee), site.last_segment(callee)) {
        (Value::Attribute(object, _), Some("format")) => all.chain([object]).collect(),
        (Value::Attribute(object, _), Some("items" | "copy" | "decode")) => vec![object],
        (_, Some("dict" | "str" | "repr" | "dumps" | "pformat" | "list")) => all.collect(),
        _ => Vec::new(),
    }
}

/// Whether a method of that name is one of a log, as far as its object tells.
fn is_logger(call: &Call<'_>) -> bool {
    if call.is_known() {
        return true;
    }
    let site = call.site;
    let Some(object) = call.receiver() else { return false };
    let name = match site.value(object) {
        Value::Call(callee, _) => site.last_segment(callee),
        _ => site.last_segment(object),
    };
    name.is_some_and(|name| {
        let name = name.to_lowercase();
        name.ends_with("log") || name.contains("logger") || name == "logging"
    })
}
