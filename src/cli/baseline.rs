//! `backend-audit baseline`: creates and keeps the file of what is known.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::scan::note;
use super::what::What;
use crate::error::Error;
use crate::finding::Severity;
use crate::gate::baseline::matching::Matching;
use crate::gate::baseline::{self, Baseline, Date};
use crate::input::config::{self, Which};
use crate::report::target::Target;
use crate::scan::known::Tree;
use crate::scan::{self, Outcome};

/// Where the baseline is unless the user says otherwise.
const DEFAULT: &str = "backend-audit-baseline.json";

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Scan, and write all findings into a new baseline.
    Create {
        /// Replace a baseline that is there.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Scan, add what is new, remove what is gone, and keep reasons, owners and dates.
    Update {
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// Scan, and remove entries that stand for nothing any more.
    Prune {
        #[command(flatten)]
        place: PlaceArguments,
    },
    /// List what the baseline knows.
    Show {
        /// The baseline. [default: that of the config, else backend-audit-baseline.json]
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Scan, and write those findings into a new baseline that Bandit's JSON report lists too.
    Import {
        /// The report (`bandit -f json`).
        report: PathBuf,
        /// Replace a baseline that is there.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        place: PlaceArguments,
    },
}

#[derive(Debug, Args)]
struct PlaceArguments {
    /// The baseline. [default: that of the config, else backend-audit-baseline.json]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    what: What,
}

/// A place with what the config says.
struct Place {
    file: PathBuf,
    options: scan::Options,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    match &arguments.command {
        Command::Create { force, place } => create(&settled(place)?, *force),
        Command::Update { place } => update(&settled(place)?),
        Command::Prune { place } => prune(&settled(place)?),
        Command::Show { file } => show(&shown_file(file.as_deref())?),
        Command::Import { report, force, place } => import(report, &settled(place)?, *force),
    }
}

fn settled(arguments: &PlaceArguments) -> Result<Place, Error> {
    let what = &arguments.what;
    let resolved = what.resolve(what.command_line(), Path::new("."), None)?;
    let options = what.options(&resolved.settings);
    let file = arguments.file.clone().or(resolved.settings.baseline);
    Ok(Place { file: file.unwrap_or_else(|| PathBuf::from(DEFAULT)), options })
}

/// The baseline to show: the one given, that of the config of the current folder, or the usual one.
fn shown_file(file: Option<&Path>) -> Result<PathBuf, Error> {
    if let Some(file) = file {
        return Ok(file.to_owned());
    }
    let config = config::load(&Which::Nearest, &[PathBuf::from(".")])?;
    let file = config.and_then(|config| Some(config.folder.join(config.baseline?)));
    Ok(file.unwrap_or_else(|| PathBuf::from(DEFAULT)))
}

fn create(place: &Place, force: bool) -> Result<ExitCode, Error> {
    refuse_to_replace(&place.file, force)?;
    let outcome = complete(&place.options)?;
    let baseline = Baseline::of(&outcome.findings);
    write(&place.file, &baseline)?;
    say(&format!("{}: {} in {}", shown(&place.file), findings(baseline.findings()), entries(&baseline)))
}

fn update(place: &Place) -> Result<ExitCode, Error> {
    let old = read(&place.file)?;
    let outcome = complete(&place.options)?;
    let (tree, matching) = compare(&outcome, &place.options, &old);
    let updated = baseline::update(&old, &outcome.findings, &matching, &|entry| tree.judges(entry));
    write(&place.file, &updated.baseline)?;
    let version = if old.tool == updated.baseline.tool {
        String::new()
    } else {
        format!("; written by {} before, now by {}", old.tool, updated.baseline.tool)
    };
    say(&format!(
        "{}: {} added, {} removed, {} in all{version}",
        shown(&place.file),
        updated.added,
        updated.removed,
        updated.baseline.findings()
    ))
}

fn prune(place: &Place) -> Result<ExitCode, Error> {
    let old = read(&place.file)?;
    let outcome = complete(&place.options)?;
    let (_, matching) = compare(&outcome, &place.options, &old);
    let pruned = old.pruned(&matching);
    write(&place.file, &pruned)?;
    let removed = old.findings() - pruned.findings();
    say(&format!("{}: {} removed, {} left", shown(&place.file), findings(removed), pruned.findings()))
}

fn show(file: &Path) -> Result<ExitCode, Error> {
    let baseline = read(file)?;
    Target::Stdout.write(|out| table(&baseline, out))?;
    Ok(ExitCode::SUCCESS)
}

fn import(report: &Path, place: &Place, force: bool) -> Result<ExitCode, Error> {
    refuse_to_replace(&place.file, force)?;
    let text = read_bytes(report)?;
    let imported = baseline::from_bandit(report, &text)?;
    let outcome = complete(&place.options)?;
    let files: Vec<&str> = outcome.project.files().map(|(_, file)| &*file.path).collect();
    let matched = imported.matched(&outcome.findings, &files, &outcome.root);
    if let Some(path) = &matched.strange {
        return Err(strange(report, path));
    }
    write(&place.file, &matched.baseline)?;
    for (id, count) in &imported.unknown {
        let results = if *count == 1 { "result of" } else { "results of" };
        note(&format!("{count} {results} {id} left out: no rule here stands for it"));
    }
    if matched.of > 0 && matched.results == 0 {
        note(
            "the baseline is empty: no result of Bandit was found here; run both on the same commit, and this with `--preset review`",
        );
    }
    say(&format!(
        "{}: {} in {}; {} of {} results of Bandit were found here too",
        shown(&place.file),
        findings(matched.baseline.findings()),
        entries(&matched.baseline),
        matched.results,
        matched.of
    ))
}

/// That a report is about other files.
fn strange(report: &Path, path: &str) -> Error {
    Error::Baseline {
        path: report.to_owned(),
        line: None,
        reason: format!("none of its files was scanned, such as `{}`", crate::report::printable(path)),
        hint: "make it of the same tree, best by `bandit -r .` in the root of the repository".to_owned(),
    }
}

/// Scans, and refuses to go on where something was not judged: a baseline made of half a scan would have the other
/// half reported as new later on.
fn complete(options: &scan::Options) -> Result<Outcome, Error> {
    let outcome = scan::scan(options, &|_| ())?;
    let incomplete = |notice: &&crate::finding::Notice| notice.kind == crate::finding::NoticeKind::Incomplete;
    match outcome.notices.iter().find(incomplete) {
        None => Ok(outcome),
        Some(notice) => Err(Error::Usage {
            option: "baseline".to_owned(),
            reason: format!(
                "not everything was judged ({}: {})",
                notice.path.as_deref().unwrap_or("the run"),
                notice.message
            ),
            hint: Some("exclude the file, or mend what is said about it".to_owned()),
        }),
    }
}

fn compare<'o>(
    outcome: &'o Outcome,
    options: &'o scan::Options,
    baseline: &Baseline,
) -> (Tree<'o>, Matching) {
    let tree = Tree::new(&outcome.project, &outcome.root, &options.files.paths, &options.rules);
    let matching = tree.compare(baseline, &outcome.findings, &BTreeMap::new(), Date::today());
    (tree, matching)
}

/// Reads a baseline.
pub(super) fn read(file: &Path) -> Result<Baseline, Error> {
    let bytes = read_bytes(file).map_err(|error| match error {
        Error::Read { path, source } if source.kind() == std::io::ErrorKind::NotFound => {
            let name = shown(file);
            Error::Baseline {
                path,
                line: None,
                reason: "there is no such file".to_owned(),
                hint: format!("`backend-audit baseline create --file {name}` makes one; check the spelling"),
            }
        }
        other => other,
    })?;
    baseline::read(file, &bytes)
}

fn read_bytes(file: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(file).map_err(|source| Error::Read { path: file.to_owned(), source })
}

/// Writes a baseline whole or not at all.
pub(super) fn write(file: &Path, baseline: &Baseline) -> Result<(), Error> {
    let target = Target::from_path(&OsString::from(file));
    target.write(|out| baseline::write(baseline, out))
}

fn refuse_to_replace(file: &Path, force: bool) -> Result<(), Error> {
    if force || !file.exists() {
        return Ok(());
    }
    Err(Error::Usage {
        option: "baseline".to_owned(),
        reason: format!("`{}` is there already", shown(file)),
        hint: Some("`backend-audit baseline update` keeps its reasons; `--force` replaces it".to_owned()),
    })
}

fn table(baseline: &Baseline, out: &mut dyn Write) -> std::io::Result<()> {
    for entry in &baseline.entries {
        let place = if entry.scope.is_empty() { String::new() } else { format!(" in {}", entry.scope) };
        write!(out, "{:5} {:8} {}  {}{place}", entry.count, entry.severity, entry.rule, entry.path)?;
        if let Some(expires) = entry.expires {
            write!(out, "  until {expires}")?;
        }
        if let Some(owner) = &entry.owner {
            write!(out, "  @{owner}")?;
        }
        if let Some(reason) = &entry.reason {
            write!(out, "  # {reason}")?;
        }
        writeln!(out)?;
    }
    let of = |severity: Severity| {
        let of_severity = baseline.entries.iter().filter(|entry| entry.severity == severity);
        of_severity.map(|entry| entry.count).sum::<u32>()
    };
    let counts: Vec<String> = Severity::ALL
        .into_iter()
        .filter(|severity| of(*severity) > 0)
        .map(|severity| format!("{} {severity}", of(severity)))
        .collect();
    let counts = if counts.is_empty() { String::new() } else { format!(": {}", counts.join(", ")) };
    writeln!(out, "{} in {}{counts}", findings(baseline.findings()), entries(baseline))
}

fn findings(count: u32) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}

fn entries(baseline: &Baseline) -> String {
    match baseline.entries.len() {
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    }
}

/// A file as it is reached from the current folder.
fn shown(file: &Path) -> String {
    let current = std::env::current_dir().and_then(|folder| folder.canonicalize());
    let below = current.ok().and_then(|folder| file.strip_prefix(folder).ok().map(Path::to_owned));
    below.as_deref().unwrap_or(file).display().to_string()
}

fn say(text: &str) -> Result<ExitCode, Error> {
    Target::Stdout.write(|out| writeln!(out, "{text}"))?;
    Ok(ExitCode::SUCCESS)
}
