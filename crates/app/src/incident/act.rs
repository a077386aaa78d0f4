//! One action on one incident: load, permit, decide, store.

use std::collections::BTreeSet;

use huiyin_domain::case::CaseActor;
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::{Command, CommandKind, Facts, Incident, Member, evaluate};
use huiyin_domain::text::Sealer;
use huiyin_store::case::read as cases;
use huiyin_store::incident::{read, stand};
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit};
use super::heat;
use super::sight::{sight_of, visible};
use crate::case::{ActionView, ReasonView, Rules, closed_or_wrong, reason_view, seed};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, CaseSight, CaseView};

/// What an action led to.
#[derive(Debug)]
pub struct Acted {
    /// The incident as it is now.
    pub incident: Incident,
    /// Where it lies, for hints.
    pub sight: CaseSight,
}

/// Takes one action on an incident; all of them add to the log, so the version
/// is compared where it is given.
///
/// # Errors
/// `not_found`, `stale`, `forbidden`, `action_closed` with its reasons, or the
/// fields that are not acceptable.
pub fn act(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, version): (IncidentId, Option<u64>),
    command: Command,
) -> Result<Acted, Error> {
    // whether they count must not change while it is decided who bears the item
    let named: BTreeSet<CaseId> = match &command {
        Command::Operate(body) => body.members.iter().map(|member| member.case).collect(),
        _ => BTreeSet::new(),
    };
    cases::hold(tx, ctx.org(), &named)?;
    let loaded = read::incident_to_change(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.incident)?;
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    if version.is_some_and(|seen| seen != loaded.incident.version) {
        return Err(Error::stale().with("version", loaded.incident.version));
    }
    let kind = command.kind();
    let named: Vec<Member> = match &command {
        Command::Operate(body) => body.members.clone(),
        Command::Undo(operation, _) => loaded.incident.regained(*operation),
        _ => Vec::new(),
    };
    check_named(tx, ctx, &command)?;
    let seen = read::seen(tx, &ctx.actor.scope(), &named, Some(id), ctx.now)?;
    let held = rules.of(tx, ctx.org())?;
    let actor = actor_of(ctx, permit.view());
    let facts = Facts {
        pack: held.pack(&loaded.incident.pack)?,
        calendar: held.calendar(),
        actor: &actor,
        seen: &seen,
        stand: stand::members(tx, ctx.org(), id)?,
        now: ctx.now,
    };
    let mut sealer = Sealer::new(seed(ctx));
    let events = loaded
        .incident
        .decide(command, &facts, &mut sealer)
        .map_err(|refused| closed_or_wrong(&refused, kind.as_str()))?;
    let mut decided = Decided::of(ctx, loaded, events, sealer.into_sealed(), kind.as_str());
    heat::after_operation(tx, ctx, &held, &mut decided)?;
    commit(tx, ctx, &permit, &decided)?;
    Ok(Acted { incident: decided.after, sight })
}

/// A person that a body names must work here.
fn check_named(tx: &mut Tx<'_>, ctx: &Ctx, command: &Command) -> Result<(), Error> {
    let Command::AddMeasure(body) = command else { return Ok(()) };
    let Some(id) = body.person else { return Ok(()) };
    let found = huiyin_store::people::person::in_org(tx, ctx.org(), id)?;
    if found.is_some_and(|person| person.active) {
        Ok(())
    } else {
        Err(Error::field("person", "unknown_person"))
    }
}

pub(super) fn actor_of(ctx: &Ctx, view: &CaseView) -> CaseActor {
    CaseActor {
        person: ctx.actor.identified().then_some(ctx.actor.person),
        posts: view.posts().iter().copied().collect(),
        customer: false,
    }
}

/// Lists every action on an incident, open or closed (D2).
///
/// # Errors
/// `not_found` when the incident is not there or not for this person to know.
pub fn actions(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    id: IncidentId,
) -> Result<(u64, Vec<ActionView>), Error> {
    let (loaded, view) = visible(tx, ctx, id)?;
    let held = rules.of(tx, ctx.org())?;
    let actor = actor_of(ctx, &view);
    let seen = Default::default();
    let facts = Facts {
        pack: held.pack(&loaded.incident.pack)?,
        calendar: held.calendar(),
        actor: &actor,
        seen: &seen,
        stand: stand::members(tx, ctx.org(), id)?,
        now: ctx.now,
    };
    let line = |kind: &CommandKind| {
        let found = evaluate(*kind, &loaded.incident, &facts).err().unwrap_or_default();
        let reasons: Vec<ReasonView> = found.into_iter().map(reason_view).collect();
        ActionView { action: kind.as_str(), open: reasons.is_empty(), reasons, advice: Vec::new() }
    };
    Ok((loaded.incident.version, CommandKind::ALL.iter().map(line).collect()))
}
