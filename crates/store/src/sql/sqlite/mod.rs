//! The embedded database: one writer thread, a few reader threads.

mod connection;
mod constraint;
mod error;
mod reader;
mod statement;
mod writer;

pub(crate) use connection::connect_plain;
pub(crate) use error::map_error;
pub(crate) use statement::{batch, control, each, execute, execute_many};

use super::job::Job;
use super::lane::Lane;
use super::{Counters, SqliteConfig, StoreError};
use std::sync::Arc;

/// Opens the file and starts the writer, if any, and the readers.
pub(crate) fn start(
    config: &SqliteConfig,
    counters: &Arc<Counters>,
) -> Result<(Option<Lane>, Lane), StoreError> {
    let writer = if config.read_only {
        None
    } else {
        let connection = connection::connect_writer(&config.path)?;
        let counts = Arc::clone(counters);
        let body = move |queue| writer::run(&connection, &queue, &counts);
        Some(Lane::start("store-writer", config.queue, counters, vec![body])?)
    };
    let mut bodies = Vec::new();
    for _ in 0..config.readers.max(1) {
        let connection = connection::connect_reader(&config.path)?;
        let counts = Arc::clone(counters);
        bodies.push(move |queue| reader::run(&connection, &queue, &counts));
    }
    let readers = Lane::start("store-reader", config.queue, counters, bodies)?;
    Ok((writer, readers))
}

/// Runs one long read on a connection of its own.
pub(crate) fn run_snapshot(config: &SqliteConfig, job: Box<dyn Job>, counters: &Counters) {
    match connection::connect_reader(&config.path) {
        Ok(connection) => reader::run_read(&connection, job, counters),
        Err(error) => job.answer(Err(error)),
    }
}
