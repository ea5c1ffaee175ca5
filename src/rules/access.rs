//! Who may call an endpoint, and what a caller may set.

mod assignment;
mod checks;
mod documentation;
mod fields;
mod limits;
mod permissions;
mod place;
mod raw;
mod siblings;
mod unprotected;
mod upload;

use crate::finding::{Confidence, Severity};
use crate::rule::{FactKind, On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "unprotected-route",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[306, 862],
        message: "this endpoint does not ask who is calling",
        why: "Whoever finds the address may use it. A forgotten check shows in no test, since callers who are known \
              get their answer.",
        help: "put it behind what protects its neighbours, or say that it is public where it is declared",
        on: On::Route(unprotected::forgotten),
    },
    Rule {
        name: "application-without-authentication",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[306],
        message: "no endpoint of this application asks who is calling",
        why: "That is fine for a demonstration, and behind a proxy that logs callers in. Otherwise everybody may do all \
              that the application does.",
        help: "protect the application as a whole, and open single endpoints",
        on: On::Route(unprotected::whole_application),
    },
    Rule {
        name: "public-api-documentation",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[200, 1295],
        message: "everybody may read how the interface of this application works",
        why: "The documentation lists endpoints and parameters that nobody outside would guess, and sends requests to \
              them.",
        help: "serve it to known callers, or not in production",
        on: On::Any(&[
            On::Route(documentation::route),
            On::Call(&["fastapi.FastAPI"], documentation::served_by_default),
        ]),
    },
    Rule {
        name: "permission-allows-all",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[862, 306],
        message: "these permission classes let everybody call a view that changes something",
        why: "What a view says of itself replaces what the settings ask of all views, so nobody else stops a caller.",
        help: "name the permission that callers need, such as `IsAuthenticated`, or leave it to the settings",
        on: On::Route(permissions::allows_all),
    },
    Rule {
        name: "mass-assignment",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[915],
        message: "a client may set every field of this object",
        why: "Names of fields are easy to guess: `is_admin`, `owner_id`, `balance`. What no form shows is sent all the \
              same.",
        help: "take the fields that a client may set by name, or validate the body with a model of its own",
        on: On::Any(&[
            On::File(assignment::spread),
            On::Call(&["builtins.setattr"], assignment::set_attributes),
            On::Call(&["?.update"], assignment::update),
            On::Route(fields::used_by_view),
        ]),
    },
    Rule {
        name: "every-field-writable",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[915],
        message: "this form or serializer takes every field of its model",
        why: "A field that is added to the model later is then a field that clients set and read, without anybody \
              having decided so.",
        help: "list the fields",
        on: On::Fact(&[FactKind::Assign], fields::every_field),
    },
    Rule {
        name: "unrestricted-upload",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[434],
        message: "an uploaded file of any type is kept under its own name in a folder that is served",
        why: "A client uploads a page with scripts, or a program, and then has it opened at the address of this site.",
        help: "accept known extensions and types only, and give the file a name of your own",
        on: On::Call(UPLOADS, upload::served),
    },
    Rule {
        name: "upload-under-own-name",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[434],
        message: "an uploaded file of any type is kept under its own name",
        why: "Whoever opens it later, a server or a colleague, gets what the client chose to name that way.",
        help: "check the type of the file, and give it a name of your own",
        on: On::Call(UPLOADS, upload::elsewhere),
    },
    Rule {
        name: "login-without-rate-limit",
        aliases: &[],
        preset: Preset::OptIn,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[307],
        message: "passwords can be tried here as often as a caller likes",
        why: "Lists of leaked passwords are tried by machines, thousands a minute, where nothing slows them down.",
        help: "limit the attempts for each account and address, or say at the proxy that does so",
        on: On::Route(limits::login),
    },
];

/// Calls that keep a file.
const UPLOADS: &[&str] = &[
    "?.save",
    "builtins.open",
    "io.open",
    "aiofiles.open",
    "werkzeug.datastructures.FileStorage.save",
    "django.core.files.storage.default_storage.save",
];
