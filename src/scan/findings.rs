//! From hits to findings: positions, excerpts, fingerprints, suppression. Only files with something to say are
//! read a second time.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::audit::Content;
use super::text::Text;
use crate::facts::{Anchor, Module, Span};
use crate::finding::{Finding, Location, Notice, NoticeKind, Step, Suppression};
use crate::gate::fingerprint::fingerprints;
use crate::gate::identity::identity;
use crate::gate::suppress::{self, Directive};
use crate::input::files::FileKind;
use crate::project::{FileId, Project};
use crate::rule::{Hit, Rule, Secret};
use crate::rules;
use crate::rules::dispatch::Judged;
use crate::taint::{self, Move};

/// Where the facts of a file came from.
pub(super) struct Origin<'u> {
    /// Where its bytes are.
    pub content: &'u Content,
    /// What sort of Python it holds.
    pub kind: FileKind,
    /// Hash of its bytes when it was read.
    pub hash: u64,
}

/// Findings, and what went wrong while they were made.
#[derive(Default)]
pub(super) struct Made {
    pub findings: Vec<Finding>,
    pub notices: Vec<Notice>,
}

/// Makes findings of hits, sorted by path, range and rule.
pub(super) fn make(
    project: &Project,
    rules: &[&'static Rule],
    mut judged: Vec<Judged>,
    origins: &[Origin<'_>],
) -> Made {
    add_syntax_faults(project, rules, &mut judged);
    judged.sort_by(|a, b| (a.file, a.span, a.rule.name).cmp(&(b.file, b.span, b.rule.name)));
    let mut by_file: Vec<Vec<Judged>> = project.files().map(|_| Vec::new()).collect();
    for one in judged {
        if let Some(list) = by_file.get_mut(one.file.0 as usize) {
            list.push(one);
        }
    }
    let of_file = |list: &Vec<Judged>| list.iter().flat_map(|one| one.hit.secrets.iter().cloned()).collect();
    let secrets: Vec<Vec<Secret>> = by_file.iter().map(of_file).collect();
    let make_file = |(index, list): (usize, Vec<Judged>)| {
        let file = FileId(index as u32);
        let comments = project.module(file).is_some_and(|module| !module.comments().is_empty());
        if !comments && !list.iter().any(|one| takes_part(rules, one)) {
            return Made::default();
        }
        let Some(origin) = origins.get(index) else { return Made::default() };
        let others = RefCell::default();
        Maker { project, rules, file, origins, origin, secrets: &secrets, others }.make(list)
    };
    let made: Vec<Made> = by_file.into_par_iter().enumerate().map(make_file).collect();
    let mut all = Made::default();
    for one in made {
        all.findings.extend(one.findings);
        all.notices.extend(one.notices);
    }
    all
}

/// Whether the findings of a hit are wanted: some rules run for what they hide alone.
fn takes_part(rules: &[&'static Rule], judged: &Judged) -> bool {
    rules.iter().any(|rule| rule.name == judged.rule.name)
}

/// Adds the first thing of each file that the parser could not read.
fn add_syntax_faults(project: &Project, rules: &[&'static Rule], judged: &mut Vec<Judged>) {
    let Some(rule) = rules.iter().find(|rule| rule.name == "python-syntax-error") else { return };
    for (file, source) in project.files() {
        if let Some(fault) = source.module.faults().first() {
            let hit = Hit::at(fault.span).says(format!("Python cannot read this: {}", fault.message));
            let (span, anchor) = (fault.span, Anchor::Text);
            judged.push(Judged { rule, file, span, anchor, subject: String::new(), hit });
        }
    }
}

/// Makes the findings of one file.
struct Maker<'p> {
    project: &'p Project,
    rules: &'p [&'static Rule],
    file: FileId,
    origins: &'p [Origin<'p>],
    origin: &'p Origin<'p>,
    /// What was found to be secret, file by file.
    secrets: &'p [Vec<Secret>],
    /// The texts of other files that were needed: the ways of data lead through the same ones again and again.
    others: RefCell<FxHashMap<FileId, Option<Rc<Text>>>>,
}

/// A directive with the lines it stands for.
struct Placed {
    directive: Directive,
    span: Span,
    line: u32,
    /// The cell that it is in, where the file is a notebook.
    cell: Option<u32>,
    /// Whether nothing but white space stands before it on its line.
    alone: bool,
    used: bool,
}

impl Maker<'_> {
    fn make(&self, judged: Vec<Judged>) -> Made {
        let Some(file) = self.project.file(self.file) else { return Made::default() };
        let text = match self.read(self.file, self.origin) {
            Ok(text) => text,
            Err(message) => {
                let path = Some(Arc::clone(&file.path));
                let kind = NoticeKind::Incomplete;
                let notice = Notice { path, line: None, kind, id: "file-changed", message };
                return Made { findings: Vec::new(), notices: vec![notice] };
            }
        };
        let mut placed = placed_directives(&file.module, &text);
        let mut findings: Vec<Finding> = Vec::with_capacity(judged.len());
        for one in judged.into_iter().filter(|one| takes_part(self.rules, one)) {
            let span = one.span;
            let mut finding = self.finding(one, &text);
            finding.suppression = suppression(finding.rule, span, &text, &mut placed);
            findings.push(finding);
        }
        findings.extend(self.comment_findings(&placed, &text));
        findings.sort_by(|a, b| (&a.location, a.rule, &a.message).cmp(&(&b.location, b.rule, &b.message)));
        identify(&mut findings, &text);
        Made { findings, notices: Vec::new() }
    }

    fn finding(&self, judged: Judged, text: &Text) -> Finding {
        let Judged { rule, span, anchor, subject, hit, .. } = judged;
        let module = self.project.module(self.file);
        let marked = text.slice(span);
        let related = hit.related.iter().filter_map(|(file, span, message)| {
            Some(Step {
                location: self.other_location(*file, *span, text)?,
                message: text.masks.sentence(message),
            })
        });
        let message = hit.message.clone().unwrap_or_else(|| rule.message.replace("{call}", &subject));
        let mut flow: Vec<Step> = hit.flow.iter().filter_map(|one| self.step(one, text)).collect();
        // A text that is built in several steps on a line is told once.
        let place = |step: &Step| (step.location.path.clone(), step.location.start.line);
        flow.dedup_by(|later, step| later.message == step.message && place(later) == place(step));
        Finding {
            rule: if flow.is_empty() { rule.name } else { rules::flow_id(rule) },
            severity: hit.severity.unwrap_or(rule.severity),
            confidence: hit.confidence.unwrap_or(rule.confidence),
            message: text.masks.sentence(&message),
            location: self.location(span, text),
            scope: module.map_or_else(String::new, |module| module.scope_at(span.start)),
            related: related.collect(),
            flow,
            excerpt: text.excerpt(span),
            identity: module.map(|module| identity(module, anchor, &marked, &text.masks)).unwrap_or_default(),
            fingerprint: String::new(),
            line_hash: String::new(),
            suppression: None,
            known: None,
        }
    }

    fn location(&self, span: Span, text: &Text) -> Location {
        let path = self.project.file(self.file).map_or_else(|| Arc::from(""), |file| Arc::clone(&file.path));
        text.location(&path, span)
    }

    /// A place in this file or another, which is read for it.
    fn other_location(&self, file: FileId, span: Span, text: &Text) -> Option<Location> {
        if file == self.file {
            return Some(self.location(span, text));
        }
        Some(self.text_of(file)?.location(&self.project.file(file)?.path, span))
    }

    /// A step of the way of data, told with the code that takes it.
    fn step(&self, step: &taint::Step, text: &Text) -> Option<Step> {
        let other = if step.file == self.file { None } else { Some(self.text_of(step.file)?) };
        let text = other.as_deref().unwrap_or(text);
        let location = text.location(&self.project.file(step.file)?.path, step.span);
        Some(Step { location, message: told(self.project, step, &shortened(&text.slice(step.span))) })
    }

    fn text_of(&self, file: FileId) -> Option<Rc<Text>> {
        let read = || self.read(file, self.origins.get(file.0 as usize)?).ok().map(Rc::new);
        self.others.borrow_mut().entry(file).or_insert_with(read).clone()
    }

    /// The text of a file, its secrets hidden.
    fn read(&self, file: FileId, origin: &Origin<'_>) -> Result<Text, String> {
        let mut text = Text::read(origin)?;
        let found = self.secrets.get(file.0 as usize).into_iter().flatten().cloned();
        let secrets: Vec<Secret> = rules::secrets_in_lines(&text.judged).into_iter().chain(found).collect();
        text.hide(&secrets);
        Ok(text)
    }

    /// The findings about suppressing comments themselves.
    fn comment_findings(&self, placed: &[Placed], text: &Text) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut report = |name: &str, placed: &Placed, message: Option<String>| {
            if let Some(rule) = self.rules.iter().find(|rule| rule.name == name) {
                let hit = Hit { message, ..Hit::default() };
                let span = placed.span;
                let anchor = Anchor::Text;
                let judged = Judged { rule, file: self.file, span, anchor, subject: String::new(), hit };
                found.push(self.finding(judged, text));
            }
        };
        for one in placed {
            for id in &one.directive.unknown {
                let near = crate::gate::select::nearest(id);
                let near = near.first().map_or_else(String::new, |near| format!(", did you mean `{near}`?"));
                report("unknown-suppression-id", one, Some(format!("there is no rule `{id}`{near}")));
            }
            if one.directive.rules.is_none() {
                report("suppression-without-id", one, None);
            }
            if one.directive.reason.is_none() && one.used {
                report("suppression-without-reason", one, None);
            }
            if !one.used && self.would_know(&one.directive) {
                report("unused-suppression", one, None);
            }
        }
        found
    }

    /// Whether every rule that a comment names takes part, so that its silence means something.
    fn would_know(&self, directive: &Directive) -> bool {
        let runs = |name: &str| self.rules.iter().any(|rule| rule.name == name);
        match &directive.rules {
            Some(named) => !named.is_empty() && named.iter().all(|name| runs(name)),
            None => rules::all().all(|(_, rule)| runs(rule.name)),
        }
    }
}

/// Code on one line, cut where it is long.
fn shortened(code: &str) -> String {
    const LONGEST: usize = 60;
    let line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or("")),
        None => line,
    }
}

/// What happens at a step, for people.
fn told(project: &Project, step: &taint::Step, code: &str) -> String {
    match step.what {
        Move::Source => format!("`{code}` is shaped by whoever sends the request"),
        Move::Passed(function, file) => {
            let name =
                project.module(file).and_then(|module| Some(module.text(module.function(function)?.name)));
            format!("passed to `{}`", name.unwrap_or("a function"))
        }
        Move::Returned => "returned here".to_owned(),
        Move::Built => "becomes part of a text".to_owned(),
        Move::Assigned => "assigned".to_owned(),
        Move::Through => format!("goes through `{code}`"),
        Move::Sink => "arrives here".to_owned(),
    }
}

/// Gives findings their fingerprints and line hashes.
fn identify(findings: &mut [Finding], text: &Text) {
    let prints = fingerprints(findings);
    let lines: Vec<u32> = findings.iter().map(|finding| finding.location.start.line).collect();
    let hashes = text.line_hashes(&lines);
    for ((finding, print), hash) in findings.iter_mut().zip(prints).zip(hashes) {
        finding.fingerprint = print;
        finding.line_hash = hash;
    }
}

fn placed_directives(module: &Module, text: &Text) -> Vec<Placed> {
    let placed = |comment: &crate::facts::Comment| {
        let directive = suppress::parse(module.text(comment.text))?;
        let line = text.line(comment.span.start);
        let alone = text.before(comment.span.start).trim().is_empty();
        let cell = text.cell(comment.span.start);
        Some(Placed { directive, span: comment.span, line, cell, alone, used: false })
    };
    module.comments().iter().filter_map(placed).collect()
}

/// The suppression of a finding by a comment on its first or last line, or alone on the line above.
fn suppression(rule: &str, span: Span, text: &Text, placed: &mut [Placed]) -> Option<Suppression> {
    if placed.is_empty() {
        return None;
    }
    let (first, last, cell) = (text.line(span.start), text.line(span.end), text.cell(span.start));
    let mut found = None;
    for one in placed {
        let here = one.line == first || one.line == last;
        let above = one.alone && one.directive.covers_next_line && one.line + 1 == first && one.cell == cell;
        if (here || above) && one.directive.covers(rule) {
            one.used = true;
            let reason = one.directive.reason.as_deref();
            found.get_or_insert(Suppression { reason: reason.map(|reason| text.masks.sentence(reason)) });
        }
    }
    found
}
