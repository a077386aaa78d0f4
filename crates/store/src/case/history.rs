//! Adding to a history: the one way for every aggregate that has one (D4).
//!
//! The column `case_id` of `events`, `sealed`, `clocks` and the anchors holds
//! the id of a case or of an incident; ids never meet.

use std::fmt::Display;

use huiyin_domain::case::{ChainHead, Chained, Recorded};
use huiyin_domain::ids::OrgId;
use huiyin_domain::text::SealedText;

use super::write::int;
use crate::sql::{StoreError, Tx, Value};
use crate::values;

/// Makes the rows of new events and the head after them.
pub(crate) fn chain<E: Chained>(
    org: OrgId,
    id: impl Into<Value> + Display + Copy,
    head: &ChainHead,
    events: &[Recorded<E>],
) -> (Vec<[Value; 9]>, ChainHead) {
    let (mut head, key) = (head.clone(), id.into());
    let mut rows = Vec::with_capacity(events.len());
    for recorded in events {
        let (next, payload) = head.followed_by(id, recorded);
        head = next;
        rows.push(values![
            org,
            key.clone(),
            int(recorded.seq),
            recorded.occurred_at,
            recorded.recorded_at,
            recorded.by,
            recorded.event.name(),
            payload,
            &head.hash,
        ]);
    }
    (rows, head)
}

/// Stores new events with their texts; the head waits for the next anchor.
///
/// # Errors
/// Any [`StoreError`].
pub(crate) fn append(
    tx: &mut Tx<'_>,
    org: OrgId,
    id: impl Into<Value>,
    rows: Vec<[Value; 9]>,
    sealed: &[SealedText],
) -> Result<(), StoreError> {
    let id = id.into();
    tx.execute_many(
        "INSERT INTO events (org, case_id, seq, occurred_at, recorded_at, person, kind, payload, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        rows,
    )?;
    tx.execute_many(
        "INSERT INTO sealed (org, case_id, digest, salt, value) VALUES ($1, $2, $3, $4, $5)",
        sealed.iter().map(|text| values![org, id.clone(), &text.sealed.0, text.salt.to_vec(), &text.text]),
    )?;
    // not DO NOTHING: the row must be locked, or an anchor under way could take it along
    tx.execute(
        "INSERT INTO unanchored (org, case_id) VALUES ($1, $2)
         ON CONFLICT (org, case_id) DO UPDATE SET case_id = excluded.case_id",
        &values![org, id],
    )?;
    Ok(())
}
