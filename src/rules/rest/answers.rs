//! What a handler answers: with which status, and whether that is what its body says.

use super::bodies::{Entries, entries_of, error_in, keywords_of};
use super::raised::known;
use super::standard::named;
use super::texts::said;
use crate::facts::{Anchor, Arguments, Around, FunctionId, Part, Statement, StatementId, Value, ValueId};
use crate::project::Constant;
use crate::rule::{Handling, Hit, Site};
use crate::web::{Framework, Methods};

/// Where an argument stands, by position and name.
type Argument = (usize, &'static str);

/// What makes responses: where the body and the status stand.
const MAKERS: &[(&[&str], Argument, Argument)] = &[
    (&["flask.make_response", "quart.make_response"], (0, "rv"), (1, "status")),
    (
        &["flask.Response", "quart.Response", "werkzeug.Response", "werkzeug.wrappers.Response"],
        (0, "response"),
        (1, "status"),
    ),
    (
        &[
            "fastapi.responses.JSONResponse",
            "fastapi.responses.ORJSONResponse",
            "fastapi.responses.UJSONResponse",
            "starlette.responses.JSONResponse",
        ],
        (0, "content"),
        (1, "status_code"),
    ),
    (&["rest_framework.response.Response"], (0, "data"), (1, "status")),
    (&["django.http.JsonResponse", "django.http.response.JsonResponse"], (0, "data"), (9, "status")),
    (&["django.http.HttpResponse", "django.http.response.HttpResponse"], (0, "content"), (2, "status")),
    (&["sanic.response.json", "sanic.json"], (0, "body"), (1, "status")),
    (&["aiohttp.web.json_response"], (0, "data"), (9, "status")),
    (&["bottle.HTTPResponse"], (0, "body"), (1, "status")),
];

/// What makes a response of its arguments.
const JSONIFY: &[&str] = &["flask.jsonify", "quart.jsonify", "flask.json.jsonify"];

/// A response that is written down.
struct Answer<'p> {
    /// Its body, as far as its keys are known.
    entries: Option<Entries<'p>>,
    /// Its body.
    body: Option<ValueId>,
    /// What it says of its status.
    status: Status,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    /// Nothing: what the framework or the route says counts.
    Silent,
    Known(i64),
    Unknown,
}

/// Silent in tests, on sockets, and where the status is not known.
pub(super) fn implicit(handling: &Handling<'_>) -> Vec<Hit> {
    let Handling { site, function, framework, methods, .. } = *handling;
    let mut hits = Vec::new();
    if site.is_test() || methods == Methods::WEBSOCKET {
        return hits;
    }
    let context = Context { site, function, framework };
    site.module.walk_block(site.module.function_body(function), &mut |id, statement| {
        let found = match statement {
            Statement::Return(Some(value)) => context.returned(value),
            Statement::Expression(value) => context.written(id, value),
            _ => None,
        };
        hits.extend(found);
    });
    hits
}

/// Silent in tests.
pub(super) fn empty_with_body(handling: &Handling<'_>) -> Vec<Hit> {
    let Handling { site, function, framework, .. } = *handling;
    let mut hits = Vec::new();
    if site.is_test() {
        return hits;
    }
    let context = Context { site, function, framework };
    site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
        let Statement::Return(Some(value)) = statement else { return };
        let Some(answer) = context.answer(value) else { return };
        let around = site.module.statements_around(site.module.span(value).start);
        let status = context.settled(answer.status, &around);
        let has_body = answer.entries.as_ref().is_some_and(|entries| !entries.is_empty())
            || answer.body.is_some_and(
                |body| matches!(site.constant(body), Some(Constant::Str(text)) if !text.is_empty()),
            );
        if let Some(status @ (204 | 205 | 304)) = status
            && has_body
        {
            let said = format!("{} has no body, and one is sent", named(status));
            hits.push(Hit::at(site.module.span(value)).anchor(Anchor::Value(value)).says(said));
        }
    });
    hits
}

/// A handler that is looked at.
struct Context<'p> {
    site: Site<'p>,
    function: FunctionId,
    framework: Framework,
}

impl<'p> Context<'p> {
    fn returned(&self, value: ValueId) -> Option<Hit> {
        let answer = self.answer(value)?;
        self.judged(value, answer.entries.as_ref()?, answer.status)
    }

    /// `self.write({"error": …})` of Tornado; what is sent by hand.
    fn written(&self, id: StatementId, value: ValueId) -> Option<Hit> {
        let value = match self.site.value(value) {
            Value::Await(inner) => inner,
            _ => value,
        };
        let Value::Call(callee, arguments) = self.site.value(value) else { return None };
        match (self.framework, self.site.last_segment(callee)?) {
            (Framework::Tornado, "write" | "finish") => {
                let entries = entries_of(self.site, arguments.positional().get(0)?)?;
                self.judged(value, &entries, Status::Silent)
            }
            (Framework::Plain, "send_response" | "start_response") => self.sent(id, value, arguments),
            _ => None,
        }
    }

    /// `self.send_response(200)` in a handler of exceptions, and an error behind it.
    fn sent(&self, id: StatementId, value: ValueId, arguments: Arguments<'p>) -> Option<Hit> {
        let module = self.site.module;
        let status = known(self.site, arguments.positional().get(0)?)?;
        let around = module.statements_around(module.statement_span(id).start);
        let place = around.last()?;
        if !(200..300).contains(&status) || status == 207 || !self.is_in_handler(&around) {
            return None;
        }
        let tells = |one: StatementId| {
            let roots = module.roots(module.statement(one));
            roots.into_iter().flat_map(|root| module.values_within(root)).any(|inner| self.names_error(inner))
        };
        place.behind().any(tells).then(|| self.hit(value, status, self.suggested("", &around)))
    }

    fn names_error(&self, value: ValueId) -> bool {
        let text = match self.site.constant(value) {
            Some(Constant::Str(text)) => text.to_lowercase(),
            Some(Constant::Bytes(bytes)) => String::from_utf8_lossy(bytes).to_lowercase(),
            _ => return false,
        };
        text == "error" || text.contains("\"error\"") || text.contains("'error'") || said(&text).is_some()
    }

    fn judged(&self, value: ValueId, entries: &Entries<'p>, status: Status) -> Option<Hit> {
        let around = self.site.module.statements_around(self.site.module.span(value).start);
        let text = error_in(self.site, entries, self.fails(&around))?;
        let status = self.settled(status, &around)?;
        let is_success = (200..300).contains(&status) && status != 207;
        is_success.then(|| self.hit(value, status, self.suggested(&text, &around)))
    }

    fn hit(&self, value: ValueId, status: i64, fits: Option<i64>) -> Hit {
        let fits = fits.map_or_else(String::new, |fits| format!("; {} fits", named(fits)));
        Hit::at(self.site.module.span(value))
            .says(format!("an error is answered with {}{fits}", named(status)))
    }

    /// What an expression answers, if it is a response.
    fn answer(&self, value: ValueId) -> Option<Answer<'p>> {
        let is_plain = matches!(self.framework, Framework::Flask | Framework::FastApi | Framework::Bottle);
        match self.site.value(value) {
            Value::Await(inner) => self.answer(inner),
            Value::Tuple(items) if matches!(self.framework, Framework::Flask) => {
                let inner = self.answer(items.get(0)?)?;
                Some(Answer { status: self.second(items.get(1)?), ..inner })
            }
            Value::Dict(_) if is_plain => Some(Answer {
                entries: entries_of(self.site, value),
                body: Some(value),
                status: Status::Silent,
            }),
            Value::Call(callee, arguments) => self.made(callee, arguments),
            Value::Str(_) if is_plain => {
                Some(Answer { entries: None, body: Some(value), status: Status::Silent })
            }
            _ => None,
        }
    }

    /// The second part of what a handler of Flask returns: a status, or headers.
    fn second(&self, value: ValueId) -> Status {
        match (self.site.value(value), known(self.site, value)) {
            (_, Some(status)) => Status::Known(status),
            (Value::Dict(_) | Value::List(_), _) => Status::Silent,
            _ => Status::Unknown,
        }
    }

    fn made(&self, callee: ValueId, arguments: Arguments<'p>) -> Option<Answer<'p>> {
        let site = self.site;
        if site.is_any(callee, JSONIFY) {
            let first = arguments.positional().get(0);
            let entries = match first {
                Some(first) => entries_of(site, first),
                None => Some(keywords_of(site, arguments)),
            };
            return Some(Answer { entries, body: first, status: Status::Silent });
        }
        let (_, (position, name), status) = MAKERS.iter().find(|(paths, ..)| site.is_any(callee, paths))?;
        let body = site.argument(arguments, *position, name)?;
        let inner = self.answer(body);
        let status = match site.argument(arguments, status.0, status.1) {
            Some(given) => known(site, given).map_or(Status::Unknown, Status::Known),
            None => inner.as_ref().map_or(Status::Silent, |inner| inner.status),
        };
        let entries = entries_of(site, body).or_else(|| inner.and_then(|inner| inner.entries));
        Some(Answer { entries, body: Some(body), status })
    }

    /// The status that is sent, if it is known.
    fn settled(&self, status: Status, around: &[Around<'_>]) -> Option<i64> {
        match status {
            Status::Known(status) => Some(status),
            Status::Unknown => None,
            Status::Silent => match self.set_before(around).unwrap_or_else(|| self.declared()) {
                Status::Known(status) => Some(status),
                Status::Silent => Some(200),
                Status::Unknown => None,
            },
        }
    }

    /// What the code on the way here sets: `response.status_code = 404`, `self.set_status(404)`.
    fn set_before(&self, around: &[Around<'_>]) -> Option<Status> {
        let behind = |one: &Around<'_>| {
            let wanted = if self.framework == Framework::Tornado { usize::MAX } else { 0 };
            one.behind().take(wanted).collect::<Vec<_>>()
        };
        let own = around.iter().rev().take_while(|one| !is_definition(self.site, one.statement));
        let statements = own.flat_map(|one| one.before().chain(behind(one)));
        statements.into_iter().find_map(|id| self.sets(id))
    }

    fn sets(&self, id: StatementId) -> Option<Status> {
        let given = match self.site.module.statement(id) {
            Statement::Assign(target, value) => match self.site.value(target) {
                Value::Attribute(_, name)
                    if matches!(self.site.module.text(name), "status_code" | "status" | "status_int") =>
                {
                    value
                }
                _ => return None,
            },
            Statement::Expression(value) => match self.site.value(value) {
                Value::Call(callee, arguments) if self.site.last_segment(callee) == Some("set_status") => {
                    arguments.positional().get(0)?
                }
                _ => return None,
            },
            _ => return None,
        };
        Some(known(self.site, given).map_or(Status::Unknown, Status::Known))
    }

    /// What the decorator of the route says.
    fn declared(&self) -> Status {
        let decorators = self.site.module.decorators(self.function);
        let given = decorators.iter().find_map(|decorator| match self.site.value(decorator) {
            Value::Call(_, arguments) => self.site.keyword(arguments, "status_code"),
            _ => None,
        });
        given.map_or(Status::Silent, |given| known(self.site, given).map_or(Status::Unknown, Status::Known))
    }

    /// Whether a place is in a handler of exceptions or behind a test.
    fn fails(&self, around: &[Around<'_>]) -> bool {
        let own = around.iter().rev().take_while(|one| !is_definition(self.site, one.statement));
        let is_test = |one: &Around<'_>| {
            matches!(self.site.module.statement(one.statement), Statement::If(_)) && one.part == Part::Body
        };
        self.is_in_handler(around) || own.skip(1).any(is_test)
    }

    fn is_in_handler(&self, around: &[Around<'_>]) -> bool {
        let mut own = around.iter().rev().take_while(|one| !is_definition(self.site, one.statement));
        own.any(|one| one.part == Part::Handler)
    }

    /// The status that fits an error: by its text, else by what was caught or asked.
    fn suggested(&self, text: &str, around: &[Around<'_>]) -> Option<i64> {
        said(text).or_else(|| {
            let offset = around.last().map(|one| self.site.module.statement_span(one.statement).start)?;
            let own = around.iter().rev().take_while(|one| !is_definition(self.site, one.statement));
            let tries = own.filter_map(|one| match self.site.module.statement(one.statement) {
                Statement::Try(parts) => Some(parts),
                _ => None,
            });
            let mut handlers = tries.flat_map(|parts| parts.handlers().collect::<Vec<_>>());
            let handler = handlers.find(|handler| handler.start <= offset && offset < handler.end)?;
            match handler.caught {
                None => Some(500),
                Some(caught) => of_error(self.site.last_segment(caught)?),
            }
        })
    }
}

fn is_definition(site: Site<'_>, id: StatementId) -> bool {
    matches!(site.module.statement(id), Statement::Function(_) | Statement::Class(_))
}

/// The status for an exception of this name, where it tells.
fn of_error(name: &str) -> Option<i64> {
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if has(&["NotFound", "DoesNotExist", "KeyError", "LookupError", "NoResult", "Http404"]) {
        Some(404)
    } else if has(&["Permission", "Forbidden"]) {
        Some(403)
    } else if has(&["Integrity", "Duplicate", "Unique", "Exists", "Conflict"]) {
        Some(409)
    } else if has(&["Validation", "ValueError", "TypeError", "Decode", "Parse", "Invalid"]) {
        Some(400)
    } else if has(&["Timeout"]) {
        Some(504)
    } else if has(&["Connection", "RequestException", "ConnectError"]) {
        Some(502)
    } else {
        matches!(name, "Exception" | "BaseException").then_some(500)
    }
}
