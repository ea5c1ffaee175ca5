//! How the routes of a router, a file, an application stand: how many ask who is calling, and how many do not.

use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Framework, GroupKey, Handler, Place, Route};
use super::purpose::Purpose;
use crate::facts::Name;
use crate::project::{FileId, Project};

/// How some routes stand, each handler counted once for its reads and once for its writes. Left out is what is open to
/// everybody on purpose, and what is not in the project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Those that let only some callers pass.
    pub protected: u32,
    /// Those that let everybody pass.
    pub open: u32,
    /// Of the protected ones, those that change something.
    pub protected_writes: u32,
    /// Of the open ones, those that change something.
    pub open_writes: u32,
    /// Of the open ones, those that are for few by their paths.
    pub open_closed: u32,
    /// A protected route by its index, one that changes something if there is one.
    pub example: Option<u32>,
    /// The first open route that changes something.
    pub first_open_write: Option<u32>,
    /// The first open route that is for few by its path.
    pub first_open_closed: Option<u32>,
}

/// Which routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Among {
    /// Those of a router, blueprint, class, module.
    Group(GroupKey),
    /// Those whose handlers are in a file.
    File(FileId),
    /// Those of an application.
    Application(GroupKey),
    /// Those of a framework, where it is not known which application they are part of.
    Framework(Framework),
}

/// The totals of a project's routes.
#[derive(Debug, Default)]
pub struct Totals(FxHashMap<Among, Total>);

impl Totals {
    pub(super) fn of(project: &Project, routes: &[Route]) -> Totals {
        let mut totals = Totals::default();
        let mut seen: FxHashSet<(Among, Handler, Option<Place>, bool)> = FxHashSet::default();
        for (index, route) in routes.iter().enumerate() {
            let purpose = purpose(project, route);
            let is_known = route.handler.function.is_some() || route.handler.class.is_some();
            let is_open = !route.is_protected();
            let is_chosen = route.evidence.first().is_some_and(|first| first.opens);
            if !is_known || is_open && (purpose.is_public() || is_chosen) {
                continue;
            }
            let writes = route.methods.change_state();
            // What is inherited is told apart by what names the view.
            let place = route.handler.class.is_some().then_some(route.place);
            for among in amongs(route) {
                if seen.insert((among, route.handler, place, writes)) {
                    let total = totals.0.entry(among).or_default();
                    total.add(index as u32, !is_open, writes, &purpose);
                }
            }
        }
        totals
    }

    /// The total of some routes.
    pub fn among(&self, among: Among) -> Total {
        self.0.get(&among).copied().unwrap_or_default()
    }
}

impl Total {
    fn add(&mut self, index: u32, is_protected: bool, writes: bool, purpose: &Purpose) {
        let is_closed = matches!(purpose, Purpose::Closed(_));
        if is_protected {
            self.protected += 1;
            if writes && self.protected_writes == 0 || self.example.is_none() {
                self.example = Some(index);
            }
            self.protected_writes += u32::from(writes);
            return;
        }
        self.open += 1;
        self.open_writes += u32::from(writes);
        self.open_closed += u32::from(is_closed);
        if writes {
            self.first_open_write.get_or_insert(index);
        }
        if is_closed {
            self.first_open_closed.get_or_insert(index);
        }
    }
}

/// What a route is counted among: its group, the file of its handler, its application.
pub fn amongs(route: &Route) -> impl Iterator<Item = Among> {
    let group = route.group.map(Among::Group);
    let own = route.application.filter(|_| route.is_mounted).map(Among::Application);
    let application = own.unwrap_or(Among::Framework(family(route.framework)));
    group.into_iter().chain([Among::File(route.handler.file), application])
}

/// Frameworks that applications are made of together.
fn family(framework: Framework) -> Framework {
    match framework {
        Framework::Starlette => Framework::FastApi,
        Framework::DjangoRest => Framework::Django,
        other => other,
    }
}

/// What a route is for, by its path and the names of its handler.
pub fn purpose(project: &Project, route: &Route) -> Purpose {
    let Some(module) = project.module(route.handler.file) else { return Purpose::Unknown };
    let function = route.handler.function.and_then(|id| module.function(id)).map(|one| one.name);
    let class = route.handler.class.and_then(|id| module.class(id)).map(|one| one.name);
    let names: Vec<&str> = [function, class]
        .into_iter()
        .flatten()
        .filter_map(Name::some)
        .map(|name| module.text(name))
        .collect();
    Purpose::of(&route.path, &names, route.methods)
}
