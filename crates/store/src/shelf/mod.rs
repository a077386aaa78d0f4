//! Rows of what people keep for themselves: drafts, how their lists look.

use huiyin_domain::ids::{OrgId, PartyId, PersonId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// One thing that a person keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its name, unique for the person.
    pub name: String,
    /// What is kept, a JSON object.
    pub content: String,
    /// When it was put there last.
    pub changed_at: Timestamp,
    /// When it is forgotten, if ever.
    pub until: Option<Timestamp>,
}

fn read(row: &Row) -> Result<Kept, StoreError> {
    Ok(Kept { name: row.get(0)?, content: row.get(1)?, changed_at: row.get(2)?, until: row.get(3)? })
}

/// Gives one thing, unless its time is over.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    name: &str,
    now: Timestamp,
) -> Result<Option<Kept>, StoreError> {
    let row = tx.one(
        "SELECT name, content, changed_at, until FROM shelf
         WHERE org = $1 AND person = $2 AND name = $3 AND (until IS NULL OR until > $4)",
        &values![org, person, name, now],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists what a person keeps, in no order.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(tx: &mut Tx<'_>, org: OrgId, person: PersonId, now: Timestamp) -> Result<Vec<Kept>, StoreError> {
    let rows = tx.all(
        "SELECT name, content, changed_at, until FROM shelf
         WHERE org = $1 AND person = $2 AND (until IS NULL OR until > $3)",
        &values![org, person, now],
    )?;
    rows.iter().map(read).collect()
}

/// Counts what a person keeps beside one name.
///
/// # Errors
/// Any [`StoreError`].
pub fn count_others(tx: &mut Tx<'_>, org: OrgId, person: PersonId, name: &str) -> Result<u64, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*) FROM shelf WHERE org = $1 AND person = $2 AND name <> $3",
        &values![org, person, name],
    )?;
    let count: i64 = row.map_or(Ok(0), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Puts a thing there, in place of what had its name.
///
/// # Errors
/// Any [`StoreError`].
pub fn put(tx: &mut Tx<'_>, org: OrgId, person: PersonId, kept: &Kept) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO shelf (org, person, name, content, changed_at, until) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (org, person, name)
         DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at, until = excluded.until",
        &values![org, person, &kept.name, &kept.content, kept.changed_at, kept.until],
    )?;
    Ok(())
}

/// Takes a thing away; tells whether it was there.
///
/// # Errors
/// Any [`StoreError`].
pub fn remove(tx: &mut Tx<'_>, org: OrgId, person: PersonId, name: &str) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "DELETE FROM shelf WHERE org = $1 AND person = $2 AND name = $3",
        &values![org, person, name],
    )?;
    Ok(rows > 0)
}

/// Forgets the drafts that name one of these words: identities, numbers, digits.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget_drafts(tx: &mut Tx<'_>, org: OrgId, words: &[String]) -> Result<u64, StoreError> {
    let mut gone = 0;
    let plain = |word: &&String| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    for word in words.iter().filter(plain) {
        gone += tx.execute(
            "DELETE FROM shelf WHERE org = $1 AND until IS NOT NULL
             AND (name LIKE $2 OR content LIKE $2 OR REPLACE(REPLACE(content, ' ', ''), '-', '') LIKE $2)",
            &values![org, format!("%{word}%")],
        )?;
    }
    Ok(gone)
}

/// Forgets the drafts about the cases of a party.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget_drafts_of(tx: &mut Tx<'_>, org: OrgId, party: PartyId) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM shelf WHERE org = $1 AND until IS NOT NULL AND EXISTS (
           SELECT 1 FROM case_parties p WHERE p.org = $1 AND p.party = $2
           AND (shelf.name LIKE '%' || p.case_id || '%' OR shelf.content LIKE '%' || p.case_id || '%'))",
        &values![org, party],
    )
}

/// Forgets what has had its time, of every organisation; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let rows = tx.execute("DELETE FROM shelf WHERE until IS NOT NULL AND until <= $1", &values![now])?;
    Ok(usize::try_from(rows).unwrap_or(usize::MAX))
}
