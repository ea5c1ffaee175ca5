//! The options that name a change, and the commits that its judge comes from.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::error::Error;
use crate::gate::baseline::{self, Baseline};
use crate::gate::settings::Settings;
use crate::input::config::Scope;
use crate::input::git::{Change, Repository};
use crate::scan::ChangeOptions;

#[derive(Debug, Args)]
#[command(next_help_heading = "Change")]
pub(super) struct ChangeArguments {
    /// Judge what the next commit would add: the index against `HEAD`.
    #[arg(long, group = "change")]
    staged: bool,

    /// Judge what is not committed: the work tree, untracked files included, against `HEAD`.
    #[arg(long, group = "change")]
    changed: bool,

    /// Judge what came since this revision: the work tree against the merge base of it and `HEAD`.
    #[arg(long, value_name = "REF", group = "change")]
    since: Option<String>,

    /// Which findings of a change are reported. [default: new]
    #[arg(long, value_enum, value_name = "WHICH", requires = "change")]
    report: Option<ScopeName>,

    /// Read the baseline from this commit, so that the change that is judged cannot widen it.
    #[arg(long, value_name = "REF")]
    baseline_ref: Option<String>,

    /// Read the config from this commit, and the baseline that it names, so that the change that is judged cannot
    /// loosen it.
    #[arg(long, value_name = "REF", conflicts_with = "isolated")]
    pub config_ref: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ScopeName {
    /// Those that are new, in whatever file they show.
    New,
    /// All in the changed files.
    Files,
    /// All on the changed lines.
    Lines,
}

impl ChangeArguments {
    /// Whether a change is to be judged.
    pub fn is_asked_for(&self) -> bool {
        self.staged || self.changed || self.since.is_some()
    }

    /// What change to judge, and how, if one is named.
    pub fn options(&self, settings: &Settings) -> Option<ChangeOptions> {
        Some(ChangeOptions {
            change: self.change()?,
            scope: settings.report,
            max_new_suppressions: settings.max_new_suppressions,
            baseline: settings.baseline.clone(),
        })
    }

    fn change(&self) -> Option<Change> {
        match &self.since {
            Some(revision) => Some(Change::Since(revision.clone())),
            None if self.staged => Some(Change::Staged),
            None if self.changed => Some(Change::Worktree),
            None => None,
        }
    }

    /// `--report`.
    pub fn scope(&self) -> Option<Scope> {
        self.report.map(|name| match name {
            ScopeName::New => Scope::New,
            ScopeName::Files => Scope::Files,
            ScopeName::Lines => Scope::Lines,
        })
    }

    /// The baseline: of the work tree, or of the commit that `--baseline-ref` names; where the config names the file,
    /// that of `--config-ref` does too. A commit without one knows nothing.
    pub fn baseline(
        &self,
        file: Option<&Path>,
        is_of_config: bool,
        paths: &[PathBuf],
    ) -> Result<Option<Baseline>, Error> {
        let of_config = self.config_ref.as_ref().filter(|_| is_of_config && file.is_some());
        let Some(revision) = self.baseline_ref.as_ref().or(of_config) else {
            return file.map(super::baseline::read).transpose();
        };
        let Some(file) = file else {
            return Err(Error::Usage {
                option: "--baseline-ref".to_owned(),
                reason: "no baseline is named".to_owned(),
                hint: Some("name one with `--baseline FILE`, or in the config".to_owned()),
            });
        };
        let bytes = Repository::open(paths)?.read_at(revision, file)?;
        Ok(Some(bytes.map_or_else(|| Ok(Baseline::default()), |bytes| baseline::read(file, &bytes))?))
    }
}
