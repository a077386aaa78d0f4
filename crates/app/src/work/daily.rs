//! Queues what is done once a day in each organisation.

use std::future::Future;
use std::pin::Pin;

use huiyin_domain::ids::{JobId, OrgId};
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::beat;
use huiyin_store::jobs::{self, NewJob};
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;

use super::kinds;
use super::look::Look;
use super::runner::Tick;
use crate::App;
use crate::error::Error;
use crate::{bulk, idempotency, prepared, session, shelf};

/// How often it is looked whether a day began, in microseconds: an hour.
const LOOK: i64 = 3_600 * 1_000_000;

/// The name of the beat, of which each organisation has one a day.
const BEAT: &str = "daily";

/// What is done once a day, by whichever process sees the day first.
const ONCE_A_DAY: [&str; 4] =
    [kinds::HOUSEKEEPING, kinds::REPORTS_DUE, kinds::CALENDAR_WATCH, kinds::TEXT_RETRAIN];

/// What is looked through at each start: it finds only what an upgrade left.
const AT_START: [&str; 1] = [kinds::FACTS_RECOUNT];

/// Queues the day's work when a day begins where the organisation is, and
/// forgets expired idempotency keys, sessions, drafts and long ended runs.
///
/// Several processes queue it once: the beat of the organisation is taken in
/// the same transaction.
#[derive(Debug, Default)]
pub struct Daily(Look);

impl Tick for Daily {
    fn name(&self) -> &'static str {
        "daily"
    }

    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>> {
        Box::pin(async move {
            if !self.0.is_due(now) {
                return Ok(0);
            }
            let (inside, first) = (app.clone(), self.0.is_first());
            let queued = app.store.write(move |tx| begin_day(tx, &inside, first, now)).await?;
            // of every organisation at once: these end by time alone
            idempotency::purge(app).await?;
            app.store.write(move |tx| session::purge(tx, now)).await?;
            app.store.write(move |tx| shelf::purge(tx, now)).await?;
            app.store.write(move |tx| prepared::purge(tx, now)).await?;
            app.store.write(move |tx| bulk::purge(tx, now)).await?;
            self.0.rest(now, LOOK);
            Ok(queued)
        })
    }

    fn next(&self, _: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        Ok(Some(self.0.next().unwrap_or(Timestamp::from_micros(i64::MIN))))
    }
}

/// Queues in each organisation whose day began; gives how much.
fn begin_day(tx: &mut Tx<'_>, app: &App, first: bool, now: Timestamp) -> Result<usize, Error> {
    let mut queued = 0;
    for organisation in organisation::all(tx)? {
        let org = organisation.org;
        let start: &[&'static str] = if first { &AT_START } else { &[] };
        let zone = Zone::named(&organisation.zone).unwrap_or_default();
        let day: &[&'static str] =
            if beat::take(tx, org, BEAT, (now, zone.end_of(zone.date(now))))? { &ONCE_A_DAY } else { &[] };
        for kind in start.iter().chain(day) {
            queued += usize::from(queue(tx, app, org, kind, now)?);
        }
    }
    Ok(queued)
}

fn queue(tx: &mut Tx<'_>, app: &App, org: OrgId, kind: &'static str, now: Timestamp) -> Result<bool, Error> {
    let id = JobId(app.ids.uuid(now));
    let new = NewJob { id, kind, payload: "{}".into(), run_at: now, dedup: Some(kind.into()), now };
    Ok(jobs::enqueue(tx, org, &new)?)
}
