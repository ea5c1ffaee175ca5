//! The pipeline: files → facts → link → rules → findings → verdict.

mod audit;
mod change;
mod findings;
pub mod known;
pub mod routes;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::error::Error;
use crate::finding::{Finding, Notice, NoticeKind};
use crate::gate::baseline::matching::Matching;
use crate::gate::baseline::{Baseline, Date};
use crate::gate::overrides::Overrides;
use crate::gate::threshold::{Thresholds, Verdict};
use crate::input::config::Scope;
use crate::input::files::{self, FileKind};
use crate::input::git::Change;
use crate::project::Project;
use crate::report::{Report, Stats};
use crate::rule::Rule;
use audit::{Audit, Content, Settings, Shared, Unit};
use known::Tree;

/// Stack of a worker, in bytes. Lowering and dropping a tree of [`crate::python::DEEPEST`] levels fits in it many
/// times; the memory is only taken when it is used.
const STACK: usize = 64 << 20;

/// Largest file that is read unless the user says otherwise, in bytes.
pub const MAX_FILE_SIZE: u64 = 16 << 20;

/// What to scan, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// What to read.
    pub files: files::Options,
    /// Read this text in place of files.
    pub stdin: Option<Stdin>,
    /// The rules, sorted by name; see [`crate::gate::select`].
    pub rules: Vec<&'static Rule>,
    /// What fails and what is shown.
    pub thresholds: Thresholds,
    /// What the config changes about findings.
    pub overrides: Overrides,
    /// What is known and does not fail.
    pub baseline: Option<Baseline>,
    /// The day, for entries of the baseline that expire.
    pub today: Date,
    /// The change to judge, in place of the whole tree.
    pub change: Option<ChangeOptions>,
    /// Worker threads; as many as there are cores where it is 0.
    pub threads: usize,
    /// Larger files are not read, in bytes.
    pub max_file_size: u64,
}

/// What change to judge, and how.
#[derive(Clone, Debug)]
pub struct ChangeOptions {
    /// The change.
    pub change: Change,
    /// Which findings are reported.
    pub scope: Scope,
    /// More additions to what is not reported than this are a finding.
    pub max_new_suppressions: Option<u32>,
    /// The file with the baseline; what the change adds to it is counted.
    pub baseline: Option<PathBuf>,
}

/// A text given on standard input.
#[derive(Clone, Debug)]
pub struct Stdin {
    /// Its name, for reports and for what depends on the path.
    pub name: PathBuf,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// What a scan found.
#[derive(Debug)]
pub struct Outcome {
    /// Folder that paths are relative to.
    pub root: PathBuf,
    /// Everything found, sorted by path, range and rule: what is suppressed, known or too mild to be shown, too.
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
    /// Whether the findings were compared with known ones: those of a baseline, or of the other side of a change.
    pub compared: bool,
    /// How the findings compare with the baseline.
    pub matching: Option<Matching>,
    /// The facts it judged.
    pub project: Project,
}

impl Outcome {
    /// The findings that the thresholds show.
    pub fn shown(&self) -> Vec<Finding> {
        self.findings.iter().filter(|finding| self.thresholds.shows(finding)).cloned().collect()
    }

    /// What the formats of [`crate::report`] write about `findings`: those of [`Outcome::shown`].
    pub fn report<'o>(&'o self, findings: &'o [Finding]) -> Report<'o> {
        Report {
            root: &self.root,
            findings,
            notices: &self.notices,
            files: self.project.files().map(|(_, file)| (&*file.path, file.module.lines())).collect(),
            rules: &self.rules,
            stats: &self.stats,
            thresholds: self.thresholds,
            verdict: self.verdict,
        }
    }
}

/// Told what has just been done, from any thread.
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
    on_workers(options, || run(options, progress))
}

/// Runs something on worker threads.
fn on_workers<T: Send>(
    options: &Options,
    work: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .stack_size(STACK)
        .thread_name(|index| format!("worker-{index}"))
        .build()
        .map_err(|error| Error::Threads(error.to_string()))?;
    threads.install(work)
}

fn run(options: &Options, progress: Progress<'_>) -> Result<Outcome, Error> {
    let started = Instant::now();
    let (input, mut audit) = match &options.change {
        Some(change) => change::judge(options, change, progress),
        None => whole(options, progress),
    }?;
    let matching = options.baseline.as_ref().map(|baseline| {
        let tree = Tree::new(&audit.project, &input.root, &options.files.paths, &options.rules);
        let matching = tree.compare(baseline, &audit.findings, &BTreeMap::new(), options.today);
        known::mark(&mut audit.findings, baseline, &matching);
        audit.notices.extend(known::notices(baseline, &matching));
        matching
    });
    let mut notices = input.notices;
    notices.extend(audit.notices);
    notices.sort();
    notices.dedup();
    let thresholds = options.thresholds;
    let verdict = thresholds.verdict(&audit.findings, &notices);
    let stats = Stats { skipped: input.skipped, ..audit.stats };
    let stats = counted(&audit.findings, thresholds, Stats { elapsed: started.elapsed(), ..stats });
    Ok(Outcome {
        root: input.root,
        findings: audit.findings,
        notices,
        stats,
        verdict,
        rules: options.rules.clone(),
        thresholds,
        compared: options.change.is_some() || matching.is_some(),
        matching,
        project: audit.project,
    })
}

/// Audits all that is asked for.
fn whole(options: &Options, progress: Progress<'_>) -> Result<(Input, Audit), Error> {
    let input = Input::find(options)?;
    progress(Step::Found(input.units.len()));
    let audit = audit::audit(&input.units, &settings(options, &input.root, progress, &Shared::default()))?;
    Ok((input, audit))
}

fn settings<'a>(
    options: &'a Options,
    root: &'a Path,
    progress: Progress<'a>,
    shared: &'a Shared,
) -> Settings<'a> {
    Settings {
        rules: &options.rules,
        overrides: &options.overrides,
        root,
        max_file_size: options.max_file_size,
        progress,
        shared,
    }
}

/// Counts the findings that are not simply shown.
fn counted(findings: &[Finding], thresholds: Thresholds, stats: Stats) -> Stats {
    let count = |of: &dyn Fn(&Finding) -> bool| findings.iter().filter(|finding| of(finding)).count() as u32;
    Stats {
        hidden: count(&|finding| !thresholds.shows(finding)),
        suppressed: count(&|finding| finding.suppression.is_some()),
        known: count(&|finding| finding.suppression.is_none() && finding.known.is_some()),
        ..stats
    }
}

/// What is read in a run.
struct Input {
    root: PathBuf,
    units: Vec<Unit>,
    skipped: Vec<(String, u32)>,
    notices: Vec<Notice>,
}

impl Input {
    fn find(options: &Options) -> Result<Input, Error> {
        if let Some(Stdin { name, bytes }) = &options.stdin {
            let display = Arc::from(name.to_string_lossy().replace('\\', "/"));
            let kind = FileKind::of_name(name).unwrap_or(FileKind::Script);
            let unit = Unit { display, kind, content: Content::Bytes(Arc::clone(bytes)), key: None };
            let root = std::env::current_dir().unwrap_or_default();
            return Ok(Input { root, units: vec![unit], skipped: Vec::new(), notices: Vec::new() });
        }
        let found = files::discover(&options.files)?;
        refuse_barren(&found, &options.files)?;
        let unit = |file: files::SourceFile| Unit {
            display: file.display,
            kind: file.kind,
            content: Content::Disk(file.path),
            key: None,
        };
        let units = found.files.into_iter().map(unit).collect();
        Ok(Input { root: found.root, units, skipped: found.skipped, notices: found.notices })
    }
}

/// A folder given by hand in which nothing was found to judge is an error: a gate that judged nothing must not pass.
/// Where excludes are to hold for what is given by hand too, as in a hook, all of it may be left out; and a folder that
/// could not be read makes the run incomplete.
fn refuse_barren(found: &files::Discovery, options: &files::Options) -> Result<(), Error> {
    let is_incomplete = found.notices.iter().any(|notice| notice.kind == NoticeKind::Incomplete);
    if found.barren.is_empty() || options.force_exclude || is_incomplete {
        return Ok(());
    }
    Err(Error::NoPython { folders: found.barren.clone(), skipped: found.skipped.clone() })
}
