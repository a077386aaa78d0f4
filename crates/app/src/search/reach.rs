//! Who may find what, and where names and addresses may be searched.

use std::collections::BTreeSet;

use huiyin_domain::people::{Reach as Far, Scope, Sensitive};
use huiyin_domain::search::Reach;
use huiyin_store::search::reach as rows;
use huiyin_store::sql::Tx;

use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::policy::{self, Target, action};

/// Writes a scope out: the condition of a list, as the index asks it.
///
/// # Errors
/// What the store gives.
pub fn reach_of(tx: &mut Tx<'_>, ctx: &Ctx, scope: &Scope) -> Result<Reach, Error> {
    if scope.all {
        return Ok(Reach { all: true, ..Reach::default() });
    }
    let mut units = scope.units.clone();
    units.extend(rows::below(tx, ctx.org(), &scope.subtrees, ctx.now)?);
    Ok(Reach { all: false, person: Some(scope.person), units, unplaced: false })
}

/// Says where the actor sees a field uncovered: only there may it be searched, or
/// searching would uncover it.
///
/// # Errors
/// What the store gives.
pub fn clear(tx: &mut Tx<'_>, ctx: &Ctx, field: Sensitive) -> Result<Reach, Error> {
    if matches!(ctx.actor.via, Via::System | Via::CommandLine) {
        return Ok(Reach { all: true, ..Reach::default() });
    }
    let mut reach = Reach::default();
    let mut subtrees = BTreeSet::new();
    for held in ctx.actor.posts.iter().filter(|held| field.clear_for(held.post)) {
        // a customer of no unit belongs to the whole house
        reach.unplaced = true;
        match held.post.reach() {
            Far::Own | Far::Team => {
                reach.units.insert(held.unit);
            }
            Far::Subtree => {
                subtrees.insert(held.unit);
            }
            Far::All => reach.all = true,
        }
    }
    if !reach.all {
        reach.units.extend(rows::below(tx, ctx.org(), &subtrees, ctx.now)?);
    }
    Ok(reach)
}

/// Says what knowledge may be found: whoever works here reads all of it.
pub(super) fn knowing(ctx: &Ctx) -> Option<Reach> {
    let may = policy::permit(&ctx.actor, action::ViewKnowledge, Target::Anywhere).is_ok();
    may.then(|| Reach { all: true, ..Reach::default() })
}

/// Says whether a reach covers what lies in a unit, or in none.
pub(super) fn covers(reach: &Reach, unit: Option<huiyin_domain::ids::UnitId>) -> bool {
    reach.all || unit.map_or(reach.unplaced, |unit| reach.units.contains(&unit))
}
