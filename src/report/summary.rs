//! The end of the report for people: counts, and the verdict in words as the last line.

use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::console::ConsoleOptions;
use super::{Report, Verdict, escape};
use crate::finding::{Confidence, Finding, Severity};
use crate::gate::threshold::is_of_gate;

/// Writes text in colours where they are wanted.
pub(super) struct Paint {
    pub(super) color: bool,
}

impl Paint {
    pub(super) fn severity(&self, severity: Severity, text: &str) -> String {
        let color = match severity {
            Severity::Critical | Severity::High => AnsiColor::BrightRed,
            Severity::Medium => AnsiColor::Yellow,
            Severity::Low => AnsiColor::BrightGreen,
            Severity::Info => AnsiColor::BrightBlue,
        };
        self.style(color.on_default().bold(), text)
    }

    pub(super) fn strong(&self, text: &str) -> String {
        self.style(Style::new().bold(), text)
    }

    /// What frames code, as the library that draws it does.
    pub(super) fn frame(&self, text: &str) -> String {
        self.style(AnsiColor::BrightBlue.on_default().bold(), text)
    }

    fn style(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// Writes the counts, unless `quiet`, and the verdict.
pub(super) fn write(
    report: &Report<'_>,
    options: &ConsoleOptions,
    paint: &Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown = report.shown().count();
    if !options.quiet {
        write_change(report, paint, out)?;
    }
    if shown > 0 && !options.quiet {
        write_counts(report, shown, paint, out)?;
    }
    let (color, mut verdict) = verdict(report, shown, options.verbose);
    // The counts above say it otherwise.
    if let (true, Verdict::Failed(failing)) = (options.quiet, report.verdict)
        && let others @ 1.. = shown as u64 - u64::from(failing).min(shown as u64)
    {
        let _ = write!(
            verdict,
            "; {} {} not fail",
            counted(others, "other"),
            if others == 1 { "does" } else { "do" }
        );
    }
    writeln!(out, "{}", paint.style(color.on_default().bold(), &verdict))
}

/// What was compared with what, and what the change hides.
fn write_change(report: &Report<'_>, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let Some(change) = &report.stats.change else { return Ok(()) };
    let what = escape::line(&change.description);
    write!(out, "Judged {what}: {} changed", counted(change.files.into(), "file"))?;
    if change.suppressions.total() > 0 {
        let added = format!("suppressions added: {}", change.suppressions);
        write!(out, "; {}", paint.severity(Severity::Medium, &added))?;
    }
    writeln!(out)
}

fn write_counts(report: &Report<'_>, shown: usize, paint: &Paint, out: &mut dyn Write) -> io::Result<()> {
    let counts = report.counts().into_iter().filter(|(_, count)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(severity, count)| paint.severity(severity, &format!("{} {severity}", number(count as u64))))
        .collect();
    write!(out, "Found {}: {}", counted(shown as u64, "finding"), counts.join(", "))?;
    for (count, what) in [
        (report.stats.suppressed, "suppressed"),
        (report.stats.known, "known"),
        (report.stats.ignored_by_path, "ignored by path"),
        (report.stats.hidden, "hidden"),
    ] {
        if count > 0 {
            write!(out, "; {} {what}", number(count.into()))?;
        }
    }
    writeln!(out)?;
    writeln!(out, "Scanned {} in {:.2} s", scanned(report), report.stats.elapsed.as_secs_f64())?;
    if !report.stats.skipped.is_empty() {
        writeln!(out, "Skipped {}", skipped(report, true))?;
    }
    Ok(())
}

/// The verdict in words, for those who do not see the console report.
pub(super) fn verdict_text(report: &Report<'_>) -> String {
    verdict(report, report.shown().count(), false).1
}

fn verdict(report: &Report<'_>, shown: usize, verbose: bool) -> (AnsiColor, String) {
    let notices =
        format!("not everything was judged ({} above)", counted(report.incomplete() as u64, "notice"));
    match report.verdict {
        Verdict::Failed(failing) => {
            let findings = counted(failing.into(), "finding");
            let also = if report.incomplete() > 0 { format!("; {notices}") } else { String::new() };
            (AnsiColor::BrightRed, format!("Failed: {findings} {}{also}", threshold(report)))
        }
        Verdict::Incomplete => {
            let findings = format!("no finding {}", threshold(report));
            (AnsiColor::Yellow, format!("Incomplete: {findings}, but {notices}"))
        }
        Verdict::Passed if report.stats.change.as_ref().is_some_and(|change| change.files == 0) => {
            (AnsiColor::BrightGreen, "Passed: nothing changed".to_owned())
        }
        Verdict::Passed if report.stats.files == 0 => {
            (AnsiColor::Yellow, format!("Passed, but nothing was scanned: no files{}", rest(report, true)))
        }
        Verdict::Passed if shown > 0 => {
            (AnsiColor::BrightGreen, format!("Passed: no finding {}", threshold(report)))
        }
        Verdict::Passed => {
            let seconds = report.stats.elapsed.as_secs_f64();
            let scanned = format!("{}{}", scanned(report), rest(report, verbose));
            (AnsiColor::BrightGreen, format!("Passed: no findings in {scanned} ({seconds:.2} s)"))
        }
    }
}

/// What fails the run: `of medium severity or above with at least medium confidence`.
fn threshold(report: &Report<'_>) -> String {
    let confidence = match report.thresholds.min_confidence {
        Confidence::Low => String::new(),
        Confidence::Medium => " with at least medium confidence".to_owned(),
        Confidence::High => " with high confidence".to_owned(),
    };
    // Such a finding fails whatever the thresholds are.
    let of_gate = |finding: &Finding| is_of_gate(finding) && !report.thresholds.is_reached_by(finding);
    let gate = if report.shown().any(of_gate) { ", or about the gate itself" } else { "" };
    match report.thresholds.fail_on {
        Severity::Critical => format!("of critical severity{confidence}{gate}"),
        severity => format!("of {severity} severity or above{confidence}{gate}"),
    }
}

fn scanned(report: &Report<'_>) -> String {
    let stats = report.stats;
    format!("{}, {}", counted(stats.files.into(), "file"), counted(stats.lines, "line"))
}

/// What a run without findings did not show: `; 3 skipped, 2 suppressed`.
fn rest(report: &Report<'_>, reasons: bool) -> String {
    let stats = report.stats;
    let mut rest = String::new();
    if !stats.skipped.is_empty() {
        let _ = write!(rest, "; skipped {}", skipped(report, reasons));
    }
    for (count, what) in [
        (stats.suppressed, "suppressed"),
        (stats.known, "known"),
        (stats.ignored_by_path, "ignored by path"),
        (stats.hidden, "hidden"),
    ] {
        if count > 0 {
            let _ = write!(rest, "; {} {what}", counted(count.into(), "finding"));
        }
    }
    rest
}

/// `12 (9 ignored by .gitignore, 3 .venv)`
fn skipped(report: &Report<'_>, reasons: bool) -> String {
    let total: u64 = report.stats.skipped.iter().map(|(_, count)| u64::from(*count)).sum();
    if !reasons {
        return number(total);
    }
    let reasons = report.stats.skipped.iter();
    let reasons: Vec<_> = reasons
        .map(|(reason, count)| format!("{} {}", number((*count).into()), escape::line(reason)))
        .collect();
    format!("{} ({})", number(total), reasons.join(", "))
}

pub(super) fn counted(count: u64, thing: &str) -> String {
    format!("{} {thing}{}", number(count), if count == 1 { "" } else { "s" })
}

/// A number with its thousands apart.
pub(super) fn number(number: u64) -> String {
    let mut rest = number;
    let mut groups = Vec::new();
    while rest >= 1000 {
        groups.push(format!(",{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.push(rest.to_string());
    groups.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers() {
        let shown = [0u64, 7, 999, 1000, 1_234_567, 1_000_000].map(super::number);
        assert_eq!(shown, ["0", "7", "999", "1,000", "1,234,567", "1,000,000"]);
    }
}
