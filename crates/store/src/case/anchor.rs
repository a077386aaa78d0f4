//! Anchors: from time to time the heads that changed are sealed together (D4).

use huiyin_domain::ids::{CaseId, OrgId};
use huiyin_domain::time::Timestamp;

use crate::sql::{Engine, Query, Row, StoreError, Tx, Value};
use crate::values;

/// The head of one case or incident, as an anchor covers it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnchoredHead {
    /// The organisation.
    pub org: OrgId,
    /// The case, or the incident under the same kind of id.
    pub case: CaseId,
    /// Position of its last event then.
    pub seq: u64,
    /// Hash of that event.
    pub hash: String,
}

/// One anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorRow {
    /// Number, from 1, without gaps.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Digest of the anchor before; empty for the first.
    pub previous: String,
    /// How many heads it covers.
    pub heads: i64,
    /// Digest over the previous one and the heads.
    pub digest: String,
}

/// Gives the last anchor.
///
/// # Errors
/// Any [`StoreError`].
pub fn last(tx: &mut Tx<'_>) -> Result<Option<AnchorRow>, StoreError> {
    let row = tx.one("SELECT id, at, previous, heads, digest FROM anchors ORDER BY id DESC LIMIT 1", &[])?;
    row.as_ref().map(read).transpose()
}

/// Hands every anchor to `take`, oldest first.
///
/// # Errors
/// Any [`StoreError`].
pub fn each(
    tx: &mut Tx<'_>,
    mut take: impl FnMut(AnchorRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.each("SELECT id, at, previous, heads, digest FROM anchors ORDER BY id", &[], |row| take(read(row)?))
}

fn read(row: &Row) -> Result<AnchorRow, StoreError> {
    Ok(AnchorRow {
        id: row.get(0)?,
        at: row.get(1)?,
        previous: row.get(2)?,
        heads: row.get(3)?,
        digest: row.get(4)?,
    })
}

/// Gives the heads that wait for an anchor, sorted, at most a thousand.
///
/// The waiting rows are locked before the heads are read: a change that
/// commits meanwhile either is in the head or makes its case wait anew.
///
/// # Errors
/// Any [`StoreError`].
pub fn waiting(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<AnchoredHead>, StoreError> {
    const FIRST: &str = "SELECT org, case_id FROM unanchored ORDER BY org, case_id LIMIT $1";
    const FIRST_LOCKED: &str =
        "SELECT org, case_id FROM unanchored ORDER BY org, case_id LIMIT $1 FOR UPDATE SKIP LOCKED";
    // the embedded database has one writer and no row locks
    let sql = if tx.engine() == Engine::Postgres { FIRST_LOCKED } else { FIRST };
    let rows = tx.all(sql, &values![limit.min(1_000)])?;
    let named = |row: &Row| Ok((row.get::<OrgId>(0)?, row.get::<String>(1)?));
    let waiting = rows.iter().map(named).collect::<Result<Vec<_>, StoreError>>()?;
    let mut heads = Vec::with_capacity(waiting.len());
    for some in waiting.chunk_by(|one, other| one.0 == other.0) {
        let org = some[0].0;
        let list: Vec<Value> = some.iter().map(|(_, case)| case.as_str().into()).collect();
        let mut query =
            Query::new("SELECT c.org, c.id, c.version, c.head FROM cases c WHERE c.org = $1", values![org]);
        query.bind_in(" AND c.id IN ", list.clone());
        query.bind(
            " UNION ALL SELECT i.org, i.id, i.version, i.head FROM incidents i WHERE i.org = $1",
            values![org],
        );
        query.bind_in(" AND i.id IN ", list);
        for row in tx.query(&query)? {
            heads.push(head(&row)?);
        }
    }
    heads.sort_unstable();
    Ok(heads)
}

/// Gives the heads that one anchor covers, sorted.
///
/// # Errors
/// Any [`StoreError`].
pub fn heads(tx: &mut Tx<'_>, anchor: i64) -> Result<Vec<AnchoredHead>, StoreError> {
    let rows = tx.all(
        "SELECT org, case_id, seq, hash FROM anchor_heads WHERE anchor = $1 ORDER BY org, case_id",
        &values![anchor],
    )?;
    rows.iter().map(head).collect()
}

fn head(row: &Row) -> Result<AnchoredHead, StoreError> {
    let seq: i64 = row.get(2)?;
    let seq = u64::try_from(seq).unwrap_or_default();
    Ok(AnchoredHead { org: row.get(0)?, case: row.get(1)?, seq, hash: row.get(3)? })
}

/// Stores an anchor with its heads; they wait no longer.
///
/// # Errors
/// [`StoreError::Unique`] when another process anchored meanwhile.
pub fn insert(tx: &mut Tx<'_>, anchor: &AnchorRow, heads: &[AnchoredHead]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO anchors (id, at, previous, heads, digest) VALUES ($1, $2, $3, $4, $5)",
        &values![anchor.id, anchor.at, &anchor.previous, anchor.heads, &anchor.digest],
    )?;
    tx.execute_many(
        "INSERT INTO anchor_heads (org, case_id, anchor, seq, hash) VALUES ($1, $2, $3, $4, $5)",
        heads
            .iter()
            .map(|head| values![head.org, head.case, anchor.id, super::write::int(head.seq), &head.hash]),
    )?;
    tx.execute_many(
        "DELETE FROM unanchored WHERE org = $1 AND case_id = $2",
        heads.iter().map(|head| values![head.org, head.case]),
    )?;
    Ok(())
}

/// Lists the anchors after one of them, oldest first, at most so many.
///
/// # Errors
/// Any [`StoreError`].
pub fn after(tx: &mut Tx<'_>, id: i64, most: u32) -> Result<Vec<AnchorRow>, StoreError> {
    let rows = tx.all(
        "SELECT id, at, previous, heads, digest FROM anchors WHERE id > $1 ORDER BY id LIMIT $2",
        &values![id, most],
    )?;
    rows.iter().map(read).collect()
}
