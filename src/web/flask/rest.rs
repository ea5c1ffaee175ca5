//! Flask-RESTful, Flask-RESTX, flask-smorest: APIs, namespaces, resources.

use super::super::collect::{CallSite, Collector};
use super::super::model::{GroupKey, Handler};
use super::super::unroll::turns;
use super::super::{group, views};
use super::register::{Registered, register};
use super::{APIS, APPS, BLUEPRINTS, NAMESPACES, is_group};
use crate::facts::{ClassId, Value, ValueId};
use crate::project::{Site, Type};

const VIEWS: &[&str] = &[
    "flask.views.View",
    "flask.views.MethodView",
    "flask_restful.Resource",
    "flask_restx.Resource",
    "flask_restplus.Resource",
    "quart.views.View",
    "quart.views.MethodView",
];

/// `api.namespace("name")`.
pub(super) fn is_namespace_of(site: Site<'_>, call: &CallSite<'_>) -> bool {
    call.name == "namespace" && call.receiver.is_some_and(|receiver| site.is_instance(receiver, APIS))
}

/// `Api(app)`, `api.namespace("name")`: what is made is part of something at once.
pub(super) fn of_app(collector: &mut Collector<'_>, call: &CallSite<'_>) {
    let site = collector.site;
    let parent = if is_namespace_of(site, call) {
        call.receiver
    } else {
        let is_api = call.class.is_some_and(|class| views::inherits(site, class, APIS));
        is_api.then(|| site.argument(call.arguments, 0, "app")).flatten()
    };
    let Some(parent) = parent.and_then(|parent| group::of(site, parent)) else { return };
    collector.part(parent, GroupKey::Made(site.file, call.id), None);
}

/// `api.init_app(app)`: what is registered on the API is registered on the application.
pub(super) fn init_app(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if !site.is_instance(receiver, APIS) {
        return;
    }
    let Some(app) = site.argument(call.arguments, 0, "app") else { return };
    if let (Some(parent), Some(child)) = (group::of(site, app), group::of(site, receiver)) {
        collector.part(parent, child, None);
    }
}

/// `api.add_resource(Class, "/path", …)`.
pub(super) fn add_resource(collector: &mut Collector<'_>, call: &CallSite<'_>, receiver: ValueId) {
    let site = collector.site;
    if !site.is_instance(receiver, APIS) && !site.is_instance(receiver, NAMESPACES) {
        return;
    }
    for turn in turns(site, call.id) {
        let mut given = call.arguments.positional().iter();
        let Some(class) = given.next() else { return };
        let (owner, class) = turn.value(site, class);
        let handler = super::super::collect::handler_of(owner, class);
        for path in given {
            let (path_owner, path) = turn.value(site, path);
            let registered = Registered {
                group: turn.group(site, receiver),
                path: super::super::collect::path(path_owner, path),
                methods: None,
                handler,
                place: collector.place(call.id),
                evidence: Vec::new(),
            };
            register(collector, registered);
        }
    }
}

/// `@api.route("/path")` on a class.
pub(super) fn resource(collector: &mut Collector<'_>, class: ClassId) {
    let site = collector.site;
    for decorator in site.module.class_decorators(class).iter() {
        let Value::Call(callee, arguments) = site.value(decorator) else { continue };
        let Value::Attribute(receiver, name) = site.value(callee) else { continue };
        if site.module.text(name) != "route" || !is_group(site, receiver) {
            continue;
        }
        let is_namespace = !site.is_instance(receiver, APPS) && !site.is_instance(receiver, BLUEPRINTS);
        let is_view = is_namespace || views::inherits(site, Type::Class(site.file, class), VIEWS);
        for path in arguments.positional().iter().filter(|_| is_view) {
            let registered = Registered {
                group: group::of(site, receiver),
                path: collector.path(path),
                methods: None,
                handler: Handler { file: site.file, function: None, class: Some(class) },
                place: collector.place(decorator),
                evidence: Vec::new(),
            };
            register(collector, registered);
        }
    }
}
