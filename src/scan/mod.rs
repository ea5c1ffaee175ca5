//! The pipeline: files → facts → link → rules → findings → verdict.

mod findings;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;

use crate::error::Error;
use crate::facts::Module;
use crate::finding::{Finding, Notice, NoticeKind};
use crate::gate::threshold::{Thresholds, Verdict};
use crate::input::files::{self, FileKind, SourceFile};
use crate::input::source;
use crate::models::Models;
use crate::project::{File, Project};
use crate::python::{self, Refused, Scratch};
use crate::report::{Report, Stats};
use crate::rule::Rule;
use crate::rules::dispatch;

/// Stack of a worker, in bytes. Lowering and dropping a tree of [`python::DEEPEST`] levels fits in it many times;
/// the memory is only taken when it is used.
const STACK: usize = 64 << 20;

/// Largest file that is read unless the user says otherwise, in bytes.
pub const MAX_FILE_SIZE: u64 = 16 << 20;

/// What to scan, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to read.
    pub files: files::Options,
    /// Read this text in place of files: its name and its bytes.
    pub stdin: Option<(PathBuf, Vec<u8>)>,
    /// The rules, sorted by name; see [`crate::gate::select`].
    pub rules: Vec<&'static Rule>,
    /// What fails and what is shown.
    pub thresholds: Thresholds,
    /// Worker threads; as many as there are cores where it is 0.
    pub threads: usize,
    /// Larger files are not read, in bytes.
    pub max_file_size: u64,
}

/// What a scan found.
#[derive(Debug)]
pub struct Outcome {
    /// Folder that paths are relative to.
    pub root: PathBuf,
    /// What is shown or suppressed, sorted by path, range and rule.
    pub findings: Vec<Finding>,
    /// Sorted by path.
    pub notices: Vec<Notice>,
    /// Counts.
    pub stats: Stats,
    /// What it decided.
    pub verdict: Verdict,
    /// The rules that took part, sorted by name.
    pub rules: Vec<&'static Rule>,
    /// The thresholds it decided by.
    pub thresholds: Thresholds,
    /// The facts it judged.
    pub project: Project,
}

impl Outcome {
    /// What the formats of [`crate::report`] write.
    pub fn report(&self) -> Report<'_> {
        Report {
            root: &self.root,
            findings: &self.findings,
            notices: &self.notices,
            rules: &self.rules,
            stats: &self.stats,
            fail_on: self.thresholds.fail_on,
            min_confidence: self.thresholds.min_confidence,
            verdict: self.verdict,
        }
    }
}

/// Told how many of how many steps are done, from any thread.
pub type Progress<'a> = &'a (dyn Fn(Step) + Sync);

/// What a scan has just done.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Found this many files.
    Found(usize),
    /// Read a file.
    Read,
    /// Judged a file.
    Judged,
}

/// Scans. Everything runs on worker threads of its own, with stacks for deeply nested code.
pub fn scan(options: &Options, progress: Progress<'_>) -> Result<Outcome, Error> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .stack_size(STACK)
        .thread_name(|index| format!("worker-{index}"))
        .build()
        .map_err(|error| Error::Threads(error.to_string()))?;
    threads.install(|| run(options, progress))
}

fn run(options: &Options, progress: Progress<'_>) -> Result<Outcome, Error> {
    let started = Instant::now();
    let input = Input::find(options)?;
    progress(Step::Found(input.files.len()));
    let read = input.read_all(options, progress);
    let mut notices = input.notices.clone();
    let (mut linked, mut kept) = (Vec::with_capacity(read.len()), Vec::with_capacity(read.len()));
    let mut stats = Stats { skipped: input.skipped.clone(), ..Stats::default() };
    for (source, outcome) in input.files.iter().zip(read) {
        notices.extend(outcome.notices);
        let Some(module) = outcome.module else { continue };
        stats.files += 1;
        stats.lines += u64::from(module.lines());
        stats.bytes += u64::from(module.length());
        linked.push(File { path: Arc::clone(&source.display), module });
        kept.push(findings::Origin { path: source.path.clone(), hash: outcome.hash });
    }
    let models = Models::load(imported(&linked))?;
    let project = Project::link(linked, models);
    let judgement = dispatch::judge(&project, &options.rules, &|| progress(Step::Judged));
    notices.extend(judgement.crashes.iter().map(|crash| crash_notice(&project, crash)));
    let made = findings::make(&project, &options.rules, judgement.judged, &kept, options.stdin.as_ref());
    notices.extend(made.notices);
    notices.sort();
    notices.dedup();
    let thresholds = options.thresholds;
    let verdict = thresholds.verdict(&made.findings, &notices);
    let all = made.findings.len();
    let findings: Vec<Finding> =
        made.findings.into_iter().filter(|finding| thresholds.shows(finding)).collect();
    stats.hidden = (all - findings.len()) as u32;
    stats.suppressed = findings.iter().filter(|finding| finding.suppression.is_some()).count() as u32;
    stats.elapsed = started.elapsed();
    let rules = options.rules.clone();
    Ok(Outcome { root: input.root, findings, notices, stats, verdict, rules, thresholds, project })
}

/// What is read in a run.
struct Input {
    root: PathBuf,
    files: Vec<SourceFile>,
    skipped: Vec<(String, u32)>,
    notices: Vec<Notice>,
}

/// What reading a file yields.
struct Read {
    module: Option<Module>,
    hash: u64,
    notices: Vec<Notice>,
}

impl Input {
    fn find(options: &Options) -> Result<Input, Error> {
        if let Some((name, _)) = &options.stdin {
            let display = name.to_string_lossy().replace('\\', "/");
            let kind = FileKind::of_name(name).unwrap_or(FileKind::Script);
            let file = SourceFile { path: name.clone(), display: Arc::from(display), kind };
            let root = std::env::current_dir().unwrap_or_default();
            return Ok(Input { root, files: vec![file], skipped: Vec::new(), notices: Vec::new() });
        }
        let found = files::discover(&options.files)?;
        Ok(Input { root: found.root, files: found.files, skipped: found.skipped, notices: found.notices })
    }

    fn read_all(&self, options: &Options, progress: Progress<'_>) -> Vec<Read> {
        let read = |scratch: &mut Scratch, file: &SourceFile| {
            let read = read(file, options, scratch);
            progress(Step::Read);
            read
        };
        self.files.par_iter().with_max_len(8).map_init(Scratch::default, read).collect()
    }
}

/// Reads a file and makes its facts. A panic in either is an incomplete notice, not a lost run.
fn read(file: &SourceFile, options: &Options, scratch: &mut Scratch) -> Read {
    let attempt = std::panic::AssertUnwindSafe(|| read_unguarded(file, options, scratch));
    std::panic::catch_unwind(attempt).unwrap_or_else(|_| {
        *scratch = Scratch::default();
        let message = "reading this file crashed; please report it with the file";
        Read { module: None, hash: 0, notices: vec![incomplete(&file.display, "reader-crashed", message)] }
    })
}

fn read_unguarded(file: &SourceFile, options: &Options, scratch: &mut Scratch) -> Read {
    let source = match &options.stdin {
        Some((_, bytes)) if bytes.len() as u64 > options.max_file_size => {
            Err(source::ReadFault::too_large(options.max_file_size))
        }
        Some((_, bytes)) => Ok(source::decode(bytes.clone())),
        None => source::read(&file.path, options.max_file_size),
    };
    let source = match source {
        Ok(source) => source,
        Err(fault) => return Read { module: None, hash: 0, notices: vec![fault.notice(&file.display)] },
    };
    let mut notices: Vec<Notice> =
        source.notices.into_iter().map(|note| note.notice(&file.display)).collect();
    let module = match python::read(&source.text, file.kind == FileKind::Stub, scratch) {
        Ok(module) => Some(module),
        Err(refused) => {
            let (id, message) = refusal(refused);
            notices.push(incomplete(&file.display, id, message));
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

fn crash_notice(project: &Project, crash: &dispatch::Crash) -> Notice {
    let path = crash.file.and_then(|file| project.file(file)).map(|file| Arc::clone(&file.path));
    let message =
        format!("rule `{}` crashed here; please report it. All other rules were judged", crash.rule.name);
    Notice { path, line: None, kind: NoticeKind::Incomplete, id: "rule-crashed", message }
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
