use super::super::{CalendarError, CoverageWarning, WorkingCalendar, Zone};
use super::{at, china_with, date, periods, special};

/// working days after a day up to another, holidays and make-up days in it.
#[test]
fn working_days_between_excludes_the_first_day() {
    let calendar = WorkingCalendar::china();
    let between = |from, to| calendar.working_days_between(date(from), date(to));
    assert_eq!(between("2026-09-30", "2026-10-09"), 2);
    assert_eq!(between("2026-09-30", "2026-10-10"), 3);
    assert_eq!(between("2026-10-01", "2026-10-07"), 0);
    assert_eq!(between("2026-11-02", "2026-11-02"), 0);
    assert_eq!(between("2026-11-03", "2026-11-02"), 0);
    assert_eq!(between("2026-01-01", "2026-12-31"), 248);
}

/// what falls on a free day is warned of on the working day before.
#[test]
fn last_working_day_before_a_free_day() {
    let calendar = WorkingCalendar::china();
    assert_eq!(calendar.working_day_up_to(date("2026-10-05")), Some(date("2026-09-30")));
    assert_eq!(calendar.working_day_up_to(date("2026-10-10")), Some(date("2026-10-10")));
    assert_eq!(calendar.working_day_up_to(date("2026-11-28")), Some(date("2026-11-27")));
}

/// a make-up day has its weekday's hours, or the make-up hours.
#[test]
fn make_up_days_have_hours() {
    let mut parts = china_with("09:00-12:00 13:30-18:00");
    parts.make_up = periods("10:00-15:00");
    parts.week.insert(super::super::Weekday::Sat, periods("09:00-12:00"));
    let calendar = WorkingCalendar::new(parts).unwrap();
    assert_eq!(calendar.periods(date("2026-10-10")), periods("09:00-12:00"), "Saturday's own hours");
    assert_eq!(calendar.periods(date("2026-09-20")), periods("10:00-15:00"), "a Sunday has none of its own");
    assert_eq!(calendar.periods(date("2026-10-01")), []);
    assert!(!calendar.is_working_time(at("2026-11-02T12:00")));
    assert!(calendar.is_working_time(at("2026-11-02T13:30")));
}

/// D5, X-5: what is left is counted in working time, pauses at noon, free days
/// and make-up days as the calendar has them.
#[test]
fn working_time_between_two_instants() {
    let calendar = WorkingCalendar::new(china_with("09:00-12:00 13:30-18:00")).unwrap();
    let hours = |from, to| calendar.working_seconds(at(from), at(to)).map(|seconds| seconds as f64 / 3600.0);
    assert_eq!(hours("2026-11-02T11:00", "2026-11-02T14:30"), Some(2.0), "noon does not count");
    assert_eq!(hours("2026-11-06T17:00", "2026-11-09T10:00"), Some(2.0), "nor does the weekend");
    assert_eq!(hours("2026-10-01T08:00", "2026-10-08T00:00"), Some(0.0));
    assert_eq!(hours("2026-11-02T14:30", "2026-11-02T14:30"), Some(0.0));
    assert_eq!(hours("2026-11-02T14:30", "2026-11-02T14:29"), None);
    assert_eq!(hours("2026-11-02T14:30", "2036-11-02T14:29"), None, "too far away to count");
}

/// a regional day wins over a national one and stays after an import.
#[test]
fn regional_days_win() {
    let mut parts = WorkingCalendar::china_parts();
    parts.name = "CN-XJ".into();
    parts.regional = vec![special("2026-03-20", true), special("2026-10-01", false)];
    let calendar = WorkingCalendar::new(parts).unwrap();
    assert!(!calendar.is_working_day(date("2026-03-20")));
    assert!(calendar.is_working_day(date("2026-10-01")));
    assert!(!calendar.is_working_day(date("2026-10-02")));
    assert_eq!(calendar.specials(2026).count(), 33 + 6 + 1);
    assert_eq!(calendar.reference().to_string(), "CN-XJ@1");
}

/// work over midnight belongs to the day on which it starts.
#[test]
fn night_shifts_reach_into_the_next_day() {
    let calendar = WorkingCalendar::new(china_with("22:00-06:00")).unwrap();
    assert!(calendar.is_working_time(at("2026-11-07T05:59:59")), "Friday's shift on Saturday");
    assert!(!calendar.is_working_time(at("2026-11-07T06:00")));
    assert!(!calendar.is_working_time(at("2026-11-07T23:00")), "no shift starts on Saturday");
    assert!(!calendar.is_working_time(at("2026-11-09T03:00")), "none came from Sunday");
}

/// parts that contradict themselves make no calendar.
#[test]
fn wrong_parts_are_refused() {
    let refused = |change: &dyn Fn(&mut super::super::CalendarParts)| {
        let mut parts = WorkingCalendar::china_parts();
        change(&mut parts);
        WorkingCalendar::new(parts).unwrap_err()
    };
    assert_eq!(refused(&|parts| parts.name = "中国".into()), CalendarError::Name);
    assert_eq!(refused(&|parts| parts.version = 0), CalendarError::Version);
    assert_eq!(refused(&|parts| parts.week.clear()), CalendarError::NoWork);
    assert_eq!(refused(&|parts| parts.make_up.clear()), CalendarError::NoWork);
    assert_eq!(
        refused(&|parts| parts.days.push(special("2026-10-01", true))),
        CalendarError::Twice(date("2026-10-01"))
    );
    assert_eq!(
        refused(&|parts| parts.days.push(special("2027-10-01", true))),
        CalendarError::Uncovered(date("2027-10-01"))
    );
    assert_eq!(refused(&|parts| parts.years.as_mut().unwrap().last = 2006), CalendarError::Years);
    let overlap =
        |hours: &str| matches!(WorkingCalendar::new(china_with(hours)), Err(CalendarError::Overlap(_, _)));
    assert!(overlap("09:00-12:00 11:00-13:00"));
    assert!(overlap("05:00-08:00 22:00-06:00"));
    assert!(!overlap("06:00-08:00 22:00-06:00"));
}

/// D5, X-5: what is stored comes back as it was, and wrong storage is refused.
#[test]
fn stored_form_round_trips() {
    let mut parts = china_with("08:30-12:00 14:00-17:30");
    parts.zone = Zone::named("Asia/Urumqi").unwrap();
    parts.regional = vec![special("2026-03-20", true)];
    let calendar = WorkingCalendar::new(parts).unwrap();
    let text = serde_json::to_string(&calendar).unwrap();
    assert_eq!(serde_json::from_str::<WorkingCalendar>(&text).unwrap(), calendar);
    let broken = text.replace("\"08:30-12:00\"", "\"08:30-15:00\"");
    assert!(serde_json::from_str::<WorkingCalendar>(&broken).unwrap_err().to_string().contains("overlap"));
}

/// X-5, D5: from 1 November the missing next year is warned of.
#[test]
fn missing_year_is_warned_of() {
    let calendar = WorkingCalendar::china();
    let missing = Some(CoverageWarning { last: 2026, missing: 2027 });
    assert_eq!(calendar.coverage_warning(date("2026-10-31")), None);
    assert_eq!(calendar.coverage_warning(date("2026-11-01")), missing);
    assert_eq!(calendar.coverage_warning(date("2027-03-01")), missing);
    let mut parts = WorkingCalendar::china_parts();
    (parts.years, parts.days) = (None, Vec::new());
    assert_eq!(WorkingCalendar::new(parts).unwrap().coverage_warning(date("2100-12-01")), None);
}
