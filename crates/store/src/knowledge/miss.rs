//! What was looked for and not found.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use super::{Latest, uuid};
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One way of asking that found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissRow {
    /// Identity.
    pub id: Uuid,
    /// What was asked, without what tells who somebody is.
    pub text: String,
    /// For which estate it was asked last.
    pub unit: Option<UnitId>,
    /// How often.
    pub times: u32,
    /// When for the first time.
    pub first_at: Timestamp,
    /// When for the last time.
    pub last_at: Timestamp,
    /// When somebody was done with it.
    pub settled_at: Option<Timestamp>,
    /// Who.
    pub settled_by: Option<PersonId>,
    /// What answers it now.
    pub article: Option<Uuid>,
    /// Why nothing shall.
    pub reason: Option<String>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.text, m.unit, m.times, m.first_at, m.last_at, m.settled_at, m.settled_by,
               m.article, m.reason FROM knowledge_misses m WHERE ",
            $rest
        )
    };
}

const LATEST: Latest = Latest {
    open: " AND m.settled_at IS NULL",
    ended: " AND m.settled_at IS NOT NULL",
    after: " AND (m.last_at, m.id) < ($1, $2)",
    order: " ORDER BY m.last_at DESC, m.id DESC LIMIT $1",
};

fn read(row: &Row) -> Result<MissRow, StoreError> {
    let article: Option<String> = row.get(8)?;
    Ok(MissRow {
        id: uuid(row, 0)?,
        text: row.get(1)?,
        unit: row.get(2)?,
        times: row.get(3)?,
        first_at: row.get(4)?,
        last_at: row.get(5)?,
        settled_at: row.get(6)?,
        settled_by: row.get(7)?,
        article: article.and_then(|id| Uuid::parse_str(&id).ok()),
        reason: row.get(9)?,
    })
}

/// Notes that something was not found; asked again, it is open again.
///
/// # Errors
/// Any [`StoreError`].
pub fn note(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: Uuid,
    (folded, text, unit): (&str, &str, Option<UnitId>),
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO knowledge_misses (org, id, folded, text, unit, times, first_at, last_at)
         VALUES ($1, $2, $3, $4, $5, 1, $6, $6)
         ON CONFLICT (org, folded) DO UPDATE SET times = knowledge_misses.times + 1, text = excluded.text,
           unit = excluded.unit, last_at = excluded.last_at, settled_at = NULL, settled_by = NULL,
           article = NULL, reason = NULL",
        &values![org, id.to_string(), folded, text, unit, now],
    )?;
    Ok(())
}

/// Gives one of them.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<Option<MissRow>, StoreError> {
    let row = tx.one(select!("m.org = $1 AND m.id = $2"), &values![org, id.to_string()])?;
    row.as_ref().map(read).transpose()
}

/// Lists them, the last asked first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    open: Option<bool>,
    (after, limit): (Option<(Timestamp, Uuid)>, u32),
) -> Result<Vec<MissRow>, StoreError> {
    let query = Query::new(select!("m.org = $1"), values![org]);
    LATEST.page(tx, query, (open, after, limit), read)
}

/// Notes that somebody is done with it.
///
/// # Errors
/// Any [`StoreError`].
pub fn settle(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: Uuid,
    (person, now): (Option<PersonId>, Timestamp),
    (article, reason): (Option<Uuid>, Option<&str>),
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE knowledge_misses SET settled_at = $3, settled_by = $4, article = $5, reason = $6
         WHERE org = $1 AND id = $2",
        &values![org, id.to_string(), now, person, article.map(|id| id.to_string()), reason],
    )?;
    Ok(())
}
