//! What differs between two sides.

use super::change::{Changed, Status};
use super::renames::{self, Origin};
use super::sides::{Item, shared};

/// What differs, sorted by path. Both sides are sorted by path.
pub(super) fn between(
    base: &[Item],
    head: &[Item],
    read: &(dyn Fn(&Item) -> Option<Vec<u8>> + Sync),
) -> Vec<Changed> {
    let Split { added, deleted, modified } = split(base, head);
    let mut changed: Vec<Changed> =
        modified.iter().map(|(old, new)| told(Status::Modified, Some(old), Some(new))).collect();
    let gone = deleted.len();
    let old: Vec<Item> =
        deleted.into_iter().chain(modified.into_iter().map(|(old, _)| old)).cloned().collect();
    let added: Vec<Item> = added.into_iter().cloned().collect();
    let origins = renames::origins(&added, &old, gone, read);
    let mut origin_of = vec![None; added.len()];
    let mut renamed = vec![false; gone];
    for Origin { added, old: from, renamed: is_new_name } in origins {
        if let (Some(of), Some(item)) = (origin_of.get_mut(added), old.get(from)) {
            *of = Some((item, if is_new_name { Status::Renamed } else { Status::Copied }));
        }
        if is_new_name && let Some(renamed) = renamed.get_mut(from) {
            *renamed = true;
        }
    }
    changed.extend(added.iter().zip(origin_of).map(|(new, origin)| match origin {
        Some((old, status)) => told(status, Some(old), Some(new)),
        None => told(Status::Added, None, Some(new)),
    }));
    let deleted = old.iter().zip(renamed).filter(|(_, renamed)| !renamed);
    changed.extend(deleted.map(|(old, _)| told(Status::Deleted, Some(old), None)));
    changed.sort_by(|a, b| a.path.cmp(&b.path));
    changed
}

/// The files that are not the same on both sides.
#[derive(Default)]
struct Split<'a> {
    added: Vec<&'a Item>,
    deleted: Vec<&'a Item>,
    modified: Vec<(&'a Item, &'a Item)>,
}

fn split<'a>(base: &'a [Item], head: &'a [Item]) -> Split<'a> {
    let mut split = Split::default();
    let mut olds = base.iter().peekable();
    for new in head {
        while let Some(old) = olds.next_if(|old| old.path < new.path) {
            split.deleted.push(old);
        }
        match olds.next_if(|old| old.path == new.path) {
            Some(old) if old.id == new.id && old.id.is_some() => {}
            Some(old) => split.modified.push((old, new)),
            None => split.added.push(new),
        }
    }
    split.deleted.extend(olds);
    split
}

fn told(status: Status, old: Option<&Item>, new: Option<&Item>) -> Changed {
    let path = new.or(old).map(|item| shared(&item.path)).unwrap_or_default();
    let old_path = match (old, new) {
        (Some(old), Some(new)) if old.path != new.path => Some(shared(&old.path)),
        _ => None,
    };
    let content = |item: &Item| item.content.clone();
    Changed { path, old_path, status, old: old.map(content), new: new.map(content) }
}
