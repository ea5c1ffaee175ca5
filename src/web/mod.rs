//! The backend that a project is: its applications, routes, and who may call them. One file a framework fills the
//! model from facts; what is common (groups, prefixes, authentication) is shared.
//!
//! Judges nothing: what is wrong with a route is for `rules` to say.

mod access;
mod aiohttp;
mod bottle;
mod checks;
mod classes;
mod collect;
mod django;
mod drf;
mod expand;
mod fastapi;
mod flask;
mod group;
mod hooks;
mod inputs;
mod guards;
mod model;
mod names;
mod parents;
mod plain;
mod purpose;
mod reach;
mod refusals;
mod sanic;
mod tornado;
mod totals;
mod unroll;
mod views;

use std::sync::OnceLock;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::facts::{hash_text, path_hash};
use crate::project::{FileId, Project, Site};
pub use access::refuses_somebody;
use collect::Collected;
pub use fastapi::depended_on;
pub use model::{
    ErrorPage, Evidence, Framework, GroupKey, Handler, Input, Means, Methods, Place, Route, RoutePath, Source,
};
pub use purpose::{Parts, Purpose, is_documentation};
pub use totals::{Among, Total, Totals, amongs, purpose};

/// Looks for what one framework makes of a file.
type Filler = for<'a, 'p> fn(&'a mut collect::Collector<'p>);

/// The frameworks: what a file of the project has to import, if anything, and who looks.
const FILLERS: &[(&[&str], Filler)] = &[
    (&["flask", "flask_restful", "flask_restx", "quart"], flask::fill),
    (&["fastapi", "starlette"], fastapi::fill),
    (&["sanic"], sanic::fill),
    (&["aiohttp"], aiohttp::fill),
    (&["tornado"], tornado::fill),
    (&["bottle"], bottle::fill),
    (&["http", "socketserver", "BaseHTTPServer", "SimpleHTTPServer", "SocketServer"], plain::fill),
    (&[], plain::fill_wsgi),
    (&["django", "rest_framework"], django::fill),
    (&["rest_framework"], drf::fill),
];

/// The classes whose instances routes are declared on; those that are routes themselves stand in [`fastapi::lists`].
const MADE: [&[&[&str]]; 6] =
    [flask::MADE, fastapi::MADE, sanic::MADE, aiohttp::MADE, tornado::MADE, bottle::MADE];

/// What is asked of a whole project before its files are looked at.
#[derive(Debug, Default)]
struct Context {
    /// The classes of what a call makes that minds, by the hashes of their paths.
    groups: FxHashSet<u64>,
    django: django::Settings,
    registries: drf::Registries,
}

impl Context {
    fn of(project: &Project, imported: &FxHashSet<u64>) -> Context {
        let has = |root: &str| imported.contains(&hash_text(root));
        let made = MADE.iter().flat_map(|lists| lists.iter().copied().flatten().copied());
        let groups = made.chain(fastapi::lists::element_paths());
        Context {
            groups: groups.map(path_hash).collect(),
            django: if has("django") { django::Settings::of(project) } else { django::Settings::default() },
            registries: if has("rest_framework") {
                drf::Registries::of(project)
            } else {
                drf::Registries::default()
            },
        }
    }
}

/// The routes of a project.
#[derive(Debug, Default)]
pub struct Web {
    routes: Vec<Route>,
    error_pages: Vec<ErrorPage>,
    totals: OnceLock<Totals>,
}

impl Web {
    /// Finds the routes of a project.
    pub fn of(project: &Project) -> Web {
        let imported = imported(project);
        let fillers: Vec<Filler> = FILLERS
            .iter()
            .filter(|(roots, _)| {
                roots.is_empty() || roots.iter().any(|root| imported.contains(&hash_text(root)))
            })
            .map(|(_, filler)| *filler)
            .collect();
        if fillers.is_empty() {
            return Web::default();
        }
        let context = Context::of(project, &imported);
        let mut collected: Vec<Collected> = files(project)
            .par_iter()
            .filter_map(|&file| collect::file(Site::new(project, file)?, &context, &fillers))
            .collect();
        django::settle(project, &context.django, &mut collected);
        let mut routes = expand::routes(project, &collected);
        django::finish(project, &context.django, &mut routes);
        routes.sort_by(|a, b| {
            (&a.path, a.methods, a.place, a.framework).cmp(&(&b.path, b.methods, b.place, b.framework))
        });
        routes.dedup();
        let mut error_pages: Vec<ErrorPage> =
            collected.iter().flat_map(|file| file.error_pages.iter().copied()).collect();
        error_pages.sort();
        Web { routes, error_pages, totals: OnceLock::new() }
    }

    /// What answers errors, by status and place.
    pub fn error_pages(&self) -> &[ErrorPage] {
        &self.error_pages
    }

    /// How routes stand among others, counted once it is asked for.
    pub fn totals(&self, project: &Project) -> &Totals {
        self.totals.get_or_init(|| Totals::of(project, &self.routes))
    }

    /// The routes, sorted by path and method.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }
}

/// The files that routes are looked for in: what tests set up is no part of a backend, unless there is nothing but tests.
fn files(project: &Project) -> Vec<FileId> {
    let all = || project.files();
    let only_tests = all().all(|(_, file)| file.is_test());
    all().filter(|(_, file)| only_tests || !file.is_test()).map(|(file, _)| file).collect()
}

/// The first segments of all that is imported, by their hashes.
fn imported(project: &Project) -> FxHashSet<u64> {
    let mut found = FxHashSet::default();
    for (_, file) in project.files() {
        for import in file.module.imports() {
            let module = file.module.text(import.module);
            let root = module.split('.').next().unwrap_or(module);
            found.insert(hash_text(root));
        }
    }
    found
}
