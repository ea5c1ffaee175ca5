//! What a route leads to: a view, or a list that is included.

use super::super::access;
use super::super::collect::{Declared, Mount};
use super::super::model::Means;
use super::super::model::{Framework, GroupKey, Handler, Methods, Place, RoutePath};
use super::bound::{Texts, worth};
use super::patterns::{PATH, URL, Walk, Way, is_legacy};
use super::views::Views;
use super::{PATTERNS, dynamic, inputs, lists_routes};
use crate::facts::{Value, ValueId};
use crate::project::{Entity, FileId, Site};

const INCLUDE: &[&str] = &[
    "django.urls.include",
    "django.urls.conf.include",
    "django.conf.urls.include",
    "django.conf.urls.defaults.include",
];

impl<'p> Walk<'_, 'p> {
    /// A route: a path and a view, or a path and what it includes.
    pub(super) fn route(
        &mut self,
        site: Site<'p>,
        route: Option<ValueId>,
        view: Option<ValueId>,
        whole: ValueId,
        way: &Way,
    ) {
        let (Some(route), Some(view)) = (route, view) else { return };
        let texts = Texts { settings: &self.collector.context.django, bound: &self.bound };
        let below = way.below(&texts.path(site, route));
        if self.included(site, view, &below) {
            return;
        }
        let place = Place { file: site.file, span: site.module.span(whole) };
        let legacy = match site.value(view) {
            Value::Str(name) if !way.views.is_empty() => {
                Some(format!("{}.{}", way.views, site.module.text(name)))
            }
            _ => None,
        };
        let views = Views { settings: &self.collector.context.django, bound: &self.bound };
        let answers = views.of(site, view, legacy.as_deref());
        for answer in answers {
            let path = below.prefix.clone();
            let inputs = inputs(site, answer.handler, &path);
            let declared = Declared {
                framework: answer.framework,
                group: Some(self.key),
                methods: answer.methods,
                path,
                handler: answer.handler,
                place,
                inputs,
                evidence: answer.evidence,
            };
            self.declare(declared, &below);
        }
    }

    pub(super) fn declare(&mut self, declared: Declared, way: &Way) {
        if declared.methods.is_empty() {
            return;
        }
        let evidence = [declared.evidence, way.evidence.clone()].concat();
        self.collector.found.routes.push(Declared { group: Some(self.key), evidence, ..declared });
    }

    pub(super) fn mount(&mut self, child: GroupKey, way: &Way) {
        self.collector.found.mounts.push(Mount {
            parent: self.key,
            child,
            prefix: Some(way.prefix.clone()),
            keeps_own: true,
            evidence: way.evidence.clone(),
        });
    }

    /// Whether a view is a list that is included, which then is followed.
    pub(super) fn included(&mut self, site: Site<'p>, view: ValueId, way: &Way) -> bool {
        if let Value::Name(_, Some(binding)) = site.value(view)
            && let Some(found) = worth(&self.bound, site.file, binding)
        {
            return self.included(found.site, found.value, way);
        }
        match site.value(view) {
            Value::Call(callee, arguments) => {
                if site.is_any(callee, INCLUDE) {
                    if let Some(what) = site.argument(arguments, 0, "arg") {
                        self.include(site, what, way);
                    }
                    return true;
                }
                // `decorator_include(login_required, "shop.urls")`
                let name = site.last_segment(callee).unwrap_or_default();
                let is_decorated = name == "decorator_include" || name.ends_with("_include");
                let Some(what) = arguments.positional().get(1).filter(|_| is_decorated) else { return false };
                let decorators = arguments.positional().get(0);
                let decorators = decorators.map(|value| site.elements(value).unwrap_or_else(|| vec![value]));
                let evidence = decorators.into_iter().flatten();
                let way = way.behind(evidence.filter_map(|value| access::of(site, value, Means::Router)));
                if !self.included(site, what, &way) {
                    self.include(site, what, &way);
                }
                true
            }
            Value::Tuple(items) => {
                if let Some(first) = items.get(0) {
                    self.include(site, first, way);
                }
                true
            }
            Value::List(_) => {
                self.list(site, view, way);
                true
            }
            Value::Item(object, _) => self.included(site, object, way),
            Value::Attribute(object, name) if site.module.text(name) == "urls" => {
                let before = self.count();
                self.named(site, view, way);
                if self.count() == before && site.resolve(object).is_some() && site.class_of(view).is_some() {
                    self.unknown(site, view, way);
                }
                true
            }
            _ => false,
        }
    }

    /// What `include` is given: a module by name or itself, a list, a pair of either and a namespace.
    pub(super) fn include(&mut self, site: Site<'p>, what: ValueId, way: &Way) {
        let text = site.constant(what).and_then(|constant| constant.as_str().map(str::to_owned));
        let entity = match &text {
            Some(name) => site.project.dotted(site.file, name).map(|found| found.entity),
            None => site.resolve(what).map(|found| found.entity),
        };
        match (entity, site.value(what)) {
            (Some(Entity::Module(file)), _) => self.module(site, file, way),
            (Some(Entity::External(path)), _) if text.is_some() => self.shipped(site, path, what, way),
            (_, Value::Tuple(items)) if !is_legacy(site, what) && !holds_routes(site, what) => {
                if let Some(first) = items.get(0) {
                    self.include(site, first, way);
                }
            }
            (entity, _) => {
                let before = self.count();
                let modules = dynamic::named(site, what);
                if !modules.is_empty() {
                    return self.loose(site, modules, PATTERNS, way);
                }
                self.list(site, what, way);
                if let Some(Entity::External(path)) = entity
                    && self.count() == before
                {
                    self.shipped(site, path, what, way);
                }
            }
        }
    }

    fn module(&mut self, site: Site<'p>, file: FileId, way: &Way) {
        let has_list = Site::new(site.project, file)
            .is_some_and(|owner| lists_routes(owner) || site.project.global(file, PATTERNS).is_some());
        if has_list {
            self.mount(GroupKey::Module(file), way);
        }
    }

    /// The routes that a module of a library lists.
    fn shipped(&mut self, site: Site<'p>, module: u64, what: ValueId, way: &Way) {
        let Some(routes) = site.project.models().routes(module) else { return self.unknown(site, what, way) };
        let place = Place { file: site.file, span: site.module.span(what) };
        let views = Views { settings: &self.collector.context.django, bound: &self.bound };
        let mut found = Vec::new();
        for (path, view) in routes {
            let below = way.below(&RoutePath::exact(&**path));
            let answers = views.shipped(site, what, *view).into_iter();
            found.extend(answers.map(|answer| Declared {
                framework: answer.framework,
                group: Some(self.key),
                methods: answer.methods,
                path: below.prefix.clone(),
                handler: answer.handler,
                place,
                inputs: Vec::new(),
                evidence: answer.evidence,
            }));
        }
        for declared in found {
            self.declare(declared, way);
        }
    }

    /// Something of a library that has routes which are not known: one route stands for them.
    fn unknown(&mut self, site: Site<'p>, what: ValueId, way: &Way) {
        let below = way.below(&RoutePath::unknown());
        let declared = Declared {
            framework: Framework::Django,
            group: Some(self.key),
            methods: Methods::ANY,
            path: below.prefix,
            handler: Handler { file: site.file, function: None, class: None },
            place: Place { file: site.file, span: site.module.span(what) },
            inputs: Vec::new(),
            evidence: Vec::new(),
        };
        self.declare(declared, way);
    }
}

/// Whether a tuple is a list of routes, and not a list with its namespace.
fn holds_routes(site: Site<'_>, value: ValueId) -> bool {
    let Value::Tuple(items) = site.value(value) else { return false };
    items.get(0).is_some_and(|first| site.is_call_of(first, PATH) || site.is_call_of(first, URL))
}
