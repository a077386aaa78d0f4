use super::{clock, terms};
use crate::clock::{Clock, ClockKind, ExplainError, Explanation, Step};
use crate::locale::Locale;
use crate::time::tests::at;
use crate::time::{Notice, WorkingCalendar};

fn english(clock: &Clock) -> String {
    clock.explain(&WorkingCalendar::china()).unwrap().text(Locale::En)
}

/// D5, PROP-79: the explanation names day of receipt, holiday and counted days.
#[test]
fn the_holiday_and_each_day_are_named() {
    let clock = clock("2 working days", "2026-09-30T17:45");
    assert_eq!(
        english(&clock),
        "received Wed 30 Sept 17:45; two working days after that day (PROP-79); calendar CN v1; \
         1–7 Oct National Day; 8 Oct first; 9 Oct second; due Fri 9 Oct 24:00"
    );
    assert_eq!(
        clock.explain(&WorkingCalendar::china()).unwrap().text(Locale::ZhCn),
        "收到 9月30日（周三） 17:45；自次日起2个工作日内（PROP-79）；日历 CN 第1版；10月1日–7日 国庆节；\
         10月8日 第1日；10月9日 第2日；截止 10月9日（周五） 24:00"
    );
}

/// D5, X-5: weekends, make-up days and runs of days are told apart.
#[test]
fn weekends_and_make_up_days_are_told() {
    assert_eq!(
        english(&clock("3 working days", "2026-10-08T10:00")),
        "received Thu 8 Oct 10:00; three working days after that day (PROP-79); calendar CN v1; 9 Oct first; \
         10 Oct (worked for National Day) second; 11 Oct weekly rest; 12 Oct third; due Mon 12 Oct 24:00"
    );
    assert_eq!(
        english(&clock("13 working days", "2026-11-01T10:00")),
        "received Sun 1 Nov 10:00; 13 working days after that day (PROP-79); calendar CN v1; \
         2–6 Nov first to fifth; 7–8 Nov weekly rest; 9–13 Nov sixth to tenth; 14–15 Nov weekly rest; \
         16 Nov eleventh; 17 Nov twelfth; 18 Nov 13th; due Wed 18 Nov 24:00"
    );
}

/// PROP-75, D5: after closing the day does not count, and the text says so.
#[test]
fn after_closing_is_told() {
    assert_eq!(
        english(&clock("end of same working day", "2026-10-10T20:00")),
        "received Sat 10 Oct 20:00; by the end of the same working day, after closing of the next one (PROP-79); calendar CN v1; \
         10 Oct after closing, not counted; 11 Oct weekly rest; 12 Oct first; due Mon 12 Oct 24:00"
    );
}

/// X-2, D5: working time, pauses and extensions are told with their times.
#[test]
fn hours_pauses_and_extensions_are_told() {
    let calendar = WorkingCalendar::china();
    let mut clock = clock("2 business h", "2026-11-02T17:00");
    clock.pause(at("2026-11-02T17:30"), "waiting for the customer".into()).unwrap();
    clock.resume(at("2026-11-03T09:30"), &calendar).unwrap();
    clock.extend(at("2026-11-03T10:00"), at("2026-11-04T12:00"), "supplier".into(), &calendar).unwrap();
    assert_eq!(
        english(&clock),
        "received Mon 2 Nov 17:00; 2 h of working time (PROP-79); calendar CN v1; 2 Nov 17:00–17:30 30 min; \
         3 Nov 09:30–11:00 1 h 30 min; paused 2 Nov 17:30–3 Nov 09:30 (waiting for the customer); \
         extended on 3 Nov 10:00 to Wed 4 Nov 12:00 (supplier); due Wed 4 Nov 12:00"
    );
}

/// X-2, D5: a day lost to a pause is named.
#[test]
fn a_lost_day_is_told() {
    let mut clock = clock("1 working day", "2026-11-02T10:00");
    clock.pause(at("2026-11-03T10:00"), "customer".into()).unwrap();
    assert!(english(&clock).contains("paused since 3 Nov 10:00 (customer)"));
    clock.resume(at("2026-11-04T10:00"), &WorkingCalendar::china()).unwrap();
    assert!(
        english(&clock).contains("3 Nov paused, not counted; 4 Nov first; paused 3 Nov"),
        "{}",
        english(&clock)
    );
}

/// X-2, D5: beyond the known years the text says that the time is provisional.
#[test]
fn provisional_is_told() {
    let text = english(&clock("2 working days", "2026-12-30T10:00"));
    assert!(
        text.ends_with(
            "1 Jan 2027 second; provisional: days off after 2026 are not known yet; due Fri 1 Jan 2027 24:00"
        ),
        "{text}"
    );
}

/// PROP-37, PROP-64: a promise and the exempt week are told in their words.
#[test]
fn other_starts_are_told() {
    let mut week = terms("7 days");
    week.kind = ClockKind::Settle;
    let calendar = WorkingCalendar::china();
    let start = at("2026-11-02T10:00");
    let settle = Clock::start(1, 1, &week, &calendar, start).unwrap();
    assert!(english(&settle).starts_with("started Mon 2 Nov 10:00; seven days after that day"));
    let promise = Clock::agreed(1, 1, (&week, at("2026-11-02T16:00")), &calendar, start).unwrap();
    assert!(english(&promise).contains("agreed for Mon 2 Nov 16:00"), "{}", english(&promise));
}

/// X-2, D5: a clock is explained by the calendar version that counted it, no other.
#[test]
fn another_calendar_does_not_explain() {
    let clock = clock("2 working days", "2026-09-30T17:45");
    let notice = Notice::from_csv("date,name,off\n2027-01-01,元旦,1\n").unwrap();
    let next = WorkingCalendar::china().with_notice(&notice).unwrap();
    assert_eq!(clock.explain(&next), Err(ExplainError::OtherCalendar(clock.calendar.clone())));
}

/// X-2, D5: the steps travel to a screen and back; a long text stays short.
#[test]
fn steps_travel_and_texts_stay_short() {
    let clock = clock("900 business h", "2026-01-05T10:00");
    let explanation = clock.explain(&WorkingCalendar::china()).unwrap();
    let json = serde_json::to_string(&explanation).unwrap();
    assert_eq!(serde_json::from_str::<Explanation>(&json).unwrap(), explanation);
    assert!(explanation.steps.iter().filter(|step| matches!(step, Step::Worked { .. })).count() >= 100);
    for locale in Locale::ALL {
        let text = explanation.text(locale);
        assert!(text.contains('…') && text.len() < 2_000, "{text}");
    }
}
