//! Readers: each read sees one moment, beside the writer.

use super::super::job::{Job, Message};
use super::super::{Counters, StoreError, Tx};
use super::statement::control;
use crossbeam_channel::Receiver;
use rusqlite::Connection;

/// Answers reads until told to stop or until all senders are gone.
pub(crate) fn run(connection: &Connection, queue: &Receiver<Message>, counters: &Counters) {
    while let Ok(Message::Run(_, job)) = queue.recv() {
        run_read(connection, job, counters);
    }
}

/// Runs one read in a transaction of its own, so that it sees one moment.
pub(crate) fn run_read(connection: &Connection, mut job: Box<dyn Job>, counters: &Counters) {
    if let Err(error) = control(connection, "BEGIN") {
        job.answer(Err(error));
        return;
    }
    job.run(&mut Tx::sqlite(connection));
    let ended: Result<(), StoreError> =
        if connection.is_autocommit() { Ok(()) } else { control(connection, "ROLLBACK") };
    counters.reads(1);
    job.answer(ended);
}
