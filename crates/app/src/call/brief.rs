//! The briefing for a call (CALL-9): who calls, what is open, what to say.

use huiyin_domain::call::greeting::{Greeting, Speaker, greeting};
use huiyin_domain::case::Phase;
use huiyin_domain::ids::{CallId, PartyId, PersonId, UnitId};
use huiyin_domain::knowledge::CallMoment;
use huiyin_domain::people::PhoneSearch;
use huiyin_domain::phone::digits;
use huiyin_store::call::list::{self as rows, CallFilter};
use huiyin_store::call::settings::{self, LineRow};
use huiyin_store::case::list::{self as cases, CaseFilter};
use huiyin_store::party::{self as parties, PartyFilter, household};
use huiyin_store::people::{organisation, person, unit as units};
use huiyin_store::sql::Tx;

use super::back::{self, CallBackSeen};
use super::list::{CallSeen, get, seen};
use super::standing::StandingSeen;
use crate::App;
use crate::case::{CaseLine, visible};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::incident::{self, KnownIncident, Sought};
use crate::knowledge::{self, Beside, FoundArticle};
use crate::party::{self, PartyView};
use crate::policy::{self, Target, action};

/// The most customers that one number is told to belong to.
const CANDIDATES: u32 = 10;
/// The most open cases of one customer.
const CASES: u32 = 20;
/// The most earlier calls of one customer.
const CALLS: u32 = 10;

/// A customer as the briefing has them.
#[derive(Clone, Debug)]
pub struct BriefCustomer {
    /// Who it is, covered where the post may not see it.
    pub party: PartyView,
    /// What they are to the house.
    pub standing: StandingSeen,
    /// Names of the estates in which they live.
    pub estates: Vec<(UnitId, String)>,
    /// Open cases that the reader may see, with the owner's name, the next limit first.
    pub cases: Vec<(CaseLine, String)>,
    /// Calls before this one that the reader may see, latest first.
    pub calls: Vec<CallSeen>,
}

/// Everything that helps with a call.
#[derive(Clone, Debug)]
pub struct Briefing {
    /// The call.
    pub call: CallSeen,
    /// Name of the house.
    pub organisation: String,
    /// The line that was dialled, with the name of its unit.
    pub line: Option<(LineRow, String)>,
    /// What the reader says (TEL-17).
    pub greeting: Greeting,
    /// At which moment the call is.
    pub moment: CallMoment,
    /// What is to be minded then.
    pub tips: Vec<FoundArticle>,
    /// Who calls, where that is known.
    pub customer: Option<BriefCustomer>,
    /// Who may be calling, where several have the number.
    pub candidates: Vec<BriefCustomer>,
    /// What is known to be out of order where the customer lives.
    pub incidents: Vec<KnownIncident>,
    /// What was promised to the number and not kept yet.
    pub call_backs: Vec<CallBackSeen>,
}

/// Composes what somebody says who speaks for a unit.
pub(super) fn greets(tx: &mut Tx<'_>, ctx: &Ctx, unit: Option<UnitId>) -> Result<Greeting, Error> {
    let house = organisation::get(tx, ctx.org())?;
    let company = house.as_ref().map_or_else(String::new, |house| house.name.clone());
    let root = house.map(|house| house.root_unit);
    let department = match unit.filter(|unit| Some(*unit) != root) {
        Some(unit) => units::get(tx, ctx.org(), unit)?.map(|unit| unit.name),
        None => None,
    };
    let speaker = Speaker {
        company: &company,
        department: department.as_deref(),
        agent: Some(&ctx.actor.name).filter(|name| !name.is_empty()).map(String::as_str),
    };
    Ok(greeting(&speaker, ctx.locale))
}

/// Gives the briefing for a call; writes who was shown.
///
/// # Errors
/// `not_found` when the call is not there or not for this person to know.
pub fn briefing(tx: &mut Tx<'_>, ctx: &Ctx, app: &App, id: CallId) -> Result<Briefing, Error> {
    let call = get(tx, ctx, id)?;
    // the number as it is, whatever the reader may see of it
    let whole = huiyin_store::call::call(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let number = whole.number().and_then(digits);
    let line = match &whole.line {
        Some(number) => settings::line(tx, number)?.filter(|line| line.org == ctx.org()),
        None => None,
    };
    let unit = line.as_ref().map(|line| line.unit);
    let greeting = greets(tx, ctx, unit)?;
    let line = match line {
        Some(line) => {
            let name = units::get(tx, ctx.org(), line.unit)?.map_or_else(String::new, |unit| unit.name);
            Some((line, name))
        }
        None => None,
    };
    let found = customers(tx, ctx, (whole.party, number.as_deref()))?;
    let mut briefed = Vec::new();
    for party in found {
        briefed.push(customer(tx, ctx, (party, id))?);
    }
    let (customer, candidates) = match briefed.len() {
        1 => (briefed.pop(), Vec::new()),
        _ => (None, briefed),
    };
    let incidents = match &customer {
        Some(customer) => known(tx, ctx, app, customer.party.id)?,
        None => Vec::new(),
    };
    let moment = whole.moment(ctx.now);
    let case = whole.case.filter(|case| visible(tx, ctx, *case).is_ok());
    let beside = Beside { case, text: Some(String::new()), moment: Some(moment), ..Beside::default() };
    let tips = knowledge::suggest(tx, ctx, app, &beside)?.tips;
    let call_backs = match number {
        Some(number) if policy::permit(&ctx.actor, action::TakeCalls, Target::Anywhere).is_ok() => {
            back::open_to(tx, ctx, number)?
        }
        _ => Vec::new(),
    };
    let organisation = organisation::get(tx, ctx.org())?.map_or_else(String::new, |house| house.name);
    Ok(Briefing {
        call,
        organisation,
        line,
        greeting,
        moment,
        tips,
        customer,
        candidates,
        incidents,
        call_backs,
    })
}

/// Gives who calls: the call's customer, else everybody visible with the number.
fn customers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (party, number): (Option<PartyId>, Option<&str>),
) -> Result<Vec<PartyId>, Error> {
    if policy::permit(&ctx.actor, action::ViewParties, Target::Anywhere).is_err() {
        return Ok(Vec::new());
    }
    if let Some(party) = party {
        return Ok(party::look(tx, ctx, party).map(|party| vec![party.id]).unwrap_or_default());
    }
    let Some(number) = number else { return Ok(Vec::new()) };
    let phone = Some(PhoneSearch::Whole(number.to_owned()));
    let filter = PartyFilter { phone, limit: CANDIDATES, ..PartyFilter::default() };
    let found = parties::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
    let standing = found.iter().filter(|row| row.erased_at.is_none());
    let mut ids: Vec<PartyId> = standing.map(|row| row.duplicate_of.unwrap_or(row.id)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.retain(|id| party::look(tx, ctx, *id).is_ok());
    Ok(ids)
}

fn customer(tx: &mut Tx<'_>, ctx: &Ctx, (id, now): (PartyId, CallId)) -> Result<BriefCustomer, Error> {
    let party = party::get(tx, ctx, id)?;
    let standing = huiyin_store::call::standing::get(tx, ctx.org(), id)?.unwrap_or_default().0;
    let standing = StandingSeen::of(standing, party.masked, ctx);
    let mut estates: Vec<(UnitId, String)> = Vec::new();
    for home in &party.residences {
        if estates.iter().all(|(unit, _)| *unit != home.unit)
            && let Some(unit) = units::get(tx, ctx.org(), home.unit)?
        {
            estates.push((unit.id, unit.name));
        }
    }
    let phases = vec![Phase::Open, Phase::WaitsForCustomer, Phase::WaitsForThirdParty];
    let filter = CaseFilter {
        phases,
        party: Some(id),
        order: cases::CaseOrder::Due,
        limit: CASES,
        ..CaseFilter::default()
    };
    let mut open = Vec::new();
    for row in cases::list(tx, &ctx.actor.scope(), &filter, ctx.now)? {
        let name = name_of(tx, row.owner)?;
        open.push((CaseLine::from(row), name));
    }
    let filter = CallFilter { party: Some(id), limit: CALLS + 1, ..CallFilter::default() };
    let earlier = rows::calls(tx, &ctx.actor.scope(), &filter, ctx.now)?;
    let mut calls = Vec::new();
    for row in earlier.into_iter().filter(|row| row.call.id != now).take(CALLS as usize) {
        calls.push(seen(tx, ctx, row)?);
    }
    Ok(BriefCustomer { party, standing, estates, cases: open, calls })
}

pub(super) fn name_of(tx: &mut Tx<'_>, id: PersonId) -> Result<String, Error> {
    Ok(person::get(tx, id)?.map_or_else(String::new, |row| row.name))
}

/// Finds what is out of order in the buildings of a customer.
///
/// As far as the reader may know of it.
pub(super) fn known(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    app: &App,
    party: PartyId,
) -> Result<Vec<KnownIncident>, Error> {
    let mut all: Vec<KnownIncident> = Vec::new();
    for (home, _) in household::of_party(tx, ctx.org(), party)? {
        let sought = Sought { building: Some(home.building), unit: Some(home.unit), ..Sought::default() };
        for one in incident::known(tx, ctx, app, &sought)? {
            let goes_on = one.incident.closed_at.is_none();
            if goes_on && all.iter().all(|known| known.incident.id != one.incident.id) {
                all.push(one);
            }
        }
    }
    Ok(all)
}
