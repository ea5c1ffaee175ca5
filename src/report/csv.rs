//! A table for spreadsheets and scripts: RFC 4180, one finding a record, the same columns always.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end as a formula, and names in
//! scanned code can begin so. Such a text gets a `'` in front, as OWASP advises ("CSV Injection").

use std::io::{self, Write};

use super::{Report, escape};
use crate::finding::Finding;

const COLUMNS: &str = "rule,severity,confidence,path,line,column,end_line,end_column,cell,cell_line,scope,message,cwe,\
                       aliases,fingerprint";

/// Writes the findings that count.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{COLUMNS}\r\n")?;
    report.shown().try_for_each(|finding| record(report, finding, out))
}

fn record(report: &Report<'_>, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let (rule, location) = (report.rule(finding.rule), &finding.location);
    let (severity, confidence) = (finding.severity, finding.confidence);
    write!(out, "{},{severity},{confidence},{},", finding.rule, field(&location.path))?;
    let (start, end) = (location.start, location.end);
    write!(out, "{},{},{},{},", start.line, start.column, end.line, end.column)?;
    match location.cell {
        Some(cell) => write!(out, "{},{},", cell.number, cell.start.line)?,
        None => out.write_all(b",,")?,
    }
    write!(out, "{},{},", field(&finding.scope), field(&finding.message))?;
    let numbers: Vec<String> =
        rule.map_or(&[][..], |rule| rule.cwe).iter().map(|cwe| format!("CWE-{cwe}")).collect();
    let aliases = rule.map_or(String::new(), |rule| rule.aliases.join(" "));
    write!(out, "{},{aliases},{}\r\n", numbers.join(" "), finding.fingerprint)
}

/// A text in quotes, on one line, and never a formula.
fn field(text: &str) -> String {
    // Full-width signs are taken for the plain ones.
    let acts = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    format!("\"{}{}\"", if acts { "'" } else { "" }, escape::line(text).replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_are_quoted_and_no_formulas() {
        assert_eq!(field("a \"b\", c"), r#""a ""b"", c""#);
        assert_eq!(field("=1+1"), "\"'=1+1\"");
        assert_eq!(field("\t=1"), "\"'\\t=1\"");
        assert_eq!(field(""), "\"\"");
    }
}
