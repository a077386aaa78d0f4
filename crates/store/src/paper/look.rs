//! Papers looked through: by doctor, for an erased identity, for residents.

use huiyin_domain::ids::{OrgId, PartyId, UnitId};
use uuid::Uuid;

use super::{PaperRow, read, uuid};
use crate::sql::{StoreError, Tx};
use crate::values;

/// Gives the papers of an organisation after an id, by id.
///
/// # Errors
/// Any [`StoreError`].
pub fn after(tx: &mut Tx<'_>, org: OrgId, id: Uuid, most: u32) -> Result<Vec<PaperRow>, StoreError> {
    let rows = tx.all(
        select!("p.org = $1 AND p.id > $2 ORDER BY p.id LIMIT $3"),
        &values![org, id.to_string(), most],
    )?;
    rows.iter().map(read).collect()
}

/// Gives the papers that name a party, or are about one of its cases.
///
/// # Errors
/// Any [`StoreError`].
pub fn about_party(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<Vec<(Uuid, String)>, StoreError> {
    let rows = tx.all(
        "SELECT p.id, p.body FROM papers p WHERE p.org = $1 AND (p.body LIKE '%' || $2 || '%'
           OR p.case_id IN (SELECT c.case_id FROM case_parties c WHERE c.org = $1 AND c.party = $2)) ORDER BY p.id",
        &values![org, party],
    )?;
    rows.iter().map(|row| Ok((uuid(row, 0)?, row.get(1)?))).collect()
}

/// Puts another state in the place of one from which somebody's words went.
///
/// # Errors
/// Any [`StoreError`].
pub fn rewrite(tx: &mut Tx<'_>, org: OrgId, id: Uuid, body: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE papers SET body = $3 WHERE org = $1 AND id = $2",
        &values![org, id.to_string(), body],
    )?;
    Ok(())
}

/// Does the same for one entry of a history.
///
/// # Errors
/// Any [`StoreError`].
pub fn rewrite_entry(
    tx: &mut Tx<'_>,
    org: OrgId,
    (id, seq): (Uuid, i64),
    body: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE paper_entries SET body = $4 WHERE org = $1 AND paper = $2 AND seq = $3";
    tx.execute(sql, &values![org, id.to_string(), seq, body])?;
    Ok(())
}

/// Gives the states of the publications of a unit that are up, the latest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn up(tx: &mut Tx<'_>, org: OrgId, unit: UnitId, most: u32) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT body FROM papers WHERE org = $1 AND kind = 'publication' AND unit = $2
         AND state = 'published' ORDER BY changed_at DESC, id DESC LIMIT $3";
    tx.all(sql, &values![org, unit, most])?.iter().map(|row| row.get(0)).collect()
}
