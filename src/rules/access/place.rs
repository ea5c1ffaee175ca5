//! Where a finding about a route stands, and how the route is called.

use crate::facts::{Anchor, ClassId, Span, Value};
use crate::project::{Entity, FileId};
use crate::rule::{Endpoint, Hit, Site};
use crate::web::{Framework, Route};

/// A hit on what answers at a route: the name of the function or view class, or else where it is registered.
pub(super) fn hit(endpoint: &Endpoint<'_>) -> (FileId, Hit) {
    let registered = endpoint.route.place;
    let (file, span) = of_handler(endpoint).unwrap_or((registered.file, registered.span));
    let hit = Hit::at(span).anchor(Anchor::Text);
    let hit = if file == registered.file {
        hit
    } else {
        hit.beside(registered.file, registered.span, format!("{} is declared here", shown(endpoint.route)))
    };
    (file, hit)
}

/// A route for people: `POST /orders`.
pub(super) fn shown(route: &Route) -> String {
    format!("`{} {}`", route.methods, route.path.text)
}

fn of_handler(endpoint: &Endpoint<'_>) -> Option<(FileId, Span)> {
    let route = endpoint.route;
    let site = endpoint.handler_site()?;
    // One method of a plain handler answers many paths.
    if route.framework == Framework::Plain {
        return None;
    }
    if let Some((file, class)) = view(endpoint).filter(|view| Some(*view) != own_class(endpoint)) {
        return Some((file, endpoint.project.module(file)?.class(class)?.name_span));
    }
    let function = endpoint.function().and_then(|id| site.module.function(id)).map(|one| one.name_span);
    let class = || route.handler.class.and_then(|id| site.module.class(id)).map(|one| one.name_span);
    Some((site.file, function.or_else(class)?))
}

fn own_class(endpoint: &Endpoint<'_>) -> Option<(FileId, ClassId)> {
    endpoint.route.handler.class.map(|class| (endpoint.route.handler.file, class))
}

/// The view class that the place of a route names: it may inherit the method that answers.
pub(super) fn view(endpoint: &Endpoint<'_>) -> Option<(FileId, ClassId)> {
    endpoint.route.handler.class?;
    let place = endpoint.route.place;
    let site = Site::new(endpoint.project, place.file)?;
    let mut within = site.module.values().filter(|value| place.span.covers(site.module.span(*value)));
    within.find_map(|value| match site.value(value) {
        Value::Name(..) | Value::Attribute(..) => match site.resolve(value)?.entity {
            Entity::Class(file, class) => Some((file, class)),
            _ => None,
        },
        _ => None,
    })
}
