//! Calls of chance through the rules of production, over a floor in memory.

use huiyin_domain::call::simulation::{Settings, simulate};
use serde::Serialize;
use std::fmt;
use std::time::Instant;

/// How many times each documented transition is to be taken, in a million calls.
const TIMES: u64 = 1_000;

/// What came of it.
#[derive(Serialize)]
pub struct Chance {
    calls: u64,
    happenings: u64,
    answered: u64,
    seconds: f64,
    stuck_agents: u64,
    lost_calls: u64,
    counters_equal: bool,
    contradiction: Option<String>,
    /// Documented transitions that were taken too seldom for so many calls.
    seldom: Vec<String>,
    /// Transitions that nobody documented.
    undocumented: Vec<String>,
    /// Agents left stuck by a twentieth of the calls when leases are switched off.
    stuck_without_leases: u64,
    holds: bool,
}

/// Lets so many calls happen.
pub fn measured(calls: u64) -> Chance {
    let began = Instant::now();
    let report = simulate(&Settings { calls, ..Settings::default() }, 7);
    let seconds = began.elapsed().as_secs_f64();
    let without =
        simulate(&Settings { calls: (calls / 20).max(5_000), leases: false, ..Settings::default() }, 1);
    let least = TIMES.min(calls * TIMES / 1_000_000);
    let seldom: Vec<String> =
        report.gaps(least).into_iter().map(|(way, times)| format!("{way:?}: {times}")).collect();
    let undocumented: Vec<String> = report.undocumented().into_iter().map(|way| format!("{way:?}")).collect();
    let holds = report.holds() && seldom.is_empty() && undocumented.is_empty() && without.stuck > 0;
    Chance {
        calls: report.calls,
        happenings: report.happenings,
        answered: report.answered,
        seconds,
        stuck_agents: report.stuck,
        lost_calls: report.lost,
        counters_equal: report.equal,
        contradiction: report.contradiction,
        seldom,
        undocumented,
        stuck_without_leases: without.stuck,
        holds,
    }
}

impl Chance {
    /// Says whether everything held.
    pub const fn holds(&self) -> bool {
        self.holds
    }
}

impl fmt::Display for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "chance: {} calls, {} happenings in {:.1} s ({:.0}/s); {} answered, {} agents stuck, {} calls lost, \
             counters {}; {} agents stuck without leases",
            self.calls,
            self.happenings,
            self.seconds,
            self.happenings as f64 / self.seconds,
            self.answered,
            self.stuck_agents,
            self.lost_calls,
            if self.counters_equal { "equal the records" } else { "DIFFER from the records" },
            self.stuck_without_leases,
        )?;
        for (what, all) in [("seldom", &self.seldom), ("undocumented", &self.undocumented)] {
            all.iter().try_for_each(|way| writeln!(f, "  {what}: {way}"))?;
        }
        self.contradiction.iter().try_for_each(|what| writeln!(f, "  contradiction: {what}"))
    }
}
