//! A PostgreSQL server: a few workers, each with a connection of its own.

mod codec;
mod connect;
mod error;
mod listen;
mod rows;
mod server;
mod session;
mod worker;

pub(crate) use listen::start as listen;
pub use listen::{Heard, Listening};
pub(crate) use session::Session;

use super::job::Job;
use super::lane::Lane;
use super::{Counters, PostgresConfig, StoreError};
use connect::Connector;
use std::sync::Arc;
use worker::Worker;

/// Checks the address by connecting once, then starts the workers.
pub(crate) fn start(config: &PostgresConfig, counters: &Arc<Counters>) -> Result<Lane, StoreError> {
    let connector = Arc::new(Connector::new(&config.url)?);
    // the blocking client must not be used inside an async runtime, hence a thread
    let trial = Arc::clone(&connector);
    let first = std::thread::Builder::new()
        .name("store-connect".into())
        .spawn(move || {
            let mut session = trial.connect()?;
            server::check(&mut session)?;
            Ok(session)
        })
        .map_err(|error| StoreError::other(format!("cannot start a thread: {error}")))?
        .join()
        .map_err(|_| StoreError::Panicked)??;
    let mut first = Some(first);
    let bodies = (0..config.workers.max(1))
        .map(|_| {
            let mut worker = Worker::new(Arc::clone(&connector), first.take(), Arc::clone(counters));
            move |queue| worker.run(&queue)
        })
        .collect();
    Lane::start("store-worker", config.queue, counters, bodies)
}

/// Runs one long read on a connection of its own.
pub(crate) fn run_snapshot(config: &PostgresConfig, job: Box<dyn Job>, counters: &Counters) {
    match Connector::new(&config.url).and_then(|connector| connector.connect()) {
        Ok(mut session) => worker::run_read(&mut session, job, counters),
        Err(error) => job.answer(Err(error)),
    }
}
