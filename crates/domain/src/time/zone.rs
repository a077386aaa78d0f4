//! Time zones by name; the bundled tables only, never those of the machine.

use super::{Date, DateError, Timestamp, TimestampError, time_of_day};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use utoipa::ToSchema;

/// Seconds in a civil day without a change of clocks.
pub const DAY_SECONDS: u32 = 86_400;

/// A time zone with its IANA name, such as `Asia/Shanghai`.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = String, example = "Asia/Shanghai")]
pub struct Zone(TimeZone);

/// Why a text is not a time in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// The date is wrong.
    #[error(transparent)]
    Date(#[from] DateError),
    /// The time of day is missing or wrong.
    #[error("time must be written like 2026-09-30T17:30 or 2026-09-30T17:30:05, with an offset if not local")]
    Malformed,
    /// With an offset, and wrong.
    #[error(transparent)]
    Instant(#[from] TimestampError),
}

/// No time zone has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {0:?}; write an IANA name such as Asia/Shanghai")]
pub struct ZoneError(pub String);

impl Zone {
    /// Finds a zone by its IANA name.
    ///
    /// # Errors
    /// [`ZoneError`] when the bundled tables do not know the name.
    pub fn named(name: &str) -> Result<Self, ZoneError> {
        TimeZoneDatabase::bundled()
            .get(name)
            .map(Self)
            .map_err(|_| ZoneError(name.chars().take(64).collect()))
    }

    /// Gives `Asia/Shanghai`, where every organisation starts.
    #[must_use]
    pub fn shanghai() -> Self {
        // The name is part of the bundled tables; the fallback has today's offset.
        Self::named("Asia/Shanghai").unwrap_or(Self(TimeZone::fixed(jiff::tz::offset(8))))
    }

    /// Gives the IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("Asia/Shanghai")
    }

    /// Gives the civil date of an instant.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Date {
        self.civil(at).0
    }

    /// Gives the civil date and the time of day (whole seconds) of an instant.
    #[must_use]
    pub fn civil(&self, at: Timestamp) -> (Date, u32) {
        let local = self.0.to_datetime(at.into());
        let part = |value: i8| u32::from(value.unsigned_abs());
        let seconds = part(local.hour()) * 3600 + part(local.minute()) * 60 + part(local.second());
        (Date::from_civil(local.date()), seconds)
    }

    /// Gives the instant of a time of day, in seconds after midnight.
    ///
    /// Beyond 86 400 it lies on a following day. A time that a change of
    /// clocks skips is taken as the instant it would have been.
    #[must_use]
    pub fn at(&self, date: Date, seconds: u32) -> Timestamp {
        let days = seconds / DAY_SECONDS;
        let rest = i64::from(seconds % DAY_SECONDS);
        let midnight =
            date.civil().saturating_add(jiff::Span::new().days(days)).to_datetime(jiff::civil::Time::MIN);
        let local = midnight.saturating_add(jiff::SignedDuration::from_secs(rest));
        self.0.to_timestamp(local).unwrap_or(jiff::Timestamp::MAX).into()
    }

    /// Reads a local time such as `2026-09-30T17:30` or `2026-09-30 17:30:05`;
    /// with an offset it is taken as RFC 3339.
    ///
    /// # Errors
    /// [`LocalTimeError`] says which part is wrong.
    pub fn parse(&self, text: &str) -> Result<Timestamp, LocalTimeError> {
        let (date, rest) = text.split_at_checked(10).ok_or(LocalTimeError::Malformed)?;
        let date = Date::parse(date)?;
        let time = rest.strip_prefix(['T', ' ']).ok_or(LocalTimeError::Malformed)?;
        if time.contains(['+', '-', 'Z', 'z']) {
            return Ok(Timestamp::parse(text)?);
        }
        let seconds = time_of_day(time).filter(|seconds| *seconds < DAY_SECONDS);
        let at = self.at(date, seconds.ok_or(LocalTimeError::Malformed)?);
        if at < Timestamp::from_micros(0) || at >= Timestamp::END {
            return Err(DateError::OutOfRange.into());
        }
        Ok(at)
    }

    /// Writes an instant as RFC 3339 with the zone's offset.
    #[must_use]
    pub fn rfc3339(&self, at: Timestamp) -> String {
        let instant = jiff::Timestamp::from(at);
        instant.display_with_offset(self.0.to_offset(instant)).to_string()
    }

    /// Gives the first instant of a day.
    #[must_use]
    pub fn start_of(&self, date: Date) -> Timestamp {
        self.at(date, 0)
    }

    /// Gives the first instant after a day (its 24:00).
    #[must_use]
    pub fn end_of(&self, date: Date) -> Timestamp {
        self.at(date, DAY_SECONDS)
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::shanghai()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).map_err(serde::de::Error::custom)
    }
}
