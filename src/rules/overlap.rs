//! Where two rules speak of the same code: the one that says more is heard, and only that.

use rustc_hash::{FxHashMap, FxHashSet};

use super::dispatch::Judged;
use crate::facts::{Span, Statement};
use crate::finding::{Confidence, Severity};
use crate::project::{FileId, Project};
use crate::rule::Site;

/// A rule, and those that say more of what it finds.
const SAYS_LESS: &[(&str, &[&str])] = &[
    ("hardcoded-secret", &["weak-jwt-secret", "weak-django-secret-key"]),
    ("error-only-logged", &["route-swallows-error"]),
    ("body-with-status-204", &["error-response-status-200"]),
];

/// Rules whose findings say less than a flow of another rule into the same place.
const LESS_THAN_FLOWS: &[(&str, &str)] = &[("template-injection", "unsandboxed-template")];

/// Adds flows: each stands in the place of what its rule says of the same sink without it, and is at least as bad and
/// as sure. What shows how data arrives must not pass where the sink alone would have failed.
pub(super) fn add_flows(judged: &mut Vec<Judged>, mut flows: Vec<Judged>) {
    let place = |one: &Judged| (one.file, one.span, one.rule.name);
    let places: FxHashSet<(FileId, Span, &str)> = flows.iter().map(place).collect();
    let mut replaced = FxHashMap::<_, (Severity, Confidence)>::default();
    judged.retain(|one| {
        if !places.contains(&place(one)) {
            return true;
        }
        let (severity, confidence) = weight(one);
        let worst = replaced.entry(place(one)).or_insert((severity, confidence));
        *worst = (worst.0.max(severity), worst.1.max(confidence));
        false
    });
    for flow in &mut flows {
        let Some((severity, confidence)) = replaced.get(&place(flow)) else { continue };
        let own = weight(flow);
        flow.hit.severity = Some(own.0.max(*severity));
        flow.hit.confidence = Some(own.1.max(*confidence));
    }
    let better: FxHashSet<(FileId, Span, &str)> = flows
        .iter()
        .flat_map(|one| {
            let known = LESS_THAN_FLOWS.iter().filter(|(flow, _)| *flow == one.rule.name);
            known.map(|(_, less)| (one.file, one.span, *less))
        })
        .collect();
    judged.retain(|one| !better.contains(&place(one)));
    judged.extend(flows);
}

/// How bad and how sure the finding of a hit will be.
fn weight(judged: &Judged) -> (Severity, Confidence) {
    let Judged { rule, hit, .. } = judged;
    (hit.severity.unwrap_or(rule.severity), hit.confidence.unwrap_or(rule.confidence))
}

/// Drops what another rule says better of the same value. What the dropped findings hide stays hidden.
pub(super) fn keep_the_better(project: &Project, judged: &mut Vec<Judged>) {
    for (less, more) in SAYS_LESS {
        let (mut better, rest): (Vec<Judged>, Vec<Judged>) =
            judged.drain(..).partition(|one| more.contains(&one.rule.name));
        for mut one in rest {
            let says_less = one.rule.name == *less;
            match better.iter_mut().find(|other| says_less && overlap(project, &one, other)) {
                Some(other) => other.hit.secrets.append(&mut one.hit.secrets),
                None => judged.push(one),
            }
        }
        judged.append(&mut better);
    }
}

/// Whether two findings are about one value: one place lies within the other, or is the name that the other is given.
fn overlap(project: &Project, a: &Judged, b: &Judged) -> bool {
    let covers = |a: Span, b: Span| a.covers(b) || b.covers(a);
    let is_given = |site: Site<'_>| {
        let statement = site.module.statement(site.statement_at(a.span.start)?);
        let (Statement::Assign(target, value) | Statement::Annotated(target, _, Some(value))) = statement
        else {
            return None;
        };
        let (target, value) = (site.module.span(target), site.module.span(value));
        Some(covers(target, b.span) && value.covers(a.span))
    };
    a.file == b.file
        && (covers(a.span, b.span) || Site::new(project, a.file).and_then(is_given).unwrap_or(false))
}
