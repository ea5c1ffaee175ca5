//! What no single file shows: the project as a whole, the routes of its backend, and the ways of data.

use super::dispatch::{Judged, Judgement};
use super::{flows, handlers, overlap};
use crate::project::Project;
use crate::rule::{Endpoint, HandlerJudge, On, ProjectJudge, RouteJudge, Rule};
use crate::web::Web;

/// Finds the routes, judges them, and follows data from them, for the rules that mind.
pub(super) fn judge_backend(project: &Project, rules: &[&'static Rule], judgement: &mut Judgement) {
    let of_routes: Vec<(&'static Rule, RouteJudge)> =
        rules.iter().flat_map(|&rule| route_judges(rule)).collect();
    let of_handlers: Vec<(&'static Rule, HandlerJudge)> =
        rules.iter().flat_map(|&rule| handler_judges(rule)).collect();
    let follows = rules.iter().copied().find(|rule| rule.flow.is_some());
    let of_handler = of_handlers.first().map(|(rule, _)| *rule);
    let of_route = of_routes.first().map(|(rule, _)| *rule);
    let Some(first) = of_route.or(of_handler).or(follows) else { return };
    let Some(web) = judgement.guarded(first, None, || Web::of(project)) else { return };
    let mut found = Vec::new();
    for (rule, judge) in of_routes {
        for route in web.routes() {
            let endpoint = Endpoint { project, web: &web, route };
            let hit = judgement.guarded(rule, Some(route.handler.file), || judge(&endpoint)).flatten();
            found.extend(hit.map(|(file, hit)| Judged::of_hit(rule, file, hit)));
        }
    }
    judge_handlers(project, &web, &of_handlers, judgement, &mut found);
    judgement.judged.extend(once(found));
    let Some(first) = follows else { return };
    let (flows, cut) =
        judgement.guarded(first, None, || flows::judge(project, &web, rules)).unwrap_or_default();
    overlap::add_flows(&mut judgement.judged, flows);
    judgement.cut = cut;
}

/// Judges each function that answers requests, once.
fn judge_handlers(
    project: &Project,
    web: &Web,
    judges: &[(&'static Rule, HandlerJudge)],
    judgement: &mut Judgement,
    found: &mut Vec<Judged>,
) {
    if judges.is_empty() {
        return;
    }
    for handling in handlers::all(project, web) {
        let file = handling.site.file;
        for (rule, judge) in judges {
            let hits = judgement.guarded(rule, Some(file), || judge(&handling)).unwrap_or_default();
            found.extend(hits.into_iter().map(|hit| Judged::of_hit(rule, file, hit)));
        }
    }
}

/// What several routes lead to is told once, as the route has it that is surest.
fn once(mut found: Vec<Judged>) -> Vec<Judged> {
    let sure = |one: &Judged| one.hit.confidence.unwrap_or(one.rule.confidence);
    found.sort_by_key(|one| (one.rule.name, one.file, one.span, std::cmp::Reverse(sure(one))));
    found.dedup_by(|next, kept| {
        (next.rule.name, next.file, next.span) == (kept.rule.name, kept.file, kept.span)
    });
    found
}

/// Calls the judges of the project as a whole.
pub(super) fn judge_project(project: &Project, rules: &[&'static Rule], judgement: &mut Judgement) {
    for (rule, judge) in rules.iter().flat_map(|&rule| project_judges(rule)) {
        let hits = judgement.guarded(rule, None, || judge(project)).unwrap_or_default();
        judgement.judged.extend(hits.into_iter().map(|(file, hit)| Judged::of_hit(rule, file, hit)));
    }
}

fn project_judges(rule: &'static Rule) -> impl Iterator<Item = (&'static Rule, ProjectJudge)> {
    rule.forms().iter().filter_map(move |form| match form {
        On::Project(judge) => Some((rule, *judge)),
        _ => None,
    })
}

fn handler_judges(rule: &'static Rule) -> impl Iterator<Item = (&'static Rule, HandlerJudge)> {
    rule.forms().iter().filter_map(move |form| match form {
        On::Handler(judge) => Some((rule, *judge)),
        _ => None,
    })
}

fn route_judges(rule: &'static Rule) -> impl Iterator<Item = (&'static Rule, RouteJudge)> {
    rule.forms().iter().filter_map(move |form| match form {
        On::Route(judge) => Some((rule, *judge)),
        _ => None,
    })
}
