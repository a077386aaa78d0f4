//! Periods and the dictionary; figures over whole lives stand with the case.

use super::*;
use crate::time::{Date, WorkingCalendar, Zone};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// the monthly report covers the 28th of the month before to the 27th.
#[test]
fn the_month_of_the_report_is_cut_on_the_28th() {
    let march = Period::report_month(2026, 3).unwrap();
    assert_eq!(march, Period { first: day("2026-02-28"), last: day("2026-03-27") });
    let january = Period::report_month(2026, 1).unwrap();
    assert_eq!(january, Period { first: day("2025-12-28"), last: day("2026-01-27") });
    let (from, to) = january.bounds(&Zone::shanghai());
    assert_eq!(from.to_string(), "2025-12-27T16:00:00Z");
    assert_eq!(to.to_string(), "2026-01-27T16:00:00Z", "the first instant after the 27th");
    assert!(january.contains(from, &Zone::shanghai()) && !january.contains(to, &Zone::shanghai()));
}

/// X-6, PROP-80: due on the 28th inclusive; not a working day: the working day before warns.
#[test]
fn a_due_day_that_is_no_working_day_is_told_before() {
    let calendar = WorkingCalendar::china();
    let due = |text: &str| Due::on(day(text), &calendar);
    // 28 November 2026 is a Saturday
    assert_eq!(due("2026-11-28"), Due { on: day("2026-11-28"), remind: day("2026-11-27") });
    assert_eq!(due("2026-10-28"), Due { on: day("2026-10-28"), remind: day("2026-10-28") });
}

/// contracts §4: every figure names its period.
#[test]
fn periods_are_read_as_people_write_them() {
    for (text, first, last) in [
        ("2026-10", "2026-10-01", "2026-10-31"),
        ("2026-q1", "2026-01-01", "2026-03-31"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-h1", "2026-01-01", "2026-06-30"),
        ("2026-H2", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-10-05", "2026-10-05", "2026-10-05"),
        ("2026-09-28..2026-10-27", "2026-09-28", "2026-10-27"),
        ("2024-01..2026-12", "2024-01-01", "2026-12-31"),
    ] {
        assert_eq!(period(text), Period { first: day(first), last: day(last) }, "{text}");
    }
    for wrong in [
        "",
        "2026-13",
        "2026-q5",
        "2026-q0",
        "2026-h3",
        "2026-h",
        "26-10",
        "2026-10..2026-09",
        "2026-10-",
        "2026-+1",
        "october",
    ] {
        assert!(wrong.parse::<Period>().is_err(), "{wrong}");
    }
}

/// PROP-96: vertical comparison is with the period of the same length before.
#[test]
fn the_period_before_has_the_same_length() {
    let before = |text: &str| period(text).before().unwrap().to_string();
    assert_eq!(before("2026-03"), "2026-02-01..2026-02-28");
    assert_eq!(before("2026-q1"), "2025-10-01..2025-12-31");
    assert_eq!(before("2026-02-28..2026-03-27"), "2026-01-28..2026-02-27");
    assert_eq!(before("2026-03-05..2026-03-06"), "2026-03-03..2026-03-04");
    let months = period("2025-12-28..2026-03-27").months();
    let named: Vec<String> = months.iter().map(|(month, _)| month.to_string()).collect();
    assert_eq!(named, ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(period("2024-01..2026-12").months().len(), 36);
    assert!(period("2026-10-05").months().is_empty());
}

/// PROP-95: the dictionary names unit, formula and source of every figure, once.
#[test]
fn the_dictionary_is_whole() {
    let mut names: Vec<&str> = METRICS.iter().map(|metric| metric.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), METRICS.len(), "a name stands twice");
    for metric in METRICS {
        assert!(
            !metric.zh.is_empty() && !metric.en.is_empty() && !metric.source.is_empty(),
            "{}",
            metric.name
        );
        let (list, whole) = (metric.formula.list(), metric.formula.whole());
        assert_eq!((list.of, list.dated), (whole.of, whole.dated), "{}: one kind of row", metric.name);
        let (all, none) = (list.test.all.bits(), list.test.none.bits());
        assert_eq!(all & none, 0, "{} asks for a fact and its opposite", metric.name);
        let share = metric.formula.is_share();
        assert_eq!(share, metric.unit == MetricUnit::Share, "{}", metric.name);
        let within = whole.test.all.bits() & all == whole.test.all.bits();
        assert!(within, "{}: the part lies in the whole", metric.name);
    }
    assert!(Mark::ALL.iter().all(|mark| (*mark as u8) < 62));
}

/// X-6, PROP-80, PROP-66, PROP-94: which period ended, and when its report is due.
#[test]
fn reports_know_their_period_and_due_day() {
    let ended = |kind: ReportKind, today: &str| kind.ended(day(today)).unwrap().to_string();
    let monthly = ReportKind::MonthlyAnalysis;
    assert_eq!(ended(monthly, "2026-10-27"), "2026-09-28..2026-10-27");
    assert_eq!(ended(monthly, "2026-10-26"), "2026-08-28..2026-09-27");
    assert_eq!(ended(monthly, "2026-10-31"), "2026-09-28..2026-10-27");
    assert_eq!(ended(monthly, "2026-12-28"), "2026-11-28..2026-12-27");
    assert_eq!(monthly.due(&period("2026-09-28..2026-10-27")), Some(day("2026-10-28")));
    assert_eq!(ended(ReportKind::QuarterlyLegacy, "2026-09-30"), "2026-07-01..2026-09-30");
    assert_eq!(ended(ReportKind::QuarterlyLegacy, "2026-11-15"), "2026-07-01..2026-09-30");
    assert_eq!(ended(ReportKind::QuarterlyAnalysis, "2026-02-01"), "2025-10-01..2025-12-31");
    assert_eq!(ended(ReportKind::DailyParts, "2026-10-01"), "2026-09-30..2026-09-30");
    let read = |kind: ReportKind, text: &str| kind.period(text, None).map(|period| period.to_string()).ok();
    assert_eq!(read(monthly, "2026-10").as_deref(), Some("2026-09-28..2026-10-27"));
    assert_eq!(read(monthly, "2026-q4"), None);
    assert_eq!(read(ReportKind::QuarterlyAnalysis, "2026-q4").as_deref(), Some("2026-10-01..2026-12-31"));
    assert_eq!(read(ReportKind::QuarterlyAnalysis, "2026-10"), None);
    assert_eq!(read(ReportKind::DailyParts, "2026-10-05").as_deref(), Some("2026-10-05..2026-10-05"));
    assert_eq!(monthly.period("2026-10", Some(1)).unwrap().to_string(), "2026-10-01..2026-10-31");
}
