//! The paths that the code of a handler compares the request's with, and what it checks before it answers there.

use super::super::collect::{handler_of, texts};
use super::super::model::{Evidence, Handler, Methods, Place, RoutePath};
use super::super::{access, views};
use crate::facts::{
    Block, Branches, CompareOperator, FunctionId, Statement, UnaryOperator, Value, ValueId, dict_items,
};
use crate::project::{Entity, FileId, Site};

/// How many calls deep comparisons are looked for.
const DEEPEST: u32 = 3;

/// A path that is asked for.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub path: RoutePath,
    /// Where the code asks for the method too.
    pub methods: Option<Methods>,
    pub evidence: Vec<Evidence>,
    /// Where a table names it.
    pub handler: Option<Handler>,
    pub place: Place,
}

/// What holds where a statement runs.
#[derive(Clone, Default)]
struct Context {
    check: Option<Evidence>,
    methods: Option<Methods>,
}

/// The place of a function.
pub(super) fn place(site: Site<'_>, function: FunctionId) -> Place {
    let span = site.module.function(function).map(|facts| facts.name_span).unwrap_or_default();
    Place { file: site.file, span }
}

/// The paths that a function compares with, or one that it calls.
pub(super) fn of(site: Site<'_>, function: FunctionId) -> Vec<Branch> {
    let mut seen = vec![(site.file, function)];
    let mut found = within(site, function, &Context::default(), DEEPEST, &mut seen);
    let mut kept: Vec<Branch> = Vec::new();
    for branch in found.drain(..) {
        let same = |one: &Branch| one.path == branch.path && one.methods == branch.methods;
        if !kept.iter().any(same) {
            kept.push(branch);
        }
    }
    kept
}

fn within(
    site: Site<'_>,
    function: FunctionId,
    context: &Context,
    depth: u32,
    seen: &mut Vec<(FileId, FunctionId)>,
) -> Vec<Branch> {
    let mut walk = Walk { site, found: Vec::new(), called: Vec::new() };
    walk.block(site.module.function_body(function), context);
    if !walk.found.is_empty() || depth == 0 {
        return walk.found;
    }
    let mut found = Vec::new();
    for (callee, context) in walk.called {
        let Some((file, function)) = access::callee_of(site, callee) else { continue };
        let Some(owner) = Site::new(site.project, file).filter(|_| !seen.contains(&(file, function))) else {
            continue;
        };
        seen.push((file, function));
        found.extend(within(owner, function, &context, depth - 1, seen));
    }
    found
}

/// A walk over the code of a handler.
struct Walk<'p> {
    site: Site<'p>,
    found: Vec<Branch>,
    /// What is called, with what holds there.
    called: Vec<(ValueId, Context)>,
}

impl<'p> Walk<'p> {
    fn block(&mut self, block: Block<'p>, context: &Context) {
        let mut context = context.clone();
        for (index, id) in block.iter().enumerate() {
            let statement = self.site.module.statement(id);
            match statement {
                Statement::If(branches) => {
                    let behind: Vec<_> = block.iter().skip(index + 1).collect();
                    self.choice(branches, &mut context, behind.is_empty());
                }
                Statement::Match(subject, cases) if is_path(self.site, subject) => {
                    for (pattern, _, block) in cases.iter() {
                        let paths = pattern_texts(self.site, pattern).into_iter().map(exact).collect();
                        self.branch(paths, pattern, block, &context);
                    }
                }
                Statement::With(_, body) | Statement::For(_, _, body, _) | Statement::While(_, body, _) => {
                    self.block(body, &context);
                }
                Statement::Try(parts) => {
                    self.block(parts.body, &context);
                    self.block(parts.otherwise, &context);
                }
                _ => self.plain(statement, &mut context),
            }
        }
    }

    /// A statement without blocks: a check, a call, a look-up in a table of paths.
    fn plain(&mut self, statement: Statement<'p>, context: &mut Context) {
        let site = self.site;
        if context.check.is_none() {
            context.check = access::helper(site, statement).map(|value| access::checked(site, value));
        }
        for root in site.module.roots(statement) {
            for value in site.module.values_within(root) {
                match site.value(value) {
                    Value::Call(callee, arguments) => {
                        self.called.push((callee, context.clone()));
                        if let Value::Attribute(table, name) = site.value(callee)
                            && site.module.text(name) == "get"
                            && let Some(key) = arguments.positional().get(0)
                        {
                            self.table(table, key, context);
                        }
                    }
                    Value::Item(table, key) => self.table(table, key, context),
                    _ => {}
                }
            }
        }
    }

    /// The branches of an `if`.
    fn choice(&mut self, branches: Branches<'p>, context: &mut Context, is_last: bool) {
        let site = self.site;
        let turned_away: Vec<bool> = branches.iter().map(|(_, block)| refuses(site, block)).collect();
        let mut passed: Option<Evidence> = None;
        for (index, (test, block)) in branches.iter().enumerate() {
            let mut inner = context.clone();
            let Some(test) = test else {
                inner.check = inner.check.or_else(|| passed.clone());
                self.block(block, &inner);
                continue;
            };
            self.plain(Statement::Expression(test), &mut inner);
            let asked = asked(site, test);
            let is_other = asked.is_empty();
            inner.methods = methods(site, test).or(inner.methods);
            inner.check = inner.check.or_else(|| passed.clone());
            let others = turned_away.iter().enumerate().any(|(other, refuses)| other != index && *refuses);
            if others && access::asks_who(site, test) && asked.without.is_empty() {
                inner.check = inner.check.or_else(|| Some(access::checked(site, test)));
            }
            if asked.with.is_empty() {
                self.block(block, &inner);
            } else {
                self.branch(asked.with, test, block, &inner);
            }
            if !asked.without.is_empty() && !is_last {
                self.push(asked.without, test, context, None);
            } else if is_other && access::turns_away(site, test, block) {
                passed = Some(access::checked(site, test));
                if access::ends(site, block) {
                    context.check = context.check.clone().or_else(|| passed.clone());
                }
            }
        }
    }

    /// Paths, and what is done there: the paths asked for within, or these.
    fn branch(&mut self, paths: Vec<RoutePath>, test: ValueId, block: Block<'p>, context: &Context) {
        if paths.is_empty() {
            return self.block(block, context);
        }
        let before = self.found.len();
        self.block(block, context);
        if self.found.len() == before {
            self.push(paths, test, context, Some(block));
        }
    }

    fn push(&mut self, paths: Vec<RoutePath>, test: ValueId, context: &Context, block: Option<Block<'p>>) {
        let site = self.site;
        let own = block.and_then(|block| access::check_in(site, block));
        let evidence: Vec<Evidence> = context.check.clone().or(own).into_iter().collect();
        let methods = context.methods.or_else(|| methods_in(site, block?));
        let place = Place { file: site.file, span: site.module.span(test) };
        for path in paths {
            let evidence = evidence.clone();
            self.found.push(Branch { path, methods, evidence, handler: None, place });
        }
    }

    /// `ROUTES[self.path]`, `ROUTES.get(("GET", path))`.
    fn table(&mut self, table: ValueId, key: ValueId, context: &Context) {
        let site = self.site;
        let parts: Vec<ValueId> = match site.value(key) {
            Value::Tuple(items) => items.iter().collect(),
            _ => vec![key],
        };
        if !parts.iter().any(|part| is_path(site, *part)) {
            return;
        }
        let Some((owner, items)) = dictionary(site, table) else { return };
        for (key, value) in items {
            let handler = handler_of(owner, value);
            let texts = match owner.value(key) {
                Value::Tuple(items) => items.iter().flat_map(|item| texts(owner, item)).collect(),
                _ => texts(owner, key),
            };
            let (named, paths): (Vec<String>, Vec<String>) =
                texts.into_iter().partition(|text| !Methods::of(text).is_empty());
            let named = named.iter().fold(Methods::default(), |all, name| all.and(Methods::of(name)));
            let inside = handler
                .function
                .and_then(|function| access::check(Site::new(site.project, handler.file)?, function));
            for path in paths {
                self.found.push(Branch {
                    path: exact(path),
                    methods: Some(named).filter(|named| !named.is_empty()).or(context.methods),
                    evidence: context.check.clone().or_else(|| inside.clone()).into_iter().collect(),
                    handler: Some(handler).filter(|handler| handler.function.is_some()),
                    place: Place { file: owner.file, span: owner.module.span(key) },
                });
            }
        }
    }
}

fn refuses(site: Site<'_>, block: Block<'_>) -> bool {
    let mut refuses = false;
    site.module.walk_block(block, &mut |_, inner| {
        refuses = refuses || super::super::refusals::statement_refuses(site, inner);
    });
    refuses
}

/// A dictionary that is written out, with its keys and values.
fn dictionary(site: Site<'_>, table: ValueId) -> Option<(Site<'_>, Vec<(ValueId, ValueId)>)> {
    let (owner, table) = variable(site, table).or_else(|| field(site, table))?;
    let Value::Dict(items) = owner.value(table) else { return None };
    Some((owner, dict_items(items).filter_map(|(key, value)| Some((key?, value))).collect()))
}

/// What a variable is bound to.
fn variable(site: Site<'_>, value: ValueId) -> Option<(Site<'_>, ValueId)> {
    let Entity::Variable(file, binding) = site.resolve(value)?.entity else { return None };
    let owner = Site::new(site.project, file)?;
    Some((owner, owner.module.definitions(binding).iter().find_map(|one| one.value())?))
}

/// What an attribute of an instance, or of its class, is set to.
fn field(site: Site<'_>, value: ValueId) -> Option<(Site<'_>, ValueId)> {
    if let Some((file, value)) = site.project.attribute_values(site.file, value).into_iter().next() {
        return Some((Site::new(site.project, file)?, value));
    }
    let Value::Attribute(object, name) = site.value(value) else { return None };
    views::attribute(site, site.type_of(object)?, site.module.text(name))
}

/// A path as a constant has it; the first slash may have been cut off before.
fn exact(text: String) -> RoutePath {
    let is_rooted = text.starts_with(['/', '^', '…', '(']);
    RoutePath::exact(if is_rooted { text } else { format!("/{text}") })
}

/// The paths that a condition asks for, and those that it asks not to be.
#[derive(Default)]
struct Asked {
    with: Vec<RoutePath>,
    without: Vec<RoutePath>,
}

impl Asked {
    fn is_empty(&self) -> bool {
        self.with.is_empty() && self.without.is_empty()
    }
}

fn asked(site: Site<'_>, test: ValueId) -> Asked {
    let mut asked = Asked::default();
    let mut open = vec![(test, true)];
    while let Some((value, wanted)) = open.pop() {
        let (paths, holds) = match site.value(value) {
            Value::Unary(UnaryOperator::Not, inner) => {
                open.push((inner, !wanted));
                continue;
            }
            Value::Boolean(_, items) => {
                open.extend(items.iter().rev().map(|item| (item, wanted)));
                continue;
            }
            Value::Assigned(_, inner) => {
                open.push((inner, wanted));
                continue;
            }
            Value::Compare(comparison) => {
                let Some((left, operator, right)) = comparison.single() else { continue };
                let holds = matches!(operator, CompareOperator::Equal | CompareOperator::In);
                let constants = match (is_path(site, left), is_path(site, right)) {
                    (true, false) => right,
                    (false, true) if operator != CompareOperator::In => left,
                    _ => continue,
                };
                (texts(site, constants).into_iter().map(exact).collect(), holds)
            }
            Value::Call(..) => (called(site, value), true),
            _ => continue,
        };
        if holds == wanted { asked.with.extend(paths) } else { asked.without.extend(paths) }
    }
    asked
}

/// `path.startswith("/api")`, `re.match(r"/users/\d+", path)`.
fn called(site: Site<'_>, value: ValueId) -> Vec<RoutePath> {
    let Value::Call(callee, arguments) = site.value(value) else { return Vec::new() };
    let Value::Attribute(object, name) = site.value(callee) else { return Vec::new() };
    let mut given = arguments.positional().iter();
    let Some(first) = given.next() else { return Vec::new() };
    let part = |text: String| RoutePath { text, is_exact: false };
    match site.module.text(name) {
        "startswith" if is_path(site, object) => {
            texts(site, first).into_iter().map(|text| part(format!("{}…", exact(text).text))).collect()
        }
        "endswith" if is_path(site, object) => {
            texts(site, first).into_iter().map(|text| part(format!("…{text}"))).collect()
        }
        "match" | "fullmatch" | "search" if given.next().is_some_and(|value| is_path(site, value)) => {
            texts(site, first).into_iter().map(RoutePath::exact).collect()
        }
        _ => Vec::new(),
    }
}

fn pattern_texts(site: Site<'_>, pattern: ValueId) -> Vec<String> {
    match site.value(pattern) {
        Value::Boolean(_, items) => items.iter().flat_map(|item| pattern_texts(site, item)).collect(),
        Value::Str(name) => vec![site.module.text(name).to_owned()],
        _ => Vec::new(),
    }
}

/// Whether an expression is the path of the request, or made of it.
fn is_path(site: Site<'_>, value: ValueId) -> bool {
    is_asked(site, value, &["path"], "PATH_INFO", 8)
}

fn is_method(site: Site<'_>, value: ValueId) -> bool {
    is_asked(site, value, &["command", "method"], "REQUEST_METHOD", 8)
}

fn is_asked(site: Site<'_>, value: ValueId, attributes: &[&str], key: &str, fuel: u32) -> bool {
    let Some(fuel) = fuel.checked_sub(1) else { return false };
    let again = |value| is_asked(site, value, attributes, key, fuel);
    let is_key = |value| matches!(site.value(value), Value::Str(name) if site.module.text(name) == key);
    match site.value(value) {
        Value::Attribute(_, name) => attributes.contains(&site.module.text(name)),
        Value::Name(_, Some(binding)) => {
            let definitions = site.module.definitions(binding).iter();
            definitions.filter_map(|one| one.value()).any(|bound| bound != value && again(bound))
        }
        Value::Item(object, item) => is_key(item) || again(object),
        Value::Call(callee, arguments) => match site.value(callee) {
            Value::Attribute(object, _) => {
                arguments.positional().iter().any(|item| is_key(item) || again(item)) || again(object)
            }
            _ => arguments.positional().iter().any(again),
        },
        Value::Assigned(_, inner) => again(inner),
        Value::Boolean(_, items) => items.iter().any(again),
        _ => false,
    }
}

/// The methods that a condition asks for.
fn methods(site: Site<'_>, test: ValueId) -> Option<Methods> {
    let mut all = Methods::default();
    for value in site.module.values_within(test) {
        if let Value::Compare(comparison) = site.value(value)
            && let Some((left, CompareOperator::Equal | CompareOperator::In, right)) = comparison.single()
            && is_method(site, left)
        {
            all = texts(site, right).iter().fold(all, |all, name| all.and(Methods::of(name)));
        }
    }
    (!all.is_empty()).then_some(all)
}

/// The methods that the conditions in a block ask for.
fn methods_in(site: Site<'_>, block: Block<'_>) -> Option<Methods> {
    let mut all = Methods::default();
    site.module.walk_block(block, &mut |_, statement| {
        if let Statement::If(branches) = statement {
            for test in branches.iter().filter_map(|(test, _)| test) {
                all = all.and(methods(site, test).unwrap_or_default());
            }
        }
    });
    (!all.is_empty()).then_some(all)
}
