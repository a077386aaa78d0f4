//! A yearly notice of days off, read from a file and joined to a calendar.

use super::calendar::{CalendarError, CalendarParts, DayName, SpecialDay, WorkingCalendar, Years};
use super::{Date, cn};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The longest holiday that a file may name, in days.
const LONGEST: usize = 60;
/// The longest name of a holiday, in characters.
const LONGEST_NAME: usize = 60;
/// The largest file that is read, in bytes.
const LARGEST: usize = 4 << 20;

/// Days off and make-up working days of one or several years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    days: Vec<SpecialDay>,
    years: Years,
}

/// Why a file is not a notice; every wrong line is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", place(*line))]
pub struct NoticeError {
    /// Line of the file, from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
}

/// Something unusual that a person should look at before importing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// A make-up day that would be worked anyway.
    #[error("{0} is listed as make-up working day but is one already")]
    WorkedAnyway(Date),
    /// A year without 1 January off.
    #[error("{0} has no day off on 1 January")]
    NoNewYear(i16),
    /// Far fewer or more days off than a year in China has.
    #[error("{year} lists {off} days off; expected 10 to 40")]
    UnusualCount {
        /// Which year.
        year: i16,
        /// Days off listed for it.
        off: usize,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TomlNotice {
    holiday: Vec<toml::Spanned<TomlHoliday>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TomlHoliday {
    name: TomlName,
    from: TomlDate,
    to: Option<TomlDate>,
    #[serde(default)]
    work: Vec<TomlDate>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TomlName {
    Both(DayName),
    Chinese(String),
}

/// A date of the file, written as TOML's own date or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum TomlDate {
    Own(toml::value::Datetime),
    Text(String),
}

impl TomlDate {
    fn date(&self) -> Result<Date, String> {
        let text = match self {
            Self::Own(own) => own.to_string(),
            Self::Text(text) => text.clone(),
        };
        Date::parse(&text).map_err(|error| format!("{:?}: {error}", shorten(&text)))
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

fn place(line: usize) -> String {
    if line == 0 { String::new() } else { format!("line {line}: ") }
}

fn whole(problem: impl Into<String>) -> Vec<NoticeError> {
    vec![NoticeError { line: 0, problem: problem.into() }]
}

/// Checks a Chinese name and finds its English one where it is known.
fn day_name(zh: &str) -> Result<DayName, String> {
    let zh = zh.trim();
    let known = cn::NAMES.iter().find(|(own, _)| *own == zh);
    checked(DayName { zh: zh.into(), en: known.map_or(zh, |(_, en)| en).into() })
}

fn checked(name: DayName) -> Result<DayName, String> {
    let fits = |text: &str| {
        !text.trim().is_empty() && text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control)
    };
    if fits(&name.zh) && fits(&name.en) {
        return Ok(name);
    }
    Err(format!("name of the holiday must have 1 to {LONGEST_NAME} characters"))
}

impl Notice {
    /// Reads CSV with the columns `date`, `name` and `off` (1 or 0).
    ///
    /// # Errors
    /// Every line that is wrong, with its number.
    pub fn from_csv(text: &str) -> Result<Self, Vec<NoticeError>> {
        if text.len() > LARGEST {
            return Err(whole("file is larger than 4 MB"));
        }
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| whole(error.to_string()))?.clone();
        let column = |name: &str| {
            headers
                .iter()
                .position(|header| header == name)
                .ok_or_else(|| vec![NoticeError { line: 1, problem: format!("column {name:?} is missing") }])
        };
        let columns = [column("date")?, column("name")?, column("off")?];
        let (mut days, mut errors) = (Vec::new(), Vec::new());
        for row in reader.records() {
            let read = match &row {
                Ok(row) => csv_day(row, columns).map_err(|problem| (line_of(row.position()), problem)),
                Err(error) => Err((line_of(error.position()), error.to_string())),
            };
            match read {
                Ok(day) => days.push((line_of(row.as_ref().ok().and_then(|row| row.position())), day)),
                Err((line, problem)) => errors.push(NoticeError { line, problem }),
            }
        }
        Self::joined(days, errors)
    }

    /// Reads TOML with one `[[holiday]]` each: `name`, `from`, `to`, `work`.
    ///
    /// # Errors
    /// Every holiday that is wrong, with its line.
    pub fn from_toml(text: &str) -> Result<Self, Vec<NoticeError>> {
        if text.len() > LARGEST {
            return Err(whole("file is larger than 4 MB"));
        }
        let line_at = |offset: usize| text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
        let file: TomlNotice = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(0, |span| line_at(span.start));
            vec![NoticeError { line, problem: error.message().to_owned() }]
        })?;
        let (mut days, mut errors) = (Vec::new(), Vec::new());
        for holiday in file.holiday {
            let line = line_at(holiday.span().start);
            match toml_days(holiday.into_inner()) {
                Ok(found) => days.extend(found.into_iter().map(|day| (line, day))),
                Err(problem) => errors.push(NoticeError { line, problem }),
            }
        }
        Self::joined(days, errors)
    }

    fn joined(
        days: Vec<(usize, SpecialDay)>,
        mut errors: Vec<NoticeError>,
    ) -> Result<Self, Vec<NoticeError>> {
        let mut seen = BTreeSet::new();
        for (line, day) in &days {
            if !seen.insert(day.date) {
                errors.push(NoticeError { line: *line, problem: format!("{} is listed twice", day.date) });
            }
        }
        if !errors.is_empty() {
            errors.sort_by_key(|error| error.line);
            return Err(errors);
        }
        // A December alone is the eve of the next year's notice.
        let named: BTreeSet<i16> =
            seen.iter().filter(|date| date.month() != 12).map(|date| date.year()).collect();
        let (Some(first), Some(last)) = (named.first().copied(), named.last().copied()) else {
            return Err(whole("file names no year: no day from January to November"));
        };
        if let Some(gap) = (first..=last).find(|year| !named.contains(year)) {
            return Err(whole(format!("file skips the year {gap}")));
        }
        if let Some(stray) = seen.iter().find(|date| date.year() < first - 1 || date.year() > last) {
            return Err(whole(format!("{stray} lies outside the years {first} to {last}")));
        }
        let mut days: Vec<SpecialDay> = days.into_iter().map(|(_, day)| day).collect();
        days.sort_by_key(|day| day.date);
        Ok(Self { days, years: Years { first, last } })
    }

    /// Gives the years that the notice covers.
    #[must_use]
    pub const fn years(&self) -> Years {
        self.years
    }

    /// Gives the days in order.
    #[must_use]
    pub fn days(&self) -> &[SpecialDay] {
        &self.days
    }

    /// Lists what looks unusual beside the calendar that it shall join.
    #[must_use]
    pub fn doubts(&self, calendar: &WorkingCalendar) -> Vec<Doubt> {
        let usual = |date: Date| !calendar.week[date.weekday() as usize].is_empty();
        let idle = self.days.iter().filter(|day| !day.off && usual(day.date));
        let mut doubts: Vec<Doubt> = idle.map(|day| Doubt::WorkedAnyway(day.date)).collect();
        for year in self.years.first..=self.years.last {
            let off = |day: &&SpecialDay| day.off && day.date.year() == year;
            let count = self.days.iter().filter(off).count();
            if !self.days.iter().filter(off).any(|day| (day.date.month(), day.date.day()) == (1, 1)) {
                doubts.push(Doubt::NoNewYear(year));
            }
            if !(10..=40).contains(&count) {
                doubts.push(Doubt::UnusualCount { year, off: count });
            }
        }
        doubts
    }
}

impl WorkingCalendar {
    /// Gives the next version of the calendar, with the notice's years in
    /// place of what it knew about them; regional days stay (D5).
    ///
    /// # Errors
    /// [`CalendarError::Gap`] when years between would stay unknown.
    pub fn with_notice(&self, notice: &Notice) -> Result<Self, CalendarError> {
        let years = match self.years {
            None => notice.years,
            Some(known) if notice.years.first > known.last + 1 => {
                return Err(CalendarError::Gap(known.last + 1));
            }
            Some(known) if notice.years.last < known.first - 1 => {
                return Err(CalendarError::Gap(known.first - 1));
            }
            Some(known) => {
                Years { first: known.first.min(notice.years.first), last: known.last.max(notice.years.last) }
            }
        };
        // December belongs to the notice of the year after it.
        let year_of = |date: Date| if date.month() == 12 { date.year() + 1 } else { date.year() };
        let renewed = notice.years.first..=notice.years.last;
        let named: BTreeSet<Date> = notice.days.iter().map(|day| day.date).collect();
        let kept = self
            .days
            .values()
            .filter(|day| !renewed.contains(&year_of(day.date)) && !named.contains(&day.date));
        let days = kept.chain(&notice.days).cloned().collect();
        let parts = self.parts();
        Self::new(CalendarParts { version: parts.version + 1, years: Some(years), days, ..parts })
    }

    /// Gives the calendar of a region: this one with the notice's days above
    /// the national ones, in place of what was regional in those years.
    ///
    /// # Errors
    /// [`CalendarError::Uncovered`] for a day outside the known years, or a
    /// name that none may have.
    pub fn with_region(&self, name: &str, notice: &Notice) -> Result<Self, CalendarError> {
        let renewed = notice.years.first..=notice.years.last;
        let kept = self.regional.values().filter(|day| !renewed.contains(&day.date.year()));
        let named: BTreeSet<Date> = notice.days.iter().map(|day| day.date).collect();
        let kept = kept.filter(|day| !named.contains(&day.date));
        let regional = kept.chain(&notice.days).cloned().collect();
        let parts = self.parts();
        let version = if parts.name == name { parts.version + 1 } else { 1 };
        Self::new(CalendarParts { name: name.to_owned(), version, regional, ..parts })
    }
}

fn line_of(position: Option<&csv::Position>) -> usize {
    position.and_then(|position| usize::try_from(position.line()).ok()).unwrap_or(0)
}

fn csv_day(row: &csv::StringRecord, [date, name, off]: [usize; 3]) -> Result<SpecialDay, String> {
    let cell = |column: usize| row.get(column).unwrap_or_default();
    let date = Date::parse(cell(date)).map_err(|error| format!("{:?}: {error}", shorten(cell(date))))?;
    let off = match cell(off) {
        "1" => true,
        "0" => false,
        other => return Err(format!("off must be 1 or 0, not {:?}", shorten(other))),
    };
    Ok(SpecialDay { date, off, name: day_name(cell(name))? })
}

fn toml_days(holiday: TomlHoliday) -> Result<Vec<SpecialDay>, String> {
    let name = match holiday.name {
        TomlName::Both(name) => checked(name)?,
        TomlName::Chinese(zh) => day_name(&zh)?,
    };
    let from = holiday.from.date()?;
    let to = holiday.to.as_ref().map_or(Ok(from), TomlDate::date)?;
    if to < from {
        return Err(format!("{to} lies before {from}"));
    }
    let free = std::iter::successors(Some(from), |date| date.next()).take_while(|date| *date <= to);
    let mut days: Vec<SpecialDay> =
        free.take(LONGEST + 1).map(|date| SpecialDay { date, off: true, name: name.clone() }).collect();
    if days.len() > LONGEST {
        return Err(format!("a holiday lasts at most {LONGEST} days"));
    }
    for work in &holiday.work {
        days.push(SpecialDay { date: work.date()?, off: false, name: name.clone() });
    }
    Ok(days)
}
