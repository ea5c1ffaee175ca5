//! Flask, Quart: applications, blueprints, views as functions and classes, resources of REST extensions.

use super::collect::{CallSite, Collector, Declared, Group, Mount, decorators};
use super::model::{Evidence, Framework, GroupKey, Handler, Input, Means, Methods, Place, RoutePath, Source};
use super::{access, group};
use crate::facts::{ClassId, DefinitionKind, FunctionId, Value, ValueId, hash_text};
use crate::project::{Entity, Site, Type};

const APPS: &[&str] = &["flask.Flask", "quart.Quart", "flask_openapi3.OpenAPI", "connexion.FlaskApp"];
const BLUEPRINTS: &[&str] =
    &["flask.Blueprint", "quart.Blueprint", "flask_smorest.Blueprint", "apiflask.APIBlueprint"];
const APIS: &[&str] = &["flask_restful.Api", "flask_restx.Api", "flask_restplus.Api"];
const NAMESPACES: &[&str] =
    &["flask_restx.Namespace", "flask_restx.namespace.Namespace", "flask_restplus.Namespace"];
const VIEWS: &[&str] = &[
    "flask.views.View",
    "flask.views.MethodView",
    "flask_restful.Resource",
    "flask_restx.Resource",
    "flask_restx.resource.Resource",
    "flask_restplus.Resource",
    "quart.views.View",
    "quart.views.MethodView",
];
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Finds what a file has of Flask.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    for call in collector.calls() {
        if let Some(made) = made(site, &call) {
            collector.found.groups.push(made);
            continue;
        }
        let Some(receiver) = call.receiver else { continue };
        match call.name {
            "register_blueprint" => mount(collector, &call, receiver, "blueprint", "url_prefix"),
            "add_namespace" => mount(collector, &call, receiver, "ns", "path"),
            "init_app" => init_app(collector, &call, receiver),
            "add_url_rule" => add_url_rule(collector, &call, receiver),
            "add_resource" => add_resource(collector, &call, receiver),
            "before_request" | "before_app_request" => guard_call(collector, &call, receiver),
            _ => {}
        }
    }
    for (function, decorator) in collector.decorated() {
        decorated(collector, function, decorator);
    }
    for class in collector.classes() {
        resource(collector, class);
    }
}

/// What kind of group an expression is, as far as routes are declared on it.
fn is_group(site: Site<'_>, value: ValueId) -> bool {
    [APPS, BLUEPRINTS, APIS, NAMESPACES].iter().any(|classes| site.is_instance(value, classes))
}

/// An application, blueprint, API or namespace that a call makes.
fn made(site: Site<'_>, call: &CallSite<'_>) -> Option<Group> {
    if !call.name.starts_with(char::is_uppercase) {
        return None;
    }
    let classes = [APPS, BLUEPRINTS, APIS, NAMESPACES];
    let is_maker = |classes: &[&str]| {
        site.is_any(call.callee, classes)
            || site.class_of(call.callee).is_some_and(|class| inherits(site, class, classes))
    };
    let kind = classes.iter().position(|classes| is_maker(classes))?;
    let keyword = |name| site.keyword(call.arguments, name).map(|value| super::collect::path(site, value));
    let prefix = match kind {
        1 => keyword("url_prefix"),
        2 => keyword("prefix"),
        3 => keyword("path").or_else(|| {
            // A namespace without a path stands below its name.
            let name = site.argument(call.arguments, 0, "name")?;
            let name = super::collect::path(site, name);
            Some(RoutePath { text: format!("/{}", name.text), ..name })
        }),
        _ => None,
    };
    let decorators = site.keyword(call.arguments, "decorators").and_then(|value| site.elements(value));
    let evidence = decorators.into_iter().flatten();
    Some(Group {
        key: GroupKey::Made(site.file, call.id),
        framework: Framework::Flask,
        is_app: kind == 0,
        prefix: prefix.unwrap_or_else(|| RoutePath::exact("")),
        evidence: evidence.filter_map(|value| access::of(site, value, Means::Router)).collect(),
    })
}

fn inherits(site: Site<'_>, class: Type, classes: &[&str]) -> bool {
    let bases = site.project.external_bases(class);
    bases.iter().any(|base| classes.iter().any(|path| crate::facts::path_hash(path) == *base))
}

fn mount(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId, child: &str, prefix: &str) {
    let site = collector.site;
    if !is_group(site, receiver) && !names_app(site, receiver) {
        return;
    }
    let Some(child) = site.argument(call.arguments, 0, child) else { return };
    let (Some(parent), Some(child)) = (group::of(site, receiver), group::of(site, child)) else { return };
    let given = site.keyword(call.arguments, prefix);
    let given = given.filter(|value| !matches!(site.value(*value), Value::None));
    let prefix = given.map(|value| collector.path(value));
    collector.found.mounts.push(Mount { parent, child, prefix, keeps_own: false, evidence: Vec::new() });
}

/// `api = Api(app)`, `api.init_app(app)`: what is registered on the API is registered on the application.
fn init_app(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if !site.is_instance(receiver, APIS) {
        return;
    }
    let Some(app) = site.argument(call.arguments, 0, "app") else { return };
    if let (Some(parent), Some(child)) = (group::of(site, app), group::of(site, receiver)) {
        collector.found.mounts.push(Mount {
            parent,
            child,
            prefix: None,
            keeps_own: true,
            evidence: Vec::new(),
        });
    }
}

/// Whether a name is what people call an application whose making is not in sight.
fn names_app(site: Site<'_>, value: ValueId) -> bool {
    site.type_of(value).is_none()
        && site
            .last_segment(value)
            .is_some_and(|name| matches!(name, "app" | "application" | "flask_app" | "server"))
}

fn add_url_rule(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if !is_group(site, receiver) && !names_app(site, receiver) {
        return;
    }
    let Some(rule) = site.argument(call.arguments, 0, "rule") else { return };
    let Some(view) = site.argument(call.arguments, 2, "view_func") else { return };
    let handler = collector.handler_of(view);
    let given = site.keyword(call.arguments, "methods").and_then(|value| collector.methods(value));
    let evidence = super::collect::wrappers(site, view);
    let (path, place) = (collector.path(rule), collector.place(call.id));
    register(collector, Registered { receiver, path, methods: given, handler, place, evidence });
}

/// `@app.route(…)`, `@bp.get(…)`, `@bp.before_request`.
fn decorated(collector: &mut Collector<'_>, function: FunctionId, decorator: ValueId) {
    let site = collector.site;
    let (callee, arguments) = match site.value(decorator) {
        Value::Call(callee, arguments) => (callee, Some(arguments)),
        _ => (decorator, None),
    };
    let Value::Attribute(receiver, name) = site.value(callee) else { return };
    let name = site.module.text(name);
    let is_hook = matches!(name, "before_request" | "before_app_request");
    let is_method = METHODS.contains(&name);
    if !is_hook && !is_method && name != "route" {
        return;
    }
    if !is_group(site, receiver) && !(names_app(site, receiver) && (is_hook || name == "route")) {
        return;
    }
    if is_hook {
        return guard(collector, receiver, name, function, collector.place(decorator));
    }
    let Some(rule) = arguments.and_then(|arguments| site.argument(arguments, 0, "rule")) else { return };
    let given = match name {
        "route" => arguments
            .and_then(|arguments| site.keyword(arguments, "methods"))
            .and_then(|value| collector.methods(value)),
        method => Some(Methods::of(method)),
    };
    let (handler, evidence) = (collector.handler(function), collector.decorators_below(function, decorator));
    let (path, place) = (collector.path(rule), collector.place(decorator));
    register(collector, Registered { receiver, path, methods: given, handler, place, evidence });
}

/// A view that is registered for a path.
struct Registered {
    receiver: ValueId,
    path: RoutePath,
    /// Where they are given.
    methods: Option<Methods>,
    handler: Handler,
    place: Place,
    evidence: Vec<Evidence>,
}

/// Declares a route; a class has one for each of its methods.
fn register(collector: &mut Collector<'_>, registered: Registered) {
    let Registered { receiver, path, methods, handler, place, evidence } = registered;
    let site = collector.site;
    let group = group::of(site, receiver);
    let mut declare = |methods: Methods, handler: Handler, evidence: Vec<Evidence>| {
        let inputs = inputs(site, handler, &path);
        collector.found.routes.push(Declared {
            framework: Framework::Flask,
            group,
            methods,
            path: path.clone(),
            handler,
            place,
            inputs,
            evidence,
        });
    };
    let (Some(class), None) = (handler.class, handler.function) else {
        return declare(methods.unwrap_or(Methods::GET), handler, evidence);
    };
    let class = Type::Class(handler.file, class);
    let outer = [evidence, class_evidence(site, class)].concat();
    for (method, name) in METHODS.iter().map(|name| (Methods::of(name), *name)) {
        let Some(Entity::Function(file, function)) = site.project.method(class, hash_text(name)) else {
            continue;
        };
        let Some(owner) = Site::new(site.project, file) else { continue };
        let handler = Handler { file, function: Some(function), class: handler.class };
        declare(method, handler, [decorators(owner, function), outer.clone()].concat());
    }
    if let Some(Entity::Function(file, function)) = site.project.method(class, hash_text("dispatch_request"))
    {
        let handler = Handler { file, function: Some(function), class: handler.class };
        let given = methods.or_else(|| class_methods(site, class)).unwrap_or(Methods::GET);
        declare(given, handler, outer);
    }
}

/// `methods = ["GET", "POST"]` of a view class.
fn class_methods(site: Site<'_>, class: Type) -> Option<Methods> {
    let (owner, value) = class_attribute(site, class, "methods")?;
    super::collect::methods(owner, value)
}

/// `decorators = […]` and `method_decorators = […]` of a view class: all its methods are behind them.
fn class_evidence(site: Site<'_>, class: Type) -> Vec<Evidence> {
    let named = ["decorators", "method_decorators"].into_iter();
    named
        .filter_map(|name| class_attribute(site, class, name))
        .flat_map(|(owner, value)| {
            let values = owner.elements(value).unwrap_or_default();
            values.into_iter().filter_map(move |value| access::of(owner, value, Means::Attribute))
        })
        .collect()
}

/// What is assigned to an attribute in the body of a class, or of a base of it.
fn class_attribute<'p>(site: Site<'p>, class: Type, name: &str) -> Option<(Site<'p>, ValueId)> {
    let Entity::Variable(file, binding) = site.project.method(class, hash_text(name))? else { return None };
    let owner = Site::new(site.project, file)?;
    let assigned =
        owner.module.definitions(binding).iter().find(|one| one.kind == DefinitionKind::Assigned)?;
    Some((owner, assigned.value()?))
}

/// `api.add_resource(Class, "/path", …)`.
fn add_resource(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if !site.is_instance(receiver, APIS) && !site.is_instance(receiver, NAMESPACES) {
        return;
    }
    let mut given = call.arguments.positional().iter();
    let Some(class) = given.next() else { return };
    let handler = collector.handler_of(class);
    for path in given {
        let (path, place) = (collector.path(path), collector.place(call.id));
        let evidence = Vec::new();
        register(collector, Registered { receiver, path, methods: None, handler, place, evidence });
    }
}

/// `@api.route("/path")` on a class.
fn resource(collector: &mut Collector<'_>, class: ClassId) {
    let site = collector.site;
    for decorator in site.module.class_decorators(class).iter() {
        let Value::Call(callee, arguments) = site.value(decorator) else { continue };
        let Value::Attribute(receiver, name) = site.value(callee) else { continue };
        if site.module.text(name) != "route" || !is_group(site, receiver) {
            continue;
        }
        let is_view = inherits(site, Type::Class(site.file, class), VIEWS);
        let handler = Handler { file: site.file, function: None, class: Some(class) };
        for path in arguments.positional().iter().filter(|_| is_view) {
            let (path, place) = (collector.path(path), collector.place(decorator));
            let evidence = Vec::new();
            register(collector, Registered { receiver, path, methods: None, handler, place, evidence });
        }
    }
}

/// `app.before_request(function)`.
fn guard_call(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    let Some(hook) = call.arguments.positional().get(0) else { return };
    let handler = collector.handler_of(hook);
    if let Some(function) = handler.function.filter(|_| is_group(site, receiver)) {
        let place = collector.place(call.id);
        guard_function(collector, receiver, call.name, (handler.file, function), place);
    }
}

fn guard(collector: &mut Collector<'_>, receiver: ValueId, name: &str, function: FunctionId, place: Place) {
    let file = collector.site.file;
    guard_function(collector, receiver, name, (file, function), place);
}

/// A function that runs before each request of a group protects it, if it refuses callers.
fn guard_function(
    collector: &mut Collector<'_>,
    receiver: ValueId,
    hook: &str,
    (file, function): (crate::project::FileId, FunctionId),
    place: Place,
) {
    let site = collector.site;
    let Some(key) = group::of(site, receiver) else { return };
    let Some(owner) = Site::new(site.project, file) else { return };
    let has_evidence = access::refuses(site.project, file, function, 2)
        || decorators(owner, function).iter().any(|evidence| !evidence.opens);
    if !has_evidence {
        return;
    }
    let name = owner.module.function(function).map_or("", |facts| owner.module.text(facts.name)).to_owned();
    let is_app = hook == "before_app_request" || site.is_instance(receiver, APPS);
    let means = if is_app { Means::Application } else { Means::Router };
    collector.found.guards.push((key, Evidence { means, name, place, opens: false }));
}

/// `<int:id>` of the path, by the names of the parameters.
fn inputs(site: Site<'_>, handler: Handler, path: &RoutePath) -> Vec<Input> {
    let Some(function) = handler.function else { return Vec::new() };
    let Some(owner) = Site::new(site.project, handler.file) else { return Vec::new() };
    let parameters = owner.module.parameters(function);
    let parts: Vec<(&str, &str)> = path
        .text
        .split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .map(|(inside, _)| inside.rsplit_once(':').unwrap_or(("", inside)))
        .collect();
    let input = |(index, name): (usize, &str)| {
        let (converter, _) = parts.iter().find(|(_, known)| *known == name)?;
        let is_number = ["int", "float", "uuid"].iter().any(|number| converter.starts_with(number));
        Some(Input { parameter: index as u32, source: Source::Path, is_number })
    };
    let names = parameters.iter().map(|parameter| owner.module.text(parameter.name)).enumerate();
    names.filter_map(input).collect()
}
