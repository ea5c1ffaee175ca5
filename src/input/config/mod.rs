//! The config of a project: `[tool.backend-audit]` in `pyproject.toml`, or `backend-audit.toml` with the same keys at
//! its top. Found upward from what is scanned, parsed, with the place of everything in it kept for errors.
//!
//! Which rules there are is none of its business: `gate::settings` resolves their names.

mod at;
mod find;
mod keys;
mod parse;
mod reader;

use std::fmt;
use std::path::PathBuf;

use crate::error::Error;
use crate::finding::{Confidence, Severity};
pub use at::load_at;
pub use find::{OWN, PYPROJECT, Which, load, read};
pub use keys::{KEYS, Key};
pub use parse::parse;
pub use reader::quoted;

/// A config as written; what it leaves out is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The file, as messages name it.
    pub path: PathBuf,
    /// The folder of the file, which the path of the baseline is relative to.
    pub folder: PathBuf,
    /// The folder that patterns are relative to, absolute: that of the file where it holds all that is scanned.
    /// `None` stands for the root of the scan.
    pub base: Option<PathBuf>,
    /// Its text.
    pub text: String,
    /// `preset`
    pub preset: Option<Presets>,
    /// `select`; never an empty list.
    pub select: Option<Vec<At<String>>>,
    /// `ignore`
    pub ignore: Vec<At<String>>,
    /// `extend-select`
    pub extend_select: Vec<At<String>>,
    /// `extend-ignore`
    pub extend_ignore: Vec<At<String>>,
    /// `fail-on`
    pub fail_on: Option<Severity>,
    /// `min-confidence`
    pub min_confidence: Option<Confidence>,
    /// `min-severity`
    pub min_severity: Option<Severity>,
    /// `exclude`, then `extend-exclude`: valid patterns.
    pub exclude: Vec<String>,
    /// `target-version`
    pub target_version: Option<PythonVersion>,
    /// `report`
    pub report: Option<Scope>,
    /// `baseline`, as written.
    pub baseline: Option<PathBuf>,
    /// `max-new-suppressions`
    pub max_new_suppressions: Option<u32>,
    /// `per-path-ignores`: valid patterns, each with rules, in the order of the file.
    pub per_path_ignores: Vec<(String, Vec<At<String>>)>,
    /// `severity`: rules with theirs, in the order of the file.
    pub severity: Vec<(At<String>, Severity)>,
    /// `rules`: rules with the names of the options that are set for them, in the order of the file.
    pub rules: Vec<(At<String>, Vec<At<String>>)>,
}

impl Config {
    /// An error at a byte of this file.
    pub fn fault(&self, byte: usize, reason: String, hint: String) -> Error {
        reader::fault(&self.path, &self.text, byte, reason, hint)
    }
}

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// The byte of the file where it begins.
    pub byte: usize,
}

/// The presets that run, as options name them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presets {
    /// What a gate may fail on.
    #[default]
    Gate,
    /// That, and what is worth a look.
    Review,
    /// Every rule.
    All,
}

impl Presets {
    /// All of them.
    pub const ALL: [Presets; 3] = [Presets::Gate, Presets::Review, Presets::All];

    /// The name used in options.
    pub fn name(self) -> &'static str {
        match self {
            Presets::Gate => "gate",
            Presets::Review => "review",
            Presets::All => "all",
        }
    }
}

/// Which findings are reported where a change is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Those that are new, wherever they are.
    #[default]
    New,
    /// All in the changed files.
    Files,
    /// All on the changed lines.
    Lines,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 3] = [Scope::New, Scope::Files, Scope::Lines];

    /// The name used in options.
    pub fn name(self) -> &'static str {
        match self {
            Scope::New => "new",
            Scope::Files => "files",
            Scope::Lines => "lines",
        }
    }
}

/// A version of Python, from 3.8 to 3.14.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PythonVersion {
    minor: u8,
}

impl PythonVersion {
    /// All of them, the oldest first.
    pub fn all() -> impl Iterator<Item = PythonVersion> {
        (8..=14).map(|minor| PythonVersion { minor })
    }

    /// The number behind the dot.
    pub fn minor(self) -> u8 {
        self.minor
    }
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "3.{}", self.minor)
    }
}
