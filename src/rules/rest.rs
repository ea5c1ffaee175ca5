//! Status codes: what a client is told of an error, and what it is not.

mod answers;
mod bodies;
mod raised;
mod standard;
mod texts;

use self::answers::{empty_with_body, implicit};
use self::raised::{CALLS, classes, invalid, mismatch};
use crate::finding::{Confidence, Severity};
use crate::rule::{On, Preset, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "error-response-status-200",
        aliases: &["implicit-200-error"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[393],
        message: "an error is answered with 200 - OK",
        why: "Clients, caches, retries and monitors go by the status: all of them take this answer for a success.",
        help: "answer with the status that says what went wrong",
        on: On::Handler(implicit),
    },
    Rule {
        name: "invalid-raise-status",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[393],
        message: "an error is raised with a status that is none of an error",
        why: "The code stops as after an error, and the client is told that all went well.",
        help: "raise it with a status from 400 on: below 500 where the client can do something about it",
        on: On::Any(&[On::Call(CALLS, invalid), On::File(classes)]),
    },
    Rule {
        name: "status-mismatch",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[393],
        message: "the status says something else than the text of the error",
        why: "A client that could mend its request gives up, one that should give up tries again, and an alarm for \
              faults of the server rings for a wrong address.",
        help: "use the status that says the same as the text",
        on: On::Call(CALLS, mismatch),
    },
    Rule {
        name: "body-with-status-204",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[393],
        message: "this status has no body, and one is sent",
        why: "Servers drop the body or break the connection over it, and the client never sees what it was told.",
        help: "send nothing, or answer with 200 - OK",
        on: On::Handler(empty_with_body),
    },
];
