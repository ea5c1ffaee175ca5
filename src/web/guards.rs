//! Functions that run before handlers: whether they let only known callers pass.
//!
//! Stricter than what decorators are asked: a middleware may refuse a bad token and let pass whoever has none. What
//! counts is a refusal that an unknown caller meets: behind tests that he is not known, or after known ones have left.

use super::access::{asks_who, callee_of, names_path, refuses};
use super::refusals::statement_refuses;
use crate::facts::{Block, CompareOperator, FunctionId, Statement, UnaryOperator, Value, ValueId};
use crate::project::{FileId, Project, Site};

/// How many calls deep a refusal is looked for.
const DEEPEST: u32 = 3;

/// What a test holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// Unknown callers.
    Unknown,
    /// Known ones.
    Known,
    /// Requests to some places.
    Somewhere,
    /// Something else.
    Else,
}

/// Whether a function that runs before handlers refuses unknown callers. On which paths it does so is another question.
pub(super) fn guards(project: &Project, file: FileId, function: FunctionId) -> bool {
    within(project, file, function, DEEPEST)
}

fn within(project: &Project, file: FileId, function: FunctionId, depth: u32) -> bool {
    let Some(site) = Site::new(project, file) else { return false };
    let (Some(depth), false) = (depth.checked_sub(1), site.module.function_body(function).is_empty()) else {
        return false;
    };
    let guard = Guard { site, depth };
    guard.block(site.module.function_body(function), false)
}

/// Whether a block refuses whoever comes there.
pub(super) fn refuses_in(site: Site<'_>, block: Block<'_>) -> bool {
    Guard { site, depth: DEEPEST }.block(block, true)
}

/// Whether a test holds for unknown callers, or for known ones; `None` where it is about something else.
pub(super) fn holds_for_known(site: Site<'_>, test: ValueId) -> Option<bool> {
    match (Guard { site, depth: 1 }).holds(test) {
        Holds::Unknown => Some(false),
        Holds::Known => Some(true),
        Holds::Somewhere | Holds::Else => None,
    }
}

#[derive(Clone, Copy)]
struct Guard<'p> {
    site: Site<'p>,
    depth: u32,
}

impl<'p> Guard<'p> {
    /// Whether unknown callers are refused in a block; `only_unknown` says that only they come here.
    fn block(self, block: Block<'p>, only_unknown: bool) -> bool {
        let mut only_unknown = only_unknown;
        for id in block.iter() {
            let statement = self.site.module.statement(id);
            if only_unknown && self.refuses(statement) || self.statement(statement, &mut only_unknown) {
                return true;
            }
        }
        false
    }

    fn statement(self, statement: Statement<'p>, only_unknown: &mut bool) -> bool {
        match statement {
            Statement::If(branches) => {
                let mut rest = *only_unknown;
                let mut found = false;
                for (test, block) in branches.iter() {
                    let holds = test.map(|test| self.holds(test));
                    found |= match holds {
                        Some(Holds::Unknown) => self.block(block, true),
                        Some(Holds::Somewhere) | None => self.block(block, rest),
                        Some(Holds::Known | Holds::Else) => false,
                    };
                    if holds == Some(Holds::Known) {
                        rest = true;
                        // `if request.user.is_staff: return self.get_response(request)`
                        *only_unknown |= self.leaves(block);
                    }
                }
                found
            }
            // `for permission in self.required: if not user.has_perm(permission): …`
            Statement::With(_, body) | Statement::For(_, _, body, _) => self.block(body, *only_unknown),
            Statement::Try(parts) => {
                self.block(parts.body, *only_unknown)
                    || self.block(parts.otherwise, *only_unknown)
                    || self.block(parts.finally, *only_unknown)
            }
            Statement::Expression(value) | Statement::Assign(_, value) | Statement::Return(Some(value)) => {
                self.helps(value)
            }
            _ => false,
        }
    }

    fn leaves(self, block: Block<'p>) -> bool {
        block
            .iter()
            .next_back()
            .is_some_and(|id| matches!(self.site.module.statement(id), Statement::Return(Some(_))))
    }

    /// Whether a statement refuses, by itself or in what it returns.
    fn refuses(self, statement: Statement<'p>) -> bool {
        if matches!(statement, Statement::If(_) | Statement::Try(_) | Statement::With(..)) {
            return false;
        }
        if statement_refuses(self.site, statement) {
            return true;
        }
        let Statement::Return(Some(value)) = statement else { return false };
        let Value::Call(callee, _) = self.site.value(value) else { return false };
        callee_of(self.site, callee)
            .is_some_and(|(file, function)| refuses(self.site.project, file, function, self.depth))
    }

    /// A call of a function that refuses unknown callers itself.
    fn helps(self, value: ValueId) -> bool {
        let value = match self.site.value(value) {
            Value::Await(inner) => inner,
            _ => value,
        };
        let Value::Call(callee, _) = self.site.value(value) else { return false };
        callee_of(self.site, callee)
            .is_some_and(|(file, function)| within(self.site.project, file, function, self.depth))
    }

    fn holds(self, test: ValueId) -> Holds {
        match self.site.value(test) {
            Value::Boolean(is_and, items) => {
                let all: Vec<Holds> = items.iter().map(|item| self.holds(item)).collect();
                let has = |wanted| all.contains(&wanted);
                if is_and && has(Holds::Else)
                    || !has(Holds::Unknown) && !has(Holds::Known) && has(Holds::Else)
                {
                    Holds::Else
                } else if has(Holds::Unknown) {
                    Holds::Unknown
                } else if has(Holds::Known) {
                    Holds::Known
                } else {
                    Holds::Somewhere
                }
            }
            Value::Unary(UnaryOperator::Not, inner) => match self.holds(inner) {
                Holds::Known => Holds::Unknown,
                Holds::Unknown => Holds::Known,
                other => other,
            },
            Value::Compare(comparison) => match comparison.single() {
                Some((_, operator, right)) if self.asks(test) => {
                    let is_equal = matches!(operator, CompareOperator::Is | CompareOperator::Equal);
                    let is_nothing = matches!(self.site.value(right), Value::None | Value::Bool(false))
                        || self.says_anonymous(right);
                    let differs = matches!(
                        operator,
                        CompareOperator::IsNot | CompareOperator::NotEqual | CompareOperator::NotIn
                    );
                    // `user is None`, `user.role != "admin"`; `user is not None`, `user.role == "admin"`.
                    if is_equal == is_nothing && (is_equal || differs) {
                        Holds::Unknown
                    } else {
                        Holds::Known
                    }
                }
                _ => self.place(test),
            },
            _ if self.says_anonymous(test) => Holds::Unknown,
            _ if self.asks(test) => Holds::Known,
            _ => self.place(test),
        }
    }

    fn place(self, test: ValueId) -> Holds {
        if names_path(self.site, test) { Holds::Somewhere } else { Holds::Else }
    }

    fn says_anonymous(self, value: ValueId) -> bool {
        let mut inner = self.site.module.values_within(value);
        inner.any(|one| {
            let name = self.site.last_segment(one).unwrap_or_default();
            name.to_ascii_lowercase().contains("anonymous")
        })
    }

    /// Whether a test asks who is calling, by itself or in a function of the project that it calls.
    fn asks(self, test: ValueId) -> bool {
        if asks_who(self.site, test) {
            return true;
        }
        let Value::Call(callee, _) = self.site.value(test) else { return false };
        let Some((file, function)) = callee_of(self.site, callee) else { return false };
        let Some(owner) = Site::new(self.site.project, file) else { return false };
        let mut found = false;
        owner.module.walk_block(owner.module.function_body(function), &mut |_, statement| {
            found = found || owner.module.roots(statement).into_iter().any(|root| asks_who(owner, root));
        });
        found
    }
}
