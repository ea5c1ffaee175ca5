//! What holds in a run: the defaults, over them the config, over that the command line.

use std::path::PathBuf;

use super::overrides::Overrides;
use super::select::{self, Names, Selection};
use super::threshold::Thresholds;
use crate::error::Error;
use crate::finding::{Confidence, Severity};
use crate::input::config::{At, Config, Presets, PythonVersion, Scope, quoted};
use crate::rule::Rule;
use crate::rules;

/// What was given on the command line; what was not is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine {
    /// `--preset`
    pub preset: Option<Presets>,
    /// `--select`
    pub select: Vec<String>,
    /// `--ignore`, then `--extend-ignore`
    pub ignore: Vec<String>,
    /// `--extend-select`
    pub extend_select: Vec<String>,
    /// `--exclude`
    pub exclude: Vec<String>,
    /// `--fail-on`
    pub fail_on: Option<Severity>,
    /// `--min-confidence`
    pub min_confidence: Option<Confidence>,
    /// `--min-severity`
    pub min_severity: Option<Severity>,
    /// `--baseline`
    pub baseline: Option<PathBuf>,
    /// `--no-baseline`
    pub no_baseline: bool,
    /// `--report`
    pub report: Option<Scope>,
}

/// What holds in a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The rules that run, sorted by name; never none.
    pub rules: Vec<&'static Rule>,
    /// What fails and what is shown.
    pub thresholds: Thresholds,
    /// Patterns of the command line, relative to the root of the scan.
    pub exclude: Vec<String>,
    /// Patterns of the config, relative to `folder`.
    pub config_exclude: Vec<String>,
    /// The folder that the patterns of the config are relative to, absolute; `None` is the root of the scan.
    pub folder: Option<PathBuf>,
    /// What changes about findings.
    pub overrides: Overrides,
    /// The file of what is known.
    pub baseline: Option<PathBuf>,
    /// Which findings are reported where a change is judged.
    pub report: Scope,
    /// The oldest Python that the code has to run on.
    pub target_version: Option<PythonVersion>,
    /// How many suppressing comments a change may add; `None` is any number.
    pub max_new_suppressions: Option<u32>,
}

impl Settings {
    /// Resolves the names of rules and lays the command line over the config. A name that no rule has is an error with
    /// its place and the nearest ones, and so is a choice that leaves no rule to run.
    pub fn resolve(config: Option<&Config>, line: &CommandLine) -> Result<Settings, Error> {
        let none = Config::default();
        let config = config.unwrap_or(&none);
        check_options(config)?;
        let rules = select::rules(&of_config(config)?, &of_line(line)?);
        if rules.is_empty() {
            return Err(Error::Usage {
                option: "--select, --ignore".to_owned(),
                reason: "no rule is left to run".to_owned(),
                hint: Some("ignore fewer rules, or select more; the config counts too".to_owned()),
            });
        }
        let default = Thresholds::default();
        let baseline = config.baseline.as_ref().map(|file| config.folder.join(file));
        Ok(Settings {
            rules,
            thresholds: Thresholds {
                fail_on: line.fail_on.or(config.fail_on).unwrap_or(default.fail_on),
                min_confidence: line
                    .min_confidence
                    .or(config.min_confidence)
                    .unwrap_or(default.min_confidence),
                min_severity: line.min_severity.or(config.min_severity).unwrap_or(default.min_severity),
            },
            exclude: line.exclude.clone(),
            config_exclude: config.exclude.clone(),
            folder: config.base.clone(),
            overrides: overrides(config)?,
            baseline: line.baseline.clone().or(baseline).filter(|_| !line.no_baseline),
            report: line.report.or(config.report).unwrap_or_default(),
            target_version: config.target_version,
            max_new_suppressions: config.max_new_suppressions,
        })
    }
}

fn of_line(line: &CommandLine) -> Result<Selection, Error> {
    let named = |names: &[String]| -> Result<Names, Error> {
        names.iter().try_fold(Names::new(), |mut all, name| {
            all.extend(select::named(name)?);
            Ok(all)
        })
    };
    Ok(Selection {
        presets: line.preset,
        select: Some(named(&line.select)?).filter(|_| !line.select.is_empty()),
        extend: named(&line.extend_select)?,
        ignore: named(&line.ignore)?,
    })
}

fn of_config(config: &Config) -> Result<Selection, Error> {
    let mut ignore = all_named(config, &config.ignore)?;
    ignore.extend(all_named(config, &config.extend_ignore)?);
    Ok(Selection {
        presets: config.preset,
        select: config.select.as_ref().map(|names| all_named(config, names)).transpose()?,
        extend: all_named(config, &config.extend_select)?,
        ignore,
    })
}

fn all_named(config: &Config, names: &[At<String>]) -> Result<Names, Error> {
    names.iter().try_fold(Names::new(), |mut all, name| {
        all.extend(named(config, name)?);
        Ok(all)
    })
}

/// The rules that a name in the config means.
fn named(config: &Config, name: &At<String>) -> Result<Names, Error> {
    select::named(&name.value).map_err(|error| {
        let hint = error.hint().unwrap_or_default();
        config.fault(name.byte, format!("there is no rule {}", quoted(&name.value)), hint)
    })
}

fn overrides(config: &Config) -> Result<Overrides, Error> {
    let mut overrides = Overrides { folder: config.base.clone(), ..Overrides::default() };
    for (pattern, rules) in &config.per_path_ignores {
        let rules = all_named(config, rules)?.into_iter().collect();
        overrides.per_path.push((pattern.clone(), rules));
    }
    for (name, severity) in &config.severity {
        let flow = name.value.ends_with("/flow");
        let list = if flow { &mut overrides.flow_severity } else { &mut overrides.severity };
        for rule in named(config, name)? {
            if flow && !has_flows(rule) {
                let hint = format!("name the rule itself: `{rule}`");
                return Err(config.fault(name.byte, format!("the rule `{rule}` has no flows"), hint));
            }
            match list.iter().find(|(known, _)| *known == rule) {
                Some((_, before)) if before != severity => {
                    let reason = format!("`{rule}` has two severities, {before} and {severity}");
                    let hint = "a rule can be named by several ids; keep one line for each".to_owned();
                    return Err(config.fault(name.byte, reason, hint));
                }
                Some(_) => {}
                None => list.push((rule, *severity)),
            }
        }
    }
    Ok(overrides)
}

fn has_flows(name: &str) -> bool {
    rules::all().any(|(_, rule)| rule.name == name && rule.flow.is_some())
}

/// Holds the options of rules against those that the rules have. None has any yet: this is where they will be read.
fn check_options(config: &Config) -> Result<(), Error> {
    for (rule, options) in &config.rules {
        let names: Vec<&str> = named(config, rule)?.into_iter().collect();
        if let Some(option) = options.first() {
            let reason = format!("the rule `{}` has no option {}", names.join("`, `"), quoted(&option.value));
            return Err(config.fault(option.byte, reason, "remove it: no rule has options yet".to_owned()));
        }
    }
    Ok(())
}
