//! What commands scan: the paths, the files passed over, the rules.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::error::Error;
use crate::gate::baseline::Date;
use crate::gate::select::{self, Selection};
use crate::gate::threshold::Thresholds;
use crate::input::files;
use crate::rule::Preset;
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

impl What {
    /// The paths as given.
    pub(super) fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// The largest file to read, in bytes.
    pub(super) fn max_file_size(&self) -> u64 {
        self.files.max_file_size
    }

    /// The library's options, with its default thresholds and no baseline.
    pub(super) fn options(&self) -> Result<scan::Options, Error> {
        let presets = match self.rules.preset {
            PresetName::Gate => vec![],
            PresetName::Review => vec![Preset::Review],
            PresetName::All => vec![Preset::Review, Preset::OptIn],
        };
        let (select, ignore) = (self.rules.select.clone(), self.rules.ignore.clone());
        Ok(scan::Options {
            files: files::Options {
                paths: self.paths.clone(),
                exclude: self.files.exclude.clone(),
                force_exclude: self.files.force_exclude,
                no_ignore: self.files.no_ignore,
            },
            stdin: None,
            rules: select::rules(&Selection { select, ignore, presets })?,
            thresholds: Thresholds::default(),
            baseline: None,
            today: Date::today(),
            threads: self.files.threads,
            max_file_size: self.files.max_file_size,
        })
    }
}
