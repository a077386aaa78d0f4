//! Machine work: what follows from a change is done after its commit.
//!
//! *Invariants*: a job is queued in the transaction of its cause and removed
//! in the transaction of its effects; several servers on one PostgreSQL never
//! do one job twice; what a crash leaves is taken again when its lease ends;
//! what cannot be done is listed for a person, never dropped.
//!
//! *Where to start*: [`Runner`] does the work, [`Inside`] and [`Outside`] are
//! what it is made of, [`enqueue`] queues it.

mod backoff;
mod clocks;
mod daily;
mod dead;
mod handler;
mod idle;
pub mod kinds;
mod look;
mod outbound;
mod runner;
mod turn;
mod wake;

pub use backoff::{ATTEMPTS, wait_after};
pub use clocks::Clocks;
pub use daily::Daily;
pub use dead::{DeadJob, list as dead_jobs, requeue};
pub use handler::{Call, Effects, End, Failure, Handler, Inside, Job, Outside};
pub use look::Look;
pub use outbound::{MailOut, NoWaysOut, Post as HookPost, SendFailure, WaysOut};
pub use runner::{Runner, RunnerHandle, Tick};
pub use wake::Wake;

use huiyin_domain::ids::JobId;
use huiyin_domain::time::Timestamp;
use huiyin_store::jobs::{self, NewJob};
use huiyin_store::sql::Tx;
use serde::Serialize;
use std::sync::Arc;

use crate::attachment::{EraseFiles, Housekeeping};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::{App, notify, webhook};

/// Queues work in the caller's transaction; gives whether it is new.
///
/// `payload` holds no personal text; while a job with the same `dedup` key
/// waits, no second one is queued.
///
/// # Errors
/// What the store gives.
pub fn enqueue(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: &'static str,
    payload: &impl Serialize,
    (run_at, dedup): (Timestamp, Option<String>),
) -> Result<bool, Error> {
    let payload = serde_json::to_string(payload).map_err(Error::internal)?;
    let new = NewJob { id: JobId(ctx.uuid()), kind, payload, run_at, dedup, now: ctx.now };
    Ok(jobs::enqueue(tx, ctx.org(), &new)?)
}

/// Gives every handler and tick of this version.
///
/// The server and the tests take this list, so that no kind of job is without
/// its handler.
#[must_use]
pub fn everything(app: &App) -> (Vec<Handler>, Vec<Arc<dyn Tick>>) {
    let handlers = vec![
        Handler::Inside(Arc::new(notify::CaseChanged)),
        Handler::Inside(Arc::new(notify::IncidentChanged)),
        Handler::Inside(Arc::new(notify::Escalate)),
        Handler::Inside(Arc::new(crate::paper::PaperTold)),
        Handler::Inside(Arc::new(crate::paper::stocktake::StocktakeListed)),
        Handler::Inside(Arc::new(crate::case::CalendarRecount { app: app.clone() })),
        Handler::Inside(Arc::new(crate::case::CalendarWatch { rules: app.rules.clone() })),
        Handler::Inside(Arc::new(crate::case::StaffingWatch { rules: app.rules.clone() })),
        Handler::Inside(Arc::new(crate::bulk::BulkWork { app: app.clone() })),
        Handler::Inside(Arc::new(crate::prepared::PreparedDue { app: app.clone() })),
        Handler::Inside(Arc::new(crate::call::CallClocks)),
        Handler::Inside(Arc::new(crate::count::FactsRecount)),
        Handler::Inside(Arc::new(crate::report::ReportsDue { rules: app.rules.clone() })),
        Handler::Outside(Arc::new(notify::MailNotice { ways: Arc::clone(&app.ways) })),
        Handler::Outside(Arc::new(webhook::SendWebhook { ways: Arc::clone(&app.ways) })),
        Handler::Outside(Arc::new(Housekeeping { files: app.files.clone(), store: app.store.clone() })),
        Handler::Outside(Arc::new(EraseFiles { files: app.files.clone() })),
        Handler::Outside(Arc::new(crate::suggest::Retrain { store: app.store.clone() })),
        Handler::Outside(Arc::new(crate::call::ArchiveRecording { recordings: app.recordings.clone() })),
    ];
    let ticks: Vec<Arc<dyn Tick>> = vec![
        Arc::new(Clocks),
        Arc::new(crate::paper::Papers),
        Arc::new(crate::call::Leases),
        Arc::new(crate::call::Retention::default()),
        Arc::new(crate::call::Archiving::default()),
        Arc::new(Daily::default()),
        Arc::new(crate::backup::Reminder::default()),
        Arc::new(crate::suggest::CatchUp),
    ];
    (handlers, ticks)
}
