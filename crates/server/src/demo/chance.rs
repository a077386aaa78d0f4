//! Chance that comes out the same for the same day.

use huiyin_domain::time::{Timestamp, Zone};

/// A source of numbers that look random and are not (SplitMix64).
pub struct Chance(u64);

impl Chance {
    /// Begins at a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Begins at the day, in Shanghai, of a moment.
    pub fn of_day(now: Timestamp) -> Self {
        let day = Zone::shanghai().date(now).to_string();
        let fold = |seed: u64, byte: u8| seed.wrapping_mul(31).wrapping_add(u64::from(byte));
        Self::new(day.bytes().fold(7, fold))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Draws a number from `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.next() % span).unwrap_or(0)
    }

    /// Says yes so many times in a hundred.
    pub fn percent(&mut self, likely: u32) -> bool {
        self.between(1, 100) <= likely
    }

    /// Draws a place in a list of that length; 0 for an empty one.
    pub fn index(&mut self, length: usize) -> usize {
        let last = u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX);
        self.between(0, last) as usize
    }
}
