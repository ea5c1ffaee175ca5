//! What data flow needs to know of libraries: where data comes from, and what makes it harmless.

use std::fmt;
use std::sync::Arc;

use serde::Deserialize;

use super::Kind;

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kinds(u64);

impl Kinds {
    /// Every kind.
    pub const ALL: Kinds = Kinds(u64::MAX);

    /// One kind.
    pub fn of(kind: Kind) -> Kinds {
        Kinds(1 << kind as u8)
    }

    /// Those of both.
    #[must_use]
    pub fn and(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Those that are in both.
    #[must_use]
    pub fn common(self, other: Kinds) -> Kinds {
        Kinds(self.0 & other.0)
    }

    /// Whether a kind is among them.
    pub fn has(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Who can shape data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Threat {
    /// Whoever sends a request.
    #[default]
    Remote,
    /// Whoever starts the program.
    Cli,
    /// Whoever sets its environment.
    Env,
    /// Whoever writes a file that it reads.
    File,
    /// Whoever put it into a database.
    Stored,
    /// The server that it asks.
    Response,
    /// The peer of a connection.
    Network,
    /// Whoever fills a queue.
    Message,
    /// Whoever talks to a language model.
    Llm,
    /// Whoever made an archive.
    Archive,
    /// Whoever calls a public function of a library.
    Library,
}

impl Threat {
    /// Every threat.
    pub const ALL: [Threat; 11] = [
        Threat::Remote,
        Threat::Cli,
        Threat::Env,
        Threat::File,
        Threat::Stored,
        Threat::Response,
        Threat::Network,
        Threat::Message,
        Threat::Llm,
        Threat::Archive,
        Threat::Library,
    ];

    /// The name used in options and models.
    pub fn name(self) -> &'static str {
        match self {
            Threat::Remote => "remote",
            Threat::Cli => "cli",
            Threat::Env => "env",
            Threat::File => "file",
            Threat::Stored => "stored",
            Threat::Response => "response",
            Threat::Network => "network",
            Threat::Message => "message",
            Threat::Llm => "llm",
            Threat::Archive => "archive",
            Threat::Library => "library",
        }
    }
}

impl fmt::Display for Threat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An attribute, or what a call yields, that somebody else shapes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceRow {
    pub path: Arc<str>,
    #[serde(default)]
    pub threat: Threat,
}

/// When a callable makes data harmless.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// What it yields is harmless.
    #[default]
    Clear,
    /// Its subject is, where it yields something true …
    True,
    /// … something false …
    False,
    /// … or where it returns at all.
    Raises,
    /// What it yields is a path without `..`: a check of its start counts from here on.
    Normalizes,
}

/// A callable that makes data harmless.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clean {
    /// Dotted path; `?.name` is any method of that name.
    pub path: Arc<str>,
    kinds: Vec<String>,
    /// When.
    #[serde(default)]
    pub effect: Effect,
    /// The positions of what it looks at; the first where none is given.
    #[serde(default)]
    pub args: Vec<usize>,
    /// Whether it looks at its receiver.
    #[serde(default)]
    pub receiver: bool,
}

impl Clean {
    /// The kinds that it makes harmless.
    pub fn kinds(&self) -> Kinds {
        let kinds = self.kinds.iter().map(|name| match Kind::of_name(name) {
            Some(kind) => Kinds::of(kind),
            None => Kinds::ALL,
        });
        kinds.fold(Kinds::default(), Kinds::and)
    }

    /// Whether every kind that it names is one, or `*`.
    pub(super) fn fault(&self) -> Option<&str> {
        let unknown = self.kinds.iter().find(|name| *name != "*" && Kind::of_name(name).is_none());
        unknown.map(String::as_str)
    }
}
