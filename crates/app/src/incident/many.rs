//! One command for many members: each case takes it by its own rules, and what
//! a case refuses is listed (D3).

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::case::{Case, Command, Stage, Target, body};
use huiyin_domain::ids::{CaseId, IncidentId};
use huiyin_domain::incident::{
    CommandKind, Event, Facts, Incident, Member, MemberRefused, MembersClosing, MembersDone, MembersReply,
    evaluate,
};
use huiyin_domain::text::Sealer;
use huiyin_store::case::read as cases;
use huiyin_store::incident::{read, stand};
use huiyin_store::sql::Tx;

use super::act::actor_of;
use super::commit::{Decided, commit};
use super::sight::sight_of;

use crate::case::{self, Held, Rules, closed_or_wrong, seed};
use crate::ctx::Ctx;
use crate::error::{Class, Error};
use crate::policy::{self, CaseSight};

/// What one command did to the members of an incident.
#[derive(Clone, Debug)]
pub struct ManyDone {
    /// Id of the incident.
    pub id: IncidentId,
    /// Its version now.
    pub version: u64,
    /// Where the incident stands now.
    pub stage: &'static str,
    /// Cases in which it was done.
    pub done: Vec<CaseId>,
    /// Cases that refused it, with the first reason of each.
    pub refused: Vec<MemberRefused>,
}

/// Gives one reply to every open member, or to those named.
///
/// # Errors
/// `not_found`, `stale`, `forbidden`, `action_closed`, `unknown_case` for one
/// that is no member, `members_refused` when no case takes it.
pub fn reply_members(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    at: (IncidentId, Option<u64>),
    body: MembersReply,
) -> Result<(ManyDone, CaseSight), Error> {
    let reply = body.reply;
    crate::phrase::before_command(tx, ctx, rules, &Command::Reply(reply.clone()))?;
    let command = |_: &Case, _: &Held| vec![Command::Reply(reply.clone())];
    let work = Work { kind: CommandKind::ReplyMembers, members: body.members.as_deref(), command: &command };
    carry_out(tx, ctx, (rules, at), &work, &mut |incident, done, facts| {
        let mut sealer = Sealer::new(seed(ctx));
        (incident.members_replied(&reply, done, facts, &mut sealer), sealer.into_sealed())
    })
}

/// Closes every open member that may be closed now, or those named.
///
/// # Errors
/// As [`reply_members`].
pub fn close_members(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    at: (IncidentId, Option<u64>),
    body: MembersClosing,
) -> Result<(ManyDone, CaseSight), Error> {
    let command = |case: &Case, held: &Held| {
        let all = held.pack(&case.pack).map(|pack| pack.targets(case.kind)).unwrap_or_default();
        let fits = |target: &Target| match (target, body.closure) {
            (Target::Closed(kind), Some(wanted)) => *kind == wanted,
            // what needs a word of its own is never done to many unasked
            (Target::Closed(kind), None) => !kind.is_final() && !kind.needs_a_word(),
            (Target::Stage(_), _) => false,
        };
        let moved = body::Moved { reason: body.reason.clone() };
        all.into_iter().filter(fits).map(|target| Command::Move(target, moved.clone())).collect()
    };
    let work = Work { kind: CommandKind::CloseMembers, members: body.members.as_deref(), command: &command };
    carry_out(tx, ctx, (rules, at), &work, &mut |incident, done, _| {
        (incident.members_closed(done), Vec::new())
    })
}

/// What is to be done to which members.
struct Work<'a> {
    kind: CommandKind,
    members: Option<&'a [CaseId]>,
    /// The ways in which a case may take it, the best first.
    command: &'a dyn Fn(&Case, &Held) -> Vec<Command>,
}

type Told<'a> =
    dyn FnMut(&Incident, MembersDone, &Facts<'_>) -> (Vec<Event>, Vec<huiyin_domain::text::SealedText>) + 'a;

fn carry_out(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (rules, (id, version)): (&Rules, (IncidentId, Option<u64>)),
    work: &Work<'_>,
    told: &mut Told<'_>,
) -> Result<(ManyDone, CaseSight), Error> {
    let loaded = read::incident(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.incident)?;
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    if version.is_some_and(|seen| seen != loaded.incident.version) {
        return Err(Error::stale().with("version", loaded.incident.version));
    }
    let held = rules.of(tx, ctx.org())?;
    let (actor, seen) = (actor_of(ctx, permit.view()), Default::default());
    let pack = held.pack(&loaded.incident.pack)?;
    let facts =
        |stand| Facts { pack, calendar: held.calendar(), actor: &actor, seen: &seen, stand, now: ctx.now };
    let before = facts(stand::members(tx, ctx.org(), id)?);
    let refused =
        |reasons| closed_or_wrong(&huiyin_domain::case::Refused::Closed(reasons), work.kind.as_str());
    evaluate(work.kind, &loaded.incident, &before).map_err(refused)?;
    let wanted = wanted(tx, ctx, &loaded.incident, work.members)?;
    let done = each(tx, ctx, rules, (&held, &wanted), work)?;
    if done.members.is_empty() {
        let refused = serde_json::to_value(&done.refused).map_err(Error::internal)?;
        return Err(Error::conflict("members_refused").with("refused", refused));
    }
    // what the cases did may have changed the incident too, as a re-opening does
    let loaded = read::incident_to_change(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let answer = (done.members.iter().map(|member| member.case).collect(), done.refused.clone());
    let after = facts(stand::members(tx, ctx.org(), id)?);
    let (events, sealed) = told(&loaded.incident, done, &after);
    let decided = Decided::of(ctx, loaded, events, sealed, work.kind.as_str());
    commit(tx, ctx, &permit, &decided)?;
    let incident = &decided.after;
    let stage = incident.stage.as_str();
    Ok((ManyDone { id, version: incident.version, stage, done: answer.0, refused: answer.1 }, sight))
}

/// The member cases meant, in the order of their ids: those named, else all.
fn wanted(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    incident: &Incident,
    named: Option<&[CaseId]>,
) -> Result<BTreeSet<CaseId>, Error> {
    let members: BTreeSet<CaseId> = incident.membership().cases().collect();
    let all: Vec<Member> = members.iter().copied().map(Member::case).collect();
    let seen = read::seen(tx, &ctx.actor.scope(), &all, Some(incident.id), ctx.now)?;
    let visible: BTreeSet<CaseId> = seen.into_keys().map(|member| member.case).collect();
    let Some(named) = named else { return Ok(visible) };
    for (place, case) in named.iter().enumerate() {
        if !visible.contains(case) {
            return Err(Error::field(format!("members[{place}]"), "not_a_member"));
        }
    }
    Ok(named.iter().copied().collect())
}

/// Takes the action in each case that is open, the first way that it takes.
fn each(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (held, wanted): (&Held, &BTreeSet<CaseId>),
    work: &Work<'_>,
) -> Result<MembersDone, Error> {
    let mut all = MembersDone::default();
    // all of them before the incident, which the first that acts takes
    cases::hold(tx, ctx.org(), wanted)?;
    for id in wanted {
        let Some(loaded) = cases::case(tx, ctx.org(), *id)? else { continue };
        let case = loaded.case;
        if case.stage == Stage::Closed {
            continue;
        }
        let mut first = None;
        let mut taken = false;
        for command in (work.command)(&case, held) {
            let acted = tx.savepoint(|tx| case::act(tx, ctx, rules, (*id, Some(case.version)), command));
            match acted {
                Ok(_) => {
                    taken = true;
                    break;
                }
                Err(error) if matches!(error.class(), Class::Internal | Class::Unavailable) => {
                    return Err(error);
                }
                // of several ways, the one that this person could go says why not
                Err(error) if first.is_none() || error.class() != Class::Denied => first = Some(error),
                Err(_) => {}
            }
        }
        if taken {
            all.members.push(Member::case(*id));
        } else {
            let closed = || ("wrong_stage".to_owned(), [("stage".to_owned(), case.stage.to_string())].into());
            let (code, params) = first.as_ref().map_or_else(closed, reason_of);
            all.refused.push(MemberRefused { case: *id, code, params });
        }
    }
    Ok(all)
}

/// The code of the first reason, of the action, else of a field, else its own,
/// with what its text names.
fn reason_of(error: &Error) -> (String, BTreeMap<String, String>) {
    if let Some(first) = error.params().get("reasons").map(|reasons| &reasons[0]) {
        let code = first["code"].as_str().unwrap_or(error.code()).to_owned();
        return (code, serde_json::from_value(first["params"].clone()).unwrap_or_default());
    }
    let field = error.fields().first().map(|field| field.code.as_str());
    (field.unwrap_or(error.code()).to_owned(), BTreeMap::new())
}

#[cfg(test)]
mod tests {
    use huiyin_domain::case::ClosureKind;

    /// what rests on a word or a judgement of its own is no mass closing.
    #[test]
    fn what_needs_a_word_is_not_closed_by_the_dozen() {
        let by_the_dozen: Vec<&str> = ClosureKind::ALL
            .iter()
            .filter(|kind| !kind.is_final() && !kind.needs_a_word())
            .map(|kind| kind.as_str())
            .collect();
        assert_eq!(by_the_dozen, ["satisfied", "exempt_elapsed", "answered", "done"]);
    }
}
