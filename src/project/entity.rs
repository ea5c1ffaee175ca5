//! What a name or a dotted path leads to.

use super::index::Target;
use super::{FileId, Project};
use crate::facts::{
    BindingId, ClassId, DefinitionKind, FunctionId, Import, ImportId, ImportKind, Module, Name, ScopeId,
    Value, ValueId, hash_text, join_hash,
};

/// The most re-exports, aliases and base classes that are followed for one name.
const LONGEST_TRAIL: u32 = 32;

/// The most modules that one takes names from by star imports.
const MOST_STARS: usize = 64;

/// Where a file has names from by `from … import *`.
#[derive(Debug, Default)]
pub(super) struct Stars {
    /// Modules of the project.
    modules: Vec<FileId>,
    /// The last module outside of it, by the hash of its path.
    external: Option<u64>,
}

/// The most modules that re-export a name one from the other; an endless ring ends here too.
const LONGEST_CHAIN: usize = 10_000;

/// A thing with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// Something outside of the project, by the hash of its dotted path ([`crate::facts::path_hash`]).
    External(u64),
    /// A module of the project.
    Module(FileId),
    /// A folder of the project that is no package, by the hash of its path.
    Folder(u64),
    /// A function or method.
    Function(FileId, FunctionId),
    /// A class.
    Class(FileId, ClassId),
    /// A variable of a module or class, a parameter, or a local variable that leads no further.
    Variable(FileId, BindingId),
    /// A member of a module to be looked up: what an import is before it is followed.
    Member(FileId, u64),
}

/// What a path in the code leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The thing itself.
    pub entity: Entity,
    /// Hash of the absolute path as written at the import, where there is one. A project that holds a
    /// library's own code still means that library when it says `yaml.load`.
    pub written: Option<u64>,
}

impl Project {
    /// What a name, or a chain of attributes from a name, leads to. `None` for every other expression, and for
    /// attributes of what is known only by its type (see [`Project::type_of`]).
    pub fn resolve(&self, file: FileId, value: ValueId) -> Option<Found> {
        self.resolve_within(file, value, LONGEST_TRAIL)
    }

    pub(super) fn resolve_within(&self, file: FileId, value: ValueId, trail: u32) -> Option<Found> {
        let trail = trail.checked_sub(1)?;
        let module = self.module(file)?;
        match module.value(value) {
            Value::Name(name, None) => Some(self.unbound(file, module, name, trail)),
            Value::Name(_, Some(binding)) => self.resolve_binding(file, binding, trail),
            Value::Attribute(object, name) => {
                let object = self.resolve_within(file, object, trail)?;
                self.attribute(object, module.names().hash(name), trail)
            }
            _ => None,
        }
    }

    /// What `object.name` leads to.
    fn attribute(&self, object: Found, name: u64, trail: u32) -> Option<Found> {
        let written = object.written.map(|path| join_hash(path, name));
        let entity = match object.entity {
            Entity::External(path) => Some(Entity::External(join_hash(path, name))),
            Entity::Module(file) => self.member(file, name, trail),
            Entity::Folder(folder) => self.index.member(folder, name).map(Entity::from),
            Entity::Class(file, class) => self.class_member(file, class, name, trail),
            Entity::Function(..) | Entity::Variable(..) | Entity::Member(..) => None,
        };
        // What a module of the project lacks may be made at run time: the written path is all there is.
        let entity = entity.or_else(|| written.filter(|_| object.is_module()).map(Entity::External))?;
        Some(Found { entity, written })
    }

    /// What a name bound nowhere in the file leads to: a builtin, or something from a star import.
    fn unbound(&self, file: FileId, module: &Module, name: Name, trail: u32) -> Found {
        let hash = module.names().hash(name);
        if let Some(entity) = self.star_member(file, hash, trail) {
            return Found { entity, written: None };
        }
        let external = self.stars.get(file.0 as usize).and_then(|stars| stars.external);
        let external = external.map(|path| join_hash(path, hash));
        let builtin = join_hash(hash_text("builtins"), hash);
        let path = match external {
            Some(path) if !crate::python::is_builtin(module.text(name)) => path,
            _ => builtin,
        };
        Found { entity: Entity::External(path), written: Some(path) }
    }

    /// What a binding leads to: through imports, and through an assignment that only renames.
    pub(super) fn resolve_binding(&self, file: FileId, binding: BindingId, trail: u32) -> Option<Found> {
        let trail = trail.checked_sub(1)?;
        let module = self.module(file)?;
        let definitions = module.definitions(binding);
        let of = |kind| definitions.iter().find(|definition| definition.kind == kind);
        if let Some(import) = of(DefinitionKind::Import) {
            return self.imported_within(file, ImportId(import.id), trail);
        }
        let found = |entity| Some(Found { entity, written: None });
        if let Some(class) = of(DefinitionKind::Class) {
            return found(Entity::Class(file, ClassId(class.id)));
        }
        if let Some(function) = of(DefinitionKind::Function) {
            return found(Entity::Function(file, FunctionId(function.id)));
        }
        if let [only] = definitions
            && only.kind == DefinitionKind::Assigned
            && let Some(target) = self.resolve_within(file, ValueId(only.id), trail)
        {
            return Some(target);
        }
        found(Entity::Variable(file, binding))
    }

    /// What an import leads to; of several that bind one name, each has its own answer.
    pub fn imported(&self, file: FileId, import: ImportId) -> Option<Found> {
        self.imported_within(file, import, LONGEST_TRAIL)
    }

    fn imported_within(&self, file: FileId, id: ImportId, trail: u32) -> Option<Found> {
        match self.imported.get(file.0 as usize) {
            Some(found) => found.get(id.0 as usize).copied().flatten(),
            None => self.find_import(file, id, trail),
        }
    }

    /// What each import of a file leads to in the end.
    pub(super) fn find_imported(&self, file: FileId) -> Box<[Option<Found>]> {
        let imports = self.module(file).map_or(0, |module| module.imports().len());
        (0..imports as u32).map(|id| self.find_import(file, ImportId(id), LONGEST_TRAIL)).collect()
    }

    fn find_import(&self, file: FileId, id: ImportId, trail: u32) -> Option<Found> {
        let module = self.module(file)?;
        let written = module.import(id).and_then(|import| written_path(module, import));
        let entity = self.follow(self.import_entity(file, id)?, trail);
        // A member that the project's module lacks is known by its path alone.
        let entity = match entity {
            Entity::Member(..) => written.map_or(entity, Entity::External),
            entity => entity,
        };
        Some(Found { entity, written })
    }

    /// What a name at the level of a module leads to: bound there, or brought by a star import of another file.
    pub fn global(&self, file: FileId, name: &str) -> Option<Entity> {
        self.member(file, hash_text(name), LONGEST_TRAIL)
    }

    /// What a dotted path means that a text names, as settings do: `shop.urls`, `shop.permissions.IsOwner`.
    pub fn dotted(&self, file: FileId, path: &str) -> Option<Found> {
        let mut segments = path.split('.').map(hash_text);
        let first = segments.next()?;
        let entity = self.index.top(file, first).map_or(Entity::External(first), Entity::from);
        let found = Found { entity, written: Some(first) };
        segments.try_fold(found, |found, segment| self.attribute(found, segment, LONGEST_TRAIL))
    }

    /// The files that take everything from a module: `from .base import *`.
    pub fn star_importers(&self, file: FileId) -> impl Iterator<Item = FileId> {
        self.files().map(|(id, _)| id).filter(move |importer| {
            let imports = self.module(*importer).map_or(&[][..], |module| module.imports());
            *importer != file
                && imports.iter().enumerate().any(|(index, import)| {
                    import.kind == ImportKind::Star
                        && self.import_entity(*importer, ImportId(index as u32)) == Some(Entity::Module(file))
                })
        })
    }

    /// A member of a module: what it binds, a submodule, or something it has from a star import.
    pub(super) fn member(&self, file: FileId, name: u64, trail: u32) -> Option<Entity> {
        let trail = trail.checked_sub(1)?;
        let module = self.module(file)?;
        if let Some(binding) = module.lookup(ScopeId(0), name) {
            return self.resolve_binding(file, binding, trail).map(|found| found.entity);
        }
        if self.is_package(file)
            && let Some(target) = self.index.member(self.index.folder(file), name)
        {
            return Some(target.into());
        }
        self.star_member(file, name, trail)
    }

    /// What a module has under a name by `from … import *`.
    fn star_member(&self, file: FileId, name: u64, trail: u32) -> Option<Entity> {
        let stars = self.stars.get(file.0 as usize)?;
        stars.modules.iter().find_map(|&source| {
            let binding = self.module(source)?.lookup(ScopeId(0), name)?;
            self.resolve_binding(source, binding, trail).map(|found| found.entity)
        })
    }

    /// What a file has by star imports, those of the modules it names included, the last import first.
    pub(super) fn star_sources(&self, file: FileId) -> Stars {
        let mut stars = Stars::default();
        let mut open = vec![file];
        while let Some(next) = open.pop() {
            let imports = self.module(next).map_or(&[][..], |module| module.imports());
            for (index, _) in
                imports.iter().enumerate().rev().filter(|(_, import)| import.kind == ImportKind::Star)
            {
                match self.import_entity(next, ImportId(index as u32)) {
                    Some(Entity::Module(source))
                        if stars.modules.len() < MOST_STARS && !stars.modules.contains(&source) =>
                    {
                        stars.modules.push(source);
                        open.push(source);
                    }
                    Some(Entity::External(path)) if next == file => {
                        stars.external = stars.external.or(Some(path));
                    }
                    _ => {}
                }
            }
        }
        stars
    }

    /// Follows a member of a module to what it is.
    fn follow(&self, entity: Entity, trail: u32) -> Entity {
        match entity {
            Entity::Member(file, name) => self.member(file, name, trail).unwrap_or(entity),
            _ => entity,
        }
    }

    fn import_entity(&self, file: FileId, import: ImportId) -> Option<Entity> {
        self.imports.get(file.0 as usize)?.get(import.0 as usize).copied()
    }

    /// What each import of a file means, not followed beyond the module it names.
    pub(super) fn import_entities(&self, file: FileId) -> Box<[Entity]> {
        let Some(module) = self.module(file) else { return Box::default() };
        module.imports().iter().map(|import| self.import_target(file, module, import)).collect()
    }

    /// What each import of a file leads to through the imports of other files: the member of the module that
    /// defines it, in place of that of a module that re-exports it.
    pub(super) fn import_ends(&self, file: FileId) -> Box<[Entity]> {
        let imports = self.imports.get(file.0 as usize).map_or(&[][..], |imports| imports);
        imports.iter().map(|&entity| self.import_end(entity)).collect()
    }

    fn import_end(&self, mut entity: Entity) -> Entity {
        for _ in 0..LONGEST_CHAIN {
            let Entity::Member(file, name) = entity else { break };
            let Some(module) = self.module(file) else { break };
            let Some(binding) = module.lookup(ScopeId(0), name) else { break };
            let definitions = module.definitions(binding);
            let import = definitions.iter().find(|definition| definition.kind == DefinitionKind::Import);
            let Some(next) = import.and_then(|import| self.import_entity(file, ImportId(import.id))) else {
                break;
            };
            entity = next;
        }
        entity
    }

    fn import_target(&self, file: FileId, module: &Module, import: &Import) -> Entity {
        let text = module.text(import.module);
        let segments = || text.split('.').filter(|segment| !segment.is_empty()).map(hash_text);
        let path = segments().reduce(join_hash).unwrap_or(0);
        if import.kind == ImportKind::Top {
            let first = segments().next().unwrap_or(0);
            return self.index.top(file, first).map_or(Entity::External(first), Entity::from);
        }
        let source = self.module_target(file, import.level, segments());
        let member = module.names().hash(import.member);
        match (source, import.kind) {
            (Some(source), ImportKind::Member) => match Entity::from(source) {
                // A package that takes a name from itself means its submodule: it has nothing else yet.
                Entity::Module(source) if source == file && self.is_package(file) => self
                    .index
                    .member(self.index.folder(file), member)
                    .map_or(Entity::Member(source, member), Entity::from),
                Entity::Module(source) => Entity::Member(source, member),
                Entity::Folder(folder) => self
                    .index
                    .member(folder, member)
                    .map_or(Entity::External(join_hash(path, member)), Entity::from),
                other => other,
            },
            (Some(source), _) => source.into(),
            (None, ImportKind::Member) => Entity::External(join_hash(path, member)),
            (None, _) => Entity::External(path),
        }
    }

    fn module_target(
        &self,
        file: FileId,
        level: u32,
        mut segments: impl Iterator<Item = u64>,
    ) -> Option<Target> {
        let mut target = if level == 0 {
            self.index.top(file, segments.next()?)?
        } else {
            let folder = self.index.relative(file, level)?;
            match segments.next() {
                Some(first) => self.index.member(folder, first)?,
                None => return Some(self.package_of(folder)),
            }
        };
        for segment in segments {
            let folder = match target {
                Target::Folder(folder) => folder,
                Target::File(file) if self.is_package(file) => self.index.folder(file),
                Target::File(_) => return None,
            };
            target = self.index.member(folder, segment)?;
        }
        Some(target)
    }

    /// The package whose folder this is, or the folder itself.
    fn package_of(&self, folder: u64) -> Target {
        match self.index.member(folder, hash_text("__init__")) {
            Some(target) => target,
            None => Target::Folder(folder),
        }
    }

    fn is_package(&self, file: FileId) -> bool {
        self.file(file).is_some_and(|file| {
            let name = file.path.rsplit('/').next().unwrap_or_default();
            name.starts_with("__init__.")
        })
    }

    /// The hashes of the paths under which rules and models may know an entity, the likeliest first.
    pub fn paths(&self, found: Found) -> impl Iterator<Item = u64> {
        let own = match found.entity {
            Entity::External(path) => Some(path),
            Entity::Function(file, function) => self.function_path(file, function),
            Entity::Class(file, class) => self.class_path(file, class),
            _ => None,
        };
        let written = found.written.filter(|written| own != Some(*written));
        own.into_iter().chain(written).map(|path| self.models.canonical(path))
    }

    fn function_path(&self, file: FileId, function: FunctionId) -> Option<u64> {
        let module = self.module(file)?;
        let function = module.function(function)?;
        let name = module.names().hash(function.name);
        match function.class {
            Some(class) => self.class_path(file, class).map(|path| join_hash(path, name)),
            None if function.parent.is_none() => Some(join_hash(self.index.name(file), name)),
            None => None,
        }
    }

    /// Hash of the dotted path of a class that stands at the top of its module.
    pub fn class_path(&self, file: FileId, class: ClassId) -> Option<u64> {
        let module = self.module(file)?;
        let class = module.class(class)?;
        let name = module.names().hash(class.name);
        (class.function.is_none() && class.parent.is_none()).then(|| join_hash(self.index.name(file), name))
    }
}

impl Found {
    fn is_module(self) -> bool {
        matches!(self.entity, Entity::Module(_) | Entity::Folder(_))
    }
}

impl From<Target> for Entity {
    fn from(target: Target) -> Entity {
        match target {
            Target::File(file) => Entity::Module(file),
            Target::Folder(folder) => Entity::Folder(folder),
        }
    }
}

/// Hash of the absolute path that an import names; `None` for a relative one.
fn written_path(module: &Module, import: &Import) -> Option<u64> {
    if import.level > 0 {
        return None;
    }
    let mut segments = module.text(import.module).split('.').map(hash_text);
    let first = segments.next()?;
    match import.kind {
        ImportKind::Top => Some(first),
        ImportKind::Module | ImportKind::Star => Some(segments.fold(first, join_hash)),
        ImportKind::Member => {
            Some(join_hash(segments.fold(first, join_hash), module.names().hash(import.member)))
        }
    }
}
