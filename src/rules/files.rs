//! Files that others can foresee, write or read.

mod shared;

use self::shared::shared_folder;
use crate::facts::{BinaryOperator, Statement, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::{FileId, Part};
use crate::rule::{Call, Hit, On, Preset, Rule, Site};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "temp-name",
        aliases: &["B306", "S306"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::High,
        cwe: &[377],
        message: "`{call}` names a file and does not make it",
        why: "Between the name and the file, another user of the machine can put a file or a link of that name \
              there, and the program writes where they want.",
        help: "use `tempfile.NamedTemporaryFile`, `tempfile.mkstemp` or a `tempfile.TemporaryDirectory`",
        on: On::Sink(Kind::TempName, &[], temp_name),
    },
    Rule {
        name: "predictable-temp-file",
        aliases: &["B108", "S108"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[377, 379],
        message: "`{call}` writes to a fixed name in a folder that every user can write to",
        why: "Whoever makes a file, folder or link of that name first decides what is overwritten and who reads it.",
        help: "let `tempfile` choose the name, or use a folder that only this program can write to",
        on: On::Sink(Kind::FileWrite, &[], predictable_file),
    },
    Rule {
        name: "shared-temp-folder",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[379, 377],
        message: "files are kept in a folder that every user of the machine can write to, under a name that can be foreseen",
        why: "Another user makes the folder or its files first, and the program reads what they have put there: a cache \
              of code or pickles runs as the program.",
        help: "keep them in a folder of the user's own, or in one that `tempfile.mkdtemp` has made",
        on: On::Call(&["tempfile.gettempdir"], shared_folder),
    },
    Rule {
        name: "loose-permissions",
        aliases: &["B103", "S103"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::High,
        cwe: &[732],
        message: "`{call}` lets every user of the machine write",
        why: "Another account, or another service that was broken into, can change what this program reads or runs.",
        help: "give write permission to the owner only: `0o755` for folders and programs, `0o644` for files",
        on: On::Sink(Kind::Permissions, &[], world_writable),
    },
    Rule {
        name: "group-permissions",
        aliases: &["B103", "S103"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[732],
        message: "`{call}` lets the group write",
        why: "On many systems the group holds more accounts than the one that the program runs as.",
        help: "leave the bit `0o020` out unless the group is there for this",
        on: On::Sink(Kind::Permissions, &[], group_writable),
    },
];

const WRITE_OTHERS: i64 = 0o002;
const WRITE_GROUP: i64 = 0o020;
/// In a folder with this bit only the owner of a file can remove or rename it.
const STICKY: i64 = 0o1000;

/// Silent in tests, and where the name is in a folder that `tempfile` has made for this program alone; less sure
/// where it is in some other folder.
fn temp_name(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() {
        return None;
    }
    let Some(folder) = call.argument(2, "dir") else { return Some(Hit::here()) };
    (!is_private(call.site, folder)).then(|| Hit::here().confidence(Confidence::Low))
}

/// Silent in tests, where the file must not be there yet (mode `x`, `O_EXCL`), where it is only read, and where a part of
/// the name cannot be guessed or comes from the configuration.
fn predictable_file(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() || !makes_file(call) {
        return None;
    }
    let path = match call.subject() {
        Some(path) => path,
        None if call.path.starts_with('?') => call.receiver()?,
        None => return None,
    };
    let mut pieces = Pieces::default();
    pieces.add(site, site.file, path, DEEPEST);
    if !is_shared_folder(&pieces.text) || pieces.is_random {
        return None;
    }
    Some(if pieces.is_constant { Hit::here() } else { Hit::here().confidence(Confidence::Low) })
}

/// Silent in tests, on modes that are masked by the umask (those of `mkdir` and `open`, which are no sinks), on folders
/// with the sticky bit, and on a umask that is only read: set, and set back at once.
fn world_writable(call: &Call<'_>) -> Option<Hit> {
    let mode = mode(call)?;
    if call.name() == "umask" {
        let open = call.site.constant(mode)?.as_int()? & WRITE_OTHERS == 0;
        let said = "files that are made from here on can be written by every user of the machine";
        let hit = || Hit::here().says(said).severity(Severity::Medium).confidence(Confidence::Medium);
        return (open && !is_set_back(call)).then(hit);
    }
    let bits = surely_set(call.site, mode);
    (bits & WRITE_OTHERS != 0 && bits & STICKY == 0).then(Hit::here)
}

/// Silent in tests, where [`world_writable`] speaks, and on folders with the sticky bit.
fn group_writable(call: &Call<'_>) -> Option<Hit> {
    if call.name() == "umask" {
        return None;
    }
    let bits = surely_set(call.site, mode(call)?);
    (bits & WRITE_GROUP != 0 && bits & (WRITE_OTHERS | STICKY) == 0).then(Hit::here)
}

/// The mode, outside of tests: of a method of unknown objects the last argument (`path.chmod(mode)`, `sftp.chmod(path, mode)`).
fn mode(call: &Call<'_>) -> Option<ValueId> {
    if call.site.is_test() {
        return None;
    }
    if call.path.starts_with('?') {
        let last = call.arguments.positional().len().checked_sub(1);
        return call.keyword("mode").or_else(|| call.positional(last?));
    }
    call.subject()
}

/// The bits that a mode has whatever else it has: `old | stat.S_IWOTH` has at least that of others.
fn surely_set(site: Site<'_>, mode: ValueId) -> i64 {
    if let Some(constant) = site.constant(mode) {
        return constant.as_int().unwrap_or(0);
    }
    match site.value(mode) {
        Value::Binary(BinaryOperator::BitOr, left, right) => surely_set(site, left) | surely_set(site, right),
        _ => 0,
    }
}

/// `old = os.umask(0)` with `os.umask(old)` as the next statement.
fn is_set_back(call: &Call<'_>) -> bool {
    let module = call.site.module;
    let around = module.statements_around(call.span().start);
    let Some(place) = around.last() else { return false };
    let Statement::Assign(..) = module.statement(place.statement) else { return false };
    let Some(next) = place.behind().next() else { return false };
    match module.statement(next) {
        Statement::Expression(value) => call.site.is_call_of(value, &["os.umask"]),
        _ => false,
    }
}

/// Whether an expression is a folder that `tempfile` has made, which only this user can enter.
fn is_private(site: Site<'_>, folder: ValueId) -> bool {
    const MAKERS: [&str; 2] = ["tempfile.mkdtemp", "tempfile.TemporaryDirectory"];
    let made = |value| site.is_call_of(value, &MAKERS);
    match site.value(folder) {
        Value::Name(_, Some(binding)) => {
            let values = site.module.definitions(binding).iter().filter_map(|definition| definition.value());
            values.into_iter().any(made)
        }
        Value::Attribute(object, _) => {
            let fields = site.project.attribute_values(site.file, folder);
            let of_file = |(file, value): &(FileId, ValueId)| *file == site.file && made(*value);
            fields.iter().any(of_file) || is_private(site, object)
        }
        _ => made(folder),
    }
}

/// Whether a call makes a file, or overwrites one that is there, as its mode or flags say.
fn makes_file(call: &Call<'_>) -> bool {
    let is_true = |name| call.keyword_constant(name).is_some_and(|value| value.is_true());
    match call.path {
        "os.makedirs" => is_true("exist_ok"),
        "os.open" => {
            let flags = call.argument(1, "flags").map_or(0, |flags| surely_set(call.site, flags));
            flags & 0o100 != 0 && flags & 0o200 == 0
        }
        "builtins.open" | "io.open" | "codecs.open" | "zipfile.ZipFile" | "tarfile.open"
        | "tarfile.TarFile" => has_writing_mode(call, 1),
        "?.open" => has_writing_mode(call, 0),
        _ => true,
    }
}

fn has_writing_mode(call: &Call<'_>, position: usize) -> bool {
    let mode = call.argument(position, "mode").and_then(|mode| call.site.constant(mode));
    let mode = mode.as_ref().and_then(|mode| mode.as_str()).unwrap_or_default();
    mode.contains(['w', 'a', '+']) && !mode.contains('x')
}

/// Whether a path lies below a folder that every user can write to.
fn is_shared_folder(path: &str) -> bool {
    ["/tmp/", "/var/tmp/", "/dev/shm/"]
        .iter()
        .any(|folder| path.strip_prefix(folder).is_some_and(|rest| !rest.is_empty()))
}

/// The deepest nesting of what a path is put together from.
const DEEPEST: u32 = 16;

/// A path, put together from what is known of it.
struct Pieces {
    text: String,
    is_constant: bool,
    /// Whether a part of it cannot be guessed.
    is_random: bool,
}

impl Default for Pieces {
    fn default() -> Pieces {
        Pieces { text: String::new(), is_constant: true, is_random: false }
    }
}

impl Pieces {
    fn add(&mut self, site: Site<'_>, file: FileId, value: ValueId, depth: u32) {
        let Some(depth) = depth.checked_sub(1) else { return self.unknown() };
        for part in site.project.text(file, value).iter() {
            match part {
                Part::Constant(text) => self.text.push_str(text),
                Part::Value(file, value) => match Site::new(site.project, *file) {
                    Some(site) => self.add_path(site, *value, depth),
                    None => self.unknown(),
                },
            }
        }
    }

    fn add_path(&mut self, site: Site<'_>, value: ValueId, depth: u32) {
        const PATHS: [&str; 8] = [
            "pathlib.Path",
            "pathlib.PosixPath",
            "pathlib.PurePath",
            "os.path.join",
            "os.path.abspath",
            "os.path.realpath",
            "os.path.normpath",
            "os.fspath",
        ];
        const RANDOM: [&str; 9] = [
            "uuid.uuid4",
            "uuid.uuid1",
            "secrets.token_hex",
            "secrets.token_urlsafe",
            "tempfile.mkdtemp",
            "tempfile.mktemp",
            "random.choice",
            "random.choices",
            "random.randint",
        ];
        match site.value(value) {
            Value::Binary(BinaryOperator::Divide, left, right) => self.join(site, [left, right], depth),
            Value::Call(callee, arguments) if site.is_any(callee, &PATHS) => {
                self.join(site, arguments.positional().iter(), depth);
            }
            Value::Call(callee, _) if site.is_any(callee, &["tempfile.gettempdir"]) => {
                self.text.push_str("/tmp");
            }
            Value::Call(callee, arguments) if site.last_segment(callee) == Some("joinpath") => {
                if let Value::Attribute(object, _) = site.value(callee) {
                    self.join(site, [object].into_iter().chain(arguments.positional().iter()), depth);
                }
            }
            _ => {
                self.is_random |=
                    site.module.values_within(value).any(|inner| site.is_call_of(inner, &RANDOM));
                self.unknown();
            }
        }
    }

    fn join(&mut self, site: Site<'_>, parts: impl IntoIterator<Item = ValueId>, depth: u32) {
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                self.text.push('/');
            }
            self.add(site, site.file, part, depth);
        }
    }

    fn unknown(&mut self) {
        self.is_constant = false;
        self.text.push(' ');
    }
}
