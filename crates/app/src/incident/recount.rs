//! Clocks of incidents counted again after a calendar changed (D5).

use std::collections::BTreeSet;

use huiyin_domain::case::{ClockMoved, Recipient};
use huiyin_domain::ids::{IncidentId, PersonId};
use huiyin_domain::incident::{Event, Incident};
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::incident::{read, stand};
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit};
use super::sight::sight_of;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy;

/// Counts a batch of incidents; gives the last one while more may follow.
///
/// # Errors
/// What the store gives.
pub(crate) fn recount(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (after, most): (Option<IncidentId>, u32),
    calendar: &WorkingCalendar,
    told: &mut BTreeSet<PersonId>,
) -> Result<Option<IncidentId>, Error> {
    let batch = stand::limited_after(tx, ctx.org(), after, most)?;
    for id in &batch {
        let Some(loaded) = read::incident(tx, ctx.org(), *id)? else { continue };
        let mut events: Vec<Event> = Vec::new();
        for clock in &loaded.incident.clocks {
            let mut clock = clock.clone();
            // a due time beyond the range of dates stays as it was
            if let Ok(Some(_)) = clock.recompute(calendar) {
                events.push(Event::ClockMoved(ClockMoved { clock }));
            }
        }
        if events.is_empty() {
            continue;
        }
        let owner = loaded.incident.owner;
        if told.insert(owner) {
            events.push(Incident::tells(Recipient::Person(owner), "calendar_changed", false, &[]));
        }
        let sight = sight_of(tx, ctx, &loaded.incident)?;
        let permit = policy::case_permit(&ctx.actor, &sight)?;
        let decided = Decided::of(ctx, loaded, events, Vec::new(), "recount");
        commit(tx, ctx, &permit, &decided)?;
    }
    Ok(batch.last().copied().filter(|_| batch.len() == most as usize))
}
