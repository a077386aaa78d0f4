//! Clocks that fire: warnings, breaches, and the exempt week that elapses.

use std::collections::BTreeMap;

use huiyin_domain::case::{CaseActor, Facts};
use huiyin_domain::ids::CaseId;
use huiyin_domain::text::Sealer;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::due::{self, Firing, Holder};
use huiyin_store::case::read;
use huiyin_store::sql::Tx;

use super::commit::{Decided, commit, record, seed};
use super::rules::Rules;
use super::sight::sight_of;
use crate::App;
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::policy;

/// What one tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Clocks that fired.
    pub fired: u32,
    /// Clocks that could not fire and were put off.
    pub put_off: u32,
}

/// How long a clock that could not fire is put off: five minutes.
const PUT_OFF: i64 = 300_000_000;

/// Fires what is due up to now, at most so many clocks in one transaction.
///
/// Call again while as many fired as were asked for. A case that cannot be
/// worked on is put off and logged; the others go on.
///
/// # Errors
/// What the store gives.
pub fn tick(tx: &mut Tx<'_>, app: &App, rules: &Rules, now: Timestamp, most: u32) -> Result<Ticked, Error> {
    let mut ticked = Ticked::default();
    for firing in due::firing(tx, now, most)? {
        let fired = tx.savepoint(|tx| fire(tx, app, rules, firing, now));
        match fired {
            Ok(true) => ticked.fired += 1,
            // somebody is at the case, or was faster: the next tick looks again
            Ok(false) => {}
            Err(error) => {
                tracing::error!(org = %firing.org, holder = ?firing.holder, clock = firing.clock, %error, "clock could not fire");
                let later = Timestamp::from_micros(now.micros() + PUT_OFF);
                due::put_off(tx, firing.org, firing.holder, firing.clock, later)?;
                ticked.put_off += 1;
            }
        }
    }
    Ok(ticked)
}

/// Fires one clock; gives false when another process has it or had it.
fn fire(tx: &mut Tx<'_>, app: &App, rules: &Rules, firing: Firing, now: Timestamp) -> Result<bool, Error> {
    let mut ctx: Ctx = app.ctx(Actor::system(firing.org), "clock", huiyin_domain::locale::Locale::default());
    ctx.now = now;
    // who was faster left another time in the index, or none
    if !due::lock(tx, firing.org, firing.holder)?
        || due::fires_at(tx, firing.org, firing.holder, firing.clock)? != Some(firing.at)
    {
        return Ok(false);
    }
    match firing.holder {
        Holder::Case(case) => fire_case(tx, &ctx, rules, case, firing.clock)?,
        Holder::Incident(incident) => crate::incident::fire(tx, &ctx, incident, firing.clock)?,
    }
    Ok(true)
}

/// Fires a clock of a case whose row is this transaction's own.
fn fire_case(tx: &mut Tx<'_>, ctx: &Ctx, rules: &Rules, case: CaseId, clock: u32) -> Result<(), Error> {
    let loaded = read::case(tx, ctx.org(), case)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.case)?;
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    let held = rules.of(tx, ctx.org())?;
    let actor = CaseActor::default();
    let people = BTreeMap::new();
    let facts = Facts {
        pack: held.pack(&loaded.case.pack)?,
        rebound: None,
        calendar: held.calendar(),
        actor: &actor,
        people: &people,
        do_not_visit: false,
        house: &huiyin_domain::approval::NOBODY,
        now: ctx.now,
    };
    let mut sealer = Sealer::new(seed(ctx));
    let events = loaded.case.tick(clock, &facts, &mut sealer);
    if events.is_empty() {
        return Err(Error::internal("a clock in the due index does not fire"));
    }
    let events = record(ctx, loaded.case.version, ctx.now, events);
    let mut after = loaded.case.clone();
    events.iter().for_each(|recorded| after.apply(recorded));
    let sealed = sealer.into_sealed();
    let decided = Decided { before: Some(loaded), after, events, sealed, action: "tick", tell: true };
    commit(tx, ctx, &permit, &decided)
}
