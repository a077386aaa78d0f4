//! How long failed work waits.

use crate::ports::Ids;

/// How often work is tried before it is given up; about a day in all.
pub const ATTEMPTS: u32 = 14;

/// First wait, in microseconds.
const FIRST: i64 = 10_000_000;

/// Longest wait, in microseconds.
const LONGEST: i64 = 6 * 3_600_000_000;

/// Gives how long to wait after a number of failed tries, in microseconds.
///
/// Doubles from 10 seconds up to 6 hours; between half of that and all of it,
/// by chance, so that what failed together does not come back together.
#[must_use]
pub fn wait_after(tries: u32, ids: &dyn Ids) -> i64 {
    let doublings = tries.saturating_sub(1).min(20);
    let full = (FIRST << doublings).min(LONGEST);
    let mut chance = [0; 2];
    ids.fill(&mut chance);
    let share = i64::from(u16::from_le_bytes(chance));
    full / 2 + ((full / 2) * share) / i64::from(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use huiyin_domain::time::Timestamp;
    use uuid::Uuid;

    struct Fixed(u8);

    impl Ids for Fixed {
        fn uuid(&self, _: Timestamp) -> Uuid {
            Uuid::nil()
        }
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    /// Issue 3 §5: failed work waits longer each time, never all at once.
    #[test]
    fn waits_double_and_spread_and_end_within_two_days() {
        assert_eq!(wait_after(1, &Fixed(255)), FIRST);
        assert_eq!(wait_after(1, &Fixed(0)), FIRST / 2);
        assert_eq!(wait_after(2, &Fixed(255)), 2 * FIRST);
        assert_eq!(wait_after(u32::MAX, &Fixed(255)), LONGEST);
        let all: i64 = (1..ATTEMPTS).map(|tries| wait_after(tries, &Fixed(255))).sum();
        assert!((12 * 3_600_000_000..48 * 3_600_000_000).contains(&all), "{all}");
    }
}
