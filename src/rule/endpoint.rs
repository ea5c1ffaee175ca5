//! What a judge of routes sees.

use crate::facts::FunctionId;
use crate::project::{Project, Site};
use crate::web::{Framework, Methods, Route, Web};

/// A route and the backend that it is part of.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint<'p> {
    /// The project.
    pub project: &'p Project,
    /// All routes.
    pub web: &'p Web,
    /// This one.
    pub route: &'p Route,
}

impl<'p> Endpoint<'p> {
    /// The file that the handler is in.
    pub fn handler_site(&self) -> Option<Site<'p>> {
        Site::new(self.project, self.route.handler.file)
    }

    /// The function that answers, where there is exactly one.
    pub fn function(&self) -> Option<FunctionId> {
        self.route.handler.function
    }
}

/// A function that answers requests, whatever the route that leads to it, if one does: what a judge of handlers sees.
#[derive(Clone, Copy, Debug)]
pub struct Handling<'p> {
    /// All routes.
    pub web: &'p Web,
    /// Whose requests it answers.
    pub framework: Framework,
    /// The methods of the route; none where no route is in sight.
    pub methods: Methods,
    /// The file that it is in.
    pub site: Site<'p>,
    /// The function.
    pub function: FunctionId,
}
