//! What the routes around a route do.

use crate::finding::Confidence;
use crate::rule::{Endpoint, Hit};
use crate::web::{Among, Total, amongs};

use super::place::shown;

/// How the routes around one stand that lets everybody pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    among: Among,
    total: Total,
    /// How many of them are protected, and how many are not, itself included.
    protected: u32,
    open: u32,
    /// Whether only those are counted that change something.
    writes: bool,
}

impl Around {
    /// The nearest routes that are enough to compare with: of its router or class, of its file, of its application.
    pub(super) fn of(endpoint: &Endpoint<'_>) -> Option<Around> {
        let totals = endpoint.web.totals(endpoint.project);
        let route = endpoint.route;
        let is_whole = |among: Among| matches!(among, Among::Application(_) | Among::Framework(_));
        let mut all = amongs(route).filter(|among| match among {
            // A router is one thing wherever its handlers are.
            Among::File(_) => route.group == route.application || route.group.is_none(),
            Among::Group(group) => Some(*group) != route.application,
            _ => route.is_mounted,
        });
        all.find_map(|among| {
            let around = Around::counted(among, totals.among(among));
            (is_whole(among) || around.protected + around.open > 2).then_some(around)
        })
    }

    fn counted(among: Among, total: Total) -> Around {
        let writes = total.protected_writes + total.open_writes > 2;
        let (protected, open) =
            if writes { (total.protected_writes, total.open_writes) } else { (total.protected, total.open) };
        Around { among, total, protected, open: open.max(1), writes }
    }

    /// How sure it is that the check was forgotten: the more routes ask who is calling, and the fewer do not.
    pub(super) fn confidence(&self) -> Option<Confidence> {
        let is_whole = matches!(self.among, Among::Application(_) | Among::Framework(_));
        let (least, ratio) = if is_whole { (4, 4) } else { (2, 2) };
        if self.protected < least || self.protected < ratio * self.open {
            return None;
        }
        Some(if self.protected >= 4 && self.open == 1 { Confidence::High } else { Confidence::Medium })
    }

    /// The sentence about them.
    pub(super) fn says(&self) -> String {
        let place = match self.among {
            Among::Group(_) => "of its group",
            Among::File(_) => "of its file",
            Among::Application(_) | Among::Framework(_) => "of the application",
        };
        let what = if self.writes { " that change something" } else { "" };
        let others = self.protected + self.open - 1;
        format!("{} of the {others} other endpoints {place}{what} do", self.protected)
    }

    /// Points to what protects one of them.
    pub(super) fn shown_in(&self, endpoint: &Endpoint<'_>, hit: Hit) -> Hit {
        example(endpoint, self.total, hit)
    }
}

/// Points to what protects one of the routes that a total counts.
pub(super) fn example(endpoint: &Endpoint<'_>, total: Total, hit: Hit) -> Hit {
    let route = total.example.and_then(|index| endpoint.web.routes().get(index as usize));
    let Some((route, evidence)) = route.and_then(|route| Some((route, route.evidence.first()?))) else {
        return hit;
    };
    let says = format!("{} is protected by `{}` here", shown(route), evidence.name);
    hit.beside(evidence.place.file, evidence.place.span, says)
}

/// How all routes of its application stand.
pub(super) fn application(endpoint: &Endpoint<'_>) -> Total {
    let totals = endpoint.web.totals(endpoint.project);
    amongs(endpoint.route).last().map(|among| totals.among(among)).unwrap_or_default()
}
