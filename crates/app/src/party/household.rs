//! Households (户) and where they are.

use huiyin_domain::ids::{HouseholdId, UnitId};
use huiyin_domain::time::Date;
use huiyin_store::party::household as rows;
use huiyin_store::people::unit as units;
use huiyin_store::sql::Tx;
use serde::Deserialize;
use serde_json::json;

pub use huiyin_store::party::household::{HouseholdFilter, HouseholdRow};

use super::intake::Room;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, Target, action};

/// The most households that one page holds.
const PAGE: u32 = 200;

/// The largest area taken, in hundredths of a square metre: 10 hectares.
const LARGEST: i64 = 100_000 * 100;

/// A household that is to be entered.
#[derive(Clone, Debug, Deserialize)]
pub struct NewHousehold {
    /// The estate.
    pub unit: UnitId,
    /// The building.
    pub building: String,
    /// The room code, as on the door.
    pub room: String,
    /// Area in hundredths of a square metre.
    pub area: Option<i64>,
    /// Since when somebody lives there.
    pub moved_in_on: Option<Date>,
}

/// What is to be changed; what is not said stays.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct HouseholdChange {
    /// The version that was seen.
    pub version: i64,
    /// Area in hundredths of a square metre.
    pub area: Option<i64>,
    /// Since when somebody lives there.
    pub moved_in_on: Option<Date>,
}

/// One page of households.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdPage {
    /// In the order of entry.
    pub items: Vec<HouseholdRow>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<HouseholdId>,
}

fn checked_area(area: Option<i64>) -> Result<Option<i64>, Error> {
    match area {
        Some(area) if !(1..=LARGEST).contains(&area) => Err(Error::field("area", "number_range")),
        area => Ok(area),
    }
}

fn permitted(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<(), Error> {
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::field("unit", "unit_unknown"));
    }
    policy::permit(&ctx.actor, action::EditParties, Target::Unit(&path)).map(|_| ())
}

/// Enters a household.
///
/// # Errors
/// `forbidden`, `household_known`, or a field that is not acceptable.
pub fn create_household(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewHousehold) -> Result<HouseholdRow, Error> {
    permitted(tx, ctx, new.unit)?;
    let building = check::text("building", &new.building, 50)?;
    let room = check::text("room", &new.room, 50)?;
    if rows::at(tx, ctx.org(), new.unit, &building, &room)?.is_some() {
        return Err(Error::conflict("household_known").with_field("room", "household_known"));
    }
    let row = HouseholdRow {
        id: HouseholdId(ctx.uuid()),
        unit: new.unit,
        building,
        room,
        area: checked_area(new.area)?,
        moved_in_on: new.moved_in_on,
        version: 1,
    };
    rows::insert(tx, ctx.org(), &row, ctx.now)?;
    audit::record(tx, ctx, "household_created", Object::new("household", row.id), json!({"unit": row.unit}))?;
    Ok(row)
}

/// Changes area and day of moving in.
///
/// # Errors
/// `forbidden`, `not_found`, `stale`, or a field that is not acceptable.
pub fn change_household(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: HouseholdId,
    change: &HouseholdChange,
) -> Result<HouseholdRow, Error> {
    let mut row = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let path = units::path(tx, ctx.org(), row.unit, ctx.now)?;
    if !ctx.actor.scope().covers(&path) {
        return Err(Error::not_found());
    }
    permitted(tx, ctx, row.unit)?;
    row.version = change.version;
    row.area = checked_area(change.area)?.or(row.area);
    row.moved_in_on = change.moved_in_on.or(row.moved_in_on);
    if !rows::update(tx, ctx.org(), &row, ctx.now)? {
        return Err(Error::stale());
    }
    audit::record(tx, ctx, "household_changed", Object::new("household", id), json!({}))?;
    rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)
}

/// Lists households that the actor may see, in the order of entry.
///
/// # Errors
/// `forbidden`.
pub fn households(tx: &mut Tx<'_>, ctx: &Ctx, filter: &HouseholdFilter) -> Result<HouseholdPage, Error> {
    policy::permit(&ctx.actor, action::ViewParties, Target::Anywhere)?;
    let limit = filter.limit.clamp(1, PAGE);
    let wanted = HouseholdFilter { limit: limit + 1, ..filter.clone() };
    let mut items = rows::list(tx, &ctx.actor.scope(), &wanted, ctx.now)?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| last.id);
    Ok(HouseholdPage { items, next })
}

/// Finds the household of a room, or enters it at intake.
pub(super) fn room_at(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, room: &Room) -> Result<HouseholdId, Error> {
    let building = check::text("reporter.household.building", room.building.as_str(), 50)?;
    let door = check::text("reporter.household.room", room.room.as_str(), 50)?;
    if let Some(known) = rows::at(tx, ctx.org(), unit, &building, &door)? {
        return Ok(known.id);
    }
    let id = HouseholdId(ctx.uuid());
    let row = HouseholdRow { id, unit, building, room: door, area: None, moved_in_on: None, version: 1 };
    rows::insert(tx, ctx.org(), &row, ctx.now)?;
    Ok(id)
}
