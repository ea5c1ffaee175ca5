//! Lowers what binds names to code: functions, lambdas, classes and imports.

use ruff_python_ast::{
    Alias, Decorator, ExprLambda, Parameter as ParameterNode, Parameters, Stmt, StmtClassDef,
    StmtFunctionDef, StmtImport, StmtImportFrom, TypeParams,
};

use super::builder::{NONE, Scratch};
use super::{span, span_of};
use crate::facts::{
    BindingId, Class, ClassId, DefinitionKind, Field, Function, FunctionId, Import, ImportId, ImportKind,
    Name, Parameter, ParameterKind, ScopeId, ScopeKind, Span, StatementKind, ValueId, ValueKind,
};

impl Scratch {
    pub(super) fn function(&mut self, node: &StmtFunctionDef) {
        let decorators = self.decorators(&node.decorator_list);
        let range = without_decorators(span_of(node), &node.decorator_list);
        let id = self.reserve_function(range);
        let name = self.names.intern(&node.name);
        let binding = self.resolve(name);
        self.define(binding, DefinitionKind::Function, id.0, span(node.name.range).start);
        let (first, count) = self.parameters(&node.parameters);
        let returns = node.returns.as_deref().map(|returns| self.value(returns));
        let outer = self.frame();
        let scope = self.open_function(id, first, count, node.type_params.as_deref());
        if let (Some(class), Some(parameter)) = (outer.class, self.first_parameter(first, count)) {
            self.set_instance(parameter, class);
        }
        let body = self.function_block(&node.body);
        self.leave();
        let is_generator = self.functions.get(id.0 as usize).is_some_and(|function| function.is_generator);
        self.set_function(
            id,
            Function {
                name,
                name_span: span(node.name.range),
                span: range,
                scope,
                parent: outer.function,
                class: outer.class,
                returns,
                is_async: node.is_async,
                is_generator,
                first_parameter: first,
                parameter_count: count,
                decorators,
                body,
            },
        );
        self.add(StatementKind::Function, range, id.0, 0);
    }

    fn function_block(&mut self, body: &[Stmt]) -> u32 {
        self.bind_block(body);
        self.declared_all();
        self.block(body)
    }

    pub(super) fn lambda(&mut self, node: &ExprLambda) -> ValueId {
        let range = span(node.range);
        let id = self.reserve_function(range);
        let (first, count) = node.parameters.as_deref().map_or((0, 0), |list| self.parameters(list));
        let outer = self.frame();
        let scope = self.open_function(id, first, count, None);
        if self.holds_walrus(range) {
            self.bind_expression_walruses(&node.body);
        }
        self.declared_all();
        let body = self.value(&node.body).0;
        self.leave();
        let is_generator = self.functions.get(id.0 as usize).is_some_and(|function| function.is_generator);
        self.set_function(
            id,
            Function {
                name: Name::NONE,
                name_span: range,
                span: range,
                scope,
                parent: outer.function,
                class: None,
                returns: None,
                is_async: false,
                is_generator,
                first_parameter: first,
                parameter_count: count,
                decorators: NONE,
                body,
            },
        );
        self.push_value(ValueKind::Lambda, range, id.0, 0)
    }

    /// Takes the next function id, so that functions are numbered by where they start.
    fn reserve_function(&mut self, range: Span) -> FunctionId {
        let id = FunctionId(self.functions.len() as u32);
        self.functions.push(Function {
            name: Name::NONE,
            name_span: range,
            span: range,
            scope: ScopeId(0),
            parent: None,
            class: None,
            returns: None,
            is_async: false,
            is_generator: false,
            first_parameter: 0,
            parameter_count: 0,
            decorators: NONE,
            body: NONE,
        });
        id
    }

    fn set_function(&mut self, id: FunctionId, function: Function) {
        if let Some(slot) = self.functions.get_mut(id.0 as usize) {
            *slot = function;
        }
    }

    /// Opens the scope of a function and declares its parameters.
    fn open_function(
        &mut self,
        id: FunctionId,
        first: u32,
        count: u32,
        type_parameters: Option<&TypeParams>,
    ) -> ScopeId {
        let scope = self.enter(ScopeKind::Function);
        if let Some(frame) = self.frame_mut() {
            frame.function = Some(id);
        }
        self.type_parameters(type_parameters);
        for index in first..first + count {
            let Some(parameter) = self.parameters.get(index as usize) else { continue };
            let (name, start) = (parameter.name, parameter.span.start);
            let binding = self.declare(name);
            if let Some(parameter) = self.parameters.get_mut(index as usize) {
                parameter.binding = binding;
            }
            self.define(binding.0, DefinitionKind::Parameter, index, start);
        }
        scope
    }

    fn type_parameters(&mut self, type_parameters: Option<&TypeParams>) {
        for parameter in type_parameters.iter().flat_map(|list| &list.type_params) {
            self.bind_type_parameter(parameter);
        }
    }

    fn first_parameter(&self, first: u32, count: u32) -> Option<BindingId> {
        (count > 0).then(|| self.parameters.get(first as usize).map(|parameter| parameter.binding)).flatten()
    }

    fn set_instance(&mut self, parameter: BindingId, class: ClassId) {
        if let Some(frame) = self.frame_mut() {
            frame.instance = Some((parameter, class));
        }
    }

    pub(super) fn mark_generator(&mut self) {
        let function = self.frame().function;
        if let Some(function) = function.and_then(|id| self.functions.get_mut(id.0 as usize)) {
            function.is_generator = true;
        }
    }

    /// Lowers the parameters' defaults and annotations, which stand in the scope around the function. Their
    /// bindings follow once its own scope is open.
    fn parameters(&mut self, node: &Parameters) -> (u32, u32) {
        let mut list = Vec::with_capacity(node.args.len() + node.kwonlyargs.len() + 2);
        for parameter in &node.posonlyargs {
            list.push(self.parameter(
                &parameter.parameter,
                parameter.default(),
                ParameterKind::PositionalOnly,
            ));
        }
        for parameter in &node.args {
            list.push(self.parameter(&parameter.parameter, parameter.default(), ParameterKind::Plain));
        }
        if let Some(rest) = &node.vararg {
            list.push(self.parameter(rest, None, ParameterKind::Rest));
        }
        for parameter in &node.kwonlyargs {
            list.push(self.parameter(&parameter.parameter, parameter.default(), ParameterKind::KeywordOnly));
        }
        if let Some(keywords) = &node.kwarg {
            list.push(self.parameter(keywords, None, ParameterKind::Keywords));
        }
        let first = self.parameters.len() as u32;
        self.parameters.extend(&list);
        (first, list.len() as u32)
    }

    fn parameter(
        &mut self,
        node: &ParameterNode,
        default: Option<&ruff_python_ast::Expr>,
        kind: ParameterKind,
    ) -> Parameter {
        let annotation = node.annotation.as_deref().map(|annotation| self.value(annotation));
        let default = default.map(|default| self.value(default));
        let mut range = span(node.range);
        if let Some(default) = default {
            range.end = self.value_span(default).end;
        }
        Parameter {
            name: self.names.intern(&node.name),
            kind,
            annotation,
            default,
            binding: BindingId(NONE),
            span: range,
        }
    }

    fn decorators(&mut self, decorators: &[Decorator]) -> u32 {
        if decorators.is_empty() {
            return NONE;
        }
        let mark = self.stack.len();
        for decorator in decorators {
            let value = self.value(&decorator.expression);
            self.stack.push(value.0);
        }
        self.list(mark)
    }

    pub(super) fn class(&mut self, node: &StmtClassDef) {
        let decorators = self.decorators(&node.decorator_list);
        let range = without_decorators(span_of(node), &node.decorator_list);
        let id = ClassId(self.classes.len() as u32);
        let name = self.names.intern(&node.name);
        let outer = self.frame();
        let mut class = Class {
            name,
            name_span: span(node.name.range),
            span: range,
            scope: ScopeId(0),
            function: outer.function,
            parent: outer.class,
            bases: NONE,
            decorators,
            body: NONE,
        };
        self.classes.push(class);
        let binding = self.resolve(name);
        self.define(binding, DefinitionKind::Class, id.0, class.name_span.start);
        class.bases = node.arguments.as_deref().map_or(NONE, |arguments| self.arguments(arguments));
        class.scope = self.enter(ScopeKind::Class);
        if let Some(frame) = self.frame_mut() {
            frame.class = Some(id);
            frame.instance = None;
        }
        self.type_parameters(node.type_params.as_deref());
        self.bind_block(&node.body);
        self.declared_all();
        class.body = self.block(&node.body);
        self.leave();
        if let Some(slot) = self.classes.get_mut(id.0 as usize) {
            *slot = class;
        }
        self.add(StatementKind::Class, range, id.0, 0);
    }

    /// Records `self.name = value` where `target` is one.
    pub(super) fn field(
        &mut self,
        target: ValueId,
        value: Option<ValueId>,
        annotation: Option<ValueId>,
        is_part: bool,
    ) {
        let frame = self.frame();
        let (Some((instance, class)), Some(function)) = (frame.instance, frame.function) else { return };
        let Some((kind, object, name)) = self.value_kind(target) else { return };
        if kind != ValueKind::Attribute as u8 {
            return;
        }
        let object = self.value_kind(ValueId(object));
        if object.is_some_and(|(kind, _, binding)| kind == ValueKind::Name as u8 && binding == instance.0) {
            self.fields.push(Field { class, name: Name(name), value, annotation, is_part, function });
        }
    }

    pub(super) fn import(&mut self, node: &StmtImport) {
        let first = self.imports.len() as u32;
        for alias in &node.names {
            let kind = if alias.asname.is_some() { ImportKind::Module } else { ImportKind::Top };
            let module = alias.name.as_str();
            let bound = match &alias.asname {
                Some(name) => name.as_str(),
                None => module.split('.').next().unwrap_or_default(),
            };
            self.push_import(kind, module, 0, None, Some(bound), alias);
        }
        self.add_import(first, span(node.range));
    }

    pub(super) fn import_from(&mut self, node: &StmtImportFrom) {
        let first = self.imports.len() as u32;
        let module = node.module.as_ref().map_or("", |module| module.as_str());
        for alias in &node.names {
            let member = alias.name.as_str();
            if member == "*" {
                self.push_import(ImportKind::Star, module, node.level, None, None, alias);
            } else {
                let bound = alias.asname.as_ref().map_or(member, |name| name.as_str());
                self.push_import(ImportKind::Member, module, node.level, Some(member), Some(bound), alias);
            }
        }
        self.add_import(first, span(node.range));
    }

    fn add_import(&mut self, first: u32, range: Span) {
        let count = self.imports.len() as u32 - first;
        self.add(StatementKind::Import, range, first, count);
    }

    fn push_import(
        &mut self,
        kind: ImportKind,
        module: &str,
        level: u32,
        member: Option<&str>,
        bound: Option<&str>,
        alias: &Alias,
    ) {
        let id = ImportId(self.imports.len() as u32);
        let place = span(alias.range);
        let module = self.names.intern(module);
        let member = member.map_or(Name::NONE, |member| self.names.intern(member));
        let binding = bound.map(|bound| self.names.intern(bound)).map(|name| self.resolve(name));
        if let Some(binding) = binding {
            self.define(binding, DefinitionKind::Import, id.0, place.start);
        }
        let binding = binding.filter(|&binding| binding != NONE).map(BindingId);
        let statement = self.next_statement();
        self.imports.push(Import { kind, module, level, member, binding, statement, span: place });
    }
}

fn without_decorators(range: Span, decorators: &[Decorator]) -> Span {
    let start = decorators.last().map_or(range.start, |decorator| span(decorator.range).end);
    Span::new(start, range.end)
}
