//! What is open now: by age and stage, per person, and what presses most.

use huiyin_domain::case::Stage;
use huiyin_domain::count::{Mark, Marks};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use super::list::{self, CaseFilter};
use crate::people::scope;
use crate::sql::{Query, StoreError, Tx};
use crate::values;

/// How many cases of one stage are of one age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeRow {
    /// The stage.
    pub stage: Stage,
    /// Which age, from 0, the youngest.
    pub age: u32,
    /// The number of cases.
    pub cases: i64,
}

/// How much one person has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadRow {
    /// Who.
    pub person: PersonId,
    /// Cases owned.
    pub owned: i64,
    /// Of these, with a limit that passed.
    pub overdue: i64,
}

/// Something that presses: an important case, or a report that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PressingRow {
    /// `case` or `incident`.
    pub what: String,
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its unit.
    pub unit: UnitId,
    /// Who owns it.
    pub owner: PersonId,
    /// Where it stands.
    pub stage: String,
    /// Title; nothing once erased.
    pub title: Option<String>,
    /// Facts of a case.
    pub marks: Marks,
    /// The earliest open limit.
    pub due_at: Option<Timestamp>,
    /// The earliest report that is due.
    pub report_at: Option<Timestamp>,
}

fn open(of: Option<UnitId>) -> CaseFilter {
    use huiyin_domain::case::Phase;
    let phases = Phase::ALL.iter().copied().filter(|phase| *phase != Phase::Done).collect();
    CaseFilter { phases, unit: of, ..CaseFilter::default() }
}

/// Counts what is open by stage and age.
///
/// `edges` are the instants from which a case is younger, newest first, three
/// of them; what was received before the last is of age 3.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_age(
    tx: &mut Tx<'_>,
    visible: &Scope,
    unit: Option<UnitId>,
    edges: [Timestamp; 3],
    now: Timestamp,
) -> Result<Vec<AgeRow>, StoreError> {
    let [first, second, third] = edges;
    let mut query = Query::new(
        "SELECT a.stage, a.age, COUNT(*) FROM (SELECT c.stage AS stage,
            CAST(CASE WHEN c.received_at >= $1 THEN 0 WHEN c.received_at >= $2 THEN 1
              WHEN c.received_at >= $3 THEN 2 ELSE 3 END AS BIGINT) AS age
          FROM cases c WHERE ",
        values![first, second, third],
    );
    list::conditions(&mut query, visible, &open(unit), now);
    query.push(") a GROUP BY a.stage, a.age ORDER BY a.stage, a.age");
    let rows = tx.query(&query)?;
    rows.iter()
        .map(|row| Ok(AgeRow { stage: list::word(row, 0)?, age: row.get(1)?, cases: row.get(2)? }))
        .collect()
}

/// Lists who owns how much, most first, at most so many people.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_person(
    tx: &mut Tx<'_>,
    visible: &Scope,
    unit: Option<UnitId>,
    (now, most): (Timestamp, u32),
) -> Result<Vec<LoadRow>, StoreError> {
    let mut query = Query::new(
        "SELECT c.owner, COUNT(*), COUNT(CASE WHEN c.due_at < $1 THEN 1 END) FROM cases c WHERE ",
        values![now],
    );
    list::conditions(&mut query, visible, &open(unit), now);
    query.bind(" GROUP BY c.owner ORDER BY 2 DESC, 1 LIMIT $1", values![most]);
    let rows = tx.query(&query)?;
    rows.iter()
        .map(|row| Ok(LoadRow { person: row.get(0)?, owned: row.get(1)?, overdue: row.get(2)? }))
        .collect()
}

/// Counts what is open and has a limit that passed.
///
/// # Errors
/// Any [`StoreError`].
pub fn overdue(
    tx: &mut Tx<'_>,
    visible: &Scope,
    unit: Option<UnitId>,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let mut query = Query::new("SELECT COUNT(*) FROM cases c WHERE ", []);
    list::conditions(&mut query, visible, &CaseFilter { due_before: Some(now), ..open(unit) }, now);
    let rows = tx.query(&query)?;
    rows.first().map_or(Ok(0), |row| row.get(0))
}

/// Lists important and major cases and whatever owes a report, soonest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn pressing(
    tx: &mut Tx<'_>,
    visible: &Scope,
    unit: Option<UnitId>,
    (now, most): (Timestamp, u32),
) -> Result<Vec<PressingRow>, StoreError> {
    let grave = Marks::of(&[Mark::Important, Mark::Major]).bits();
    let mut query = Query::new(
        "SELECT x.what, x.id, x.number, x.unit, x.owner, x.stage, x.title, x.marks, x.due_at, x.report_at FROM (
          SELECT 'case' AS what, c.id, c.number, c.unit, c.owner, c.stage, SUBSTR(s.value, 1, 80) AS title,
            f.marks, c.due_at, (SELECT MIN(k.due_at) FROM clocks k WHERE k.org = c.org AND k.case_id = c.id
              AND k.kind = 'report' AND k.met_at IS NULL AND k.cancelled_at IS NULL) AS report_at
          FROM cases c JOIN case_facts f ON f.org = c.org AND f.case_id = c.id
          LEFT JOIN sealed s ON s.org = c.org AND s.case_id = c.id AND s.digest = c.title WHERE ",
        values![],
    );
    list::conditions(&mut query, visible, &open(unit), now);
    query.push(
        " UNION ALL SELECT 'incident' AS what, i.id, i.number, i.unit, i.owner, i.stage,
            SUBSTR(s.value, 1, 80) AS title, CAST(0 AS BIGINT) AS marks, i.due_at,
            (SELECT MIN(k.due_at) FROM clocks k WHERE k.org = i.org AND k.case_id = i.id
              AND k.kind = 'report' AND k.met_at IS NULL AND k.cancelled_at IS NULL) AS report_at
          FROM incidents i
          LEFT JOIN sealed s ON s.org = i.org AND s.case_id = i.id AND s.digest = i.title WHERE ",
    );
    let pieces = crate::scope_pieces!(org: "i.org", unit: "i.unit", own: ["i.owner"]);
    scope::filter(&mut query, &pieces, visible, now);
    query.push(" AND i.closed_at IS NULL");
    if let Some(unit) = unit {
        query.bind(
            " AND i.unit IN (SELECT u.descendant FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $2)",
            values![visible.org, unit],
        );
    }
    query.bind(
        ") x WHERE x.report_at IS NOT NULL OR (x.marks & $1) <> 0
        ORDER BY COALESCE(x.report_at, x.due_at, $2), x.id LIMIT $3",
        values![grave, i64::MAX, most],
    );
    let rows = tx.query(&query)?;
    rows.iter()
        .map(|row| {
            Ok(PressingRow {
                what: row.get(0)?,
                id: row.get::<CaseId>(1)?.0,
                number: row.get(2)?,
                unit: row.get(3)?,
                owner: row.get(4)?,
                stage: row.get(5)?,
                title: row.get(6)?,
                marks: Marks::from_bits(row.get(7)?),
                due_at: row.get(8)?,
                report_at: row.get(9)?,
            })
        })
        .collect()
}
