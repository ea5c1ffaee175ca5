//! The formats by name, and which format goes where.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::str::FromStr;

use super::console::{self, ConsoleOptions};
use super::github::{self, GithubOptions};
use super::sarif::{self, SarifOptions};
use super::target::Target;
use super::time::Time;
use super::{Report, WriteOutcome, bandit, csv, gitlab, json, junit, markdown};
use crate::error::Error;

/// A format that a report can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people, on a terminal or in a log.
    Console,
    /// The tool's own, held by `docs/report.schema.json`.
    Json,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Workflow commands, for annotations of GitHub Actions.
    Github,
    /// Code Quality, for GitLab's merge requests.
    Gitlab,
    /// Tests, for CI servers.
    Junit,
    /// A summary for a pull request or a job.
    Markdown,
    /// A table.
    Csv,
    /// Bandit's JSON.
    Bandit,
}

impl Format {
    /// Every format, in the order that help lists them.
    pub const ALL: [Format; 9] = [
        Format::Console,
        Format::Json,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
        Format::Markdown,
        Format::Csv,
        Format::Bandit,
    ];

    /// The name used with `--format` and `--output`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Console => "console",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Markdown => "markdown",
            Format::Csv => "csv",
            Format::Bandit => "bandit",
        }
    }

    /// Whether it is made of lines that may stand among others, as in a log.
    pub fn is_log(self) -> bool {
        matches!(self, Format::Console | Format::Github)
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(name: &str) -> Result<Format, Error> {
        let found = Format::ALL.into_iter().find(|format| format.name() == name);
        found.ok_or_else(|| unknown("--format", name, None))
    }
}

fn unknown(option: &str, name: &str, note: Option<&str>) -> Error {
    let names: Vec<_> = Format::ALL.iter().map(|format| format!("`{}`", format.name())).collect();
    let hint = format!("the formats are {}{}", names.join(", "), note.unwrap_or_default());
    Error::Usage {
        option: option.to_owned(),
        reason: format!("there is no format `{name}`"),
        hint: Some(hint),
    }
}

/// One report to write: `--output FORMAT=FILE`, or `--format` with `--output FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How.
    pub format: Format,
    /// Where.
    pub target: Target,
}

impl Output {
    /// Reads the value of `--output`: `FORMAT=FILE`, or a `FILE` that gets the report in the `default` format.
    /// `-` stands for standard output. A misspelt format is an error, not a file with `=` in its name.
    pub fn parse(value: &OsStr, default: Format) -> Result<Output, Error> {
        let Some((name, file)) = value.to_str().and_then(|text| text.split_once('=')) else {
            return Ok(Output { format: default, target: Target::from_path(value) });
        };
        if name.contains(['/', '\\', '.']) {
            return Ok(Output { format: default, target: Target::from_path(value) });
        }
        if file.is_empty() {
            return Err(Error::Usage {
                option: "--output".to_owned(),
                reason: format!("`{name}=` names no file"),
                hint: Some(format!("write `{name}=FILE`, or `{name}=-` for standard output")),
            });
        }
        let note = "; write `./` before a file with `=` in its name";
        let format = name.parse().map_err(|_| unknown("--output", name, Some(note)))?;
        Ok(Output { format, target: Target::from_path(file.as_ref()) })
    }
}

/// What each format lets the user choose.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// For [`Format::Console`].
    pub console: ConsoleOptions,
    /// For [`Format::Sarif`].
    pub sarif: SarifOptions,
    /// For [`Format::Github`].
    pub github: GithubOptions,
    /// When the report is made, for those whose readers ask for it: [`Format::Junit`] and [`Format::Bandit`].
    pub generated: Time,
}

/// Writes the report in one format.
pub fn write(
    report: &Report<'_>,
    format: Format,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<WriteOutcome> {
    let written = match format {
        Format::Sarif => return sarif::write(report, &options.sarif, out),
        Format::Console => console::write(report, &options.console, out),
        Format::Json => json::write(report, out),
        Format::Github => github::write(report, &options.github, out),
        Format::Gitlab => gitlab::write(report, out),
        Format::Junit => junit::write(report, options.generated, out),
        Format::Markdown => markdown::write(report, out),
        Format::Csv => csv::write(report, out),
        Format::Bandit => bandit::write(report, options.generated, out),
    };
    written.map(|()| WriteOutcome::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: &str) -> Result<Output, Error> {
        Output::parse(value.as_ref(), Format::Console)
    }

    #[test]
    fn outputs_are_told_apart() {
        let file = |path: &str| Target::File(path.into());
        let output = |format, target| Output { format, target };
        assert_eq!(parse("sarif=out.sarif").unwrap(), output(Format::Sarif, file("out.sarif")));
        assert_eq!(parse("json=-").unwrap(), output(Format::Json, Target::Stdout));
        assert_eq!(parse("out.txt").unwrap(), output(Format::Console, file("out.txt")));
        assert_eq!(parse("./a=b").unwrap(), output(Format::Console, file("./a=b")));
        assert_eq!(parse("json=a=b").unwrap(), output(Format::Json, file("a=b")));
        assert!(parse("json=").is_err());
        let error = parse("sarrif=out").unwrap_err();
        assert!(error.to_string().contains("sarrif"), "{error}");
        assert!(error.hint().unwrap().contains("`sarif`"));
        assert!("xml".parse::<Format>().is_err());
    }
}
