//! What the permission classes of a view say, for one action and method: lists of them, and where they come from.

use super::super::classes::{Lineage, Member, class_type};
use super::super::django::Settings;
use super::super::model::{Evidence, Means, Place};
use super::super::names;
pub(in crate::web) use super::scenes::Scene;
use super::scenes::{Run, run};
use crate::facts::{Arguments, BinaryOperator, DefinitionKind, FunctionId, Value, ValueId};
use crate::project::{Entity, Project, Site};

/// The deepest nesting of lists, variables and operators.
const DEEPEST: u32 = 12;

const DECORATOR: &[&str] = &["rest_framework.decorators.permission_classes"];
const DEFAULTS: &str = "DEFAULT_PERMISSION_CLASSES";

/// Permission classes that are given for a view in place of its own; several lists where that depends.
#[derive(Clone, Debug)]
pub(in crate::web) struct Given<'p> {
    pub site: Site<'p>,
    pub values: Vec<ValueId>,
}

/// What one permission class says.
#[derive(Clone, Debug)]
enum Word {
    Protects(Evidence),
    Opens(Evidence),
    /// Nothing of who may call.
    Silent,
}

/// What the permission classes of a view class say.
pub(in crate::web) fn permissions<'p>(
    settings: &Settings,
    project: &'p Project,
    lineage: &Lineage<'p>,
    scene: &Scene<'_>,
    given: Option<&Given<'p>>,
) -> Vec<Evidence> {
    let judge = Judge { settings, project, lineage: Some(lineage), scene };
    let asked = lineage.members("get_permissions").into_iter().find_map(|member| match member {
        Member::Function(site, function) => judge.returned(site, function, given),
        _ => None,
    });
    let found = verdict(&asked.unwrap_or_else(|| judge.attribute(given)));
    if found.iter().any(|one| !one.opens) {
        return found;
    }
    judge.authentication().into_iter().chain(found).collect()
}

/// What `@permission_classes([…])`, or else the settings, say of a function.
pub(in crate::web) fn function_permissions(
    settings: &Settings,
    site: Site<'_>,
    function: FunctionId,
    scene: &Scene<'_>,
) -> Vec<Evidence> {
    let judge = Judge { settings, project: site.project, lineage: None, scene };
    let given = site.module.decorators(function).iter().find_map(|decorator| match site.value(decorator) {
        Value::Call(callee, arguments) if site.is_any(callee, DECORATOR) => {
            site.argument(arguments, 0, "permission_classes")
        }
        _ => None,
    });
    verdict(&match given {
        Some(given) => judge.list(site, given, None, DEEPEST),
        None => judge.defaults(site),
    })
}

/// What `permission_classes=[…]` among the arguments of a call says.
pub(in crate::web) fn given_permissions(
    settings: &Settings,
    site: Site<'_>,
    arguments: Arguments<'_>,
) -> Vec<Evidence> {
    let scene = Scene { action: None, method: super::super::model::Methods::ANY, is_detail: None };
    let judge = Judge { settings, project: site.project, lineage: None, scene: &scene };
    let given = site.keyword(arguments, "permission_classes");
    given.map_or_else(Vec::new, |given| verdict(&judge.list(site, given, None, DEEPEST)))
}

/// What the settings say for a view of the library itself.
pub(super) fn default_permissions(settings: &Settings, site: Site<'_>, scene: &Scene<'_>) -> Vec<Evidence> {
    verdict(&Judge { settings, project: site.project, lineage: None, scene }.defaults(site))
}

/// Every class has to let a caller pass: one that protects is enough.
fn verdict(words: &[Word]) -> Vec<Evidence> {
    let protects = words.iter().find_map(|word| match word {
        Word::Protects(evidence) => Some(evidence.clone()),
        _ => None,
    });
    let opens = || {
        words.iter().find_map(|word| match word {
            Word::Opens(evidence) => Some(evidence.clone()),
            _ => None,
        })
    };
    protects.or_else(opens).into_iter().collect()
}

fn protects(words: &[Word]) -> bool {
    words.iter().any(|word| matches!(word, Word::Protects(_)))
}

/// Of what may hold, what protects least.
fn weakest(all: impl IntoIterator<Item = Vec<Word>>) -> Option<Vec<Word>> {
    let mut found: Option<Vec<Word>> = None;
    for words in all {
        if found.as_ref().is_none_or(|old| protects(old)) {
            found = Some(words);
        }
    }
    found
}

/// Judges the permission classes of a view.
pub(super) struct Judge<'s, 'p> {
    pub settings: &'s Settings,
    pub project: &'p Project,
    /// The class of the view, where it is one.
    pub lineage: Option<&'s Lineage<'p>>,
    pub scene: &'s Scene<'s>,
}

impl<'p> Judge<'_, 'p> {
    /// The attribute `permission_classes`, or what stands in for it.
    fn attribute(&self, given: Option<&Given<'p>>) -> Vec<Word> {
        let own = || {
            let (site, values) = self.lineage?.values("permission_classes")?;
            Some(Given { site, values })
        };
        let Some(Given { site, values }) = given.cloned().or_else(own) else {
            let asking = self.lineage.and_then(|lineage| lineage.own().next()).map(|(site, _)| site);
            return asking.map_or_else(Vec::new, |site| self.defaults(site));
        };
        weakest(values.into_iter().map(|value| self.list(site, value, None, DEEPEST))).unwrap_or_default()
    }

    fn defaults(&self, asking: Site<'_>) -> Vec<Word> {
        let lists = self.settings.permissions(self.project, asking.file).into_iter();
        let lists = lists.filter_map(|(file, value)| {
            Some(self.list(Site::new(self.project, file)?, value, None, DEEPEST))
        });
        weakest(lists).unwrap_or_default()
    }

    /// What `get_permissions` returns.
    fn returned(&self, site: Site<'p>, function: FunctionId, given: Option<&Given<'p>>) -> Option<Vec<Word>> {
        let run = run(site, function, self.scene);
        weakest(run.returned.iter().map(|returned| {
            let value = &returned.value;
            let is_super = matches!(site.value(*value), Value::Call(callee, _)
                if site.last_segment(callee) == Some("get_permissions"));
            if is_super {
                let fields = run.field("permission_classes");
                let fields = fields.into_iter().map(|value| self.list(site, value, Some(&run), DEEPEST));
                // The last assignment may not have happened: what the class has may hold as well.
                return weakest(fields).unwrap_or_else(|| self.attribute(given));
            }
            self.list(site, *value, Some(&run), DEEPEST)
        }))
    }

    /// A list of permission classes, or of instances of them.
    fn list(&self, site: Site<'p>, value: ValueId, run: Option<&Run<'p, '_>>, depth: u32) -> Vec<Word> {
        let Some(depth) = depth.checked_sub(1) else { return vec![Word::Silent] };
        match site.value(value) {
            Value::List(items) | Value::Tuple(items) | Value::Set(items) if items.is_empty() => {
                let place = Place { file: site.file, span: site.module.span(value) };
                let name = "no permission classes".to_owned();
                vec![Word::Opens(Evidence { means: Means::Attribute, name, place, opens: true })]
            }
            Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
                let words = items.iter().flat_map(|item| match site.value(item) {
                    Value::Starred(inner) => self.list(site, inner, run, depth),
                    _ => vec![self.word(site, item, depth)],
                });
                words.collect()
            }
            Value::Binary(BinaryOperator::Add, left, right) => {
                [self.list(site, left, run, depth), self.list(site, right, run, depth)].concat()
            }
            Value::Conditional(test, then, otherwise) => {
                let holds = run.and_then(|run| run.test(test));
                let branches = [(then, true), (otherwise, false)].into_iter();
                let possible = branches.filter(|(_, passes)| holds.is_none_or(|holds| holds == *passes));
                weakest(possible.map(|(value, _)| self.list(site, value, run, depth))).unwrap_or_default()
            }
            Value::Comprehension(comprehension) => comprehension
                .clauses()
                .next()
                .map_or_else(Vec::new, |(_, iterable, _)| self.list(site, iterable, run, depth)),
            Value::Call(callee, arguments) => match site.last_segment(callee) {
                Some("get_permissions") => self.attribute(None),
                Some("list" | "tuple") => arguments
                    .positional()
                    .get(0)
                    .map_or_else(|| vec![Word::Silent], |inner| self.list(site, inner, run, depth)),
                _ => vec![self.word(site, value, depth)],
            },
            Value::Item(object, key) => self.chosen(site, object, key, run, depth),
            Value::Name(..) | Value::Attribute(..) => self.named(site, value, run, depth),
            _ => vec![self.word(site, value, depth)],
        }
    }

    /// A variable that is such a list, or one permission class.
    fn named(&self, site: Site<'p>, value: ValueId, run: Option<&Run<'p, '_>>, depth: u32) -> Vec<Word> {
        let worth = run.map(|run| run.worth(value)).unwrap_or_default();
        if !worth.is_empty() {
            return weakest(worth.into_iter().map(|value| self.list(site, value, run, depth)))
                .unwrap_or_default();
        }
        if site.last_segment(value) == Some(DEFAULTS) {
            return self.defaults(site);
        }
        if let Value::Attribute(object, name) = site.value(value)
            && site.last_segment(object) == Some("self")
        {
            if site.module.text(name) == "permission_classes" {
                return self.attribute(None);
            }
            let values = self.lineage.and_then(|lineage| lineage.values(site.module.text(name)));
            let lists = values.map(|(site, values)| values.into_iter().map(move |value| (site, value)));
            let lists = lists.into_iter().flatten().map(|(site, value)| self.list(site, value, None, depth));
            return weakest(lists).unwrap_or_else(|| vec![Word::Silent]);
        }
        match site.resolve(value).map(|found| found.entity) {
            Some(Entity::Variable(file, binding)) => {
                let Some(owner) = Site::new(self.project, file) else { return vec![Word::Silent] };
                let definitions = owner.module.definitions(binding).iter();
                let values = definitions.filter(|one| one.kind == DefinitionKind::Assigned);
                let lists = values.filter_map(|one| Some(self.list(owner, one.value()?, None, depth)));
                weakest(lists).unwrap_or_else(|| vec![Word::Silent])
            }
            _ => vec![self.word(site, value, depth)],
        }
    }

    /// `self.permissions_by_action[self.action]`.
    fn chosen(
        &self,
        site: Site<'p>,
        object: ValueId,
        _key: ValueId,
        run: Option<&Run<'p, '_>>,
        depth: u32,
    ) -> Vec<Word> {
        let Value::Attribute(_, name) = site.value(object) else { return vec![Word::Silent] };
        let table = self.lineage.and_then(|lineage| lineage.values(site.module.text(name)));
        let Some((owner, values)) = table else { return vec![Word::Silent] };
        let entry = |key: &str| values.iter().find_map(|table| owner.entry(*table, key));
        let found = self.scene.action.and_then(&entry);
        match found.or_else(|| entry("default")) {
            Some(value) => self.list(owner, value, run, depth),
            // The look-up fails, and what catches that decides.
            None => Vec::new(),
        }
    }

    /// One permission class, an instance of it, or a combination.
    fn word(&self, site: Site<'p>, value: ValueId, depth: u32) -> Word {
        let Some(depth) = depth.checked_sub(1) else { return Word::Silent };
        match site.value(value) {
            Value::Binary(operator @ (BinaryOperator::BitOr | BinaryOperator::BitAnd), left, right) => {
                let words = [self.word(site, left, depth), self.word(site, right, depth)];
                let is_and = operator == BinaryOperator::BitAnd;
                combined(is_and, words)
            }
            Value::Str(name) => {
                let found = site.project.dotted(site.file, site.module.text(name));
                let name = site.module.text(name).rsplit('.').next().unwrap_or_default();
                found.map_or(Word::Silent, |found| self.class(site, value, found.entity, name, depth))
            }
            Value::Call(callee, arguments) => {
                let name = site.last_segment(callee).unwrap_or_default();
                let given: Vec<ValueId> = arguments.positional().iter().collect();
                match (name, &given[..]) {
                    ("OR" | "Or", [left, right]) => {
                        combined(false, [self.word(site, *left, depth), self.word(site, *right, depth)])
                    }
                    ("AND" | "And", [left, right]) => {
                        combined(true, [self.word(site, *left, depth), self.word(site, *right, depth)])
                    }
                    _ => self.word(site, callee, depth),
                }
            }
            Value::Name(..) | Value::Attribute(..) => {
                let name = site.last_segment(value).unwrap_or_default();
                match site.resolve(value).map(|found| found.entity) {
                    Some(Entity::Variable(file, binding)) => {
                        let Some(owner) = Site::new(self.project, file) else { return Word::Silent };
                        let definition = owner.module.definitions(binding).iter().find_map(|one| one.value());
                        definition.map_or(Word::Silent, |value| self.word(owner, value, depth))
                    }
                    Some(entity) => self.class(site, value, entity, name, depth),
                    None => Word::Silent,
                }
            }
            _ => Word::Silent,
        }
    }

    fn class(&self, site: Site<'p>, value: ValueId, entity: Entity, name: &str, depth: u32) -> Word {
        let place = Place { file: site.file, span: site.module.span(value) };
        let evidence = |opens| Evidence { means: Means::Attribute, name: name.to_owned(), place, opens };
        let word = |protects: Option<bool>| match protects {
            Some(true) => Word::Protects(evidence(false)),
            Some(false) => Word::Opens(evidence(true)),
            None => Word::Silent,
        };
        match entity {
            // A factory of permission classes: what it is given, and its name, say what it demands.
            Entity::Function(..) => word(names::by_name(name)),
            _ => match class_type(self.project, entity) {
                Some(class) => word(self.demands(class, name, depth)),
                None => Word::Silent,
            },
        }
    }
}

fn combined(is_and: bool, words: [Word; 2]) -> Word {
    let [left, right] = words;
    let protects = |word: &Word| matches!(word, Word::Protects(_));
    let opens = |word: &Word| matches!(word, Word::Opens(_));
    if is_and {
        return if !protects(&left) && (protects(&right) || !opens(&left)) { right } else { left };
    }
    if protects(&left) && protects(&right) || opens(&left) {
        return left;
    }
    if opens(&right) { right } else { Word::Silent }
}
