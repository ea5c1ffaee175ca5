//! A progress bar on the terminal, for runs that take long enough to want one.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::scan::Step;

/// Shorter runs show nothing.
const PATIENCE: Duration = Duration::from_millis(600);

/// The bar: it counts every file twice, once read and once judged.
pub(super) struct Bar {
    drawn: ProgressBar,
    started: Instant,
    wanted: bool,
    shown: AtomicBool,
}

impl Bar {
    /// A bar that is drawn on standard error if that is a terminal, and never in logs.
    pub(super) fn new(wanted: bool) -> Bar {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        let wanted = wanted && std::io::stderr().is_terminal();
        Bar { drawn: bar, started: Instant::now(), wanted, shown: AtomicBool::new(false) }
    }

    /// Counts a step.
    pub(super) fn step(&self, step: Step) {
        if !self.wanted {
            return;
        }
        match step {
            Step::Found(files) => {
                self.drawn.set_length(files as u64 * 2);
                self.drawn.set_message("reading");
            }
            Step::Read => self.drawn.inc(1),
            Step::Judged => {
                self.drawn.set_message("judging");
                self.drawn.inc(1);
            }
        }
        if self.started.elapsed() > PATIENCE && !self.shown.swap(true, Ordering::Relaxed) {
            self.drawn.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
        }
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.drawn.finish_and_clear();
    }
}
