//! Walks over the statements of a module.

use super::{Block, FunctionId, Module, Statement, StatementId, ValueId};

impl Module {
    /// The statements of a block that end before an offset, and the one around it if there is one.
    pub fn split_block<'m>(&'m self, block: Block<'m>, offset: u32) -> (Block<'m>, Option<StatementId>) {
        let count = block.0.partition_point(|&raw| self.statement_span(StatementId(raw)).end <= offset);
        let (before, rest) = block.0.split_at_checked(count).unwrap_or_default();
        let next = rest.first().map(|&raw| StatementId(raw));
        (Block(before), next.filter(|id| self.statement_span(*id).contains(offset)))
    }

    /// Calls `each` with every statement of a block and of the blocks in it, but not of functions and classes.
    pub fn walk_block<'m>(&'m self, block: Block<'m>, each: &mut dyn FnMut(StatementId, Statement<'m>)) {
        for id in block.iter() {
            let statement = self.statement(id);
            each(id, statement);
            match statement {
                Statement::If(branches) => {
                    branches.iter().for_each(|(_, block)| self.walk_block(block, each));
                }
                Statement::While(_, body, otherwise) | Statement::For(_, _, body, otherwise) => {
                    self.walk_block(body, each);
                    self.walk_block(otherwise, each);
                }
                Statement::With(_, body) => self.walk_block(body, each),
                Statement::Try(parts) => {
                    self.walk_block(parts.body, each);
                    parts.handlers().for_each(|handler| self.walk_block(handler.body, each));
                    self.walk_block(parts.otherwise, each);
                    self.walk_block(parts.finally, each);
                }
                Statement::Match(_, cases) => {
                    cases.iter().for_each(|(_, _, block)| self.walk_block(block, each));
                }
                _ => {}
            }
        }
    }
}

impl Module {
    /// The expressions of a statement itself: those of the blocks in it are left out.
    pub fn roots(&self, statement: Statement<'_>) -> Vec<ValueId> {
        match statement {
            Statement::Expression(value) => vec![value],
            Statement::Assign(target, value) | Statement::Augmented(target, _, value) => vec![target, value],
            Statement::Annotated(target, _, value) => [Some(target), value].into_iter().flatten().collect(),
            Statement::Return(value) => value.into_iter().collect(),
            Statement::Raise(error, cause) => [error, cause].into_iter().flatten().collect(),
            Statement::Assert(test, message) => [Some(test), message].into_iter().flatten().collect(),
            Statement::Delete(items) => items.iter().collect(),
            Statement::If(branches) => branches.iter().filter_map(|(test, _)| test).collect(),
            Statement::While(test, ..) => vec![test],
            Statement::For(target, iterable, ..) => vec![target, iterable],
            Statement::With(contexts, _) => {
                contexts.iter().flat_map(|(context, target)| [Some(context), target]).flatten().collect()
            }
            Statement::Match(subject, cases) => {
                let guards = cases.iter().flat_map(|(pattern, guard, _)| [Some(pattern), guard]);
                std::iter::once(Some(subject)).chain(guards).flatten().collect()
            }
            _ => Vec::new(),
        }
    }

    /// Calls `each` with every statement of a function, of the functions in it too.
    pub fn walk_function<'m>(
        &'m self,
        function: FunctionId,
        each: &mut dyn FnMut(StatementId, Statement<'m>),
    ) {
        let mut open = vec![function];
        while let Some(function) = open.pop() {
            self.walk_block(self.function_body(function), &mut |id, statement| {
                each(id, statement);
                if let Statement::Function(inner) = statement {
                    open.push(inner);
                }
            });
        }
    }
}

/// A statement on the way inwards to a place in the file.
#[derive(Clone, Copy, Debug)]
pub struct Around<'m> {
    /// The statement.
    pub statement: StatementId,
    /// The block it stands in.
    pub block: Block<'m>,
    /// Its place in that block.
    pub index: usize,
    /// The part of the statement around it that the block is.
    pub part: Part,
}

/// A part of a statement, as far as it matters for what runs in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The body, or a branch.
    Body,
    /// An `except` clause.
    Handler,
    /// A `finally`.
    Finally,
}

impl<'m> Around<'m> {
    /// The statements before it in its block, the nearest first.
    pub fn before(self) -> impl Iterator<Item = StatementId> + 'm {
        self.block.iter().take(self.index).rev()
    }

    /// The statements behind it in its block.
    pub fn behind(self) -> impl Iterator<Item = StatementId> + 'm {
        self.block.iter().skip(self.index + 1)
    }
}

impl Module {
    /// The statements around an offset, from one of the module inwards, through functions and classes.
    pub fn statements_around(&self, offset: u32) -> Vec<Around<'_>> {
        let mut found = Vec::new();
        let mut open = Some((self.body(), Part::Body));
        while let Some((block, part)) = open {
            let behind =
                block.0.partition_point(|&raw| self.statement_span(StatementId(raw)).start <= offset);
            let Some(index) = behind.checked_sub(1) else { break };
            let Some(statement) = block.iter().nth(index) else { break };
            found.push(Around { statement, block, index, part });
            open = self.blocks_in(statement).into_iter().find(|(block, _)| self.spans(*block, offset));
        }
        found
    }

    /// The blocks that a statement holds, those of the body of a function or class included.
    fn blocks_in(&self, statement: StatementId) -> Vec<(Block<'_>, Part)> {
        let body = |block| (block, Part::Body);
        match self.statement(statement) {
            Statement::Function(function) => vec![body(self.function_body(function))],
            Statement::Class(class) => vec![body(self.class_body(class))],
            Statement::If(branches) => branches.iter().map(|(_, block)| body(block)).collect(),
            Statement::While(_, inner, otherwise) | Statement::For(_, _, inner, otherwise) => {
                vec![body(inner), body(otherwise)]
            }
            Statement::With(_, inner) => vec![body(inner)],
            Statement::Match(_, cases) => cases.iter().map(|(_, _, block)| body(block)).collect(),
            Statement::Try(parts) => {
                let handlers = parts.handlers().map(|handler| (handler.body, Part::Handler));
                let rest = [body(parts.body), body(parts.otherwise), (parts.finally, Part::Finally)];
                handlers.chain(rest).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether an offset lies between the start of the first and the end of the last statement of a block.
    fn spans(&self, block: Block<'_>, offset: u32) -> bool {
        let mut ends = block.iter();
        let Some(first) = ends.next() else { return false };
        let last = ends.next_back().unwrap_or(first);
        self.statement_span(first).start <= offset && offset < self.statement_span(last).end
    }

    /// An expression and every expression in it, the outer ones first.
    pub fn values_within(&self, value: ValueId) -> impl Iterator<Item = ValueId> + '_ {
        let whole = self.span(value);
        (0..=value.0).rev().map(ValueId).take_while(move |inner| whole.covers(self.span(*inner)))
    }
}
