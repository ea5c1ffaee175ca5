use std::path::PathBuf;
use std::time::{Duration, Instant};

use backend_audit::finding::{Excerpt, Finding};
use backend_audit::report::Verdict;
use backend_audit::report::console::{self, ConsoleOptions};

use crate::sample::{self, Sample};

fn render(sample: &Sample, options: &ConsoleOptions) -> String {
    let mut out = Vec::new();
    console::write(&sample.report(), options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn acts(character: char) -> bool {
    (character.is_control() && character != '\n') || character == '\u{202e}'
}

#[test]
fn the_whole_report() {
    let text = render(&Sample::full(), &ConsoleOptions::default());
    let expected = include_str!("console.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/console.txt");
        std::fs::write(path, &text).unwrap();
        return;
    }
    assert_eq!(text, expected, "UPDATE_EXPECTED=1 rewrites tests/report/console.txt");
}

#[test]
fn nothing_acts_and_nothing_is_a_command() {
    let base = Some(PathBuf::from("/work/shop/app"));
    for (quiet, verbose) in [(false, false), (true, false), (false, true)] {
        let text =
            render(&Sample::full(), &ConsoleOptions { quiet, verbose, base: base.clone(), color: false });
        assert!(!text.contains(acts), "{text}");
        assert!(!text.contains("##["), "{text}");
        let command =
            |line: &str| line.trim_start().strip_prefix("::").is_some_and(|rest| rest.contains("::"));
        assert!(!text.lines().any(command), "{text}");
    }
    let colored = render(&Sample::full(), &ConsoleOptions { color: true, ..ConsoleOptions::default() });
    assert!(colored.contains("\x1b[") && !colored.contains("\x1b[2J") && !colored.contains("\x1b[31m"));
}

#[test]
fn quiet_is_one_line_a_finding_and_the_verdict() {
    let options = ConsoleOptions {
        quiet: true,
        base: Some(PathBuf::from("/work/shop/app")),
        ..ConsoleOptions::default()
    };
    let text = render(&Sample::full(), &options);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "shop.py:4:23: critical[pickle-load/flow] `pickle.loads` runs whatever code the data names"
    );
    assert_eq!(lines.len(), 6, "{text}");
    assert!(
        lines[2].starts_with("./::error::é b.py:2:17: high[eval] `eval\\n::error::x\\x1b[31m`"),
        "{text}"
    );
    assert!(lines[5].starts_with("Failed: 3 findings"), "{text}");
}

#[test]
fn a_rule_is_explained_once() {
    let why = "= why: A pickle is a program.";
    let text = render(&Sample::full(), &ConsoleOptions::default());
    assert_eq!(text.matches(why).count(), 3, "three rules, one of them with a flow: {text}");
    let text = render(&Sample::full(), &ConsoleOptions { verbose: true, ..ConsoleOptions::default() });
    assert_eq!(text.matches(why).count(), 4);
}

#[test]
fn long_flows_show_their_ends() {
    let mut sample = Sample::full();
    let step = sample.findings[0].flow[0].clone();
    sample.findings[0].flow = vec![step; 20];
    let shown = |verbose| {
        render(&sample, &ConsoleOptions { verbose, ..ConsoleOptions::default() })
            .matches("comes from the request")
            .count()
    };
    assert_eq!((shown(false), shown(true)), (6, 20));
}

#[test]
fn marks_stand_under_the_code() {
    let text = render(&Sample::full(), &ConsoleOptions::default());
    let lines: Vec<_> = text.lines().collect();
    let at = lines.iter().position(|line| line.contains("eval('\\u202e')")).unwrap();
    let start = lines[at].find("eval").unwrap();
    let end = lines[at].find("  #").unwrap();
    assert_eq!(lines[at + 1][start..end], *"^".repeat(end - start), "{text}");
}

#[test]
fn success_is_one_line_that_says_how_much_was_scanned() {
    let mut sample = Sample::empty();
    let text = render(&sample, &ConsoleOptions::default());
    assert_eq!(text, "Passed: no findings in 12 files, 3,456 lines (0.21 s)\n");
    sample.stats.suppressed = 1;
    sample.stats.skipped = vec![("too large".to_owned(), 1)];
    let text = render(&sample, &ConsoleOptions::default());
    assert_eq!(
        text,
        "Passed: no findings in 12 files, 3,456 lines; skipped 1; 1 finding suppressed (0.21 s)\n"
    );
    sample.stats.files = 0;
    let text = render(&sample, &ConsoleOptions::default());
    assert!(text.starts_with("Passed, but nothing was scanned: no files; skipped 1 (1 too large)"), "{text}");
}

#[test]
fn incomplete_is_said_last() {
    let mut sample = Sample::full();
    sample.verdict = Verdict::Incomplete;
    let text = render(&sample, &ConsoleOptions::default());
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("Incomplete: ") && last.contains("1 notice above"), "{last}");
}

/// Any window with any mark is drawn: what draws it panics at marks that do not fit its text.
#[test]
fn any_excerpt_can_be_drawn() {
    let pieces = [
        "a", "\t", "\n", "\r", "\r\n", "é", "🦀", "\u{202e}", "\u{200d}", "\x1b", " ", "##[", "字",
        "e\u{301}",
    ];
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut sample = Sample::empty();
    for _ in 0..4000 {
        let text: String = (0..random(40)).map(|_| pieces[random(pieces.len())].repeat(random(4))).collect();
        let marked = (random(text.len() + 3), random(text.len() + 3));
        let excerpt = Excerpt { first_line: 1 + random(2000) as u32, text, marked };
        sample.findings.push(Finding { excerpt, ..sample::finding("eval", "a.py", sample::SHOP, "body") });
    }
    for color in [false, true] {
        let text = render(&sample, &ConsoleOptions { color, ..ConsoleOptions::default() });
        assert!(!text.contains('\u{202e}') && !text.contains("##["));
    }
}

/// 20,000 findings take well below two seconds; the bound here allows for an unoptimised build on a busy machine.
#[test]
fn many_findings_are_fast() {
    let sample = Sample::many(20_000);
    let start = Instant::now();
    let text = render(&sample, &ConsoleOptions::default());
    assert!(text.lines().count() > 100_000);
    let took = start.elapsed();
    eprintln!("20,000 findings on the console: {took:?}");
    assert!(took < Duration::from_secs(20), "{took:?}");
}
