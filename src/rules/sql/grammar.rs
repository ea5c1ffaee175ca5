//! Enough of SQL's grammar to tell a statement from prose, and what a pasted part stands for.

/// Stands for a part that is not constant.
pub(super) const MARK: char = '\u{1}';

/// What a pasted part of a statement stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The name of a table, column or other object, which no driver can bind.
    Identifier,
    /// A part of the statement: a condition, a clause, the start of it.
    Clause,
    /// A value, which a driver can bind.
    Value,
    /// A value between quotes.
    Quoted,
}

/// Kinds of objects that are created, altered and dropped.
const OBJECTS: [&str; 28] = [
    "table",
    "index",
    "view",
    "database",
    "schema",
    "user",
    "role",
    "function",
    "procedure",
    "trigger",
    "sequence",
    "type",
    "extension",
    "column",
    "constraint",
    "keyspace",
    "domain",
    "policy",
    "login",
    "tablespace",
    "server",
    "aggregate",
    "event",
    "synonym",
    "package",
    "catalog",
    "stage",
    "publication",
];

/// What may stand between the verb and the kind of object.
const MODIFIERS: [&str; 19] = [
    "or",
    "replace",
    "temp",
    "temporary",
    "unique",
    "materialized",
    "external",
    "global",
    "local",
    "unlogged",
    "virtual",
    "foreign",
    "transient",
    "concurrently",
    "clustered",
    "recursive",
    "if",
    "not",
    "exists",
];

/// Whether a text, with marks in it, is an SQL statement and not prose.
pub(super) fn is_statement(text: &str) -> bool {
    let text = skip_comments(text);
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "();,".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let Some(first) = words.first() else { return false };
    // "Select one from the list" begins like a sentence; SQL is written in one case.
    let sentence = first.starts_with(|c: char| c.is_ascii_uppercase())
        && first.chars().skip(1).any(|c| c.is_ascii_lowercase());
    if sentence && !has_punctuation(text) {
        return false;
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    let upper = first.chars().all(|c| c.is_ascii_uppercase());
    has_verb(&lower, upper, text)
}

fn has_verb(words: &[&str], upper: bool, text: &str) -> bool {
    let (first, rest) = words.split_first().unwrap_or((&"", &[]));
    let second = rest.first().copied().unwrap_or_default();
    let has = |word: &str| rest.contains(&word);
    match *first {
        "select" => {
            upper && !rest.is_empty() || has("from") && has_punctuation(text) || has("from") && rest.len() < 6
        }
        "insert" | "replace" => rest.iter().take(4).any(|word| *word == "into") || second == "overwrite",
        "update" => has("set"),
        "delete" => second == "from" || upper && has("where"),
        "create" | "alter" | "drop" => {
            rest.iter().find(|word| !MODIFIERS.contains(word)).is_some_and(|word| OBJECTS.contains(word))
        }
        "merge" => second == "into" || has("using"),
        "with" => has("as") && (has("select") || has("insert") || has("update") || has("delete")),
        "grant" => has("on") || has("to"),
        "revoke" => has("on") || has("from"),
        "truncate" => second == "table" || upper && !rest.is_empty(),
        "union" => second == "select" || second == "all",
        "explain" | "describe" => has("select") || has("from") || upper && rest.len() == 1,
        "comment" => second == "on",
        "copy" => (has("from") || has("to")) && upper,
        "refresh" => second == "materialized",
        "load" => second == "data",
        "lock" => second == "table" || second == "tables",
        "attach" => second == "database",
        "pragma" => !rest.is_empty(),
        "exec" | "execute" | "call" | "use" | "show" | "set" | "savepoint" | "release" | "rollback"
        | "vacuum" | "analyze" | "reindex" | "listen" | "notify" | "kill" | "optimize" | "cluster"
        | "declare" | "do" | "values" | "begin" => upper && !rest.is_empty(),
        _ => false,
    }
}

/// Whether a text, with marks in it, is at least a piece of SQL: a condition, a list of columns.
pub(super) fn is_fragment(text: &str) -> bool {
    const WORDS: [&str; 16] = [
        "and", "or", "in", "like", "ilike", "is", "not", "between", "where", "order", "group", "having",
        "limit", "offset", "join", "from",
    ];
    text.contains(['=', '<', '>', '(', '+'])
        || text
            .split(|c: char| !c.is_ascii_alphabetic())
            .any(|word| WORDS.contains(&word.to_ascii_lowercase().as_str()))
}

fn has_punctuation(text: &str) -> bool {
    text.contains(['*', '=', '(', '<', '>', '`', '"', ';', MARK])
        && text.contains(['*', '=', '(', ',', '<', '>', '?', '%', ';', ':', MARK])
        || text.contains('?')
}

/// The text without white space, comments and parentheses at its start.
fn skip_comments(text: &str) -> &str {
    let mut text = text;
    loop {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(' || c == ';');
        let behind = match text {
            _ if text.starts_with("--") => text.split_once('\n'),
            _ if text.starts_with("/*") => text.split_once("*/"),
            _ => return text,
        };
        text = behind.map(|(_, rest)| rest).unwrap_or_default();
    }
}

/// What each of the marks in a text stands for.
pub(super) fn places(text: &str) -> Vec<Place> {
    let unbound = takes_no_parameters(text);
    let mut open = Open::default();
    let mut places = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            MARK => {
                let place = place(nearest(text, at), open);
                places.push(if unbound && place != Place::Quoted { Place::Identifier } else { place });
            }
            '\'' => open.single = !open.single,
            '"' => open.double = !open.double,
            '`' => open.back = !open.back,
            _ => {}
        }
    }
    places
}

/// Which quotes are open.
#[derive(Clone, Copy, Default)]
struct Open {
    single: bool,
    double: bool,
    back: bool,
}

/// The end of what stands before an offset: enough to find the clause.
fn nearest(text: &str, at: usize) -> &str {
    const ENOUGH: usize = 400;
    let mut from = at.saturating_sub(ENOUGH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..at).unwrap_or_default()
}

/// Whether no part of a statement can be bound: it defines objects, or sets something up.
fn takes_no_parameters(text: &str) -> bool {
    let text = skip_comments(text);
    let verb = text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    matches!(
        verb.to_ascii_lowercase().as_str(),
        "create"
            | "alter"
            | "drop"
            | "grant"
            | "revoke"
            | "set"
            | "begin"
            | "pragma"
            | "use"
            | "show"
            | "notify"
            | "listen"
            | "savepoint"
            | "release"
            | "rollback"
            | "truncate"
            | "vacuum"
            | "analyze"
            | "reindex"
            | "comment"
            | "lock"
            | "refresh"
            | "attach"
            | "declare"
            | "do"
    )
}

fn place(before: &str, open: Open) -> Place {
    if open.single && !before.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return Place::Quoted;
    }
    if open.double || open.back || before.ends_with(['.', '[', '@', '_', '$', '#']) {
        return Place::Identifier;
    }
    if before.trim().is_empty() {
        return Place::Clause;
    }
    let trimmed = before.trim_end();
    if trimmed.ends_with(['=', '<', '>', '+', '-', '*', '/', '|', '%', '~']) {
        return if trimmed.ends_with("--") { Place::Clause } else { Place::Value };
    }
    if before.ends_with(':') {
        return Place::Identifier;
    }
    let listed = trimmed.ends_with([',', '(', MARK]) || before.ends_with(|c: char| c.is_alphanumeric());
    let words =
        || before.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    let last = words().next_back().map(str::to_ascii_lowercase).unwrap_or_default();
    match keyword(&last) {
        Some(place) if !trimmed.ends_with(')') => place,
        _ if listed => {
            words().rev().find_map(|word| keyword(&word.to_ascii_lowercase())).unwrap_or(Place::Clause)
        }
        _ => Place::Clause,
    }
}

/// What follows a keyword.
fn keyword(word: &str) -> Option<Place> {
    Some(match word {
        "from" | "join" | "into" | "table" | "update" | "index" | "view" | "column" | "database"
        | "schema" | "by" | "select" | "set" | "exists" | "truncate" | "pragma" | "as" | "on" | "drop"
        | "add" | "rename" | "to" | "sequence" | "user" | "role" | "type" | "trigger" | "function"
        | "procedure" | "constraint" | "distinct" | "only" | "using" | "key" | "references" | "partition"
        | "describe" | "use" | "savepoint" | "collate" | "overwrite" | "call" | "exec" | "extension"
        | "with" | "returning" | "analyze" | "vacuum" | "tables" | "explain" | "alter" | "create"
        | "copy" | "owner" | "cascade" | "option" | "reindex" | "for" | "grant" | "revoke" | "default"
        | "delete" | "insert" | "temp" | "temporary" | "show" => Place::Identifier,
        "where" | "and" | "or" | "having" | "when" | "not" | "having_" => Place::Clause,
        "in" | "like" | "ilike" | "values" | "limit" | "offset" | "between" | "then" | "else"
        | "interval" | "top" | "regexp" | "rlike" | "match" | "is" | "password" => Place::Value,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_prose() {
        for statement in [
            "SELECT \u{1}",
            "select a, b from t where c = \u{1}",
            "\n  -- all\n  SELECT 1",
            "INSERT OR REPLACE INTO t VALUES (1)",
            "update t set a = 1",
            "DELETE FROM t",
            "CREATE UNIQUE INDEX i ON t (a)",
            "drop table \u{1}",
            "PRAGMA user_version",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "select * from \u{1}",
            "TRUNCATE \u{1}",
            "MERGE INTO t USING s",
        ] {
            assert!(is_statement(statement), "{statement}");
        }
        for prose in [
            "Select one from the list",
            "Update the settings",
            "delete this file",
            "create a new user",
            "call \u{1}",
            "with \u{1} as user",
            "insert the disk",
            "drop \u{1}",
            "use \u{1}",
            "",
            "explain yourself",
        ] {
            assert!(!is_statement(prose), "{prose}");
        }
    }

    #[test]
    fn a_part_is_known_by_what_stands_before_it() {
        let of = |text: &str| places(text);
        assert_eq!(of("SELECT \u{1} FROM \u{1}.\u{1}"), [Place::Identifier; 3]);
        assert_eq!(of("SELECT a FROM t WHERE b = \u{1} AND c LIKE '%\u{1}%'"), [Place::Value, Place::Quoted]);
        assert_eq!(of("INSERT INTO t (a, \u{1}) VALUES (1, \u{1})"), [Place::Identifier, Place::Value]);
        assert_eq!(of("SELECT a FROM t \u{1}"), [Place::Clause]);
        assert_eq!(of("SELECT a FROM t WHERE \u{1} ORDER BY \u{1}"), [Place::Clause, Place::Identifier]);
        assert_eq!(of("SELECT a FROM t WHERE b IN (\u{1}) LIMIT \u{1}"), [Place::Value, Place::Value]);
    }
}
