//! Who is there now, and the hours that nobody covers (PROP-45).

use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::roster::{Stretch, uncovered, without};
use huiyin_domain::time::Timestamp;
use huiyin_store::duty::{self as rows, DutyFilter};
use huiyin_store::people::{organisation, unit as units};
use huiyin_store::sql::Tx;

use super::answers::answering;
use super::table::{DutyKind, period};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most stretches looked at for one unit.
const MOST: u32 = 10_000;

/// Who is there for a unit at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyNow {
    /// The unit.
    pub unit: UnitId,
    /// Who is on duty, first come first.
    pub on_duty: Vec<PersonId>,
    /// Who answers, on duty or not; nobody in an organisation without leaders.
    pub answers: Option<PersonId>,
}

/// The hours of a unit that nobody covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitGaps {
    /// The unit.
    pub unit: UnitId,
    /// The hours, in order.
    pub gaps: Vec<Stretch>,
}

/// Says who is there for a unit at this moment; without one, for the whole house.
///
/// # Errors
/// `forbidden`, or `unit_unknown`.
pub fn now(tx: &mut Tx<'_>, ctx: &Ctx, unit: Option<UnitId>) -> Result<DutyNow, Error> {
    policy::permit(&ctx.actor, action::ViewDuty, Target::Anywhere)?;
    let unit = standing(tx, ctx, unit)?;
    Ok(DutyNow {
        unit,
        on_duty: rows::on_duty(tx, ctx.org(), unit, ctx.now)?,
        answers: answering(tx, ctx.org(), unit, ctx.now)?,
    })
}

fn standing(tx: &mut Tx<'_>, ctx: &Ctx, unit: Option<UnitId>) -> Result<UnitId, Error> {
    let Some(unit) = unit else { return root(tx, ctx) };
    let found = units::get(tx, ctx.org(), unit)?;
    found.map(|found| found.id).ok_or_else(|| Error::field("unit", "unit_unknown"))
}

fn root(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<UnitId, Error> {
    let organisation = organisation::get(tx, ctx.org())?;
    Ok(organisation.ok_or_else(Error::not_found)?.root_unit)
}

/// Reports the hours of a period that nobody covers (PROP-45).
///
/// Of one unit, else of each that has anybody on duty in the period; where no
/// unit has, the whole house is uncovered. Who is absent covers nothing.
///
/// # Errors
/// `forbidden`, `unit_unknown`, or a period that is not one.
pub fn gaps(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: Option<UnitId>,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<UnitGaps>, Error> {
    policy::permit(&ctx.actor, action::ViewDuty, Target::Anywhere)?;
    let wanted = period(from, to)?;
    let mut list = match unit {
        Some(_) => vec![standing(tx, ctx, unit)?],
        None => rows::units_with_duty(tx, ctx.org(), from, to)?,
    };
    if list.is_empty() {
        list.push(root(tx, ctx)?);
    }
    list.into_iter()
        .map(|unit| Ok(UnitGaps { unit, gaps: uncovered(wanted, &covered(tx, ctx, unit, wanted)?) }))
        .collect()
}

fn covered(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, (from, to): Stretch) -> Result<Vec<Stretch>, Error> {
    let filter = |unit: Option<UnitId>, kind: DutyKind| DutyFilter {
        from,
        to,
        unit,
        person: None,
        kind: Some(kind.name().to_owned()),
        limit: MOST,
    };
    let away = rows::touching(tx, ctx.org(), &filter(None, DutyKind::Absent))?;
    let planned = rows::touching(tx, ctx.org(), &filter(Some(unit), DutyKind::OnDuty))?;
    let stays = planned.iter().flat_map(|row| {
        let holes: Vec<Stretch> = away
            .iter()
            .filter(|absence| absence.person == row.person)
            .map(|absence| (absence.starts_at, absence.ends_at))
            .collect();
        without(&[(row.starts_at, row.ends_at)], &holes)
    });
    Ok(stays.collect())
}
