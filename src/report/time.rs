//! The time of a report, for formats whose readers ask for one.

use std::fmt;

use crate::gate::baseline::Date;

/// Seconds since the beginning of 1970, UTC; shown as `2026-01-31T23:59:59`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Time(pub u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, seconds) = (self.0 / 86_400, self.0 % 86_400);
        let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{hours:02}:{minutes:02}:{seconds:02}", Date::from_days(days.cast_signed()))
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn times_are_iso_8601() {
        assert_eq!(Time(0).to_string(), "1970-01-01T00:00:00");
        assert_eq!(Time(1_709_251_199).to_string(), "2024-02-29T23:59:59");
    }
}
