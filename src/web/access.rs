//! What lets only some callers pass: decorators, dependencies, permission classes, checks in the code.
//!
//! In order: what the models know; what the code of the project does (it refuses with 401 or 403, or sends to a
//! login); what its name says.

use super::checks::handed_on;
use super::model::{Evidence, Means, Place};
use super::names::{ENTRANCES, ERRORS, STRONG, WEAK, by_name, is_firm};
use super::refusals::{hides, is_refusal_word, says_unknown, statement_refuses};
use crate::facts::{
    Arguments, Block, FunctionId, Module, Span, Statement, Value, ValueId, hash_text, join_hash,
};
use crate::project::{Entity, FileId, Project, Site, Type, has_word, words};

/// How many calls deep a refusal is looked for.
const DEEPEST: u32 = 3;

/// What an expression says about who may call, if anything: a decorator, a dependency, a permission class.
pub(super) fn of(site: Site<'_>, value: ValueId, means: Means) -> Option<Evidence> {
    let (callee, arguments) = site.applied(value);
    if arguments.is_some_and(|arguments| is_optional(site, arguments)) {
        return None;
    }
    let opens = !protects(site, callee)?;
    let place = Place { file: site.file, span: site.module.span(value) };
    Some(Evidence { means, name: name_of(site, callee), place, opens })
}

/// `jwt_required(optional=True)`: whoever is known is known, and all others pass.
fn is_optional(site: Site<'_>, arguments: Arguments<'_>) -> bool {
    let is_true = |value| site.constant(value).is_some_and(|constant| constant.is_true());
    site.keyword(arguments, "optional").is_some_and(is_true)
}

/// Whether it lets only some callers pass, or all; `None` where it says nothing about that.
fn protects(site: Site<'_>, callee: ValueId) -> Option<bool> {
    known(site, callee).or_else(|| by_code(site, callee)).or_else(|| {
        let name = site.last_segment(callee)?;
        // Code that is in sight and refuses nobody needs a name that leaves no doubt.
        let is_enough = |protects: &bool| !*protects || is_firm(name) || callee_of(site, callee).is_none();
        by_name(name).filter(is_enough)
    })
}

/// What the models know of it.
pub(super) fn known(site: Site<'_>, callee: ValueId) -> Option<bool> {
    let project = site.project;
    let of_path = |path: u64| match (project.models().protects(path), project.models().opens(path)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    if let Some(found) = site.resolve(callee) {
        if let Some(answer) = project.paths(found).find_map(of_path) {
            return Some(answer);
        }
        if let Entity::Class(file, class) = found.entity {
            let bases = project.external_bases(Type::Class(file, class));
            return bases.iter().copied().find_map(of_path);
        }
    }
    let Value::Attribute(object, name) = site.value(callee) else { return None };
    let class = site.type_of(object)?;
    let name = site.module.names().hash(name);
    project.external_bases(class).iter().find_map(|&base| of_path(join_hash(base, name)))
}

/// What a function of the project does: whether it refuses callers.
fn by_code(site: Site<'_>, callee: ValueId) -> Option<bool> {
    let (file, function) = callee_of(site, callee).or_else(|| instance_call(site, callee))?;
    refuses_always(site.project, file, function, DEEPEST).then_some(true)
}

/// What calling an instance of a class of the project runs: a decorator may be one.
fn instance_call(site: Site<'_>, callee: ValueId) -> Option<(FileId, FunctionId)> {
    let Entity::Class(file, class) = site.resolve(callee)?.entity else { return None };
    match site.project.method(Type::Class(file, class), hash_text("__call__"))? {
        Entity::Function(file, function) => Some((file, function)),
        _ => None,
    }
}

/// The function of the project that is called.
pub(super) fn callee_of(site: Site<'_>, callee: ValueId) -> Option<(FileId, FunctionId)> {
    if let Some(Entity::Function(file, function)) = site.resolve(callee).map(|found| found.entity) {
        return Some((file, function));
    }
    let Value::Attribute(object, name) = site.value(callee) else { return None };
    match site.project.method(site.type_of(object)?, site.module.names().hash(name))? {
        Entity::Function(file, function) => Some((file, function)),
        _ => None,
    }
}

/// Whether a function, or one that it calls, refuses callers: raises or answers 401 or 403, or sends to a login.
pub(super) fn refuses(project: &Project, file: FileId, function: FunctionId, depth: u32) -> bool {
    let Some(site) = Site::new(project, file) else { return false };
    let mut found = false;
    let (mut called, mut returned) = (Vec::new(), Vec::new());
    let caught = swallowed(site, function);
    site.module.walk_function(function, &mut |id, statement| {
        if caught.iter().any(|span| span.covers(site.module.statement_span(id))) {
            return;
        }
        found = found || statement_refuses(site, statement);
        called.extend(calls_in(site.module, statement));
        returned.extend(made_by(site, statement));
    });
    if found || depth == 0 {
        return found;
    }
    let speaks =
        |callee: &ValueId| site.last_segment(*callee).is_some_and(|name| by_name(name) == Some(true));
    let refuses = |callee| {
        callee_of(site, callee)
            .is_some_and(|(file, function)| refuses_always(project, file, function, depth - 1))
    };
    called.into_iter().filter(speaks).any(refuses) || returned.into_iter().any(refuses)
}

/// Whether a function itself refuses callers, whatever it asks them.
pub fn refuses_somebody(project: &Project, file: FileId, function: FunctionId) -> bool {
    refuses(project, file, function, 0)
}

/// Whether a function refuses callers whatever else holds.
fn refuses_always(project: &Project, file: FileId, function: FunctionId, depth: u32) -> bool {
    let at_times = || Site::new(project, file).is_none_or(|owner| refuses_at_times(owner, function));
    refuses(project, file, function, depth) && !at_times()
}

/// The method or property that makes what a statement returns: `return self.wrap(view)`, `return answers.no_token`.
fn made_by(site: Site<'_>, statement: Statement<'_>) -> Option<ValueId> {
    let Statement::Return(Some(value)) = statement else { return None };
    match site.value(value) {
        Value::Call(callee, _) => Some(callee),
        Value::Attribute(..) => Some(value),
        _ => None,
    }
}

/// The callees of what a function calls, but for what it tries and gives up without a word.
pub(super) fn calls_of(site: Site<'_>, function: FunctionId) -> Vec<ValueId> {
    let caught = swallowed(site, function);
    let mut called = Vec::new();
    site.module.walk_function(function, &mut |id, statement| {
        if !caught.iter().any(|span| span.covers(site.module.statement_span(id))) {
            called.extend(calls_in(site.module, statement));
        }
    });
    called
}

/// What stands in a `try` of which a refusal does not get out: it is caught, and nothing is raised in its place.
fn swallowed(site: Site<'_>, function: FunctionId) -> Vec<Span> {
    let mut found = Vec::new();
    site.module.walk_function(function, &mut |_, statement| {
        let Statement::Try(parts) = statement else { return };
        let mut handlers = parts.handlers();
        if handlers.any(|handler| catches_refusal(site, handler.caught) && is_silent(site, handler.body)) {
            found.extend(parts.body.iter().map(|id| site.module.statement_span(id)));
        }
    });
    found
}

/// Whether a clause catches what refuses callers: everything, errors of HTTP or of authentication.
fn catches_refusal(site: Site<'_>, caught: Option<ValueId>) -> bool {
    let Some(caught) = caught else { return true };
    if let Value::Tuple(items) = site.value(caught) {
        return items.iter().any(|item| catches_refusal(site, Some(item)));
    }
    site.last_segment(caught).is_some_and(|name| {
        matches!(name, "Exception" | "BaseException")
            || name.ends_with("HTTPException")
            || is_refusal_word(name)
            || has_word(name, ERRORS)
    })
}

/// Whether a clause neither raises nor refuses.
fn is_silent(site: Site<'_>, block: Block<'_>) -> bool {
    let mut silent = true;
    site.module.walk_block(block, &mut |_, statement| {
        silent = silent && !matches!(statement, Statement::Raise(..)) && !statement_refuses(site, statement);
    });
    silent
}

fn calls_in<'m>(module: &'m Module, statement: Statement<'m>) -> Vec<ValueId> {
    let roots = module.roots(statement).into_iter();
    roots
        .flat_map(|root| module.values_within(root))
        .filter_map(|value| match module.value(value) {
            Value::Call(callee, _) => Some(callee),
            _ => None,
        })
        .collect()
}

/// Whether each refusal of a function depends on more than on who is calling, and where to: on a switch, on the object.
fn refuses_at_times(site: Site<'_>, function: FunctionId) -> bool {
    let (mut always, mut at_times) = (false, false);
    site.module.walk_function(function, &mut |_, statement| {
        let Statement::If(branches) = statement else { return };
        for (test, block) in branches.iter() {
            let Some(test) = test else { continue };
            let refused = block_refuses(site, block);
            let depends = asks_more(site, test);
            always = always || refused && asks_who(site, test) && !depends;
            at_times = at_times || refused && depends;
        }
    });
    at_times && !always
}

/// `not user.is_staff and obj.is_private`: whether a test holds only where something else does.
fn asks_more(site: Site<'_>, test: ValueId) -> bool {
    match site.value(test) {
        Value::Boolean(true, items) => {
            items.iter().any(|item| !asks_who(site, item) && !names_path(site, item))
        }
        _ => false,
    }
}

/// Whether an expression looks at where a request goes.
pub(super) fn names_path(site: Site<'_>, value: ValueId) -> bool {
    let paths =
        ["path", "path_info", "url_name", "namespace", "view_name", "get_full_path", "resolver_match"];
    let mut inner = site.module.values_within(value);
    inner.any(|one| site.last_segment(one).is_some_and(|name| paths.contains(&name)))
}

/// Whether something in a block refuses callers.
fn block_refuses(site: Site<'_>, block: Block<'_>) -> bool {
    let mut found = false;
    site.module.walk_block(block, &mut |_, inner| found = found || statement_refuses(site, inner));
    found
}

/// What the code of a handler itself says about who may call.
pub(super) fn check(site: Site<'_>, function: FunctionId) -> Option<Evidence> {
    let name = site.module.function(function).map_or("", |facts| site.module.text(facts.name));
    if has_word(name, ENTRANCES) {
        return None;
    }
    check_in(site, site.module.function_body(function))
}

/// What the code of a block itself says about who may call.
pub(super) fn check_in(site: Site<'_>, block: Block<'_>) -> Option<Evidence> {
    let mut found = None;
    site.module.walk_block(block, &mut |_, statement| {
        if found.is_none() {
            found = condition(site, statement)
                .or_else(|| helper(site, statement))
                .or_else(|| handed_on(site, statement));
        }
    });
    found.map(|value| checked(site, value))
}

/// A check of the code, as evidence.
pub(super) fn checked(site: Site<'_>, value: ValueId) -> Evidence {
    let place = Place { file: site.file, span: site.module.span(value) };
    Evidence { means: Means::Check, name: name_of(site, value), place, opens: false }
}

/// `if not current_user…: abort(403)`: the test; or `if not await self.check_auth(): return`, which itself refuses.
fn condition(site: Site<'_>, statement: Statement<'_>) -> Option<ValueId> {
    let Statement::If(branches) = statement else { return None };
    for (test, block) in branches.iter() {
        let Some(test) = test else { continue };
        if turns_away(site, test, block) {
            return Some(test);
        }
        let asked = site.module.values_within(test).find(|value| is_guard_call(site, *value));
        if asked.is_some() {
            return asked;
        }
    }
    None
}

/// Whether an expression calls what refuses callers, and says so.
fn is_guard_call(site: Site<'_>, value: ValueId) -> bool {
    let Value::Call(callee, _) = site.value(value) else { return false };
    known(site, callee) == Some(true)
        || by_code(site, callee) == Some(true) && site.last_segment(callee).and_then(by_name) == Some(true)
}

/// Whether a block is where callers are turned away that a test finds wanting: it refuses, or the test has done so.
pub(super) fn turns_away(site: Site<'_>, test: ValueId, block: Block<'_>) -> bool {
    let (mut refused, mut hidden, mut unknown) = (false, false, false);
    site.module.walk_block(block, &mut |_, inner| {
        refused = refused || statement_refuses(site, inner) || answers_refusal(site, inner);
        hidden = hidden || hides(site, inner);
        unknown = unknown || says_unknown(site, inner);
    });
    let asks = refused && asks_who(site, test) || hidden && asks_rights(site, test) || unknown;
    let has_refused = || site.module.values_within(test).any(|value| is_guard_call(site, value));
    asks && !asks_more(site, test) || ends(site, block) && has_refused()
}

/// Whether a block leaves the function, or the turn of a loop, at its end.
pub(super) fn ends(site: Site<'_>, block: Block<'_>) -> bool {
    block.iter().next_back().is_some_and(|last| {
        matches!(
            site.module.statement(last),
            Statement::Return(_) | Statement::Raise(..) | Statement::Continue
        )
    })
}

/// `return unauthorized_response()`: answers with what a function of the project makes, which only refuses.
fn answers_refusal(site: Site<'_>, statement: Statement<'_>) -> bool {
    let Statement::Return(Some(value)) = statement else { return false };
    let Value::Call(callee, _) = site.value(value) else { return false };
    let Some((file, function)) = callee_of(site, callee) else { return false };
    let Some(owner) = Site::new(site.project, file) else { return false };
    let mut decides = false;
    owner.module.walk_function(function, &mut |_, inner| decides |= matches!(inner, Statement::If(_)));
    !decides && refuses(site.project, file, function, 0)
}

/// Whether a test asks for what only known callers have. "No such user" is another matter.
fn asks_rights(site: Site<'_>, test: ValueId) -> bool {
    let rights = ["is_authenticated", "is_anonymous", "is_staff", "is_superuser", "has_perm", "has_perms"];
    let mut inner = site.module.values_within(test);
    inner.any(|value| site.last_segment(value).is_some_and(|name| rights.contains(&name)))
}

/// Whether a test asks who is calling.
pub(super) fn asks_who(site: Site<'_>, test: ValueId) -> bool {
    site.module.values_within(test).any(|inner| match site.value(inner) {
        Value::Name(name, _) | Value::Attribute(_, name) | Value::Str(name) => {
            let words = words(site.module.text(name));
            words.iter().any(|word| STRONG.contains(&word.as_str()) || WEAK.contains(&word.as_str()))
        }
        _ => false,
    })
}

/// A call of a function that refuses, by its own statement or as what a variable is set to.
pub(super) fn helper(site: Site<'_>, statement: Statement<'_>) -> Option<ValueId> {
    let (Statement::Expression(value) | Statement::Assign(_, value)) = statement else { return None };
    let value = match site.value(value) {
        Value::Await(inner) => inner,
        _ => value,
    };
    is_guard_call(site, value).then_some(value)
}

/// An expression as people would name it: its last dotted part or two.
pub(super) fn name_of(site: Site<'_>, value: ValueId) -> String {
    match site.value(value) {
        Value::Name(name, _) => site.module.text(name).to_owned(),
        Value::Attribute(object, name) => {
            let name = site.module.text(name);
            match site.last_segment(object) {
                Some(object) => format!("{object}.{name}"),
                None => name.to_owned(),
            }
        }
        Value::Call(callee, _) => name_of(site, callee),
        Value::Unary(_, inner) => name_of(site, inner),
        Value::Compare(comparison) => name_of(site, comparison.left()),
        Value::Boolean(_, items) => items.get(0).map_or_else(String::new, |item| name_of(site, item)),
        _ => "a condition".to_owned(),
    }
}
