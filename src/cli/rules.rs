//! `backend-audit rules`: the table of rules.

use std::io::Write;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::error::Error;
use crate::finding::{Confidence, Severity};
use crate::report::target::Target;
use crate::rule::{Preset, Rule};
use crate::rules;
use crate::rules::examples::Examples;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Format of the list.
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ListFormat {
    Table,
    Json,
}

/// A rule as JSON.
#[derive(Serialize)]
struct RuleJson {
    name: &'static str,
    family: &'static str,
    aliases: &'static [&'static str],
    preset: Preset,
    severity: Severity,
    flow_severity: Option<Severity>,
    confidence: Confidence,
    cwe: &'static [u16],
    message: &'static str,
    why: &'static str,
    help: &'static str,
    reported: Option<&'static str>,
    not_reported: Option<&'static str>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let mut rules: Vec<_> = rules::all().collect();
    rules.sort_by_key(|(_, rule)| rule.name);
    Target::Stdout.write(|out| match arguments.format {
        ListFormat::Table => table(&rules, out),
        ListFormat::Json => json(&rules, out),
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The name of a preset, as in options.
pub(super) fn preset_name(preset: Preset) -> &'static str {
    match preset {
        Preset::Gate => "gate",
        Preset::Review => "review",
        Preset::OptIn => "opt-in",
    }
}

fn table(rules: &[(&str, &Rule)], out: &mut dyn Write) -> std::io::Result<()> {
    let width = rules.iter().map(|(_, rule)| rule.name.len()).max().unwrap_or(0);
    writeln!(out, "{:width$}  {:8}  {:10}  {:6}  ALSO KNOWN AS", "RULE", "SEVERITY", "CONFIDENCE", "PRESET")?;
    for (_, rule) in rules {
        let preset = preset_name(rule.preset);
        let aliases = rule.aliases.join(" ");
        let line = format!(
            "{:width$}  {:8}  {:10}  {preset:6}  {aliases}",
            rule.name, rule.severity, rule.confidence
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "\n{} rules. `backend-audit explain RULE` says what one is about.", rules.len())
}

fn json(rules: &[(&'static str, &'static Rule)], out: &mut dyn Write) -> std::io::Result<()> {
    let rows: Vec<RuleJson> = rules.iter().map(|(family, rule)| row(family, rule)).collect();
    serde_json::to_writer_pretty(&mut *out, &rows)?;
    writeln!(out)
}

fn row(family: &'static str, rule: &'static Rule) -> RuleJson {
    let examples = Examples::of(rule.name);
    RuleJson {
        name: rule.name,
        family,
        aliases: rule.aliases,
        preset: rule.preset,
        severity: rule.severity,
        flow_severity: rule.flow,
        confidence: rule.confidence,
        cwe: rule.cwe,
        message: rule.message,
        why: rule.why,
        help: rule.help,
        reported: examples.reported,
        not_reported: examples.not_reported,
    }
}
