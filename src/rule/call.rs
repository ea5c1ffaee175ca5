//! A call as a judge sees it.

use super::Site;
use crate::facts::{Arguments, Name, Span, Value, ValueId};
use crate::models::Sink;
use crate::project::Constant;

/// A call whose callee is known by its path.
#[derive(Clone, Copy, Debug)]
pub struct Call<'p> {
    /// The file.
    pub site: Site<'p>,
    /// The call.
    pub id: ValueId,
    /// What is called, as written.
    pub callee: ValueId,
    /// With what.
    pub arguments: Arguments<'p>,
    /// The path under which a rule or model knows the callee; `?.name` where only the method's name is known.
    pub path: &'p str,
    /// The row of the models, for [`super::On::Sink`].
    pub sink: Option<&'p Sink>,
}

impl<'p> Call<'p> {
    /// The whole call.
    pub fn span(&self) -> Span {
        self.site.module.span(self.id)
    }

    /// The name of what is called: `loads` for `pickle.loads`, whatever it is called here.
    pub fn name(&self) -> &'p str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// The object whose method is called, as written.
    pub fn receiver(&self) -> Option<ValueId> {
        match self.site.value(self.callee) {
            Value::Attribute(object, _) => Some(object),
            _ => None,
        }
    }

    /// A keyword argument.
    pub fn keyword(&self, name: &str) -> Option<ValueId> {
        self.site.keyword(self.arguments, name)
    }

    /// A keyword argument, or that of a dictionary spread into the call: `**{"verify": False}`, or a variable of
    /// such a dictionary.
    pub fn keyword_or_spread(&self, name: &str) -> Option<ValueId> {
        let mut spreads = self.arguments.keywords().filter(|(keyword, _)| *keyword == Name::NONE);
        self.keyword(name).or_else(|| spreads.find_map(|(_, value)| self.site.entry(value, name)))
    }

    /// A positional argument; `None` from a `*args` on.
    pub fn positional(&self, position: usize) -> Option<ValueId> {
        self.site.positional(self.arguments, position)
    }

    /// An argument by its position or keyword.
    pub fn argument(&self, position: usize, keyword: &str) -> Option<ValueId> {
        self.site.argument(self.arguments, position, keyword)
    }

    /// The argument that the models mind.
    pub fn subject(&self) -> Option<ValueId> {
        let sink = self.sink?;
        let keyword = sink.keywords.iter().find_map(|name| self.keyword(name));
        keyword.or_else(|| sink.args.iter().find_map(|&position| self.positional(position)))
    }

    /// Every argument that the models mind.
    pub fn subjects(&self) -> Vec<ValueId> {
        let Some(sink) = self.sink else { return Vec::new() };
        let named = sink.keywords.iter().filter_map(|name| self.keyword(name));
        named.chain(sink.args.iter().filter_map(|&position| self.positional(position))).collect()
    }

    /// Whether the receiver's class is known, or the callee by its path: not just the name of a method.
    pub fn is_known(&self) -> bool {
        !self.path.starts_with('?')
    }

    /// Whether arguments come from a `*args`.
    pub fn has_rest(&self) -> bool {
        self.arguments.positional().iter().any(|value| matches!(self.site.value(value), Value::Starred(_)))
    }

    /// Whether keyword arguments come from a `**kwargs`.
    pub fn has_spread(&self) -> bool {
        self.arguments.keywords().any(|(name, _)| name == Name::NONE)
    }

    /// The constant value of a keyword argument.
    pub fn keyword_constant(&self, name: &str) -> Option<Constant<'p>> {
        self.keyword(name).and_then(|value| self.site.constant(value))
    }
}
