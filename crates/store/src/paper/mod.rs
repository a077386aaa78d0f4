//! Rows of house papers: their state, their history, their lists.
//!
//! *Where to start*: [`save`] keeps one step, [`list`] finds what a person may
//! see; [`mod@line`] holds the lists of stock-takes, [`rhythm`] what recurs.

pub mod line;
pub mod rhythm;

use huiyin_domain::ids::{CaseId, OrgId, PersonId, UnitId};
use huiyin_domain::paper::{Card, PaperKind};
use huiyin_domain::people::Scope;
use huiyin_domain::time::Timestamp;
use uuid::Uuid;

use crate::people::scope;
use crate::sql::{Query, Row, StoreError, Tx};
use crate::values;

/// A paper as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperRow {
    /// Identity, UUID v7.
    pub id: Uuid,
    /// What sort of paper it is.
    pub kind: PaperKind,
    /// Where it lies.
    pub unit: UnitId,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// Day, week or month.
    pub period: Option<String>,
    /// The name of its state.
    pub state: String,
    /// Position of the last entry of its history.
    pub version: i64,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Who opened it; nobody is the clock.
    pub opened_by: Option<PersonId>,
    /// When something last happened.
    pub changed_at: Timestamp,
    /// When the house must be done with it.
    pub due_at: Option<Timestamp>,
    /// JSON.
    pub body: String,
}

/// One entry of a paper's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its position, from 1.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who; nobody is the clock.
    pub person: Option<PersonId>,
    /// The step, `open` for the first.
    pub step: String,
    /// JSON.
    pub body: String,
}

/// What is to be kept of one step.
#[derive(Clone, Copy, Debug)]
pub struct Kept<'a> {
    /// Identity.
    pub id: Uuid,
    /// What sort of paper it is.
    pub kind: PaperKind,
    /// Whether it is known to few only.
    pub confidential: bool,
    /// Name of its state after the step.
    pub state: &'a str,
    /// What lists need.
    pub card: &'a Card,
    /// Its state, JSON.
    pub body: &'a str,
    /// The step.
    pub entry: &'a EntryRow,
}

/// Which papers are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperFilter {
    /// What sort of paper.
    pub kind: PaperKind,
    /// In this state.
    pub state: Option<String>,
    /// Of this unit and those below.
    pub unit: Option<UnitId>,
    /// About this case.
    pub case: Option<CaseId>,
    /// Of this day, week or month.
    pub period: Option<String>,
    /// Where something is still to be done, or nothing is.
    pub open: Option<bool>,
    /// After this one in the list's order.
    pub after: Option<(Timestamp, Uuid)>,
    /// At most so many.
    pub limit: u32,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT p.id, p.kind, p.unit, p.case_id, p.period, p.state, p.version, p.opened_at, p.opened_by,
               p.changed_at, p.due_at, p.body FROM papers p WHERE ",
            $rest
        )
    };
}

mod look;

pub use look::{about_party, after, rewrite, rewrite_entry, up};

fn uuid(row: &Row, index: usize) -> Result<Uuid, StoreError> {
    Uuid::parse_str(row.text(index)?)
        .map_err(|_| StoreError::Type { context: "a paper's identity is not readable".into() })
}

fn read(row: &Row) -> Result<PaperRow, StoreError> {
    let kind = row
        .text(1)?
        .parse()
        .map_err(|_| StoreError::Type { context: "a paper's kind is not readable".into() })?;
    Ok(PaperRow {
        id: uuid(row, 0)?,
        kind,
        unit: row.get(2)?,
        case: row.get(3)?,
        period: row.get(4)?,
        state: row.get(5)?,
        version: row.get(6)?,
        opened_at: row.get(7)?,
        opened_by: row.get(8)?,
        changed_at: row.get(9)?,
        due_at: row.get(10)?,
        body: row.get(11)?,
    })
}

/// Keeps a step: state, people and history; false when somebody was faster.
///
/// # Errors
/// [`StoreError::Unique`] `papers_period` when the day has its paper already.
pub fn save(tx: &mut Tx<'_>, org: OrgId, kept: &Kept<'_>) -> Result<bool, StoreError> {
    let (card, entry, id) = (kept.card, kept.entry, kept.id.to_string());
    if entry.seq == 1 {
        tx.execute(
            "INSERT INTO papers (org, id, kind, unit, case_id, period, state, open, confidential, version,
               opened_at, opened_by, changed_at, due_at, fires_at, body)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11, $10, $12, $13, $14)",
            &values![
                org,
                &id,
                kept.kind.as_str(),
                card.unit,
                card.case,
                card.period.clone(),
                kept.state,
                card.open,
                kept.confidential,
                entry.at,
                entry.person,
                card.due_at,
                card.fires_at,
                kept.body
            ],
        )?;
    } else {
        let changed = tx.execute(
            "UPDATE papers SET unit = $3, case_id = $4, state = $5, open = $6, version = $7, changed_at = $8,
               due_at = $9, fires_at = $10, body = $11
             WHERE org = $1 AND id = $2 AND version = $7 - 1",
            &values![
                org,
                &id,
                card.unit,
                card.case,
                kept.state,
                card.open,
                entry.seq,
                entry.at,
                card.due_at,
                card.fires_at,
                kept.body
            ],
        )?;
        if changed == 0 {
            return Ok(false);
        }
    }
    tx.execute_many(
        "INSERT INTO paper_people (org, paper, person) VALUES ($1, $2, $3)
         ON CONFLICT (org, paper, person) DO UPDATE SET person = excluded.person",
        card.people.iter().map(|person| values![org, &id, *person]),
    )?;
    tx.execute(
        "INSERT INTO paper_entries (org, paper, seq, at, person, step, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &values![org, &id, entry.seq, entry.at, entry.person, &entry.step, &entry.body],
    )?;
    Ok(true)
}

/// Gives a paper.
///
/// # Errors
/// Any [`StoreError`].
pub fn get(tx: &mut Tx<'_>, org: OrgId, kind: PaperKind, id: Uuid) -> Result<Option<PaperRow>, StoreError> {
    let row = tx.one(
        select!("p.org = $1 AND p.id = $2 AND p.kind = $3"),
        &values![org, id.to_string(), kind.as_str()],
    )?;
    row.as_ref().map(read).transpose()
}

/// Finds the paper of a unit for a day, week or month.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_period(
    tx: &mut Tx<'_>,
    org: OrgId,
    kind: PaperKind,
    (unit, period): (UnitId, &str),
) -> Result<Option<PaperRow>, StoreError> {
    let row = tx.one(
        select!("p.org = $1 AND p.kind = $2 AND p.unit = $3 AND p.period = $4"),
        &values![org, kind.as_str(), unit, period],
    )?;
    row.as_ref().map(read).transpose()
}

/// Lists the papers of a kind about a case, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn of_case(
    tx: &mut Tx<'_>,
    org: OrgId,
    kind: PaperKind,
    case: CaseId,
) -> Result<Vec<PaperRow>, StoreError> {
    let rows = tx.all(
        select!("p.org = $1 AND p.kind = $2 AND p.case_id = $3 ORDER BY p.opened_at, p.id"),
        &values![org, kind.as_str(), case],
    )?;
    rows.iter().map(read).collect()
}

/// Lists papers that a person may see, newest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn list(
    tx: &mut Tx<'_>,
    visible: &Scope,
    filter: &PaperFilter,
    now: Timestamp,
) -> Result<Vec<PaperRow>, StoreError> {
    let pieces = crate::scope_pieces!(
        org: "p.org",
        unit: "p.unit",
        own: ["p.opened_by", "(SELECT o.person FROM paper_people o WHERE o.org = p.org AND o.paper = p.id AND o.person = $1)"]
    );
    let mut query = Query::new(select!(""), []);
    scope::filter(&mut query, &pieces, visible, now);
    query.bind(" AND p.kind = $1", values![filter.kind.as_str()]);
    if let Some(state) = &filter.state {
        query.bind(" AND p.state = $1", values![state]);
    }
    if let Some(unit) = filter.unit {
        query.bind(
            " AND p.unit IN (SELECT u.descendant FROM unit_paths u WHERE u.org = $1 AND u.ancestor = $2)",
            values![visible.org, unit],
        );
    }
    if let Some(case) = filter.case {
        query.bind(" AND p.case_id = $1", values![case]);
    }
    if let Some(period) = &filter.period {
        query.bind(" AND p.period = $1", values![period]);
    }
    if let Some(open) = filter.open {
        query.bind(" AND p.open = $1", values![open]);
    }
    if let Some((at, id)) = filter.after {
        query.bind(" AND (p.opened_at, p.id) < ($1, $2)", values![at, id.to_string()]);
    }
    query.bind(" ORDER BY p.opened_at DESC, p.id DESC LIMIT $1", values![filter.limit]);
    tx.query(&query)?.iter().map(read).collect()
}

/// Lists whose a paper is beside the unit's.
///
/// # Errors
/// Any [`StoreError`].
pub fn people(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<Vec<PersonId>, StoreError> {
    let rows = tx.all(
        "SELECT person FROM paper_people WHERE org = $1 AND paper = $2 ORDER BY person",
        &values![org, id.to_string()],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Gives the history of a paper, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn entries(tx: &mut Tx<'_>, org: OrgId, id: Uuid) -> Result<Vec<EntryRow>, StoreError> {
    let rows = tx.all(
        "SELECT seq, at, person, step, body FROM paper_entries WHERE org = $1 AND paper = $2 ORDER BY seq",
        &values![org, id.to_string()],
    )?;
    let entry = |row: &Row| {
        Ok(EntryRow {
            seq: row.get(0)?,
            at: row.get(1)?,
            person: row.get(2)?,
            step: row.get(3)?,
            body: row.get(4)?,
        })
    };
    rows.iter().map(entry).collect()
}

/// Gives the next instant at which a paper's clock fires, whosesoever it is.
///
/// # Errors
/// Any [`StoreError`].
pub fn next_firing(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let row =
        tx.one("SELECT fires_at FROM papers WHERE fires_at IS NOT NULL ORDER BY fires_at LIMIT 1", &[])?;
    row.map(|row| row.get(0)).transpose()
}

/// A paper whose clock fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firing {
    /// The organisation.
    pub org: OrgId,
    /// What kind of paper.
    pub kind: PaperKind,
    /// Which one.
    pub id: Uuid,
    /// When it fires.
    pub at: Timestamp,
}

/// Lists the papers whose clock fires by an instant, by time, then identity.
///
/// # Errors
/// Any [`StoreError`].
pub fn firing(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Firing>, StoreError> {
    let rows = tx.all(
        "SELECT org, kind, id, fires_at FROM papers WHERE fires_at IS NOT NULL AND fires_at <= $1
         ORDER BY fires_at, org, id LIMIT $2",
        &values![now, limit],
    )?;
    let kind = |row: &Row| {
        row.text(1)?
            .parse()
            .map_err(|_| StoreError::Type { context: "a paper's kind is not readable".into() })
    };
    let read =
        |row: &Row| Ok(Firing { org: row.get(0)?, kind: kind(row)?, id: uuid(row, 2)?, at: row.get(3)? });
    rows.iter().map(read).collect()
}

/// Puts a paper's clock off, so that one that cannot be worked on holds up none.
///
/// Gives false, and leaves it, when another process let it fire meanwhile.
///
/// # Errors
/// Any [`StoreError`].
pub fn put_off(tx: &mut Tx<'_>, firing: &Firing, until: Timestamp) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE papers SET fires_at = $4 WHERE org = $1 AND id = $2 AND fires_at = $3",
        &values![firing.org, firing.id.to_string(), firing.at, until],
    )?;
    Ok(rows > 0)
}
