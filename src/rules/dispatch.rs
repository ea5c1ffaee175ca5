//! Brings facts to the rules that listen to them. A rule that listens to nothing in a file costs nothing there.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{overlap, whole};
use crate::facts::{
    Anchor, BindingId, ClassId, DefinitionKind, Import, ImportKind, Module, ScopeId, Span, Statement, Value,
    ValueId, hash_text, join_hash, path_hash,
};
use crate::models::Sink;
use crate::project::{Entity, FileId, Project, Type};
use crate::rule::{Call, CallJudge, Fact, FactJudge, FactKind, FactNode, FileJudge, Hit, On, Rule, Site};
use crate::taint;

/// Classes whose methods are never what `?.name` means.
const BUILTIN_CLASSES: [&str; 3] = ["builtins.str", "builtins.dict", "builtins.list"];

/// A hit with its rule and place.
#[derive(Debug)]
pub struct Judged {
    /// The rule.
    pub rule: &'static Rule,
    /// The file.
    pub file: FileId,
    /// The place.
    pub span: Span,
    /// The code that was judged.
    pub anchor: Anchor,
    /// What `{call}` stands for in the rule's message.
    pub subject: String,
    /// What the judge said.
    pub hit: Hit,
}

impl Judged {
    /// A hit that says itself where it is.
    pub(super) fn of_hit(rule: &'static Rule, file: FileId, hit: Hit) -> Judged {
        let (span, anchor) = (hit.span.unwrap_or_default(), hit.anchor.unwrap_or_default());
        Judged { rule, file, span, anchor, subject: String::new(), hit }
    }
}

/// A judge that panicked. Its other findings, and those of all other rules, are kept.
#[derive(Debug)]
pub struct Crash {
    /// The rule.
    pub rule: &'static Rule,
    /// The file; `None` for a rule about the project.
    pub file: Option<FileId>,
}

/// What the rules found, in no particular order.
#[derive(Debug, Default)]
pub struct Judgement {
    /// The hits.
    pub judged: Vec<Judged>,
    /// The judges that panicked.
    pub crashes: Vec<Crash>,
    /// Functions, or bodies of modules, that were too large for data to be followed to their ends.
    pub cut: Vec<taint::Node>,
}

impl Judgement {
    fn merge(mut self, other: Judgement) -> Judgement {
        self.judged.extend(other.judged);
        self.crashes.extend(other.crashes);
        self.cut.extend(other.cut);
        self
    }

    /// Calls a judge, and keeps a panic to itself.
    pub(super) fn guarded<T>(
        &mut self,
        rule: &'static Rule,
        file: Option<FileId>,
        judge: impl FnOnce() -> T,
    ) -> Option<T> {
        let answer = catch_unwind(AssertUnwindSafe(judge));
        if answer.is_err() {
            self.crashes.push(Crash { rule, file });
        }
        answer.ok()
    }
}

/// Judges a project by these rules. `done` is called after each file.
pub fn judge(project: &Project, rules: &[&'static Rule], done: &(dyn Fn() + Sync)) -> Judgement {
    let listeners = Listeners::new(project, rules);
    let files: Vec<FileId> = project.files().map(|(file, _)| file).collect();
    let mut judgement = files
        .par_iter()
        .map(|&file| {
            let judgement = listeners.judge_file(project, file);
            done();
            judgement
        })
        .reduce(Judgement::default, Judgement::merge);
    whole::judge_project(project, rules, &mut judgement);
    whole::judge_backend(project, rules, &mut judgement);
    overlap::keep_the_better(project, &mut judgement.judged);
    judgement
}

/// A rule that listens to a path.
#[derive(Clone, Copy)]
struct Listener<'p> {
    rule: &'static Rule,
    judge: CallJudge,
    path: &'p str,
    sink: Option<&'p Sink>,
}

/// Who listens to what.
struct Listeners<'p> {
    calls: FxHashMap<u64, Vec<Listener<'p>>>,
    /// Those of `?.name` who mean the project's own methods too.
    own: FxHashMap<u64, Vec<Listener<'p>>>,
    /// Hashes of the last segments of all paths in `calls`, and of the names that the project gives them.
    names: FxHashSet<u64>,
    imports: FxHashMap<u64, Vec<(&'static Rule, &'static str)>>,
    /// By kind of fact.
    facts: FxHashMap<FactKind, Vec<(&'static Rule, FactJudge)>>,
    files: Vec<(&'static Rule, FileJudge)>,
    unknown_receiver: u64,
}

impl<'p> Listeners<'p> {
    fn new(project: &'p Project, rules: &[&'static Rule]) -> Listeners<'p> {
        let mut listeners = Listeners {
            calls: FxHashMap::default(),
            own: FxHashMap::default(),
            names: FxHashSet::default(),
            imports: FxHashMap::default(),
            facts: FxHashMap::default(),
            files: Vec::new(),
            unknown_receiver: hash_text("?"),
        };
        for &rule in rules {
            listeners.add(project, rule, &rule.on);
        }
        let renamed = listeners.renamed(project);
        listeners.names.extend(renamed);
        listeners
    }

    fn add(&mut self, project: &'p Project, rule: &'static Rule, on: &'static On) {
        match *on {
            On::Sink(kind, libraries, judge) => {
                let of_library = |sink: &&Sink| libraries.is_empty() || libraries.contains(&&*sink.library);
                let sinks = project.models().sinks().iter().filter(|sink| sink.kind == kind);
                for sink in sinks.filter(of_library) {
                    self.listen(Listener { rule, judge, path: &sink.path, sink: Some(sink) });
                }
            }
            On::Call(paths, judge) => {
                for path in paths {
                    self.listen(Listener { rule, judge, path, sink: None });
                }
            }
            On::Import(paths) => {
                for path in paths {
                    self.imports.entry(path_hash(path)).or_default().push((rule, path));
                }
            }
            On::Fact(kinds, judge) => {
                for &kind in kinds {
                    self.facts.entry(kind).or_default().push((rule, judge));
                }
            }
            On::Any(forms) => forms.iter().for_each(|form| self.add(project, rule, form)),
            On::File(judge) => self.files.push((rule, judge)),
            On::Flow(_) | On::Route(_) | On::Handler(_) | On::Project(_) | On::Reported => {}
        }
    }

    fn listen(&mut self, listener: Listener<'p>) {
        let path = path_hash(listener.path);
        self.calls.entry(path).or_default().push(listener);
        if listener.sink.is_some_and(|sink| sink.own) {
            self.own.entry(path).or_default().push(listener);
        }
        let last = listener.path.rsplit('.').next().unwrap_or(listener.path);
        self.names.insert(hash_text(last));
    }

    /// The names that the project gives to what is listened to, by `import … as` and by assignment.
    fn renamed(&self, project: &Project) -> FxHashSet<u64> {
        let files: Vec<(FileId, &Module)> = project.files().map(|(id, file)| (id, &*file.module)).collect();
        let heirs = files.par_iter().flat_map_iter(|(file, module)| self.heirs(project, *file, module));
        let mut found: FxHashSet<u64> = heirs.collect();
        let mut open: Vec<(u64, u64)> =
            files.par_iter().flat_map_iter(|(_, module)| renamings(module)).collect();
        // A new name may be given a newer one in turn.
        loop {
            let before = open.len();
            open.retain(|(old, new)| {
                let known = self.names.contains(old) || found.contains(old);
                if known {
                    found.insert(*new);
                }
                !known
            });
            if open.len() == before {
                return found;
            }
        }
    }

    /// The names of the classes of a file whose instances are made by a class that is listened to.
    fn heirs(&self, project: &Project, file: FileId, module: &Module) -> Vec<u64> {
        let classes = (0..module.classes().len() as u32).map(ClassId);
        let heirs = classes.filter(|class| self.by_constructor(project, Type::Class(file, *class)).is_some());
        heirs.filter_map(|class| Some(module.names().hash(module.class(class)?.name))).collect()
    }

    fn judge_file(&self, project: &'p Project, file: FileId) -> Judgement {
        let mut judgement = Judgement::default();
        let Some(site) = Site::new(project, file) else { return judgement };
        if !self.calls.is_empty() {
            for id in site.module.calls() {
                self.judge_call(site, id, &mut judgement);
            }
        }
        if !self.imports.is_empty() {
            self.judge_imports(site, &mut judgement);
        }
        if !self.facts.is_empty() {
            self.judge_facts(site, &mut judgement);
        }
        for &(rule, judge) in &self.files {
            let hits = judgement.guarded(rule, Some(file), || judge(site)).unwrap_or_default();
            judgement.judged.extend(hits.into_iter().map(|hit| Judged::of_hit(rule, file, hit)));
        }
        judgement
    }

    fn judge_call(&self, site: Site<'p>, id: ValueId, judgement: &mut Judgement) {
        let Value::Call(callee, arguments) = site.module.value(id) else { return };
        let heard = match site.module.value(callee) {
            Value::Name(name, binding) => {
                let listened = self.names.contains(&site.module.names().hash(name));
                (listened || binding.is_some_and(|binding| is_alias(site.module, binding)))
                    .then(|| self.by_path(site, callee))
                    .flatten()
            }
            Value::Attribute(object, name) => {
                let name = site.module.names().hash(name);
                self.names
                    .contains(&name)
                    .then(|| self.by_path(site, callee).or_else(|| self.by_type(site, object, name)))
                    .flatten()
            }
            _ => None,
        };
        for listener in heard.into_iter().flatten() {
            let Listener { rule, judge, path, sink } = *listener;
            let call = Call { site, id, callee, arguments, path, sink };
            if let Some(Some(hit)) = judgement.guarded(rule, Some(site.file), || judge(&call)) {
                let span = hit.span.unwrap_or_else(|| call.span());
                let subject = shown_path(path).to_owned();
                let anchor = hit.anchor.unwrap_or(Anchor::Value(id));
                judgement.judged.push(Judged { rule, file: site.file, span, anchor, subject, hit });
            }
        }
    }

    /// Who listens to the path that a callee leads to by its names.
    fn by_path(&self, site: Site<'p>, callee: ValueId) -> Option<&Vec<Listener<'p>>> {
        let found = site.project.resolve(site.file, callee)?;
        let named = site.project.paths(found).find_map(|path| self.calls.get(&path));
        let Entity::Class(file, class) = found.entity else { return named };
        named.or_else(|| self.by_constructor(site.project, Type::Class(file, class)))
    }

    /// Who listens to a class outside of the project that makes the instances of one of its own.
    fn by_constructor(&self, project: &Project, class: Type) -> Option<&Vec<Listener<'p>>> {
        if matches!(project.method(class, hash_text("__init__")), Some(Entity::Function(..))) {
            return None;
        }
        project.external_bases(class).iter().find_map(|base| self.calls.get(base))
    }

    /// Who listens to a method by the class of its receiver, or by its name where the class is not known.
    fn by_type(&self, site: Site<'p>, object: ValueId, name: u64) -> Option<&Vec<Listener<'p>>> {
        let method = join_hash(self.unknown_receiver, name);
        if site.project.resolve(site.file, object).is_some_and(|found| !is_variable(found.entity)) {
            return self.own.get(&method);
        }
        let class = site.type_of(object);
        let bases = class.map(|class| site.project.external_bases(class)).unwrap_or_default();
        let known = bases.iter().find_map(|&base| self.calls.get(&join_hash(base, name)));
        if known.is_some() {
            return known;
        }
        let own_method = class.is_some_and(|class| match class {
            Type::External(path) => BUILTIN_CLASSES.iter().any(|class| path_hash(class) == path),
            Type::Class(..) => {
                site.project.method(class, name).is_some_and(|method| !matches!(method, Entity::External(_)))
            }
        });
        match class {
            Some(Type::Class(..)) if own_method => self.own.get(&method),
            _ if own_method => None,
            _ => self.calls.get(&method),
        }
    }

    fn judge_imports(&self, site: Site<'p>, judgement: &mut Judgement) {
        for import in site.module.imports() {
            let hits = import_paths(site.module, import).find_map(|path| self.imports.get(&path));
            for (rule, path) in hits.into_iter().flatten() {
                judgement.judged.push(Judged {
                    rule,
                    file: site.file,
                    span: import.span,
                    anchor: Anchor::Text,
                    subject: (*path).to_owned(),
                    hit: Hit::here(),
                });
            }
        }
    }

    fn judge_facts(&self, site: Site<'p>, judgement: &mut Judgement) {
        let wants = |kind| self.facts.contains_key(&kind);
        if wants(FactKind::Import) {
            for import in site.module.imports() {
                let fact = Fact { site, node: FactNode::Import(import) };
                self.judge_fact(FactKind::Import, fact, (import.span, Anchor::Text), judgement);
            }
        }
        for id in site.module.statements() {
            let statement = site.module.statement(id);
            let kind = match statement {
                Statement::Try(parts) => {
                    for (index, handler) in parts.handlers().enumerate() {
                        let span = Span::new(handler.start, handler.end);
                        let fact = Fact { site, node: FactNode::Except(handler, parts) };
                        let anchor = Anchor::Clause(id, index as u32);
                        self.judge_fact(FactKind::Except, fact, (span, anchor), judgement);
                    }
                    continue;
                }
                Statement::Assert(..) => FactKind::Assert,
                Statement::Assign(..) | Statement::Annotated(..) | Statement::Augmented(..) => {
                    FactKind::Assign
                }
                Statement::Raise(..) => FactKind::Raise,
                Statement::Return(..) => FactKind::Return,
                Statement::Function(..) => FactKind::Function,
                _ => continue,
            };
            let fact = Fact { site, node: FactNode::Statement(id, statement) };
            let place = (site.module.statement_span(id), Anchor::Statement(id));
            self.judge_fact(kind, fact, place, judgement);
        }
        if wants(FactKind::Compare) || wants(FactKind::Text) {
            for id in site.module.values() {
                let value = site.module.value(id);
                let kind = match value {
                    Value::Compare(_) => FactKind::Compare,
                    Value::Str(_) => FactKind::Text,
                    _ => continue,
                };
                let fact = Fact { site, node: FactNode::Value(id, value) };
                self.judge_fact(kind, fact, (site.module.span(id), Anchor::Value(id)), judgement);
            }
        }
    }

    fn judge_fact(
        &self,
        kind: FactKind,
        fact: Fact<'p>,
        (span, anchor): (Span, Anchor),
        judgement: &mut Judgement,
    ) {
        for (rule, judge) in self.facts.get(&kind).into_iter().flatten() {
            let file = fact.site.file;
            if let Some(Some(hit)) = judgement.guarded(rule, Some(file), || judge(&fact)) {
                let (span, anchor) = (hit.span.unwrap_or(span), hit.anchor.unwrap_or(anchor));
                judgement.judged.push(Judged { rule, file, span, anchor, subject: String::new(), hit });
            }
        }
    }
}

/// The old and the new name, as hashes, of everything that a module gives another name.
fn renamings(module: &Module) -> Vec<(u64, u64)> {
    let names = module.names();
    let bound = |binding: BindingId| module.binding(binding).map(|binding| names.hash(binding.name));
    let imports = module
        .imports()
        .iter()
        .filter_map(|import| Some((names.hash(import.member.some()?), bound(import.binding?)?)));
    let assignments = module.bindings_of(ScopeId(0)).filter_map(|binding| {
        let [only] = module.definitions(binding) else { return None };
        match module.value(only.value().filter(|_| only.kind == DefinitionKind::Assigned)?) {
            Value::Attribute(_, name) | Value::Name(name, _) => Some((names.hash(name), bound(binding)?)),
            _ => None,
        }
    });
    imports.chain(assignments).filter(|(old, new)| old != new).collect()
}

/// Whether a name is bound once, by an assignment or import: it may stand for anything.
fn is_alias(module: &Module, binding: BindingId) -> bool {
    matches!(module.definitions(binding), [only] if only.kind == DefinitionKind::Assigned)
}

fn is_variable(entity: Entity) -> bool {
    matches!(entity, Entity::Variable(..))
}

/// How a path is shown to people.
pub(super) fn shown_path(path: &str) -> &str {
    path.strip_prefix("builtins.").or_else(|| path.strip_prefix('?')).unwrap_or(path)
}

/// The hashes of what an import names: the member, then the module.
fn import_paths(module: &Module, import: &Import) -> impl Iterator<Item = u64> {
    let absolute = import.level == 0;
    let path = absolute.then(|| path_hash(module.text(import.module)));
    let member = path.filter(|_| import.kind == ImportKind::Member);
    let member = member.map(|path| join_hash(path, module.names().hash(import.member)));
    member.into_iter().chain(path)
}
