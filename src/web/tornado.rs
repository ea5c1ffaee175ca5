//! Tornado: applications, lists of paths and handler classes, routers.

use super::collect::{CallSite, Collector, Declared};
use super::model::{Evidence, Framework, GroupKey, Handler, Means, Methods, Place, RoutePath};
use super::parents::displays;
use super::unroll::listed;
use super::{access, group, inputs, views};
use crate::facts::{ClassId, Statement, Value, ValueId, hash_text};
use crate::project::{Entity, Site, Type};

const APPS: &[&str] = &["tornado.web.Application"];
const ROUTERS: &[&str] = &["tornado.routing.RuleRouter", "tornado.routing.ReversibleRuleRouter"];
/// What routes are declared on.
pub(super) const MADE: &[&[&str]] = &[APPS, ROUTERS];
const RULES: &[&str] =
    &["tornado.web.url", "tornado.web.URLSpec", "tornado.routing.URLSpec", "tornado.routing.Rule"];
const MATCHERS: &[&str] = &["tornado.routing.PathMatches"];
const HANDLERS: &[&str] = &["tornado.web.RequestHandler"];
const SOCKETS: &[&str] = &["tornado.websocket.WebSocketHandler"];
const FILES: &[&str] = &["tornado.web.StaticFileHandler", "tornado.web.RedirectHandler"];
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];
/// Methods in which a class of web sockets says what it does, the likeliest first.
const SOCKET_METHODS: &[&str] = &["get", "open", "on_message"];

/// Finds what a file has of Tornado.
pub(super) fn fill(collector: &mut Collector<'_>) {
    let site = collector.site;
    let parents = collector.parents();
    let mut rules: Vec<(ValueId, Rule)> =
        parents.iter().filter_map(|(item, _)| Some((item, rule(site, item)?))).collect();
    rules.sort_by_key(|(item, _)| *item);
    for (item, rule) in rules {
        declare(collector, &rule, parents.group(site.file, item), collector.place(item));
    }
    for &call in collector.calls().iter() {
        if is_app(site, &call) {
            let key = GroupKey::Made(site.file, call.id);
            collector.app(Framework::Tornado, key);
            let handlers = site.argument(call.arguments, 0, "handlers");
            let rules = handlers.or_else(|| site.keyword(call.arguments, "rules"));
            if let Some(rules) = rules {
                mount(collector, key, rules);
            }
        } else if call.name == "add_handlers" {
            add_handlers(collector, &call);
        }
    }
    for class in collector.classes() {
        if views::inherits(site, Type::Class(site.file, class), APPS) {
            app_class(collector, class);
        }
    }
}

/// A path and what answers there.
struct Rule {
    pattern: Option<ValueId>,
    handler: ValueId,
}

/// `(r"/path", Handler)`, `url(r"/path", Handler)`, `Rule(PathMatches("/path"), Handler)`.
fn rule(site: Site<'_>, value: ValueId) -> Option<Rule> {
    let rule = match site.value(value) {
        Value::Tuple(items) => Rule { pattern: items.get(0), handler: items.get(1)? },
        Value::Call(callee, arguments) if site.is_any(callee, RULES) => {
            let pattern = site.argument(arguments, 0, "pattern");
            let handler = site.argument(arguments, 1, "handler");
            Rule {
                pattern: pattern.or_else(|| site.keyword(arguments, "matcher")),
                handler: handler.or_else(|| site.keyword(arguments, "target"))?,
            }
        }
        _ => return None,
    };
    is_handler(site, rule.handler).then_some(rule)
}

/// Whether an expression names a class that answers requests.
fn is_handler(site: Site<'_>, value: ValueId) -> bool {
    match site.class_of(value) {
        Some(class) if views::inherits(site, class, HANDLERS) => true,
        // The base that it has may be that of another library.
        Some(Type::Class(..) | Type::External(_)) => {
            site.last_segment(value).is_some_and(|name| name.ends_with("Handler"))
        }
        None => false,
    }
}

fn path(site: Site<'_>, pattern: Option<ValueId>) -> RoutePath {
    let Some(pattern) = pattern else { return RoutePath::unknown() };
    match site.value(pattern) {
        Value::Call(callee, arguments) if site.is_any(callee, MATCHERS) => {
            path(site, arguments.positional().get(0))
        }
        Value::Call(callee, _) if site.last_segment(callee) == Some("HostMatches") => RoutePath::unknown(),
        _ => super::collect::path(site, pattern),
    }
}

/// A pattern that starts with a name is put behind a prefix before it is registered: nothing else would match it.
fn rooted(path: RoutePath) -> RoutePath {
    let starts_with_name = path.text.starts_with(|first: char| first.is_alphanumeric());
    if starts_with_name { RoutePath { text: format!("/{}", path.text), ..path } } else { path }
}

fn declare(collector: &mut Collector<'_>, rule: &Rule, group: Option<GroupKey>, place: Place) {
    let site = collector.site;
    let Some(class) = site.class_of(rule.handler) else { return };
    let path = rooted(path(site, rule.pattern));
    for (methods, handler, evidence) in endpoints(site, class) {
        collector.found.routes.push(Declared {
            framework: Framework::Tornado,
            group,
            methods,
            path: path.clone(),
            handler,
            place,
            inputs: inputs::all_of_path(site, handler),
            evidence,
        });
    }
}

/// What a handler class answers to, with what its decorators and its preparation say.
fn endpoints(site: Site<'_>, class: Type) -> Vec<(Methods, Handler, Vec<Evidence>)> {
    let prepared = prepared(site, class);
    let endpoint = |methods: Methods, handler: Handler| {
        (methods, handler, [views::decorators_of(site, handler), prepared.clone()].concat())
    };
    let (file, id) = match class {
        Type::Class(file, id) => (file, Some(id)),
        Type::External(_) => (site.file, None),
    };
    let whole = Handler { file, function: None, class: id };
    let is_a = |names: &[&str]| views::inherits(site, class, names);
    if is_a(SOCKETS) {
        // A socket may be open to all as long as nothing is taken from it.
        let mut own = SOCKET_METHODS.iter().filter_map(|name| views::method(site, class, name));
        let first = own.clone().next();
        let handler = own.find(|handler| !views::decorators_of(site, *handler).is_empty()).or(first);
        return vec![endpoint(Methods::WEBSOCKET, handler.unwrap_or(whole))];
    }
    let methods = views::methods(site, class, METHODS);
    if methods.is_empty() && is_a(FILES) {
        return vec![endpoint(Methods::GET, whole)];
    }
    if id.is_none() && !is_a(&["tornado.web.ErrorHandler"]) {
        return vec![endpoint(Methods::ANY, whole)];
    }
    methods.into_iter().map(|(methods, handler)| endpoint(methods, handler)).collect()
}

/// `prepare` runs before every method: its decorators, or that it refuses callers.
fn prepared(site: Site<'_>, class: Type) -> Vec<Evidence> {
    let Type::Class(file, class) = class else { return Vec::new() };
    let mut found = Vec::new();
    for &ancestor in site.project.ancestors(file, class).iter() {
        let Entity::Class(file, class) = ancestor else { continue };
        let Some(owner) = Site::new(site.project, file) else { continue };
        let scope = owner.module.class(class).map(|facts| facts.scope);
        let binding = scope.and_then(|scope| owner.module.lookup(scope, hash_text("prepare")));
        let functions = binding.into_iter().flat_map(|binding| owner.module.definitions(binding));
        let Some(function) = functions
            .filter(|one| one.kind == crate::facts::DefinitionKind::Function)
            .map(|one| crate::facts::FunctionId(one.id))
            .next()
        else {
            continue;
        };
        found.extend(super::collect::decorators(owner, function));
        if access::refuses(site.project, file, function, 2) {
            let span = owner.module.function(function).map(|facts| facts.name_span).unwrap_or_default();
            let place = Place { file, span };
            found.push(Evidence { means: Means::Check, name: "prepare".to_owned(), place, opens: false });
        }
        if !calls_super(owner, function) {
            break;
        }
    }
    found
}

fn calls_super(site: Site<'_>, function: crate::facts::FunctionId) -> bool {
    let mut found = false;
    site.module.walk_function(function, &mut |_, statement| {
        let roots = site.module.roots(statement).into_iter();
        let mut values = roots.flat_map(|root| site.module.values_within(root));
        found = found || values.any(|value| is_super(site, value));
    });
    found
}

fn is_super(site: Site<'_>, value: ValueId) -> bool {
    matches!(site.value(value), Value::Name(name, None) if site.module.text(name) == "super")
}

fn is_app(site: Site<'_>, call: &CallSite<'_>) -> bool {
    call.class
        .is_some_and(|class| views::inherits(site, class, APPS) || views::inherits(site, class, ROUTERS))
}

/// The lists that an expression is put together from are part of an application, those of routers in them too. A
/// router matches the whole path again: there are no prefixes.
fn mount(collector: &mut Collector<'_>, parent: GroupKey, rules: ValueId) {
    let site = collector.site;
    let nested: Vec<GroupKey> = listed(site, rules)
        .into_iter()
        .filter_map(|(owner, item)| match owner.value(item) {
            Value::Tuple(items) => Some((owner, items.get(1)?)),
            Value::Call(callee, arguments) if owner.is_any(callee, RULES) => {
                Some((owner, arguments.positional().get(1)?))
            }
            _ => None,
        })
        .flat_map(|(owner, target)| displays(owner, target))
        .collect();
    for child in displays(site, rules).into_iter().chain(nested) {
        collector.part(parent, child, None);
    }
}

/// `app.add_handlers(".*", […])`.
fn add_handlers(collector: &mut Collector<'_>, call: &CallSite<'_>) {
    let site = collector.site;
    let (Some(receiver), Some(rules)) = (call.receiver, site.argument(call.arguments, 1, "host_handlers"))
    else {
        return;
    };
    if let Some(key) = group::of(site, receiver) {
        mount(collector, key, rules);
    }
}

/// A class that is an application: what its code hands to the class it inherits from.
fn app_class(collector: &mut Collector<'_>, class: ClassId) {
    let site = collector.site;
    let key = GroupKey::Class(site.file, class);
    collector.app(Framework::Tornado, key);
    let Some(span) = site.module.class(class).map(|facts| facts.span) else { return };
    for &call in collector.calls().iter().filter(|call| span.covers(site.module.span(call.id))) {
        let is_base = call.name == "__init__";
        let first = call.receiver.is_some_and(
            |receiver| matches!(site.value(receiver), Value::Call(callee, _) if is_super(site, callee)),
        );
        let given = is_base.then(|| site.positional(call.arguments, usize::from(!first))).flatten();
        let given = given.or_else(|| site.keyword(call.arguments, "handlers"));
        if let Some(rules) = given {
            mount(collector, key, rules);
        }
    }
    for id in site.module.statements().filter(|id| span.covers(site.module.statement_span(*id))) {
        if let Statement::Assign(target, value) = site.module.statement(id)
            && site.last_segment(target).is_some_and(|name| name.ends_with("handlers"))
        {
            mount(collector, key, value);
        }
    }
}
