//! Clocks of incidents that fire: warnings and breaches.

use huiyin_domain::ids::IncidentId;
use huiyin_store::incident::read;
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit};
use super::sight::sight_of;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy;

/// Fires one clock of an incident.
///
/// # Errors
/// What the store gives, or `internal` when the clock does not fire.
pub(crate) fn fire(tx: &mut Tx<'_>, ctx: &Ctx, id: IncidentId, clock: u32) -> Result<(), Error> {
    let loaded = read::incident(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.incident)?;
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    let events = loaded.incident.tick(clock, ctx.now);
    if events.is_empty() {
        return Err(Error::internal("a clock in the due index does not fire"));
    }
    let decided = Decided::of(ctx, loaded, events, Vec::new(), "tick");
    commit(tx, ctx, &permit, &decided)
}
