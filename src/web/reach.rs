//! Which paths a check before all requests is about: `if request.url.path in PUBLIC: return await call_next(request)`.

use super::access;
use super::unroll::listed;
use crate::facts::{Block, CompareOperator, FunctionId, Statement, UnaryOperator, Value, ValueId};
use crate::project::{Constant, Site};

/// A test of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Equal(String),
    Prefix(String),
    Suffix(String),
    Within(String),
}

impl Test {
    fn holds(&self, path: &str) -> bool {
        match self {
            Test::Equal(text) => path == text,
            Test::Prefix(text) => path.starts_with(text.as_str()),
            Test::Suffix(text) => path.ends_with(text.as_str()),
            Test::Within(text) => path.contains(text.as_str()),
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
        let mut reach = Reach::default();
        site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
            let Statement::If(branches) = statement else { return };
            for (test, block) in branches.iter() {
                let Some(test) = test else { continue };
                let mut tests = Tests::default();
                tests.add(site, test, true);
                if refuses(site, block) {
                    reach.only.append(&mut tests.of);
                    reach.except.append(&mut tests.but);
                } else if passes(site, block) {
                    reach.except.append(&mut tests.of);
                    reach.only.append(&mut tests.but);
                }
            }
        });
        (!reach.only.is_empty() || !reach.except.is_empty()).then_some(reach)
    }

    /// Whether a path is checked.
    pub fn covers(&self, path: &str) -> bool {
        let holds = |tests: &[Test]| tests.iter().any(|test| test.holds(path));
        (self.only.is_empty() || holds(&self.only)) && !holds(&self.except)
    }
}

fn refuses(site: Site<'_>, block: Block<'_>) -> bool {
    let mut found = false;
    site.module.walk_block(block, &mut |_, statement| {
        found = found || access::statement_refuses(site, statement);
    });
    found
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
        let text = |site: Site<'_>, value| match site.constant(value) {
            Some(Constant::Str(text)) if text.starts_with('/') => Some(text.into_owned()),
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
