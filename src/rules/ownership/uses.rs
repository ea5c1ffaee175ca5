//! Where a function uses who is calling: in a query, a comparison, a call. That he is logged in at all, that his name
//! is logged or shown, or noted on the object, decides nothing.

use super::frame::{Frame, given};
use super::names::{decides, is_current, is_role, is_who};
use crate::facts::{CompareOperator, FunctionId, Span, Statement, UnaryOperator, Value, ValueId, dict_items};
use crate::rule::{Site, has_word};

/// Functions that log, show or send what they are given.
const TELLING: &[&str] = &[
    "log",
    "info",
    "warning",
    "warn",
    "error",
    "debug",
    "exception",
    "critical",
    "print",
    "flash",
    "success",
    "render",
    "render_template",
    "TemplateResponse",
    "render_to_string",
    "set_user",
    "set_tag",
    "add_breadcrumb",
    "capture",
    "notify",
    "emit",
    "bind",
    "send_mail",
    "format",
];
/// Words of functions and classes that keep a record of who did what.
const RECORDING: &[&str] = &[
    "log",
    "logger",
    "audit",
    "history",
    "activity",
    "event",
    "track",
    "record",
    "metrics",
    "analytics",
    "notify",
    "notification",
    "logging",
];
/// Functions that make an answer of what they are given.
const ANSWERING: &[&str] =
    &["jsonify", "JsonResponse", "Response", "JSONResponse", "dict", "json", "HttpResponse"];
/// Attributes that only tell whether somebody is logged in.
const LOGGED_IN: &[&str] = &["is_authenticated", "is_anonymous", "is_active", "authenticated", "is_verified"];
/// Variables that are made into an answer.
const CONTEXTS: &[&str] =
    &["context", "ctx", "data", "response", "result", "template_values", "body", "extra"];

impl<'p> Frame<'p> {
    /// Whether the function uses who is calling for more than the above, or leaves the decision to something else.
    pub fn uses_caller(&self) -> bool {
        let mut idle: Vec<Span> = Vec::new();
        let statements = self.statements();
        for statement in &statements {
            self.idle_in(*statement, &mut idle);
        }
        let module = self.site.module;
        statements.iter().flat_map(|statement| module.roots(*statement)).any(|root| {
            module.values_within(root).any(|value| {
                let span = module.span(value);
                (self.is_known(value) && !idle.iter().any(|one| one.covers(span))) || self.is_decided(value)
            })
        })
    }

    /// Whether somebody else is asked about what was fetched: `authorize(order)`, `self.check_object_permissions(…)`.
    fn is_decided(&self, value: ValueId) -> bool {
        let Value::Call(callee, arguments) = self.site.value(value) else { return false };
        let Some(name) = self.site.last_segment(callee).filter(|name| decides(name)) else { return false };
        let of_object = match self.site.value(callee) {
            Value::Attribute(object, _) => {
                self.mentions_object(object) || self.site.last_segment(object) == Some("self")
            }
            _ => false,
        };
        let is_own = || super::gather::callee(self.site, callee).is_some();
        let takes =
            of_object || given(arguments).any(|one| self.mentions_object(one) || self.mentions_asked(one));
        takes && (name == "check_object_permissions" || !is_own())
    }

    /// The parts of a statement in which a mention of the caller decides nothing.
    fn idle_in(&self, statement: Statement<'p>, idle: &mut Vec<Span>) {
        let span = |value| self.site.module.span(value);
        match statement {
            Statement::If(branches) => {
                branches.iter().filter_map(|(test, _)| test).for_each(|test| self.idle_test(test, idle));
            }
            Statement::While(test, ..) | Statement::Assert(test, _) => self.idle_test(test, idle),
            Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) => {
                if self.is_known(value) || self.tells_caller(target, value) {
                    idle.push(span(value));
                }
                idle.push(span(target));
                if self.site.last_segment(target).is_some_and(|name| CONTEXTS.contains(&name)) {
                    self.idle_entries(value, idle);
                }
            }
            Statement::Expression(value) if self.is_known(value) => idle.push(span(value)),
            Statement::Return(Some(value)) => {
                if self.is_known(value) {
                    idle.push(span(value));
                }
                self.site.module.values_within(value).for_each(|inner| self.idle_entries(inner, idle));
            }
            Statement::Raise(Some(error), _) => idle.push(span(error)),
            _ => {}
        }
        for root in self.site.module.roots(statement) {
            for value in self.site.module.values_within(root) {
                match self.site.value(value) {
                    Value::Call(..) => self.idle_call(value, idle),
                    Value::Conditional(test, ..) => self.idle_test(test, idle),
                    Value::Attribute(_, name) if LOGGED_IN.contains(&self.site.module.text(name)) => {
                        idle.push(span(value));
                    }
                    Value::Format(_) => idle.push(span(value)),
                    _ => {}
                }
            }
        }
    }

    /// A test of whether somebody is logged in: `if not user`, `if user is None`, `if "user_id" not in session`.
    fn idle_test(&self, test: ValueId, idle: &mut Vec<Span>) {
        let mut idle_if = |is_idle: bool| {
            if is_idle {
                idle.push(self.site.module.span(test));
            }
        };
        match self.site.value(test) {
            Value::Unary(UnaryOperator::Not, inner) => self.idle_test(inner, idle),
            Value::Boolean(_, items) => items.iter().for_each(|item| self.idle_test(item, idle)),
            Value::Compare(comparison) => {
                let Some((left, operator, right)) = comparison.single() else { return };
                let is_nothing = matches!(self.site.value(right), Value::None | Value::Bool(false));
                let is_key = matches!(operator, CompareOperator::In | CompareOperator::NotIn)
                    && matches!(self.site.value(left), Value::Str(_));
                let role = self.site.last_segment(left).is_some_and(is_role);
                idle_if(is_nothing && self.is_known(left) && !role || is_key);
            }
            _ => {
                let role = self.site.last_segment(test).is_some_and(is_role);
                idle_if(self.is_known(test) && !role);
            }
        }
    }

    fn idle_call(&self, value: ValueId, idle: &mut Vec<Span>) {
        let Value::Call(callee, arguments) = self.site.value(value) else { return };
        let Some(name) = self.site.last_segment(callee) else { return };
        let span = self.site.module.span(value);
        let records = |name: &str| has_word(name, RECORDING);
        let receiver = match self.site.value(callee) {
            Value::Attribute(object, _) => match self.site.value(object) {
                Value::Attribute(inner, _) => [self.site.last_segment(object), self.site.last_segment(inner)],
                _ => [self.site.last_segment(object), None],
            },
            _ => [None, None],
        };
        let is_told = TELLING.contains(&name) && !self.is_known(callee) && !receiver_is_known(self, callee);
        if is_told || records(name) || receiver.into_iter().flatten().any(records) {
            idle.push(span);
            return;
        }
        if ANSWERING.contains(&name) {
            self.idle_entries(value, idle);
        }
        // `form.save(updated_by=request.user)`, `update(updated_by=…)`: a note of who did it.
        for (keyword, given) in arguments.keywords() {
            let keyword = self.site.module.text(keyword);
            let is_note = keyword.ends_with("_by") || keyword.ends_with("_by_id") || keyword == "editor";
            if is_note && matches!(name, "save" | "update" | "set" | "values") && self.is_known(given) {
                idle.push(self.site.module.span(given));
            }
        }
    }

    /// What stands under a name in an answer: `{"viewer": current_user.name}`.
    fn idle_entries(&self, value: ValueId, idle: &mut Vec<Span>) {
        let mut add = |entry: ValueId| {
            if self.is_known(entry) {
                idle.push(self.site.module.span(entry));
            }
        };
        match self.site.value(value) {
            Value::Dict(items) => dict_items(items).for_each(|(_, entry)| add(entry)),
            Value::Call(callee, arguments)
                if self.site.last_segment(callee).is_some_and(|name| ANSWERING.contains(&name)) =>
            {
                arguments.keywords().for_each(|(_, entry)| add(entry));
                arguments.positional().iter().for_each(|entry| self.idle_entries_of(entry, idle));
            }
            _ => {}
        }
    }

    fn idle_entries_of(&self, value: ValueId, idle: &mut Vec<Span>) {
        if let Value::Dict(items) = self.site.value(value) {
            let known = dict_items(items).filter(|(_, entry)| self.is_known(*entry));
            idle.extend(known.map(|(_, entry)| self.site.module.span(entry)));
        }
    }
}

fn receiver_is_known(frame: &Frame<'_>, callee: ValueId) -> bool {
    match frame.site.value(callee) {
        Value::Attribute(object, _) => frame.is_known(object),
        _ => false,
    }
}

/// Whether a function that has no request at hand asks who is calling: a manager with the user of the thread.
pub(super) fn mentions_caller(site: Site<'_>, function: FunctionId) -> bool {
    let mut found = false;
    site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
        let roots = site.module.roots(statement).into_iter();
        found = found
            || roots.flat_map(|root| site.module.values_within(root)).any(|value| match site.value(value) {
                Value::Name(name, _) => is_current(site.module.text(name)),
                Value::Attribute(object, name) => {
                    let name = site.module.text(name);
                    is_who(name)
                        && matches!(
                            site.last_segment(object),
                            Some("request" | "g" | "local" | "_local" | "_thread_locals" | "connection")
                        )
                }
                Value::Call(callee, _) => site.last_segment(callee).is_some_and(super::names::tells_who),
                _ => false,
            });
    });
    found
}
