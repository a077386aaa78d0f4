//! What the server does for the safety of the data: anchors and backups.

use crate::outcome::Usage;
use crate::place::Settled;
use crate::vault::keeper::{self, Rounds};
use crate::vault::schedule::{self, Schedule};
use clap::Args;
use huiyin_app::App;
use std::path::PathBuf;
use std::time::Duration;

/// How the data are kept safe.
#[derive(Clone, Debug, Args)]
pub struct KeepingArgs {
    /// Time from one anchor to the next
    #[arg(long, env = "HUIYIN_ANCHOR_EVERY", value_name = "TIME", default_value = "10s", value_parser = time)]
    anchor_every: Duration,
    /// Folder of backups; with it the server takes them by itself
    #[arg(long, env = "HUIYIN_BACKUP_DIR", value_name = "FOLDER")]
    backup_dir: Option<PathBuf>,
    /// Time from one backup to the next
    #[arg(long, env = "HUIYIN_BACKUP_EVERY", value_name = "TIME", default_value = "24h", value_parser = time)]
    backup_every: Duration,
    /// How many backups are kept
    #[arg(long, env = "HUIYIN_BACKUP_KEEP", value_name = "N", default_value_t = 14,
        value_parser = clap::value_parser!(u16).range(1..))]
    backup_keep: u16,
}

/// Reads a time such as `10s`, `30m`, `24h`, `7d`.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text} is no time such as 10s, 30m, 24h or 7d");
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    match number.checked_mul(seconds) {
        Some(seconds) if (1..=366 * 86_400).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(wrong()),
    }
}

impl KeepingArgs {
    /// Gives when backups are taken; nothing without a folder for them.
    ///
    /// # Errors
    /// [`Usage`] when the folder lies where a restore would not find it alone.
    pub fn schedule(&self, settled: &Settled) -> anyhow::Result<Option<Schedule>> {
        let Some(folder) = self.backup_dir.clone() else { return Ok(None) };
        if folder == settled.home() || folder == settled.files {
            return Err(Usage("--backup-dir: name a folder of its own, best on another disk".into()).into());
        }
        Ok(Some(Schedule { every: self.backup_every, keep: self.backup_keep.into(), folder }))
    }

    /// Starts the threads that keep the data safe.
    ///
    /// # Errors
    /// When the files outside the database cannot be written.
    pub fn start(&self, app: &App, settled: &Settled) -> anyhow::Result<Keeping> {
        let schedule = self.schedule(settled)?;
        let keeper = keeper::start(app.clone(), settled.home().to_owned(), self.anchor_every)?;
        let parts = (app.store.clone(), app.clock.clone());
        let backups =
            schedule.map(|schedule| schedule::start(schedule, settled.clone(), parts)).transpose()?;
        Ok(Keeping { keeper, backups })
    }
}

/// The threads that keep the data safe.
#[derive(Debug)]
pub struct Keeping {
    keeper: Rounds,
    backups: Option<Rounds>,
}

impl Keeping {
    /// Anchors a last time and lets a backup under way finish.
    pub fn end(self) {
        self.keeper.end();
        if let Some(backups) = self.backups {
            backups.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// contracts §1: times are numbers with a unit, within a year.
    #[test]
    fn times_have_a_unit_and_bounds() {
        assert_eq!(time("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(time("24h"), Ok(Duration::from_secs(86_400)));
        for wrong in ["", "s", "10", "0s", "-1h", "400d", "1w", "1天", "99999999999999999999d"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }
}
