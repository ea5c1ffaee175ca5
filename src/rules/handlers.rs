//! The functions of a project that answer requests.

use rustc_hash::FxHashSet;

use crate::facts::{FunctionId, path_hash};
use crate::project::{FileId, Project, Site, Type};
use crate::rule::Handling;
use crate::web::{Framework, Methods, Web};

/// Methods of a view that answer a request of the same name.
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// All of them, each once: those that routes lead to, then views whose routes are not in sight, as those of an app
/// that is made to be included by others.
pub(super) fn all<'p>(project: &'p Project, web: &'p Web) -> Vec<Handling<'p>> {
    let mut seen: FxHashSet<(FileId, FunctionId)> = FxHashSet::default();
    let mut found = Vec::new();
    for route in web.routes() {
        let file = route.handler.file;
        let (Some(function), Some(site)) = (route.handler.function, Site::new(project, file)) else {
            continue;
        };
        if seen.insert((file, function)) {
            let (framework, methods) = (route.framework, route.methods);
            found.push(Handling { web, framework, methods, site, function });
        }
    }
    let sites = project.files().filter_map(|(file, _)| Site::new(project, file));
    for site in sites.filter(|site| site.imports("rest_framework")) {
        for function in views(site).filter(|function| seen.insert((site.file, *function))).collect::<Vec<_>>()
        {
            let (framework, methods) = (Framework::DjangoRest, Methods::default());
            found.push(Handling { web, framework, methods, site, function });
        }
    }
    found
}

/// The functions of a file that Django REST framework calls for a request.
fn views(site: Site<'_>) -> impl Iterator<Item = FunctionId> {
    let module = site.module;
    (0..module.functions().len() as u32).map(FunctionId).filter(move |function| {
        let decorated = || {
            let mut decorators = module.decorators(*function).iter();
            decorators.any(|one| site.is_any(site.called(one), &["rest_framework.decorators.api_view"]))
        };
        let method = || {
            let facts = module.function(*function)?;
            let bases = site.project.external_bases(Type::Class(site.file, facts.class?));
            let is_view = bases.contains(&path_hash("rest_framework.views.APIView"));
            Some(is_view && METHODS.contains(&module.text(facts.name)))
        };
        decorated() || method().unwrap_or(false)
    })
}
