//! Work that would leave nothing behind, dropped many at a time.
//!
//! Most changes of a case are nobody's news: no notice, no webhook. Their jobs
//! need no lease and no turn on the writer; a look beside it is enough.

use std::collections::BTreeMap;
use std::sync::Arc;

use huiyin_domain::ids::{JobId, OrgId};
use huiyin_domain::time::Timestamp;
use huiyin_store::jobs::{self, BATCH};

use super::handler::{Handler, Job};
use super::turn::ctx_of;
use crate::App;
use crate::error::Error;

/// What a look at the queue found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looked {
    /// How much was dropped.
    pub dropped: usize,
    /// Whether something due must be taken.
    pub due: bool,
}

/// Looks at what is due, oldest first, and drops what would leave nothing.
///
/// # Errors
/// What the store gives.
pub(super) async fn drop_idle(
    app: &App,
    handlers: &Arc<BTreeMap<&'static str, Handler>>,
    now: Timestamp,
) -> Result<Looked, Error> {
    let (inner, handlers) = (app.clone(), Arc::clone(handlers));
    let looked = app.store.read(move |tx| {
        let mut idle: Vec<(OrgId, JobId)> = Vec::new();
        let due = jobs::due(tx, now, BATCH)?;
        let count = due.len();
        for (claimed, held) in due {
            let Some(Handler::Inside(handler)) = handlers.get(claimed.kind.as_str()) else { continue };
            let job = Job::from(claimed);
            let ctx = ctx_of(&inner, &job, now);
            // one that cannot be looked at is taken, and fails in its turn
            if !held && handler.is_idle(tx, &ctx, &job).unwrap_or(false) {
                idle.push((job.org, job.id));
            }
        }
        Ok::<_, Error>((count, idle))
    });
    let (count, idle) = looked.await?;
    let looked = Looked { dropped: idle.len(), due: idle.len() < count };
    if !idle.is_empty() {
        app.store.write(move |tx| jobs::drop_untaken(tx, &idle)).await?;
    }
    Ok(looked)
}
