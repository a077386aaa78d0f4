//! A second, slow counting from the parts alone, to compare with.

use super::local;
use crate::clock::{LimitRule, due};
use crate::time::tests::{at, china_with};
use crate::time::{CalendarParts, Date, Timestamp, WorkingCalendar};
use proptest::prelude::*;

const STEP: u32 = 300;

/// Finds a day's hours by looking through the lists.
fn hours(parts: &CalendarParts, day: Date) -> Vec<(u32, u32)> {
    let usual = parts.week.get(&day.weekday()).cloned().unwrap_or_default();
    let found = match parts.days.iter().find(|special| special.date == day) {
        Some(special) if special.off => Vec::new(),
        Some(_) if usual.is_empty() => parts.make_up.clone(),
        _ => usual,
    };
    found.iter().map(|period| (period.from(), period.to())).collect()
}

/// Tells whether the five minutes from an instant are work.
fn works(parts: &CalendarParts, instant: Timestamp) -> bool {
    let (day, second) = parts.zone.civil(instant);
    let inside = |(from, to): (u32, u32), second: u32| from <= second && second < to;
    hours(parts, day).into_iter().any(|period| inside(period, second))
        || hours(parts, day.previous().unwrap()).into_iter().any(|period| inside(period, second + 86_400))
}

fn later(instant: Timestamp, seconds: u32) -> Timestamp {
    Timestamp::from_micros(instant.micros() + i64::from(seconds) * 1_000_000)
}

/// Counts working time five minutes at a time.
fn slow_business(parts: &CalendarParts, start: Timestamp, seconds: u32) -> Timestamp {
    let mut left = seconds;
    let mut instant = start;
    while left > 0 {
        if works(parts, instant) {
            left -= STEP;
        }
        instant = later(instant, STEP);
    }
    instant
}

/// Counts working days one at a time.
fn slow_days(parts: &CalendarParts, start: Timestamp, needed: u32) -> Timestamp {
    let (mut day, _) = parts.zone.civil(start);
    let mut counted = 0;
    while counted < needed {
        day = day.next().unwrap();
        counted += u32::from(!hours(parts, day).is_empty());
    }
    parts.zone.start_of(day.next().unwrap())
}

fn any_parts() -> impl Strategy<Value = CalendarParts> {
    let hours = [
        "09:00-18:00",
        "09:00-12:00 13:30-18:00",
        "08:00-11:30 14:00-17:30 19:00-21:00",
        "22:00-06:00",
        "00:00-24:00",
        "14:00-22:00 23:00-02:00",
    ];
    prop::sample::select(hours.to_vec()).prop_map(china_with)
}

/// Instants of 2007 to 2028 on five minutes.
fn any_start() -> impl Strategy<Value = Timestamp> {
    let first = at("2007-01-01T00:00");
    (0_u32..2_300_000).prop_map(move |steps| {
        Timestamp::from_micros(first.micros() + i64::from(steps) * i64::from(STEP) * 1_000_000)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// business hours agree with counting in steps of five minutes.
    #[test]
    fn business_hours_agree(parts in any_parts(), start in any_start(), steps in 1_u32..240) {
        let calendar = WorkingCalendar::new(parts.clone()).unwrap();
        let found = due(LimitRule::BusinessTime(steps * STEP), start, &calendar).unwrap().at;
        let expected = slow_business(&parts, start, steps * STEP);
        prop_assert_eq!(local(found), local(expected), "from {}", local(start));
    }

    /// X-5, PROP-79: working days agree with counting day by day.
    #[test]
    fn working_days_agree(parts in any_parts(), start in any_start(), days in 1_u32..60) {
        let calendar = WorkingCalendar::new(parts.clone()).unwrap();
        let found = due(LimitRule::WorkingDays(days), start, &calendar).unwrap().at;
        prop_assert_eq!(local(found), local(slow_days(&parts, start, days)), "from {}", local(start));
        let (from, last) = (parts.zone.date(start), parts.zone.date(Timestamp::from_micros(found.micros() - 1)));
        prop_assert_eq!(calendar.working_days_between(from, last), days);
    }

    /// PROP-75: work resumes where a search in steps of five minutes finds it.
    #[test]
    fn resuming_work_agrees(parts in any_parts(), start in any_start()) {
        let calendar = WorkingCalendar::new(parts.clone()).unwrap();
        let mut instant = start;
        while !works(&parts, instant) {
            instant = later(instant, STEP);
        }
        prop_assert_eq!(calendar.next_work(start), Some(instant));
        let day = parts.zone.date(instant);
        let found = due(LimitRule::EndOfSameWorkingDay, start, &calendar).unwrap().at;
        prop_assert_eq!(found, parts.zone.end_of(day));
    }
}
