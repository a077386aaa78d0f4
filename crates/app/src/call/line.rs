//! What the process that holds the lines asks while a caller is on one.

use huiyin_domain::call::record::State;
use huiyin_domain::call::rules::PhoneRules;
use huiyin_domain::call::simulation::waits;
use huiyin_domain::case::Phase;
use huiyin_domain::ids::{CallId, OrgId, PartyId, PersonId, QueueId, UnitId};
use huiyin_domain::knowledge::Mood;
use huiyin_domain::menu::{Customer, KnownIncident};
use huiyin_domain::people::PhoneSearch;
use huiyin_domain::phone::digits;
use huiyin_domain::time::WorkingCalendar;
use huiyin_store::call as rows;
use huiyin_store::call::settings;
use huiyin_store::case::list::{self as cases, CaseFilter};
use huiyin_store::case::read;
use huiyin_store::people::{person as people, unit as units};
use huiyin_store::sql::Tx;
use huiyin_store::{duty, party as parties};

use super::brief::known;
use super::floor::by_itself;
use super::rules::phone_rules;
use crate::App;
use crate::ctx::Ctx;
use crate::duty::answering;
use crate::error::Error;
use crate::people::membership;
use crate::policy::Action;

/// Customers looked at for one number; more than one tells nothing.
const LOOKED_AT: u32 = 2;

/// Finds the customer whose number calls; nothing when nobody or several have it.
///
/// # Errors
/// What the store gives.
pub async fn party_of(app: &App, org: OrgId, number: Option<&str>) -> Result<Option<PartyId>, Error> {
    let Some(digits) = number.and_then(digits) else { return Ok(None) };
    let search = PhoneSearch::Whole(digits);
    let found = app.store.read(move |tx| parties::by_phone(tx, org, &search, LOOKED_AT)).await?;
    Ok(match found.as_slice() {
        [one] => Some(one.id),
        _ => None,
    })
}

/// Tells a menu or queue who calls, if the number is one customer's (CALL-9).
///
/// Their level puts them ahead by the house's own value, the skills that they need are
/// asked of agents, whoever has their newest open case is asked first, anger noted there
/// lets them come first (SKILL-6), and what is out of order in their building is told.
///
/// # Errors
/// What the store gives.
pub async fn caller(app: &App, org: OrgId, number: &str) -> Result<Option<Customer>, Error> {
    let Some(party) = party_of(app, org, Some(number)).await? else { return Ok(None) };
    let (app_, ctx) = (app.clone(), by_itself(app, org));
    app.store.read(move |tx| told_of(tx, &ctx, &app_, party).map(Some)).await
}

fn told_of(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, party: PartyId) -> Result<Customer, Error> {
    let org = ctx.org();
    let standing = rows::standing::get(tx, org, party)?.unwrap_or_default().0;
    let levels = phone_rules(tx, org)?.levels;
    let phases = vec![Phase::Open, Phase::WaitsForCustomer, Phase::WaitsForThirdParty];
    let filter = CaseFilter { phases, party: Some(party), limit: 1, ..CaseFilter::default() };
    let newest = cases::list(tx, &ctx.actor.scope(), &filter, ctx.now)?.into_iter().next();
    let case = match &newest {
        Some(row) => read::case(tx, org, row.id)?.map(|loaded| loaded.case),
        None => None,
    };
    let angry = case.is_some_and(|case| {
        let last = case.emotions.last();
        last.is_some_and(|seen| seen.emotion.parse() == Ok(Mood::Angry))
    });
    let incident = known(tx, ctx, app, party)?.into_iter().next();
    Ok(Customer {
        priority: standing.level.as_ref().and_then(|level| levels.get(level)).copied().unwrap_or(0),
        blacklisted: standing.restricted_at(ctx.now).is_some(),
        level: standing.level,
        skills: standing.skills,
        agent: newest.map(|row| row.handler.unwrap_or(row.owner)),
        angry,
        // by when it is to be over is written nowhere: nothing is promised
        incident: incident.map(|one| KnownIncident { category: one.incident.category, until: None }),
    })
}

/// Gives the number of whoever is on duty now at a unit or above.
///
/// The first who has one; else of whoever answers there.
///
/// # Errors
/// What the store gives.
pub async fn duty_number(app: &App, org: OrgId, unit: UnitId) -> Result<Option<String>, Error> {
    let now = app.clock.now();
    app.store
        .read(move |tx| {
            let mut people = Vec::new();
            for unit in units::path(tx, org, unit, now)?.into_iter().rev() {
                people.extend(duty::on_duty(tx, org, unit, now)?);
            }
            people.extend(answering(tx, org, unit, now)?);
            for person in people {
                let phone = people::get(tx, person)?.and_then(|row| row.phone);
                if let Some(number) = phone.as_deref().and_then(digits) {
                    return Ok(Some(number));
                }
            }
            Ok(None)
        })
        .await
}

/// Gives what the house sets for its telephones.
///
/// # Errors
/// What the store gives.
pub async fn rules_of(app: &App, org: OrgId) -> Result<PhoneRules, Error> {
    app.store.read(move |tx| phone_rules(tx, org)).await
}

/// Gives the calendar by which hours are told.
///
/// # Errors
/// What the store gives.
pub async fn calendar(app: &App, org: OrgId) -> Result<WorkingCalendar, Error> {
    let rules = app.rules.clone();
    app.store.read(move |tx| Ok(rules.of(tx, org)?.calendar().clone())).await
}

/// Finds a queue by the name that menus have for it.
///
/// # Errors
/// What the store gives.
pub async fn queue_of(app: &App, org: OrgId, code: &str) -> Result<Option<QueueId>, Error> {
    let code = code.to_owned();
    let found = app.store.read(move |tx| settings::queue_coded(tx, org, &code)).await?;
    Ok(found.map(|queue| queue.id))
}

/// Counts the calls before one in its queue; nothing when it does not wait.
///
/// # Errors
/// What the store gives.
pub async fn ahead(app: &App, org: OrgId, id: CallId) -> Result<Option<u32>, Error> {
    let now = app.clock.now();
    app.store
        .read(move |tx| {
            use huiyin_domain::call::floor::Floor as _;
            let Some(call) =
                rows::call(tx, org, id)?.filter(|call| matches!(call.state, State::Waiting { .. }))
            else {
                return Ok(None);
            };
            let Some(queue) = call.queue.filter(|_| waits(&call).is_some()) else { return Ok(None) };
            let Some(settings) = settings::queue(tx, org, queue)? else { return Ok(None) };
            let mut waiting = rows::Rows::of(tx, org, now)?.waiting(queue)?;
            huiyin_domain::call::queue::ordered(&settings, &mut waiting);
            let place = waiting.iter().position(|one| one.call == id);
            Ok(place.and_then(|place| u32::try_from(place).ok()))
        })
        .await
}

/// Tells whether a person may be in calls as a supervisor.
///
/// # Errors
/// What the store gives.
pub async fn supervises(app: &App, org: OrgId, person: PersonId) -> Result<bool, Error> {
    let now = app.clock.now();
    let held = app.store.read(move |tx| membership::posts(tx, org, person, now)).await?;
    Ok(held.iter().any(|held| Action::SuperviseCalls.allowed_to(held.post)))
}

/// Tells whether a trunk leads outside.
///
/// # Errors
/// What the store gives.
pub async fn has_trunk(app: &App, org: OrgId) -> Result<bool, Error> {
    let trunks = app.store.read(move |tx| settings::trunks(tx, org)).await?;
    Ok(trunks.iter().any(|trunk| trunk.active))
}

/// Finds the queue through which a call reaches an agent.
///
/// Its own if they serve it, else the first that they serve.
///
/// # Errors
/// What the store gives.
pub async fn queue_for(
    app: &App,
    org: OrgId,
    (call, person): (CallId, PersonId),
) -> Result<Option<QueueId>, Error> {
    let now = app.clock.now();
    app.store
        .read(move |tx| {
            use huiyin_domain::call::floor::Floor as _;
            let own = rows::call(tx, org, call)?.and_then(|call| call.queue);
            let served = rows::Rows::of(tx, org, now)?.served(person)?;
            Ok(own.filter(|own| served.contains(own)).or_else(|| served.first().copied()))
        })
        .await
}
