//! Classes that find out who is calling: one that refuses whoever brings nothing protects a view, whatever its
//! permission classes say.

use super::super::classes::{Lineage, Member, class_type};
use super::super::guards;
use super::super::model::{Evidence, Means, Place};
use super::permissions::Judge;
use crate::facts::{Value, ValueId};
use crate::project::{Site, Type};

impl<'p> Judge<'_, 'p> {
    /// A class among those of the view, or else of the settings, that refuses callers who bring nothing.
    pub(super) fn authentication(&self) -> Option<Evidence> {
        let lineage = self.lineage?;
        let own = lineage.values("authentication_classes");
        let own = own.map(|(site, values)| values.into_iter().map(|value| (site, value)).collect());
        let lists: Vec<(Site<'p>, ValueId)> = own.or_else(|| {
            let asking = lineage.own().next().map(|(site, _)| site)?;
            let lists = self.settings.authentication(self.project, asking.file).into_iter();
            Some(lists.filter_map(|(file, value)| Some((Site::new(self.project, file)?, value))).collect())
        })?;
        let found: Vec<Option<Evidence>> =
            lists.into_iter().map(|(site, list)| refusing(site, list)).collect();
        // Where several lists are possible, each has to have one.
        if found.contains(&None) { None } else { found.into_iter().flatten().next() }
    }
}

fn refusing(site: Site<'_>, list: ValueId) -> Option<Evidence> {
    site.elements(list)?.into_iter().find_map(|item| {
        let entity = match site.value(item) {
            Value::Str(name) => site.project.dotted(site.file, site.module.text(name))?.entity,
            _ => site.resolve(item)?.entity,
        };
        let Type::Class(file, class) = class_type(site.project, entity)? else { return None };
        let lineage = Lineage::of(site.project, Type::Class(file, class));
        let Member::Function(owner, function) = lineage.member("authenticate")? else { return None };
        let name = super::super::classes::class_name(Site::new(site.project, file)?, class);
        let place = Place { file: site.file, span: site.module.span(item) };
        guards::guards(site.project, owner.file, function).then_some(Evidence {
            means: Means::Attribute,
            name,
            place,
            opens: false,
        })
    })
}
