//! Scopes, what they bind, and what the bindings stand for.

use super::{Name, Span, StatementId, ValueId};

/// Index of a [`Scope`] within its module; 0 is the module's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub u32);

/// Index of a [`Binding`] within its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BindingId(pub u32);

/// Index of an [`Import`] within its module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImportId(pub u32);

/// What opens a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ScopeKind {
    Module,
    Class,
    Function,
    /// A lambda, or a comprehension.
    Expression,
}

/// A scope. Its bindings are a run of the module's bindings.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// What opened it.
    pub kind: ScopeKind,
    /// The scope it stands in; its own id for the module's.
    pub parent: ScopeId,
    /// First of its bindings.
    pub first: u32,
    /// Number of its bindings.
    pub count: u32,
}

/// A name bound in a scope. One binding stands for all the places that bind the name there.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// The name.
    pub name: Name,
    /// The scope.
    pub scope: ScopeId,
    /// First of its definitions.
    pub(crate) first: u32,
    /// Number of its definitions.
    pub(crate) count: u32,
}

/// How a place binds a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefinitionKind {
    /// By an import; `id` is the [`ImportId`].
    Import,
    /// By `def`; `id` is the function.
    Function,
    /// By `class`; `id` is the class.
    Class,
    /// By `name = value`, `name: T = value` or `name := value`; `id` is the value.
    Assigned,
    /// By `name: T` (`id` is the annotation), beside what assigns it.
    Annotated,
    /// By `name += value`; `id` is the value.
    Augmented,
    /// By `with value as name`; `id` is the value.
    Context,
    /// By `for name in value`, in a statement or a comprehension; `id` is the value.
    Iterated,
    /// As a part of an unpacking of any of the above; `id` is the value unpacked.
    Unpacked,
    /// As a parameter; `id` is its index in the module's parameters.
    Parameter,
    /// By `except E as name`; `id` is what is caught, or NONE.
    Caught,
    /// By a pattern, `del`, a type parameter: nothing known of the value.
    Opaque,
}

/// A place that binds a name.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// How.
    pub kind: DefinitionKind,
    /// What it is bound to; see the kind.
    pub id: u32,
    /// Offset of the name bound.
    pub offset: u32,
}

impl Definition {
    /// The value of the kinds that have one.
    pub fn value(self) -> Option<ValueId> {
        matches!(
            self.kind,
            DefinitionKind::Assigned
                | DefinitionKind::Augmented
                | DefinitionKind::Context
                | DefinitionKind::Iterated
                | DefinitionKind::Unpacked
        )
        .then_some(ValueId(self.id))
    }
}

/// The form of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// `import a.b` binds `a`.
    Top,
    /// `import a.b as c` binds `a.b`.
    Module,
    /// `from a import b`.
    Member,
    /// `from a import *`.
    Star,
}

/// One name of an import statement.
#[derive(Clone, Copy, Debug)]
pub struct Import {
    /// The form.
    pub kind: ImportKind,
    /// The module as written, without leading dots; empty for `from . import x`.
    pub module: Name,
    /// Number of leading dots.
    pub level: u32,
    /// The member; [`Name::NONE`] but for [`ImportKind::Member`].
    pub member: Name,
    /// What it binds; `None` for a star.
    pub binding: Option<BindingId>,
    /// The statement it stands in.
    pub statement: StatementId,
    /// The part of the statement that names it.
    pub span: Span,
}

impl Binding {
    pub(crate) fn new(name: Name, scope: ScopeId) -> Binding {
        Binding { name, scope, first: 0, count: 0 }
    }

    /// Adds the definition at an index; those of one binding come one after the other.
    pub(crate) fn add_definition(&mut self, index: u32) {
        if self.count == 0 {
            self.first = index;
        }
        self.count += 1;
    }
}
