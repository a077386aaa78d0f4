//! Establishment of each site, its gaps, and duties that cannot be kept apart.

use std::collections::BTreeMap;

use serde_json::json;

use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::{
    Clash, DEFAULT_ESTABLISHMENT, Gap, Membership, Post, Wanted, clashes, gaps, posts_at,
};
use huiyin_domain::people::{PostHeld, posts_held};
use huiyin_store::people::{establishment as rows, membership as memberships, unit as units};
use huiyin_store::sql::Tx;

use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// Sets how many of each post a site should have; nothing sets the default.
///
/// PROP-9, X-32.
///
/// # Errors
/// `forbidden`, or `not_found` when the site does not stand now.
pub fn set(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unit: UnitId,
    wanted: Option<&BTreeMap<Post, u32>>,
) -> Result<(), Error> {
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::not_found());
    }
    policy::permit(&ctx.actor, action::SetEstablishment, Target::Unit(&path))?;
    let list: Vec<(Post, u32)> = match wanted {
        None => DEFAULT_ESTABLISHMENT.to_vec(),
        Some(wanted) => wanted.iter().map(|(post, people)| (*post, *people)).collect(),
    };
    rows::replace(tx, ctx.org(), unit, &list)?;
    let told: BTreeMap<Post, u32> = list.into_iter().collect();
    audit::record(tx, ctx, "establishment_set", Object::new("unit", unit), json!({"wanted": told}))
}

/// What is wanted, and what is missing of it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EstablishmentReport {
    /// How many of each post each site should have.
    pub wanted: Vec<Wanted>,
    /// Where there are too few.
    pub gaps: Vec<Gap>,
}

/// Reports establishments and gaps of the sites that the actor sees (PROP-9).
///
/// # Errors
/// `forbidden`.
pub fn report(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<EstablishmentReport, Error> {
    policy::permit(&ctx.actor, action::ViewEstablishment, Target::Anywhere)?;
    let scope = ctx.actor.scope();
    let tree = units::tree(tx, ctx.org())?;
    let seen = |want: &Wanted| {
        let path = tree.path(want.unit, ctx.now);
        !path.is_empty() && scope.covers(&path)
    };
    let wanted: Vec<Wanted> = rows::all(tx, ctx.org())?.into_iter().filter(seen).collect();
    let members = members(tx, ctx)?;
    let gaps = gaps(&wanted, &members, ctx.now);
    Ok(EstablishmentReport { wanted, gaps })
}

/// Lists the duties that the people of a desk cannot keep apart.
///
/// A desk of two hears it before a case is stuck (SUP-1, X-39). Everybody
/// whose post counts at the unit is looked at, wherever it is held.
///
/// # Errors
/// `forbidden`, or `not_found` when the unit does not stand now.
pub fn separation(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<Vec<Clash>, Error> {
    let path = units::path(tx, ctx.org(), unit, ctx.now)?;
    if path.is_empty() {
        return Err(Error::not_found());
    }
    policy::permit(&ctx.actor, action::ViewEstablishment, Target::Unit(&path))?;
    let mut people: BTreeMap<PersonId, Vec<PostHeld>> = BTreeMap::new();
    for member in members(tx, ctx)? {
        people.entry(member.person).or_default().extend(posts_held(&[member], ctx.now));
    }
    let there: BTreeMap<PersonId, Vec<Post>> =
        people.into_iter().map(|(person, held)| (person, posts_at(&held, &path))).collect();
    Ok(clashes(&there))
}

fn members(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Membership>, Error> {
    let rows = memberships::holding(tx, ctx.org(), ctx.now)?;
    Ok(rows.into_iter().map(|row| row.membership).collect())
}
