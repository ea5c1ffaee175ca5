//! Where objects have no class: documents of a collection, rows of a table.

use super::fetch::{Chain, Condition, Model};
use super::frame::Frame;
use crate::facts::{Arguments, Value, ValueId};

/// Methods of collections of documents.
const DOCUMENTS: &[&str] = &[
    "find_one",
    "find_one_and_update",
    "find_one_and_delete",
    "find_one_and_replace",
    "update_one",
    "delete_one",
    "replace_one",
    "get_or_404",
    "find_one_or_404",
];
/// Methods that send SQL.
const SENDERS: &[&str] =
    &["execute", "fetch_one", "fetchrow", "fetchone", "fetch_val", "fetch", "raw", "query"];

impl<'p> Frame<'p> {
    /// `db.orders.find_one({"_id": order_id})`.
    pub fn document(&self, callee: ValueId, arguments: Arguments<'p>) -> Option<Chain> {
        let Value::Attribute(collection, name) = self.site.value(callee) else { return None };
        let is_look = DOCUMENTS.contains(&self.site.module.text(name));
        let filter = arguments.positional().get(0).or_else(|| self.site.keyword(arguments, "filter"))?;
        let filter = self.display(filter).filter(|_| is_look)?;
        let name = match self.site.value(collection) {
            Value::Item(_, key) => self.site.constant(key)?.as_str()?.to_owned(),
            _ => self.site.last_segment(collection)?.to_owned(),
        };
        let model = self.class(collection).unwrap_or((Model::Unknown, name));
        let mut chain = Chain { model: Some(model), ..Chain::default() };
        self.entries(filter, &mut chain);
        Some(chain)
    }

    /// A dictionary that is written out, here or where the variable gets it.
    fn display(&self, value: ValueId) -> Option<ValueId> {
        match self.site.value(value) {
            Value::Dict(_) => Some(value),
            Value::Name(_, Some(binding)) => {
                let [only] = self.site.module.definitions(binding) else { return None };
                only.value().filter(|value| matches!(self.site.value(*value), Value::Dict(_)))
            }
            _ => None,
        }
    }

    /// `execute("SELECT * FROM orders WHERE id = ?", (order_id,))`.
    pub fn statement_text(&self, callee: ValueId, arguments: Arguments<'p>) -> Option<Chain> {
        let sends = self.site.last_segment(callee).is_some_and(|name| SENDERS.contains(&name));
        let first = arguments.positional().get(0).filter(|_| sends)?;
        let text = match self.site.value(first) {
            Value::Call(text, inner) if self.site.last_segment(text) == Some("text") => {
                inner.positional().get(0)?
            }
            _ => first,
        };
        let text = self.site.constant(text)?.as_str()?.to_ascii_lowercase();
        let (table, fields) = statement(&text)?;
        let values: Vec<ValueId> = arguments
            .positional()
            .iter()
            .skip(1)
            .chain(arguments.keywords().map(|(_, value)| value))
            .collect();
        let named = |name: &str| values.iter().find_map(|value| self.site.entry(*value, name));
        let any = values.iter().copied().find(|value| self.mentions_asked(*value));
        let conditions = fields
            .into_iter()
            .filter_map(|(field, given)| Some(Condition { field, value: named(&given).or(any)? }))
            .collect();
        Some(Chain { model: Some((Model::Unknown, table)), conditions, ..Chain::default() })
    }
}

/// The table of a statement in SQL, and the columns of its condition with what they are compared with.
fn statement(text: &str) -> Option<(String, Vec<(String, String)>)> {
    let (head, condition) = text.split_once(" where ")?;
    let clean = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_').to_owned();
    let mut words = head.split_whitespace();
    let table = words.by_ref().find(|word| matches!(*word, "from" | "update" | "into"));
    let table =
        table.and_then(|word| if word == "update" || word == "from" { words.next() } else { None })?;
    let mut fields = Vec::new();
    for part in condition.split(" and ") {
        let (field, given) = part.split_once('=')?;
        fields.push((clean(field.trim().rsplit('.').next()?), clean(given.trim().split([' ', ')']).next()?)));
    }
    let table = clean(table.rsplit('.').next()?);
    let single = table.strip_suffix('s').unwrap_or(&table).to_owned();
    Some((single, fields))
}
