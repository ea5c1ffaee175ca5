//! What stands around a place: the statement, and the conditions under which it is reached.

use super::Site;
use crate::facts::{Block, Module, Span, Statement, StatementId, Value, ValueId};

impl Site<'_> {
    /// The innermost statement around a place; for a compound one it is the place's own part that matters, see
    /// [`Site::header_at`].
    pub fn statement_at(&self, offset: u32) -> Option<StatementId> {
        let around = self.module.statements().filter(|id| self.module.statement_span(*id).contains(offset));
        around.min_by_key(|id| {
            let span = self.module.statement_span(*id);
            (span.end - span.start, *id)
        })
    }

    /// The innermost statement around a place without the blocks in it: the test of an `if`, the items of a
    /// `with`, the whole of a simple statement.
    pub fn header_at(&self, offset: u32) -> Option<Span> {
        let id = self.statement_at(offset)?;
        let part = |value: ValueId| Some(self.module.span(value)).filter(|span| span.contains(offset));
        match self.module.statement(id) {
            Statement::If(branches) => branches.iter().find_map(|(test, _)| part(test?)),
            Statement::While(test, ..) => part(test),
            Statement::For(_, iterable, ..) => part(iterable),
            Statement::With(contexts, _) => contexts.iter().find_map(|(context, _)| part(context)),
            Statement::Match(subject, _) => part(subject),
            Statement::Try(_) | Statement::Function(_) | Statement::Class(_) => None,
            _ => Some(self.module.statement_span(id)),
        }
    }

    /// The tests that decide whether a place is reached, as far as they stand in its own function: of the `if`
    /// statements around it, those of earlier branches included, and of conditional expressions.
    pub fn conditions_at(&self, offset: u32) -> Vec<ValueId> {
        let function = self.module.function_at(offset);
        let mut found = Vec::new();
        for id in self.module.statements() {
            let span = self.module.statement_span(id);
            let Statement::If(branches) = self.module.statement(id) else { continue };
            if !span.contains(offset) || self.module.function_at(span.start) != function {
                continue;
            }
            let mut tests = Vec::new();
            for (test, block) in branches.iter() {
                tests.extend(test);
                if block_span(self.module, block).contains(offset) {
                    found.append(&mut tests);
                    break;
                }
            }
        }
        found.extend(self.module.values().filter_map(|id| match self.value(id) {
            Value::Conditional(test, ..) if self.module.span(id).contains(offset) => Some(test),
            _ => None,
        }));
        found
    }

    /// Whether a name or short string in a condition of the place is one of these words: somebody chose.
    pub fn is_chosen_by(&self, offset: u32, wanted: &[&str]) -> bool {
        let conditions = self.conditions_at(offset);
        conditions.into_iter().any(|test| self.words_in(self.module.span(test)).has_any(wanted))
    }

    /// Whether a place is reached only where the file is run as a program: `if __name__ == "__main__"`.
    pub fn is_main(&self, offset: u32) -> bool {
        self.conditions_at(offset).into_iter().any(|test| match self.value(test) {
            Value::Compare(comparison) => comparison.single().is_some_and(|(left, _, right)| {
                let is_name = |value| self.last_segment(value) == Some("__name__");
                is_name(left) || is_name(right)
            }),
            _ => false,
        })
    }
}

/// From the start of the first statement of a block to the end of its last.
fn block_span(module: &Module, block: Block<'_>) -> Span {
    let mut ends = block.iter();
    let Some(first) = ends.next() else { return Span::default() };
    let last = ends.next_back().unwrap_or(first);
    Span::new(module.statement_span(first).start, module.statement_span(last).end)
}
