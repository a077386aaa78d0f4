//! Backups on a schedule, with retention.
//!
//! *Where to start*: [`Watch::look`] is one look; [`start`] looks again and again.

use super::backup::{LastBackup, Report, Taken, clear_torn, retire, take};
use super::keeper::Rounds;
use super::turn::Turn;
use crate::place::Settled;
use anyhow::Context as _;
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

/// Sees to it that backups are taken when they are due.
pub struct Watch {
    schedule: Schedule,
    settled: Settled,
    store: Store,
    clock: Arc<dyn Clock>,
    report: Report,
}

impl Watch {
    /// Makes a watch over one place.
    #[must_use]
    pub fn new(schedule: Schedule, settled: Settled, (store, clock): (Store, Arc<dyn Clock>)) -> Self {
        Self { schedule, settled, store, clock, report: Arc::new(|_| {}) }
    }

    /// Takes a backup when one is due and no other process takes it, and
    /// removes the oldest ones that are too many.
    ///
    /// # Errors
    /// When no backup was made; the next look tries again.
    pub fn look(&self) -> anyhow::Result<Option<Taken>> {
        let home = self.settled.home();
        if !self.is_due() {
            return Ok(None);
        }
        let Some(_turn) = Turn::take(home)? else { return Ok(None) };
        // another process may have had its turn since
        if !self.is_due() {
            return Ok(None);
        }
        clear_torn(&self.schedule.folder)?;
        let now = || self.clock.now();
        let taken = take(&self.settled, &self.store, (&self.schedule.folder, &now), &self.report)?;
        tracing::info!(path = %taken.path.display(), bytes = taken.manifest.bytes(), "backup taken");
        // the new one is there: that an old one stays is no failure of it
        match retire(&self.schedule.folder, self.schedule.keep).context("cannot remove old backups") {
            Ok(gone) => gone.iter().for_each(|path| {
                tracing::info!(path = %path.display(), "old backup removed");
            }),
            Err(error) => tracing::error!(error = format!("{error:#}")),
        }
        Ok(Some(taken))
    }

    fn is_due(&self) -> bool {
        let Some(last) = LastBackup::read(self.settled.home()) else { return true };
        let wait = i64::try_from(self.schedule.every.as_micros()).unwrap_or(i64::MAX);
        let since = self.clock.now().micros().saturating_sub(last.at.micros());
        // one from the future shows a clock that was wrong; it must not stop the schedule
        since >= wait || since < -wait
    }
}

/// Starts the schedule; one that is due already is taken at once.
///
/// # Errors
/// When the machine gives no thread.
pub fn start(watch: Watch) -> std::io::Result<Rounds> {
    let look = watch.schedule.every.min(LOOK);
    Rounds::start("backup", (Duration::ZERO, look), move |ending| {
        if ending {
            return None;
        }
        if let Err(error) = watch.look() {
            metrics::counter!("huiyin_backup_failures_total").increment(1);
            tracing::error!(error = format!("{error:#}"), "the scheduled backup failed, it is tried again");
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::serve::app;
    use crate::place::Place;
    use crate::vault::backup::list;
    use huiyin_app::session::{self, NewAdministrator};
    use huiyin_store::{Engine, StoreConfig};
    use huiyin_testkit::app::{BEGIN, PASSWORD};
    use huiyin_testkit::engines::TestStore;
    use huiyin_testkit::world::FakeClock;

    const HOUR: u64 = 3_600;

    /// A place with an organisation in it, and a clock in the hand of the test.
    struct Kept {
        store: TestStore,
        settled: Settled,
        clock: Arc<FakeClock>,
    }

    impl Kept {
        fn new(engine: Engine) -> Self {
            let store = TestStore::migrated(engine);
            let folder = store.folder().to_owned();
            let place = match store.config() {
                StoreConfig::Sqlite(_) => Place { data: Some(folder), ..Place::default() },
                StoreConfig::Postgres(server) => Place {
                    database_url: Some(server.url.clone()),
                    files: Some(folder.join("files")),
                    ..Place::default()
                },
            };
            let settled = place.settle().expect("a place");
            std::fs::create_dir_all(settled.home()).expect("its folder");
            let new = NewAdministrator {
                organisation: None,
                login: "admin".into(),
                name: None,
                password: PASSWORD.into(),
            };
            session::create_admin(&app(&store).expect("an application"), new).expect("an administrator");
            Self { store, settled, clock: Arc::new(FakeClock::at(BEGIN)) }
        }

        fn folder(&self) -> PathBuf {
            self.store.folder().join("backups")
        }

        /// A watch as one process has it.
        fn watch(&self, every: u64, keep: usize) -> Watch {
            let schedule = Schedule { every: Duration::from_secs(every), keep, folder: self.folder() };
            Watch::new(schedule, self.settled.clone(), ((*self.store).clone(), self.clock.clone()))
        }

        fn names(&self) -> Vec<String> {
            let names = list(&self.folder()).expect("a list").into_iter();
            names.map(|path| path.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect()
        }
    }

    fn both(test: impl Fn(Kept)) {
        [Engine::Sqlite, Engine::Postgres].into_iter().for_each(|engine| test(Kept::new(engine)));
    }

    fn took(watch: &Watch) -> bool {
        watch.look().expect("looked").is_some()
    }

    /// Issue 3 §5: at once, then when the time has come and not before; so many are kept.
    #[test]
    fn backups_are_taken_when_due_and_the_oldest_go() {
        both(|kept| {
            let watch = kept.watch(24 * HOUR, 3);
            assert!(took(&watch), "the first look of a place without any");
            for day in 0..4 {
                assert!(!took(&watch), "just taken");
                kept.clock.advance(24 * 3_600 - 1);
                assert!(!took(&watch), "a second early, day {day}");
                kept.clock.advance(1);
                assert!(took(&watch), "due, day {day}");
            }
            let days = ["20261002T010000Z", "20261003T010000Z", "20261004T010000Z"];
            assert_eq!(kept.names(), days.map(|day| format!("huiyin-{day}")), "the newest three are left");
        });
    }

    /// Issue 3 §5: a failure is an error of this look, leaves nothing, and the next look tries again.
    #[test]
    fn a_backup_that_failed_is_tried_again() {
        both(|kept| {
            let watch = kept.watch(24 * HOUR, 3);
            std::fs::write(kept.folder(), "a file where the folder should be").expect("written");
            assert!(watch.look().is_err());
            assert!(LastBackup::read(kept.settled.home()).is_none());
            std::fs::remove_file(kept.folder()).expect("removed");
            assert!(took(&watch), "when what was in the way is gone");
        });
    }

    /// Issue 3 §5: several processes on one database take one backup, whoever comes first.
    #[test]
    fn of_several_processes_one_takes_the_backup() {
        both(|kept| {
            for round in 1..=3 {
                let watches: Vec<Watch> = (0..4).map(|_| kept.watch(24 * HOUR, 9)).collect();
                let taken: usize = std::thread::scope(|scope| {
                    let looks: Vec<_> =
                        watches.iter().map(|watch| scope.spawn(|| usize::from(took(watch)))).collect();
                    looks.into_iter().map(|look| look.join().expect("looked")).sum()
                });
                assert_eq!((taken, kept.names().len()), (1, round));
                kept.clock.advance(24 * 3_600);
            }
        });
    }

    /// Issue 3 §5: what a killed process left half-way goes with the next backup;
    /// a last backup in the future does not stop the schedule.
    #[test]
    fn what_was_cut_short_goes_and_a_wrong_clock_heals() {
        let kept = Kept::new(Engine::Sqlite);
        let watch = kept.watch(24 * HOUR, 3);
        let torn = kept.folder().join(".huiyin-20260929T010000Z.partial-77");
        std::fs::create_dir_all(&torn).expect("made");
        kept.clock.advance(400 * 24 * 3_600);
        assert!(took(&watch));
        assert!(!torn.exists(), "nobody works on it");
        kept.clock.set(BEGIN);
        assert!(took(&watch), "the clock was wrong, not the schedule");
        kept.clock.advance(3_600);
        assert!(!took(&watch));
    }
}
