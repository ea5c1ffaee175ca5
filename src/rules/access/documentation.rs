//! Documentation of an API, and tools of developers, that everybody reaches.

use super::place::{hit, shown};
use crate::project::FileId;
use crate::rule::{Call, Endpoint, Hit};
use crate::web::is_documentation;

/// A route of documentation that does not ask who is calling.
pub(super) fn route(endpoint: &Endpoint<'_>) -> Option<(FileId, Hit)> {
    let route = endpoint.route;
    if route.is_protected() || !is_documentation(&route.path) {
        return None;
    }
    let (file, found) = hit(endpoint);
    Some((file, found.says(format!("{} is open to everybody", shown(route)))))
}

/// `FastAPI()`, which serves `/docs`, `/redoc` and `/openapi.json` unless it is told not to.
pub(super) fn served_by_default(call: &Call<'_>) -> Option<Hit> {
    let is_said = ["openapi_url", "docs_url"].iter().any(|name| call.keyword_or_spread(name).is_some());
    let silent = is_said || call.has_spread() || call.site.is_test();
    (!silent).then(|| Hit::here().says("`/docs` and `/openapi.json` are open to everybody"))
}
