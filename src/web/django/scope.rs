//! Which requests a middleware looks at: those below a path, all but some, all but some by the names of their routes.

use super::super::{access, guards};
use crate::facts::{
    Block, CompareOperator, DefinitionKind, FunctionId, Statement, UnaryOperator, Value, ValueId,
};
use crate::project::{Entity, Part, Site};

/// The requests that a middleware refuses to unknown callers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scope {
    /// Only below these paths, if there are any.
    only: Vec<String>,
    /// Not below these.
    except: Vec<String>,
    /// Not the routes of these names.
    names: Vec<String>,
    /// Whether it looks at some requests only, and nothing tells at which.
    pub is_unknown: bool,
    /// Whether views, or the names of routes, have a say.
    pub asks_views: bool,
}

impl Scope {
    /// The scope of a function that each request runs through.
    pub fn of(site: Site<'_>, function: FunctionId) -> Scope {
        let mut scope = Scope::default();
        // What stands behind the refusal is about known callers.
        let mut has_refused = false;
        site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
            let Statement::If(branches) = statement else { return };
            for (test, block) in branches.iter() {
                let Some(test) = test.filter(|_| !has_refused) else { continue };
                if guards::refuses_in(site, block) {
                    scope.refused(site, test);
                    has_refused = guards::holds_for_known(site, test) == Some(false);
                } else if returns(site, block) {
                    scope.passed(site, test);
                }
            }
        });
        let name = site.module.function(function).map(|facts| site.module.text(facts.name));
        scope.asks_views = name == Some("process_view") || !scope.names.is_empty();
        scope
    }

    /// Whether it looks at requests for a path.
    pub fn covers(&self, path: &str) -> bool {
        let path = path.replace('^', "");
        let is_below = |prefix: &String| path.starts_with(prefix.as_str());
        (self.only.is_empty() || self.only.iter().any(is_below)) && !self.except.iter().any(is_below)
    }

    /// Whether it lets routes of a name pass.
    pub fn exempts(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name || known.rsplit(':').next() == Some(name))
    }

    /// `if request.path.startswith("/staff/") and not request.user.is_staff: refuse`
    fn refused(&mut self, site: Site<'_>, test: ValueId) {
        match site.value(test) {
            Value::Boolean(true, items) => items.iter().for_each(|item| self.refused(site, item)),
            _ => match asked(site, test) {
                Some(Asked { is_turned: true, paths, names }) => self.leave_out(paths, names),
                Some(Asked { is_turned: false, paths, .. }) => self.narrow(paths),
                None => {}
            },
        }
    }

    /// `if not request.path.startswith("/staff/"): return self.get_response(request)`
    fn passed(&mut self, site: Site<'_>, test: ValueId) {
        match site.value(test) {
            Value::Boolean(false, items) => items.iter().for_each(|item| self.passed(site, item)),
            Value::Boolean(true, items) => {
                let all: Option<Vec<Asked>> = items.iter().map(|item| asked(site, item)).collect();
                let Some(all) = all.filter(|all| all.iter().all(|one| one.is_turned)) else { return };
                self.narrow(all.into_iter().flat_map(|one| one.paths).collect());
            }
            _ => match asked(site, test) {
                Some(Asked { is_turned: true, paths, .. }) => self.narrow(paths),
                Some(Asked { is_turned: false, paths, names }) => self.leave_out(paths, names),
                None => {}
            },
        }
    }

    fn narrow(&mut self, paths: Vec<String>) {
        self.is_unknown |= paths.is_empty();
        self.only.extend(paths);
    }

    fn leave_out(&mut self, paths: Vec<String>, names: Vec<String>) {
        self.except.extend(paths);
        self.names.extend(names);
    }
}

/// A test of where a request goes.
struct Asked {
    is_turned: bool,
    paths: Vec<String>,
    names: Vec<String>,
}

fn asked(site: Site<'_>, test: ValueId) -> Option<Asked> {
    if let Value::Unary(UnaryOperator::Not, inner) = site.value(test) {
        return asked(site, inner).map(|one| Asked { is_turned: !one.is_turned, ..one });
    }
    if !access::names_path(site, test) {
        return None;
    }
    let (given, is_turned): (Vec<ValueId>, bool) = match site.value(test) {
        Value::Call(_, arguments) => (arguments.positional().iter().collect(), false),
        Value::Compare(comparison) => {
            let (_, operator, right) = comparison.single()?;
            (vec![right], matches!(operator, CompareOperator::NotEqual | CompareOperator::NotIn))
        }
        _ => (Vec::new(), false),
    };
    let texts: Vec<(String, bool)> = given.into_iter().flat_map(|value| texts(site, value)).collect();
    let (mut paths, mut names) = (Vec::new(), Vec::new());
    for (text, is_name) in texts {
        if is_name || !text.contains('/') && names_route(site, test) {
            names.push(text);
        } else if !text.is_empty() {
            paths.push(format!("/{}", text.trim_start_matches(['^', '/'])));
        }
    }
    Some(Asked { is_turned, paths, names })
}

/// Whether a test is about the name of a route.
fn names_route(site: Site<'_>, test: ValueId) -> bool {
    let mut inner = site.module.values_within(test);
    inner.any(|one| matches!(site.last_segment(one), Some("url_name" | "view_name")))
}

/// The constant texts of a value or of the elements of a list; and whether each is the name of a route.
fn texts(site: Site<'_>, value: ValueId) -> Vec<(String, bool)> {
    let (owner, items) = elements(site, value);
    let text = |item: ValueId| {
        if let Value::Call(callee, arguments) = owner.value(item)
            && matches!(owner.last_segment(callee), Some("reverse" | "reverse_lazy" | "resolve_url"))
        {
            let name = owner.constant(arguments.positional().get(0)?)?;
            return Some((name.as_str()?.to_owned(), true));
        }
        let parts = owner.text(item);
        let constant = parts.iter().filter_map(|part| match part {
            Part::Constant(text) => Some(&**text),
            Part::Value(..) => None,
        });
        Some((constant.collect::<String>(), false))
    };
    items.into_iter().filter_map(text).collect()
}

/// The elements of a list, also where it is an attribute of the class; any other value is its own.
fn elements(site: Site<'_>, value: ValueId) -> (Site<'_>, Vec<ValueId>) {
    if let Some(items) = site.elements(value) {
        return (site, items);
    }
    let attribute = || {
        let Value::Attribute(object, name) = site.value(value) else { return None };
        site.project.method(site.type_of(object)?, site.module.names().hash(name))
    };
    let entity = site.resolve(value).map(|found| found.entity).or_else(attribute);
    if let Some(Entity::Variable(file, binding)) = entity
        && let Some(owner) = Site::new(site.project, file)
    {
        let definitions = owner.module.definitions(binding).iter();
        let mut assigned = definitions.filter(|one| one.kind == DefinitionKind::Assigned);
        if let Some(items) = assigned.find_map(|one| owner.elements(one.value()?)) {
            return (owner, items);
        }
    }
    (site, vec![value])
}

fn returns(site: Site<'_>, block: Block<'_>) -> bool {
    let last = block.iter().next_back();
    last.is_some_and(|id| matches!(site.module.statement(id), Statement::Return(_)))
}
