//! Names of what lives only as long as the process does.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

static LAST_LEG: AtomicU64 = AtomicU64::new(0);
static LAST_ROOM: AtomicU64 = AtomicU64::new(0);

/// One party of a call (通话方), as long as the process lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LegId(pub u64);

impl LegId {
    /// A leg that nobody has used yet; `Command::Dial` wants one.
    #[must_use]
    pub fn fresh() -> Self {
        Self(LAST_LEG.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl fmt::Display for LegId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A place where legs hear one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoomId(pub u64);

impl RoomId {
    /// A room that nobody has used yet.
    #[must_use]
    pub fn fresh() -> Self {
        Self(LAST_ROOM.fetch_add(1, Ordering::Relaxed) + 1)
    }
}
