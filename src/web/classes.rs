//! Attributes of classes, in the order in which Python looks them up.

use rustc_hash::FxHashSet;

use crate::facts::{ClassId, DefinitionKind, FunctionId, ValueId, hash_text, path_hash};
use crate::project::{Entity, Project, Site, Type};

/// The most classes that are looked at for one.
const MOST: usize = 128;

/// A class and all that it inherits from, in the order of look-up; classes of libraries as far as models know them.
#[derive(Clone, Debug)]
pub(super) struct Lineage<'p> {
    project: &'p Project,
    classes: Vec<Type>,
}

/// What an attribute of a class is.
#[derive(Clone, Debug)]
pub(super) enum Member<'p> {
    /// A method.
    Function(Site<'p>, FunctionId),
    /// What is assigned to it in the body of a class; several where that depends.
    Values(Site<'p>, Vec<ValueId>),
    /// Something that a class of a library has.
    External,
}

impl<'p> Lineage<'p> {
    /// The lineage of a class.
    pub fn of(project: &'p Project, class: Type) -> Lineage<'p> {
        let first = match class {
            Type::External(path) => Type::External(project.models().canonical(path)),
            own @ Type::Class(..) => own,
        };
        let (mut visited, mut open) = (Vec::new(), vec![first]);
        while let Some(next) = open.pop() {
            if visited.len() >= MOST {
                break;
            }
            visited.push(next);
            match next {
                Type::Class(file, class) => {
                    let bases: Vec<Type> =
                        project.bases(file, class).filter_map(|base| class_type(project, base)).collect();
                    open.extend(bases.into_iter().take(MOST).rev());
                }
                Type::External(path) => open.extend(project.models().base(path).map(Type::External)),
            }
        }
        // A base that several classes share comes behind the last of them.
        let mut seen = FxHashSet::default();
        let mut classes: Vec<Type> = visited.into_iter().rev().filter(|class| seen.insert(*class)).collect();
        classes.reverse();
        Lineage { project, classes }
    }

    /// The class itself.
    pub fn class(&self) -> Option<Type> {
        self.classes.first().copied()
    }

    /// The classes of the project among them.
    pub fn own(&self) -> impl Iterator<Item = (Site<'p>, ClassId)> + '_ {
        self.classes.iter().filter_map(|class| match class {
            Type::Class(file, class) => Some((Site::new(self.project, *file)?, *class)),
            Type::External(_) => None,
        })
    }

    /// The classes of libraries among them.
    pub fn external(&self) -> impl Iterator<Item = u64> + '_ {
        self.classes.iter().filter_map(|class| match class {
            Type::External(path) => Some(*path),
            Type::Class(..) => None,
        })
    }

    /// Whether one of these classes, by dotted path, is among them.
    pub fn has_any(&self, paths: &[&str]) -> bool {
        let own = self.classes.iter().filter_map(|class| match class {
            Type::Class(file, class) => self.project.class_path(*file, *class),
            Type::External(path) => Some(*path),
        });
        own.into_iter().any(|class| paths.iter().any(|path| path_hash(path) == class))
    }

    /// An attribute.
    pub fn member(&self, name: &str) -> Option<Member<'p>> {
        self.classes.iter().find_map(|class| self.member_of(*class, name))
    }

    /// An attribute, as every class that has it has it.
    pub fn members(&self, name: &str) -> Vec<Member<'p>> {
        self.classes.iter().filter_map(|class| self.member_of(*class, name)).collect()
    }

    fn member_of(&self, class: Type, name: &str) -> Option<Member<'p>> {
        match class {
            Type::Class(file, class) => {
                let site = Site::new(self.project, file)?;
                member_of(site, class, name)
            }
            Type::External(path) => {
                let answers = self.project.models().answers(path)?;
                answers.iter().any(|known| &**known == name).then_some(Member::External)
            }
        }
    }

    /// What is assigned to an attribute in the body of the first class that has it.
    pub fn values(&self, name: &str) -> Option<(Site<'p>, Vec<ValueId>)> {
        match self.member(name)? {
            Member::Values(site, values) => Some((site, values)),
            _ => None,
        }
    }

    /// The text that an attribute is.
    pub fn text(&self, name: &str) -> Option<String> {
        let (site, values) = self.values(name)?;
        let [only] = values[..] else { return None };
        site.constant(only)?.as_str().map(str::to_owned)
    }
}

/// An attribute in the body of one class.
fn member_of<'p>(site: Site<'p>, class: ClassId, name: &str) -> Option<Member<'p>> {
    let binding = site.module.lookup(site.module.class(class)?.scope, hash_text(name))?;
    let definitions = site.module.definitions(binding);
    let function = definitions.iter().rev().find(|one| one.kind == DefinitionKind::Function);
    if let Some(function) = function {
        return Some(Member::Function(site, FunctionId(function.id)));
    }
    let values: Vec<ValueId> = definitions
        .iter()
        .filter(|one| one.kind == DefinitionKind::Assigned)
        .filter_map(|one| one.value())
        .collect();
    if let [only] = values[..]
        && let Some(Entity::Function(file, function)) = site.resolve(only).map(|found| found.entity)
    {
        return Some(Member::Function(Site::new(site.project, file)?, function));
    }
    (!values.is_empty()).then_some(Member::Values(site, values))
}

/// The class that an entity is.
pub(super) fn class_type(project: &Project, entity: Entity) -> Option<Type> {
    match entity {
        Entity::Class(file, class) => Some(Type::Class(file, class)),
        Entity::External(path) => Some(Type::External(project.models().canonical(path))),
        _ => None,
    }
}

/// The name of a class of the project.
pub(super) fn class_name(site: Site<'_>, class: ClassId) -> String {
    site.module.class(class).map_or("", |facts| site.module.text(facts.name)).to_owned()
}

/// The methods in the body of a class, with their names.
pub(super) fn methods_of(site: Site<'_>, class: ClassId) -> Vec<(FunctionId, &str)> {
    let functions = site.module.functions().iter().enumerate();
    let own = functions.filter(|(_, facts)| facts.class == Some(class));
    own.map(|(index, facts)| (FunctionId(index as u32), site.module.text(facts.name))).collect()
}
