//! Emptying the personal texts of a case on lawful request.

use huiyin_domain::ids::{CaseId, OrgId};
use huiyin_domain::text::Sealed;
use huiyin_domain::time::Timestamp;

use crate::sql::{StoreError, Tx};
use crate::values;

/// Empties texts of a case; their commitments stay. Gives how many went.
///
/// # Errors
/// Any [`StoreError`].
pub fn texts(
    tx: &mut Tx<'_>,
    org: OrgId,
    case: CaseId,
    texts: &[Sealed],
    at: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute_many(
        "UPDATE sealed SET value = NULL, salt = NULL, erased_at = $4
         WHERE org = $1 AND case_id = $2 AND digest = $3 AND erased_at IS NULL",
        texts.iter().map(|text| values![org, case, &text.0, at]),
    )
}

/// Empties the names of a case's attachments and lets go of their files.
///
/// # Errors
/// Any [`StoreError`].
pub fn attachments(tx: &mut Tx<'_>, org: OrgId, case: CaseId, at: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "UPDATE attachments SET name = '', erased_at = $3
         WHERE org = $1 AND case_id = $2 AND erased_at IS NULL",
        &values![org, case, at],
    )
}

/// Forgets kept answers that speak of a case, whoever asked for them.
///
/// # Errors
/// Any [`StoreError`].
pub fn answers(tx: &mut Tx<'_>, org: OrgId, case: CaseId) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM idempotency WHERE org = $1 AND answer LIKE $2",
        &values![org, format!("%{case}%")],
    )
}
