//! The one writer: what waits is run together and committed once.

use super::super::job::{Job, Message, Outcome};
use super::super::{Counters, StoreError, Tx};
use super::statement::control;
use crossbeam_channel::Receiver;
use rusqlite::Connection;

/// The most use cases that share one commit.
const GROUP: usize = 256;

/// Runs use cases until told to stop or until all senders are gone.
pub(crate) fn run(connection: &Connection, queue: &Receiver<Message>, counters: &Counters) {
    let mut open = true;
    while open {
        let Ok(Message::Run(_, first)) = queue.recv() else { break };
        open = run_group(connection, first, queue, counters);
    }
    // refreshes the planner's statistics where they are stale; harmless when it fails
    if let Err(error) = connection.execute_batch("PRAGMA optimize") {
        tracing::warn!(%error, "planner statistics not refreshed");
    }
}

/// Runs `first` and what else is queued; tells whether to go on.
fn run_group(
    connection: &Connection,
    first: Box<dyn Job>,
    queue: &Receiver<Message>,
    counters: &Counters,
) -> bool {
    if let Err(error) = control(connection, "BEGIN IMMEDIATE") {
        first.answer(Err(error));
        return true;
    }
    let mut group = Group { jobs: Vec::new(), done: 0, lost: None };
    let mut open = true;
    let mut next = Some(first);
    while let Some(job) = next.take() {
        group.take(connection, job, counters);
        if group.lost.is_some() || group.jobs.len() >= GROUP {
            break;
        }
        match queue.try_recv() {
            Ok(Message::Run(_, job)) => next = Some(job),
            Ok(Message::Stop) => open = false,
            Err(_) => {}
        }
    }
    group.finish(connection, counters);
    open
}

/// Use cases that stand or fall with one commit.
struct Group {
    jobs: Vec<Box<dyn Job>>,
    done: u64,
    lost: Option<StoreError>,
}

impl Group {
    /// Runs one use case inside a savepoint of its own.
    fn take(&mut self, connection: &Connection, mut job: Box<dyn Job>, counters: &Counters) {
        if let Err(error) = control(connection, "SAVEPOINT use_case") {
            self.lost = Some(error);
            self.jobs.push(job);
            return;
        }
        let mut tx = Tx::sqlite(connection);
        let outcome = job.run(&mut tx);
        let failure = tx.failure().cloned();
        self.jobs.push(job);
        match outcome {
            Outcome::Done => self.done += 1,
            Outcome::Refused => counters.refused(1),
            Outcome::Panicked => {
                tracing::error!("a use case panicked and was rolled back");
                counters.panics(1);
            }
        }
        // some errors, such as a full disk, make SQLite give up the whole transaction
        if connection.is_autocommit() {
            self.lost = Some(failure.unwrap_or(StoreError::Full));
            return;
        }
        let undone =
            if outcome == Outcome::Done { Ok(()) } else { control(connection, "ROLLBACK TO use_case") };
        if let Err(error) = undone.and_then(|()| control(connection, "RELEASE use_case")) {
            self.lost = Some(error);
        }
    }

    /// Commits and only then answers everybody.
    fn finish(self, connection: &Connection, counters: &Counters) {
        let fate = self.lost.map_or_else(|| control(connection, "COMMIT"), Err);
        if let Err(error) = &fate {
            counters.failed_commits(1);
            tracing::error!(%error, use_cases = self.done, "commit failed, its use cases are rolled back");
            if !connection.is_autocommit()
                && let Err(error) = control(connection, "ROLLBACK")
            {
                tracing::error!(%error, "rollback failed");
            }
        } else {
            counters.commits(1);
            counters.writes(self.done);
        }
        for job in self.jobs {
            job.answer(fate.clone());
        }
    }
}
