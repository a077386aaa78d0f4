//! Rows of the phrases that are not said, and of how often they were hit.

use huiyin_domain::ids::{OrgId, PersonId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// What an organisation made of one phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhraseRow {
    /// Its number.
    pub number: u32,
    /// The phrase, JSON.
    pub body: String,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: Option<PersonId>,
}

/// How often a person hit a phrase on a day, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitRow {
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Number of the phrase.
    pub number: u32,
    /// Who wrote it.
    pub person: PersonId,
    /// The action or step that was to be taken.
    pub place: String,
    /// What came of it.
    pub outcome: String,
    /// How often.
    pub times: i64,
}

/// Lists what an organisation changed or added, by number.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<PhraseRow>, StoreError> {
    let rows = tx.all(
        "SELECT number, body, changed_at, changed_by FROM phrases WHERE org = $1 ORDER BY number",
        &values![org],
    )?;
    let read = |row: &Row| {
        Ok(PhraseRow {
            number: row.get(0)?,
            body: row.get(1)?,
            changed_at: row.get(2)?,
            changed_by: row.get(3)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Puts a phrase there, in place of what had its number.
///
/// # Errors
/// Any [`StoreError`].
pub fn put(tx: &mut Tx<'_>, org: OrgId, row: &PhraseRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO phrases (org, number, body, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org, number) DO UPDATE
         SET body = excluded.body, changed_at = excluded.changed_at, changed_by = excluded.changed_by",
        &values![org, row.number, &row.body, row.changed_at, row.changed_by],
    )?;
    Ok(())
}

/// Takes a phrase away; tells whether it was there.
///
/// # Errors
/// Any [`StoreError`].
pub fn remove(tx: &mut Tx<'_>, org: OrgId, number: u32) -> Result<bool, StoreError> {
    let rows = tx.execute("DELETE FROM phrases WHERE org = $1 AND number = $2", &values![org, number])?;
    Ok(rows > 0)
}

/// Counts hits of one phrase.
///
/// # Errors
/// Any [`StoreError`].
pub fn count(tx: &mut Tx<'_>, org: OrgId, hit: &HitRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO phrase_hits (org, day, number, person, place, outcome, times)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org, day, number, person, place, outcome)
         DO UPDATE SET times = phrase_hits.times + excluded.times",
        &values![org, &hit.day, hit.number, hit.person, &hit.place, &hit.outcome, hit.times],
    )?;
    Ok(())
}

/// Lists what was hit from one day to another, both included, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn hits(
    tx: &mut Tx<'_>,
    org: OrgId,
    (from, to): (&str, &str),
    limit: u32,
) -> Result<Vec<HitRow>, StoreError> {
    let rows = tx.all(
        "SELECT day, number, person, place, outcome, times FROM phrase_hits
         WHERE org = $1 AND day >= $2 AND day <= $3
         ORDER BY day DESC, number, person, place, outcome LIMIT $4",
        &values![org, from, to, limit],
    )?;
    let read = |row: &Row| {
        Ok(HitRow {
            day: row.get(0)?,
            number: row.get(1)?,
            person: row.get(2)?,
            place: row.get(3)?,
            outcome: row.get(4)?,
            times: row.get(5)?,
        })
    };
    rows.iter().map(read).collect()
}
