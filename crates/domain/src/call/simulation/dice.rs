//! Chance from a seed, the same on every machine.

/// Chance from a seed: SplitMix64, the same on every machine.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Draws a number below another one.
    pub fn below(&mut self, most: u64) -> u64 {
        self.draw() % most.max(1)
    }

    /// Is true so many times in a thousand.
    pub fn chance(&mut self, thousandths: u64) -> bool {
        self.below(1000) < thousandths
    }

    pub(super) fn seconds(&mut self, from: u64, to: u64) -> i64 {
        let span = (to - from) * 1_000_000;
        i64::try_from(from * 1_000_000 + self.below(span)).unwrap_or(i64::MAX)
    }
}
