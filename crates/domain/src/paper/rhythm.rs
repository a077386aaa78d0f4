//! The rhythm of the desk: which papers open by themselves, and when.

use super::digest::NewDigest;
use super::line_report::NewLineReport;
use super::publication::{NewPublication, PublicationOf};
use super::scorecard::NewScorecard;
use super::stocktake::NewStocktake;
use crate::case::FieldReason;
use crate::ids::UnitId;
use crate::time::{DAY_SECONDS, Date, Timestamp, Weekday, WorkingCalendar, time_of_day};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The furthest that missed openings are made up for, in days.
const MADE_UP: i32 = 31;

/// A desk that takes stock every day (PROP-16).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskRhythm {
    /// The desk.
    pub unit: UnitId,
    /// When its list opens, `HH:MM`.
    #[schema(example = "16:30")]
    pub opens: String,
    /// When it is reminded.
    #[schema(example = "17:30")]
    pub remind: String,
    /// When it must have signed.
    #[schema(example = "18:00")]
    pub sign_by: String,
}

/// A business line that reports on working days (PROP-15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineRhythm {
    /// The line.
    pub unit: UnitId,
    /// When it reports, `HH:MM`; up to twelve times a day.
    #[schema(example = json!(["10:00", "16:00"]), min_items = 1, max_items = 12)]
    pub times: Vec<String>,
}

/// A department that meets every Friday (SUP-12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DigestRhythm {
    /// The department.
    pub unit: UnitId,
    /// When everybody's week must be in, `HH:MM` on Friday.
    #[schema(example = "14:00")]
    pub due: String,
}

/// A unit that is scored from outside every month (SUP-1, SUP-2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScoreRhythm {
    /// The unit.
    pub unit: UnitId,
}

/// An estate that publishes every month (PROP-77).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationRhythm {
    /// The estate.
    pub unit: UnitId,
}

/// How many days after the month's end its publication must be up.
const PUBLISHED_AFTER: i32 = 5;

/// Everything that recurs in one organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rhythm {
    /// Desks that take stock.
    #[schema(max_items = 1000)]
    pub desks: Vec<DeskRhythm>,
    /// Lines that report.
    #[schema(max_items = 1000)]
    pub lines: Vec<LineRhythm>,
    /// Departments that meet on Fridays.
    #[schema(max_items = 1000)]
    pub digests: Vec<DigestRhythm>,
    /// Units that are scored at the end of each month.
    #[schema(max_items = 1000)]
    pub scored: Vec<ScoreRhythm>,
    /// Estates that publish every month.
    #[schema(max_items = 1000)]
    pub published: Vec<PublicationRhythm>,
}

/// A paper that is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// A stock-take.
    Stocktake(NewStocktake),
    /// A line's report.
    LineReport(NewLineReport),
    /// The Friday digest.
    Digest(NewDigest),
    /// A month's scorecard.
    Scorecard(NewScorecard),
    /// A month's publication.
    Publication(NewPublication),
}

impl Rhythm {
    /// Gives what a new organisation begins with: its root takes stock.
    #[must_use]
    pub fn standard(root: UnitId) -> Self {
        let desk = DeskRhythm {
            unit: root,
            opens: "16:30".to_owned(),
            remind: "17:30".to_owned(),
            sign_by: "18:00".to_owned(),
        };
        Self { desks: vec![desk], ..Self::default() }
    }

    /// Lists what is not acceptable, by its place.
    #[must_use]
    pub fn faults(&self) -> Vec<FieldReason> {
        let mut faults = Vec::new();
        for (index, desk) in self.desks.iter().enumerate() {
            let mut last = None;
            for (name, text) in [("opens", &desk.opens), ("remind", &desk.remind), ("sign_by", &desk.sign_by)]
            {
                let path = format!("desks[{index}].{name}");
                let Some(seconds) = seconds(text) else {
                    faults.push(FieldReason::new(&path, "time_of_day"));
                    continue;
                };
                if last.is_some_and(|last| seconds <= last) {
                    faults.push(FieldReason::new(&path, "time_order"));
                }
                last = Some(seconds);
            }
            if self.desks[..index].iter().any(|other| other.unit == desk.unit) {
                faults.push(FieldReason::new(&format!("desks[{index}].unit"), "named_twice"));
            }
        }
        for (index, line) in self.lines.iter().enumerate() {
            if line.times.is_empty() || line.times.len() > 12 {
                faults.push(FieldReason::new(&format!("lines[{index}].times"), "list_length"));
            }
            for (at, text) in line.times.iter().enumerate() {
                if seconds(text).is_none() {
                    faults.push(FieldReason::new(&format!("lines[{index}].times[{at}]"), "time_of_day"));
                }
            }
        }
        for (index, digest) in self.digests.iter().enumerate() {
            if seconds(&digest.due).is_none() {
                faults.push(FieldReason::new(&format!("digests[{index}].due"), "time_of_day"));
            }
        }
        faults
    }

    /// Lists every unit that it names, with its place.
    #[must_use]
    pub fn units(&self) -> Vec<(String, UnitId)> {
        let desks = self.desks.iter().enumerate().map(|(at, desk)| (format!("desks[{at}].unit"), desk.unit));
        let lines = self.lines.iter().enumerate().map(|(at, line)| (format!("lines[{at}].unit"), line.unit));
        let digests = self.digests.iter().enumerate();
        let digests = digests.map(|(at, digest)| (format!("digests[{at}].unit"), digest.unit));
        let scored = self.scored.iter().enumerate();
        let scored = scored.map(|(at, score)| (format!("scored[{at}].unit"), score.unit));
        let published = self.published.iter().enumerate();
        let published = published.map(|(at, one)| (format!("published[{at}].unit"), one.unit));
        desks.chain(lines).chain(digests).chain(scored).chain(published).collect()
    }

    /// Lists what opens after one instant, up to and including another.
    ///
    /// PROP-16: a day on which the machine stood still is made up for, up to a
    /// month back; such a list reminds nobody.
    #[must_use]
    pub fn openings(&self, after: Timestamp, until: Timestamp, calendar: &WorkingCalendar) -> Vec<Opening> {
        let zone = calendar.zone();
        let today = zone.date(until);
        let first = today.plus_days(-MADE_UP).map_or(today, |earliest| earliest.max(zone.date(after)));
        let mut found = Vec::new();
        let mut day = Some(first);
        while let Some(date) = day.filter(|date| *date <= today) {
            self.of_day(date, calendar, &mut |at, opening| {
                if at > after && at <= until {
                    found.push(opening);
                }
            });
            day = date.next();
        }
        found
    }

    /// Gives the first instant after another at which something opens.
    #[must_use]
    pub fn next(&self, after: Timestamp, calendar: &WorkingCalendar) -> Option<Timestamp> {
        let mut day = Some(calendar.zone().date(after));
        // the longest run of days without work is far shorter
        for _ in 0..MADE_UP {
            let date = day?;
            let mut earliest: Option<Timestamp> = None;
            self.of_day(date, calendar, &mut |at, _| {
                if at > after && earliest.is_none_or(|found| at < found) {
                    earliest = Some(at);
                }
            });
            if earliest.is_some() {
                return earliest;
            }
            day = date.next();
        }
        None
    }

    fn of_day(&self, date: Date, calendar: &WorkingCalendar, take: &mut dyn FnMut(Timestamp, Opening)) {
        let zone = calendar.zone();
        for desk in &self.desks {
            let at = |text: &str| seconds(text).map(|seconds| zone.at(date, seconds));
            let Some(opens) = at(&desk.opens) else { continue };
            let new = NewStocktake {
                unit: desk.unit,
                day: date,
                remind_at: at(&desk.remind),
                due_at: at(&desk.sign_by),
            };
            take(opens, Opening::Stocktake(new));
        }
        self.of_week(date, calendar, take);
        self.of_month(date, calendar, take);
        if !calendar.is_working_day(date) {
            return;
        }
        for line in &self.lines {
            for seconds in line.times.iter().filter_map(|text| seconds(text)) {
                let new = NewLineReport { unit: line.unit, due_at: zone.at(date, seconds) };
                take(zone.start_of(date), Opening::LineReport(new));
            }
        }
    }
}

impl Rhythm {
    /// SUP-12: opens on the morning of each Friday, worked or not: what a week
    /// brought must be in before the next.
    fn of_week(&self, date: Date, calendar: &WorkingCalendar, take: &mut dyn FnMut(Timestamp, Opening)) {
        if date.weekday() != Weekday::Fri {
            return;
        }
        let zone = calendar.zone();
        for digest in &self.digests {
            let Some(due) = seconds(&digest.due) else { continue };
            let new =
                NewDigest { unit: digest.unit, day: date, due_at: zone.at(date, due), people: Vec::new() };
            take(zone.start_of(date), Opening::Digest(new));
        }
    }

    /// SUP-2: opens on the month's last day and is due when the month ends.
    fn of_month(&self, date: Date, calendar: &WorkingCalendar, take: &mut dyn FnMut(Timestamp, Opening)) {
        if date.next().is_none_or(|next| next.month() == date.month()) {
            return;
        }
        let zone = calendar.zone();
        for score in &self.scored {
            let new = NewScorecard { unit: score.unit, month: date, due_at: zone.end_of(date) };
            take(zone.start_of(date), Opening::Scorecard(new));
        }
        // PROP-77: the month is over before it is written up
        let due = date.plus_days(PUBLISHED_AFTER).unwrap_or(date);
        for estate in &self.published {
            let new = NewPublication {
                unit: estate.unit,
                of: PublicationOf::Monthly,
                month: Some(format!("{:04}-{:02}", date.year(), date.month())),
                case: None,
                due_at: zone.end_of(due),
            };
            take(zone.start_of(date), Opening::Publication(new));
        }
    }
}

/// Reads a time of day before 24:00, in seconds.
fn seconds(text: &str) -> Option<u32> {
    time_of_day(text).filter(|seconds| *seconds < DAY_SECONDS)
}
