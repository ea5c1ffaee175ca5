//! Lowers statements and blocks.

use ruff_python_ast::{ExceptHandler, Expr, ModModule, Stmt, StmtFor, StmtIf, StmtMatch, StmtTry, StmtWith};

use super::builder::{NONE, Scratch};
use super::expressions::binary_operator;
use super::{span, span_of};
use crate::facts::{DefinitionKind, ScopeKind, Span, StatementKind, ValueKind};

impl Scratch {
    /// Lowers a whole file; the pool index of its block.
    pub(super) fn lower_module(&mut self, module: &ModModule) -> u32 {
        self.enter(ScopeKind::Module);
        if self.holds_global {
            self.bind_globals(&module.body);
        }
        self.bind_block(&module.body);
        self.declared_all();
        let body = self.block(&module.body);
        self.leave();
        body
    }

    /// The pool index of a block; NONE for an empty one.
    pub(super) fn block(&mut self, statements: &[Stmt]) -> u32 {
        if statements.is_empty() {
            return NONE;
        }
        let mark = self.stack.len();
        for statement in statements {
            self.statement(statement);
        }
        self.list(mark)
    }

    /// Lowers a statement and puts its id, or its ids, on the stack.
    fn statement(&mut self, statement: &Stmt) {
        if !self.descend() {
            return;
        }
        let range = span_of(statement);
        match statement {
            Stmt::Assign(assign) => {
                let value = self.value(&assign.value);
                for target in &assign.targets {
                    let target = self.target(target, DefinitionKind::Assigned, value);
                    self.add(StatementKind::Assign, range, target.0, value.0);
                }
            }
            Stmt::Expr(expression) if is_text(&expression.value) => {
                self.add(StatementKind::Docstring, range, 0, 0);
            }
            Stmt::Expr(expression) => {
                let value = self.value(&expression.value);
                self.add(StatementKind::Expression, range, value.0, 0);
            }
            Stmt::Return(return_) => {
                let value = self.optional(return_.value.as_deref());
                self.add(StatementKind::Return, range, value, 0);
            }
            Stmt::If(if_) => self.if_(if_, range),
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Pass(_) => self.add(StatementKind::Pass, range, 0, 0),
            Stmt::Break(_) => self.add(StatementKind::Break, range, 0, 0),
            Stmt::Continue(_) => self.add(StatementKind::Continue, range, 0, 0),
            _ => self.other_statement(statement, range),
        }
        self.ascend();
    }

    fn other_statement(&mut self, statement: &Stmt, range: Span) {
        match statement {
            Stmt::AugAssign(assign) => {
                let value = self.value(&assign.value);
                let target = self.target(&assign.target, DefinitionKind::Augmented, value);
                let mark = self.stack.len();
                self.stack.extend([binary_operator(assign.op), value.0]);
                let words = self.words(mark);
                self.add(StatementKind::Augmented, range, target.0, words);
            }
            Stmt::AnnAssign(assign) => {
                self.annotated(&assign.target, &assign.annotation, assign.value.as_deref(), range);
            }
            Stmt::For(for_) => self.for_(for_, range),
            Stmt::While(while_) => {
                let test = self.value(&while_.test);
                let body = self.block(&while_.body);
                let otherwise = self.block(&while_.orelse);
                let mark = self.stack.len();
                self.stack.extend([body, otherwise]);
                let words = self.words(mark);
                self.add(StatementKind::While, range, test.0, words);
            }
            Stmt::With(with) => self.with(with, range),
            Stmt::Try(try_) => self.try_(try_, range),
            Stmt::Match(match_) => self.match_(match_, range),
            Stmt::Raise(raise) => {
                let exception = self.optional(raise.exc.as_deref());
                let cause = self.optional(raise.cause.as_deref());
                self.add(StatementKind::Raise, range, exception, cause);
            }
            Stmt::Assert(assert) => {
                let test = self.value(&assert.test);
                let message = self.optional(assert.msg.as_deref());
                self.add(StatementKind::Assert, range, test.0, message);
            }
            Stmt::Delete(delete) => {
                let list = self.value_list(&delete.targets);
                self.add(StatementKind::Delete, range, list, 0);
            }
            Stmt::Global(global) => self.names_statement(StatementKind::Global, &global.names, range),
            Stmt::Nonlocal(names) => self.names_statement(StatementKind::Nonlocal, &names.names, range),
            Stmt::TypeAlias(alias) => {
                let value = self.value(&alias.value);
                self.target(&alias.name, DefinitionKind::Opaque, value);
                self.add(StatementKind::Other, range, 0, 0);
            }
            _ => self.add(StatementKind::Other, range, 0, 0),
        }
    }

    pub(super) fn add(&mut self, kind: StatementKind, span: Span, a: u32, b: u32) {
        let id = self.push_statement(kind, span, a, b);
        self.stack.push(id.0);
    }

    fn names_statement(&mut self, kind: StatementKind, names: &[ruff_python_ast::Identifier], range: Span) {
        let mark = self.stack.len();
        for name in names {
            let name = self.names.intern(name);
            self.stack.push(name.raw());
        }
        let list = self.list(mark);
        self.add(kind, range, list, 0);
    }

    fn annotated(&mut self, target: &Expr, annotation: &Expr, value: Option<&Expr>, range: Span) {
        let annotation = self.value(annotation);
        let value = value.map(|value| self.value(value));
        let start = span_of(target).start;
        let target = match value {
            Some(value) => self.target(target, DefinitionKind::Assigned, value),
            None => self.value(target),
        };
        match self.value_kind(target) {
            Some((kind, _, binding)) if kind == ValueKind::Name as u8 => {
                self.define(binding, DefinitionKind::Annotated, annotation.0, start);
            }
            _ => self.field(target, None, Some(annotation), false),
        }
        let mark = self.stack.len();
        self.stack.extend([annotation.0, value.map_or(NONE, |value| value.0)]);
        let words = self.words(mark);
        self.add(StatementKind::Annotated, range, target.0, words);
    }

    fn if_(&mut self, if_: &StmtIf, range: Span) {
        let mark = self.stack.len();
        let test = self.value(&if_.test).0;
        let body = self.block(&if_.body);
        self.stack.extend([test, body]);
        for clause in &if_.elif_else_clauses {
            let test = self.optional(clause.test.as_ref());
            let body = self.block(&clause.body);
            self.stack.extend([test, body]);
        }
        let list = self.list(mark);
        self.add(StatementKind::If, range, list, 0);
    }

    fn for_(&mut self, for_: &StmtFor, range: Span) {
        let iterable = self.value(&for_.iter);
        let target = self.target(&for_.target, DefinitionKind::Iterated, iterable);
        let body = self.block(&for_.body);
        let otherwise = self.block(&for_.orelse);
        let mark = self.stack.len();
        self.stack.extend([target.0, iterable.0, body, otherwise]);
        let words = self.words(mark);
        self.add(StatementKind::For, range, words, 0);
    }

    fn with(&mut self, with: &StmtWith, range: Span) {
        let mark = self.stack.len();
        for item in &with.items {
            let context = self.value(&item.context_expr);
            let target = item
                .optional_vars
                .as_deref()
                .map_or(NONE, |target| self.target(target, DefinitionKind::Context, context).0);
            self.stack.extend([context.0, target]);
        }
        let list = self.list(mark);
        let body = self.block(&with.body);
        self.add(StatementKind::With, range, list, body);
    }

    fn try_(&mut self, try_: &StmtTry, range: Span) {
        let body = self.block(&try_.body);
        let mark = self.stack.len();
        for ExceptHandler::ExceptHandler(handler) in &try_.handlers {
            let caught = self.optional(handler.type_.as_deref());
            let name = handler.name.as_ref().map_or(NONE, |name| {
                let span = span(name.range);
                let name = self.names.intern(name);
                let binding = self.resolve(name);
                self.define(binding, DefinitionKind::Caught, caught, span.start);
                self.push_value(ValueKind::Name, span, name.raw(), binding).0
            });
            let body = self.block(&handler.body);
            let range = span(handler.range);
            self.stack.extend([caught, name, range.start, range.end, body]);
        }
        // The handlers' list is made last, and stands right behind the other blocks.
        let handlers: Vec<u32> = self.stack.drain(mark..).collect();
        let otherwise = self.block(&try_.orelse);
        let finally = self.block(&try_.finalbody);
        self.stack.extend([body, otherwise, finally, handlers.len() as u32]);
        self.stack.extend(handlers);
        let words = self.words(mark);
        self.add(StatementKind::Try, range, words, u32::from(try_.is_star));
    }

    fn match_(&mut self, match_: &StmtMatch, range: Span) {
        let subject = self.value(&match_.subject);
        let mark = self.stack.len();
        for case in &match_.cases {
            let pattern = self.pattern(&case.pattern);
            let guard = self.optional(case.guard.as_deref());
            let body = self.block(&case.body);
            self.stack.extend([pattern.0, guard, body]);
        }
        let list = self.list(mark);
        self.add(StatementKind::Match, range, subject.0, list);
    }
}

/// Whether an expression statement is a text that does nothing: a docstring, or a comment in its form.
fn is_text(expression: &Expr) -> bool {
    matches!(expression, Expr::StringLiteral(_) | Expr::BytesLiteral(_))
}
