//! `backend-audit scan`.

use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use super::progress::Bar;
use super::{Color, ConfidenceName, SeverityName};
use crate::error::Error;
use crate::gate::baseline::Date;
use crate::gate::select::{self, Selection};
use crate::gate::threshold::{Thresholds, Verdict};
use crate::input::files;
use crate::report::console::ConsoleOptions;
use crate::report::format::{self, Format, Output};
use crate::report::sarif::SarifOptions;
use crate::report::target::Target;
use crate::rule::Preset;
use crate::scan::{self, MAX_FILE_SIZE, Outcome, Stdin};

/// Exit codes of `scan`; 2 is that of every [`Error`].
const FOUND: u8 = 1;
const INCOMPLETE: u8 = 3;

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing at or above the threshold, 1 findings at or above it, \
                        2 wrong usage (nothing was scanned), 3 something was not judged and nothing else failed.")]
pub struct Arguments {
    /// Files and folders; `-` reads standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// Name of the text on standard input, for reports and for what depends on the path.
    #[arg(long, value_name = "FILE", default_value = "stdin.py")]
    stdin_filename: PathBuf,

    #[command(flatten)]
    files: FileArguments,

    #[command(flatten)]
    rules: RuleArguments,

    #[command(flatten)]
    gate: GateArguments,

    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Files")]
struct FileArguments {
    /// Pass over what matches, in the syntax of `.gitignore`, relative to the root of the scan; repeatable.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,

    /// Apply excludes and ignore files to paths given by hand too, as a hook needs.
    #[arg(long)]
    force_exclude: bool,

    /// Read what `.gitignore` hides, hidden folders, virtual environments and the like too.
    #[arg(long)]
    no_ignore: bool,

    /// List the files that would be scanned, and scan none.
    #[arg(long)]
    show_files: bool,

    /// Do not read larger files, in bytes; the run is then incomplete.
    #[arg(long, value_name = "BYTES", default_value_t = MAX_FILE_SIZE)]
    max_file_size: u64,

    /// Worker threads; 0 for one a core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    threads: usize,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Rules")]
struct RuleArguments {
    /// Run only these rules, by name or by the id of Bandit or ruff; repeatable, or with commas.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,

    /// Leave these rules out.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Rules to run where none is selected.
    #[arg(long, value_enum, default_value = "gate")]
    preset: PresetName,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PresetName {
    /// What a gate may fail on.
    Gate,
    /// That, and what is worth a look.
    Review,
    /// Every rule.
    All,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Verdict")]
struct GateArguments {
    /// Fail on findings of this severity or above.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "medium")]
    fail_on: SeverityName,

    /// Fail only on findings of this confidence or above.
    #[arg(long, value_enum, value_name = "CONFIDENCE", default_value = "medium")]
    min_confidence: ConfidenceName,

    /// Show findings of this severity or above; what fails is always shown.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value = "low")]
    min_severity: SeverityName,

    /// Exit with 0 where there are findings.
    #[arg(long)]
    exit_zero: bool,

    /// Exit with 0 where something was not judged and nothing else failed.
    #[arg(long)]
    allow_incomplete: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
struct OutputArguments {
    /// Format of the report.
    #[arg(long, value_name = "FORMAT", default_value = "console", value_parser = ["console", "json", "sarif"])]
    format: String,

    /// Write the report to a file; `FORMAT=FILE` writes one more report. Repeatable.
    #[arg(long, short, value_name = "[FORMAT=]FILE")]
    output: Vec<OsString>,

    /// One line a finding, and the verdict.
    #[arg(long, short)]
    quiet: bool,

    /// Every reason, step and notice in full.
    #[arg(long, short, conflicts_with = "quiet")]
    verbose: bool,

    /// Whether to colour the console report.
    #[arg(long, value_enum, default_value = "auto")]
    color: Color,

    /// Keep suppressed findings in SARIF, marked as such.
    #[arg(long)]
    sarif_include_suppressed: bool,

    /// Category of the SARIF run, for uploads of more than one.
    #[arg(long, value_name = "NAME")]
    sarif_category: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let options = options(arguments)?;
    let outputs = outputs(&arguments.output)?;
    if arguments.files.show_files {
        return show_files(&options);
    }
    let bar = Bar::new(!arguments.output.quiet);
    let outcome = scan::scan(&options, &|step| bar.step(step))?;
    bar.finish();
    let left_out = write(&outcome, &outputs, &arguments.output)?;
    // A report that was cut did not say everything.
    let verdict = match outcome.verdict {
        Verdict::Passed if left_out > 0 => Verdict::Incomplete,
        verdict => verdict,
    };
    Ok(exit_code(verdict, &arguments.gate))
}

fn options(arguments: &Arguments) -> Result<scan::Options, Error> {
    let presets = match arguments.rules.preset {
        PresetName::Gate => vec![],
        PresetName::Review => vec![Preset::Review],
        PresetName::All => vec![Preset::Review, Preset::OptIn],
    };
    let selection =
        Selection { select: arguments.rules.select.clone(), ignore: arguments.rules.ignore.clone(), presets };
    let files = &arguments.files;
    Ok(scan::Options {
        files: files::Options {
            paths: arguments.paths.clone(),
            exclude: files.exclude.clone(),
            force_exclude: files.force_exclude,
            no_ignore: files.no_ignore,
        },
        rules: select::rules(&selection)?,
        thresholds: Thresholds {
            fail_on: arguments.gate.fail_on.into(),
            min_confidence: arguments.gate.min_confidence.into(),
            min_severity: arguments.gate.min_severity.into(),
        },
        baseline: None,
        today: Date::today(),
        threads: files.threads,
        max_file_size: files.max_file_size,
        stdin: stdin(arguments)?,
    })
}

/// The text on standard input, where `-` asks for it.
fn stdin(arguments: &Arguments) -> Result<Option<Stdin>, Error> {
    let dash = |path: &PathBuf| path.as_os_str() == "-";
    if !arguments.paths.iter().any(dash) {
        return Ok(None);
    }
    if arguments.paths.len() > 1 {
        return Err(Error::Usage {
            option: "-".to_owned(),
            reason: "standard input cannot be scanned together with other paths".to_owned(),
            hint: Some("scan them in two runs".to_owned()),
        });
    }
    let mut bytes = Vec::new();
    let mut limited = std::io::stdin().lock().take(arguments.files.max_file_size + 1);
    limited.read_to_end(&mut bytes).map_err(|source| Error::Read { path: PathBuf::from("-"), source })?;
    Ok(Some(Stdin { name: arguments.stdin_filename.clone(), bytes: Arc::from(bytes) }))
}

/// The reports to write: the one of `--format` first.
fn outputs(arguments: &OutputArguments) -> Result<Vec<Output>, Error> {
    let main: Format = arguments.format.parse()?;
    let mut outputs = vec![Output { format: main, target: Target::Stdout }];
    let mut named = false;
    for value in &arguments.output {
        let output = Output::parse(value, main)?;
        let plain =
            !value.to_str().is_some_and(|text| text.starts_with(&format!("{}=", output.format.name())));
        if plain && !named {
            // `--output FILE` says where the main report goes.
            named = true;
            outputs.splice(..1, [output]);
        } else {
            outputs.push(output);
        }
    }
    Ok(outputs)
}

/// Writes the reports; how many findings a format had to leave out.
fn write(outcome: &Outcome, outputs: &[Output], arguments: &OutputArguments) -> Result<usize, Error> {
    let shown = outcome.shown();
    let report = outcome.report(&shown);
    let (mut console_shown, mut left_out) = (false, 0);
    for output in outputs {
        let to_stdout = output.target == Target::Stdout;
        console_shown |= to_stdout && output.format == Format::Console;
        let options = format::Options {
            console: ConsoleOptions {
                color: to_stdout && colored(arguments.color),
                quiet: arguments.quiet,
                verbose: arguments.verbose,
                base: std::env::current_dir().ok(),
            },
            sarif: SarifOptions {
                include_suppressed: arguments.sarif_include_suppressed,
                compared: outcome.matching.is_some(),
                category: arguments.sarif_category.clone(),
            },
        };
        let written = output.target.write(|out| format::write(&report, output.format, &options, out))?;
        left_out += written.left_out;
        if written.left_out > 0 {
            note(&format!(
                "{} findings were left out of the SARIF report: GitHub takes 25,000, and these are the mildest",
                written.left_out
            ));
        }
    }
    if !console_shown && !arguments.quiet {
        note(&crate::report::verdict_line(&report));
    }
    Ok(left_out)
}

/// Says something beside the report. That standard error is closed is no reason to fail.
fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn colored(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            std::io::stdout().is_terminal()
                && !refused
                && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}

fn show_files(options: &scan::Options) -> Result<ExitCode, Error> {
    let found = files::discover(&options.files)?;
    Target::Stdout.write(|out| found.files.iter().try_for_each(|file| writeln!(out, "{}", file.display)))?;
    Ok(ExitCode::SUCCESS)
}

fn exit_code(verdict: Verdict, gate: &GateArguments) -> ExitCode {
    match verdict {
        Verdict::Failed(_) if !gate.exit_zero => ExitCode::from(FOUND),
        Verdict::Incomplete if !gate.allow_incomplete => ExitCode::from(INCOMPLETE),
        _ => ExitCode::SUCCESS,
    }
}
