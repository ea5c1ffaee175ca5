//! One state of a project: its files read, linked, judged, and the hits made into findings.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::findings::{self, Origin};
use super::{Progress, Step};
use crate::error::Error;
use crate::facts::Module;
use crate::finding::{Finding, Notice, NoticeKind};
use crate::gate::overrides::{self, Overrides};
use crate::input::files::FileKind;
use crate::input::git::{self, ObjectId, Repository};
use crate::input::source::{self, ReadFault, Source};
use crate::models::Models;
use crate::project::{File, Project};
use crate::python::notebook::{Notebook, Unreadable};
use crate::python::{self, Refused, Scratch};
use crate::report::Stats;
use crate::rule::Rule;
use crate::rules::{
    self,
    dispatch::{self, Crash},
};
use crate::taint;

/// A file to judge.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// Path relative to the root, with `/` between parts.
    pub display: Arc<str>,
    /// What sort of Python it holds.
    pub kind: FileKind,
    /// Where its bytes are.
    pub content: Content,
    /// What its bytes are known by where two states are judged: equal keys, equal files.
    pub key: Option<git::Content>,
}

/// The facts of files by what their bytes are known by, with the hash of those.
pub(super) type Shared = FxHashMap<git::Content, (Arc<Module>, u64)>;

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// On disk.
    Disk(PathBuf),
    /// Here.
    Bytes(Arc<[u8]>),
    /// In an object of a repository.
    Blob(Arc<Repository>, ObjectId),
}

impl Content {
    /// The decoded text.
    pub fn read(&self, max_bytes: u64) -> Result<Source, ReadFault> {
        self.bytes(max_bytes).map(source::decode)
    }

    /// The bytes as they are.
    pub fn bytes(&self, max_bytes: u64) -> Result<Vec<u8>, ReadFault> {
        match self {
            Content::Disk(path) => source::read_bytes(path, max_bytes),
            Content::Bytes(bytes) if bytes.len() as u64 > max_bytes => Err(ReadFault::too_large(max_bytes)),
            Content::Bytes(bytes) => Ok(bytes.to_vec()),
            Content::Blob(repository, id) => repository.read_blob(*id, max_bytes),
        }
    }
}

/// How to judge.
pub(super) struct Settings<'a> {
    /// The rules, sorted by name.
    pub rules: &'a [&'static Rule],
    /// What the config changes about findings.
    pub overrides: &'a Overrides,
    /// Folder that the paths of files are relative to.
    pub root: &'a Path,
    /// Larger files are not read, in bytes.
    pub max_file_size: u64,
    /// Told of every step.
    pub progress: Progress<'a>,
    /// Facts that another state of the project has already.
    pub shared: &'a Shared,
}

/// A state of a project, judged.
pub(super) struct Audit {
    /// Its facts.
    pub project: Project,
    /// Sorted by path, range and rule.
    pub findings: Vec<Finding>,
    /// In no particular order.
    pub notices: Vec<Notice>,
    /// Files, lines and bytes.
    pub stats: Stats,
    /// The facts of all files that have a key.
    pub shared: Shared,
}

/// The facts of a state of a project.
pub(super) struct Facts<'u> {
    pub project: Project,
    /// For each file, where it came from.
    pub origins: Vec<Origin<'u>>,
    /// In no particular order.
    pub notices: Vec<Notice>,
    /// Files, lines and bytes.
    pub stats: Stats,
    /// The facts of all files that have a key.
    pub shared: Shared,
}

/// Reads files, which are sorted by path, and links their facts.
pub(super) fn facts<'u>(units: &'u [Unit], settings: &Settings<'_>) -> Result<Facts<'u>, Error> {
    let read: Vec<Read> = units
        .par_iter()
        .with_max_len(8)
        .map_init(Scratch::default, |scratch, unit| {
            let read = read(unit, settings, scratch);
            (settings.progress)(Step::Read);
            read
        })
        .collect();
    let (mut notices, mut stats, mut shared) = (Vec::new(), Stats::default(), Shared::default());
    let (mut files, mut origins) = (Vec::with_capacity(read.len()), Vec::with_capacity(read.len()));
    for (unit, outcome) in units.iter().zip(read) {
        notices.extend(outcome.notices);
        let Some(module) = outcome.module else { continue };
        stats.files += 1;
        stats.lines += u64::from(module.lines());
        stats.bytes += u64::from(module.length());
        if let Some(key) = &unit.key {
            shared.insert(key.clone(), (Arc::clone(&module), outcome.hash));
        }
        files.push(File { path: Arc::clone(&unit.display), module });
        origins.push(Origin { content: &unit.content, kind: unit.kind, hash: outcome.hash });
    }
    let models = Models::load(imported(&files))?;
    Ok(Facts { project: Project::link(files, models), origins, notices, stats, shared })
}

/// Judges files, which are sorted by path.
pub(super) fn audit(units: &[Unit], settings: &Settings<'_>) -> Result<Audit, Error> {
    let Facts { project, origins, mut notices, mut stats, shared } = facts(units, settings)?;
    // What keeps secrets out of reports is judged whether its findings are wanted or not.
    let mut judging = settings.rules.to_vec();
    judging.extend(
        rules::keeping_secrets().filter(|rule| settings.rules.iter().all(|own| own.name != rule.name)),
    );
    let judgement = dispatch::judge(&project, &judging, &|| (settings.progress)(Step::Judged));
    notices.extend(judgement.crashes.iter().map(|crash| crash_notice(&project, crash)));
    notices.extend(judgement.cut.iter().filter_map(|node| cut_notice(&project, *node)));
    let mut made = findings::make(&project, settings.rules, judgement.judged, &origins);
    notices.extend(made.notices);
    stats.ignored_by_path = overrides::apply(settings.overrides, settings.root, &mut made.findings)?;
    Ok(Audit { project, findings: made.findings, notices, stats, shared })
}

/// What reading a file yields.
struct Read {
    module: Option<Arc<Module>>,
    hash: u64,
    notices: Vec<Notice>,
}

/// Reads a file and makes its facts. A panic in either is an incomplete notice, not a lost run.
fn read(unit: &Unit, settings: &Settings<'_>, scratch: &mut Scratch) -> Read {
    if let Some((module, hash)) = unit.key.as_ref().and_then(|key| settings.shared.get(key)) {
        return Read { module: Some(Arc::clone(module)), hash: *hash, notices: Vec::new() };
    }
    let max_bytes = settings.max_file_size;
    catch_unwind(AssertUnwindSafe(|| read_unguarded(unit, max_bytes, scratch))).unwrap_or_else(|_| {
        *scratch = Scratch::default();
        let message = "reading this file crashed; please report it with the file";
        Read { module: None, hash: 0, notices: vec![incomplete(&unit.display, "reader-crashed", message)] }
    })
}

fn read_unguarded(unit: &Unit, max_bytes: u64, scratch: &mut Scratch) -> Read {
    let source = match unit.content.read(max_bytes) {
        Ok(source) => source,
        Err(fault) => return Read { module: None, hash: 0, notices: vec![fault.notice(&unit.display)] },
    };
    let mut notices: Vec<Notice> =
        source.notices.into_iter().map(|note| note.notice(&unit.display)).collect();
    let read = match unit.kind {
        FileKind::Notebook => match Notebook::read(&source.text) {
            Ok(notebook) => python::read_cells(notebook.text(), scratch),
            Err(fault) => {
                let Unreadable { id, kind, message, line } = fault;
                let path = Some(Arc::clone(&unit.display));
                notices.push(Notice { path, line, kind, id, message: message.to_owned() });
                return Read { module: None, hash: source.hash, notices };
            }
        },
        kind => python::read(&source.text, kind == FileKind::Stub, scratch),
    };
    let module = match read {
        Ok(module) => Some(Arc::new(module)),
        Err(refused) => {
            let (id, message) = refusal(refused);
            notices.push(incomplete(&unit.display, id, message));
            None
        }
    };
    Read { module, hash: source.hash, notices }
}

fn refusal(refused: Refused) -> (&'static str, &'static str) {
    match refused {
        Refused::TooDeep => (
            "nesting-too-deep",
            "the code nests deeper than any real program and was not judged; exclude the file",
        ),
        Refused::TooLarge => {
            ("file-too-large", "the text is over 4 GiB and was not judged; exclude the file")
        }
    }
}

fn incomplete(path: &Arc<str>, id: &'static str, message: &str) -> Notice {
    let kind = NoticeKind::Incomplete;
    Notice { path: Some(Arc::clone(path)), line: None, kind, id, message: message.to_owned() }
}

fn crash_notice(project: &Project, crash: &Crash) -> Notice {
    let path = crash.file.and_then(|file| project.file(file)).map(|file| Arc::clone(&file.path));
    let message =
        format!("rule `{}` crashed here; please report it. All other rules were judged", crash.rule.name);
    Notice { path, line: None, kind: NoticeKind::Incomplete, id: "rule-crashed", message }
}

/// That data was not followed to the end of a function.
fn cut_notice(project: &Project, (id, function): taint::Node) -> Option<Notice> {
    let file = project.file(id)?;
    let name = function.and_then(|function| file.module.function(function));
    let name = name.map_or("the code of the module", |facts| file.module.text(facts.name));
    let message =
        format!("`{name}` is too large for data to be followed to its end; its other findings are whole");
    Some(incomplete(&file.path, "flow-too-long", &message))
}

/// The first segments of everything that the files import.
fn imported(files: &[File]) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for module in files.iter().map(|file| &file.module) {
        for import in module.imports().iter().filter(|import| import.level == 0) {
            let text = module.text(import.module);
            found.insert(text.split_once('.').map_or(text, |(first, _)| first));
        }
    }
    found
}
