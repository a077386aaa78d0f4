//! Whatever a paper or step names must be there and be known to who names it.

use std::collections::BTreeSet;

use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::paper::Paper;
use huiyin_domain::people::Post;
use huiyin_store::party::household;
use huiyin_store::people::{membership, person, unit};
use huiyin_store::sql::Tx;

use crate::case;
use crate::ctx::Ctx;
use crate::error::Error;

/// Checks what the opening of a paper names.
///
/// # Errors
/// A field for the first thing that is not there.
pub(super) fn check_new<P: Paper>(tx: &mut Tx<'_>, ctx: &Ctx, new: &P::New) -> Result<(), Error> {
    if let Some(about) = P::case_of(new) {
        case::visible(tx, ctx, about).map_err(|_| Error::field("case", "unknown_case"))?;
    }
    let (party, home) = P::party_of(new);
    if let Some(party) = party
        && !crate::party::exists(tx, ctx, party)?
    {
        return Err(Error::field("party", "unknown_party"));
    }
    if let Some(home) = home
        && household::get(tx, ctx.org(), home)?.is_none()
    {
        return Err(Error::field("household", "unknown_household"));
    }
    people(tx, ctx, &P::people_of(new))?;
    units(tx, ctx, &P::units_of(new))
}

/// Checks what a step names.
///
/// # Errors
/// A field for the first thing that is not there.
pub(super) fn check_step<P: Paper>(tx: &mut Tx<'_>, ctx: &Ctx, step: &P::Step) -> Result<(), Error> {
    people(tx, ctx, &P::people_of_step(step))?;
    units(tx, ctx, &P::units_of_step(step))
}

/// SUP-12: fills in who works for a department, where nobody was named.
///
/// # Errors
/// What the store gives.
pub(super) fn fill_in<P: Paper>(tx: &mut Tx<'_>, ctx: &Ctx, new: &mut P::New) -> Result<(), Error> {
    let at = P::unit_of(new);
    let Some(people) = P::expects(new) else { return Ok(()) };
    let mut found = BTreeSet::new();
    for member in membership::holding(tx, ctx.org(), ctx.now)? {
        let place = member.membership;
        if place.posts.contains(&Post::Department)
            && unit::path(tx, ctx.org(), place.unit, ctx.now)?.contains(&at)
        {
            found.insert(place.person);
        }
    }
    *people = found.into_iter().collect();
    Ok(())
}

fn people(tx: &mut Tx<'_>, ctx: &Ctx, named: &[(String, PersonId)]) -> Result<(), Error> {
    for (path, id) in named {
        let active = person::in_org(tx, ctx.org(), *id)?.is_some_and(|person| person.active);
        let places = membership::of_person(tx, ctx.org(), *id)?;
        if !active || !places.iter().any(|row| row.membership.valid.holds(ctx.now)) {
            return Err(Error::field(path, "unknown_person"));
        }
    }
    Ok(())
}

fn units(tx: &mut Tx<'_>, ctx: &Ctx, named: &[(String, UnitId)]) -> Result<(), Error> {
    for (path, id) in named {
        if unit::path(tx, ctx.org(), *id, ctx.now)?.is_empty() {
            return Err(Error::field(path, "unknown_unit"));
        }
    }
    Ok(())
}
