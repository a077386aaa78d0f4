use super::{clock, local};
use crate::clock::{DueError, LimitRule, due};
use crate::time::tests::{at, china_with, date};
use crate::time::{CalendarParts, Timestamp, WorkingCalendar, Zone};
use std::path::Path;

fn check(rule: &str, cases: &[(&str, &str)]) {
    for (from, expected) in cases {
        assert_eq!(local(clock(rule, from).due_at), *expected, "{rule} from {from}");
    }
}

/// X-4, PROP-79: the same day means up to 24:00 of the calendar day.
#[test]
fn same_day_is_literal() {
    check(
        "end of same day",
        &[
            ("2026-09-30T17:45", "2026-10-01T00:00:00"),
            ("2026-09-30T23:50", "2026-10-01T00:00:00"),
            ("2026-10-01T00:00", "2026-10-02T00:00:00"),
            ("2026-10-03T10:00", "2026-10-04T00:00:00"),
        ],
    );
}

/// PROP-75, X-4: online, out of working hours it is the day on which work resumes.
#[test]
fn same_working_day_waits_for_work() {
    check(
        "end of same working day",
        &[
            ("2026-09-30T17:59:59", "2026-10-01T00:00:00"),
            ("2026-09-30T18:00", "2026-10-09T00:00:00"),
            ("2026-09-30T07:00", "2026-10-01T00:00:00"),
            ("2026-10-03T10:00", "2026-10-09T00:00:00"),
            ("2026-10-09T20:00", "2026-10-11T00:00:00"),
            ("2026-10-10T20:00", "2026-10-13T00:00:00"),
        ],
    );
}

/// PROP-75: in the lunch break work resumes the same day; a night shift is work.
#[test]
fn same_working_day_with_breaks_and_nights() {
    let due_by = |hours: &str, from: &str| {
        let calendar = WorkingCalendar::new(china_with(hours)).unwrap();
        local(due(LimitRule::EndOfSameWorkingDay, at(from), &calendar).unwrap().at)
    };
    assert_eq!(due_by("09:00-12:00 13:30-18:00", "2026-11-02T12:30"), "2026-11-03T00:00:00");
    assert_eq!(due_by("22:00-06:00", "2026-11-07T05:00"), "2026-11-08T00:00:00", "Saturday, Friday's shift");
    assert_eq!(due_by("22:00-06:00", "2026-11-07T06:00"), "2026-11-10T00:00:00", "Monday evening's shift");
}

/// PROP-79, X-5: working days exclude the day of receipt, whatever its hour.
#[test]
fn working_days_exclude_the_day_of_receipt() {
    check(
        "2 working days",
        &[
            ("2026-09-30T17:45", "2026-10-10T00:00:00"),
            ("2026-09-30T00:00", "2026-10-10T00:00:00"),
            ("2026-10-05T12:00", "2026-10-10T00:00:00"),
            ("2026-10-09T23:59:59", "2026-10-13T00:00:00"),
            ("2026-11-06T10:00", "2026-11-11T00:00:00"),
            ("2025-12-31T17:00", "2026-01-06T00:00:00"),
        ],
    );
}

/// PROP-82, PROP-17: one working day, over a weekend and to a make-up Saturday.
#[test]
fn one_working_day() {
    check(
        "1 working day",
        &[("2026-11-06T10:00", "2026-11-10T00:00:00"), ("2026-10-09T10:00", "2026-10-11T00:00:00")],
    );
}

/// PROP-64, PROP-84: a week is seven days after the day, to its end.
#[test]
fn a_week_is_seven_days() {
    check("7 days", &[("2026-09-30T10:00", "2026-10-08T00:00:00")]);
    check("1 week", &[("2026-09-30T10:00", "2026-10-08T00:00:00")]);
    check("2 weeks", &[("2024-02-20T10:00", "2024-03-06T00:00:00")]);
}

/// plain hours and minutes run through nights and holidays.
#[test]
fn plain_durations() {
    check("24 h", &[("2026-09-30T17:45:10", "2026-10-01T17:45:10")]);
    check("15 min", &[("2026-12-31T23:50", "2027-01-01T00:05:00")]);
}

/// business hours run in working time only, exact to the second.
#[test]
fn business_hours() {
    check(
        "16 business hours",
        &[
            ("2026-09-30T17:30", "2026-10-09T15:30:00"),
            ("2026-09-30T08:00", "2026-10-08T16:00:00"),
            ("2026-10-09T10:00:01", "2026-10-10T17:00:01"),
        ],
    );
    check(
        "9 business hours",
        &[
            ("2026-11-02T03:00", "2026-11-02T18:00:00"),
            ("2026-11-02T09:00", "2026-11-02T18:00:00"),
            ("2026-11-02T18:00", "2026-11-03T18:00:00"),
            ("2026-11-06T18:00:01", "2026-11-09T18:00:00"),
        ],
    );
    check("90 business min", &[("2026-11-02T17:00", "2026-11-03T09:30:00")]);
}

/// lunch breaks and nights are not and are working time.
#[test]
fn business_hours_with_breaks_and_nights() {
    let due_by = |hours: &str, from: &str, rule: &str| {
        let calendar = WorkingCalendar::new(china_with(hours)).unwrap();
        local(due(rule.parse().unwrap(), at(from), &calendar).unwrap().at)
    };
    assert_eq!(due_by("09:00-12:00 13:30-18:00", "2026-11-02T11:00", "2 business h"), "2026-11-02T14:30:00");
    assert_eq!(due_by("09:00-12:00 13:30-18:00", "2026-11-02T12:15", "3 business h"), "2026-11-02T16:30:00");
    assert_eq!(due_by("22:00-06:00", "2026-11-06T23:00", "10 business h"), "2026-11-10T01:00:00");
    assert_eq!(due_by("22:00-06:00", "2026-11-07T05:00", "1 business h"), "2026-11-07T06:00:00");
}

/// X-2, D5: beyond the last known year Monday to Friday counts, marked provisional.
#[test]
fn beyond_the_table_is_provisional() {
    let known = clock("2 working days", "2026-12-28T10:00");
    assert!(!known.provisional);
    let beyond = clock("2 working days", "2026-12-30T10:00");
    assert_eq!((local(beyond.due_at).as_str(), beyond.provisional), ("2027-01-02T00:00:00", true));
    assert!(clock("16 business h", "2026-12-31T10:00").provisional);
    assert!(!clock("24 h", "2026-12-31T10:00").provisional, "no working day was counted");
    let parts = CalendarParts { years: None, days: Vec::new(), ..WorkingCalendar::china_parts() };
    let weekly = WorkingCalendar::new(parts).unwrap();
    assert!(!due(LimitRule::WorkingDays(2), at("2100-12-30T10:00"), &weekly).unwrap().provisional);
}

/// X-2, D5: what leaves the range of dates is an error, soon.
#[test]
fn out_of_range_is_an_error() {
    let calendar = WorkingCalendar::china();
    let last = at("2199-12-31T10:00");
    for rule in ["1 working day", "1 day", "100 business hours", "48 h"] {
        assert_eq!(due(rule.parse().unwrap(), last, &calendar), Err(DueError::OutOfRange), "{rule}");
    }
    let rules =
        [LimitRule::WorkingDays(u32::MAX), LimitRule::Days(u32::MAX), LimitRule::BusinessTime(u32::MAX)];
    for rule in rules {
        assert_eq!(due(rule, at("2100-01-01T10:00"), &calendar), Err(DueError::OutOfRange));
    }
    for micros in [i64::MIN, -1_000_000_000_000, i64::MAX] {
        let start = Timestamp::from_micros(micros);
        assert_eq!(due(LimitRule::EndOfSameDay, start, &calendar), Err(DueError::OutOfRange));
        assert_eq!(due(LimitRule::Duration(60), start, &calendar), Err(DueError::OutOfRange));
    }
}

/// where the worked examples stand beside the checkout, all are exact.
#[test]
fn agrees_with_the_worked_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cn-holidays");
    let Ok(text) = std::fs::read_to_string(folder.join("sla_examples.csv")) else {
        // The slow reference in this folder proves the same definitions.
        println!("worked examples do not stand beside this checkout");
        return;
    };
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [start, days, due_date, hours, due_time, _] = cells[..] else { panic!("{line}") };
        let by_days = clock(&format!("{days} working days"), start).due_at;
        assert_eq!(by_days, Zone::shanghai().end_of(date(due_date)), "{line}");
        let by_hours = clock(&format!("{hours} business hours"), start).due_at;
        assert_eq!(by_hours, at(due_time), "{line}");
    }
    assert_eq!(text.lines().count(), 61);
}
