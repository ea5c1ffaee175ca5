//! What commands scan: the paths, the files passed over, the rules.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::error::Error;
use crate::gate::baseline::Date;
use crate::gate::settings::{CommandLine, Settings};
use crate::input::config::{self, Config, Presets, Which};
use crate::input::{files, patterns};
use crate::scan::{self, MAX_FILE_SIZE};

#[derive(Debug, Args)]
pub struct What {
    /// Files and folders; `-` reads standard input.
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    files: FileArguments,

    #[command(flatten)]
    rules: RuleArguments,

    #[command(flatten)]
    config: ConfigArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Config")]
struct ConfigArguments {
    /// Read this config, and look for no other.
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,

    /// Read no config.
    #[arg(long)]
    isolated: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Files")]
struct FileArguments {
    /// Pass over what matches, in the syntax of `.gitignore`, relative to the root of the scan; repeatable, or with
    /// commas.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,

    /// Apply excludes and ignore files to paths given by hand too, as a hook needs.
    #[arg(long)]
    force_exclude: bool,

    /// Read what `.gitignore` hides, hidden folders, virtual environments and the like too.
    #[arg(long)]
    no_ignore: bool,

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
    /// Run only these rules, by name or by the id of Bandit or ruff; repeatable, or with commas. What a config selects
    /// and ignores does not count then.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<String>,

    /// Leave these rules out, and those that a config ignores.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Run these rules beside.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    extend_select: Vec<String>,

    /// Leave these rules out too; the same as `--ignore`.
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    extend_ignore: Vec<String>,

    /// Rules to run where none is selected. [default: gate]
    #[arg(long, value_enum)]
    preset: Option<PresetName>,
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

impl From<PresetName> for Presets {
    fn from(name: PresetName) -> Presets {
        match name {
            PresetName::Gate => Presets::Gate,
            PresetName::Review => Presets::Review,
            PresetName::All => Presets::All,
        }
    }
}

/// What holds in a run, and where it comes from.
pub(super) struct Resolved {
    pub config: Option<Config>,
    pub line: CommandLine,
    pub settings: Settings,
}

impl What {
    /// The paths as given.
    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The largest file to read, in bytes.
    pub(super) fn max_file_size(&self) -> u64 {
        self.files.max_file_size
    }

    /// What the command line says here; the rest is that of the command.
    pub(super) fn command_line(&self) -> CommandLine {
        let rules = &self.rules;
        let names = |list: &[String]| list.iter().map(|name| name.trim().to_owned()).collect();
        CommandLine {
            preset: rules.preset.map(Into::into),
            select: names(&rules.select),
            ignore: names(&[&rules.ignore[..], &rules.extend_ignore].concat()),
            extend_select: names(&rules.extend_select),
            exclude: self.files.exclude.iter().flat_map(|list| patterns::split(list)).collect(),
            ..CommandLine::default()
        }
    }

    /// Reads the config and lays the command line over it. Standard input is looked at as if it stood in `folder`.
    /// The config is that of the commit `at`, if there is one.
    pub(super) fn resolve(
        &self,
        line: CommandLine,
        folder: &Path,
        at: Option<&str>,
    ) -> Result<Resolved, Error> {
        let which = match &self.config.config {
            Some(file) => Which::File(file.clone()),
            None if self.config.isolated => Which::None,
            None => Which::Nearest,
        };
        let place = |path: &PathBuf| if path.as_os_str() == "-" { folder.to_owned() } else { path.clone() };
        let targets: Vec<PathBuf> = self.paths.iter().map(place).collect();
        let config = match (at, &self.config.config) {
            (Some(revision), file) => config::load_at(revision, file.as_deref(), &targets)?,
            (None, _) => config::load(&which, &targets)?,
        };
        let settings = Settings::resolve(config.as_ref(), &line)?;
        Ok(Resolved { config, line, settings })
    }

    /// The library's options, without a baseline.
    pub(super) fn options(&self, settings: &Settings) -> scan::Options {
        scan::Options {
            files: files::Options {
                paths: self.paths.clone(),
                exclude: settings.exclude.clone(),
                config_exclude: settings.config_exclude.clone(),
                config_folder: settings.folder.clone(),
                force_exclude: self.files.force_exclude,
                no_ignore: self.files.no_ignore,
            },
            stdin: None,
            rules: settings.rules.clone(),
            thresholds: settings.thresholds,
            overrides: settings.overrides.clone(),
            baseline: None,
            change: None,
            today: Date::today(),
            threads: self.files.threads,
            max_file_size: self.files.max_file_size,
        }
    }
}
