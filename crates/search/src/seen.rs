//! What is searched: the parts of the index as it was shown last.
//!
//! What is read of each of them for every question is opened once.

use std::cmp::Reverse;
use tantivy::columnar::Column;
use tantivy::{DocId, Searcher, SegmentReader, TantivyError};
use uuid::Uuid;

/// The index as it was shown last.
pub(crate) struct Seen {
    /// What asks tantivy.
    pub searcher: Searcher,
    /// Its parts, each at its own place.
    pub segments: Vec<Segment>,
    /// The places of the parts, the one with the newest document first.
    pub newest_first: Vec<u32>,
}

/// The columns of a part of the index.
pub(crate) struct Segment {
    /// When; the documents lie by it, newest first.
    pub at: Column<i64>,
    /// Earliest open limit.
    pub due: Column<i64>,
    /// Last change.
    pub changed: Column<i64>,
    high: Column<u64>,
    low: Column<u64>,
    documents: DocId,
}

impl Seen {
    /// Opens the columns of every part.
    pub(crate) fn of(searcher: Searcher) -> Result<Self, TantivyError> {
        let segments: Vec<Segment> =
            searcher.segment_readers().iter().map(Segment::of).collect::<Result<_, _>>()?;
        let mut places: Vec<(Reverse<i64>, u32)> =
            (0_u32..).zip(&segments).map(|(ord, segment)| (Reverse(segment.newest()), ord)).collect();
        places.sort_unstable();
        let newest_first = places.into_iter().map(|(_, ord)| ord).collect();
        Ok(Self { searcher, segments, newest_first })
    }
}

impl Segment {
    fn of(reader: &SegmentReader) -> Result<Self, TantivyError> {
        let fast = reader.fast_fields();
        Ok(Self {
            at: fast.i64("at")?,
            due: fast.i64("due")?,
            changed: fast.i64("changed")?,
            high: fast.u64("high")?,
            low: fast.u64("low")?,
            documents: reader.max_doc(),
        })
    }

    /// Gives a document's identity.
    pub(crate) fn id(&self, document: DocId) -> Uuid {
        let half = |column: &Column<u64>| u128::from(column.first(document).unwrap_or_default());
        Uuid::from_u128(half(&self.high) << 64 | half(&self.low))
    }

    /// Gives when the newest document was; removed ones count too.
    pub(crate) fn newest(&self) -> i64 {
        if self.documents == 0 { i64::MIN } else { moment(&self.at, 0) }
    }

    /// Gives the first document that is not newer than a moment.
    pub(crate) fn first_not_after(&self, at: i64) -> DocId {
        let (mut low, mut high) = (0, self.documents);
        while low < high {
            let middle = low + (high - low) / 2;
            if moment(&self.at, middle) > at { low = middle + 1 } else { high = middle }
        }
        low
    }
}

/// Reads a moment of a document.
pub(crate) fn moment(column: &Column<i64>, document: DocId) -> i64 {
    column.first(document).unwrap_or_default()
}
