//! Flask-AppBuilder and Flask-Admin: view classes whose methods are exposed below the path of their class.

use super::super::collect::{CallSite, Collector, Declared};
use super::super::model::{Evidence, Framework, GroupKey, Handler, Means, Methods, Place, RoutePath};
use super::super::unroll::{Turn, turns};
use super::super::{group, inputs, views};
use crate::facts::{Arguments, ClassId, FunctionId, Value, ValueId};
use crate::project::{Entity, FileId, Site, Type};

pub(super) const BUILDERS: &[&str] = &["flask_appbuilder.AppBuilder"];
const BUILDER_VIEWS: &[&str] = &["flask_appbuilder.BaseView"];
const BUILDER_APIS: &[&str] = &["flask_appbuilder.BaseApi"];
pub(super) const ADMINS: &[&str] = &["flask_admin.Admin"];
const ADMIN_VIEWS: &[&str] = &["flask_admin.BaseView"];
const ADMIN_MODELS: &[&str] = &["flask_admin.model.BaseModelView"];

/// What the classes of the libraries expose: method, path, request methods.
type Own = (&'static str, &'static str, &'static [&'static str]);
const GET: &[&str] = &["GET"];
const POST: &[&str] = &["POST"];
const BOTH: &[&str] = &["GET", "POST"];
const OWN: &[(&str, &[Own])] = &[
    (
        "flask_appbuilder.ModelView",
        &[
            ("list", "/list/", GET),
            ("show", "/show/<pk>", GET),
            ("add", "/add", BOTH),
            ("edit", "/edit/<pk>", BOTH),
            ("delete", "/delete/<pk>", BOTH),
            ("download", "/download/<string:filename>", GET),
            ("action", "/action/<string:name>/<pk>", BOTH),
            ("action_post", "/action_post", POST),
        ],
    ),
    ("flask_appbuilder.MasterDetailView", &[("list", "/list/", GET), ("list", "/list/<pk>", GET)]),
    ("flask_appbuilder.MultipleView", &[("list", "/list/", GET)]),
    (
        "flask_appbuilder.SimpleFormView",
        &[("this_form_get", "/form", GET), ("this_form_post", "/form", POST)],
    ),
    (
        "flask_appbuilder.PublicFormView",
        &[("this_form_get", "/form", GET), ("this_form_post", "/form", POST)],
    ),
    ("flask_appbuilder.IndexView", &[("index", "/", GET)]),
    (
        "flask_appbuilder.ModelRestApi",
        &[
            ("info", "/_info", GET),
            ("get", "/<int:pk>", GET),
            ("get_list", "/", GET),
            ("post", "/", POST),
            ("put", "/<pk>", &["PUT"]),
            ("delete", "/<pk>", &["DELETE"]),
        ],
    ),
    ("flask_admin.AdminIndexView", &[("index", "/", GET)]),
    (
        "flask_admin.model.BaseModelView",
        &[
            ("index_view", "/", GET),
            ("create_view", "/new/", BOTH),
            ("edit_view", "/edit/", BOTH),
            ("details_view", "/details/", GET),
            ("delete_view", "/delete/", POST),
            ("action_view", "/action/", POST),
            ("export", "/export/<export_type>/", GET),
            ("ajax_lookup", "/ajax/lookup/", GET),
            ("ajax_update", "/ajax/update/", POST),
        ],
    ),
];

/// `AppBuilder(app)`, `Admin(app)`: whether a call makes one.
pub(super) fn made(collector: &mut Collector<'_>, call: &CallSite<'_>) -> bool {
    let site = collector.site;
    let Some(class) = call.class else { return false };
    let is_admin = views::inherits(site, class, ADMINS);
    if !is_admin && !views::inherits(site, class, BUILDERS) {
        return false;
    }
    let key = GroupKey::Made(site.file, call.id);
    collector.app(Framework::Flask, key);
    if let Some(parent) = site.argument(call.arguments, 0, "app").and_then(|app| group::of(site, app)) {
        collector.part(parent, key, None);
    }
    let index = if is_admin { "index_view" } else { "indexview" };
    let index = site.keyword(call.arguments, index);
    let place = collector.place(call.id);
    if is_admin {
        let path = index_path(site, call.arguments);
        let view = index.and_then(|index| view_class(site, index));
        let class = view.unwrap_or(Type::External(crate::facts::path_hash("flask_admin.AdminIndexView")));
        expose(collector, site, class, &View { group: Some(key), base: path, place });
    } else if let Some(class) = index.and_then(|index| view_class(site, index)) {
        let base = route_base(site, class).unwrap_or_else(|| RoutePath::exact(""));
        expose(collector, site, class, &View { group: Some(key), base, place });
    }
    true
}

/// `Admin(app, url="/admin")`, or the address of its first page.
fn index_path(site: Site<'_>, arguments: Arguments<'_>) -> RoutePath {
    let url = site.keyword(arguments, "url").or_else(|| {
        let Value::Call(_, arguments) = site.value(site.keyword(arguments, "index_view")?) else {
            return None;
        };
        site.keyword(arguments, "url")
    });
    let given = url.map(|url| super::super::collect::path(site, url));
    given.unwrap_or_else(|| RoutePath::exact("/admin"))
}

/// A view that is registered.
struct View {
    group: Option<GroupKey>,
    base: RoutePath,
    place: Place,
}

/// `appbuilder.add_view(Class, …)`, `admin.add_view(Class(…))`, `admin.add_views(Class(…), …)`.
pub(super) fn add_view(collector: &mut Collector<'_>, call: &CallSite<'_>) {
    let site = collector.site;
    for turn in turns(site, call.id) {
        let count = if call.name == "add_views" { usize::MAX } else { 1 };
        for value in call.arguments.positional().iter().take(count) {
            added(collector, call, value, &turn);
        }
    }
}

fn added(collector: &mut Collector<'_>, call: &CallSite<'_>, value: ValueId, turn: &Turn<'_>) {
    let site = collector.site;
    let Some(receiver) = call.receiver else { return };
    let (owner, value) = turn.value(site, value);
    let Some(class) = view_class(owner, value) else { return };
    let group = turn.group(site, receiver);
    let place = collector.place(call.id);
    let is_a = |names: &[&str]| views::inherits(site, class, names);
    let base = if is_a(BUILDER_VIEWS) || is_a(BUILDER_APIS) {
        route_base(site, class)
    } else if is_a(ADMIN_VIEWS) {
        admin_base(site, receiver, (owner, value), class)
    } else {
        return;
    };
    let base = base.unwrap_or_else(RoutePath::unknown);
    expose(collector, owner, class, &View { group, base, place });
}

/// The class that a view is: it, or an instance of it.
fn view_class(site: Site<'_>, value: ValueId) -> Option<Type> {
    let is_class = matches!(site.value(value), Value::Name(..) | Value::Attribute(..));
    let class = site.class_of(value).filter(|_| is_class);
    let is_view = |class: &Type| {
        [BUILDER_VIEWS, BUILDER_APIS, ADMIN_VIEWS].iter().any(|names| views::inherits(site, *class, names))
    };
    class.filter(is_view).or_else(|| site.type_of(value).filter(is_view))
}

fn class_name(site: Site<'_>, class: Type) -> Option<String> {
    let Type::Class(file, class) = class else { return None };
    let module = site.project.module(file)?;
    Some(module.text(module.class(class)?.name).to_lowercase())
}

/// Where the methods of a class of Flask-AppBuilder stand.
fn route_base(site: Site<'_>, class: Type) -> Option<RoutePath> {
    let set = |name| {
        let (owner, value) = views::attribute(site, class, name)?;
        let is_none = matches!(owner.value(value), Value::None);
        (!is_none).then(|| super::super::collect::path(owner, value))
    };
    if let Some(base) = set("route_base") {
        return Some(base);
    }
    let name = class_name(site, class)?;
    if !views::inherits(site, class, BUILDER_APIS) {
        return Some(RoutePath::exact(format!("/{name}")));
    }
    let version = set("version").unwrap_or_else(|| RoutePath::exact("v1"));
    let resource = set("resource_name").map_or(name, |path| path.text.to_lowercase());
    Some(RoutePath { text: format!("/api/{}/{resource}", version.text), is_exact: version.is_exact })
}

/// Where the methods of a view of Flask-Admin stand: by its address or endpoint, else by its name or its model's.
fn admin_base(
    site: Site<'_>,
    receiver: ValueId,
    (owner, value): (Site<'_>, ValueId),
    class: Type,
) -> Option<RoutePath> {
    let arguments = made_with(owner, value);
    let given = |name: &str| {
        let (owner, arguments) = arguments?;
        Some(super::super::collect::path(owner, owner.keyword(arguments, name)?))
    };
    let admin = admin_url(site, receiver);
    let below = |text: &str| format!("{}/{text}", admin.text.trim_end_matches('/'));
    if let Some(url) = given("url") {
        let text = if url.text.starts_with('/') { url.text } else { below(&url.text) };
        return Some(RoutePath { text, ..url });
    }
    let endpoint = given("endpoint").map(|path| path.text).or_else(|| {
        let model = || {
            let (owner, arguments) = arguments?;
            Some(owner.last_segment(owner.positional(arguments, 0)?)?.to_lowercase())
        };
        if views::inherits(site, class, ADMIN_MODELS) { model() } else { class_name(site, class) }
    })?;
    Some(RoutePath { text: below(&endpoint), ..admin })
}

/// The arguments that an instance is made with.
fn made_with(site: Site<'_>, value: ValueId) -> Option<(Site<'_>, Arguments<'_>)> {
    match site.value(value) {
        Value::Call(_, arguments) => Some((site, arguments)),
        _ => match site.resolve(value)?.entity {
            Entity::Variable(file, binding) => {
                let owner = Site::new(site.project, file)?;
                let assigned = owner.module.definitions(binding).iter().find_map(|one| one.value())?;
                match owner.value(assigned) {
                    Value::Call(_, arguments) => Some((owner, arguments)),
                    _ => None,
                }
            }
            _ => None,
        },
    }
}

fn admin_url(site: Site<'_>, receiver: ValueId) -> RoutePath {
    let made = match group::of(site, receiver) {
        Some(GroupKey::Made(file, value)) => Site::new(site.project, file).map(|owner| (owner, value)),
        _ => None,
    };
    let call = made.and_then(|(owner, value)| Some((owner, super::super::collect::call(owner, value)?)));
    call.map_or_else(|| RoutePath::exact("/admin"), |(owner, call)| index_path(owner, call.arguments))
}

/// Declares the methods that a view exposes.
fn expose(collector: &mut Collector<'_>, site: Site<'_>, class: Type, view: &View) {
    let around: Vec<Evidence> = accessible(site, class).into_iter().collect();
    let mut named: Vec<String> = Vec::new();
    let wanted = wanted(site, class);
    for (file, function, decorator) in exposed(site, class) {
        let Some(owner) = Site::new(site.project, file) else { continue };
        let Some(facts) = owner.module.function(function) else { continue };
        let name = owner.module.text(facts.name);
        named.push(name.to_owned());
        if !wanted.allows(name) {
            continue;
        }
        let arguments = match owner.value(decorator) {
            Value::Call(_, arguments) => Some(arguments),
            _ => None,
        };
        let given = |position, name| arguments.and_then(|given| owner.argument(given, position, name));
        let path = given(0, "url").map(|value| super::super::collect::path(owner, value));
        let methods = given(1, "methods").and_then(|value| super::super::collect::methods(owner, value));
        let handler = Handler { file, function: Some(function), class: facts.class };
        let evidence = [views::decorators_of(site, handler), around.clone()].concat();
        let route = Exposed {
            path: path.unwrap_or_else(|| RoutePath::exact("/")),
            methods: methods.unwrap_or(Methods::GET),
            handler,
            evidence,
        };
        declare(collector, view, route);
    }
    inherited(collector, site, class, view, (&named, &wanted));
}

/// Declares what the classes of the library expose, as far as the project's leave it alone.
fn inherited(
    collector: &mut Collector<'_>,
    site: Site<'_>,
    class: Type,
    view: &View,
    (named, wanted): (&[String], &Wanted),
) {
    let handler = match class {
        Type::Class(file, class) => Handler { file, function: None, class: Some(class) },
        Type::External(_) => Handler { file: view.place.file, function: None, class: None },
    };
    let evidence: Vec<Evidence> = accessible(site, class).into_iter().collect();
    let Some((base, own)) = OWN.iter().find(|(base, _)| views::inherits(site, class, &[base])) else {
        return;
    };
    let library = site.project.models().protects(crate::facts::path_hash(base)).then(|| Evidence {
        means: Means::Mixin,
        name: base.rsplit('.').next().unwrap_or(base).to_owned(),
        place: view.place,
        opens: false,
    });
    for (name, path, methods) in own.iter().filter(|(name, ..)| !named.iter().any(|own| own == name)) {
        if wanted.allows(name) {
            let methods = methods.iter().fold(Methods::default(), |all, name| all.and(Methods::of(name)));
            let evidence = evidence.iter().cloned().chain(library.clone()).collect();
            declare(collector, view, Exposed { path: RoutePath::exact(*path), methods, handler, evidence });
        }
    }
}

/// A method that is exposed.
struct Exposed {
    path: RoutePath,
    methods: Methods,
    handler: Handler,
    evidence: Vec<Evidence>,
}

fn declare(collector: &mut Collector<'_>, view: &View, exposed: Exposed) {
    let site = collector.site;
    let Exposed { path, methods, handler, evidence } = exposed;
    let (base, below) = (view.base.text.trim_end_matches('/'), path.text.trim_start_matches('/'));
    let path = RoutePath { text: format!("{base}/{below}"), is_exact: view.base.is_exact && path.is_exact };
    collector.found.routes.push(Declared {
        framework: Framework::Flask,
        group: view.group,
        methods,
        inputs: inputs::named(site, handler, &inputs::angle_parts(&path.text, false)),
        path,
        handler,
        place: view.place,
        evidence,
    });
}

/// The exposed methods of a class and its bases in the project, each name once, with the decorator that does it.
fn exposed(site: Site<'_>, class: Type) -> Vec<(FileId, FunctionId, ValueId)> {
    let Type::Class(file, class) = class else { return Vec::new() };
    let (mut found, mut seen): (Vec<(FileId, FunctionId, ValueId)>, Vec<String>) = (Vec::new(), Vec::new());
    for &ancestor in site.project.ancestors(file, class).iter() {
        let Entity::Class(file, class) = ancestor else { continue };
        let Some(owner) = Site::new(site.project, file) else { continue };
        let mut names = Vec::new();
        for (function, name) in own_methods(owner, class) {
            names.push(name.to_owned());
            if seen.iter().any(|known| known == name) {
                continue;
            }
            let decorators = owner.module.decorators(function).iter();
            let exposing = decorators.filter(|decorator| is_expose(owner, *decorator));
            found.extend(exposing.map(|decorator| (file, function, decorator)));
        }
        seen.extend(names);
    }
    found
}

fn own_methods(site: Site<'_>, class: ClassId) -> impl Iterator<Item = (FunctionId, &str)> {
    let functions = site.module.functions().iter().enumerate();
    functions
        .filter(move |(_, facts)| facts.class == Some(class))
        .map(move |(index, facts)| (FunctionId(index as u32), site.module.text(facts.name)))
}

fn is_expose(site: Site<'_>, decorator: ValueId) -> bool {
    let Value::Call(callee, _) = site.value(decorator) else { return false };
    site.last_segment(callee) == Some("expose")
}

/// `is_accessible` of Flask-Admin: asked before each method.
fn accessible(site: Site<'_>, class: Type) -> Option<Evidence> {
    if !views::inherits(site, class, ADMIN_VIEWS) {
        return None;
    }
    let handler = views::method(site, class, "is_accessible")?;
    let owner = Site::new(site.project, handler.file)?;
    let function = handler.function?;
    let returned = site.project.returned(handler.file, function);
    let always = returned.iter().all(|value| matches!(owner.value(*value), Value::Bool(true)));
    let span = owner.module.function(function)?.name_span;
    let place = Place { file: handler.file, span };
    let evidence = Evidence { means: Means::Check, name: "is_accessible".to_owned(), place, opens: false };
    (!always).then_some(evidence)
}

/// Which methods are registered: those of `include_route_methods`, if it is set, without `exclude_route_methods`.
#[derive(Default)]
struct Wanted {
    only: Option<Vec<String>>,
    without: Vec<String>,
}

impl Wanted {
    fn allows(&self, name: &str) -> bool {
        let has = |list: &[String]| list.iter().any(|one| one == name);
        self.only.as_ref().is_none_or(|only| has(only)) && !has(&self.without)
    }
}

fn wanted(site: Site<'_>, class: Type) -> Wanted {
    let names = |name: &str| -> Option<Vec<String>> {
        let (owner, value) = views::attribute(site, class, name)?;
        let (Value::Set(items) | Value::List(items) | Value::Tuple(items)) = owner.value(value) else {
            return None;
        };
        let name = |item| {
            let constant = owner.constant(item).and_then(|constant| constant.as_str().map(str::to_owned));
            constant.or_else(|| owner.last_segment(item).map(str::to_lowercase))
        };
        items.iter().map(name).collect()
    };
    Wanted {
        only: names("include_route_methods"),
        without: names("exclude_route_methods").unwrap_or_default(),
    }
}
