//! Rows of what is written now and said at a later time.

use huiyin_domain::ids::{CaseId, OrgId, PartyId, PersonId, PreparedId};
use huiyin_domain::time::Timestamp;

use crate::behalf::Behalf;
use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// Something to be said later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// Identity.
    pub id: PreparedId,
    /// In whose name.
    pub by: Behalf,
    /// The case.
    pub case: CaseId,
    /// Its number; none when the case is gone.
    pub number: Option<String>,
    /// Its version as the writer saw it.
    pub version: i64,
    /// The action.
    pub action: String,
    /// Its body, JSON.
    pub body: String,
    /// When it is to be said.
    pub due_at: Timestamp,
    /// Goes up with each new time.
    pub turn: i64,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it could not be said, and why: code and parameters, JSON.
    pub refused: Option<(Timestamp, String)>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.person, p.via, p.via_id, p.posts, p.case_id, c.number, p.version, p.action, p.body, ",
            "p.due_at, p.turn, p.created_at, p.refused_at, p.refusal FROM prepared p ",
            "LEFT JOIN cases c ON c.org = p.org AND c.id = p.case_id ",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<Prepared, StoreError> {
    let refused: (Option<Timestamp>, Option<String>) = (row.get(13)?, row.get(14)?);
    Ok(Prepared {
        id: row.get(0)?,
        by: Behalf::read(row, 1)?,
        case: row.get(5)?,
        number: row.get(6)?,
        version: row.get(7)?,
        action: row.get(8)?,
        body: row.get(9)?,
        due_at: row.get(10)?,
        turn: row.get(11)?,
        created_at: row.get(12)?,
        refused: refused.0.zip(refused.1),
    })
}

/// Adds a row.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &Prepared) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO prepared (org, id, person, via, via_id, posts, case_id, version, action, body, due_at, turn,
                               created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &values![
            org,
            new.id,
            new.by.person,
            &new.by.via,
            &new.by.via_id,
            &new.by.posts,
            new.case,
            new.version,
            &new.action,
            &new.body,
            new.due_at,
            new.turn,
            new.created_at
        ],
    )?;
    Ok(())
}

/// Gives a row, whosesoever it is.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: PreparedId) -> Result<Option<Prepared>, StoreError> {
    let row = tx.one(select!("WHERE p.org = $1 AND p.id = $2"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Lists what a person prepared, the next one first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<Prepared>, StoreError> {
    let rows = tx.all(
        select!("WHERE p.org = $1 AND p.person = $2 ORDER BY p.due_at, p.id LIMIT $3"),
        &values![org, person, limit],
    )?;
    rows.iter().map(read).collect()
}

/// Gives a row another time and the state of the case that its writer saw now.
///
/// # Errors
/// Any [`StoreError`].
pub fn put_off(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: PreparedId,
    (due_at, turn, version): (Timestamp, i64, i64),
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE prepared SET due_at = $3, turn = $4, version = $5, refused_at = NULL, refusal = NULL
         WHERE org = $1 AND id = $2",
        &values![org, id, due_at, turn, version],
    )?;
    Ok(())
}

/// Notes that it could not be said, and why.
///
/// # Errors
/// Any [`StoreError`].
pub fn refuse(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: PreparedId,
    (at, refusal): (Timestamp, &str),
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE prepared SET refused_at = $3, refusal = $4 WHERE org = $1 AND id = $2",
        &values![org, id, at, refusal],
    )?;
    Ok(())
}

/// Takes a row away; tells whether it was there.
///
/// # Errors
/// Any [`StoreError`].
pub fn remove(tx: &mut Tx<'_>, org: OrgId, id: PreparedId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM prepared WHERE org = $1 AND id = $2", &values![org, id])? > 0)
}

/// Takes away what is prepared in a case; gives how much.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget_case(tx: &mut Tx<'_>, org: OrgId, case: CaseId) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM prepared WHERE org = $1 AND case_id = $2", &values![org, case])
}

/// Takes away what is prepared in the cases of a party; gives how much.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget_party(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM prepared WHERE org = $1
         AND case_id IN (SELECT p.case_id FROM case_parties p WHERE p.org = $1 AND p.party = $2)",
        &values![org, party],
    )
}

/// Forgets what could not be said and was left so, of every organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn purge(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM prepared WHERE refused_at IS NOT NULL AND refused_at < $1", &values![before])
}
