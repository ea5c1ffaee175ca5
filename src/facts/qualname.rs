//! Qualified names of functions and classes: `Shop.buy`, `create_app.index`.

use super::{ClassId, FunctionId, Module, Span};

/// A function or class that something stands in.
#[derive(Clone, Copy)]
enum Around {
    Function(FunctionId),
    Class(ClassId),
}

/// The deepest nesting of functions and classes that gets a name of its own.
const DEEPEST: usize = 64;

impl Module {
    /// The qualified name of the innermost function or class around an offset; empty at the top of the module.
    pub fn scope_at(&self, offset: u32) -> String {
        self.joined(self.around(offset))
    }

    /// The qualified names of all functions and classes.
    pub fn scopes_named(&self) -> impl Iterator<Item = String> {
        let functions = (0..self.functions().len() as u32).map(|id| Around::Function(FunctionId(id)));
        let classes = (0..self.classes().len() as u32).map(|id| Around::Class(ClassId(id)));
        functions.chain(classes).map(|one| self.joined(Some(one)))
    }

    fn joined(&self, mut around: Option<Around>) -> String {
        let mut parts = Vec::new();
        while let Some(one) = around.filter(|_| parts.len() < DEEPEST) {
            parts.push(self.own_name(one));
            around = self.outside(one);
        }
        parts.reverse();
        parts.join(".")
    }

    fn around(&self, offset: u32) -> Option<Around> {
        self.inner(self.function_at(offset), self.class_at(offset))
    }

    /// The one that starts later, and so stands in the other.
    fn inner(&self, function: Option<FunctionId>, class: Option<ClassId>) -> Option<Around> {
        let start = |one: Around| self.span_of(one).start;
        let function = function.map(Around::Function);
        let class = class.map(Around::Class);
        match (function, class) {
            (Some(function), Some(class)) => {
                Some(if start(class) > start(function) { class } else { function })
            }
            (function, class) => function.or(class),
        }
    }

    fn outside(&self, one: Around) -> Option<Around> {
        match one {
            Around::Function(id) => {
                let function = self.function(id)?;
                self.inner(function.parent, function.class)
            }
            Around::Class(id) => {
                let class = self.class(id)?;
                self.inner(class.function, class.parent)
            }
        }
    }

    fn own_name(&self, one: Around) -> &str {
        let name = match one {
            Around::Function(id) => self.function(id).map(|function| function.name),
            Around::Class(id) => self.class(id).map(|class| class.name),
        };
        match name.map(|name| self.text(name)) {
            Some("") | None => "<lambda>",
            Some(name) => name,
        }
    }

    fn span_of(&self, one: Around) -> Span {
        match one {
            Around::Function(id) => self.function(id).map(|function| function.span),
            Around::Class(id) => self.class(id).map(|class| class.span),
        }
        .unwrap_or_default()
    }
}
