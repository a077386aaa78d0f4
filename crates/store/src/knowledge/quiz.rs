//! Quizzes and how attempts came out.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use super::{Latest, uuid};
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// A quiz as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizRow {
    /// Identity.
    pub id: Uuid,
    /// For who works at this unit or below it.
    pub unit: UnitId,
    /// What it is called.
    pub title: String,
    /// JSON.
    pub body: String,
    /// How often it was written.
    pub version: i64,
    /// When it was written first.
    pub created_at: Timestamp,
    /// By whom; none is the command line.
    pub created_by: Option<PersonId>,
    /// When it was written last.
    pub changed_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// How one attempt came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptRow {
    /// The quiz.
    pub quiz: Uuid,
    /// When.
    pub at: Timestamp,
    /// Identity.
    pub id: Uuid,
    /// Whose.
    pub person: PersonId,
    /// Version of the quiz.
    pub version: i64,
    /// How many answers were right.
    pub correct: u32,
    /// Of how many.
    pub asked: u32,
    /// Points of a hundred.
    pub percent: u32,
    /// Whether that was enough.
    pub passed: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT q.id, q.unit, q.title, q.body, q.version, q.created_at, q.created_by, q.changed_at,
               q.closed_at FROM quizzes q WHERE ",
            $rest
        )
    };
}

const LATEST: Latest = Latest {
    open: " AND q.closed_at IS NULL",
    ended: " AND q.closed_at IS NOT NULL",
    after: " AND (q.changed_at, q.id) < ($1, $2)",
    order: " ORDER BY q.changed_at DESC, q.id DESC LIMIT $1",
};

fn read(row: &Row) -> Result<QuizRow, StoreError> {
    Ok(QuizRow {
        id: uuid(row, 0)?,
        unit: row.get(1)?,
        title: row.get(2)?,
        body: row.get(3)?,
        version: row.get(4)?,
        created_at: row.get(5)?,
        created_by: row.get(6)?,
        changed_at: row.get(7)?,
        closed_at: row.get(8)?,
    })
}

/// Keeps a quiz that is new.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, row: &QuizRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO quizzes (org, id, unit, title, body, version, created_at, created_by, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &values![
            org,
            row.id.to_string(),
            row.unit,
            &row.title,
            &row.body,
            row.version,
            row.created_at,
            row.created_by,
            row.changed_at
        ],
    )?;
    Ok(())
}

/// Keeps the next version of a quiz; false when somebody was faster.
///
/// # Errors
/// Any [`StoreError`].
pub fn update(tx: &mut Tx<'_>, org: OrgId, row: &QuizRow) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE quizzes SET unit = $3, title = $4, body = $5, version = $6, changed_at = $7, closed_at = $8
         WHERE org = $1 AND id = $2 AND version = $6 - 1",
        &values![
            org,
            row.id.to_string(),
            row.unit,
            &row.title,
            &row.body,
            row.version,
            row.changed_at,
            row.closed_at
        ],
    )?;
    Ok(rows > 0)
}

/// Gives a quiz.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<Option<QuizRow>, StoreError> {
    let row = tx.one(select!("q.org = $1 AND q.id = $2"), &values![org, id.to_string()])?;
    row.as_ref().map(read).transpose()
}

/// Lists quizzes, the last written first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    open: Option<bool>,
    (after, limit): (Option<(Timestamp, Uuid)>, u32),
) -> Result<Vec<QuizRow>, StoreError> {
    let query = Query::new(select!("q.org = $1"), values![org]);
    LATEST.page(tx, query, (open, after, limit), read)
}

/// Keeps how an attempt came out.
///
/// # Errors
/// Any [`StoreError`].
pub fn attempt(tx: &mut Tx<'_>, org: OrgId, row: &AttemptRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO quiz_attempts (org, quiz, at, id, person, version, correct, asked, percent, passed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &values![
            org,
            row.quiz.to_string(),
            row.at,
            row.id.to_string(),
            row.person,
            row.version,
            row.correct,
            row.asked,
            row.percent,
            row.passed
        ],
    )?;
    Ok(())
}

macro_rules! attempts {
    ($rest:literal) => {
        concat!(
            "SELECT t.quiz, t.at, t.id, t.person, t.version, t.correct, t.asked, t.percent, t.passed
             FROM quiz_attempts t WHERE ",
            $rest
        )
    };
}

fn read_attempt(row: &Row) -> Result<AttemptRow, StoreError> {
    Ok(AttemptRow {
        quiz: uuid(row, 0)?,
        at: row.get(1)?,
        id: uuid(row, 2)?,
        person: row.get(3)?,
        version: row.get(4)?,
        correct: row.get(5)?,
        asked: row.get(6)?,
        percent: row.get(7)?,
        passed: row.get(8)?,
    })
}

/// Lists attempts at a quiz, the last first; of one person where named.
///
/// # Errors
/// Any [`StoreError`].
pub fn attempts(
    tx: &mut Tx<'_>,
    org: OrgId,
    (quiz, person): (Uuid, Option<PersonId>),
    (after, limit): (Option<(Timestamp, Uuid)>, u32),
) -> Result<Vec<AttemptRow>, StoreError> {
    let mut query = Query::new(attempts!("t.org = $1 AND t.quiz = $2"), values![org, quiz.to_string()]);
    if let Some(person) = person {
        query.bind(" AND t.person = $1", values![person]);
    }
    if let Some((at, id)) = after {
        query.bind(" AND (t.at, t.id) < ($1, $2)", values![at, id.to_string()]);
    }
    query.bind(" ORDER BY t.at DESC, t.id DESC LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read_attempt).collect()
}

/// Gives the last attempt of each person at each quiz that is open.
///
/// # Errors
/// Any [`StoreError`].
pub fn last(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<AttemptRow>, StoreError> {
    let rows = tx.all(
        attempts!(
            "t.org = $1 AND EXISTS (SELECT 1 FROM quizzes q WHERE q.org = t.org AND q.id = t.quiz
               AND q.closed_at IS NULL)
             AND NOT EXISTS (SELECT 1 FROM quiz_attempts n WHERE n.org = t.org AND n.quiz = t.quiz
               AND n.person = t.person AND (n.at, n.id) > (t.at, t.id)) ORDER BY t.at DESC, t.id DESC"
        ),
        &values![org],
    )?;
    rows.iter().map(read_attempt).collect()
}
