//! What must hold of a calendar before anything counts with it.

use super::calendar::{CalendarError, CalendarParts, SpecialDay, Years};
use super::date::{FIRST_YEAR, LAST_YEAR};
use super::zone::DAY_SECONDS;
use super::{Date, Period};
use std::collections::BTreeSet;

/// More special days than two centuries of holidays have.
const MOST_DAYS: usize = 20_000;

/// Checks parts: a name, some work, no overlap, no day twice.
pub(super) fn check(parts: &CalendarParts) -> Result<(), CalendarError> {
    if !is_name(&parts.name) {
        return Err(CalendarError::Name);
    }
    if parts.version == 0 {
        return Err(CalendarError::Version);
    }
    if parts.make_up.is_empty() || parts.week.values().all(Vec::is_empty) {
        return Err(CalendarError::NoWork);
    }
    check_periods(parts)?;
    check_years(parts.years)?;
    check_days(&parts.days, parts.years)?;
    check_days(&parts.regional, None)
}

/// Tells whether a text may name a calendar.
pub(super) fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=32).contains(&text.len()) && text.bytes().all(fits)
}

/// Holidays move days about, so any day may follow any other: no end over
/// midnight may reach into the first start of any day.
fn check_periods(parts: &CalendarParts) -> Result<(), CalendarError> {
    let patterns = || parts.week.values().chain([&parts.make_up]);
    for pattern in patterns() {
        let mut sorted = pattern.clone();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0].to() > pair[1].from()) {
            return Err(CalendarError::Overlap(pair[0], pair[1]));
        }
    }
    let all = || patterns().flatten().copied();
    let latest = all().max_by_key(|period: &Period| period.to());
    let earliest = all().min_by_key(|period: &Period| period.from());
    match (latest, earliest) {
        (Some(late), Some(early)) if late.to() > early.from() + DAY_SECONDS => {
            Err(CalendarError::Overlap(late, early))
        }
        _ => Ok(()),
    }
}

fn check_years(years: Option<Years>) -> Result<(), CalendarError> {
    let Some(years) = years else { return Ok(()) };
    let sound = years.first >= FIRST_YEAR && years.last <= LAST_YEAR && years.first <= years.last;
    if sound { Ok(()) } else { Err(CalendarError::Years) }
}

/// A notice may move days of the December before its year, never further.
fn check_days(days: &[SpecialDay], years: Option<Years>) -> Result<(), CalendarError> {
    if days.len() > MOST_DAYS {
        return Err(CalendarError::TooMany);
    }
    let covered = |date: Date| {
        years.is_none_or(|years| {
            let eve = date.year() == years.first - 1 && date.month() == 12;
            eve || (years.first..=years.last).contains(&date.year())
        })
    };
    let mut seen = BTreeSet::new();
    for day in days {
        if !covered(day.date) {
            return Err(CalendarError::Uncovered(day.date));
        }
        if !seen.insert(day.date) {
            return Err(CalendarError::Twice(day.date));
        }
    }
    Ok(())
}
