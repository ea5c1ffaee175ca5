//! What is fetched from elsewhere and then trusted.

use crate::facts::{Anchor, Arguments, Name, Value, ValueId, hash_text};
use crate::finding::{Confidence, Severity};
use crate::models::Kind;
use crate::project::Constant;
use crate::rule::{Call, Hit, On, Preset, Rule, Site};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "remote-model-code",
        aliases: &[],
        preset: Preset::Gate,
        severity: Severity::High,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[494, 829],
        message: "the code that comes with a model is run",
        why: "The repository of the model holds Python files, and whoever can push there runs code on this \
              machine.",
        help: "use a model whose code is part of the library, or pin `revision` to a commit that was read",
        on: On::File(trusted_code),
    },
    Rule {
        name: "unpinned-model",
        aliases: &["B615", "S615"],
        preset: Preset::Review,
        severity: Severity::Medium,
        flow: None,
        confidence: Confidence::Medium,
        cwe: &[494],
        message: "`{call}` takes whatever the repository holds today",
        why: "A branch or tag moves. Whoever can push to the repository changes the model, and with it what \
              pickled files run.",
        help: "pass `revision` with the hash of a commit",
        on: On::Sink(Kind::Download, &[], unpinned),
    },
];

/// Libraries whose `from_pretrained` asks the Hugging Face Hub.
const HUBS: &[&str] = &[
    "transformers",
    "diffusers",
    "sentence_transformers",
    "peft",
    "timm",
    "optimum",
    "datasets",
    "huggingface_hub",
    "tokenizers",
    "auto_gptq",
    "trl",
    "setfit",
    "spacy_transformers",
    "modelscope",
];

/// `from_pretrained(name, trust_remote_code=True)`. Silent in tests, in tables of settings, where the switch is not constant, and on a model
/// that is pinned to a commit or lies in a folder. Less sure where the revision is chosen elsewhere.
fn trusted_code(site: Site<'_>) -> Vec<Hit> {
    const SWITCH: &str = "trust_remote_code";
    if site.is_test() || !site.module.names().contains_hash(hash_text(SWITCH)) {
        return Vec::new();
    }
    let trusts = |id: &ValueId| {
        let Value::Call(callee, arguments) = site.value(*id) else { return false };
        if site.last_segment(callee).is_some_and(is_settings) {
            return false;
        }
        let keyword = |wanted: &str| {
            let mut keywords = arguments.keywords();
            keywords.find(|(name, _)| site.module.text(*name) == wanted).map(|(_, value)| value)
        };
        let spread = arguments.keywords().filter(|(name, _)| *name == Name::NONE);
        let switch =
            keyword(SWITCH).or_else(|| spread.into_iter().find_map(|(_, value)| site.entry(value, SWITCH)));
        let on = switch.and_then(|value| site.constant(value)) == Some(Constant::Bool(true));
        let local = arguments.positional().get(0).is_some_and(|name| is_folder(site, name));
        on && !pins(site, arguments, |value| is_commit(site, value)) && !local
    };
    let hit = |id: ValueId| {
        let hit = Hit::at(site.module.span(id)).anchor(Anchor::Value(id));
        let Value::Call(_, arguments) = site.value(id) else { return hit };
        let chosen = pins(site, arguments, |value| site.constant(value).is_none());
        if chosen { hit.confidence(Confidence::Low) } else { hit }
    };
    site.module.calls().filter(trusts).map(hit).collect()
}

/// Whether a class only keeps settings: `ModelConfig`.
fn is_settings(name: &str) -> bool {
    ["Config", "Settings", "Args", "Arguments", "Options"]
        .iter()
        .any(|end| name.ends_with(end) && name != "AutoConfig")
}

/// Whether an argument that names a revision is of this kind.
fn pins(site: Site<'_>, arguments: Arguments<'_>, is_kind: impl Fn(ValueId) -> bool) -> bool {
    let mut keywords = arguments.keywords();
    keywords
        .any(|(name, value)| matches!(site.module.text(name), "revision" | "code_revision") && is_kind(value))
}

/// Silent in tests, on folders, on names that are not constant, and with a revision that is a commit or not constant.
fn unpinned(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    let is_hub = call.is_known() || HUBS.iter().any(|library| site.imports(library));
    if site.is_test() || !is_hub || call.has_spread() || call.has_rest() {
        return None;
    }
    let name = call.subject()?;
    let named = site.constant(name)?.as_str().is_some_and(|name| !name.is_empty());
    if !named || is_folder(site, name) {
        return None;
    }
    let given = ["revision", "commit_id", "commit_hash"].iter().find_map(|name| call.keyword(name));
    let Some(revision) = given else { return Some(Hit::here()) };
    let moves = site.constant(revision).is_some() && !is_commit(site, revision);
    moves.then(|| Hit::here().confidence(Confidence::High))
}

/// Whether a revision is the hash of a commit, whole or shortened.
fn is_commit(site: Site<'_>, revision: ValueId) -> bool {
    let text = site.constant(revision);
    text.as_ref().and_then(Constant::as_str).is_some_and(|text| {
        (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Whether a name is that of a folder: `./model`, `/srv/model`.
fn is_folder(site: Site<'_>, name: ValueId) -> bool {
    site.text(name).skeleton().starts_with(['.', '/', '~'])
}
