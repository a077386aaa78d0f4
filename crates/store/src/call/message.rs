//! Messages for who is absent (TEL-20…22, DESK-7).

use huiyin_domain::call::message::{MessageBody, MessageWay};
use huiyin_domain::ids::{CallId, CallMessageId, CaseId, OrgId, PartyId, PersonId, UnitId};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;

use super::floor::{body, json};
use crate::people::scope;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Which.
    pub id: CallMessageId,
    /// Where it belongs.
    pub unit: UnitId,
    /// Whom it is for.
    pub recipient: PersonId,
    /// Who took it.
    pub taken_by: PersonId,
    /// The call in which it was taken.
    pub call: Option<CallId>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// The customer who called.
    pub party: Option<PartyId>,
    /// When nothing more was to be done.
    pub done_at: Option<Timestamp>,
    /// What it says; none once erased.
    pub body: Option<MessageBody>,
    /// How it stands.
    pub way: MessageWay,
    /// What was answered.
    pub reply: Option<String>,
    /// Grows by one with each change.
    pub version: i64,
}

/// Which messages.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// For this person.
    pub recipient: Option<PersonId>,
    /// Taken by this person.
    pub taken_by: Option<PersonId>,
    /// Only those with which something is still to be done, or only the others.
    pub open: Option<bool>,
    /// After this one in the list.
    pub after: Option<(Timestamp, CallMessageId)>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT m.id, m.unit, m.recipient, m.taken_by, m.call, m.case_id, m.party, m.done_at, m.body, ",
            "m.way, m.reply, m.version FROM call_messages m",
            $rest
        )
    };
}

const PIECES: scope::ScopePieces =
    crate::scope_pieces!(org: "m.org", unit: "m.unit", own: ["m.recipient", "m.taken_by"]);

fn read(row: &Row) -> Result<MessageRow, StoreError> {
    let text: Option<String> = row.get(8)?;
    Ok(MessageRow {
        id: row.get(0)?,
        unit: row.get(1)?,
        recipient: row.get(2)?,
        taken_by: row.get(3)?,
        call: row.get(4)?,
        case: row.get(5)?,
        party: row.get(6)?,
        done_at: row.get(7)?,
        body: text.map(|_| body(row, 8, "message")).transpose()?,
        way: body(row, 9, "way of a message")?,
        reply: row.get(10)?,
        version: row.get(11)?,
    })
}

/// Keeps a new message.
///
/// # Errors
/// Any [`StoreError`].
pub fn insert(tx: &mut Tx<'_>, org: OrgId, new: &MessageRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO call_messages (org, id, unit, recipient, taken_by, call, case_id, party, taken_at, done_at,
                                    body, way, reply, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &values![
            org,
            new.id,
            new.unit,
            new.recipient,
            new.taken_by,
            new.call,
            new.case,
            new.party,
            new.way.taken_at,
            new.done_at,
            new.body.as_ref().map(json).transpose()?,
            json(&new.way)?,
            new.reply.clone(),
            new.version
        ],
    )?;
    Ok(())
}

/// Changes how a message stands, if nobody else did; gives whether it was so.
///
/// # Errors
/// Any [`StoreError`].
pub fn step(tx: &mut Tx<'_>, org: OrgId, row: &MessageRow) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE call_messages SET way = $4, reply = $5, done_at = $6, version = version + 1
         WHERE org = $1 AND id = $2 AND version = $3",
        &values![org, row.id, row.version, json(&row.way)?, row.reply.clone(), row.done_at],
    )?;
    Ok(rows > 0)
}

/// Gives one message, whoever asks.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, id: CallMessageId) -> Result<Option<MessageRow>, StoreError> {
    let row = tx.one(select!(" WHERE m.org = $1 AND m.id = $2"), &values![org, id])?;
    row.as_ref().map(read).transpose()
}

/// Gives one message within a scope.
///
/// # Errors
/// Any [`StoreError`].
pub fn seen(
    tx: &mut Tx<'_>,
    visible: &Scope,
    id: CallMessageId,
    now: Timestamp,
) -> Result<Option<MessageRow>, StoreError> {
    let mut query = Query::new(select!(" WHERE "), []);
    scope::filter(&mut query, &PIECES, visible, now);
    query.bind(" AND m.id = $1", values![id]);
    tx.query(&query)?.first().map(read).transpose()
}

/// Lists messages within a scope, latest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &MessageFilter,
    now: Timestamp,
) -> Result<Vec<MessageRow>, StoreError> {
    let mut query = Query::new(select!(" WHERE "), []);
    scope::filter(&mut query, &PIECES, visible, now);
    if let Some(person) = filter.recipient {
        query.bind(" AND m.recipient = $1", values![person]);
    }
    if let Some(person) = filter.taken_by {
        query.bind(" AND m.taken_by = $1", values![person]);
    }
    match filter.open {
        Some(true) => drop(query.push(" AND m.done_at IS NULL")),
        Some(false) => drop(query.push(" AND m.done_at IS NOT NULL")),
        None => {}
    }
    if let Some((at, id)) = filter.after {
        query.bind(" AND (m.taken_at, m.id) < ($1, $2)", values![at, id]);
    }
    query.bind(" ORDER BY m.taken_at DESC, m.id DESC LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}
