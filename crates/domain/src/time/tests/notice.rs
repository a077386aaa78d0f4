use super::super::{CalendarError, Doubt, Notice, WorkingCalendar};
use super::{date, special};
use proptest::prelude::*;

const NEXT: &str = "date,name,off\n2026-12-27,元旦,0\n2027-01-01,元旦,1\n2027-01-02,元旦,1\n2027-01-03,元旦,1\n\
    2027-10-01,国庆节,1\n2027-10-02,国庆节,1\n2027-10-03,国庆节,1\n2027-10-04,国庆节,1\n2027-10-05,国庆节,1\n\
    2027-10-06,国庆节,1\n2027-10-07,国庆节,1\n2027-10-09,国庆节,0\n";

const NEXT_TOML: &str = r#"
[[holiday]]
name = "元旦"
from = 2027-01-01
to = "2027-01-03"
work = ["2026-12-27"]

[[holiday]]
name = { zh = "国庆节", en = "National Day" }
from = 2027-10-01
to = 2027-10-07
work = [2027-10-09]
"#;

/// D5, X-5: a new year joins the calendar as its next version.
#[test]
fn a_new_year_is_imported() {
    let notice = Notice::from_csv(NEXT).unwrap();
    assert_eq!(Notice::from_toml(NEXT_TOML).unwrap(), notice, "both forms say the same");
    let before = WorkingCalendar::china();
    let after = before.with_notice(&notice).unwrap();
    assert_eq!(after.reference().to_string(), "CN@2");
    assert!(!before.covers(date("2027-05-01")) && after.covers(date("2027-05-01")));
    assert!(after.is_working_day(date("2026-12-27")), "the eve is worked");
    assert!(!after.is_working_day(date("2027-01-01")));
    assert_eq!(after.special(date("2027-10-03")).unwrap().name.en, "National Day");
    assert!(!after.is_working_day(date("2026-10-01")), "the years before stay");
    assert_eq!(after.coverage_warning(date("2026-11-22")), None);
}

/// X-5, D5: a corrected notice replaces its year, regional days stay.
#[test]
fn a_corrected_year_replaces_the_first() {
    let mut parts = WorkingCalendar::china_parts();
    parts.regional = vec![special("2026-03-20", true)];
    let first = WorkingCalendar::new(parts).unwrap().with_notice(&Notice::from_csv(NEXT).unwrap()).unwrap();
    let corrected = Notice::from_csv("date,name,off\n2027-01-01,元旦,1\n").unwrap();
    let second = first.with_notice(&corrected).unwrap();
    assert_eq!(second.reference().version, 3);
    assert!(!second.is_working_day(date("2026-12-27")), "the eve of the first notice is gone");
    assert!(second.is_working_day(date("2027-10-01")));
    assert!(!second.is_working_day(date("2026-03-20")));
}

/// X-5, D5: a notice that leaves a year unknown is refused.
#[test]
fn gaps_are_refused() {
    let notice = Notice::from_csv("date,name,off\n2028-01-01,元旦,1\n").unwrap();
    assert_eq!(WorkingCalendar::china().with_notice(&notice), Err(CalendarError::Gap(2027)));
    let errors = Notice::from_csv("date,name,off\n2027-01-01,元旦,1\n2029-01-01,元旦,1\n").unwrap_err();
    assert_eq!(errors[0].to_string(), "file skips the year 2028");
}

/// X-5, D5: every wrong line of a file is told with its number.
#[test]
fn wrong_lines_are_told() {
    let text = "date,name,off\n2027-02-30,元旦,1\n2027-01-01,元旦,2\n2027-01-02,,1\n9999-01-01,元旦,1\n\
        2027-01-03,元旦,1\n2027-01-03,元旦,1\n2027-01-04\n";
    let errors: Vec<usize> = Notice::from_csv(text).unwrap_err().iter().map(|error| error.line).collect();
    assert_eq!(errors, [2, 3, 4, 5, 7, 8]);
    assert_eq!(Notice::from_csv("day,name,off\n").unwrap_err()[0].line, 1);
    assert!(Notice::from_csv("").is_err());
    let wrong = NEXT_TOML.replace("to = 2027-10-07", "to = 2026-10-07");
    assert_eq!(
        Notice::from_toml(&wrong).unwrap_err()[0].to_string(),
        "line 8: 2026-10-07 lies before 2027-10-01"
    );
    assert_eq!(Notice::from_toml("[[holiday]]\nnam = 1").unwrap_err()[0].line, 2);
    let long = NEXT_TOML.replace("to = 2027-10-07", "to = 2199-10-07");
    assert!(Notice::from_toml(&long).unwrap_err()[0].problem.contains("at most 60 days"));
}

/// X-5, D5: what looks unusual is said before an import.
#[test]
fn doubts_are_said() {
    let notice = Notice::from_csv("date,name,off\n2027-05-03,劳动节,0\n2027-05-04,劳动节,1\n").unwrap();
    let doubts = notice.doubts(&WorkingCalendar::china());
    assert_eq!(
        doubts,
        [
            Doubt::WorkedAnyway(date("2027-05-03")),
            Doubt::NoNewYear(2027),
            Doubt::UnusualCount { year: 2027, off: 1 }
        ]
    );
    assert_eq!(Notice::from_csv(NEXT).unwrap().doubts(&WorkingCalendar::china()), []);
}

proptest! {
    /// X-5, D5: a hostile file is refused, never a panic; what is read joins or is refused.
    #[test]
    fn any_file_is_read_or_refused(body in "(20[0-9]{2}-[01][0-9]-[0-3][0-9],[元旦\"节]{0,3},[012]\n){0,12}\\PC{0,30}") {
        if let Ok(notice) = Notice::from_csv(&format!("date,name,off\n{body}"))
            && let Ok(next) = WorkingCalendar::china().with_notice(&notice)
        {
            for day in notice.days() {
                prop_assert_eq!(next.is_working_day(day.date), !day.off);
            }
        }
        prop_assert!(Notice::from_toml(&body).is_err());
    }
}
