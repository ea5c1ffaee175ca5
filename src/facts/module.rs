//! The facts of one file.

use super::node::{NONE, Node, Pool};
use super::scope::{Binding, BindingId, Definition, Import, ImportId, Scope, ScopeId, ScopeKind};
use super::statement::{Block, StatementId, block_at};
use super::value::{Arguments, Items, ValueId, ValueKind};
use super::{ClassId, FunctionId, Name, Names, Span};

/// How a parameter takes its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ParameterKind {
    PositionalOnly,
    Plain,
    /// `*args`.
    Rest,
    KeywordOnly,
    /// `**kwargs`.
    Keywords,
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// How it takes its argument.
    pub kind: ParameterKind,
    /// Its annotation.
    pub annotation: Option<ValueId>,
    /// Its default.
    pub default: Option<ValueId>,
    /// What it binds in the function's scope.
    pub binding: BindingId,
    /// Where it is, annotation and default included.
    pub span: Span,
}

/// A function, method or lambda.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name; [`Name::NONE`] for a lambda.
    pub name: Name,
    /// Where the name is; the whole for a lambda.
    pub name_span: Span,
    /// The whole definition without decorators.
    pub span: Span,
    /// The scope of its body.
    pub scope: ScopeId,
    /// The function it stands in, at any depth of blocks and classes between.
    pub parent: Option<FunctionId>,
    /// The class whose body it stands in directly.
    pub class: Option<ClassId>,
    /// Its annotation of what it returns.
    pub returns: Option<ValueId>,
    /// Whether it is `async`.
    pub is_async: bool,
    /// Whether its own body yields.
    pub is_generator: bool,
    pub(crate) first_parameter: u32,
    pub(crate) parameter_count: u32,
    pub(crate) decorators: u32,
    /// Pool index of the block; for a lambda the value.
    pub(crate) body: u32,
}

/// A class.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Its name.
    pub name: Name,
    /// Where the name is.
    pub name_span: Span,
    /// The whole definition without decorators.
    pub span: Span,
    /// The scope of its body.
    pub scope: ScopeId,
    /// The function it stands in, if any.
    pub function: Option<FunctionId>,
    /// The class it stands in directly, if any.
    pub parent: Option<ClassId>,
    pub(crate) bases: u32,
    pub(crate) decorators: u32,
    pub(crate) body: u32,
}

/// `self.name = value` in a method.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The class whose instance is written to.
    pub class: ClassId,
    /// The attribute.
    pub name: Name,
    /// The value, or the value unpacked where `is_part`.
    pub value: Option<ValueId>,
    /// The annotation beside it.
    pub annotation: Option<ValueId>,
    /// Whether the attribute is one part of the value.
    pub is_part: bool,
    /// The method.
    pub function: FunctionId,
}

/// A comment that may suppress findings.
#[derive(Clone, Copy, Debug)]
pub struct Comment {
    /// Where it is, from its `#` on.
    pub span: Span,
    /// Its text, from its `#` on.
    pub text: Name,
}

/// A place the parser could not read.
#[derive(Clone, Debug)]
pub struct SyntaxFault {
    /// Where.
    pub span: Span,
    /// What the parser said.
    pub message: String,
}

/// What a module is made from; see the accessors of [`Module`] for the meaning of each part.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct ModuleParts {
    pub names: Names,
    pub bytes: Box<[Box<[u8]>]>,
    pub values: Box<[Node]>,
    pub statements: Box<[Node]>,
    pub pool: Pool,
    pub scopes: Box<[Scope]>,
    pub bindings: Box<[Binding]>,
    pub definitions: Box<[Definition]>,
    /// For each scope of a module or class its bindings sorted by the hash of their names, in the place that
    /// the bindings have.
    pub by_hash: Box<[BindingId]>,
    pub imports: Box<[Import]>,
    pub functions: Box<[Function]>,
    pub parameters: Box<[Parameter]>,
    pub classes: Box<[Class]>,
    /// Sorted by class and hash of the name.
    pub fields: Box<[Field]>,
    pub comments: Box<[Comment]>,
    /// See [`Module::reordered`].
    pub reordered: Box<[Span]>,
    pub faults: Box<[SyntaxFault]>,
    pub body: u32,
    pub lines: u32,
    pub length: u32,
}

/// The facts of one file.
#[derive(Debug, Default)]
pub struct Module(pub(super) ModuleParts);

impl Module {
    /// A module of these parts, which `python` has made.
    pub fn new(parts: ModuleParts) -> Module {
        Module(parts)
    }

    /// The texts of the file.
    pub fn names(&self) -> &Names {
        &self.0.names
    }

    /// The text of a name.
    pub fn text(&self, name: Name) -> &str {
        self.0.names.text(name)
    }

    /// Number of lines.
    pub fn lines(&self) -> u32 {
        self.0.lines
    }

    /// Number of bytes of the decoded text.
    pub fn length(&self) -> u32 {
        self.0.length
    }

    /// The statements of the module itself.
    pub fn body(&self) -> Block<'_> {
        block_at(&self.0.pool, self.0.body)
    }

    /// Every expression, inner ones before outer ones.
    pub fn values(&self) -> impl ExactSizeIterator<Item = ValueId> + use<> {
        (0..self.0.values.len() as u32).map(ValueId)
    }

    /// Every statement, inner ones before outer ones.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = StatementId> + use<> {
        (0..self.0.statements.len() as u32).map(StatementId)
    }

    /// Every call, inner ones before outer ones.
    pub fn calls(&self) -> impl Iterator<Item = ValueId> {
        let nodes = self.0.values.iter().enumerate();
        nodes.filter(|(_, node)| node.kind() == ValueKind::Call as u8).map(|(index, _)| ValueId(index as u32))
    }

    /// Every import.
    pub fn imports(&self) -> &[Import] {
        &self.0.imports
    }

    /// An import.
    pub fn import(&self, id: ImportId) -> Option<&Import> {
        self.0.imports.get(id.0 as usize)
    }

    /// Every function and lambda, by where they start.
    pub fn functions(&self) -> &[Function] {
        &self.0.functions
    }

    /// A function.
    pub fn function(&self, id: FunctionId) -> Option<&Function> {
        self.0.functions.get(id.0 as usize)
    }

    /// Every class, by where they start.
    pub fn classes(&self) -> &[Class] {
        &self.0.classes
    }

    /// A class.
    pub fn class(&self, id: ClassId) -> Option<&Class> {
        self.0.classes.get(id.0 as usize)
    }

    /// The scopes; the first is the module's.
    pub fn scopes(&self) -> &[Scope] {
        &self.0.scopes
    }

    /// A scope.
    pub fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.0.scopes.get(id.0 as usize)
    }

    /// A binding.
    pub fn binding(&self, id: BindingId) -> Option<&Binding> {
        self.0.bindings.get(id.0 as usize)
    }

    /// All bindings of a scope.
    pub fn bindings_of(&self, scope: ScopeId) -> impl Iterator<Item = BindingId> + use<> {
        let range = self.scope(scope).map_or(0..0, |scope| scope.first..scope.first + scope.count);
        range.map(BindingId)
    }

    /// The places that bind a name, in source order.
    pub fn definitions(&self, binding: BindingId) -> &[Definition] {
        let Some(binding) = self.binding(binding) else { return &[] };
        let start = binding.first as usize;
        self.0.definitions.get(start..start + binding.count as usize).unwrap_or(&[])
    }

    /// The binding of a name in the scope of a module or class, by the hash of the name.
    pub fn lookup(&self, scope: ScopeId, hash: u64) -> Option<BindingId> {
        let scope = self.scope(scope)?;
        if !matches!(scope.kind, ScopeKind::Module | ScopeKind::Class) {
            return None;
        }
        let start = scope.first as usize;
        let run = self.0.by_hash.get(start..start + scope.count as usize)?;
        let key = |id: &BindingId| self.binding(*id).map_or(0, |binding| self.0.names.hash(binding.name));
        let found = run.binary_search_by_key(&hash, key).ok()?;
        run.get(found).copied()
    }

    /// What is written to the attribute of a class's instances, by the hash of its name.
    pub fn fields(&self, class: ClassId, hash: u64) -> &[Field] {
        let key = |field: &Field| (field.class, self.0.names.hash(field.name));
        let start = self.0.fields.partition_point(|field| key(field) < (class, hash));
        let end = self.0.fields.partition_point(|field| key(field) <= (class, hash));
        self.0.fields.get(start..end).unwrap_or(&[])
    }

    /// Every parameter of the file, function after function.
    pub fn parameter(&self, index: u32) -> Option<&Parameter> {
        self.0.parameters.get(index as usize)
    }

    /// The parameters of a function, in order.
    pub fn parameters(&self, function: FunctionId) -> &[Parameter] {
        let Some(function) = self.function(function) else { return &[] };
        let start = function.first_parameter as usize;
        self.0.parameters.get(start..start + function.parameter_count as usize).unwrap_or(&[])
    }

    /// The decorators of a function, the outermost first.
    pub fn decorators(&self, function: FunctionId) -> Items<'_> {
        self.function(function).map_or(Items(&[]), |function| self.items(function.decorators))
    }

    /// The body of a function; empty for a lambda.
    pub fn function_body(&self, id: FunctionId) -> Block<'_> {
        match self.function(id) {
            Some(function) if function.name != Name::NONE => block_at(&self.0.pool, function.body),
            _ => Block(&[]),
        }
    }

    /// The value of a lambda.
    pub fn lambda_body(&self, id: FunctionId) -> Option<ValueId> {
        let function = self.function(id)?;
        (function.name == Name::NONE).then_some(ValueId(function.body))
    }

    /// The bases of a class, and its keywords such as `metaclass`.
    pub fn bases(&self, class: ClassId) -> Option<Arguments<'_>> {
        let class = self.class(class)?;
        (class.bases != NONE).then(|| Arguments::at(&self.0.pool, class.bases))
    }

    /// The decorators of a class, the outermost first.
    pub fn class_decorators(&self, class: ClassId) -> Items<'_> {
        self.class(class).map_or(Items(&[]), |class| self.items(class.decorators))
    }

    /// The body of a class.
    pub fn class_body(&self, class: ClassId) -> Block<'_> {
        self.class(class).map_or(Block(&[]), |class| block_at(&self.0.pool, class.body))
    }

    /// The first character of each line that makes text read in another order than it is written in.
    pub fn reordered(&self) -> &[Span] {
        &self.0.reordered
    }

    /// The comments that may suppress findings, in order.
    pub fn comments(&self) -> &[Comment] {
        &self.0.comments
    }

    /// What the parser could not read.
    pub fn faults(&self) -> &[SyntaxFault] {
        &self.0.faults
    }

    /// The innermost function around an offset, decorators and defaults not counted in.
    pub fn function_at(&self, offset: u32) -> Option<FunctionId> {
        let behind = self.0.functions.partition_point(|function| function.span.start <= offset);
        let mut id = FunctionId(u32::try_from(behind.checked_sub(1)?).ok()?);
        loop {
            let function = self.function(id)?;
            if function.span.contains(offset) {
                return Some(id);
            }
            id = function.parent?;
        }
    }

    /// The innermost class around an offset.
    pub fn class_at(&self, offset: u32) -> Option<ClassId> {
        let behind = self.0.classes.partition_point(|class| class.span.start <= offset);
        (0..behind)
            .rev()
            .take(64)
            .map(|index| ClassId(index as u32))
            .find(|id| self.class(*id).is_some_and(|class| class.span.contains(offset)))
    }

    /// Whether the text of an f-string is that of its parts, none of them converted (`!r`) or formatted (`:>5`).
    pub fn is_plain_format(&self, id: ValueId) -> bool {
        self.0.values.get(id.0 as usize).is_some_and(|node| node.b == 0)
    }

    /// The span of an expression.
    pub fn span(&self, id: ValueId) -> Span {
        self.0.values.get(id.0 as usize).map(|node| node.span()).unwrap_or_default()
    }

    /// The span of a statement.
    pub fn statement_span(&self, id: StatementId) -> Span {
        self.0.statements.get(id.0 as usize).map(|node| node.span()).unwrap_or_default()
    }

    pub(super) fn items(&self, index: u32) -> Items<'_> {
        if index == NONE { Items(&[]) } else { Items(self.0.pool.list(index)) }
    }
}
