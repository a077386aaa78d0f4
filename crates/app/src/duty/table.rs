//! Entering, cancelling and listing stretches of the duty table.

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::roster::{Stretch, uncovered};
use huiyin_domain::time::Timestamp;
use huiyin_store::duty::{self as rows, DutyFilter};
use huiyin_store::people::{membership, person as persons, unit as units};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

pub use huiyin_store::duty::DutyRow;

use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most stretches that one answer holds.
const MOST: u32 = 1000;

/// The longest period looked at, in microseconds: 400 days.
const LONGEST: i64 = 400 * 86_400 * 1_000_000;

/// What a person does in a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyKind {
    /// Accepts what comes in (值班).
    OnDuty,
    /// Can come to the customer (PROP-21).
    Available,
    /// Is away.
    Absent,
}

impl DutyKind {
    /// Gives the name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OnDuty => "on_duty",
            Self::Available => "available",
            Self::Absent => "absent",
        }
    }
}

/// A stretch that is to be entered.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct NewDuty {
    /// Who.
    pub person: PersonId,
    /// Where.
    pub unit: UnitId,
    /// What.
    pub kind: DutyKind,
    /// From when.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

/// Which stretches are wanted: those that touch a period.
#[derive(Clone, Copy, Debug)]
pub struct RosterFilter {
    /// Begin of the period.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
    /// Of this unit alone.
    pub unit: Option<UnitId>,
    /// Of this person alone.
    pub person: Option<PersonId>,
    /// Of this kind alone.
    pub kind: Option<DutyKind>,
}

/// Checks that a period ends after it begins and is not endless.
pub(super) fn period(from: Timestamp, to: Timestamp) -> Result<Stretch, Error> {
    if to <= from {
        return Err(Error::field("to", "time_order"));
    }
    if to.micros().saturating_sub(from.micros()) > LONGEST {
        return Err(Error::field("to", "period_too_long"));
    }
    Ok((from, to))
}

/// Enters a stretch.
///
/// Whoever manages duty there may; one's own availability and absence everybody.
///
/// # Errors
/// `forbidden`, `duty_overlaps`, or a field that is not acceptable.
pub fn add(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewDuty) -> Result<DutyRow, Error> {
    period(new.from, new.to)?;
    let path = units::path(tx, ctx.org(), new.unit, new.from.max(ctx.now))?;
    if path.is_empty() {
        return Err(Error::field("unit", "unit_unknown"));
    }
    may_set(ctx, &path, new.person, new.kind)?;
    known(tx, ctx, new.person)?;
    let filter = DutyFilter {
        from: new.from,
        to: new.to,
        unit: Some(new.unit),
        person: Some(new.person),
        kind: Some(new.kind.name().to_owned()),
        limit: 1,
    };
    if !rows::touching(tx, ctx.org(), &filter)?.is_empty() {
        return Err(Error::conflict("duty_overlaps"));
    }
    let row = DutyRow {
        id: ctx.uuid(),
        person: new.person,
        unit: new.unit,
        kind: new.kind.name().to_owned(),
        starts_at: new.from,
        ends_at: new.to,
    };
    rows::insert(tx, ctx.org(), &row, ctx.actor.identified().then_some(ctx.actor.person), ctx.now)?;
    let details = json!({"person": row.person, "unit": row.unit, "kind": row.kind});
    audit::record(tx, ctx, "duty_entered", Object::new("duty", row.id), details)?;
    Ok(row)
}

fn may_set(ctx: &Ctx, path: &[UnitId], person: PersonId, kind: DutyKind) -> Result<(), Error> {
    let own = person == ctx.actor.person && !ctx.actor.posts.is_empty();
    if own && kind != DutyKind::OnDuty {
        return Ok(());
    }
    policy::permit(&ctx.actor, action::ManageDuty, Target::Unit(path)).map(|_| ())
}

fn known(tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId) -> Result<(), Error> {
    let active = persons::in_org(tx, ctx.org(), person)?.is_some_and(|person| person.active);
    let places = membership::of_person(tx, ctx.org(), person)?;
    let here = places.iter().any(|row| row.membership.valid.to.is_none_or(|to| to > ctx.now));
    if active && here { Ok(()) } else { Err(Error::field("person", "person_unknown")) }
}

/// Cancels a stretch; that it was planned stays known.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn cancel(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<(), Error> {
    let row = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let path = units::path(tx, ctx.org(), row.unit, ctx.now)?;
    let own = row.person == ctx.actor.person && row.kind != DutyKind::OnDuty.name();
    if !own {
        policy::permit(&ctx.actor, action::ManageDuty, Target::Unit(&path))?;
    }
    rows::cancel(tx, ctx.org(), id, ctx.now)?;
    audit::record(tx, ctx, "duty_cancelled", Object::new("duty", id), json!({}))
}

/// Lists stretches that touch a period, by begin; at most 1,000.
///
/// # Errors
/// `forbidden`, or a period that is not one.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, filter: &RosterFilter) -> Result<Vec<DutyRow>, Error> {
    policy::permit(&ctx.actor, action::ViewDuty, Target::Anywhere)?;
    let (from, to) = period(filter.from, filter.to)?;
    let kind = filter.kind.map(|kind| kind.name().to_owned());
    let wanted = DutyFilter { from, to, unit: filter.unit, person: filter.person, kind, limit: MOST };
    Ok(rows::touching(tx, ctx.org(), &wanted)?)
}

/// Says whether a person said to be available in all of a period (PROP-21).
///
/// # Errors
/// What the store gives.
pub fn is_available(tx: &mut Tx<'_>, org: OrgId, person: PersonId, period: Stretch) -> Result<bool, Error> {
    let all = DutyFilter {
        from: period.0,
        to: period.1,
        unit: None,
        person: Some(person),
        kind: None,
        limit: MOST,
    };
    let found = rows::touching(tx, org, &all)?;
    let of = |kind: DutyKind| -> Vec<Stretch> {
        let rows = found.iter().filter(|row| row.kind == kind.name());
        rows.map(|row| (row.starts_at, row.ends_at)).collect()
    };
    let away = of(DutyKind::Absent);
    Ok(away.is_empty() && uncovered(period, &of(DutyKind::Available)).is_empty())
}
