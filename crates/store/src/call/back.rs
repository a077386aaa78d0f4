//! Promised calls (TEL-18, TEL-32, TEL-33).

use huiyin_domain::call::promise::PromisedCall;
use huiyin_domain::ids::{CallBackId, CallId, CaseId, OrgId, PartyId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use super::floor::{body, json};
use crate::people::scope;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One promised call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallBackRow {
    /// Which.
    pub id: CallBackId,
    /// Where it belongs.
    pub unit: UnitId,
    /// Who is to call; whoever is free where nobody is named.
    pub agent: Option<PersonId>,
    /// Who promised it; none where the caller asked for it in the menu.
    pub made_by: Option<PersonId>,
    /// The call in which it was promised.
    pub call: Option<CallId>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// The customer.
    pub party: Option<PartyId>,
    /// The promise with its clock.
    pub promise: PromisedCall,
    /// What it is about.
    pub about: Option<String>,
    /// What the last try came to.
    pub note: Option<String>,
    /// Grows by one with each change.
    pub version: i64,
}

/// Which promised calls.
#[derive(Clone, Debug, Default)]
pub struct CallBackFilter {
    /// To be made by this person, or promised by them.
    pub person: Option<PersonId>,
    /// Also those that nobody in particular is to make.
    pub anybody: bool,
    /// Only those that were not kept yet, or only the others.
    pub open: Option<bool>,
    /// To this number.
    pub number: Option<String>,
    /// After this one in the list.
    pub after: Option<(Timestamp, CallBackId)>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.unit, b.agent, b.made_by, b.call, b.case_id, b.party, b.promise, b.about, b.note, ",
            "b.version, b.number FROM call_backs b",
            $rest
        )
    };
}

const PIECES: scope::ScopePieces =
    crate::scope_pieces!(org: "b.org", unit: "b.unit", own: ["b.agent", "b.made_by"]);

fn read(row: &Row) -> Result<CallBackRow, StoreError> {
    let mut promise: PromisedCall = body(row, 7, "promised call")?;
    promise.number = row.get::<Option<String>>(11)?.unwrap_or_default();
    Ok(CallBackRow {
        id: row.get(0)?,
        unit: row.get(1)?,
        agent: row.get(2)?,
        made_by: row.get(3)?,
        call: row.get(4)?,
        case: row.get(5)?,
        party: row.get(6)?,
        promise,
        about: row.get(8)?,
        note: row.get(9)?,
        version: row.get(10)?,
    })
}

/// The promise without the number, which has a column of its own.
fn kept(promise: &PromisedCall) -> Result<String, StoreError> {
    json(&PromisedCall { number: String::new(), ..promise.clone() })
}

/// Keeps a new promise.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &CallBackRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO call_backs (org, id, unit, number, agent, made_by, call, case_id, party, due_at, kept_at,
                                 promise, about, note, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &values![
            org,
            new.id,
            new.unit,
            &new.promise.number,
            new.agent,
            new.made_by,
            new.call,
            new.case,
            new.party,
            new.promise.due,
            new.promise.kept_at,
            kept(&new.promise)?,
            new.about.clone(),
            new.note.clone(),
            new.version
        ],
    )?;
    Ok(())
}

/// Notes a try, if nobody else did meanwhile; gives whether it was so.
///
/// # Errors
/// Any [`StoreError`].
pub fn tried(tx: &mut Tx<'_>, org: OrgId, row: &CallBackRow) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE call_backs SET promise = $4, kept_at = $5, note = $6, version = version + 1
         WHERE org = $1 AND id = $2 AND version = $3",
        &values![org, row.id, row.version, kept(&row.promise)?, row.promise.kept_at, row.note.clone()],
    )?;
    Ok(rows > 0)
}

/// Gives one promise, whoever asks.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: CallBackId) -> Result<Option<CallBackRow>, StoreError> {
    let row = tx.one(select!(" WHERE b.org = $1 AND b.id = $2"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Says whether a promise was made for a call in its queue.
///
/// # Errors
/// Any [`StoreError`].
pub fn asked_in(tx: &mut Tx<'_>, org: OrgId, call: CallId) -> Result<bool, StoreError> {
    let row = tx.one(
        "SELECT 1 FROM call_backs WHERE org = $1 AND call = $2 AND made_by IS NULL LIMIT 1",
        &values![org, call],
    )?;
    Ok(row.is_some())
}

/// Adds who may see a promise: by reach, and who takes calls those of anybody.
fn visible_to(query: &mut Query, visible: &Scope, anybody: bool, now: Timestamp) {
    query.push("((");
    scope::filter(query, &PIECES, visible, now);
    query.push(")");
    if anybody {
        query.bind(" OR (b.org = $1 AND b.agent IS NULL)", values![visible.org]);
    }
    query.push(")");
}

/// Gives one promise within a scope; with `anybody`, also one for anybody.
///
/// # Errors
/// Any [`StoreError`].
pub fn seen(
    tx: &mut Tx<'_>,
    (visible, anybody): (&Scope, bool),
    id: CallBackId,
    now: Timestamp,
) -> Result<Option<CallBackRow>, StoreError> {
    let mut query = Query::new(select!(" WHERE "), []);
    visible_to(&mut query, visible, anybody, now);
    query.bind(" AND b.id = $1", values![id]);
    tx.query(&query)?.first().map(read).transpose()
}

/// Lists promises within a scope: open ones by their time, others latest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &CallBackFilter,
    now: Timestamp,
) -> Result<Vec<CallBackRow>, StoreError> {
    let mut query = Query::new(select!(" WHERE "), []);
    visible_to(&mut query, visible, filter.anybody, now);
    match (filter.person, filter.anybody) {
        (Some(person), true) => {
            query.bind(" AND (b.agent = $1 OR b.made_by = $1 OR b.agent IS NULL)", values![person]);
        }
        (Some(person), false) => {
            query.bind(" AND (b.agent = $1 OR b.made_by = $1)", values![person]);
        }
        (None, _) => {}
    }
    match filter.open {
        Some(true) => drop(query.push(" AND b.kept_at IS NULL")),
        Some(false) => drop(query.push(" AND b.kept_at IS NOT NULL")),
        None => {}
    }
    if let Some(number) = &filter.number {
        query.bind(" AND b.number = $1", values![number]);
    }
    let soonest = filter.open == Some(true);
    if let Some((at, id)) = filter.after {
        let place =
            if soonest { " AND (b.due_at, b.id) > ($1, $2)" } else { " AND (b.due_at, b.id) < ($1, $2)" };
        query.bind(place, values![at, id]);
    }
    let order = if soonest { " ORDER BY b.due_at, b.id" } else { " ORDER BY b.due_at DESC, b.id DESC" };
    query.push(order);
    query.bind(" LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}
