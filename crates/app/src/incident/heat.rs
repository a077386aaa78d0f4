//! The hot flag and the stage of an incident, looked at again when its members,
//! or what they say, changed (PROP-83, 64).

use huiyin_domain::case::{Case, ClosureKind, CommandKind, Stage};
use huiyin_domain::incident::Event;
use huiyin_domain::incident::hot::window_start;
use huiyin_store::incident::{read, stand};
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit};
use super::sight::sight_of;
use crate::case::Held;
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::policy;

/// Adds what joining, splitting or undoing makes of the hot flag.
///
/// # Errors
/// What the store gives.
pub(super) fn after_operation(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Held,
    decided: &mut Decided,
) -> Result<(), Error> {
    let before = decided.before.as_ref().map(|loaded| &loaded.incident.operations);
    if before == Some(&decided.after.operations) || decided.after.operations.is_empty() {
        return Ok(());
    }
    let Some(rule) = &held.pack(&decided.after.pack)?.hot else { return Ok(()) };
    let members = decided.after.membership().members;
    let sightings = stand::sightings(tx, ctx.org(), members.keys(), None)?;
    let events = decided.after.heat(sightings, rule, (held.calendar(), ctx.now));
    decided.follow(ctx, events);
    Ok(())
}

/// Looks again at the incident of a case that was acted on: a new contact may
/// make it hot, a void case may end that, a re-opened one opens it again.
///
/// One look-up by index where the action can have no such consequence.
///
/// # Errors
/// What the store gives.
pub(crate) fn after_case(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Held,
    (before, after): (&Case, &Case),
    kind: CommandKind,
) -> Result<(), Error> {
    let reopened = before.stage == Stage::Closed && after.stage != Stage::Closed;
    let spoken = kind == CommandKind::Contact;
    let retold = before.parties != after.parties
        || before.kind != after.kind
        || after.closure.is_some_and(ClosureKind::is_final)
            != before.closure.is_some_and(ClosureKind::is_final);
    if !(reopened || spoken || retold) {
        return Ok(());
    }
    let Some(id) = read::of_case(tx, ctx.org(), after.id)? else { return Ok(()) };
    let Some(loaded) = read::incident_to_change(tx, ctx.org(), id)? else { return Ok(()) };
    let incident = &loaded.incident;
    let mut events: Vec<Event> = if reopened { incident.member_reopened() } else { Vec::new() };
    if let Some(rule) = &held.pack(&incident.pack)?.hot
        && (retold || (spoken && incident.hot().is_none()))
    {
        let zone = held.calendar().zone();
        let window = zone.at(window_start(zone.date(ctx.now), rule.window), 0);
        // what is new can only make it hot with what lies in its own window
        let from = (!retold).then_some(window);
        let members = stand::lying(tx, ctx.org(), id)?;
        let sightings = stand::sightings(tx, ctx.org(), members.iter(), from)?;
        events.extend(incident.heat(sightings, rule, (held.calendar(), ctx.now)));
    }
    if events.is_empty() {
        return Ok(());
    }
    let system = Ctx { actor: Actor::system(ctx.org()), ..ctx.clone() };
    let sight = sight_of(tx, &system, incident)?;
    let permit = policy::case_permit(&system.actor, &sight)?;
    let decided = Decided::of(&system, loaded, events, Vec::new(), "follow");
    commit(tx, &system, &permit, &decided)
}
