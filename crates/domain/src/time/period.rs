//! One stretch of work within a day, such as 09:00-12:00 or 22:00-06:00.

use super::zone::DAY_SECONDS;
use crate::text_form::text_form;
use std::fmt;
use std::str::FromStr;

/// A working period in seconds after the midnight that begins its day.
///
/// It belongs to the day on which it starts; over midnight its end lies
/// beyond 86 400. On the wire `09:00-18:00`, `22:00-06:00`, `00:00-24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    from: u32,
    to: u32,
}

/// Why a text is not a working period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("working period {0:?} must be written like 09:00-18:00, or 22:00-06:00 over midnight")]
pub struct PeriodError(pub String);

impl Period {
    /// Office hours where nothing else is set: 09:00 to 18:00.
    pub const OFFICE: Self = Self { from: 9 * 3600, to: 18 * 3600 };

    /// Takes seconds after midnight, the first before the second.
    #[must_use]
    pub(crate) const fn of(from: u32, to: u32) -> Self {
        Self { from, to }
    }

    /// Gives the start in seconds after midnight.
    #[must_use]
    pub const fn from(self) -> u32 {
        self.from
    }

    /// Gives the end in seconds after midnight; beyond 86 400 the next day.
    #[must_use]
    pub const fn to(self) -> u32 {
        self.to
    }
}

fn seconds(text: &str) -> Option<u32> {
    let mut total = 0;
    let mut parts = text.split(':');
    for (limit, unit, needed) in [(24, 3600, true), (59, 60, true), (59, 1, false)] {
        let Some(part) = parts.next() else {
            if needed {
                return None;
            }
            break;
        };
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        let value: u32 = part.parse().ok().filter(|value| digits && *value <= limit)?;
        total += value * unit;
    }
    (parts.next().is_none() && total <= DAY_SECONDS).then_some(total)
}

/// Reads a time of day, `HH:MM` or `HH:MM:SS` up to 24:00, as seconds.
#[must_use]
pub fn time_of_day(text: &str) -> Option<u32> {
    seconds(text)
}

impl FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || PeriodError(text.chars().take(40).collect());
        let (from, to) = text.split_once('-').ok_or_else(wrong)?;
        let (from, to) = (seconds(from.trim()).ok_or_else(wrong)?, seconds(to.trim()).ok_or_else(wrong)?);
        if from == to || from == DAY_SECONDS {
            return Err(wrong());
        }
        Ok(Self { from, to: if to < from { to + DAY_SECONDS } else { to } })
    }
}

/// Shows seconds after midnight as `HH:MM`, with seconds only where needed.
pub(crate) fn show_time(seconds: u32) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{rest:02}") }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let to = if self.to > DAY_SECONDS { self.to - DAY_SECONDS } else { self.to };
        write!(f, "{}-{}", show_time(self.from), show_time(to))
    }
}

text_form!(Period like "09:00-18:00"
    by r"^(?!(.{5})-\1$)([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$");
