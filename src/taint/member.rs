//! Members of objects of libraries: data that is known to come in there, and their classes.

use super::follow::Follower;
use super::value::{Key, Val};
use crate::facts::{Statement, Value, ValueId, hash_text, join_hash};
use crate::models::Kinds;
use crate::project::{Site, Type};

impl Follower<'_, '_> {
    /// Data that a library's attribute is known to hold, by its path or the class of its object.
    pub fn source_at(&mut self, id: ValueId, object: ValueId, name: u64) -> Option<Val> {
        let models = self.world.project.models();
        if !models.names_source(name) {
            return None;
        }
        let paths = self.site.resolve(id).into_iter().flat_map(|found| self.world.project.paths(found));
        let path = paths.into_iter().find(|path| models.source(*path).is_some()).or_else(|| {
            let class = self.site.type_of(object)?;
            let bases = self.world.project.external_bases(class);
            bases.iter().map(|&base| join_hash(base, name)).find(|path| models.source(*path).is_some())
        })?;
        let value = self.source_value(id, path)?;
        Some(self.checked_fields(object, value))
    }

    /// What a form has checked, by the classes of its fields: `age = forms.IntegerField()`.
    fn checked_fields(&self, form: ValueId, mut checked: Val) -> Val {
        let project = self.world.project;
        let Some(Type::Class(file, class)) = self.site.type_of(form).or_else(|| self.own_class(form)) else {
            return checked;
        };
        let Some(owner) = Site::new(project, file) else { return checked };
        for statement in owner.module.class_body(class).iter() {
            let Statement::Assign(target, value) = owner.module.statement(statement) else { continue };
            let (Value::Name(name, _), Value::Call(callee, _)) = (owner.value(target), owner.value(value))
            else {
                continue;
            };
            let paths = self.world.paths_of(owner, callee);
            let rows = paths.iter().flat_map(|path| project.models().cleans(*path));
            let kinds = rows.fold(Kinds::default(), |kinds, row| kinds.and(row.kinds()));
            if !kinds.is_empty() {
                let key = Key::Text(owner.module.names().hash(name));
                checked.set(key, Val::with_marks(checked.marks.clone()).cleared(kinds));
            }
        }
        checked
    }

    /// A member of an object whose class is known only here.
    pub fn member(&mut self, owner: &Val, name: u64, id: ValueId) -> Option<Val> {
        let class = owner.class?;
        let project = self.world.project;
        let bases = project.external_bases(class);
        let models = project.models();
        let paths = || bases.iter().map(|base| join_hash(*base, name));
        if let Some(path) = paths().find(|path| models.source(*path).is_some()) {
            return self.source_value(id, path);
        }
        let class = paths().find_map(|path| models.returns(path))?;
        let mut part = owner.part(Key::Field(name));
        part.class = Some(Type::External(class));
        Some(part)
    }

    fn source_value(&mut self, id: ValueId, path: u64) -> Option<Val> {
        let models = self.world.project.models();
        let threat = models.source(path).filter(|threat| self.world.threats.contains(threat))?;
        let mut value = self.source(self.site.module.span(id), threat).cleared(models.harmless_for(path));
        value.class = models.returns(path).map(Type::External);
        Some(value)
    }

    /// The class of the elements of a library's collection.
    pub fn element_class(&self, owner: &Val) -> Option<Type> {
        let Type::External(class) = owner.class? else { return None };
        let element = join_hash(class, hash_text("[]"));
        self.world.project.models().returns(element).map(Type::External)
    }
}
