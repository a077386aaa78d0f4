//! Leases that run out, recordings whose time is over, processes that are gone.

use std::future::Future;
use std::pin::Pin;

use huiyin_domain::call::floor::Happening;
use huiyin_domain::ids::OrgId;
use huiyin_domain::time::Timestamp;
use huiyin_store::call as rows;
use huiyin_store::call::recording;
use huiyin_store::sql::Tx;

use super::floor::{by_itself, carry, happen};
use crate::App;
use crate::error::Error;
use crate::work::{Look, Tick};

/// Leases that end in one transaction.
const BATCH: u32 = 100;

/// Ends what runs out; the index of leases finds it, nothing is scanned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Leases;

impl Tick for Leases {
    fn name(&self) -> &'static str {
        "leases"
    }

    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>> {
        Box::pin(async move {
            let due = app.store.read(rows::next_lapse).await?;
            if due.is_none_or(|at| at > now) {
                return Ok(0);
            }
            let lapsed = app.store.read(move |tx| rows::lapsed(tx, now, BATCH)).await?;
            let mut ended = 0;
            for (org, lease) in lapsed {
                let mut ctx = by_itself(app, org);
                ctx.now = now;
                let done = app.store.write(move |tx| happen(tx, &ctx, Happening::Lapsed(lease))).await;
                match done {
                    Ok(done) => {
                        ended += 1;
                        carry(app, org, done);
                    }
                    // the others go on; this one is tried again
                    Err(error) => tracing::error!(?lease, %error, "a lease could not be ended"),
                }
            }
            Ok(ended)
        })
    }

    fn next(&self, tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        Ok(rows::next_lapse(tx)?)
    }
}

/// Ends the calls of a process that is gone, for the one that takes its place.
///
/// # Errors
/// What the store gives.
pub async fn node_lost(app: &App, node: &str) -> Result<(), Error> {
    let name = node.to_owned();
    let orgs: Vec<OrgId> = app.store.read(move |tx| rows::orgs_of_node(tx, &name)).await?;
    for org in orgs {
        let (ctx, node) = (by_itself(app, org), node.to_owned());
        let done = app.store.write(move |tx| happen(tx, &ctx, Happening::NodeLost(node))).await?;
        carry(app, org, done);
    }
    Ok(())
}

/// How often it is looked for recordings whose time is over, in microseconds.
const LOOK: i64 = 3_600 * 1_000_000;

/// Erases recordings whose time is over.
#[derive(Debug, Default)]
pub struct Retention(Look);

impl Tick for Retention {
    fn name(&self) -> &'static str {
        "recordings"
    }

    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>> {
        Box::pin(async move {
            let Some(recordings) = app.recordings.clone() else { return Ok(0) };
            if !self.0.is_due(now) {
                return Ok(0);
            }
            let over = app.store.read(move |tx| recording::overdue(tx, now, BATCH)).await?;
            let mut erased = 0;
            for (org, id) in &over {
                let (org, id, files) = (*org, *id, std::sync::Arc::clone(&recordings));
                let gone = tokio::task::spawn_blocking(move || files.erase(id)).await;
                if !matches!(gone, Ok(Ok(()))) {
                    tracing::error!(recording = %id, "a recording whose time is over could not be erased");
                    continue;
                }
                app.store.write(move |tx| recording::erased(tx, org, id, now)).await?;
                erased += 1;
            }
            // what could not be erased is tried again with the next look
            let all = erased < over.len() || over.len() < BATCH as usize;
            if all {
                self.0.rest(now, LOOK);
            }
            Ok(erased)
        })
    }

    fn next(&self, _: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        Ok(self.0.next())
    }
}
