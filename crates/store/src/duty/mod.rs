//! Rows of the duty table: who is on duty, can be visited with, or is away.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One stretch of time of one person at one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRow {
    /// Identity, UUID v7.
    pub id: Uuid,
    /// Who.
    pub person: PersonId,
    /// Where.
    pub unit: UnitId,
    /// `on_duty`, `available` or `absent`.
    pub kind: String,
    /// From when.
    pub starts_at: Timestamp,
    /// The first instant after it.
    pub ends_at: Timestamp,
}

/// Which stretches are wanted: those that touch a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyFilter {
    /// Begin of the period.
    pub from: Timestamp,
    /// The first instant after the period.
    pub to: Timestamp,
    /// Of this unit alone.
    pub unit: Option<UnitId>,
    /// Of this person alone.
    pub person: Option<PersonId>,
    /// Of this kind alone.
    pub kind: Option<String>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT d.id, d.person, d.unit, d.kind, d.starts_at, d.ends_at FROM duty d", $rest)
    };
}

fn read(row: &Row) -> Result<DutyRow, StoreError> {
    let id = Uuid::parse_str(row.text(0)?)
        .map_err(|_| StoreError::Type { context: "a duty's identity is not readable".into() })?;
    Ok(DutyRow {
        id,
        person: row.get(1)?,
        unit: row.get(2)?,
        kind: row.get(3)?,
        starts_at: row.get(4)?,
        ends_at: row.get(5)?,
    })
}

/// Adds a stretch; `by` is who entered it.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(
    tx: &mut Tx<'_>,
    org: OrgId,
    new: &DutyRow,
    by: Option<PersonId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO duty (org, id, person, unit, kind, starts_at, ends_at, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &values![
            org,
            new.id.to_string(),
            new.person,
            new.unit,
            &new.kind,
            new.starts_at,
            new.ends_at,
            now,
            by
        ],
    )?;
    Ok(())
}

/// Gives a stretch that was not cancelled.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<Option<DutyRow>, StoreError> {
    let row = tx.one(
        select!(" WHERE d.org = $1 AND d.id = $2 AND d.cancelled_at IS NULL"),
        &values![org, id.to_string()],
    )?;
    row.as_ref().map(read).transpose()
}

/// Cancels a stretch; who was on duty before stays known.
///
/// # Errors
/// Any [`StoreError`].
pub fn cancel(tx: &mut Tx<'_>, org: OrgId, id: Uuid, now: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE duty SET cancelled_at = $3 WHERE org = $1 AND id = $2 AND cancelled_at IS NULL",
        &values![org, id.to_string(), now],
    )?;
    Ok(rows > 0)
}

/// Lists the stretches that touch a period, by begin.
///
/// # Errors
/// Any [`StoreError`].
pub fn touching(tx: &mut Tx<'_>, org: OrgId, filter: &DutyFilter) -> Result<Vec<DutyRow>, StoreError> {
    let mut query = Query::new(
        select!(" WHERE d.org = $1 AND d.cancelled_at IS NULL AND d.ends_at > $2 AND d.starts_at < $3"),
        values![org, filter.from, filter.to],
    );
    if let Some(unit) = filter.unit {
        query.bind(" AND d.unit = $1", values![unit]);
    }
    if let Some(person) = filter.person {
        query.bind(" AND d.person = $1", values![person]);
    }
    if let Some(kind) = &filter.kind {
        query.bind(" AND d.kind = $1", values![kind]);
    }
    query.bind(" ORDER BY d.starts_at, d.id LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Lists who is on duty at a unit at a moment, first come first.
///
/// Only people who may sign in, have a place here then and are not absent.
///
/// # Errors
/// Any [`StoreError`].
pub fn on_duty(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
    at: Timestamp,
) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx.all(
        "SELECT d.person FROM duty d JOIN persons p ON p.id = d.person
         WHERE d.org = $1 AND d.unit = $2 AND d.kind = 'on_duty' AND d.cancelled_at IS NULL
         AND d.starts_at <= $3 AND d.ends_at > $3 AND p.active = 1
         AND EXISTS (SELECT 1 FROM memberships m WHERE m.org = $1 AND m.person = d.person
                     AND m.valid_from <= $3 AND (m.valid_to IS NULL OR m.valid_to > $3))
         AND NOT EXISTS (SELECT 1 FROM duty a WHERE a.org = $1 AND a.person = d.person AND a.kind = 'absent'
                         AND a.cancelled_at IS NULL AND a.starts_at <= $3 AND a.ends_at > $3)
         ORDER BY d.starts_at, d.id",
        &values![org, unit, at],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Lists who is absent at a moment.
///
/// # Errors
/// Any [`StoreError`].
pub fn absent(tx: &mut Tx<'_>, org: OrgId, at: Timestamp) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx.all(
        "SELECT DISTINCT person FROM duty WHERE org = $1 AND kind = 'absent' AND cancelled_at IS NULL
         AND starts_at <= $2 AND ends_at > $2",
        &values![org, at],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Lists the units that have anybody on duty in a period.
///
/// # Errors
/// Any [`StoreError`].
pub fn units_with_duty(
    tx: &mut Tx<'_>,
    org: OrgId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<UnitId>, StoreError> {
    let rows = tx.all(
        "SELECT DISTINCT unit FROM duty WHERE org = $1 AND kind = 'on_duty' AND cancelled_at IS NULL
         AND ends_at > $2 AND starts_at < $3 ORDER BY unit",
        &values![org, from, to],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}
