//! What the file of a case needs beside its history: people and sealed texts.

use huiyin_domain::ids::{CaseId, OrgId, PersonId};

use crate::sql::{StoreError, Tx};
use crate::values;

/// Gives everybody who did something in a case or stands in its state.
///
/// # Errors
/// Any [`StoreError`].
pub fn people_in(tx: &mut Tx<'_>, org: OrgId, id: CaseId) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx.all(
        "SELECT person FROM events WHERE org = $1 AND case_id = $2 AND person IS NOT NULL
         UNION SELECT owner FROM cases WHERE org = $1 AND id = $2
         UNION SELECT handler FROM cases WHERE org = $1 AND id = $2 AND handler IS NOT NULL
         UNION SELECT person FROM tasks WHERE org = $1 AND case_id = $2 AND person IS NOT NULL",
        &values![org, id],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// A sealed text as it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedRow {
    /// Its commitment.
    pub digest: String,
    /// Its salt; none once erased.
    pub salt: Option<Vec<u8>>,
    /// The text; none once erased.
    pub value: Option<String>,
}

/// Gives the sealed texts of a case with their salts, by commitment.
///
/// # Errors
/// Any [`StoreError`].
pub fn sealed(tx: &mut Tx<'_>, org: OrgId, id: CaseId) -> Result<Vec<SealedRow>, StoreError> {
    let rows = tx.all(
        "SELECT digest, salt, value FROM sealed WHERE org = $1 AND case_id = $2 ORDER BY digest",
        &values![org, id],
    )?;
    rows.iter()
        .map(|row| Ok(SealedRow { digest: row.get(0)?, salt: row.get(1)?, value: row.get(2)? }))
        .collect()
}
