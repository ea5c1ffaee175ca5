//! The texts that calls yield: methods of `str`, paths, functions of the project.

use super::constants::Depth;
use super::entity::Entity;
use super::text::{Part, TextParts};
use super::{FileId, Project};
use crate::facts::{Arguments, FunctionId, Statement, Value, ValueId, path_hash};

impl Project {
    pub(super) fn collect_call<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        (value, callee, arguments): (ValueId, ValueId, Arguments<'p>),
        depth: Depth<'_>,
    ) {
        let Some(module) = self.module(file) else { return };
        if let Value::Attribute(object, name) = module.value(callee)
            && self.resolve(file, object).is_none_or(|found| matches!(found.entity, Entity::Variable(..)))
        {
            let name = module.text(name);
            if matches!(name, "items" | "keys" | "values" | "get" | "copy")
                && self.is_constant_table(file, object, depth)
            {
                to.unknown_constant();
                return arguments
                    .positional()
                    .iter()
                    .skip(1)
                    .for_each(|item| self.collect(to, file, item, depth));
            }
            if is_text_method(name) {
                return self.collect_method(to, file, (value, object, name, arguments), depth);
            }
        }
        let found = self.resolve(file, callee);
        let paths: Vec<u64> = found.into_iter().flat_map(|found| self.paths(found)).collect();
        if paths.iter().any(|path| self.models().keeps_text(*path)) {
            to.exact = false;
            return arguments
                .positional()
                .iter()
                .take(1)
                .for_each(|item| self.collect(to, file, item, depth));
        }
        if paths.iter().any(|path| self.models().joins_paths(*path)) {
            return self.collect_path(to, file, arguments, depth);
        }
        if paths.contains(&path_hash("builtins.map"))
            && let Some(lambda) = arguments.positional().get(0)
            && let Value::Lambda(lambda) = module.value(lambda)
        {
            to.exact = false;
            return self
                .returned(file, lambda)
                .into_iter()
                .for_each(|item| self.collect(to, file, item, depth));
        }
        match found.map(|found| found.entity) {
            Some(Entity::Function(owner, function)) => {
                self.collect_returns(to, (file, value), (owner, function), depth);
            }
            _ => to.parts.push(Part::Value(file, value)),
        }
    }

    /// `os.path.join(folder, name)`.
    fn collect_path<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        arguments: Arguments<'p>,
        depth: Depth<'_>,
    ) {
        to.exact = false;
        for (index, item) in arguments.positional().iter().enumerate() {
            if index > 0 {
                to.constant_piece("/");
            }
            self.collect(to, file, item, depth);
        }
    }

    /// A method of `str` that builds a text.
    fn collect_method<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        file: FileId,
        (value, object, name, arguments): (ValueId, ValueId, &str, Arguments<'p>),
        depth: Depth<'_>,
    ) {
        if name == "format" {
            return self.collect_format(to, file, (object, arguments), depth);
        }
        to.exact = false;
        let before = to.parts.len();
        self.collect(to, file, object, depth);
        let constant = to.parts.get(before..).is_some_and(|new| !new.iter().all(Part::is_value));
        // Tables and queries are joined too, but not by a text.
        if name == "join" && !constant || name == "replace" && self.escapes(file, arguments) {
            to.parts.truncate(before);
            return to.parts.push(Part::Value(file, value));
        }
        let keywords = arguments.keywords().map(|(_, value)| value);
        for argument in arguments.positional().iter().chain(keywords) {
            self.collect(to, file, argument, depth);
        }
    }

    /// `.replace("'", "''")` makes another text of it: what it is worth is for rules to say.
    fn escapes(&self, file: FileId, arguments: Arguments<'_>) -> bool {
        let first = arguments.positional().get(0).and_then(|first| self.constant(file, first));
        first.is_some_and(|first| first.as_str().is_some_and(|text| matches!(text, "'" | "\"" | "`" | "\\")))
    }

    /// A call of a function of the project is constant where all that it returns is.
    pub(super) fn collect_returns<'p>(
        &'p self,
        to: &mut TextParts<'p>,
        (file, call): (FileId, ValueId),
        (owner, function): (FileId, FunctionId),
        depth: Depth<'_>,
    ) {
        let returned = self.returned(owner, function);
        let constant = |value: &ValueId| self.text_within(owner, *value, depth).is_constant();
        if !returned.is_empty() && returned.iter().all(constant) {
            to.exact = false;
            for value in returned {
                self.collect(to, owner, value, depth);
            }
        } else {
            to.parts.push(Part::Value(file, call));
        }
    }

    /// The values that a function returns, those of functions within it left out.
    pub fn returned(&self, file: FileId, function: FunctionId) -> Vec<ValueId> {
        let Some(module) = self.module(file) else { return Vec::new() };
        let mut found = Vec::new();
        found.extend(module.lambda_body(function));
        module.walk_block(module.function_body(function), &mut |_, statement| {
            if let Statement::Return(Some(value)) = statement {
                found.push(value);
            }
        });
        found
    }
}

/// Whether a method of `str` builds a text from its receiver and its arguments, and from nothing else.
fn is_text_method(name: &str) -> bool {
    matches!(
        name,
        "format"
            | "join"
            | "strip"
            | "lstrip"
            | "rstrip"
            | "lower"
            | "upper"
            | "title"
            | "replace"
            | "encode"
            | "decode"
            | "splitlines"
            | "split"
            | "rsplit"
            | "partition"
            | "rpartition"
            | "capitalize"
            | "casefold"
            | "swapcase"
            | "expandtabs"
            | "zfill"
            | "center"
            | "ljust"
            | "rjust"
            | "translate"
            | "removeprefix"
            | "removesuffix"
            | "format_map"
    )
}
