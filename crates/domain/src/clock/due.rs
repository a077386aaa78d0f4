//! The walk over days or hours that finds a due time, and tells of each step.

use super::warning::day_and_time;
use super::{Extension, Limit, LimitRule, Pause};
use crate::time::{Date, Stretch, Timestamp, WorkingCalendar};

/// A due time and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueTime {
    /// The first instant that is too late.
    pub at: Timestamp,
    /// True when days beyond the calendar's known years were counted (D5).
    pub provisional: bool,
}

/// Why no due time can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    /// The start, or what is counted from it, leaves the years 1970 to 2199.
    #[error("due time would lie outside the years 1970 to 2199")]
    OutOfRange,
}

/// What the walk met, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A day without work.
    Off(Date),
    /// A day that does not count, because its end lies inside a pause.
    Paused(Date),
    /// The n-th counted day.
    Counted(Date, u32),
    /// Working time that counted.
    Worked(Stretch),
}

/// Which days count, from which on, and how many.
struct Days {
    from: Date,
    /// Counts even if its hours began the evening before.
    opening: Option<Date>,
    working_only: bool,
    needed: u32,
}

/// Finds the due time of a rule that starts to run now (X-4, X-5, PROP-75).
///
/// # Errors
/// [`DueError`] when it would leave the range of dates.
pub fn due(rule: LimitRule, started_at: Timestamp, calendar: &WorkingCalendar) -> Result<DueTime, DueError> {
    walk(Limit::Rule(rule), started_at, &[], calendar, &mut |_| {})
}

/// Finds the due time of a limit with its closed pauses, naming every step.
pub(super) fn walk(
    limit: Limit,
    started_at: Timestamp,
    pauses: &[Pause],
    calendar: &WorkingCalendar,
    note: &mut impl FnMut(Mark),
) -> Result<DueTime, DueError> {
    let zone = calendar.zone();
    let today = zone.date(started_at);
    if !today.in_range() {
        return Err(DueError::OutOfRange);
    }
    let tomorrow = || today.next().ok_or(DueError::OutOfRange);
    let days = match limit {
        Limit::Agreed(at) => return plain(at, started_at, pauses, note),
        Limit::Rule(LimitRule::Duration(seconds)) => {
            return plain(after(started_at, seconds), started_at, pauses, note);
        }
        Limit::Rule(LimitRule::BusinessTime(seconds)) => {
            let stretches = calendar.work_after(started_at);
            let at = run(stretches, started_at, i64::from(seconds) * SECOND, pauses, note)?;
            return sure_between(calendar, today, at);
        }
        Limit::Rule(LimitRule::EndOfSameDay) => {
            Days { from: today, opening: None, working_only: false, needed: 1 }
        }
        Limit::Rule(LimitRule::EndOfSameWorkingDay) => {
            let opening = calendar.next_work(started_at).ok_or(DueError::OutOfRange)?;
            Days { from: today, opening: Some(zone.date(opening)), working_only: true, needed: 1 }
        }
        Limit::Rule(LimitRule::WorkingDays(needed)) => {
            Days { from: tomorrow()?, opening: None, working_only: true, needed }
        }
        Limit::Rule(LimitRule::Days(needed)) => {
            Days { from: tomorrow()?, opening: None, working_only: false, needed }
        }
    };
    let working_only = days.working_only;
    let last = count(&days, pauses, calendar, note)?;
    let provisional = working_only && !(calendar.covers(days.from) && calendar.covers(last));
    Ok(DueTime { at: zone.end_of(last), provisional })
}

const SECOND: i64 = 1_000_000;

fn after(at: Timestamp, seconds: u32) -> Timestamp {
    Timestamp::from_micros(at.micros().saturating_add(i64::from(seconds) * SECOND))
}

/// Gives the result of a count of hours, unless it left the range of dates.
fn sure_between(calendar: &WorkingCalendar, from: Date, at: Timestamp) -> Result<DueTime, DueError> {
    let last = calendar.zone().date(Timestamp::from_micros(at.micros() - 1));
    if !last.in_range() {
        return Err(DueError::OutOfRange);
    }
    Ok(DueTime { at, provisional: !(calendar.covers(from) && calendar.covers(last)) })
}

/// Runs plain time to `end`, and longer by the pauses on the way.
fn plain(
    end: Timestamp,
    started_at: Timestamp,
    pauses: &[Pause],
    note: &mut impl FnMut(Mark),
) -> Result<DueTime, DueError> {
    let whole = Stretch { from: started_at, to: Timestamp::END };
    let length = end.micros() - started_at.micros();
    let at = run([whole].into_iter(), started_at, length, pauses, note)?;
    Ok(DueTime { at, provisional: false })
}

/// Walks days until enough have counted; gives the last one.
fn count(
    days: &Days,
    pauses: &[Pause],
    calendar: &WorkingCalendar,
    note: &mut impl FnMut(Mark),
) -> Result<Date, DueError> {
    let mut nth = 0;
    let mut day = days.from;
    loop {
        let opened = days.opening.is_none_or(|opening| day >= opening);
        let works = days.opening == Some(day) || calendar.is_working_day(day);
        if days.working_only && !(opened && works) {
            note(Mark::Off(day));
        } else if ends_in_pause(day, pauses, calendar) {
            note(Mark::Paused(day));
        } else {
            nth += 1;
            note(Mark::Counted(day, nth));
            if nth >= days.needed {
                return Ok(day);
            }
        }
        day = day.next().ok_or(DueError::OutOfRange)?;
    }
}

/// Tells whether the last moment of a day lies inside a closed pause (D5).
pub(super) fn ends_in_pause(day: Date, pauses: &[Pause], calendar: &WorkingCalendar) -> bool {
    if pauses.is_empty() {
        return false;
    }
    let end = calendar.zone().end_of(day);
    pauses.iter().any(|pause| pause.from < end && pause.to.is_some_and(|to| end <= to))
}

/// Consumes microseconds of the stretches outside the closed pauses; gives the
/// instant at which nothing is left.
fn run(
    stretches: impl Iterator<Item = Stretch>,
    started_at: Timestamp,
    mut left: i64,
    pauses: &[Pause],
    note: &mut impl FnMut(Mark),
) -> Result<Timestamp, DueError> {
    for stretch in stretches {
        let mut from = stretch.from.max(started_at);
        let closed = pauses.iter().filter_map(|pause| pause.to.map(|to| (pause.from, to)));
        for (stop, go) in closed.chain([(stretch.to, stretch.to)]) {
            if go <= from && stop < stretch.to {
                continue;
            }
            let to = stop.min(stretch.to).max(from);
            let length = to.micros() - from.micros();
            if length >= left {
                let to = Timestamp::from_micros(from.micros() + left);
                note(Mark::Worked(Stretch { from, to }));
                return Ok(to);
            }
            if length > 0 {
                note(Mark::Worked(Stretch { from, to }));
            }
            left -= length;
            from = go.min(stretch.to).max(from);
            if from >= stretch.to {
                break;
            }
        }
    }
    Err(DueError::OutOfRange)
}

/// Moves a granted due time by the pauses that came after the grant.
pub(super) fn moved(
    limit: Limit,
    granted: &Extension,
    pauses: &[Pause],
    calendar: &WorkingCalendar,
) -> Result<DueTime, DueError> {
    let at = granted.to;
    let (last, seconds) = day_and_time(at, calendar);
    if !last.in_range() {
        return Err(DueError::OutOfRange);
    }
    if !pauses.iter().any(|pause| pause.to.is_some()) {
        return Ok(DueTime { at, provisional: false });
    }
    let working_only = match limit {
        Limit::Agreed(_) | Limit::Rule(LimitRule::Duration(_)) => {
            return plain(at, granted.at, pauses, &mut |_| {});
        }
        Limit::Rule(LimitRule::BusinessTime(_)) => return business_moved(granted, pauses, calendar),
        Limit::Rule(LimitRule::EndOfSameDay | LimitRule::Days(_)) => false,
        Limit::Rule(LimitRule::EndOfSameWorkingDay | LimitRule::WorkingDays(_)) => true,
    };
    let counts = |day: Date| !working_only || calendar.is_working_day(day);
    let lost = |day: Date| counts(day) && ends_in_pause(day, pauses, calendar);
    let first = calendar.zone().date(granted.at);
    let on_the_way = std::iter::successors(Some(first), |day| day.next()).take_while(|day| *day <= last);
    let mut owed = on_the_way.filter(|day| lost(*day)).count();
    let mut day = last;
    while owed > 0 {
        day = day.next().ok_or(DueError::OutOfRange)?;
        owed -= usize::from(counts(day) && !lost(day));
    }
    let provisional = working_only && day != last && !calendar.covers(day);
    Ok(DueTime { at: calendar.zone().at(day, seconds), provisional })
}

/// Adds the working time lost in pauses behind a granted due time.
fn business_moved(
    granted: &Extension,
    pauses: &[Pause],
    calendar: &WorkingCalendar,
) -> Result<DueTime, DueError> {
    let on_the_way = calendar.work_after(granted.at).take_while(|stretch| stretch.from < granted.to);
    let clipped = on_the_way.map(|stretch| (stretch.from.max(granted.at), stretch.to.min(granted.to)));
    let lost: i64 = clipped
        .map(|(from, to)| {
            let inside = pauses.iter().filter_map(|pause| Some((pause.from.max(from), pause.to?.min(to))));
            inside.map(|(from, to)| (to.micros() - from.micros()).max(0)).sum::<i64>()
        })
        .sum();
    if lost == 0 {
        return Ok(DueTime { at: granted.to, provisional: false });
    }
    let stretches = calendar.work_after(granted.to);
    let at = run(stretches, granted.to, lost, pauses, &mut |_| {})?;
    sure_between(calendar, calendar.zone().date(granted.at), at)
}
