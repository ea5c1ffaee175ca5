//! The command line: one file a command. Parses, calls the library, writes reports; decides nothing.

mod baseline;
mod change;
mod completions;
mod explain;
mod init;
mod man;
mod progress;
mod routes;
mod rules;
mod scan;
mod show_settings;
mod what;

use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::error::Error;
use crate::finding::{Confidence, Severity};

/// Audits Python backends without running them: findings with reasons, and an exit code for a gate.
#[derive(Debug, Parser)]
#[command(name = "backend-audit", version, max_term_width = 110, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Scan files and folders.
    Scan(Box<scan::Arguments>),
    /// Create and keep the file of what is known.
    Baseline(Box<baseline::Arguments>),
    /// Write a config with every key, its default and what it does.
    Init(init::Arguments),
    /// List the endpoints of a backend, and what lets only some callers reach each.
    Routes(Box<routes::Arguments>),
    /// List the rules.
    Rules(rules::Arguments),
    /// Say what a rule looks for, why it matters and what to do.
    Explain(explain::Arguments),
    /// Print a script that completes commands and options in a shell.
    Completions(completions::Arguments),
    /// Print a manual page.
    #[command(hide = true)]
    Man(man::Arguments),
}

/// Runs what the arguments ask for.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    match &arguments.command {
        Command::Scan(arguments) => scan::run(arguments),
        Command::Baseline(arguments) => baseline::run(arguments),
        Command::Init(arguments) => init::run(arguments),
        Command::Routes(arguments) => routes::run(arguments),
        Command::Rules(arguments) => rules::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Man(arguments) => man::run(arguments),
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SeverityName {
    Critical,
    High,
    Medium,
    Low,
    Info,
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Severity {
        match name {
            SeverityName::Critical => Severity::Critical,
            SeverityName::High => Severity::High,
            SeverityName::Medium => Severity::Medium,
            SeverityName::Low => Severity::Low,
            SeverityName::Info => Severity::Info,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ConfidenceName {
    High,
    Medium,
    Low,
}

impl From<ConfidenceName> for Confidence {
    fn from(name: ConfidenceName) -> Confidence {
        match name {
            ConfidenceName::High => Confidence::High,
            ConfidenceName::Medium => Confidence::Medium,
            ConfidenceName::Low => Confidence::Low,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    /// Where standard output is a terminal and `NO_COLOR` is not set.
    Auto,
    Always,
    Never,
}
