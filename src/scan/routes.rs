//! The inventory of a project's routes, with positions.

use std::path::PathBuf;
use std::sync::Arc;

use super::audit::{self, Facts, Shared, Unit};
use super::findings::Origin;
use super::text::Text;
use super::{ChangeOptions, Input, Options, Progress, Step, change, on_workers, settings};
use crate::error::Error;
use crate::finding::{Location, Notice};
use crate::project::Project;
use crate::web::{Framework, Handler, Input as Given, Means, Methods, Place, Route, Source, Web};

/// The routes of one state of a project.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Folder that paths are relative to.
    pub root: PathBuf,
    /// Sorted by path and method.
    pub routes: Vec<Endpoint>,
    /// What could not be read, sorted by path.
    pub notices: Vec<Notice>,
}

/// A route, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The framework.
    pub framework: Framework,
    /// The methods.
    pub methods: Methods,
    /// The full path.
    pub path: String,
    /// Whether all of the path is known.
    pub is_exact: bool,
    /// Whether it is part of an application of the project.
    pub is_mounted: bool,
    /// Qualified name of what answers; empty where that is not in the project.
    pub handler: String,
    /// Where that is defined, or else where the route is registered.
    pub location: Location,
    /// Whether only some callers may pass.
    pub is_protected: bool,
    /// Why, the innermost first.
    pub evidence: Vec<Ground>,
    /// The parameters of the handler that the client has a say in.
    pub inputs: Vec<Parameter>,
}

/// A parameter of a handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it comes from.
    pub source: Source,
    /// Whether only numbers and the like get through.
    pub is_number: bool,
}

/// Why a route is protected, or open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// How.
    pub means: Means,
    /// Its name as written.
    pub name: String,
    /// Where.
    pub location: Location,
    /// Whether it lets everybody pass.
    pub opens: bool,
}

/// The routes of what the options name.
pub fn inventory(options: &Options, progress: Progress<'_>) -> Result<Inventory, Error> {
    on_workers(options, || {
        let input = Input::find(options)?;
        progress(Step::Found(input.units.len()));
        let mut found = of(&input.units, options, input.root, progress, &Shared::default())?.0;
        found.notices.extend(input.notices);
        found.notices.sort();
        Ok(found)
    })
}

/// The routes before and after a change.
pub fn inventories(
    options: &Options,
    change: &ChangeOptions,
    progress: Progress<'_>,
) -> Result<[Inventory; 2], Error> {
    on_workers(options, || {
        let (root, [base, head]) = change::sides(options, &change.change)?;
        let (after, shared) = of(&head, options, root.clone(), progress, &Shared::default())?;
        let (before, _) = of(&base, options, root, progress, &shared)?;
        Ok([before, after])
    })
}

fn of(
    units: &[Unit],
    options: &Options,
    root: PathBuf,
    progress: Progress<'_>,
    shared: &Shared,
) -> Result<(Inventory, Shared), Error> {
    let Facts { project, origins, mut notices, shared, .. } =
        audit::facts(units, &settings(options, &root, progress, shared))?;
    let web = Web::of(&project);
    let mut places = Places { project: &project, origins: &origins, texts: Vec::new() };
    places.texts.resize_with(origins.len(), || None);
    let routes = web.routes().iter().filter_map(|route| places.endpoint(route)).collect();
    notices.sort();
    Ok((Inventory { root, routes, notices }, shared))
}

/// Finds lines and columns; each file is read once more at most.
struct Places<'p> {
    project: &'p Project,
    origins: &'p [Origin<'p>],
    texts: Vec<Option<Text>>,
}

impl Places<'_> {
    fn endpoint(&mut self, route: &Route) -> Option<Endpoint> {
        let (handler, place) = self.handler(route.handler).unwrap_or((String::new(), route.place));
        let location = self.location(place)?;
        let evidence = route.evidence.iter().filter_map(|one| {
            let location = self.location(one.place)?;
            Some(Ground { means: one.means, name: one.name.clone(), location, opens: one.opens })
        });
        let evidence = evidence.collect();
        Some(Endpoint {
            framework: route.framework,
            methods: route.methods,
            path: route.path.text.clone(),
            is_exact: route.path.is_exact,
            is_mounted: route.is_mounted,
            handler,
            location,
            is_protected: route.is_protected(),
            evidence,
            inputs: self.inputs(route),
        })
    }

    fn inputs(&self, route: &Route) -> Vec<Parameter> {
        let function = route.handler.function.zip(self.project.module(route.handler.file));
        let Some((function, module)) = function else { return Vec::new() };
        let parameters = module.parameters(function);
        let input = |input: &Given| {
            let name = module.text(parameters.get(input.parameter as usize)?.name).to_owned();
            Some(Parameter { name, source: input.source, is_number: input.is_number })
        };
        route.inputs.iter().filter_map(input).collect()
    }

    fn handler(&self, handler: Handler) -> Option<(String, Place)> {
        let module = self.project.module(handler.file)?;
        let (whole, name) = match (handler.function, handler.class) {
            (Some(function), _) => module.function(function).map(|facts| (facts.span, facts.name_span))?,
            (None, Some(class)) => module.class(class).map(|facts| (facts.span, facts.name_span))?,
            (None, None) => return None,
        };
        Some((module.scope_at(whole.start), Place { file: handler.file, span: name }))
    }

    fn location(&mut self, place: Place) -> Option<Location> {
        let index = place.file.0 as usize;
        let path = Arc::clone(&self.project.file(place.file)?.path);
        let slot = self.texts.get_mut(index)?;
        if slot.is_none() {
            *slot = Some(Text::read(self.origins.get(index)?).ok()?);
        }
        Some(slot.as_ref()?.location(&path, place.span))
    }
}
