//! What recurs in each organisation, and when it opens next.

use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// The rhythm of one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RhythmRow {
    /// The organisation.
    pub org: OrgId,
    /// JSON.
    pub rhythm: String,
    /// How often it was set.
    pub version: i64,
    /// Everything up to here has opened.
    pub done_until: Timestamp,
    /// When something opens next.
    pub next_at: Option<Timestamp>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT org, rhythm, version, done_until, next_at FROM rhythms WHERE ", $rest)
    };
}

fn read(row: &Row) -> Result<RhythmRow, StoreError> {
    Ok(RhythmRow {
        org: row.get(0)?,
        rhythm: row.get(1)?,
        version: row.get(2)?,
        done_until: row.get(3)?,
        next_at: row.get(4)?,
    })
}

/// Gives the rhythm of an organisation, if it set one.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId) -> Result<Option<RhythmRow>, StoreError> {
    tx.one(select!("org = $1"), &values![org])?.as_ref().map(read).transpose()
}

/// Sets the rhythm of an organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn set(tx: &mut Tx<'_>, row: &RhythmRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO rhythms (org, rhythm, version, done_until, next_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org) DO UPDATE SET rhythm = excluded.rhythm, version = excluded.version,
           done_until = excluded.done_until, next_at = excluded.next_at",
        &values![row.org, &row.rhythm, row.version, row.done_until, row.next_at],
    )?;
    Ok(())
}

/// Gives the next instant at which something opens, in whatever organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn next(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let row =
        tx.one("SELECT next_at FROM rhythms WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1", &[])?;
    row.map(|row| row.get(0)).transpose()
}

/// Lists the organisations in which something opens by an instant.
///
/// # Errors
/// Any [`StoreError`].
pub fn due(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<RhythmRow>, StoreError> {
    let rows =
        tx.all(select!("next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, org"), &values![now])?;
    rows.iter().map(read).collect()
}
