//! What the frameworks find in one file, before files are put together.

use std::cell::OnceCell;
use std::rc::Rc;

use super::model::{
    ErrorPage, Evidence, Framework, GroupKey, Handler, Input, Means, Methods, Place, RoutePath,
};
use super::parents::Parents;
use super::reach::Reach;
use super::{Context, Filler, access, group};
use crate::facts::{Arguments, ClassId, DefinitionKind, FunctionId, Name, Value, ValueId};
use crate::project::{Entity, FileId, Part, Site, Type, words};

/// An application, blueprint, router or module that routes are declared on.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub key: GroupKey,
    pub framework: Framework,
    /// Whether it is an application, and not a part of one.
    pub is_app: bool,
    /// The prefix that it is made with.
    pub prefix: RoutePath,
    pub evidence: Vec<Evidence>,
}

/// A group that is made part of another.
#[derive(Clone, Debug)]
pub(super) struct Mount {
    pub parent: GroupKey,
    pub child: GroupKey,
    /// The prefix that is given with it.
    pub prefix: Option<RoutePath>,
    /// Whether the child's own prefix stays where there is one here.
    pub keeps_own: bool,
    pub evidence: Vec<Evidence>,
}

/// A route as declared on its group.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub framework: Framework,
    pub group: Option<GroupKey>,
    pub methods: Methods,
    pub path: RoutePath,
    pub handler: Handler,
    pub place: Place,
    pub inputs: Vec<Input>,
    pub evidence: Vec<Evidence>,
}

/// A group that is given to a function of the project: what a parameter of it means.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passed {
    pub parameter: GroupKey,
    pub group: GroupKey,
}

/// What was found in one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Collected {
    pub groups: Vec<Group>,
    pub mounts: Vec<Mount>,
    /// Mounts of modules that are named while the program runs: they hold where nothing else mounts the child.
    pub loose: Vec<Mount>,
    pub routes: Vec<Declared>,
    /// What lets only some callers pass, for all routes of a group.
    pub guards: Vec<(GroupKey, Evidence)>,
    pub passed: Vec<Passed>,
    /// Which paths a guard is about, by its place, where it is not about all.
    pub reaches: Vec<(Place, Reach)>,
    /// The places of the guards that are about the whole application that their group is part of.
    pub app_wide: Vec<Place>,
    pub versions: Vec<(Bearer, Version)>,
    pub error_pages: Vec<ErrorPage>,
}

/// What a version is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bearer {
    Group(GroupKey),
    /// A group as part of another: parent and child.
    Mount(GroupKey, GroupKey),
    /// What is declared at a place.
    Route(Place),
}

/// A version that stands before the whole path, wherever it is given: `/v1/users`.
#[derive(Clone, Debug, Default)]
pub(super) struct Version {
    pub number: Option<String>,
    /// What stands before the number.
    pub prefix: Option<String>,
}

impl Version {
    /// What this one leaves open, as another has it.
    pub fn or(self, other: &Version) -> Version {
        Version {
            number: self.number.or_else(|| other.number.clone()),
            prefix: self.prefix.or_else(|| other.prefix.clone()),
        }
    }
}

/// Looks at one file; `None` where nothing of a framework is there.
pub(super) fn file<'p>(site: Site<'p>, context: &'p Context, fillers: &[Filler]) -> Option<Collected> {
    if is_test_file(site) {
        return None;
    }
    let is_group =
        |class: &Type| site.project.external_bases(*class).iter().any(|base| context.groups.contains(base));
    let with_class = |call: CallSite<'p>| {
        let class = site.class_of(call.callee).filter(is_group);
        CallSite { class, ..call }
    };
    let calls = site.module.calls().filter_map(|id| call(site, id).map(with_class)).collect();
    let applied = site.module.calls().filter_map(|id| applied(site, id)).collect();
    let (parents, found) = (OnceCell::new(), Collected::default());
    let mut collector = Collector { site, context, calls, applied, parents, found };
    for fill in fillers {
        fill(&mut collector);
    }
    collector.passed();
    let mut found = collector.found;
    found.routes.retain(|route| !in_test(site, route.place));
    let is_empty = found.groups.is_empty()
        && found.mounts.is_empty()
        && found.loose.is_empty()
        && found.routes.is_empty()
        && found.guards.is_empty()
        && found.passed.is_empty()
        && found.error_pages.is_empty();
    (!is_empty).then_some(found)
}

/// Whether a file is a test by its name: what it serves, it serves to itself.
fn is_test_file(site: Site<'_>) -> bool {
    let path = site.project.file(site.file).map_or("", |file| &*file.path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    stem == "conftest" || stem.starts_with("test_") || stem.ends_with("_test") || stem.ends_with("_tests")
}

/// Whether a route is made by a test for itself.
fn in_test(site: Site<'_>, place: Place) -> bool {
    if place.file != site.file {
        return false;
    }
    // A decorator stands outside of its function, but not of the one around.
    let mut around = site.module.function_at(place.span.start);
    while let Some(facts) = around.and_then(|function| site.module.function(function)) {
        if site.module.text(facts.name).starts_with("test_") {
            return true;
        }
        around = facts.parent;
    }
    false
}

/// A call in a file.
#[derive(Clone, Copy)]
pub(super) struct CallSite<'p> {
    pub id: ValueId,
    pub callee: ValueId,
    /// The object whose method is called.
    pub receiver: Option<ValueId>,
    /// The last segment of the callee.
    pub name: &'p str,
    pub arguments: Arguments<'p>,
    /// The class that is called, where routes may be declared on what it makes; known of [`Collector::calls`] only.
    pub class: Option<Type>,
}

/// A decorator that is applied without an `@`: `app.route("/path")(view)`.
#[derive(Clone, Copy)]
pub(super) struct Applied {
    pub id: ValueId,
    /// The call that yields it.
    pub decorator: ValueId,
    pub view: ValueId,
}

fn applied(site: Site<'_>, id: ValueId) -> Option<Applied> {
    let Value::Call(decorator, arguments) = site.value(id) else { return None };
    let Value::Call(..) = site.value(decorator) else { return None };
    Some(Applied { id, decorator, view: arguments.positional().get(0)? })
}

/// Collects what a file has.
pub(super) struct Collector<'p> {
    pub site: Site<'p>,
    pub context: &'p Context,
    calls: Rc<[CallSite<'p>]>,
    applied: Rc<[Applied]>,
    parents: OnceCell<Rc<Parents>>,
    pub found: Collected,
}

impl<'p> Collector<'p> {
    /// Every call of the file.
    pub fn calls(&self) -> Rc<[CallSite<'p>]> {
        Rc::clone(&self.calls)
    }

    /// Every decorator that is applied without an `@`.
    pub fn applied(&self) -> Rc<[Applied]> {
        Rc::clone(&self.applied)
    }

    /// What the elements of lists stand in, found out once a file.
    pub fn parents(&self) -> Rc<Parents> {
        Rc::clone(self.parents.get_or_init(|| Rc::new(Parents::of(self.site))))
    }

    /// Every function with its decorators.
    pub fn decorated(&self) -> impl Iterator<Item = (FunctionId, ValueId)> + use<'p> {
        let module = self.site.module;
        let functions = (0..module.functions().len() as u32).map(FunctionId);
        functions
            .flat_map(move |function| module.decorators(function).iter().map(move |value| (function, value)))
    }

    /// Every class.
    pub fn classes(&self) -> impl Iterator<Item = ClassId> + use<> {
        (0..self.site.module.classes().len() as u32).map(ClassId)
    }

    /// Notes an application that has no prefix of its own.
    pub fn app(&mut self, framework: Framework, key: GroupKey) {
        let (prefix, evidence) = (RoutePath::exact(""), Vec::new());
        self.found.groups.push(Group { key, framework, is_app: true, prefix, evidence });
    }

    /// Notes that a group is part of another, below this prefix and its own.
    pub fn part(&mut self, parent: GroupKey, child: GroupKey, prefix: Option<RoutePath>) {
        let evidence = Vec::new();
        self.found.mounts.push(Mount { parent, child, prefix, keeps_own: true, evidence });
    }

    /// A place in the file.
    pub fn place(&self, value: ValueId) -> Place {
        Place { file: self.site.file, span: self.site.module.span(value) }
    }

    /// The handler that a function of this file is.
    pub fn handler(&self, function: FunctionId) -> Handler {
        let class = self.site.module.function(function).and_then(|facts| facts.class);
        Handler { file: self.site.file, function: Some(function), class }
    }

    /// What a value that is registered as a handler means.
    pub fn handler_of(&self, value: ValueId) -> Handler {
        handler_of(self.site, value)
    }

    /// A path that is given as an argument.
    pub fn path(&self, value: ValueId) -> RoutePath {
        path(self.site, value)
    }

    /// The methods that a list of names is.
    pub fn methods(&self, value: ValueId) -> Option<Methods> {
        methods(self.site, value)
    }

    /// What the decorators below one say about who may call a function, the innermost first. One above it comes too
    /// late: what was registered is the function without it.
    pub fn decorators_below(&self, function: FunctionId, registers: ValueId) -> Vec<Evidence> {
        let below = self.site.module.span(registers).end;
        decorators(self.site, function)
            .into_iter()
            .filter(|evidence| evidence.place.span.start >= below)
            .collect()
    }

    /// Notes which groups are given to functions of the project, as far as their parameters are called like groups.
    fn passed(&mut self) {
        let site = self.site;
        for call in self.calls().iter() {
            let given = call
                .arguments
                .positional()
                .iter()
                .enumerate()
                .map(|(index, value)| (Some(index), None, value));
            let named = call.arguments.keywords().map(|(name, value)| (None, Some(name), value));
            let mut given = given
                .chain(named)
                .filter(|(.., value)| matches!(site.value(*value), Value::Name(..) | Value::Attribute(..)))
                .peekable();
            if given.peek().is_none() {
                continue;
            }
            let Some((file, function)) = self.called(call) else { continue };
            for (position, name, value) in given {
                let Some(parameter) = self.parameter((file, function), position, name) else { continue };
                let Some(group) = group::of(site, value).filter(|key| *key != parameter) else { continue };
                self.found.passed.push(Passed { parameter, group });
            }
        }
    }

    /// The function of the project that is called, or that makes what is.
    fn called(&self, call: &CallSite<'p>) -> Option<(FileId, FunctionId)> {
        if let Some(Entity::Class(file, class)) = self.site.resolve(call.callee).map(|found| found.entity) {
            let init = crate::facts::hash_text("__init__");
            return match self.site.project.method(Type::Class(file, class), init)? {
                Entity::Function(file, function) => Some((file, function)),
                _ => None,
            };
        }
        access::callee_of(self.site, call.callee)
    }

    /// The parameter that an argument is for, if it is called like one for a group.
    fn parameter(
        &self,
        (file, function): (FileId, FunctionId),
        position: Option<usize>,
        name: Option<Name>,
    ) -> Option<GroupKey> {
        const CALLED: &[&str] = &[
            "app",
            "application",
            "api",
            "router",
            "routes",
            "blueprint",
            "bp",
            "parent",
            "server",
            "root",
            "web",
            "flask",
            "fastapi",
            "sanic",
            "starlette",
            "namespace",
            "ns",
            "group",
            "subapp",
        ];
        let keyword = name.map(|name| self.site.module.text(name));
        let owner = Site::new(self.site.project, file)?;
        let index = group::parameter_of(owner, function, position, keyword)?;
        let parameter = owner.module.parameters(function).get(index as usize)?;
        let words = words(owner.module.text(parameter.name));
        let is_called = words.iter().any(|word| CALLED.contains(&word.as_str()));
        is_called.then_some(GroupKey::Parameter(file, function, index))
    }
}

/// A call, taken apart.
pub(super) fn call(site: Site<'_>, id: ValueId) -> Option<CallSite<'_>> {
    let Value::Call(callee, arguments) = site.value(id) else { return None };
    let receiver = match site.value(callee) {
        Value::Attribute(object, _) => Some(object),
        _ => None,
    };
    Some(CallSite { id, callee, receiver, name: site.last_segment(callee)?, arguments, class: None })
}

/// The function, class or method that a value is, through wrappers that are called with it.
pub(super) fn handler_of(site: Site<'_>, value: ValueId) -> Handler {
    let none = Handler { file: site.file, function: None, class: None };
    match site.value(value) {
        Value::Lambda(function) => Handler { function: Some(function), ..none },
        Value::Call(callee, arguments) => {
            // `View.as_view("name")`, `login_required(view)`, `partial(view, x)`.
            let class = match site.value(callee) {
                Value::Attribute(object, name) if site.module.text(name).starts_with("as_") => Some(object),
                _ => None,
            };
            let inner = class.or_else(|| arguments.positional().get(0));
            inner.map_or(none, |inner| handler_of(site, inner))
        }
        _ => match site.resolve(value).map(|found| found.entity) {
            Some(Entity::Function(file, function)) => {
                let class = site.project.module(file).and_then(|module| module.function(function)?.class);
                Handler { file, function: Some(function), class }
            }
            Some(Entity::Class(file, class)) => Handler { file, function: None, class: Some(class) },
            _ => method(site, value).unwrap_or(none),
        },
    }
}

/// What all decorators of a function say about who may call it, the innermost first.
pub(super) fn decorators(site: Site<'_>, function: FunctionId) -> Vec<Evidence> {
    let decorators = site.module.decorators(function);
    decorators.iter().rev().filter_map(|value| access::of(site, value, Means::Decorator)).collect()
}

/// What stands around a handler that is registered as a value: the functions that it is wrapped in, and its decorators.
pub(super) fn around(site: Site<'_>, value: ValueId, handler: Handler) -> Vec<Evidence> {
    let owner = Site::new(site.project, handler.file);
    let decorators = owner.zip(handler.function).map(|(owner, function)| decorators(owner, function));
    [decorators.unwrap_or_default(), wrappers(site, value)].concat()
}

/// What the functions around a handler say about who may call it: `login_required(view)`; the innermost first.
pub(super) fn wrappers(site: Site<'_>, value: ValueId) -> Vec<Evidence> {
    let (mut found, mut value) = (Vec::new(), value);
    while let Value::Call(callee, arguments) = site.value(value) {
        found.extend(access::of(site, callee, Means::Decorator));
        let Some(inner) = arguments.positional().get(0) else { break };
        value = inner;
    }
    found.reverse();
    found
}

/// `self.index`: a method of an instance.
fn method(site: Site<'_>, value: ValueId) -> Option<Handler> {
    let Value::Attribute(object, name) = site.value(value) else { return None };
    let class = site.type_of(object)?;
    match site.project.method(class, site.module.names().hash(name))? {
        Entity::Function(file, function) => {
            let class = site.project.module(file)?.function(function)?.class;
            Some(Handler { file, function: Some(function), class })
        }
        _ => None,
    }
}

/// A text that is a path; `…` stands for what is not constant.
pub(super) fn path(site: Site<'_>, value: ValueId) -> RoutePath {
    if let Some(text) = site.constant(value).and_then(|constant| constant.as_str().map(str::to_owned)) {
        return RoutePath::exact(text);
    }
    let mut path = RoutePath { text: String::new(), is_exact: false };
    for part in site.text(value).iter() {
        match part {
            Part::Constant(text) => path.text.push_str(text),
            Part::Value(file, value) => match default(site, *file, *value) {
                Some(text) => path.text.push_str(&text),
                None => path.text.push('…'),
            },
        }
    }
    path
}

/// The text that a parameter has unless it is given another.
fn default(site: Site<'_>, file: FileId, value: ValueId) -> Option<String> {
    let owner = Site::new(site.project, file)?;
    let Value::Name(_, Some(binding)) = owner.value(value) else { return None };
    let [only] = owner.module.definitions(binding) else { return None };
    let parameter = owner.module.parameter(only.id).filter(|_| only.kind == DefinitionKind::Parameter)?;
    owner.constant(parameter.default?)?.as_str().map(str::to_owned)
}

/// The texts that an expression is, or that stand in it.
pub(super) fn texts(site: Site<'_>, value: ValueId) -> Vec<String> {
    if let Some(constant) = site.constant(value) {
        return constant.as_str().map(str::to_owned).into_iter().collect();
    }
    let items = super::unroll::listed(site, value).into_iter();
    items.filter_map(|(owner, item)| owner.constant(item)?.as_str().map(str::to_owned)).collect()
}

/// The methods that a list, tuple or set of names is; `None` where that is not known.
pub(super) fn methods(site: Site<'_>, value: ValueId) -> Option<Methods> {
    let items: Vec<ValueId> = match site.value(value) {
        Value::Set(items) => items.iter().collect(),
        Value::Str(_) => vec![value],
        _ => site.elements(value)?,
    };
    let mut all = Methods::default();
    for item in items {
        all = all.and(method_of(site, item)?);
    }
    Some(all)
}

/// The method that a text is, or a constant of another library by its name: `HTTPMethod.GET`.
fn method_of(site: Site<'_>, item: ValueId) -> Option<Methods> {
    if let Some(constant) = site.constant(item) {
        return Some(Methods::of(constant.as_str()?));
    }
    Some(Methods::of(site.last_segment(item)?)).filter(|method| !method.is_empty())
}
