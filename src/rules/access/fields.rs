//! Serializers and forms that take every field of a model.

use crate::facts::{Anchor, Block, ClassId, Module, Statement, Value, ValueId, hash_text};
use crate::project::{Entity, FileId, Project, Type, words};
use crate::rule::{Endpoint, Fact, FactNode, Hit, Site};

/// Fields that say what somebody may do, or own.
const PRIVILEGED: &[&str] = &[
    "is_staff",
    "is_superuser",
    "is_admin",
    "superuser",
    "user_permissions",
    "balance",
    "credit",
    "credits",
    "owner",
];
/// Those that do so of users.
const OF_USERS: &[&str] = &["role", "roles", "groups", "permissions", "admin", "is_verified", "is_approved"];
/// Words of the names of models that are users.
const USER_WORDS: &[&str] =
    &["user", "account", "member", "membership", "profile", "employee", "customer", "person", "staff"];
/// Bases of models of users, which have some of them.
const USERS: &[&str] = &["AbstractUser", "AbstractBaseUser", "PermissionsMixin"];
/// What views call the class that takes what a client sends.
const TAKERS: &[&str] = &["serializer_class", "form_class"];

/// `fields = "__all__"` or `exclude = …` in the `Meta` of a serializer or form of a model.
pub(super) fn every_field(fact: &Fact<'_>) -> Option<Hit> {
    let FactNode::Statement(_, Statement::Assign(target, value)) = fact.node else { return None };
    let site = fact.site;
    let Value::Name(name, _) = site.value(target) else { return None };
    let name = site.module.text(name);
    let meta = site.module.class_at(site.module.span(target).start)?;
    let outer = site.module.class(meta)?.parent?;
    let kind =
        (site.module.text(site.module.class(meta)?.name) == "Meta").then(|| taker(site, outer)).flatten()?;
    let is_said = match name {
        "fields" => is_all(site, value),
        "exclude" => kind == "form",
        _ => false,
    };
    let says = match name {
        "exclude" => "this form takes every field of its model but a few",
        _ if kind == "form" => "this form takes every field of its model",
        _ => "this serializer takes every field of its model",
    };
    (is_said && !site.is_test()).then(|| Hit::here().says(says))
}

fn is_all(site: Site<'_>, value: ValueId) -> bool {
    matches!(site.value(value), Value::Str(text) if site.module.text(text) == "__all__")
        || site.is_any(value, &["rest_framework.serializers.ALL_FIELDS", "django.forms.models.ALL_FIELDS"])
}

/// What a class is that takes the fields of a model, by its bases.
fn taker(site: Site<'_>, class: ClassId) -> Option<&'static str> {
    let project = site.project;
    project.ancestors(site.file, class).iter().copied().find_map(|ancestor| {
        let Entity::Class(file, class) = ancestor else { return None };
        let site = Site::new(project, file)?;
        let mut names =
            site.module.bases(class)?.positional().iter().filter_map(|base| site.last_segment(base));
        names.find_map(|name| match name {
            _ if name.ends_with("ModelForm") => Some("form"),
            _ if name.ends_with("ModelSerializer") => Some("serializer"),
            _ => None,
        })
    })
}

/// A view that changes objects by such a serializer or form, where the model has fields that are not the client's to
/// set. Silent for views that only administrators reach.
pub(super) fn used_by_view(endpoint: &Endpoint<'_>) -> Option<(FileId, Hit)> {
    let route = endpoint.route;
    let is_admin = |name: &str| {
        let words = words(name);
        ["admin", "staff", "superuser"].iter().any(|word| words.iter().any(|one| one == word))
    };
    if !route.methods.change_state() || route.evidence.iter().any(|one| !one.opens && is_admin(&one.name)) {
        return None;
    }
    let view = (route.handler.file, route.handler.class?);
    let (site, taker) = TAKERS.iter().find_map(|name| class_value(endpoint.project, view, name))?;
    let meta = meta(site, taker)?;
    let fields =
        assigned(site.module, site.module.class_body(meta), "fields").filter(|value| is_all(site, *value))?;
    let model = assigned(site.module, site.module.class_body(meta), "model")?;
    let Entity::Class(file, class) = site.resolve(model)?.entity else { return None };
    let field = privileged(endpoint.project, file, class)?;
    let span = site.module.class(taker)?.span;
    // `read_only_fields = ["role"]`, `role = serializers.CharField(read_only=True)`, `serializer.save(owner=…)`
    let mentions = site.words_in(span);
    let own = endpoint.project.module(view.0).and_then(|module| module.class(view.1)).map(|one| one.span);
    let is_set = own
        .zip(Site::new(endpoint.project, view.0))
        .is_some_and(|(span, site)| names_keyword(site, span, field));
    if site.is_test() || is_set || mentions.has_any(&["read", "readonly"]) {
        return None;
    }
    let says = format!("{} takes every field of its model, `{field}` too", super::place::shown(route));
    Some((site.file, Hit::at(site.module.span(fields)).anchor(Anchor::Value(fields)).says(says)))
}

/// The class that an attribute of a view names.
fn class_value<'p>(
    project: &'p Project,
    (file, class): (FileId, ClassId),
    name: &str,
) -> Option<(Site<'p>, ClassId)> {
    project.ancestors(file, class).iter().copied().find_map(|ancestor| {
        let Entity::Class(file, class) = ancestor else { return None };
        let site = Site::new(project, file)?;
        let value = assigned(site.module, site.module.class_body(class), name)?;
        match site.class_of(value)? {
            Type::Class(file, class) => Some((Site::new(project, file)?, class)),
            Type::External(_) => None,
        }
    })
}

fn meta(site: Site<'_>, class: ClassId) -> Option<ClassId> {
    site.module.class_body(class).iter().find_map(|id| match site.module.statement(id) {
        Statement::Class(inner) if site.module.text(site.module.class(inner)?.name) == "Meta" => Some(inner),
        _ => None,
    })
}

/// What a name is set to in the body of a class.
fn assigned(module: &Module, body: Block<'_>, wanted: &str) -> Option<ValueId> {
    body.iter().find_map(|id| match module.statement(id) {
        Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value)) => {
            matches!(module.value(target), Value::Name(name, _) if module.text(name) == wanted)
                .then_some(value)
        }
        _ => None,
    })
}

/// A field of a model, or of what it inherits from, that is not the client's to set.
fn privileged(project: &Project, file: FileId, class: ClassId) -> Option<&'static str> {
    project.ancestors(file, class).iter().copied().find_map(|ancestor| {
        let Entity::Class(file, class) = ancestor else { return None };
        let site = Site::new(project, file)?;
        let scope = site.module.class(class)?.scope;
        let named = words(site.module.text(site.module.class(class)?.name));
        let is_user = named.iter().any(|word| USER_WORDS.contains(&word.as_str()));
        let mut fields = PRIVILEGED.iter().chain(OF_USERS.iter().filter(|_| is_user)).copied();
        let own = fields.find(|name| site.module.lookup(scope, hash_text(name)).is_some());
        let mut bases =
            site.module.bases(class)?.positional().iter().filter_map(|base| site.last_segment(base));
        own.or_else(|| bases.any(|base| USERS.contains(&base)).then_some("is_superuser"))
    })
}

/// Whether a view sets a field itself: `serializer.save(owner=self.request.user)`.
fn names_keyword(site: Site<'_>, span: crate::facts::Span, field: &str) -> bool {
    site.module.calls().filter(|call| span.covers(site.module.span(*call))).any(|call| {
        match site.value(call) {
            Value::Call(callee, arguments) => {
                site.last_segment(callee) == Some("save") && site.keyword(arguments, field).is_some()
            }
            _ => false,
        }
    })
}
