//! Anchors over the heads that changed, so that a cut or restored row shows (D4).

use huiyin_domain::time::Timestamp;
use huiyin_store::case::anchor::{self as rows, AnchorRow, AnchoredHead};
use huiyin_store::sql::Tx;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// An anchor with the heads that it covers, to be written outside too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// The anchor.
    pub anchor: AnchorRow,
    /// The heads, sorted by organisation and case.
    pub heads: Vec<AnchoredHead>,
}

/// Seals the heads that changed since the last anchor, at most so many.
///
/// Gives nothing when nothing changed.
///
/// # Errors
/// What the store gives; a conflict when another process anchored meanwhile.
pub fn anchor(tx: &mut Tx<'_>, now: Timestamp, most: u32) -> Result<Option<Anchored>, Error> {
    let heads = rows::waiting(tx, most)?;
    if heads.is_empty() {
        return Ok(None);
    }
    let last = rows::last(tx)?;
    let previous = last.as_ref().map(|last| last.digest.clone()).unwrap_or_default();
    let anchor = AnchorRow {
        id: last.map_or(1, |last| last.id + 1),
        at: now,
        digest: anchor_digest(&previous, now, &heads),
        previous,
        heads: i64::try_from(heads.len()).unwrap_or(i64::MAX),
    };
    rows::insert(tx, &anchor, &heads)?;
    Ok(Some(Anchored { anchor, heads }))
}

/// Computes the digest of an anchor over the one before and its heads.
#[must_use]
pub fn anchor_digest(previous: &str, at: Timestamp, heads: &[AnchoredHead]) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(b"huiyin-anchor-1");
    part(previous.as_bytes());
    part(&at.micros().to_be_bytes());
    for head in heads {
        part(&head.org.0.to_be_bytes());
        part(head.case.to_string().as_bytes());
        part(&head.seq.to_be_bytes());
        part(head.hash.as_bytes());
    }
    crate::secret::hex(&hash.finalize())
}
