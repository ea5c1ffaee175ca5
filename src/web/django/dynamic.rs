//! Modules that are named while the program runs: `import_module(app.name + ".urls")`.

use crate::facts::{DefinitionKind, Value, ValueId};
use crate::project::{FileId, Part, Site};

/// The modules of the project that an expression may be, where their names are made at run time.
pub(super) fn modules(site: Site<'_>, value: ValueId) -> Vec<FileId> {
    let Value::Call(callee, arguments) = site.value(assigned(site, value)) else { return Vec::new() };
    if site.last_segment(callee) != Some("import_module") {
        return Vec::new();
    }
    arguments.positional().get(0).map_or_else(Vec::new, |name| named(site, name))
}

/// The modules whose names end as a text does of which the start is not known.
pub(super) fn named(site: Site<'_>, name: ValueId) -> Vec<FileId> {
    let text = site.text(assigned(site, name));
    let parts: Vec<&Part<'_>> = text.iter().collect();
    let [Part::Value(..), .., Part::Constant(end)] = parts[..] else { return Vec::new() };
    let Some(end) = end.strip_prefix('.').filter(|end| end.split('.').any(|part| part.contains("url")))
    else {
        return Vec::new();
    };
    let end = format!("/{}.py", end.replace('.', "/"));
    let files = site.project.files().filter(|(file, one)| *file != site.file && !one.is_test());
    files.filter(|(_, one)| one.path.ends_with(&end)).map(|(file, _)| file).collect()
}

/// What a variable is assigned, where that is one thing.
fn assigned(site: Site<'_>, value: ValueId) -> ValueId {
    let Value::Name(_, Some(binding)) = site.value(value) else { return value };
    match site.module.definitions(binding) {
        [only] if only.kind == DefinitionKind::Assigned => only.value().unwrap_or(value),
        _ => value,
    }
}
