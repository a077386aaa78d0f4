//! Rings: how often a telephone rang before somebody answered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Milliseconds from the beginning of one ring to the next: 1 s on, 4 s off.
pub const RING: i64 = 5_000;
/// Milliseconds for which a ring sounds.
pub const SOUNDS: i64 = 1_000;

/// Gives the number of the ring that was the last to begin, from 1 (TEL-15).
///
/// `millis` is the time since the telephone began to ring; ring n begins
/// 5(n−1) seconds after it.
#[must_use]
pub fn ring_number(millis: i64) -> u32 {
    u32::try_from(millis.max(0) / RING + 1).unwrap_or(u32::MAX)
}

/// By which ring a call is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RingRule {
    /// The last ring at which an answer is in time.
    #[schema(minimum = 1, maximum = 20)]
    pub latest: u32,
    /// True when nobody can answer early: a voice menu or a headset that answers
    /// by itself.
    #[serde(default)]
    pub automatic: bool,
}

impl RingRule {
    /// TEL-15, TEL-26: not over three rings.
    pub const WITHIN_THREE: Self = Self { latest: 3, automatic: false };
    /// DESK-5: before the third ring.
    pub const BEFORE_THIRD: Self = Self { latest: 2, automatic: false };

    /// Judges an answer by the time that the telephone had rung, in milliseconds.
    ///
    /// during the first ring is early, which is a tip and no violation.
    #[must_use]
    pub fn judge(self, millis: i64) -> Answer {
        match ring_number(millis) {
            ring if ring > self.latest => Answer::Late,
            1 if millis < SOUNDS && !self.automatic => Answer::Early,
            _ => Answer::InTime,
        }
    }

    /// Gives the milliseconds that remain before an answer is late.
    #[must_use]
    pub fn remains(self, millis: i64) -> i64 {
        (i64::from(self.latest) * RING - millis.max(0)).max(0)
    }
}

impl Default for RingRule {
    fn default() -> Self {
        Self::WITHIN_THREE
    }
}

crate::wire::wire_enum! {
    /// How an answer stands to the rings.
    Answer {
        /// During the first ring: a tip, no violation.
        Early = "early",
        /// After the first ring and by the latest.
        InTime = "in_time",
        /// After the latest.
        Late = "late",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// X-1, TEL-15, TEL-26: after the first ring and by the third is in time.
    #[test]
    fn three_rings_are_in_time() {
        let judge = |millis| RingRule::WITHIN_THREE.judge(millis);
        assert_eq!(
            [ring_number(0), ring_number(4_999), ring_number(5_000), ring_number(14_999)],
            [1, 1, 2, 3]
        );
        assert_eq!([judge(0), judge(999)], [Answer::Early; 2]);
        assert_eq!([judge(1_000), judge(14_999)], [Answer::InTime; 2]);
        assert_eq!([judge(15_000), judge(i64::MAX)], [Answer::Late; 2]);
        assert_eq!(judge(-5), Answer::Early, "a clock that went back");
        assert_eq!(RingRule { automatic: true, ..RingRule::default() }.judge(0), Answer::InTime);
    }

    /// DESK-5: before the third ring begins.
    #[test]
    fn the_desk_answers_before_the_third() {
        assert_eq!(RingRule::BEFORE_THIRD.judge(9_999), Answer::InTime);
        assert_eq!(RingRule::BEFORE_THIRD.judge(10_000), Answer::Late);
        assert_eq!(RingRule::BEFORE_THIRD.remains(4_000), 6_000);
    }

    proptest! {
        /// an answer is late exactly when no time remains.
        #[test]
        fn late_is_when_no_time_remains(latest in 1_u32..20, millis in 0_i64..200_000) {
            let rule = RingRule { latest, automatic: false };
            prop_assert_eq!(rule.judge(millis) == Answer::Late, rule.remains(millis) == 0);
        }
    }
}
