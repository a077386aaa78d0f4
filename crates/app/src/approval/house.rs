//! What the rules of approval must know of people and money around a case.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_domain::approval::House;
use huiyin_domain::case::Case;
use huiyin_domain::ids::UnitId;
use huiyin_domain::people::{Post, PostHeld, posts_at};
use huiyin_domain::text::Sealed;
use huiyin_store::approval as rows;
use huiyin_store::case::read;
use huiyin_store::duty as roster;
use huiyin_store::people::{membership, unit};
use huiyin_store::sql::Tx;

use crate::ctx::Ctx;
use crate::error::Error;

/// Gathers what a decision on the case must know: the people only where an
/// approval waits or is being asked for, the texts that approvals are bound to
/// always.
///
/// # Errors
/// What the store gives.
pub fn house_for(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, asking: bool) -> Result<House, Error> {
    let mut house = if asking || waits(case, ctx) { house(tx, ctx, case)? } else { House::default() };
    house.salts = bound_texts(tx, ctx, case)?;
    house.mine = departments(tx, ctx, case)?;
    house.spent = rows::granted_elsewhere(tx, ctx.org(), case.id)?.into_iter().collect();
    Ok(house)
}

/// Tells whether an approval of the case waits for somebody.
pub(crate) fn waits(case: &Case, ctx: &Ctx) -> bool {
    case.round.approvals.iter().any(|approval| approval.is_open(ctx.now))
}

/// Gathers who holds which post over a case, who is away, who stands for whom.
///
/// # Errors
/// What the store gives.
pub fn house(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<House, Error> {
    // PROP-72: the head of the department that is accused decides too
    let mut paths = vec![unit::path(tx, ctx.org(), case.unit, ctx.now)?];
    if let Some(department) = case.department {
        paths.push(unit::path(tx, ctx.org(), department, ctx.now)?);
    }
    let mut house = House::default();
    for row in membership::holding(tx, ctx.org(), ctx.now)? {
        let member = row.membership;
        let held: Vec<PostHeld> =
            member.posts.iter().map(|post| PostHeld { unit: member.unit, post: *post }).collect();
        for post in paths.iter().flat_map(|path| posts_at(&held, path)) {
            house.holders.entry(post).or_default().insert(member.person);
        }
    }
    house.absent = roster::absent(tx, ctx.org(), ctx.now)?.into_iter().collect();
    house.deputies = rows::standing(tx, ctx.org(), ctx.now)?.into_iter().collect();
    Ok(house)
}

/// Gives the departments with open tasks in the case for which the actor works
/// or which they lead.
fn departments(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<BTreeSet<UnitId>, Error> {
    let units: BTreeSet<UnitId> =
        case.tasks.iter().filter(|task| task.is_open()).filter_map(|task| task.unit).collect();
    let mut mine = BTreeSet::new();
    for unit in units {
        let posts = ctx.actor.posts_at(&unit::path(tx, ctx.org(), unit, ctx.now)?);
        if posts.iter().any(|post| matches!(post, Post::Department | Post::Head)) {
            mine.insert(unit);
        }
    }
    Ok(mine)
}

/// Gives the salts of the texts that the case's approvals are bound to, so
/// that another text can be compared with them; an erased one has none.
fn bound_texts(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<BTreeMap<Sealed, Vec<u8>>, Error> {
    let approvals = case.round.approvals.iter();
    let texts: Vec<Sealed> =
        approvals.flat_map(|one| [Some(one.content.clone()), one.addressee.clone()]).flatten().collect();
    Ok(read::salts(tx, ctx.org(), case.id, &texts)?)
}
