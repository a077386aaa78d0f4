//! A customer's identity erased on lawful request.
//!
//! The complaint file stays (PROP-67, 68): cases keep their reference to a
//! customer who has no name, number or address any more.

use huiyin_domain::ids::PartyId;
use huiyin_store::party::erasure::{self as rows, ErasureRow};
use huiyin_store::sql::Tx;
use serde_json::json;

use super::view::visible;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, Target, action};

/// Empties everything that tells who a customer is.
///
/// `basis` names the lawful request; it enters the log that a restore replays,
/// so that no backup brings the identity back.
///
/// # Errors
/// `forbidden`, `not_found`, or `text_length` without a basis.
pub fn erase(tx: &mut Tx<'_>, ctx: &Ctx, id: PartyId, basis: &str) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::EraseIdentity, Target::Anywhere)?;
    visible(tx, ctx, id)?;
    let basis = check::text("basis", basis, 500)?;
    let papers = crate::paper::forget(tx, ctx.org(), id)?;
    let drafts = crate::shelf::forget_party(tx, ctx.org(), id)?;
    huiyin_store::call::standing::forget(tx, ctx.org(), id)?;
    rows::empty_party(tx, ctx.org(), id, ctx.now)?;
    let line = ErasureRow {
        id: ctx.uuid(),
        at: ctx.now,
        object_kind: "party".into(),
        object_id: id.to_string(),
        texts: Vec::new(),
        basis,
        person: ctx.actor.identified().then_some(ctx.actor.person),
    };
    rows::insert(tx, ctx.org(), &line)?;
    audit::record(
        tx,
        ctx,
        "party_erased",
        Object::new("party", id),
        json!({"erasure": line.id, "papers": papers, "drafts": drafts}),
    )
}

/// Repeats the erasings of customers from a log, in a database that was
/// restored from before them; gives how many were repeated.
///
/// Lines about other things are kept in the log and left to their own part.
///
/// # Errors
/// What the store gives.
pub fn replay(tx: &mut Tx<'_>, ctx: &Ctx, log: &[ErasureRow]) -> Result<usize, Error> {
    let mut count = 0;
    for line in log {
        rows::insert(tx, ctx.org(), line)?;
        if line.object_kind != "party" {
            continue;
        }
        let id: PartyId = line.object_id.parse().map_err(Error::internal)?;
        crate::paper::forget(tx, ctx.org(), id)?;
        crate::shelf::forget_party(tx, ctx.org(), id)?;
        huiyin_store::call::standing::forget(tx, ctx.org(), id)?;
        if rows::empty_party(tx, ctx.org(), id, line.at)? {
            count += 1;
        }
    }
    Ok(count)
}
