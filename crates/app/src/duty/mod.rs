//! Who is on duty where, and who answers for what nobody received.

use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::people::Post;
use huiyin_store::people::{membership, unit};
use huiyin_store::sql::Tx;

use crate::ctx::Ctx;
use crate::error::Error;

/// Finds who answers for a unit now (contracts §3).
///
/// On duty at the unit, else its lead, else its head, else the same one level
/// up; at last whoever administers the organisation.
///
/// # Errors
/// `nobody_answers` when the organisation has none of them.
pub fn who_answers(tx: &mut Tx<'_>, ctx: &Ctx, at: UnitId) -> Result<PersonId, Error> {
    let path = unit::path(tx, ctx.org(), at, ctx.now)?;
    let absent = huiyin_store::duty::absent(tx, ctx.org(), ctx.now)?;
    let holding = membership::holding(tx, ctx.org(), ctx.now)?;
    let holder = |at: Option<UnitId>, post: Post| {
        holding
            .iter()
            .map(|row| &row.membership)
            .find(|place| {
                at.is_none_or(|unit| place.unit == unit)
                    && place.posts.contains(&post)
                    && !absent.contains(&place.person)
            })
            .map(|place| place.person)
    };
    for unit in path.iter().rev() {
        if let Some(person) = huiyin_store::duty::on_duty(tx, ctx.org(), *unit, ctx.now)?.first() {
            return Ok(*person);
        }
        if let Some(person) = holder(Some(*unit), Post::Lead).or_else(|| holder(Some(*unit), Post::Head)) {
            return Ok(person);
        }
    }
    let last = holder(None, Post::Head).or_else(|| holder(None, Post::Admin));
    last.ok_or_else(|| Error::conflict("nobody_answers"))
}
