use super::words::any_rule;
use super::{Terms, terms};
use crate::clock::{Clock, ClockState, LimitRule, Step, due};
use crate::time::tests::{at, china_with};
use crate::time::{Timestamp, WorkingCalendar};
use proptest::prelude::*;

fn any_calendar() -> impl Strategy<Value = WorkingCalendar> {
    let hours = ["09:00-18:00", "09:00-12:00 13:30-18:00", "22:00-06:00", "00:00-24:00"];
    prop::sample::select(hours.to_vec()).prop_map(|hours| WorkingCalendar::new(china_with(hours)).unwrap())
}

/// Instants of 2007 to 2028, to the second.
fn any_start() -> impl Strategy<Value = Timestamp> {
    let first = at("2007-01-01T00:00").micros();
    (0_i64..690_000_000).prop_map(move |seconds| Timestamp::from_micros(first + seconds * 1_000_000))
}

fn later(instant: Timestamp, seconds: u32) -> Timestamp {
    Timestamp::from_micros(instant.micros() + i64::from(seconds) * 1_000_000)
}

fn by_rule(rule: LimitRule) -> Terms {
    Terms { due: rule, warn: Some("2 h before".parse().unwrap()), ..terms("1 day") }
}

/// What may happen to a running clock, after so many seconds.
#[derive(Clone, Debug)]
enum Turn {
    Pause { after: u32, seconds: u32 },
    Extend { after: u32, by: u32 },
}

fn any_turns() -> impl Strategy<Value = Vec<Turn>> {
    let pause = (0_u32..200_000, 0_u32..900_000).prop_map(|(after, seconds)| Turn::Pause { after, seconds });
    let extend = (0_u32..200_000, 1_u32..900_000).prop_map(|(after, by)| Turn::Extend { after, by });
    prop::collection::vec(prop_oneof![3 => pause, 1 => extend], 0..6)
}

/// Lets turns happen; gives the due times that came about.
fn play(clock: &mut Clock, turns: Vec<Turn>, calendar: &WorkingCalendar) -> Vec<Timestamp> {
    let mut now = clock.started_at;
    let mut dues = vec![clock.due_at];
    for turn in turns {
        let (Turn::Pause { after, .. } | Turn::Extend { after, .. }) = turn;
        now = later(now, after);
        if now >= clock.due_at {
            break;
        }
        match turn {
            Turn::Pause { seconds, .. } => {
                clock.pause(now, "customer".into()).unwrap();
                now = later(now, seconds);
                clock.resume(now, calendar).unwrap();
            }
            Turn::Extend { by, .. } => {
                clock.extend(now, later(clock.due_at, by), "supplier".into(), calendar).unwrap();
            }
        }
        dues.push(clock.due_at);
    }
    dues
}

proptest! {
    /// a due time lies after the start, and a later start is never due earlier.
    #[test]
    fn due_is_after_the_start_and_monotone(
        calendar in any_calendar(), rule in any_rule(), start in any_start(), wait in 0_u32..2_000_000,
    ) {
        let first = due(rule, start, &calendar).unwrap().at;
        let second = due(rule, later(start, wait), &calendar).unwrap().at;
        prop_assert!(first > start);
        prop_assert!(second >= first);
    }

    /// business hours add up, wherever the sum is cut.
    #[test]
    fn business_hours_add_up(
        calendar in any_calendar(), start in any_start(), a in 1_u32..200_000, b in 1_u32..200_000,
    ) {
        let whole = due(LimitRule::BusinessTime(a + b), start, &calendar).unwrap().at;
        let half = due(LimitRule::BusinessTime(a), start, &calendar).unwrap().at;
        prop_assert_eq!(due(LimitRule::BusinessTime(b), half, &calendar).unwrap().at, whole);
    }

    /// X-2, D5: pauses and extensions never make a due time earlier; the clock that
    /// was stopped is stored, read and counted again alike.
    #[test]
    fn turns_never_make_it_earlier(
        calendar in any_calendar(), rule in any_rule(), start in any_start(), turns in any_turns(),
    ) {
        let mut clock = Clock::start(1, 1, &by_rule(rule), &calendar, start).unwrap();
        let dues = play(&mut clock, turns, &calendar);
        prop_assert!(dues.is_sorted(), "{dues:?}");
        prop_assert_eq!(clock.state(), ClockState::Running);
        prop_assert!(clock.warn_at.is_some_and(|warn| warn >= start && warn < clock.due_at));
        let stored = serde_json::to_string(&clock).unwrap();
        let mut read: Clock = serde_json::from_str(&stored).unwrap();
        prop_assert_eq!(&read, &clock);
        prop_assert_eq!(read.recompute(&calendar), Ok(None));
        prop_assert_eq!(read, clock);
    }

    /// X-2, D5: plain and working time that ran outside the pauses is the limit, no
    /// more and no less.
    #[test]
    fn time_outside_pauses_is_the_limit(
        start in any_start(), seconds in 1_u32..400_000, pause in 0_u32..400_000, length in 0_u32..900_000,
    ) {
        let calendar = WorkingCalendar::china();
        let mut clock = Clock::start(1, 1, &by_rule(LimitRule::Duration(seconds)), &calendar, start).unwrap();
        let from = later(start, pause % seconds);
        clock.pause(from, "customer".into()).unwrap();
        clock.resume(later(from, length), &calendar).unwrap();
        prop_assert_eq!(clock.due_at, later(start, seconds + length));
    }

    /// X-2, D5: the explanation ends at the stored due time and names each counted
    /// day or all the time that counted.
    #[test]
    fn explanations_agree(calendar in any_calendar(), rule in any_rule(), start in any_start(), turns in any_turns()) {
        let mut clock = Clock::start(1, 1, &by_rule(rule), &calendar, start).unwrap();
        let turns = turns.into_iter().filter(|turn| matches!(turn, Turn::Pause { .. })).collect();
        play(&mut clock, turns, &calendar);
        let steps = clock.explain(&calendar).unwrap().steps;
        prop_assert_eq!(steps.last(), Some(&Step::Due { at: clock.due_at }));
        let worked: i64 = steps.iter().map(|step| match step {
            Step::Worked { from, to } => to.micros() - from.micros(),
            _ => 0,
        }).sum();
        let counted = steps.iter().filter(|step| matches!(step, Step::Counted { .. })).count();
        let expected = match rule {
            LimitRule::EndOfSameDay | LimitRule::EndOfSameWorkingDay => (1, 0),
            LimitRule::WorkingDays(days) | LimitRule::Days(days) => (days as usize, 0),
            LimitRule::BusinessTime(seconds) | LimitRule::Duration(seconds) => (0, i64::from(seconds) * 1_000_000),
        };
        prop_assert_eq!((counted, worked), expected);
    }
}
