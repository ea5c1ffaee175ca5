//! Files of clients that are kept under the names that the clients gave them.

use crate::facts::{Value, ValueId};
use crate::rule::{Call, Hit, Site, has_word, words};

/// Words of folders that servers give to browsers.
const SERVED: &[&str] =
    &["static", "public", "media", "www", "htdocs", "wwwroot", "assets", "html", "templates"];
/// Words of code that looks at what kind of file it is, or gives it a name of its own.
const CHECKS: &[&str] = &[
    "allowed",
    "allow",
    "extension",
    "extensions",
    "ext",
    "splitext",
    "endswith",
    "suffix",
    "suffixes",
    "rsplit",
    "content_type",
    "mimetype",
    "mime",
    "filetype",
    "imghdr",
    "magic",
    "guess",
    "uuid4",
    "uuid",
    "token",
    "validate",
    "validator",
    "sanitize",
    "secure",
    "valid",
    "format",
    "filename_is_safe",
];
/// Calls that keep a file, or that make the path at which it is kept.
const KEEPERS: &[&str] =
    &["save", "open", "write_bytes", "join", "Path", "copyfileobj", "joinpath", "fspath"];

/// The file lands in a folder that is served.
pub(super) fn served(call: &Call<'_>) -> Option<Hit> {
    is_served(call)?.then(Hit::here)
}

/// The file lands elsewhere, or where is not known.
pub(super) fn elsewhere(call: &Call<'_>) -> Option<Hit> {
    (!is_served(call)?).then(Hit::here)
}

/// Whether the folder is served in which a file is kept under the client's name for it; `None` where none is.
fn is_served(call: &Call<'_>) -> Option<bool> {
    let site = call.site;
    let first = call.positional(0)?;
    named(site, first, 4)?;
    let function = site.function_of(call.id).and_then(|id| site.module.function(id))?;
    let writes = call.name() != "open" || is_writing(call);
    if site.is_test() || !writes || is_checked(site, function.span, function.name) {
        return None;
    }
    let words = site.words_in(site.module.span(first));
    let behind = behind(site, first).into_iter().any(|value| {
        let text = site.text(value).skeleton();
        has_word(&text, SERVED)
    });
    Some(behind || words.has_any(SERVED))
}

fn is_writing(call: &Call<'_>) -> bool {
    let mode = call.argument(1, "mode").and_then(|mode| call.site.constant(mode));
    mode.and_then(|mode| mode.as_str().map(|mode| mode.contains(['w', 'x', 'a']))).unwrap_or(false)
}

/// `file.filename` or `file.name` of an upload, in an expression or in what a variable of it is set to.
fn named(site: Site<'_>, value: ValueId, depth: u32) -> Option<ValueId> {
    let depth = depth.checked_sub(1)?;
    site.module.values_within(value).find_map(|inner| match site.value(inner) {
        Value::Attribute(object, name) => {
            let is_name = match site.module.text(name) {
                "filename" => is_upload(site, object) || is_handler_parameter(site, object),
                "name" => is_upload(site, object),
                _ => false,
            };
            is_name.then_some(inner)
        }
        Value::Name(_, Some(binding)) if inner != value || depth > 0 => {
            let [only] = site.module.definitions(binding) else { return None };
            let set = only.value().filter(|set| *set != value)?;
            let makes_path = match site.value(set) {
                Value::Call(callee, _) => {
                    site.last_segment(callee).is_some_and(|name| KEEPERS.contains(&name))
                }
                Value::Attribute(..) | Value::Format(_) | Value::Binary(..) => true,
                _ => false,
            };
            makes_path.then(|| named(site, set, depth)).flatten()
        }
        _ => None,
    })
}

/// `request.files["x"]`, `request.FILES["x"]`, and variables of it.
fn is_upload(site: Site<'_>, object: ValueId) -> bool {
    let set = match site.value(object) {
        Value::Name(_, Some(binding)) => match site.module.definitions(binding) {
            [only] => only.value(),
            _ => None,
        },
        _ => Some(object),
    };
    let holds = |value: ValueId| {
        site.module.values_within(value).any(|inner| match site.value(inner) {
            Value::Attribute(_, name) => matches!(site.module.text(name), "files" | "FILES"),
            _ => false,
        })
    };
    set.is_some_and(holds)
}

/// `file: UploadFile` of a handler.
fn is_handler_parameter(site: Site<'_>, object: ValueId) -> bool {
    let Value::Name(_, Some(binding)) = site.value(object) else { return false };
    let definitions = site.module.definitions(binding);
    definitions.iter().any(|definition| {
        definition.kind == crate::facts::DefinitionKind::Parameter
            && site
                .module
                .parameter(definition.id)
                .and_then(|parameter| parameter.annotation)
                .is_some_and(|annotation| names_upload(site, annotation))
    })
}

fn names_upload(site: Site<'_>, annotation: ValueId) -> bool {
    site.module.values_within(annotation).any(|inner| site.last_segment(inner) == Some("UploadFile"))
}

/// Whether a function looks at the kind of a file, or names it itself.
fn is_checked(site: Site<'_>, span: crate::facts::Span, own: crate::facts::Name) -> bool {
    let found = site.words_in(span);
    found.has_any(CHECKS) || words(site.module.text(own)).iter().any(|word| word == "import")
}

/// The values that the variables of a path are set to.
fn behind(site: Site<'_>, value: ValueId) -> Vec<ValueId> {
    let inner = site.module.values_within(value).filter_map(|inner| match site.value(inner) {
        Value::Name(_, Some(binding)) => match site.module.definitions(binding) {
            [only] => only.value(),
            _ => None,
        },
        _ => None,
    });
    inner.chain([value]).collect()
}
