//! Backups on a schedule, with retention.

use super::backup::{LastBackup, Report, retire, take};
use super::keeper::Rounds;
use crate::place::Settled;
use huiyin_app::Clock;
use huiyin_store::Store;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// When to take backups, where to put them and how many to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Time from one to the next.
    pub every: Duration,
    /// How many are kept.
    pub keep: usize,
    /// Folder of the backups.
    pub folder: PathBuf,
}

/// How often it is looked whether a backup is due.
const LOOK: Duration = Duration::from_secs(30);

/// Starts the schedule; one that is due already is taken at the first look.
///
/// # Errors
/// When the machine gives no thread.
pub fn start(
    schedule: Schedule,
    settled: Settled,
    (store, clock): (Store, Arc<dyn Clock>),
) -> std::io::Result<Rounds> {
    let look = schedule.every.min(LOOK);
    let wait = i64::try_from(schedule.every.as_micros()).unwrap_or(i64::MAX);
    let report: Report = Arc::new(|_| {});
    Rounds::start("backup", look, move |ending| {
        let last = LastBackup::read(settled.home()).map_or(i64::MIN, |last| last.at.micros());
        if ending || clock.now().micros() < last.saturating_add(wait) {
            return None;
        }
        let taken = take(&settled, &store, (&schedule.folder, &|| clock.now()), &report);
        match taken {
            Ok(taken) => {
                tracing::info!(path = %taken.path.display(), bytes = taken.manifest.bytes(), "backup taken");
                match retire(&schedule.folder, schedule.keep) {
                    Ok(gone) => gone.iter().for_each(|path| {
                        tracing::info!(path = %path.display(), "old backup removed");
                    }),
                    Err(error) => tracing::error!(error = format!("{error:#}"), "cannot remove old backups"),
                }
            }
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "the scheduled backup failed, it is tried again"
            ),
        }
        None
    })
}
