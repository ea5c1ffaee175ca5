//! One parser over all files, timed, and what a child process tells its parent of it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike};

use crate::corpus::Corpus;
use crate::parsers::{Outcome, Parser};

/// What one pass took and gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Measured {
    /// User CPU time of parsing and dropping the trees, reading left out.
    pub user: Duration,
    /// System CPU time of the same.
    pub system: Duration,
    /// Wall time of the same.
    pub wall: Duration,
    /// Files that were refused, by number, with the first error.
    pub refused: BTreeMap<usize, String>,
    /// Files that made the parser panic, by number.
    pub panicked: Vec<usize>,
}

/// Parses all files, one after the other, on this thread.
pub fn run(parser: Parser, corpus: &Corpus) -> Result<Measured, String> {
    let mut measured = Measured::default();
    let (user, system) = cpu()?;
    let clock = Instant::now();
    for (number, (_, text)) in corpus.files.iter().enumerate() {
        match parser.parse(text) {
            Outcome::Read => {}
            Outcome::Refused(message) => drop(measured.refused.insert(number, message)),
            Outcome::Panicked => measured.panicked.push(number),
        }
    }
    measured.wall = clock.elapsed();
    let (user_after, system_after) = cpu()?;
    measured.user = user_after.saturating_sub(user);
    measured.system = system_after.saturating_sub(system);
    Ok(measured)
}

/// User and system time of this process so far.
fn cpu() -> Result<(Duration, Duration), String> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).map_err(|error| error.to_string())?;
    let duration = |time: TimeVal| Duration::from_micros(time.num_microseconds().unsigned_abs());
    Ok((duration(usage.user_time()), duration(usage.system_time())))
}

impl Measured {
    /// One fact a line: its name, a tab, its value; numbers of microseconds and of files.
    pub fn to_lines(&self) -> String {
        let mut lines = vec![
            format!("user\t{}", self.user.as_micros()),
            format!("system\t{}", self.system.as_micros()),
            format!("wall\t{}", self.wall.as_micros()),
        ];
        lines.extend(self.panicked.iter().map(|number| format!("panicked\t{number}")));
        for (number, message) in &self.refused {
            lines.push(format!("refused\t{number}\t{}", message.replace(['\n', '\r', '\t'], " ")));
        }
        lines.join("\n") + "\n"
    }

    /// The reverse of [`Self::to_lines`].
    pub fn from_lines(text: &str) -> Result<Self, String> {
        let mut measured = Self::default();
        for line in text.lines() {
            measured.take(line).ok_or_else(|| format!("a pass printed: {line}"))?;
        }
        Ok(measured)
    }

    fn take(&mut self, line: &str) -> Option<()> {
        let (name, value) = line.split_once('\t')?;
        let micros = || value.parse().ok().map(Duration::from_micros);
        match name {
            "user" => self.user = micros()?,
            "system" => self.system = micros()?,
            "wall" => self.wall = micros()?,
            "panicked" => self.panicked.push(value.parse().ok()?),
            "refused" => {
                let (number, message) = value.split_once('\t')?;
                self.refused.insert(number.parse().ok()?, message.to_owned());
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_child_prints_is_read_back() {
        let measured = Measured {
            user: Duration::from_millis(1_500),
            system: Duration::from_micros(7),
            wall: Duration::from_millis(1_600),
            refused: BTreeMap::from([(3, "invalid syntax".to_owned())]),
            panicked: vec![4],
        };
        assert_eq!(Measured::from_lines(&measured.to_lines()), Ok(measured));
        assert!(Measured::from_lines("user\tmuch\n").is_err());
    }
}
