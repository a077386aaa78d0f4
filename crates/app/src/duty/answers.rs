//! Who answers for a unit at a moment.

use std::collections::BTreeSet;

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::{Membership, Post};
use huiyin_domain::time::Timestamp;
use huiyin_store::duty as rows;
use huiyin_store::people::{membership, unit as units};
use huiyin_store::sql::Tx;

use crate::ctx::Ctx;
use crate::error::Error;

/// Finds who answers for a unit now, and so owns what no person received.
///
/// On duty at the unit, else its lead, else its head, else the same one level
/// up; then any head, at last whoever administers the organisation (PROP-14,
/// contracts §3). Who is absent comes only when nobody else is left.
///
/// # Errors
/// `nobody_answers` when the organisation has none of them.
pub fn who_answers(tx: &mut Tx<'_>, ctx: &Ctx, at: UnitId) -> Result<PersonId, Error> {
    answering(tx, ctx.org(), at, ctx.now)?.ok_or_else(|| Error::conflict("nobody_answers"))
}

/// Does what [`who_answers`] does for any moment; nobody is an answer too.
///
/// # Errors
/// What the store gives.
pub fn answering(
    tx: &mut Tx<'_>,
    org: OrgId,
    unit: UnitId,
    at: Timestamp,
) -> Result<Option<PersonId>, Error> {
    let away: BTreeSet<PersonId> = rows::absent(tx, org, at)?.into_iter().collect();
    let members: Vec<Membership> =
        membership::holding(tx, org, at)?.into_iter().map(|row| row.membership).collect();
    let present: Vec<&Membership> = members.iter().filter(|member| !away.contains(&member.person)).collect();
    let path = units::path(tx, org, unit, at)?;
    for unit in path.iter().rev() {
        if let Some(person) = rows::on_duty(tx, org, *unit, at)?.first() {
            return Ok(Some(*person));
        }
        if let Some(person) = at_unit(&present, *unit) {
            return Ok(Some(person));
        }
    }
    let everybody: Vec<&Membership> = members.iter().collect();
    Ok(anywhere(&present)
        .or_else(|| path.iter().rev().find_map(|unit| at_unit(&everybody, *unit)))
        .or_else(|| anywhere(&everybody)))
}

fn at_unit(members: &[&Membership], unit: UnitId) -> Option<PersonId> {
    let holder = |post: Post| {
        let found = members.iter().find(|member| member.unit == unit && member.posts.contains(&post));
        found.map(|member| member.person)
    };
    holder(Post::Lead).or_else(|| holder(Post::Head))
}

fn anywhere(members: &[&Membership]) -> Option<PersonId> {
    let holder =
        |post: Post| members.iter().find(|member| member.posts.contains(&post)).map(|member| member.person);
    holder(Post::Head).or_else(|| holder(Post::Admin))
}
