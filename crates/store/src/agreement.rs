//! Rows of links by which customers confirm agreements.

use huiyin_domain::ids::{CaseId, OrgId, PersonId};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// One link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// Its id.
    pub id: Uuid,
    /// The organisation of its case.
    pub org: OrgId,
    /// The case.
    pub case: CaseId,
    /// Number of the agreement in the case.
    pub agreement: u32,
    /// Names the exact content that is confirmed.
    pub content: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// How often a wrong code was given.
    pub attempts: i64,
    /// When it was used, or taken back.
    pub used_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<LinkRow, StoreError> {
    let id = Uuid::parse_str(row.text(0)?)
        .map_err(|_| StoreError::Type { context: "a link is not readable".into() })?;
    Ok(LinkRow {
        id,
        org: row.get(1)?,
        case: row.get(2)?,
        agreement: row.get(3)?,
        content: row.get(4)?,
        expires_at: row.get(5)?,
        attempts: row.get(6)?,
        used_at: row.get(7)?,
    })
}

/// Enters a link with the digests of its secret and code; earlier ones of the
/// same case end.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(
    tx: &mut Tx<'_>,
    link: &LinkRow,
    (secret, code): (&str, &str),
    (now, by): (Timestamp, PersonId),
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM agreement_links WHERE org = $1 AND case_id = $2 AND used_at IS NULL",
        &values![link.org, link.case],
    )?;
    tx.execute(
        "INSERT INTO agreement_links (org, id, case_id, agreement, link_digest, code_digest, content, created_at,
           created_by, expires_at, attempts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)",
        &values![
            link.org,
            link.id.to_string(),
            link.case,
            link.agreement,
            secret,
            code,
            &link.content,
            now,
            by,
            link.expires_at
        ],
    )?;
    Ok(())
}

/// Finds a link by the digest of its secret, in whichever organisation: the
/// public page knows no other way to it.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_digest(tx: &mut Tx<'_>, secret: &str) -> Result<Option<LinkRow>, StoreError> {
    let row = tx.one(
        "SELECT id, org, case_id, agreement, content, expires_at, attempts, used_at FROM agreement_links
         WHERE link_digest = $1",
        &values![secret],
    )?;
    row.as_ref().map(read).transpose()
}

/// Tells whether a code is that of a link.
///
/// # Errors
/// Any [`StoreError`].
pub fn is_code(tx: &mut Tx<'_>, org: OrgId, id: Uuid, code: &str) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT 1 FROM agreement_links WHERE org = $1 AND id = $2 AND code_digest = $3",
        &values![org, id.to_string(), code],
    )?;
    Ok(row.is_some())
}

/// Takes one of so many attempts; gives false when none is left.
///
/// # Errors
/// Any [`StoreError`].
pub fn take_attempt(tx: &mut Tx<'_>, org: OrgId, id: Uuid, most: i64) -> Result<bool, StoreError> {
    let sql =
        "UPDATE agreement_links SET attempts = attempts + 1 WHERE org = $1 AND id = $2 AND attempts < $3
         AND used_at IS NULL";
    Ok(tx.execute(sql, &values![org, id.to_string(), most])? > 0)
}

/// Uses a link up.
///
/// # Errors
/// Any [`StoreError`].
pub fn use_up(tx: &mut Tx<'_>, org: OrgId, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE agreement_links SET used_at = $3 WHERE org = $1 AND id = $2 AND used_at IS NULL";
    tx.execute(sql, &values![org, id.to_string(), now])?;
    Ok(())
}
