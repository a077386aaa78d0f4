//! Where a case lies and whose it is: what visibility is decided by.

use std::collections::BTreeSet;

use huiyin_domain::case::{Case, approval_seats};
use huiyin_domain::ids::{CaseId, UnitId};
use huiyin_store::case::read::{self, Loaded};
use huiyin_store::people::{membership, unit};
use huiyin_store::sql::Tx;

use crate::approval;
use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::policy::{self, CaseSight, CaseView as Sight};

/// Gathers what decides whether somebody may see a case.
///
/// # Errors
/// What the store gives.
pub fn sight_of(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case) -> Result<CaseSight, Error> {
    let mut paths = vec![unit::path(tx, ctx.org(), case.unit, ctx.now)?];
    if let Some(department) = case.department {
        paths.push(unit::path(tx, ctx.org(), department, ctx.now)?);
    }
    let mut people = vec![case.owner];
    people.extend(case.handler);
    people.extend(case.receiver);
    people.extend(case.hand_over.map(|offer| offer.to));
    people.extend(case.transfer.map(|offer| offer.to));
    people.extend(case.tasks.iter().filter(|task| task.is_open()).filter_map(|task| task.person));
    people.extend(case.threads.iter().filter_map(|thread| thread.person));
    // ASC-4: whoever was given a form goes on with it, wherever they work
    people.extend(case.forms.values().filter_map(|form| form.handed).map(|handed| handed.to));
    // A department sees what it has to do; its posts do not count there.
    let units: BTreeSet<UnitId> =
        case.tasks.iter().filter(|task| task.is_open()).filter_map(|task| task.unit).collect();
    for unit in units {
        let there = membership::of_unit(tx, ctx.org(), unit, ctx.now)?;
        people.extend(there.into_iter().map(|row| row.membership.person));
    }
    // Who stands in for an approver sees the case as long as it waits for them.
    if approval::waits(case, ctx) {
        let house = approval::house(tx, ctx, case)?;
        let open = case.round.approvals.iter().filter(|approval| approval.is_open(ctx.now));
        for approval in open {
            let seats = approval_seats(approval, case, &house);
            people.extend(seats.iter().filter(|seat| seat.stands_for.is_some()).map(|seat| seat.person));
        }
    }
    Ok(CaseSight { paths, people, opened: ctx.actor.via == Via::Customer(Some(case.id)) })
}

/// Loads a case that the actor may see.
///
/// # Errors
/// `not_found` when it is not there or not for this person to know.
pub fn visible(tx: &mut Tx<'_>, ctx: &Ctx, id: CaseId) -> Result<(Loaded, Sight), Error> {
    let loaded = read::case(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let sight = sight_of(tx, ctx, &loaded.case)?;
    let view = policy::case_view(&ctx.actor, &sight)?;
    Ok((loaded, view))
}
