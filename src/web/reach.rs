//! Which paths a check before all requests is about: `if request.url.path in PUBLIC: return await call_next(request)`.

use super::access;
use super::unroll::listed;
use crate::facts::{
    Block, CompareOperator, DefinitionKind, FunctionId, Statement, UnaryOperator, Value, ValueId,
};
use crate::project::{Constant, Site};

/// A test of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Equal(String),
    Prefix(String),
    Suffix(String),
    Within(String),
    /// The name that the route has, as the framework makes it of the handler's.
    Endpoint(String),
}

impl Test {
    fn holds(&self, path: &str, handler: &str) -> bool {
        match self {
            Test::Equal(text) => text.trim_end_matches('/') == path.trim_end_matches('/'),
            Test::Prefix(text) => path.starts_with(text.as_str()),
            Test::Suffix(text) => path.ends_with(text.as_str()),
            Test::Within(text) => path.contains(text.as_str()),
            Test::Endpoint(name) => name.rsplit('.').next() == Some(handler),
        }
    }
}

/// The paths that a check reaches.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    /// Only these, where there are any.
    only: Vec<Test>,
    /// But not these.
    except: Vec<Test>,
}

impl Reach {
    /// What a function says of paths before it refuses; `None` where it says nothing.
    pub fn of(site: Site<'_>, function: FunctionId) -> Option<Reach> {
        let mut seen = Seen::default();
        seen.block(site, site.module.function_body(function));
        let only = match (seen.left, seen.elsewhere) {
            (left, _) if !left.is_empty() => left,
            (_, true) => Vec::new(),
            (_, false) => seen.refused,
        };
        let reach = Reach { only, except: seen.passed };
        (!reach.only.is_empty() || !reach.except.is_empty()).then_some(reach)
    }

    /// Whether the path of a handler of this name is checked; it may be looked at whole, or as its group has it.
    pub fn covers(&self, paths: [&str; 2], handler: &str) -> bool {
        let holds =
            |tests: &[Test]| tests.iter().any(|test| paths.into_iter().any(|path| test.holds(path, handler)));
        (self.only.is_empty() || holds(&self.only)) && !holds(&self.except)
    }

    /// What is only about paths with one of these parameters in them.
    pub fn of_parameters(names: Vec<String>) -> Option<Reach> {
        let only: Vec<Test> = names.into_iter().map(|name| Test::Within(format!("{name}>"))).collect();
        (!only.is_empty()).then_some(Reach { only, except: Vec::new() })
    }

    /// What both leave out.
    pub fn without(mut self, other: Reach) -> Reach {
        self.except.extend(other.except);
        self
    }
}

/// What is seen in the code of a function that runs before others.
#[derive(Default)]
struct Seen {
    /// All other paths are let pass before anything is asked.
    left: Vec<Test>,
    /// Paths on which callers are refused.
    refused: Vec<Test>,
    passed: Vec<Test>,
    /// Whether callers are refused without a look at the path.
    elsewhere: bool,
}

impl Seen {
    fn block(&mut self, site: Site<'_>, block: Block<'_>) {
        for id in block.iter() {
            match site.module.statement(id) {
                Statement::If(branches) => {
                    branches.iter().for_each(|(test, block)| self.branch(site, test, block));
                }
                Statement::Function(inner) => self.block(site, site.module.function_body(inner)),
                Statement::With(_, body) | Statement::For(_, _, body, _) | Statement::While(_, body, _) => {
                    self.block(site, body);
                }
                Statement::Try(parts) => {
                    self.block(site, parts.body);
                    parts.handlers().for_each(|handler| self.block(site, handler.body));
                    self.block(site, parts.otherwise);
                }
                statement => self.elsewhere = self.elsewhere || refuses(site, statement),
            }
        }
    }

    fn branch(&mut self, site: Site<'_>, test: Option<ValueId>, block: Block<'_>) {
        let mut tests = Tests::default();
        if let Some(test) = test {
            tests.add(site, test, true);
        }
        if tests.of.is_empty() && tests.but.is_empty() {
            return self.block(site, block);
        }
        let mut inner = false;
        site.module.walk_block(block, &mut |_, statement| inner = inner || refuses(site, statement));
        if inner {
            self.elsewhere = self.elsewhere || tests.of.is_empty();
            self.refused.append(&mut tests.of);
            self.passed.append(&mut tests.but);
        } else if passes(site, block) {
            self.passed.append(&mut tests.of);
            self.left.append(&mut tests.but);
        }
    }
}

fn refuses(site: Site<'_>, statement: Statement<'_>) -> bool {
    super::refusals::statement_refuses(site, statement) || access::helper(site, statement).is_some()
}

/// Whether a block ends by handing on the request.
fn passes(site: Site<'_>, block: Block<'_>) -> bool {
    block.iter().any(|id| matches!(site.module.statement(id), Statement::Return(_)))
}

/// The tests of a path in a condition: those that hold where it does, and those that do not.
#[derive(Default)]
struct Tests {
    of: Vec<Test>,
    but: Vec<Test>,
}

impl Tests {
    fn add(&mut self, site: Site<'_>, test: ValueId, holds: bool) {
        match site.value(test) {
            Value::Unary(UnaryOperator::Not, inner) => self.add(site, inner, !holds),
            Value::Name(_, Some(binding)) => {
                if let [only] = site.module.definitions(binding)
                    && only.kind == DefinitionKind::Assigned
                    && let Some(value) = only.value().filter(|value| *value != test)
                {
                    self.add(site, value, holds);
                }
            }
            Value::Boolean(_, items) => items.iter().for_each(|item| self.add(site, item, holds)),
            Value::Compare(comparison) => {
                let Some((left, operator, right)) = comparison.single() else { return };
                self.compare(site, (left, operator, right), holds);
            }
            Value::Call(callee, arguments) => {
                let Some(first) = arguments.positional().get(0) else { return };
                if let Value::Comprehension(comprehension) = site.value(first) {
                    return self.any(site, comprehension, holds);
                }
                let make = match method(site, callee) {
                    Some("startswith") => Test::Prefix,
                    Some("endswith") => Test::Suffix,
                    _ => return,
                };
                self.texts(site, first, holds, make);
            }
            _ => {}
        }
    }

    /// `any(path.startswith(one) for one in PUBLIC)`.
    fn any(&mut self, site: Site<'_>, comprehension: crate::facts::Comprehension<'_>, holds: bool) {
        let make = match site.value(comprehension.element()) {
            Value::Call(callee, _) => match method(site, callee) {
                Some("startswith") => Test::Prefix,
                Some("endswith") => Test::Suffix,
                _ => return,
            },
            Value::Compare(comparison) => match comparison.single() {
                Some((_, CompareOperator::Equal, _)) => Test::Equal,
                Some((_, CompareOperator::In, _)) => Test::Within,
                _ => return,
            },
            _ => return,
        };
        for (_, iterable, _) in comprehension.clauses() {
            self.texts(site, iterable, holds, make);
        }
    }

    fn compare(
        &mut self,
        site: Site<'_>,
        (left, operator, right): (ValueId, CompareOperator, ValueId),
        holds: bool,
    ) {
        let of_path = is_path(site, left) || is_path(site, right);
        let holds = holds == matches!(operator, CompareOperator::Equal | CompareOperator::In);
        match operator {
            CompareOperator::Equal
            | CompareOperator::NotEqual
            | CompareOperator::In
            | CompareOperator::NotIn
                if is_endpoint(site, left) =>
            {
                self.texts(site, right, holds, Test::Endpoint);
            }
            CompareOperator::Equal | CompareOperator::NotEqual if of_path => {
                self.texts(site, left, holds, Test::Equal);
                self.texts(site, right, holds, Test::Equal);
            }
            CompareOperator::In | CompareOperator::NotIn if is_path(site, left) => {
                self.texts(site, right, holds, Test::Equal);
            }
            CompareOperator::In | CompareOperator::NotIn if of_path => {
                self.texts(site, left, holds, Test::Within);
            }
            _ => {}
        }
    }

    fn texts(&mut self, site: Site<'_>, value: ValueId, holds: bool, make: fn(String) -> Test) {
        let is_endpoint = matches!(make(String::new()), Test::Endpoint(_));
        let text = |site: Site<'_>, value| match site.constant(value) {
            Some(Constant::Str(text)) if is_endpoint || text.starts_with('/') => Some(text.into_owned()),
            _ => None,
        };
        let list = if holds { &mut self.of } else { &mut self.but };
        if let Some(one) = text(site, value) {
            list.push(make(one));
        } else {
            let all = listed(site, value).into_iter();
            list.extend(all.filter_map(|(site, value)| text(site, value)).map(make));
        }
    }
}

fn method(site: Site<'_>, callee: ValueId) -> Option<&str> {
    match site.value(callee) {
        Value::Attribute(_, name) => Some(site.module.text(name)),
        _ => None,
    }
}

/// `request.endpoint`.
fn is_endpoint(site: Site<'_>, value: ValueId) -> bool {
    matches!(site.last_segment(value), Some("endpoint" | "url_name" | "view_name"))
}

/// `request.url.path`, `request.path`, `scope["path"]`, `path`.
fn is_path(site: Site<'_>, value: ValueId) -> bool {
    match site.value(value) {
        Value::Name(name, _) | Value::Attribute(_, name) => {
            let name = site.module.text(name);
            name.ends_with("path") || name.ends_with("url")
        }
        Value::Item(_, key) => {
            matches!(site.value(key), Value::Str(name) if site.module.text(name) == "path")
        }
        Value::Call(callee, _) => match site.value(callee) {
            Value::Attribute(object, _) => is_path(site, object),
            _ => false,
        },
        _ => false,
    }
}
