//! The table of routes that a router has for each set of views, and the options it is made with.

use super::super::classes::{Lineage, Member};
use super::super::collect;
use super::super::django::class_views::{Bound, bound};
use super::super::group;
use super::super::model::{GroupKey, RoutePath};
use super::routers::set_of;
use crate::facts::{Value, ValueId, hash_text};
use crate::project::{Entity, Site, Type};

/// The deepest nesting of routers in one another.
const DEEPEST: u32 = 8;

const ROUTE: &[&str] = &["rest_framework.routers.Route"];
const DYNAMIC: &[&str] = &[
    "rest_framework.routers.DynamicRoute",
    "rest_framework.routers.DynamicListRoute",
    "rest_framework.routers.DynamicDetailRoute",
];
const NESTED: &[&str] = &[
    "rest_framework_nested.routers.NestedSimpleRouter",
    "rest_framework_nested.routers.NestedDefaultRouter",
    "rest_framework_nested.routers.NestedMixin",
];

/// A row of the table.
#[derive(Clone, Debug)]
pub(super) enum Row {
    Fixed {
        url: RoutePath,
        bound: Vec<Bound>,
        is_detail: bool,
    },
    /// For each action that the set of views adds.
    Actions {
        url: RoutePath,
        is_detail: bool,
    },
}

/// What a router makes of a set of views.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub rows: Vec<Row>,
    pub is_regex: bool,
    pub has_root: bool,
    trailing: RoutePath,
    /// The path of the router that it is nested in.
    nest: RoutePath,
}

impl Table {
    /// The table of a router.
    pub fn of(site: Site<'_>, key: GroupKey) -> Table {
        within(site, key, DEEPEST)
    }

    /// The path of a row for a set of views that is registered with a prefix.
    pub fn path(&self, url: &RoutePath, prefix: &RoutePath, lineage: &Lineage<'_>) -> RoutePath {
        let lookup = self.lookup(lineage, "");
        let filled = url
            .text
            .replace("{prefix}", &prefix.text)
            .replace("{lookup}", &lookup.text)
            .replace("{trailing_slash}", &self.trailing.text);
        let (anchor, mut rest) = match filled.strip_prefix('^') {
            Some(rest) => ("^", rest),
            None => ("", filled.as_str()),
        };
        if prefix.text.is_empty() {
            rest = rest.strip_prefix('/').unwrap_or(rest);
        }
        let (anchor, rest) =
            if self.is_regex { (anchor, rest) } else { ("", rest.strip_suffix('$').unwrap_or(rest)) };
        RoutePath {
            text: format!("{anchor}{}{rest}", self.nest.text),
            is_exact: [url, prefix, &lookup, &self.trailing, &self.nest].iter().all(|part| part.is_exact),
        }
    }

    /// How one object of a set of views is named in a path.
    fn lookup(&self, lineage: &Lineage<'_>, lookup_prefix: &str) -> RoutePath {
        let field = lineage.text("lookup_url_kwarg").or_else(|| lineage.text("lookup_field"));
        let has_field =
            || lineage.member("lookup_url_kwarg").is_some() || lineage.member("lookup_field").is_some();
        let is_exact = field.is_some() || !has_field();
        let field = field.unwrap_or_else(|| if is_exact { "pk".to_owned() } else { "…".to_owned() });
        let pattern = lineage.text("lookup_value_regex");
        let text = if self.is_regex {
            format!("(?P<{lookup_prefix}{field}>{})", pattern.as_deref().unwrap_or("[^/.]+"))
        } else {
            let converter = lineage.text("lookup_value_converter").or(pattern);
            format!("<{}:{lookup_prefix}{field}>", converter.as_deref().unwrap_or("str"))
        };
        RoutePath { text, is_exact }
    }
}

fn within(site: Site<'_>, key: GroupKey, depth: u32) -> Table {
    let standard = Table {
        rows: standard_rows(),
        is_regex: true,
        has_root: true,
        trailing: RoutePath::exact("/"),
        nest: RoutePath::exact(""),
    };
    let GroupKey::Made(file, value) = key else { return standard };
    let Some(owner) = Site::new(site.project, file) else { return standard };
    let Value::Call(callee, arguments) = owner.value(value) else { return standard };
    let mut table = standard;
    let class = owner.class_of(callee);
    let lineage = class.map(|class| Lineage::of(site.project, class));
    let switch = |name| owner.keyword(arguments, name).and_then(|value| owner.constant(value));
    if let Some(lineage) = &lineage {
        adapted(&mut table, lineage);
    }
    let is_nested = lineage.as_ref().is_some_and(|lineage| lineage.has_any(NESTED));
    if is_nested && let Some(depth) = depth.checked_sub(1) {
        nest(&mut table, owner, value, depth);
    }
    let trailing = owner
        .keyword(arguments, "trailing_slash")
        .or_else(|| arguments.positional().get(if is_nested { 2 } else { 0 }));
    if let Some(given) = trailing.and_then(|value| owner.constant(value)) {
        table.trailing = RoutePath::exact(if given.is_true() { "/" } else { "" });
    }
    if switch("use_regex_path").is_some_and(|value| !value.is_true()) {
        table.is_regex = false;
    }
    if switch("include_root_view").is_some_and(|value| !value.is_true()) {
        table.has_root = false;
    }
    table
}

/// `NestedSimpleRouter(parent, "shops", lookup="shop")`: the routes stand below one object of the parent's.
fn nest(table: &mut Table, site: Site<'_>, made: ValueId, depth: u32) {
    let Value::Call(_, arguments) = site.value(made) else { return };
    let parent = site.argument(arguments, 0, "parent_router");
    let prefix = site.argument(arguments, 1, "parent_prefix");
    let (Some(parent), Some(prefix)) = (parent, prefix) else { return };
    let Some(key) = group::of(site, parent) else { return };
    let above = within(site, key, depth);
    table.trailing = above.trailing.clone();
    let prefix = collect::path(site, prefix);
    let lookup = site.keyword(arguments, "lookup").map(|value| collect::path(site, value));
    let lookup = lookup.unwrap_or_else(|| RoutePath::exact(format!("nested_{}", DEEPEST - depth)));
    let object = match registered(site, key, &prefix.text) {
        Some(class) => above.lookup(&Lineage::of(site.project, class), &format!("{}_", lookup.text)),
        None => RoutePath { text: format!("(?P<{}_…>[^/.]+)", lookup.text), is_exact: false },
    };
    table.nest = RoutePath {
        text: format!("{}{}/{}/", above.nest.text, prefix.text, object.text)
            .trim_start_matches('/')
            .to_owned(),
        is_exact: above.nest.is_exact && prefix.is_exact && object.is_exact,
    };
}

/// The set of views that is registered on a router with a prefix, in the file that asks or in that of the router.
fn registered(site: Site<'_>, key: GroupKey, prefix: &str) -> Option<Type> {
    let maker = match key {
        GroupKey::Made(file, _) => Site::new(site.project, file),
        _ => None,
    };
    [Some(site), maker].into_iter().flatten().find_map(|site| {
        site.module.calls().filter_map(|id| collect::call(site, id)).find_map(|call| {
            let receiver = call.receiver.filter(|_| call.name == "register")?;
            let given = site.argument(call.arguments, 0, "prefix")?;
            let is_it = collect::path(site, given).text == prefix && group::of(site, receiver) == Some(key);
            is_it.then(|| set_of(site, site.argument(call.arguments, 1, "viewset")?)).flatten()
        })
    })
}

/// What a class of routers of the project changes.
fn adapted(table: &mut Table, lineage: &Lineage<'_>) {
    if let Some(slash) = lineage.text("trailing_slash") {
        table.trailing = RoutePath::exact(slash);
    }
    for (site, class) in lineage.own() {
        let fields = site.module.fields(class, hash_text("trailing_slash")).iter();
        for value in fields.filter_map(|field| field.value) {
            table.trailing = collect::path(site, value);
        }
        // `super().__init__(trailing_slash=False)`
        let Some(span) = site.module.class(class).map(|facts| facts.span) else { continue };
        for call in site.module.calls().filter(|call| span.covers(site.module.span(*call))) {
            let Value::Call(callee, arguments) = site.value(call) else { continue };
            let given = site.keyword(arguments, "trailing_slash").and_then(|value| site.constant(value));
            if let Some(given) = given.filter(|_| site.last_segment(callee) == Some("__init__")) {
                table.trailing = RoutePath::exact(if given.is_true() { "/" } else { "" });
            }
        }
    }
    if let Some(Member::Values(site, values)) = lineage.member("include_root_view")
        && let Some(has_root) = values.first().and_then(|value| site.constant(*value))
    {
        table.has_root = has_root.is_true();
    }
    if let Some((site, values)) = lineage.values("routes")
        && let Some(value) = values.first()
    {
        table.rows = rows(site, *value);
    }
}

/// The rows that a class of routers sets as `routes`.
fn rows(site: Site<'_>, value: ValueId) -> Vec<Row> {
    let Some(items) = site.elements(value) else { return standard_rows() };
    let mut found = Vec::new();
    for item in items {
        match site.value(item) {
            Value::Call(callee, arguments) if site.is_any(callee, ROUTE) || site.is_any(callee, DYNAMIC) => {
                let is_detail = site
                    .keyword(arguments, "detail")
                    .and_then(|value| site.constant(value))
                    .map(|value| value.is_true());
                let Some(url) = site.argument(arguments, 0, "url").map(|value| collect::path(site, value))
                else {
                    continue;
                };
                let is_detail = is_detail.unwrap_or_else(|| url.text.contains("{lookup}"));
                if site.is_any(callee, DYNAMIC) {
                    found.push(Row::Actions { url, is_detail });
                } else if let Some(bound) =
                    site.argument(arguments, 1, "mapping").and_then(|value| bound(site, value))
                {
                    found.push(Row::Fixed { url, bound, is_detail });
                }
            }
            // `SimpleRouter.routes[0]`, `*SimpleRouter.routes`, another variable.
            Value::Name(..) => {
                if let Some(Entity::Variable(file, binding)) = site.resolve(item).map(|found| found.entity)
                    && let Some(owner) = Site::new(site.project, file)
                    && let Some(value) = owner.module.definitions(binding).iter().find_map(|one| one.value())
                    && matches!(owner.value(value), Value::List(_))
                {
                    found.extend(rows(owner, value));
                }
            }
            _ => found.extend(standard_rows()),
        }
    }
    found
}

fn standard_rows() -> Vec<Row> {
    let bound = |all: &[(&str, &str)]| {
        let one = |(method, name): &(&str, &str)| Bound {
            method: super::super::model::Methods::of(method),
            name: (*name).to_owned(),
            is_action: true,
        };
        all.iter().map(one).collect::<Vec<_>>()
    };
    let detail = [("get", "retrieve"), ("put", "update"), ("patch", "partial_update"), ("delete", "destroy")];
    vec![
        Row::Fixed {
            url: RoutePath::exact("^{prefix}{trailing_slash}$"),
            bound: bound(&[("get", "list"), ("post", "create")]),
            is_detail: false,
        },
        Row::Actions { url: RoutePath::exact("^{prefix}/{url_path}{trailing_slash}$"), is_detail: false },
        Row::Fixed {
            url: RoutePath::exact("^{prefix}/{lookup}{trailing_slash}$"),
            bound: bound(&detail),
            is_detail: true,
        },
        Row::Actions {
            url: RoutePath::exact("^{prefix}/{lookup}/{url_path}{trailing_slash}$"),
            is_detail: true,
        },
    ]
}
