//! The due index: which limits fire next, over all organisations.
//!
//! *Where to start*: [`firing`] finds them, [`lock`] makes one's row this
//! transaction's own.

use huiyin_domain::ids::{CaseId, IncidentId, OrgId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Engine, Row, StoreError, Tx, Value};
use crate::values;

/// Whose clock it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A case's.
    Case(CaseId),
    /// An incident's.
    Incident(IncidentId),
}

impl Holder {
    /// Names its kind, as the index has it.
    pub(crate) const fn kind(self) -> &'static str {
        match self {
            Self::Case(_) => "case",
            Self::Incident(_) => "incident",
        }
    }

    /// Gives its id, as the index has it.
    pub(crate) fn id(self) -> Value {
        match self {
            Self::Case(id) => id.into(),
            Self::Incident(id) => id.into(),
        }
    }
}

/// A clock whose warning or due time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firing {
    /// The organisation.
    pub org: OrgId,
    /// Whose it is.
    pub holder: Holder,
    /// Number of the clock there.
    pub clock: u32,
    /// When it fires.
    pub at: Timestamp,
}

/// Finds what fires up to now, in the order of time, then case and number.
///
/// The named exception: it looks into every organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn firing(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Firing>, StoreError> {
    let rows = tx.all(
        "SELECT org, case_id, id, fires_at, holder FROM clocks WHERE fires_at IS NOT NULL AND fires_at <= $1
         ORDER BY fires_at, case_id, id LIMIT $2",
        &values![now, limit],
    )?;
    let read = |row: &Row| {
        let clock: i64 = row.get(2)?;
        let clock = u32::try_from(clock).unwrap_or_default();
        let holder = match row.text(4)? {
            "incident" => Holder::Incident(row.get(1)?),
            _ => Holder::Case(row.get(1)?),
        };
        Ok(Firing { org: row.get(0)?, holder, clock, at: row.get(3)? })
    };
    rows.iter().map(read).collect()
}

/// Gives when one clock fires; nothing when it does not or is not there.
///
/// # Errors
/// Any [`StoreError`].
pub fn fires_at(
    tx: &mut Tx<'_>,
    org: OrgId,
    holder: Holder,
    clock: u32,
) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one(
        "SELECT fires_at FROM clocks WHERE org = $1 AND case_id = $2 AND id = $3",
        &values![org, holder.id(), clock],
    )?;
    row.map_or(Ok(None), |row| row.get(0))
}

/// Gives when the next clock fires, in whatever organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn next_firing(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one("SELECT MIN(fires_at) FROM clocks WHERE fires_at IS NOT NULL", &[])?;
    row.map_or(Ok(None), |row| row.get(0))
}

/// Locks the row of what holds a clock, to change it; false when somebody is at
/// it. What is not there is free.
///
/// # Errors
/// Any [`StoreError`].
pub fn lock(tx: &mut Tx<'_>, org: OrgId, holder: Holder) -> Result<bool, StoreError> {
    if tx.engine() == Engine::Sqlite {
        return Ok(true);
    }
    let (lock, look) = match holder {
        Holder::Case(_) => (
            "SELECT id FROM cases WHERE org = $1 AND id = $2 FOR UPDATE SKIP LOCKED",
            "SELECT id FROM cases WHERE org = $1 AND id = $2",
        ),
        Holder::Incident(_) => (
            "SELECT id FROM incidents WHERE org = $1 AND id = $2 FOR UPDATE SKIP LOCKED",
            "SELECT id FROM incidents WHERE org = $1 AND id = $2",
        ),
    };
    let key = values![org, holder.id()];
    Ok(tx.one(lock, &key)?.is_some() || tx.one(look, &key)?.is_none())
}

/// Lets a clock fire later; for one that could not be worked on now.
///
/// # Errors
/// Any [`StoreError`].
pub fn put_off(
    tx: &mut Tx<'_>,
    org: OrgId,
    holder: Holder,
    clock: u32,
    until: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE clocks SET fires_at = $4 WHERE org = $1 AND case_id = $2 AND id = $3",
        &values![org, holder.id(), clock, until],
    )?;
    Ok(())
}
