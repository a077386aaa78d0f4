//! What the store did so far, as plain numbers for the metrics page.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Running totals since the store was opened.
#[derive(Debug, Default)]
pub struct Counters {
    writes: AtomicU64,
    reads: AtomicU64,
    refused: AtomicU64,
    panics: AtomicU64,
    commits: AtomicU64,
    failed_commits: AtomicU64,
    busy: AtomicU64,
    lost_connections: AtomicU64,
}

/// The totals at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountersSnapshot {
    /// Use cases committed.
    pub writes: u64,
    /// Reads answered.
    pub reads: u64,
    /// Use cases that ended in an error of their own and were rolled back.
    pub refused: u64,
    /// Use cases that panicked and were rolled back.
    pub panics: u64,
    /// Commits; fewer than `writes` when several use cases share one.
    pub commits: u64,
    /// Commits that failed; their use cases are not counted in `writes`.
    pub failed_commits: u64,
    /// Use cases turned away because the queue was full.
    pub busy: u64,
    /// Connections to the server that were lost.
    pub lost_connections: u64,
}

macro_rules! count {
    ($($name:ident),+) => {$(
        pub(crate) fn $name(&self, by: u64) {
            self.$name.fetch_add(by, Relaxed);
        }
    )+};
}

impl Counters {
    count!(writes, reads, refused, panics, commits, failed_commits, busy, lost_connections);

    /// Reads all totals.
    #[must_use]
    pub fn snapshot(&self) -> CountersSnapshot {
        CountersSnapshot {
            writes: self.writes.load(Relaxed),
            reads: self.reads.load(Relaxed),
            refused: self.refused.load(Relaxed),
            panics: self.panics.load(Relaxed),
            commits: self.commits.load(Relaxed),
            failed_commits: self.failed_commits.load(Relaxed),
            busy: self.busy.load(Relaxed),
            lost_connections: self.lost_connections.load(Relaxed),
        }
    }
}
