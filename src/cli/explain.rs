//! `backend-audit explain RULE`.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;

use super::rules::preset_name;
use crate::error::Error;
use crate::gate::{bandit, select};
use crate::report::target::Target;
use crate::rule::Rule;
use crate::rules;
use crate::rules::examples::Examples;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Name of the rule, or its id in Bandit or ruff.
    rule: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let name = &arguments.rule;
    let found: Vec<_> = rules::all().filter(|(_, rule)| rule.is_named(name)).collect();
    if found.is_empty() {
        let removed = bandit::is_removed(name);
        return Err(Error::UnknownRule { name: name.clone(), nearest: select::nearest(name), removed });
    }
    Target::Stdout.write(|out| {
        found.iter().enumerate().try_for_each(|(index, (family, rule))| {
            if index > 0 {
                writeln!(out)?;
            }
            explain(family, rule, out)
        })
    })?;
    Ok(ExitCode::SUCCESS)
}

fn explain(family: &str, rule: &Rule, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}\n", rule.name)?;
    writeln!(out, "What   {}", rule.message.replace("{call}", "…"))?;
    writeln!(out, "Why    {}", rule.why)?;
    writeln!(out, "Help   {}\n", rule.help)?;
    writeln!(
        out,
        "severity {}, confidence {}, preset {}, family {family}",
        rule.severity,
        rule.confidence,
        preset_name(rule.preset)
    )?;
    if let Some(severity) = rule.flow {
        writeln!(out, "{} as a flow from a source (`{}/flow`)", severity, rule.name)?;
    }
    if !rule.cwe.is_empty() {
        let cwe: Vec<_> = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect();
        writeln!(out, "{}", cwe.join(", "))?;
    }
    if !rule.aliases.is_empty() {
        writeln!(out, "also known as {}", rule.aliases.join(", "))?;
    }
    let examples = Examples::of(rule.name);
    for (label, code) in [("Reported", examples.reported), ("Not reported", examples.not_reported)] {
        if let Some(code) = code {
            writeln!(out, "\n{label}:\n")?;
            code.lines().try_for_each(|line| writeln!(out, "{}", format!("    {line}").trim_end()))?;
        }
    }
    writeln!(out, "\nSuppress one finding:  # backend-audit: ignore[{}] why it is fine", rule.name)?;
    writeln!(out, "Leave the rule out:    --ignore {}", rule.name)
}
