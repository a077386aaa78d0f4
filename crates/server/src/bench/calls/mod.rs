//! `huiyin bench calls`: how many recorded calls this machine carries.
//!
//! Also how fast they come about, and what is left of them when the process dies.
//!
//! *Invariants*: the call centre is this binary in a process of its own, with the demo's
//! agents, menu and queue; whoever calls and answers sits in this process and shares the
//! processors with it; whatever the peers counted is compared with the call records.
//!
//! *Where to start*: [`run`] is the order of the measurements.

mod asterisk;
mod centre;
mod chance;
mod crash;
mod load;
mod peer;
mod records;
mod report;
mod set_up;

use super::{machine, say};
use anyhow::Context as _;
use clap::Args;
use report::Report;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What to measure of the call centre.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Recorded calls at once, one measurement for each number, with commas; 0 for none
    #[arg(long, value_delimiter = ',', default_value = "200,500,1000", value_parser = clap::value_parser!(u32).range(0..=1000))]
    calls: Vec<u32>,
    /// Seconds of each measurement
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600))]
    seconds: u64,
    /// Calls that begin in a second
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rate: u32,
    /// Calls whose set-up is measured; 0 for none
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(0..=1000))]
    set_ups: u32,
    /// Calls in whose middle the process is killed; 0 for none
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(0..=1000))]
    crash: u32,
    /// Calls of chance through the rules alone; 0 for none
    #[arg(long, default_value_t = 1_000_000)]
    chance: u64,
    /// Root folder of an Asterisk 22 to measure beside (`scripts/asterisk.sh root`)
    #[arg(long, value_name = "DIR")]
    asterisk: Option<PathBuf>,
    /// Empty folder to work in; one that goes away when not said
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print JSON instead of lines
    #[arg(long)]
    json: bool,
}

/// Measures and prints.
///
/// # Errors
/// When a server does not start, a call does not come about, or a promise is broken.
pub fn run(wanted: &Wanted) -> anyhow::Result<()> {
    let temporary = std::env::temp_dir().join(format!("huiyin-bench-calls-{}", std::process::id()));
    let folder = wanted.data.clone().unwrap_or_else(|| temporary.clone());
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let measured = measured(wanted, &folder);
    if wanted.data.is_none() {
        std::fs::remove_dir_all(&temporary)
            .with_context(|| format!("cannot remove {}", temporary.display()))?;
    }
    let report = measured?;
    let mut out = std::io::stdout().lock();
    if wanted.json {
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        write!(out, "{report}")?;
    }
    report.verdict()
}

fn measured(wanted: &Wanted, folder: &Path) -> anyhow::Result<Report> {
    let mut report = Report::of(machine::facts(folder)?);
    let lasts = Duration::from_secs(wanted.seconds);
    if wanted.chance > 0 {
        say(format_args!("{} calls of chance", wanted.chance))?;
        report.chance = Some(chance::measured(wanted.chance));
        report.chance.iter().try_for_each(|part| say(format_args!("{part}")))?;
    }
    for calls in wanted.calls.iter().copied().filter(|calls| *calls > 0) {
        say(format_args!("{calls} recorded calls"))?;
        let place = folder.join(format!("load-{calls}"));
        report.loads.push(load::measured(&place, (calls, wanted.rate), lasts)?);
        report.loads.last().iter().try_for_each(|part| say(format_args!("{part}")))?;
        if let Some(root) = &wanted.asterisk {
            say(format_args!("{calls} recorded calls of Asterisk"))?;
            report.beside.push(asterisk::measured(root, (calls, wanted.rate), lasts)?);
        }
    }
    if wanted.set_ups > 0 {
        say(format_args!("{} calls set up", wanted.set_ups))?;
        report.set_up = Some(set_up::measured(&folder.join("set-up"), wanted.set_ups, wanted.rate)?);
    }
    if wanted.crash > 0 {
        say(format_args!("{} calls in whose middle the process is killed", wanted.crash))?;
        report.crash = Some(crash::measured(&folder.join("crash"), (wanted.crash, wanted.rate))?);
    }
    Ok(report)
}
