//! What a customer is to the house: level, skills, restriction (CALL-9, X-36).

use huiyin_domain::call::standing::Standing;
use huiyin_domain::ids::PartyId;
use huiyin_store::call::standing as rows;
use huiyin_store::sql::Tx;
use serde_json::json;

use super::rules::phone_rules;
use crate::audit::{self, Object};
use crate::case::fields_error;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::party;
use crate::policy::{self, Target, action};

/// Shows what a customer is to the house, with its version.
///
/// Why business is restricted is only for whom nothing of the customer is covered.
///
/// # Errors
/// `forbidden`, or `not_found` when the customer is not for this person to know.
pub fn standing(tx: &mut Tx<'_>, ctx: &Ctx, id: PartyId) -> Result<(StandingSeen, i64), Error> {
    let party = party::look(tx, ctx, id)?;
    let (standing, version) = rows::get(tx, ctx.org(), id)?.unwrap_or_default();
    Ok((StandingSeen::of(standing, party.masked, ctx), version))
}

/// A standing as a person sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandingSeen {
    /// One of the house's levels.
    pub level: Option<String>,
    /// Skills that an agent must have.
    pub skills: Vec<String>,
    /// Their own time zone, where they live elsewhere (TEL-6).
    pub time_zone: Option<String>,
    /// Until when business is restricted, and why where that may be known.
    pub restricted: Option<(Option<String>, huiyin_domain::time::Timestamp)>,
}

impl StandingSeen {
    pub(super) fn of(standing: Standing, masked: bool, ctx: &Ctx) -> Self {
        let held = standing.restricted_at(ctx.now);
        let restricted =
            held.map(|one| (Some(one.reason.as_str().to_owned()).filter(|_| !masked), one.until));
        Self { restricted, level: standing.level, skills: standing.skills, time_zone: standing.time_zone }
    }
}

/// Says what a customer is to the house.
///
/// who restricts business, or takes that back, answers for it by name: it is for
/// leads and heads, with a reason and an end, and stays in the audit trail.
///
/// # Errors
/// `forbidden`, `not_found`, `stale`, or the fields that are not acceptable.
pub fn set_standing(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (id, seen): (PartyId, i64),
    new: &Standing,
) -> Result<(StandingSeen, i64), Error> {
    party::look(tx, ctx, id)?;
    policy::permit(&ctx.actor, action::EditParties, Target::Anywhere)?;
    let (before, version) = rows::get(tx, ctx.org(), id)?.unwrap_or_default();
    if version != seen {
        return Err(Error::stale().with("version", version));
    }
    if new.restricted != before.restricted {
        policy::permit(&ctx.actor, action::RestrictCustomers, Target::Anywhere)?;
    }
    let rules = phone_rules(tx, ctx.org())?;
    let faults = new.faults(rules.levels.keys(), ctx.now);
    if !faults.is_empty() {
        return Err(fields_error(&faults));
    }
    if !rows::put(tx, ctx.org(), (id, seen), new)? {
        return Err(Error::stale().with("version", version));
    }
    let until = new.restricted.as_ref().map(|one| one.until);
    let details = json!({"level": new.level, "time_zone": new.time_zone, "restricted_until": until});
    audit::record(tx, ctx, "party_standing_set", Object::new("party", id), details)?;
    standing(tx, ctx, id)
}
