//! What is done once in a while, by one process of all.

use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;

use crate::sql::{StoreError, Tx};
use crate::values;

/// Takes a turn that is due, and says when the next one is.
///
/// Gives false when it is not due, also because another process took it in this
/// very moment: of all that ask at once, one is told true.
///
/// # Errors
/// Any [`StoreError`].
pub fn take(
    tx: &mut Tx<'_>,
    org: OrgId,
    name: &'static str,
    (now, next): (Timestamp, Timestamp),
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO beats (org, name, next_at) VALUES ($1, $2, $4)
         ON CONFLICT (org, name) DO UPDATE SET next_at = excluded.next_at WHERE beats.next_at <= $3",
        &values![org, name, now, next],
    )?;
    Ok(rows > 0)
}
