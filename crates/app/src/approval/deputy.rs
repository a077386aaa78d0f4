//! Naming who signs for whom in a period.

use huiyin_domain::ids::PersonId;
use huiyin_domain::time::Timestamp;
use huiyin_store::approval::{self as rows, DeputyRow};
use huiyin_store::people::{membership, person as persons};
use huiyin_store::sql::Tx;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// The most deputies that one answer holds.
const MOST: u32 = 1_000;

/// The longest that somebody may stand in at one naming, in microseconds.
const LONGEST: i64 = 400 * 86_400 * 1_000_000;

/// A deputy to be named.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct NewDeputy {
    /// Who is stood for.
    pub person: PersonId,
    /// Who stands in.
    pub deputy: PersonId,
    /// From when.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

/// Names a deputy: everybody their own, administration for others.
///
/// Nobody makes themselves the deputy of another; who stands in for somebody
/// counts as that person wherever duties are kept apart.
///
/// # Errors
/// `forbidden`, `deputy_overlaps`, or a field that is not acceptable.
pub fn name_deputy(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewDeputy) -> Result<DeputyRow, Error> {
    let own = new.person == ctx.actor.person && !ctx.actor.posts.is_empty();
    if !own {
        policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    }
    if new.deputy == new.person || (!own && new.deputy == ctx.actor.person) {
        return Err(Error::field("deputy", "same_person"));
    }
    let length = new.to.micros().saturating_sub(new.from.micros());
    if length <= 0 || new.to <= ctx.now {
        return Err(Error::field("to", "time_order"));
    }
    if length > LONGEST {
        return Err(Error::field("to", "period_too_long"));
    }
    known(tx, ctx, "person", new.person)?;
    known(tx, ctx, "deputy", new.deputy)?;
    if rows::overlaps(tx, ctx.org(), new.person, (new.from, new.to))? {
        return Err(Error::conflict("deputy_overlaps"));
    }
    let row = DeputyRow {
        id: ctx.uuid(),
        person: new.person,
        deputy: new.deputy,
        starts_at: new.from,
        ends_at: new.to,
    };
    let by = ctx.actor.identified().then_some(ctx.actor.person);
    rows::insert(tx, ctx.org(), &row, by, ctx.now)?;
    let details =
        json!({"person": row.person, "deputy": row.deputy, "from": row.starts_at, "to": row.ends_at});
    audit::record(tx, ctx, "deputy_named", Object::new("deputy", row.id), details)?;
    Ok(row)
}

fn known(tx: &mut Tx<'_>, ctx: &Ctx, path: &str, person: PersonId) -> Result<(), Error> {
    let active = persons::in_org(tx, ctx.org(), person)?.is_some_and(|person| person.active);
    let places = membership::of_person(tx, ctx.org(), person)?;
    let here = places.iter().any(|row| row.membership.valid.to.is_none_or(|to| to > ctx.now));
    if active && here { Ok(()) } else { Err(Error::field(path, "person_unknown")) }
}

/// Ends a deputy's time at once; what they signed stays signed.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn cancel_deputy(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<(), Error> {
    let row = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    if row.person != ctx.actor.person && row.deputy != ctx.actor.person {
        policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    }
    rows::cancel(tx, ctx.org(), id, ctx.now)?;
    audit::record(tx, ctx, "deputy_cancelled", Object::new("deputy", id), json!({}))
}

/// Lists who stands for whom now and later, by begin; at most 1,000.
///
/// # Errors
/// `forbidden`.
pub fn deputies(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<DeputyRow>, Error> {
    policy::permit(&ctx.actor, action::ViewDuty, Target::Anywhere)?;
    Ok(rows::list(tx, ctx.org(), ctx.now, MOST)?)
}
