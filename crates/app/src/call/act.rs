//! What people want done with calls: by telephone, on the record, outward.

use huiyin_domain::call::facts::CallDirection;
use huiyin_domain::call::floor::{Happening, Typed};
use huiyin_domain::call::window::{Allowed, OutsideWindow, Planned, Verdict};
use huiyin_domain::ids::{CallId, CaseId, OrgId, PartyId, PersonId};
use huiyin_domain::time::Timestamp;
use huiyin_store::call::{list as rows, standing};
use huiyin_store::party::consent;
use huiyin_store::sql::Tx;
use serde_json::json;

use super::floor::{carry, happen};
use super::list::{CallSeen, get};
use super::port::{Order, PhoneRefusal, What};
use super::rules::{choosable, phone_rules};
use super::{Effect, settings};
use crate::App;
use crate::audit::{self, Object};
use crate::case::{Rules, visible};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::Hint;
use crate::policy::{self, Target, action};

/// Purpose of the consent to be called on days off.
const CALLS_ON_DAYS_OFF: &str = "calls_on_days_off";

/// Passes a wish about a call on to the lines; what came of it shows on the record.
///
/// # Errors
/// `not_found` for a call that the person may not see, `forbidden` for one that is not
/// theirs, `phone_unavailable`, `call_not_connected`, `agent_unreachable`.
pub async fn order(app: &App, ctx: &Ctx, id: CallId, what: What) -> Result<(), Error> {
    let asked = what.clone();
    let seen = app
        .write(ctx, move |tx, ctx| {
            let seen = get(tx, ctx, id)?;
            let watches = matches!(asked, What::Monitor(_) | What::TakeOver);
            if watches {
                policy::permit(&ctx.actor, action::SuperviseCalls, Target::Anywhere)?;
                let how = format!("{asked:?}");
                audit::record(tx, ctx, "call_watched", Object::new("call", id), json!({"how": how}))?;
            } else if seen.call.state.agent() == Some(ctx.actor.person) {
                policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
            } else {
                policy::permit(&ctx.actor, action::SuperviseCalls, Target::Anywhere)?;
            }
            if let What::ConsultAgent(colleague) = &asked {
                let there = huiyin_store::call::agent(tx, ctx.org(), *colleague)?;
                there.filter(|agent| agent.device).ok_or_else(|| Error::conflict("agent_unreachable"))?;
            }
            Ok(seen)
        })
        .await?;
    if seen.call.is_over() {
        return Err(Error::conflict("call_not_connected"));
    }
    let order = Order { org: ctx.org(), by: ctx.actor.person, call: id, what };
    let phone = app.phone.as_ref().ok_or_else(unavailable)?;
    phone.order(order).map_err(|refusal| match refusal {
        PhoneRefusal::NotPossible => Error::conflict("call_not_connected"),
        PhoneRefusal::NotHere | PhoneRefusal::Unavailable => unavailable(),
    })
}

fn unavailable() -> Error {
    Error::conflict("phone_unavailable")
}

/// Says to which customer and case a call belongs.
///
/// # Errors
/// `not_found` for a call or case that the person may not see, `forbidden` without a
/// post that takes calls.
pub fn link(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CallId,
    (party, case): (Option<PartyId>, Option<CaseId>),
) -> Result<(CallSeen, Vec<Effect>, Vec<Hint>), Error> {
    get(tx, ctx, id)?;
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    if let Some(case) = case {
        visible(tx, ctx, case)?;
    }
    let (effects, hints) = happen(tx, ctx, Happening::Linked(id, party, case))?;
    audit::record(tx, ctx, "call_linked", Object::new("call", id), json!({"case": case}))?;
    Ok((get(tx, ctx, id)?, effects, hints))
}

/// What is written down of a call.
#[derive(Clone, Debug, Default)]
pub struct WriteUp {
    /// What is to be known of it; what is there stays where nothing is said.
    pub note: Option<String>,
    /// What it came to; likewise.
    pub code: Option<String>,
}

/// Keeps what is to be known of a call, and what it came to.
///
/// # Errors
/// As [`link`]; `unknown_wrap_up_code`.
pub fn write_up(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CallId,
    new: WriteUp,
) -> Result<(CallSeen, Vec<Effect>, Vec<Hint>), Error> {
    get(tx, ctx, id)?;
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    if let Some(note) = &new.note {
        rows::set_note(tx, ctx.org(), id, note)?;
    }
    let code = new.code.clone();
    let (effects, hints) = match new.code {
        Some(code) => {
            choosable(tx, ctx.org(), &code)?;
            happen(tx, ctx, Happening::WrittenUp(id, ctx.actor.person, code))?
        }
        None => (Vec::new(), Vec::new()),
    };
    audit::record(tx, ctx, "call_noted", Object::new("call", id), json!({"code": code}))?;
    Ok((get(tx, ctx, id)?, effects, hints))
}

/// Keeps a call that a person types in, where there was no line.
///
/// # Errors
/// `forbidden` without a post that takes calls, `unknown_case`, `call_times_unordered` at
/// the end; what [`happen`] refuses.
pub fn typed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    typed: Typed,
    note: Option<&str>,
) -> Result<(CallSeen, Vec<Effect>, Vec<Hint>), Error> {
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    if let Some(case) = typed.case {
        visible(tx, ctx, case).map_err(|_| Error::field("case", "unknown_case"))?;
    }
    let id = typed.call;
    let kept = happen(tx, ctx, Happening::Typed(Box::new(typed)));
    let (effects, hints) = kept.map_err(|error| match error.code() {
        code @ "call_times_unordered" => Error::field("ended_at", code),
        _ => error,
    })?;
    if let Some(note) = note {
        rows::set_note(tx, ctx.org(), id, note)?;
    }
    audit::record(tx, ctx, "call_typed", Object::new("call", id), json!({}))?;
    Ok((get(tx, ctx, id)?, effects, hints))
}

/// A call that an agent wants to make.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Whom: digits.
    pub number: String,
    /// The customer, where known.
    pub party: Option<PartyId>,
    /// True when the customer asked to be called then.
    pub own_wish: bool,
    /// Why it must be now, outside the calling window (TEL-3).
    pub reason: Option<String>,
}

/// Begins a call to a customer or a colleague.
///
/// A customer is called inside the calling windows or with a reason, a telephone of the
/// house at any time.
///
/// # Errors
/// `phone_unavailable`; `forbidden` without a post that takes calls;
/// `outside_calling_window` with its grounds; `agent_offline`, `agent_busy`.
pub async fn dial(app: &App, ctx: &Ctx, new: Outgoing) -> Result<CallSeen, Error> {
    let phone = app.phone.clone().ok_or_else(unavailable)?;
    let (rules, node) = (app.rules.clone(), phone.node());
    let (seen, effects, hints) = app
        .write(ctx, move |tx, ctx| {
            policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
            let (direction, party, colleague) = way_of(tx, ctx.org(), &new)?;
            let looked = Looked { at: ctx.now, party, own_wish: new.own_wish, reason: new.reason.as_deref() };
            let allowed = match direction {
                // the windows are for customers (TEL-3)
                CallDirection::Internal => Allowed::Within,
                _ => allowed(tx, ctx.org(), &rules, looked)?,
            };
            let call = CallId(ctx.uuid());
            let happening = Happening::Dialled {
                call,
                node,
                agent: ctx.actor.person,
                number: new.number,
                party,
                direction,
                colleague,
            };
            let (effects, hints) = happen(tx, ctx, happening)?;
            let why = match &allowed {
                Allowed::Overridden { grounds, .. } => json!({"overridden": grounds}),
                Allowed::OwnWish => json!({"own_wish": true}),
                Allowed::Within => json!({}),
            };
            if let Allowed::Overridden { reason, .. } = &allowed {
                rows::set_note(tx, ctx.org(), call, reason)?;
            }
            audit::record(tx, ctx, "call_dialled", Object::new("call", call), why)?;
            Ok((get(tx, ctx, call)?, effects, hints))
        })
        .await?;
    carry(app, ctx.org(), (effects, hints));
    Ok(seen)
}

/// Which way a call goes, to which customer, or to which colleague.
type Way = (CallDirection, Option<PartyId>, Option<PersonId>);

/// Says which way a call goes, and to whom; a colleague is no customer.
fn way_of(tx: &mut Tx<'_>, org: OrgId, new: &Outgoing) -> Result<Way, Error> {
    let phone = huiyin_store::call::settings::extension(tx, &new.number)?;
    Ok(match phone.filter(|phone| phone.org == org && phone.active) {
        Some(phone) => (CallDirection::Internal, None, phone.person),
        None => (CallDirection::Out, new.party, None),
    })
}

/// A call that is looked at before it is made.
#[derive(Clone, Copy, Debug)]
struct Looked<'a> {
    at: Timestamp,
    party: Option<PartyId>,
    own_wish: bool,
    reason: Option<&'a str>,
}

/// Judges a call by the house's windows (TEL-3…6, X-23, X-24).
fn judged(
    tx: &mut Tx<'_>,
    org: OrgId,
    rules: &Rules,
    looked: Looked<'_>,
) -> Result<(Verdict, Result<Allowed, OutsideWindow>), Error> {
    let held = rules.of(tx, org)?;
    // TEL-6: the hours are those of where the customer lives
    let own = match looked.party {
        Some(party) => standing::get(tx, org, party)?.and_then(|(standing, _)| standing.zone()),
        None => None,
    };
    let zone = match own {
        Some(own) => own,
        None => super::figures::zone(tx, org)?,
    };
    // who agreed to it is called on days off too
    let opted_in = match looked.party {
        Some(party) => consent::of_party(tx, org, party)?
            .iter()
            .any(|one| one.purpose == CALLS_ON_DAYS_OFF && one.withdrawn_at.is_none()),
        None => false,
    };
    let planned = Planned { at: looked.at, zone: &zone, own_wish: looked.own_wish, opted_in };
    let windows = phone_rules(tx, org)?.windows;
    let verdict = windows.judge(&planned, held.calendar());
    Ok((verdict, windows.decide(&planned, looked.reason, held.calendar())))
}

/// Looks whether a customer may be called now.
fn allowed(tx: &mut Tx<'_>, org: OrgId, rules: &Rules, looked: Looked<'_>) -> Result<Allowed, Error> {
    let (_, decided) = judged(tx, org, rules, looked)?;
    decided.map_err(|outside| Error::conflict(outside.code()).with("grounds", json!(outside.0.hard)))
}

/// Tells what is to be said of a call at a time, before it is made.
///
/// # Errors
/// `forbidden` without a post that takes calls.
pub fn window(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (at, party): (Option<Timestamp>, Option<PartyId>),
) -> Result<Verdict, Error> {
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    let looked = Looked { at: at.unwrap_or(ctx.now), party, own_wish: false, reason: None };
    Ok(judged(tx, ctx.org(), rules, looked)?.0)
}

/// Looks whether a telephone, which gives no reason, may call a customer now.
///
/// # Errors
/// `outside_calling_window` with its grounds.
pub async fn may_call_now(app: &App, org: OrgId, party: Option<PartyId>) -> Result<(), Error> {
    let (rules, now) = (app.rules.clone(), app.clock.now());
    let looked = Looked { at: now, party, own_wish: false, reason: None };
    app.store.read(move |tx| allowed(tx, org, &rules, looked).map(drop)).await
}

/// Gives the queue of a name or id, to put a call through to.
///
/// # Errors
/// `unknown_queue`.
pub fn queue_named(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> Result<huiyin_domain::ids::QueueId, Error> {
    let all = settings::queues(tx, ctx)?;
    let fits = |seen: &&settings::QueueSeen| seen.queue.code == name || seen.queue.id.to_string() == name;
    all.iter().find(fits).map(|seen| seen.queue.id).ok_or_else(|| Error::field("to.queue", "unknown_queue"))
}
