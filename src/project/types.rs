//! Which class an expression is an instance of.

use super::entity::Entity;
use super::{FileId, Project};
use crate::facts::{
    BindingId, ClassId, DefinitionKind, FunctionId, Module, ScopeId, Value, ValueId, hash_text, join_hash,
    path_hash,
};

/// The most steps taken for one question.
const FUEL: u32 = 200;

/// The class of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A class outside of the project, by the hash of its dotted path.
    External(u64),
    /// A class of the project.
    Class(FileId, ClassId),
}

impl Project {
    /// The class that an expression is an instance of: by its constructor, an annotation, what a variable or
    /// attribute is assigned anywhere, or what a function returns.
    pub fn type_of(&self, file: FileId, value: ValueId) -> Option<Type> {
        self.typed(file, value, &mut { FUEL })
    }

    fn typed(&self, file: FileId, value: ValueId, fuel: &mut u32) -> Option<Type> {
        *fuel = fuel.checked_sub(1)?;
        let module = self.module(file)?;
        match module.value(value) {
            Value::Call(callee, _) => self.call_type(file, callee, fuel),
            Value::Name(_, Some(binding)) => match self.resolve_binding(file, binding, 16)?.entity {
                Entity::Variable(file, binding) => self.binding_type(file, binding, fuel),
                Entity::External(path) => {
                    self.models().returns(self.models().canonical(path)).map(Type::External)
                }
                _ => None,
            },
            Value::Attribute(object, name) => {
                let resolved = self.resolve(file, value).and_then(|found| match found.entity {
                    Entity::Variable(file, binding) => self.binding_type(file, binding, fuel),
                    Entity::External(path) => {
                        self.models().returns(self.models().canonical(path)).map(Type::External)
                    }
                    _ => None,
                });
                resolved.or_else(|| {
                    let object = self.typed(file, object, fuel)?;
                    self.attribute_type(object, module.names().hash(name), fuel)
                })
            }
            Value::Await(inner) | Value::Assigned(_, inner) => self.typed(file, inner, fuel),
            Value::Conditional(_, then, otherwise) => {
                self.typed(file, then, fuel).or_else(|| self.typed(file, otherwise, fuel))
            }
            Value::Boolean(_, items) => items.iter().find_map(|item| self.typed(file, item, fuel)),
            Value::Str(_) | Value::Format(_) => Some(Type::External(path_hash("builtins.str"))),
            Value::Dict(_) => Some(Type::External(path_hash("builtins.dict"))),
            Value::List(_) => Some(Type::External(path_hash("builtins.list"))),
            _ => None,
        }
    }

    fn call_type(&self, file: FileId, callee: ValueId, fuel: &mut u32) -> Option<Type> {
        if let Some(found) = self.resolve(file, callee) {
            match found.entity {
                Entity::Class(file, class) => return Some(Type::Class(file, class)),
                Entity::Function(file, function) => return self.return_type(file, function, fuel),
                Entity::External(path) => {
                    let path = self.models().canonical(path);
                    return Some(Type::External(self.models().returns(path).unwrap_or(path)));
                }
                _ => {}
            }
        }
        let module = self.module(file)?;
        let Value::Attribute(object, name) = module.value(callee) else { return None };
        let object = self.typed(file, object, fuel)?;
        let name = module.names().hash(name);
        match self.method(object, name)? {
            Entity::Function(file, function) => self.return_type(file, function, fuel),
            Entity::External(path) => {
                let path = self.models().canonical(path);
                Some(Type::External(self.models().returns(path).unwrap_or(path)))
            }
            _ => None,
        }
    }

    fn return_type(&self, file: FileId, function: FunctionId, fuel: &mut u32) -> Option<Type> {
        *fuel = fuel.checked_sub(1)?;
        let returns = self.module(file)?.function(function)?.returns;
        if let Some(typed) = returns.and_then(|annotation| self.annotation_type(file, annotation, fuel)) {
            return Some(typed);
        }
        self.returned(file, function).into_iter().find_map(|value| self.typed(file, value, fuel))
    }

    /// The class of a variable: by its annotation, else by what it is bound to.
    fn binding_type(&self, file: FileId, binding: BindingId, fuel: &mut u32) -> Option<Type> {
        *fuel = fuel.checked_sub(1)?;
        let module = self.module(file)?;
        let definitions = module.definitions(binding);
        let annotated = definitions.iter().find_map(|definition| match definition.kind {
            DefinitionKind::Annotated => self.annotation_type(file, ValueId(definition.id), fuel),
            DefinitionKind::Parameter => self.parameter_type(file, definition.id, fuel),
            _ => None,
        });
        annotated.or_else(|| {
            definitions.iter().find_map(|definition| match definition.kind {
                DefinitionKind::Assigned | DefinitionKind::Context => {
                    self.typed(file, ValueId(definition.id), fuel)
                }
                _ => None,
            })
        })
    }

    fn parameter_type(&self, file: FileId, index: u32, fuel: &mut u32) -> Option<Type> {
        let module = self.module(file)?;
        let parameter = module.parameter(index)?;
        if let Some(annotation) = parameter.annotation {
            return self.annotation_type(file, annotation, fuel);
        }
        if let Some(class) = method_class(module, index) {
            return Some(Type::Class(file, class));
        }
        parameter.default.and_then(|default| self.typed(file, default, fuel))
    }

    /// The class that an annotation names: `X`, `"X"`, `Optional[X]`, `X | None`, `Annotated[X, …]`.
    fn annotation_type(&self, file: FileId, annotation: ValueId, fuel: &mut u32) -> Option<Type> {
        *fuel = fuel.checked_sub(1)?;
        let module = self.module(file)?;
        match module.value(annotation) {
            Value::Name(..) | Value::Attribute(..) => {
                self.class_named(self.resolve(file, annotation)?.entity)
            }
            Value::Str(name) => {
                let mut segments = module.text(name).split('.').map(hash_text);
                let binding = module.lookup(ScopeId(0), segments.next()?)?;
                let first = self.resolve_binding(file, binding, 16)?.entity;
                match (first, segments.next()) {
                    (Entity::External(path), Some(next)) => {
                        Some(Type::External(segments.fold(join_hash(path, next), join_hash)))
                    }
                    (entity, _) => self.class_named(entity),
                }
            }
            Value::Item(object, key) => {
                let wrapper =
                    self.resolve(file, object).is_some_and(|found| self.paths(found).any(is_wrapper));
                if !wrapper {
                    return self.annotation_type(file, object, fuel);
                }
                match module.value(key) {
                    Value::Tuple(items) => self.annotation_type(file, items.get(0)?, fuel),
                    _ => self.annotation_type(file, key, fuel),
                }
            }
            Value::Binary(_, left, right) => {
                self.annotation_type(file, left, fuel).or_else(|| self.annotation_type(file, right, fuel))
            }
            _ => None,
        }
    }

    fn class_named(&self, entity: Entity) -> Option<Type> {
        match entity {
            Entity::Class(file, class) => Some(Type::Class(file, class)),
            Entity::External(path) => Some(Type::External(self.models().canonical(path))),
            _ => None,
        }
    }

    /// The class of an attribute of an instance.
    fn attribute_type(&self, object: Type, name: u64, fuel: &mut u32) -> Option<Type> {
        *fuel = fuel.checked_sub(1)?;
        let (file, class) = match object {
            Type::External(path) => return self.models().returns(join_hash(path, name)).map(Type::External),
            Type::Class(file, class) => (file, class),
        };
        let module = self.module(file)?;
        for field in module.fields(class, name).iter().filter(|field| !field.is_part) {
            let annotated =
                field.annotation.and_then(|annotation| self.annotation_type(file, annotation, fuel));
            let typed = annotated.or_else(|| field.value.and_then(|value| self.typed(file, value, fuel)));
            if typed.is_some() {
                return typed;
            }
        }
        match self.class_member(file, class, name, 16) {
            Some(Entity::Variable(file, binding)) => {
                if let Some(typed) = self.binding_type(file, binding, fuel) {
                    return Some(typed);
                }
            }
            // A property is called by being read; other methods have no attributes that matter.
            Some(Entity::Function(file, function)) => return self.return_type(file, function, fuel),
            Some(Entity::External(path)) => return self.models().returns(path).map(Type::External),
            _ => {}
        }
        let bases: Vec<Entity> = self.bases(file, class).collect();
        bases.into_iter().find_map(|base| self.attribute_type(self.class_named(base)?, name, fuel))
    }

    /// The method behind an attribute of an instance that is a property.
    pub(super) fn property(&self, file: FileId, value: ValueId) -> Option<(FileId, FunctionId)> {
        let module = self.module(file)?;
        let Value::Attribute(object, name) = module.value(value) else { return None };
        let Entity::Function(owner, function) =
            self.method(self.type_of(file, object)?, module.names().hash(name))?
        else {
            return None;
        };
        let module = self.module(owner)?;
        let property = module.decorators(function).iter().any(|decorator| match module.value(decorator) {
            Value::Name(name, _) | Value::Attribute(_, name) => module.text(name).ends_with("property"),
            _ => false,
        });
        property.then_some((owner, function))
    }

    /// The variable of a class of the project that an attribute of an instance is, unless the instance has it.
    pub(super) fn class_variable(&self, file: FileId, value: ValueId) -> Option<(FileId, BindingId)> {
        let module = self.module(file)?;
        let Value::Attribute(object, name) = module.value(value) else { return None };
        let class = self.type_of(file, object)?;
        match self.method(class, module.names().hash(name))? {
            Entity::Variable(owner, binding) => Some((owner, binding)),
            _ => None,
        }
    }

    /// A method of an instance: of its class, of a base of it, or of a class outside of the project.
    pub fn method(&self, object: Type, name: u64) -> Option<Entity> {
        match object {
            Type::External(class) => Some(Entity::External(join_hash(class, name))),
            Type::Class(file, class) => self.class_member(file, class, name, 16),
        }
    }

    /// What is assigned to an attribute of an instance of a class of the project, everywhere in that class.
    pub fn attribute_values(&self, file: FileId, value: ValueId) -> Vec<(FileId, ValueId)> {
        let Some(module) = self.module(file) else { return Vec::new() };
        let Value::Attribute(object, name) = module.value(value) else { return Vec::new() };
        let Some(Type::Class(owner, class)) = self.type_of(file, object) else { return Vec::new() };
        let Some(module) = self.module(owner) else { return Vec::new() };
        let Some(hash) = self.module(file).map(|module| module.names().hash(name)) else { return Vec::new() };
        let fields = module.fields(class, hash);
        if fields.iter().any(|field| field.is_part) {
            return Vec::new();
        }
        fields.iter().filter_map(|field| Some((owner, field.value?))).collect()
    }
}

/// The class of the method whose first parameter this is.
fn method_class(module: &Module, parameter: u32) -> Option<ClassId> {
    let offset = module.parameter(parameter)?.span.start;
    let function = module.function_at(offset)?;
    let first = module.parameters(function).first()?;
    (first.span.start == offset).then(|| module.function(function)?.class).flatten()
}

/// Whether a subscripted annotation is about its first argument: `Optional[X]`, `Annotated[X, …]`.
fn is_wrapper(path: u64) -> bool {
    const WRAPPERS: [&str; 8] = [
        "typing.Optional",
        "typing.Annotated",
        "typing.Union",
        "typing.Final",
        "typing.ClassVar",
        "typing.Awaitable",
        "typing_extensions.Annotated",
        "typing.Type",
    ];
    WRAPPERS.iter().any(|wrapper| path_hash(wrapper) == path)
}
