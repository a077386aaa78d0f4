//! Storing what was decided about an incident: state, events, audit line and
//! job, or nothing.

use huiyin_domain::case::{ChainHead, Recorded};
use huiyin_domain::ids::JobId;
use huiyin_domain::incident::{Event, Incident};
use huiyin_domain::text::SealedText;
use huiyin_store::incident::read::Loaded;
use huiyin_store::incident::{Change, save};
use huiyin_store::jobs::{self, NewJob};
use huiyin_store::sql::Tx;
use serde_json::json;

use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::CasePermit;
use crate::work::kinds;

/// Numbers the events of one change; the person is nobody for rules.
pub(super) fn record(ctx: &Ctx, after: u64, events: Vec<Event>) -> Vec<Recorded<Event>> {
    let person = ctx.actor.identified().then_some(ctx.actor.person);
    let number = |(index, event): (usize, Event)| Recorded {
        seq: after + index as u64 + 1,
        occurred_at: ctx.now,
        recorded_at: ctx.now,
        by: if event.is_ruled() { None } else { person },
        event,
    };
    events.into_iter().enumerate().map(number).collect()
}

/// What one change leaves behind.
pub(super) struct Decided {
    /// The incident as it was; nothing for a new one.
    pub before: Option<Loaded>,
    /// The incident as it is now.
    pub after: Incident,
    /// What happened.
    pub events: Vec<Recorded<Event>>,
    /// Texts that the events name.
    pub sealed: Vec<SealedText>,
    /// What the audit line says was done.
    pub action: &'static str,
}

impl Decided {
    /// Folds what was decided onto what was there.
    pub(super) fn of(
        ctx: &Ctx,
        before: Loaded,
        events: Vec<Event>,
        sealed: Vec<SealedText>,
        action: &'static str,
    ) -> Self {
        let events = record(ctx, before.incident.version, events);
        let mut after = before.incident.clone();
        events.iter().for_each(|recorded| after.apply(recorded));
        Self { before: Some(before), after, events, sealed, action }
    }

    /// Adds what follows from it.
    pub(super) fn follow(&mut self, ctx: &Ctx, events: Vec<Event>) {
        let more = record(ctx, self.after.version, events);
        more.iter().for_each(|recorded| self.after.apply(recorded));
        self.events.extend(more);
    }
}

/// Stores one change in the caller's transaction.
///
/// # Errors
/// `stale` when somebody was faster, `joined_elsewhere` when a member was
/// joined to another incident meanwhile.
pub(super) fn commit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    _permit: &CasePermit,
    decided: &Decided,
) -> Result<(), Error> {
    let empty = ChainHead::empty();
    let change = Change {
        before: decided.before.as_ref().map(|loaded| &loaded.incident),
        after: &decided.after,
        head: decided.before.as_ref().map_or(&empty, |loaded| &loaded.head),
        events: &decided.events,
        sealed: &decided.sealed,
    };
    let incident = &decided.after;
    if save(tx, ctx.org(), &change).map_err(taken)?.is_none() {
        return Err(Error::stale().with("id", incident.id.to_string()));
    }
    let from = decided.events.first().map_or(incident.version, |recorded| recorded.seq);
    let details = json!({"number": incident.number, "version": incident.version, "action": decided.action});
    audit::record(tx, ctx, "incident_changed", Object::new("incident", incident.id), details)?;
    let payload = json!({"incident": incident.id, "from_seq": from, "to_seq": incident.version});
    let job = NewJob {
        id: JobId(ctx.uuid()),
        kind: kinds::INCIDENT_CHANGED,
        payload: payload.to_string(),
        run_at: ctx.now,
        dedup: None,
        now: ctx.now,
    };
    jobs::enqueue(tx, ctx.org(), &job)?;
    Ok(())
}

fn taken(error: huiyin_store::StoreError) -> Error {
    let error = Error::from(error);
    if error.is_unique("incident_members_once") { Error::conflict("joined_elsewhere") } else { error }
}
