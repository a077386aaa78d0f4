//! Rows of deputies, and of approvals that wait.

use huiyin_domain::ids::{CaseId, OrgId, PartyId, PersonId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::people::scope;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One person standing for another for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeputyRow {
    /// Identity, UUID v7.
    pub id: Uuid,
    /// Who is stood for.
    pub person: PersonId,
    /// Who stands in.
    pub deputy: PersonId,
    /// From when.
    pub starts_at: Timestamp,
    /// The first instant after it.
    pub ends_at: Timestamp,
}

const COLUMNS: &str = "SELECT id, person, deputy, starts_at, ends_at FROM deputies WHERE org = $1";

fn read(row: &Row) -> Result<DeputyRow, StoreError> {
    let id = Uuid::parse_str(row.text(0)?)
        .map_err(|_| StoreError::Type { context: "a deputy's identity is not readable".into() })?;
    Ok(DeputyRow {
        id,
        person: row.get(1)?,
        deputy: row.get(2)?,
        starts_at: row.get(3)?,
        ends_at: row.get(4)?,
    })
}

/// Enters a deputy.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(
    tx: &mut Tx<'_>,
    org: OrgId,
    new: &DeputyRow,
    by: Option<PersonId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO deputies (org, id, person, deputy, starts_at, ends_at, named_by, named_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &values![org, new.id.to_string(), new.person, new.deputy, new.starts_at, new.ends_at, by, now],
    )?;
    Ok(())
}

/// Gives a deputy that was not cancelled.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<Option<DeputyRow>, StoreError> {
    let mut query = Query::new(COLUMNS, values![org]);
    query.bind(" AND id = $1 AND cancelled_at IS NULL", values![id.to_string()]);
    tx.query(&query)?.first().map(read).transpose()
}

/// Cancels a deputy; what they signed until then stays.
///
/// # Errors
/// Any [`StoreError`].
pub fn cancel(tx: &mut Tx<'_>, org: OrgId, id: Uuid, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deputies SET cancelled_at = $3 WHERE org = $1 AND id = $2 AND cancelled_at IS NULL",
        &values![org, id.to_string(), now],
    )?;
    Ok(())
}

/// Lists the deputies whose time is not over, by begin; at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(tx: &mut Tx<'_>, org: OrgId, now: Timestamp, most: u32) -> Result<Vec<DeputyRow>, StoreError> {
    let mut query = Query::new(COLUMNS, values![org]);
    query.bind(
        " AND cancelled_at IS NULL AND ends_at > $1 ORDER BY starts_at, id LIMIT $2",
        values![now, most],
    );
    tx.query(&query)?.iter().map(read).collect()
}

/// Tells whether somebody stands for a person in a period already.
///
/// # Errors
/// Any [`StoreError`].
pub fn overlaps(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    (from, to): (Timestamp, Timestamp),
) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT id FROM deputies WHERE org = $1 AND person = $2 AND cancelled_at IS NULL
         AND starts_at < $4 AND ends_at > $3 LIMIT 1",
        &values![org, person, from, to],
    )?;
    Ok(row.is_some())
}

/// Lists who stands for whom at a moment: the person stood for, the deputy.
///
/// # Errors
/// Any [`StoreError`].
pub fn standing(tx: &mut Tx<'_>, org: OrgId, at: Timestamp) -> Result<Vec<(PersonId, PersonId)>, StoreError> {
    let rows = tx.all(
        "SELECT person, deputy FROM deputies WHERE org = $1 AND cancelled_at IS NULL
         AND starts_at <= $2 AND ends_at > $2 ORDER BY person, deputy",
        &values![org, at],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Where an open approval stands in the order of waiting.
pub type Place = (Timestamp, CaseId, u32);

/// Lists open approvals within a scope, longest waiting first.
///
/// # Errors
/// Any [`StoreError`].
pub fn open(
    tx: &mut Tx<'_>,
    visible: &Scope,
    after: Option<Place>,
    now: Timestamp,
    most: u32,
) -> Result<Vec<Place>, StoreError> {
    let mut query = Query::new("SELECT a.asked_at, a.case_id, a.id FROM approvals a WHERE ", []);
    let pieces = crate::scope_pieces!(org: "a.org", unit: "a.unit", own: ["a.asked_by"]);
    scope::filter(&mut query, &pieces, visible, now);
    query.bind(" AND a.ended_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > $1)", values![now]);
    if let Some((at, case, id)) = after {
        query.bind(" AND (a.asked_at, a.case_id, a.id) > ($1, $2, $3)", values![at, case, id]);
    }
    query.bind(" ORDER BY a.asked_at, a.case_id, a.id LIMIT $1", values![most]);
    tx.query(&query)?.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// Sums up what the parties of a case were granted in other cases of the same
/// matter: linked as a repeat or as the same, in either direction, or a member
/// of the same incident.
///
/// # Errors
/// Any [`StoreError`].
pub fn granted_elsewhere(
    tx: &mut Tx<'_>,
    org: OrgId,
    case: CaseId,
) -> Result<Vec<(PartyId, i64)>, StoreError> {
    let rows = tx.all(
        "SELECT p.party, CAST(SUM(a.counts_fen) AS BIGINT) FROM approvals a
         JOIN case_parties p ON p.org = a.org AND p.case_id = a.case_id
         WHERE a.org = $1 AND a.counts_fen > 0 AND a.case_id <> $2
         AND a.case_id IN (
           SELECT r.other FROM relations r WHERE r.org = $1 AND r.case_id = $2
           AND r.relation IN ('repeated_by', 'same_matter')
           UNION SELECT s.case_id FROM relations s WHERE s.org = $1 AND s.other = $2
           AND s.relation IN ('repeated_by', 'same_matter')
           UNION SELECT o.case_id FROM incident_members m
           JOIN incident_members o ON o.org = m.org AND o.incident = m.incident AND o.seq = 0
           WHERE m.org = $1 AND m.case_id = $2 AND m.seq = 0)
         AND p.party IN (SELECT q.party FROM case_parties q WHERE q.org = $1 AND q.case_id = $2)
         GROUP BY p.party ORDER BY p.party",
        &values![org, case],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
