//! Errors that are raised and then lost, and checks that are no checks.

mod handlers;

use self::handlers::{swallowed_in_route, unguarded};
use crate::facts::{Around, Block, DefinitionKind, Handler, Part, Statement, Try, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::rule::{Fact, FactKind, FactNode, Hit, On, Preset, Rule, Site};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "swallowed-exception",
        aliases: &["B110", "B112", "S110", "S112"],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[703, 390],
        message: "this handler drops every error without a trace",
        why: "A fault in the code, a refused access and a lost connection all look like success, and nobody \
              learns of them.",
        help: "catch the exceptions that are expected here, and log what else comes",
        on: On::Fact(&[FactKind::Except], swallowed),
    },
    Rule {
        name: "error-only-logged",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[703, 390],
        message: "this handler logs the error, and the function goes on and answers as if there had been none",
        why: "The caller is told that all is well, and what follows works with a result that was never made.",
        help: "raise the error again, return one, or catch only what can be dealt with here",
        on: On::Fact(&[FactKind::Except], only_logged),
    },
    Rule {
        name: "route-swallows-error",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[390, 703],
        message: "this route logs the error and answers as if there had been none",
        why: "The client is told that what it asked for is done, and neither it nor a retry can put it right.",
        help: "answer with an error, or catch only what can be dealt with here",
        on: On::Handler(swallowed_in_route),
    },
    Rule {
        name: "missing-try-except",
        aliases: &[],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Low,
        cwe: &[248],
        message: "this can fail for reasons outside of the code, and nothing between it and the client catches that",
        why: "The client gets the framework's bare 500, whatever went wrong, and cannot tell whether to try again.",
        help: "catch what it raises and answer with a status that fits, or give the application an error handler",
        on: On::Handler(unguarded),
    },
    Rule {
        name: "assert-access-check",
        aliases: &["B101", "S101"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[617, 284],
        message: "an `assert` decides who or what is let in, and `python -O` removes it",
        why: "An optimised run, which one environment variable switches on, lets everybody through.",
        help: "check it with `if`, and raise an exception that the framework turns into a refusal",
        on: On::Fact(&[FactKind::Assert], access_check),
    },
    Rule {
        name: "assert-used",
        aliases: &["B101", "S101"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[617],
        message: "this check is gone when Python runs with `-O`",
        why: "An assert states what the code believes of itself. Where it checks what came from outside, an \
              optimised run goes on without the check.",
        help: "raise an exception where the condition can fail, keep `assert` for what cannot",
        on: On::Fact(&[FactKind::Assert], plain_assert),
    },
];

/// Silent on handlers of certain exceptions, in tests, and where nothing is lost: optional imports, cleaning
/// up, a value from before that stays, an `else` for success, another way that is tried next.
fn swallowed(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Except(handler, tried) = fact.node else { return None };
    let site = fact.site;
    let module = site.module;
    let nothing = |id| match module.statement(id) {
        Statement::Pass | Statement::Continue | Statement::Docstring => true,
        Statement::Expression(value) => matches!(module.value(value), Value::Ellipsis | Value::None),
        _ => false,
    };
    if !is_broad(site, handler) || !handler.body.iter().all(nothing) || is_test_code(site) {
        return None;
    }
    let around = module.statements_around(handler.start);
    let nothing_lost = is_optional_import(site, tried)
        || is_cleaning_up(site, &around)
        || is_best_effort(site, tried)
        || has_default(site, tried, &around)
        || keeps_a_value(site, tried)
        || !tried.otherwise.is_empty()
        || has_another_way(site, tried, &around);
    (!nothing_lost).then(Hit::here)
}

/// Silent where [`swallowed`] is, in loops (one failure is logged, the next item is tried), and in functions
/// that return nothing: they claim no success.
fn only_logged(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Except(handler, tried) = fact.node else { return None };
    let site = fact.site;
    if !is_broad(site, handler) || !only_logs(site, handler.body) || is_test_code(site) {
        return None;
    }
    let around = site.module.statements_around(handler.start);
    let harmless = is_optional_import(site, tried)
        || is_cleaning_up(site, &around)
        || is_best_effort(site, tried)
        || has_default(site, tried, &around)
        || has_another_way(site, tried, &around)
        || is_in_loop(site, &around)
        || !answers_behind(site, &around);
    (!harmless).then(Hit::here)
}

/// Silent in tests, and on what only tells a type checker something.
fn access_check(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Assert(test, message)) = fact.node else { return None };
    let site = fact.site;
    let silent = is_test_code(site) || is_for_types(site, test);
    (!silent && checks_access(site, test, message)).then(Hit::here)
}

/// Silent where [`access_check`] speaks, in tests, on what only tells a type checker something, and on
/// constants: `assert False` marks what cannot be reached.
fn plain_assert(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Assert(test, message)) = fact.node else { return None };
    let site = fact.site;
    let silent = is_test_code(site)
        || is_for_types(site, test)
        || (message.is_none() && is_bare(site, test))
        || site.constant(test).is_some()
        || checks_access(site, test, message);
    (!silent).then(Hit::here)
}

/// Whether a file is a test by its place, or by what it imports.
fn is_test_code(site: Site<'_>) -> bool {
    site.is_test() || site.imports("pytest") || site.imports("unittest")
}

fn is_broad(site: Site<'_>, handler: Handler<'_>) -> bool {
    let broad = |value| site.is_any(value, &["builtins.Exception", "builtins.BaseException"]);
    match handler.caught.map(|caught| (caught, site.value(caught))) {
        None => true,
        Some((_, Value::Tuple(items))) => items.iter().any(broad),
        Some((caught, _)) => broad(caught),
    }
}

/// `try: import x`, and what is made of `x` beside it.
fn is_optional_import(site: Site<'_>, tried: Try<'_>) -> bool {
    let first = tried.body.iter().next();
    first.is_some_and(|first| matches!(site.module.statement(first), Statement::Import(..)))
}

/// Whether it happens while something is being put away: in a `finally` or a handler, or in a function that
/// is named for it.
fn is_cleaning_up(site: Site<'_>, around: &[Around<'_>]) -> bool {
    const NAMES: [&str; 5] = ["del", "exit", "aexit", "tear", "teardown"];
    if in_function(site, around).any(|one| one.part != Part::Body) {
        return true;
    }
    let function = around.iter().rev().find_map(|one| match site.module.statement(one.statement) {
        Statement::Function(function) => site.module.function(function),
        _ => None,
    });
    function.is_some_and(|function| {
        let first = words(site.module.text(function.name)).next();
        first.is_some_and(|first| NAMES.contains(&&*first) || is_listed(CLEANING, &first))
    })
}

/// First words of names of what puts something away.
const CLEANING: &str = "\
    abort aclose cancel clean cleanup close destroy detach disconnect dispose flush join kill killpg \
    logout quit release reset rmdir rmtree rollback shutdown stop terminate unbind unlink unload \
    unlock unregister unsubscribe wait";

/// Whether all that is tried puts something away: `os.remove(path)`, `if channel: channel.close()`.
fn is_best_effort(site: Site<'_>, tried: Try<'_>) -> bool {
    let (mut all, mut any) = (true, false);
    site.module.walk_block(tried.body, &mut |_, statement| match statement {
        Statement::Expression(value) if puts_away(site, value) => any = true,
        Statement::Assign(_, value) if matches!(site.value(value), Value::None) => any = true,
        Statement::Delete(_) => any = true,
        Statement::If(_) | Statement::With(..) | Statement::Pass | Statement::Docstring => {}
        _ => all = false,
    });
    all && any
}

fn puts_away(site: Site<'_>, value: ValueId) -> bool {
    let value = match site.value(value) {
        Value::Await(inner) => inner,
        _ => value,
    };
    let Value::Call(callee, _) = site.value(value) else { return false };
    let first = site.last_segment(callee).and_then(|name| words(name).next());
    first.is_some_and(|first| is_listed(CLEANING, &first)) || site.is_any(callee, &["os.remove"])
}

/// Whether something that the `try` binds has a value from before: the default that a failure leaves.
fn has_default(site: Site<'_>, tried: Try<'_>, around: &[Around<'_>]) -> bool {
    let Some(place) = around.last() else { return false };
    let mut targets = Vec::new();
    site.module.walk_block(tried.body, &mut |_, statement| targets.extend(target_of(statement)));
    let before: Vec<ValueId> = place.before().filter_map(|id| target_of(site.module.statement(id))).collect();
    let is_set = |target: &ValueId| {
        before.iter().any(|other| same_place(site, *target, *other) || same_place(site, *other, *target))
    };
    !targets.is_empty() && targets.iter().any(is_set)
}

/// Whether a variable that the `try` binds had a value long before: `value = int(value)`, a parameter.
fn keeps_a_value(site: Site<'_>, tried: Try<'_>) -> bool {
    let module = site.module;
    let Some(start) = tried.body.iter().next().map(|first| module.statement_span(first).start) else {
        return false;
    };
    let mut keeps = false;
    module.walk_block(tried.body, &mut |_, statement| {
        keeps |= match statement {
            Statement::Augmented(..) => true,
            Statement::Assign(target, value) => {
                let again = |inner| same_place(site, target, inner);
                is_bound_before(site, target, start) || module.values_within(value).any(again)
            }
            _ => false,
        };
    });
    keeps
}

fn is_bound_before(site: Site<'_>, target: ValueId, offset: u32) -> bool {
    let Value::Name(_, Some(binding)) = site.value(target) else { return false };
    site.module.definitions(binding).iter().any(|definition| match definition.kind {
        DefinitionKind::Parameter => true,
        _ => definition.value().is_some_and(|value| site.module.span(value).start < offset),
    })
}

fn target_of(statement: Statement<'_>) -> Option<ValueId> {
    match statement {
        Statement::Assign(target, _)
        | Statement::Annotated(target, _, Some(_))
        | Statement::Augmented(target, ..) => Some(target),
        _ => None,
    }
}

/// Whether two targets are the same variable, or the same attribute or item of one.
fn same_place(site: Site<'_>, one: ValueId, other: ValueId) -> bool {
    match (site.value(one), site.value(other)) {
        (Value::Name(_, one), Value::Name(_, other)) => one == other,
        (Value::Attribute(one, a), Value::Attribute(other, b)) => a == b && same_place(site, one, other),
        (Value::Item(one, a), Value::Item(other, b)) => {
            same_place(site, one, other) && same_place(site, a, b)
        }
        (Value::Str(one), Value::Str(other)) => one == other,
        (Value::Tuple(items), _) => items.iter().any(|item| same_place(site, item, other)),
        _ => false,
    }
}

/// Whether success leaves by `return` or `break` and something else comes behind for failure.
fn has_another_way(site: Site<'_>, tried: Try<'_>, around: &[Around<'_>]) -> bool {
    let mut leaves = false;
    for block in [tried.body, tried.otherwise] {
        site.module.walk_block(block, &mut |_, statement| {
            leaves |= matches!(statement, Statement::Return(_) | Statement::Break | Statement::Continue);
        });
    }
    leaves && comes_behind(site, around)
}

/// Whether anything runs behind a `try` in the function it stands in.
fn comes_behind(site: Site<'_>, around: &[Around<'_>]) -> bool {
    is_in_loop(site, around) || in_function(site, around).any(|one| one.behind().next().is_some())
}

fn is_in_loop(site: Site<'_>, around: &[Around<'_>]) -> bool {
    let is_loop = |statement| matches!(statement, Statement::While(..) | Statement::For(..));
    in_function(site, around).any(|one| is_loop(site.module.statement(one.statement)))
}

/// The statements around a place within the function or class that it stands in, from inside outwards.
fn in_function<'m>(site: Site<'m>, around: &[Around<'m>]) -> impl Iterator<Item = Around<'m>> {
    let is_definition = |statement| matches!(statement, Statement::Function(_) | Statement::Class(_));
    let outwards = around.iter().rev().copied();
    outwards.take_while(move |one| !is_definition(site.module.statement(one.statement)))
}

/// Whether the function returns a value behind the `try`.
fn answers_behind(site: Site<'_>, around: &[Around<'_>]) -> bool {
    let mut behind = in_function(site, around).flat_map(Around::behind);
    behind.any(|id| match site.module.statement(id) {
        Statement::Return(Some(value)) => !matches!(site.value(value), Value::None),
        _ => false,
    })
}

/// Whether a handler logs or prints, and does nothing else.
fn only_logs(site: Site<'_>, body: Block<'_>) -> bool {
    let mut logs = false;
    let quiet = body.iter().all(|id| match site.module.statement(id) {
        Statement::Expression(value) => {
            logs = true;
            is_log(site, value)
        }
        Statement::Pass | Statement::Docstring => true,
        _ => false,
    });
    quiet && logs
}

fn is_log(site: Site<'_>, value: ValueId) -> bool {
    const FUNCTIONS: [&str; 7] = [
        "builtins.print",
        "pprint.pprint",
        "traceback.print_exc",
        "traceback.print_exception",
        "traceback.print_stack",
        "warnings.warn",
        "sys.stderr.write",
    ];
    const METHODS: [&str; 11] = [
        "critical",
        "debug",
        "error",
        "exception",
        "fatal",
        "info",
        "log",
        "trace",
        "warn",
        "warning",
        "success",
    ];
    let value = match site.value(value) {
        Value::Await(inner) => inner,
        _ => value,
    };
    let Value::Call(callee, _) = site.value(value) else { return false };
    if site.is_any(callee, &FUNCTIONS) {
        return true;
    }
    let Value::Attribute(logger, method) = site.value(callee) else { return false };
    METHODS.contains(&site.module.text(method)) && is_logger(site, logger)
}

/// `log`, `self.logger`, `current_app.logger`, `logging`, `logging.getLogger(…)`.
fn is_logger(site: Site<'_>, value: ValueId) -> bool {
    let named = site.called(value);
    let by_name = site.last_segment(named).is_some_and(|name| name.to_ascii_lowercase().contains("log"));
    by_name || site.is_instance(value, &["logging.Logger", "logging.LoggerAdapter"])
}

/// `assert self.entry`: what a type checker is told of an optional value.
fn is_bare(site: Site<'_>, test: ValueId) -> bool {
    match site.value(test) {
        Value::Name(..) | Value::Attribute(..) => true,
        Value::Boolean(true, items) => items.iter().all(|item| is_bare(site, item)),
        _ => false,
    }
}

/// Whether an assert is there for a type checker: it narrows a type, or stands below `if TYPE_CHECKING`.
fn is_for_types(site: Site<'_>, test: ValueId) -> bool {
    let checking = |test| site.last_segment(test) == Some("TYPE_CHECKING");
    let around = site.module.statements_around(site.module.span(test).start);
    is_narrowing(site, test)
        || around.iter().any(|one| match site.module.statement(one.statement) {
            Statement::If(branches) => branches.iter().filter_map(|(test, _)| test).any(checking),
            _ => false,
        })
}

/// Whether a test narrows a type: `isinstance`, `is not None`.
fn is_narrowing(site: Site<'_>, test: ValueId) -> bool {
    const CALLS: [&str; 4] =
        ["builtins.isinstance", "builtins.issubclass", "builtins.callable", "builtins.hasattr"];
    match site.value(test) {
        Value::Call(callee, _) => site.is_any(callee, &CALLS),
        Value::Compare(comparison) => {
            comparison.rest().all(|(_, right)| matches!(site.value(right), Value::None))
        }
        Value::Boolean(_, items) => items.iter().all(|item| is_narrowing(site, item)),
        Value::Unary(_, operand) => is_narrowing(site, operand),
        _ => false,
    }
}

/// Whether an assert is about who somebody is, what they may do, or what a request holds.
fn checks_access(site: Site<'_>, test: ValueId, message: Option<ValueId>) -> bool {
    let refuses = message.is_some_and(|message| {
        let said = site.text(message).skeleton().to_ascii_lowercase();
        REFUSALS.iter().any(|word| said.contains(word))
    });
    refuses || site.module.values_within(test).any(|value| is_about_access(site, value))
}

/// What a message says that refuses somebody.
const REFUSALS: [&str; 6] =
    ["permission", "access denied", "forbidden", "unauthorized", "unauthenticated", "not authorized"];

/// Names of what decides about access, of whatever object.
const DECISIONS: &str = "\
    check_access check_password check_permission check_permissions compare_digest current_user \
    has_access has_perm has_permission has_permissions has_perms has_role has_scope is_admin \
    is_anonymous is_authenticated is_authorized is_owner is_staff is_superuser user_passes_test \
    verify_password verify_signature verify_token";

/// Names of people and of what stands for them.
const PEOPLE: &str = "\
    account actor customer member owner partner principal tenant user";

/// What of a request comes from the client.
const SENT: &str = "\
    COOKIES FILES GET META POST args body cookies data files form get_json headers json path_params \
    query_params user values";

fn is_about_access(site: Site<'_>, value: ValueId) -> bool {
    let text = |value| match site.value(value) {
        Value::Str(text) => Some(site.module.text(text)),
        _ => None,
    };
    let (object, name) = match site.value(value) {
        Value::Name(name, _) => (None, site.module.text(name)),
        Value::Attribute(object, name) => (Some(object), site.module.text(name)),
        Value::Item(object, key) => match text(key) {
            Some(key) => (Some(object), key),
            None => return false,
        },
        _ => return false,
    };
    let of = object.and_then(|object| site.last_segment(object)).unwrap_or_default();
    let last_word = || words(of).last();
    is_listed(DECISIONS, name)
        || (of == "request" && is_listed(SENT, name))
        || (matches!(name, "active" | "is_active" | "role" | "roles" | "permissions")
            && last_word().is_some_and(|word| is_listed(PEOPLE, &word)))
}

/// Whether a list, its words with a space between, has a word.
fn is_listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|listed| listed == word)
}

/// The words of a name, in lower case.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split('_').filter(|word| !word.is_empty()).map(str::to_ascii_lowercase)
}
