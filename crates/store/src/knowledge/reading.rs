//! Who read what, and whether it helped.

use huiyin_domain::ids::{CaseId, OrgId, PersonId};
use huiyin_domain::time::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::uuid;
use crate::sql::{Row, StoreError, Tx};
use crate::values;

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// A version of an article.
    Article,
    /// A version of an estate's sheet.
    Sheet,
}

impl Read {
    const fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Sheet => "sheet",
        }
    }
}

/// Notes that a person has read a version; never an older one than before.
///
/// # Errors
/// Any [`StoreError`].
pub fn note(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    (kind, id, number): (Read, Uuid, i64),
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO knowledge_reads (org, person, kind, id, number, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (org, person, kind, id) DO UPDATE SET number = excluded.number, at = excluded.at
         WHERE knowledge_reads.number < excluded.number",
        &values![org, person, kind.name(), id.to_string(), number, now],
    )?;
    Ok(())
}

/// Gives the newest version of each that a person has read.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    kind: Read,
) -> Result<BTreeMap<Uuid, i64>, StoreError> {
    let rows = tx.all(
        "SELECT id, number FROM knowledge_reads WHERE org = $1 AND person = $2 AND kind = $3",
        &values![org, person, kind.name()],
    )?;
    rows.iter().map(|row| Ok((uuid(row, 0)?, row.get(1)?))).collect()
}

/// What one person says of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteRow {
    /// Who.
    pub person: PersonId,
    /// Whether it helped.
    pub helped: bool,
    /// The case beside which it was read.
    pub case: Option<CaseId>,
    /// In words.
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Keeps what a person says of a version, in place of what they said before.
///
/// # Errors
/// Any [`StoreError`].
pub fn vote(
    tx: &mut Tx<'_>,
    org: OrgId,
    (article, number): (Uuid, u32),
    vote: &VoteRow,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO article_votes (org, article, number, person, helped, case_id, note, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (org, article, number, person) DO UPDATE SET helped = excluded.helped,
           case_id = excluded.case_id, note = excluded.note, at = excluded.at",
        &values![
            org,
            article.to_string(),
            number,
            vote.person,
            vote.helped,
            vote.case,
            vote.note.clone(),
            vote.at
        ],
    )?;
    Ok(())
}

/// Lists what people say of a version, the last first.
///
/// # Errors
/// Any [`StoreError`].
pub fn votes(
    tx: &mut Tx<'_>,
    org: OrgId,
    (article, number): (Uuid, u32),
    limit: u32,
) -> Result<Vec<VoteRow>, StoreError> {
    let rows = tx.all(
        "SELECT person, helped, case_id, note, at FROM article_votes
         WHERE org = $1 AND article = $2 AND number = $3 ORDER BY at DESC, person LIMIT $4",
        &values![org, article.to_string(), number, limit],
    )?;
    let vote = |row: &Row| {
        Ok(VoteRow {
            person: row.get(0)?,
            helped: row.get(1)?,
            case: row.get(2)?,
            note: row.get(3)?,
            at: row.get(4)?,
        })
    };
    rows.iter().map(vote).collect()
}

/// Counts who said yes and who said no to the versions that are read now.
///
/// # Errors
/// Any [`StoreError`].
pub fn counts(tx: &mut Tx<'_>, org: OrgId) -> Result<BTreeMap<Uuid, (u32, u32)>, StoreError> {
    let rows = tx.all(
        "SELECT v.article, CAST(SUM(v.helped) AS BIGINT), CAST(SUM(1 - v.helped) AS BIGINT) FROM article_votes v
         JOIN articles a ON a.org = v.org AND a.paper = v.article AND a.number = v.number AND a.live = 1
         WHERE v.org = $1 GROUP BY v.article",
        &values![org],
    )?;
    let count = |row: &Row, at: usize| -> Result<u32, StoreError> {
        let count: i64 = row.get(at)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    };
    rows.iter().map(|row| Ok((uuid(row, 0)?, (count(row, 1)?, count(row, 2)?)))).collect()
}
