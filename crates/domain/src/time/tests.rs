//! Calendars and dates, beside the rules that they follow.

mod calendar;
mod china;
mod notice;
mod words;

use super::{CalendarParts, Date, DayName, Period, SpecialDay, Timestamp, WorkingCalendar, Zone};

pub(crate) fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Reads a time of Shanghai.
pub(crate) fn at(text: &str) -> Timestamp {
    Zone::shanghai().parse(text).unwrap()
}

pub(crate) fn periods(text: &str) -> Vec<Period> {
    text.split(' ').map(|period| period.parse().unwrap()).collect()
}

/// Gives the calendar of China with other hours on each working day.
pub(crate) fn china_with(hours: &str) -> CalendarParts {
    let mut parts = WorkingCalendar::china_parts();
    parts.week.values_mut().for_each(|day| *day = periods(hours));
    parts.make_up = periods(hours);
    parts
}

pub(crate) fn special(day: &str, off: bool) -> SpecialDay {
    SpecialDay { date: date(day), off, name: DayName { zh: "本地节日".into(), en: "Local Day".into() } }
}
