//! When something is looked at next that has no row with its time.

use std::sync::atomic::{AtomicI64, Ordering};

use huiyin_domain::time::Timestamp;

/// The next look; at once after a start.
#[derive(Debug)]
pub struct Look(AtomicI64);

impl Default for Look {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl Look {
    /// Says whether it is time.
    pub fn is_due(&self, now: Timestamp) -> bool {
        now.micros() >= self.0.load(Ordering::Acquire)
    }

    /// Says whether nobody looked since the start.
    pub fn is_first(&self) -> bool {
        self.0.load(Ordering::Acquire) == i64::MIN
    }

    /// Rests for so many microseconds.
    pub fn rest(&self, now: Timestamp, micros: i64) {
        self.0.store(now.micros().saturating_add(micros), Ordering::Release);
    }

    /// Gives when it is time next, once somebody looked.
    pub fn next(&self) -> Option<Timestamp> {
        let next = self.0.load(Ordering::Acquire);
        (next != i64::MIN).then(|| Timestamp::from_micros(next))
    }
}
