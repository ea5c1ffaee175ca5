//! Servers without a framework: handlers of `http.server` and `socketserver`, WSGI callables. The paths are those
//! that their code compares with.

mod branches;
mod wsgi;

use super::collect::{Collector, Declared};
use super::model::{Framework, Handler, Methods, RoutePath};
use super::views;
use crate::facts::{ClassId, FunctionId};
use crate::project::{Site, Type};
use branches::Branch;
pub(super) use wsgi::fill as fill_wsgi;

const HTTP: &[&str] = &["http.server.BaseHTTPRequestHandler"];
const FILES: &[&str] = &["http.server.SimpleHTTPRequestHandler"];
const SOCKETS: &[&str] = &["socketserver.BaseRequestHandler"];

/// Finds what a file has of handlers of the standard library's servers.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    for class in collector.classes() {
        let kind = Type::Class(site.file, class);
        if views::inherits(site, kind, HTTP) {
            http(collector, class);
        } else if views::inherits(site, kind, SOCKETS) {
            for (function, name) in own_methods(site, class) {
                if name == "handle" {
                    declare(collector, function, Methods::ANY, Vec::new());
                }
            }
        }
    }
}

fn own_methods(site: Site<'_>, class: ClassId) -> Vec<(FunctionId, &str)> {
    let functions = site.module.functions().iter().enumerate();
    functions
        .filter(|(_, facts)| facts.class == Some(class))
        .map(|(index, facts)| (FunctionId(index as u32), site.module.text(facts.name)))
        .collect()
}

/// `do_GET` and its like; a handler of files that has none of its own serves a folder.
fn http(collector: &mut Collector<'_>, class: ClassId) {
    let site = collector.site;
    let mut gets = false;
    for (function, name) in own_methods(site, class) {
        let methods = name.strip_prefix("do_").map(Methods::of).unwrap_or_default();
        gets = gets || methods == Methods::GET;
        if !methods.is_empty() && !matches!(name, "do_HEAD" | "do_OPTIONS") {
            declare(collector, function, methods, branches::of(site, function));
        }
    }
    let kind = Type::Class(site.file, class);
    if !gets && views::method(site, kind, "do_GET").is_none() && views::inherits(site, kind, FILES) {
        let span = site.module.class(class).map(|facts| facts.name_span).unwrap_or_default();
        collector.found.routes.push(Declared {
            framework: Framework::Plain,
            group: None,
            methods: Methods::GET,
            path: anything(),
            handler: Handler { file: site.file, function: None, class: Some(class) },
            place: super::model::Place { file: site.file, span },
            inputs: Vec::new(),
            evidence: Vec::new(),
        });
    }
}

/// Whatever the client asks for.
fn anything() -> RoutePath {
    RoutePath { text: "/…".to_owned(), is_exact: false }
}

/// Declares what a function answers to: a route for each branch, or one for all there is.
fn declare(collector: &mut Collector<'_>, function: FunctionId, methods: Methods, branches: Vec<Branch>) {
    let site = collector.site;
    let own = collector.handler(function);
    let whole = || {
        let evidence = super::access::check(site, function).into_iter().collect();
        let place = branches::place(site, function);
        Branch { path: anything(), methods: None, evidence, handler: None, place }
    };
    let branches = if branches.is_empty() { vec![whole()] } else { branches };
    for branch in branches {
        let asked = branch.methods.filter(|_| methods == Methods::ANY);
        collector.found.routes.push(Declared {
            framework: Framework::Plain,
            group: None,
            methods: asked.unwrap_or(methods),
            path: branch.path,
            handler: branch.handler.unwrap_or(own),
            place: branch.place,
            inputs: Vec::new(),
            evidence: branch.evidence,
        });
    }
}
