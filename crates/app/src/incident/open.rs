//! Opening an incident, with its first members.

use huiyin_domain::case::{Case, CaseActor, CommandKind, Kind};
use huiyin_domain::ids::{IncidentId, PersonId, UnitId};
use huiyin_domain::incident::{self, Facts, Member, MembersStand, NewIncident, replay};
use huiyin_domain::text::{Sealer, Text};
use huiyin_store::case::read as cases;
use huiyin_store::incident::read;
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;

use super::commit::{Decided, commit, record};
use super::heat;
use crate::case::{Numbers, Rules, refusal, seed};
use crate::ctx::{Actor, Ctx};
use crate::error::Error;
use crate::policy::{self, CaseSight};

/// What opening an incident led to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenedIncident {
    /// Its id.
    pub id: IncidentId,
    /// Its human number.
    pub number: String,
    /// Its version, for `If-Match`.
    #[schema(minimum = 1)]
    pub version: u64,
    /// How many members it has.
    #[schema(minimum = 0)]
    pub members: usize,
}

/// Opens an incident.
///
/// # Errors
/// `forbidden` without a post at the unit, or fields that are not acceptable.
pub fn open(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    numbers: &Numbers,
    new: NewIncident,
) -> Result<(OpenedIncident, CaseSight), Error> {
    open_for(tx, ctx, (rules, numbers), new, None)
}

/// PROP-83: three persons or more who complain together are hot by themselves;
/// their complaint is an incident from the start, with the same owner.
///
/// # Errors
/// What the store gives.
pub(crate) fn open_collective(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (rules, numbers): (&Rules, &Numbers),
    case: &Case,
    words: &Text,
) -> Result<(), Error> {
    let held = rules.of(tx, ctx.org())?;
    let hot = held.pack(&case.pack)?.hot.as_ref().is_some_and(|rule| case.persons >= rule.group);
    if !hot || case.kind != Kind::Complaint {
        return Ok(());
    }
    let short: String = words.as_str().chars().take(LONGEST_TITLE).collect();
    let new = NewIncident {
        title: Text::new(&short).map_err(Error::internal)?,
        reason: Text::new(&format!("PROP-83: {}", case.persons)).map_err(Error::internal)?,
        members: vec![Member::case(case.id)],
        unit: Some(case.unit),
        building: None,
        category: case.category.clone(),
    };
    let system = Ctx { actor: Actor::system(ctx.org()), ..ctx.clone() };
    open_for(tx, &system, (rules, numbers), new, Some(case.owner)).map(drop)
}

/// The most characters of a message that become the title of its incident.
const LONGEST_TITLE: usize = 60;

fn open_for(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (rules, numbers): (&Rules, &Numbers),
    new: NewIncident,
    owner: Option<PersonId>,
) -> Result<(OpenedIncident, CaseSight), Error> {
    let unit = place(tx, ctx, &new)?;
    let path = unit::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::field("unit", "unknown_unit"));
    }
    let sight = CaseSight { paths: vec![path], ..CaseSight::default() };
    let permit = policy::case_permit(&ctx.actor, &sight)?;
    let held = rules.of(tx, ctx.org())?;
    let person = ctx.actor.identified().then_some(ctx.actor.person);
    let actor = CaseActor { person, posts: permit.view().posts().iter().copied().collect(), customer: false };
    cases::hold(tx, ctx.org(), &new.members.iter().map(|member| member.case).collect())?;
    let seen = read::seen(tx, &ctx.actor.scope(), &new.members, None, ctx.now)?;
    let facts = Facts {
        pack: held.in_force(tx, ctx, (unit, Kind::Complaint), ctx.now)?,
        calendar: held.calendar(),
        actor: &actor,
        seen: &seen,
        stand: MembersStand::default(),
        now: ctx.now,
    };
    let owner = match owner.or(person) {
        Some(person) => person,
        None => crate::duty::who_answers(tx, ctx, unit)?,
    };
    let day = held.calendar().zone().date(ctx.now);
    let number = numbers.take_as(tx, ctx.org(), day, PREFIX)?;
    let mut sealer = Sealer::new(seed(ctx));
    let events = incident::open(new, (number, unit, owner), &facts, &mut sealer)
        .map_err(|refused| refusal(&refused, CommandKind::Note))?;
    let events = record(ctx, 0, events);
    let after = replay(IncidentId(ctx.uuid()), &events)
        .ok_or_else(|| Error::internal("an incident must begin with its opening"))?;
    let mut decided = Decided { before: None, after, events, sealed: sealer.into_sealed(), action: "open" };
    heat::after_operation(tx, ctx, &held, &mut decided)?;
    commit(tx, ctx, &permit, &decided)?;
    let incident = &decided.after;
    let opened = OpenedIncident {
        id: incident.id,
        number: incident.number.clone(),
        version: incident.version,
        members: incident.membership().members.len(),
    };
    Ok((opened, CaseSight { people: vec![owner], ..sight }))
}

/// 事件: the first letters of an incident's number.
const PREFIX: &str = "SJ";

/// The unit said, else that of the first case, else where the opener works.
fn place(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewIncident) -> Result<UnitId, Error> {
    if let Some(unit) = new.unit {
        return Ok(unit);
    }
    if let Some(member) = new.members.first() {
        let unknown = |_| Error::field("members[0]", "unknown_case");
        return Ok(crate::case::visible(tx, ctx, member.case).map_err(unknown)?.0.case.unit);
    }
    let held = ctx.actor.posts.first();
    held.map(|held| held.unit).ok_or_else(|| Error::field("unit", "required"))
}
