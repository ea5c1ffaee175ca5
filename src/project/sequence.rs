//! Lists and tuples that are written out, in one place or step by step.

use super::reaching::reaching;
use super::{FileId, Project};
use crate::facts::{BinaryOperator, DefinitionKind, Value, ValueId};

const DEEPEST: u32 = 8;

impl Project {
    /// The elements of a list or tuple, where all of it is in sight: a display, a sum of displays, or a variable
    /// that one is assigned to, with what is added to it. A part that is no display stands for itself.
    pub fn elements(&self, file: FileId, value: ValueId) -> Option<Vec<ValueId>> {
        self.elements_within(file, value, DEEPEST)
    }

    fn elements_within(&self, file: FileId, value: ValueId, depth: u32) -> Option<Vec<ValueId>> {
        let depth = depth.checked_sub(1)?;
        let module = self.module(file)?;
        match module.value(value) {
            Value::List(items) | Value::Tuple(items) => Some(items.iter().collect()),
            Value::Binary(BinaryOperator::Add, left, right) => {
                let mut items = self.elements_within(file, left, depth)?;
                items.extend(self.part(file, right, depth));
                Some(items)
            }
            Value::Name(_, Some(binding)) => {
                let usage = module.span(value);
                let definitions = reaching(module, binding, usage);
                let (first, rest) = definitions.split_first()?;
                let grown = rest.iter().all(|definition| definition.kind == DefinitionKind::Augmented);
                if first.kind != DefinitionKind::Assigned || !grown {
                    return None;
                }
                let mut items = self.elements_within(file, ValueId(first.id), depth)?;
                let mut more: Vec<ValueId> =
                    rest.iter().filter_map(|definition| definition.value()).collect();
                more.extend(self.additions(file, binding, Some(usage)));
                more.sort_by_key(|value| module.span(*value).start);
                items.extend(more.into_iter().flat_map(|value| self.part(file, value, depth)));
                Some(items)
            }
            _ => None,
        }
    }

    fn part(&self, file: FileId, value: ValueId, depth: u32) -> Vec<ValueId> {
        self.elements_within(file, value, depth).unwrap_or_else(|| vec![value])
    }
}
