//! Putting a pack version or a calendar into force for an organisation.

use huiyin_domain::pack::{self, Pack, PackFiles};
use huiyin_domain::time::{Date, WorkingCalendar};
use huiyin_store::case::rules::{self as rows, PackRow};
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;
use serde_json::json;

use super::rules::Rules;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// What the activation of a pack led to.
#[derive(Clone, Debug)]
pub struct ActivatedPack {
    /// Name and version.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// From which day on newly received cases are bound by it.
    pub effective: Date,
}

/// Puts a pack version into force from a day on.
///
/// Cases that exist keep the version that binds them (domain.md §4).
///
/// # Errors
/// `forbidden`, `pack_faulty` when it does not load, `pack_version_exists`,
/// `pack_date_taken` when another version begins on the same day.
pub fn activate_pack(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    files: &PackFiles,
    from: Date,
) -> Result<ActivatedPack, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let pack =
        pack::load(files).map_err(|faults| Error::invalid("pack_faulty").with("faults", faults.len()))?;
    let held = rules.of(tx, ctx.org())?;
    let mut others = held.packs().filter(|other| other.name == pack.name);
    let taken = |other: &Pack| other.version == pack.version;
    if rows::packs(tx, ctx.org())?.iter().any(|row| row.name == pack.name && row.version == pack.version) {
        return Err(Error::conflict("pack_version_exists").with("version", pack.version));
    }
    if others.any(|other| !taken(other) && other.effective == from) {
        return Err(Error::conflict("pack_date_taken").with("date", from.to_string()));
    }
    let row = PackRow {
        name: pack.name.clone(),
        version: pack.version,
        effective: from.to_string(),
        files: serde_json::to_string(files).map_err(Error::internal)?,
    };
    rows::activate_pack(tx, ctx.org(), &row, from, ctx.now)?;
    let details = json!({"version": pack.version, "from": from.to_string()});
    audit::record(tx, ctx, "pack_activated", Object::new("pack", &pack.name), details)?;
    Ok(ActivatedPack { name: pack.name, version: pack.version, effective: from })
}

/// Puts a calendar version into force; open clocks are counted again by a job.
///
/// # Errors
/// `forbidden`, or `calendar_version_exists`.
pub fn activate_calendar(tx: &mut Tx<'_>, ctx: &Ctx, calendar: &WorkingCalendar) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let reference = calendar.reference();
    let parts = serde_json::to_string(&calendar.parts()).map_err(Error::internal)?;
    let name = (reference.name.as_str(), reference.version);
    if name.0 != organisation.calendar {
        return Err(Error::invalid("calendar_other_name").with("name", organisation.calendar));
    }
    rows::activate_calendar(tx, ctx.org(), name, &parts, ctx.now).map_err(|error| {
        if error.is_unique("calendars_pkey") {
            Error::conflict("calendar_version_exists")
        } else {
            error.into()
        }
    })?;
    let details = json!({"version": reference.version});
    audit::record(tx, ctx, "calendar_activated", Object::new("calendar", &reference.name), details)?;
    super::recount::begin(tx, ctx)
}
