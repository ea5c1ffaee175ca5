//! Settings by their names, wherever frameworks and libraries read them: variables of a module or class,
//! `app.config["NAME"]`, `app.config.update(NAME=…)`.

use super::django::is_for_development;
use super::servers::CHOICE;
use crate::facts::{
    Anchor, Arguments, BindingId, Module, Name, ScopeKind, Statement, Value, ValueId, dict_items, hash_text,
};
use crate::project::Project;
use crate::rule::{Hit, Site};

/// A setting.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct Entry<'p> {
    pub(in crate::rules) site: Site<'p>,
    pub(in crate::rules) name: &'p str,
    /// Where it is set: the target, or the value of a keyword.
    pub(in crate::rules) place: ValueId,
    /// What tells it from others.
    anchor: ValueId,
    pub(in crate::rules) value: ValueId,
}

impl Entry<'_> {
    /// A hit on the whole of it.
    pub(in crate::rules) fn hit(&self) -> Hit {
        Hit::at(self.site.module.span(self.place)).anchor(Anchor::Value(self.anchor))
    }

    /// Whether it is chosen by a condition, or its file or class says that it is not for production.
    pub(in crate::rules) fn is_for_development(&self) -> bool {
        let offset = self.site.module.span(self.place).start;
        let path = self.site.project.file(self.site.file).map(|file| &*file.path).unwrap_or_default();
        let class = self.site.module.class_at(offset).and_then(|class| self.site.module.class(class));
        path.split('/').any(is_for_development)
            || class.is_some_and(|class| is_for_development(self.site.module.text(class.name)))
            || self.site.is_chosen_by(offset, CHOICE)
            || self.site.words_around(offset).has_any(&["test", "tests", "testing"])
    }
}

/// The settings of these names, tests left out, in the order of the files.
pub(in crate::rules) fn entries<'p>(project: &'p Project, wanted: &[&str]) -> Vec<Entry<'p>> {
    let hashes: Vec<u64> = wanted.iter().map(|name| hash_text(name)).collect();
    // Most names of a file are told apart by six bits.
    let bit = |hash: u64| 1_u64 << (hash >> 58);
    let mask = hashes.iter().fold(0, |mask, hash| mask | bit(*hash));
    let is_wanted = |hash: &u64| mask & bit(*hash) != 0 && hashes.contains(hash);
    let mut found = Vec::new();
    for (id, file) in project.files() {
        if file.module.names().hashes().iter().any(is_wanted) && !file.is_test() {
            found.extend(Site::new(project, id).into_iter().flat_map(|site| of_file(site, wanted)));
        }
    }
    found
}

fn of_file<'p>(site: Site<'p>, wanted: &[&str]) -> Vec<Entry<'p>> {
    let module = site.module;
    let mut found = Vec::new();
    for id in module.statements() {
        if let Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) =
            module.statement(id)
            && let Some(name) = target_name(module, target).filter(|name| wanted.contains(name))
        {
            found.push(Entry { site, name, place: target, anchor: target, value });
        }
    }
    for id in module.calls() {
        let Value::Call(callee, arguments) = module.value(id) else { continue };
        if matches!(site.last_segment(callee), Some("update" | "from_mapping" | "dict")) {
            let named = configured(module, arguments).into_iter();
            let wanted = named.filter(|(name, _)| wanted.contains(name));
            found.extend(wanted.map(|(name, value)| Entry {
                site,
                name,
                place: value,
                anchor: callee,
                value,
            }));
        }
    }
    found
}

/// The name of a setting that a target is: of a module or class, `app.name`, `config["NAME"]`.
fn target_name(module: &Module, target: ValueId) -> Option<&str> {
    match module.value(target) {
        Value::Name(name, Some(binding)) => is_global(module, binding).then(|| module.text(name)),
        Value::Attribute(_, name) => Some(module.text(name)),
        Value::Item(_, key) => text(module, key),
        _ => None,
    }
}

fn is_global(module: &Module, binding: BindingId) -> bool {
    let scope = module.binding(binding).and_then(|binding| module.scope(binding.scope));
    scope.is_some_and(|scope| matches!(scope.kind, ScopeKind::Module | ScopeKind::Class))
}

fn text(module: &Module, value: ValueId) -> Option<&str> {
    match module.value(value) {
        Value::Str(name) => Some(module.text(name)),
        _ => None,
    }
}

/// The arguments of `config.update(…)`, which takes keywords or a dictionary.
fn configured<'m>(module: &'m Module, arguments: Arguments<'m>) -> Vec<(&'m str, ValueId)> {
    let keywords = arguments.keywords().filter(|(name, _)| *name != Name::NONE);
    let mut found: Vec<_> = keywords.map(|(name, value)| (module.text(name), value)).collect();
    if let Some(first) = arguments.positional().get(0)
        && let Value::Dict(items) = module.value(first)
    {
        found.extend(dict_items(items).filter_map(|(key, value)| Some((text(module, key?)?, value))));
    }
    found
}

/// A setting within a dictionary of settings: `SIMPLE_JWT = {"SIGNING_KEY": …}`.
pub(in crate::rules) fn of_dictionary<'p>(entry: &Entry<'p>, key: &str) -> Option<Entry<'p>> {
    let value = entry.site.entry(entry.value, key)?;
    Some(Entry { place: value, anchor: entry.place, value, ..*entry })
}
