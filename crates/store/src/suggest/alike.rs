//! What changed among cases, and the lines of those that are alike.

use huiyin_domain::case::{ClosureKind, Stage};
use huiyin_domain::ids::{CaseId, IncidentId, OrgId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use crate::incident::read::{ids, visible_cases};
use crate::sql::{MAX_IN, Query, Row, StoreError, Tx};
use crate::values;

/// A case that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stirred {
    /// The case.
    pub case: CaseId,
    /// Its version.
    pub version: i64,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// How it was closed.
    pub closure: Option<ClosureKind>,
    /// When it changed last.
    pub changed_at: Timestamp,
}

/// A case among those that are alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlikeRow {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Title, else the message's beginning; nothing once erased.
    pub title: Option<String>,
    /// Where it stands.
    pub stage: Stage,
    /// Its unit.
    pub unit: UnitId,
    /// When it was received.
    pub received_at: Timestamp,
    /// The incident to which it belongs as a whole.
    pub incident: Option<IncidentId>,
}

/// Lists cases that changed at or after a moment, after one of them, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn stirred(
    tx: &mut Tx<'_>,
    org: OrgId,
    after: (Timestamp, Option<CaseId>),
    limit: u32,
) -> Result<Vec<Stirred>, StoreError> {
    let after_id = after.1.map(|id| id.to_string()).unwrap_or_default();
    let rows = tx.all(
        "SELECT id, version, closed_at, closure, changed_at FROM cases
         WHERE org = $1 AND (changed_at, id) > ($2, $3) ORDER BY changed_at, id LIMIT $4",
        &values![org, after.0, after_id, limit],
    )?;
    let read = |row: &Row| {
        let closure: Option<String> = row.get(3)?;
        Ok(Stirred {
            case: row.get(0)?,
            version: row.get(1)?,
            closed_at: row.get(2)?,
            closure: closure.and_then(|word| word.parse().ok()),
            changed_at: row.get(4)?,
        })
    };
    rows.iter().map(read).collect()
}

/// Gives the lines of those of these cases that may be seen, in no order.
///
/// # Errors
/// Any [`StoreError`].
pub fn lines(
    tx: &mut Tx<'_>,
    visible: &Scope,
    cases: &[CaseId],
    now: Timestamp,
) -> Result<Vec<AlikeRow>, StoreError> {
    let mut found = Vec::new();
    for page in cases.chunks(MAX_IN) {
        let mut query = Query::new(
            "SELECT c.id, c.number, SUBSTR(s.value, 1, 80), c.stage, c.unit, c.received_at, m.incident
             FROM cases c
             LEFT JOIN sealed s ON s.org = c.org AND s.case_id = c.id AND s.digest = c.title
             LEFT JOIN incident_members m ON m.org = c.org AND m.case_id = c.id AND m.seq = 0 WHERE ",
            [],
        );
        visible_cases(&mut query, visible, now);
        query.bind_in(" AND c.id IN ", ids(page));
        for row in tx.query(&query)? {
            let stage: String = row.get(3)?;
            let stage =
                stage.parse().map_err(|_| StoreError::Type { context: "a stage is unknown".into() })?;
            found.push(AlikeRow {
                case: row.get(0)?,
                number: row.get(1)?,
                title: row.get(2)?,
                stage,
                unit: row.get(4)?,
                received_at: row.get(5)?,
                incident: row.get(6)?,
            });
        }
    }
    Ok(found)
}
