//! What the server does for the safety of the data: anchors and backups.

use crate::outcome::Usage;
use crate::place::Settled;
use crate::vault::keeper::{self, Rounds};
use crate::vault::schedule::{self, Schedule, Watch};
use clap::Args;
use huiyin_app::App;
use serde::Deserialize;
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// How the data are kept safe, as the command line and the environment say it.
#[derive(Clone, Debug, Default, Args)]
pub struct KeepingArgs {
    /// Time from one anchor to the next [default: 10s]
    #[arg(long, env = "HUIYIN_ANCHOR_EVERY", value_name = "TIME")]
    anchor_every: Option<Span>,
    /// Folder of backups; with it the server takes them by itself
    #[arg(long, env = "HUIYIN_BACKUP_DIR", value_name = "FOLDER")]
    backup_dir: Option<PathBuf>,
    /// Time from one backup to the next [default: 24h]
    #[arg(long, env = "HUIYIN_BACKUP_EVERY", value_name = "TIME")]
    backup_every: Option<Span>,
    /// How many backups are kept [default: 14]
    #[arg(long, env = "HUIYIN_BACKUP_KEEP", value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    backup_keep: Option<u16>,
}

/// The same in the settings file.
#[derive(Clone, Debug, Default)]
pub struct KeepingFile {
    /// Time from one anchor to the next.
    pub anchor_every: Option<Span>,
    /// Folder of backups.
    pub backup_dir: Option<PathBuf>,
    /// Time from one backup to the next.
    pub backup_every: Option<Span>,
    /// How many backups are kept.
    pub backup_keep: Option<NonZeroU16>,
}

/// A time such as `10s`, `30m`, `24h`, `7d`, at most a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Span(Duration);

impl Span {
    /// Gives it as a duration.
    pub const fn time(self) -> Duration {
        self.0
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no time such as 10s, 30m, 24h or 7d");
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
            Some(seconds) if (1..=366 * 86_400).contains(&seconds) => Ok(Self(Duration::from_secs(seconds))),
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// How the data are kept safe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Safety {
    anchor_every: Duration,
    backup_dir: Option<PathBuf>,
    backup_every: Duration,
    backup_keep: u16,
}

impl KeepingArgs {
    /// Lays the command line over the file.
    #[must_use]
    pub fn over(self, file: KeepingFile) -> Safety {
        let time = |said: Option<Span>, other: Option<Span>, else_seconds| {
            said.or(other).map_or(Duration::from_secs(else_seconds), |span| span.0)
        };
        let keep = self.backup_keep.or(file.backup_keep.map(NonZeroU16::get));
        Safety {
            anchor_every: time(self.anchor_every, file.anchor_every, 10),
            backup_dir: self.backup_dir.or(file.backup_dir),
            backup_every: time(self.backup_every, file.backup_every, 86_400),
            backup_keep: keep.unwrap_or(14),
        }
    }
}

impl Safety {
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
        let watch = |schedule| schedule::start(Watch::new(schedule, settled.clone(), parts));
        let backups = schedule.map(watch).transpose()?;
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
        let time = |text: &str| text.parse::<Span>();
        assert_eq!(time("10s"), Ok(Span(Duration::from_secs(10))));
        assert_eq!(time("24h"), Ok(Span(Duration::from_secs(86_400))));
        for wrong in ["", "s", "10", "0s", "-1h", "400d", "1w", "1天", "99999999999999999999d"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    /// contracts §1: the command line wins over the file, the file over what is usual.
    #[test]
    fn the_command_line_wins_over_the_file() {
        let span = |text: &str| Some(text.parse::<Span>().expect("a time"));
        let file = KeepingFile {
            anchor_every: span("1m"),
            backup_every: span("6h"),
            backup_keep: NonZeroU16::new(3),
            ..KeepingFile::default()
        };
        let said = KeepingArgs { backup_every: span("2h"), ..KeepingArgs::default() };
        let safety = said.over(file);
        assert_eq!(safety.anchor_every, Duration::from_secs(60));
        assert_eq!((safety.backup_every, safety.backup_keep), (Duration::from_secs(7_200), 3));
        let usual = KeepingArgs::default().over(KeepingFile::default());
        assert_eq!((usual.backup_every, usual.backup_keep), (Duration::from_secs(86_400), 14));
    }
}
