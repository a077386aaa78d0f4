//! Storing one change of a case: state, events, texts and projections.

use huiyin_domain::case::{Case, ChainHead, Recorded};
use huiyin_domain::count::{Mark, marks, of_incident};
use huiyin_domain::ids::OrgId;
use huiyin_domain::search::Subject;
use huiyin_domain::text::SealedText;

use super::derived::{
    approvals, case_row, clocks, columns, contacts, facts_of, majors, parties_of, promises, relations,
    remedies, tasks,
};
use super::history;
use crate::search::feed;
use crate::sql::{StoreError, Tx, Value};
use crate::values;

/// A change that was decided, ready to be stored.
#[derive(Debug)]
pub struct Change<'a> {
    /// The case before; nothing for a new one.
    pub before: Option<&'a Case>,
    /// The case after.
    pub after: &'a Case,
    /// Where the chain stood before.
    pub head: &'a ChainHead,
    /// What happened, in order.
    pub events: &'a [Recorded],
    /// Texts that the events only name.
    pub sealed: &'a [SealedText],
}

/// Stores a change and gives the new head; nothing when somebody was faster.
///
/// # Errors
/// [`StoreError::Unique`] `cases_number` or `cases_external` for a new case.
pub fn save(tx: &mut Tx<'_>, org: OrgId, change: &Change<'_>) -> Result<Option<ChainHead>, StoreError> {
    let case = change.after;
    let (rows, head) = history::chain(org, case.id, change.head, change.events);
    let stored = match change.before {
        None => insert_case(tx, org, case, &head)?,
        Some(before) => update_case(tx, org, case, &head, before.version)?,
    };
    if !stored {
        return Ok(None);
    }
    history::append(tx, org, case.id, rows, change.sealed)?;
    project(tx, org, change)?;
    feed::changed(tx, org, Subject::Case, case.id.0)?;
    Ok(Some(head))
}

fn insert_case(tx: &mut Tx<'_>, org: OrgId, case: &Case, head: &ChainHead) -> Result<bool, StoreError> {
    tx.execute(
        "INSERT INTO cases (org, id, number, kind, channel, received_at, external_source, external_id, title,
           version, unit, department, stage, phase, closure, owner, handler, receiver, offered_owner,
           offered_handler, category, intake_category, cause, changed_at, closed_at, due_at, head, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
           $21, $22, $23, $24, $25, $26, $27, $28)",
        &case_row(org, case, head),
    )?;
    Ok(true)
}

fn update_case(
    tx: &mut Tx<'_>,
    org: OrgId,
    case: &Case,
    head: &ChainHead,
    seen: u64,
) -> Result<bool, StoreError> {
    let mut row = columns(case, head);
    row.extend(values![org, case.id, int(seen), case.kind.as_str()]);
    let changed = tx.execute(
        "UPDATE cases SET version = $1, unit = $2, department = $3, stage = $4, phase = $5, closure = $6,
           owner = $7, handler = $8, receiver = $9, offered_owner = $10, offered_handler = $11, category = $12,
           intake_category = $13, cause = $14, changed_at = $15, closed_at = $16, due_at = $17, head = $18,
           state = $19, kind = $23
         WHERE org = $20 AND id = $21 AND version = $22",
        &row,
    )?;
    Ok(changed == 1)
}

/// Keeps the rows that are not as they were.
pub(crate) fn changed(after: Vec<Vec<Value>>, old: Option<Vec<Vec<Value>>>) -> Vec<Vec<Value>> {
    let old: Vec<Vec<Value>> = old.unwrap_or_default();
    after.into_iter().filter(move |row| !old.contains(row)).collect()
}

/// Writes clocks as far as they changed.
pub(crate) fn write_clocks(
    tx: &mut Tx<'_>,
    after: Vec<Vec<Value>>,
    old: Option<Vec<Vec<Value>>>,
) -> Result<(), StoreError> {
    tx.execute_many(
        "INSERT INTO clocks (org, case_id, id, kind, round, started_at, due_at, met_at, breached_at, cancelled_at,
           fires_at, holder)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (org, case_id, id) DO UPDATE SET due_at = excluded.due_at, met_at = excluded.met_at,
           breached_at = excluded.breached_at, cancelled_at = excluded.cancelled_at, fires_at = excluded.fires_at",
        changed(after, old),
    )?;
    Ok(())
}

/// Writes the rows that derive from the state, as far as they changed.
fn project(tx: &mut Tx<'_>, org: OrgId, change: &Change<'_>) -> Result<(), StoreError> {
    let (before, case) = (change.before, change.after);
    write_clocks(tx, clocks(org, case), before.map(|before| clocks(org, before)))?;
    let rows = changed;
    tx.execute_many(
        "INSERT INTO promises (org, case_id, id, kind, person, made_at, due_at, kept_at, withdrawn_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (org, case_id, id) DO UPDATE SET kept_at = excluded.kept_at,
           withdrawn_at = excluded.withdrawn_at, person = excluded.person",
        rows(promises(org, case), before.map(|before| promises(org, before))),
    )?;
    tx.execute_many(
        "INSERT INTO tasks (org, case_id, id, kind, person, post, unit, blocking, given_at, due_at, ended_at, done)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (org, case_id, id) DO UPDATE SET person = excluded.person, unit = excluded.unit,
           due_at = excluded.due_at, ended_at = excluded.ended_at, done = excluded.done",
        rows(tasks(org, case), before.map(|before| tasks(org, before))),
    )?;
    tx.execute_many(
        "INSERT INTO approvals (org, case_id, id, content, unit, asked_by, asked_at, amount_fen, sum_fen, expires_at,
           decision, ended_at, counts_fen)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (org, case_id, id) DO UPDATE SET unit = excluded.unit, sum_fen = excluded.sum_fen,
           expires_at = excluded.expires_at, decision = excluded.decision, ended_at = excluded.ended_at,
           counts_fen = excluded.counts_fen",
        rows(approvals(org, case), before.map(|before| approvals(org, before))),
    )?;
    tx.execute_many(
        "INSERT INTO remedies (org, case_id, id, kind, gives, unit, party, budget, amount_fen, paid_fen, approval,
           authority, proof, invoice, proposed_at, proposed_by, paid_at, given_at, dropped_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (org, case_id, id) DO UPDATE SET unit = excluded.unit, paid_fen = excluded.paid_fen,
           approval = excluded.approval, authority = excluded.authority, proof = excluded.proof,
           paid_at = excluded.paid_at, given_at = excluded.given_at, dropped_at = excluded.dropped_at",
        rows(remedies(org, case), before.map(|before| remedies(org, before))),
    )?;
    parties(tx, org, change)?;
    let known = before.map_or(0, |before| before.relations.len());
    tx.execute_many(
        "INSERT INTO relations (org, case_id, relation, other, at) VALUES ($1, $2, $3, $4, $5)",
        relations(org, case).into_iter().skip(known),
    )?;
    tx.execute_many(
        "INSERT INTO contacts (org, case_id, seq, at, direction, channel, party, person, persons)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        contacts(org, case.id, change.events),
    )?;
    tx.execute_many(
        "INSERT INTO majors (org, case_id, unit, owner, volume, standing, since, demand_fen, due_at, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (org, case_id) DO UPDATE SET unit = excluded.unit, owner = excluded.owner,
           standing = excluded.standing, demand_fen = excluded.demand_fen, due_at = excluded.due_at,
           closed_at = excluded.closed_at",
        rows(majors(org, case), before.map(|before| majors(org, before))),
    )?;
    counted(tx, org, change)
}

/// Writes what figures are made of, and lets the incident look again at its item
/// when a fact of the case changed (PROP-81, 88, 90).
fn counted(tx: &mut Tx<'_>, org: OrgId, change: &Change<'_>) -> Result<(), StoreError> {
    let (case, before) = (change.after, change.before);
    if before.is_some() {
        crate::incident::hold(tx, org, case.id)?;
    }
    facts(tx, org, case)?;
    let Some((was, is)) = before.map(|before| (marks(before), marks(case))) else { return Ok(()) };
    if was.has(Mark::Counted) != is.has(Mark::Counted) {
        crate::incident::counted_anew(tx, org, case)
    } else if was != is {
        crate::incident::facts_anew(tx, org, case)
    } else {
        Ok(())
    }
}

fn parties(tx: &mut Tx<'_>, org: OrgId, change: &Change<'_>) -> Result<(), StoreError> {
    let case = change.after;
    if change.before.is_some_and(|before| before.parties == case.parties) {
        return Ok(());
    }
    if change.before.is_some() {
        tx.execute("DELETE FROM case_parties WHERE org = $1 AND case_id = $2", &values![org, case.id])?;
    }
    tx.execute_many(
        "INSERT INTO case_parties (org, party, case_id, role) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org, party, case_id) DO NOTHING",
        parties_of(org, case),
    )?;
    Ok(())
}

/// Writes the flat row that statistics read.
///
/// Where the item of the case lies in time, what facts it has, and whether it is
/// hot, belongs to its incident; a change of the case leaves them as they are.
pub(crate) fn facts(tx: &mut Tx<'_>, org: OrgId, case: &Case) -> Result<(), StoreError> {
    let mut row = facts_of(org, case);
    row.extend(values![of_incident().bits()]);
    tx.execute(
        "INSERT INTO case_facts (org, case_id, version, kind, channel, unit, intake_category, final_category,
           cause, received_at, accepted_at, first_reply_at, executed_at, verified_at, visited_at, closed_at,
           closure, exemption, satisfied, rounds, urged, asked_progress, demand_fen, reply_due_at, reply_met_at,
           pack, category, marks, times, misses, promises_made, promises_kept, agreed_fen, paid_fen, promises_broken,
           reassigned, idle_days, shape, item_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
           $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $10)
         ON CONFLICT (org, case_id) DO UPDATE SET version = excluded.version, kind = excluded.kind,
           unit = excluded.unit, intake_category = excluded.intake_category,
           final_category = excluded.final_category, cause = excluded.cause, accepted_at = excluded.accepted_at,
           first_reply_at = excluded.first_reply_at, executed_at = excluded.executed_at,
           verified_at = excluded.verified_at, visited_at = excluded.visited_at, closed_at = excluded.closed_at,
           closure = excluded.closure, exemption = excluded.exemption, satisfied = excluded.satisfied,
           rounds = excluded.rounds, urged = excluded.urged, asked_progress = excluded.asked_progress,
           demand_fen = excluded.demand_fen, reply_due_at = excluded.reply_due_at,
           reply_met_at = excluded.reply_met_at, pack = excluded.pack, category = excluded.category,
           marks = excluded.marks + (case_facts.marks & $39), times = excluded.times, misses = excluded.misses,
           promises_made = excluded.promises_made, promises_kept = excluded.promises_kept,
           agreed_fen = excluded.agreed_fen, paid_fen = excluded.paid_fen,
           promises_broken = excluded.promises_broken, reassigned = excluded.reassigned,
           idle_days = excluded.idle_days, shape = excluded.shape",
        &row,
    )?;
    Ok(())
}

pub(crate) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
