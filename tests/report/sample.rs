//! Findings to report: one of each kind, hostile text among them.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use backend_audit::finding::{
    CellRange, Confidence, Excerpt, Finding, Identity, Location, Notice, NoticeKind, Position, Severity,
    Step, Suppression,
};
use backend_audit::gate::additions::Additions;
use backend_audit::report::{JudgedChange, Report, Stats, Thresholds, Verdict};
use backend_audit::rule::{On, Preset, Rule};

/// The only literal of a rule in these tests.
fn rule(name: &'static str, severity: Severity, cwe: &'static [u16], message: &'static str) -> &'static Rule {
    Box::leak(Box::new(Rule {
        name,
        aliases: if name == "pickle-load" { &["B301", "S301"] } else { &[] },
        preset: Preset::Gate,
        severity,
        flow: (name == "pickle-load").then_some(Severity::Critical),
        confidence: Confidence::High,
        cwe,
        message,
        why: "A pickle is a program. Loading one that a client can shape hands that client the server.",
        help: "use `json`, or verify a signature before loading",
        on: On::Reported,
    }))
}

static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| {
    vec![
        rule("assert-used", Severity::Low, &[703], "an assert is no check"),
        rule("eval", Severity::High, &[95], "`{call}` runs its argument"),
        rule("file-size", Severity::Info, &[], "a large file"),
        rule("pickle-load", Severity::Medium, &[502, 94], "`{call}` runs whatever code the data names"),
        rule("silent", Severity::Low, &[1], "never fires"),
    ]
});

/// All that a report borrows.
pub struct Sample {
    pub findings: Vec<Finding>,
    pub notices: Vec<Notice>,
    pub stats: Stats,
    pub verdict: Verdict,
}

impl Sample {
    pub fn report(&self) -> Report<'_> {
        Report {
            root: Path::new("/work/shop"),
            findings: &self.findings,
            notices: &self.notices,
            files: vec![("app/m00000.py", 6), ("app/shop.py", 6), ("app/x y.py", 3444)],
            rules: RULES.as_slice(),
            stats: &self.stats,
            thresholds: Thresholds::default(),
            verdict: self.verdict,
        }
    }

    pub fn empty() -> Sample {
        let stats = Stats { files: 12, lines: 3456, elapsed: Duration::from_millis(210), ..Stats::default() };
        Sample { findings: Vec::new(), notices: Vec::new(), stats, verdict: Verdict::Passed }
    }

    pub fn full() -> Sample {
        let mut sample = Sample::empty();
        sample.stats.change = Some(JudgedChange {
            description: "index against HEAD".to_owned(),
            files: 1,
            suppressions: Additions { comments: 2, known: 1, ..Additions::default() },
        });
        sample.findings = vec![
            finding("pickle-load/flow", "app/shop.py", SHOP, "pickle.loads(body)"),
            finding("pickle-load", "app/shop.py", SHOP, "pickle.loads(body)"),
            finding("eval", "app/::error::é b.py", HOSTILE, "eval('\u{202e}')"),
            finding("assert-used", "app/shop.py", SHOP, "assert body"),
            finding("file-size", "app/shop.py", "", ""),
        ];
        add_details(&mut sample.findings);
        sample.notices = vec![
            notice(
                None,
                None,
                NoticeKind::Lossless,
                "run-note",
                "the folder \x1b[1m`x` was ##[group]left out",
            ),
            notice(Some("app/x y.py"), Some(3), NoticeKind::Incomplete, "nesting-too-deep", "too deep"),
        ];
        sample.stats.skipped = vec![(".venv".to_owned(), 3), ("ignored by .gitignore".to_owned(), 1009)];
        let known = Some(Suppression { reason: Some("older than the gate".to_owned()) });
        sample.findings.push(Finding { known, ..sample.findings[0].clone() });
        sample.stats.suppressed = 1;
        sample.stats.known = 1;
        sample.stats.hidden = 2;
        sample.verdict = Verdict::Failed(3);
        sample
    }

    /// A finding in the third cell of a notebook.
    pub fn notebook() -> Sample {
        let mut sample = Sample::empty();
        let mut found = finding("pickle-load", "lab/explore.ipynb", SHOP, "pickle.loads(body)");
        let at = |column| Position { line: 41, column, utf16_column: column };
        let (start, end) = (found.location.start, found.location.end);
        let cell = Some(CellRange { number: 3, start, end });
        found.location = Location { start: at(30), end: at(48), cell, ..found.location };
        found.related = vec![Step { location: found.location.clone(), message: "it stands here".to_owned() }];
        sample.findings = vec![found];
        sample.verdict = Verdict::Failed(1);
        sample
    }

    /// As many findings in a file of 16,000 lines.
    pub fn in_one_file(count: usize) -> Sample {
        let mut sample = Sample::many(count);
        for (number, finding) in sample.findings.iter_mut().enumerate() {
            let line = (number * 4 / 5) as u32 + 1;
            let at = |position: Position| Position { line, ..position };
            let (start, end) = (at(finding.location.start), at(finding.location.end));
            finding.location =
                Location { path: Arc::from("app/m.py"), start, end, ..finding.location.clone() };
        }
        sample
    }

    pub fn many(count: usize) -> Sample {
        let mut sample = Sample::empty();
        sample.findings = (0..count)
            .map(|number| {
                let (rule, anchor) = if number % 1000 == 7 {
                    ("eval", "pickle.loads(body)")
                } else {
                    ("assert-used", "assert body")
                };
                let mut finding = finding(rule, &format!("app/m{:05}.py", number / 10), SHOP, anchor);
                finding.fingerprint = format!("{number:032x}");
                finding
            })
            .collect();
        sample.verdict = Verdict::Failed(count as u32);
        sample
    }
}

pub const SHOP: &str = "import pickle\n\ndef buy(body):\n\tname = '🦀🦀'; order = pickle.loads(body)\n\tassert body\n\treturn order\n";
const HOSTILE: &str = "x = 1\r\ny = '\x1b[2J'; z = eval('\u{202e}')  # ##[error]spoof\r\n::error::spoof\r\n";

fn add_details(findings: &mut [Finding]) {
    let shop = |anchor| place("app/shop.py", SHOP, anchor);
    findings[0].severity = Severity::Critical;
    findings[0].flow = vec![
        Step { location: shop("body"), message: "`body` comes from the request".to_owned() },
        Step { location: shop("pickle.loads(body)"), message: "it is loaded here".to_owned() },
    ];
    findings[1].message = "`load[0](x)` runs whatever code the data names".to_owned();
    findings[1].related =
        vec![Step { location: shop("import pickle"), message: "`pickle[x]` is imported here".to_owned() }];
    findings[1].scope = "buy".to_owned();
    findings[2].message = "`eval\n::error::x\x1b[31m` runs ##[error] its argument".to_owned();
    findings[3].suppression = Some(Suppression { reason: Some("only a test".to_owned()) });
    findings[4].excerpt = Excerpt::default();
}

pub fn finding(rule: &'static str, path: &str, text: &str, anchor: &str) -> Finding {
    let known = RULES.iter().find(|known| known.name == rule.trim_end_matches("/flow")).unwrap();
    let start = text.find(anchor).unwrap();
    Finding {
        rule,
        severity: known.severity,
        confidence: known.confidence,
        message: known.message.replace("{call}", "pickle.loads"),
        location: place(path, text, anchor),
        scope: String::new(),
        related: Vec::new(),
        flow: Vec::new(),
        excerpt: Excerpt { first_line: 1, text: text.to_owned(), marked: (start, start + anchor.len()) },
        identity: Identity::default(),
        fingerprint: "0123456789abcdef0123456789abcdef".to_owned(),
        line_hash: "c129715d7a2bc9a3:1".to_owned(),
        suppression: None,
        known: None,
    }
}

pub fn place(path: &str, text: &str, anchor: &str) -> Location {
    let start = text.find(anchor).unwrap();
    let end = start + anchor.len();
    Location {
        path: Arc::from(path),
        start: position(text, start),
        end: position(text, end),
        bytes: (start as u32, end as u32),
        cell: None,
    }
}

fn position(text: &str, offset: usize) -> Position {
    let before = &text[..offset];
    let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
    Position {
        line: before.matches('\n').count() as u32 + 1,
        column: line.chars().count() as u32 + 1,
        utf16_column: line.encode_utf16().count() as u32 + 1,
    }
}

fn notice(path: Option<&str>, line: Option<u32>, kind: NoticeKind, id: &'static str, text: &str) -> Notice {
    Notice { path: path.map(Arc::from), line, kind, id, message: text.to_owned() }
}
