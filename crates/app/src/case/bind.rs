//! Binding a unit to a pack, by kind of case.

use huiyin_domain::case::Kind;
use huiyin_domain::ids::UnitId;
use huiyin_store::case::binding::{self as rows, Binding};
use huiyin_store::people::unit;
use huiyin_store::sql::Tx;
use serde_json::json;

use super::rules::Rules;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// Lists which units are bound to which packs.
///
/// # Errors
/// `forbidden`.
pub fn bindings(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Binding>, Error> {
    policy::permit(&ctx.actor, action::ViewUnits, Target::Anywhere)?;
    Ok(rows::list(tx, ctx.org())?)
}

/// Binds the cases of a unit, and of the units below it, to a pack.
///
/// Cases that exist keep theirs for life; a change of kind or unit rebinds.
///
/// # Errors
/// `forbidden`, `not_found` for the unit, a field for pack or kind.
pub fn bind(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (unit, kind): (UnitId, Option<Kind>),
    pack: &str,
) -> Result<Binding, Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    unit::get(tx, ctx.org(), unit)?.ok_or_else(Error::not_found)?;
    let held = rules.of(tx, ctx.org())?;
    let mut versions = held.packs().filter(|held| held.name == pack).peekable();
    if versions.peek().is_none() {
        return Err(Error::field("pack", "unknown_pack"));
    }
    if kind.is_some_and(|kind| !versions.any(|pack| !pack.targets(kind).is_empty())) {
        return Err(Error::field("kind", "kind_not_in_pack"));
    }
    let binding = Binding { unit, kind, pack: pack.to_owned(), bound_at: ctx.now };
    rows::bind(tx, ctx.org(), &binding)?;
    note(tx, ctx, "pack_bound", &binding)?;
    Ok(binding)
}

/// Ends a binding: the unit above decides again, else the organisation.
///
/// # Errors
/// `forbidden`, or `not_found` where there is no such binding.
pub fn unbind(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId, kind: Option<Kind>) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageOrganisation, Target::Anywhere)?;
    if !rows::unbind(tx, ctx.org(), unit, kind)? {
        return Err(Error::not_found());
    }
    note(tx, ctx, "pack_unbound", &Binding { unit, kind, pack: String::new(), bound_at: ctx.now })
}

fn note(tx: &mut Tx<'_>, ctx: &Ctx, what: &'static str, binding: &Binding) -> Result<(), Error> {
    let details = json!({"kind": binding.kind, "pack": binding.pack});
    audit::record(tx, ctx, what, Object::new("unit", binding.unit.to_string()), details)
}
