//! The fields of models: which of them lead to users, and which to other models.

use super::fetch::class_of;
use crate::facts::{ClassId, DefinitionKind, ImportId, Name, ScopeId, Statement, Value, ValueId};
use crate::project::{Entity, FileId, Type};
use crate::rule::{Site, words};

/// Who objects belong to, as classes are named.
pub(super) const USERS: &[&str] = &[
    "user",
    "account",
    "tenant",
    "org",
    "organization",
    "organisation",
    "customer",
    "member",
    "membership",
    "team",
    "workspace",
    "company",
    "profile",
    "patient",
    "student",
    "employee",
    "client",
    "person",
    "owner",
    "household",
    "family",
    "subscriber",
    "seller",
    "buyer",
    "vendor",
    "merchant",
    "staff",
    "organizer",
];
/// Fields that say whose an object is, without the `_id` at their end.
const OWNERS: &[&str] = &[
    "user",
    "owner",
    "account",
    "tenant",
    "customer",
    "org",
    "organization",
    "organisation",
    "member",
    "team",
    "workspace",
    "company",
    "profile",
    "patient",
    "student",
    "client",
    "recipient",
    "sender",
    "assignee",
    "assigned_to",
    "holder",
    "belongs_to",
    "buyer",
    "seller",
    "payer",
    "requester",
    "subscriber",
];
/// Fields that say who made an object that others may well read.
const AUTHORS: &[&str] = &[
    "author",
    "creator",
    "created_by",
    "posted_by",
    "uploaded_by",
    "submitted_by",
    "poster",
    "uploader",
    "added_by",
];
/// Fields that say who did something with it.
const HANDLERS: &[&str] = &[
    "updated",
    "modified",
    "changed",
    "edited",
    "deleted",
    "approved",
    "reviewed",
    "liked",
    "likes",
    "followers",
    "following",
    "voters",
    "watchers",
    "last",
    "verified",
    "closed",
    "moderated",
    "favorited",
    "viewed",
    "read",
];
const RELATIONS: &[&str] = &[
    "ForeignKey",
    "OneToOneField",
    "ForeignKeyField",
    "ReferenceField",
    "LazyReferenceField",
    "OneToOneRelation",
    "ForeignKeyRelation",
    "relationship",
    "Relationship",
    "Link",
    "Reference",
    "GenericForeignKey",
    "ParentalKey",
    "ManyToOne",
    "TreeForeignKey",
];
const SEVERAL: &[&str] = &["ManyToManyField", "ParentalManyToManyField"];
const COLUMNS: &[&str] = &["Column", "mapped_column", "Field", "column"];

/// How surely a field says whose an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    Owner,
    Author,
    Maker,
}

/// A field of a model.
pub(super) struct Field<'p> {
    pub site: Site<'p>,
    pub target: ValueId,
    pub value: Option<ValueId>,
    annotation: Option<ValueId>,
}

/// The fields of a class and of what it inherits from in the project.
pub(super) fn fields<'p>(site: Site<'p>, class: ClassId) -> Vec<Field<'p>> {
    let mut found = Vec::new();
    for &ancestor in site.project.ancestors(site.file, class).iter() {
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
    /// Its name.
    pub fn text(&self) -> &'p str {
        self.site.last_segment(self.target).unwrap_or_default()
    }

    /// How surely it says whose an object is.
    pub fn strength(&self) -> Option<Strength> {
        const ENDS: [&str; 5] = ["_id", "_pk", "_uuid", "_fk", "_email"];
        let whole = self.text().trim_start_matches('_').to_ascii_lowercase();
        let is_key = ENDS.iter().any(|end| whole.ends_with(end));
        let name = ENDS.iter().fold(whole.as_str(), |name, end| name.strip_suffix(end).unwrap_or(name));
        let parts = words(name);
        if parts.iter().any(|word| HANDLERS.contains(&word.as_str())) {
            return None;
        }
        if AUTHORS.contains(&name) {
            let is_note = matches!(name, "created_by" | "added_by");
            return Some(if is_note { Strength::Maker } else { Strength::Author });
        }
        if let Some((relation, target)) = self.relation() {
            return is_owner(name, relation, &target).then_some(Strength::Owner);
        }
        // A plain column or attribute: only what leaves no doubt.
        let is_plain =
            self.value.is_none_or(|value| matches!(self.site.value(value), Value::Call(..) | Value::None));
        let ends = parts.last().is_some_and(|word| matches!(word.as_str(), "owner" | "user"));
        let is_owner = OWNERS.contains(&name) || ends;
        (is_owner && is_plain && (is_key || matches!(name, "user" | "owner"))).then_some(Strength::Owner)
    }

    /// Whether it is a column, or a relation: what models have.
    pub fn is_column(&self) -> bool {
        let called = self.value.and_then(|value| match self.site.value(value) {
            Value::Call(callee, _) => self.site.last_segment(callee),
            _ => None,
        });
        let is_made = called.is_some_and(|name| {
            RELATIONS.contains(&name) || COLUMNS.contains(&name) || name.ends_with("Field")
        });
        let is_mapped = self.annotation.is_some_and(|annotation| match self.site.value(annotation) {
            Value::Item(object, _) => self.site.last_segment(object) == Some("Mapped"),
            _ => false,
        });
        is_made || is_mapped || matches!(self.text(), "__tablename__" | "__table__" | "objects")
    }

    /// How the field leads to another model, and that model's name as written.
    fn relation(&self) -> Option<(&'p str, String)> {
        let by_value = self.value.and_then(|value| relation(self.site, value));
        by_value.or_else(|| linked(self.site, self.annotation?).map(|target| ("Link", target)))
    }

    /// The model of the project that the field leads to.
    pub fn related(&self) -> Option<(FileId, ClassId)> {
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

/// Whether a relation to a model of this name says whose an object is; to several users only as members.
fn is_owner(field: &str, relation: &str, target: &str) -> bool {
    const MEMBERS: &[&str] =
        &["member", "owner", "user", "participant", "collaborator", "editor", "manager", "admin"];
    let ends = |name: &str, list: &[&str]| {
        singular_words(name).last().is_some_and(|word| list.contains(&word.as_str()))
    };
    ends(target, USERS) && (!SEVERAL.contains(&relation) || ends(field, MEMBERS))
}

/// The model that an annotation links to: `Mapped["User"]`, `Link[User]`, but not `Mapped[list["User"]]`.
fn linked(site: Site<'_>, annotation: ValueId) -> Option<String> {
    const LINKS: &[&str] = &["Mapped", "Link", "ForeignKeyRelation", "OneToOneRelation", "BackLink"];
    const LISTS: &[&str] = &["list", "List", "set", "Set", "Sequence"];
    let name = |value| match site.value(value) {
        Value::Str(text) => Some(site.module.text(text)),
        _ => site.last_segment(value),
    };
    let all: Vec<&str> = site.module.values_within(annotation).filter_map(name).collect();
    let has = |list: &[&str]| all.iter().any(|name| list.contains(name));
    let is_class =
        |name: &&&str| name.starts_with(char::is_uppercase) && !LINKS.contains(*name) && **name != "Optional";
    let target = all.iter().rev().find(is_class)?;
    (has(LINKS) && !has(LISTS)).then(|| (*target).to_owned())
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
    match site.project.imported(site.file, ImportId(import.id))?.entity {
        Entity::Class(file, class) => Some((file, class)),
        _ => None,
    }
}

/// The words of a name, the last one in the singular.
pub(super) fn singular_words(name: &str) -> Vec<String> {
    let mut found = words(name);
    if let Some(last) = found.last_mut() {
        if let Some(stem) = last.strip_suffix("ies") {
            *last = format!("{stem}y");
        } else if !last.ends_with("ss")
            && !last.ends_with("us")
            && let Some(stem) = last.strip_suffix('s')
        {
            *last = stem.to_owned();
        }
    }
    found
}
