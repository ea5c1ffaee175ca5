//! Errors that a route keeps from its client.

use super::{
    comes_behind, has_another_way, has_default, is_best_effort, is_broad, is_cleaning_up, is_in_loop, is_log,
    is_optional_import, is_test_code, puts_away,
};
use crate::facts::{Anchor, Block, Handler, Span, Statement, Try, Value, ValueId};
use crate::rule::{Handling, Hit, Site};

/// What fails for reasons that no code can rule out: files, peers, what they hold.
const FAILING: &[&str] = &[
    "builtins.open",
    "json.load",
    "requests.get",
    "requests.post",
    "requests.put",
    "requests.patch",
    "requests.delete",
    "requests.head",
    "requests.request",
    "httpx.get",
    "httpx.post",
    "httpx.put",
    "httpx.patch",
    "httpx.delete",
    "httpx.request",
    "urllib.request.urlopen",
    "socket.create_connection",
    "smtplib.SMTP",
    "subprocess.check_output",
    "subprocess.check_call",
];

/// Silent in tests, in loops (one failure is logged, the next item is tried), on cleaning up, and where a value from
/// before or another way makes up for the failure.
pub(super) fn swallowed_in_route(handling: &Handling<'_>) -> Vec<Hit> {
    let Handling { site, function, .. } = *handling;
    let mut hits = Vec::new();
    if is_test_code(site) {
        return hits;
    }
    site.module.walk_block(site.module.function_body(function), &mut |_, statement| match statement {
        Statement::Try(tried) => {
            hits.extend(tried.handlers().filter_map(|handler| hidden(site, handler, tried)));
        }
        Statement::With(contexts, body) => {
            let suppressed =
                contexts.iter().map(|(context, _)| context).find(|one| suppresses_all(site, *one));
            hits.extend(suppressed.filter(|_| !only_puts_away(site, body)).map(|context| {
                Hit::at(site.module.span(context)).anchor(Anchor::Value(context)).says(
                    "every error in this block is dropped, and the route answers as if there had been none",
                )
            }));
        }
        _ => {}
    });
    hits
}

fn hidden(site: Site<'_>, handler: Handler<'_>, tried: Try<'_>) -> Option<Hit> {
    let mut logs = false;
    if !is_quiet(site, handler.body, &mut logs) || !logs {
        return None;
    }
    let around = site.module.statements_around(handler.start);
    if !is_broad(site, handler) && comes_behind(site, &around) {
        return None;
    }
    let harmless = is_optional_import(site, tried)
        || is_cleaning_up(site, &around)
        || is_best_effort(site, tried)
        || has_default(site, tried, &around)
        || has_another_way(site, tried, &around)
        || is_in_loop(site, &around)
        || !tried.otherwise.is_empty();
    let first = handler.body.iter().next()?;
    let anchor = handler.caught.map_or(Anchor::Text, Anchor::Value);
    let span = Span { start: handler.start, end: site.module.statement_span(first).end };
    (!harmless).then(|| Hit::at(span).anchor(anchor))
}

/// Whether a block logs or does nothing, whatever it asks.
fn is_quiet(site: Site<'_>, block: Block<'_>, logs: &mut bool) -> bool {
    block.iter().all(|id| match site.module.statement(id) {
        Statement::Expression(value) => {
            let is_logged = is_log(site, value);
            *logs |= is_logged;
            is_logged || matches!(site.value(value), Value::Ellipsis | Value::None)
        }
        Statement::If(branches) => branches.iter().all(|(_, block)| is_quiet(site, block, logs)),
        Statement::Pass | Statement::Docstring => true,
        _ => false,
    })
}

/// `contextlib.suppress(Exception)`
fn suppresses_all(site: Site<'_>, context: ValueId) -> bool {
    let Value::Call(callee, arguments) = site.value(context) else { return false };
    site.is_any(callee, &["contextlib.suppress"])
        && arguments
            .positional()
            .iter()
            .any(|one| site.is_any(one, &["builtins.Exception", "builtins.BaseException"]))
}

fn only_puts_away(site: Site<'_>, body: Block<'_>) -> bool {
    body.iter().all(|id| match site.module.statement(id) {
        Statement::Expression(value) => puts_away(site, value),
        Statement::Delete(_) | Statement::Pass => true,
        _ => false,
    })
}

/// Silent in tests, where anything is caught in the handler, and where the application has a page for errors.
pub(super) fn unguarded(handling: &Handling<'_>) -> Vec<Hit> {
    let Handling { web, site, function, .. } = *handling;
    if is_test_code(site) || web.error_pages().iter().any(|page| page.status >= 500) {
        return Vec::new();
    }
    let module = site.module;
    let (mut caught, mut failing) = (false, None);
    module.walk_block(module.function_body(function), &mut |_, statement| {
        caught |= matches!(statement, Statement::Try(_));
        let roots = module.roots(statement).into_iter();
        let mut calls = roots.flat_map(|root| module.values_within(root)).filter(
            |value| matches!(site.value(*value), Value::Call(callee, _) if site.is_any(callee, FAILING)),
        );
        failing = failing.or_else(|| calls.next());
    });
    let found = failing.filter(|_| !caught).into_iter();
    found.map(|call| Hit::at(module.span(call)).anchor(Anchor::Value(call))).collect()
}
