//! Working hours as stretches of real time, forwards and backwards.

use super::calendar::PATIENCE;
use super::{Date, Timestamp, WorkingCalendar};

/// A stretch of working time, from its first instant to the first after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

impl WorkingCalendar {
    /// Gives the stretches of work of the period that starts on a day.
    pub fn stretches(&self, date: Date) -> impl DoubleEndedIterator<Item = Stretch> {
        let stretch = move |period: &super::Period| Stretch {
            from: self.zone.at(date, period.from()),
            to: self.zone.at(date, period.to()),
        };
        self.periods(date).iter().map(stretch).filter(|found| found.from < found.to)
    }

    /// Gives the stretches of work that end after an instant, in order.
    pub fn work_after(&self, at: Timestamp) -> impl Iterator<Item = Stretch> {
        // Work over midnight began on the day before.
        let today = self.zone.date(at);
        let first = today.previous().unwrap_or(today);
        let days = std::iter::successors(Some(first), |day| day.next());
        days.flat_map(|day| self.stretches(day)).skip_while(move |found| found.to <= at)
    }

    /// Gives the stretches of work that begin before an instant, latest first.
    pub fn work_before(&self, at: Timestamp) -> impl Iterator<Item = Stretch> {
        let days = std::iter::successors(Some(self.zone.date(at)), |day| day.previous());
        days.flat_map(|day| self.stretches(day).rev()).skip_while(move |found| found.from >= at)
    }

    /// Counts the seconds of work between two instants; none when they lie more
    /// than some two years apart or the second before the first.
    #[must_use]
    pub fn working_seconds(&self, from: Timestamp, to: Timestamp) -> Option<i64> {
        let mut day = self.zone.date(from);
        day = day.previous().unwrap_or(day);
        let last = self.zone.date(to);
        let mut micros = 0;
        for _ in 0..PATIENCE {
            if day > last {
                return (from <= to).then_some(micros / 1_000_000);
            }
            for stretch in self.stretches(day) {
                let (begin, end) = (stretch.from.max(from), stretch.to.min(to));
                micros += (end.micros() - begin.micros()).max(0);
            }
            day = day.next()?;
        }
        None
    }

    /// Gives the first instant of work at or after an instant (PROP-75).
    ///
    /// None when no work follows within some two years.
    #[must_use]
    pub fn next_work(&self, at: Timestamp) -> Option<Timestamp> {
        let mut day = self.zone.date(at);
        day = day.previous().unwrap_or(day);
        for _ in 0..PATIENCE {
            if let Some(found) = self.stretches(day).find(|found| found.to > at) {
                return Some(found.from.max(at));
            }
            day = day.next()?;
        }
        None
    }
}
