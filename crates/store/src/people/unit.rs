//! Rows of the organisation tree.

use huiyin_domain::ids::{OrgId, UnitId};
use huiyin_domain::people::{Placement, Tree, Unit, UnitLevel};
use huiyin_domain::search::Subject;
use huiyin_domain::time::Timestamp;

use super::validity;
use crate::search::feed;
use crate::sql::{Row, StoreError, Tx};
use crate::values;

fn read(row: &Row) -> Result<Unit, StoreError> {
    let level: UnitLevel = row
        .text(3)?
        .parse()
        .map_err(|_| StoreError::Type { context: "a unit's level is not readable".into() })?;
    Ok(Unit { id: row.get(0)?, code: row.get(1)?, name: row.get(2)?, level })
}

/// Gives the whole tree of an organisation with its history.
///
/// # Errors
/// Any [`StoreError`].
pub fn tree(tx: &mut Tx<'_>, org: OrgId) -> Result<Tree, StoreError> {
    let units = tx.all("SELECT id, code, name, level FROM units WHERE org = $1", &values![org])?;
    let places =
        tx.all("SELECT unit, parent, valid_from, valid_to FROM placements WHERE org = $1", &values![org])?;
    let units: Result<Vec<Unit>, StoreError> = units.iter().map(read).collect();
    let places: Result<Vec<Placement>, StoreError> = places
        .iter()
        .map(|row| Ok(Placement { unit: row.get(0)?, parent: row.get(1)?, valid: validity(row, 2)? }))
        .collect();
    Ok(Tree::new(units?, places?))
}

/// Gives a unit.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, unit: UnitId) -> Result<Option<Unit>, StoreError> {
    let row =
        tx.one("SELECT id, code, name, level FROM units WHERE org = $1 AND id = $2", &values![org, unit])?;
    row.as_ref().map(read).transpose()
}

/// Finds a unit by its code.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_code(tx: &mut Tx<'_>, org: OrgId, code: &str) -> Result<Option<Unit>, StoreError> {
    let row =
        tx.one("SELECT id, code, name, level FROM units WHERE org = $1 AND code = $2", &values![org, code])?;
    row.as_ref().map(read).transpose()
}

/// Lists the units that bear one of two names.
///
/// # Errors
/// Any [`StoreError`].
pub fn named(tx: &mut Tx<'_>, org: OrgId, (one, other): (&str, &str)) -> Result<Vec<Unit>, StoreError> {
    let sql =
        "SELECT id, code, name, level FROM units WHERE org = $1 AND (name = $2 OR name = $3) ORDER BY id";
    tx.all(sql, &values![org, one, other])?.iter().map(read).collect()
}

/// Adds a unit without a place.
///
/// # Errors
/// [`StoreError::Unique`] `units_code` when the code is taken.
pub fn insert(tx: &mut Tx<'_>, org: OrgId, unit: &Unit, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO units (org, id, code, name, level, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &values![org, unit.id, &unit.code, &unit.name, unit.level.name(), now],
    )?;
    Ok(())
}

/// Changes a unit's name.
///
/// # Errors
/// Any [`StoreError`].
pub fn rename(tx: &mut Tx<'_>, org: OrgId, unit: UnitId, name: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE units SET name = $3 WHERE org = $1 AND id = $2", &values![org, unit, name])?;
    // its sheet of facts is found by its name
    feed::changed(tx, org, Subject::Fact, unit.0)
}

/// Writes where one unit stood and the closure of the whole tree.
///
/// Other units' places did not change, but their ways up may have.
///
/// # Errors
/// Any [`StoreError`].
pub fn save_places(tx: &mut Tx<'_>, org: OrgId, tree: &Tree, changed: UnitId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM placements WHERE org = $1 AND unit = $2", &values![org, changed])?;
    let places = tree.placements(changed).iter();
    tx.execute_many(
        "INSERT INTO placements (org, unit, valid_from, valid_to, parent) VALUES ($1, $2, $3, $4, $5)",
        places.map(|place| values![org, changed, place.valid.from, place.valid.to, place.parent]),
    )?;
    tx.execute("DELETE FROM unit_paths WHERE org = $1", &values![org])?;
    tx.execute_many(
        "INSERT INTO unit_paths (org, ancestor, descendant, distance, valid_from, valid_to)
         VALUES ($1, $2, $3, $4, $5, $6)",
        tree.closure().into_iter().map(|pair| {
            let (from, to) = (pair.valid.from, pair.valid.to);
            values![org, pair.ancestor, pair.descendant, pair.distance, from, to]
        }),
    )?;
    Ok(())
}

/// Gives the way from the root to a unit at a moment, both included.
///
/// Empty when the unit is not this organisation's or did not stand then.
///
/// # Errors
/// Any [`StoreError`].
pub fn path(tx: &mut Tx<'_>, org: OrgId, unit: UnitId, at: Timestamp) -> Result<Vec<UnitId>, StoreError> {
    let rows = tx.all(
        "SELECT ancestor FROM unit_paths WHERE org = $1 AND descendant = $2 AND valid_from <= $3
         AND (valid_to IS NULL OR valid_to > $3) ORDER BY distance DESC",
        &values![org, unit, at],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}
