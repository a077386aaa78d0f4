//! A table that leaves while it is made, as the answer to a request.

use std::io::{self, Write};
use std::time::Duration;

use huiyin_store::people::organisation;
use huiyin_tabular::write::Written;
use huiyin_tabular::{Output, WriteOptions};
use tokio::runtime::Handle;
use tokio::sync::mpsc::Sender;
use tokio::time::timeout;

use super::{ExportError, ExportRequest, Format, Headings, announce, cases};
use crate::App;
use crate::case::{ListQuery, resolved};
use crate::ctx::Ctx;
use crate::error::Error;

/// How long a reader may take no byte until the table is given up: what it reads
/// from keeps an old moment of the database alive.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a request asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which cases: the filters of the list.
    pub query: ListQuery,
    /// Format of the table.
    pub format: Format,
    /// Whether name, telephone number and address of the customer go along.
    pub personal: bool,
    /// What stands in the header of CSV and XLSX.
    pub headings: Headings,
    /// Whether CSV begins with the mark by which spreadsheets know UTF-8.
    pub byte_order_mark: bool,
}

/// A table that is permitted and noted, and not yet written.
pub struct Prepared {
    ctx: Ctx,
    request: ExportRequest,
}

/// Permits a table and notes that it leaves, in one transaction.
///
/// # Errors
/// `forbidden`, or what the search by a telephone number gives.
pub async fn prepare(app: &App, ctx: &Ctx, wanted: Wanted) -> Result<Prepared, Error> {
    app.write(ctx, move |tx, ctx| {
        announce(tx, ctx, wanted.format, wanted.personal)?;
        let filter = resolved(tx, ctx, &wanted.query)?;
        let zone = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?.zone;
        let plain = WriteOptions::in_zone(wanted.format, &zone);
        let options = WriteOptions {
            headings: wanted.headings,
            byte_order_mark: wanted.byte_order_mark,
            ..plain.ok_or_else(|| Error::internal("the organisation's zone is not known"))?
        };
        let request = ExportRequest { filter, personal: wanted.personal, options };
        Ok(Prepared { ctx: ctx.clone(), request })
    })
    .await
}

/// Writes the table into a pipe while its other end is read, on a thread and a
/// connection of its own.
///
/// # Errors
/// [`ExportError`] when database or reader fail; the table is cut short then.
pub async fn stream(app: &App, prepared: Prepared, pipe: Pipe) -> Result<Written, ExportError> {
    let rules = app.rules.clone();
    let Prepared { ctx, request } = prepared;
    app.store.snapshot_read(move |tx| cases(tx, &ctx, &rules, &request, Output::Stream(Box::new(pipe)))).await
}

/// Takes bytes on a thread and gives them to a task, a few pieces ahead.
#[derive(Debug)]
pub struct Pipe {
    sender: Sender<Vec<u8>>,
    runtime: Handle,
}

impl Pipe {
    /// Makes the end that is written; call it inside the runtime.
    #[must_use]
    pub fn into(sender: Sender<Vec<u8>>) -> Self {
        Self { sender, runtime: Handle::current() }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = bytes.to_vec();
        let sent = self.runtime.block_on(async { timeout(PATIENCE, self.sender.send(piece)).await });
        match sent {
            Ok(Ok(())) => Ok(bytes.len()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader is gone")),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "the reader takes nothing")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
