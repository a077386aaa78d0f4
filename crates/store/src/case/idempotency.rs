//! Answers kept for requests that come twice.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::time::Timestamp;

use crate::sql::{StoreError, Tx};
use crate::values;

/// The answer to an earlier request with the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Digest of the earlier request.
    pub body: String,
    /// Its HTTP status.
    pub status: u16,
    /// Its answer, JSON.
    pub answer: String,
}

/// Finds the answer kept for a key, unless it expired.
///
/// # Errors
/// Any [`StoreError`].
pub fn find(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    key: &str,
    now: Timestamp,
) -> Result<Option<Kept>, StoreError> {
    let row = tx.one(
        "SELECT body, status, answer FROM idempotency
         WHERE org = $1 AND person = $2 AND key = $3 AND expires_at > $4",
        &values![org, person, key, now],
    )?;
    row.map(|row| {
        let status: i64 = row.get(1)?;
        Ok(Kept { body: row.get(0)?, status: u16::try_from(status).unwrap_or(500), answer: row.get(2)? })
    })
    .transpose()
}

/// Keeps the answer to a request until a moment; an expired one gives way.
///
/// # Errors
/// Any [`StoreError`].
pub fn keep(
    tx: &mut Tx<'_>,
    (org, person): (OrgId, PersonId),
    key: &str,
    kept: &Kept,
    until: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO idempotency (org, person, key, body, status, answer, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org, person, key) DO UPDATE SET body = excluded.body, status = excluded.status,
           answer = excluded.answer, expires_at = excluded.expires_at",
        &values![org, person, key, &kept.body, i64::from(kept.status), &kept.answer, until],
    )?;
    Ok(())
}

/// Removes expired answers, at most so many; gives how many went.
///
/// Serves the whole installation, as the purge asks for no organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn purge(tx: &mut Tx<'_>, now: Timestamp, most: u32) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM idempotency WHERE (org, person, key) IN
           (SELECT org, person, key FROM idempotency WHERE expires_at <= $1 LIMIT $2)",
        &values![now, most],
    )
}
