//! Drafts: made for a period, written by people, read by whoever may.

use huiyin_domain::count::{Due, Period, ReportKind};
use huiyin_domain::ids::{PersonId, ReportId, UnitId};
use huiyin_domain::people::Tree;
use huiyin_domain::text::Text;
use huiyin_domain::time::{Date, Timestamp};
use huiyin_reports::Document;
use huiyin_store::people::{organisation, unit as units};
use huiyin_store::report::{self as rows, ReportRow};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

use super::compose::{Head, Texts, compose};
use crate::audit::{self, Object};
use crate::case::Rules;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, ActionKind, Target, action};

/// A report that is to be drafted.
#[derive(Clone, Copy, Debug)]
pub struct NewReport {
    /// Which report.
    pub kind: ReportKind,
    /// Of which period.
    pub period: Period,
    /// Of which unit and those below it; the whole organisation when not said.
    pub unit: Option<UnitId>,
}

/// A report as it is listed.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportOut {
    /// Identity.
    pub id: ReportId,
    /// Which report.
    pub kind: ReportKind,
    /// Its title in Chinese.
    pub zh: &'static str,
    /// Its title in English.
    pub en: &'static str,
    /// Of which unit and those below it.
    pub unit: UnitId,
    /// First and last day.
    #[schema(value_type = String, example = "2026-09-28..2026-10-27")]
    pub period: Period,
    /// The last day on which it may be handed in, the day included.
    pub due: Option<Date>,
    /// The working day on or before it, on which people are told.
    pub remind: Option<Date>,
    /// Its version, for `If-Match`.
    pub version: i64,
    /// When it was frozen; null while its figures still move.
    pub frozen_at: Option<Timestamp>,
    /// Who froze it.
    pub frozen_by: Option<PersonId>,
    /// Digest over the frozen document and its rows.
    pub digest: Option<String>,
    /// When it was drafted.
    pub created_at: Timestamp,
    /// Sections that people write, with what stands there.
    pub texts: BTreeMap<String, String>,
}

/// Says how a report is listed.
pub(super) fn out(row: &ReportRow, rules: &huiyin_domain::time::WorkingCalendar) -> ReportOut {
    let written: Texts = serde_json::from_str(&row.texts).unwrap_or_default();
    let mut texts: Texts = row.kind.texts().iter().map(|name| ((*name).to_owned(), String::new())).collect();
    texts.extend(written);
    let (zh, en) = row.kind.title();
    ReportOut {
        id: row.id,
        kind: row.kind,
        zh,
        en,
        unit: row.unit,
        period: Period { first: row.first, last: row.last },
        due: row.due,
        remind: row.due.map(|due| Due::on(due, rules).remind),
        version: row.version,
        frozen_at: row.frozen_at,
        frozen_by: row.frozen_by,
        digest: row.digest.clone(),
        created_at: row.created_at,
        texts,
    }
}

/// Asks whether the actor may do something with reports of a unit.
///
/// # Errors
/// `not_found` for who does not see the unit whole, `forbidden` without the post.
pub(super) fn allowed<A: ActionKind>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: UnitId,
    what: A,
) -> Result<Tree, Error> {
    let tree = units::tree(tx, ctx.org())?;
    let path = tree.path(unit, ctx.now);
    if path.is_empty() || !ctx.actor.scope().covers(&path) {
        return Err(Error::not_found());
    }
    policy::permit(&ctx.actor, what, Target::Unit(&path))?;
    Ok(tree)
}

/// Drafts a report of a period.
///
/// # Errors
/// `not_found` for an unknown unit, `forbidden`, `report_exists` with its id.
pub fn draft(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, new: &NewReport) -> Result<ReportOut, Error> {
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let unit = new.unit.unwrap_or(organisation.root_unit);
    allowed(tx, ctx, unit, action::WriteReport)?;
    let Period { first, last } = new.period;
    if let Some(there) = rows::of_period(tx, ctx.org(), new.kind, unit, (first, last))? {
        return Err(Error::conflict("report_exists").with("id", there.id.to_string()));
    }
    let row = ReportRow {
        id: ReportId(ctx.uuid()),
        kind: new.kind,
        unit,
        first,
        last,
        due: new.kind.due(&new.period),
        version: 1,
        texts: "{}".to_owned(),
        created_at: ctx.now,
        created_by: ctx.actor.identified().then_some(ctx.actor.person),
        changed_at: ctx.now,
        frozen_at: None,
        frozen_by: None,
        document: None,
        digest: None,
    };
    rows::insert(tx, ctx.org(), &row)?;
    let details = json!({"kind": new.kind, "period": new.period, "unit": unit});
    audit::record(tx, ctx, "report_drafted", Object::new("report", row.id), details)?;
    let held = rules.of(tx, ctx.org())?;
    Ok(out(&row, held.calendar()))
}

/// Finds a report that the actor may see.
pub(super) fn visible(tx: &mut Tx<'_>, ctx: &Ctx, id: ReportId) -> Result<ReportRow, Error> {
    let row = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    allowed(tx, ctx, row.unit, action::ViewFigures)?;
    Ok(row)
}

/// Reads a report: frozen as it was frozen, a draft with the figures of now.
///
/// # Errors
/// `not_found`, `forbidden`.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, id: ReportId) -> Result<(ReportOut, Document), Error> {
    let row = visible(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    let document = document(tx, ctx, rules, &row)?;
    Ok((out(&row, held.calendar()), document))
}

/// Gives what a report says.
pub(super) fn document(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    row: &ReportRow,
) -> Result<Document, Error> {
    if let Some(frozen) = &row.document {
        return serde_json::from_str(frozen).map_err(Error::internal);
    }
    let texts: Texts = serde_json::from_str(&row.texts).map_err(Error::internal)?;
    let head = Head { kind: row.kind, unit: row.unit, period: Period { first: row.first, last: row.last } };
    compose(tx, ctx, rules, (head, &texts))
}

/// Lists reports that the actor may see, newest period first, then id.
///
/// # Errors
/// `forbidden` without a post that may see figures.
pub fn list(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (kind, after): (Option<ReportKind>, Option<&(String, String)>),
    limit: u32,
) -> Result<Vec<ReportOut>, Error> {
    policy::permit(&ctx.actor, action::ViewFigures, Target::Anywhere)?;
    let held = rules.of(tx, ctx.org())?;
    let found = rows::list(tx, &ctx.actor.scope(), kind, after, (limit, ctx.now))?;
    Ok(found.iter().map(|row| out(row, held.calendar())).collect())
}

/// Writes texts into sections of a draft; a blank text empties its section.
///
/// # Errors
/// `not_found`, `forbidden`, `report_frozen`, `stale`, a section that is none.
pub fn write_texts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, seen): (ReportId, i64),
    written: &BTreeMap<String, String>,
) -> Result<ReportOut, Error> {
    let row = visible(tx, ctx, id)?;
    allowed(tx, ctx, row.unit, action::WriteReport)?;
    if row.frozen_at.is_some() {
        return Err(Error::conflict("report_frozen"));
    }
    let mut texts: Texts = serde_json::from_str(&row.texts).map_err(Error::internal)?;
    for (section, text) in written {
        let path = format!("texts.{section}");
        if !row.kind.texts().contains(&section.as_str()) {
            return Err(Error::field(path, "unknown_field"));
        }
        if text.trim().is_empty() {
            texts.remove(section);
            continue;
        }
        if text.chars().count() > super::MOST_TEXT {
            return Err(Error::field(path, "too_long"));
        }
        let text = Text::new(text).map_err(|_| Error::field(path, "control_character"))?;
        texts.insert(section.clone(), text.as_str().to_owned());
    }
    let kept = serde_json::to_string(&texts).map_err(Error::internal)?;
    if !rows::write_texts(tx, ctx.org(), (id, seen), &kept, ctx.now)? {
        return Err(Error::stale().with("id", id.to_string()));
    }
    let sections: Vec<&String> = written.keys().collect();
    audit::record(tx, ctx, "report_written", Object::new("report", id), json!({"sections": sections}))?;
    let held = rules.of(tx, ctx.org())?;
    let row = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    Ok(out(&row, held.calendar()))
}

/// Shows what the report of a period says, whether anybody drafted it or not.
///
/// # Errors
/// `not_found` for an unknown unit, `forbidden`.
pub fn show(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, new: &NewReport) -> Result<Document, Error> {
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let unit = new.unit.unwrap_or(organisation.root_unit);
    allowed(tx, ctx, unit, action::ViewFigures)?;
    let days = (new.period.first, new.period.last);
    if let Some(row) = rows::of_period(tx, ctx.org(), new.kind, unit, days)? {
        return document(tx, ctx, rules, &row);
    }
    let head = Head { kind: new.kind, unit, period: new.period };
    compose(tx, ctx, rules, (head, &Texts::new()))
}

/// Finds the report of a period.
///
/// # Errors
/// `not_found` when nobody drafted it, `forbidden`.
pub fn find(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, new: &NewReport) -> Result<ReportOut, Error> {
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let unit = new.unit.unwrap_or(organisation.root_unit);
    allowed(tx, ctx, unit, action::ViewFigures)?;
    let days = (new.period.first, new.period.last);
    let row = rows::of_period(tx, ctx.org(), new.kind, unit, days)?.ok_or_else(Error::not_found)?;
    Ok(out(&row, rules.of(tx, ctx.org())?.calendar()))
}
