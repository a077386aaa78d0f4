//! One instant with microsecond resolution.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use utoipa::ToSchema;

/// An instant, kept as microseconds since 1970 UTC; RFC 3339 on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-10-01T09:00:00+08:00")]
pub struct Timestamp(i64);

/// Why a text is not an acceptable instant; the text begins with its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Not RFC 3339, or without an offset.
    #[error("time_malformed: must be RFC 3339 with an offset, such as 2026-10-01T09:00:00+08:00")]
    Malformed,
    /// Before 1970 or after 2200.
    #[error("time_out_of_range: must lie between the years 1970 and 2200")]
    OutOfRange,
}

/// First microsecond of the year 2200, UTC.
const END: i64 = 7_258_118_400_000_000;

impl Timestamp {
    /// The first instant of the year 2200, UTC: the end of usable time.
    pub const END: Self = Self(END);

    /// Takes microseconds since 1970 UTC.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Gives microseconds since 1970 UTC.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with an offset, between the years 1970 and 2200.
    ///
    /// # Errors
    /// [`TimestampError`] when malformed or out of range.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| refusal(text))?;
        let micros = instant.as_microsecond();
        if !(0..END).contains(&micros) {
            return Err(TimestampError::OutOfRange);
        }
        Ok(Self(micros))
    }
}

/// Tells a well-formed instant that the calendar library cannot hold.
fn refusal(text: &str) -> TimestampError {
    match jiff::fmt::temporal::Pieces::parse(text) {
        Ok(pieces) if pieces.time().is_some() && pieces.offset().is_some() => TimestampError::OutOfRange,
        _ => TimestampError::Malformed,
    }
}

impl From<Timestamp> for jiff::Timestamp {
    fn from(value: Timestamp) -> Self {
        Self::from_microsecond(value.0).unwrap_or(Self::MAX)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(value: jiff::Timestamp) -> Self {
        Self(value.as_microsecond())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        jiff::Timestamp::from(*self).fmt(f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
