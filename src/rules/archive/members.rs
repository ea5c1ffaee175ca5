//! Members of archives that are written one by one, to paths made of their names.

use super::checks_names;
use crate::facts::{Arguments, BinaryOperator, Value, ValueId};
use crate::rule::{Call, Hit, Site};

/// What lists the members of an archive, or their names.
const LISTS: [&str; 5] = ["namelist", "getnames", "infolist", "getmembers", "getinfo"];

/// Modules whose objects have these methods.
const ARCHIVES: [&str; 7] = ["zipfile", "tarfile", "zipfile36", "pyzipper", "rarfile", "py7zr", "libarchive"];

const TARS: &[&str] = &["tarfile.TarFile"];

/// What keeps a text what it is, for the path that it becomes a part of.
const KEEPS: [&str; 12] = [
    "split",
    "rsplit",
    "strip",
    "lstrip",
    "rstrip",
    "replace",
    "encode",
    "decode",
    "lower",
    "removeprefix",
    "partition",
    "rpartition",
];

/// What goes through all that it is given.
const PASSES: [&str; 10] =
    ["enumerate", "sorted", "list", "set", "reversed", "filter", "tqdm", "iter", "tuple", "zip"];

const DEEPEST: u32 = 14;
const MOST_STEPS: u32 = 400;

/// Silent in tests, where the function looks where names lead (by functions about paths, `".."`, or a name that says so),
/// and on the base name of a member.
pub(super) fn member_path(call: &Call<'_>) -> Option<Hit> {
    let site = call.site;
    if site.is_test() || !ARCHIVES.iter().any(|module| site.imports(module)) || !writes(call) {
        return None;
    }
    let path = if call.is_known() { call.positional(0)? } else { call.receiver()? };
    let mut way = Way { steps: MOST_STEPS, joined: false };
    let from_member = way.comes_from_member(site, path, DEEPEST);
    if !from_member || !way.joined || checks_names(call) || checks_prefix(call) {
        return None;
    }
    Some(Hit::here().says("a member of an archive is written to wherever its name leads"))
}

fn writes(call: &Call<'_>) -> bool {
    let position = match call.path {
        "builtins.open" | "io.open" | "codecs.open" => 1,
        "?.open" => 0,
        _ => return true,
    };
    let mode = call.argument(position, "mode").and_then(|mode| call.site.constant(mode));
    mode.as_ref().and_then(|mode| mode.as_str()).is_some_and(|mode| mode.contains(['w', 'a', 'x']))
}

/// `path.startswith(target)`, and functions that leave the base of a name only.
fn checks_prefix(call: &Call<'_>) -> bool {
    let site = call.site;
    call.calls_near().any(|(callee, _)| {
        site.last_segment(callee)
            .is_some_and(|name| matches!(name, "startswith" | "secure_filename" | "realpath" | "resolve"))
    })
}

/// Follows a path back to what its parts come from.
struct Way {
    steps: u32,
    /// Whether the name was put behind a folder.
    joined: bool,
}

impl Way {
    fn comes_from_member(&mut self, site: Site<'_>, value: ValueId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        self.steps = self.steps.saturating_sub(1);
        if self.steps == 0 {
            return false;
        }
        match site.value(value) {
            Value::Name(_, Some(binding)) => {
                site.is_instance(value, TARS)
                    || site.module.definitions(binding).iter().any(|definition| {
                        definition.value().is_some_and(|value| self.comes_from_member(site, value, depth))
                    })
            }
            Value::Attribute(object, name) => {
                matches!(site.module.text(name), "name" | "filename" | "orig_filename" | "path")
                    && self.comes_from_member(site, object, depth)
            }
            Value::Item(object, _) | Value::Starred(object) => self.comes_from_member(site, object, depth),
            Value::Binary(operator @ (BinaryOperator::Add | BinaryOperator::Divide), left, right) => {
                let found =
                    self.comes_from_member(site, right, depth) || self.comes_from_member(site, left, depth);
                self.joined |= found && operator == BinaryOperator::Divide;
                self.joined |= found && !matches!(site.value(left), Value::Str(_));
                found
            }
            Value::Format(items) => {
                let found = items.iter().any(|item| self.comes_from_member(site, item, depth));
                self.joined |= found && items.len() > 1;
                found
            }
            Value::Comprehension(comprehension) => {
                self.comes_from_member(site, comprehension.element(), depth)
            }
            Value::Call(callee, arguments) => self.of_call(site, (callee, arguments), depth),
            _ => false,
        }
    }

    fn of_call(&mut self, site: Site<'_>, (callee, arguments): (ValueId, Arguments<'_>), depth: u32) -> bool {
        let Some(name) = site.last_segment(callee) else { return false };
        if LISTS.contains(&name) {
            return true;
        }
        if matches!(name, "basename" | "secure_filename" | "abspath" | "realpath") || name.contains("safe") {
            return false;
        }
        let of_arguments = |way: &mut Way| {
            arguments.positional().iter().any(|item| way.comes_from_member(site, item, depth))
        };
        match site.value(callee) {
            _ if name == "join" && site.is_any(callee, &["os.path.join"]) || name == "joinpath" => {
                let found = of_arguments(self);
                self.joined |= found;
                found
            }
            Value::Attribute(object, _) if KEEPS.contains(&name) => {
                self.comes_from_member(site, object, depth)
            }
            Value::Attribute(object, _) => {
                // A method of the own class, such as one that cuts off the first folder.
                matches!(site.last_segment(object), Some("self" | "cls" | "os" | "path"))
                    && of_arguments(self)
            }
            _ => {
                (PASSES.contains(&name) || matches!(name, "Path" | "PurePath" | "str")) && of_arguments(self)
            }
        }
    }
}
