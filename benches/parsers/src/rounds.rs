//! Several passes of each parser, in turns, each in a process of its own: time, and the first table.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::corpus::Corpus;
use crate::parsers::Parser;
use crate::pass::Measured;
use crate::table::{markdown, thousands};

/// The passes of one parser.
pub struct Rounds {
    /// Which one.
    pub parser: Parser,
    /// At least one.
    passes: Vec<Measured>,
}

impl Rounds {
    /// The first pass, for what does not change from one to the next.
    pub fn first(&self) -> Option<&Measured> {
        self.passes.first()
    }

    /// Least, middle and most of a time over all passes.
    fn spread(&self, time: impl Fn(&Measured) -> Duration) -> Spread {
        let mut times: Vec<f64> = self.passes.iter().map(|pass| time(pass).as_secs_f64()).collect();
        times.sort_by(f64::total_cmp);
        let at = |index: usize| times.get(index).copied().unwrap_or_default();
        let half = times.len() / 2;
        let median = if times.len() % 2 == 1 { at(half) } else { f64::midpoint(at(half - 1), at(half)) };
        Spread { best: at(0), median, worst: at(times.len() - 1) }
    }
}

struct Spread {
    best: f64,
    median: f64,
    worst: f64,
}

/// Runs `count` rounds, each parser once a round.
pub fn measure(path: &Path, count: usize) -> Result<Vec<Rounds>, String> {
    let mut all = Parser::ALL.map(|parser| Rounds { parser, passes: Vec::new() });
    for round in 1..=count {
        for rounds in &mut all {
            eprintln!("round {round} of {count}: {}", rounds.parser.name());
            rounds.passes.push(pass(rounds.parser, path)?);
        }
    }
    Ok(all.into())
}

fn pass(parser: Parser, path: &Path) -> Result<Measured, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(program).args(["--pass", parser.name()]).arg(path).output();
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the pass of {} ended with {}: {message}", parser.name(), output.status));
    }
    Measured::from_lines(&String::from_utf8_lossy(&output.stdout))
}

/// Time and refusals over all files.
pub fn section(corpus: &Corpus, all: &[Rounds]) -> String {
    let rows: Vec<Vec<String>> = all.iter().map(|rounds| row(corpus, rounds)).collect();
    let head = [
        "",
        "user s, best",
        "median",
        "highest",
        "system s, median",
        "wall s, best",
        "median",
        "MB a second of user CPU",
        "files refused",
        "panics",
    ];
    let medians: Vec<f64> = all.iter().map(|rounds| rounds.spread(|pass| pass.user).median).collect();
    let bests: Vec<f64> = all.iter().map(|rounds| rounds.spread(|pass| pass.user).best).collect();
    format!(
        "## Time\n\n{} `.py` files, {} lines, {:.1} MB; left out as not UTF-8: {}. Rounds: {}, one thread.\n\n\
         {}\n{} / {}, user CPU: {:.2} by the medians, {:.2} by the best.\n",
        thousands(corpus.files.len()),
        thousands(corpus.lines()),
        megabytes(corpus),
        corpus.not_utf8,
        all.first().map_or(0, |rounds| rounds.passes.len()),
        markdown(&head, &rows),
        Parser::Rustpython.name(),
        Parser::Ruff.name(),
        ratio(&medians),
        ratio(&bests),
    )
}

fn row(corpus: &Corpus, rounds: &Rounds) -> Vec<String> {
    let (user, wall) = (rounds.spread(|pass| pass.user), rounds.spread(|pass| pass.wall));
    let (refused, panicked) = rounds.first().map_or((0, 0), |pass| (pass.refused.len(), pass.panicked.len()));
    vec![
        format!("`{}`", rounds.parser.name()),
        format!("{:.2}", user.best),
        format!("{:.2}", user.median),
        format!("{:.2}", user.worst),
        format!("{:.2}", rounds.spread(|pass| pass.system).median),
        format!("{:.2}", wall.best),
        format!("{:.2}", wall.median),
        format!("{:.0}", megabytes(corpus) / user.median),
        refused.to_string(),
        panicked.to_string(),
    ]
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn megabytes(corpus: &Corpus) -> f64 {
    corpus.bytes() as f64 / 1e6
}

fn ratio(times: &[f64]) -> f64 {
    match times {
        [first, second] => first / second,
        _ => f64::NAN,
    }
}
