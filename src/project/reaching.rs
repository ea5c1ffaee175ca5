//! Which of the places that bind a local variable a use of it can see: those on a straight way before it.
//!
//! Blocks are enough for that. A binding that stands in a block around the use hides the earlier ones; one in a
//! branch hides nothing; one further down counts only where a loop leads back to the use.

use crate::facts::{
    BindingId, Block, Definition, DefinitionKind, Module, ScopeId, Span, Statement, StatementId, Value,
    ValueId,
};

/// The definitions of a binding that a use of it may see. All of them where the use stands in another scope.
pub(super) fn reaching(module: &Module, binding: BindingId, usage: Span) -> Vec<Definition> {
    let all = module.definitions(binding);
    if all.len() < 2 {
        return all.to_vec();
    }
    let Some(way) = Way::to(module, binding, usage) else { return all.to_vec() };
    let seen: Vec<Definition> = all.iter().filter(|definition| way.sees(definition)).copied().collect();
    if seen.is_empty() { all.to_vec() } else { seen }
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
        if !self.is_within(block) {
            return;
        }
        for id in block.iter() {
            let span = self.module.statement_span(id);
            if span.end <= self.usage.start {
                self.hidden = self.hidden.max(self.hides(id).unwrap_or(0));
            } else if span.contains(self.usage.start) {
                return self.enter(id, span);
            } else {
                return;
            }
        }
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
        block.iter().any(|id| self.module.statement_span(id).contains(self.usage.start))
    }

    fn hide(&mut self, target: Span) {
        if let Some(definition) = self.all.iter().find(|definition| target.contains(definition.offset)) {
            self.hidden = self.hidden.max(definition.offset);
        }
    }

    /// The offset before which nothing is seen behind a statement, where it binds the name on every way.
    fn hides(&self, id: StatementId) -> Option<u32> {
        let module = self.module;
        match module.statement(id) {
            Statement::Assign(target, _) | Statement::Annotated(target, _, Some(_)) => {
                let target = module.span(target);
                let binds = |definition: &&Definition| {
                    target.contains(definition.offset) && definition.kind != DefinitionKind::Annotated
                };
                self.all.iter().find(binds).map(|definition| definition.offset)
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
        block.iter().filter_map(|id| self.hides(id)).max()
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

/// What is put into a collection after it was made, and before a use of it: `parts.append(x)`,
/// `parts.extend(xs)`, `parts[key] = x`.
pub(super) fn additions(module: &Module, binding: BindingId, usage: Option<Span>) -> Vec<ValueId> {
    let is_it = |value| matches!(module.value(value), Value::Name(_, Some(named)) if named == binding);
    let mut found = Vec::new();
    for id in module.calls() {
        if let Value::Call(callee, arguments) = module.value(id)
            && let Value::Attribute(object, name) = module.value(callee)
            && is_it(object)
        {
            let items = arguments.positional();
            match module.text(name) {
                "append" | "extend" | "add" | "appendleft" | "update" => found.extend(items.iter()),
                "insert" | "setdefault" => found.extend(items.iter().skip(1)),
                _ => {}
            }
        }
    }
    for id in module.statements() {
        if let Statement::Assign(target, value) = module.statement(id)
            && let Value::Item(object, _) = module.value(target)
            && is_it(object)
        {
            found.push(value);
        }
    }
    let way = usage.and_then(|usage| Way::to(module, binding, usage));
    if let Some(way) = way.filter(|_| !found.is_empty()) {
        found.retain(|value| way.passes(module.span(*value).start));
    }
    found
}
