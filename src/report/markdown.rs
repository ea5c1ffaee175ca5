//! A summary in Markdown, for a pull request or the page of a job. Text of the scanned tree is no markup in it.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::{Report, TOOL, Verdict, escape, said, summary};
use crate::finding::{Finding, NoticeKind};

/// Bytes that GitHub takes of the summary of a step; it drops one that is longer.
const LIMIT: usize = 1 << 20;
/// Bytes kept for the last line, which says what is left out.
const TAIL: usize = 200;
/// Characters of a message, and notices, that are shown.
const MESSAGE: usize = 300;
const NOTICES: usize = 50;

/// Writes counts by severity and a table of the findings that count, the worst first.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let head = head(report);
    out.write_all(head.as_bytes())?;
    let findings = report.worst_first();
    if findings.is_empty() {
        return Ok(());
    }
    let table = "\n| fails | severity | rule | where | what |\n| --- | --- | --- | --- | --- |\n";
    out.write_all(table.as_bytes())?;
    let mut room = LIMIT.saturating_sub(head.len() + table.len() + TAIL);
    for (index, finding) in findings.iter().enumerate() {
        let row = row(report, finding);
        if row.len() > room {
            let left_out = summary::number((findings.len() - index) as u64);
            return writeln!(out, "\n{left_out} more, the mildest, are left out: GitHub takes 1 MiB.");
        }
        room -= row.len();
        out.write_all(row.as_bytes())?;
    }
    Ok(())
}

/// The verdict, the counts, and what was not judged.
fn head(report: &Report<'_>) -> String {
    let stats = report.stats;
    let verdict = match report.verdict {
        Verdict::Passed => "passed",
        Verdict::Failed(_) => "failed",
        Verdict::Incomplete => "incomplete: something was not judged",
    };
    let failing = if let Verdict::Failed(failing) = report.verdict { failing } else { 0 };
    let mut head = format!("## {TOOL}: {verdict}\n\n");
    let _ = writeln!(
        head,
        "{}, {}. Failing, from {} severity and {} confidence on: {}. Known: {}. Suppressed: {}.",
        summary::counted(stats.files.into(), "file"),
        summary::counted(stats.lines, "line"),
        report.thresholds.fail_on,
        report.thresholds.min_confidence,
        summary::number(failing.into()),
        summary::number(stats.known.into()),
        summary::number(stats.suppressed.into()),
    );
    if let Some(change) = &stats.change {
        let (what, files) = (code(&change.description), summary::counted(change.files.into(), "file"));
        let _ = write!(head, "\nJudged: {what}, {files} changed.");
        if change.suppressions.total() > 0 {
            let _ = write!(head, " Suppressions added: {}.", change.suppressions);
        }
        head.push('\n');
    }
    let counts = report.counts();
    if counts.iter().any(|(_, count)| *count > 0) {
        let names: Vec<&str> = counts.iter().map(|(severity, _)| severity.name()).collect();
        let numbers: Vec<String> = counts.iter().map(|(_, count)| summary::number(*count as u64)).collect();
        let (names, numbers) = (names.join(" | "), numbers.join(" | "));
        let _ = write!(head, "\n| {names} |\n|{}\n| {numbers} |\n", " ---: |".repeat(counts.len()));
    }
    let incomplete = report.notices.iter().filter(|notice| notice.kind == NoticeKind::Incomplete);
    for (index, notice) in incomplete.take(NOTICES).enumerate() {
        let path = notice.path.as_deref().map_or(String::new(), |path| code(path) + " ");
        let message = markup(&cut(&notice.message));
        let _ = writeln!(head, "{}- not judged: {path}{message}", if index == 0 { "\n" } else { "" });
    }
    let more = report.incomplete().saturating_sub(NOTICES);
    if more > 0 {
        let _ = writeln!(head, "- not judged: {} more", summary::number(more as u64));
    }
    head
}

fn row(report: &Report<'_>, finding: &Finding) -> String {
    let fails = if report.fails(finding) { "yes" } else { "" };
    let place = code(&format!("{}:{}", finding.location.path, finding.location.start.line));
    let (severity, rule) = (finding.severity, code(finding.rule));
    format!("| {fails} | {severity} | {rule} | {place} | {} |\n", prose(&cut(&said(finding))))
}

fn cut(text: &str) -> String {
    super::sarif_text::cut(text, MESSAGE)
}

/// A sentence: what stands between backticks is code, the rest has no markup.
fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return markup(text);
    }
    let is_code = |index: usize| index % 2 == 1;
    let parts = parts.into_iter().enumerate();
    parts.map(|(index, part)| if is_code(index) { code(part) } else { markup(part) }).collect()
}

/// A text as code: nothing in it is markup. A `|` would end the cell even so.
fn code(text: &str) -> String {
    let text = escape::line(text).replace('|', "\\|");
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A text that is only text in Markdown and HTML: punctuation that could be more is written by number.
fn markup(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 16);
    for character in escape::line(text).chars() {
        if character.is_ascii_punctuation() && !matches!(character, ',' | ';' | '\'' | '(' | ')' | '%') {
            let _ = write!(plain, "&#{};", u32::from(character));
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(prose("`a|b` is *bad* <b>"), "`a\\|b` is &#42;bad&#42; &#60;b&#62;");
        assert_eq!(prose("a ` b | www.x.y"), "a &#96; b &#124; www&#46;x&#46;y");
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(code("a\nb"), "`a\\nb`");
    }
}
