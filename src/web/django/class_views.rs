//! Views that are classes: what they answer, and what lets callers pass.

use super::super::access;
use super::super::classes::{Lineage, Member, class_name};
use super::super::drf::permissions::{Given, Scene, permissions};
use super::super::guards;
use super::super::model::{Evidence, Framework, Handler, Means, Methods, Place};
use super::super::names;
use super::Settings;
use super::views::{Answer, said, unwrapped};
use crate::facts::{Arguments, FunctionId, Value, ValueId, dict_items};
use crate::project::{Entity, FileId, Project, Site, Type};

/// The methods that a view class answers by a method of that name.
pub(in crate::web) const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// What runs before the method that answers.
const HOOKS: &[&str] = &["dispatch", "setup", "initial", "check_permissions", "initialize_request"];
const REST: &[&str] = &["rest_framework.views.APIView", "rest_framework.viewsets.ViewSetMixin"];
const METHOD_DECORATOR: &[&str] = &["django.utils.decorators.method_decorator"];

/// A request method and the method of the class that answers it.
#[derive(Clone, Debug)]
pub(in crate::web) struct Bound {
    pub method: Methods,
    pub name: String,
    /// Whether the name is that of an action of a set of views.
    pub is_action: bool,
}

/// How a class is made a view.
#[derive(Clone, Default)]
pub(in crate::web) struct Making<'p> {
    /// What answers which method, where that is said.
    pub bound: Option<Vec<Bound>>,
    /// The permission classes given there.
    pub permissions: Option<Given<'p>>,
    /// The methods let through, where that is said.
    pub limit: Option<Methods>,
    /// Whether it is about one object.
    pub is_detail: Option<bool>,
}

/// What `Class.as_view(…)` says.
pub(super) fn making<'p>(site: Site<'p>, arguments: Arguments<'p>) -> Making<'p> {
    let actions = site.argument(arguments, 0, "actions");
    let permissions = site.keyword(arguments, "permission_classes");
    Making {
        bound: actions.and_then(|value| bound(site, value)),
        permissions: permissions.map(|value| Given { site, values: vec![value] }),
        limit: site
            .keyword(arguments, "http_method_names")
            .and_then(|value| super::super::collect::methods(site, value)),
        is_detail: None,
    }
}

/// `{"get": "list", "post": "create"}`.
pub(in crate::web) fn bound(site: Site<'_>, value: ValueId) -> Option<Vec<Bound>> {
    let value = match site.value(value) {
        Value::Name(..) | Value::Attribute(..) => match site.resolve(value)?.entity {
            Entity::Variable(file, binding) => {
                let owner = Site::new(site.project, file)?;
                let definition = owner.module.definitions(binding).iter().find_map(|one| one.value())?;
                return (definition != value || file != site.file)
                    .then(|| bound_display(owner, definition))
                    .flatten();
            }
            _ => return None,
        },
        _ => value,
    };
    bound_display(site, value)
}

fn bound_display(site: Site<'_>, value: ValueId) -> Option<Vec<Bound>> {
    let text = |value: ValueId| Some(site.constant(value)?.as_str()?.to_owned());
    let one = |method: String, value: ValueId| {
        let method = Methods::of(&method);
        let name = text(value)?;
        (!method.is_empty()).then_some(Bound { method, name, is_action: true })
    };
    match site.value(value) {
        Value::Dict(items) => {
            let pairs = dict_items(items).filter_map(|(key, value)| one(text(key?)?, value));
            Some(pairs.collect())
        }
        Value::Call(callee, arguments) if site.is_any(callee, &["builtins.dict"]) => {
            let pairs = arguments.keywords();
            Some(pairs.filter_map(|(name, value)| one(site.module.text(name).to_owned(), value)).collect())
        }
        _ => None,
    }
}

/// What a class that is made a view answers.
pub(in crate::web) fn answers<'p>(
    settings: &Settings,
    site: Site<'p>,
    class: Type,
    making: &Making<'p>,
) -> Vec<Answer> {
    let project = site.project;
    let lineage = Lineage::of(project, class);
    let is_rest = lineage.has_any(REST);
    let framework = if is_rest { Framework::DjangoRest } else { Framework::Django };
    let view = ClassView { settings, project, asking: site.file, lineage, making, framework };
    view.answers()
}

struct ClassView<'s, 'p> {
    settings: &'s Settings,
    project: &'p Project,
    /// The file that makes it a view.
    asking: FileId,
    lineage: Lineage<'p>,
    making: &'s Making<'p>,
    framework: Framework,
}

impl<'p> ClassView<'_, 'p> {
    fn answers(&self) -> Vec<Answer> {
        let around = self.around();
        let limit = self.making.limit.or_else(|| {
            let (site, values) = self.lineage.values("http_method_names")?;
            super::super::collect::methods(site, *values.first()?)
        });
        let mut found: Vec<Answer> = Vec::new();
        for bound in self.bound() {
            if limit.is_some_and(|limit| bound.method.common(limit).is_empty()) {
                continue;
            }
            let Some(answer) = self.answer(&bound, &around) else { continue };
            let same =
                found.iter_mut().find(|one| one.handler == answer.handler && one.evidence == answer.evidence);
            match same {
                Some(same) => same.methods = same.methods.and(answer.methods),
                None => found.push(answer),
            }
        }
        if found.is_empty() && self.making.bound.is_none() {
            let scene = Scene { action: None, method: Methods::ANY, is_detail: None };
            found.push(Answer {
                framework: self.framework,
                methods: limit.unwrap_or(Methods::ANY),
                handler: self.handler(None),
                evidence: [around, self.permissions(&scene)].concat(),
            });
        }
        found
    }

    /// What answers which method.
    fn bound(&self) -> Vec<Bound> {
        if let Some(bound) = &self.making.bound {
            return bound.clone();
        }
        let names = METHODS.iter().map(|name| (*name, Methods::of(name)));
        names.map(|(name, method)| Bound { method, name: name.to_owned(), is_action: false }).collect()
    }

    fn answer(&self, bound: &Bound, around: &[Evidence]) -> Option<Answer> {
        let (function, own) = match self.answering(bound)? {
            Member::Function(site, function) => (Some((site.file, function)), said(site, function)),
            Member::Values(..) | Member::External => (None, Vec::new()),
        };
        let scene = Scene {
            action: bound.is_action.then_some(bound.name.as_str()),
            method: bound.method,
            is_detail: self.making.is_detail,
        };
        let named = self.class_decorators(&bound.name);
        Some(Answer {
            framework: self.framework,
            methods: bound.method,
            handler: self.handler(function),
            evidence: [own, named, around.to_vec(), self.permissions(&scene)].concat(),
        })
    }

    /// What answers a method. `put` of Django's own views is `post` again, and `partial_update` of the REST
    /// framework's `update`.
    fn answering(&self, bound: &Bound) -> Option<Member<'p>> {
        let member = self.lineage.member(&bound.name)?;
        let again = match (self.framework, bound.name.as_str(), &member) {
            (Framework::Django, "put", Member::External) => self.lineage.member("post"),
            (Framework::DjangoRest, "partial_update", Member::External) => self.lineage.member("update"),
            _ => None,
        };
        Some(again.unwrap_or(member))
    }

    fn handler(&self, function: Option<(FileId, FunctionId)>) -> Handler {
        let class = match self.lineage.class() {
            Some(Type::Class(file, class)) => Some((file, class)),
            _ => None,
        };
        let file = function.map(|(file, _)| file).or(class.map(|(file, _)| file));
        // The method of a base in another file is shown there, as a method of that base.
        let class = match (function, class) {
            (Some((file, function)), _) => {
                self.project.module(file).and_then(|m| m.function(function)?.class)
            }
            (None, class) => class.map(|(_, class)| class),
        };
        Handler { file: file.unwrap_or(self.asking), function: function.map(|(_, function)| function), class }
    }

    fn permissions(&self, scene: &Scene<'_>) -> Vec<Evidence> {
        if self.framework != Framework::DjangoRest {
            return Vec::new();
        }
        permissions(self.settings, self.project, &self.lineage, scene, self.making.permissions.as_ref())
    }

    /// What stands before every method of the view.
    fn around(&self) -> Vec<Evidence> {
        let mut found = self.class_decorators("dispatch");
        for hook in HOOKS {
            for member in self.lineage.members(hook) {
                let Member::Function(site, function) = member else { continue };
                found.extend(said(site, function));
                found.extend(refusing(site, function));
            }
        }
        for member in self.lineage.members("as_view") {
            let Member::Function(site, function) = member else { continue };
            found.extend(wrapping(site, function));
        }
        found.extend(self.bases());
        found
    }

    /// `@method_decorator(login_required, name="dispatch")`, of the class and of its bases.
    fn class_decorators(&self, name: &str) -> Vec<Evidence> {
        let mut found = Vec::new();
        for (site, class) in self.lineage.own() {
            for decorator in site.module.class_decorators(class).iter().rev() {
                let arguments = match site.value(decorator) {
                    Value::Call(callee, arguments) if site.is_any(callee, METHOD_DECORATOR) => {
                        Some(arguments)
                    }
                    _ => None,
                };
                let decorated = arguments
                    .and_then(|arguments| site.argument(arguments, 1, "name"))
                    .and_then(|value| Some(site.constant(value)?.as_str()?.to_owned()));
                if decorated.as_deref().unwrap_or("dispatch") != name {
                    continue;
                }
                for inner in unwrapped(site, decorator) {
                    let evidence = access::of(site, inner, Means::Decorator);
                    found.extend(evidence.or_else(|| given_decorator(site, inner)));
                }
            }
        }
        found
    }

    /// Bases of libraries that let only known callers pass, or everybody.
    fn bases(&self) -> Vec<Evidence> {
        let models = self.project.models();
        let mut found = Vec::new();
        for (site, class) in self.lineage.own() {
            let bases = site.module.bases(class);
            for base in bases.into_iter().flat_map(|bases| bases.positional().iter()) {
                let Some(Entity::External(path)) = site.resolve(base).map(|found| found.entity) else {
                    continue;
                };
                let first = Some(models.canonical(path));
                let chain: Vec<u64> =
                    std::iter::successors(first, |path| models.base(*path)).take(16).collect();
                let name = site.last_segment(base).unwrap_or_default();
                let opens = if chain.iter().any(|path| models.protects(*path)) {
                    false
                } else if chain.iter().any(|path| models.opens(*path)) {
                    true
                } else if chain.len() == 1 && names_demand(name) {
                    false
                } else {
                    continue;
                };
                let place = Place { file: site.file, span: site.module.span(base) };
                found.push(Evidence { means: Means::Mixin, name: name.to_owned(), place, opens });
            }
        }
        found
    }
}

/// `@on_class(login_required)`: a decorator of classes that takes one of functions.
fn given_decorator(site: Site<'_>, decorator: ValueId) -> Option<Evidence> {
    let Value::Call(_, arguments) = site.value(decorator) else { return None };
    let inner = arguments.positional().get(0)?;
    matches!(site.value(inner), Value::Name(..) | Value::Attribute(..) | Value::Call(..))
        .then(|| access::of(site, inner, Means::Decorator))
        .flatten()
}

/// Whether the name of a base that nothing else is known of says that it refuses callers.
fn names_demand(name: &str) -> bool {
    let words = crate::project::words(name);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    names::by_name(name) == Some(true)
        && has(&[
            "required",
            "requires",
            "require",
            "only",
            "restricted",
            "protected",
            "permission",
            "permissions",
        ])
}

/// The code of a method that runs before the one that answers, where it refuses callers.
fn refusing(site: Site<'_>, function: FunctionId) -> Option<Evidence> {
    if !guards::guards(site.project, site.file, function) {
        return None;
    }
    let facts = site.module.function(function)?;
    let name = match facts.class {
        Some(class) => format!("{}.{}", class_name(site, class), site.module.text(facts.name)),
        None => site.module.text(facts.name).to_owned(),
    };
    let place = Place { file: site.file, span: facts.name_span };
    Some(Evidence { means: Means::Mixin, name, place, opens: false })
}

/// An own `as_view` that puts the view into something: `return login_required(super().as_view(**kwargs))`.
fn wrapping(site: Site<'_>, function: FunctionId) -> Vec<Evidence> {
    let mut found = Vec::new();
    site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
        for root in site.module.roots(statement) {
            for value in site.module.values_within(root) {
                if let Value::Call(callee, _) = site.value(value)
                    && !matches!(site.value(callee), Value::Call(..))
                {
                    found.extend(access::of(site, callee, Means::Mixin).filter(|one| !one.opens));
                }
            }
        }
    });
    found
}
