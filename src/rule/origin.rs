//! Where a value comes from, as far as its own file tells, and who calls the function it stands in.

use super::Site;
use crate::facts::{DefinitionKind, FunctionId, Value, ValueId};

/// Where a value that is not constant comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// From whoever runs the program: its environment, command line, settings, or a path it made itself.
    Operator,
    /// Given to the function.
    Parameter,
    /// Anywhere else.
    Elsewhere,
}

const DEEPEST: u32 = 12;

impl Site<'_> {
    /// Where the value of an expression comes from.
    pub fn origin(&self, value: ValueId) -> Origin {
        self.origin_within(value, DEEPEST)
    }

    fn origin_within(&self, value: ValueId, depth: u32) -> Origin {
        let Some(depth) = depth.checked_sub(1) else { return Origin::Elsewhere };
        let models = self.project.models();
        let found = self.resolve(value).into_iter().flat_map(|found| self.project.paths(found));
        let class = self.type_of(value).map(|class| self.project.external_bases(class)).unwrap_or_default();
        if found.chain(class.iter().copied()).any(|path| models.is_operator(path)) {
            return Origin::Operator;
        }
        match self.value(value) {
            Value::Name(name, None) if self.module.text(name) == "__file__" => Origin::Operator,
            Value::Name(_, Some(binding)) => {
                let definitions = self.module.definitions(binding);
                let of = |kind| definitions.iter().any(|definition| definition.kind == kind);
                if of(DefinitionKind::Parameter) {
                    return self.parameter_origin(value);
                }
                let values = definitions.iter().map(|definition| definition.value());
                let worst = values
                    .map(|value| value.map_or(Origin::Elsewhere, |value| self.origin_within(value, depth)));
                worst.max().unwrap_or(Origin::Elsewhere)
            }
            Value::Attribute(object, _) | Value::Item(object, _) | Value::Await(object) => {
                match self.origin_within(object, depth) {
                    Origin::Operator => Origin::Operator,
                    _ => Origin::Elsewhere,
                }
            }
            Value::Call(callee, arguments) => {
                let paths = self.project.callee_paths(self.file, callee);
                let known = paths.iter().any(|path| models.is_operator(*path));
                if known || self.origin_within(callee, depth) == Origin::Operator {
                    return Origin::Operator;
                }
                // `os.path.join(os.environ["HOME"], "x")`: as the arguments are.
                self.worst(arguments.positional().iter(), depth)
            }
            Value::Binary(_, left, right) => self.worst([left, right].into_iter(), depth),
            Value::Format(items) | Value::Boolean(_, items) | Value::List(items) | Value::Tuple(items) => {
                self.worst(items.iter(), depth)
            }
            Value::Starred(inner) | Value::Assigned(_, inner) => self.origin_within(inner, depth),
            _ => Origin::Elsewhere,
        }
    }

    /// The worst of several, constants left out; where only constants are left, nothing is known.
    fn worst(&self, values: impl Iterator<Item = ValueId>, depth: u32) -> Origin {
        let dynamic = values.filter(|value| self.constant(*value).is_none());
        let worst = dynamic.map(|value| self.origin_within(value, depth)).max();
        if worst == Some(Origin::Operator) { Origin::Operator } else { Origin::Elsewhere }
    }

    fn parameter_origin(&self, value: ValueId) -> Origin {
        let function = self.function_of(value);
        if function.is_some_and(|function| self.is_command(function)) {
            Origin::Operator
        } else {
            Origin::Parameter
        }
    }

    /// Whether a function is a command of a command line: `@click.command()`, `@app.command()` of typer.
    fn is_command(&self, function: FunctionId) -> bool {
        let decorators = self.module.decorators(function);
        decorators.iter().any(|decorator| {
            let decorator = self.called(decorator);
            let last = self.last_segment(decorator);
            last.is_some_and(|name| matches!(name, "command" | "option" | "argument"))
        })
    }

    /// Whether an expression stands in a function that answers a request, as far as that shows in its file: by
    /// a decorator that names a route, by a parameter `request`, or as a method of a view named after a verb.
    pub fn is_in_handler(&self, value: ValueId) -> bool {
        let mut function = self.function_of(value);
        while let Some(id) = function {
            if self.is_handler(id) {
                return true;
            }
            function = self.module.function(id).and_then(|function| function.parent);
        }
        false
    }

    fn is_handler(&self, id: FunctionId) -> bool {
        let routed = self.module.decorators(id).iter().any(|decorator| match self.value(decorator) {
            Value::Call(callee, arguments) => {
                let path = arguments.positional().get(0).and_then(|path| self.constant(path));
                let slash =
                    path.as_ref().and_then(|path| path.as_str()).is_some_and(|path| path.starts_with('/'));
                self.last_segment(callee).is_some_and(|name| match name {
                    "route" | "api_route" | "websocket" => true,
                    name => slash && is_verb(name),
                })
            }
            _ => false,
        });
        let parameters = self.module.parameters(id);
        let requested = parameters.iter().any(|parameter| self.module.text(parameter.name) == "request");
        let Some(function) = self.module.function(id) else { return false };
        let class = function.class.and_then(|class| self.module.class(class));
        let of_view = class.is_some_and(|class| {
            let name = self.module.text(class.name);
            is_verb(self.module.text(function.name))
                && ["View", "Resource", "Handler", "Endpoint", "API"].iter().any(|end| name.ends_with(end))
        });
        routed || requested || of_view
    }
}

fn is_verb(name: &str) -> bool {
    matches!(name, "get" | "post" | "put" | "patch" | "delete" | "head" | "options")
}
