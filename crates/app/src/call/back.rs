//! Promised calls: made by an agent or asked for in the queue, kept in time.
//!
//! TEL-18, TEL-32, TEL-33.

use huiyin_domain::call::promise::{CallBackBody, CallBackReason, PromisedCall};
use huiyin_domain::call::record::Call;
use huiyin_domain::clock::due;
use huiyin_domain::ids::{CallBackId, CallId, CaseId, PartyId, PersonId};
use huiyin_domain::people::{Masking, Sensitive};
use huiyin_domain::phone;
use huiyin_domain::text::Text;
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::call::back::{self as rows, CallBackFilter, CallBackRow};
use huiyin_store::call::{call as whole, unit_of};
use huiyin_store::people::{person, unit as units};
use huiyin_store::sql::Tx;
use serde_json::json;

use super::brief::name_of;
use super::clock::{self, CallClock};
use super::list::get as get_call;
use crate::audit::{self, Object};
use crate::case::{Rules, fields_error, home, visible};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::{Audience, Hint};
use crate::party;
use crate::policy::{self, Target, action};

/// Topic of hints that a promised call changed.
pub const TOPIC: &str = "call_back";

/// How long before its time a promised call is brought to mind: ten minutes.
const BEFORE: i64 = 600 * 1_000_000;

/// The most open promises that one briefing shows.
const MOST: u32 = 10;

/// A promise as it is made.
#[derive(Clone, Debug)]
pub struct NewCallBack {
    /// The call in which it is promised.
    pub call: Option<CallId>,
    /// The case that it is about.
    pub case: Option<CaseId>,
    /// The customer; that of the call when not said.
    pub party: Option<PartyId>,
    /// Who is to call; whoever is free where nobody is named.
    pub agent: Option<PersonId>,
    /// What is promised.
    pub body: CallBackBody,
}

/// A promised call as a person sees it.
#[derive(Clone, Debug)]
pub struct CallBackSeen {
    /// How it stands; the number covered where the reader may not know it.
    pub row: CallBackRow,
    /// Name of who is to call.
    pub agent: Option<String>,
    /// Name of who promised it.
    pub made_by: Option<String>,
    /// Whether it was kept in time; none while it still can be.
    pub kept: Option<bool>,
}

fn takes_calls(ctx: &Ctx) -> bool {
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere).is_ok()
}

fn seen(tx: &mut Tx<'_>, ctx: &Ctx, mut row: CallBackRow) -> Result<CallBackSeen, Error> {
    // whoever may be the one to call must see the number
    if !takes_calls(ctx) {
        let posts: Vec<_> = ctx.actor.posts.iter().map(|held| held.post).collect();
        row.promise.number = Masking::of(&posts).show(Sensitive::Phone, &row.promise.number);
    }
    let mut name = |who: Option<PersonId>| who.map(|who| name_of(tx, who)).transpose();
    let (agent, made_by) = (name(row.agent)?, name(row.made_by)?);
    Ok(CallBackSeen { kept: row.promise.is_kept(ctx.now), row, agent, made_by })
}

/// Tells the people of a promise; all agents where anybody may call.
fn told(tx: &mut Tx<'_>, ctx: &Ctx, row: &CallBackRow) -> Result<Hint, Error> {
    let people = row.agent.into_iter().chain(row.made_by).collect();
    let audience = match row.agent {
        Some(_) => Audience::Unit(units::path(tx, ctx.org(), row.unit, ctx.now)?, people),
        None => Audience::Everybody,
    };
    let (id, version) = (row.id.to_string(), row.version);
    let hint = Hint { org: ctx.org(), topic: TOPIC.into(), id, version, audience, present: None };
    hint.tell(tx, ctx)?;
    Ok(hint)
}

/// Keeps a promise with its clocks: a reminder, and the time itself.
fn keep(tx: &mut Tx<'_>, ctx: &Ctx, row: &CallBackRow) -> Result<Hint, Error> {
    rows::insert(tx, ctx.org(), row)?;
    let due = row.promise.due;
    let before = huiyin_domain::time::Timestamp::from_micros(due.micros() - BEFORE);
    if before > ctx.now && row.agent.or(row.made_by).is_some() {
        clock::wait(tx, ctx, CallClock::Soon(row.id), before)?;
    }
    clock::wait(tx, ctx, CallClock::CallBack(row.id), due)?;
    told(tx, ctx, row)
}

/// Promises a call.
///
/// # Errors
/// `forbidden`; the field that is not acceptable.
pub fn promise_call(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    new: NewCallBack,
) -> Result<(CallBackSeen, Vec<Hint>), Error> {
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    let faults: Vec<_> =
        new.body.faults(ctx.now).into_iter().map(|fault| fault.within("call_back")).collect();
    if !faults.is_empty() {
        return Err(fields_error(&faults));
    }
    if let Some(case) = new.case {
        visible(tx, ctx, case).map_err(|_| Error::field("case", "unknown_case"))?;
    }
    if let Some(agent) = new.agent
        && person::in_org(tx, ctx.org(), agent)?.is_none()
    {
        return Err(Error::field("agent", "unknown_person"));
    }
    if let Some(party) = new.party {
        party::look(tx, ctx, party).map_err(|_| Error::field("party", "unknown_party"))?;
    }
    let (unit, party) = match new.call {
        Some(call) => {
            get_call(tx, ctx, call).map_err(|_| Error::field("call", "unknown_call"))?;
            let party = whole(tx, ctx.org(), call)?.and_then(|call| call.party);
            (unit_of(tx, ctx.org(), call)?, new.party.or(party))
        }
        None => (home(ctx)?, new.party),
    };
    let held = rules.of(tx, ctx.org())?;
    let promise = new.body.promise(ctx.now, held.calendar()).map_err(Error::internal)?;
    let promise = promise.ok_or_else(|| Error::field("call_back.phone", "invalid_phone"))?;
    let row = CallBackRow {
        id: CallBackId(ctx.uuid()),
        unit,
        agent: new.agent,
        made_by: Some(ctx.actor.person),
        call: new.call,
        case: new.case,
        party,
        about: Some(new.body.about.as_str().to_owned()),
        promise,
        note: None,
        version: 1,
    };
    let hint = keep(tx, ctx, &row)?;
    let details = json!({"reason": row.promise.reason.as_str(), "due": row.promise.due});
    audit::record(tx, ctx, "call_promised", Object::new("call_back", row.id), details)?;
    Ok((seen(tx, ctx, row)?, vec![hint]))
}

/// Promises what a caller asked for while waiting; once for each call.
///
/// # Errors
/// What the store gives.
pub(super) fn asked_in_queue(tx: &mut Tx<'_>, ctx: &Ctx, call: &Call) -> Result<Option<Hint>, Error> {
    let Some(number) = call.call_back.as_deref().and_then(phone::digits) else { return Ok(None) };
    if rows::asked_in(tx, ctx.org(), call.id)? {
        return Ok(None);
    }
    let reason = CallBackReason::Queue;
    // half an hour, whatever the calendar
    let due = due(reason.limit(), ctx.now, &WorkingCalendar::china()).map_err(Error::internal)?.at;
    let promise =
        PromisedCall { reason, number, skill: None, promised_at: ctx.now, due, kept_at: None, tries: 0 };
    let row = CallBackRow {
        id: CallBackId(ctx.uuid()),
        unit: unit_of(tx, ctx.org(), call.id)?,
        agent: None,
        made_by: None,
        call: Some(call.id),
        case: call.case,
        party: call.party,
        promise,
        about: None,
        note: None,
        version: 1,
    };
    keep(tx, ctx, &row).map(Some)
}

/// Gives one promised call.
///
/// # Errors
/// `forbidden`, or `not_found` when it is not there or not for this person to know.
pub fn call_back(tx: &mut Tx<'_>, ctx: &Ctx, id: CallBackId) -> Result<CallBackSeen, Error> {
    policy::permit(&ctx.actor, action::ViewCalls, Target::Anywhere)?;
    let row = rows::seen(tx, (&ctx.actor.scope(), takes_calls(ctx)), id, ctx.now)?;
    seen(tx, ctx, row.ok_or_else(Error::not_found)?)
}

/// Lists promised calls: one's own and anybody's, or all that one's posts reach.
///
/// # Errors
/// `forbidden` without a post that may see calls.
pub fn call_backs(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (mine, mut filter): (bool, CallBackFilter),
) -> Result<Vec<CallBackSeen>, Error> {
    policy::permit(&ctx.actor, action::ViewCalls, Target::Anywhere)?;
    filter.anybody = takes_calls(ctx);
    filter.person = mine.then_some(ctx.actor.person);
    filter.number = filter.number.map(|number| phone::digits(&number).unwrap_or(number));
    let found = rows::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
    found.into_iter().map(|row| seen(tx, ctx, row)).collect()
}

/// Gives what was promised to a number and not kept yet.
pub(super) fn open_to(tx: &mut Tx<'_>, ctx: &Ctx, number: String) -> Result<Vec<CallBackSeen>, Error> {
    let filter =
        CallBackFilter { open: Some(true), number: Some(number), limit: MOST, ..CallBackFilter::default() };
    call_backs(tx, ctx, (false, filter))
}

/// A try to keep a promise.
#[derive(Clone, Debug)]
pub struct Try {
    /// Whether the customer was reached.
    pub reached: bool,
    /// What it came to.
    pub note: Option<Text>,
}

/// Notes a try: the promise is kept once the customer was reached.
///
/// # Errors
/// `forbidden`, `not_found`; `call_back_kept_already`; `stale`.
pub fn try_call(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CallBackId,
    one: &Try,
) -> Result<(CallBackSeen, Vec<Hint>), Error> {
    let found = rows::seen(tx, (&ctx.actor.scope(), takes_calls(ctx)), id, ctx.now)?;
    let mut row = found.ok_or_else(Error::not_found)?;
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    if row.promise.kept_at.is_some() {
        return Err(Error::conflict("call_back_kept_already"));
    }
    row.promise = row.promise.tried(one.reached, ctx.now);
    row.note = one.note.as_ref().map(|note| note.as_str().to_owned()).or(row.note);
    if !rows::tried(tx, ctx.org(), &row)? {
        return Err(Error::stale().with("version", row.version));
    }
    row.version += 1;
    let details = json!({"reached": one.reached, "tries": row.promise.tries});
    audit::record(tx, ctx, "call_back_tried", Object::new("call_back", id), details)?;
    let hints = vec![told(tx, ctx, &row)?];
    Ok((seen(tx, ctx, row)?, hints))
}
