//! The words in which a pack author writes limits and warnings.

use crate::text_form::text_form;
use std::fmt;
use std::str::FromStr;

/// The most days that a limit may count: about ten years of working days.
pub const MOST_DAYS: u32 = 2_600;
/// The longest limit in seconds: ten years of hours.
pub const MOST_SECONDS: u32 = 10 * 366 * 86_400;

/// How long something may take, in the pack's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitRule {
    /// `end of same day`: 24:00 of the day of receipt, literally.
    EndOfSameDay,
    /// `end of same working day`: 24:00 of the day of receipt if it comes in
    /// working hours, else of the day on which work resumes (X-4, PROP-75).
    EndOfSameWorkingDay,
    /// `2 working days`: 24:00 of the N-th working day after the day of
    /// receipt.
    WorkingDays(u32),
    /// `7 days`, `1 week`: 24:00 of the N-th day after the day of receipt
    /// (PROP-64, X-5).
    Days(u32),
    /// `16 business hours`: seconds of working time.
    BusinessTime(u32),
    /// `24 h`, `15 min`: seconds of plain time.
    Duration(u32),
}

/// When to warn ahead of the due time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Warn {
    /// `2 h before`: seconds of plain time before.
    Duration(u32),
    /// `4 business hours before`: seconds of working time before.
    BusinessTime(u32),
    /// `1 working day before`: the same time of day, N working days earlier.
    WorkingDays(u32),
    /// `1 day before`: the same time of day, N days earlier.
    Days(u32),
}

/// Why words are not a limit or a warning.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// Not in the catalogue; names what comes nearest.
    #[error("unknown limit {text:?}; did you mean {}", near.join(" or "))]
    Unknown {
        /// What was written, shortened.
        text: String,
        /// The nearest words of the catalogue, best first.
        near: Vec<String>,
    },
    /// Zero, or more than ten years.
    #[error("limit {text:?} must be at least one unit and at most ten years")]
    OutOfRange {
        /// What was written, shortened.
        text: String,
    },
}

#[derive(Clone, Copy)]
enum Unit {
    WorkingDays,
    Days,
    Weeks,
    BusinessHours,
    BusinessMinutes,
    BusinessSeconds,
    Hours,
    Minutes,
    Seconds,
}

const UNITS: [(&str, Unit); 24] = [
    ("working day", Unit::WorkingDays),
    ("working days", Unit::WorkingDays),
    ("day", Unit::Days),
    ("days", Unit::Days),
    ("week", Unit::Weeks),
    ("weeks", Unit::Weeks),
    ("business hour", Unit::BusinessHours),
    ("business hours", Unit::BusinessHours),
    ("business h", Unit::BusinessHours),
    ("business minute", Unit::BusinessMinutes),
    ("business minutes", Unit::BusinessMinutes),
    ("business min", Unit::BusinessMinutes),
    ("business second", Unit::BusinessSeconds),
    ("business seconds", Unit::BusinessSeconds),
    ("business s", Unit::BusinessSeconds),
    ("h", Unit::Hours),
    ("hour", Unit::Hours),
    ("hours", Unit::Hours),
    ("min", Unit::Minutes),
    ("minute", Unit::Minutes),
    ("minutes", Unit::Minutes),
    ("s", Unit::Seconds),
    ("second", Unit::Seconds),
    ("seconds", Unit::Seconds),
];

const SAME_DAY: &str = "end of same day";
const SAME_WORKING_DAY: &str = "end of same working day";

fn shorten(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Reads `2 working days` as a limit; both singular and plural are taken.
fn span(text: &str, suffix: &str) -> Result<LimitRule, LimitError> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = text.split_at(digits);
    let unit = unit.trim_start();
    let found = UNITS.iter().find(|(word, _)| *word == unit).filter(|_| digits > 0);
    let Some((_, unit)) = found else { return Err(unknown(text, count, unit, suffix)) };
    let out = || LimitError::OutOfRange { text: shorten(text) };
    let count: u32 = count.parse().map_err(|_| out())?;
    let times = |factor: u32| count.checked_mul(factor).ok_or_else(out);
    let rule = match unit {
        Unit::WorkingDays => LimitRule::WorkingDays(count),
        Unit::Days => LimitRule::Days(count),
        Unit::Weeks => LimitRule::Days(times(7)?),
        Unit::BusinessHours => LimitRule::BusinessTime(times(3600)?),
        Unit::BusinessMinutes => LimitRule::BusinessTime(times(60)?),
        Unit::BusinessSeconds => LimitRule::BusinessTime(count),
        Unit::Hours => LimitRule::Duration(times(3600)?),
        Unit::Minutes => LimitRule::Duration(times(60)?),
        Unit::Seconds => LimitRule::Duration(count),
    };
    if rule.in_range() { Ok(rule) } else { Err(out()) }
}

/// Names the nearest words of the catalogue, with the count that was written.
fn unknown(text: &str, count: &str, unit: &str, suffix: &str) -> LimitError {
    let short = shorten(text);
    let count = if count.is_empty() { "2" } else { count };
    let plural = UNITS.iter().map(|(word, _)| *word).filter(|word| (count == "1") != word.ends_with('s'));
    let spans = plural.map(|word| {
        let nearness = strsim::normalized_damerau_levenshtein(&shorten(unit), word);
        (nearness, format!("\"{count} {word}{suffix}\""))
    });
    let whole = [SAME_DAY, SAME_WORKING_DAY].into_iter().filter(|_| suffix.is_empty());
    let whole =
        whole.map(|word| (strsim::normalized_damerau_levenshtein(&short, word), format!("\"{word}\"")));
    let mut scored: Vec<(f64, String)> = spans.chain(whole).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let near = scored.into_iter().take(3).map(|(_, word)| word).collect();
    LimitError::Unknown { text: short + suffix, near }
}

impl LimitRule {
    fn in_range(self) -> bool {
        match self {
            Self::EndOfSameDay | Self::EndOfSameWorkingDay => true,
            Self::WorkingDays(days) | Self::Days(days) => (1..=MOST_DAYS).contains(&days),
            Self::BusinessTime(seconds) | Self::Duration(seconds) => (1..=MOST_SECONDS).contains(&seconds),
        }
    }
}

impl FromStr for LimitRule {
    type Err = LimitError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            SAME_DAY => Ok(Self::EndOfSameDay),
            SAME_WORKING_DAY => Ok(Self::EndOfSameWorkingDay),
            other => span(other, ""),
        }
    }
}

impl FromStr for Warn {
    type Err = LimitError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let Some(ahead) = text.strip_suffix(" before") else {
            let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (count, unit) = text.split_at(digits);
            return Err(unknown(text, count, unit.trim(), " before"));
        };
        match span(ahead.trim_end(), " before")? {
            LimitRule::WorkingDays(days) => Ok(Self::WorkingDays(days)),
            LimitRule::Days(days) => Ok(Self::Days(days)),
            LimitRule::BusinessTime(seconds) => Ok(Self::BusinessTime(seconds)),
            LimitRule::Duration(seconds) => Ok(Self::Duration(seconds)),
            LimitRule::EndOfSameDay | LimitRule::EndOfSameWorkingDay => {
                Err(unknown(ahead, "", ahead, " before"))
            }
        }
    }
}

fn count(f: &mut fmt::Formatter<'_>, number: u32, unit: &str) -> fmt::Result {
    write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
}

fn time(f: &mut fmt::Formatter<'_>, seconds: u32, kind: &str) -> fmt::Result {
    let (number, unit) = match seconds {
        whole if whole.is_multiple_of(3600) => (whole / 3600, "h"),
        whole if whole.is_multiple_of(60) => (whole / 60, "min"),
        _ => (seconds, "s"),
    };
    write!(f, "{number} {kind}{unit}")
}

impl fmt::Display for LimitRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::EndOfSameDay => f.write_str(SAME_DAY),
            Self::EndOfSameWorkingDay => f.write_str(SAME_WORKING_DAY),
            Self::WorkingDays(days) => count(f, days, "working day"),
            Self::Days(days) => count(f, days, "day"),
            Self::BusinessTime(seconds) => time(f, seconds, "business "),
            Self::Duration(seconds) => time(f, seconds, ""),
        }
    }
}

impl fmt::Display for Warn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = match *self {
            Self::Duration(seconds) => LimitRule::Duration(seconds),
            Self::BusinessTime(seconds) => LimitRule::BusinessTime(seconds),
            Self::WorkingDays(days) => LimitRule::WorkingDays(days),
            Self::Days(days) => LimitRule::Days(days),
        };
        write!(f, "{span} before")
    }
}

text_form!(LimitRule like "2 working days", Warn like "2 h before");
