//! `verify=False` that is handed to a function of the project, which hands it on.

use rustc_hash::FxHashMap;

use super::weighed;
use crate::facts::{Anchor, FunctionId, Value, ValueId, hash_text, path_hash};
use crate::models::Kind;
use crate::project::{Constant, Entity, FileId};
use crate::rule::{Hit, Site};

/// Parameters that say whether to verify.
const SWITCHES: [&str; 4] = ["verify", "verify_ssl", "ssl_verify", "verify_certs"];

/// Silent where the switch is not constant, and where the function does not hand it on to a client.
pub(super) fn handed_on(site: Site<'_>) -> Vec<Hit> {
    let known: Vec<&str> =
        SWITCHES.into_iter().filter(|name| site.module.names().contains_hash(hash_text(name))).collect();
    if known.is_empty() {
        return Vec::new();
    }
    let mut asked: FxHashMap<(FileId, FunctionId), bool> = FxHashMap::default();
    let mut hits = Vec::new();
    for id in site.module.calls() {
        let Value::Call(callee, arguments) = site.value(id) else { continue };
        let off = known.iter().find(|name| {
            let value = site.keyword(arguments, name).and_then(|value| site.constant(value));
            value == Some(Constant::Bool(false))
        });
        let Some(name) = off else { continue };
        let Some(Entity::Function(owner, function)) = site.resolve(callee).map(|found| found.entity) else {
            continue;
        };
        let on = *asked.entry((owner, function)).or_insert_with(|| {
            Site::new(site.project, owner).is_some_and(|owner| hands_on(owner, function, name))
        });
        if on {
            let said = format!(
                "`{}` hands on that the certificate of the peer is not to be verified",
                site.last_segment(callee).unwrap_or("it")
            );
            let hit = Hit::at(site.module.span(id)).says(said).anchor(Anchor::Value(id));
            hits.extend(weighed(site, site.module.span(id).start, hit, false));
        }
    }
    hits
}

/// Whether a function gives its own parameter to a client as the switch for verification.
fn hands_on(site: Site<'_>, function: FunctionId, name: &str) -> bool {
    let takes =
        site.module.parameters(function).iter().any(|parameter| site.module.text(parameter.name) == name);
    let spreads = site
        .module
        .parameters(function)
        .iter()
        .any(|parameter| parameter.kind == crate::facts::ParameterKind::Keywords);
    if !takes && !spreads {
        return false;
    }
    site.module.calls().filter(|id| site.function_of(*id) == Some(function)).any(|id| {
        let Value::Call(callee, arguments) = site.value(id) else { return false };
        let is_own = |value: ValueId| site.last_segment(value) == Some(name);
        let given = if takes {
            arguments.keywords().any(|(_, value)| is_own(value))
        } else {
            arguments.keywords().any(|(keyword, _)| keyword == crate::facts::Name::NONE)
        };
        given && is_client(site, callee)
    })
}

fn is_client(site: Site<'_>, callee: ValueId) -> bool {
    let paths = site.project.callee_paths(site.file, callee);
    let sinks = site.project.models().sinks().iter().filter(|sink| sink.kind == Kind::TlsVerify);
    sinks.into_iter().any(|sink| !sink.path.starts_with('?') && paths.contains(&path_hash(&sink.path)))
}
