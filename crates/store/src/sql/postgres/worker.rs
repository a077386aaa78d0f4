//! A worker: takes use cases one by one and keeps its connection alive.

use super::super::job::{Access, Job, Message, Outcome};
use super::super::{Counters, StoreError, Tx};
use super::connect::Connector;
use super::session::Session;
use crossbeam_channel::Receiver;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// First pause after a failed attempt to connect; doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

const BEGIN: &str = "BEGIN";
/// One moment for all statements of a read, as on SQLite.
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// A worker with at most one connection.
pub(crate) struct Worker {
    connector: Arc<Connector>,
    session: Option<Session>,
    counters: Arc<Counters>,
    pause: Duration,
    failed: Option<Attempt>,
}

/// An attempt to connect that failed.
struct Attempt {
    /// When the next one may be made.
    not_before: Instant,
    /// How many connections all workers had made then.
    made: u64,
    error: StoreError,
}

impl Worker {
    pub(crate) const fn new(
        connector: Arc<Connector>,
        session: Option<Session>,
        counters: Arc<Counters>,
    ) -> Self {
        Self { connector, session, counters, pause: FIRST_PAUSE, failed: None }
    }

    /// Runs use cases until told to stop or until all senders are gone.
    pub(crate) fn run(&mut self, queue: &Receiver<Message>) {
        while let Ok(Message::Run(access, job)) = queue.recv() {
            match self.begin(access) {
                Ok(mut session) => {
                    let alive = match access {
                        Access::Write => run_write(&mut session, job, &self.counters),
                        Access::Read => finish_read(&mut session, job, &self.counters),
                    };
                    if alive {
                        self.session = Some(session);
                    } else {
                        self.counters.lost_connections(1);
                    }
                }
                Err(error) => job.answer(Err(error)),
            }
        }
    }

    /// Begins a transaction, on a new connection when the old one is dead.
    ///
    /// Nothing of the use case has run yet, so this retry is safe.
    fn begin(&mut self, access: Access) -> Result<Session, StoreError> {
        let text = if access == Access::Write { BEGIN } else { BEGIN_READ };
        if let Some(mut session) = self.session.take() {
            match session.batch(text) {
                Ok(()) => return Ok(session),
                Err(error) => tracing::warn!(%error, "database connection lost, connecting again"),
            }
            self.counters.lost_connections(1);
        }
        let mut session = self.connect()?;
        session.batch(text)?;
        Ok(session)
    }

    /// Connects, unless the last attempt failed only a moment ago and nobody else
    /// got through since.
    fn connect(&mut self) -> Result<Session, StoreError> {
        let made = self.connector.made();
        if let Some(failed) = &self.failed
            && Instant::now() < failed.not_before
            && made == failed.made
        {
            return Err(failed.error.clone());
        }
        match self.connector.connect() {
            Ok(session) => {
                self.pause = FIRST_PAUSE;
                self.failed = None;
                Ok(session)
            }
            Err(error) => {
                tracing::warn!(%error, pause_ms = self.pause.as_millis(), "cannot connect to the database");
                let not_before = Instant::now() + self.pause;
                self.failed = Some(Attempt { not_before, made, error: error.clone() });
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                Err(error)
            }
        }
    }
}

/// Runs one read on a session that has not begun yet.
pub(crate) fn run_read(session: &mut Session, job: Box<dyn Job>, counters: &Counters) {
    match session.batch(BEGIN_READ) {
        Ok(()) => drop(finish_read(session, job, counters)),
        Err(error) => job.answer(Err(error)),
    }
}

/// Runs a use case, commits, answers; tells whether the connection lives.
fn run_write(session: &mut Session, mut job: Box<dyn Job>, counters: &Counters) -> bool {
    let outcome = job.run(&mut Tx::postgres(session));
    if outcome == Outcome::Done {
        let fate = session.batch("COMMIT");
        let alive = fate.is_ok();
        if alive {
            counters.commits(1);
            counters.writes(1);
        } else {
            counters.failed_commits(1);
        }
        job.answer(fate);
        return alive;
    }
    if outcome == Outcome::Panicked {
        tracing::error!("a use case panicked and was rolled back");
        counters.panics(1);
    } else {
        counters.refused(1);
    }
    let alive = session.batch("ROLLBACK").is_ok();
    job.answer(Ok(()));
    alive
}

/// Runs a read, ends it, answers; tells whether the connection lives.
fn finish_read(session: &mut Session, mut job: Box<dyn Job>, counters: &Counters) -> bool {
    job.run(&mut Tx::postgres(session));
    let alive = session.batch("ROLLBACK").is_ok();
    counters.reads(1);
    // what a read has seen stays true, however its transaction ended
    job.answer(Ok(()));
    alive
}
