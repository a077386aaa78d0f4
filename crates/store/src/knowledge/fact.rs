//! Facts of estates, and what was changed on their sheets.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::knowledge::fact::Values;
use huiyin_domain::search::Subject;
use huiyin_domain::time::Timestamp;
use std::collections::BTreeMap;

use crate::search::feed;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// The sheet of an estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// The estate.
    pub unit: UnitId,
    /// How often it was changed.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// One change of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// The version that it made.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// Who; none is the command line.
    pub person: Option<PersonId>,
    /// What was changed, JSON.
    pub changes: String,
}

fn sheet(row: &Row) -> Result<SheetRow, StoreError> {
    Ok(SheetRow { unit: row.get(0)?, version: row.get(1)?, changed_at: row.get(2)? })
}

/// Gives the schema that an organisation brought in, TOML.
///
/// # Errors
/// Any [`StoreError`].
pub fn schema(tx: &mut Tx<'_>, org: OrgId) -> Result<Option<String>, StoreError> {
    let row = tx.one("SELECT body FROM fact_schemas WHERE org = $1", &values![org])?;
    row.map(|row| row.get(0)).transpose()
}

/// Puts a schema in the place of the one before.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_schema(tx: &mut Tx<'_>, org: OrgId, body: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO fact_schemas (org, body, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (org) DO UPDATE SET body = excluded.body, changed_at = excluded.changed_at",
        &values![org, body, now],
    )?;
    // what the fields are called is found too
    for sheet in all(tx, org)? {
        feed::changed(tx, org, Subject::Fact, sheet.unit.0)?;
    }
    Ok(())
}

/// Gives the sheet of an estate; none where nothing was ever written.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, unit: UnitId) -> Result<Option<SheetRow>, StoreError> {
    let row = tx.one(
        "SELECT unit, version, changed_at FROM fact_sheets WHERE org = $1 AND unit = $2",
        &values![org, unit],
    )?;
    row.as_ref().map(sheet).transpose()
}

/// Lists the sheets of an organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn all(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<SheetRow>, StoreError> {
    let rows = tx.all(
        "SELECT unit, version, changed_at FROM fact_sheets WHERE org = $1 ORDER BY unit",
        &values![org],
    )?;
    rows.iter().map(sheet).collect()
}

/// Lists sheets by estate, after one, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn after(
    tx: &mut Tx<'_>,
    org: OrgId,
    after: Option<UnitId>,
    limit: u32,
) -> Result<Vec<SheetRow>, StoreError> {
    let mut query =
        Query::new("SELECT unit, version, changed_at FROM fact_sheets WHERE org = $1", values![org]);
    if let Some(after) = after {
        query.bind(" AND unit > $1", values![after]);
    }
    query.bind(" ORDER BY unit LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(sheet).collect()
}

/// Gives what stands on the sheets of an organisation, by estate.
///
/// # Errors
/// Any [`StoreError`].
pub fn values_of_all(tx: &mut Tx<'_>, org: OrgId) -> Result<BTreeMap<UnitId, Values>, StoreError> {
    let rows = tx.all("SELECT unit, field, value FROM facts WHERE org = $1", &values![org])?;
    let mut found: BTreeMap<UnitId, Values> = BTreeMap::new();
    for row in &rows {
        found.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
    }
    Ok(found)
}

/// Gives what stands on the sheet of an estate, with when each value was put there.
///
/// # Errors
/// Any [`StoreError`].
pub fn values_of(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
) -> Result<BTreeMap<String, (String, Timestamp)>, StoreError> {
    let rows = tx.all(
        "SELECT field, value, changed_at FROM facts WHERE org = $1 AND unit = $2",
        &values![org, unit],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).collect()
}

/// Keeps the next version of a sheet; false when somebody was faster.
///
/// # Errors
/// Any [`StoreError`].
pub fn save(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
    change: &ChangeRow,
    values: &[(String, Option<String>)],
) -> Result<bool, StoreError> {
    let rows = if change.version == 1 {
        tx.execute(
            "INSERT INTO fact_sheets (org, unit, version, changed_at) VALUES ($1, $2, 1, $3)
             ON CONFLICT (org, unit) DO NOTHING",
            &values![org, unit, change.at],
        )?
    } else {
        tx.execute(
            "UPDATE fact_sheets SET version = $3, changed_at = $4
             WHERE org = $1 AND unit = $2 AND version = $3 - 1",
            &values![org, unit, change.version, change.at],
        )?
    };
    if rows == 0 {
        return Ok(false);
    }
    for (field, value) in values {
        match value {
            None => {
                let sql = "DELETE FROM facts WHERE org = $1 AND unit = $2 AND field = $3";
                tx.execute(sql, &values![org, unit, field])?;
            }
            Some(value) => {
                tx.execute(
                    "INSERT INTO facts (org, unit, field, value, changed_at, changed_by)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org, unit, field) DO UPDATE
                     SET value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by",
                    &values![org, unit, field, value, change.at, change.person],
                )?;
            }
        }
    }
    tx.execute(
        "INSERT INTO fact_changes (org, unit, version, at, person, changes) VALUES ($1, $2, $3, $4, $5, $6)",
        &values![org, unit, change.version, change.at, change.person, &change.changes],
    )?;
    feed::changed(tx, org, Subject::Fact, unit.0)?;
    Ok(true)
}

/// Lists what was changed on a sheet, the last first.
///
/// # Errors
/// Any [`StoreError`].
pub fn changes(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
    (before, limit): (Option<i64>, u32),
) -> Result<Vec<ChangeRow>, StoreError> {
    let rows = tx.all(
        "SELECT version, at, person, changes FROM fact_changes
         WHERE org = $1 AND unit = $2 AND version < $3 ORDER BY version DESC LIMIT $4",
        &values![org, unit, before.unwrap_or(i64::MAX), limit],
    )?;
    let change = |row: &Row| {
        Ok(ChangeRow { version: row.get(0)?, at: row.get(1)?, person: row.get(2)?, changes: row.get(3)? })
    };
    rows.iter().map(change).collect()
}
