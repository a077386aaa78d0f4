//! Rows of attached files and of the files as they lie in the store.

use huiyin_domain::ids::{AttachmentId, CaseId, OrgId, PersonId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// A file in a case under the name that it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentRow {
    /// Identity.
    pub id: AttachmentId,
    /// The case.
    pub case: CaseId,
    /// Digest of the content, keyed per organisation; names the file.
    pub digest: String,
    /// The name that it was given; text, never a path.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Media type by its content.
    pub media_type: String,
    /// When it was brought.
    pub created_at: Timestamp,
    /// Who brought it; none for the product itself.
    pub created_by: Option<PersonId>,
    /// When it was erased on lawful request.
    pub erased_at: Option<Timestamp>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.case_id, a.digest, a.name, COALESCE(f.bytes, 0), COALESCE(f.media_type, ''), ",
            "a.created_at, a.created_by, a.erased_at FROM attachments a ",
            "LEFT JOIN files f ON f.org = a.org AND f.digest = a.digest",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<AttachmentRow, StoreError> {
    let bytes: i64 = row.get(4)?;
    Ok(AttachmentRow {
        id: row.get(0)?,
        case: row.get(1)?,
        digest: row.get(2)?,
        name: row.get(3)?,
        bytes: bytes.unsigned_abs(),
        media_type: row.get(5)?,
        created_at: row.get(6)?,
        created_by: row.get(7)?,
        erased_at: row.get(8)?,
    })
}

/// Notes a file that lies in the store, or that it was brought again.
///
/// Bringing it again keeps it from being cleaned away as an orphan.
///
/// # Errors
/// Any [`StoreError`].
pub fn keep_file(
    tx: &mut Tx<'_>,
    org: OrgId,
    digest: &str,
    (bytes, media_type): (u64, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    tx.execute(
        "INSERT INTO files (org, digest, bytes, media_type, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org, digest) DO UPDATE SET created_at = excluded.created_at",
        &values![org, digest, bytes, media_type, now],
    )?;
    Ok(())
}

/// Adds an attachment of a case.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &AttachmentRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO attachments (org, id, case_id, digest, name, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &values![org, new.id, new.case, &new.digest, &new.name, new.created_at, new.created_by],
    )?;
    Ok(())
}

/// Gives an attachment.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: AttachmentId) -> Result<Option<AttachmentRow>, StoreError> {
    let row = tx.one(select!(" WHERE a.org = $1 AND a.id = $2"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Lists the attachments of a case, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_case(tx: &mut Tx<'_>, org: OrgId, case: CaseId) -> Result<Vec<AttachmentRow>, StoreError> {
    let rows = tx.all(
        select!(" WHERE a.org = $1 AND a.case_id = $2 ORDER BY a.created_at, a.id"),
        &values![org, case],
    )?;
    rows.iter().map(read).collect()
}

/// Empties the name of an attachment and lets go of its file.
///
/// # Errors
/// Any [`StoreError`].
pub fn erase(tx: &mut Tx<'_>, org: OrgId, id: AttachmentId, now: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE attachments SET name = '', erased_at = $3 WHERE org = $1 AND id = $2 AND erased_at IS NULL",
        &values![org, id, now],
    )?;
    Ok(rows > 0)
}

/// Removes the row of a file unless an attachment needs it; gives whether the
/// file itself may go.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget_unneeded(tx: &mut Tx<'_>, org: OrgId, digest: &str) -> Result<bool, StoreError> {
    tx.execute(
        "DELETE FROM files WHERE org = $1 AND digest = $2 AND NOT EXISTS (
           SELECT 1 FROM attachments a
           WHERE a.org = files.org AND a.digest = files.digest AND a.erased_at IS NULL)",
        &values![org, digest],
    )?;
    Ok(!is_known(tx, org, digest)?)
}

/// Lists the files that were erased and that no attachment needs any more.
///
/// # Errors
/// Any [`StoreError`].
pub fn erased(tx: &mut Tx<'_>) -> Result<Vec<(OrgId, String)>, StoreError> {
    let rows = tx.all(
        "SELECT org, digest FROM attachments GROUP BY org, digest
         HAVING COUNT(erased_at) = COUNT(*) ORDER BY org, digest",
        &[],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Removes the rows of files that no attachment needs and nobody brought
/// since a moment; gives their digests.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget_orphans(
    tx: &mut Tx<'_>,
    org: OrgId,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<String>, StoreError> {
    let rows = tx.all(
        "SELECT f.digest FROM files f WHERE f.org = $1 AND f.created_at < $2
         AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.org = f.org AND a.digest = f.digest
                         AND a.erased_at IS NULL)
         ORDER BY f.created_at, f.digest LIMIT $3",
        &values![org, before, limit],
    )?;
    let digests: Vec<String> = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    for digest in &digests {
        tx.execute("DELETE FROM files WHERE org = $1 AND digest = $2", &values![org, digest])?;
    }
    Ok(digests)
}

/// Says whether a file is known.
///
/// # Errors
/// Any [`StoreError`].
pub fn is_known(tx: &mut Tx<'_>, org: OrgId, digest: &str) -> Result<bool, StoreError> {
    let row = tx.one("SELECT bytes FROM files WHERE org = $1 AND digest = $2", &values![org, digest])?;
    Ok(row.is_some())
}

/// Gives a key of the organisation, and keeps `fresh` where there is none yet.
///
/// # Errors
/// Any [`StoreError`].
pub fn key(
    tx: &mut Tx<'_>,
    org: OrgId,
    purpose: &str,
    fresh: Vec<u8>,
    now: Timestamp,
) -> Result<Vec<u8>, StoreError> {
    tx.execute(
        "INSERT INTO org_keys (org, purpose, secret, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org, purpose) DO NOTHING",
        &values![org, purpose, fresh, now],
    )?;
    let row =
        tx.one("SELECT secret FROM org_keys WHERE org = $1 AND purpose = $2", &values![org, purpose])?;
    row.map_or(Ok(Vec::new()), |row| row.get(0))
}

/// Gives the keys of one purpose by organisation, for `huiyin doctor`.
///
/// # Errors
/// Any [`StoreError`].
pub fn keys(tx: &mut Tx<'_>, purpose: &str) -> Result<Vec<(OrgId, Vec<u8>)>, StoreError> {
    let rows =
        tx.all("SELECT org, secret FROM org_keys WHERE purpose = $1 ORDER BY org", &values![purpose])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Hands over every file that an attachment needs: organisation, digest, bytes.
///
/// # Errors
/// Any [`StoreError`].
pub fn each_needed(
    tx: &mut Tx<'_>,
    mut take: impl FnMut(OrgId, &str, i64) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let sql = "SELECT f.org, f.digest, f.bytes FROM files f WHERE EXISTS (
                 SELECT a.id FROM attachments a
                 WHERE a.org = f.org AND a.digest = f.digest AND a.erased_at IS NULL)
               ORDER BY f.org, f.digest";
    tx.each(sql, &[], |row| take(row.get(0)?, row.text(1)?, row.get(2)?))
}

/// Gives the first organisation that has files with the key that names them.
///
/// # Errors
/// Any [`StoreError`].
pub fn first_key(tx: &mut Tx<'_>, purpose: &str) -> Result<Option<(OrgId, Vec<u8>)>, StoreError> {
    let row = tx.one(
        "SELECT k.org, k.secret FROM org_keys k WHERE k.purpose = $1
         AND EXISTS (SELECT f.digest FROM files f WHERE f.org = k.org) ORDER BY k.org LIMIT 1",
        &values![purpose],
    )?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}
