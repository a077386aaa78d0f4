//! Periods of figures: every figure names its own (contracts §4).

use crate::time::{Date, Timestamp, WorkingCalendar, Zone};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// First day of the monthly report's period and the day it is due (X-6).
pub const CUT: u8 = 28;

/// Why a text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period is written like 2026-10, 2026-q4, 2026, 2026-10-01..2026-10-15 or 2026-01..2026-10")]
pub struct PeriodError;

/// Days from the first to the last, both included.
///
/// ```
/// use huiyin_domain::count::Period;
/// let october: Period = "2026-10".parse().expect("a month");
/// assert_eq!(october.to_string(), "2026-10-01..2026-10-31");
/// assert_eq!(Period::report_month(2026, 10).expect("a month").to_string(), "2026-09-28..2026-10-27");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

/// A month of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// Gives the month after so many months, or before when negative.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        let ordinal = i32::from(self.year) * 12 + i32::from(self.month) - 1 + months;
        let year = i16::try_from(ordinal.div_euclid(12)).unwrap_or(i16::MAX);
        Self { year, month: i8::try_from(ordinal.rem_euclid(12) + 1).unwrap_or(1) }
    }

    /// Gives the month in which a day lies.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Gives its days; those of the report when cut on another day than the first.
    ///
    /// Cut on the 28th, October runs from 28 September to 27 October (X-6).
    #[must_use]
    pub fn period(self, cut: u8) -> Option<Period> {
        let cut = i8::try_from(cut).ok().filter(|cut| (1..=CUT as i8).contains(cut))?;
        let begins = if cut == 1 { self } else { self.plus(-1) };
        let ends = begins.plus(1);
        let first = Date::new(begins.year, begins.month, cut).ok()?;
        let last = Date::new(ends.year, ends.month, cut).ok()?.previous()?;
        Some(Period { first, last })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let (year, month) = text.split_once('-').ok_or(PeriodError)?;
        let digits = |text: &str, len: usize| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(PeriodError);
        }
        let (year, month) = (year.parse().map_err(|_| PeriodError)?, month.parse().map_err(|_| PeriodError)?);
        Date::new(year, month, 1).map_err(|_| PeriodError)?;
        Ok(Self { year, month })
    }
}

impl Period {
    /// Gives the period of the monthly report: 28th of the month before to 27th.
    #[must_use]
    pub fn report_month(year: i16, month: i8) -> Option<Self> {
        Month { year, month }.period(CUT)
    }

    /// Gives a quarter, 1 to 4.
    #[must_use]
    pub fn quarter(year: i16, quarter: u8) -> Option<Self> {
        let first = i8::try_from(quarter.checked_sub(1)?).ok()?.checked_mul(3)?.checked_add(1)?;
        let begin = Month { year, month: first };
        let (begin, end) = (begin.period(1)?, begin.plus(2).period(1)?);
        (quarter <= 4).then_some(Self { first: begin.first, last: end.last })
    }

    /// Gives the first instant and the first instant after it.
    #[must_use]
    pub fn bounds(&self, zone: &Zone) -> (Timestamp, Timestamp) {
        (zone.start_of(self.first), zone.end_of(self.last))
    }

    /// Tells whether an instant lies in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp, zone: &Zone) -> bool {
        let (from, to) = self.bounds(zone);
        at >= from && at < to
    }

    /// Gives the months of the period, cut on the same day as its first.
    ///
    /// Nothing when it does not consist of whole months.
    #[must_use]
    pub fn months(&self) -> Vec<(Month, Self)> {
        let cut = self.first.day().unsigned_abs();
        let mut month = Month::of(self.first).plus(i32::from(cut != 1));
        let mut found = Vec::new();
        while let Some(period) = month.period(cut) {
            if period.last > self.last || found.len() >= 120 {
                break;
            }
            found.push((month, period));
            month = month.plus(1);
        }
        found
    }

    /// Gives the period of the same length before it (PROP-96).
    #[must_use]
    pub fn before(&self) -> Option<Self> {
        let months = self.months();
        let whole = months.last().is_some_and(|(_, last)| last.last == self.last);
        if whole && !months.is_empty() {
            let cut = self.first.day().unsigned_abs();
            let back = i32::try_from(months.len()).ok()?;
            let (first, last) = (months.first()?.0, months.last()?.0);
            let (first, last) = (first.plus(-back).period(cut)?, last.plus(-back).period(cut)?);
            return Some(Self { first: first.first, last: last.last });
        }
        let days = i32::try_from(
            (0..4_000).take_while(|n| self.first.plus_days(*n).is_some_and(|d| d <= self.last)).count(),
        )
        .ok()?;
        Some(Self { first: self.first.plus_days(-days)?, last: self.first.previous()? })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        if let Some((from, to)) = text.split_once("..") {
            let (from, to) = (from.parse::<Span>()?.0, to.parse::<Span>()?.0);
            let whole = Self { first: from.first, last: to.last };
            return (whole.first <= whole.last).then_some(whole).ok_or(PeriodError);
        }
        Ok(text.parse::<Span>()?.0)
    }
}

/// One part of a period's text: a day, month, quarter or year.
struct Span(Period);

impl FromStr for Span {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        if let Ok(day) = text.parse::<Date>() {
            return Ok(Self(Period { first: day, last: day }));
        }
        if let Ok(month) = text.parse::<Month>() {
            return month.period(1).map(Self).ok_or(PeriodError);
        }
        if let Some((year, quarter)) = text.split_once("-q").or_else(|| text.split_once("-Q")) {
            let year = format!("{year}-01").parse::<Month>()?.year;
            let quarter = quarter.parse().map_err(|_| PeriodError)?;
            return Period::quarter(year, quarter).map(Self).ok_or(PeriodError);
        }
        if let Some((year, half)) = text.split_once("-h").or_else(|| text.split_once("-H")) {
            let year = format!("{year}-01").parse::<Month>()?.year;
            let (from, to) = match half {
                "1" => (1, 2),
                "2" => (3, 4),
                _ => return Err(PeriodError),
            };
            let both = Period::quarter(year, from).zip(Period::quarter(year, to));
            return both
                .map(|(from, to)| Self(Period { first: from.first, last: to.last }))
                .ok_or(PeriodError);
        }
        let year = format!("{text}-01").parse::<Month>()?;
        let (first, last) = (year.period(1), year.plus(11).period(1));
        let (Some(first), Some(last)) = (first, last) else { return Err(PeriodError) };
        Ok(Self(Period { first: first.first, last: last.last }))
    }
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// When a report is due, and when people are told of it (X-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Last day, included.
    pub on: Date,
    /// The working day on or before it: who is due hears then.
    pub remind: Date,
}

impl Due {
    /// Gives when something due on a day has to be thought of.
    #[must_use]
    pub fn on(day: Date, calendar: &WorkingCalendar) -> Self {
        Self { on: day, remind: calendar.working_day_up_to(day).unwrap_or(day) }
    }
}
