//! The supervisor's view: what is open by age and stage, who carries how much,
//! and what presses.

use huiyin_domain::count::Mark;
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use huiyin_store::case::load as rows;
use huiyin_store::sql::Tx;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// A day, µs.
const DAY: i64 = 86_400 * 1_000_000;

/// Up to how many days each age but the last goes.
const AGES: [i64; 3] = [1, 3, 7];

/// The most people and pressing matters of one answer.
const MOST: u32 = 200;

/// What is open of one stage and age; its list is
/// `GET /cases?status={stage}&received_from=…&received_before=…`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgeCell {
    /// The stage.
    pub stage: &'static str,
    /// Received from; null for the oldest.
    pub received_from: Option<Timestamp>,
    /// Received before; null for the youngest.
    pub received_before: Option<Timestamp>,
    /// The number of open cases.
    pub cases: i64,
}

/// What one person carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Load {
    /// Who.
    pub person: PersonId,
    /// Open cases owned.
    pub owned: i64,
    /// Of these, with a limit that passed.
    pub overdue: i64,
}

/// An important or major case, or whatever owes a report to those above.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Pressing {
    /// `case` or `incident`.
    pub what: String,
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its unit.
    pub unit: UnitId,
    /// Who owns it.
    pub owner: PersonId,
    /// Where it stands.
    pub stage: String,
    /// Title; null once erased.
    pub title: Option<String>,
    /// Chosen as important (PROP-65).
    pub important: bool,
    /// A major complaint (PROP-81).
    pub major: bool,
    /// Earliest open limit.
    pub due_at: Option<Timestamp>,
    /// When the next report about it is due.
    pub report_at: Option<Timestamp>,
}

/// What is open now within the reader's reach.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Overview {
    /// As of when.
    pub at: Timestamp,
    /// Open cases.
    pub open: i64,
    /// Of these, with a limit that passed before `at`.
    pub overdue: i64,
    /// By stage and age, youngest first; what is not there is none.
    pub ages: Vec<AgeCell>,
    /// Who owns how much, most first.
    pub people: Vec<Load>,
    /// What presses, soonest first.
    pub pressing: Vec<Pressing>,
}

/// Sums up what is open now, for supervision (SUP-1, PROP-81).
///
/// # Errors
/// `forbidden` without a post that may see figures.
pub fn overview(tx: &mut Tx<'_>, ctx: &Ctx, unit: Option<UnitId>) -> Result<Overview, Error> {
    policy::permit(&ctx.actor, action::ViewFigures, Target::Anywhere)?;
    let scope = ctx.actor.scope();
    let edges = AGES.map(|days| Timestamp::from_micros(ctx.now.micros().saturating_sub(days * DAY)));
    let ages = rows::by_age(tx, &scope, unit, edges, ctx.now)?;
    let people = rows::by_person(tx, &scope, unit, (ctx.now, MOST))?;
    let pressing = rows::pressing(tx, &scope, unit, (ctx.now, MOST))?;
    let cell = |row: &rows::AgeRow| {
        let age = row.age as usize;
        AgeCell {
            stage: row.stage.as_str(),
            received_from: edges.get(age).copied(),
            received_before: age.checked_sub(1).and_then(|younger| edges.get(younger)).copied(),
            cases: row.cases,
        }
    };
    Ok(Overview {
        at: ctx.now,
        open: ages.iter().map(|row| row.cases).sum(),
        overdue: rows::overdue(tx, &scope, unit, ctx.now)?,
        ages: ages.iter().map(cell).collect(),
        people: people
            .into_iter()
            .map(|row| Load { person: row.person, owned: row.owned, overdue: row.overdue })
            .collect(),
        pressing: pressing.into_iter().map(told).collect(),
    })
}

fn told(row: rows::PressingRow) -> Pressing {
    Pressing {
        important: row.marks.has(Mark::Important),
        major: row.marks.has(Mark::Major),
        what: row.what,
        id: row.id,
        number: row.number,
        unit: row.unit,
        owner: row.owner,
        stage: row.stage,
        title: row.title,
        due_at: row.due_at,
        report_at: row.report_at,
    }
}
