//! Collects the names that a scope binds, before its statements are lowered.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{ExceptHandler, Expr, Pattern, Stmt, TypeParam};

use super::builder::Scratch;
use super::span_of;

impl Scratch {
    /// Declares what these statements bind in the open scope, blocks within them included, nested functions
    /// and classes not.
    pub(super) fn bind_block(&mut self, statements: &[Stmt]) {
        for statement in statements {
            self.bind_statement(statement);
        }
    }

    fn bind_statement(&mut self, statement: &Stmt) {
        if !self.descend() {
            return;
        }
        if self.holds_walrus(span_of(statement)) {
            self.bind_walruses(statement);
        }
        match statement {
            Stmt::FunctionDef(function) => self.bind_name(&function.name),
            Stmt::ClassDef(class) => self.bind_name(&class.name),
            Stmt::Assign(assign) => assign.targets.iter().for_each(|target| self.bind_target(target)),
            Stmt::AugAssign(assign) => self.bind_target(&assign.target),
            Stmt::AnnAssign(assign) => self.bind_target(&assign.target),
            Stmt::TypeAlias(alias) => self.bind_target(&alias.name),
            Stmt::Delete(delete) => delete.targets.iter().for_each(|target| self.bind_target(target)),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let top = alias.name.as_str().split('.').next().unwrap_or_default();
                    self.bind_name(alias.asname.as_ref().map_or(top, |name| name.as_str()));
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in import.names.iter().filter(|alias| alias.name.as_str() != "*") {
                    self.bind_name(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            Stmt::Global(global) => global.names.iter().for_each(|name| self.bind_elsewhere(name, true)),
            Stmt::Nonlocal(names) => names.names.iter().for_each(|name| self.bind_elsewhere(name, false)),
            _ => self.bind_compound(statement),
        }
        self.ascend();
    }

    fn bind_compound(&mut self, statement: &Stmt) {
        match statement {
            Stmt::For(for_) => {
                self.bind_target(&for_.target);
                self.bind_block(&for_.body);
                self.bind_block(&for_.orelse);
            }
            Stmt::While(while_) => {
                self.bind_block(&while_.body);
                self.bind_block(&while_.orelse);
            }
            Stmt::If(if_) => {
                self.bind_block(&if_.body);
                if_.elif_else_clauses.iter().for_each(|clause| self.bind_block(&clause.body));
            }
            Stmt::With(with) => {
                with.items.iter().filter_map(|item| item.optional_vars.as_deref()).for_each(|target| {
                    self.bind_target(target);
                });
                self.bind_block(&with.body);
            }
            Stmt::Try(try_) => {
                self.bind_block(&try_.body);
                for ExceptHandler::ExceptHandler(handler) in &try_.handlers {
                    handler.name.iter().for_each(|name| self.bind_name(name));
                    self.bind_block(&handler.body);
                }
                self.bind_block(&try_.orelse);
                self.bind_block(&try_.finalbody);
            }
            Stmt::Match(match_) => {
                for case in &match_.cases {
                    self.bind_pattern(&case.pattern);
                    self.bind_block(&case.body);
                }
            }
            _ => {}
        }
    }

    pub(super) fn bind_name(&mut self, name: &str) {
        let name = self.names.intern(name);
        self.declare(name);
    }

    pub(super) fn bind_type_parameter(&mut self, parameter: &TypeParam) {
        self.bind_name(parameter.name());
    }

    fn bind_elsewhere(&mut self, name: &str, global: bool) {
        let name = self.names.intern(name);
        self.declare_elsewhere(name, global);
    }

    /// Declares the names in the target of an assignment, loop or comprehension.
    pub(super) fn bind_target(&mut self, target: &Expr) {
        if !self.descend() {
            return;
        }
        match target {
            Expr::Name(name) => self.bind_name(&name.id),
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|target| self.bind_target(target)),
            Expr::List(list) => list.elts.iter().for_each(|target| self.bind_target(target)),
            Expr::Starred(starred) => self.bind_target(&starred.value),
            _ => {}
        }
        self.ascend();
    }

    fn bind_pattern(&mut self, pattern: &Pattern) {
        if !self.descend() {
            return;
        }
        match pattern {
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(sequence) => {
                sequence.patterns.iter().for_each(|pattern| self.bind_pattern(pattern));
            }
            Pattern::MatchMapping(mapping) => {
                mapping.patterns.iter().for_each(|pattern| self.bind_pattern(pattern));
                mapping.rest.iter().for_each(|name| self.bind_name(name));
            }
            Pattern::MatchClass(class) => {
                class.arguments.patterns.iter().for_each(|pattern| self.bind_pattern(pattern));
                class.arguments.keywords.iter().for_each(|keyword| self.bind_pattern(&keyword.pattern));
            }
            Pattern::MatchStar(star) => star.name.iter().for_each(|name| self.bind_name(name)),
            Pattern::MatchAs(capture) => {
                capture.pattern.iter().for_each(|pattern| self.bind_pattern(pattern));
                capture.name.iter().for_each(|name| self.bind_name(name));
            }
            Pattern::MatchOr(or) => or.patterns.iter().for_each(|pattern| self.bind_pattern(pattern)),
        }
        self.ascend();
    }

    /// Declares the targets of `:=` in the expressions of a statement; a comprehension around one does not
    /// keep it, a lambda does.
    fn bind_walruses(&mut self, statement: &Stmt) {
        let mut found = Walruses { names: Vec::new(), depth: 0 };
        match statement {
            // Their expressions stand in the enclosing scope; their bodies do not.
            Stmt::FunctionDef(function) => {
                function.decorator_list.iter().for_each(|decorator| found.visit_decorator(decorator));
                found.visit_parameters(&function.parameters);
            }
            Stmt::ClassDef(class) => {
                class.decorator_list.iter().for_each(|decorator| found.visit_decorator(decorator));
                class.arguments.iter().for_each(|arguments| found.visit_arguments(arguments));
            }
            _ => visitor::walk_stmt(&mut found, statement),
        }
        for name in found.names {
            self.bind_name(name);
        }
    }

    /// Declares the targets of `:=` in the value of a lambda.
    pub(super) fn bind_expression_walruses(&mut self, expression: &Expr) {
        let mut found = Walruses { names: Vec::new(), depth: 0 };
        found.visit_expr(expression);
        for name in found.names {
            self.bind_name(name);
        }
    }

    /// Declares in the module's scope what functions anywhere in it declare `global`.
    pub(super) fn bind_globals(&mut self, statements: &[Stmt]) {
        let mut found = Globals { names: Vec::new(), depth: 0 };
        found.visit_body(statements);
        for name in found.names {
            self.bind_name(name);
        }
    }
}

struct Walruses<'a> {
    names: Vec<&'a str>,
    depth: u32,
}

impl<'a> Visitor<'a> for Walruses<'a> {
    /// Statements within are bound one by one.
    fn visit_stmt(&mut self, _: &'a Stmt) {}

    fn visit_expr(&mut self, expression: &'a Expr) {
        if self.depth >= super::depth::DEEPEST {
            return;
        }
        self.depth += 1;
        match expression {
            Expr::Lambda(_) => {}
            Expr::Named(named) => {
                if let Expr::Name(name) = named.target.as_ref() {
                    self.names.push(&name.id);
                }
                self.visit_expr(&named.value);
            }
            _ => visitor::walk_expr(self, expression),
        }
        self.depth -= 1;
    }

    /// What a pattern binds is declared with the pattern.
    fn visit_pattern(&mut self, _: &'a Pattern) {}
}

struct Globals<'a> {
    names: Vec<&'a str>,
    depth: u32,
}

impl<'a> Visitor<'a> for Globals<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if self.depth >= super::depth::DEEPEST {
            return;
        }
        self.depth += 1;
        match statement {
            Stmt::Global(global) => {
                self.names.extend(global.names.iter().map(ruff_python_ast::Identifier::as_str));
            }
            _ => visitor::walk_stmt(self, statement),
        }
        self.depth -= 1;
    }

    fn visit_expr(&mut self, _: &'a Expr) {}

    fn visit_pattern(&mut self, _: &'a Pattern) {}
}
