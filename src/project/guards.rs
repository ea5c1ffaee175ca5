//! Checks that leave a variable only values that somebody chose: `if name not in ALLOWED: raise`.

use super::reaching::leaves;
use crate::facts::{
    BindingId, Block, CompareOperator, Module, Span, Statement, StatementId, UnaryOperator, Value, ValueId,
};

/// The most statements of a block that are looked back over.
const FARTHEST: usize = 200;

/// Whether a use of a local variable or parameter stands behind, or within, a check against a list or a pattern.
pub(super) fn is_guarded(module: &Module, binding: BindingId, usage: Span) -> bool {
    let Some(owner) = module.binding(binding).map(|binding| binding.scope) else { return false };
    let (mut usage, mut function) = (usage, module.function_at(usage.start));
    loop {
        let around = function.and_then(|id| module.function(id));
        let body = function.map_or(module.body(), |function| module.function_body(function));
        if guarded_in(module, binding, usage, body) {
            return true;
        }
        // What an outer function checked before it made this one holds in it.
        match around {
            Some(around) if around.scope != owner => (usage, function) = (around.span, around.parent),
            _ => return false,
        }
    }
}

fn guarded_in(module: &Module, binding: BindingId, usage: Span, block: Block<'_>) -> bool {
    let (before, around) = module.split_block(block, usage.start);
    let Some(around) = around else { return false };
    before.iter().rev().take(FARTHEST).any(|id| rejects_by(module, binding, id))
        || guarded_by(module, binding, usage, around)
}

/// Whether a statement that is passed lets only chosen values through.
fn rejects_by(module: &Module, binding: BindingId, id: StatementId) -> bool {
    match module.statement(id) {
        Statement::Assert(test, _) => accepts(module, binding, test),
        Statement::If(branches) => branches.iter().take(1).any(|(test, block)| {
            test.is_some_and(|test| rejects(module, binding, test))
                && (leaves(module, block) || replaces(module, binding, block))
        }),
        _ => false,
    }
}

/// Whether a block gives the variable another value.
fn replaces(module: &Module, binding: BindingId, block: Block<'_>) -> bool {
    block.iter().any(|id| match module.statement(id) {
        Statement::Assign(target, _) => is_it(module, binding, target),
        _ => false,
    })
}

fn guarded_by(module: &Module, binding: BindingId, usage: Span, id: StatementId) -> bool {
    let inside = |block: Block<'_>| module.split_block(block, usage.start).1.is_some();
    let search = |block| guarded_in(module, binding, usage, block);
    match module.statement(id) {
        Statement::If(branches) => {
            let mut rejected = false;
            for (test, block) in branches.iter() {
                if inside(block) {
                    let accepted = test.is_some_and(|test| accepts(module, binding, test));
                    return rejected || accepted || search(block);
                }
                rejected |= test.is_some_and(|test| rejects(module, binding, test));
            }
            false
        }
        Statement::While(_, body, otherwise) | Statement::For(_, _, body, otherwise) => {
            search(body) || search(otherwise)
        }
        Statement::With(_, body) => search(body),
        Statement::Try(parts) => {
            search(parts.body)
                || parts.handlers().any(|handler| search(handler.body))
                || search(parts.otherwise)
                || search(parts.finally)
        }
        Statement::Match(subject, cases) => cases.iter().any(|(pattern, _, block)| {
            let literal = matches!(module.value(pattern), Value::Str(_) | Value::Boolean(..));
            inside(block) && (literal && is_it(module, binding, subject) || search(block))
        }),
        _ => false,
    }
}

/// Whether a test holds only for chosen values of the variable.
pub(super) fn accepts(module: &Module, binding: BindingId, test: ValueId) -> bool {
    match module.value(test) {
        Value::Compare(comparison) => comparison.single().is_some_and(|(left, operator, right)| {
            let chosen = match operator {
                CompareOperator::In => true,
                CompareOperator::Equal => matches!(module.value(right), Value::Str(_) | Value::Int(_)),
                _ => false,
            };
            chosen && is_it(module, binding, left)
        }),
        Value::Boolean(true, items) => items.iter().any(|item| accepts(module, binding, item)),
        Value::Boolean(false, items) => items.iter().all(|item| accepts(module, binding, item)),
        Value::Unary(UnaryOperator::Not, operand) => rejects(module, binding, operand),
        Value::Call(callee, arguments) => match module.value(callee) {
            Value::Attribute(object, name) => match module.text(name) {
                "isidentifier" | "isalnum" | "isdigit" | "isalpha" | "isdecimal" | "isnumeric" => {
                    is_it(module, binding, object)
                }
                "match" | "fullmatch" => {
                    arguments.positional().iter().any(|argument| is_it(module, binding, argument))
                }
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

/// Whether a test holds for all but chosen values of the variable.
pub(super) fn rejects(module: &Module, binding: BindingId, test: ValueId) -> bool {
    match module.value(test) {
        Value::Compare(comparison) => comparison.single().is_some_and(|(left, operator, right)| {
            let chosen = match operator {
                CompareOperator::NotIn => true,
                CompareOperator::NotEqual => matches!(module.value(right), Value::Str(_) | Value::Int(_)),
                CompareOperator::Is => {
                    matches!(module.value(right), Value::None) && accepts(module, binding, left)
                }
                _ => false,
            };
            chosen && (is_it(module, binding, left) || operator == CompareOperator::Is)
        }),
        Value::Unary(UnaryOperator::Not, operand) => accepts(module, binding, operand),
        Value::Boolean(true, items) => {
            let is_there = |item| is_it(module, binding, item) || is_not_none(module, binding, item);
            items.iter().any(|item| rejects(module, binding, item))
                && items.iter().all(|item| rejects(module, binding, item) || is_there(item))
        }
        Value::Boolean(false, items) => items.iter().any(|item| rejects(module, binding, item)),
        _ => false,
    }
}

/// `name is not None`.
fn is_not_none(module: &Module, binding: BindingId, value: ValueId) -> bool {
    let Value::Compare(comparison) = module.value(value) else { return false };
    comparison.single().is_some_and(|(left, operator, right)| {
        operator == CompareOperator::IsNot
            && matches!(module.value(right), Value::None)
            && is_it(module, binding, left)
    })
}

/// Whether an expression is the variable, or a plain form of it: `name.lower()`, `str(name)`.
fn is_it(module: &Module, binding: BindingId, value: ValueId) -> bool {
    match module.value(value) {
        Value::Name(_, named) => named == Some(binding),
        Value::Call(callee, arguments) => match module.value(callee) {
            Value::Attribute(object, name) => {
                matches!(module.text(name), "lower" | "upper" | "strip" | "casefold")
                    && matches!(module.value(object), Value::Name(_, named) if named == Some(binding))
            }
            Value::Name(name, None) if module.text(name) == "str" => {
                let first = arguments.positional().get(0);
                first.is_some_and(
                    |first| matches!(module.value(first), Value::Name(_, named) if named == Some(binding)),
                )
            }
            _ => false,
        },
        Value::Assigned(target, inner) => is_it(module, binding, target) || is_it(module, binding, inner),
        _ => false,
    }
}
