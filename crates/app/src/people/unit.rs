//! The organisation tree: units added, moved, renamed, ended.

use serde::Deserialize;
use serde_json::json;

use huiyin_domain::ids::UnitId;
use huiyin_domain::people::{Tree, TreeError, Unit, UnitLevel};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::{membership as memberships, organisation, unit as rows};
use huiyin_store::sql::Tx;

use super::check;
use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// A unit that is to be added.
#[derive(Clone, Debug, Deserialize)]
pub struct NewUnit {
    /// Short code, unique in the organisation.
    pub code: String,
    /// The name that people see.
    pub name: String,
    /// The rung on which it stands.
    pub level: UnitLevel,
    /// The unit above it; none makes a further root.
    pub parent: Option<UnitId>,
    /// From when it stands; now when not said.
    pub valid_from: Option<Timestamp>,
}

fn refused(error: TreeError) -> Error {
    match error {
        TreeError::Unknown => Error::not_found(),
        TreeError::Known => Error::conflict(codes::CODE_TAKEN),
        TreeError::NotStanding => Error::conflict(codes::UNIT_NOT_STANDING),
        TreeError::Cycle => Error::conflict(codes::UNIT_CYCLE),
        TreeError::Level => Error::conflict(codes::UNIT_LEVEL),
        TreeError::LaterChange => Error::conflict(codes::UNIT_CHANGED_LATER),
        TreeError::HasUnits => Error::conflict(codes::UNIT_IN_USE),
    }
}

/// Gives the organisation tree with its history.
///
/// # Errors
/// `forbidden`.
pub fn tree(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Tree, Error> {
    policy::permit(&ctx.actor, action::ViewUnits, Target::Anywhere)?;
    Ok(rows::tree(tx, ctx.org())?)
}

/// Adds a unit.
///
/// # Errors
/// `forbidden`, `code_taken`, a field, or why it may not stand there.
pub fn add(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewUnit) -> Result<Unit, Error> {
    policy::permit(&ctx.actor, action::ManageUnits, Target::Anywhere)?;
    let unit = Unit {
        id: UnitId(ctx.uuid()),
        code: check::code("code", &new.code)?,
        name: check::text("name", &new.name, 100)?,
        level: new.level,
    };
    let mut tree = rows::tree(tx, ctx.org())?;
    let from = new.valid_from.unwrap_or(ctx.now);
    tree.add(unit.clone(), new.parent, from).map_err(|error| match error {
        TreeError::Unknown => Error::field("parent", codes::UNIT_UNKNOWN),
        other => refused(other),
    })?;
    rows::insert(tx, ctx.org(), &unit, ctx.now).map_err(|error| {
        if error.is_unique("units_code") {
            Error::conflict(codes::CODE_TAKEN).with_field("code", codes::CODE_TAKEN)
        } else {
            error.into()
        }
    })?;
    rows::save_places(tx, ctx.org(), &tree, unit.id)?;
    let details = json!({"code": unit.code, "level": unit.level, "parent": new.parent, "from": from});
    audit::record(tx, ctx, "unit_added", Object::new("unit", unit.id), details)?;
    Ok(unit)
}

/// Moves a unit below another from a moment on; the past stays as it was.
///
/// # Errors
/// `forbidden`, `not_found`, or why it may not stand there.
pub fn move_to(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: UnitId,
    parent: Option<UnitId>,
    at: Option<Timestamp>,
) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageUnits, Target::Anywhere)?;
    let at = at.unwrap_or(ctx.now);
    let mut tree = rows::tree(tx, ctx.org())?;
    tree.move_to(unit, parent, at).map_err(refused)?;
    rows::save_places(tx, ctx.org(), &tree, unit)?;
    audit::record(tx, ctx, "unit_moved", Object::new("unit", unit), json!({"parent": parent, "from": at}))
}

/// Gives a unit another name.
///
/// # Errors
/// `forbidden`, `not_found`, or a field that is not acceptable.
pub fn rename(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, name: &str) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageUnits, Target::Anywhere)?;
    let name = check::text("name", name, 100)?;
    let old = rows::get(tx, ctx.org(), unit)?.ok_or_else(Error::not_found)?;
    rows::rename(tx, ctx.org(), unit, &name)?;
    let details = json!({"before": old.name, "after": name});
    audit::record(tx, ctx, "unit_renamed", Object::new("unit", unit), details)
}

/// Ends a unit now; it keeps its past.
///
/// # Errors
/// `forbidden`, `not_found`, and `unit_in_use` while units or people are in it
/// or everything without a unit would lie there.
pub fn end(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageUnits, Target::Anywhere)?;
    let mut tree = rows::tree(tx, ctx.org())?;
    tree.end(unit, ctx.now).map_err(refused)?;
    let root = organisation::get(tx, ctx.org())?.is_some_and(|org| org.root_unit == unit);
    if root || !memberships::of_unit(tx, ctx.org(), unit, ctx.now)?.is_empty() {
        return Err(Error::conflict(codes::UNIT_IN_USE));
    }
    rows::save_places(tx, ctx.org(), &tree, unit)?;
    audit::record(tx, ctx, "unit_ended", Object::new("unit", unit), json!({}))
}

/// Ends a unit that was just added, at a moment before or after now.
///
/// # Errors
/// `forbidden`, `not_found`, or why it cannot end then.
pub(crate) fn end_at(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, at: Timestamp) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageUnits, Target::Anywhere)?;
    let mut tree = rows::tree(tx, ctx.org())?;
    tree.end(unit, at).map_err(refused)?;
    rows::save_places(tx, ctx.org(), &tree, unit)?;
    audit::record(tx, ctx, "unit_ended", Object::new("unit", unit), json!({"at": at}))
}
