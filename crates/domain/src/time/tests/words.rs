use super::super::{CalendarRef, Date, Period, Timestamp, Zone};
use super::{at, date};
use proptest::prelude::*;

/// a date is a day of the calendar between 1970 and 2199, else refused.
#[test]
fn dates_out_of_range_are_refused() {
    for wrong in ["0000-01-01", "1969-12-31", "2200-01-01", "9999-12-31"] {
        assert_eq!(
            Date::parse(wrong).unwrap_err().to_string(),
            "date_out_of_range: date must lie between the years 1970 and 2199"
        );
    }
    for wrong in
        ["2026-02-30", "2026-13-01", "2026-1-1", "26-01-01", "", "2026-01-01 ", "+026-01-01", "二〇二六"]
    {
        assert!(Date::parse(wrong).unwrap_err().to_string().contains("YYYY-MM-DD"), "{wrong}");
    }
    assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
    assert_eq!(date("2199-12-31").next(), None);
    assert_eq!(date("1970-01-01").previous(), None);
    assert_eq!(date("2026-12-31").plus_days(1), Some(date("2027-01-01")));
    assert_eq!(date("2026-12-31").plus_days(i32::MAX), None);
}

/// 24:00 of a day is the first instant of the next one.
#[test]
fn end_of_day_is_the_next_midnight() {
    let zone = Zone::shanghai();
    assert_eq!(zone.end_of(date("2026-10-09")), at("2026-10-10T00:00"));
    assert_eq!(zone.civil(at("2026-10-09T23:59:59")), (date("2026-10-09"), 86_399));
    assert_eq!(zone.rfc3339(zone.end_of(date("2026-10-09"))), "2026-10-10T00:00:00+08:00");
}

/// a local time is read in the calendar's zone, with an offset as it says.
#[test]
fn local_times_are_read() {
    let zone = Zone::shanghai();
    let same = Timestamp::parse("2026-09-30T17:30:00+08:00").unwrap();
    for text in
        ["2026-09-30T17:30", "2026-09-30 17:30:00", "2026-09-30T09:30:00Z", "2026-09-30T18:30:00+09:00"]
    {
        assert_eq!(zone.parse(text), Ok(same), "{text}");
    }
    for wrong in [
        "2026-09-30",
        "2026-09-30T24:00",
        "2026-09-30T17",
        "2026-09-30T17:60",
        "2026-09-31T10:00",
        "1969-09-30T10:00",
        "9999-09-30T10:00",
        "中文中文中文中文",
        "2026-09-30X17:30",
    ] {
        assert!(zone.parse(wrong).is_err(), "{wrong}");
    }
}

/// a zone that skips an hour still has every day's ends.
#[test]
fn other_zones_keep_their_changes_of_clocks() {
    let zone = Zone::named("Europe/Berlin").unwrap();
    let day = date("2026-03-29");
    let length = zone.end_of(day).micros() - zone.start_of(day).micros();
    assert_eq!(length, 23 * 3_600_000_000);
    assert!(Zone::named("Mars/Olympus").is_err());
}

/// periods are read and written alike, over midnight too.
#[test]
fn periods_are_read() {
    for text in ["09:00-18:00", "22:00-06:00", "00:00-24:00", "13:30:30-14:00"] {
        assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
    }
    for wrong in
        ["9-18", "09:00", "09:00-09:00", "24:00-06:00", "09:00-24:30", "25:00-26:00", "09:60-10:00", "-"]
    {
        assert!(wrong.parse::<Period>().is_err(), "{wrong}");
    }
}

/// a calendar is named with its version.
#[test]
fn references_are_read() {
    assert_eq!("CN-XJ@12".parse::<CalendarRef>().unwrap().to_string(), "CN-XJ@12");
    for wrong in ["CN", "CN@0", "CN@-1", "@1", "C N@1", "CN@99999999999", "CN@1@2"] {
        assert!(wrong.parse::<CalendarRef>().is_err(), "{wrong}");
    }
}

proptest! {
    /// whatever is written, reading a time or a period never fails badly.
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
        if let Ok(found) = Zone::shanghai().parse(&text) {
            prop_assert!(found < Timestamp::END);
        }
        if let Ok(found) = text.parse::<Period>() {
            prop_assert!(found.from() < found.to());
        }
    }

    /// every instant is found again by its date and time of day.
    #[test]
    fn civil_time_round_trips(seconds in 700_000_000_i64..7_258_000_000) {
        let zone = Zone::shanghai();
        let instant = Timestamp::from_micros(seconds * 1_000_000);
        let (day, time) = zone.civil(instant);
        prop_assert_eq!(zone.at(day, time), instant);
    }
}
