//! Deriving flat rows again after an upgrade that counts more than before.

use huiyin_store::count::recount;
use huiyin_store::sql::Tx;
use serde_json::json;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::work::{self, Effects, Failure, Inside, Job, kinds};

/// Rows of one job.
const BATCH: u32 = 500;

/// Queues the next batch.
fn begin(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    work::enqueue(tx, ctx, kinds::FACTS_RECOUNT, &json!({}), (ctx.now, None))?;
    Ok(())
}

/// The job: derives a batch and queues the next one.
pub struct FactsRecount;

impl Inside for FactsRecount {
    fn kind(&self) -> &'static str {
        kinds::FACTS_RECOUNT
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, _: &Job) -> Result<Effects, Failure> {
        if recount::recount(tx, ctx.org(), BATCH)? == BATCH {
            begin(tx, ctx)?;
        }
        Ok(Effects::default())
    }
}
