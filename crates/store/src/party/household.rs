//! Rows of households and of who lives in them.

use huiyin_domain::ids::{HouseholdId, OrgId, PartyId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::search::Subject;
use huiyin_domain::time::{Date, Timestamp};

use crate::people::scope;
use crate::search::feed;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// A household (户).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdRow {
    /// Identity.
    pub id: HouseholdId,
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
    /// Grows by one with each change.
    pub version: i64,
}

/// Which households are wanted; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HouseholdFilter {
    /// Of this estate.
    pub unit: Option<UnitId>,
    /// In this building.
    pub building: Option<String>,
    /// With this room code.
    pub room: Option<String>,
    /// After this one.
    pub after: Option<HouseholdId>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT h.id, h.unit, h.building, h.room, h.area, h.moved_in_on, h.version FROM households h",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<HouseholdRow, StoreError> {
    let day: Option<String> = row.get(5)?;
    let day = day.map(|text| text.parse()).transpose();
    Ok(HouseholdRow {
        id: row.get(0)?,
        unit: row.get(1)?,
        building: row.get(2)?,
        room: row.get(3)?,
        area: row.get(4)?,
        moved_in_on: day.map_err(|_| StoreError::Type { context: "a date is not readable".into() })?,
        version: row.get(6)?,
    })
}

/// Adds a household.
///
/// # Errors
/// [`StoreError::Unique`] `households_room` when the room is there already.
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &HouseholdRow, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO households (org, id, unit, building, room, area, moved_in_on, created_at, changed_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1)",
        &values![
            org,
            new.id,
            new.unit,
            &new.building,
            &new.room,
            new.area,
            new.moved_in_on.map(|day| day.to_string()),
            now
        ],
    )?;
    Ok(())
}

/// Changes area and day of moving in if nobody else did; gives whether so.
///
/// # Errors
/// Any [`StoreError`].
pub fn update(
    tx: &mut Tx<'_>,
    org: OrgId,
    changed: &HouseholdRow,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE households SET area = $4, moved_in_on = $5, changed_at = $6, version = version + 1
         WHERE org = $1 AND id = $2 AND version = $3",
        &values![
            org,
            changed.id,
            changed.version,
            changed.area,
            changed.moved_in_on.map(|day| day.to_string()),
            now
        ],
    )?;
    Ok(rows > 0)
}

/// Gives a household.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: HouseholdId) -> Result<Option<HouseholdRow>, StoreError> {
    let row = tx.one(select!(" WHERE h.org = $1 AND h.id = $2"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Finds a household by its room.
///
/// # Errors
/// Any [`StoreError`].
pub fn at(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
    building: &str,
    room: &str,
) -> Result<Option<HouseholdRow>, StoreError> {
    let row = tx.one(
        select!(" WHERE h.org = $1 AND h.unit = $2 AND h.building = $3 AND h.room = $4"),
        &values![org, unit, building, room],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists households that a scope covers, in the order of entry.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &HouseholdFilter,
    now: Timestamp,
) -> Result<Vec<HouseholdRow>, StoreError> {
    let pieces = crate::scope_pieces!(org: "h.org", unit: "h.unit", own: ["h.id"]);
    let mut query = Query::new(select!(" WHERE "), []);
    scope::filter(&mut query, &pieces, visible, now);
    if let Some(unit) = filter.unit {
        query.bind(" AND h.unit = $1", values![unit]);
    }
    if let Some(building) = &filter.building {
        query.bind(" AND h.building = $1", values![building]);
    }
    if let Some(room) = &filter.room {
        query.bind(" AND h.room = $1", values![room]);
    }
    if let Some(after) = filter.after {
        query.bind(" AND h.id > $1", values![after]);
    }
    query.bind(" ORDER BY h.id LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Says that a customer lives in a household, as owner, tenant, family or other.
///
/// # Errors
/// Any [`StoreError`].
pub fn join(
    tx: &mut Tx<'_>,
    org: OrgId,
    party: PartyId,
    household: HouseholdId,
    (role, now): (&str, Timestamp),
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO party_households (org, party, household, role, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org, party, household) DO UPDATE SET role = excluded.role",
        &values![org, party, household, role, now],
    )?;
    feed::changed(tx, org, Subject::Customer, party.0)
}

/// Says that a customer no longer lives in any household.
///
/// # Errors
/// Any [`StoreError`].
pub fn leave(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM party_households WHERE org = $1 AND party = $2", &values![org, party])?;
    feed::changed(tx, org, Subject::Customer, party.0)
}

/// Gives the households of a customer with the role there.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_party(
    tx: &mut Tx<'_>,
    org: OrgId,
    party: PartyId,
) -> Result<Vec<(HouseholdRow, String)>, StoreError> {
    let rows = tx.all(
        "SELECT h.id, h.unit, h.building, h.room, h.area, h.moved_in_on, h.version, m.role FROM households h
         JOIN party_households m ON m.org = h.org AND m.household = h.id
         WHERE h.org = $1 AND m.party = $2 ORDER BY h.id",
        &values![org, party],
    )?;
    rows.iter().map(|row| Ok((read(row)?, row.get(7)?))).collect()
}

/// Counts the households of a unit and of those below it.
///
/// # Errors
/// Any [`StoreError`].
pub fn count_at(tx: &mut Tx<'_>, org: OrgId, unit: UnitId, now: Timestamp) -> Result<i64, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FROM households h WHERE h.org = $1 AND h.unit IN (SELECT u.descendant FROM unit_paths u
           WHERE u.org = $1 AND u.ancestor = $2 AND u.valid_from <= $3
           AND (u.valid_to IS NULL OR u.valid_to > $3))",
        &values![org, unit, now],
    )?;
    row.map_or(Ok(0), |row| row.get(0))
}
