//! Every key of a config: one table that the parser, `init` and `docs/configuration.md` are made from.

use super::reader::{Reader, Value, quoted};
use super::{Config, Presets, PythonVersion, Scope};
use crate::error::Error;
use crate::finding::{Confidence, Severity};
use crate::input::patterns;

/// A key of a config.
pub struct Key {
    /// Its name, in kebab-case.
    pub name: &'static str,
    /// What its value is, in words.
    pub takes: &'static str,
    /// Its default as TOML; `None` where leaving it out is a choice of its own.
    pub default: Option<&'static str>,
    /// What leaving it out means, in words; for keys without a default.
    pub absent: &'static str,
    /// An example of its value as TOML; a table's is its lines.
    pub example: &'static str,
    /// What it does: sentences.
    pub says: &'static str,
    /// Whether its value is a table.
    pub table: bool,
    /// Reads its value.
    pub(super) read: Read,
}

type Read = fn(&Reader<'_>, &Value<'_>, &mut Config) -> Result<(), Error>;

const PRESETS: &str = "`\"gate\"`, `\"review\"` or `\"all\"`";
const SEVERITIES: &str = "`\"critical\"`, `\"high\"`, `\"medium\"`, `\"low\"` or `\"info\"`";
const CONFIDENCES: &str = "`\"high\"`, `\"medium\"` or `\"low\"`";
const RULES: &str = "a list of rules";
const PATTERNS: &str = "a list of patterns";

/// Every key; those that are tables come last, as TOML wants them.
pub const KEYS: &[Key] = &[
    Key {
        name: "preset",
        takes: PRESETS,
        default: Some("\"gate\""),
        absent: "",
        example: "\"review\"",
        says: "The rules that run where `select` names none: `gate` is what a gate may fail on, `review` adds what is \
               worth a look by a person, `all` every other rule.",
        table: false,
        read: |reader, value, config| {
            let presets = Presets::ALL.map(|presets| (presets.name(), presets));
            reader.choice("preset", value, &presets).map(|presets| config.preset = Some(presets))
        },
    },
    Key {
        name: "select",
        takes: RULES,
        default: None,
        absent: "the rules of `preset`",
        example: "[\"sql-injection\", \"S301\"]",
        says: "The only rules to run, in place of a preset. An empty list is an error.",
        table: false,
        read: |reader, value, config| {
            let rules = reader.strings("select", value, "rules")?;
            if rules.is_empty() {
                let hint = "remove the key to run the rules of `preset`".to_owned();
                return Err(reader.fault(
                    &value.span(),
                    "`select` is empty: no rule would run".to_owned(),
                    hint,
                ));
            }
            config.select = Some(rules);
            Ok(())
        },
    },
    Key {
        name: "ignore",
        takes: RULES,
        default: Some("[]"),
        absent: "",
        example: "[\"missing-timeout\"]",
        says: "Rules that do not run. They are taken away from those that `preset`, `select` and `extend-select` choose.",
        table: false,
        read: |reader, value, config| {
            reader.strings("ignore", value, "rules").map(|rules| config.ignore = rules)
        },
    },
    Key {
        name: "extend-select",
        takes: RULES,
        default: Some("[]"),
        absent: "",
        example: "[\"assert-used\"]",
        says: "Rules to run beside those of `preset` or `select`.",
        table: false,
        read: |reader, value, config| {
            reader.strings("extend-select", value, "rules").map(|rules| config.extend_select = rules)
        },
    },
    Key {
        name: "extend-ignore",
        takes: RULES,
        default: Some("[]"),
        absent: "",
        example: "[\"B108\"]",
        says: "More rules that do not run; the same as `ignore`.",
        table: false,
        read: |reader, value, config| {
            reader.strings("extend-ignore", value, "rules").map(|rules| config.extend_ignore = rules)
        },
    },
    Key {
        name: "fail-on",
        takes: SEVERITIES,
        default: Some("\"medium\""),
        absent: "",
        example: "\"high\"",
        says: "Findings of this severity or above fail the run.",
        table: false,
        read: |reader, value, config| severity(reader, "fail-on", value).map(|it| config.fail_on = Some(it)),
    },
    Key {
        name: "min-confidence",
        takes: CONFIDENCES,
        default: Some("\"medium\""),
        absent: "",
        example: "\"high\"",
        says: "Findings below this confidence do not fail the run.",
        table: false,
        read: |reader, value, config| {
            let names = Confidence::ALL.map(|confidence| (confidence.name(), confidence));
            reader.choice("min-confidence", value, &names).map(|it| config.min_confidence = Some(it))
        },
    },
    Key {
        name: "min-severity",
        takes: SEVERITIES,
        default: Some("\"low\""),
        absent: "",
        example: "\"medium\"",
        says: "Findings below this severity are not shown; what fails the run always is.",
        table: false,
        read: |reader, value, config| {
            severity(reader, "min-severity", value).map(|it| config.min_severity = Some(it))
        },
    },
    Key {
        name: "exclude",
        takes: PATTERNS,
        default: Some("[]"),
        absent: "",
        example: "[\"migrations/\", \"*_pb2.py\"]",
        says: "Files and folders to pass over, in the syntax of `.gitignore`.",
        table: false,
        read: |reader, value, config| exclude(reader, "exclude", value, config),
    },
    Key {
        name: "extend-exclude",
        takes: PATTERNS,
        default: Some("[]"),
        absent: "",
        example: "[\"/vendor\"]",
        says: "More files and folders to pass over; a pattern here that begins with `!` takes one of `exclude` back.",
        table: false,
        read: |reader, value, config| exclude(reader, "extend-exclude", value, config),
    },
    Key {
        name: "target-version",
        takes: "a version from `\"3.8\"` to `\"3.14\"`",
        default: None,
        absent: "not known: what holds for any version",
        example: "\"3.12\"",
        says: "The oldest Python that the code has to run on. No rule depends on it yet.",
        table: false,
        read: target_version,
    },
    Key {
        name: "report",
        takes: "`\"new\"`, `\"files\"` or `\"lines\"`",
        default: Some("\"new\""),
        absent: "",
        example: "\"files\"",
        says: "Where only a change is judged, which findings are reported: those that are `new` wherever they are, all \
               in the changed `files`, or all on the changed `lines`.",
        table: false,
        read: |reader, value, config| {
            let scopes = Scope::ALL.map(|scope| (scope.name(), scope));
            reader.choice("report", value, &scopes).map(|scope| config.report = Some(scope))
        },
    },
    Key {
        name: "baseline",
        takes: "the path of a file, relative to the folder of the config",
        default: None,
        absent: "nothing is known",
        example: "\"backend-audit-baseline.json\"",
        says: "The findings that are known and do not fail the run; also the file that `backend-audit baseline` keeps. \
               A file that is missing is an error.",
        table: false,
        read: |reader, value, config| {
            let path = reader.string("baseline", value, "the path of a file")?;
            config.baseline = Some(path.value.into());
            Ok(())
        },
    },
    Key {
        name: "max-new-suppressions",
        takes: "a whole number from 0 on",
        default: None,
        absent: "any number",
        example: "0",
        says: "Where only a change is judged, how many comments that suppress findings it may add.",
        table: false,
        read: |reader, value, config| {
            let count = reader.count("max-new-suppressions", value);
            count.map(|count| config.max_new_suppressions = Some(count))
        },
    },
    Key {
        name: "per-path-ignores",
        takes: "a table from patterns to lists of rules",
        default: None,
        absent: "every rule counts everywhere",
        example: "\"tests/\" = [\"missing-timeout\", \"B108\"]\n\"scripts/*.py\" = [\"B603\", \"B607\"]",
        says: "Rules whose findings are dropped in files that match, or are in a folder that matches; the pattern is in \
               the syntax of `.gitignore`, without `!`. The summary counts them.",
        table: true,
        read: per_path_ignores,
    },
    Key {
        name: "severity",
        takes: "a table from rules to severities",
        default: None,
        absent: "the severities of the rules",
        example: "\"weak-hash\" = \"low\"\n\"pickle-load/flow\" = \"critical\"",
        says: "Severities for this project. `NAME/flow` is for the flows of a rule alone and wins over `NAME`.",
        table: true,
        read: |reader, value, config| {
            for (rule, span, value) in reader.table("severity", value)? {
                let rule = super::At { value: rule.to_owned(), byte: span.start };
                config.severity.push((rule, severity(reader, "severity", value)?));
            }
            Ok(())
        },
    },
    Key {
        name: "rules",
        takes: "a table from rules to tables of their options",
        default: None,
        absent: "the defaults of the rules",
        example: "",
        says: "Options of single rules, each rule in a table `rules.NAME`. No rule has options yet.",
        table: true,
        read: |reader, value, config| {
            for (rule, span, value) in reader.table("rules", value)? {
                let rule = super::At { value: rule.to_owned(), byte: span.start };
                let options = reader.table(&format!("rules.{}", rule.value), value)?.into_iter();
                let options =
                    options.map(|(name, span, _)| super::At { value: name.to_owned(), byte: span.start });
                config.rules.push((rule, options.collect()));
            }
            Ok(())
        },
    },
];

fn severity(reader: &Reader<'_>, key: &str, value: &Value<'_>) -> Result<Severity, Error> {
    reader.choice(key, value, &Severity::ALL.map(|severity| (severity.name(), severity)))
}

fn exclude(reader: &Reader<'_>, key: &str, value: &Value<'_>, config: &mut Config) -> Result<(), Error> {
    let mut found = Vec::new();
    for pattern in reader.strings(key, value, "patterns")? {
        check(reader, &(pattern.byte..pattern.byte), &pattern.value)?;
        found.push(pattern.value);
    }
    // Whichever of the two stands first in the file, the patterns of `extend-exclude` are the later ones.
    if key == "exclude" {
        config.exclude.splice(0..0, found);
    } else {
        config.exclude.extend(found);
    }
    Ok(())
}

fn check(reader: &Reader<'_>, span: &std::ops::Range<usize>, pattern: &str) -> Result<(), Error> {
    patterns::fault(pattern).map_or(Ok(()), |fault| {
        let hint = "patterns are those of `.gitignore`, relative to the folder of the config".to_owned();
        Err(reader.fault(span, format!("the pattern {} is not valid: {fault}", quoted(pattern)), hint))
    })
}

fn target_version(reader: &Reader<'_>, value: &Value<'_>, config: &mut Config) -> Result<(), Error> {
    let versions: Vec<_> = PythonVersion::all().map(|version| (version.to_string(), version)).collect();
    reader.choice("target-version", value, &versions).map(|version| config.target_version = Some(version))
}

fn per_path_ignores(reader: &Reader<'_>, value: &Value<'_>, config: &mut Config) -> Result<(), Error> {
    for (pattern, span, value) in reader.table("per-path-ignores", value)? {
        check(reader, &span, pattern)?;
        if pattern.starts_with('!') || pattern.trim().is_empty() {
            let reason = format!("the pattern {} matches no file", quoted(pattern));
            let hint = "name the files where the rules do not count; `*` is all of them".to_owned();
            return Err(reader.fault(&span, reason, hint));
        }
        let rules = reader.strings(pattern, value, "rules")?;
        config.per_path_ignores.push((pattern.to_owned(), rules));
    }
    Ok(())
}
