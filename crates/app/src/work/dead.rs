//! Work that was given up: listed, and put back by who may.

use huiyin_domain::ids::JobId;
use huiyin_domain::time::Timestamp;
use huiyin_store::jobs as rows;
use huiyin_store::sql::Tx;
use serde_json::json;

pub use huiyin_store::jobs::DeadJob;

use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most lines that one page holds.
pub const PAGE: u32 = 200;

/// Lists work that was given up, newest first; at most `PAGE`.
///
/// # Errors
/// `forbidden` without a post that may see machine work.
pub fn list(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    before: Option<(Timestamp, JobId)>,
    limit: u32,
) -> Result<Vec<DeadJob>, Error> {
    policy::permit(&ctx.actor, action::ManageJobs, Target::Anywhere)?;
    Ok(rows::dead(tx, ctx.org(), before, limit.clamp(1, PAGE))?)
}

/// Puts given-up work back in the queue, to be tried from the beginning.
///
/// # Errors
/// `forbidden`, or `not_found` when it is not on the list.
pub fn requeue(tx: &mut Tx<'_>, ctx: &Ctx, id: JobId) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageJobs, Target::Anywhere)?;
    if !rows::requeue(tx, ctx.org(), id, ctx.now)? {
        return Err(Error::not_found());
    }
    audit::record(tx, ctx, "job_requeued", Object::new("job", id), json!({}))
}
