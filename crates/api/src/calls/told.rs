//! Changes whose effects and hints leave after their commit.

use crate::edge::Edge;
use crate::problem::Problem;
use huiyin_app::call::{self, Effect};
use huiyin_app::idempotency::Answer;
use huiyin_app::{App, Ctx, Error, Hint, Tx};
use huiyin_domain::ids::OrgId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::{Arc, Mutex, PoisonError};

/// What follows from a change.
pub(super) type Follows = (Vec<Effect>, Vec<Hint>);

/// What follows from a change, carried out of its transaction.
#[derive(Clone, Default)]
pub(super) struct Kept(Arc<Mutex<Follows>>);

impl Kept {
    pub(super) fn put(&self, follows: Follows) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = follows;
    }

    pub(super) fn carry(&self, app: &App, org: OrgId) {
        let follows = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        call::carry(app, org, follows);
    }
}

/// Changes something once for the request's key, and carries out what follows.
///
/// `write` gives what the same request is answered from a second time, by `again`, then
/// the answer's body, then what follows.
///
/// # Errors
/// What the use case gives, as a problem.
pub(super) async fn once<R, T>(
    edge: &Edge,
    ctx: Ctx,
    status: u16,
    write: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<(R, T, Follows), Error> + Send + 'static,
    again: impl FnOnce(&mut Tx<'_>, &Ctx, R) -> Result<T, Error> + Send + 'static,
) -> Result<Answer, Problem>
where
    R: Serialize + DeserializeOwned,
    T: Serialize,
{
    let (org, told) = (ctx.org(), Kept::default());
    let keep = told.clone();
    let write = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let (made, body, follows) = write(tx, ctx)?;
        keep.put(follows);
        Ok((made, body))
    };
    let answer = edge.app.once_made(ctx, status, write, again).await?;
    told.carry(&edge.app, org);
    Ok(answer)
}
