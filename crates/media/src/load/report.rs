//! What a measurement found.

use super::End;
use super::heard::Heard;
use std::fmt;
use std::time::Duration;

/// What became of the packets of one measurement, both ways together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Packets sent in the time.
    pub sent: u64,
    /// Packets of them that were heard at the other end.
    pub heard: u64,
    /// Packets that came twice.
    pub doubled: u64,
    /// Packets that a leg brought of somebody else than before: two calls mixed up.
    pub strays: u64,
    /// Half of the packets were under way for at most so long.
    pub p50: Duration,
    /// The same of 95 in a hundred.
    pub p95: Duration,
    /// The same of 99 in a hundred.
    pub p99: Duration,
    /// The longest that a packet was under way.
    pub longest: Duration,
    /// The longest that the generator itself was late with talking.
    ///
    /// Where it is great, the machine was too busy to measure anything.
    pub behind: Duration,
}

impl Report {
    /// Gives how many packets were lost.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.sent.saturating_sub(self.heard)
    }

    pub(super) fn of(
        (from, until): (&[Vec<u32>; 2], &[Vec<u32>; 2]),
        heard: [&Heard; 2],
        behind: Duration,
    ) -> Self {
        let mut report = Self { behind, ..Self::default() };
        for end in End::BOTH {
            // what one end says is heard at the other
            let other = heard[1 - end.place()];
            let spans = from[end.place()].iter().copied().zip(until[end.place()].iter().copied());
            for (talker, (from, until)) in spans.enumerate() {
                report.sent += u64::from(until.wrapping_sub(from));
                report.heard += other.of_talker(talker, (from, until));
            }
            report.doubled += other.doubled;
            report.strays += other.strays;
        }
        let mut delays: Vec<u32> = heard.iter().flat_map(|heard| heard.delays.iter().copied()).collect();
        delays.sort_unstable();
        let at = |of_thousand: usize| {
            let place = delays.len().saturating_sub(1) * of_thousand / 1000;
            Duration::from_micros(u64::from(delays.get(place).copied().unwrap_or_default()))
        };
        (report.p50, report.p95, report.p99, report.longest) = (at(500), at(950), at(990), at(1000));
        report
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |duration: Duration| duration.as_secs_f64() * 1000.0;
        write!(
            f,
            "{} packets, {} lost, {} doubled, {} mixed up; under way p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, \
             longest {:.1} ms; generator late by {:.1} ms at most",
            self.sent,
            self.lost(),
            self.doubled,
            self.strays,
            millis(self.p50),
            millis(self.p95),
            millis(self.p99),
            millis(self.longest),
            millis(self.behind),
        )
    }
}
