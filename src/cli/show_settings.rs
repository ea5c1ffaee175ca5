//! `backend-audit scan --show-settings`: what holds, as a config that would have the same effect.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::what::Resolved;
use crate::error::Error;
use crate::finding::Severity;
use crate::input::config::Config;
use crate::report::target::Target;

const DEFAULT: &str = "default";
const FILE: &str = "file";
const COMMAND_LINE: &str = "command line";

pub(super) fn run(resolved: &Resolved) -> Result<ExitCode, Error> {
    Target::Stdout.write(|out| write(resolved, out))?;
    Ok(ExitCode::SUCCESS)
}

fn write(resolved: &Resolved, out: &mut dyn Write) -> io::Result<()> {
    let Resolved { config, line, settings } = resolved;
    match config {
        Some(config) => writeln!(out, "# Config: {}\n", path(&config.folder.join(name(config))))?,
        None => writeln!(out, "# Config: none\n")?,
    }
    let none = Config::default();
    let config = config.as_ref().unwrap_or(&none);
    let thresholds = settings.thresholds;
    let baseline = settings.baseline.as_deref();
    let from_line = line.baseline.is_some() || line.no_baseline;
    set_or_not("baseline", baseline.map(path), source(from_line, config.baseline.is_some()), out)?;
    write_exclude(resolved, out)?;
    set("fail-on", thresholds.fail_on.name(), source(line.fail_on.is_some(), config.fail_on.is_some()), out)?;
    let most = settings.max_new_suppressions.map(|most| most.to_string());
    set_or_not("max-new-suppressions", most, source(false, config.max_new_suppressions.is_some()), out)?;
    let from = source(line.min_confidence.is_some(), config.min_confidence.is_some());
    set("min-confidence", thresholds.min_confidence.name(), from, out)?;
    let from = source(line.min_severity.is_some(), config.min_severity.is_some());
    set("min-severity", thresholds.min_severity.name(), from, out)?;
    set("report", settings.report.name(), source(line.report.is_some(), config.report.is_some()), out)?;
    write_select(resolved, config, out)?;
    let version = settings.target_version.map(|version| string(&version.to_string()));
    set_or_not("target-version", version, source(false, config.target_version.is_some()), out)?;
    write_overrides(resolved, out)
}

/// The name of the file of a config.
fn name(config: &Config) -> &Path {
    config.path.file_name().map_or(&*config.path, Path::new)
}

fn source(line: bool, file: bool) -> &'static str {
    match (line, file) {
        (true, _) => COMMAND_LINE,
        (false, true) => FILE,
        (false, false) => DEFAULT,
    }
}

fn set(key: &str, value: &str, from: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{key} = {}  # {from}", string(value))
}

fn set_or_not(key: &str, value: Option<String>, from: &str, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Some(value) => writeln!(out, "{key} = {value}  # {from}"),
        None => writeln!(out, "# {key}: not set  # {from}"),
    }
}

fn write_exclude(resolved: &Resolved, out: &mut dyn Write) -> io::Result<()> {
    let settings = &resolved.settings;
    if settings.exclude.is_empty() && settings.config_exclude.is_empty() {
        return writeln!(out, "exclude = []  # {DEFAULT}");
    }
    writeln!(out, "exclude = [")?;
    for pattern in &settings.config_exclude {
        writeln!(out, "    {},  # {FILE}", string(pattern))?;
    }
    for pattern in &settings.exclude {
        writeln!(out, "    {},  # {COMMAND_LINE}, relative to the root of the scan", string(pattern))?;
    }
    writeln!(out, "]")
}

/// The rules that run, and what chose them.
fn write_select(resolved: &Resolved, config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let Resolved { line, settings, .. } = resolved;
    let preset = line.preset.or(config.preset).unwrap_or_default().name();
    let (by_line, by_file) = (!line.select.is_empty(), config.select.is_some() && line.preset.is_none());
    let mut chosen = if by_line || by_file {
        vec![format!("select: {}", source(by_line, by_file))]
    } else {
        vec![format!("preset {preset}: {}", source(line.preset.is_some(), config.preset.is_some()))]
    };
    let of_config = |given: bool| given && !by_line;
    for (what, given, from) in [
        ("extend-select", of_config(!config.extend_select.is_empty()), FILE),
        ("ignore", of_config(!config.ignore.is_empty() || !config.extend_ignore.is_empty()), FILE),
        ("extend-select", !line.extend_select.is_empty(), COMMAND_LINE),
        ("ignore", !line.ignore.is_empty(), COMMAND_LINE),
    ] {
        if given {
            chosen.push(format!("{what}: {from}"));
        }
    }
    writeln!(out, "select = [  # {}", chosen.join("; "))?;
    for rule in &settings.rules {
        writeln!(out, "    {},", string(rule.name))?;
    }
    writeln!(out, "]")
}

fn write_overrides(resolved: &Resolved, out: &mut dyn Write) -> io::Result<()> {
    let overrides = &resolved.settings.overrides;
    if !overrides.per_path.is_empty() {
        writeln!(out, "\n[per-path-ignores]  # {FILE}")?;
        let mut sorted: Vec<_> = overrides.per_path.iter().collect();
        sorted.sort();
        for (pattern, rules) in sorted {
            let rules: Vec<String> = rules.iter().map(|rule| string(rule)).collect();
            writeln!(out, "{} = [{}]", string(pattern), rules.join(", "))?;
        }
    }
    let flows = overrides.flow_severity.iter().map(|(rule, severity)| (format!("{rule}/flow"), *severity));
    let rules = overrides.severity.iter().map(|(rule, severity)| ((*rule).to_owned(), *severity));
    let mut severities: Vec<(String, Severity)> = rules.chain(flows).collect();
    severities.sort();
    if !severities.is_empty() {
        writeln!(out, "\n[severity]  # {FILE}")?;
    }
    for (rule, severity) in severities {
        writeln!(out, "{} = {}", string(&rule), string(severity.name()))?;
    }
    Ok(())
}

/// A path as TOML; what is not UTF-8 in it is replaced.
fn path(path: &Path) -> String {
    string(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).to_string_lossy())
}

/// A text as TOML on one line, fit for a terminal.
fn string(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control()
                || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}') =>
            {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_toml_on_one_line() {
        for text in ["", "a\"b\\c", "a\nb\u{1b}[0m\u{7f}\u{202e}", "é😀'''\"\"\""] {
            let written = string(text);
            assert!(written.chars().all(|c| !c.is_control()), "{written}");
            let table: toml::Table = format!("x = {written}").parse().unwrap();
            assert_eq!(table["x"].as_str(), Some(text));
        }
    }
}
