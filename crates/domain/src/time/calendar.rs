//! The working calendar: which days and hours count as work.

use super::{Date, Period, Timestamp, Weekday, Zone};
use crate::text_form::text_form;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use utoipa::ToSchema;

/// Names one version of a calendar, written `CN@3`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarRef {
    /// The calendar's name, such as `CN` or `CN-XJ`.
    pub name: String,
    /// Counts up with every change, from 1.
    pub version: u32,
}

/// The name of a holiday in both languages of the product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayName {
    /// Chinese, e.g. 国庆节.
    pub zh: String,
    /// English, e.g. National Day.
    pub en: String,
}

/// A day that differs from its weekday: a holiday or a make-up working day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialDay {
    /// Which day.
    pub date: Date,
    /// True for a day off, false for a make-up working day.
    pub off: bool,
    /// The holiday that it belongs to.
    pub name: DayName,
}

/// The years, both included, for which the days off are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Years {
    /// First known year.
    pub first: i16,
    /// Last known year.
    pub last: i16,
}

/// Working hours of each weekday; a weekday without any is free.
pub type Week = BTreeMap<Weekday, Vec<Period>>;

/// What a calendar is made of, unchecked; the stored and wire form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkingCalendar)]
pub struct CalendarParts {
    /// Name, such as `CN`.
    pub name: String,
    /// Version, from 1.
    pub version: u32,
    /// Zone in which days begin and end.
    pub zone: Zone,
    /// Periods of each weekday.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub week: Week,
    /// Periods of a make-up working day whose weekday has none.
    pub make_up: Vec<Period>,
    /// Years covered by `days`; none when the week alone holds for ever.
    pub years: Option<Years>,
    /// National holidays and make-up working days.
    pub days: Vec<SpecialDay>,
    /// Extra days of a region; they win over the national ones.
    #[serde(default)]
    pub regional: Vec<SpecialDay>,
}

/// Why parts do not make a working calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The name is empty, too long or has other characters.
    #[error("calendar name must be 1 to 32 letters, digits, '-' or '_'")]
    Name,
    /// Versions count from 1.
    #[error("calendar version must be 1 or more")]
    Version,
    /// No weekday has a working period.
    #[error("a working calendar needs at least one working period")]
    NoWork,
    /// Two periods share a moment, perhaps one over midnight.
    #[error("working periods {0} and {1} overlap")]
    Overlap(Period, Period),
    /// The same day stands twice in one list.
    #[error("{0} is listed twice")]
    Twice(Date),
    /// A special day lies outside the covered years and their eves.
    #[error("{0} lies outside the covered years")]
    Uncovered(Date),
    /// First after last, or beyond the range of dates.
    #[error("covered years must run forward between 1970 and 2199")]
    Years,
    /// A year between the known ones and new ones would stay unknown.
    #[error("year {0} is missing between the known years and the new ones")]
    Gap(i16),
    /// Too many special days for one calendar.
    #[error("a calendar takes at most 20000 special days")]
    TooMany,
}

/// Days searched for work before giving up: no calendar is free for two years.
pub(super) const PATIENCE: usize = 800;

/// Which days and hours are work, in one zone; immutable, a change is a new
/// version (X-5, D5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingCalendar {
    pub(super) reference: CalendarRef,
    pub(super) zone: Zone,
    pub(super) week: [Vec<Period>; 7],
    pub(super) make_up: Vec<Period>,
    pub(super) years: Option<Years>,
    pub(super) days: BTreeMap<Date, SpecialDay>,
    pub(super) regional: BTreeMap<Date, SpecialDay>,
}

/// The table of days off ends soon, or has ended (D5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CoverageWarning {
    /// Last year that the table covers.
    pub last: i16,
    /// First year that is missing now.
    pub missing: i16,
}

impl WorkingCalendar {
    /// Checks parts and makes a calendar of them.
    ///
    /// # Errors
    /// [`CalendarError`] names the first thing that is wrong.
    pub fn new(parts: CalendarParts) -> Result<Self, CalendarError> {
        super::check::check(&parts)?;
        Ok(Self::trusted(parts))
    }

    /// Makes a calendar of parts that are known to hold.
    pub(super) fn trusted(parts: CalendarParts) -> Self {
        let mut week: [Vec<Period>; 7] = Default::default();
        for (weekday, mut periods) in parts.week {
            periods.sort();
            week[weekday as usize] = periods;
        }
        let mut make_up = parts.make_up;
        make_up.sort();
        let keyed = |days: Vec<SpecialDay>| days.into_iter().map(|day| (day.date, day)).collect();
        Self {
            reference: CalendarRef { name: parts.name, version: parts.version },
            zone: parts.zone,
            week,
            make_up,
            years: parts.years,
            days: keyed(parts.days),
            regional: keyed(parts.regional),
        }
    }

    /// Gives the parts back, as stored and sent.
    #[must_use]
    pub fn parts(&self) -> CalendarParts {
        let pairs = Weekday::ALL.into_iter().zip(self.week.iter().cloned());
        CalendarParts {
            name: self.reference.name.clone(),
            version: self.reference.version,
            zone: self.zone.clone(),
            week: pairs.filter(|(_, periods)| !periods.is_empty()).collect(),
            make_up: self.make_up.clone(),
            years: self.years,
            days: self.days.values().cloned().collect(),
            regional: self.regional.values().cloned().collect(),
        }
    }

    /// Gives name and version.
    #[must_use]
    pub const fn reference(&self) -> &CalendarRef {
        &self.reference
    }

    /// Gives the zone in which days begin and end.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Gives the years whose days off are known, if the calendar has any.
    #[must_use]
    pub const fn years(&self) -> Option<Years> {
        self.years
    }

    /// Finds the holiday or make-up day on a date; regional wins.
    #[must_use]
    pub fn special(&self, date: Date) -> Option<&SpecialDay> {
        self.regional.get(&date).or_else(|| self.days.get(&date))
    }

    /// Gives the special days of a year in order, as they hold.
    pub fn specials(&self, year: i16) -> impl Iterator<Item = &SpecialDay> {
        let of_year = move |date: &&Date| date.year() == year;
        let mut dates: Vec<Date> =
            self.days.keys().filter(of_year).chain(self.regional.keys().filter(of_year)).copied().collect();
        dates.sort_unstable();
        dates.dedup();
        dates.into_iter().filter_map(|date| self.special(date))
    }

    /// Gives the working periods of a day, in order; empty on a day off.
    #[must_use]
    pub fn periods(&self, date: Date) -> &[Period] {
        let usual = &self.week[date.weekday() as usize];
        match self.special(date) {
            Some(day) if day.off => &[],
            Some(_) if usual.is_empty() => &self.make_up,
            _ => usual,
        }
    }

    /// Tells whether a day is a working day.
    #[must_use]
    pub fn is_working_day(&self, date: Date) -> bool {
        !self.periods(date).is_empty()
    }

    /// Tells whether the days off of a date's year are known (D5).
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        self.years.is_none_or(|years| (years.first..=years.last).contains(&date.year()))
    }

    /// Warns from 1 November when next year's days off are missing (D5).
    #[must_use]
    pub fn coverage_warning(&self, today: Date) -> Option<CoverageWarning> {
        let last = self.years?.last;
        let needed = if today.month() >= 11 { today.year() + 1 } else { today.year() };
        (needed > last).then_some(CoverageWarning { last, missing: last + 1 })
    }

    /// Counts working days after `from` up to and including `to`.
    ///
    /// Zero when `to` is not after `from`.
    #[must_use]
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let mut count = 0;
        let mut day = from;
        while day < to {
            let Some(next) = day.next() else { break };
            count += u32::from(self.is_working_day(next));
            day = next;
        }
        count
    }

    /// Gives the day itself if it is a working day, else the last one before
    /// it, within some two years.
    #[must_use]
    pub fn working_day_up_to(&self, date: Date) -> Option<Date> {
        let days = std::iter::successors(Some(date), |day| day.previous());
        days.take(PATIENCE).find(|day| self.is_working_day(*day))
    }

    /// Tells whether an instant lies in working hours.
    #[must_use]
    pub fn is_working_time(&self, at: Timestamp) -> bool {
        self.next_work(at) == Some(at)
    }
}

impl fmt::Display for CalendarRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name, self.version)
    }
}

/// A text is not a calendar reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("calendar must be written NAME@VERSION, such as CN@3")]
pub struct CalendarRefError;

impl FromStr for CalendarRef {
    type Err = CalendarRefError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, version) = text.split_once('@').ok_or(CalendarRefError)?;
        let version = version.parse().ok().filter(|version| *version >= 1).ok_or(CalendarRefError)?;
        if !super::check::is_name(name) {
            return Err(CalendarRefError);
        }
        Ok(Self { name: name.to_owned(), version })
    }
}

text_form!(CalendarRef like "CN@3");

impl Serialize for WorkingCalendar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.parts().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WorkingCalendar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(CalendarParts::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
