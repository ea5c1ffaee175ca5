//! Views that are classes: what runs before the method that answers, and what the framework fetches for it.

use super::evidence::{any_demands, function_demands};
use super::fetch::{Fetch, Model, class_of};
use super::names::{asks_more, is_scoped};
use super::uses::mentions_caller;
use crate::facts::{Anchor, ClassId, FunctionId, Statement, Value, ValueId, path_hash};
use crate::project::{Entity, Type};
use crate::rule::{Endpoint, Site};

/// Methods that run before the one that answers, or fetch for it.
const HOOKS: &[&str] = &[
    "get_queryset",
    "get_object",
    "dispatch",
    "dispatch_request",
    "initial",
    "setup",
    "prepare",
    "test_func",
    "has_permission",
    "check_permissions",
    "check_object_permissions",
    "filter_queryset",
    "get_object_or_404",
    "before_request",
    "get_permission_object",
    "get_base_queryset",
];
/// Methods of theirs that answer, or do what a form asks for.
const FORMS: &[&str] = &["get", "post", "delete", "form_valid"];
/// Views of Django that are about one object.
const DJANGO: &[&str] = &[
    "django.views.generic.detail.SingleObjectMixin",
    "django.views.generic.DetailView",
    "django.views.generic.UpdateView",
    "django.views.generic.DeleteView",
    "django.views.generic.detail.DetailView",
    "django.views.generic.edit.UpdateView",
    "django.views.generic.edit.DeleteView",
];
/// Views of Django REST framework that fetch one object.
const REST: &[&str] = &[
    "rest_framework.generics.GenericAPIView",
    "rest_framework.mixins.RetrieveModelMixin",
    "rest_framework.mixins.UpdateModelMixin",
    "rest_framework.mixins.DestroyModelMixin",
    "rest_framework.generics.RetrieveAPIView",
    "rest_framework.generics.UpdateAPIView",
    "rest_framework.generics.DestroyAPIView",
    "rest_framework.generics.RetrieveUpdateAPIView",
    "rest_framework.generics.RetrieveDestroyAPIView",
    "rest_framework.generics.RetrieveUpdateDestroyAPIView",
    "rest_framework.viewsets.ModelViewSet",
    "rest_framework.viewsets.ReadOnlyModelViewSet",
    "rest_framework.viewsets.GenericViewSet",
];
/// Filters of Django REST framework that ask nobody.
const FILTERS: &[&str] =
    &["DjangoFilterBackend", "SearchFilter", "OrderingFilter", "RestFrameworkFilterBackend"];

/// The classes of the project that a view class is made of.
fn lineage<'p>(endpoint: &Endpoint<'p>, class: ClassId) -> Vec<(Site<'p>, ClassId)> {
    let project = endpoint.project;
    let all = project.ancestors(endpoint.route.handler.file, class);
    all.iter()
        .filter_map(|one| match one {
            Entity::Class(file, class) => Some((Site::new(project, *file)?, *class)),
            _ => None,
        })
        .collect()
}

/// The methods of a class by its own body.
fn methods<'p>(site: Site<'p>, class: ClassId) -> impl Iterator<Item = (FunctionId, &'p str)> {
    let module = site.module;
    let functions =
        module.functions().iter().enumerate().filter(move |(_, facts)| facts.class == Some(class));
    functions.map(|(index, facts)| (FunctionId(index as u32), module.text(facts.name)))
}

/// The methods of a view class that run before the one that answers.
pub(super) fn hooks<'p>(endpoint: &Endpoint<'p>, class: ClassId) -> Vec<(Site<'p>, FunctionId)> {
    let bases = endpoint.project.external_bases(Type::Class(endpoint.route.handler.file, class));
    // Django answers a form in several methods: what one of them asks, the others show.
    let is_form = DJANGO.iter().any(|path| bases.contains(&path_hash(path)));
    let own = |(site, class)| {
        methods(site, class)
            .filter(|(function, name)| {
                let answers =
                    endpoint.function() == Some(*function) && site.file == endpoint.route.handler.file;
                let runs = HOOKS.contains(name) || name.starts_with("perform_");
                (runs || is_form && FORMS.contains(name)) && !answers
            })
            .map(move |(function, _)| (site, function))
            .collect::<Vec<_>>()
    };
    lineage(endpoint, class).into_iter().flat_map(own).collect()
}

/// What the class says of who may get at which object: permission classes and filters that look at the object.
pub(super) fn is_settled(endpoint: &Endpoint<'_>, class: ClassId) -> bool {
    lineage(endpoint, class).into_iter().any(|(site, class)| {
        let bases = site.module.bases(class);
        let mut bases = bases.into_iter().flat_map(|bases| bases.positional().iter());
        let by_base = bases.any(|base| site.last_segment(base).is_some_and(asks_more));
        let by_attribute = attributes(site, class).any(|(name, value)| match name {
            "permission_classes" => any_demands(site, site.module.span(value)) || is_unknown(site, value),
            "filter_backends" => names_in(site, value).iter().any(|name| !FILTERS.contains(name)),
            "permission_required" | "required_scopes" | "permission_policy" | "permission" => true,
            _ => false,
        });
        let by_method = methods(site, class).any(|(function, name)| match name {
            "get_permissions" | "has_object_permission" => {
                let span = site.module.function(function).map(|facts| facts.span).unwrap_or_default();
                name == "has_object_permission" || any_demands(site, span)
            }
            "test_func" | "has_permission" => {
                function_demands(site, function, 2) || mentions_caller(site, function)
            }
            _ => false,
        });
        by_base || by_attribute || by_method
    })
}

/// Whether a list of permission classes has one of which nothing is known.
fn is_unknown(site: Site<'_>, value: ValueId) -> bool {
    const PLAIN: &[&str] =
        &["IsAuthenticated", "AllowAny", "IsAuthenticatedOrReadOnly", "permissions", "rest_framework"];
    site.module.values_within(value).any(|inner| match site.value(inner) {
        Value::Name(name, _) | Value::Attribute(_, name) => {
            let name = site.module.text(name);
            let is_class = matches!(site.resolve(inner).map(|found| found.entity), Some(Entity::Class(..)));
            !PLAIN.contains(&name) && !is_class
        }
        _ => false,
    })
}

fn names_in<'p>(site: Site<'p>, value: ValueId) -> Vec<&'p str> {
    match site.value(value) {
        Value::List(items) | Value::Tuple(items) => {
            items.iter().filter_map(|item| site.last_segment(item)).collect()
        }
        _ => vec!["something else"],
    }
}

/// What is assigned in the body of a class.
fn attributes<'p>(site: Site<'p>, class: ClassId) -> impl Iterator<Item = (&'p str, ValueId)> {
    let module = site.module;
    module.class_body(class).iter().filter_map(move |id| match module.statement(id) {
        Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) => {
            Some((site.last_segment(target)?, value))
        }
        _ => None,
    })
}

/// What a view of the framework fetches by the id in the path, where the class leaves that to it.
pub(super) fn fetch(endpoint: &Endpoint<'_>, class: ClassId) -> Option<Fetch> {
    let route = endpoint.route;
    let kind = Type::Class(route.handler.file, class);
    let bases = endpoint.project.external_bases(kind);
    let is_any = |paths: &[&str]| bases.iter().any(|base| paths.iter().any(|path| path_hash(path) == *base));
    let (is_django, is_rest) = (is_any(DJANGO), is_any(REST));
    let parameter = parameter(&route.path.text)?;
    if !(is_django || is_rest && is_detail(endpoint)) {
        return None;
    }
    if let Some(function) = endpoint.function()
        && !calls_own_object(endpoint, function)
    {
        return None;
    }
    let lineage = lineage(endpoint, class);
    let is_own =
        |(site, class): &(Site<'_>, ClassId)| methods(*site, *class).any(|(_, name)| name == "get_object");
    if lineage.iter().any(is_own) {
        return None;
    }
    let (site, value) = queried(&lineage)?;
    let (model, name) = root(site, value)?;
    Some(Fetch {
        file: site.file,
        span: site.module.span(value),
        anchor: Anchor::Value(value),
        model,
        name,
        parameter,
        is_generic: true,
    })
}

/// What a view class says of the objects that it is about: `queryset = …`, `model = …`, or what `get_queryset` returns.
fn queried<'p>(lineage: &[(Site<'p>, ClassId)]) -> Option<(Site<'p>, ValueId)> {
    let by_attribute = lineage.iter().find_map(|(site, class)| {
        let mut own = attributes(*site, *class);
        own.find(|(name, _)| matches!(*name, "queryset" | "model")).map(|(_, value)| (*site, value))
    });
    by_attribute.or_else(|| {
        lineage.iter().find_map(|(site, class)| {
            let (function, _) = methods(*site, *class).find(|(_, name)| *name == "get_queryset")?;
            let returned = site.project.returned(site.file, function);
            returned.into_iter().next().map(|value| (*site, value))
        })
    })
}

/// The class that a query starts at; `None` where a manager or method of it is about who is calling.
fn root(site: Site<'_>, value: ValueId) -> Option<(Model, String)> {
    let mut open = value;
    for _ in 0..32 {
        if let Some(class) = class_of(site, open) {
            return Some((Model::Class(class), site.last_segment(open)?.to_owned()));
        }
        match site.value(open) {
            Value::Call(callee, _) => open = callee,
            Value::Attribute(object, name) => {
                if is_scoped(site.module.text(name)) {
                    return None;
                }
                open = object;
            }
            _ => return None,
        }
    }
    None
}

/// The last part of a path that is given by the client.
fn parameter(path: &str) -> Option<String> {
    let (_, last) = path.rsplit_once(['<', '{'])?;
    let inside = last.split(['>', '}']).next()?;
    Some(inside.rsplit(':').next().unwrap_or(inside).to_owned())
}

/// Whether a path ends with the id of an object, or the methods are those of one.
fn is_detail(endpoint: &Endpoint<'_>) -> bool {
    let path = endpoint.route.path.text.trim_end_matches(['/', '$', '?']);
    let ends = path.ends_with(['>', '}', ')']);
    let of_object = endpoint.route.methods.names().any(|name| matches!(name, "PUT" | "PATCH" | "DELETE"));
    ends || of_object || endpoint.function().is_some()
}

/// Whether a method gets its object from the framework: `self.get_object()`, `super().get(…)`.
fn calls_own_object(endpoint: &Endpoint<'_>, function: FunctionId) -> bool {
    let Some(site) = endpoint.handler_site() else { return false };
    let mut found = false;
    site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
        let values = site.module.roots(statement).into_iter().flat_map(|root| site.module.values_within(root));
        found = found
            || values.into_iter().any(|value| {
                let Value::Call(callee, _) = site.value(value) else { return false };
                let Value::Attribute(object, name) = site.value(callee) else { return false };
                let by_self = site.last_segment(object) == Some("self") && site.module.text(name) == "get_object";
                let by_super = matches!(site.value(object), Value::Call(inner, _) if site.last_segment(inner) == Some("super"));
                by_self || by_super
            });
    });
    found
}
