//! Lists of routes: `urlpatterns`, however it comes together, and what it includes.

use super::super::access;
use super::super::classes::{Lineage, Member};
use super::super::collect::{Collector, Declared, Mount};
use super::super::drf;
use super::super::group;
use super::super::model::{Evidence, Framework, GroupKey, Handler, Means, Methods, Place, RoutePath};
use super::bound::{self, Bound};
use super::{PATTERNS, dynamic};
use crate::facts::{
    Arguments, BinaryOperator, BindingId, Comprehension, Definition, DefinitionKind, FunctionId, ImportId,
    ImportKind, ScopeId, Span, Value, ValueId, hash_text,
};
use crate::project::{Entity, FileId, Site, Type};

/// The deepest nesting of lists, and the most steps in one file.
const DEEPEST: usize = 24;
const FUEL: u32 = 20_000;
/// A use behind everything.
const END: Span = Span { start: u32::MAX, end: u32::MAX };

pub(super) const PATH: &[&str] =
    &["django.urls.path", "django.urls.conf.path", "django.urls.re_path", "django.urls.conf.re_path"];
pub(super) const URL: &[&str] = &["django.conf.urls.url", "django.conf.urls.defaults.url"];
const LANGUAGE: &[&str] = &["django.conf.urls.i18n.i18n_patterns"];
const NOTHING: &[&str] = &[
    "django.conf.urls.static.static",
    "django.contrib.staticfiles.urls.staticfiles_urlpatterns",
    "debug_toolbar.toolbar.debug_toolbar_urls",
];
const LEGACY: &[&str] = &["django.conf.urls.patterns", "django.conf.urls.defaults.patterns"];
const ADMIN: &[&str] = &["django.contrib.admin.site"];
const ADMIN_CLASS: &[&str] = &["django.contrib.admin.AdminSite"];

/// Declares what the list of a module has.
pub(super) fn walk(collector: &mut Collector<'_>, key: GroupKey) {
    let site = collector.site;
    let mut walk = Walk { collector, key, bound: Vec::new(), open: Vec::new(), fuel: FUEL };
    let start = Way { prefix: RoutePath::exact(""), evidence: Vec::new(), views: String::new() };
    if let Some(binding) = site.module.lookup(ScopeId(0), hash_text(PATTERNS)) {
        walk.binding(site, binding, END, &start);
    } else if let Some(Entity::Variable(file, _)) = site.project.global(site.file, PATTERNS) {
        // `from .base import *`
        if site.module.imports().iter().any(|import| import.kind == ImportKind::Star) {
            walk.mount(GroupKey::Module(file), &start);
        }
    }
}

/// What stands before the routes of a list.
#[derive(Clone)]
pub(super) struct Way {
    pub prefix: RoutePath,
    pub evidence: Vec<Evidence>,
    /// What the names of views start with, in the oldest lists.
    pub views: String,
}

impl Way {
    pub(super) fn below(&self, prefix: &RoutePath) -> Way {
        let prefix = RoutePath {
            text: format!("{}{}", self.prefix.text, prefix.text),
            is_exact: self.prefix.is_exact && prefix.is_exact,
        };
        Way { prefix, ..self.clone() }
    }

    pub(super) fn behind(&self, evidence: impl IntoIterator<Item = Evidence>) -> Way {
        Way { evidence: evidence.into_iter().chain(self.evidence.clone()).collect(), ..self.clone() }
    }
}

/// A thing being followed: nothing is followed into itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// A variable, as it is before an offset.
    Binding(FileId, BindingId, u32),
    Function(FileId, FunctionId),
}

pub(super) struct Walk<'c, 'p> {
    pub collector: &'c mut Collector<'p>,
    pub key: GroupKey,
    /// What parameters and loop variables are worth.
    pub bound: Vec<Bound<'p>>,
    open: Vec<Open>,
    fuel: u32,
}

impl<'p> Walk<'_, 'p> {
    fn enter(&mut self, open: Open) -> bool {
        let is_new = !self.open.contains(&open) && self.open.len() < DEEPEST;
        if is_new {
            self.open.push(open);
        }
        is_new
    }

    /// A list of routes, or one route.
    pub(super) fn list(&mut self, site: Site<'p>, value: ValueId, way: &Way) {
        let Some(fuel) = self.fuel.checked_sub(1) else { return };
        self.fuel = fuel;
        match site.value(value) {
            Value::Tuple(items) if is_legacy(site, value) => {
                self.route(site, items.get(0), items.get(1), value, way);
            }
            Value::List(items) | Value::Tuple(items) | Value::Set(items) | Value::Boolean(_, items) => {
                items.iter().for_each(|item| self.list(site, item, way));
            }
            Value::Starred(inner) => self.list(site, inner, way),
            Value::Binary(BinaryOperator::Add, left, right) => {
                self.list(site, left, way);
                self.list(site, right, way);
            }
            Value::Conditional(_, then, otherwise) => {
                self.list(site, then, way);
                self.list(site, otherwise, way);
            }
            Value::Comprehension(comprehension) => self.comprehension(site, comprehension, way),
            Value::Item(object, _) => self.list(site, object, way),
            Value::Call(callee, arguments) => self.call(site, (value, callee, arguments), way),
            Value::Name(..) | Value::Attribute(..) => self.named(site, value, way),
            _ => {}
        }
    }

    fn call(
        &mut self,
        site: Site<'p>,
        (value, callee, arguments): (ValueId, ValueId, Arguments<'p>),
        way: &Way,
    ) {
        let given = |position: usize, keyword: &str| site.argument(arguments, position, keyword);
        if site.is_any(callee, PATH) || site.is_any(callee, URL) {
            let route = given(0, "route").or_else(|| site.keyword(arguments, "regex"));
            let name = given(3, "name").and_then(|name| site.constant(name));
            let is_exempt = name
                .as_ref()
                .and_then(|name| name.as_str())
                .is_some_and(|name| self.collector.context.django.exempts(name));
            let place = Place { file: site.file, span: site.module.span(value) };
            let exempt =
                || Evidence { means: Means::Router, name: "its name".to_owned(), place, opens: true };
            let way = &way.behind(is_exempt.then(exempt));
            return self.route(site, route, given(1, "view"), value, way);
        }
        if site.is_any(callee, NOTHING) {
            return;
        }
        if site.is_any(callee, LANGUAGE) {
            let is_prefixed = site.keyword(arguments, "prefix_default_language");
            let is_prefixed =
                is_prefixed.and_then(|value| site.constant(value)).is_none_or(|value| value.is_true());
            let language = self.collector.context.django.language(site.project, site.file);
            let prefix = if is_prefixed { format!("{language}/") } else { String::new() };
            let way = way.below(&RoutePath::exact(prefix));
            return arguments.positional().iter().for_each(|item| self.list(site, item, &way));
        }
        if site.is_any(callee, LEGACY) {
            let views = arguments.positional().get(0).and_then(|value| site.constant(value));
            let views = views.and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
            let way = Way { views, ..way.clone() };
            return arguments.positional().iter().skip(1).for_each(|item| self.list(site, item, &way));
        }
        self.wrapper(site, callee, arguments, way);
    }

    /// A function that makes a list, or changes one that it is given: `required(login_required, patterns)`.
    fn wrapper(&mut self, site: Site<'p>, callee: ValueId, arguments: Arguments<'p>, way: &Way) {
        let before = self.count();
        let method = || {
            let Value::Attribute(object, name) = site.value(callee) else { return None };
            site.project.method(site.type_of(object)?, site.module.names().hash(name))
        };
        let found = site.resolve(callee).map(|found| found.entity).or_else(method);
        let evidence: Vec<Evidence> = arguments
            .positional()
            .iter()
            .chain(arguments.keywords().map(|(_, value)| value))
            .filter(|value| matches!(site.value(*value), Value::Name(..) | Value::Attribute(..)))
            .filter(|value| names_guard(site, *value))
            .filter_map(|value| access::of(site, value, Means::Router))
            .collect();
        let inner = way.behind(evidence);
        for item in arguments.positional().iter() {
            self.list(site, item, &inner);
        }
        if self.count() == before
            && let Some(Entity::Function(file, function)) = found
            && let Some(owner) = Site::new(site.project, file)
        {
            let outside = self.bound.len();
            self.bound.extend(bound::parameters(site, arguments, owner, function));
            self.returned(site, file, function, way);
            self.bound.truncate(outside);
        }
    }

    /// Each element in turn, where they are in sight.
    fn comprehension(&mut self, site: Site<'p>, comprehension: Comprehension<'p>, way: &Way) {
        let mut clauses = comprehension.clauses();
        let elements =
            clauses.next().and_then(|(target, iterable, _)| Some((target, site.elements(iterable)?)));
        let Some((target, elements)) = elements.filter(|_| clauses.next().is_none()) else {
            return self.list(site, comprehension.element(), way);
        };
        for element in elements {
            let outside = self.bound.len();
            self.bound.extend(bound::targets(site, target, element));
            self.list(site, comprehension.element(), way);
            self.bound.truncate(outside);
        }
    }

    pub(super) fn count(&self) -> usize {
        let found = &self.collector.found;
        found.routes.len() + found.mounts.len() + found.loose.len()
    }

    /// The list that a function of the project returns.
    fn returned(&mut self, site: Site<'p>, file: FileId, function: FunctionId, way: &Way) {
        let open = Open::Function(file, function);
        let Some(owner) = Site::new(site.project, file) else { return };
        if !self.enter(open) {
            return;
        }
        for value in site.project.returned(file, function) {
            self.list(owner, value, way);
        }
        self.open.pop();
    }

    pub(super) fn named(&mut self, site: Site<'p>, value: ValueId, way: &Way) {
        // `self.urls`, `router.urls`, `admin.site.urls`
        if let Value::Attribute(object, name) = site.value(value)
            && matches!(site.module.text(name), "urls" | "urlpatterns")
            && self.object(site, value, object, way)
        {
            return;
        }
        if let Value::Attribute(object, name) = site.value(value) {
            let modules = dynamic::modules(site, object);
            if !modules.is_empty() {
                return self.loose(site, modules, site.module.text(name), way);
            }
        }
        if let Value::Name(_, Some(binding)) = site.value(value)
            && let Some(found) = bound::worth(&self.bound, site.file, binding)
        {
            return self.list(found.site, found.value, way);
        }
        // A variable is its value before this place; another file has its end.
        if let Value::Name(_, Some(binding)) = site.value(value) {
            let kinds = site.module.definitions(binding).iter().map(|one| one.kind).collect::<Vec<_>>();
            if kinds.iter().any(|kind| *kind != DefinitionKind::Import) {
                return self.binding(site, binding, site.module.span(value), way);
            }
        }
        match site.resolve(value).map(|found| found.entity) {
            Some(Entity::Variable(file, binding)) => {
                if let Some(owner) = Site::new(site.project, file) {
                    self.binding(owner, binding, END, way);
                }
            }
            None => {
                for (file, value) in site.project.attribute_values(site.file, value) {
                    if let Some(owner) = Site::new(site.project, file) {
                        self.list(owner, value, way);
                    }
                }
            }
            _ => {}
        }
    }

    /// A list of modules that are named at run time.
    pub(super) fn loose(&mut self, site: Site<'p>, modules: Vec<FileId>, name: &str, way: &Way) {
        for file in modules {
            if name == PATTERNS {
                self.collector.found.loose.push(Mount {
                    parent: self.key,
                    child: GroupKey::Module(file),
                    prefix: Some(way.prefix.clone()),
                    keeps_own: true,
                    evidence: way.evidence.clone(),
                });
            } else if let Some(owner) = Site::new(site.project, file)
                && let Some(binding) = owner.module.lookup(ScopeId(0), hash_text(name))
            {
                self.binding(owner, binding, END, way);
            }
        }
    }

    /// The routes of an object: a router, an administration site, something of the project.
    fn object(&mut self, site: Site<'p>, value: ValueId, object: ValueId, way: &Way) -> bool {
        if is_admin(site, object) {
            self.admin(site, value, way);
        } else if drf::is_router(site, object) {
            if let Some(root) = drf::root_view(self.collector, site, object) {
                self.declare(Declared { path: way.below(&root.path).prefix, ..root }, way);
            }
            if let Some(key) = group::of(site, object) {
                self.mount(key, way);
            }
            return true;
        }
        let Some(class) = site.type_of(object) else { return is_admin(site, object) };
        self.methods(site, class, way) || is_admin(site, object)
    }

    /// `urls` or `get_urls` of a class of the project.
    fn methods(&mut self, site: Site<'p>, class: Type, way: &Way) -> bool {
        let lineage = Lineage::of(site.project, class);
        for name in ["get_urls", "urls", "get_urlpatterns"] {
            let mut any = false;
            for member in lineage.members(name) {
                match member {
                    Member::Function(owner, function) => self.returned(site, owner.file, function, way),
                    Member::Values(owner, values) => {
                        for value in values {
                            self.list(owner, value, way);
                        }
                    }
                    Member::External => continue,
                }
                any = true;
            }
            if any {
                return true;
            }
        }
        false
    }

    /// The administration site: one route for all that is below it.
    fn admin(&mut self, site: Site<'p>, value: ValueId, way: &Way) {
        let place = Place { file: site.file, span: site.module.span(value) };
        let evidence = Evidence { means: Means::Router, name: "admin.site".to_owned(), place, opens: false };
        let declared = Declared {
            framework: Framework::Django,
            group: Some(self.key),
            methods: Methods::ANY,
            path: way.prefix.clone(),
            handler: Handler { file: site.file, function: None, class: None },
            place,
            inputs: Vec::new(),
            evidence: vec![evidence],
        };
        self.declare(declared, way);
    }

    /// A variable, as a use of it sees it.
    pub(super) fn binding(&mut self, site: Site<'p>, binding: BindingId, usage: Span, way: &Way) {
        let is_before = |start: u32, value: Option<ValueId>| {
            start < usage.start && !value.is_some_and(|value| site.module.span(value).covers(usage))
        };
        let seen = if usage == END {
            site.module.definitions(binding).to_vec()
        } else {
            site.project.seen_definitions(site.file, binding, usage)
        };
        let definitions: Vec<Definition> =
            seen.into_iter().filter(|one| is_before(one.offset, one.value())).collect();
        // `urlpatterns = protect(urlpatterns)`: what was before is in there.
        let is_same =
            |inner: ValueId| matches!(site.value(inner), Value::Name(_, Some(same)) if same == binding);
        let holds_itself = |one: &Definition| {
            let value = one.value().filter(|_| one.kind == DefinitionKind::Assigned);
            value.is_some_and(|value| site.module.values_within(value).any(is_same))
        };
        let first = definitions.iter().rposition(holds_itself).unwrap_or(0);
        let from = definitions.get(first).map_or(0, |one| one.offset);
        if !self.enter(Open::Binding(site.file, binding, from)) {
            return;
        }
        for definition in definitions.iter().skip(first) {
            self.definition(site, *definition, way);
        }
        for value in site.project.additions(site.file, binding, None) {
            let start = site.module.span(value).start;
            if start >= from && is_before(start, Some(value)) {
                self.list(site, value, way);
            }
        }
        self.open.pop();
    }

    fn definition(&mut self, site: Site<'p>, definition: Definition, way: &Way) {
        match definition.kind {
            DefinitionKind::Import => {
                let entity =
                    site.project.imported(site.file, ImportId(definition.id)).map(|found| found.entity);
                if let Some(Entity::Variable(file, binding)) = entity
                    && let Some(owner) = Site::new(site.project, file)
                {
                    self.binding(owner, binding, END, way);
                }
            }
            _ => {
                if let Some(value) = definition.value() {
                    self.list(site, value, way);
                }
            }
        }
    }
}

/// `(r"^users/$", view)`, in the oldest lists.
pub(super) fn is_legacy(site: Site<'_>, value: ValueId) -> bool {
    let Value::Tuple(items) = site.value(value) else { return false };
    let first = items.get(0).is_some_and(|first| matches!(site.value(first), Value::Str(_)));
    let second = items.get(1).is_some_and(|second| {
        matches!(site.value(second), Value::Name(..) | Value::Attribute(..) | Value::Call(..))
    });
    first && second
}

fn is_admin(site: Site<'_>, object: ValueId) -> bool {
    site.is_any(object, ADMIN) || site.is_instance(object, ADMIN_CLASS)
}

/// Whether a value that is given beside a list may be a decorator.
fn names_guard(site: Site<'_>, value: ValueId) -> bool {
    matches!(site.resolve(value).map(|found| found.entity), Some(Entity::Function(..) | Entity::External(_)))
}
