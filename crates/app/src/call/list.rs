//! Which calls a person sees, and what of them.

use huiyin_domain::call::record::Call;
use huiyin_domain::ids::CallId;
use huiyin_domain::people::{Masking, Sensitive};
use huiyin_store::call::list::{self as rows, CallFilter, CallRow};
use huiyin_store::call::recording::{self, RecordingRow};
use huiyin_store::call::settings;
use huiyin_store::sql::Tx;

use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::policy::{self, Target, action};

/// A call as a person sees it.
#[derive(Clone, Debug)]
pub struct CallSeen {
    /// The record; numbers are covered where the person may not know them.
    pub call: Call,
    /// What was typed about it.
    pub note: Option<String>,
    /// Code of its queue.
    pub queue: Option<String>,
    /// Names of the agents in it.
    pub names: std::collections::BTreeMap<huiyin_domain::ids::PersonId, String>,
    /// Its recordings that are there.
    pub recordings: Vec<RecordingRow>,
}

pub(super) fn seen(tx: &mut Tx<'_>, ctx: &Ctx, row: CallRow) -> Result<CallSeen, Error> {
    let CallRow { mut call, note } = row;
    let org = ctx.org();
    let machine = matches!(ctx.actor.via, Via::System | Via::CommandLine);
    let posts: Vec<_> = ctx.actor.posts.iter().map(|held| held.post).collect();
    let masking = if machine { Masking::none() } else { Masking::of(&posts) };
    // who speaks with a customer sees whom they speak with
    let me = ctx.actor.person;
    let own = call.agents.contains(&me) || call.state.agent() == Some(me) || call.colleague == Some(me);
    if !own {
        let cover = |number: String| masking.show(Sensitive::Phone, &number);
        call.caller = call.caller.map(cover);
        call.call_back = call.call_back.map(cover);
        if call.direction == huiyin_domain::call::facts::CallDirection::Out {
            call.called = cover(call.called);
        }
    }
    let recordings = recording::of_call(tx, org, call.id)?;
    let queue = match call.queue {
        Some(queue) => settings::queue(tx, org, queue)?.map(|queue| queue.code),
        None => None,
    };
    let wrote = call.wrap_up.as_ref().map(|wrap_up| &wrap_up.by);
    let people = call.agents.iter().chain(call.offers.iter().map(|offer| &offer.agent)).chain(wrote);
    let mut names = std::collections::BTreeMap::new();
    for person in people.copied().chain(call.state.agent()) {
        if !names.contains_key(&person)
            && let Some(row) = huiyin_store::people::person::get(tx, person)?
        {
            names.insert(person, row.name);
        }
    }
    Ok(CallSeen { call, note, queue, names, recordings })
}

/// Lists calls that the person may see, latest first.
///
/// # Errors
/// `forbidden` without a post that may see calls.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, filter: &CallFilter) -> Result<Vec<CallSeen>, Error> {
    policy::permit(&ctx.actor, action::ViewCalls, Target::Anywhere)?;
    let rows = rows::calls(tx, &ctx.actor.scope(), filter, ctx.now)?;
    rows.into_iter().map(|row| seen(tx, ctx, row)).collect()
}

/// Gives the call that the person is bound to, whichever unit it belongs to.
pub(super) fn bound(tx: &mut Tx<'_>, ctx: &Ctx, id: CallId) -> Result<Option<CallSeen>, Error> {
    let call = huiyin_store::call::call(tx, ctx.org(), id)?;
    match call.filter(|call| call.binds(ctx.actor.person)) {
        Some(call) => seen(tx, ctx, CallRow { call, note: None }).map(Some),
        None => get(tx, ctx, id).map(Some),
    }
}

/// Gives one call.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: CallId) -> Result<CallSeen, Error> {
    policy::permit(&ctx.actor, action::ViewCalls, Target::Anywhere)?;
    let row = rows::call(tx, &ctx.actor.scope(), id, ctx.now)?.ok_or_else(Error::not_found)?;
    seen(tx, ctx, row)
}
