//! Bytes and texts that become objects, and whatever those do while they are made.

use crate::facts::{DefinitionKind, ImportId, Statement, Value, ValueId, hash_text, path_hash};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::{Entity, Found, Type};
use crate::rule::{Call, FactKind, Hit, IMPORTERS, On, Origin, Preset, Rule, Site};

/// Libraries whose data can name any callable, which loading then calls; torch where it is told to do so.
const PICKLES: &[&str] = &[
    "pickle",
    "_pickle",
    "cPickle",
    "six",
    "dill",
    "cloudpickle",
    "shelve",
    "jsonpickle",
    "joblib",
    "sklearn",
    "pandas",
    "torch",
    "builtins",
];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "pickle-load",
        aliases: &["B301", "S301", "B614", "S614"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: Some(Severity::Critical),
        confidence: Confidence::Medium,
        cwe: &[502],
        message: "`{call}` runs whatever code the data names",
        why: "A pickle is a program. Loading one that a client can shape hands that client the server.",
        help: "use `json`, or verify a signature before loading",
        on: On::Sink(Kind::Deserialization, PICKLES, strange_pickle),
    },
    Rule {
        name: "pickled-array-load",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: Some(Severity::Critical),
        confidence: Confidence::Medium,
        cwe: &[502],
        message: "`{call}` with `allow_pickle` runs whatever code the file names",
        why: "An array file with objects in it holds a pickle, and a pickle is a program.",
        help: "leave `allow_pickle` off, or load from files only you can write",
        on: On::Sink(Kind::Deserialization, &["numpy"], allows_pickle),
    },
    Rule {
        name: "torch-load",
        aliases: &["B614", "S614"],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: Some(Severity::Critical),
        confidence: Confidence::Medium,
        cwe: &[502],
        message: "`{call}` without `weights_only=True` can run code from the file",
        why: "Before torch 2.6 a model file was loaded as a pickle unless this argument forbade it.",
        help: "pass `weights_only=True`, or store weights as safetensors",
        on: On::Sink(Kind::Deserialization, &["torch"], perhaps_a_pickle),
    },
    Rule {
        name: "yaml-load",
        aliases: &["B506", "S506"],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: Some(Severity::Critical),
        confidence: Confidence::High,
        cwe: &[502, 20],
        message: "`{call}` without a safe loader makes any object the document names",
        why: "A YAML tag can name a class or function of any module, and an unsafe loader calls it.",
        help: "use `yaml.safe_load`, or pass `Loader=yaml.SafeLoader`",
        on: On::Sink(Kind::Deserialization, &["yaml", "oyaml", "ruamel"], unsafe_loader),
    },
    Rule {
        name: "marshal-load",
        aliases: &["B302", "S302"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: Some(Severity::High),
        confidence: Confidence::Medium,
        cwe: &[502],
        message: "`{call}` trusts its input to be well-formed and to hold no code",
        why: "Malformed data crashes the interpreter, and code objects come out ready to run.",
        help: "use `json` for data; keep `marshal` for bytecode that you wrote yourself",
        on: On::Sink(Kind::Deserialization, &["marshal"], not_own_data),
    },
    Rule {
        name: "pickle-import",
        aliases: &["B403", "S403"],
        preset: Preset::Review,
        severity: Severity::Low,
        flow: None,
        confidence: Confidence::High,
        cwe: &[502],
        message: "this file can load data that runs code",
        why: "It is the list of files to read first when stored or received data may have been shaped by a client.",
        help: "use `json` where the data allows it, and keep pickles where only the program can write",
        on: On::Any(&[
            On::Fact(&[FactKind::Import], |fact| loads_pickles(fact.site, fact.brings(PICKLERS))),
            On::Call(IMPORTERS, |call| loads_pickles(call.site, call.brings(PICKLERS))),
        ]),
    },
];

/// Modules that make objects of data which names their classes.
const PICKLERS: &[&str] = &["pickle", "_pickle", "cPickle", "dill", "cloudpickle", "shelve", "jsonpickle"];

/// Silent in tests.
fn loads_pickles(site: Site<'_>, module: Option<&str>) -> Option<Hit> {
    let module = module.filter(|_| !site.is_test())?;
    Some(Hit::here().says(format!("this file can load data that runs code: it imports `{module}`")))
}

/// Silent in tests, on what the program has made or written itself just before, on a signed value, on unpicklers
/// that refuse classes. Less sure where the module reads back files that it also writes, or checks a signature.
fn strange_pickle(call: &Call<'_>) -> Option<Hit> {
    let torch = call.path.starts_with("torch.");
    if torch && call.keyword_constant("weights_only").is_none_or(|only| only.is_true()) {
        return None;
    }
    if refuses_classes(call) || call.name() == "open" && makes_new(call) {
        return None;
    }
    let sure = not_own_data(call)?;
    Some(if torch { sure.confidence(Confidence::High) } else { sure })
}

/// Silent in tests and on the program's own data.
fn not_own_data(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() || call.subject().is_some_and(|data| is_own(call, data)) {
        return None;
    }
    let less_sure = call.name() == "open" || reads_back(call) || checks_signature(call);
    Some(if less_sure { Hit::here().confidence(Confidence::Low) } else { Hit::here() })
}

/// Whether data is constant, was serialised or written by the program itself just before, or was signed by it.
fn is_own(call: &Call<'_>, data: ValueId) -> bool {
    let site = call.site;
    let makers: &[&str] = if call.path.starts_with("jsonpickle") { &["dumps", "encode"] } else { &["dumps"] };
    if site.constant(data).is_some() || site.is_made_by(data, makers) {
        return true;
    }
    let is_path =
        matches!(call.path.split('.').next(), Some("joblib" | "sklearn" | "pandas" | "numpy" | "torch"));
    let read = read_from(&site, data);
    let own_file = read.is_some_and(|file| call.reads_own_file(file, false));
    own_file || call.reads_own_file(data, is_path) || is_signed(&site, data)
}

/// The file of `file.read()`, in whatever that is unpacked.
fn read_from(site: &Site<'_>, data: ValueId) -> Option<ValueId> {
    site.module.values_within(data).find_map(|id| match site.value(id) {
        Value::Call(callee, _) => match site.value(callee) {
            Value::Attribute(file, _)
                if matches!(
                    site.last_segment(callee),
                    Some("read" | "getvalue" | "read_bytes" | "getbuffer")
                ) =>
            {
                Some(file)
            }
            _ => None,
        },
        _ => None,
    })
}

/// Whether a signature was taken off the value, which fails where it is not the program's own.
fn is_signed(site: &Site<'_>, data: ValueId) -> bool {
    let unsigns = |id: ValueId| match site.value(id) {
        Value::Call(callee, _) => matches!(site.last_segment(callee), Some("unsign" | "unsign_object")),
        _ => false,
    };
    site.module.values_within(data).any(|id| match site.value(id) {
        Value::Name(_, Some(binding)) => match site.module.definitions(binding) {
            [only] => only.value().is_some_and(|value| site.module.values_within(value).any(unsigns)),
            _ => false,
        },
        _ => unsigns(id),
    })
}

/// Whether the function compares digests.
fn checks_signature(call: &Call<'_>) -> bool {
    let names = ["compare_digest", "constant_time_compare"];
    call.calls_near()
        .any(|(callee, _)| call.site.last_segment(callee).is_some_and(|name| names.contains(&name)))
}

/// Whether a shelf is made anew.
fn makes_new(call: &Call<'_>) -> bool {
    call.argument(1, "flag")
        .and_then(|flag| call.site.constant(flag))
        .is_some_and(|flag| flag.as_str().is_some_and(|flag| flag.starts_with('n')))
}

/// Whether the data comes from a file, and the module also writes such files: it mostly reads back its own.
fn reads_back(call: &Call<'_>) -> bool {
    let site = call.site;
    let Some(data) = call.subject() else { return false };
    let from_file = match call.name() {
        "loads" => read_from(&site, data).is_some_and(|file| site.opened(file).is_some()),
        "read_pickle" => true,
        "load" | "Unpickler" | "_Unpickler" => {
            let given = matches!(site.value(data), Value::Name(..)) && site.origin(data) == Origin::Parameter;
            given || site.opened(data).is_some() || call.path.ends_with("joblib.load")
        }
        _ => false,
    };
    from_file && writes_too(call)
}

/// Whether the file calls `dump` or `dumps` of the same library.
fn writes_too(call: &Call<'_>) -> bool {
    let module = call.site.module;
    let library = call.path.split('.').next().unwrap_or_default();
    let (dump, dumps) = (format!("{library}.dump"), format!("{library}.dumps"));
    if !["dump", "dumps"].iter().any(|name| module.names().contains_hash(hash_text(name))) {
        return false;
    }
    module.calls().any(|id| match module.value(id) {
        Value::Call(callee, _) => call
            .site
            .last_segment(callee)
            .is_some_and(|name| name.starts_with("dump") && call.site.is_any(callee, &[&dump, &dumps])),
        _ => false,
    })
}

/// Whether the unpickler is a class of the project whose `find_class` refuses some names, as Python's own
/// documentation advises: it raises, or never looks one up.
fn refuses_classes(call: &Call<'_>) -> bool {
    let project = call.site.project;
    let Some(class) = call.site.class_of(call.callee) else { return false };
    let Some(Entity::Function(file, function)) = project.method(class, hash_text("find_class")) else {
        return false;
    };
    let Some(site) = Site::new(project, file) else { return false };
    let (mut raises, mut span) = (false, None);
    site.module.walk_block(site.module.function_body(function), &mut |_, statement| {
        raises |= matches!(statement, Statement::Raise(..));
    });
    if let Some(function) = site.module.function(function) {
        span = Some(function.span);
    }
    let looks_up = |id: ValueId| match site.value(id) {
        Value::Call(callee, _) => matches!(
            site.last_segment(callee),
            Some("find_class" | "import_module" | "__import__" | "getattr")
        ),
        _ => false,
    };
    let within = |id: &ValueId| span.is_some_and(|span| span.covers(site.module.span(*id)));
    raises || !site.module.calls().filter(within).any(looks_up)
}

/// Only where `allow_pickle` is on; it is off by default.
fn allows_pickle(call: &Call<'_>) -> Option<Hit> {
    let allowed = call.argument(2, "allow_pickle").and_then(|value| call.site.constant(value))?;
    allowed.is_true().then(|| not_own_data(call)).flatten()
}

/// Where `weights_only` is missing: what that means depends on the version of torch.
fn perhaps_a_pickle(call: &Call<'_>) -> Option<Hit> {
    if call.keyword("weights_only").is_some() || call.has_spread() {
        return None;
    }
    not_own_data(call)
}

/// Loaders that make plain data only.
const SAFE: [&str; 13] = [
    "yaml.SafeLoader",
    "yaml.CSafeLoader",
    "yaml.BaseLoader",
    "yaml.CBaseLoader",
    "yaml.loader.SafeLoader",
    "yaml.loader.BaseLoader",
    "yaml.cyaml.CSafeLoader",
    "yaml.cyaml.CBaseLoader",
    "ruamel.yaml.SafeLoader",
    "ruamel.yaml.CSafeLoader",
    "ruamel.yaml.BaseLoader",
    "ruamel.yaml.RoundTripLoader",
    "oyaml.SafeLoader",
];

/// Loaders that made any object until `PyYAML` 5.4.
const FULL: [&str; 4] =
    ["yaml.FullLoader", "yaml.CFullLoader", "yaml.loader.FullLoader", "yaml.cyaml.CFullLoader"];

/// Loaders that make any object.
const UNSAFE: [&str; 12] = [
    "yaml.Loader",
    "yaml.CLoader",
    "yaml.UnsafeLoader",
    "yaml.CUnsafeLoader",
    "yaml.loader.Loader",
    "yaml.loader.UnsafeLoader",
    "yaml.cyaml.CLoader",
    "yaml.cyaml.CUnsafeLoader",
    "ruamel.yaml.Loader",
    "ruamel.yaml.CLoader",
    "ruamel.yaml.UnsafeLoader",
    "oyaml.Loader",
];

/// What a loader makes of a document; the worse is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Loader {
    Unknown,
    Safe,
    Full,
    Unsafe,
}

/// Silent in tests, on constant documents, and with a safe loader, a class of the project that inherits from one,
/// or a loader that cannot be known. `FullLoader` and `full_load` are less bad: no known way leads from them to
/// code today.
fn unsafe_loader(call: &Call<'_>) -> Option<Hit> {
    let constant = |document| call.site.text(document).is_constant();
    if call.site.is_test() || call.name() != "YAML" && call.subject().is_some_and(constant) {
        return None;
    }
    match call.name() {
        name if name.starts_with("unsafe_") => Some(Hit::here()),
        name if name.starts_with("full_") => Some(Hit::here().severity(Severity::Low)),
        "YAML" => {
            let kind = call.argument(0, "typ").and_then(|value| call.site.constant(value))?;
            (kind.as_str() == Some("unsafe")).then(Hit::here)
        }
        "get_single_data" | "get_data" => Some(Hit::here()),
        _ => match call.argument(1, "Loader") {
            Some(loader) => judge_loader(&call.site, loader),
            None => (!call.has_spread() && !call.has_rest()).then(Hit::here),
        },
    }
}

/// The worst of the loaders that an expression may stand for decides. Less sure of the default of a parameter.
fn judge_loader(site: &Site<'_>, loader: ValueId) -> Option<Hit> {
    match worst_loader(site, loader, 6) {
        (Loader::Unsafe, true) => Some(Hit::here().confidence(Confidence::Medium)),
        (Loader::Unsafe, false) => Some(Hit::here()),
        (Loader::Full, _) => Some(Hit::here().severity(Severity::Low)),
        _ => None,
    }
}

/// The worst loader, and whether it is only a default.
fn worst_loader(site: &Site<'_>, loader: ValueId, depth: u32) -> (Loader, bool) {
    let Some(depth) = depth.checked_sub(1) else { return (Loader::Unknown, false) };
    let worst = |values: &[ValueId]| {
        let all = values.iter().take(8).map(|value| worst_loader(site, *value, depth));
        all.max().unwrap_or((Loader::Unknown, false))
    };
    match site.value(loader) {
        Value::Conditional(_, then, otherwise) => worst(&[then, otherwise]),
        Value::Boolean(_, items) => worst(&items.iter().collect::<Vec<_>>()),
        // `getattr(yaml, "CLoader", yaml.Loader)`.
        Value::Call(callee, arguments) if site.is_any(callee, &["builtins.getattr"]) => {
            worst(&arguments.positional().iter().skip(2).collect::<Vec<_>>())
        }
        Value::Name(_, Some(binding)) => {
            let definitions = site.module.definitions(binding).iter().take(8);
            let found = definitions.map(|definition| match definition.kind {
                DefinitionKind::Import => {
                    let found = site.project.imported(site.file, ImportId(definition.id));
                    (found.map_or(Loader::Unknown, |found| kind_of(site, found)), false)
                }
                DefinitionKind::Assigned => worst(&[ValueId(definition.id)]),
                DefinitionKind::Parameter => {
                    let default =
                        site.module.parameter(definition.id).and_then(|parameter| parameter.default);
                    (default.map_or(Loader::Unknown, |value| worst(&[value]).0), true)
                }
                _ => (named_loader(site, loader), false),
            });
            found.max().unwrap_or((Loader::Unknown, false))
        }
        _ => (named_loader(site, loader), false),
    }
}

fn named_loader(site: &Site<'_>, loader: ValueId) -> Loader {
    site.resolve(loader).map_or(Loader::Unknown, |found| kind_of(site, found))
}

fn kind_of(site: &Site<'_>, found: Found) -> Loader {
    let mut paths: Vec<u64> = site.project.paths(found).collect();
    if let Entity::Class(file, class) = found.entity {
        paths.extend(site.project.external_bases(Type::Class(file, class)).iter());
    }
    let is_any = |names: &[&str]| names.iter().any(|name| paths.contains(&path_hash(name)));
    match () {
        () if is_any(&SAFE) => Loader::Safe,
        () if is_any(&UNSAFE) => Loader::Unsafe,
        () if is_any(&FULL) => Loader::Full,
        () => Loader::Unknown,
    }
}
