//! A day of the civil calendar, without a time or a zone.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// First year that a date may name.
pub const FIRST_YEAR: i16 = 1970;
/// Last year that a date may name.
pub const LAST_YEAR: i16 = 2199;

/// A civil date, `YYYY-MM-DD` on the wire, years 1970 to 2199.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = Date, example = "2026-10-01")]
pub struct Date(jiff::civil::Date);

/// Why a text or a triple is not an acceptable date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not `YYYY-MM-DD`, or no such day.
    #[error("date_malformed: date must be a day of the calendar written YYYY-MM-DD, such as 2026-10-01")]
    Malformed,
    /// Before 1970 or after 2199.
    #[error("date_out_of_range: date must lie between the years 1970 and 2199")]
    OutOfRange,
}

/// A day of the week, `mon` to `sun` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday, 周一.
    Mon,
    /// Tuesday, 周二.
    Tue,
    /// Wednesday, 周三.
    Wed,
    /// Thursday, 周四.
    Thu,
    /// Friday, 周五.
    Fri,
    /// Saturday, 周六.
    Sat,
    /// Sunday, 周日.
    Sun,
}

impl Weekday {
    /// Every day of the week, Monday first.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];
}

impl Date {
    /// Takes year, month (1–12) and day (1–31).
    ///
    /// # Errors
    /// [`DateError`] when there is no such day or the year is out of range.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, DateError> {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return Err(DateError::OutOfRange);
        }
        jiff::civil::Date::new(year, month, day).map(Self).map_err(|_| DateError::Malformed)
    }

    /// Takes a day known when the program is built; a wrong one stops the build.
    pub(crate) const fn known(year: i16, month: i8, day: i8) -> Self {
        Self(jiff::civil::date(year, month, day))
    }

    pub(super) const fn from_civil(civil: jiff::civil::Date) -> Self {
        Self(civil)
    }

    pub(super) const fn civil(self) -> jiff::civil::Date {
        self.0
    }

    /// Reads exactly `YYYY-MM-DD`.
    ///
    /// # Errors
    /// [`DateError`] when malformed or out of range.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| match at {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return Err(DateError::Malformed);
        }
        let number = |part: &str| part.parse::<i16>().map_err(|_| DateError::Malformed);
        let small = |part: &str| part.parse::<i8>().map_err(|_| DateError::Malformed);
        Self::new(number(&text[..4])?, small(&text[5..7])?, small(&text[8..])?)
    }

    /// Tells whether the day lies in the years that dates may name.
    pub(crate) fn in_range(self) -> bool {
        (FIRST_YEAR..=LAST_YEAR).contains(&self.year())
    }

    /// Gives the year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Gives the month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Gives the day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Gives the day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[usize::from(self.0.weekday().to_monday_zero_offset().unsigned_abs() % 7)]
    }

    /// Gives the day this many days later (or earlier, when negative), if any.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Self> {
        let moved = self.0.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        (FIRST_YEAR..=LAST_YEAR).contains(&moved.year()).then_some(Self(moved))
    }

    /// Gives the same day of the month before, its last day where it has none;
    /// the first day of all dates before them.
    #[must_use]
    pub fn month_before(self) -> Self {
        // a month back from the 31st is clamped to that month's last day
        let moved = self.0.checked_sub(jiff::Span::new().months(1)).map_or(self.0, |day| day);
        if moved.year() < FIRST_YEAR { self } else { Self(moved) }
    }

    /// Gives the first day of the month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// Gives the next day, if the range of dates has one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        let day = self.0.tomorrow().ok()?;
        (day.year() <= LAST_YEAR).then_some(Self(day))
    }

    /// Gives the day before, if the range of dates has one.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        let day = self.0.yesterday().ok()?;
        (day.year() >= FIRST_YEAR).then_some(Self(day))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl FromStr for Date {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
