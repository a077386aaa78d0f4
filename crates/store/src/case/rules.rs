//! Packs and calendars that organisations activated.

use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// A pack version as it was activated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackRow {
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
    /// First day, `YYYY-MM-DD`.
    pub effective: String,
    /// JSON object of file name to text.
    pub files: String,
    /// When it was activated.
    pub activated_at: Timestamp,
}

/// A calendar version as it was activated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarRow {
    /// Name.
    pub name: String,
    /// Version.
    pub version: u32,
    /// JSON of its parts.
    pub parts: String,
    /// When it was activated.
    pub activated_at: Timestamp,
}

/// Lists the pack versions that an organisation activated.
///
/// # Errors
/// Any [`StoreError`].
pub fn packs(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<PackRow>, StoreError> {
    let rows = tx.all(
        "SELECT name, version, effective, files, activated_at FROM packs WHERE org = $1 ORDER BY name, version",
        &values![org],
    )?;
    let read = |row: &Row| {
        Ok(PackRow {
            name: row.get(0)?,
            version: row.get(1)?,
            effective: row.get(2)?,
            files: row.get(3)?,
            activated_at: row.get(4)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Activates a pack version.
///
/// # Errors
/// [`StoreError::Unique`] when the version is active already.
pub fn activate_pack(tx: &mut Tx<'_>, org: OrgId, pack: &PackRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO packs (org, name, version, effective, files, activated_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &values![org, &pack.name, pack.version, &pack.effective, &pack.files, pack.activated_at],
    )?;
    Ok(())
}

/// Gives the newest version of a calendar that an organisation activated, as JSON.
///
/// # Errors
/// Any [`StoreError`].
pub fn calendar(tx: &mut Tx<'_>, org: OrgId, name: &str) -> Result<Option<String>, StoreError> {
    let row = tx.one(
        "SELECT parts FROM calendars WHERE org = $1 AND name = $2 ORDER BY version DESC LIMIT 1",
        &values![org, name],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Lists the calendar versions that an organisation activated, newest last.
///
/// # Errors
/// Any [`StoreError`].
pub fn calendars(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<CalendarRow>, StoreError> {
    let rows = tx.all(
        "SELECT name, version, parts, activated_at FROM calendars WHERE org = $1 ORDER BY name, version",
        &values![org],
    )?;
    let read = |row: &Row| {
        Ok(CalendarRow {
            name: row.get(0)?,
            version: row.get(1)?,
            parts: row.get(2)?,
            activated_at: row.get(3)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Activates a calendar version, as JSON of its parts.
///
/// # Errors
/// [`StoreError::Unique`] when the version is active already.
pub fn activate_calendar(
    tx: &mut Tx<'_>,
    org: OrgId,
    (name, version): (&str, u32),
    parts: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO calendars (org, name, version, parts, activated_at) VALUES ($1, $2, $3, $4, $5)",
        &values![org, name, version, parts, now],
    )?;
    Ok(())
}
