//! Lists of calls and agents, and what figures are made of.

use huiyin_domain::call::agent::Agent;
use huiyin_domain::call::facts::CallFacts;
use huiyin_domain::call::promise::PromisedCall;
use huiyin_domain::call::record::Call;
use huiyin_domain::ids::{CallId, CaseId, OrgId, PartyId, PersonId, QueueId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use super::floor::body;
use crate::people::scope;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// Which calls.
#[derive(Clone, Debug, Default)]
pub struct CallFilter {
    /// In this state.
    pub state: Option<String>,
    /// Only those that are not over, or only those that are.
    pub open: Option<bool>,
    /// That waited in this queue last.
    pub queue: Option<QueueId>,
    /// That this person had or has.
    pub agent: Option<PersonId>,
    /// From or to this number.
    pub number: Option<String>,
    /// With this result.
    pub result: Option<String>,
    /// Of this case.
    pub case: Option<CaseId>,
    /// With this customer.
    pub party: Option<PartyId>,
    /// That arrived from this moment on.
    pub from: Option<Timestamp>,
    /// That arrived before this moment.
    pub to: Option<Timestamp>,
    /// After this one in the list.
    pub after: Option<(Timestamp, CallId)>,
    /// Rows of a page.
    pub limit: u32,
}

/// One call with what was typed about it.
#[derive(Clone, Debug)]
pub struct CallRow {
    /// The record.
    pub call: Call,
    /// What was typed about it.
    pub note: Option<String>,
}

fn read(row: &Row) -> Result<CallRow, StoreError> {
    Ok(CallRow { call: body(row, 0, "call")?, note: row.get(1)? })
}

const PIECES: scope::ScopePieces =
    crate::scope_pieces!(org: "c.org", unit: "c.unit", own: ["c.agent", "c.first_agent"]);

/// Lists calls within a scope, latest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn calls(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &CallFilter,
    now: Timestamp,
) -> Result<Vec<CallRow>, StoreError> {
    let mut query = Query::new("SELECT c.body, c.note FROM calls c WHERE ", []);
    scope::filter(&mut query, &PIECES, visible, now);
    if let Some(state) = &filter.state {
        query.bind(" AND c.state = $1", values![state]);
    }
    match filter.open {
        Some(true) => drop(query.push(" AND c.ended_at IS NULL")),
        Some(false) => drop(query.push(" AND c.ended_at IS NOT NULL")),
        None => {}
    }
    if let Some(queue) = filter.queue {
        query.bind(" AND c.queue = $1", values![queue]);
    }
    if let Some(agent) = filter.agent {
        query.bind(
            " AND EXISTS (SELECT 1 FROM call_people p WHERE p.org = $1 AND p.call = c.id AND p.person = $2)",
            values![visible.org, agent],
        );
    }
    if let Some(number) = &filter.number {
        query.bind(" AND (c.caller = $1 OR c.called = $1)", values![number]);
    }
    if let Some(result) = &filter.result {
        query.bind(" AND c.result = $1", values![result]);
    }
    if let Some(case) = filter.case {
        query.bind(" AND c.case_id = $1", values![case]);
    }
    if let Some(party) = filter.party {
        query.bind(" AND c.party = $1", values![party]);
    }
    if let Some(from) = filter.from {
        query.bind(" AND c.arrived_at >= $1", values![from]);
    }
    if let Some(to) = filter.to {
        query.bind(" AND c.arrived_at < $1", values![to]);
    }
    if let Some((at, id)) = filter.after {
        query.bind(" AND (c.arrived_at, c.id) < ($1, $2)", values![at, id]);
    }
    query.bind(" ORDER BY c.arrived_at DESC, c.id DESC LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Gives one call within a scope.
///
/// # Errors
/// Any [`StoreError`].
pub fn call(
    tx: &mut Tx<'_>,
    visible: &Scope,
    id: CallId,
    now: Timestamp,
) -> Result<Option<CallRow>, StoreError> {
    let mut query = Query::new("SELECT c.body, c.note FROM calls c WHERE ", []);
    scope::filter(&mut query, &PIECES, visible, now);
    query.bind(" AND c.id = $1", values![id]);
    tx.query(&query)?.first().map(read).transpose()
}

/// Notes what is to be known of a call beside its record.
///
/// # Errors
/// Any [`StoreError`].
pub fn set_note(tx: &mut Tx<'_>, org: OrgId, id: CallId, note: &str) -> Result<(), StoreError> {
    tx.execute("UPDATE calls SET note = $3 WHERE org = $1 AND id = $2", &values![org, id, note])?;
    Ok(())
}

/// Lists every agent who ever signed in, with what they do.
///
/// # Errors
/// Any [`StoreError`].
pub fn agents(tx: &mut Tx<'_>, org: OrgId) -> Result<Vec<Agent>, StoreError> {
    let rows = tx.all("SELECT body FROM agents WHERE org = $1 ORDER BY person", &values![org])?;
    rows.iter().map(|row| body(row, 0, "agent")).collect()
}

/// Gives the facts of calls that are over and arrived in a period, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn facts(
    tx: &mut Tx<'_>,
    visible: &Scope,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<CallFacts>, StoreError> {
    let mut query = Query::new(
        "SELECT c.facts, b.promise FROM calls c
         LEFT JOIN call_backs b ON b.org = c.org AND b.call = c.id AND b.made_by IS NULL WHERE ",
        [],
    );
    scope::filter(&mut query, &PIECES, visible, now);
    query.bind(
        " AND c.facts IS NOT NULL AND c.arrived_at >= $1 AND c.arrived_at < $2 ORDER BY c.arrived_at, c.id",
        values![from, to],
    );
    let whole = |row: &Row| {
        let facts: CallFacts = body(row, 0, "facts")?;
        // whether a promise was kept is told by the promise alone
        let promise: Option<String> = row.get(1)?;
        let promise: Option<PromisedCall> = promise.map(|_| body(row, 1, "promised call")).transpose()?;
        Ok(CallFacts { call_back_kept: promise.and_then(|promise| promise.is_kept(now)), ..facts })
    };
    tx.query(&query)?.iter().map(whole).collect()
}
