//! Times and dates as people write them.
//!
//! Formats are written as in a spreadsheet (`yyyy/M/d H:mm:ss`). The letter `m`
//! is the month until an hour has come, then the minute, as in a spreadsheet.

use crate::failure::CellCode;
use crate::source::SourceCell;
use huiyin_domain::time::{Timestamp, TimestampError};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Formats tried when a column of times names none.
pub(super) const TIMES: &[&str] = &[
    "rfc3339",
    "yyyy-M-d H:mm:ss",
    "yyyy-M-d H:mm",
    "yyyy/M/d H:mm:ss",
    "yyyy/M/d H:mm",
    "yyyy年M月d日 H:mm:ss",
    "yyyy年M月d日 H:mm",
    "yyyy年M月d日H时mm分",
];

/// Formats tried when a column of dates names none.
pub(super) const DATES: &[&str] = &["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"];

/// One way to write a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TimeFormat {
    /// RFC 3339 with offset.
    Rfc3339,
    /// Days since 1900 as a spreadsheet counts them.
    Serial,
    /// Seconds since 1970 UTC.
    UnixSeconds,
    /// Milliseconds since 1970 UTC.
    UnixMillis,
    /// Letters, translated for the parser.
    Pattern(String),
}

impl TimeFormat {
    /// Reads a format of the mapping file; the reason when it is none.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text {
            "rfc3339" => Ok(Self::Rfc3339),
            "serial" => Ok(Self::Serial),
            "unix_seconds" => Ok(Self::UnixSeconds),
            "unix_millis" => Ok(Self::UnixMillis),
            _ => pattern(text).map(Self::Pattern),
        }
    }
}

/// Translates letters into the directives of the parser.
fn pattern(text: &str) -> Result<String, String> {
    let (mut out, mut has_hour) = (String::new(), false);
    let mut chars = text.chars().peekable();
    let mut has_day = false;
    while let Some(letter) = chars.next() {
        let mut run = 1;
        while letter.is_ascii_alphabetic() && chars.next_if_eq(&letter).is_some() {
            run += 1;
        }
        let directive = match (letter, run) {
            ('y', 4) => "%Y",
            ('y', 2) => "%y",
            ('M', 1 | 2) => "%m",
            ('m', 1 | 2) if !has_hour => "%m",
            ('m', 1 | 2) => "%M",
            ('d', 1 | 2) => "%d",
            ('H' | 'h', 1 | 2) => "%H",
            ('s', 1 | 2) => "%S",
            ('T', 1) => "T",
            ('%', _) => return Err("write yyyy, M, d, H, mm, ss instead of %".into()),
            (letter, _) if letter.is_ascii_alphabetic() => {
                return Err(format!("\"{}\" means nothing in a format", letter.to_string().repeat(run)));
            }
            (letter, _) => {
                out.push(letter);
                continue;
            }
        };
        has_hour |= directive == "%H";
        has_day |= directive == "%d";
        out.push_str(directive);
    }
    if has_day { Ok(out) } else { Err("a format needs at least year, month and day".into()) }
}

/// Reads an instant; times without an offset are on the wall in `zone`.
pub(super) fn time(
    cell: &SourceCell,
    formats: &[TimeFormat],
    zone: &TimeZone,
) -> Result<Timestamp, CellCode> {
    let text = match cell {
        SourceCell::Moment(moment) => return on_the_wall(*moment, zone),
        SourceCell::Text(text) | SourceCell::Number(text) => text,
        _ => return Err(CellCode::NotATime),
    };
    let mut out_of_range = false;
    for format in formats {
        match one_time(text, format, zone) {
            Ok(time) => return Ok(time),
            Err(code) => out_of_range |= code == CellCode::TimeOutOfRange,
        }
    }
    Err(if out_of_range { CellCode::TimeOutOfRange } else { CellCode::NotATime })
}

/// Reads an instant in one format.
fn one_time(text: &str, format: &TimeFormat, zone: &TimeZone) -> Result<Timestamp, CellCode> {
    let unix = |factor: i64| {
        let number: i64 = text.parse().map_err(|_| CellCode::NotATime)?;
        let micros = number.checked_mul(factor).ok_or(CellCode::TimeOutOfRange)?;
        in_range(jiff::Timestamp::from_microsecond(micros).map_err(|_| CellCode::TimeOutOfRange)?)
    };
    match format {
        TimeFormat::Rfc3339 => Timestamp::parse(text).map_err(|error| match error {
            TimestampError::OutOfRange => CellCode::TimeOutOfRange,
            TimestampError::Malformed => CellCode::NotATime,
        }),
        TimeFormat::Serial => on_the_wall(serial(text).ok_or(CellCode::NotATime)?, zone),
        TimeFormat::UnixSeconds => unix(1_000_000),
        TimeFormat::UnixMillis => unix(1_000),
        TimeFormat::Pattern(pattern) => {
            let parts = jiff::fmt::strtime::parse(pattern, text).map_err(|_| CellCode::NotATime)?;
            let whole = parts.to_datetime().or_else(|_| parts.to_date().map(DateTime::from));
            on_the_wall(whole.map_err(|_| CellCode::NotATime)?, zone)
        }
    }
}

/// Reads a day; a time of day, where there is one, is left out.
pub(super) fn date(cell: &SourceCell, formats: &[TimeFormat]) -> Result<Date, CellCode> {
    let text = match cell {
        SourceCell::Moment(moment) => return day_in_range(moment.date()),
        SourceCell::Text(text) | SourceCell::Number(text) => text,
        _ => return Err(CellCode::NotADate),
    };
    let found = formats.iter().find_map(|format| match format {
        TimeFormat::Serial => serial(text).map(DateTime::date),
        TimeFormat::Pattern(pattern) => jiff::fmt::strtime::parse(pattern, text).ok()?.to_date().ok(),
        TimeFormat::Rfc3339 | TimeFormat::UnixSeconds | TimeFormat::UnixMillis => None,
    });
    day_in_range(found.ok_or(CellCode::NotADate)?)
}

/// Keeps days between the years 1900 and 2200.
fn day_in_range(day: Date) -> Result<Date, CellCode> {
    if (1900..2200).contains(&day.year()) { Ok(day) } else { Err(CellCode::TimeOutOfRange) }
}

/// Makes a moment of days since 1900 with a fraction of a day.
fn serial(text: &str) -> Option<DateTime> {
    let days: f64 = text.parse().ok()?;
    // day 61 is the first after the 29 February 1900 that never was
    if !(61.0..2_958_466.0).contains(&days) {
        return None;
    }
    let seconds = (days * 86_400.0).round() as i64;
    let epoch = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    epoch.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()
}

/// Makes an instant of a moment on the wall.
fn on_the_wall(moment: DateTime, zone: &TimeZone) -> Result<Timestamp, CellCode> {
    let instant = zone.to_timestamp(moment).map_err(|_| CellCode::TimeOutOfRange)?;
    in_range(instant)
}

/// Applies the range that the domain keeps.
fn in_range(instant: jiff::Timestamp) -> Result<Timestamp, CellCode> {
    Timestamp::parse(&instant.to_string()).map_err(|_| CellCode::TimeOutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, format: &str) -> Result<String, CellCode> {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let formats = [TimeFormat::parse(format).unwrap()];
        time(&SourceCell::Text(text.into()), &formats, &zone).map(|time| time.to_string())
    }

    /// Issue 3, §7
    #[test]
    fn times_are_read_as_a_spreadsheet_writes_them() {
        let expected = Ok("2026-03-05T01:07:08Z".to_owned());
        assert_eq!(read("2026/3/5 9:07:08", "yyyy/M/d H:mm:ss"), expected);
        assert_eq!(read("2026/3/5 9:07:08", "yyyy/m/d h:mm:ss"), expected);
        assert_eq!(read("2026年03月05日 09:07:08", "yyyy年MM月dd日 HH:mm:ss"), expected);
        assert_eq!(read("2026-03-05T09:07:08+08:00", "rfc3339"), expected);
        assert_eq!(read("1772672828", "unix_seconds"), expected);
        assert_eq!(read("46086.5", "serial"), Ok("2026-03-05T04:00:00Z".to_owned()));
        assert_eq!(read("2026-03-05", "yyyy-MM-dd"), Ok("2026-03-04T16:00:00Z".to_owned()));
    }

    /// Issue 3, §7
    #[test]
    fn days_that_do_not_exist_and_distant_years_are_refused() {
        assert_eq!(read("2026/2/30 9:07:08", "yyyy/M/d H:mm:ss"), Err(CellCode::NotATime));
        assert_eq!(read("0000/1/1 0:00:00", "yyyy/M/d H:mm:ss"), Err(CellCode::TimeOutOfRange));
        assert_eq!(read("9999/1/1 0:00:00", "yyyy/M/d H:mm:ss"), Err(CellCode::TimeOutOfRange));
        assert_eq!(read("2026/3/5 9:07:08 about", "yyyy/M/d H:mm:ss"), Err(CellCode::NotATime));
        assert!(TimeFormat::parse("yyyy-MM-dd QQ").is_err());
        assert!(TimeFormat::parse("HH:mm").is_err());
    }
}
