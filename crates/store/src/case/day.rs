//! What somebody has to do: open tasks and promises, ordered by due time.

use huiyin_domain::case::{Kind, Stage};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_domain::people::{PostHeld, Reach, Scope};
use huiyin_domain::time::Timestamp;

use super::list;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// A place in that order: due time, case, which of both, number.
pub type Place = (i64, CaseId, String, u32);

/// The due time of what has none: after everything else.
pub const NEVER: i64 = i64::MAX;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayRow {
    /// `task` or `promise`.
    pub what: String,
    /// The case.
    pub case: CaseId,
    /// Its number within the case.
    pub id: u32,
    /// What kind of task or promise it is.
    pub sort: String,
    /// When it is due, in microseconds; [`NEVER`] when nobody said.
    pub due: i64,
    /// Whether it is the person's own and no post's.
    pub own: bool,
    /// Number of the case.
    pub number: String,
    /// Kind of the case.
    pub kind: Kind,
    /// Unit of the case.
    pub unit: UnitId,
    /// Where the case stands.
    pub stage: Stage,
    /// Title of the case; nothing once erased.
    pub title: Option<String>,
}

/// Lists what a person has to do, earliest due first.
///
/// Tasks are given to the person, to a post held where the case lies, or to the
/// department itself; promises are the person's, in cases that are visible.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    held: &[PostHeld],
    after: Option<&Place>,
    (now, limit): (Timestamp, u32),
) -> Result<Vec<DayRow>, StoreError> {
    let (org, me) = (visible.org, visible.person);
    let mut query = Query::new(
        "SELECT d.what, d.case_id, d.id, d.sort, d.due, d.own, c.number, c.kind, c.unit, c.stage,
          SUBSTR(s.value, 1, 80) FROM (
          SELECT 'task' AS what, t.case_id, t.id, t.kind AS sort, COALESCE(t.due_at, $3) AS due,
            CAST(CASE WHEN t.person = $2 THEN 1 ELSE 0 END AS BIGINT) AS own
          FROM tasks t WHERE t.org = $1 AND t.ended_at IS NULL AND (t.person = $2",
        values![org, me, NEVER],
    );
    for place in held {
        posted(&mut query, visible, *place, now);
    }
    query.bind(
        ") UNION ALL SELECT 'promise' AS what, p.case_id, p.id, p.kind AS sort, p.due_at AS due,
            CAST(1 AS BIGINT) AS own
          FROM promises p WHERE p.org = $1 AND p.person = $2
          AND p.kept_at IS NULL AND p.withdrawn_at IS NULL) d
        JOIN cases c ON c.org = $1 AND c.id = d.case_id
        LEFT JOIN sealed s ON s.org = c.org AND s.case_id = c.id AND s.digest = c.title
        WHERE (d.what = 'task' OR (",
        values![org, me],
    );
    list::visible(&mut query, visible, now);
    query.push("))");
    if let Some((due, case, what, id)) = after {
        query.bind(
            " AND (d.due, d.case_id, d.what, d.id) > ($1, $2, $3, $4)",
            values![*due, *case, what, *id],
        );
    }
    query.bind(" ORDER BY d.due, d.case_id, d.what, d.id LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Adds the tasks that wait for a post held at a unit, or for the unit itself.
fn posted(query: &mut Query, visible: &Scope, held: PostHeld, now: Timestamp) {
    let (org, post, unit) = (visible.org, held.post.name(), held.unit);
    query.bind(
        " OR (t.person IS NULL AND t.unit = $1 AND (t.post IS NULL OR t.post = $2))",
        values![unit, post],
    );
    match held.post.reach() {
        Reach::Own | Reach::Team => {}
        Reach::Subtree => {
            query.bind(
                " OR (t.person IS NULL AND t.post = $1 AND t.unit IN (SELECT up.descendant FROM unit_paths up
                  WHERE up.org = $2 AND up.ancestor = $3 AND up.valid_from <= $4
                  AND (up.valid_to IS NULL OR up.valid_to > $4)))",
                values![post, org, unit, now],
            );
        }
        Reach::All => {
            query.bind(" OR (t.person IS NULL AND t.post = $1)", values![post]);
        }
    }
}

fn read(row: &Row) -> Result<DayRow, StoreError> {
    let own: i64 = row.get(5)?;
    Ok(DayRow {
        what: row.get(0)?,
        case: row.get(1)?,
        id: row.get(2)?,
        sort: row.get(3)?,
        due: row.get(4)?,
        own: own != 0,
        number: row.get(6)?,
        kind: list::word(row, 7)?,
        unit: row.get(8)?,
        stage: list::word(row, 9)?,
        title: row.get(10)?,
    })
}
