//! `backend-audit scan`.

use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use super::change::ChangeArguments;
use super::progress::Bar;
use super::what::{Resolved, What};
use super::{Color, ConfidenceName, SeverityName, baseline, show_settings};
use crate::error::Error;
use crate::gate::baseline::Baseline;
use crate::gate::settings::{CommandLine, Settings};
use crate::gate::threshold::Verdict;
use crate::input::files;
use crate::report::console::ConsoleOptions;
use crate::report::format::{self, Format, Output};
use crate::report::github::GithubOptions;
use crate::report::sarif::SarifOptions;
use crate::report::target::Target;
use crate::report::time::Time;
use crate::scan::{self, Outcome, Stdin};

/// Exit codes of `scan`; 2 is that of every [`Error`].
const FOUND: u8 = 1;
const INCOMPLETE: u8 = 3;

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing at or above the threshold, 1 findings at or above it, \
                        2 wrong usage (nothing was scanned), 3 something was not judged and nothing else failed.")]
pub struct Arguments {
    #[command(flatten)]
    what: What,

    /// Name of the text on standard input, for reports and for what depends on the path.
    #[arg(long, value_name = "FILE", default_value = "stdin.py", help_heading = "Files")]
    stdin_filename: PathBuf,

    /// List the files that would be scanned, and scan none.
    #[arg(long, help_heading = "Files")]
    show_files: bool,

    /// Print the settings that hold and where each comes from, and scan nothing.
    #[arg(long, help_heading = "Config")]
    show_settings: bool,

    #[command(flatten)]
    change: ChangeArguments,

    #[command(flatten)]
    gate: GateArguments,

    #[command(flatten)]
    output: OutputArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Verdict")]
struct GateArguments {
    /// Fail on findings of this severity or above. [default: medium]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<SeverityName>,

    /// Fail only on findings of this confidence or above. [default: medium]
    #[arg(long, value_enum, value_name = "CONFIDENCE")]
    min_confidence: Option<ConfidenceName>,

    /// Show findings of this severity or above; what fails is always shown. [default: low]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    min_severity: Option<SeverityName>,

    /// Findings that this file knows do not fail and are only counted; see `backend-audit baseline`.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Compare with no baseline, whatever the config says.
    #[arg(long, conflicts_with = "baseline")]
    no_baseline: bool,

    /// Write all findings into a baseline after the scan, replacing the one that is there.
    #[arg(long, value_name = "FILE")]
    write_baseline: Option<PathBuf>,

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
    #[arg(long, value_name = "FORMAT", default_value = "console", value_parser = Format::ALL.map(Format::name))]
    format: String,

    /// Write the report to a file; `FORMAT=FILE` writes one more report, `-` stands for standard output. Repeatable.
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
    let resolved = resolve(arguments)?;
    if arguments.show_settings {
        return show_settings::run(&resolved);
    }
    let options = options(arguments, &resolved.settings)?;
    let outputs = outputs(&arguments.output)?;
    if arguments.show_files {
        return show_files(&options);
    }
    let bar = Bar::new(!arguments.output.quiet);
    let outcome = scan::scan(&options, &|step| bar.step(step))?;
    bar.finish();
    if let Some(file) = &arguments.gate.write_baseline {
        baseline::write(file, &Baseline::of(&outcome.findings))?;
    }
    let left_out = write(&outcome, &outputs, &arguments.output)?;
    // A report that was cut did not say everything.
    let verdict = match outcome.verdict {
        Verdict::Passed if left_out > 0 => Verdict::Incomplete,
        verdict => verdict,
    };
    Ok(exit_code(verdict, &arguments.gate))
}

/// The settings of the config and the command line.
fn resolve(arguments: &Arguments) -> Result<Resolved, Error> {
    reads_stdin(arguments)?;
    let gate = &arguments.gate;
    let line = CommandLine {
        fail_on: gate.fail_on.map(Into::into),
        min_confidence: gate.min_confidence.map(Into::into),
        min_severity: gate.min_severity.map(Into::into),
        baseline: gate.baseline.clone(),
        no_baseline: gate.no_baseline,
        report: arguments.change.scope(),
        ..arguments.what.command_line()
    };
    let folder = arguments.stdin_filename.parent().filter(|folder| folder.is_dir());
    arguments.what.resolve(line, folder.unwrap_or(Path::new(".")), arguments.change.config_ref.as_deref())
}

fn options(arguments: &Arguments, settings: &Settings) -> Result<scan::Options, Error> {
    Ok(scan::Options {
        baseline: arguments.change.baseline(
            settings.baseline.as_deref(),
            arguments.gate.baseline.is_none(),
            arguments.what.paths(),
        )?,
        change: arguments.change.options(settings),
        stdin: stdin(arguments)?,
        ..arguments.what.options(settings)
    })
}

/// Whether `-` asks for the text on standard input, which is then all that is scanned.
fn reads_stdin(arguments: &Arguments) -> Result<bool, Error> {
    let paths = arguments.what.paths();
    let asked = paths.iter().any(|path| path.as_os_str() == "-");
    if asked && paths.len() > 1 {
        return Err(Error::Usage {
            option: "-".to_owned(),
            reason: "standard input cannot be scanned together with other paths".to_owned(),
            hint: Some("scan them in two runs".to_owned()),
        });
    }
    if asked && arguments.change.is_asked_for() {
        return Err(Error::Usage {
            option: "-".to_owned(),
            reason: "standard input is no part of a change".to_owned(),
            hint: Some("leave out `-`, or the option that names the change".to_owned()),
        });
    }
    Ok(asked)
}

/// The text on standard input, where `-` asks for it.
fn stdin(arguments: &Arguments) -> Result<Option<Stdin>, Error> {
    if !reads_stdin(arguments)? {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    let mut limited = std::io::stdin().lock().take(arguments.what.max_file_size() + 1);
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
    let on_stdout = outputs.iter().filter(|output| output.target == Target::Stdout);
    let on_stdout: Vec<Format> = on_stdout.map(|output| output.format).collect();
    if let Some(document) = on_stdout.iter().find(|format| on_stdout.len() > 1 && !format.is_log()) {
        let name = document.name();
        return Err(Error::Usage {
            option: "--output".to_owned(),
            reason: format!("a report in the format `{name}` cannot share standard output with another"),
            hint: Some(format!("write it to a file, or it alone: `--format {name}`")),
        });
    }
    Ok(outputs)
}

/// When the reports are made, or what `SOURCE_DATE_EPOCH` says in its place, so that a build can be repeated.
/// <https://reproducible-builds.org/specs/source-date-epoch/>
fn generated() -> Time {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    Time(set.unwrap_or_else(now))
}

/// The folder that GitHub Actions takes paths to be relative to.
fn workspace() -> Option<PathBuf> {
    std::env::var_os("GITHUB_WORKSPACE").filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Writes the reports; how many findings a format had to leave out.
fn write(outcome: &Outcome, outputs: &[Output], arguments: &OutputArguments) -> Result<usize, Error> {
    let shown = outcome.shown();
    let report = outcome.report(&shown);
    let (mut console_shown, mut left_out, generated) = (false, 0, generated());
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
                compared: outcome.compared,
                category: arguments.sarif_category.clone(),
            },
            github: GithubOptions { workspace: workspace() },
            generated,
        };
        let written = output.target.write(|out| format::write(&report, output.format, &options, out))?;
        left_out += written.left_out;
        if written.left_out > 0 {
            note(&format!(
                "{} of the findings were left out of the SARIF report: GitHub takes 25,000, and these are the mildest",
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
pub(super) fn note(text: &str) {
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
