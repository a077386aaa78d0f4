//! One action on one case: load, permit, decide, store.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::case::{
    Case, CaseActor, Command, CommandKind, Facts, FieldReason, MOST_MENTIONS, Named, Reason, Refused,
};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::people::Post;
use huiyin_domain::text::Sealer;
use huiyin_store::case::read;
use huiyin_store::people::{membership, person, unit};
use huiyin_store::sql::Tx;
use serde_json::{Value, json};

use super::commit::{Decided, commit, record, seed};
use super::rules::Rules;
use super::sight::sight_of;
use crate::approval::house_for;
use crate::ctx::{Ctx, Via};
use crate::error::{Class, Error, FieldError};
use crate::policy::{self, CaseView as Sight};

/// What an action led to.
#[derive(Debug)]
pub struct Acted {
    /// The case as it is now.
    pub case: Case,
    /// Path of its unit, for hints.
    pub sight: policy::CaseSight,
}

/// Takes one action on a case.
///
/// `version` is the one that the caller saw; needed where the action
/// overwrites, and where given it must hold all that a person decides upon.
///
/// # Errors
/// `not_found`, `version_required`, `stale`, `forbidden`, `action_closed` with
/// its reasons, or the fields that are not acceptable.
pub fn act(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (id, version): (CaseId, Option<u64>),
    command: Command,
) -> Result<Acted, Error> {
    let loaded = read::case_to_change(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.case)?;
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    let kind = command.kind();
    match version {
        None if kind.overwrites() => return Err(Error::new(Class::Precondition, "version_required")),
        Some(seen) if !loaded.case.is_fresh(seen) => {
            return Err(stale(tx, ctx, id, loaded.case.version)?);
        }
        _ => {}
    }
    let held = rules.of(tx, ctx.org())?;
    let pack = held.pack(&loaded.case.pack)?;
    let rebound = match &command {
        Command::CorrectKind(body) => {
            Some(held.rebound(tx, ctx, &loaded.case, (loaded.case.unit, body.kind))?)
        }
        Command::CorrectUnit(body) => {
            unit::get(tx, ctx.org(), body.unit)?.ok_or_else(|| Error::field("unit", "unknown_unit"))?;
            Some(held.rebound(tx, ctx, &loaded.case, (body.unit, loaded.case.kind))?)
        }
        _ => None,
    };
    let mut command = command;
    super::route::fill(tx, ctx, (&loaded.case, pack), &mut command)?;
    check_named(tx, ctx, &command)?;
    crate::paper::online_post::may_reply(tx, ctx, id, &command)?;
    crate::phrase::before_command(tx, ctx, rules, &command)?;
    let actor = actor_at(ctx, permit.view());
    let people = named(tx, ctx, (&loaded.case, &sight), &command)?;
    let parties: Vec<_> = loaded.case.parties.iter().map(|party| party.party).collect();
    let asking = matches!(
        kind,
        CommandKind::RequestApproval | CommandKind::AnswerOption | CommandKind::DecideApproval
    );
    let house = house_for(tx, ctx, &loaded.case, asking)?;
    let facts = Facts {
        pack,
        rebound,
        calendar: held.calendar(),
        actor: &actor,
        people: &people,
        do_not_visit: read::do_not_visit(tx, ctx.org(), &parties)?,
        house: &house,
        now: ctx.now,
    };
    let mut sealer = Sealer::new(seed(ctx));
    let events =
        loaded.case.decide(command, &facts, &mut sealer).map_err(|refused| refusal(&refused, kind))?;
    let events = record(ctx, loaded.case.version, ctx.now, events);
    let mut after = loaded.case.clone();
    events.iter().for_each(|recorded| after.apply(recorded));
    let sealed = sealer.into_sealed();
    let decided = Decided { before: Some(loaded), after, events, sealed, action: kind.as_str(), tell: true };
    commit(tx, ctx, &permit, &decided)?;
    if let Some(before) = &decided.before {
        crate::incident::after_case(tx, ctx, &held, (&before.case, &decided.after), kind)?;
    }
    Ok(Acted { case: decided.after, sight })
}

/// Says that somebody was faster, with the case as it is now (contracts §2).
pub(crate) fn stale(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId, version: u64) -> Result<Error, Error> {
    let current = super::view::get(tx, ctx, id)?;
    Ok(Error::stale().with("version", version).with("current", Value::Object(current.body)))
}

/// Gives the actor as the rules see it, at the unit of the case.
pub(crate) fn actor_at(ctx: &Ctx, view: &Sight) -> CaseActor {
    match ctx.actor.via {
        Via::System | Via::CommandLine => CaseActor::default(),
        Via::Customer(_) => CaseActor { customer: true, ..CaseActor::default() },
        Via::Session(_) | Via::Token(_) => {
            let posts = view.posts().iter().copied().collect();
            CaseActor { person: Some(ctx.actor.person), posts, customer: false }
        }
    }
}

/// Other cases and parties that a body names must exist in this organisation.
fn check_named(tx: &mut Tx<'_>, ctx: &Ctx, command: &Command) -> Result<(), Error> {
    match command {
        Command::Link(body) => {
            let unknown = |_| Error::field("other", "unknown_case");
            super::sight::visible(tx, ctx, body.other).map_err(unknown)?;
        }
        Command::CorrectParty(body) if !crate::party::exists(tx, ctx, body.to)? => {
            return Err(Error::field("to", "unknown_party"));
        }
        Command::Contact(body) => {
            if let Some(party) = body.party
                && !crate::party::exists(tx, ctx, party)?
            {
                return Err(Error::field("party", "unknown_party"));
            }
        }
        Command::Transfer(body) => known_unit(tx, ctx, body.department)?,
        Command::NameResponsible(body) => known_unit(tx, ctx, body.department)?,
        Command::PassTask(body) => {
            unit::get(tx, ctx.org(), body.department)?
                .ok_or_else(|| Error::field("department", "unknown_unit"))?;
        }
        Command::DrawUpAgreement(body) => {
            for (index, item) in body.items.iter().enumerate() {
                if let Some(department) = item.department {
                    unit::get(tx, ctx.org(), department)?
                        .ok_or_else(|| Error::field(format!("items[{index}].department"), "unknown_unit"))?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn known_unit(tx: &mut Tx<'_>, ctx: &Ctx, department: Option<UnitId>) -> Result<(), Error> {
    let Some(department) = department else { return Ok(()) };
    unit::get(tx, ctx.org(), department)?.ok_or_else(|| Error::field("department", "unknown_unit"))?;
    Ok(())
}

/// Gathers what rules must know of the people that a body names.
fn named(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (case, sight): (&Case, &policy::CaseSight),
    command: &Command,
) -> Result<BTreeMap<PersonId, Named>, Error> {
    let person = match command {
        Command::HandOver(body) => Some(body.to),
        Command::Transfer(body) => Some(body.to),
        Command::ConfirmSlot(body) => Some(body.person),
        Command::AddTask(body) => body.person,
        Command::NameResponsible(body) => body.person,
        Command::HandOverForm(body) => Some(body.to),
        Command::PlanHomeVisit(body) => Some(body.person),
        Command::AgreeCorrective(body) => Some(body.person),
        Command::ChangeSetting(body) => body.person,
        Command::RaiseLevel(body) => body.person,
        Command::OpenThread(body) => body.person,
        _ => None,
    };
    let mentioned = match command {
        // a longer list is refused whoever is on it
        Command::Note(body) => body.mentions.get(..MOST_MENTIONS).unwrap_or(&body.mentions),
        _ => &[],
    };
    let ids: BTreeSet<PersonId> = person.into_iter().chain(mentioned.iter().copied()).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let path = unit::path(tx, ctx.org(), case.unit, ctx.now)?;
    let mut people = BTreeMap::new();
    for id in ids {
        let Some(found) = person::in_org(tx, ctx.org(), id)? else { continue };
        let rows = membership::of_person(tx, ctx.org(), id)?;
        let memberships: Vec<_> = rows.into_iter().map(|row| row.membership).collect();
        let held = huiyin_domain::people::posts_held(&memberships, ctx.now);
        let posts: BTreeSet<Post> = huiyin_domain::people::posts_at(&held, &path).into_iter().collect();
        let active = found.active && !held.is_empty();
        let sees = policy::sees_case(ctx.org(), id, &held, sight);
        people.insert(id, Named { active, posts, sees });
    }
    Ok(people)
}

/// Turns a refusal of the rules into the one error of every use case.
pub(crate) fn refusal(refused: &Refused, kind: CommandKind) -> Error {
    closed_or_wrong(refused, kind.as_str())
}

/// Turns a refusal of the rules into an error that names the action.
pub(crate) fn closed_or_wrong(refused: &Refused, action: &str) -> Error {
    match refused {
        Refused::Body(fields) => fields_error(fields),
        Refused::Closed(reasons) => {
            let denied = reasons.iter().any(Reason::is_denial);
            let error = if denied {
                Error::new(Class::Denied, "not_permitted")
            } else {
                match reasons.iter().find(|reason| reason.code == "approval_stale") {
                    Some(_) => Error::conflict("approval_stale"),
                    None => Error::conflict("action_closed"),
                }
            };
            let list: Vec<Value> = reasons.iter().map(reason_json).collect();
            error.with("action", action).with("reasons", list)
        }
    }
}

pub(crate) fn fields_error(fields: &[FieldReason]) -> Error {
    let mut error = Error::invalid("invalid_body");
    for field in fields {
        error = error.with_field_error(FieldError {
            path: field.path.clone(),
            code: field.code.to_owned(),
            params: crate::error::Params::new(),
        });
    }
    error
}

pub(crate) fn reason_json(reason: &Reason) -> Value {
    let who: Vec<&str> = reason.who.iter().map(|by| by.as_str()).collect();
    json!({"code": reason.code, "params": reason.params, "who": who, "sources": reason.sources})
}
