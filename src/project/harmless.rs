//! Values that cannot bring foreign text along: numbers, members of enums, what a library has quoted.

use super::constants::{Depth, single_assignment};
use super::entity::Entity;
use super::{Constant, FileId, Project, Type};
use crate::facts::{
    Arguments, BinaryOperator, BindingId, Comparison, Definition, DefinitionKind, Module, Value, ValueId,
    hash_text, join_hash, path_hash,
};
use crate::models::Kind;

/// The deepest nesting of operations that is followed for a number.
const DEEPEST_NUMBER: u32 = 8;

const ENUMS: [&str; 7] = [
    "enum.Enum",
    "enum.StrEnum",
    "enum.IntEnum",
    "enum.Flag",
    "enum.IntFlag",
    "django.db.models.TextChoices",
    "django.db.models.IntegerChoices",
];

impl Project {
    /// The hashes of the paths under which models may know what is called: by its name, by the class of the
    /// receiver, or as `?.name` where neither is known.
    pub fn callee_paths(&self, file: FileId, callee: ValueId) -> Vec<u64> {
        if let Some(found) = self.resolve(file, callee)
            && !matches!(found.entity, Entity::Variable(..))
        {
            return self.paths(found).collect();
        }
        let Some(module) = self.module(file) else { return Vec::new() };
        let (object, name) = match module.value(callee) {
            Value::Attribute(object, name) => (object, name),
            // `quote = connection.ops.quote_name`: as that is called.
            Value::Name(_, Some(binding)) => match single_assignment(module, binding) {
                Some(value) if matches!(module.value(value), Value::Attribute(..)) => {
                    return self.callee_paths(file, value);
                }
                _ => return Vec::new(),
            },
            _ => return Vec::new(),
        };
        let name = module.names().hash(name);
        let bases = self.type_of(file, object).map(|class| self.external_bases(class)).unwrap_or_default();
        let typed = bases.iter().map(|&base| self.models().canonical(join_hash(base, name)));
        typed.chain([join_hash(hash_text("?"), name)]).collect()
    }

    /// Whether an expression yields a number, a truth value or something else without a text of its own.
    pub fn is_number(&self, file: FileId, value: ValueId) -> bool {
        self.is_number_within(file, value, DEEPEST_NUMBER)
    }

    fn is_number_within(&self, file: FileId, value: ValueId, depth: u32) -> bool {
        let Some((depth, module)) = depth.checked_sub(1).zip(self.module(file)) else { return false };
        match module.value(value) {
            Value::Int(_) | Value::Float(_) | Value::OtherNumber | Value::Bool(_) => true,
            Value::Compare(comparison) => is_plain(comparison),
            Value::Unary(_, operand) => self.is_number_within(file, operand, depth),
            Value::Binary(operator, left, right) => {
                // `"%d" % n` is a text, `n % 2` none.
                let numbers = [left, right].map(|side| self.is_number_within(file, side, depth));
                numbers == [true, true] || operator == BinaryOperator::FloorDivide
            }
            Value::Conditional(_, then, otherwise) => {
                self.is_number_within(file, then, depth) && self.is_number_within(file, otherwise, depth)
            }
            Value::Boolean(_, items) => items.iter().all(|item| self.is_number_within(file, item, depth)),
            Value::Call(callee, arguments) => {
                let paths = self.callee_paths(file, callee);
                let of_map = paths.contains(&path_hash("builtins.map"));
                let mapped = arguments.positional().get(0).filter(|_| of_map);
                paths.iter().any(|path| self.models().makes_number(*path))
                    || self.is_number_of_several(file, &paths, arguments, depth)
                    || mapped.is_some_and(|function| self.is_number_type(file, function))
            }
            Value::Name(_, Some(binding)) => self.is_number_variable(file, module, binding, depth),
            Value::Attribute(object, name) => self.is_number_attribute(file, value, (object, name), depth),
            _ => self.is_constant_number(file, value),
        }
    }

    /// `max(1, n)`: what can be compared with a number is one.
    fn is_number_of_several(
        &self,
        file: FileId,
        paths: &[u64],
        arguments: Arguments<'_>,
        depth: u32,
    ) -> bool {
        let items = arguments.positional();
        ["builtins.max", "builtins.min"].iter().any(|path| paths.contains(&path_hash(path)))
            && items.len() > 1
            && items.iter().any(|item| self.is_number_within(file, item, depth))
    }

    fn is_constant_number(&self, file: FileId, value: ValueId) -> bool {
        matches!(self.constant(file, value), Some(Constant::Int(_) | Constant::Float(_) | Constant::Bool(_)))
    }

    fn is_number_attribute(
        &self,
        file: FileId,
        value: ValueId,
        (object, name): (ValueId, crate::facts::Name),
        depth: u32,
    ) -> bool {
        let Some(module) = self.module(file) else { return false };
        let of_class = match self.type_of(file, object) {
            Some(Type::External(class)) => {
                self.models().makes_number(join_hash(class, module.names().hash(name)))
            }
            _ => false,
        };
        let typed = |class| matches!(class, Type::External(path) if self.models().makes_number(path));
        let values = self.attribute_values(file, value);
        of_class
            || self.is_constant_number(file, value)
            || self.type_of(file, value).is_some_and(typed)
            || !values.is_empty()
                && values.iter().all(|(owner, value)| self.is_number_within(*owner, *value, depth))
    }

    fn is_number_variable(&self, file: FileId, module: &Module, binding: BindingId, depth: u32) -> bool {
        let definitions = module.definitions(binding);
        let annotation = |definition: &Definition| match definition.kind {
            DefinitionKind::Annotated => Some(ValueId(definition.id)),
            DefinitionKind::Parameter => {
                module.parameter(definition.id).and_then(|parameter| parameter.annotation)
            }
            _ => None,
        };
        if definitions.iter().filter_map(annotation).any(|annotation| self.is_number_type(file, annotation)) {
            return true;
        }
        !definitions.is_empty()
            && definitions.iter().all(|definition| match (definition.kind, definition.value()) {
                (DefinitionKind::Assigned | DefinitionKind::Augmented, Some(value)) => {
                    self.is_number_within(file, value, depth)
                }
                (DefinitionKind::Iterated, Some(value)) => {
                    matches!(module.value(value), Value::Call(..))
                        && self.is_number_within(file, value, depth)
                }
                _ => false,
            })
    }

    /// Whether an annotation names a kind of number: `int`, `Optional[int]`, `int | None`.
    fn is_number_type(&self, file: FileId, annotation: ValueId) -> bool {
        let Some(module) = self.module(file) else { return false };
        let number_or_none =
            |side| matches!(module.value(side), Value::None) || self.is_number_type(file, side);
        match module.value(annotation) {
            Value::Binary(BinaryOperator::BitOr, left, right) => {
                number_or_none(left) && number_or_none(right)
            }
            Value::Item(wrapper, inner) => {
                let path = self.resolve(file, wrapper);
                let optional = path
                    .is_some_and(|found| self.paths(found).any(|path| path == path_hash("typing.Optional")));
                optional && self.is_number_type(file, inner)
            }
            _ => self
                .resolve(file, annotation)
                .is_some_and(|found| self.paths(found).any(|path| self.models().makes_number(path))),
        }
    }

    /// Whether an expression yields a member of an enum, its name or its value, or is an enum to be iterated.
    pub fn is_enum_member(&self, file: FileId, value: ValueId) -> bool {
        let Some(module) = self.module(file) else { return false };
        let is_enum = |class| {
            let bases = self.external_bases(class);
            bases.iter().any(|base| ENUMS.iter().any(|path| path_hash(path) == *base))
        };
        let is_class = |value| {
            matches!(self.resolve(file, value).map(|found| found.entity),
                Some(Entity::Class(file, class)) if is_enum(Type::Class(file, class)))
        };
        if self.type_of(file, value).is_some_and(is_enum) || is_class(value) {
            return true;
        }
        match module.value(value) {
            Value::Attribute(object, name) if matches!(module.text(name), "value" | "name" | "label") => {
                self.is_enum_member(file, object)
            }
            Value::Attribute(class, _) | Value::Item(class, _) => is_class(class),
            Value::Name(_, Some(binding)) => module.definitions(binding).iter().any(|definition| {
                definition.kind == DefinitionKind::Iterated && is_class(ValueId(definition.id))
            }),
            _ => false,
        }
    }

    /// A dictionary or sequence whose values are all constant: picking from it yields a constant.
    pub(super) fn is_constant_table(&self, file: FileId, object: ValueId, depth: Depth<'_>) -> bool {
        let Some(module) = self.module(file) else { return false };
        match module.value(object) {
            Value::Dict(_) | Value::List(_) | Value::Tuple(_) => {
                let parts = self.text_within(file, object, depth);
                parts.is_constant() && !parts.parts.is_empty()
            }
            Value::Name(..) | Value::Attribute(..) => match self.named_variable(file, object) {
                Some((owner, binding)) => self.module(owner).is_some_and(|module| {
                    let constant = |value: &ValueId| self.text_within(owner, *value, depth).is_constant();
                    single_assignment(module, binding).is_some_and(|value| {
                        depth.deeper().is_some_and(|depth| self.is_constant_table(owner, value, depth))
                            && self.additions(owner, binding, None).iter().all(constant)
                    })
                }),
                None => false,
            },
            _ => false,
        }
    }

    /// The variable that a name or an attribute of an instance is.
    fn named_variable(&self, file: FileId, value: ValueId) -> Option<(FileId, BindingId)> {
        match self.resolve(file, value).map(|found| found.entity) {
            Some(Entity::Variable(owner, binding)) => Some((owner, binding)),
            Some(_) => None,
            None => self.class_variable(file, value),
        }
    }

    /// Whether an expression is made harmless as this kind of text by a function for that purpose.
    pub fn is_quoted(&self, file: FileId, value: ValueId, kind: Kind) -> bool {
        self.is_quoted_within(file, value, kind, 4)
    }

    fn is_quoted_within(&self, file: FileId, value: ValueId, kind: Kind, depth: u32) -> bool {
        let Some((depth, module)) = depth.checked_sub(1).zip(self.module(file)) else { return false };
        let Value::Call(callee, arguments) = module.value(value) else { return false };
        let paths = self.callee_paths(file, callee);
        if paths.iter().any(|path| self.models().quotes(*path, kind)) {
            return true;
        }
        if paths.contains(&path_hash("builtins.map")) {
            let function = arguments.positional().get(0);
            return function.is_some_and(|function| {
                self.callee_paths(file, function).iter().any(|path| self.models().quotes(*path, kind))
            });
        }
        let Some(Entity::Function(owner, function)) = self.resolve(file, callee).map(|found| found.entity)
        else {
            return false;
        };
        let returned = self.returned(owner, function);
        let harmless = |value: &ValueId| {
            self.text(owner, *value).values().all(|(file, value)| {
                self.is_number(file, value) || self.is_quoted_within(file, value, kind, depth)
            })
        };
        !returned.is_empty() && returned.iter().all(harmless)
    }
}

fn is_plain(comparison: Comparison<'_>) -> bool {
    comparison.rest().len() > 0
}
