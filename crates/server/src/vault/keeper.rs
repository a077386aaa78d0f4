//! The keeper: while the server runs, seals what changed and writes it outside.

use super::backup::LastBackup;
use super::{anchor_files, erasure_file};
use huiyin_app::backup::Age;
use huiyin_app::{App, Class, Error, case};
use huiyin_domain::time::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Heads in one anchor at most: writes that come meanwhile wait some
/// milliseconds, not a tenth of a second.
const HEADS: u32 = 100;

/// Anchors of one round at most.
const ROUND: u32 = 10;

/// While there is a backlog, such as after an import, the next round waits this
/// many times as long as the last one took, so that others have the writer.
const BREATH: u32 = 2;

/// How often the log warns, µs: an hour.
const REMIND: i64 = 3600 * 1_000_000;

/// How far back erasures are looked for again, µs: a transaction lasts less.
const OVERLAP: i64 = 600 * 1_000_000;

/// A thread that works in rounds until it is ended.
#[derive(Debug)]
pub struct Rounds {
    stop: SyncSender<()>,
    thread: JoinHandle<()>,
}

impl Rounds {
    /// Starts a thread that does `round` after a first rest, then every so
    /// often, and once at the end.
    ///
    /// `round` is told whether it is the last one, and may say how long to wait
    /// until the next instead.
    ///
    /// # Errors
    /// When the machine gives no thread.
    pub fn start(
        name: &str,
        (first, every): (Duration, Duration),
        mut round: impl FnMut(bool) -> Option<Duration> + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = sync_channel::<()>(1);
        let body = move || {
            let mut wait = first;
            loop {
                match stopped.recv_timeout(wait) {
                    Err(RecvTimeoutError::Timeout) => {
                        wait = round(false).unwrap_or(every);
                    }
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                        round(true);
                        return;
                    }
                }
            }
        };
        Ok(Self { stop, thread: std::thread::Builder::new().name(name.to_owned()).spawn(body)? })
    }

    /// Lets it do its last round and waits for it.
    pub fn end(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("a background thread ended in a panic");
        }
    }
}

/// Starts the keeper; it catches up at once with what a crash left undone.
///
/// # Errors
/// When the machine gives no thread, or the files outside cannot be written.
pub fn start(app: App, home: PathBuf, every: Duration) -> anyhow::Result<Rounds> {
    let caught_up = anchor_files::append_missing(&app.store, &home)?;
    if caught_up > 0 {
        tracing::info!(anchors = caught_up, "anchors that were only in the database are now outside too");
    }
    let everything = Timestamp::from_micros(i64::MIN);
    erasure_file::append_missing(&app.store, &home, everything)?;
    let mut reminder = Reminder { next: app.clock.now() };
    reminder.look(app.clock.now(), &home);
    let mut erased_from = Timestamp::from_micros(app.clock.now().micros() - OVERLAP);
    Ok(Rounds::start("keeper", (every, every), move |_| {
        let now = app.clock.now();
        let began = Instant::now();
        let more = seal(&app, &home, ROUND).unwrap_or_else(|error| {
            tracing::error!(error = format!("{error:#}"), "cannot anchor, the next round tries again");
            false
        });
        match erasure_file::append_missing(&app.store, &home, erased_from) {
            Ok(_) => erased_from = Timestamp::from_micros(now.micros() - OVERLAP),
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "cannot write the log of erasures, the next round tries again"
                );
            }
        }
        reminder.look(now, &home);
        more.then(|| began.elapsed() * BREATH)
    })?)
}

/// Anchors what changed, at most so many anchors, and copies them outside;
/// tells whether more waits.
///
/// # Errors
/// When the database or the folder refuses.
pub fn seal(app: &App, home: &Path, most: u32) -> anyhow::Result<bool> {
    let mut made = 0;
    let more = loop {
        if made == most {
            break true;
        }
        let now = app.clock.now();
        match app.store.write_blocking(move |tx| case::anchor(tx, now, HEADS)) {
            Ok(None) => break false,
            Ok(Some(anchored)) => {
                made += 1;
                let anchor = anchored.anchor;
                tracing::info!(anchor = anchor.id, heads = anchor.heads, digest = anchor.digest, "anchored");
                metrics::gauge!("huiyin_last_anchor_seconds").set(seconds(anchor.at));
            }
            // another process was faster: its anchor is as good
            Err(error) if error.is_unique("anchors_pkey") || is_transient(&error) => break false,
            Err(error) => return Err(error.into()),
        }
    };
    if made > 0 {
        anchor_files::append_missing(&app.store, home)?;
    }
    Ok(more)
}

fn is_transient(error: &Error) -> bool {
    error.class() == Class::Unavailable && error.code() == "unavailable"
}

#[expect(clippy::cast_precision_loss, reason = "whole seconds are far below 2^52")]
fn seconds(at: Timestamp) -> f64 {
    (at.micros() / 1_000_000) as f64
}

/// Shows how old the last backup is, and says so in the log when it is too old.
struct Reminder {
    next: Timestamp,
}

impl Reminder {
    fn look(&mut self, now: Timestamp, home: &Path) {
        let last = LastBackup::read(home);
        let age = Age::of(last.as_ref().map(|last| last.at), now);
        metrics::gauge!("huiyin_last_backup_seconds").set(age.at().map_or(0.0, seconds));
        metrics::gauge!("huiyin_backup_warning").set(if age.warning().is_some() { 1.0 } else { 0.0 });
        if now < self.next {
            return;
        }
        self.next = Timestamp::from_micros(now.micros() + REMIND);
        match (age, last) {
            (Age::Old(at), Some(last)) => {
                tracing::warn!(%at, path = last.path, "the last backup is older than 24 hours");
            }
            (Age::Missing, _) => tracing::warn!(
                "no backup has ever been taken: --backup-dir and --backup-every, or `huiyin backup`"
            ),
            _ => {}
        }
    }
}
