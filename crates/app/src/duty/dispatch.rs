//! The dispatch board: who can come, when, and which matters wait for somebody
//! to come (PROP-21).

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::case::{Kind, Phase, Stage};
use huiyin_domain::ids::{CaseId, PersonId, UnitId};
use huiyin_domain::people::posts_held;
use huiyin_domain::time::Timestamp;
use huiyin_store::case::list::{self as cases, CaseFilter, CaseRow};
use huiyin_store::case::{read, slots};
use huiyin_store::duty::{self as rows, DutyFilter};
use huiyin_store::people::{membership, person as persons, skill, unit as units};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::table::period;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, Target, action};

/// The most stretches, slots and waiting matters that one board holds.
const MOST: u32 = 1_000;

/// The most matters that wait on one board.
const MOST_WAITING: u32 = 100;

/// The most skills of one person.
const MOST_SKILLS: usize = 20;

/// The longest name of a skill, in letters.
const LONGEST_SKILL: usize = 30;

/// A confirmed coming.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardSlot {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Number of the slot within the case.
    pub slot: u32,
    /// Who comes.
    pub person: PersonId,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
    /// True when the time was promised to the customer.
    pub promised: bool,
}

/// A stretch of somebody's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardStretch {
    /// `on_duty`, `available` or `absent`.
    pub kind: String,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
}

/// One person of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardPerson {
    /// Who.
    pub person: PersonId,
    /// What the person can do.
    pub skills: Vec<String>,
    /// Stretches in the period, by begin.
    pub stretches: Vec<BoardStretch>,
    /// Comings in the period, by begin.
    pub slots: Vec<BoardSlot>,
}

/// A matter for which nobody's coming is confirmed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BoardMatter {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// Its version.
    pub version: i64,
    /// Its kind.
    pub kind: Kind,
    /// Its unit.
    pub unit: UnitId,
    /// Where it stands.
    pub stage: Stage,
    /// Who handles it.
    pub handler: Option<PersonId>,
    /// Title; null once erased.
    pub title: Option<String>,
    /// Earliest open limit.
    pub due_at: Option<Timestamp>,
}

/// The dispatch board of a period.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Board {
    /// Everybody of the unit and those below it, by name.
    pub people: Vec<BoardPerson>,
    /// Open repairs and complaints without a confirmed coming ahead, newest first.
    pub waiting: Vec<BoardMatter>,
}

/// Shows the board of a unit and those below it, of the house when none is named.
///
/// # Errors
/// `forbidden`, or a period that is not one.
pub fn board(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: Option<UnitId>,
    (from, to): (Timestamp, Timestamp),
) -> Result<Board, Error> {
    policy::permit(&ctx.actor, action::ViewDuty, Target::Anywhere)?;
    period(from, to)?;
    let mut people: BTreeMap<PersonId, BoardPerson> =
        staff(tx, ctx, unit)?.into_iter().map(|person| (person, of(person))).collect();
    for (person, skill) in skill::all(tx, ctx.org())? {
        if let Some(found) = people.get_mut(&person) {
            found.skills.push(skill);
        }
    }
    let all = DutyFilter { from, to, unit: None, person: None, kind: None, limit: MOST };
    for row in rows::touching(tx, ctx.org(), &all)? {
        if let Some(found) = people.get_mut(&row.person) {
            found.stretches.push(BoardStretch { kind: row.kind, from: row.starts_at, to: row.ends_at });
        }
    }
    let mut ahead = BTreeSet::new();
    for slot in comings(tx, ctx, unit)? {
        if slot.to > ctx.now {
            ahead.insert(slot.case);
        }
        if slot.from < to
            && slot.to > from
            && let Some(found) = people.get_mut(&slot.person)
        {
            found.slots.push(slot);
        }
    }
    let mut people: Vec<BoardPerson> = people.into_values().collect();
    people.iter_mut().for_each(|one| one.slots.sort_by_key(|slot| (slot.from, slot.case, slot.slot)));
    Ok(Board { people, waiting: waiting(tx, ctx, unit, &ahead)? })
}

const fn of(person: PersonId) -> BoardPerson {
    BoardPerson { person, skills: Vec::new(), stretches: Vec::new(), slots: Vec::new() }
}

/// Everybody with a post at the unit or below it now, within the reader's reach.
fn staff(tx: &mut Tx<'_>, ctx: &Ctx, unit: Option<UnitId>) -> Result<BTreeSet<PersonId>, Error> {
    let (tree, scope) = (units::tree(tx, ctx.org())?, ctx.actor.scope());
    let mut found = BTreeSet::from([ctx.actor.person]);
    for row in membership::holding(tx, ctx.org(), ctx.now)? {
        let path = tree.path(row.membership.unit, ctx.now);
        let here = unit.is_none_or(|unit| path.contains(&unit)) && scope.covers(&path);
        if here && !posts_held(std::slice::from_ref(&row.membership), ctx.now).is_empty() {
            found.insert(row.membership.person);
        }
    }
    Ok(found)
}

fn comings(tx: &mut Tx<'_>, ctx: &Ctx, unit: Option<UnitId>) -> Result<Vec<BoardSlot>, Error> {
    let mut all = Vec::new();
    for id in slots::with_slots(tx, &ctx.actor.scope(), unit, (ctx.now, MOST))? {
        let Some(loaded) = read::case(tx, ctx.org(), id)? else { continue };
        let case = loaded.case;
        for slot in &case.slots {
            let inside = |due: Timestamp| slot.from <= due && due <= slot.to;
            all.push(BoardSlot {
                case: id,
                number: case.number.clone(),
                slot: slot.id,
                person: slot.person,
                from: slot.from,
                to: slot.to,
                promised: case.promises.iter().any(|promise| promise.is_open() && inside(promise.due)),
            });
        }
    }
    Ok(all)
}

fn waiting(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: Option<UnitId>,
    ahead: &BTreeSet<CaseId>,
) -> Result<Vec<BoardMatter>, Error> {
    let stages = vec![
        Stage::Received,
        Stage::Accepted,
        Stage::Assessing,
        Stage::Investigating,
        Stage::Negotiating,
        Stage::Executing,
    ];
    let mut found = Vec::new();
    for kind in [Kind::Repair, Kind::Complaint] {
        let filter = CaseFilter {
            stages: stages.clone(),
            phases: vec![Phase::Open, Phase::WaitsForCustomer],
            kind: Some(kind),
            unit,
            limit: MOST_WAITING,
            ..CaseFilter::default()
        };
        let rows = cases::list(tx, &ctx.actor.scope(), &filter, ctx.now)?;
        found.extend(rows.into_iter().filter(|row| !ahead.contains(&row.id)).map(matter));
    }
    found.truncate(MOST_WAITING as usize);
    Ok(found)
}

fn matter(row: CaseRow) -> BoardMatter {
    BoardMatter {
        case: row.id,
        number: row.number,
        version: row.version,
        kind: row.kind,
        unit: row.unit,
        stage: row.stage,
        handler: row.handler,
        title: row.title,
        due_at: row.due_at,
    }
}

/// Says what a person can do at the customer's; gives it sorted, each once.
///
/// # Errors
/// `forbidden`, `not_found`, `too_many`, or a name that is none.
pub fn set_skills(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    person: PersonId,
    skills: &[String],
) -> Result<Vec<String>, Error> {
    policy::permit(&ctx.actor, action::ManageDuty, Target::Anywhere)?;
    persons::in_org(tx, ctx.org(), person)?.ok_or_else(Error::not_found)?;
    if skills.len() > MOST_SKILLS {
        return Err(Error::field("skills", "too_many"));
    }
    let mut kept = BTreeSet::new();
    for (index, skill) in skills.iter().enumerate() {
        kept.insert(check::text(&format!("skills[{index}]"), skill, LONGEST_SKILL)?);
    }
    let kept: Vec<String> = kept.into_iter().collect();
    skill::replace(tx, ctx.org(), person, &kept)?;
    audit::record(tx, ctx, "skills_set", Object::new("person", person), json!({"skills": kept}))?;
    Ok(kept)
}
