//! A row becomes a unit of the organisation tree.

use huiyin_domain::people::UnitLevel;
use huiyin_store::people::unit as rows;
use huiyin_store::sql::Tx;
use huiyin_tabular::{Field, MappedRow};

use super::case::word;
use super::person::{day, required};
use super::{Desk, Outcome};
use crate::codes;
use crate::error::Error;
use crate::people::unit::{self, NewUnit};

/// Adds one unit, unless its code is there.
///
/// Without a parent it stands below the organisation's first unit where its
/// level may, else beside it.
///
/// # Errors
/// What is wrong with the row, by target.
pub(super) fn take(tx: &mut Tx<'_>, desk: &mut Desk<'_>, row: &MappedRow) -> Result<Outcome, Error> {
    let ctx = desk.ctx;
    let code = required(row, Field::Code)?;
    if rows::by_code(tx, ctx.org(), code)?.is_some() {
        return Ok(Outcome::AlreadyThere);
    }
    let level: UnitLevel = word(row, Field::Level, &UnitLevel::ALL, UnitLevel::name)?
        .ok_or_else(|| Error::field("level", "missing_required"))?;
    let parent = match row.text(Field::Parent) {
        Some(code) => Some(rows::by_code(tx, ctx.org(), code)?.ok_or_else(orphan)?.id),
        None => {
            let root = desk.places.root(tx, ctx)?;
            let holds = rows::get(tx, ctx.org(), root)?.is_some_and(|unit| unit.level.may_hold(level));
            holds.then_some(root)
        }
    };
    let new = NewUnit {
        code: code.to_owned(),
        name: required(row, Field::Name)?.to_owned(),
        level,
        parent,
        valid_from: day(row, Field::ValidFrom, desk.zone)?,
    };
    let unit = unit::add(tx, ctx, &new)?;
    if let Some(end) = day(row, Field::ValidTo, desk.zone)? {
        unit::end_at(tx, ctx, unit.id, end)?;
    }
    Ok(Outcome::Imported)
}

fn orphan() -> Error {
    Error::field("parent", codes::UNIT_UNKNOWN)
}
