//! When to warn ahead of a due time.

use super::Warn;
use crate::time::{DAY_SECONDS, Date, Timestamp, WorkingCalendar};

/// Finds the time of the warning; never before the start, so that a complaint
/// at 23:50 with a limit of the same day warns at once.
pub(super) fn warn_at(
    warn: Warn,
    started_at: Timestamp,
    due_at: Timestamp,
    calendar: &WorkingCalendar,
) -> Timestamp {
    let earlier = |seconds: u32| Timestamp::from_micros(due_at.micros() - i64::from(seconds) * 1_000_000);
    let found = match warn {
        Warn::Duration(seconds) => Some(earlier(seconds)),
        Warn::BusinessTime(seconds) => business(i64::from(seconds) * 1_000_000, started_at, due_at, calendar),
        Warn::WorkingDays(days) => days_back(days, true, due_at, calendar),
        Warn::Days(days) => days_back(days, false, due_at, calendar),
    };
    found.unwrap_or(started_at).max(started_at)
}

fn business(
    mut left: i64,
    started_at: Timestamp,
    due_at: Timestamp,
    calendar: &WorkingCalendar,
) -> Option<Timestamp> {
    for stretch in calendar.work_before(due_at).take_while(|stretch| stretch.to > started_at) {
        let to = stretch.to.min(due_at);
        let length = to.micros() - stretch.from.micros();
        if length >= left {
            return Some(Timestamp::from_micros(to.micros() - left));
        }
        left -= length;
    }
    None
}

/// Splits a due time into its day and time of day; midnight is that day's 24:00.
pub(super) fn day_and_time(due_at: Timestamp, calendar: &WorkingCalendar) -> (Date, u32) {
    let (date, seconds) = calendar.zone().civil(due_at);
    match date.previous() {
        Some(day) if due_at == calendar.zone().start_of(date) => (day, DAY_SECONDS),
        _ => (date, seconds),
    }
}

fn days_back(days: u32, working: bool, due_at: Timestamp, calendar: &WorkingCalendar) -> Option<Timestamp> {
    let (mut day, seconds) = day_and_time(due_at, calendar);
    let mut left = days;
    while left > 0 {
        day = day.previous()?;
        left -= u32::from(!working || calendar.is_working_day(day));
    }
    Some(calendar.zone().at(day, seconds))
}
