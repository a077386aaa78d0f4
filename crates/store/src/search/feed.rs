//! The feed: what changed, to be taken up by the index of every process.
//!
//! On PostgreSQL a transaction that began early may end late, so rows appear out
//! of the order of their numbers. Each row bears its transaction; a reader keeps
//! as its horizon the oldest transaction that was still under way when it began
//! to read, and reads again from there: what it has seen it knows by number.

use huiyin_domain::ids::OrgId;
use huiyin_domain::search::{Key, Subject};
use uuid::Uuid;

use crate::sql::{Engine, Row, StoreError, Tx};
use crate::values;

/// Rows that the feed keeps at least; an index that is further behind is made anew.
pub const KEPT: i64 = 500_000;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow {
    /// Its place.
    pub place: FeedPlace,
    /// What changed.
    pub key: Key,
    /// Whether it was erased on lawful request.
    pub erased: bool,
}

/// A place in the feed: transaction, then number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedPlace {
    /// The transaction; of the embedded database, the number again.
    pub stamp: i64,
    /// The number, never given twice.
    pub seq: i64,
}

impl FeedPlace {
    /// The place before everything from a horizon on.
    #[must_use]
    pub const fn before(horizon: i64) -> Self {
        Self { stamp: horizon, seq: -1 }
    }
}

/// Which database the indexes follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedState {
    /// Another one means another database.
    pub epoch: String,
    /// Everything up to this stamp may be forgotten.
    pub pruned: i64,
}

/// Notes that something that can be found was written, changed or removed.
///
/// # Errors
/// Any [`StoreError`].
pub fn changed(tx: &mut Tx<'_>, org: OrgId, subject: Subject, id: Uuid) -> Result<(), StoreError> {
    note(tx, org, (subject, id), false)
}

/// Notes that words of it were erased on lawful request.
///
/// # Errors
/// Any [`StoreError`].
pub fn erased(tx: &mut Tx<'_>, org: OrgId, subject: Subject, id: Uuid) -> Result<(), StoreError> {
    note(tx, org, (subject, id), true)
}

fn note(tx: &mut Tx<'_>, org: OrgId, (subject, id): (Subject, Uuid), erased: bool) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO search_feed (org, subject, id, erased) VALUES ($1, $2, $3, $4)",
        &values![org, subject.as_str(), id.to_string(), erased],
    )?;
    Ok(())
}

/// Gives changes after a place, in order, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn after(tx: &mut Tx<'_>, place: FeedPlace, limit: u32) -> Result<Vec<FeedRow>, StoreError> {
    let rows = match tx.engine() {
        Engine::Sqlite => tx.all(
            "SELECT seq, seq, org, subject, id, erased FROM search_feed WHERE seq >= $1 AND seq > $2
             ORDER BY seq LIMIT $3",
            &values![place.stamp, place.seq, limit],
        )?,
        Engine::Postgres => tx.all(
            "SELECT stamp, seq, org, subject, id, erased FROM search_feed WHERE (stamp, seq) > ($1, $2)
             ORDER BY stamp, seq LIMIT $3",
            &values![place.stamp, place.seq, limit],
        )?,
    };
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<FeedRow, StoreError> {
    let wrong = || StoreError::Type { context: "a row of the search feed is not readable".into() };
    Ok(FeedRow {
        place: FeedPlace { stamp: row.get(0)?, seq: row.get(1)? },
        key: Key {
            org: row.get(2)?,
            subject: row.text(3)?.parse().map_err(|_| wrong())?,
            id: Uuid::parse_str(row.text(4)?).map_err(|_| wrong())?,
        },
        erased: row.get(5)?,
    })
}

/// Gives the horizon of this moment: every change before it is visible now.
///
/// # Errors
/// Any [`StoreError`].
pub fn horizon(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let row = match tx.engine() {
        // numbers are never given twice, also not after the newest row was forgotten
        Engine::Sqlite => tx.one(
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'search_feed'), 0) + 1",
            &[],
        )?,
        Engine::Postgres => {
            tx.one("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)", &[])?
        }
    };
    row.map_or(Ok(0), |row| row.get(0))
}

/// Gives which database the indexes follow; nothing before the first index.
///
/// # Errors
/// Any [`StoreError`].
pub fn state(tx: &mut Tx<'_>) -> Result<Option<FeedState>, StoreError> {
    let row = tx.one("SELECT epoch, pruned FROM search_state WHERE id = 1", &[])?;
    row.map(|row| Ok(FeedState { epoch: row.get(0)?, pruned: row.get(1)? })).transpose()
}

/// Names the database, unless it has a name.
///
/// # Errors
/// Any [`StoreError`].
pub fn name(tx: &mut Tx<'_>, epoch: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO search_state (id, epoch, pruned) VALUES (1, $1, -1) ON CONFLICT (id) DO NOTHING",
        &values![epoch],
    )?;
    Ok(())
}

/// Forgets old changes, at most so many; gives how many.
///
/// # Errors
/// Any [`StoreError`].
pub fn prune(tx: &mut Tx<'_>, kept: i64, most: u32) -> Result<u64, StoreError> {
    let last = tx.one("SELECT COALESCE(MAX(seq), 0) FROM search_feed", &[])?;
    let until = last.map_or(Ok(0), |row| row.get::<i64>(0))?.saturating_sub(kept);
    let first = match tx.engine() {
        Engine::Sqlite => tx.all(
            "SELECT seq, seq FROM search_feed WHERE seq <= $1 ORDER BY seq LIMIT $2",
            &values![until, most],
        )?,
        Engine::Postgres => tx.all(
            "SELECT seq, stamp FROM search_feed WHERE seq <= $1 ORDER BY seq LIMIT $2",
            &values![until, most],
        )?,
    };
    let Some(to) = first.last() else { return Ok(0) };
    let to: i64 = to.get(0)?;
    let stamps = first.iter().map(|row| row.get::<i64>(1)).collect::<Result<Vec<_>, StoreError>>()?;
    tx.execute(
        "UPDATE search_state SET pruned = $1 WHERE id = 1 AND pruned < $1",
        &values![stamps.into_iter().max().unwrap_or(-1)],
    )?;
    tx.execute("DELETE FROM search_feed WHERE seq <= $1", &values![to])
}
