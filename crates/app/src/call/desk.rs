//! What agents ask for, and what the floor shows of them.

use huiyin_domain::call::agent::{Agent, Ask};
use huiyin_domain::call::floor::{Effect, Happening};
use huiyin_domain::call::greeting::Greeting;
use huiyin_store::call::{list as rows, settings};
use huiyin_store::people::person;
use huiyin_store::sql::Tx;

use super::brief::greets;
use super::floor::happen;
use super::list::{CallSeen, bound};
use crate::case::home;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::hints::Hint;
use crate::policy::{self, Target, action};

/// An agent's own desk.
#[derive(Clone, Debug)]
pub struct Desk {
    /// What they do.
    pub agent: Agent,
    /// Names of their telephones.
    pub extensions: Vec<String>,
    /// The call that they are bound to.
    pub call: Option<CallSeen>,
    /// What they say (TEL-17, TEL-27).
    pub greeting: Greeting,
}

/// Gives the person's own desk.
///
/// # Errors
/// `forbidden` without a post that takes calls.
pub fn desk(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Desk, Error> {
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    let (org, me) = (ctx.org(), ctx.actor.person);
    let agent = huiyin_store::call::agent(tx, org, me)?.unwrap_or_else(|| Agent::new(me, ctx.now));
    let call = match agent.state.call() {
        Some(call) => bound(tx, ctx, call)?,
        None => None,
    };
    let phones = settings::of_person(tx, org, me)?;
    let greeting = greets(tx, ctx, home(ctx).ok())?;
    Ok(Desk { agent, extensions: phones.into_iter().map(|phone| phone.name).collect(), call, greeting })
}

/// Lets the person have what they ask for.
///
/// # Errors
/// `forbidden` without a post that takes calls; `agent_offline`, `no_wrap_up`.
pub fn asks(tx: &mut Tx<'_>, ctx: &Ctx, ask: Ask) -> Result<(Vec<Effect>, Vec<Hint>), Error> {
    policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere)?;
    happen(tx, ctx, Happening::Agent(ctx.actor.person, ask))
}

/// Lists every agent with their name, for who watches the floor.
///
/// # Errors
/// `forbidden` without a post that does.
pub fn agents(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<(Agent, String)>, Error> {
    policy::permit(&ctx.actor, action::SuperviseCalls, Target::Anywhere)?;
    let mut all = Vec::new();
    for agent in rows::agents(tx, ctx.org())? {
        let name = person::get(tx, agent.person)?.map_or_else(String::new, |row| row.name);
        all.push((agent, name));
    }
    Ok(all)
}
