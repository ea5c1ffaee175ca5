//! For people: what was found, why it matters, what to do, and the verdict in words as the last line.
//! Everything that comes from the scanned tree is escaped before it is drawn.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;
use std::path::PathBuf;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Message, Padding, Renderer, Snippet};
use rustc_hash::FxHashSet;

use super::summary::{self, Paint};
use super::{Report, escape, paths::Paths};
use crate::finding::{Excerpt, Finding, Location, NoticeKind, Severity, Step};

/// How many lines of code are shown above and below the marked ones.
const CONTEXT_LINES: usize = 2;
/// How many steps of a flow, or related places, are shown unless all are asked for.
const STEPS: usize = 6;
/// How many notices that lost nothing are shown unless all are asked for.
const LOSSLESS_NOTICES: usize = 10;

/// How the report for people looks.
#[derive(Clone, Debug, Default)]
pub struct ConsoleOptions {
    /// Whether to write ANSI colours.
    pub color: bool,
    /// One line a finding, and no more than the verdict after them.
    pub quiet: bool,
    /// Everything: each rule's reasons with each finding, every step, every notice.
    pub verbose: bool,
    /// Show paths relative to this folder; relative to the root of the scan where there is none.
    pub base: Option<PathBuf>,
}

/// Writes the report.
pub fn write(report: &Report<'_>, options: &ConsoleOptions, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    let paint = Paint { color: options.color };
    let drawing =
        Drawing { report, options, renderer, paths: Paths::new(report.root, options.base.as_deref()) };
    let mut explained = FxHashSet::default();
    for finding in report.shown() {
        if options.quiet {
            drawing.line(finding, &paint, out)?;
        } else {
            let name = report.rule(finding.rule).map_or(finding.rule, |rule| rule.name);
            let explain = explained.insert(name) || options.verbose;
            drawing.finding(finding, explain, &paint, out)?;
        }
    }
    drawing.notices(&paint, out)?;
    summary::write(report, options, &paint, out)
}

struct Drawing<'a> {
    report: &'a Report<'a>,
    options: &'a ConsoleOptions,
    renderer: Renderer,
    paths: Paths,
}

impl Drawing<'_> {
    /// `path:line:col: severity[rule] message`, and why it does not fail where its severity would.
    fn line(&self, finding: &Finding, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
        let place = self.place(&finding.location);
        let severity = paint.severity(finding.severity, finding.severity.name());
        let passes = finding.severity >= self.report.thresholds.fail_on && !self.report.fails(finding);
        let unsure = if passes { format!(" ({} confidence)", finding.confidence) } else { String::new() };
        writeln!(out, "{place}: {severity}[{}] {}{unsure}", finding.rule, escape::line(&finding.message))
    }

    /// The first two lines are drawn here: only the finding knows its column, as what draws the code sees a
    /// window of escaped text.
    fn finding(
        &self,
        finding: &Finding,
        explain: bool,
        paint: &Paint,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut body = Group::with_level(level(finding.severity));
        let mut gutter = 1;
        if let Some((snippet, last_line)) = snippet(&finding.excerpt) {
            body = body.element(snippet);
            gutter = last_line.to_string().len();
        } else {
            body = body.element(Padding);
        }
        for note in self.notes(finding, explain) {
            body = body.element(note);
        }
        let severity = paint.severity(finding.severity, &format!("{}[{}]", finding.severity, finding.rule));
        let message = paint.strong(&format!(": {}", escape::line(&finding.message)));
        let arrow = paint.frame(&format!("{:gutter$}-->", ""));
        writeln!(out, "{severity}{message}\n{arrow} {}", self.place(&finding.location))?;
        writeln!(out, "{}\n", self.renderer.render(&[body]))
    }

    /// The lines below the code. Why and help are said once for each rule.
    fn notes(&self, finding: &Finding, explain: bool) -> Vec<Message<'static>> {
        let note = |name: &'static str, text: String| Level::NOTE.with_name(name).message(text);
        let mut notes = Vec::new();
        if !finding.flow.is_empty() {
            notes.push(note("flow", self.steps(&finding.flow)));
        }
        if !finding.related.is_empty() {
            notes.push(note("see", self.steps(&finding.related)));
        }
        let Some(rule) = self.report.rule(finding.rule) else { return notes };
        if explain {
            notes.push(note("why", rule.why.to_owned()));
            notes.push(Level::HELP.message(rule.help));
        }
        let mut about: Vec<String> = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect();
        about.push(format!("{} confidence", finding.confidence));
        notes.push(Level::NOTE.message(about.join(", ")));
        notes
    }

    /// One line a step; of a long path its ends.
    fn steps(&self, steps: &[Step]) -> String {
        let left_out = if self.options.verbose { 0 } else { steps.len().saturating_sub(STEPS) };
        let head = if left_out > 0 { STEPS / 2 } else { steps.len() };
        let mut lines: Vec<String> = steps.iter().take(head).map(|step| self.step(step)).collect();
        if left_out > 0 {
            lines.push(format!("({left_out} more, shown with --verbose)"));
            lines.extend(steps.iter().skip(head + left_out).map(|step| self.step(step)));
        }
        lines.join("\n")
    }

    fn step(&self, step: &Step) -> String {
        format!("{} {}", self.place(&step.location), escape::line(&step.message))
    }

    fn place(&self, location: &Location) -> String {
        let path = self.paths.shown(&location.path);
        match location.cell {
            Some(cell) => format!("{path}:cell {}:{}:{}", cell.number, cell.start.line, cell.start.column),
            None => format!("{path}:{}:{}", location.start.line, location.start.column),
        }
    }

    fn notices(&self, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
        let mut lossless = 0;
        for notice in self.report.notices {
            let name = match notice.kind {
                NoticeKind::Incomplete => paint.severity(Severity::High, "incomplete"),
                NoticeKind::Lossless => {
                    lossless += 1;
                    if self.options.quiet || (lossless > LOSSLESS_NOTICES && !self.options.verbose) {
                        continue;
                    }
                    paint.severity(Severity::Low, "note")
                }
            };
            let mut place = notice.path.as_deref().map_or(String::new(), |path| self.paths.shown(path));
            if let Some(line) = notice.line.filter(|_| !place.is_empty()) {
                let _ = write!(place, ":{line}");
            }
            let colon = if place.is_empty() { "" } else { ": " };
            writeln!(out, "{name}[{}]: {place}{colon}{}", notice.id, escape::line(&notice.message))?;
        }
        let more = lossless.saturating_sub(LOSSLESS_NOTICES);
        if more > 0 && !self.options.quiet && !self.options.verbose {
            writeln!(out, "{more} more notes, shown with --verbose")?;
        }
        if !self.report.notices.is_empty() && !self.options.quiet {
            writeln!(out)?;
        }
        Ok(())
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Critical | Severity::High => Level::ERROR,
        Severity::Medium => Level::WARNING,
        Severity::Low => Level::NOTE,
        Severity::Info => Level::INFO,
    }
}

/// The marked lines with a little around them, and the number of the last. The rest of the window is folded away.
fn snippet(excerpt: &Excerpt) -> Option<(Snippet<'static, Annotation<'static>>, usize)> {
    if excerpt.first_line == 0 || excerpt.text.is_empty() {
        return None;
    }
    let (text, marked) = escape::source(&excerpt.text, excerpt.marked);
    let around = lines_around(&text, &marked);
    let first_line = excerpt.first_line as usize;
    let last_line = first_line + text.get(..around.end).map_or(0, |part| part.matches('\n').count());
    let annotations = [AnnotationKind::Visible.span(around), AnnotationKind::Primary.span(marked)];
    Some((Snippet::source(text).line_start(first_line).annotations(annotations), last_line))
}

/// From the start of the first to the end of the last line within [`CONTEXT_LINES`] of the marked range. Blank
/// lines at the ends are left out.
fn lines_around(text: &str, marked: &Range<usize>) -> Range<usize> {
    let before = text.get(..marked.start).unwrap_or_default();
    let start = before.rmatch_indices('\n').nth(CONTEXT_LINES).map_or(0, |(at, _)| at + 1);
    let after = text.get(marked.end..).unwrap_or_default();
    let end = after.match_indices('\n').nth(CONTEXT_LINES).map_or(text.len(), |(at, _)| marked.end + at);
    let blank = |part: &str| part.len() - part.trim_start_matches([' ', '\t', '\n']).len();
    let skipped = text.get(start..marked.start).map_or(0, |part| {
        let blanks = part.get(..blank(part)).unwrap_or_default();
        blanks.rfind('\n').map_or(0, |at| at + 1)
    });
    let kept = text.get(marked.end..end).map_or(0, |part| part.trim_end().len());
    start + skipped..marked.end + kept
}
