//! Queues what is done once a day in each organisation.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};

use huiyin_domain::ids::JobId;
use huiyin_domain::time::Timestamp;
use huiyin_store::jobs::{self, NewJob};
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;

use super::kinds;
use super::runner::Tick;
use crate::App;
use crate::error::Error;
use crate::{idempotency, session};

/// One day, in microseconds.
const DAY: i64 = 86_400 * 1_000_000;

/// What is done at the start and once a day from then on.
const ONCE_A_DAY: [&str; 3] = [kinds::HOUSEKEEPING, kinds::FACTS_RECOUNT, kinds::REPORTS_DUE];

/// Queues `ONCE_A_DAY` at the start and once a day from then on, and forgets
/// expired idempotency keys and sessions.
///
/// Several processes queue it once: while one waits, no second one is queued.
#[derive(Debug)]
pub struct Daily(AtomicI64);

impl Default for Daily {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

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
            if now.micros() < self.0.load(Ordering::Acquire) {
                return Ok(0);
            }
            let ids = app.ids.clone();
            let queued = app.store.write(move |tx| -> Result<usize, Error> {
                let mut queued = 0;
                for organisation in organisation::all(tx)? {
                    for kind in ONCE_A_DAY {
                        let new = NewJob {
                            id: JobId(ids.uuid(now)),
                            kind,
                            payload: "{}".into(),
                            run_at: now,
                            dedup: Some(kind.into()),
                            now,
                        };
                        queued += usize::from(jobs::enqueue(tx, organisation.org, &new)?);
                    }
                }
                Ok(queued)
            });
            let queued = queued.await?;
            // of every organisation at once: keys and sessions end by time alone
            idempotency::purge(app).await?;
            app.store.write(move |tx| session::purge(tx, now)).await?;
            self.0.store(now.micros().saturating_add(DAY), Ordering::Release);
            Ok(queued)
        })
    }

    fn next(&self, _: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        Ok(Some(Timestamp::from_micros(self.0.load(Ordering::Acquire))))
    }
}
