//! Anchors over the heads that changed, so that a cut or restored row shows (D4).

use huiyin_domain::ids::{CaseId, OrgId};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::anchor::{self as rows, AnchorRow, AnchoredHead};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
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

/// An anchor as it is written outside the database, one JSON line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnchorLine {
    /// Number, from 1, without gaps.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Digest of the anchor before; empty for the first.
    pub previous: String,
    /// Digest over the previous one, the time and the heads.
    pub digest: String,
    /// The heads, sorted by organisation and case.
    pub heads: Vec<HeadLine>,
}

/// The head of one case in a line outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadLine {
    /// The organisation's number.
    pub org: OrgId,
    /// The case.
    pub case: CaseId,
    /// Position of its last event then.
    pub seq: u64,
    /// Hash of that event.
    pub hash: String,
}

impl AnchorLine {
    /// Puts an anchor and its heads into a line.
    #[must_use]
    pub fn new(anchor: AnchorRow, heads: Vec<AnchoredHead>) -> Self {
        let head =
            |head: AnchoredHead| HeadLine { org: head.org, case: head.case, seq: head.seq, hash: head.hash };
        Self {
            id: anchor.id,
            at: anchor.at,
            previous: anchor.previous,
            digest: anchor.digest,
            heads: heads.into_iter().map(head).collect(),
        }
    }

    /// Tells whether the digest is that of the line's own content.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let head = |head: &HeadLine| AnchoredHead {
            org: head.org,
            case: head.case,
            seq: head.seq,
            hash: head.hash.clone(),
        };
        let heads: Vec<_> = self.heads.iter().map(head).collect();
        anchor_digest(&self.previous, self.at, &heads) == self.digest
    }
}

/// Gives anchors after one of them as lines, oldest first, at most so many.
///
/// # Errors
/// What the store gives.
pub fn anchor_lines(tx: &mut Tx<'_>, after: i64, most: u32) -> Result<Vec<AnchorLine>, Error> {
    let mut lines = Vec::new();
    for anchor in rows::after(tx, after, most)? {
        let heads = rows::heads(tx, anchor.id)?;
        lines.push(AnchorLine::new(anchor, heads));
    }
    Ok(lines)
}
