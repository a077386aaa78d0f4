//! Fires the clocks of cases as they come due.

use std::future::Future;
use std::pin::Pin;

use huiyin_domain::time::Timestamp;
use huiyin_store::case::due as rows;
use huiyin_store::sql::Tx;

use super::runner::Tick;
use crate::App;
use crate::case;
use crate::error::Error;

/// Clocks that fire in one transaction.
const BATCH: u32 = 50;

/// Fires clocks; the due index finds them, nothing is scanned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clocks;

impl Tick for Clocks {
    fn name(&self) -> &'static str {
        "clocks"
    }

    fn tick<'a>(
        &'a self,
        app: &'a App,
        now: Timestamp,
    ) -> Pin<Box<dyn Future<Output = Result<usize, Error>> + Send + 'a>> {
        Box::pin(async move {
            let due = app.store.read(rows::next_firing).await?;
            if due.is_none_or(|at| at > now) {
                return Ok(0);
            }
            let inner = app.clone();
            let ticked = app.store.write(move |tx| case::tick(tx, &inner, &inner.rules, now, BATCH)).await?;
            Ok((ticked.fired + ticked.put_off) as usize)
        })
    }

    fn next(&self, tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
        Ok(rows::next_firing(tx)?)
    }
}
