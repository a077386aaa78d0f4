//! What the rules of approval must know of people and money around a case.

use std::collections::BTreeMap;

use huiyin_domain::approval::House;
use huiyin_domain::case::Case;
use huiyin_domain::text::Sealed;
use huiyin_store::case::read;
use huiyin_store::duty as roster;
use huiyin_store::people::{membership, unit};
use huiyin_store::sql::Tx;

use crate::ctx::Ctx;
use crate::error::Error;

/// Gathers who holds which post over a case, who is away, and what the texts
/// of its approvals were sealed with.
///
/// # Errors
/// What the store gives.
pub fn house(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<House, Error> {
    let mut house = House { salts: bound_texts(tx, ctx, case)?, ..House::default() };
    for unit in unit::path(tx, ctx.org(), case.unit, ctx.now)? {
        for row in membership::of_unit(tx, ctx.org(), unit, ctx.now)? {
            for post in row.membership.posts {
                house.holders.entry(post).or_default().insert(row.membership.person);
            }
        }
    }
    house.absent = roster::absent(tx, ctx.org(), ctx.now)?.into_iter().collect();
    Ok(house)
}

/// Gives the salts of the texts that the case's approvals are bound to, so
/// that another text can be compared with them; an erased one has none.
///
/// # Errors
/// What the store gives.
pub fn bound_texts(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<BTreeMap<Sealed, Vec<u8>>, Error> {
    let approvals = case.round.approvals.iter();
    let texts: Vec<Sealed> =
        approvals.flat_map(|one| [Some(one.content.clone()), one.addressee.clone()]).flatten().collect();
    Ok(read::salts(tx, ctx.org(), case.id, &texts)?)
}
