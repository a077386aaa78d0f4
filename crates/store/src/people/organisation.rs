//! Rows of organisations and their settings.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// One organisation (tenant).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its number inside; never shown outside.
    pub org: OrgId,
    /// Its code, by which the outside names it.
    pub code: String,
    /// The name that people see.
    pub name: String,
    /// IANA zone of its dates.
    pub zone: String,
    /// Name of its working calendar.
    pub calendar: String,
    /// Name of the pack of its cases.
    pub pack: String,
    /// The unit in which everything lies that names no other.
    pub root_unit: UnitId,
}

fn read(row: &Row) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        org: row.get(0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        zone: row.get(3)?,
        calendar: row.get(4)?,
        pack: row.get(5)?,
        root_unit: row.get(6)?,
    })
}

/// Gives the number that the next organisation gets.
///
/// # Errors
/// Any [`StoreError`].
pub fn next_number(tx: &mut Tx<'_>) -> Result<OrgId, StoreError> {
    let row = tx.one("SELECT COALESCE(MAX(org), 0) + 1 FROM organisations", &[])?;
    row.map_or(Ok(OrgId(1)), |row| row.get(0))
}

/// Adds an organisation.
///
/// # Errors
/// [`StoreError::Unique`] `organisations_code` when the code is taken.
pub fn insert(tx: &mut Tx<'_>, new: &Organisation, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO organisations (org, code, name, zone, calendar, pack, root_unit, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &values![new.org, &new.code, &new.name, &new.zone, &new.calendar, &new.pack, new.root_unit, now],
    )?;
    Ok(())
}

/// Changes name, zone, calendar and pack; gives whether it was there.
///
/// # Errors
/// Any [`StoreError`].
pub fn update(tx: &mut Tx<'_>, changed: &Organisation) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE organisations SET name = $2, zone = $3, calendar = $4, pack = $5 WHERE org = $1",
        &values![changed.org, &changed.name, &changed.zone, &changed.calendar, &changed.pack],
    )?;
    Ok(rows > 0)
}

/// Gives an organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId) -> Result<Option<Organisation>, StoreError> {
    let row = tx.one(
        "SELECT org, code, name, zone, calendar, pack, root_unit FROM organisations WHERE org = $1",
        &values![org],
    )?;
    row.as_ref().map(read).transpose()
}

/// Finds an organisation by its code.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Organisation>, StoreError> {
    let row = tx.one(
        "SELECT org, code, name, zone, calendar, pack, root_unit FROM organisations WHERE code = $1",
        &values![code],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists every organisation of the installation, oldest first.
///
/// For the machine itself (command line, clocks), never for a person.
///
/// # Errors
/// Any [`StoreError`].
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Organisation>, StoreError> {
    let rows = tx.all(
        "SELECT org, code, name, zone, calendar, pack, root_unit FROM organisations ORDER BY org",
        &[],
    )?;
    rows.iter().map(read).collect()
}

/// Lists the organisations in which a person has a membership now, by code.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(tx: &mut Tx<'_>, person: PersonId, now: Timestamp) -> Result<Vec<Organisation>, StoreError> {
    let rows = tx.all(
        "SELECT o.org, o.code, o.name, o.zone, o.calendar, o.pack, o.root_unit FROM organisations o
         WHERE o.org IN (SELECT m.org FROM memberships m WHERE m.person = $1 AND m.valid_from <= $2
                         AND (m.valid_to IS NULL OR m.valid_to > $2))
         ORDER BY o.code",
        &values![person, now],
    )?;
    rows.iter().map(read).collect()
}

/// Gives one setting as JSON text.
///
/// # Errors
/// Any [`StoreError`].
pub fn setting(tx: &mut Tx<'_>, org: OrgId, name: &str) -> Result<Option<String>, StoreError> {
    let row = tx.one("SELECT value FROM settings WHERE org = $1 AND name = $2", &values![org, name])?;
    row.map(|row| row.get(0)).transpose()
}

/// Sets one setting, JSON text.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_setting(
    tx: &mut Tx<'_>,
    org: OrgId,
    name: &str,
    value: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO settings (org, name, value, changed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org, name) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at",
        &values![org, name, value, now],
    )?;
    Ok(())
}

/// Gives when an organisation was made.
///
/// # Errors
/// Any [`StoreError`].
pub fn made_at(tx: &mut Tx<'_>, org: OrgId) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one("SELECT created_at FROM organisations WHERE org = $1", &values![org])?;
    row.map(|row| row.get(0)).transpose()
}
