//! What elements of lists stand in: routes that are values are declared on the list that holds them, and lists are
//! what applications are given.

use rustc_hash::FxHashMap;

use super::model::GroupKey;
use super::unroll::listed;
use crate::facts::{DefinitionKind, Value, ValueId};
use crate::project::{FileId, Site};

/// For each element of a list, tuple or set of a file the display it stands in; for what is appended the call that
/// does it.
pub(super) struct Parents(FxHashMap<ValueId, ValueId>);

impl Parents {
    pub fn of(site: Site<'_>) -> Parents {
        let mut found = FxHashMap::default();
        for value in site.module.values() {
            match site.value(value) {
                Value::List(items) | Value::Tuple(items) | Value::Set(items) => {
                    found.extend(items.iter().map(|item| (item, value)));
                }
                Value::Call(callee, arguments)
                    if matches!(site.last_segment(callee), Some("append" | "insert")) =>
                {
                    let list = grown(site, callee).unwrap_or(value);
                    found.extend(arguments.positional().iter().map(|item| (item, list)));
                }
                _ => {}
            }
        }
        Parents(found)
    }

    /// The elements, each with what it stands in.
    pub fn iter(&self) -> impl Iterator<Item = (ValueId, ValueId)> + '_ {
        self.0.iter().map(|(item, parent)| (*item, *parent))
    }

    /// The list that an element stands in, as what it is declared on.
    pub fn group(&self, file: FileId, item: ValueId) -> Option<GroupKey> {
        self.0.get(&item).map(|parent| GroupKey::Made(file, *parent))
    }
}

/// The display that a list starts as which something is appended to.
fn grown(site: Site<'_>, callee: ValueId) -> Option<ValueId> {
    let Value::Attribute(list, _) = site.value(callee) else { return None };
    let Value::Name(_, Some(binding)) = site.value(list) else { return None };
    let mut assigned = site.module.definitions(binding).iter();
    let first = assigned.find(|one| one.kind == DefinitionKind::Assigned)?.value()?;
    matches!(site.value(first), Value::List(_)).then_some(first)
}

/// The lists that the elements of a list stand in, in whatever files they are.
pub(super) fn displays(site: Site<'_>, value: ValueId) -> Vec<GroupKey> {
    let mut parents: FxHashMap<FileId, Parents> = FxHashMap::default();
    let mut found = Vec::new();
    for (owner, item) in listed(site, value) {
        let of_file = parents.entry(owner.file).or_insert_with(|| Parents::of(owner));
        found.extend(of_file.group(owner.file, item).filter(|key| !found.contains(key)));
    }
    // A list that starts empty.
    found.extend(super::group::list_of(site, value).filter(|key| !found.contains(key)));
    found
}
