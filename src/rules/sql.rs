//! Statements built from text that is not constant.

mod elsewhere;
mod grammar;

use self::elsewhere::{built_elsewhere, raw_sql_apart};
use self::grammar::{MARK, Place, is_fragment, is_statement, places};
use crate::facts::{Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::FileId;
use crate::rule::{Call, Hit, On, Origin, Preset, Rule, Site};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "sql-injection",
        aliases: &["B608", "B610", "B611", "S608", "S610", "S611"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: Some(Severity::Critical),
        confidence: Confidence::Medium,
        cwe: &[89],
        message: "`{call}` sends SQL with text in it that is not constant",
        why: "The database cannot tell the statement from the value pasted into it. Whoever can shape the value reads \
          and changes what the statement was not meant for.",
        help: "bind values as parameters, and take names of tables and columns from a fixed list",
        on: On::Sink(Kind::Sql, &[], built_statement),
    },
    Rule {
        name: "built-sql",
        aliases: &["B608", "S608"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Low,
        cwe: &[89],
        message: "SQL is put together here with text in it that is not constant",
        why: "Where it is sent is not seen here. Whoever can shape the value shapes the statement.",
        help: "keep placeholders in the text, and hand the values on beside it",
        on: On::File(built_elsewhere),
    },
    Rule {
        name: "raw-django-sql",
        aliases: &["B610", "B611", "S610", "S611"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[89],
        message: "`{call}` takes SQL past the ORM that is not written out in the call",
        why: "It is constant today. The next who changes it does not see that no value may be pasted into it.",
        help: "use the expressions of the ORM, or write the text where it is sent, with placeholders",
        on: On::Sink(Kind::Sql, &["builtins", "django"], raw_sql_apart),
    },
];

/// A part of a statement that is not constant and not known to be harmless.
struct Pasted {
    file: FileId,
    value: ValueId,
    confidence: Confidence,
}

/// Silent on a text that is wholly constant or wholly from elsewhere, on prose, and where every part is a number,
/// a member of an enum, quoted by the driver, chosen from a list, or the name of a table or column in a migration.
/// `info` in tests.
fn built_statement(call: &Call<'_>) -> Option<Hit> {
    let worst = call.subjects().into_iter().filter_map(|subject| worst_part(call, subject));
    let worst = worst.max_by_key(|pasted| pasted.confidence)?;
    let hit = Hit::here().confidence(worst.confidence);
    let hit = if call.site.is_test() { hit.severity(Severity::Info) } else { hit };
    let part = call.site.project.module(worst.file)?.span(worst.value);
    let outside = worst.file != call.site.file || !call.span().covers(part);
    Some(if outside { hit.beside(worst.file, part, "this part is not constant") } else { hit })
}

fn worst_part(call: &Call<'_>, subject: ValueId) -> Option<Pasted> {
    let parts = call.site.text(subject);
    if parts.is_constant() {
        return None;
    }
    let (text, values) = parts.marked(MARK);
    let statement = is_statement(&text);
    let built = text.chars().any(char::is_alphanumeric);
    let is_sql = statement || built && call.is_known() || call.name() == "extra" && is_fragment(&text);
    if !is_sql {
        return None;
    }
    let whole = statement || is_fragment(&text);
    let judged = values.into_iter().zip(places(&text)).filter_map(|((file, value), place)| {
        let site = Site::new(call.site.project, file)?;
        let confidence = confidence(call, site, (value, place))?;
        let confidence = if whole { confidence } else { Confidence::Low };
        Some(Pasted { file, value, confidence })
    });
    judged.max_by_key(|pasted| pasted.confidence)
}

/// How sure it is that a part is a fault; `None` where it is none.
fn confidence(call: &Call<'_>, site: Site<'_>, (value, place): (ValueId, Place)) -> Option<Confidence> {
    // Nobody but its author names what a migration changes, and names cannot be bound.
    if is_harmless(site, value) || is_migration(call.site) && matches!(place, Place::Identifier) {
        return None;
    }
    let low = site.origin(value) == Origin::Operator
        || call.site.is_test()
        || is_migration(call.site)
        || called_after(site, value, &["escape", "sanitize", "ident", "placeholder", "compile", "replace"]);
    if low {
        return Some(Confidence::Low);
    }
    let in_handler = call.site.is_in_handler(call.id);
    Some(match place {
        Place::Identifier if !in_handler => Confidence::Low,
        Place::Value | Place::Quoted if in_handler => Confidence::High,
        _ => Confidence::Medium,
    })
}

/// Whether a part cannot bring SQL of its own.
fn is_harmless(site: Site<'_>, value: ValueId) -> bool {
    site.project.is_number(site.file, value)
        || site.project.is_quoted(site.file, value, Kind::Sql)
        || site.project.is_enum_member(site.file, value)
        || is_schema_name(site, value)
        || is_query_object(site, value)
        || site.is_converted(value)
        || called_after(site, value, &["quote"])
}

/// A name that a model of the application declares: `Book._meta.db_table`, `Book.__tablename__`.
fn is_schema_name(site: Site<'_>, value: ValueId) -> bool {
    let mut value = value;
    loop {
        match site.value(value) {
            Value::Attribute(object, name) => {
                if matches!(site.module.text(name), "_meta" | "__tablename__" | "__table__" | "db_table") {
                    return true;
                }
                value = object;
            }
            Value::Call(callee, _) => value = callee,
            _ => return false,
        }
    }
}

/// Statements and names that a library composes: `sql.Identifier(name)`, `sql.SQL("…")`.
fn is_query_object(site: Site<'_>, value: ValueId) -> bool {
    const COMPOSED: [&str; 8] = [
        "psycopg2.sql.SQL",
        "psycopg2.sql.Identifier",
        "psycopg2.sql.Literal",
        "psycopg2.sql.Composed",
        "psycopg.sql.SQL",
        "psycopg.sql.Identifier",
        "psycopg.sql.Literal",
        "psycopg.sql.Composed",
    ];
    site.is_instance(value, &COMPOSED)
}

/// Whether a part comes out of a function that is called after what makes it harmless: `quote_table(name)`.
fn called_after(site: Site<'_>, value: ValueId, words: &[&str]) -> bool {
    let Value::Call(callee, _) = site.value(value) else { return false };
    let name = site.last_segment(callee).unwrap_or_default().to_ascii_lowercase();
    words.iter().any(|word| name.contains(word))
}

/// Whether a file is a migration, whose names and values come from whoever wrote it.
fn is_migration(site: Site<'_>) -> bool {
    let file = site.project.file(site.file);
    file.is_some_and(|file| {
        file.path.split('/').any(|part| matches!(part, "migrations" | "versions" | "alembic"))
    })
}
