//! Putting a working calendar into force for an organisation (X-5, D5).

use huiyin_domain::locale::Locale;
use huiyin_domain::time::{
    CalendarError, CalendarParts, Date, FIRST_YEAR, LAST_YEAR, Notice, NoticeError, Timestamp,
    WorkingCalendar, Years,
};
use huiyin_store::case::rules as rows;
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::rules::{Held, Rules};
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::{Error, FieldError};
use crate::hints::Hint;
use crate::policy::{self, Target, action};

/// A calendar version of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarLine {
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
    /// Years whose days off are known; null when the week alone holds.
    pub years: Option<Years>,
    /// Days off and make-up days of the region.
    pub regional: usize,
    /// When it was activated here; null for the one that is shipped.
    pub activated_at: Option<Timestamp>,
    /// Whether limits are counted by it now.
    pub in_force: bool,
}

/// What the import of days off led to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportedCalendar {
    /// The version that is in force now.
    #[serde(flatten)]
    pub calendar: CalendarLine,
    /// What looks unusual and a person should look at.
    pub doubts: Vec<String>,
}

/// Lists the calendar versions of the organisation, the shipped one first.
///
/// # Errors
/// `forbidden`.
pub fn calendars(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules) -> Result<Vec<CalendarLine>, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let mut lines = vec![line(&WorkingCalendar::china(), None, &held)];
    for row in rows::calendars(tx, ctx.org())? {
        lines.push(line(&read(&row.parts)?, Some(row.activated_at), &held));
    }
    Ok(lines)
}

/// One day of a year as the working calendar knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarDay {
    /// The day.
    pub date: Date,
    /// Whether limits count it.
    pub working: bool,
    /// The holiday, or that for which it makes up; null on an ordinary day.
    pub name: Option<String>,
}

/// A year of the organisation's working calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CalendarYear {
    /// Name of the calendar.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// The year.
    pub year: i16,
    /// False when its days off are not known yet and the week alone counts.
    pub known: bool,
    /// Number of working days.
    pub working_days: usize,
    /// Every day, in order.
    pub days: Vec<CalendarDay>,
}

/// Draws a year of the calendar by which limits are counted now (D5).
///
/// # Errors
/// `forbidden`, or `not_found` for a year that no calendar reaches.
pub fn calendar_year(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, year: i16) -> Result<CalendarYear, Error> {
    policy::permit(&ctx.actor, action::ViewUnits, Target::Anywhere)?;
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(Error::not_found());
    }
    let held = rules.of(tx, ctx.org())?;
    let calendar = held.calendar();
    let first = Date::new(year, 1, 1).map_err(Error::internal)?;
    let name = |date: Date| {
        let day = calendar.special(date)?;
        Some(if ctx.locale == Locale::En { day.name.en.clone() } else { day.name.zh.clone() })
    };
    let dates = std::iter::successors(Some(first), |date| date.next()).take_while(|date| date.year() == year);
    let day = |date| CalendarDay { date, working: calendar.is_working_day(date), name: name(date) };
    let days: Vec<CalendarDay> = dates.map(day).collect();
    Ok(CalendarYear {
        name: calendar.reference().name.clone(),
        version: calendar.reference().version,
        year,
        known: calendar.covers(first),
        working_days: days.iter().filter(|day| day.working).count(),
        days,
    })
}

fn line(calendar: &WorkingCalendar, activated_at: Option<Timestamp>, held: &Held) -> CalendarLine {
    CalendarLine {
        name: calendar.reference().name.clone(),
        version: calendar.reference().version,
        years: calendar.years(),
        regional: calendar.parts().regional.len(),
        activated_at,
        in_force: calendar == held.calendar(),
    }
}

fn read(parts: &str) -> Result<WorkingCalendar, Error> {
    let parts: CalendarParts = serde_json::from_str(parts).map_err(Error::internal)?;
    WorkingCalendar::new(parts).map_err(Error::internal)
}

/// How a notice of days off is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeFormat {
    /// Columns `date,name,off`.
    Csv,
    /// One `[[holiday]]` each.
    Toml,
}

/// Lines of a notice that are told one by one.
const MOST_LINES: usize = 100;

/// Reads a notice of days off.
///
/// # Errors
/// `calendar_faulty` with one field for each wrong line.
pub fn read_notice(format: NoticeFormat, text: &str) -> Result<Notice, Error> {
    let notice = match format {
        NoticeFormat::Csv => Notice::from_csv(text),
        NoticeFormat::Toml => Notice::from_toml(text),
    };
    notice.map_err(|errors| {
        let faulty = Error::invalid("calendar_faulty").with("faults", errors.len());
        errors.iter().take(MOST_LINES).map(wrong).fold(faulty, Error::with_field_error)
    })
}

fn wrong(error: &NoticeError) -> FieldError {
    let params = [("why".to_owned(), error.problem.as_str().into())].into_iter().collect();
    FieldError { path: format!("text:{}", error.line), code: "calendar_line".into(), params }
}

/// Joins a notice of days off to the organisation's calendar and puts it into
/// force; with a region's name its days become those of the region.
///
/// Open clocks are counted again in batches, each person is told once (D5).
/// Whoever calls it forgets the rules in memory after the commit:
/// `App::rules_changed`.
///
/// # Errors
/// `forbidden`, `calendar_gap` when years between would stay unknown,
/// `calendar_unfit` when the days do not make a calendar.
pub fn import_calendar(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (notice, region): (&Notice, Option<&str>),
) -> Result<ImportedCalendar, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let known = region.map(|name| rows::calendar(tx, ctx.org(), name)).transpose()?.flatten();
    let base = known.map_or_else(|| Ok(held.calendar().clone()), |parts| read(&parts))?;
    let next = match region {
        None => base.with_notice(notice),
        Some(name) => base.with_region(name, notice),
    };
    let next = next.map_err(|error| unfit(&error))?;
    // A region adds a few days: that it is no whole year says nothing.
    let doubts = if region.is_some() { Vec::new() } else { notice.doubts(&base) };
    let doubts = doubts.iter().map(ToString::to_string).collect();
    activate_calendar(tx, ctx, &next)?;
    let calendar = CalendarLine { in_force: true, ..line(&next, Some(ctx.now), &held) };
    Ok(ImportedCalendar { calendar, doubts })
}

fn unfit(error: &CalendarError) -> Error {
    match error {
        CalendarError::Gap(year) => Error::invalid("calendar_gap").with("year", *year),
        CalendarError::Uncovered(date) => Error::invalid("calendar_uncovered").with("date", date.to_string()),
        CalendarError::Name => Error::field("region", "calendar_name"),
        other => Error::invalid("calendar_unfit").with("why", other.to_string()),
    }
}

/// Puts a calendar version into force; open clocks are counted again by a job.
///
/// A calendar of another name becomes the organisation's own.
///
/// # Errors
/// `forbidden`, or `calendar_version_exists`.
pub fn activate_calendar(tx: &mut Tx<'_>, ctx: &Ctx, calendar: &WorkingCalendar) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let mut own = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let reference = calendar.reference();
    let parts = serde_json::to_string(&calendar.parts()).map_err(Error::internal)?;
    let name = (reference.name.as_str(), reference.version);
    rows::activate_calendar(tx, ctx.org(), name, &parts, ctx.now).map_err(|error| {
        if error.is_unique("calendars_pkey") {
            Error::conflict("calendar_version_exists")
        } else {
            error.into()
        }
    })?;
    if own.calendar != reference.name {
        own.calendar.clone_from(&reference.name);
        organisation::update(tx, &own)?;
    }
    let details = json!({"version": reference.version});
    audit::record(tx, ctx, "calendar_activated", Object::new("calendar", &reference.name), details)?;
    Hint::rules(ctx.org(), "calendar").tell(tx, ctx)?;
    super::recount::begin(tx, ctx, reference)
}

/// Makes another calendar of the organisation its own, by name: the shipped
/// one, or one that was imported; open clocks are counted again.
///
/// # Errors
/// `calendar_unknown`.
pub(crate) fn choose_calendar(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> Result<(), Error> {
    let shipped = WorkingCalendar::china();
    let chosen = match rows::calendar(tx, ctx.org(), name)? {
        Some(parts) => read(&parts)?,
        None if shipped.reference().name == name => shipped,
        None => return Err(Error::field("calendar", "calendar_unknown")),
    };
    Hint::rules(ctx.org(), "calendar").tell(tx, ctx)?;
    super::recount::begin(tx, ctx, chosen.reference())
}
