use super::super::{Date, WorkingCalendar};
use super::date;
use sha2::{Digest, Sha256};
use std::path::Path;

/// Year, working days, days off and make-up days, counted from the notices
/// by another program.
const YEARS: [(i16, usize, usize, usize); 20] = [
    (2007, 249, 26, 7),
    (2008, 251, 27, 5),
    (2009, 250, 27, 6),
    (2010, 250, 29, 8),
    (2011, 250, 29, 6),
    (2012, 249, 27, 6),
    (2013, 250, 29, 12),
    (2014, 250, 22, 5),
    (2015, 249, 26, 5),
    (2016, 250, 24, 6),
    (2017, 249, 24, 5),
    (2018, 250, 25, 7),
    (2019, 250, 22, 6),
    (2020, 249, 30, 7),
    (2021, 250, 31, 7),
    (2022, 249, 32, 7),
    (2023, 249, 26, 7),
    (2024, 251, 28, 8),
    (2025, 248, 28, 5),
    (2026, 248, 33, 6),
];

/// SHA-256 over the lines `date,1` (off) and `date,0` (make-up) of all 678
/// special days in order, made from the notices by another program.
const TABLE: &str = "e6e97381355596ad9254945780932568db62b5a10ad72c5ef1765229a043bf5c";

fn days_of(year: i16) -> impl Iterator<Item = Date> {
    let first = Date::new(year, 1, 1).unwrap();
    std::iter::successors(Some(first), |day| day.next()).take_while(move |day| day.year() == year)
}

/// every year of the shipped table has the right number of days.
#[test]
fn every_year_counts() {
    let calendar = WorkingCalendar::china();
    for (year, work, off, made_up) in YEARS {
        let special = |off| calendar.specials(year).filter(|day| day.off == off).count();
        assert_eq!(days_of(year).filter(|day| calendar.is_working_day(*day)).count(), work, "{year}");
        assert_eq!((special(true), special(false)), (off, made_up), "{year}");
    }
}

/// the shipped table agrees day by day with the notices.
#[test]
fn the_whole_table_is_the_notices() {
    let calendar = WorkingCalendar::china();
    let lines: String = (2006..=2026)
        .flat_map(|year| calendar.specials(year))
        .map(|day| format!("{},{}\n", day.date, u8::from(day.off)))
        .collect();
    assert_eq!(lines.lines().count(), 678);
    let digest: String = Sha256::digest(lines.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, TABLE);
}

/// single days that are easy to get wrong, with their names.
#[test]
fn known_days() {
    let calendar = WorkingCalendar::china();
    let name = |day: &str| calendar.special(date(day)).map(|day| (day.off, day.name.en.as_str()));
    assert_eq!(name("2006-12-30"), Some((false, "New Year's Day")), "worked in the year before");
    assert_eq!(name("2007-12-31"), Some((true, "New Year's Day")));
    assert_eq!(name("2015-09-03"), Some((true, "Victory Day")));
    assert_eq!(name("2020-02-02"), Some((true, "Spring Festival")), "prolonged in 2020");
    assert_eq!(name("2022-12-31"), Some((true, "New Year's Day")));
    assert_eq!(name("2025-10-06"), Some((true, "National Day and Mid-Autumn Festival")));
    assert_eq!(name("2026-10-10"), Some((false, "National Day")));
    assert_eq!(name("2026-10-11"), None);
}

/// where the shared facts stand beside the checkout, as in CI, the table
/// and the worked examples agree with them line by line.
#[test]
fn agrees_with_the_shared_facts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cn-holidays");
    let Ok(text) = std::fs::read_to_string(folder.join("holidays_2007_2026.csv")) else {
        // The digest above holds the same facts; this finds which line differs.
        println!("shared facts do not stand beside this checkout; the digest was compared");
        return;
    };
    let calendar = WorkingCalendar::china();
    let notice = super::super::Notice::from_csv(&text).unwrap();
    for day in notice.days() {
        assert_eq!(calendar.special(day.date).map(|own| own.off), Some(day.off), "{}", day.date);
    }
    assert_eq!(notice.days().len(), calendar.days.len());
}
