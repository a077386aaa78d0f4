//! What the figures depend on: cores, memory, and how fast the disk is sure.

use anyhow::Context as _;
use serde::Serialize;
use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::Instant;

/// Writes that are timed for the rate of the disk.
const SYNCS: u32 = 300;

/// Ticks of processor time in a second, as Linux counts them for everybody.
const TICKS: f64 = 100.0;

/// The machine as it is now.
#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    /// Processors that this process may use.
    pub cores: usize,
    /// Memory, MiB.
    pub memory_mib: u64,
    /// Load of the last minute before the run.
    pub load: f64,
    /// Writes of 4 KiB a second, each made durable.
    pub syncs_per_second: f64,
    /// Whether the binary was optimised.
    pub optimised: bool,
}

/// Looks at the machine; writes a small file into the folder and removes it.
///
/// # Errors
/// When the folder cannot be written.
pub fn facts(folder: &Path) -> anyhow::Result<Machine> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = first_number("/proc/meminfo", "MemTotal:").unwrap_or_default() / 1024;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default();
    let optimised = !cfg!(debug_assertions);
    Ok(Machine { cores, memory_mib: memory, load, syncs_per_second: syncs(folder)?, optimised })
}

/// Reads the first number behind a word of a file under `/proc`.
pub fn first_number(path: &str, word: &str) -> Option<u64> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(word))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Gives the processor time that a process used until now, in seconds.
///
/// # Errors
/// When the process is gone.
pub fn processor_seconds(process: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))
        .context("the process under measurement is gone")?;
    let behind = stat.rsplit(')').next().unwrap_or_default();
    let used: f64 =
        behind.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<f64>().ok()).sum();
    Ok(used / TICKS)
}

/// Gives the resident memory of a process, MiB.
///
/// # Errors
/// When the process is gone.
pub fn memory(process: u32) -> anyhow::Result<f64> {
    let kib = first_number(&format!("/proc/{process}/status"), "VmRSS:");
    let kib = kib.context("the process under measurement is gone")?;
    Ok(kib as f64 / 1024.0)
}

fn syncs(folder: &Path) -> anyhow::Result<f64> {
    let path = folder.join("bench.sync");
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).open(&path)?;
    let page = [7_u8; 4096];
    let began = Instant::now();
    for _ in 0..SYNCS {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&page)?;
        file.sync_data().context("the disk cannot make writes durable")?;
    }
    let rate = f64::from(SYNCS) / began.elapsed().as_secs_f64();
    drop(file);
    std::fs::remove_file(path)?;
    Ok(rate)
}
