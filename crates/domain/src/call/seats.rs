//! Seats from past calls (CALL-13): forecast by part of the week, seats, gaps.
//!
//! The only floating numbers of the house that decide anything: queueing theory
//! (Erlang C) has no others. What comes out are whole seats.

use super::facts::{CallDirection, CallFacts};
use crate::time::{DAY_SECONDS, Weekday, Zone};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A part of the week: the weekday, and the minute of the day at which it begins.
pub type Slot = (Weekday, u32);

/// What one part of the week brings, on average.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ExpectedLoad)]
pub struct Load {
    /// Calls that want an agent, in thousandths.
    pub calls_milli: i64,
    /// Milliseconds of work for one: talk, hold and wrap-up.
    pub handle_ms: i64,
}

/// Within how long which share is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Milliseconds.
    pub within_ms: i64,
    /// The share, in millionths.
    pub share: i64,
}

impl Default for Target {
    /// CALL-15: nine of ten; within twenty seconds.
    fn default() -> Self {
        Self { within_ms: 20_000, share: 900_000 }
    }
}

/// The most seats that are reckoned with (CALL-12 plans 40).
const MOST_SEATS: u32 = 2_000;

/// Forecasts the parts of a week from past calls: the mean of the same part.
///
/// `weeks` is how many whole weeks the calls come from; `minutes` divides the day.
#[must_use]
pub fn forecast<'c>(
    calls: impl IntoIterator<Item = &'c CallFacts>,
    (weeks, minutes): (u32, u32),
    zone: &Zone,
) -> BTreeMap<Slot, Load> {
    let length = minutes.clamp(5, DAY_SECONDS / 60);
    let mut sums: BTreeMap<Slot, (i64, i64, i64)> = BTreeMap::new();
    let wanted = |call: &&CallFacts| call.direction == CallDirection::In && !call.typed;
    for call in calls.into_iter().filter(wanted).filter(|call| call.queued || call.answered) {
        let (date, seconds) = zone.civil(call.arrived_at);
        let sum = sums.entry((date.weekday(), seconds / 60 / length * length)).or_default();
        sum.0 += 1;
        if call.answered {
            sum.1 += 1;
            sum.2 = sum.2.saturating_add(call.talk_ms + call.hold_ms + call.wrap_up_ms);
        }
    }
    let whole = sums.values().fold((0, 0), |all, sum| (all.0 + sum.1, all.1 + sum.2));
    // where nobody answered, the mean of the rest stands in
    let mean = |(answered, work): (i64, i64)| (answered > 0).then(|| work / answered);
    let load = |(calls, answered, work): (i64, i64, i64)| Load {
        calls_milli: calls * 1_000 / i64::from(weeks.max(1)),
        handle_ms: mean((answered, work)).or_else(|| mean(whole)).unwrap_or(0),
    };
    sums.into_iter().map(|(slot, sum)| (slot, load(sum))).collect()
}

/// Gives the fewest seats with which a part of so many minutes meets the target.
///
/// None when more than 2,000 would be needed, which no call centre of this house has.
#[must_use]
pub fn seats(load: Load, minutes: u32, target: Target) -> Option<u32> {
    if load.calls_milli <= 0 || load.handle_ms <= 0 {
        return Some(0);
    }
    let traffic = traffic(load, minutes);
    (1..=MOST_SEATS)
        .find(|seats| share_in_time(traffic, *seats, load, target) * 1e6 >= as_float(target.share))
}

/// Gives how many seats a roster lacks in a part; negative when it has more.
#[must_use]
pub fn gap(wanted: u32, rostered: u32) -> i64 {
    i64::from(wanted) - i64::from(rostered)
}

#[expect(clippy::cast_precision_loss, reason = "calls and milliseconds of one part of a day are small")]
fn as_float(number: i64) -> f64 {
    number as f64
}

/// Gives the traffic in erlangs: how many calls are worked on at once on average.
fn traffic(load: Load, minutes: u32) -> f64 {
    as_float(load.calls_milli) / 1e3 * as_float(load.handle_ms) / (f64::from(minutes.max(1)) * 60_000.0)
}

/// Erlang C: the share of calls that are answered within the target's time.
fn share_in_time(traffic: f64, seats: u32, load: Load, target: Target) -> f64 {
    let free = f64::from(seats) - traffic;
    if free <= 0.0 {
        return 0.0;
    }
    // Erlang B by its recursion, which stays within 0 and 1
    let blocked = (1..=seats).fold(1.0, |blocked, seat| {
        let carried = traffic * blocked;
        carried / (f64::from(seat) + carried)
    });
    let load_of_seat = traffic / f64::from(seats);
    let waits = blocked / (1.0 - load_of_seat * (1.0 - blocked));
    1.0 - waits * (-free * as_float(target.within_ms) / as_float(load.handle_ms)).exp()
}

#[cfg(test)]
mod tests {
    use super::super::tests::call;
    use super::*;
    use crate::time::tests::at;
    use proptest::prelude::*;

    /// CALL-13: known values of Erlang C.
    #[test]
    fn erlang_gives_what_its_tables_say() {
        let load = Load { calls_milli: 100_000, handle_ms: 180_000 };
        // 100 calls of 3 minutes in half an hour are 10 erlangs
        assert!((traffic(load, 30) - 10.0).abs() < 1e-9);
        let waits = 1.0 - share_in_time(10.0, 14, load, Target { within_ms: 0, share: 0 });
        assert!((waits - 0.1741).abs() < 0.0005, "{waits}");
        assert_eq!(seats(load, 30, Target { within_ms: 20_000, share: 800_000 }), Some(14));
        assert_eq!(seats(Load::default(), 30, Target::default()), Some(0), "no calls, no seats");
        assert_eq!(seats(Load { calls_milli: i64::MAX, handle_ms: 1 << 40 }, 30, Target::default()), None);
    }

    /// CALL-13: from past calls to the seats that are missing.
    #[test]
    fn past_calls_become_seats_and_gaps() {
        let mut calls = Vec::new();
        for (day, times) in [("2026-11-17", 60), ("2026-11-24", 40)] {
            for _ in 0..times {
                let arrived_at = at(&format!("{day}T10:07"));
                calls.push(crate::call::facts::CallFacts { arrived_at, talk_ms: 160_000, ..call() });
            }
        }
        calls.push(crate::call::facts::CallFacts { typed: true, ..call() });
        let forecast = forecast(&calls, (2, 30), &Zone::shanghai());
        let slot = (Weekday::Tue, 600);
        assert_eq!(forecast.keys().collect::<Vec<_>>(), [&slot], "typed ones ring nowhere");
        let load = forecast[&slot];
        assert_eq!((load.calls_milli, load.handle_ms), (50_000, 180_000));
        let wanted = seats(load, 30, Target::default()).unwrap();
        assert_eq!(wanted, 9);
        assert_eq!((gap(wanted, 8), gap(wanted, 12)), (1, -3));
    }

    proptest! {
        /// CALL-13: the seats meet the target, one less does not; more calls never need
        /// fewer.
        #[test]
        fn seats_are_enough_and_no_more(calls in 1_i64..400, handle in 10_000_i64..600_000, share in 500_000_i64..990_000) {
            let load = Load { calls_milli: calls * 1_000, handle_ms: handle };
            let target = Target { within_ms: 20_000, share };
            let found = seats(load, 30, target).unwrap();
            let met = |seats| share_in_time(traffic(load, 30), seats, load, target) * 1e6 >= share as f64;
            prop_assert!(met(found));
            prop_assert!(found == 1 || !met(found - 1));
            let more = Load { calls_milli: load.calls_milli + 10_000, ..load };
            prop_assert!(seats(more, 30, target).unwrap() >= found);
        }
    }
}
