//! Classes and what they inherit.

use std::borrow::Cow;

use super::entity::Entity;
use super::types::Type;
use super::{FileId, Project};
use crate::facts::{ClassId, Value, ValueId, join_hash};

/// The most classes that are looked at for one.
const MOST_ANCESTORS: usize = 64;

/// What a class inherits from, found once for all that ask.
#[derive(Debug)]
pub(super) struct Lineage {
    /// See [`Project::ancestors`].
    ancestors: Box<[Entity]>,
    /// See [`Project::external_bases`].
    bases: Box<[u64]>,
}

impl Project {
    /// An attribute of a class, its bases included.
    pub(super) fn class_member(&self, file: FileId, class: ClassId, name: u64, trail: u32) -> Option<Entity> {
        let trail = trail.checked_sub(1)?;
        self.ancestors(file, class).iter().find_map(|ancestor| match *ancestor {
            Entity::Class(file, class) => {
                let module = self.module(file)?;
                let binding = module.lookup(module.class(class)?.scope, name)?;
                self.resolve_binding(file, binding, trail).map(|found| found.entity)
            }
            Entity::External(path) => Some(Entity::External(join_hash(self.models().canonical(path), name))),
            _ => None,
        })
    }

    /// A class and all that it inherits from, each once: itself, then its bases from left to right with theirs.
    pub fn ancestors(&self, file: FileId, class: ClassId) -> Cow<'_, [Entity]> {
        match self.lineage(file, class) {
            Some(lineage) => Cow::Borrowed(&lineage.ancestors),
            None => Cow::Owned(self.find_ancestors(file, class)),
        }
    }

    fn lineage(&self, file: FileId, class: ClassId) -> Option<&Lineage> {
        self.lineages.get(file.0 as usize)?.get(class.0 as usize)
    }

    fn find_ancestors(&self, file: FileId, class: ClassId) -> Vec<Entity> {
        let mut found = Vec::new();
        let mut open = vec![Entity::Class(file, class)];
        while let Some(next) = open.pop() {
            if found.len() >= MOST_ANCESTORS || found.contains(&next) {
                continue;
            }
            found.push(next);
            if let Entity::Class(file, class) = next {
                let bases: Vec<Entity> = self.bases(file, class).take(MOST_ANCESTORS).collect();
                open.extend(bases.into_iter().rev());
            }
        }
        found
    }

    /// What each class of a file inherits from.
    pub(super) fn find_lineages(&self, file: FileId) -> Box<[Lineage]> {
        let classes = self.module(file).map_or(0, |module| module.classes().len());
        let of = |class| {
            let ancestors = self.find_ancestors(file, ClassId(class));
            let bases = self.paths_of(&ancestors).into_boxed_slice();
            Lineage { ancestors: ancestors.into_boxed_slice(), bases }
        };
        (0..classes as u32).map(of).collect()
    }

    /// The base classes of a class, in order.
    pub fn bases(&self, file: FileId, class: ClassId) -> impl Iterator<Item = Entity> {
        let bases = self.module(file).and_then(|module| module.bases(class));
        let values = bases.into_iter().flat_map(|bases| bases.positional().iter());
        values.filter_map(move |base| self.base(file, base))
    }

    /// A base class; `Generic[T]` is `Generic`.
    fn base(&self, file: FileId, base: ValueId) -> Option<Entity> {
        let base = match self.module(file)?.value(base) {
            Value::Item(object, _) => object,
            _ => base,
        };
        self.resolve(file, base).map(|found| found.entity)
    }

    /// The classes outside of the project that a class inherits from, itself included if it is one, by the hash
    /// of their paths, the nearest first. Classes of the project stand there under their own paths.
    pub fn external_bases(&self, object: Type) -> Cow<'_, [u64]> {
        match object {
            Type::External(path) => Cow::Owned(self.paths_of(&[Entity::External(path)])),
            Type::Class(file, class) => match self.lineage(file, class) {
                Some(lineage) => Cow::Borrowed(&lineage.bases),
                None => Cow::Owned(self.paths_of(&self.find_ancestors(file, class))),
            },
        }
    }

    fn paths_of(&self, ancestors: &[Entity]) -> Vec<u64> {
        let mut found = Vec::new();
        for ancestor in ancestors {
            match *ancestor {
                Entity::External(path) => {
                    let first = Some(self.models().canonical(path));
                    let chain = std::iter::successors(first, |&path| self.models().base(path));
                    found.extend(chain.take(MOST_ANCESTORS));
                }
                Entity::Class(file, class) => found.extend(self.class_path(file, class)),
                _ => {}
            }
        }
        found
    }
}
