//! Rows that slow down guessing, by login and by source.

use huiyin_domain::time::Timestamp;

use crate::sql::{StoreError, Tx};
use crate::values;

/// The most subjects that are remembered; older ones make room.
pub const MOST_SUBJECTS: i64 = 20_000;

/// How often a subject failed and until when it must wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// Failures in a row.
    pub count: u32,
    /// When the last one was.
    pub last_at: Timestamp,
    /// Until when nothing is tried.
    pub blocked_until: Timestamp,
}

/// Gives what is remembered of a subject, a digest.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, subject: &str) -> Result<Option<Failures>, StoreError> {
    let row = tx.one(
        "SELECT failures, last_at, blocked_until FROM login_throttle WHERE subject = $1",
        &values![subject],
    )?;
    row.map(|row| Ok(Failures { count: row.get(0)?, last_at: row.get(1)?, blocked_until: row.get(2)? }))
        .transpose()
}

/// Writes what is to be remembered of a subject.
///
/// # Errors
/// Any [`StoreError`].
pub fn set(tx: &mut Tx<'_>, subject: &str, failures: Failures) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO login_throttle (subject, failures, last_at, blocked_until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at,
                                             blocked_until = excluded.blocked_until",
        &values![subject, failures.count, failures.last_at, failures.blocked_until],
    )?;
    Ok(())
}

/// Forgets a subject; gives whether it was remembered.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget(tx: &mut Tx<'_>, subject: &str) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM login_throttle WHERE subject = $1", &values![subject])? > 0)
}

/// Forgets what is older than a moment, and the oldest beyond [`MOST_SUBJECTS`].
///
/// # Errors
/// Any [`StoreError`].
pub fn make_room(tx: &mut Tx<'_>, older_than: Timestamp) -> Result<(), StoreError> {
    tx.execute("DELETE FROM login_throttle WHERE last_at < $1 AND blocked_until < $1", &values![older_than])?;
    let row = tx.one("SELECT COUNT(*) FROM login_throttle", &[])?;
    let over = row.map_or(Ok(0_i64), |row| row.get(0))? - MOST_SUBJECTS;
    if over > 0 {
        tx.execute(
            "DELETE FROM login_throttle WHERE subject IN
             (SELECT subject FROM login_throttle ORDER BY last_at, subject LIMIT $1)",
            &values![over],
        )?;
    }
    Ok(())
}
