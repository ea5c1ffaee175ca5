//! What the lowering walk writes to: the arenas of a [`Module`] in the making, and the scopes it stands in.

use ruff_python_ast::ModModule;
use ruff_python_parser::Parsed;

use super::{Refused, comments, depth, faults, reordered};
use crate::facts::{
    Binding, BindingId, Class, ClassId, Definition, DefinitionKind, Field, Function, FunctionId, Import,
    Module, ModuleParts, Name, NamesBuilder, Node, Parameter, Pool, Scope, ScopeId, ScopeKind, Span,
    StatementId, StatementKind, ValueId, ValueKind,
};

/// Stands for "none" in a word of a node or of the pool.
pub(super) const NONE: u32 = u32::MAX;

/// Definitions of one name in one scope that are kept apart.
const MOST_DEFINITIONS: usize = 500;

/// The scope being lowered and what surrounds it.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub scope: ScopeId,
    pub kind: ScopeKind,
    /// The innermost function.
    pub function: Option<FunctionId>,
    /// The class, where its body is what is being lowered.
    pub class: Option<ClassId>,
    /// The first parameter of the method around, and its class.
    pub instance: Option<(BindingId, ClassId)>,
    undo: usize,
    class_undo: usize,
    declared: usize,
}

/// Memory of a worker, reused from file to file.
#[derive(Default)]
pub struct Scratch {
    pub(super) names: NamesBuilder,
    bytes: Vec<Box<[u8]>>,
    values: Vec<Node>,
    statements: Vec<Node>,
    pub(super) pool: Vec<u32>,
    pub(super) scopes: Vec<Scope>,
    bindings: Vec<Binding>,
    definitions: Vec<(u32, Definition)>,
    pub(super) imports: Vec<Import>,
    pub(super) functions: Vec<Function>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) classes: Vec<Class>,
    pub(super) fields: Vec<Field>,
    /// Words on their way into the pool.
    pub(super) stack: Vec<u32>,
    pub(super) frames: Vec<Frame>,
    /// By name: the binding seen from functions, and from the class body being lowered.
    visible: Vec<u32>,
    class_visible: Vec<u32>,
    undo: Vec<(Name, u32)>,
    class_undo: Vec<(Name, u32)>,
    /// Names that `global` or `nonlocal` keep from being bound in the scopes open now.
    declared: Vec<Name>,
    /// Whether the f-string being lowered converts or formats a part, so that its text is not just the parts'.
    pub(super) converts: bool,
    pub(super) depth: u32,
    pub(super) too_deep: bool,
    /// Offsets of `:=`, in order: only statements with one in them are searched for what it binds.
    walruses: Vec<u32>,
    /// Whether the file holds `global` at all.
    pub(super) holds_global: bool,
}

impl Scratch {
    pub(super) fn lower(&mut self, parsed: &Parsed<ModModule>, text: &str) -> Result<Module, Refused> {
        self.clear();
        self.walruses.extend(memchr::memmem::find_iter(text.as_bytes(), b":=").map(|offset| offset as u32));
        self.holds_global = memchr::memmem::find(text.as_bytes(), b"global ").is_some();
        let body = self.lower_module(parsed.syntax());
        if self.too_deep {
            self.clear();
            return Err(Refused::TooDeep);
        }
        let comments = comments::suppressing(parsed.tokens(), text, &mut self.names);
        let (definitions, bindings) = self.sorted_definitions();
        let by_hash = self.bindings_by_hash();
        self.sort_fields();
        let parts = ModuleParts {
            bytes: std::mem::take(&mut self.bytes).into_boxed_slice(),
            values: Box::from(self.values.as_slice()),
            statements: Box::from(self.statements.as_slice()),
            pool: Pool::new(&self.pool),
            scopes: Box::from(self.scopes.as_slice()),
            bindings,
            definitions,
            by_hash,
            imports: Box::from(self.imports.as_slice()),
            functions: Box::from(self.functions.as_slice()),
            parameters: Box::from(self.parameters.as_slice()),
            classes: Box::from(self.classes.as_slice()),
            fields: Box::from(self.fields.as_slice()),
            comments,
            reordered: reordered::characters(text),
            faults: faults(parsed),
            body,
            lines: lines(text),
            length: text.len() as u32,
            names: self.names.finish(),
        };
        Ok(Module::new(parts))
    }

    fn clear(&mut self) {
        self.names.clear();
        self.bytes.clear();
        self.values.clear();
        self.statements.clear();
        self.pool.clear();
        self.scopes.clear();
        self.bindings.clear();
        self.definitions.clear();
        self.imports.clear();
        self.functions.clear();
        self.parameters.clear();
        self.classes.clear();
        self.fields.clear();
        self.stack.clear();
        self.frames.clear();
        self.visible.clear();
        self.class_visible.clear();
        self.undo.clear();
        self.class_undo.clear();
        self.declared.clear();
        self.walruses.clear();
        self.converts = false;
        self.depth = 0;
        self.too_deep = false;
    }

    /// Whether there may be a `:=` in a piece of the text.
    pub(super) fn holds_walrus(&self, span: Span) -> bool {
        let next = self.walruses.partition_point(|&offset| offset < span.start);
        self.walruses.get(next).is_some_and(|&offset| offset < span.end)
    }

    /// Goes one level deeper, if that is still allowed; `ascend` belongs to every success.
    pub(super) fn descend(&mut self) -> bool {
        if self.depth >= depth::DEEPEST {
            self.too_deep = true;
            return false;
        }
        self.depth += 1;
        true
    }

    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }

    // Nodes and the pool.

    pub(super) fn push_value(&mut self, kind: ValueKind, span: Span, a: u32, b: u32) -> ValueId {
        self.push_raw_value(kind as u8, span, a, b)
    }

    pub(super) fn push_raw_value(&mut self, kind: u8, span: Span, a: u32, b: u32) -> ValueId {
        let id = ValueId(self.values.len() as u32);
        self.values.push(Node::new(kind, span, a, b));
        id
    }

    pub(super) fn value_kind(&self, id: ValueId) -> Option<(u8, u32, u32)> {
        self.values.get(id.0 as usize).map(|node| (node.kind(), node.a, node.b))
    }

    pub(super) fn value_span(&self, id: ValueId) -> Span {
        self.values.get(id.0 as usize).map(|node| node.span()).unwrap_or_default()
    }

    pub(super) fn push_statement(&mut self, kind: StatementKind, span: Span, a: u32, b: u32) -> StatementId {
        let id = StatementId(self.statements.len() as u32);
        self.statements.push(Node::new(kind as u8, span, a, b));
        id
    }

    /// The id that the next statement gets.
    pub(super) fn next_statement(&self) -> StatementId {
        StatementId(self.statements.len() as u32)
    }

    pub(super) fn push_bytes(&mut self, bytes: Box<[u8]>) -> u32 {
        self.bytes.push(bytes);
        self.bytes.len() as u32 - 1
    }

    /// Moves what stands on the stack above `mark` into the pool, as a list with its length before it.
    pub(super) fn list(&mut self, mark: usize) -> u32 {
        let index = self.pool.len() as u32;
        self.pool.push((self.stack.len() - mark) as u32);
        self.pool.extend(self.stack.drain(mark..));
        index
    }

    /// Moves what stands on the stack above `mark` into the pool as it is.
    pub(super) fn words(&mut self, mark: usize) -> u32 {
        let index = self.pool.len() as u32;
        self.pool.extend(self.stack.drain(mark..));
        index
    }

    // Scopes and bindings.

    pub(super) fn frame(&self) -> Frame {
        self.frames.last().copied().unwrap_or(Frame {
            scope: ScopeId(0),
            kind: ScopeKind::Module,
            function: None,
            class: None,
            instance: None,
            undo: 0,
            class_undo: 0,
            declared: 0,
        })
    }

    /// Opens a scope. Everything that it binds is declared before a scope within it opens.
    pub(super) fn enter(&mut self, kind: ScopeKind) -> ScopeId {
        let scope = ScopeId(self.scopes.len() as u32);
        let outer = self.frame();
        let first = self.bindings.len() as u32;
        self.scopes.push(Scope { kind, parent: outer.scope, first, count: 0 });
        self.frames.push(Frame {
            scope,
            kind,
            class: None,
            undo: self.undo.len(),
            class_undo: self.class_undo.len(),
            declared: self.declared.len(),
            ..outer
        });
        scope
    }

    pub(super) fn frame_mut(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    /// Says that the open scope has declared all that it binds.
    pub(super) fn declared_all(&mut self) {
        let end = self.bindings.len() as u32;
        let scope = self.frame().scope;
        if let Some(scope) = self.scopes.get_mut(scope.0 as usize) {
            scope.count = end - scope.first;
        }
    }

    pub(super) fn leave(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        while self.undo.len() > frame.undo {
            if let Some((name, before)) = self.undo.pop() {
                set(&mut self.visible, name, before);
            }
        }
        while self.class_undo.len() > frame.class_undo {
            if let Some((name, before)) = self.class_undo.pop() {
                set(&mut self.class_visible, name, before);
            }
        }
        self.declared.truncate(frame.declared);
    }

    /// Binds a name in the open scope, or where a `global` or `nonlocal` says.
    pub(super) fn declare(&mut self, name: Name) -> BindingId {
        let frame = self.frame();
        let in_class = frame.kind == ScopeKind::Class;
        let slots = if in_class { &self.class_visible } else { &self.visible };
        let before = get(slots, name);
        let here = self.bindings.get(before as usize).is_some_and(|binding| binding.scope == frame.scope);
        let declared = self.declared.get(frame.declared..).unwrap_or(&[]);
        if here || (declared.contains(&name) && before != NONE) {
            return BindingId(before);
        }
        let id = self.bindings.len() as u32;
        self.bindings.push(Binding::new(name, frame.scope));
        self.make_visible(name, id, in_class);
        BindingId(id)
    }

    /// Makes a name of the open function mean the module's binding of it, or (`nonlocal`) the one around.
    pub(super) fn declare_elsewhere(&mut self, name: Name, global: bool) {
        let in_class = self.frame().kind == ScopeKind::Class;
        if global {
            let module = self.module_binding(name);
            self.make_visible(name, module.unwrap_or(NONE), in_class);
        } else if in_class {
            let outer = get(&self.visible, name);
            self.make_visible(name, outer, true);
        }
        self.declared.push(name);
    }

    fn make_visible(&mut self, name: Name, binding: u32, in_class: bool) {
        let (slots, undo) = if in_class {
            (&mut self.class_visible, &mut self.class_undo)
        } else {
            (&mut self.visible, &mut self.undo)
        };
        undo.push((name, get(slots, name)));
        set(slots, name, binding);
    }

    fn module_binding(&self, name: Name) -> Option<u32> {
        let count = self.scopes.first()?.count as usize;
        let module = self.bindings.get(..count)?;
        let visible = get(&self.visible, name);
        if module.get(visible as usize).is_some() {
            return Some(visible);
        }
        module.iter().position(|binding| binding.name == name).map(|index| index as u32)
    }

    /// The binding that a name means in the open scope; NONE for builtins and unknown names.
    pub(super) fn resolve(&self, name: Name) -> u32 {
        let frame = self.frame();
        if frame.kind == ScopeKind::Class {
            let own = get(&self.class_visible, name);
            let usable = self
                .bindings
                .get(own as usize)
                .is_some_and(|binding| binding.scope == frame.scope || self.declared.contains(&name));
            if usable {
                return own;
            }
        }
        get(&self.visible, name)
    }

    /// Records a place that binds a name.
    pub(super) fn define(&mut self, binding: u32, kind: DefinitionKind, id: u32, offset: u32) {
        if binding != NONE {
            self.definitions.push((binding, Definition { kind, id, offset }));
        }
    }

    fn sorted_definitions(&mut self) -> (Box<[Definition]>, Box<[Binding]>) {
        self.definitions.sort_by_key(|(binding, definition)| (*binding, definition.offset));
        let mut definitions = Vec::with_capacity(self.definitions.len());
        for run in self.definitions.chunk_by(|(left, _), (right, _)| left == right) {
            let Some((binding, _)) = run.first() else { continue };
            let first = definitions.len();
            add_bounded(run, &mut definitions);
            if let Some(binding) = self.bindings.get_mut(*binding as usize) {
                (first..definitions.len()).for_each(|index| binding.add_definition(index as u32));
            }
        }
        (definitions.into_boxed_slice(), Box::from(self.bindings.as_slice()))
    }

    fn bindings_by_hash(&self) -> Box<[BindingId]> {
        let mut ids: Box<[BindingId]> = (0..self.bindings.len() as u32).map(BindingId).collect();
        for scope in &self.scopes {
            if !matches!(scope.kind, ScopeKind::Module | ScopeKind::Class) {
                continue;
            }
            let range = scope.first as usize..(scope.first + scope.count) as usize;
            let Some(run) = ids.get_mut(range) else { continue };
            let hash = |id: &BindingId| {
                self.bindings.get(id.0 as usize).map_or(0, |binding| self.names.hash(binding.name))
            };
            run.sort_by_key(hash);
        }
        ids
    }

    fn sort_fields(&mut self) {
        let names = &self.names;
        self.fields.sort_by_key(|field| (field.class, names.hash(field.name)));
    }
}

/// Adds the definitions of one binding. Of a name that is bound absurdly often, what leads to code is kept, and that it is
/// bound otherwise: a look at every definition from every use would take time by the square of their number.
fn add_bounded(run: &[(u32, Definition)], to: &mut Vec<Definition>) {
    let all = run.iter().map(|(_, definition)| *definition);
    if run.len() <= MOST_DEFINITIONS {
        return to.extend(all);
    }
    let code = |definition: &Definition| {
        matches!(definition.kind, DefinitionKind::Import | DefinitionKind::Class | DefinitionKind::Function)
    };
    to.extend(all.filter(code).take(MOST_DEFINITIONS));
    let offset = run.last().map_or(0, |(_, definition)| definition.offset);
    to.push(Definition { kind: DefinitionKind::Opaque, id: NONE, offset });
}

fn get(slots: &[u32], name: Name) -> u32 {
    slots.get(name.index()).copied().unwrap_or(NONE)
}

fn set(slots: &mut Vec<u32>, name: Name, binding: u32) {
    let index = name.index();
    if index >= slots.len() {
        slots.resize((index + 1).max(slots.len() * 2), NONE);
    }
    if let Some(slot) = slots.get_mut(index) {
        *slot = binding;
    }
}

fn lines(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let ends = memchr::memchr_iter(b'\n', bytes).count() as u32;
    ends + u32::from(bytes.last().is_some_and(|&byte| byte != b'\n'))
}
