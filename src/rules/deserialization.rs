//! Bytes and texts that become objects, and whatever those do while they are made.

use crate::facts::{DefinitionKind, Value, ValueId};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::rule::{Call, Hit, On, Preset, Rule};

/// Libraries whose data can name any callable, which loading then calls.
const PICKLES: &[&str] =
    &["pickle", "_pickle", "cPickle", "dill", "cloudpickle", "shelve", "jsonpickle", "joblib", "pandas"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "pickle-load",
        aliases: &["B301", "S301"],
        preset: Preset::Gate,
        severity: Severity::Medium,
        flow: Some(Severity::Critical),
        confidence: Confidence::Medium,
        cwe: &[502],
        message: "`{call}` runs whatever code the data names",
        why: "A pickle is a program. Loading one that a client can shape hands that client the server.",
        help: "use `json`, or verify a signature before loading",
        on: On::Sink(Kind::Deserialization, PICKLES, not_own_data),
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
        on: On::Sink(Kind::Deserialization, &["torch"], not_only_weights),
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
];

/// Silent in tests, on constants, and on what the program has serialised itself just before. Less sure about files
/// where the same module also writes such data: it mostly reads back its own.
fn not_own_data(call: &Call<'_>) -> Option<Hit> {
    if call.site.is_test() {
        return None;
    }
    let data = call.subject();
    if data.is_some_and(|data| is_own(call, data) || call.site.constant(data).is_some()) {
        return None;
    }
    let from_file = matches!(call.name(), "load" | "Unpickler" | "read_pickle");
    let reads_back = call.name() == "open" || from_file && writes_too(call);
    Some(if reads_back { Hit::here().confidence(Confidence::Low) } else { Hit::here() })
}

/// Whether data is the result of a `dumps`, directly or through a variable.
fn is_own(call: &Call<'_>, data: ValueId) -> bool {
    let is_dump = |value: ValueId| match call.site.value(value) {
        Value::Call(callee, _) => call.site.last_segment(callee) == Some("dumps"),
        _ => false,
    };
    match call.site.value(data) {
        Value::Name(_, Some(binding)) => {
            let definitions = call.site.module.definitions(binding);
            !definitions.is_empty()
                && definitions.iter().all(|definition| {
                    definition.kind == DefinitionKind::Assigned && is_dump(ValueId(definition.id))
                })
        }
        _ => is_dump(data),
    }
}

/// Whether the file calls `dump` or `dumps` of the same library.
fn writes_too(call: &Call<'_>) -> bool {
    let module = call.site.module;
    let library = call.path.split('.').next().unwrap_or_default();
    let (dump, dumps) = (format!("{library}.dump"), format!("{library}.dumps"));
    module.calls().any(|id| match module.value(id) {
        Value::Call(callee, _) => call
            .site
            .last_segment(callee)
            .is_some_and(|name| name.starts_with("dump") && call.site.is_any(callee, &[&dump, &dumps])),
        _ => false,
    })
}

/// Only where `allow_pickle` is on; it is off by default.
fn allows_pickle(call: &Call<'_>) -> Option<Hit> {
    let allowed = call.argument(2, "allow_pickle").and_then(|value| call.site.constant(value))?;
    (allowed.is_true() && !call.site.is_test()).then(Hit::here)
}

/// Silent with `weights_only`, unless it is known to be off; that is sure.
fn not_only_weights(call: &Call<'_>) -> Option<Hit> {
    let Some(value) = call.keyword("weights_only") else {
        return (!call.has_spread() && !call.site.is_test()).then(Hit::here);
    };
    let off = call.site.constant(value).is_some_and(|only| !only.is_true());
    (off && !call.site.is_test()).then(|| Hit::here().confidence(Confidence::High))
}

/// Loaders that make plain data only.
const SAFE: [&str; 12] = [
    "yaml.SafeLoader",
    "yaml.CSafeLoader",
    "yaml.BaseLoader",
    "yaml.CBaseLoader",
    "yaml.loader.SafeLoader",
    "yaml.loader.BaseLoader",
    "yaml.cyaml.CSafeLoader",
    "ruamel.yaml.SafeLoader",
    "ruamel.yaml.CSafeLoader",
    "ruamel.yaml.BaseLoader",
    "ruamel.yaml.RoundTripLoader",
    "oyaml.SafeLoader",
];

/// Silent with a safe loader, a class of the project that inherits from one, or a loader that cannot be known.
/// `FullLoader` and `full_load` are less bad: no known way leads from them to code today.
fn unsafe_loader(call: &Call<'_>) -> Option<Hit> {
    if call.name().starts_with("unsafe_") {
        return Some(Hit::here());
    }
    if call.name().starts_with("full_") {
        return Some(Hit::here().severity(Severity::Low));
    }
    if call.path == "ruamel.yaml.YAML" {
        let kind = call.argument(0, "typ").and_then(|value| call.site.constant(value))?;
        return (kind.as_str() == Some("unsafe")).then(Hit::here);
    }
    let Some(loader) = call.argument(1, "Loader") else {
        return (!call.has_spread() && !call.has_rest()).then(Hit::here);
    };
    judge_loader(call, loader)
}

fn judge_loader(call: &Call<'_>, loader: ValueId) -> Option<Hit> {
    let names = |paths: &[&str]| call.site.is_any(loader, paths);
    if names(&SAFE) {
        return None;
    }
    if names(&["yaml.FullLoader", "yaml.CFullLoader", "yaml.loader.FullLoader"]) {
        return Some(Hit::here().severity(Severity::Low));
    }
    let unsafe_ones = [
        "yaml.Loader",
        "yaml.CLoader",
        "yaml.UnsafeLoader",
        "yaml.CUnsafeLoader",
        "yaml.loader.Loader",
        "yaml.loader.UnsafeLoader",
        "ruamel.yaml.Loader",
        "ruamel.yaml.UnsafeLoader",
    ];
    if names(&unsafe_ones) {
        return Some(Hit::here());
    }
    let class = call.site.class_of(loader)?;
    let bases = call.site.project.external_bases(class);
    let inherits = |paths: &[&str]| {
        bases.iter().any(|base| paths.iter().any(|path| crate::facts::path_hash(path) == *base))
    };
    (inherits(&unsafe_ones) && !inherits(&SAFE)).then(Hit::here)
}
