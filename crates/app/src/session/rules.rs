//! How long a session runs.

use huiyin_domain::time::Timestamp;
use huiyin_store::people::session::SessionRow;

const SECOND: i64 = 1_000_000;

/// Limits of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionRules {
    /// Seconds without use after which it ends.
    pub idle_seconds: i64,
    /// Seconds after which it ends in any case.
    pub absolute_seconds: i64,
}

impl Default for SessionRules {
    /// Two hours idle, a long shift in all.
    fn default() -> Self {
        Self { idle_seconds: 2 * 3600, absolute_seconds: 14 * 3600 }
    }
}

impl SessionRules {
    /// Gives the absolute end of a session that begins now.
    #[must_use]
    pub const fn end(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_micros(now.micros().saturating_add(self.absolute_seconds * SECOND))
    }

    /// Gives the instant after which a session must have been used to run now.
    #[must_use]
    pub const fn idle_since(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_micros(now.micros().saturating_sub(self.idle_seconds * SECOND))
    }

    /// Says whether a session runs at a moment.
    #[must_use]
    pub fn runs(&self, session: &SessionRow, now: Timestamp) -> bool {
        now < session.expires_at && session.seen_at > self.idle_since(now)
    }
}
