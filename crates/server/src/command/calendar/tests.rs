use super::{CalendarCommand, Counting, run};
use crate::outcome::Usage;
use clap::Parser;
use huiyin_domain::time::WorkingCalendar;
use std::path::PathBuf;

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: CalendarCommand,
}

/// Runs a command line; gives what it wrote, or its error.
fn calendar(line: &[&str]) -> anyhow::Result<String> {
    let line = Line::try_parse_from([&["calendar"], line].concat())?;
    let mut out = Vec::new();
    let done = run(&line.command, &WorkingCalendar::china(), &mut out);
    let text = String::from_utf8(out)?;
    done.map(|()| text)
}

fn due(from: &str, limit: [&str; 2]) -> anyhow::Result<String> {
    calendar(&["due", "--from", from, limit[0], limit[1], "--language", "en"])
}

fn file(folder: &tempfile::TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// Runs batch; gives what it wrote in any case, and its error.
fn batch(content: &[u8]) -> (String, Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let rows = file(&folder, "rows.csv", content);
    let command = CalendarCommand::Batch { file: rows, counting: Counting::default() };
    let mut out = Vec::new();
    let done = run(&command, &WorkingCalendar::china(), &mut out);
    (String::from_utf8(out).unwrap(), done.err().map(|error| format!("{error:#}")))
}

/// X-5, D5: the due time stands first, its explanation follows.
#[test]
fn due_prints_time_and_explanation() {
    let text = due("2026-09-30T17:30", ["--working-days", "2"]).unwrap();
    assert_eq!(
        text,
        "2026-10-09 24:00:00\nreceived Wed 30 Sept 17:30; two working days after that day; calendar CN v1; \
         1–7 Oct National Day; 8 Oct first; 9 Oct second; due Fri 9 Oct 24:00\n"
    );
    let hours = due("2026-09-30T17:30", ["--business-hours", "16"]).unwrap();
    assert!(hours.starts_with("2026-10-09 15:30:00\n"), "{hours}");
    let half = due("2026-11-02T17:45", ["--business-hours", "0.5"]).unwrap();
    assert!(half.starts_with("2026-11-03 09:15:00\n"), "{half}");
    let rule = due("2026-10-10T20:00", ["--rule", "end of same working day"]).unwrap();
    assert!(rule.starts_with("2026-10-12 24:00:00\n"), "{rule}");
}

/// X-5, D5: both languages unless one is asked for.
#[test]
fn due_speaks_both_languages() {
    let text = calendar(&["due", "--from", "2026-09-30T17:30", "--working-days", "2"]).unwrap();
    assert_eq!(text.lines().count(), 3);
    assert!(text.contains("收到") && text.contains("received"));
}

/// X-5, D5: JSON carries the steps, the stored due instant and the last day.
#[test]
fn due_prints_json() {
    let line = ["due", "--from", "2026-12-30T17:30", "--working-days", "2", "--json"];
    let answer: serde_json::Value = serde_json::from_str(&calendar(&line).unwrap()).unwrap();
    assert_eq!(answer["due_at"], "2027-01-02T00:00:00+08:00");
    assert_eq!(answer["due_date"], "2027-01-01");
    assert_eq!(answer["provisional"], true);
    assert_eq!(answer["explanation"]["steps"][0]["step"], "started");
    assert!(answer["text"]["zh-CN"].as_str().unwrap().contains("暂定"));
}

/// wrong input ends in a clear refusal of the command line.
#[test]
fn due_refuses_wrong_input() {
    let refused = |from: &str, limit: [&str; 2]| {
        let error = due(from, limit).unwrap_err();
        assert!(error.is::<Usage>(), "{error:#}");
        format!("{error:#}")
    };
    let good = "2026-09-30T17:30";
    for from in ["0000-01-01T00:00", "9999-12-31T00:00", "1969-12-31T23:59"] {
        let text = refused(from, ["--working-days", "1"]);
        assert!(text.contains("between the years 1970 and 2199"), "{text}");
    }
    for from in ["2026-02-30T10:00", "yesterday", "", "2026-09-30", "-1"] {
        refused(from, ["--working-days", "1"]);
    }
    for days in ["0", "-1", "2601", "99999999999999999999", "1.5", "two", ""] {
        let text = refused(good, ["--working-days", days]);
        assert!(text.contains("whole number from 1 to 2600"), "{text}");
    }
    for hours in ["0", "-1", "999999999", "1e3", "0.0001", "99999999999999999999999", "NaN", "."] {
        let text = refused(good, ["--business-hours", hours]);
        assert!(text.contains("business hours must be"), "{text}");
    }
    assert!(refused(good, ["--rule", "2 workingdays"]).contains("did you mean \"2 working days\""));
    let text = format!("{:#}", due("2199-12-31T10:00", ["--working-days", "2"]).unwrap_err());
    assert_eq!(text, "due time would lie outside the years 1970 to 2199");
    assert!(calendar(&["due", "--from", good]).is_err(), "a limit is needed");
    let both = ["due", "--from", good, "--working-days", "1", "--business-hours", "1"];
    assert!(calendar(&both).is_err(), "and only one");
}

/// rows come back as they were, with both columns filled.
#[test]
fn batch_fills_rows() {
    let rows =
        "start,working_days,business_hours,note\n2026-09-30 17:30:00,2,16,a\n2026-11-06T18:00,1,,\"b, c\"\n";
    let filled = "start,working_days,due_date_after_working_days,business_hours,due_after_business_hours,note\n\
        2026-09-30 17:30:00,2,2026-10-09,16,2026-10-09 15:30:00,a\n\
        2026-11-06T18:00,1,2026-11-09,,,\"b, c\"\n";
    assert_eq!(batch(rows.as_bytes()), (filled.to_owned(), None));
}

/// columns that stand there already are filled in place; mark and line
/// endings of other systems are understood.
#[test]
fn batch_fills_columns_in_place() {
    let rows = "\u{feff}due_after_business_hours,start,business_hours,working_days,due_date_after_working_days\r\n\
        old,2026-11-02 17:00:00,2,1,old\r\n";
    let filled = "due_after_business_hours,start,business_hours,working_days,due_date_after_working_days\r\n\
        2026-11-03 10:00:00,2026-11-02 17:00:00,2,1,2026-11-03\r\n";
    assert_eq!(batch(rows.as_bytes()), (filled.to_owned(), None));
}

/// a wrong row stays with empty cells, the others are filled, and the
/// error names lines.
#[test]
fn batch_names_wrong_rows() {
    let rows = "start,working_days,business_hours\n0000-01-01 00:00:00,1,1\n2026-11-02 10:00:00,-1,1\n\
        2026-11-02 10:00:00,1,1\n";
    let (out, error) = batch(rows.as_bytes());
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines[1], "0000-01-01 00:00:00,1,,1,");
    assert_eq!(lines[2], "2026-11-02 10:00:00,-1,,1,2026-11-02 11:00:00");
    assert_eq!(lines[3], "2026-11-02 10:00:00,1,2026-11-03,1,2026-11-02 11:00:00");
    let error = error.unwrap();
    assert!(error.contains("2 wrong cells") && error.contains("line 2: start"), "{error}");
    assert!(error.contains("line 3: working days must be"), "{error}");
}

/// X-5, contracts §5: Chinese tables come in GB18030 as well; they go out in
/// UTF-8, with the line endings that they had.
#[test]
fn batch_reads_chinese_tables() {
    let rows = "start,working_days,business_hours,备注\r\n2026-11-02 10:00:00,1,1,“加急，王经理”\r\n";
    let filled = "start,working_days,due_date_after_working_days,business_hours,due_after_business_hours,备注\r\n\
        2026-11-02 10:00:00,1,2026-11-03,1,2026-11-02 11:00:00,“加急，王经理”\r\n";
    // 备注 and “加急，王经理” in GB18030
    let mut gb = b"start,working_days,business_hours,\xb1\xb8\xd7\xa2\r\n2026-11-02 10:00:00,1,1,".to_vec();
    gb.extend(b"\xa1\xb0\xbc\xd3\xbc\xb1\xa3\xac\xcd\xf5\xbe\xad\xc0\xed\xa1\xb1\r\n");
    assert_eq!(batch(rows.as_bytes()), (filled.to_owned(), None));
    assert_eq!(batch(&gb), (filled.to_owned(), None));
}

/// what the definitions leave no doubt about, at the edges of a day, of
/// its hours, of make-up days, of years and of numbers.
#[test]
fn batch_is_exact_at_the_edges() {
    for (row, due_date, due_time) in [
        // at and around opening and closing
        ("2026-11-02 08:59:59,1,9", "2026-11-03", "2026-11-02 18:00:00"),
        ("2026-11-02 09:00:00,1,9", "2026-11-03", "2026-11-02 18:00:00"),
        ("2026-11-02 09:00:01,1,9", "2026-11-03", "2026-11-03 09:00:01"),
        ("2026-11-02 17:59:59,1,0.5", "2026-11-03", "2026-11-03 09:29:59"),
        ("2026-11-02 18:00:00,1,9", "2026-11-03", "2026-11-03 18:00:00"),
        // lunch is working time, midnight belongs to the new day
        ("2026-11-02 12:00:00,1,1", "2026-11-03", "2026-11-02 13:00:00"),
        ("2026-11-02 23:59:59,1,18", "2026-11-03", "2026-11-04 18:00:00"),
        ("2026-11-03 00:00:00,1,18", "2026-11-04", "2026-11-04 18:00:00"),
        // Saturday 10 October 2026 makes up, Sunday does not
        ("2026-10-09 17:00:00,1,2", "2026-10-10", "2026-10-10 10:00:00"),
        ("2026-10-10 17:00:00,1,2", "2026-10-12", "2026-10-12 10:00:00"),
        ("2026-10-11 12:00:00,1,9", "2026-10-12", "2026-10-12 18:00:00"),
        // over the longest rest, over a year's end, on 29 February
        ("2026-09-30 18:00:00,1,1", "2026-10-08", "2026-10-08 10:00:00"),
        ("2024-02-29 10:00:00,1,9", "2024-03-01", "2024-03-01 10:00:00"),
        ("2025-12-31 17:30:00,2,1", "2026-01-05", "2026-01-04 09:30:00"),
        // the last days of 2006 make up for the first of 2007
        ("2006-12-29 17:00:00,1,2", "2006-12-30", "2006-12-30 10:00:00"),
        // beyond the last known year the week alone counts
        ("2027-10-01 10:00:00,1,9", "2027-10-04", "2027-10-04 10:00:00"),
        // fractions that make whole seconds
        ("2026-11-02 09:00:00,10,0.25", "2026-11-16", "2026-11-02 09:15:00"),
        ("2026-11-02 09:00:00,10,1.000277", "", ""),
        // the night in which other zones change their clocks
        ("2026-03-29 01:30:00,1,1", "2026-03-30", "2026-03-30 10:00:00"),
        // an instant with an offset is the same instant here
        ("2026-11-02T01:00:00Z,1,1", "2026-11-03", "2026-11-02 10:00:00"),
        // one limit alone
        ("2026-11-02 09:00:00,,1", "", "2026-11-02 10:00:00"),
        ("2026-11-02 09:00:00,1,", "2026-11-03", ""),
        ("2026-11-02 09:00:00,,", "", ""),
    ] {
        let (out, error) = batch(format!("start,working_days,business_hours\n{row}\n").as_bytes());
        let filled = out.lines().nth(1).unwrap_or_default();
        let cells: Vec<&str> = filled.split(',').collect();
        if row.contains("1.000277") {
            assert!(error.is_some_and(|error| error.contains("whole seconds")), "{row}");
            continue;
        }
        assert_eq!((cells[2], cells[4], error), (due_date, due_time, None), "{row}");
    }
}

/// nothing is guessed; what cannot be counted is named with its line.
#[test]
fn batch_names_what_cannot_be_counted() {
    for (row, what) in [
        (",1,1", "start \"\""),
        ("2026-11-02,1,1", "start \"2026-11-02\""),
        ("2026-13-01 09:00:00,1,1", "start"),
        ("2026-02-29 09:00:00,1,1", "start"),
        ("2026-11-02 24:00:01,1,1", "start"),
        ("2026-11-02 09:00:00,0,", "working days must be"),
        ("2026-11-02 09:00:00,1.5,", "working days must be"),
        ("2026-11-02 09:00:00,2601,", "working days must be"),
        ("2026-11-02 09:00:00,,0", "business hours must be"),
        ("2026-11-02 09:00:00,,-1", "business hours must be"),
        ("2026-11-02 09:00:00,,1h", "business hours must be"),
        ("2199-12-31 09:00:00,2,", "outside the years"),
    ] {
        let rows = format!("start,working_days,business_hours\n2026-11-02 10:00:00,1,1\n\n{row}\n");
        let (out, error) = batch(rows.as_bytes());
        let error = error.unwrap_or_default();
        assert!(error.contains("1 wrong cells") && error.contains("line 4: "), "{row} {error}");
        assert!(error.contains(what), "{row} {error}");
        assert!(out.contains("2026-11-02 10:00:00,1,2026-11-03,1,2026-11-02 11:00:00"), "{out}");
    }
}

/// many rows, counted again second by second by what the definitions say
/// and nothing else: a list of days off and two loops.
#[test]
fn batch_agrees_with_a_slow_count() {
    let calendar = WorkingCalendar::china();
    let mut special = std::collections::BTreeMap::new();
    for day in (2007..=2026).flat_map(|year| calendar.specials(year)) {
        special.insert(day.date.to_string(), day.off);
    }
    let mut chance = 20_261_126_u64;
    let mut next = |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chance >> 33) % below
    };
    let mut rows = String::from("start,working_days,business_hours\n");
    let mut expected = Vec::new();
    for _ in 0..400 {
        // 2007-01-01 to the end of 2027, edges of the hours oftener than chance brings them
        let day = Slow(13_514 + next(7_670) as i64);
        let edge = [0, 32_399, 32_400, 43_200, 64_799, 64_800, 86_399][next(7) as usize];
        let second = if next(3) == 0 { edge } else { next(86_400) as i64 };
        let (days, quarters) = (1 + next(15) as i64, 1 + next(200) as i64);
        rows.push_str(&format!("{},{days},{}\n", day.at(second), quarters as f64 / 4.0));
        expected.push((day.after_days(days, &special), day.after_time(second, quarters * 900, &special)));
    }
    let (out, error) = batch(rows.as_bytes());
    assert_eq!(error, None);
    let lines: Vec<Vec<&str>> = out.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(lines.len(), expected.len());
    for (cells, (due_date, due_time)) in lines.iter().zip(&expected) {
        assert_eq!((cells[2], cells[4]), (due_date.as_str(), due_time.as_str()), "{cells:?}");
    }
}

/// A day as the number of days since 1970, counted without the product.
#[derive(Clone, Copy)]
struct Slow(i64);

impl Slow {
    fn date(self) -> String {
        let (mut year, mut left) = (1970, self.0);
        let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        while left >= 365 + i64::from(leap(year)) {
            left -= 365 + i64::from(leap(year));
            year += 1;
        }
        let mut month = 0;
        let lengths = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        while left >= lengths[month] {
            left -= lengths[month];
            month += 1;
        }
        format!("{year:04}-{:02}-{:02}", month + 1, left + 1)
    }

    fn at(self, second: i64) -> String {
        format!("{} {:02}:{:02}:{:02}", self.date(), second / 3600, second / 60 % 60, second % 60)
    }

    fn works(self, special: &std::collections::BTreeMap<String, bool>) -> bool {
        // 1970-01-01 was a Thursday: 2 and 3 are Saturday and Sunday
        let weekend = matches!(self.0 % 7, 2 | 3);
        special.get(&self.date()).map_or(!weekend, |off| !off)
    }

    fn after_days(self, days: i64, special: &std::collections::BTreeMap<String, bool>) -> String {
        let (mut day, mut left) = (self, days);
        while left > 0 {
            day = Self(day.0 + 1);
            left -= i64::from(day.works(special));
        }
        day.date()
    }

    fn after_time(
        self,
        second: i64,
        seconds: i64,
        special: &std::collections::BTreeMap<String, bool>,
    ) -> String {
        let (mut day, mut second, mut left) = (self, second, seconds);
        loop {
            if day.works(special) {
                second = second.max(32_400);
                while second < 64_800 {
                    second += 1;
                    left -= 1;
                    if left == 0 {
                        return day.at(second);
                    }
                }
            }
            (day, second) = (Self(day.0 + 1), 0);
        }
    }
}

/// a file that is not such a table is refused.
#[test]
fn batch_refuses_other_files() {
    let refused = |content: &[u8]| batch(content).1.unwrap();
    assert!(refused(b"begin,working_days,business_hours\n").contains("column \"start\" is missing"));
    assert!(refused(b"").contains("header"), "{}", refused(b""));
    let twice = refused(b"start,start,working_days,business_hours\n");
    assert!(twice.contains("start"), "{twice}");
    let utf16 = refused(b"\xff\xfes\0t\0a\0r\0t\0");
    assert!(utf16.contains("UTF-16"), "{utf16}");
    let broken = refused(b"start,working_days,business_hours\n\xff\xfe,1,1\n");
    assert!(broken.contains("line 2: "), "{broken}");
    let short = refused(b"start,working_days,business_hours\n2026-11-02 10:00:00,1\n");
    assert!(short.contains("line 2: business_hours"), "{short}");
    let long = refused(b"start,working_days,business_hours\n2026-11-02 10:00:00,1,1,1\n");
    assert!(long.contains("line 2: "), "{long}");
    assert!(calendar(&["batch", "no-such-file.csv"]).unwrap_err().to_string().contains("cannot open"));
}

/// X-5, D5: a year is listed with its names; an unknown one is provisional.
#[test]
fn show_lists_a_year() {
    let text = calendar(&["show", "2026"]).unwrap();
    assert!(
        text.starts_with("CN@1 2026 Asia/Shanghai: 248 working days, 33 days off, 6 make-up working days\n")
    );
    assert!(text.contains("2026-10-01..2026-10-07   off  国庆节 National Day\n"), "{text}");
    assert!(text.contains("2026-10-10               work 国庆节 National Day\n"), "{text}");
    assert!(calendar(&["show", "2027"]).unwrap().contains("provisional"));
    for year in ["0", "9999", "-5", "1969", "2200", "next"] {
        assert!(calendar(&["show", year]).unwrap_err().is::<Usage>(), "{year}");
    }
}

/// X-5, D5: a file of days off is checked before it is imported.
#[test]
fn check_reads_a_notice() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, content: &[u8]| {
        let path = file(&folder, name, content);
        let mut out = Vec::new();
        let done = run(&CalendarCommand::Check { file: path }, &WorkingCalendar::china(), &mut out);
        done.map(|()| String::from_utf8(out).unwrap()).map_err(|error| format!("{error:#}"))
    };
    let text = check("2027.csv", "date,name,off\n2027-01-01,元旦,1\n".as_bytes()).unwrap();
    assert!(text.contains("2027-01-01               off  元旦 New Year's Day"), "{text}");
    assert!(text.contains("warning: 2027 lists 1 days off"), "{text}");
    assert!(text.contains("years 2027 to 2027 are sound; import makes CN@2"), "{text}");
    let toml = "[[holiday]]\nname = \"元旦\"\nfrom = 2027-01-01\nto = 2027-01-03\n";
    assert!(check("2027.TOML", toml.as_bytes()).unwrap().contains("2027-01-01..2027-01-03"));
    assert!(
        check("2028.csv", "date,name,off\n2028-01-01,元旦,1\n".as_bytes())
            .unwrap_err()
            .contains("2027 is missing")
    );
    assert!(
        check("bad.csv", "date,name,off\n2027-02-30,元旦,1\n".as_bytes()).unwrap_err().contains("line 2: ")
    );
    assert!(check("bad.csv", b"date,name,off\n\xff,x,1\n").unwrap_err().contains("must be UTF-8"));
    assert!(check("days.txt", b"").unwrap_err().contains("must end in .csv or .toml"));
}
