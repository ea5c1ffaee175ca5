//! Where the parameters of handlers come from, as far as paths and the request tell.

use super::model::{Handler, Input, Source};
use crate::facts::{FunctionId, ParameterKind};
use crate::project::Site;

/// The parameters of a handler, without `self`, with their indices.
fn parameters(site: Site<'_>, function: FunctionId) -> Vec<(u32, &str)> {
    let is_method = site.module.function(function).is_some_and(|facts| facts.class.is_some());
    let all = site.module.parameters(function).iter().enumerate().skip(usize::from(is_method));
    all.filter(|(_, one)| !matches!(one.kind, ParameterKind::Rest | ParameterKind::Keywords))
        .map(|(index, one)| (index as u32, site.module.text(one.name)))
        .collect()
}

fn owner(site: Site<'_>, handler: Handler) -> Option<(Site<'_>, FunctionId)> {
    Site::new(site.project, handler.file).zip(handler.function)
}

/// Those that are parts of the path by their names; a part is its name and its converter.
pub(super) fn named(site: Site<'_>, handler: Handler, parts: &[(&str, &str)]) -> Vec<Input> {
    let Some((owner, function)) = owner(site, handler) else { return Vec::new() };
    let input = |(parameter, name): (u32, &str)| {
        let (_, converter) = parts.iter().find(|(known, _)| *known == name)?;
        let numbers = ["int", "float", "uuid", "number", "ymd"];
        let is_number = numbers.iter().any(|number| converter.starts_with(number));
        Some(Input { parameter, source: Source::Path, is_number })
    };
    parameters(owner, function).into_iter().filter_map(input).collect()
}

/// The first one, which is the request.
pub(super) fn request(site: Site<'_>, handler: Handler) -> Option<Input> {
    let (owner, function) = owner(site, handler)?;
    let (parameter, _) = parameters(owner, function).into_iter().next()?;
    Some(Input { parameter, source: Source::Request, is_number: false })
}

/// All, as those of a handler that is called with the groups of a pattern.
pub(super) fn all_of_path(site: Site<'_>, handler: Handler) -> Vec<Input> {
    let Some((owner, function)) = owner(site, handler) else { return Vec::new() };
    let input = |(parameter, _)| Input { parameter, source: Source::Path, is_number: false };
    parameters(owner, function).into_iter().map(input).collect()
}

/// The parts of `/users/<int:id>` or `/users/<id:int>`: names and converters.
pub(super) fn angle_parts(path: &str, name_first: bool) -> Vec<(&str, &str)> {
    let inside = path.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(inside, _)| inside);
    inside
        .map(|inside| match (inside.split_once(':'), inside.rsplit_once(':')) {
            (Some((name, converter)), _) if name_first => (name, converter),
            (_, Some((converter, name))) => (name, converter),
            _ => (inside, ""),
        })
        .collect()
}
