//! Answers of writes that were asked for with a key, kept for a while.

use crate::sql::{StoreError, Tx};
use crate::values;
use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::time::Timestamp;

/// Whose key it is; both parts in digests, never as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner<'a> {
    /// The organisation.
    pub org: OrgId,
    /// The person.
    pub person: PersonId,
    /// Digest of the key.
    pub key: &'a str,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claimed {
    /// Nobody used it; it is taken now, in this transaction.
    Free,
    /// It was used, and this was the answer.
    Used {
        /// Digest of the body that it was used with.
        body: String,
        /// HTTP status of the answer.
        status: i64,
        /// The answer's body.
        answer: String,
    },
}

/// Takes a key until the time given, or tells how it was used before.
///
/// On PostgreSQL a second request with the same key waits here until the first
/// one is done; on SQLite writes come one after the other anyway.
///
/// # Errors
/// Any [`StoreError`].
pub fn claim(
    tx: &mut Tx<'_>,
    owner: Owner<'_>,
    body: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<Claimed, StoreError> {
    let taken = tx.execute(
        "INSERT INTO idempotency (org, person, key, body, status, answer, expires_at)
         VALUES ($1, $2, $3, $4, 0, '', $5)
         ON CONFLICT (org, person, key) DO UPDATE
         SET body = excluded.body, status = 0, answer = '', expires_at = excluded.expires_at
         WHERE idempotency.expires_at <= $6",
        &values![owner.org, owner.person, owner.key, body, until, now],
    )?;
    if taken > 0 {
        return Ok(Claimed::Free);
    }
    let row = tx.one(
        "SELECT body, status, answer FROM idempotency WHERE org = $1 AND person = $2 AND key = $3",
        &values![owner.org, owner.person, owner.key],
    )?;
    // purged between the two statements: the next try finds it free
    let row = row.ok_or(StoreError::Conflict)?;
    Ok(Claimed::Used { body: row.get(0)?, status: row.get(1)?, answer: row.get(2)? })
}

/// Keeps the answer of the write that took the key.
///
/// # Errors
/// Any [`StoreError`].
pub fn keep(tx: &mut Tx<'_>, owner: Owner<'_>, status: i64, answer: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE idempotency SET status = $4, answer = $5 WHERE org = $1 AND person = $2 AND key = $3",
        &values![owner.org, owner.person, owner.key, status, answer],
    )?;
    Ok(())
}

/// Forgets expired answers of all organisations, some at a time.
///
/// Gives how many went; call it again while that is as many as `most`.
///
/// # Errors
/// Any [`StoreError`].
pub fn purge(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM idempotency WHERE (org, person, key) IN
         (SELECT org, person, key FROM idempotency WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
        &values![now, most],
    )
}
