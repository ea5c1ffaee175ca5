//! Facts about libraries, in TOML: one file a library, named after what is imported. Users write the same.
//!
//! Names of callables stand here and only here; what they mean for the person who wrote the code (severity,
//! CWE, advice) is in `rules/`. A file is read only when the project imports its library.

mod flow;
mod library;

use std::collections::BTreeSet;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::error::Error;
use crate::facts::{hash_text, path_hash};
pub use flow::{Clean, Effect, Kinds, Threat};
use library::Library;

static SHIPPED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/models");

/// Always read: builtins, and methods that are known by name whatever the receiver is.
const ALWAYS: &str = "builtins";

/// What a parameter of a callable is for, as far as an audit minds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Builds objects from bytes or text.
    Deserialization,
    /// Runs Python code.
    Code,
    /// Runs a text in a shell, or starts a program; see [`Sink::shell`].
    Command,
    /// Sends SQL text, not bound parameters.
    Sql,
    /// Parses XML.
    Xml,
    /// Unpacks an archive.
    Archive,
    /// Makes a hash by a broken function.
    WeakHash,
    /// Makes a hash by a function named in the argument.
    NamedHash,
    /// Encrypts with a broken cipher or mode; the parameter, if any, is the mode.
    WeakCipher,
    /// Makes a key of this size or on this curve.
    KeySize,
    /// Draws from a generator that can be predicted.
    Random,
    /// Takes a switch that turns certificate verification off.
    TlsVerify,
    /// Waits for a peer, forever unless told otherwise.
    Timeout,
    /// Starts a web server that has a debug mode.
    DebugServer,
    /// Listens on an address.
    Bind,
    /// Names a temporary file without making it.
    TempName,
    /// Sets the permissions of a file or folder.
    Permissions,
    /// Makes or overwrites a file or folder of this path.
    FileWrite,
    /// Writes to a log.
    Log,
    /// Opens, makes or removes a file of this path.
    Path,
    /// Sends a request to this address.
    Ssrf,
    /// Sends the client on to this address.
    Redirect,
    /// Becomes a header of an answer as it is, line breaks and all.
    Header,
    /// Becomes part of a page.
    Xss,
    /// Is a template.
    Template,
    /// Declares a text to be HTML that needs no escaping.
    Html,
    /// Fetches a model or data set of this name from a hub.
    Download,
    /// Takes a password or key.
    Credential,
    /// Makes a token of these claims.
    JwtClaims,
    /// Signs or verifies a token with this key.
    JwtKey,
    /// Signs or verifies a token by this algorithm, or one of these.
    JwtAlgorithm,
    /// Reads this token.
    JwtDecode,
    /// Sets a cookie of this name.
    Cookie,
}

impl Kind {
    /// The kind of a name as models write it.
    pub fn of_name(name: &str) -> Option<Kind> {
        let name = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name);
        Kind::deserialize(name).ok()
    }
}

/// Where a callable makes a response: whether that is a page unless its arguments say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Html {
    /// It is a page unless another content type is given.
    Default,
    /// It is one only where the content type says so.
    Explicit,
}

/// A callable and the parameter that an audit minds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sink {
    /// Dotted path. `requests.Session.get` is a method of instances; `?.execute` any method of that name.
    pub path: Arc<str>,
    /// What the parameter is for.
    pub kind: Kind,
    /// Positions of the parameter, from 0, the receiver not counted.
    #[serde(default)]
    pub args: Vec<usize>,
    /// Names of the parameter.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// For commands: whether a shell reads the text.
    #[serde(default)]
    pub shell: Shell,
    /// Whether it minds its receiver.
    #[serde(default)]
    pub receiver: bool,
    /// For responses: when they are pages.
    #[serde(default)]
    pub html: Option<Html>,
    /// For pages: the parameter that may hold what takes markup out.
    #[serde(default)]
    pub filters: Option<String>,
    /// For `?.name`: whether methods that the project defines itself are meant too, and functions of modules.
    #[serde(default)]
    pub own: bool,
    /// For flows: whether it also takes objects that stand for a text and keep data apart from it, such as statements.
    #[serde(default)]
    pub objects: bool,
    /// The library it was read from.
    #[serde(skip)]
    pub library: Arc<str>,
}

/// Whether a callable that starts programs hands its text to a shell.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Shell {
    /// Always or never.
    Fixed(bool),
    /// Where the argument of this name says so.
    Keyword(String),
}

impl Default for Shell {
    fn default() -> Shell {
        Shell::Fixed(true)
    }
}

/// The models of the libraries that a project imports.
#[derive(Debug, Default)]
pub struct Models {
    sinks: Vec<Sink>,
    types: FxHashMap<u64, u64>,
    aliases: FxHashMap<u64, u64>,
    subclasses: FxHashMap<u64, u64>,
    constants: FxHashMap<u64, i64>,
    numbers: FxHashSet<u64>,
    keeps_text: FxHashSet<u64>,
    carries: FxHashSet<u64>,
    addresses: FxHashSet<u64>,
    joins_paths: FxHashSet<u64>,
    operator: FxHashSet<u64>,
    quotes: FxHashSet<(u64, Kind)>,
    protects: FxHashSet<u64>,
    opens: FxHashSet<u64>,
    protects_writes: FxHashSet<u64>,
    answers: FxHashMap<u64, Vec<Arc<str>>>,
    /// By module: path and view.
    routes: FxHashMap<u64, Vec<(Arc<str>, u64)>>,
    sources: FxHashMap<u64, Threat>,
    cleans: FxHashMap<u64, Vec<Clean>>,
    ends: FxHashSet<u64>,
    answers_json: FxHashSet<u64>,
    /// By path, the sinks.
    by_path: FxHashMap<u64, Vec<u32>>,
    /// Hashes of the last segments of sources, and of sinks.
    source_names: FxHashSet<u64>,
    /// The classes and modules that sources are members of.
    source_holders: FxHashSet<u64>,
    /// The libraries that have sources.
    source_roots: FxHashSet<(u64, Threat)>,
}

impl Models {
    /// Reads the shipped models of these libraries: first segments of what is imported.
    pub fn load<'a>(imported: impl IntoIterator<Item = &'a str>) -> Result<Models, Error> {
        let mut models = Models::default();
        let names: BTreeSet<&str> = imported.into_iter().chain([ALWAYS]).collect();
        let mut open: Vec<String> = names.into_iter().rev().map(str::to_owned).collect();
        let mut read = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(file) = SHIPPED.get_file(format!("{name}.toml"))
                && read.insert(name.clone())
            {
                open.extend(models.add(&name, file.contents_utf8().unwrap_or_default())?);
            }
        }
        for (index, sink) in models.sinks.iter().enumerate() {
            models.by_path.entry(path_hash(&sink.path)).or_default().push(index as u32);
        }
        Ok(models)
    }

    /// Names of all libraries that have a model.
    pub fn shipped() -> impl Iterator<Item = &'static str> {
        SHIPPED.files().filter_map(|file| file.path().to_str()?.strip_suffix(".toml"))
    }

    /// Adds a model; the libraries that it uses.
    fn add(&mut self, name: &str, text: &str) -> Result<Vec<String>, Error> {
        let fault =
            |error: toml::de::Error| Error::Model { name: name.to_owned(), reason: error.to_string() };
        let library: Library = toml::from_str(text).map_err(fault)?;
        if let Some((clean, kind)) = library.cleans.iter().find_map(|clean| Some((clean, clean.fault()?))) {
            let reason = format!("`{}` names the unknown kind `{kind}`", clean.path);
            return Err(Error::Model { name: name.to_owned(), reason });
        }
        let name: Arc<str> = Arc::from(name);
        for row in &library.sources {
            self.sources.insert(path_hash(&row.path), row.threat);
            let root = row.path.split('.').next().unwrap_or(&row.path);
            self.source_roots.insert((hash_text(root), row.threat));
            let (holder, name) = row.path.rsplit_once('.').unwrap_or(("", &row.path));
            self.source_names.insert(hash_text(name));
            self.source_holders.insert(path_hash(holder));
        }
        self.answers_json.extend(library.answers_json.iter().map(|path| path_hash(path)));
        self.ends.extend(library.ends.iter().map(|path| path_hash(path)));
        for clean in library.cleans {
            self.cleans.entry(path_hash(&clean.path)).or_default().push(clean);
        }
        self.sinks.extend(library.sinks.into_iter().map(|sink| Sink { library: name.clone(), ..sink }));
        let hashes = |a: &str, b: &str| (path_hash(a), path_hash(b));
        self.types.extend(library.types.iter().map(|row| hashes(&row.path, &row.returns)));
        self.aliases.extend(library.aliases.iter().map(|row| hashes(&row.path, &row.is)));
        self.subclasses.extend(library.subclasses.iter().map(|row| hashes(&row.path, &row.of)));
        self.constants.extend(library.constants.iter().map(|row| (path_hash(&row.path), row.value)));
        self.numbers.extend(library.numbers.iter().map(|path| path_hash(path)));
        self.keeps_text.extend(library.keeps_text.iter().map(|path| path_hash(path)));
        self.carries.extend(library.carries.iter().map(|path| path_hash(path)));
        self.addresses.extend(library.addresses.iter().map(|path| path_hash(path)));
        self.joins_paths.extend(library.joins_paths.iter().map(|path| path_hash(path)));
        self.operator.extend(library.operator.iter().map(|path| path_hash(path)));
        self.quotes.extend(library.quotes.iter().map(|row| (path_hash(&row.path), row.kind)));
        self.protects.extend(library.protects.iter().map(|path| path_hash(path)));
        self.opens.extend(library.opens.iter().map(|path| path_hash(path)));
        self.protects_writes.extend(library.protects_writes.iter().map(|path| path_hash(path)));
        self.answers.extend(library.answers.into_iter().map(|row| (path_hash(&row.path), row.names)));
        for row in library.routes {
            let routes = self.routes.entry(path_hash(&row.module)).or_default();
            routes.push((row.path, path_hash(&row.view)));
        }
        Ok(library.uses)
    }

    /// Every sink, library after library.
    pub fn sinks(&self) -> &[Sink] {
        &self.sinks
    }

    /// The class of what a callable or attribute yields, both as [`path_hash`].
    pub fn returns(&self, path: u64) -> Option<u64> {
        self.types.get(&path).copied()
    }

    /// Whether a class of views answers with JSON whatever its methods return; by its [`path_hash`].
    pub fn answers_json(&self, path: u64) -> bool {
        self.answers_json.contains(&path)
    }

    /// The path that another path stands for, both as [`path_hash`].
    pub fn canonical(&self, path: u64) -> u64 {
        self.aliases.get(&path).copied().unwrap_or(path)
    }

    /// The number that a path is, by its [`path_hash`].
    pub fn number(&self, path: u64) -> Option<i64> {
        self.constants.get(&path).copied()
    }

    /// Whether calling this yields a number, or it is the class of one; by its [`path_hash`].
    pub fn makes_number(&self, path: u64) -> bool {
        self.numbers.contains(&path)
    }

    /// Whether calling this yields the text of its first argument; by its [`path_hash`].
    pub fn keeps_text(&self, path: u64) -> bool {
        self.keeps_text.contains(&path)
    }

    /// Whether what calling this yields is as dangerous as what it is given; by its [`path_hash`].
    pub fn carries(&self, path: u64) -> bool {
        self.carries.contains(&path)
    }

    /// Whether a callable puts an address together of its parts; by its [`path_hash`].
    pub fn joins_address(&self, path: u64) -> bool {
        self.addresses.contains(&path)
    }

    /// Whether calling this yields a path of all its arguments; by its [`path_hash`].
    pub fn joins_paths(&self, path: u64) -> bool {
        self.joins_paths.contains(&path)
    }

    /// Whether this, or what calling it yields, is in the hands of whoever runs the program; by its [`path_hash`].
    pub fn is_operator(&self, path: u64) -> bool {
        self.operator.contains(&path)
    }

    /// Whether calling this yields a text that is harmless as this kind; by its [`path_hash`].
    pub fn quotes(&self, path: u64, kind: Kind) -> bool {
        self.quotes.contains(&(path, kind))
    }

    /// Whether this decorator, dependency, permission class or mixin only lets known callers pass; by its
    /// [`path_hash`].
    pub fn protects(&self, path: u64) -> bool {
        self.protects.contains(&path)
    }

    /// Whether this decorator, dependency or permission class lets everybody pass; by its [`path_hash`].
    pub fn opens(&self, path: u64) -> bool {
        self.opens.contains(&path)
    }

    /// Who shapes an attribute, or what a call yields; by its [`path_hash`].
    pub fn source(&self, path: u64) -> Option<Threat> {
        self.sources.get(&path).copied()
    }

    /// Whether a source may have this name, by its hash.
    pub fn names_source(&self, name: u64) -> bool {
        self.source_names.contains(&name)
    }

    /// Whether a class or module has sources as members; by its [`path_hash`].
    pub fn holds_source(&self, path: u64) -> bool {
        self.source_holders.contains(&path)
    }

    /// Whether a library has sources that one of these shapes.
    pub fn has_sources(&self, library: &str, threats: &[Threat]) -> bool {
        let library = hash_text(library);
        threats.iter().any(|threat| self.source_roots.contains(&(library, *threat)))
    }

    /// What makes data harmless; by its [`path_hash`].
    pub fn cleans(&self, path: u64) -> &[Clean] {
        self.cleans.get(&path).map_or(&[], Vec::as_slice)
    }

    /// The kinds for which what a path yields is harmless; by its [`path_hash`].
    pub fn harmless_for(&self, path: u64) -> Kinds {
        let clear = self.cleans(path).iter().filter(|row| row.effect == Effect::Clear);
        clear.map(Clean::kinds).fold(Kinds::default(), Kinds::and)
    }

    /// Whether calling this never returns; by its [`path_hash`].
    pub fn ends(&self, path: u64) -> bool {
        self.ends.contains(&path)
    }

    /// The sinks of a path; by its [`path_hash`].
    pub fn sinks_at(&self, path: u64) -> impl Iterator<Item = &Sink> {
        let indices = self.by_path.get(&path).map_or(&[] as &[u32], Vec::as_slice);
        indices.iter().filter_map(|&index| self.sinks.get(index as usize))
    }

    /// Whether this permission class lets everybody read, and only known callers write; by its [`path_hash`].
    pub fn protects_writes(&self, path: u64) -> bool {
        self.protects_writes.contains(&path)
    }

    /// The request methods or actions that a view or class of views answers by itself; by its [`path_hash`].
    pub fn answers(&self, path: u64) -> Option<&[Arc<str>]> {
        self.answers.get(&path).map(Vec::as_slice)
    }

    /// The routes that a module of a library ships, each with the [`path_hash`] of its view; by its own.
    pub fn routes(&self, module: u64) -> Option<&[(Arc<str>, u64)]> {
        self.routes.get(&module).map(Vec::as_slice)
    }

    /// The class that a class inherits from, both as [`path_hash`].
    pub fn base(&self, class: u64) -> Option<u64> {
        self.subclasses.get(&class).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_model_is_valid_and_belongs_to_its_file() {
        let all: Vec<_> = Models::shipped().collect();
        assert!(all.contains(&ALWAYS));
        let models = Models::load(all.iter().copied()).unwrap();
        for sink in models.sinks() {
            let first = sink.path.split('.').next().unwrap();
            let generic = first == "?" && &*sink.library == ALWAYS;
            assert!(generic || first == &*sink.library, "{} in {}.toml", sink.path, sink.library);
        }
    }
}
