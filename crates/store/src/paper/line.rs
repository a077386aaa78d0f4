//! The lines of a stock-take: one for each case that was open that day.

use huiyin_domain::count::{Mark, Marks};
use huiyin_domain::ids::{CaseId, OrgId, PersonId, UnitId};
use huiyin_domain::paper::stocktake::Totals;
use huiyin_domain::time::Timestamp;
use std::collections::BTreeMap;
use uuid::Uuid;

use crate::sql::{Query, Row, StoreError, Tx, Value};
use crate::values;

/// One case on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRow {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// Who owned it.
    pub owner: PersonId,
    /// Who handled it.
    pub handler: Option<PersonId>,
    /// Where it stood.
    pub stage: String,
    /// When it was closed, if that day.
    pub closed_at: Option<Timestamp>,
    /// Earliest open limit.
    pub due_at: Option<Timestamp>,
    /// Open since an earlier day (PROP-16).
    pub carried: bool,
    /// Registered on a later day than collected (PROP-12).
    pub late: bool,
    /// The owner's word.
    pub said: Option<String>,
    /// What is done next.
    pub next: Option<String>,
    /// By when, `YYYY-MM-DD`.
    pub by: Option<String>,
    /// Who said it.
    pub said_by: Option<PersonId>,
    /// When it was said.
    pub said_at: Option<Timestamp>,
}

/// Which list, of which units and which day.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// The stock-take.
    pub paper: Uuid,
    /// The desk.
    pub unit: UnitId,
    /// First instant of the day.
    pub from: Timestamp,
    /// First instant that is not listed: the day's end, or now.
    pub until: Timestamp,
}

macro_rules! list {
    ($which:literal) => {
        concat!(
            "INSERT INTO stocktake_lines (org, paper, case_id, number, kind, received_at, owner, handler, stage,
               closed_at, due_at, carried, late)
             SELECT c.org, $2, c.id, c.number, c.kind, c.received_at, c.owner, c.handler, c.stage, c.closed_at,
               c.due_at, CASE WHEN c.received_at < $4 THEN 1 ELSE 0 END,
               CASE WHEN (f.marks & $6) <> 0 THEN 1 ELSE 0 END
             FROM cases c LEFT JOIN case_facts f ON f.org = c.org AND f.case_id = c.id
             WHERE c.org = $1 AND c.received_at < $5 AND c.unit IN
               (SELECT u.descendant FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $3)
             AND ",
            $which,
            " ON CONFLICT (org, paper, received_at, case_id) DO UPDATE SET owner = excluded.owner,
               handler = excluded.handler, stage = excluded.stage, closed_at = excluded.closed_at,
               due_at = excluded.due_at
             WHERE stocktake_lines.owner <> excluded.owner OR stocktake_lines.stage <> excluded.stage
               OR stocktake_lines.handler IS DISTINCT FROM excluded.handler
               OR stocktake_lines.closed_at IS DISTINCT FROM excluded.closed_at
               OR stocktake_lines.due_at IS DISTINCT FROM excluded.due_at"
        )
    };
}

/// What every statement of a list binds.
fn bound(org: OrgId, day: &Day) -> Vec<Value> {
    let late = Marks::of(&[Mark::Late]).bits();
    Vec::from(values![org, day.paper.to_string(), day.unit, day.from, day.until, late])
}

/// Brings the list up to date: adds what is missing, tells where each stands.
///
/// What stands as it stood is not written again.
///
/// # Errors
/// Any [`StoreError`].
pub fn refresh(tx: &mut Tx<'_>, org: OrgId, day: &Day) -> Result<(), StoreError> {
    tx.execute(list!("c.phase = 'open'"), &bound(org, day))?;
    fewer(tx, org, day)
}

/// Lists so many more open cases of its units, oldest first; gives the last one.
///
/// Nothing when that was all, with what waits and what was closed that day.
///
/// # Errors
/// Any [`StoreError`].
pub fn extend(
    tx: &mut Tx<'_>,
    org: OrgId,
    day: &Day,
    (after, many): (Option<(Timestamp, CaseId)>, u32),
) -> Result<Option<(Timestamp, CaseId)>, StoreError> {
    let (at, case) = after.unwrap_or((Timestamp::from_micros(0), CaseId(Uuid::nil())));
    let last = tx.one(
        "SELECT c.received_at, c.id FROM cases c
         WHERE c.org = $1 AND c.phase = 'open' AND c.received_at < $2 AND (c.received_at, c.id) > ($3, $4)
           AND c.unit IN (SELECT u.descendant FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $6)
         ORDER BY c.received_at, c.id LIMIT 1 OFFSET $5",
        &values![org, day.until, at, case, many.saturating_sub(1), day.unit],
    )?;
    let mut row = bound(org, day);
    row.extend(values![at, case, many]);
    tx.execute(
        list!(
            "c.id IN (SELECT x.id FROM cases x WHERE x.org = $1 AND x.phase = 'open' AND x.received_at < $5
               AND (x.received_at, x.id) > ($7, $8)
               AND x.unit IN (SELECT v.descendant FROM unit_paths v WHERE v.org = $1 AND v.ancestor = $3)
               ORDER BY x.received_at, x.id LIMIT $9)"
        ),
        &row,
    )?;
    match last {
        Some(last) => Ok(Some((last.get(0)?, last.get(1)?))),
        None => fewer(tx, org, day).map(|()| None),
    }
}

/// Lists what waits for others, and what was closed that day.
fn fewer(tx: &mut Tx<'_>, org: OrgId, day: &Day) -> Result<(), StoreError> {
    let bound = bound(org, day);
    tx.execute(list!("c.phase IN ('waits_for_customer', 'waits_for_third_party')"), &bound)?;
    tx.execute(list!("c.closed_at IS NOT NULL AND c.closed_at >= $4"), &bound)?;
    Ok(())
}

/// Keeps the word on one case; gives whether it is on the list.
///
/// # Errors
/// Any [`StoreError`].
pub fn say(
    tx: &mut Tx<'_>,
    org: OrgId,
    (paper, case): (Uuid, CaseId),
    word: (&str, &str, Option<String>),
    by: (Option<PersonId>, Timestamp),
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE stocktake_lines SET said = $4, next = $5, by_day = $6, said_by = $7, said_at = $8
         WHERE org = $1 AND paper = $2 AND case_id = $3
         AND received_at = (SELECT c.received_at FROM cases c WHERE c.org = $1 AND c.id = $3)",
        &values![org, paper.to_string(), case, word.0, word.1, word.2, by.0, by.1],
    )?;
    Ok(changed > 0)
}

/// Counts a list; a closed case needs no word.
///
/// # Errors
/// Any [`StoreError`].
pub fn totals(tx: &mut Tx<'_>, org: OrgId, paper: Uuid) -> Result<Totals, StoreError> {
    let row = tx.one(
        "SELECT COUNT(*), CAST(COALESCE(SUM(carried), 0) AS BIGINT),
           CAST(COALESCE(SUM(CASE WHEN kind = 'complaint' AND carried = 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
           CAST(COALESCE(SUM(CASE WHEN closed_at IS NOT NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
           CAST(COALESCE(SUM(CASE WHEN closed_at IS NULL AND said IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT),
           CAST(COALESCE(SUM(late), 0) AS BIGINT)
         FROM stocktake_lines WHERE org = $1 AND paper = $2",
        &values![org, paper.to_string()],
    )?;
    let Some(row) = row else { return Ok(Totals::default()) };
    let number = |index| row.get::<i64>(index).map(i64::unsigned_abs);
    Ok(Totals {
        lines: number(0)?,
        carried: number(1)?,
        complaints: number(2)?,
        closed: number(3)?,
        unworded: number(4)?,
        late: number(5)?,
    })
}

/// Gives one line.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, paper: Uuid, case: CaseId) -> Result<Option<LineRow>, StoreError> {
    let mut query = Query::new(COLUMNS, []);
    query.bind(
        "l.org = $1 AND l.paper = $2 AND l.case_id = $3
         AND l.received_at = (SELECT c.received_at FROM cases c WHERE c.org = $1 AND c.id = $3)",
        values![org, paper.to_string(), case],
    );
    tx.query(&query)?.first().map(read).transpose()
}

/// Lists lines, oldest receipt first; at most so many after one of them.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    org: OrgId,
    paper: Uuid,
    after: Option<(Timestamp, CaseId)>,
    limit: u32,
) -> Result<Vec<LineRow>, StoreError> {
    let mut query = Query::new(COLUMNS, []);
    query.bind("l.org = $1 AND l.paper = $2", values![org, paper.to_string()]);
    if let Some((at, case)) = after {
        query.bind(" AND (l.received_at, l.case_id) > ($1, $2)", values![at, case]);
    }
    query.bind(" ORDER BY l.received_at, l.case_id LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read).collect()
}

const COLUMNS: &str =
    "SELECT l.case_id, l.number, l.kind, l.received_at, l.owner, l.handler, l.stage, l.closed_at,
  l.due_at, l.carried, l.late, l.said, l.next, l.by_day, l.said_by, l.said_at FROM stocktake_lines l WHERE ";

fn read(row: &Row) -> Result<LineRow, StoreError> {
    Ok(LineRow {
        case: row.get(0)?,
        number: row.get(1)?,
        kind: row.get(2)?,
        received_at: row.get(3)?,
        owner: row.get(4)?,
        handler: row.get(5)?,
        stage: row.get(6)?,
        closed_at: row.get(7)?,
        due_at: row.get(8)?,
        carried: row.get(9)?,
        late: row.get(10)?,
        said: row.get(11)?,
        next: row.get(12)?,
        by: row.get(13)?,
        said_by: row.get(14)?,
        said_at: row.get(15)?,
    })
}

/// Gives the names of everybody on a list who owns or speaks.
///
/// # Errors
/// Any [`StoreError`].
pub fn names(tx: &mut Tx<'_>, org: OrgId, paper: Uuid) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let rows = tx.all(
        "SELECT p.id, p.name FROM persons p WHERE p.id IN
           (SELECT l.owner FROM stocktake_lines l WHERE l.org = $1 AND l.paper = $2
            UNION SELECT l.said_by FROM stocktake_lines l WHERE l.org = $1 AND l.paper = $2
            UNION SELECT e.person FROM paper_entries e WHERE e.org = $1 AND e.paper = $2)",
        &values![org, paper.to_string()],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Gives how each case on a list came and what it is about; nothing once erased.
///
/// # Errors
/// Any [`StoreError`].
pub fn matters(
    tx: &mut Tx<'_>,
    org: OrgId,
    paper: Uuid,
) -> Result<BTreeMap<CaseId, (String, Option<String>)>, StoreError> {
    let rows = tx.all(
        "SELECT c.id, c.channel, SUBSTR(s.value, 1, 80) FROM stocktake_lines l
         JOIN cases c ON c.org = l.org AND c.id = l.case_id
         LEFT JOIN sealed s ON s.org = c.org AND s.case_id = c.id AND s.digest = c.title
         WHERE l.org = $1 AND l.paper = $2",
        &values![org, paper.to_string()],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).collect()
}

/// Gives what owners said about the cases of a party: the list, the case, the
/// word and the next step.
///
/// # Errors
/// Any [`StoreError`].
pub fn words_of_party(
    tx: &mut Tx<'_>,
    org: OrgId,
    party: huiyin_domain::ids::PartyId,
) -> Result<Vec<(String, CaseId, String, String)>, StoreError> {
    let rows = tx.all(
        "SELECT l.paper, l.case_id, COALESCE(l.said, ''), COALESCE(l.next, '') FROM stocktake_lines l
         WHERE l.org = $1 AND l.said IS NOT NULL
         AND l.case_id IN (SELECT c.case_id FROM case_parties c WHERE c.org = $1 AND c.party = $2)
         ORDER BY l.paper, l.case_id",
        &values![org, party],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).collect()
}

/// Puts other words in the place of those from which somebody's name went.
///
/// # Errors
/// Any [`StoreError`].
pub fn rewrite_words(
    tx: &mut Tx<'_>,
    org: OrgId,
    (paper, case): (String, CaseId),
    (said, next): (&str, &str),
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE stocktake_lines SET said = $4, next = $5 WHERE org = $1 AND paper = $2 AND case_id = $3
         AND received_at = (SELECT c.received_at FROM cases c WHERE c.org = $1 AND c.id = $3)",
        &values![org, paper, case, said, next],
    )?;
    Ok(())
}
