//! The register of separate volumes of major complaints (PROP-70).

use huiyin_domain::case::MajorStanding;
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use crate::people::scope;
use crate::sql::{Query, Row, StoreError, Tx, Value};
use crate::values;

/// Which volumes are wanted; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MajorFilter {
    /// With one of these standings.
    pub standings: Vec<MajorStanding>,
    /// Of this unit and those below.
    pub unit: Option<UnitId>,
    /// Of cases that are open, or closed.
    pub open: Option<bool>,
    /// Of cases about which a report is owed.
    pub owed: bool,
    /// After this one in the list's order.
    pub after: Option<(Timestamp, CaseId)>,
    /// At most so many.
    pub limit: u32,
}

/// One line of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MajorRow {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Its separate volume.
    pub volume: String,
    /// Its unit.
    pub unit: UnitId,
    /// Who answers for it.
    pub owner: PersonId,
    /// Where it stands.
    pub stage: String,
    /// How far it is settled that it is major.
    pub standing: MajorStanding,
    /// When the volume was opened.
    pub since: Timestamp,
    /// The amount demanded, in fen.
    pub demand_fen: Option<i64>,
    /// When the next report is due.
    pub due_at: Option<Timestamp>,
    /// When the case was closed.
    pub closed_at: Option<Timestamp>,
}

/// Lists the volumes of visible cases, newest first, then by case.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &MajorFilter,
    now: Timestamp,
) -> Result<Vec<MajorRow>, StoreError> {
    let mut query = Query::new(
        "SELECT m.case_id, c.number, m.volume, c.unit, c.owner, c.stage, m.standing, m.since, m.demand_fen,
           m.due_at, m.closed_at
         FROM majors m JOIN cases c ON c.org = m.org AND c.id = m.case_id WHERE ",
        [],
    );
    let pieces = crate::scope_pieces!(
        org: "m.org",
        unit: "c.unit",
        own: ["c.owner", "c.handler", "c.receiver", "c.offered_owner", "c.offered_handler"]
    );
    scope::filter(&mut query, &pieces, visible, now);
    if !filter.standings.is_empty() {
        let words: Vec<Value> = filter.standings.iter().map(|standing| standing.as_str().into()).collect();
        query.bind_in(" AND m.standing IN ", words);
    }
    if let Some(unit) = filter.unit {
        query.bind(
            " AND c.unit IN (SELECT u.descendant FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $2)",
            values![visible.org, unit],
        );
    }
    match filter.open {
        Some(true) => drop(query.push(" AND m.closed_at IS NULL")),
        Some(false) => drop(query.push(" AND m.closed_at IS NOT NULL")),
        None => {}
    }
    if filter.owed {
        query.push(" AND m.due_at IS NOT NULL");
    }
    if let Some((at, case)) = filter.after {
        query.bind(" AND (m.since, m.case_id) < ($1, $2)", values![at, case]);
    }
    query.bind(" ORDER BY m.since DESC, m.case_id DESC LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<MajorRow, StoreError> {
    let standing = row.text(6)?.parse();
    let odd =
        |word: String| StoreError::Type { context: format!("{word} is no standing of a major complaint") };
    Ok(MajorRow {
        case: row.get(0)?,
        number: row.get(1)?,
        volume: row.get(2)?,
        unit: row.get(3)?,
        owner: row.get(4)?,
        stage: row.get(5)?,
        standing: standing.map_err(odd)?,
        since: row.get(7)?,
        demand_fen: row.get(8)?,
        due_at: row.get(9)?,
        closed_at: row.get(10)?,
    })
}
