//! Rows of machine work: queued with its cause, taken with a lease, finished
//! with its effects.
//!
//! Claiming is the one documented query that crosses organisations.

use huiyin_domain::ids::{JobId, OrgId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Engine, Query, Row, StoreError, Tx};
use crate::values;

/// The most jobs taken at once.
pub const BATCH: u32 = 50;

/// The longest error text kept with a job, in bytes.
const ERROR_BYTES: usize = 500;

/// Work to be done later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Identity, UUID v7.
    pub id: JobId,
    /// Which handler does it.
    pub kind: &'static str,
    /// What it needs, as JSON without personal text.
    pub payload: String,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// While a job with this key waits, no second one is queued.
    pub dedup: Option<String>,
    /// The instant of its cause.
    pub now: Timestamp,
}

/// Work that a runner holds until its lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The organisation.
    pub org: OrgId,
    /// Identity.
    pub id: JobId,
    /// Which handler does it.
    pub kind: String,
    /// What it needs, JSON.
    pub payload: String,
    /// How often it was taken, this time included.
    pub attempts: u32,
    /// Until when nobody else takes it.
    pub lease_until: Timestamp,
}

/// Work that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadJob {
    /// Identity.
    pub id: JobId,
    /// Which handler did not manage it.
    pub kind: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The last failure.
    pub last_error: String,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it was given up.
    pub dead_at: Timestamp,
}

/// Queues work in the caller's transaction; gives whether it is new.
///
/// It is not when a job with the same `dedup` key waits already.
///
/// # Errors
/// Any [`StoreError`].
pub fn enqueue(tx: &mut Tx<'_>, org: OrgId, new: &NewJob) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "INSERT INTO jobs (org, id, kind, payload, run_at, attempts, dedup, created_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT DO NOTHING",
        &values![org, new.id, new.kind, &new.payload, new.run_at, new.dedup.as_ref(), new.now],
    )?;
    Ok(rows > 0)
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "WITH due AS (SELECT org, id FROM jobs WHERE dead_at IS NULL AND run_at <= $1
                          ORDER BY run_at, org, id LIMIT $2",
            $lock,
            ")
             UPDATE jobs SET lease_by = $3, run_at = $4, attempts = attempts + 1
             FROM due WHERE jobs.org = due.org AND jobs.id = due.id
             RETURNING jobs.org, jobs.id, jobs.kind, jobs.payload, jobs.attempts, jobs.run_at"
        )
    };
}

/// Takes work that is due, of every organisation, oldest identity first.
///
/// `runner` names the lease: whoever holds another cannot finish the job. What
/// is not finished at `lease_until` is due again, so a crash loses nothing.
///
/// # Errors
/// Any [`StoreError`].
pub fn claim(
    tx: &mut Tx<'_>,
    runner: &str,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> Result<Vec<Claimed>, StoreError> {
    let values = values![now, limit.min(BATCH), runner, lease_until];
    let rows = match tx.engine() {
        // one writer: nothing can be taken twice
        Engine::Sqlite => tx.all(claim!(""), &values)?,
        Engine::Postgres => tx.all(claim!(" FOR UPDATE SKIP LOCKED"), &values)?,
    };
    let mut claimed = rows.iter().map(read_claimed).collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|job| (job.id, job.org));
    Ok(claimed)
}

/// Lists what is due, of every organisation, oldest first, and whether a runner
/// held it before; takes nothing.
///
/// # Errors
/// Any [`StoreError`].
pub fn due(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<(Claimed, bool)>, StoreError> {
    let rows = tx.all(
        "SELECT org, id, kind, payload, attempts, run_at, lease_by FROM jobs
         WHERE dead_at IS NULL AND run_at <= $1 ORDER BY run_at, org, id LIMIT $2",
        &values![now, limit.min(BATCH)],
    )?;
    rows.iter().map(|row| Ok((read_claimed(row)?, row.get::<Option<String>>(6)?.is_some()))).collect()
}

/// Removes work that would leave nothing behind, unless a runner took it
/// meanwhile; gives how much went.
///
/// # Errors
/// Any [`StoreError`].
pub fn drop_untaken(tx: &mut Tx<'_>, idle: &[(OrgId, JobId)]) -> Result<u64, StoreError> {
    tx.execute_many(
        "DELETE FROM jobs WHERE org = $1 AND id = $2 AND lease_by IS NULL AND dead_at IS NULL",
        idle.iter().map(|(org, id)| values![*org, *id]),
    )
}

fn read_claimed(row: &Row) -> Result<Claimed, StoreError> {
    Ok(Claimed {
        org: row.get(0)?,
        id: row.get(1)?,
        kind: row.get(2)?,
        payload: row.get(3)?,
        attempts: row.get(4)?,
        lease_until: row.get(5)?,
    })
}

/// Removes finished work; gives whether the runner still held it.
///
/// When it does not, another runner has taken it, and the caller must undo
/// what it did in this transaction.
///
/// # Errors
/// Any [`StoreError`].
pub fn finish(tx: &mut Tx<'_>, org: OrgId, id: JobId, runner: &str) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "DELETE FROM jobs WHERE org = $1 AND id = $2 AND lease_by = $3",
        &values![org, id, runner],
    )?;
    Ok(rows > 0)
}

/// Puts work back for a later try; gives whether the runner still held it.
///
/// # Errors
/// Any [`StoreError`].
pub fn retry(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: JobId,
    runner: &str,
    (run_at, error): (Timestamp, &str),
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE jobs SET lease_by = NULL, run_at = $4, last_error = $5
         WHERE org = $1 AND id = $2 AND lease_by = $3",
        &values![org, id, runner, run_at, shortened(error)],
    )?;
    Ok(rows > 0)
}

/// Gives work up; gives whether the runner still held it.
///
/// # Errors
/// Any [`StoreError`].
pub fn bury(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: JobId,
    runner: &str,
    (now, error): (Timestamp, &str),
) -> Result<bool, StoreError> {
    let rows = tx.execute(
        "UPDATE jobs SET lease_by = NULL, dead_at = $4, last_error = $5
         WHERE org = $1 AND id = $2 AND lease_by = $3",
        &values![org, id, runner, now, shortened(error)],
    )?;
    Ok(rows > 0)
}

/// Lists work that was given up, newest first, before a given one.
///
/// # Errors
/// Any [`StoreError`].
pub fn dead(
    tx: &mut Tx<'_>,
    org: OrgId,
    before: Option<(Timestamp, JobId)>,
    limit: u32,
) -> Result<Vec<DeadJob>, StoreError> {
    let mut query = Query::new(
        "SELECT id, kind, attempts, COALESCE(last_error, ''), created_at, dead_at FROM jobs
         WHERE org = $1 AND dead_at IS NOT NULL",
        values![org],
    );
    if let Some((at, id)) = before {
        query.bind(" AND (dead_at < $1 OR (dead_at = $1 AND id < $2))", values![at, id]);
    }
    query.bind(" ORDER BY dead_at DESC, id DESC LIMIT $1", values![limit]);
    tx.query(&query)?.iter().map(read_dead).collect()
}

fn read_dead(row: &Row) -> Result<DeadJob, StoreError> {
    Ok(DeadJob {
        id: row.get(0)?,
        kind: row.get(1)?,
        attempts: row.get(2)?,
        last_error: row.get(3)?,
        created_at: row.get(4)?,
        dead_at: row.get(5)?,
    })
}

/// Puts given-up work back in the queue; gives whether it was there.
///
/// Where a job with the same `dedup` key waits meanwhile, that one does the
/// work, and the dead one goes.
///
/// # Errors
/// Any [`StoreError`].
pub fn requeue(tx: &mut Tx<'_>, org: OrgId, id: JobId, now: Timestamp) -> Result<bool, StoreError> {
    let replaced = tx.execute(
        "DELETE FROM jobs WHERE org = $1 AND id = $2 AND dead_at IS NOT NULL AND dedup IN
         (SELECT live.dedup FROM jobs live WHERE live.org = $1 AND live.dead_at IS NULL)",
        &values![org, id],
    )?;
    if replaced > 0 {
        return Ok(true);
    }
    let rows = tx.execute(
        "UPDATE jobs SET dead_at = NULL, attempts = 0, run_at = $3
         WHERE org = $1 AND id = $2 AND dead_at IS NOT NULL",
        &values![org, id, now],
    )?;
    Ok(rows > 0)
}

/// Removes given-up work of a kind with exactly this payload.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget_dead(tx: &mut Tx<'_>, org: OrgId, kind: &str, payload: &str) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM jobs WHERE org = $1 AND kind = $2 AND payload = $3 AND dead_at IS NOT NULL",
        &values![org, kind, payload],
    )
}

/// Drops work of a kind that was asked for before a moment, and gives how much.
///
/// For history that is made up or taken over: it is nobody's news any more.
///
/// # Errors
/// Any [`StoreError`].
pub fn forget(tx: &mut Tx<'_>, org: OrgId, kind: &str, before: Timestamp) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM jobs WHERE org = $1 AND kind = $2 AND created_at < $3",
        &values![org, kind, before],
    )
}

/// Gives the instant at which the next job is due, of any organisation.
///
/// # Errors
/// Any [`StoreError`].
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, StoreError> {
    let row = tx.one("SELECT MIN(run_at) FROM jobs WHERE dead_at IS NULL", &[])?;
    row.map_or(Ok(None), |row| row.get(0))
}

/// Cuts a text at a letter's end.
fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(ERROR_BYTES)]
}
