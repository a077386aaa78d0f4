//! Loading incidents, finding them, and what joining must know of cases.

use std::collections::BTreeMap;

use huiyin_domain::case::{ChainHead, ClosureKind};
use huiyin_domain::ids::{CaseId, IncidentId, OrgId, PersonId, UnitId};
use huiyin_domain::incident::{CaseSeen, Incident, Member, Stage};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use crate::case::read::broken;
use crate::people::scope;
use crate::sql::{Engine, MAX_IN, Query, Row, StoreError, Tx, Value};
use crate::values;

/// An incident with where its chain stands.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The incident as it stands.
    pub incident: Incident,
    /// The head of its chain.
    pub head: ChainHead,
}

/// Loads an incident.
///
/// # Errors
/// [`StoreError::Type`] when its state cannot be read.
pub fn incident(tx: &mut Tx<'_>, org: OrgId, id: IncidentId) -> Result<Option<Loaded>, StoreError> {
    let row =
        tx.one("SELECT state, version, head FROM incidents WHERE org = $1 AND id = $2", &values![org, id])?;
    let Some(row) = row else { return Ok(None) };
    let incident =
        serde_json::from_str(row.text(0)?).map_err(|error| broken("state of an incident", &error))?;
    let seq: i64 = row.get(1)?;
    Ok(Some(Loaded { incident, head: ChainHead { seq: seq.unsigned_abs(), hash: row.get(2)? } }))
}

/// Loads an incident to change it: who comes second on a server waits here, and
/// then sees what the first one made of it.
///
/// # Errors
/// As [`incident`].
pub fn incident_to_change(tx: &mut Tx<'_>, org: OrgId, id: IncidentId) -> Result<Option<Loaded>, StoreError> {
    if tx.engine() == Engine::Postgres {
        tx.all("SELECT id FROM incidents WHERE org = $1 AND id = $2 FOR UPDATE", &values![org, id])?;
    }
    incident(tx, org, id)
}

/// Finds an incident by its number.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_number(tx: &mut Tx<'_>, org: OrgId, number: &str) -> Result<Option<IncidentId>, StoreError> {
    let row = tx.one("SELECT id FROM incidents WHERE org = $1 AND number = $2", &values![org, number])?;
    row.map(|row| row.get(0)).transpose()
}

/// Finds the open incidents in which a person answers for them or a measure.
///
/// # Errors
/// [`StoreError::Type`] when a state cannot be read.
pub fn owed_by(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<Vec<IncidentId>, StoreError> {
    let within = format!("%{person}%");
    let rows = tx.all(
        "SELECT id, state FROM incidents
         WHERE org = $1 AND stage <> 'closed' AND (owner = $2 OR state LIKE $3) ORDER BY id",
        &values![org, person, within],
    )?;
    let mut owed = Vec::new();
    for row in rows {
        let incident: Incident =
            serde_json::from_str(row.text(1)?).map_err(|error| broken("state of an incident", &error))?;
        if incident.is_owed_by(person) {
            owed.push(row.get(0)?);
        }
    }
    Ok(owed)
}

/// Gives the incident to which a case belongs as a whole.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_case(tx: &mut Tx<'_>, org: OrgId, case: CaseId) -> Result<Option<IncidentId>, StoreError> {
    let row = tx.one(
        "SELECT incident FROM incident_members WHERE org = $1 AND case_id = $2 AND seq = 0",
        &values![org, case],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// What joining must know of the cases and contacts named, as far as visible.
///
/// # Errors
/// Any [`StoreError`].
pub fn seen(
    tx: &mut Tx<'_>,
    visible: &Scope,
    members: &[Member],
    own: Option<IncidentId>,
    now: Timestamp,
) -> Result<BTreeMap<Member, CaseSeen>, StoreError> {
    let mut cases = BTreeMap::new();
    let mut wanted: Vec<CaseId> = members.iter().map(|member| member.case).collect();
    wanted.sort_unstable();
    wanted.dedup();
    for page in wanted.chunks(MAX_IN) {
        let mut query = Query::new("SELECT c.id, c.closure FROM cases c WHERE ", []);
        visible_cases(&mut query, visible, now);
        query.bind_in(" AND c.id IN ", ids(page));
        for row in tx.query(&query)? {
            let closure: Option<String> = row.get(1)?;
            cases.insert(row.get::<CaseId>(0)?, closure.and_then(|word| word.parse::<ClosureKind>().ok()));
        }
    }
    let mut elsewhere = BTreeMap::new();
    let found: Vec<CaseId> = cases.keys().copied().collect();
    for page in found.chunks(MAX_IN) {
        let mut query = Query::new(
            "SELECT m.case_id, m.seq, i.number, i.id FROM incident_members m
             JOIN incidents i ON i.org = m.org AND i.id = m.incident WHERE m.org = $1",
            values![visible.org],
        );
        query.bind_in(" AND m.case_id IN ", ids(page));
        for row in tx.query(&query)? {
            if own != Some(row.get(3)?) {
                elsewhere.insert((row.get::<CaseId>(0)?, row.get::<i64>(1)?), row.get::<String>(2)?);
            }
        }
    }
    let mut seen = BTreeMap::new();
    for member in members {
        let Some(closure) = cases.get(&member.case) else { continue };
        let place = super::place(*member);
        let there = place == 0 || contact_is_there(tx, visible.org, member.case, place)?;
        let elsewhere = elsewhere.get(&(member.case, place)).cloned();
        seen.insert(*member, CaseSeen { closure: *closure, there, elsewhere });
    }
    Ok(seen)
}

fn contact_is_there(tx: &mut Tx<'_>, org: OrgId, case: CaseId, seq: i64) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT seq FROM contacts WHERE org = $1 AND case_id = $2 AND seq = $3 AND direction = 'inbound'",
        &values![org, case, seq],
    )?;
    Ok(row.is_some())
}

pub(crate) fn ids(cases: &[CaseId]) -> Vec<Value> {
    cases.iter().copied().map(Value::from).collect()
}

pub(crate) fn visible_cases(query: &mut Query, visible: &Scope, now: Timestamp) {
    let pieces = crate::scope_pieces!(
        org: "c.org",
        unit: "c.unit",
        own: ["c.owner", "c.handler", "c.receiver", "c.offered_owner", "c.offered_handler"]
    );
    scope::filter(query, &pieces, visible, now);
}

/// One member as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// The case.
    pub case: CaseId,
    /// Position of the contact; 0 for the whole case.
    pub seq: i64,
    /// The operation that joined it.
    pub operation: i64,
    /// Number of the case.
    pub number: String,
    /// Its stage.
    pub stage: String,
    /// How it was closed.
    pub closure: Option<String>,
    /// Its unit.
    pub unit: UnitId,
    /// Who owns it.
    pub owner: PersonId,
    /// Final category, else intake category.
    pub category: Option<String>,
    /// When it was received, or the contact was made.
    pub at: Timestamp,
}

/// Lists the visible ones of these members by time, then case and contact.
///
/// # Errors
/// Any [`StoreError`].
pub fn members(
    tx: &mut Tx<'_>,
    visible: &Scope,
    wanted: &BTreeMap<Member, u32>,
    now: Timestamp,
) -> Result<Vec<MemberRow>, StoreError> {
    let mut cases: Vec<CaseId> = wanted.keys().map(|member| member.case).collect();
    cases.dedup();
    let mut rows = Vec::new();
    for page in cases.chunks(MAX_IN) {
        let mut query = Query::new(
            "SELECT c.id, c.number, c.stage, c.closure, c.unit, c.owner, c.category, c.received_at
             FROM cases c WHERE ",
            [],
        );
        visible_cases(&mut query, visible, now);
        query.bind_in(" AND c.id IN ", ids(page));
        for row in tx.query(&query)? {
            let case: CaseId = row.get(0)?;
            let mine = wanted.range(Member::case(case)..).take_while(|(member, _)| member.case == case);
            for (member, operation) in mine {
                let at = match member.contact {
                    None => row.get(7)?,
                    Some(_) => contact_at(tx, visible.org, *member)?.unwrap_or(row.get(7)?),
                };
                rows.push(MemberRow {
                    case,
                    seq: super::place(*member),
                    operation: i64::from(*operation),
                    number: row.get(1)?,
                    stage: row.get(2)?,
                    closure: row.get(3)?,
                    unit: row.get(4)?,
                    owner: row.get(5)?,
                    category: row.get(6)?,
                    at,
                });
            }
        }
    }
    rows.sort_by_key(|row| (row.at, row.case, row.seq));
    Ok(rows)
}

fn contact_at(tx: &mut Tx<'_>, org: OrgId, member: Member) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one(
        "SELECT at FROM contacts WHERE org = $1 AND case_id = $2 AND seq = $3",
        &values![org, member.case, super::place(member)],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Which incidents are wanted; every part is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IncidentFilter {
    /// In one of these stages.
    pub stages: Vec<Stage>,
    /// Of this unit and those below.
    pub unit: Option<UnitId>,
    /// Answered for by.
    pub owner: Option<PersonId>,
    /// To which this case belongs as a whole.
    pub case: Option<CaseId>,
    /// Hot now, or not.
    pub hot: Option<bool>,
    /// One of these.
    pub among: Option<Vec<IncidentId>>,
    /// Closed at this moment or later.
    pub closed_from: Option<Timestamp>,
    /// After this one in the list's order.
    pub after: Option<(Timestamp, IncidentId)>,
    /// At most so many.
    pub limit: u32,
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentRow {
    /// Its id.
    pub id: IncidentId,
    /// Its number.
    pub number: String,
    /// Its version.
    pub version: i64,
    /// What happened, in short; nothing once erased.
    pub title: Option<String>,
    /// Its unit.
    pub unit: UnitId,
    /// The building.
    pub building: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// Where it stands.
    pub stage: String,
    /// Who answers for it.
    pub owner: PersonId,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Earliest open limit.
    pub due_at: Option<Timestamp>,
    /// Since when it is hot, while it is.
    pub hot_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "SELECT i.id, i.number, i.version, SUBSTR(s.value, 1, 80), i.unit, i.building, i.category,
  i.stage, i.owner, i.opened_at, i.changed_at, i.closed_at, i.due_at, i.hot_at FROM incidents i
  LEFT JOIN sealed s ON s.org = i.org AND s.case_id = i.id AND s.digest = i.title WHERE ";

/// Lists incidents, newest first by opening, then id.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &IncidentFilter,
    now: Timestamp,
) -> Result<Vec<IncidentRow>, StoreError> {
    let mut query = Query::new(COLUMNS, []);
    visible_incidents(&mut query, visible, now);
    if !filter.stages.is_empty() {
        let stages: Vec<Value> = filter.stages.iter().map(|stage| stage.as_str().into()).collect();
        query.bind_in(" AND i.stage IN ", stages);
    }
    if let Some(unit) = filter.unit {
        query.bind(
            " AND i.unit IN (SELECT u.descendant FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $2)",
            values![visible.org, unit],
        );
    }
    if let Some(owner) = filter.owner {
        query.bind(" AND i.owner = $1", values![owner]);
    }
    if let Some(case) = filter.case {
        query.bind(
            " AND i.id IN (SELECT m.incident FROM incident_members m
                           WHERE m.org = $1 AND m.case_id = $2 AND m.seq = 0)",
            values![visible.org, case],
        );
    }
    if let Some(hot) = filter.hot {
        query.push(if hot { " AND i.hot_at IS NOT NULL" } else { " AND i.hot_at IS NULL" });
    }
    if let Some(among) = &filter.among {
        query.bind_in(" AND i.id IN ", among.iter().copied().map(Value::from).collect::<Vec<_>>());
    }
    if let Some(from) = filter.closed_from {
        query.bind(" AND i.closed_at >= $1", values![from]);
    }
    if let Some((at, id)) = filter.after {
        query.bind(" AND (i.opened_at, i.id) < ($1, $2)", values![at, id]);
    }
    query.bind(" ORDER BY i.opened_at DESC, i.id DESC LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(line).collect()
}

fn visible_incidents(query: &mut Query, visible: &Scope, now: Timestamp) {
    let pieces = crate::scope_pieces!(org: "i.org", unit: "i.unit", own: ["i.owner"]);
    scope::filter(query, &pieces, visible, now);
}

fn line(row: &Row) -> Result<IncidentRow, StoreError> {
    Ok(IncidentRow {
        id: row.get(0)?,
        number: row.get(1)?,
        version: row.get(2)?,
        title: row.get(3)?,
        unit: row.get(4)?,
        building: row.get(5)?,
        category: row.get(6)?,
        stage: row.get(7)?,
        owner: row.get(8)?,
        opened_at: row.get(9)?,
        changed_at: row.get(10)?,
        closed_at: row.get(11)?,
        due_at: row.get(12)?,
        hot_at: row.get(13)?,
    })
}
