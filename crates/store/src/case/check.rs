//! Cases as their rows lie, for `huiyin doctor`: read raw, so that damage shows
//! as a finding and never stops the reading.
//!
//! Rows come by ranges of case ids, so that a row whose case is gone turns up
//! beside its neighbours, and memory stays that of one page.

use std::collections::BTreeMap;

use huiyin_domain::case::{Case, ChainHead, Recorded};
use huiyin_domain::count::of_incident;
use huiyin_domain::ids::OrgId;
use huiyin_domain::incident::Incident;
use huiyin_domain::time::Timestamp;

use super::derived;
use super::due::Holder;
use crate::sql::{Query, Row, StoreError, Tx, Value};
use crate::values;

/// A table whose rows derive from cases.
#[derive(Debug)]
pub struct DerivedTable {
    /// Its name.
    pub name: &'static str,
    /// Its columns in the order of the rows.
    pub columns: &'static [&'static str],
    select: &'static str,
    /// Position of the case's id among the columns.
    case_at: usize,
    id_column: &'static str,
}

macro_rules! derived_table {
    (@read $column:literal) => { $column };
    (@read $column:literal as $read:literal) => { $read };
    ($name:literal, $id:literal at $at:literal: $first:literal $(, $column:literal $(as $read:literal)?)*) => {
        DerivedTable {
            name: $name,
            columns: &[$first $(, $column)*],
            select: concat!("SELECT ", $first $(, ", ", derived_table!(@read $column $(as $read)?))*, " FROM ", $name, " WHERE org = $1"),
            case_at: $at,
            id_column: $id,
        }
    };
}

/// Every table whose rows derive from cases.
pub static DERIVED: [DerivedTable; 14] = [
    derived_table!("cases", "id" at 1: "org", "id", "number", "kind", "channel", "received_at",
        "external_source", "external_id", "title", "version", "unit", "department", "stage", "phase",
        "closure", "owner", "handler", "receiver", "offered_owner", "offered_handler", "category",
        "intake_category", "cause", "changed_at", "closed_at", "due_at", "head", "state"),
    derived_table!("clocks", "case_id" at 1: "org", "case_id", "id", "kind", "round", "started_at",
        "due_at", "met_at", "breached_at", "cancelled_at", "fires_at", "holder"),
    derived_table!("promises", "case_id" at 1: "org", "case_id", "id", "kind", "person", "made_at",
        "due_at", "kept_at", "withdrawn_at"),
    derived_table!("tasks", "case_id" at 1: "org", "case_id", "id", "kind", "person", "post", "unit",
        "blocking", "given_at", "due_at", "ended_at", "done"),
    derived_table!("case_parties", "case_id" at 2: "org", "party", "case_id", "role"),
    derived_table!("relations", "case_id" at 1: "org", "case_id", "relation", "other", "at"),
    derived_table!("contacts", "case_id" at 1: "org", "case_id", "seq", "at", "direction", "channel",
        "party", "person", "persons"),
    derived_table!("approvals", "case_id" at 1: "org", "case_id", "id", "content", "unit", "asked_by",
        "asked_at", "amount_fen", "sum_fen", "expires_at", "decision", "ended_at",
        "counts_fen"),
    derived_table!("remedies", "case_id" at 1: "org", "case_id", "id", "kind", "gives", "unit", "party", "budget",
        "amount_fen", "paid_fen", "approval", "authority", "proof", "invoice", "proposed_at", "proposed_by",
        "paid_at", "given_at", "dropped_at"),
    derived_table!("case_facts", "case_id" at 1: "org", "case_id", "version", "kind", "channel", "unit",
        "intake_category", "final_category", "cause", "received_at", "accepted_at", "first_reply_at",
        "executed_at", "verified_at", "visited_at", "closed_at", "closure", "exemption", "satisfied",
        "rounds", "urged", "asked_progress", "demand_fen", "reply_due_at", "reply_met_at", "pack", "category",
        // the bit that its incident sets is taken away where the incident is hot (PROP-83)
        "marks" as "marks - CASE WHEN EXISTS (SELECT 1 FROM incident_members m JOIN incidents i ON i.org = m.org
            AND i.id = m.incident WHERE m.org = case_facts.org AND m.case_id = case_facts.case_id AND m.seq = 0
            AND i.hot_at IS NOT NULL) THEN 68719476736 ELSE 0 END", "times", "misses", "promises_made", "promises_kept", "agreed_fen", "paid_fen", "promises_broken",
        "reassigned", "idle_days", "shape"),
    derived_table!("majors", "case_id" at 1: "org", "case_id", "unit", "owner", "volume", "standing", "since",
        "demand_fen", "due_at", "closed_at"),
    derived_table!("incidents", "id" at 1: "org", "id", "number", "opened_at", "title", "version", "unit",
        "building", "category", "stage", "owner", "changed_at", "closed_at", "due_at", "lead", "hot_at",
        "head", "state"),
    derived_table!("incident_operations", "incident" at 1: "org", "incident", "id", "kind", "at", "person",
        "undone_at"),
    derived_table!("incident_members", "incident" at 1: "org", "incident", "case_id", "seq", "operation"),
];

const _: () = assert!(of_incident().bits() == 68_719_476_736, "the statement above means another bit");

/// Place of the table of incidents among [`DERIVED`]: it and its two are the last.
pub const INCIDENTS: usize = DERIVED.len() - 3;

const _: () = assert!(matches!(DERIVED[INCIDENTS].name.as_bytes(), b"incidents"), "INCIDENTS is elsewhere");

/// Everything that lies in the database under one case's id.
#[derive(Clone, Debug, Default)]
pub struct Lying {
    /// Rows of the tables in [`DERIVED`], in that order; the first is the case's own.
    pub derived: [Vec<Vec<Value>>; DERIVED.len()],
    /// Events: seq, occurred_at, recorded_at, person, kind, payload, hash.
    pub events: Vec<Vec<Value>>,
    /// Sealed texts: digest, salt, value, erased_at.
    pub sealed: Vec<Vec<Value>>,
    /// Heads in anchors: anchor, seq, hash.
    pub heads: Vec<Vec<Value>>,
    /// Attachments: id, digest, erased_at, bytes of the file's row.
    pub attachments: Vec<Vec<Value>>,
    /// Whether it waits for the next anchor.
    pub waits: bool,
}

/// Which cases to read.
#[derive(Clone, Copy, Debug)]
pub enum Span<'a> {
    /// Ids after the first up to the second, whether there is a case or not.
    Between(&'a str, &'a str),
    /// These.
    These(&'a [String]),
}

/// Above every id, whatever the collation.
pub const LAST_ID: &str = "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz";

/// Gives the ids of cases and incidents after one, in order, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn ids(tx: &mut Tx<'_>, org: OrgId, after: &str, most: u32) -> Result<Vec<String>, StoreError> {
    let rows = tx.all(
        "SELECT id FROM cases WHERE org = $1 AND id > $2
         UNION ALL SELECT id FROM incidents WHERE org = $1 AND id > $2 ORDER BY 1 LIMIT $3",
        &values![org, after, most],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Counts the cases and incidents of an organisation that changed since a moment.
///
/// # Errors
/// Any [`StoreError`].
pub fn count(tx: &mut Tx<'_>, org: OrgId, since: Timestamp) -> Result<u64, StoreError> {
    let row = tx.one(
        "SELECT (SELECT COUNT(*) FROM cases WHERE org = $1 AND changed_at >= $2)
           + (SELECT COUNT(*) FROM incidents WHERE org = $1 AND changed_at >= $2)",
        &values![org, since],
    )?;
    let count: i64 = row.map_or(Ok(0), |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// Gives every `stride`-th case or incident that changed since a moment, by id.
///
/// # Errors
/// Any [`StoreError`].
pub fn every(tx: &mut Tx<'_>, org: OrgId, since: Timestamp, stride: u64) -> Result<Vec<String>, StoreError> {
    let (mut place, mut found) = (0_u64, Vec::new());
    let sql = "SELECT id FROM cases WHERE org = $1 AND changed_at >= $2
               UNION ALL SELECT id FROM incidents WHERE org = $1 AND changed_at >= $2 ORDER BY 1";
    tx.each(sql, &values![org, since], |row| {
        if place.is_multiple_of(stride.max(1)) {
            found.push(row.get(0)?);
        }
        place += 1;
        Ok(())
    })?;
    Ok(found)
}

/// Gives every organisation number that some row carries, known or not.
///
/// # Errors
/// Any [`StoreError`].
pub fn organisations(tx: &mut Tx<'_>) -> Result<Vec<OrgId>, StoreError> {
    const NEXT: [&str; 5] = [
        "SELECT MIN(org) FROM organisations WHERE org > $1",
        "SELECT MIN(org) FROM cases WHERE org > $1",
        "SELECT MIN(org) FROM incidents WHERE org > $1",
        "SELECT MIN(org) FROM events WHERE org > $1",
        "SELECT MIN(org) FROM anchor_heads WHERE org > $1",
    ];
    let mut found = Vec::new();
    let mut last = i64::MIN;
    loop {
        let mut next: Option<i64> = None;
        for sql in NEXT {
            let least: Option<i64> = tx.one(sql, &values![last])?.map_or(Ok(None), |row| row.get(0))?;
            next = next.into_iter().chain(least).min();
        }
        let Some(org) = next else { return Ok(found) };
        found.push(OrgId(org));
        last = org;
    }
}

/// Reads everything that lies under the ids of a span.
///
/// # Errors
/// Any [`StoreError`]; odd values are none, they are handed over as they are.
pub fn read(tx: &mut Tx<'_>, org: OrgId, span: Span<'_>) -> Result<BTreeMap<String, Lying>, StoreError> {
    let mut found: BTreeMap<String, Lying> = BTreeMap::new();
    for (place, table) in DERIVED.iter().enumerate() {
        let query = within(table.select, table.id_column, org, span);
        tx.query_each(&query, |row| {
            let id = id_text(row, table.case_at);
            found.entry(id).or_default().derived[place].push(row.values().to_vec());
            Ok(())
        })?;
    }
    let mut gather = |select: &'static str, put: fn(&mut Lying) -> &mut Vec<Vec<Value>>| {
        tx.query_each(&within(select, "case_id", org, span), |row| {
            let id = id_text(row, 0);
            put(found.entry(id).or_default()).push(row.values()[1..].to_vec());
            Ok(())
        })
    };
    gather(
        "SELECT case_id, seq, occurred_at, recorded_at, person, kind, payload, hash FROM events WHERE org = $1",
        |lying| &mut lying.events,
    )?;
    gather("SELECT case_id, digest, salt, value, erased_at FROM sealed WHERE org = $1", |lying| {
        &mut lying.sealed
    })?;
    gather("SELECT case_id, anchor, seq, hash FROM anchor_heads WHERE org = $1", |lying| &mut lying.heads)?;
    gather(
        "SELECT case_id, id, digest, erased_at,
           (SELECT f.bytes FROM files f WHERE f.org = attachments.org AND f.digest = attachments.digest)
         FROM attachments WHERE org = $1",
        |lying| &mut lying.attachments,
    )?;
    tx.query_each(&within("SELECT case_id FROM unanchored WHERE org = $1", "case_id", org, span), |row| {
        found.entry(id_text(row, 0)).or_default().waits = true;
        Ok(())
    })?;
    found.values_mut().for_each(Lying::sort);
    Ok(found)
}

fn within(select: &'static str, id_column: &'static str, org: OrgId, span: Span<'_>) -> Query {
    let mut query = Query::new(select, values![org]);
    query.push(" AND ").push(id_column);
    match span {
        Span::Between(after, to) => {
            query.bind(" > $1", values![after]);
            query.push(" AND ").push(id_column).bind(" <= $1", values![to]);
        }
        Span::These(ids) => {
            query.bind_in(" IN ", ids.iter().map(Value::from).collect::<Vec<_>>());
        }
    }
    query
}

fn id_text(row: &Row, at: usize) -> String {
    match row.values().get(at) {
        Some(Value::Text(id)) => id.clone(),
        other => format!("{other:?}"),
    }
}

impl Lying {
    /// Both engines give the same order then.
    fn sort(&mut self) {
        let number = |value: Option<&Value>| if let Some(Value::Int(number)) = value { *number } else { -1 };
        self.events.sort_by_key(|event| number(event.first()));
        self.heads.sort_by_key(|head| number(head.first()));
    }
}

/// Gives the rows that must lie there for a case, in the order of [`DERIVED`].
#[must_use]
pub fn expected(
    org: OrgId,
    case: &Case,
    head: &ChainHead,
    events: &[Recorded],
) -> [Vec<Vec<Value>>; DERIVED.len()] {
    let mut parties = derived::parties_of(org, case);
    // a party in several roles stands under its first one
    let mut seen = std::collections::BTreeSet::new();
    let firsts = case.parties.iter().map(|party| seen.insert(party.party)).collect::<Vec<_>>();
    let mut first = firsts.into_iter();
    parties.retain(|_| first.next().unwrap_or(true));
    [
        vec![derived::case_row(org, case, head)],
        derived::clocks(org, case),
        derived::promises(org, case),
        derived::tasks(org, case),
        parties,
        derived::relations(org, case),
        derived::contacts(org, case.id, events),
        derived::approvals(org, case),
        derived::remedies(org, case),
        vec![derived::facts_of(org, case)],
        derived::majors(org, case),
        Vec::new(),
        Vec::new(),
        Vec::new(),
    ]
}

/// Gives the rows that must lie there for an incident, in the order of [`DERIVED`].
#[must_use]
pub fn expected_incident(
    org: OrgId,
    incident: &Incident,
    head: &ChainHead,
) -> [Vec<Vec<Value>>; DERIVED.len()] {
    let mut rows: [Vec<Vec<Value>>; DERIVED.len()] = Default::default();
    rows[1] = derived::clock_rows(org, Holder::Incident(incident.id), &incident.clocks);
    rows[INCIDENTS] = vec![crate::incident::incident_row(org, incident, head)];
    rows[INCIDENTS + 1] = crate::incident::operation_rows(org, incident);
    rows[INCIDENTS + 2] = crate::incident::member_rows(org, incident);
    rows
}

/// Gives the hash of one event as it lies; nothing when there is none.
///
/// # Errors
/// Any [`StoreError`].
pub fn hash_at(tx: &mut Tx<'_>, org: OrgId, case: &str, seq: u64) -> Result<Option<String>, StoreError> {
    let row = tx.one(
        "SELECT hash FROM events WHERE org = $1 AND case_id = $2 AND seq = $3",
        &values![org, case, super::write::int(seq)],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Tells whether a case is there.
///
/// # Errors
/// Any [`StoreError`].
pub fn exists(tx: &mut Tx<'_>, org: OrgId, case: &str) -> Result<bool, StoreError> {
    let found = tx.one(
        "SELECT id FROM cases WHERE org = $1 AND id = $2
         UNION ALL SELECT id FROM incidents WHERE org = $1 AND id = $2",
        &values![org, case],
    )?;
    Ok(found.is_some())
}
