//! Loading cases, their history and their texts.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::case::{Case, ChainHead, Chained, Done, Event, Recorded};
use huiyin_domain::ids::{AttachmentId, CaseId, OrgId, PartyId, PersonId};
use huiyin_domain::text::Sealed;
use huiyin_domain::time::Timestamp;

use crate::sql::{Engine, MAX_IN, Query, Row, StoreError, Tx, Value};
use crate::values;

/// A case with where its chain stands.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The case as it stands.
    pub case: Case,
    /// The head of its chain.
    pub head: ChainHead,
}

/// One entry of the history with its hash.
#[derive(Clone, Debug)]
pub struct History<E = Event> {
    /// The entry.
    pub recorded: Recorded<E>,
    /// Its name.
    pub kind: String,
    /// Its content as stored, canonical JSON.
    pub payload: String,
    /// Its hash.
    pub hash: String,
}

/// Loads a case.
///
/// # Errors
/// [`StoreError::Corrupt`] when its state cannot be read.
pub fn case(tx: &mut Tx<'_>, org: OrgId, id: CaseId) -> Result<Option<Loaded>, StoreError> {
    let row =
        tx.one("SELECT state, version, head FROM cases WHERE org = $1 AND id = $2", &values![org, id])?;
    row.map(|row| loaded(&row)).transpose()
}

/// Loads a case to change it: who comes second on a server waits here, and then
/// sees what the first one made of it.
///
/// # Errors
/// As [`case`].
pub fn case_to_change(tx: &mut Tx<'_>, org: OrgId, id: CaseId) -> Result<Option<Loaded>, StoreError> {
    if tx.engine() == Engine::Postgres {
        tx.all("SELECT id FROM cases WHERE org = $1 AND id = $2 FOR UPDATE", &values![org, id])?;
    }
    case(tx, org, id)
}

/// Takes several cases for this transaction, in the order of their ids, so that no
/// two who do so wait for each other; before any incident is taken.
///
/// # Errors
/// Any [`StoreError`].
pub fn hold(tx: &mut Tx<'_>, org: OrgId, cases: &BTreeSet<CaseId>) -> Result<(), StoreError> {
    if tx.engine() != Engine::Postgres {
        return Ok(());
    }
    let ids: Vec<Value> = cases.iter().copied().map(Value::from).collect();
    for page in ids.chunks(MAX_IN) {
        let mut query = Query::new("SELECT id FROM cases WHERE org = $1", values![org]);
        query.bind_in(" AND id IN ", page.to_vec());
        query.push(" ORDER BY id FOR UPDATE");
        tx.query(&query)?;
    }
    Ok(())
}

fn loaded(row: &Row) -> Result<Loaded, StoreError> {
    let case = state(row)?;
    let seq: i64 = row.get(1)?;
    let head = ChainHead { seq: u64::try_from(seq).unwrap_or_default(), hash: row.get(2)? };
    Ok(Loaded { case, head })
}

/// Reads the state of a case from the first column.
pub(crate) fn state(row: &Row) -> Result<Case, StoreError> {
    serde_json::from_str(row.text(0)?).map_err(|error| broken("state of a case", &error))
}

pub(crate) fn broken(what: &str, error: &serde_json::Error) -> StoreError {
    StoreError::Type {
        context: format!("{what} cannot be read: line {} column {}", error.line(), error.column()),
    }
}

/// Finds a case by its number.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_number(tx: &mut Tx<'_>, org: OrgId, number: &str) -> Result<Option<CaseId>, StoreError> {
    let row = tx.one("SELECT id FROM cases WHERE org = $1 AND number = $2", &values![org, number])?;
    row.map(|row| row.get(0)).transpose()
}

/// Finds an imported case by its origin.
///
/// # Errors
/// Any [`StoreError`].
pub fn by_external(
    tx: &mut Tx<'_>,
    org: OrgId,
    source: &str,
    id: &str,
) -> Result<Option<CaseId>, StoreError> {
    let row = tx.one(
        "SELECT id FROM cases WHERE org = $1 AND external_source = $2 AND external_id = $3",
        &values![org, source, id],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// Gives the history after a position, oldest first, at most so many entries.
///
/// # Errors
/// [`StoreError::Type`] when an entry cannot be read.
pub fn history<E: Chained>(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: impl Into<Value>,
    after: u64,
    limit: u32,
) -> Result<Vec<History<E>>, StoreError> {
    let rows = tx.all(
        "SELECT seq, occurred_at, recorded_at, person, payload, hash, kind FROM events
         WHERE org = $1 AND case_id = $2 AND seq > $3 ORDER BY seq LIMIT $4",
        &values![org, id.into(), super::write::int(after), limit],
    )?;
    rows.iter().map(entry).collect()
}

/// Reads one entry from columns seq, both times, person, payload, hash, kind.
///
/// # Errors
/// [`StoreError::Type`] when it cannot be read.
pub fn entry<E: Chained>(row: &Row) -> Result<History<E>, StoreError> {
    let payload: String = row.get(4)?;
    let event: E = serde_json::from_str(&payload).map_err(|error| broken("an event", &error))?;
    let seq: i64 = row.get(0)?;
    let recorded = Recorded {
        seq: u64::try_from(seq).unwrap_or_default(),
        occurred_at: row.get(1)?,
        recorded_at: row.get(2)?,
        by: row.get(3)?,
        event,
    };
    Ok(History { recorded, kind: row.get(6)?, payload, hash: row.get(5)? })
}

/// Gives the commitments of the names of a case's attached files.
///
/// # Errors
/// As [`history`].
pub fn attached(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: CaseId,
) -> Result<BTreeMap<AttachmentId, Sealed>, StoreError> {
    let rows = tx.all(
        "SELECT seq, occurred_at, recorded_at, person, payload, hash, kind FROM events
         WHERE org = $1 AND case_id = $2 AND kind = $3 ORDER BY seq",
        &values![org, id, "attached"],
    )?;
    let mut names = BTreeMap::new();
    for row in &rows {
        if let Event::Done(Done::Attach(body)) = entry::<Event>(row)?.recorded.event {
            names.insert(body.attachment, body.name);
        }
    }
    Ok(names)
}

/// Gives the entries of a history from one position to another, both included.
///
/// # Errors
/// As [`history`].
pub fn events_between<E: Chained>(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: impl Into<Value>,
    from: u64,
    to: u64,
) -> Result<Vec<Recorded<E>>, StoreError> {
    let after = from.saturating_sub(1);
    let limit = u32::try_from(to.saturating_sub(after)).unwrap_or(u32::MAX);
    Ok(history(tx, org, id, after, limit)?.into_iter().map(|entry| entry.recorded).collect())
}

/// Gives the names of a case's events from one position to another, both included.
///
/// # Errors
/// Any [`StoreError`].
pub fn kinds_between(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: CaseId,
    from: u64,
    to: u64,
) -> Result<Vec<String>, StoreError> {
    let (from, to) = (super::write::int(from), super::write::int(to));
    let rows = tx.all(
        "SELECT kind FROM events WHERE org = $1 AND case_id = $2 AND seq >= $3 AND seq <= $4 ORDER BY seq",
        &values![org, id, from, to],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// A text behind its commitment; nothing once it was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The text.
    pub text: Option<String>,
    /// When it was erased.
    pub erased_at: Option<Timestamp>,
}

/// Gives the texts of a case or an incident by their commitments.
///
/// # Errors
/// Any [`StoreError`].
pub fn texts(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: impl Into<Value>,
) -> Result<BTreeMap<Sealed, Opened>, StoreError> {
    let rows = tx.all(
        "SELECT digest, value, erased_at FROM sealed WHERE org = $1 AND case_id = $2",
        &values![org, id.into()],
    )?;
    rows.iter()
        .map(|row| Ok((Sealed(row.get(0)?), Opened { text: row.get(1)?, erased_at: row.get(2)? })))
        .collect()
}

/// Gives one text of a case; nothing when unknown or erased.
///
/// # Errors
/// Any [`StoreError`].
pub fn text(tx: &mut Tx<'_>, org: OrgId, id: CaseId, sealed: &Sealed) -> Result<Option<String>, StoreError> {
    let row = tx.one(
        "SELECT value FROM sealed WHERE org = $1 AND case_id = $2 AND digest = $3",
        &values![org, id, &sealed.0],
    )?;
    row.map_or(Ok(None), |row| row.get(0))
}

/// Gives the salts of some texts of a case, those that were not erased.
///
/// # Errors
/// Any [`StoreError`].
pub fn salts(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: CaseId,
    texts: &[Sealed],
) -> Result<BTreeMap<Sealed, Vec<u8>>, StoreError> {
    let mut found = BTreeMap::new();
    for text in texts {
        let row = tx.one(
            "SELECT salt FROM sealed WHERE org = $1 AND case_id = $2 AND digest = $3 AND salt IS NOT NULL",
            &values![org, id, &text.0],
        )?;
        if let Some(row) = row {
            found.insert(text.clone(), row.get(0)?);
        }
    }
    Ok(found)
}

/// Tells whether a party must never be visited (PROP-63).
///
/// # Errors
/// Any [`StoreError`].
pub fn do_not_visit(tx: &mut Tx<'_>, org: OrgId, parties: &[PartyId]) -> Result<bool, StoreError> {
    for party in parties {
        let row =
            tx.one("SELECT do_not_visit FROM parties WHERE org = $1 AND id = $2", &values![org, *party])?;
        if let Some(row) = row
            && row.get::<bool>(0)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Counts what a person still answers for: owned cases, tasks, promises.
///
/// # Errors
/// Any [`StoreError`].
pub fn obligations(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<(u64, u64, u64), StoreError> {
    let mut count = |sql: &'static str| -> Result<u64, StoreError> {
        let row = tx.one(sql, &values![org, person])?;
        let number: i64 = row.map_or(Ok(0), |row| row.get(0))?;
        Ok(u64::try_from(number).unwrap_or_default())
    };
    Ok((
        count("SELECT COUNT(*) FROM cases WHERE org = $1 AND owner = $2 AND phase <> 'done'")?,
        count("SELECT COUNT(*) FROM tasks WHERE org = $1 AND person = $2 AND ended_at IS NULL")?,
        count(
            "SELECT COUNT(*) FROM promises WHERE org = $1 AND person = $2 AND kept_at IS NULL AND withdrawn_at IS NULL",
        )?,
    ))
}

/// Lists the cases in which a person still answers for something.
///
/// # Errors
/// Any [`StoreError`].
pub fn involving(tx: &mut Tx<'_>, org: OrgId, person: PersonId) -> Result<Vec<CaseId>, StoreError> {
    let rows = tx.all(
        "SELECT id FROM cases WHERE org = $1 AND phase <> 'done' AND (owner = $2 OR handler = $2)
         UNION SELECT case_id FROM tasks WHERE org = $1 AND person = $2 AND ended_at IS NULL
         UNION SELECT case_id FROM promises
           WHERE org = $1 AND person = $2 AND kept_at IS NULL AND withdrawn_at IS NULL
         ORDER BY 1",
        &values![org, person],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Lists cases that are not closed, by id, after one, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn open_after(
    tx: &mut Tx<'_>,
    org: OrgId,
    after: Option<CaseId>,
    limit: u32,
) -> Result<Vec<CaseId>, StoreError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = tx.all(
        "SELECT id FROM cases WHERE org = $1 AND id > $2 AND phase <> 'done' ORDER BY id LIMIT $3",
        &values![org, after, limit],
    )?;
    rows.iter().map(|row| row.get(0)).collect()
}
