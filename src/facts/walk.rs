//! Walks over the statements of a module.

use super::{Block, Module, Statement, StatementId};

impl Module {
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
