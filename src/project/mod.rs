//! What the files of a project say together: which module an import means, what a name leads to through any
//! number of re-exports, which class a receiver is an instance of, which text a constant is.
//!
//! Built once from all modules ([`Project::link`]), then only read. Names of different files are compared by
//! their hashes, so that there is no table of names to merge.

mod calls;
mod constants;
mod entity;
mod format;
mod hierarchy;
mod guards;
mod harmless;
mod index;
mod reaching;
mod sequence;
mod site;
mod template;
mod text;
mod types;
mod words;

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::facts::Module;
use crate::models::Models;
pub use constants::Constant;
use entity::Stars;
pub use entity::{Entity, Found};
use hierarchy::Lineage;
use index::Index;
use reaching::Additions;
pub use site::Site;
pub use text::{Part, TextParts};
pub use types::Type;
pub use words::{Words, has_word, words};

/// Index of a file of the project, in the order of their paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A file of the project.
#[derive(Debug)]
pub struct File {
    /// Path relative to the root of the scan, with `/` between parts.
    pub path: Arc<str>,
    /// Its facts.
    pub module: Arc<Module>,
}

impl File {
    /// Whether the file is a test, or exists for tests only, by where it stands.
    pub fn is_test(&self) -> bool {
        is_test_path(&self.path)
    }
}

/// Whether a path is that of a test or of what only tests use.
fn is_test_path(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    stem.starts_with("test_")
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || matches!(stem, "conftest" | "tests" | "test")
        || parts.any(|part| matches!(part, "test" | "tests" | "testing" | "unit_tests" | "integration_tests"))
}

/// A project: its files, linked.
#[derive(Debug)]
pub struct Project {
    files: Box<[File]>,
    models: Models,
    index: Index,
    /// For each file, for each of its imports, what it leads to.
    imports: Box<[Box<[Entity]>]>,
    /// The same, followed to the end; empty while files are linked.
    imported: Box<[Box<[Option<Found>]>]>,
    /// For each file, where it has names from by star imports.
    stars: Box<[Stars]>,
    /// For each file, what its classes inherit from; empty while files are linked.
    lineages: Box<[Box<[Lineage]>]>,
    /// For each file, once it is asked for, what is put into its collections.
    additions: Box<[OnceLock<Additions>]>,
}

impl Project {
    /// Links files, which are sorted by path.
    pub fn link(files: Vec<File>, models: Models) -> Project {
        let index = Index::new(&files);
        let files = files.into_boxed_slice();
        let additions = files.iter().map(|_| OnceLock::new()).collect();
        let mut project = Project {
            files,
            models,
            index,
            imports: Box::default(),
            imported: Box::default(),
            stars: Box::default(),
            lineages: Box::default(),
            additions,
        };
        // First what each import names, then, through all the others, where it ends.
        let named = project.for_each_file(|file| project.import_entities(file));
        project.imports = named;
        let ends = project.for_each_file(|file| project.import_ends(file));
        project.imports = ends;
        let stars = project.for_each_file(|file| project.star_sources(file));
        project.stars = stars;
        let imported = project.for_each_file(|file| project.find_imported(file));
        project.imported = imported;
        let lineages = project.for_each_file(|file| project.find_lineages(file));
        project.lineages = lineages;
        project
    }

    fn for_each_file<T: Send>(&self, of: impl Fn(FileId) -> T + Sync) -> Box<[T]> {
        let files = self.files.par_iter().enumerate();
        files.map(|(file, _)| of(FileId(file as u32))).collect::<Vec<T>>().into_boxed_slice()
    }

    /// Every file, by path.
    pub fn files(&self) -> impl ExactSizeIterator<Item = (FileId, &File)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }

    /// A file; `None` never happens for an id of this project.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(id.0 as usize)
    }

    /// The facts of a file.
    pub fn module(&self, id: FileId) -> Option<&Module> {
        self.file(id).map(|file| &*file.module)
    }

    /// The facts about libraries.
    pub fn models(&self) -> &Models {
        &self.models
    }
}
