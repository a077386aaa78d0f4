//! Rows of incidents: state and history together, members beside them (D3, D4).
//!
//! *Where to start*: [`save`] stores a change, [`read`] loads and finds.

pub mod read;
pub mod stand;

use huiyin_domain::case::{Case, ChainHead, Recorded, canonical_json};
use huiyin_domain::count::{Mark, Marks, item_marks};
use huiyin_domain::ids::{CaseId, OrgId};
use huiyin_domain::incident::item::{ItemMember, item};
use huiyin_domain::incident::{Event, Incident, Member};
use huiyin_domain::text::SealedText;
use huiyin_domain::time::Timestamp;

use crate::case::derived::clock_rows;
use crate::case::due::Holder;
use crate::case::history;
use crate::case::write::{changed, int, write_clocks};
use crate::sql::{Engine, MAX_IN, Query, StoreError, Tx, Value};
use crate::values;

/// A change of an incident that was decided, ready to be stored.
#[derive(Debug)]
pub struct Change<'a> {
    /// The incident before; nothing for a new one.
    pub before: Option<&'a Incident>,
    /// The incident after.
    pub after: &'a Incident,
    /// Where the chain stood before.
    pub head: &'a ChainHead,
    /// What happened, in order.
    pub events: &'a [Recorded<Event>],
    /// Texts that the events only name.
    pub sealed: &'a [SealedText],
}

/// Stores a change and gives the new head; nothing when somebody was faster.
///
/// # Errors
/// [`StoreError::Unique`] `incident_members_once` when a member belongs
/// elsewhere meanwhile.
pub fn save(tx: &mut Tx<'_>, org: OrgId, change: &Change<'_>) -> Result<Option<ChainHead>, StoreError> {
    let incident = change.after;
    let (rows, head) = history::chain(org, incident.id, change.head, change.events);
    let row = incident_row(org, incident, &head);
    let stored = match change.before {
        None => tx.execute(
            "INSERT INTO incidents (org, id, number, opened_at, title, version, unit, building, category, stage,
               owner, changed_at, closed_at, due_at, lead, hot_at, head, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            &row,
        )?,
        Some(before) => {
            let mut row = row[5..].to_vec();
            row.extend(values![org, incident.id, int(before.version)]);
            tx.execute(
                "UPDATE incidents SET version = $1, unit = $2, building = $3, category = $4, stage = $5,
                   owner = $6, changed_at = $7, closed_at = $8, due_at = $9, lead = $10, hot_at = $11,
                   head = $12, state = $13
                 WHERE org = $14 AND id = $15 AND version = $16",
                &row,
            )?
        }
    };
    if stored != 1 {
        return Ok(None);
    }
    history::append(tx, org, incident.id, rows, change.sealed)?;
    project(tx, org, change)?;
    Ok(Some(head))
}

/// Writes the rows that derive from the state, as far as they changed.
fn project(tx: &mut Tx<'_>, org: OrgId, change: &Change<'_>) -> Result<(), StoreError> {
    let (before, after) = (change.before, change.after);
    let old_clocks = before.map(|before| clock_rows(org, Holder::Incident(before.id), &before.clocks));
    write_clocks(tx, clock_rows(org, Holder::Incident(after.id), &after.clocks), old_clocks)?;
    tx.execute_many(
        "INSERT INTO incident_operations (org, incident, id, kind, at, person, undone_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (org, incident, id) DO UPDATE SET undone_at = excluded.undone_at",
        changed(operation_rows(org, after), before.map(|before| operation_rows(org, before))),
    )?;
    let hot = |incident: &Incident| incident.hot().is_some();
    let new = after.membership();
    let now: Vec<CaseId> = new.cases().collect();
    if before.is_some_and(|before| before.operations == after.operations) {
        if before.is_some_and(hot) != hot(after) {
            heat(tx, org, &now, hot(after))?;
            bear(tx, org, (&now, new.lead), after.changed_at)?;
        }
        return Ok(());
    }
    let old = before.map(Incident::membership).unwrap_or_default();
    let gone = old.members.iter().filter(|(member, by)| new.members.get(member) != Some(by));
    tx.execute_many(
        "DELETE FROM incident_members WHERE org = $1 AND incident = $2 AND case_id = $3 AND seq = $4",
        gone.map(|(member, _)| values![org, after.id, member.case, place(*member)]),
    )?;
    let come = new.members.iter().filter(|(member, by)| old.members.get(member) != Some(by));
    tx.execute_many(
        "INSERT INTO incident_members (org, incident, case_id, seq, operation) VALUES ($1, $2, $3, $4, $5)",
        come.map(|(member, by)| values![org, after.id, member.case, place(*member), *by]),
    )?;
    let left: Vec<CaseId> = old.cases().filter(|case| !now.contains(case)).collect();
    heat(tx, org, &left, false)?;
    for case in &left {
        bear(tx, org, (&[*case], None), after.changed_at)?;
    }
    heat(tx, org, &now, hot(after))?;
    bear(tx, org, (&now, new.lead), after.changed_at)
}

/// Says of cases whether their incident is hot (PROP-83).
fn heat(tx: &mut Tx<'_>, org: OrgId, cases: &[CaseId], hot: bool) -> Result<(), StoreError> {
    let bit = Marks::of(&[Mark::Hot]).bits();
    for page in cases.chunks(MAX_IN) {
        let mut query = if hot {
            Query::new(
                "UPDATE case_facts SET marks = marks + $1 WHERE org = $2 AND marks & $1 = 0",
                values![bit, org],
            )
        } else {
            Query::new(
                "UPDATE case_facts SET marks = marks - $1 WHERE org = $2 AND marks & $1 <> 0",
                values![bit, org],
            )
        };
        query.bind_in(" AND case_id IN ", page.iter().copied().map(Value::from).collect::<Vec<_>>());
        tx.run(&query)?;
    }
    Ok(())
}

/// A member as its flat row lies.
struct Lying {
    member: ItemMember,
    marks: Marks,
    item_marks: Option<i64>,
}

/// Puts the item of these cases where it belongs with the facts of all of them,
/// the others' away (PROP-90).
fn bear(
    tx: &mut Tx<'_>,
    org: OrgId,
    (cases, lead): (&[CaseId], Option<CaseId>),
    now: Timestamp,
) -> Result<(), StoreError> {
    let lying = lying(tx, org, cases)?;
    let members: Vec<ItemMember> = lying.iter().map(|row| row.member).collect();
    let bears = item(&members, lead, now);
    let counted = || lying.iter().filter(|row| row.member.counted).map(|row| row.marks);
    let wanted = |row: &Lying| {
        let Some((_, at)) = bears.filter(|(case, _)| *case == row.member.case) else { return (None, None) };
        // nothing where the case alone says what the item is
        let marks = Some(item_marks(row.marks, counted())).filter(|marks| *marks != row.marks);
        (Some(at), marks.map(Marks::bits))
    };
    let moved = lying.iter().filter(|row| (row.member.item_at, row.item_marks) != wanted(row));
    tx.execute_many(
        "UPDATE case_facts SET item_at = $3, item_marks = $4 WHERE org = $1 AND case_id = $2",
        moved.map(|row| {
            let (at, marks) = wanted(row);
            values![org, row.member.case, at, marks]
        }),
    )?;
    Ok(())
}

fn lying(tx: &mut Tx<'_>, org: OrgId, cases: &[CaseId]) -> Result<Vec<Lying>, StoreError> {
    let mut lying = Vec::with_capacity(cases.len());
    for page in cases.chunks(MAX_IN) {
        let mut query = Query::new(
            "SELECT f.case_id, f.received_at, f.marks, f.item_at,
               (SELECT MAX(r.item) FROM report_rows r WHERE r.org = f.org AND r.case_id = f.case_id), f.item_marks
             FROM case_facts f WHERE f.org = $1",
            values![org],
        );
        query.bind_in(" AND f.case_id IN ", page.iter().copied().map(Value::from).collect::<Vec<_>>());
        for row in tx.query(&query)? {
            let marks = Marks::from_bits(row.get(2)?);
            let member = ItemMember {
                case: row.get(0)?,
                received_at: row.get(1)?,
                counted: marks.has(Mark::Counted),
                item_at: row.get(3)?,
                frozen: row.get::<Option<i64>>(4)?.map(|item| item == 1),
            };
            lying.push(Lying { member, marks, item_marks: row.get(5)? });
        }
    }
    Ok(lying)
}

/// Takes the incident of a case for this transaction.
///
/// Who changes cases and incidents takes them in one order, so that no two wait
/// for each other: cases by their ids, then the incident, then the flat rows of
/// its members, which are its alone. One server has one writer and needs none.
///
/// # Errors
/// Any [`StoreError`].
pub(crate) fn hold(tx: &mut Tx<'_>, org: OrgId, case: CaseId) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        tx.all(
            "SELECT i.id FROM incidents i JOIN incident_members m ON m.org = i.org AND m.incident = i.id
             WHERE m.org = $1 AND m.case_id = $2 AND m.seq = 0 FOR UPDATE OF i",
            &values![org, case],
        )?;
    }
    Ok(())
}

/// Looks again who bears the item of the incident of a case that began or ceased
/// to count, and what facts the item has.
pub(crate) fn counted_anew(tx: &mut Tx<'_>, org: OrgId, case: &Case) -> Result<(), StoreError> {
    let Some(incident) = read::of_case(tx, org, case.id)? else { return Ok(()) };
    let row = tx.one("SELECT lead FROM incidents WHERE org = $1 AND id = $2", &values![org, incident])?;
    let lead: Option<CaseId> = row.map_or(Ok(None), |row| row.get(0))?;
    let rows = tx.all(
        "SELECT case_id FROM incident_members WHERE org = $1 AND incident = $2 AND seq = 0",
        &values![org, incident],
    )?;
    let cases: Vec<CaseId> = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    bear(tx, org, (&cases, lead), case.changed_at)
}

/// Looks again what facts the item of the incident of a case has, of which some
/// fact changed; who bears it stays. Few sets of facts are read, whatever the cases.
pub(crate) fn facts_anew(tx: &mut Tx<'_>, org: OrgId, case: &Case) -> Result<(), StoreError> {
    let Some(incident) = read::of_case(tx, org, case.id)? else { return Ok(()) };
    let rows = tx.all(
        "SELECT DISTINCT f.marks, CASE WHEN f.item_at IS NULL THEN NULL ELSE f.case_id END, f.item_marks
         FROM incident_members m JOIN case_facts f ON f.org = m.org AND f.case_id = m.case_id
         WHERE m.org = $1 AND m.incident = $2 AND m.seq = 0",
        &values![org, incident],
    )?;
    let (mut counted, mut bears) = (Vec::new(), None);
    for row in &rows {
        let marks = Marks::from_bits(row.get(0)?);
        counted.extend(Some(marks).filter(|marks| marks.has(Mark::Counted)));
        if let Some(id) = row.get::<Option<CaseId>>(1)? {
            bears = Some((id, marks, row.get::<Option<i64>>(2)?));
        }
    }
    let Some((id, marks, before)) = bears else { return Ok(()) };
    let now = Some(item_marks(marks, counted)).filter(|item| *item != marks).map(Marks::bits);
    if now != before {
        tx.execute(
            "UPDATE case_facts SET item_marks = $3 WHERE org = $1 AND case_id = $2",
            &values![org, id, now],
        )?;
    }
    Ok(())
}

/// The row of an incident, in the order in which it is inserted.
pub(crate) fn incident_row(org: OrgId, incident: &Incident, head: &ChainHead) -> Vec<Value> {
    Vec::from(values![
        org,
        incident.id,
        &incident.number,
        incident.opened_at,
        &incident.title.0,
        int(incident.version),
        incident.unit,
        incident.building.as_ref(),
        incident.category.as_ref(),
        incident.stage.as_str(),
        incident.owner,
        incident.changed_at,
        incident.closed_at,
        incident.due_at(),
        incident.membership().lead,
        incident.hot().map(|hot| hot.since),
        &head.hash,
        canonical_json(incident),
    ])
}

/// The rows of its operations.
pub(crate) fn operation_rows(org: OrgId, incident: &Incident) -> Vec<Vec<Value>> {
    let row = |operation: &huiyin_domain::incident::Operation| {
        Vec::from(values![
            org,
            incident.id,
            operation.id,
            operation.kind.as_str(),
            operation.at,
            operation.by,
            operation.undone.as_ref().map(|undone| undone.at),
        ])
    };
    incident.operations.iter().map(row).collect()
}

/// The rows of its members now.
pub(crate) fn member_rows(org: OrgId, incident: &Incident) -> Vec<Vec<Value>> {
    let members = incident.membership().members;
    let row =
        |(member, by): (Member, u32)| Vec::from(values![org, incident.id, member.case, place(member), by]);
    members.into_iter().map(row).collect()
}

/// Position of a member's contact; 0 stands for the whole case.
fn place(member: Member) -> i64 {
    member.contact.map_or(0, int)
}
