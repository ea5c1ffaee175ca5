//! Whose objects are: what the class of a model says of owners.

use super::fetch::{Fetch, Model, class_of};
use crate::facts::{ClassId, DefinitionKind, Name, ScopeId, Span, Statement, Value, ValueId};
use crate::finding::Confidence;
use crate::project::{Entity, FileId, Project, Type};
use crate::rule::{Site, words};

/// Who objects belong to, as classes are named.
const USERS: &[&str] = &[
    "user", "account", "tenant", "org", "organization", "organisation", "customer", "member", "membership",
    "team", "workspace", "company", "profile", "patient", "student", "employee", "client", "person", "owner",
    "household", "family", "subscriber", "seller", "buyer", "vendor", "merchant", "staff", "organizer",
];
/// Fields that say whose an object is, without the `_id` at their end.
const OWNERS: &[&str] = &[
    "user", "owner", "account", "tenant", "customer", "org", "organization", "organisation", "member", "team",
    "workspace", "company", "profile", "patient", "student", "client", "recipient", "sender", "assignee",
    "assigned_to", "holder", "belongs_to", "buyer", "seller", "payer", "requester", "subscriber",
];
/// Fields that say who made an object that others may well read.
const AUTHORS: &[&str] =
    &["author", "creator", "created_by", "posted_by", "uploaded_by", "submitted_by", "poster", "uploader", "added_by"];
/// Fields that say who did something with it.
const HANDLERS: &[&str] = &[
    "updated", "modified", "changed", "edited", "deleted", "approved", "reviewed", "liked", "likes", "followers",
    "following", "voters", "watchers", "last", "verified", "closed", "moderated", "favorited", "viewed", "read",
];
/// What is there for all to read, whoever wrote it.
const PUBLIC: &[&str] = &[
    "post", "article", "page", "product", "comment", "review", "category", "tag", "question", "answer", "event",
    "news", "blog", "story", "recipe", "book", "movie", "song", "video", "listing", "course", "lesson", "topic",
    "thread", "country", "city", "language", "currency", "poll", "choice", "tweet", "quiz", "announcement",
    "advert", "ad", "job", "vacancy", "menu", "dish", "restaurant", "hotel", "room", "property", "badge",
    "license", "genre", "artist", "album", "brand", "forum", "talk", "speaker", "entry",
];
const RELATIONS: &[&str] = &[
    "ForeignKey", "OneToOneField", "ForeignKeyField", "ReferenceField", "LazyReferenceField", "OneToOneRelation",
    "ForeignKeyRelation", "relationship", "Relationship", "Link", "Reference", "GenericForeignKey", "ParentalKey",
    "ManyToOne", "TreeForeignKey",
];
const SEVERAL: &[&str] = &["ManyToManyField", "ParentalManyToManyField"];
const COLUMNS: &[&str] = &["Column", "mapped_column", "Field", "column"];
/// How many classes away an owner may be: the line of an order, the order, its user.
const FARTHEST: u32 = 2;

/// What is known of whose an object is.
#[derive(Clone, Debug)]
pub(super) struct Owned {
    pub confidence: Confidence,
    /// The field that says it, where there is one.
    pub place: Option<(FileId, Span)>,
    /// It with its class: `Order.user`.
    pub field: String,
    /// It as queries name it: `order__user`.
    pub path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strength {
    Owner,
    Author,
    Maker,
}

/// What is known of whose the fetched object is; `None` where it belongs to nobody, or is there for all to read.
pub(super) fn owned(project: &Project, fetch: &Fetch, changes: bool) -> Option<Owned> {
    let words = singular_words(&fetch.name);
    let is = |list: &[&str]| words.last().is_some_and(|word| list.contains(&word.as_str()));
    if !changes && is(PUBLIC) {
        return None;
    }
    let is_user = is(USERS);
    let unknown = |confidence| Owned { confidence, place: None, field: String::new(), path: String::new() };
    match fetch.model {
        Model::Class(Type::Class(file, class)) => {
            let site = Site::new(project, file)?;
            if !is_model(site, class) || is_scoped(site, class) {
                return None;
            }
            let found = by_fields(site, class, changes, FARTHEST);
            let own = is_user.then(|| unknown(if changes { Confidence::Medium } else { Confidence::Low }));
            found.or(own)
        }
        // Of what is defined elsewhere only its name is known.
        Model::Class(Type::External(_)) | Model::Unknown if is(PUBLIC) || is_settled(&words) => None,
        Model::Class(Type::External(_)) | Model::Unknown => Some(unknown(Confidence::Low)),
    }
}

/// What an application is set up with, and nobody owns.
fn is_settled(words: &[String]) -> bool {
    let settled = ["type", "group", "permission", "role", "site", "setting", "config", "status", "template", "plan"];
    words.iter().any(|word| settled.contains(&word.as_str()))
}

fn by_fields(site: Site<'_>, class: ClassId, changes: bool, depth: u32) -> Option<Owned> {
    let name = site.module.class(class).map_or("", |facts| site.module.text(facts.name));
    let fields = fields(site, class);
    let mut best: Option<(Strength, &Field<'_>)> = None;
    for field in &fields {
        let Some(strength) = field.strength().filter(|strength| changes || *strength == Strength::Owner) else {
            continue;
        };
        if best.is_none_or(|(known, _)| strength == Strength::Owner && known != Strength::Owner) {
            best = Some((strength, field));
        }
    }
    if let Some((strength, field)) = best {
        let confidence = if strength == Strength::Maker { Confidence::Low } else { Confidence::Medium };
        let text = field.text();
        let place = Some((field.site.file, field.site.module.span(field.target)));
        return Some(Owned { confidence, place, field: format!("{name}.{text}"), path: text.to_owned() });
    }
    let depth = depth.checked_sub(1)?;
    fields.iter().find_map(|field| {
        let (file, parent) = field.related()?;
        let owner = Site::new(site.project, file).filter(|_| (file, parent) != (site.file, class))?;
        let found = by_fields(owner, parent, true, depth)?;
        let through = field.text().trim_end_matches("_id");
        let path = format!("{through}__{}", found.path);
        Some(Owned { confidence: Confidence::Low, path, ..found })
    })
}

/// A field of a model.
struct Field<'p> {
    site: Site<'p>,
    target: ValueId,
    value: Option<ValueId>,
    annotation: Option<ValueId>,
}

/// The fields of a class and of what it inherits from in the project.
fn fields<'p>(site: Site<'p>, class: ClassId) -> Vec<Field<'p>> {
    let mut found = Vec::new();
    for ancestor in site.project.ancestors(site.file, class) {
        let Entity::Class(file, class) = ancestor else { continue };
        let Some(site) = Site::new(site.project, file) else { continue };
        for id in site.module.class_body(class).iter() {
            let (target, value, annotation) = match site.module.statement(id) {
                Statement::Assign(target, value) => (target, Some(value), None),
                Statement::Annotated(target, annotation, value) => (target, value, Some(annotation)),
                _ => continue,
            };
            found.push(Field { site, target, value, annotation });
        }
    }
    found
}

impl<'p> Field<'p> {
    fn text(&self) -> &'p str {
        self.site.last_segment(self.target).unwrap_or_default()
    }

    fn strength(&self) -> Option<Strength> {
        let whole = self.text().trim_start_matches('_').to_ascii_lowercase();
        let is_key = ["_id", "_pk", "_uuid", "_fk", "_email"].iter().any(|end| whole.ends_with(end));
        let name = ["_id", "_pk", "_uuid", "_fk", "_email"].iter().fold(whole.as_str(), |name, end| {
            name.strip_suffix(end).unwrap_or(name)
        });
        let parts = words(name);
        if parts.iter().any(|word| HANDLERS.contains(&word.as_str())) {
            return None;
        }
        if AUTHORS.contains(&name) {
            return Some(if name == "created_by" || name == "added_by" { Strength::Maker } else { Strength::Author });
        }
        let is_owner = OWNERS.contains(&name) || parts.last().is_some_and(|word| matches!(word.as_str(), "owner" | "user"));
        if let Some((relation, target)) = self.relation() {
            let is_several = SEVERAL.contains(&relation);
            let members = ["member", "owner", "user", "participant", "collaborator", "editor", "manager", "admin"];
            let names_members = || singular_words(name).last().is_some_and(|word| members.contains(&word.as_str()));
            let is_user = singular_words(&target).last().is_some_and(|word| USERS.contains(&word.as_str()));
            return (is_user && (!is_several || names_members())).then_some(Strength::Owner);
        }
        // A plain column or attribute: only what leaves no doubt.
        let is_plain = self.value.is_none_or(|value| matches!(self.site.value(value), Value::Call(..) | Value::None));
        (is_owner && is_plain && (is_key || matches!(name, "user" | "owner"))).then_some(Strength::Owner)
    }

    /// How the field leads to another model, and that model's name as written.
    fn relation(&self) -> Option<(&'p str, String)> {
        let by_value = self.value.and_then(|value| relation(self.site, value));
        by_value.or_else(|| {
            let annotation = self.annotation?;
            let mut inner = self.site.module.values_within(annotation);
            let links = ["Mapped", "Link", "ForeignKeyRelation", "OneToOneRelation", "BackLink"];
            let several = ["list", "List", "set", "Set", "Sequence"];
            let all: Vec<&str> = inner.by_ref().filter_map(|value| match self.site.value(value) {
                Value::Str(text) => Some(self.site.module.text(text)),
                _ => self.site.last_segment(value),
            }).collect();
            let is_link = all.iter().any(|name| links.contains(name)) && !all.iter().any(|name| several.contains(name));
            let target = all.iter().rev().find(|name| name.starts_with(char::is_uppercase) && !links.contains(name) && **name != "Optional")?;
            is_link.then(|| ("Link", (*target).to_owned()))
        })
    }

    /// The model of the project that the field leads to.
    fn related(&self) -> Option<(FileId, ClassId)> {
        let value = self.value?;
        let Value::Call(callee, arguments) = self.site.value(value) else { return None };
        let name = self.site.last_segment(callee)?;
        if matches!(name, "relationship" | "Relationship") || SEVERAL.contains(&name) {
            return None;
        }
        let target = arguments.positional().get(0).or_else(|| self.site.keyword(arguments, "to"));
        if RELATIONS.contains(&name)
            && let Some(Type::Class(file, class)) = target.and_then(|target| class_of(self.site, target))
        {
            return Some((file, class));
        }
        let (_, target) = relation(self.site, value)?;
        named(self.site, &target)
    }
}

/// The relation that a call makes: its kind and its target.
fn relation<'p>(site: Site<'p>, value: ValueId) -> Option<(&'p str, String)> {
    let Value::Call(callee, arguments) = site.value(value) else { return None };
    let name = site.last_segment(callee)?;
    if RELATIONS.contains(&name) || SEVERAL.contains(&name) {
        let target = arguments.positional().get(0).or_else(|| site.keyword(arguments, "to"));
        return target.and_then(|target| target_name(site, target)).map(|target| (name, target));
    }
    if !COLUMNS.contains(&name) {
        return None;
    }
    if let Some(key) = site.keyword(arguments, "foreign_key") {
        return target_name(site, key).map(|target| (name, target));
    }
    arguments.positional().iter().find_map(|argument| relation(site, argument))
}

/// `"auth.User"`, `settings.AUTH_USER_MODEL`, `get_user_model()`, `"users.id"`, `User`, `lambda: User`.
fn target_name(site: Site<'_>, target: ValueId) -> Option<String> {
    match site.value(target) {
        Value::Str(text) => {
            let text = site.module.text(text);
            let mut parts = text.rsplit('.');
            let last = parts.next()?;
            let is_column = last.starts_with(char::is_lowercase) && text.contains('.');
            Some(if is_column { parts.next()? } else { last }.to_owned())
        }
        Value::Attribute(object, name) => {
            let name = site.module.text(name);
            let is_column = name == "id" || name.ends_with("_id");
            let name = if is_column { site.last_segment(object)? } else { name };
            Some(if name.contains("USER_MODEL") { "User" } else { name }.to_owned())
        }
        Value::Call(callee, _) => {
            site.last_segment(callee).filter(|name| name.contains("user_model")).map(|_| "User".to_owned())
        }
        Value::Lambda(function) => target_name(site, site.module.lambda_body(function)?),
        _ => site.last_segment(target).map(str::to_owned),
    }
}

/// The class of this file that a table or a class name means: `"orders"`, `"Order"`.
fn named(site: Site<'_>, name: &str) -> Option<(FileId, ClassId)> {
    let plain = |text: &str| text.replace('_', "").to_ascii_lowercase().trim_end_matches('s').to_owned();
    let wanted = plain(name);
    let mut classes = site.module.classes().iter().enumerate();
    let own = classes.find(|(_, class)| plain(site.module.text(class.name)) == wanted);
    if let Some((index, _)) = own {
        return Some((site.file, ClassId(index as u32)));
    }
    // A name that the file imports.
    let mut found = site.module.bindings_of(ScopeId(0)).filter(|binding| {
        let text = site.module.binding(*binding).map_or(Name::NONE, |binding| binding.name);
        plain(site.module.text(text)) == wanted
    });
    let binding = found.next()?;
    let import = site.module.definitions(binding).iter().find(|one| one.kind == DefinitionKind::Import)?;
    match site.project.imported(site.file, crate::facts::ImportId(import.id))?.entity {
        Entity::Class(file, class) => Some((file, class)),
        _ => None,
    }
}

/// Whether objects of a class are kept: it has columns, or inherits from what says so.
fn is_model(site: Site<'_>, class: ClassId) -> bool {
    let fields = fields(site, class);
    let is_column = |field: &Field<'_>| {
        let by_value = field.value.is_some_and(|value| match site_value(field.site, value) {
            Some(name) => {
                RELATIONS.contains(&name) || COLUMNS.contains(&name) || name.ends_with("Field") || name == "relationship"
            }
            None => false,
        });
        let by_name = matches!(field.text(), "__tablename__" | "__table__" | "objects");
        let mapped = field.annotation.is_some_and(|annotation| match field.site.value(annotation) {
            Value::Item(object, _) => field.site.last_segment(object) == Some("Mapped"),
            _ => false,
        });
        by_value || by_name || mapped
    };
    let bases = site.module.bases(class);
    let by_base = bases.is_some_and(|bases| {
        let mut names = bases.positional().iter().filter_map(|base| site.last_segment(base));
        names.any(|name| matches!(name, "Model" | "Document" | "Base" | "SQLModel" | "EmbeddedDocument"))
            || site.keyword(bases, "table").is_some()
    });
    by_base || fields.iter().any(is_column)
}

fn site_value<'p>(site: Site<'p>, value: ValueId) -> Option<&'p str> {
    match site.value(value) {
        Value::Call(callee, _) => site.last_segment(callee),
        _ => None,
    }
}

/// Whether the managers of a model look at who is calling: `objects = TenantManager()`.
fn is_scoped(site: Site<'_>, class: ClassId) -> bool {
    fields(site, class).iter().any(|field| {
        let Some(value) = field.value else { return false };
        let Some(Type::Class(file, manager)) = field.site.type_of(value) else { return false };
        let is_manager = matches!(field.text(), "objects" | "query" | "query_class" | "_default_manager");
        let Some(owner) = Site::new(site.project, file).filter(|_| is_manager) else { return false };
        let functions = owner.module.functions().iter().enumerate();
        functions.filter(|(_, facts)| facts.class == Some(manager)).any(|(index, facts)| {
            owner.module.text(facts.name) == "get_queryset"
                && super::uses::mentions_caller(owner, crate::facts::FunctionId(index as u32))
        })
    })
}

/// The table of a statement in SQL and the columns of its condition, where that is about an id and no owner.
pub(super) fn statement(text: &str) -> Option<(String, Vec<String>)> {
    let (head, condition) = text.split_once(" where ")?;
    let clean = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_').to_owned();
    let mut words = head.split_whitespace();
    let table = words.by_ref().find(|word| matches!(*word, "from" | "update" | "into"));
    let table = table.and_then(|word| if word == "update" || word == "from" { words.next() } else { None })?;
    let mut fields = Vec::new();
    for part in condition.split(" and ") {
        let (field, _) = part.split_once('=')?;
        fields.push(clean(field.trim().rsplit('.').next()?));
    }
    let table = clean(table.rsplit('.').next()?);
    let single = table.strip_suffix('s').unwrap_or(&table).to_owned();
    Some((single, fields))
}

/// The words of a name, the last one in the singular.
fn singular_words(name: &str) -> Vec<String> {
    let mut found = words(name);
    if let Some(last) = found.last_mut() {
        if let Some(stem) = last.strip_suffix("ies") {
            *last = format!("{stem}y");
        } else if !last.ends_with("ss") && !last.ends_with("us")
            && let Some(stem) = last.strip_suffix('s')
        {
            *last = stem.to_owned();
        }
    }
    found
}
