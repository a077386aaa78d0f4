//! Rows of actions on many cases at once.

use huiyin_domain::ids::{BulkRunId, CaseId, OrgId, PersonId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use crate::behalf::Behalf;
use crate::case::list::{self, CaseFilter};
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One action on many cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRun {
    /// Identity.
    pub id: BulkRunId,
    /// In whose name.
    pub by: Behalf,
    /// The action.
    pub action: String,
    /// Its body, JSON; none once the run has ended.
    pub body: Option<String>,
    /// How many cases it is about.
    pub total: i64,
    /// How many were done.
    pub done: i64,
    /// How many were refused.
    pub refused: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When the last case had its turn, or it was stopped.
    pub ended_at: Option<Timestamp>,
    /// When its person stopped it.
    pub stopped_at: Option<Timestamp>,
}

/// A case of a run that has not had its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Position, from 1.
    pub seq: i64,
    /// The case.
    pub case: CaseId,
    /// Its version when it was chosen.
    pub version: i64,
}

/// A case that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedLine {
    /// Position, from 1.
    pub seq: i64,
    /// The case.
    pub case: CaseId,
    /// Its number; none when the case is gone.
    pub number: Option<String>,
    /// Code and parameters, JSON.
    pub refusal: String,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, via, via_id, posts, action, body, total, done, refused, created_at, ended_at, ",
            "stopped_at ",
            "FROM bulk_runs ",
            $rest
        )
    };
}

fn read(row: &Row) -> Result<BulkRun, StoreError> {
    Ok(BulkRun {
        id: row.get(0)?,
        by: Behalf::read(row, 1)?,
        action: row.get(5)?,
        body: row.get(6)?,
        total: row.get(7)?,
        done: row.get(8)?,
        refused: row.get(9)?,
        created_at: row.get(10)?,
        ended_at: row.get(11)?,
        stopped_at: row.get(12)?,
    })
}

/// Adds a run; its cases are chosen already.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, run: &BulkRun) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO bulk_runs (org, id, person, via, via_id, posts, action, body, total, done, refused, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, $10)",
        &values![
            org, run.id, run.by.person, &run.by.via, &run.by.via_id, &run.by.posts, &run.action, run.body.as_ref(), run.total,
            run.created_at
        ],
    )?;
    Ok(())
}

/// Chooses the cases of a run, each with the version seen; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn choose(
    tx: &mut Tx<'_>,
    org: OrgId,
    run: BulkRunId,
    cases: &[(CaseId, i64)],
) -> Result<i64, StoreError> {
    let numbered = cases.iter().zip(1_i64..);
    let rows: Vec<_> =
        numbered.map(|((case, version), seq)| values![org, run, seq, *case, *version]).collect();
    tx.execute_many(
        "INSERT INTO bulk_lines (org, run, seq, case_id, version) VALUES ($1, $2, $3, $4, $5)",
        &rows,
    )?;
    Ok(i64::try_from(cases.len()).unwrap_or(i64::MAX))
}

/// Chooses all that a list finds, newest first, each with its version; gives how
/// many, up to one more than `most`.
///
/// One statement, so that the cases never pass through memory.
///
/// # Errors
/// Any [`StoreError`].
pub fn choose_found(
    tx: &mut Tx<'_>,
    (run, visible): (BulkRunId, &Scope),
    filter: &CaseFilter,
    (now, most): (Timestamp, u32),
) -> Result<i64, StoreError> {
    let mut query = Query::new(
        "INSERT INTO bulk_lines (org, run, seq, case_id, version)
         SELECT f.org, f.run, ROW_NUMBER() OVER (ORDER BY f.received_at DESC, f.id DESC), f.id, f.version
         FROM (SELECT c.org AS org, $1 AS run, c.received_at AS received_at, c.id AS id, c.version AS version
               FROM cases c WHERE ",
        values![run],
    );
    list::conditions(&mut query, visible, filter, now);
    query.bind(" ORDER BY c.received_at DESC, c.id DESC LIMIT $1) AS f", values![i64::from(most) + 1]);
    Ok(i64::try_from(tx.run(&query)?).unwrap_or(i64::MAX))
}

/// Gives a run, whosesoever it is.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: BulkRunId) -> Result<Option<BulkRun>, StoreError> {
    let row = tx.one(select!("WHERE org = $1 AND id = $2"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Lists the last runs of a person, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_person(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<BulkRun>, StoreError> {
    let rows = tx.all(
        select!("WHERE org = $1 AND person = $2 ORDER BY created_at DESC, id DESC LIMIT $3"),
        &values![org, person, limit],
    )?;
    rows.iter().map(read).collect()
}

/// Lists the next cases of a run, in their order.
///
/// # Errors
/// Any [`StoreError`].
pub fn waiting(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: BulkRunId,
    (after, limit): (i64, u32),
) -> Result<Vec<Waiting>, StoreError> {
    let rows = tx.all(
        "SELECT seq, case_id, version FROM bulk_lines
         WHERE org = $1 AND run = $2 AND seq > $3 AND done_at IS NULL ORDER BY seq LIMIT $4",
        &values![org, id, after, limit],
    )?;
    rows.iter().map(|row| Ok(Waiting { seq: row.get(0)?, case: row.get(1)?, version: row.get(2)? })).collect()
}

/// Notes that a case had its turn, and why it was refused, if it was.
///
/// # Errors
/// Any [`StoreError`].
pub fn note(
    tx: &mut Tx<'_>,
    org: OrgId,
    (id, seq): (BulkRunId, i64),
    refusal: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE bulk_lines SET done_at = $4, refusal = $5 WHERE org = $1 AND run = $2 AND seq = $3",
        &values![org, id, seq, now, refusal],
    )?;
    Ok(())
}

/// Notes how far a run is; when it has ended, the body of the action goes.
///
/// # Errors
/// Any [`StoreError`].
pub fn progress(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: BulkRunId,
    (done, refused): (i64, i64),
    ended_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE bulk_runs SET done = done + $3, refused = refused + $4, ended_at = COALESCE(ended_at, $5),
         body = CASE WHEN $6 = 1 THEN NULL ELSE body END WHERE org = $1 AND id = $2",
        &values![org, id, done, refused, ended_at, i64::from(ended_at.is_some())],
    )?;
    Ok(())
}

/// Ends a run where it stands; the body of its action goes.
///
/// # Errors
/// Any [`StoreError`].
pub fn stop(tx: &mut Tx<'_>, org: OrgId, id: BulkRunId, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE bulk_runs SET stopped_at = $3, ended_at = $3, body = NULL
         WHERE org = $1 AND id = $2 AND ended_at IS NULL",
        &values![org, id, now],
    )?;
    Ok(())
}

/// Forgets some runs of all houses that ended before a moment; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn purge(tx: &mut Tx<'_>, before: Timestamp, most: u32) -> Result<usize, StoreError> {
    let ended = tx.all(
        "SELECT org, id FROM bulk_runs WHERE ended_at IS NOT NULL AND ended_at < $1 ORDER BY ended_at LIMIT $2",
        &values![before, most],
    )?;
    for row in &ended {
        let (org, id): (OrgId, BulkRunId) = (row.get(0)?, row.get(1)?);
        tx.execute("DELETE FROM bulk_lines WHERE org = $1 AND run = $2", &values![org, id])?;
        tx.execute("DELETE FROM bulk_runs WHERE org = $1 AND id = $2", &values![org, id])?;
    }
    Ok(ended.len())
}

/// Lists what was refused, in the order of the cases.
///
/// # Errors
/// Any [`StoreError`].
pub fn refusals(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: BulkRunId,
    (after, limit): (i64, u32),
) -> Result<Vec<RefusedLine>, StoreError> {
    let rows = tx.all(
        "SELECT l.seq, l.case_id, c.number, l.refusal FROM bulk_lines l
         LEFT JOIN cases c ON c.org = l.org AND c.id = l.case_id
         WHERE l.org = $1 AND l.run = $2 AND l.seq > $3 AND l.refusal IS NOT NULL ORDER BY l.seq LIMIT $4",
        &values![org, id, after, limit],
    )?;
    rows.iter()
        .map(|row| {
            Ok(RefusedLine { seq: row.get(0)?, case: row.get(1)?, number: row.get(2)?, refusal: row.get(3)? })
        })
        .collect()
}
