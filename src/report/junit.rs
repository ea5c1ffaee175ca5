//! `JUnit` XML, for CI servers that show tests. Valid by the schema of Ant's reports (Windy Road) and by that of
//! Jenkins' xUnit plug-in (`junit-10.xsd`), which accept what all its readers accept.
//!
//! A file with findings is a test suite, a finding a test: it fails where it fails the run, and passes where it is
//! only shown. What was not judged is a test with an error.

use std::fmt::Write as _;
use std::io::{self, Write};

use rustc_hash::FxHashMap;

use super::time::Time;
use super::{Report, TOOL, TOOL_VERSION, escape, said};
use crate::finding::{Finding, Notice, NoticeKind};

/// Writes the findings that count; `generated` is when.
pub fn write(report: &Report<'_>, generated: Time, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
    let findings: Vec<&Finding> = report.shown().collect();
    let mut suite = Suite { report, generated, id: 0 };
    suite.run(findings.is_empty(), out)?;
    for of_file in findings.chunk_by(|left, right| left.location.path == right.location.path) {
        suite.file(of_file, out)?;
    }
    out.write_all(b"</testsuites>\n")
}

/// Writes suites; they are numbered.
struct Suite<'a> {
    report: &'a Report<'a>,
    generated: Time,
    id: u32,
}

impl Suite<'_> {
    /// The suite of the run as a whole: what was not judged, or one test where there is no other.
    fn run(&mut self, alone: bool, out: &mut dyn Write) -> io::Result<()> {
        let incomplete = self.report.notices.iter().filter(|notice| notice.kind == NoticeKind::Incomplete);
        let incomplete: Vec<&Notice> = incomplete.collect();
        if incomplete.is_empty() && !alone {
            return Ok(());
        }
        self.open(TOOL, (incomplete.len().max(1), 0, incomplete.len()), out)?;
        for notice in &incomplete {
            let path = notice.path.as_deref().unwrap_or_default();
            let name = format!("{} {path}", notice.id);
            let message = attribute(&notice.message);
            case(TOOL, name.trim_end(), out)?;
            write!(out, ">\n<error message=\"{message}\" type=\"{}\"/>\n</testcase>\n", notice.id)?;
        }
        if incomplete.is_empty() {
            case(TOOL, "no findings", out)?;
            out.write_all(b"/>\n")?;
        }
        close("", out)
    }

    /// The suite of a file.
    fn file(&mut self, findings: &[&Finding], out: &mut dyn Write) -> io::Result<()> {
        let Some(path) = findings.first().map(|first| &*first.location.path) else { return Ok(()) };
        let failing = findings.iter().filter(|finding| self.report.fails(finding)).count();
        self.open(path, (findings.len(), failing, 0), out)?;
        let class = path.strip_suffix(".py").unwrap_or(path).replace('/', ".");
        let (mut seen, mut shown) = (FxHashMap::default(), String::new());
        for finding in findings {
            case(&class, &name(finding, &mut seen), out)?;
            if self.report.fails(finding) {
                let (message, rule) = (attribute(&said(finding)), attribute(finding.rule));
                write!(out, ">\n<failure message=\"{message}\" type=\"{rule}\">")?;
                write!(out, "{}</failure>\n</testcase>\n", text(&self.body(finding)))?;
            } else {
                out.write_all(b"/>\n")?;
                shown.push_str(&headline(finding));
                shown.push('\n');
            }
        }
        close(&shown, out)
    }

    fn open(
        &mut self,
        name: &str,
        (tests, failures, errors): (usize, usize, usize),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (name, id, generated) = (attribute(name), self.id, self.generated);
        self.id += 1;
        write!(out, "<testsuite name=\"{name}\" package=\"{TOOL}\" id=\"{id}\" hostname=\"localhost\"")?;
        write!(out, " timestamp=\"{generated}\" tests=\"{tests}\" failures=\"{failures}\"")?;
        write!(out, " errors=\"{errors}\" time=\"0\">\n<properties>\n")?;
        writeln!(out, "<property name=\"version\" value=\"{TOOL_VERSION}\"/>\n</properties>")
    }

    /// The text of a failure: where, what, the code, what to do.
    fn body(&self, finding: &Finding) -> String {
        let mut body = headline(finding);
        let (code, _) = escape::source(&finding.excerpt.text, finding.excerpt.marked);
        for (number, line) in (finding.excerpt.first_line..).zip(code.lines()) {
            let _ = write!(body, "\n{number:5} | {line}");
        }
        if let Some(rule) = self.report.rule(finding.rule) {
            let _ = write!(body, "\n{}\nHelp: {}", rule.why, rule.help);
        }
        body
    }
}

/// The tag of a test, but for its end.
fn case(class: &str, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let (class, name) = (attribute(class), attribute(name));
    write!(out, "<testcase classname=\"{class}\" name=\"{name}\" time=\"0\"")
}

fn close(shown: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "<system-out>{}</system-out>\n<system-err></system-err>\n</testsuite>", text(shown))
}

/// What a test is called: the same over edits elsewhere in the file, and once in its suite.
fn name<'a>(finding: &'a Finding, seen: &mut FxHashMap<(&'a str, &'a str), u32>) -> String {
    let count = seen.entry((finding.rule, &finding.scope)).or_default();
    *count += 1;
    let mut name = finding.rule.to_owned();
    if !finding.scope.is_empty() {
        let _ = write!(name, " in {}", finding.scope);
    }
    if *count > 1 {
        let _ = write!(name, " #{count}");
    }
    name
}

fn headline(finding: &Finding) -> String {
    let start = finding.location.start;
    let (path, message) = (escape::line(&finding.location.path), said(finding));
    let message = escape::line(&message);
    format!("{path}:{}:{}: {}[{}] {message}", start.line, start.column, finding.severity, finding.rule)
}

/// A text on one line between quotes.
fn attribute(text: &str) -> String {
    self::text(&escape::line(text))
}

/// A text whose controls are escaped already.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // No characters of XML.
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            _ => escaped.push(character),
        }
    }
    escaped
}
