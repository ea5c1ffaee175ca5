//! Whose objects are: what the class of a model says of owners.

use super::fetch::{Fetch, Model};
use super::fields::{Field, Strength, USERS, fields, singular_words};
use crate::facts::{ClassId, FunctionId, Span};
use crate::finding::Confidence;
use crate::project::{FileId, Project, Type};
use crate::rule::Site;

/// What is there for all to read, whoever wrote it.
const PUBLIC: &[&str] = &[
    "post",
    "article",
    "page",
    "product",
    "comment",
    "review",
    "category",
    "tag",
    "question",
    "answer",
    "event",
    "news",
    "blog",
    "story",
    "recipe",
    "book",
    "movie",
    "song",
    "video",
    "listing",
    "course",
    "lesson",
    "topic",
    "thread",
    "country",
    "city",
    "language",
    "currency",
    "poll",
    "choice",
    "tweet",
    "quiz",
    "announcement",
    "advert",
    "ad",
    "job",
    "vacancy",
    "menu",
    "dish",
    "restaurant",
    "hotel",
    "room",
    "property",
    "badge",
    "license",
    "genre",
    "artist",
    "album",
    "brand",
    "forum",
    "talk",
    "speaker",
    "entry",
];
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

/// Whether a field is about a group of callers and not about one.
pub(super) fn is_group(field: &str) -> bool {
    const GROUPS: &[&str] = &[
        "tenant",
        "org",
        "organization",
        "organisation",
        "team",
        "workspace",
        "company",
        "account",
        "household",
    ];
    GROUPS.contains(&field)
}

/// What an application is set up with, and nobody owns.
fn is_settled(words: &[String]) -> bool {
    let settled =
        ["type", "group", "permission", "role", "site", "setting", "config", "status", "template", "plan"];
    words.iter().any(|word| settled.contains(&word.as_str()))
}

fn by_fields(site: Site<'_>, class: ClassId, changes: bool, depth: u32) -> Option<Owned> {
    let name = site.module.class(class).map_or("", |facts| site.module.text(facts.name));
    let fields = fields(site, class);
    let mut best: Option<(Strength, &Field<'_>)> = None;
    for field in &fields {
        let Some(strength) = field.strength().filter(|strength| changes || *strength == Strength::Owner)
        else {
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

/// Whether objects of a class are kept: it has columns, or inherits from what says so.
fn is_model(site: Site<'_>, class: ClassId) -> bool {
    let by_base = site.module.bases(class).is_some_and(|bases| {
        let mut names = bases.positional().iter().filter_map(|base| site.last_segment(base));
        names.any(|name| matches!(name, "Model" | "Document" | "Base" | "SQLModel" | "EmbeddedDocument"))
            || site.keyword(bases, "table").is_some()
    });
    by_base || fields(site, class).iter().any(Field::is_column)
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
                && super::uses::mentions_caller(owner, FunctionId(index as u32))
        })
    })
}
