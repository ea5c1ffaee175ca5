//! A file in its project: what every question about the code of a file starts from.

use super::{Constant, Entity, FileId, Found, Project, TextParts, Type};
use crate::facts::{Arguments, DefinitionKind, FunctionId, Module, Value, ValueId, dict_items, path_hash};

/// A file in its project.
#[derive(Clone, Copy, Debug)]
pub struct Site<'p> {
    /// The project.
    pub project: &'p Project,
    /// The file.
    pub file: FileId,
    /// Its facts.
    pub module: &'p Module,
}

impl<'p> Site<'p> {
    /// A file of a project; `None` never happens for an id of that project.
    pub fn new(project: &'p Project, file: FileId) -> Option<Site<'p>> {
        project.module(file).map(|module| Site { project, file, module })
    }

    /// Decodes an expression of the file.
    pub fn value(&self, value: ValueId) -> Value<'p> {
        self.module.value(value)
    }

    /// The value of an expression that is the same in every run.
    pub fn constant(&self, value: ValueId) -> Option<Constant<'p>> {
        self.project.constant(self.file, value)
    }

    /// What the text that an expression yields is built from.
    pub fn text(&self, value: ValueId) -> TextParts<'p> {
        self.project.text(self.file, value)
    }

    /// The elements of a list or tuple that is written out.
    pub fn elements(&self, value: ValueId) -> Option<Vec<ValueId>> {
        self.project.elements(self.file, value)
    }

    /// What a name or a chain of attributes leads to.
    pub fn resolve(&self, value: ValueId) -> Option<Found> {
        self.project.resolve(self.file, value)
    }

    /// The class that an expression is an instance of.
    pub fn type_of(&self, value: ValueId) -> Option<Type> {
        self.project.type_of(self.file, value)
    }

    /// Whether a name or a chain of attributes leads to one of these dotted paths.
    pub fn is_any(&self, value: ValueId, paths: &[&str]) -> bool {
        let Some(found) = self.resolve(value) else { return false };
        self.project.paths(found).any(|path| paths.iter().any(|wanted| path_hash(wanted) == path))
    }

    /// Whether an expression is a call of one of these dotted paths.
    pub fn is_call_of(&self, value: ValueId, paths: &[&str]) -> bool {
        matches!(self.value(value), Value::Call(callee, _) if self.is_any(callee, paths))
    }

    /// Whether an expression is an instance of one of these classes, or of a class that inherits from one.
    pub fn is_instance(&self, value: ValueId, classes: &[&str]) -> bool {
        let Some(class) = self.type_of(value) else { return false };
        let bases = self.project.external_bases(class);
        bases.iter().any(|base| classes.iter().any(|wanted| path_hash(wanted) == *base))
    }

    /// The class that an expression names.
    pub fn class_of(&self, value: ValueId) -> Option<Type> {
        match self.resolve(value)?.entity {
            Entity::Class(file, class) => Some(Type::Class(file, class)),
            Entity::External(path) => Some(Type::External(path)),
            _ => None,
        }
    }

    /// The value of a key of a dictionary: a display of it, or a variable of the file that is bound to one.
    pub fn entry(&self, dictionary: ValueId, key: &str) -> Option<ValueId> {
        let dictionary = match self.value(dictionary) {
            Value::Name(_, Some(binding)) => match self.module.definitions(binding) {
                [only] if only.kind == DefinitionKind::Assigned => ValueId(only.id),
                _ => return None,
            },
            _ => dictionary,
        };
        let is_key =
            |value: ValueId| matches!(self.value(value), Value::Str(name) if self.module.text(name) == key);
        match self.value(dictionary) {
            Value::Dict(items) => {
                dict_items(items).find(|(name, _)| name.is_some_and(is_key)).map(|(_, value)| value)
            }
            Value::Call(callee, arguments) if self.is_any(callee, &["builtins.dict"]) => {
                arguments.keywords().find(|(name, _)| self.module.text(*name) == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// What a decorator or error names, and what that is called with, if it is: `route` and `"/"` of `route("/")`,
    /// `Http404` alone.
    pub fn applied(&self, value: ValueId) -> (ValueId, Option<Arguments<'p>>) {
        match self.value(value) {
            Value::Call(callee, arguments) => (callee, Some(arguments)),
            _ => (value, None),
        }
    }

    /// What a call calls, and every other expression itself; see [`Site::applied`].
    pub fn called(&self, value: ValueId) -> ValueId {
        self.applied(value).0
    }

    /// The last segment of a name or attribute: `loads` of `pickle.loads`.
    pub fn last_segment(&self, value: ValueId) -> Option<&'p str> {
        match self.value(value) {
            Value::Name(name, _) | Value::Attribute(_, name) => Some(self.module.text(name)),
            _ => None,
        }
    }

    /// Whether the file imports this module or anything below it.
    pub fn imports(&self, module: &str) -> bool {
        self.module.imports().iter().any(|import| {
            let text = self.module.text(import.module);
            text.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Whether the file is a test, or exists for tests only.
    pub fn is_test(&self) -> bool {
        self.project.file(self.file).is_some_and(super::File::is_test)
    }

    /// The innermost function around an expression.
    pub fn function_of(&self, value: ValueId) -> Option<FunctionId> {
        self.module.function_at(self.module.span(value).start)
    }

    /// A keyword argument.
    pub fn keyword(&self, arguments: Arguments<'p>, name: &str) -> Option<ValueId> {
        let mut keywords = arguments.keywords();
        keywords.find(|(keyword, _)| self.module.text(*keyword) == name).map(|(_, value)| value)
    }

    /// A positional argument; `None` from a `*args` on.
    pub fn positional(&self, arguments: Arguments<'p>, position: usize) -> Option<ValueId> {
        let items = arguments.positional();
        let starred = |value| matches!(self.value(value), Value::Starred(_));
        (!items.iter().take(position + 1).any(starred)).then(|| items.get(position)).flatten()
    }

    /// An argument by its position or keyword.
    pub fn argument(&self, arguments: Arguments<'p>, position: usize, keyword: &str) -> Option<ValueId> {
        self.keyword(arguments, keyword).or_else(|| self.positional(arguments, position))
    }
}
