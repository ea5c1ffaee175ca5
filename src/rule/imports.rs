//! Imports of modules, by statement and by name at run time.

use super::{Call, Fact, FactNode, Site};
use crate::facts::{Import, ImportKind};

/// Callables that import the module of a name, with the position of that name.
pub const IMPORTERS: &[&str] = &["builtins.__import__", "importlib.import_module", "importlib.__import__"];

impl Fact<'_> {
    /// The one of these modules that an import brings, or a part of it: the first name of its statement that does.
    pub fn brings<'m>(&self, modules: &[&'m str]) -> Option<&'m str> {
        self.brings_beside(modules, &[])
    }

    /// The same, with modules and members that do not count.
    pub fn brings_beside<'m>(&self, modules: &[&'m str], harmless: &[&str]) -> Option<&'m str> {
        let FactNode::Import(import) = self.node else { return None };
        let site = self.site;
        let counts = |import: &Import| {
            site.brought(import, modules).filter(|_| site.brought(import, harmless).is_none())
        };
        let brought = counts(import)?;
        let imports = site.module.imports().iter();
        let before = imports
            .filter(|other| other.statement == import.statement && other.span.start < import.span.start)
            .any(|other| counts(other).is_some());
        (!before).then_some(brought)
    }
}

impl Site<'_> {
    /// The one of these modules or members that an import names, or whose part it names.
    pub fn brought<'m>(&self, import: &Import, modules: &[&'m str]) -> Option<&'m str> {
        if import.level > 0 {
            return None;
        }
        let module = self.module.text(import.module);
        let member = (import.kind == ImportKind::Member).then(|| self.module.text(import.member));
        let is_member = |wanted: &str| {
            let rest = wanted.strip_prefix(module).and_then(|rest| rest.strip_prefix('.'));
            rest.is_some_and(|rest| member == Some(rest))
        };
        modules.iter().copied().find(|wanted| is_part(module, wanted) || is_member(wanted))
    }
}

impl Call<'_> {
    /// The one of these modules that a call of [`IMPORTERS`] brings, or a part of it.
    pub fn brings<'m>(&self, modules: &[&'m str]) -> Option<&'m str> {
        let name = self.site.constant(self.argument(0, "name")?)?;
        let name = name.as_str()?;
        modules.iter().copied().find(|wanted| is_part(name, wanted))
    }
}

/// Whether a module is this one or below it.
fn is_part(module: &str, wanted: &str) -> bool {
    module.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
