//! Which department does the work: by the pack's word for cause, category or
//! remedy, found as a unit of that name (ASC-10, DEPT-5, MOB-7).

use std::cmp::Reverse;

use huiyin_domain::case::{Case, Command};
use huiyin_domain::ids::UnitId;
use huiyin_domain::pack::{Names, Pack};
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;

use crate::ctx::Ctx;
use crate::error::Error;

/// Names the departments that a body leaves open and the pack knows.
///
/// # Errors
/// What the store gives.
pub(super) fn fill(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (case, pack): (&Case, &Pack),
    command: &mut Command,
) -> Result<(), Error> {
    match command {
        Command::Transfer(body) if body.department.is_none() => {
            body.department = department_of(tx, ctx, case, pack)?;
        }
        Command::DrawUpAgreement(body) => {
            for item in body.items.iter_mut().filter(|item| item.department.is_none()) {
                let listed = |name: &String| pack.remedies_of(case.kind).find(|def| def.name == *name);
                let names = item.remedy.as_ref().and_then(listed).and_then(|def| def.department.as_ref());
                if let Some(names) = names {
                    item.department = nearest(tx, ctx, case, names)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

/// Finds the unit of the department that cause or category point to (DEPT-5).
///
/// # Errors
/// What the store gives.
pub fn department_of(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, pack: &Pack) -> Result<Option<UnitId>, Error> {
    match pack.department_for(case.category_now(), case.cause.as_deref()) {
        Some(names) => nearest(tx, ctx, case, names),
        None => Ok(None),
    }
}

/// Of the units with the name, the one whose way from the root goes along with
/// that of the case the longest, and then has the fewest steps left; none where
/// two are as near.
fn nearest(tx: &mut Tx<'_>, ctx: &Ctx, case: &Case, names: &Names) -> Result<Option<UnitId>, Error> {
    let own = unit::path(tx, ctx.org(), case.unit, ctx.now)?;
    let mut found = Vec::new();
    for one in unit::named(tx, ctx.org(), (&names.zh, &names.en))? {
        let path = unit::path(tx, ctx.org(), one.id, ctx.now)?;
        if !path.is_empty() {
            let shared = path.iter().zip(&own).take_while(|(a, b)| a == b).count();
            found.push(((Reverse(shared), path.len()), one.id));
        }
    }
    found.sort_unstable();
    Ok(match found.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, unit), ..] => Some(*unit),
        [] => None,
    })
}
