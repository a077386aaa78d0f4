//! Emptying the personal texts of a case on lawful request.

use huiyin_domain::ids::OrgId;
use huiyin_domain::text::Sealed;
use huiyin_domain::time::Timestamp;

use crate::sql::{StoreError, Tx, Value};
use crate::values;

/// Empties texts of a case or incident; commitments stay. Gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn texts(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: impl Into<Value>,
    texts: &[Sealed],
    at: Timestamp,
) -> Result<u64, StoreError> {
    let id = id.into();
    tx.execute_many(
        "UPDATE sealed SET value = NULL, salt = NULL, erased_at = $4
         WHERE org = $1 AND case_id = $2 AND digest = $3 AND erased_at IS NULL",
        texts.iter().map(|text| values![org, id.clone(), &text.0, at]),
    )
}
