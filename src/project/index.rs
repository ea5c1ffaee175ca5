//! Which file a dotted module name means.

use rustc_hash::FxHashMap;

use super::{File, FileId};
use crate::facts::{hash_text, join_hash};

/// A folder of the tree, by the hash of its path from the root of the scan; the root's own is 0.
type Folder = u64;

/// What a dotted name leads to within the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A module, or a package with an `__init__`.
    File(FileId),
    /// A folder without `__init__` that holds modules.
    Folder(Folder),
}

/// The modules of a project.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By folder and the hash of a name: what `folder.name` is.
    members: FxHashMap<(Folder, u64), Target>,
    /// For each file its folder (the package itself for an `__init__`), and the folder that holds its
    /// outermost package: where its absolute imports start.
    places: Box<[Place]>,
    /// By the hash of the first segment of an absolute import: the folders that have a member of that name
    /// and are themselves no package, or one with a `manage.py`, sorted by path.
    roots: FxHashMap<u64, Vec<Folder>>,
    parents: FxHashMap<Folder, Folder>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    folder: Folder,
    /// Hash of the dotted name of the module from the folder of its outermost package on.
    name: u64,
}

impl Index {
    pub(super) fn new(files: &[File]) -> Index {
        let mut index = Index::default();
        let packages = packages(files);
        let mut places = Vec::with_capacity(files.len());
        for (id, file) in files.iter().enumerate() {
            places.push(index.add(FileId(id as u32), &file.path, &packages));
        }
        index.places = places.into_boxed_slice();
        for &(folder, name) in index.members.keys() {
            // A package that holds a `manage.py` is run from within: what stands beside it is imported by name.
            let is_run = || index.members.contains_key(&(folder, hash_text("manage")));
            if !packages.contains_key(&folder) || is_run() {
                index.roots.entry(name).or_default().push(folder);
            }
        }
        index.roots.values_mut().for_each(|folders| folders.sort_unstable());
        index
    }

    fn add(&mut self, id: FileId, path: &str, packages: &FxHashMap<Folder, FileId>) -> Place {
        let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = file.split('.').next().unwrap_or_default();
        let mut folder: Folder = 0;
        // Hash of the dotted name from the outermost package on; none while outside of packages.
        let mut name: Option<u64> = None;
        for part in folders.split('/').filter(|part| !part.is_empty()) {
            let segment = hash_text(part);
            let child = join_hash(folder, segment);
            self.parents.insert(child, folder);
            let package = packages.get(&child);
            let target = package.map_or(Target::Folder(child), |&file| Target::File(file));
            self.members.entry((folder, segment)).or_insert(target);
            name = package.map(|_| name.map_or(segment, |name| join_hash(name, segment)));
            folder = child;
        }
        let segment = hash_text(stem);
        if is_notebook(file) {
            // Nothing imports one.
            return Place { folder, name: name.map_or(segment, |name| join_hash(name, segment)) };
        }
        if stem == "__init__" {
            self.members.entry((folder, segment)).or_insert(Target::File(id));
            return Place { folder, name: name.unwrap_or(segment) };
        }
        // A module hides a folder of the same name only if that is no package; a stub hides nothing.
        let slot = self.members.entry((folder, segment)).or_insert(Target::File(id));
        if matches!(slot, Target::Folder(_)) {
            *slot = Target::File(id);
        }
        Place { folder, name: name.map_or(segment, |name| join_hash(name, segment)) }
    }

    /// Hash of the dotted name of a file.
    pub(super) fn name(&self, file: FileId) -> u64 {
        self.places.get(file.0 as usize).map_or(0, |place| place.name)
    }

    /// The folder of a file; the package itself for an `__init__`.
    pub(super) fn folder(&self, file: FileId) -> Folder {
        self.places.get(file.0 as usize).map_or(0, |place| place.folder)
    }

    /// What a folder has under a name.
    pub(super) fn member(&self, folder: Folder, name: u64) -> Option<Target> {
        self.members.get(&(folder, name)).copied()
    }

    /// The folder `level - 1` folders up from that of a file: where a relative import starts.
    pub(super) fn relative(&self, file: FileId, level: u32) -> Option<Folder> {
        let mut folder = self.folder(file);
        for _ in 1..level {
            folder = *self.parents.get(&folder)?;
        }
        Some(folder)
    }

    /// What the first segment of an absolute import means for a file: the folder nearest above it that has such
    /// a member and is no package, else the only or first folder of the project that has one.
    pub(super) fn top(&self, file: FileId, name: u64) -> Option<Target> {
        let roots = self.roots.get(&name)?;
        let mut folder = self.folder(file);
        loop {
            if roots.binary_search(&folder).is_ok() {
                return self.member(folder, name);
            }
            match self.parents.get(&folder) {
                Some(&parent) => folder = parent,
                None => break,
            }
        }
        roots.first().and_then(|&folder| self.member(folder, name))
    }
}

fn is_notebook(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("ipynb"))
}

/// The folders that hold an `__init__`, with it.
fn packages(files: &[File]) -> FxHashMap<Folder, FileId> {
    let mut packages = FxHashMap::default();
    for (id, file) in files.iter().enumerate() {
        let (folders, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        if matches!(name, "__init__.py" | "__init__.pyi" | "__init__.pyw") {
            let parts = folders.split('/').filter(|part| !part.is_empty());
            let folder = parts.fold(0, |folder, part| join_hash(folder, hash_text(part)));
            packages.entry(folder).or_insert(FileId(id as u32));
        }
    }
    packages
}
