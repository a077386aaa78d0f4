//! The last second of one voice, laid out along the clock.

/// Samples that are kept: a little more than a second.
const KEPT: u64 = 8_192;

/// Samples of one frame of 20 ms.
pub const FRAME: usize = 160;

/// Samples by their place on the engine's clock (8 kHz from its start).
#[derive(Debug)]
pub(crate) struct Ring {
    samples: Box<[i16]>,
    /// One behind the last place written.
    end: u64,
}

impl Ring {
    /// Makes a silent one.
    pub(crate) fn new() -> Self {
        Self { samples: vec![0; KEPT as usize].into_boxed_slice(), end: 0 }
    }

    /// Writes samples at a place; what lies between them and the last ones is silence.
    pub(crate) fn write(&mut self, at: u64, samples: impl ExactSizeIterator<Item = i16>) {
        let length = samples.len() as u64;
        if at + length + KEPT <= self.end {
            return;
        }
        if at > self.end {
            let from = self.end.max(at.saturating_sub(KEPT));
            (from..at).for_each(|place| self.put(place, 0));
        }
        for (place, sample) in (at..).zip(samples) {
            self.put(place, sample);
        }
        self.end = self.end.max(at + length);
    }

    /// Adds a frame from a place on to what is there.
    pub(crate) fn add_to(&self, at: u64, sum: &mut [i32; FRAME]) {
        for (place, slot) in (at..).zip(sum.iter_mut()) {
            *slot += i32::from(self.get(place));
        }
    }

    /// Gives the sample of a place, silence where nothing is.
    pub(crate) fn get(&self, place: u64) -> i16 {
        if place >= self.end || place + KEPT <= self.end {
            return 0;
        }
        self.samples.get((place % KEPT) as usize).copied().unwrap_or_default()
    }

    fn put(&mut self, place: u64, sample: i16) {
        if let Some(slot) = self.samples.get_mut((place % KEPT) as usize) {
            *slot = sample;
        }
    }
}

/// Lays the packets of one source along the clock by their timestamps.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Anchor {
    first: Option<(u32, u64)>,
    /// Packets in a row that lay aside.
    aside: u8,
}

/// Samples that a packet may lie beside its time: 200 ms.
const ASTRAY: u64 = 1_600;

/// Samples beside its time from where on a packet lies aside: 60 ms.
///
/// What is later than 80 ms would be mixed and recorded before it is there.
const ASIDE: u64 = 480;

/// Packets aside in a row that show a wrong clock, not the net: half a second.
const STEADY: u8 = 25;

impl Anchor {
    /// Gives the place of a packet that arrives now.
    pub(crate) fn place(&mut self, timestamp: u32, now: u64) -> u64 {
        let (first, at) = *self.first.get_or_insert((timestamp, now));
        let offset = timestamp.wrapping_sub(first).cast_signed();
        let place = at.checked_add_signed(i64::from(offset)).unwrap_or(now);
        let apart = place.abs_diff(now);
        self.aside = if apart > ASIDE { self.aside + 1 } else { 0 };
        if apart <= ASTRAY && self.aside < STEADY {
            return place;
        }
        *self = Self { first: Some((timestamp, now)), aside: 0 };
        now
    }

    /// Forgets the source: another one comes.
    pub(crate) fn lift(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Gaps are silence, and what is a second old is gone.
    #[test]
    fn gaps_are_silent() {
        let mut ring = Ring::new();
        ring.write(100, [1, 2, 3].into_iter());
        ring.write(110, [4].into_iter());
        assert_eq!([99, 100, 102, 105, 110, 111].map(|place| ring.get(place)), [0, 1, 3, 0, 4, 0]);
        ring.write(100 + KEPT + 50, [9].into_iter());
        assert_eq!([100, 102, 100 + KEPT + 50].map(|place| ring.get(place)), [0, 0, 9]);
    }

    /// Issue 7: a phone whose clock is wrong by 100 in a million is recorded for two hours
    /// without a packet that comes too late for it, and without growing late itself.
    #[test]
    fn a_wrong_clock_is_followed() {
        for wrong in [-100_i64, 100] {
            let mut anchor = Anchor::default();
            let (mut jumps, mut expected) = (0, None);
            for number in 0..360_000_i64 {
                let stamp = number * 160;
                let now = 10_000 + (stamp + stamp * wrong / 1_000_000).unsigned_abs();
                let place = anchor.place(stamp as u32, now);
                assert!(place.abs_diff(now) <= 640, "{wrong}: packet {number} at {place}, now {now}");
                jumps += u32::from(expected.is_some_and(|expected| expected != place));
                expected = Some(place + 160);
            }
            assert!((1..20).contains(&jumps), "{wrong}: anchored anew {jumps} times");
        }
    }

    proptest! {
        /// A source that keeps its time keeps its places, one that jumps is anchored anew.
        #[test]
        fn packets_keep_their_places(start: u32, jitter in proptest::collection::vec(0_u64..800, 50)) {
            let mut anchor = Anchor::default();
            let first = anchor.place(start, 10_000);
            for (number, late) in jitter.into_iter().enumerate() {
                let number = number as u64 + 1;
                let timestamp = start.wrapping_add(160 * number as u32);
                prop_assert_eq!(anchor.place(timestamp, 10_000 + 160 * number + late), first + 160 * number);
            }
            prop_assert_eq!(anchor.place(start.wrapping_add(500_000), 20_000), 20_000);
        }
    }
}
