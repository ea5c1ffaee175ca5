//! Which of the places that bind a local variable a use of it can see: those on a straight way before it.
//!
//! Blocks are enough for that. A binding that stands in a block around the use hides the earlier ones; one in a
//! branch hides nothing; one further down counts only where a loop leads back to the use.

use rustc_hash::FxHashMap;

use super::{FileId, Project};
use crate::facts::{
    BindingId, Block, Definition, DefinitionKind, Module, ScopeId, Span, Statement, StatementId, Value,
    ValueId,
};

/// The most statements of a block that are looked back over.
const FARTHEST: usize = 1_000;

/// The most definitions of a name, and additions to it, that count.
const MOST_SEEN: usize = 32;

/// The definitions of a binding that a use of it may see. All of them where the use stands in another scope.
pub(super) fn reaching(module: &Module, binding: BindingId, usage: Span) -> Vec<Definition> {
    let all = module.definitions(binding);
    if all.len() < 2 {
        return all.to_vec();
    }
    let mut seen = Way::to(module, binding, usage).map(|way| way.seen()).unwrap_or_default();
    if seen.is_empty() {
        seen = all.to_vec();
    }
    if seen.len() > MOST_SEEN {
        // The first says what it is, the last what it becomes.
        seen.drain(MOST_SEEN / 2..seen.len() - MOST_SEEN / 2);
    }
    seen
}

/// The way from the start of a body to a use.
struct Way<'m> {
    module: &'m Module,
    all: &'m [Definition],
    usage: Span,
    /// Definitions before this offset are hidden.
    hidden: u32,
    /// The loops around the use.
    loops: Vec<Span>,
    /// The innermost statement around the use, where it assigns.
    around: Span,
}

impl<'m> Way<'m> {
    /// The way to a use of a binding; `None` where the use stands in another scope.
    fn to(module: &'m Module, binding: BindingId, usage: Span) -> Option<Way<'m>> {
        let function = module.function_at(usage.start);
        let scope = function.and_then(|id| module.function(id)).map_or(ScopeId(0), |function| function.scope);
        if module.binding(binding)?.scope != scope {
            return None;
        }
        let body = function.map_or(module.body(), |function| module.function_body(function));
        let all = module.definitions(binding);
        let mut way = Way { module, all, usage, hidden: 0, loops: Vec::new(), around: Span::default() };
        way.descend(body);
        Some(way)
    }

    fn seen(&self) -> Vec<Definition> {
        let from = self.all.partition_point(|definition| definition.offset < self.hidden);
        let last = self.loops.iter().map(|span| span.end).max().unwrap_or(0).max(self.usage.start);
        let near = self.all.iter().skip(from).take_while(|definition| definition.offset < last);
        near.filter(|definition| self.sees(definition)).copied().collect()
    }

    fn sees(&self, definition: &Definition) -> bool {
        if definition.offset < self.hidden {
            return false;
        }
        let before = definition.offset < self.usage.start && !self.around.contains(definition.offset);
        let again = |span: &Span| span.contains(definition.offset) && !span.contains(self.hidden);
        before || self.loops.iter().any(again)
    }

    /// Whether what stands at an offset may run before the use, and after the definition that hides the others.
    fn passes(&self, offset: u32) -> bool {
        let again = |span: &Span| span.contains(offset);
        offset >= self.hidden && (offset < self.usage.start || self.loops.iter().any(again))
    }

    fn descend(&mut self, block: Block<'m>) {
        let (before, around) = self.module.split_block(block, self.usage.start);
        let Some(around) = around else { return };
        let hidden = before.iter().rev().take(FARTHEST).find_map(|id| self.hides(id));
        self.hidden = self.hidden.max(hidden.unwrap_or(0));
        self.enter(around, self.module.statement_span(around));
    }

    fn enter(&mut self, id: StatementId, span: Span) {
        match self.module.statement(id) {
            Statement::Assign(..) | Statement::Annotated(..) | Statement::Augmented(..) => self.around = span,
            Statement::If(branches) => branches.iter().for_each(|(_, block)| self.descend(block)),
            Statement::While(_, body, otherwise) => {
                self.loops.push(span);
                self.descend(body);
                self.descend(otherwise);
            }
            Statement::For(target, _, body, otherwise) => {
                let header = self.module.span(target);
                if !header.covers(self.usage) && self.is_within(body) {
                    self.hide(header);
                }
                self.loops.push(span);
                self.descend(body);
                self.descend(otherwise);
            }
            Statement::With(contexts, body) => {
                for target in contexts.iter().filter_map(|(_, target)| target) {
                    let target = self.module.span(target);
                    if target.end <= self.usage.start {
                        self.hide(target);
                    }
                }
                self.descend(body);
            }
            Statement::Try(parts) => {
                self.descend(parts.body);
                parts.handlers().for_each(|handler| self.descend(handler.body));
                self.descend(parts.otherwise);
                self.descend(parts.finally);
            }
            Statement::Match(_, cases) => cases.iter().for_each(|(_, _, block)| self.descend(block)),
            _ => {}
        }
    }

    /// Whether the use stands in a block.
    fn is_within(&self, block: Block<'m>) -> bool {
        self.module.split_block(block, self.usage.start).1.is_some()
    }

    fn hide(&mut self, target: Span) {
        self.hidden = self.hidden.max(self.bound_in(target).unwrap_or(0));
    }

    /// The offset at which a target binds the name.
    fn bound_in(&self, target: Span) -> Option<u32> {
        let from = self.all.partition_point(|definition| definition.offset < target.start);
        let mut candidates = self.all.iter().skip(from).take_while(|found| target.contains(found.offset));
        candidates.find(|found| found.kind != DefinitionKind::Annotated).map(|found| found.offset)
    }

    /// The offset before which nothing is seen behind a statement, where it binds the name on every way.
    fn hides(&self, id: StatementId) -> Option<u32> {
        let module = self.module;
        match module.statement(id) {
            Statement::Assign(target, _) | Statement::Annotated(target, _, Some(_)) => {
                self.bound_in(module.span(target))
            }
            Statement::With(_, body) => self.block_hides(body),
            Statement::If(branches) => {
                let has_else = branches.iter().any(|(test, _)| test.is_none());
                let blocks = branches.iter().map(|(_, block)| block);
                has_else.then(|| self.every_hides(blocks)).flatten()
            }
            Statement::Try(parts) => {
                let handlers = parts.handlers().map(|handler| handler.body);
                self.every_hides(handlers.chain([parts.body]))
            }
            _ => None,
        }
    }

    /// What several blocks hide, one of which is passed; a block that leaves does not count.
    fn every_hides(&self, blocks: impl Iterator<Item = Block<'m>>) -> Option<u32> {
        let staying = blocks.filter(|block| !leaves(self.module, *block));
        let hidden: Option<Vec<u32>> = staying.map(|block| self.block_hides(block)).collect();
        hidden?.into_iter().min()
    }

    fn block_hides(&self, block: Block<'m>) -> Option<u32> {
        block.iter().rev().take(FARTHEST).find_map(|id| self.hides(id))
    }
}

/// Whether a block ends by leaving the function or the turn of a loop.
pub(super) fn leaves(module: &Module, block: Block<'_>) -> bool {
    block.iter().next_back().is_some_and(|id| {
        matches!(
            module.statement(id),
            Statement::Return(_) | Statement::Raise(..) | Statement::Continue | Statement::Break
        )
    })
}

/// What is put into the collections of a file after they were made.
#[derive(Debug)]
pub(super) struct Additions(FxHashMap<BindingId, Vec<ValueId>>);

impl Additions {
    /// Those of `parts.append(x)`, `parts.extend(xs)`, `parts[key] = x` and their like.
    pub(super) fn of(module: &Module) -> Additions {
        let mut found = FxHashMap::<BindingId, Vec<ValueId>>::default();
        let binding = |value| match module.value(value) {
            Value::Name(_, binding) => binding,
            _ => None,
        };
        for id in module.calls() {
            if let Value::Call(callee, arguments) = module.value(id)
                && let Value::Attribute(object, name) = module.value(callee)
                && let Some(binding) = binding(object)
            {
                let skipped = match module.text(name) {
                    "append" | "extend" | "add" | "appendleft" | "update" => 0,
                    "insert" | "setdefault" => 1,
                    _ => continue,
                };
                found.entry(binding).or_default().extend(arguments.positional().iter().skip(skipped));
            }
        }
        for id in module.statements() {
            if let Statement::Assign(target, value) = module.statement(id)
                && let Value::Item(object, _) = module.value(target)
                && let Some(binding) = binding(object)
            {
                found.entry(binding).or_default().push(value);
            }
        }
        Additions(found)
    }
}

impl Project {
    /// The definitions of a variable that a use of it may see; all of them where there are very many.
    pub fn seen_definitions(&self, file: FileId, binding: BindingId, usage: Span) -> Vec<Definition> {
        let Some(module) = self.module(file) else { return Vec::new() };
        let all = module.definitions(binding);
        if all.len() > MOST_SEEN { all.to_vec() } else { reaching(module, binding, usage) }
    }

    /// What is put into a collection after it was made, and before a use of it.
    pub fn additions(&self, file: FileId, binding: BindingId, usage: Option<Span>) -> Vec<ValueId> {
        let Some((module, known)) = self.module(file).zip(self.additions.get(file.0 as usize)) else {
            return Vec::new();
        };
        let known = known.get_or_init(|| Additions::of(module));
        let Some(added) = known.0.get(&binding) else { return Vec::new() };
        let way = usage.and_then(|usage| Way::to(module, binding, usage));
        let passes = |value: &&ValueId| way.as_ref().is_none_or(|way| way.passes(module.span(**value).start));
        added.iter().filter(passes).take(MOST_SEEN).copied().collect()
    }
}
