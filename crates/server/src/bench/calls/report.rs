//! What `huiyin bench calls` prints.

use super::chance::Chance;
use super::crash::Crash;
use super::load::Loaded;
use super::set_up::SetUp;
use crate::bench::machine::Machine;
use anyhow::bail;
use serde::Serialize;
use std::fmt;

/// Everything measured in one run.
#[derive(Serialize)]
pub struct Report {
    machine: Machine,
    pub chance: Option<Chance>,
    pub loads: Vec<Loaded>,
    /// The same of an Asterisk on this machine.
    pub beside: Vec<Loaded>,
    pub set_up: Option<SetUp>,
    pub crash: Option<Crash>,
}

impl Report {
    /// Begins one.
    pub const fn of(machine: Machine) -> Self {
        Self { machine, chance: None, loads: Vec::new(), beside: Vec::new(), set_up: None, crash: None }
    }

    /// Fails when a promise was broken; how fast it was is nobody's promise here.
    ///
    /// # Errors
    /// Names what did not hold.
    pub fn verdict(&self) -> anyhow::Result<()> {
        let mut broken = Vec::new();
        if !self.chance.as_ref().is_none_or(Chance::holds) {
            broken.push("calls of chance".to_owned());
        }
        broken.extend(
            self.loads.iter().filter(|load| !load.holds()).map(|load| format!("{} calls", load.calls)),
        );
        if !self.set_up.as_ref().is_none_or(SetUp::holds) {
            broken.push("set-up".to_owned());
        }
        if !self.crash.as_ref().is_none_or(Crash::holds) {
            broken.push("crash".to_owned());
        }
        if broken.is_empty() { Ok(()) } else { bail!("did not hold: {}", broken.join(", ")) }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "machine: {} cores, {} MiB, load {:.1} before, {:.0} durable writes/s, {}",
            self.machine.cores,
            self.machine.memory_mib,
            self.machine.load,
            self.machine.syncs_per_second,
            if self.machine.optimised { "optimised" } else { "NOT OPTIMISED: figures mean nothing" },
        )?;
        self.chance.iter().try_for_each(|part| write!(f, "{part}"))?;
        self.loads.iter().chain(&self.beside).try_for_each(|part| write!(f, "{part}"))?;
        self.set_up.iter().try_for_each(|part| write!(f, "{part}"))?;
        self.crash.iter().try_for_each(|part| write!(f, "{part}"))
    }
}
