//! What the settings say that routes depend on: where requests start, which middleware refuses callers, what views
//! of the REST framework demand unless they say so themselves.

use super::super::classes::{Lineage, Member};
use super::super::guards;
use super::super::model::{Evidence, Means, Place};
use super::scope::Scope;
use crate::facts::{FunctionId, ScopeId, ScopeKind, Statement, Value, ValueId, dict_items, hash_text};
use crate::project::{Entity, FileId, Project, Site, Type, has_word};

/// Variables that name the module at which requests start.
const ROOTS: &[&str] = &["ROOT_URLCONF", "PUBLIC_SCHEMA_URLCONF"];
const MIDDLEWARE: &[&str] = &["MIDDLEWARE", "MIDDLEWARE_CLASSES"];
/// The middleware that views open themselves to; views of the REST framework are exempt from it.
pub(super) const LOGIN_MIDDLEWARE: &str = "LoginRequiredMiddleware";
const PERMISSIONS: &str = "DEFAULT_PERMISSION_CLASSES";
const AUTHENTICATION: &str = "DEFAULT_AUTHENTICATION_CLASSES";
const LANGUAGE: &str = "LANGUAGE_CODE";
/// What a request may be given in place of the module of the settings.
const REQUEST_ROOT: &str = "urlconf";
/// Words of files whose settings are not those that users see.
const ASIDE: &[&str] =
    &["dev", "devel", "development", "local", "test", "testing", "tests", "ci", "debug", "docs"];

/// What the settings of all Django projects in the tree say.
#[derive(Debug, Default)]
pub(in crate::web) struct Settings {
    roots: Vec<(FileId, FileId)>,
    middleware: Vec<(FileId, ValueId)>,
    permissions: Vec<(FileId, ValueId)>,
    authentication: Vec<(FileId, ValueId)>,
    languages: Vec<(FileId, ValueId)>,
    /// What requests each middleware of the project looks at, by its name.
    scopes: Vec<(String, Scope)>,
}

impl Settings {
    /// Reads the settings of a project.
    pub fn of(project: &Project) -> Settings {
        let mut found = Settings::default();
        for (file, _) in project.files() {
            if let Some(site) = Site::new(project, file) {
                found.read(site);
            }
        }
        prefer_real(project, &mut found.roots);
        prefer_real(project, &mut found.middleware);
        prefer_real(project, &mut found.permissions);
        overridden(project, &mut found.permissions);
        prefer_real(project, &mut found.authentication);
        overridden(project, &mut found.authentication);
        found.scopes = found.middleware_texts(project).filter_map(|(site, text)| scope(site, text)).collect();
        found
    }

    fn read(&mut self, site: Site<'_>) {
        let names = site.module.names();
        let has = |name: &str| names.contains_hash(hash_text(name));
        for name in ROOTS.iter().filter(|name| has(name)) {
            for value in assigned(site, name) {
                self.roots.extend(urlconf(site, value).map(|root| (site.file, root)));
            }
        }
        if has(REQUEST_ROOT) {
            let roots = request_roots(site);
            self.roots.extend(roots.into_iter().map(|root| (site.file, root)));
        }
        for name in MIDDLEWARE.iter().filter(|name| has(name)) {
            let values = assigned(site, name).into_iter().chain(added(site, name));
            self.middleware.extend(values.map(|value| (site.file, value)));
        }
        if has(PERMISSIONS) {
            self.permissions.extend(keyed(site, PERMISSIONS).into_iter().map(|value| (site.file, value)));
        }
        if has(AUTHENTICATION) {
            let values = keyed(site, AUTHENTICATION).into_iter();
            self.authentication.extend(values.map(|value| (site.file, value)));
        }
        if has(LANGUAGE) {
            self.languages.extend(assigned(site, LANGUAGE).into_iter().map(|value| (site.file, value)));
        }
    }

    /// Whether any settings name a module at which requests start.
    pub fn has_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    /// Whether requests start at a module.
    pub fn is_root(&self, file: FileId) -> bool {
        self.roots.iter().any(|(_, root)| *root == file)
    }

    /// Every text in a list of middleware.
    fn middleware_texts<'p>(&self, project: &'p Project) -> impl Iterator<Item = (Site<'p>, ValueId)> {
        let lists: Vec<(FileId, ValueId)> = self.middleware.clone();
        let sites = lists.into_iter().filter_map(|(file, value)| Some((Site::new(project, file)?, value)));
        sites.flat_map(|(site, value)| {
            let texts = site.module.values_within(value);
            texts.filter(move |one| matches!(site.value(*one), Value::Str(_))).map(move |one| (site, one))
        })
    }

    /// Whether a middleware looks at requests for a path.
    pub fn covers(&self, middleware: &str, path: &str) -> bool {
        self.scopes.iter().filter(|(name, _)| name == middleware).all(|(_, scope)| scope.covers(path))
    }

    /// Whether a middleware lets the routes of a name pass.
    pub fn exempts(&self, name: &str) -> bool {
        self.scopes.iter().any(|(_, scope)| scope.exempts(name))
    }

    /// Whether what opens a view opens it to a middleware: one that asks views, or the names of their routes.
    pub fn yields(&self, middleware: &str) -> bool {
        let mut scopes = self.scopes.iter().filter(|(name, _)| name == middleware);
        middleware == LOGIN_MIDDLEWARE || scopes.any(|(_, scope)| scope.asks_views)
    }

    /// The text that a setting is, where the modules of settings that say it in the code say one thing.
    pub fn text(&self, asking: Site<'_>, name: &str) -> Option<String> {
        let project = asking.project;
        let mut found: Vec<(FileId, ValueId)> = Vec::new();
        for (file, facts) in project.files() {
            let is_known = || self.roots.iter().any(|(settings, _)| *settings == file);
            if facts.module.names().contains_hash(hash_text(name))
                && (holds_settings(&facts.path) || is_known())
                && let Some(site) = Site::new(project, file)
            {
                found.extend(assigned(site, name).into_iter().map(|value| (file, value)));
            }
        }
        prefer_real(project, &mut found);
        let texts = nearest(project, &found, asking.file).into_iter();
        let mut texts = texts.filter_map(|(file, value)| usual(Site::new(project, file)?, value));
        let first = texts.next()?;
        texts.all(|other| other == first).then_some(first)
    }

    /// What every request to a root has to pass.
    pub fn guards(&self, project: &Project, root: FileId) -> Vec<Evidence> {
        let mut found: Vec<Evidence> = Vec::new();
        for (file, value) in nearest(project, &self.middleware, root) {
            let Some(site) = Site::new(project, file) else { continue };
            let texts =
                site.module.values_within(value).filter(|one| matches!(site.value(*one), Value::Str(_)));
            for text in texts {
                found.extend(
                    middleware(site, text).filter(|one| !found.iter().any(|old| old.name == one.name)),
                );
            }
        }
        found
    }

    /// The lists of permission classes that hold for views of a file which have none of their own; none where the
    /// settings say nothing.
    pub fn permissions(&self, project: &Project, file: FileId) -> Vec<(FileId, ValueId)> {
        nearest(project, &self.permissions, file)
    }

    /// The same of classes that find out who is calling.
    pub fn authentication(&self, project: &Project, file: FileId) -> Vec<(FileId, ValueId)> {
        nearest(project, &self.authentication, file)
    }

    /// The language that paths start with, as far as it is known.
    pub fn language(&self, project: &Project, file: FileId) -> String {
        let texts = nearest(project, &self.languages, file).into_iter().filter_map(|(file, value)| {
            project.constant(file, value).and_then(|constant| constant.as_str().map(str::to_owned))
        });
        texts.map(|text| text.to_ascii_lowercase()).min().unwrap_or_else(|| "en-us".to_owned())
    }
}

/// Whether a path is that of a module of settings.
fn holds_settings(path: &str) -> bool {
    let mut parts = path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    parts.any(|part| part.contains("settings") || matches!(part, "config" | "conf" | "defaults"))
}

/// What a setting is unless the environment says otherwise: `env("ADMIN_URL", default="admin/")`.
fn usual(site: Site<'_>, value: ValueId) -> Option<String> {
    let text = |value: ValueId| Some(site.constant(value)?.as_str()?.to_owned());
    text(value).or_else(|| match site.value(value) {
        Value::Call(_, arguments) => text(site.argument(arguments, 1, "default")?),
        Value::Boolean(_, items) => usual(site, items.iter().next_back()?),
        _ => None,
    })
}

/// Leaves out what tests and developers set, where anything else is set.
fn prefer_real<T>(project: &Project, all: &mut Vec<(FileId, T)>) {
    let path = |file: FileId| project.file(file).map_or("", |file| &*file.path);
    let is_test = |file: FileId| project.file(file).is_some_and(crate::project::File::is_test);
    if all.iter().any(|(file, _)| !is_test(*file)) {
        all.retain(|(file, _)| !is_test(*file));
    }
    let is_aside = |file: FileId| {
        let name = path(file).rsplit('/').next().unwrap_or_default();
        has_word(name.split('.').next().unwrap_or(name), ASIDE)
    };
    if all.iter().any(|(file, _)| !is_aside(*file)) {
        all.retain(|(file, _)| !is_aside(*file));
    }
}

/// Leaves out what a module sets that another takes everything from, and sets anew.
fn overridden<T>(project: &Project, all: &mut Vec<(FileId, T)>) {
    let files: Vec<FileId> = all.iter().map(|(file, _)| *file).collect();
    all.retain(|(file, _)| !project.star_importers(*file).any(|importer| files.contains(&importer)));
}

/// Of several settings those whose files are nearest to one that asks: a tree may hold more than one project.
fn nearest<T: Copy>(project: &Project, all: &[(FileId, T)], file: FileId) -> Vec<(FileId, T)> {
    let path = |file: FileId| project.file(file).map_or("", |file| &*file.path);
    let asking: Vec<&str> = path(file).split('/').collect();
    let shared = |file: FileId| path(file).split('/').zip(&asking).take_while(|(a, b)| a == *b).count();
    let most = all.iter().map(|(file, _)| shared(*file)).max().unwrap_or(0);
    all.iter().filter(|(file, _)| shared(*file) == most).copied().collect()
}

/// What is assigned or added to a variable of a name, in modules and in the bodies of classes, and what is given as an
/// argument of that name to `settings.configure`.
fn assigned(site: Site<'_>, name: &str) -> Vec<ValueId> {
    let hash = hash_text(name);
    let scopes = site.module.scopes().iter().enumerate();
    let scopes = scopes.filter(|(_, scope)| matches!(scope.kind, ScopeKind::Module | ScopeKind::Class));
    let bindings = scopes.filter_map(|(index, _)| site.module.lookup(ScopeId(index as u32), hash));
    let mut found: Vec<ValueId> = bindings
        .flat_map(|binding| site.module.definitions(binding).iter().filter_map(|one| one.value()))
        .collect();
    for call in site.module.calls() {
        if let Value::Call(callee, arguments) = site.value(call)
            && site.last_segment(callee) == Some("configure")
        {
            found.extend(site.keyword(arguments, name));
        }
    }
    found
}

/// What is put into a list of a name by `append`, `insert` and their like.
fn added(site: Site<'_>, name: &str) -> Vec<ValueId> {
    let mut found = Vec::new();
    for call in site.module.calls() {
        if let Value::Call(callee, arguments) = site.value(call)
            && let Value::Attribute(object, _) = site.value(callee)
            && site.last_segment(object) == Some(name)
        {
            found.extend(arguments.positional().iter());
        }
    }
    found
}

/// The values that dictionaries have for a key: in a display, by assignment, as a keyword.
fn keyed(site: Site<'_>, key: &str) -> Vec<ValueId> {
    let is_key =
        |value: ValueId| matches!(site.value(value), Value::Str(name) if site.module.text(name) == key);
    let mut found = Vec::new();
    for value in site.module.values() {
        match site.value(value) {
            Value::Dict(items) => {
                let pairs = dict_items(items).filter(|(name, _)| name.is_some_and(is_key));
                found.extend(pairs.map(|(_, value)| value));
            }
            Value::Call(_, arguments) => found.extend(site.keyword(arguments, key)),
            _ => {}
        }
    }
    for statement in site.module.statements() {
        if let Statement::Assign(target, value) | Statement::Augmented(target, _, value) =
            site.module.statement(statement)
            && let Value::Item(_, name) = site.value(target)
            && is_key(name)
        {
            found.push(value);
        }
    }
    found
}

/// The module that a text names, or that `__name__` is.
fn urlconf(site: Site<'_>, value: ValueId) -> Option<FileId> {
    if site.last_segment(value) == Some("__name__") {
        return Some(site.file);
    }
    let constant = site.constant(value)?;
    match site.project.dotted(site.file, constant.as_str()?)?.entity {
        Entity::Module(file) => Some(file),
        _ => None,
    }
}

/// `request.urlconf = "shop.urls"`.
fn request_roots(site: Site<'_>) -> Vec<FileId> {
    let mut found = Vec::new();
    for statement in site.module.statements() {
        if let Statement::Assign(target, value) = site.module.statement(statement)
            && let Value::Attribute(_, name) = site.value(target)
            && site.module.text(name) == REQUEST_ROOT
        {
            found.extend(urlconf(site, value));
        }
    }
    found
}

/// What a middleware that a text names says about who may call.
fn middleware(site: Site<'_>, text: ValueId) -> Option<Evidence> {
    let constant = site.constant(text)?;
    let path = constant.as_str()?;
    let project = site.project;
    let found = project.dotted(site.file, path)?;
    let protects = match found.entity {
        Entity::External(path) => project.models().protects(project.models().canonical(path)),
        Entity::Function(file, function) => {
            Site::new(project, file).is_some_and(|owner| refuses_unknown(owner, function))
        }
        Entity::Class(file, class) => {
            let lineage = Lineage::of(project, Type::Class(file, class));
            let known = lineage.external().any(|path| project.models().protects(path));
            known || hooks(&lineage).any(|(owner, function)| refuses_unknown(owner, function))
        }
        _ => false,
    };
    let place = Place { file: site.file, span: site.module.span(text) };
    let name = path.rsplit('.').next().unwrap_or(path).to_owned();
    protects.then_some(Evidence { means: Means::Application, name, place, opens: false })
}

/// What each request runs through.
fn hooks<'p>(lineage: &Lineage<'p>) -> impl Iterator<Item = (Site<'p>, FunctionId)> {
    let hooks = ["__call__", "process_request", "process_view"].into_iter();
    hooks.filter_map(|name| match lineage.member(name) {
        Some(Member::Function(owner, function)) => Some((owner, function)),
        _ => None,
    })
}

fn refuses_unknown(site: Site<'_>, function: FunctionId) -> bool {
    guards::guards(site.project, site.file, function) && !Scope::of(site, function).is_unknown
}

/// What requests a middleware of the project that a text names looks at.
fn scope(site: Site<'_>, text: ValueId) -> Option<(String, Scope)> {
    let constant = site.constant(text)?;
    let path = constant.as_str()?;
    let Entity::Class(file, class) = site.project.dotted(site.file, path)?.entity else { return None };
    let lineage = Lineage::of(site.project, Type::Class(file, class));
    let mut all = hooks(&lineage).filter(|(owner, function)| refuses_unknown(*owner, *function));
    let (owner, function) = all.next()?;
    Some((path.rsplit('.').next().unwrap_or(path).to_owned(), Scope::of(owner, function)))
}
