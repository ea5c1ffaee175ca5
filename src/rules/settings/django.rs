//! The settings of Django projects as Django reads them: a file with all that it has from others by
//! `from .base import *`.

use crate::facts::{
    DefinitionKind, ImportId, ImportKind, Module, ScopeId, Statement, Value, ValueId, hash_text,
};
use crate::project::{Entity, FileId, Project};
use crate::rule::{Site, words};

/// Words of a file name that say: not for production.
const DEVELOPMENT: &[&str] = &[
    "dev",
    "devel",
    "develop",
    "developer",
    "development",
    "local",
    "localhost",
    "debug",
    "demo",
    "example",
    "sample",
    "ci",
    "dummy",
    "docs",
    "sandbox",
    "playground",
    "template",
    "e2e",
    "unittest",
];

/// Words of a file name that say: for production.
const PRODUCTION: &[&str] = &["prod", "production", "live", "deploy", "deployment"];

/// What a project has beside its applications, unlike an application that is tested by itself.
const PROJECT: &[&str] = &["ROOT_URLCONF", "MIDDLEWARE", "WSGI_APPLICATION", "ASGI_APPLICATION"];

/// Names and modules by which a file sets what does not show in it.
const DYNAMIC: &[&str] = &["globals", "locals", "vars", "exec", "execfile", "setattr"];
const DYNAMIC_MODULES: &[&str] =
    &["split_settings", "django_heroku", "configurations", "dynaconf", "environ.config"];

/// The most files that one takes its settings from.
const MOST_FILES: usize = 32;

/// A setting as Django sees it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Setting<'p> {
    /// Nothing sets it: Django's default holds.
    Absent,
    /// Set, but to what or whether at all cannot be said.
    Unknown,
    /// Set once, unconditionally.
    Set(Set<'p>),
}

/// Where a setting is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Set<'p> {
    pub(super) site: Site<'p>,
    pub(super) target: ValueId,
    pub(super) value: ValueId,
}

/// Settings that a project may be deployed with: no test, nobody's own, and no base of such settings.
#[derive(Debug)]
pub(super) struct Deployed<'p> {
    pub(super) site: Site<'p>,
    /// The file itself, then those that it has settings from, the last import first.
    files: Vec<FileId>,
    /// Whether it may have settings that do not show.
    is_open: bool,
    /// Whether its name says that it is for production, or `DEBUG` is off in it.
    pub(super) is_production: bool,
}

/// The settings that the projects of a tree may be deployed with.
pub(super) fn deployed(project: &Project) -> Vec<Deployed<'_>> {
    let found: Vec<Deployed<'_>> =
        project.files().filter_map(|(id, _)| Deployed::of(Site::new(project, id)?)).collect();
    let is_base = |file: FileId| found.iter().any(|other| other.builds_on(file));
    let bases: Vec<FileId> =
        found.iter().map(|settings| settings.site.file).filter(|file| is_base(*file)).collect();
    found.into_iter().filter(|settings| !bases.contains(&settings.site.file)).collect()
}

impl<'p> Deployed<'p> {
    fn of(site: Site<'p>) -> Option<Deployed<'p>> {
        let file = site.project.file(site.file)?;
        let stars = site.module.imports().iter().any(|import| import.kind == ImportKind::Star);
        if !stars && !binds(site.module, "INSTALLED_APPS") {
            return None;
        }
        let is_global = file.path.ends_with("conf/global_settings.py");
        if is_global || file.is_test() || file.path.split('/').any(is_for_development) {
            return None;
        }
        let files = files(site);
        let modules: Vec<&Module> = files.iter().filter_map(|file| site.project.module(*file)).collect();
        let has = |name: &str| modules.iter().any(|module| binds(module, name));
        if !has("INSTALLED_APPS") || !PROJECT.iter().any(|name| has(name)) {
            return None;
        }
        let is_open = files.iter().any(|file| Site::new(site.project, *file).is_some_and(is_open));
        let named = file.path.split('/').flat_map(|part| words(part.trim_end_matches(".py")));
        let is_production = named.into_iter().any(|word| PRODUCTION.contains(&word.as_str()));
        let settings = Deployed { site, files, is_open, is_production };
        let is_off =
            matches!(settings.setting("DEBUG"), Setting::Set(set) if set.site.is_settled(set.value, false));
        Some(Deployed { is_production: is_production || is_off, ..settings })
    }

    /// A setting by its name.
    pub(super) fn setting(&self, name: &str) -> Setting<'p> {
        let project = self.site.project;
        for file in &self.files {
            let Some(site) = Site::new(project, *file) else { continue };
            if binds(site.module, name) {
                return self.set_in(site, name).map_or(Setting::Unknown, Setting::Set);
            }
        }
        if self.is_open { Setting::Unknown } else { Setting::Absent }
    }

    fn set_in(&self, site: Site<'p>, name: &str) -> Option<Set<'p>> {
        let module = site.module;
        let binding = module.lookup(ScopeId(0), hash_text(name))?;
        let mut defined =
            module.definitions(binding).iter().filter(|made| made.kind != DefinitionKind::Annotated);
        let only = defined.next().filter(|only| only.kind == DefinitionKind::Assigned)?;
        if defined.next().is_some() {
            return None;
        }
        let (target, value) = module.body().iter().find_map(|id| match module.statement(id) {
            Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) => {
                (value == ValueId(only.id) && is_named(module, target, name)).then_some((target, value))
            }
            _ => None,
        })?;
        // What is imported below may set it again.
        let below = module.span(target).end;
        let mut later = module.imports().iter().filter(|import| import.kind == ImportKind::Star);
        let overridden = site.file == self.site.file && later.any(|import| import.span.start > below);
        (!overridden).then_some(Set { site, target, value })
    }

    /// Whether these settings take everything from a file.
    pub(super) fn builds_on(&self, file: FileId) -> bool {
        self.files.iter().skip(1).any(|base| *base == file)
    }

    /// Whether all that they set shows.
    pub(super) fn is_closed(&self) -> bool {
        !self.is_open
    }

    /// Whether a text stands anywhere in the files, whatever it is used for.
    pub(super) fn mentions(&self, wanted: impl Fn(&str) -> bool) -> bool {
        let modules = self.files.iter().filter_map(|file| self.site.project.module(*file));
        modules.into_iter().any(|module| module.names().iter().any(|(_, text)| wanted(text)))
    }
}

fn is_named(module: &Module, target: ValueId, name: &str) -> bool {
    matches!(module.value(target), Value::Name(found, _) if module.text(found) == name)
}

fn binds(module: &Module, name: &str) -> bool {
    module.lookup(ScopeId(0), hash_text(name)).is_some()
}

/// A file and those that it takes everything from.
fn files(site: Site<'_>) -> Vec<FileId> {
    let project = site.project;
    let mut found: Vec<FileId> = Vec::new();
    let mut open = vec![site.file];
    while let Some(file) = open.pop() {
        if found.contains(&file) || found.len() >= MOST_FILES {
            continue;
        }
        found.push(file);
        let imports = project.module(file).map_or(&[][..], |module| module.imports());
        for (index, _) in imports.iter().enumerate().filter(|(_, import)| import.kind == ImportKind::Star) {
            if let Some(Entity::Module(source)) =
                project.imported(file, ImportId(index as u32)).map(|found| found.entity)
            {
                open.push(source);
            }
        }
    }
    found
}

/// Whether a file may set what does not show in it.
fn is_open(site: Site<'_>) -> bool {
    let names = site.module.names();
    let outside = site.module.imports().iter().enumerate().any(|(index, import)| {
        import.kind == ImportKind::Star
            && !matches!(
                site.project.imported(site.file, ImportId(index as u32)).map(|found| found.entity),
                Some(Entity::Module(_))
            )
    });
    outside
        || DYNAMIC.iter().any(|name| names.contains_hash(hash_text(name)))
        || DYNAMIC_MODULES.iter().any(|module| site.imports(module))
}

/// Whether a part of a path, or a name, says that it is not for production.
pub(super) fn is_for_development(part: &str) -> bool {
    words(part.strip_suffix(".py").unwrap_or(part))
        .iter()
        .any(|word| word.starts_with("test") || DEVELOPMENT.contains(&word.as_str()))
}
