//! Counting open clocks again after a calendar changed (D5).

use std::collections::BTreeSet;

use huiyin_domain::case::{Case, ClockMoved, Event, Notified, Recipient, Ruled};
use huiyin_domain::ids::{CaseId, IncidentId, PersonId};
use huiyin_domain::time::{CalendarRef, WorkingCalendar};
use huiyin_store::case::read;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};

use super::commit::{Decided, commit, record};
use super::sight::sight_of;
use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy;
use crate::work::{self, Effects, Failure, Inside, Job, kinds};

/// How many cases one job looks at.
const BATCH: u32 = 200;

/// Where a recount stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Recount {
    /// The last case that was looked at.
    after: Option<CaseId>,
    /// The last incident that was looked at, once all cases were.
    #[serde(default)]
    incident: Option<IncidentId>,
    /// True once all cases were looked at.
    #[serde(default)]
    incidents: bool,
    /// Who has been told already: each person once.
    told: BTreeSet<PersonId>,
    /// The calendar to count by; another process may not have read it yet.
    #[serde(default)]
    calendar: Option<CalendarRef>,
}

/// Queues a recount of every open clock of the organisation.
///
/// # Errors
/// What the store gives.
pub(super) fn begin(tx: &mut Tx<'_>, ctx: &Ctx, calendar: &CalendarRef) -> Result<(), Error> {
    go_on(tx, ctx, &Recount { calendar: Some(calendar.clone()), ..Recount::default() })
}

fn go_on(tx: &mut Tx<'_>, ctx: &Ctx, at: &Recount) -> Result<(), Error> {
    work::enqueue(tx, ctx, kinds::CALENDAR_RECOUNT, at, (ctx.now, None))?;
    Ok(())
}

/// The job: counts a batch of cases and queues the next one.
pub struct CalendarRecount {
    /// Rules and clock of the application.
    pub app: App,
}

impl Inside for CalendarRecount {
    fn kind(&self) -> &'static str {
        kinds::CALENDAR_RECOUNT
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let mut at: Recount = job.read()?;
        let mut held = self.app.rules.of(tx, ctx.org())?;
        if at.calendar.as_ref().is_some_and(|wanted| held.calendar().reference() != wanted) {
            self.app.rules.forget(ctx.org());
            held = self.app.rules.of(tx, ctx.org())?;
        }
        if at.incidents {
            let batch = (at.incident, BATCH);
            at.incident = crate::incident::recount(tx, ctx, batch, held.calendar(), &mut at.told)?;
            if at.incident.is_some() {
                go_on(tx, ctx, &at)?;
            }
            return Ok(Effects::default());
        }
        let cases = read::open_after(tx, ctx.org(), at.after, BATCH)?;
        for id in &cases {
            recount(tx, ctx, *id, held.calendar(), &mut at.told)?;
        }
        at.after = cases.last().copied();
        at.incidents = cases.len() < BATCH as usize;
        go_on(tx, ctx, &at)?;
        Ok(Effects::default())
    }
}

/// Writes an event only where a due time moved.
fn recount(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CaseId,
    calendar: &WorkingCalendar,
    told: &mut BTreeSet<PersonId>,
) -> Result<(), Error> {
    let Some(loaded) = read::case_to_change(tx, ctx.org(), id)? else { return Ok(()) };
    let mut events = moved(&loaded.case, calendar);
    if events.is_empty() {
        return Ok(());
    }
    let worker = loaded.case.handler.unwrap_or(loaded.case.owner);
    if told.insert(worker) {
        let notice = Notified {
            to: Recipient::Person(worker),
            why: "calendar_changed".to_owned(),
            urgent: false,
            sources: Vec::new(),
        };
        events.push(Event::Ruled(Ruled::Notified(notice)));
    }
    let sight = sight_of(tx, ctx, &loaded.case)?;
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    let events = record(ctx, loaded.case.version, ctx.now, events);
    let mut after = loaded.case.clone();
    events.iter().for_each(|recorded| after.apply(recorded));
    let decided =
        Decided { before: Some(loaded), after, events, sealed: Vec::new(), action: "recount", tell: true };
    commit(tx, ctx, &permit, &decided)
}

fn moved(case: &Case, calendar: &WorkingCalendar) -> Vec<Event> {
    let mut events = Vec::new();
    for clock in &case.clocks {
        let mut clock = clock.clone();
        // A due time beyond the range of dates stays as it was.
        if let Ok(Some(_)) = clock.recompute(calendar) {
            events.push(Event::Ruled(Ruled::ClockMoved(ClockMoved { clock })));
        }
    }
    events
}
