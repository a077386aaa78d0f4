//! Memberships: who belongs where, as what, from when to when.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use huiyin_domain::ids::{OrgId, PersonId, UnitId};
use huiyin_domain::people::{Membership, Post, PostHeld, Validity, posts_held};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::membership as rows;
pub use huiyin_store::people::membership::MembershipRow;
use huiyin_store::people::{person as persons, unit as units};
use huiyin_store::sql::Tx;

use super::obligations;
use crate::App;
use crate::audit::{self, Object};
use crate::case::staffing_watch;
use crate::codes;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Permit, Target, action};

/// A place for a person, as asked for.
#[derive(Clone, Debug, Deserialize)]
pub struct NewMembership {
    /// Where.
    pub unit: UnitId,
    /// As what; at least one (SLM-1: several are fine).
    pub posts: BTreeSet<Post>,
    /// From when; now when not said.
    pub valid_from: Option<Timestamp>,
    /// Up to when; open when not said.
    pub valid_to: Option<Timestamp>,
}

/// Gives the posts that a person holds in an organisation at a moment.
///
/// # Errors
/// What the store gives.
pub fn posts(tx: &mut Tx<'_>, org: OrgId, person: PersonId, at: Timestamp) -> Result<Vec<PostHeld>, Error> {
    let rows = rows::of_person(tx, org, person)?;
    let memberships: Vec<Membership> = rows.into_iter().map(|row| row.membership).collect();
    Ok(posts_held(&memberships, at))
}

/// Gives when a person's posts change next by time alone, if ever.
///
/// # Errors
/// What the store gives.
pub fn next_turn(
    tx: &mut Tx<'_>,
    org: OrgId,
    person: PersonId,
    at: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let rows = rows::of_person(tx, org, person)?;
    let turns = rows.iter().map(|row| row.membership.valid).flat_map(|valid| [Some(valid.from), valid.to]);
    Ok(turns.flatten().filter(|turn| *turn > at).min())
}

/// Lists a person's memberships in the organisation, past ones too.
///
/// # Errors
/// `forbidden`, or `not_found` when the person is not of this organisation.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId) -> Result<Vec<MembershipRow>, Error> {
    policy::permit(&ctx.actor, action::ViewPeople, Target::Anywhere)?;
    persons::in_org(tx, ctx.org(), person)?.ok_or_else(Error::not_found)?;
    Ok(rows::of_person(tx, ctx.org(), person)?)
}

/// Gives a person of this organisation a further place.
///
/// # Errors
/// `forbidden`, `not_found`, or a field that is not acceptable.
pub fn add(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    person: PersonId,
    new: &NewMembership,
) -> Result<MembershipRow, Error> {
    let permit = policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    persons::in_org(tx, ctx.org(), person)?.ok_or_else(Error::not_found)?;
    insert(tx, ctx, &permit, person, new)
}

/// Writes a membership and its audit line.
///
/// # Errors
/// A field that is not acceptable.
pub(super) fn insert(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    permit: &Permit<action::ManagePeople>,
    person: PersonId,
    new: &NewMembership,
) -> Result<MembershipRow, Error> {
    if new.posts.is_empty() {
        return Err(Error::field("posts", codes::POSTS_MISSING));
    }
    let from = new.valid_from.unwrap_or(ctx.now);
    if new.valid_to.is_some_and(|to| to <= from || to <= ctx.now) {
        return Err(Error::field("valid_to", codes::TIME_ORDER));
    }
    let stands = !units::path(tx, permit.org(), new.unit, from.max(ctx.now))?.is_empty();
    if !stands {
        return Err(Error::field("unit", codes::UNIT_UNKNOWN));
    }
    let membership = Membership {
        person,
        unit: new.unit,
        posts: new.posts.clone(),
        valid: Validity { from, to: new.valid_to },
    };
    let row = MembershipRow { id: ctx.uuid(), membership };
    rows::insert(tx, permit.org(), &row)?;
    let details = json!({"membership": row.id, "unit": new.unit, "posts": new.posts, "from": from});
    audit::record(tx, ctx, "membership_added", Object::new("person", person), details)?;
    Ok(row)
}

/// Changes the posts of a membership from now on; the past stays as it was.
///
/// # Errors
/// `forbidden`, `not_found`, `posts_missing`, `last_administrator`.
pub fn change_posts(
    app: &App,
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: Uuid,
    posts: BTreeSet<Post>,
) -> Result<MembershipRow, Error> {
    let permit = policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    let old = running(tx, ctx, id)?;
    let Membership { person, unit, valid, .. } = old;
    rows::end(tx, permit.org(), id, ctx.now.max(valid.from))?;
    let new = NewMembership { unit, posts, valid_from: Some(ctx.now.max(valid.from)), valid_to: valid.to };
    let row = insert(tx, ctx, &permit, person, &new)?;
    after_loss(app, tx, ctx, &old, id)?;
    Ok(row)
}

/// Ends a membership now.
///
/// # Errors
/// `forbidden`, `not_found`, `membership_ended`, `last_administrator`, and
/// `still_owns_work` when it is the person's last place here.
pub fn end(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManagePeople, Target::Anywhere)?;
    let old = running(tx, ctx, id)?;
    rows::end(tx, ctx.org(), id, ctx.now)?;
    after_loss(app, tx, ctx, &old, id)
}

/// Checks what must not happen by a loss of posts, and writes the audit line.
fn after_loss(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, old: &Membership, id: Uuid) -> Result<(), Error> {
    require_administrator(tx, ctx)?;
    if posts(tx, ctx.org(), old.person, ctx.now)?.is_empty() {
        obligations::require_none(app, tx, ctx, old.person)?;
    }
    staffing_watch::after_loss(tx, ctx, &old.posts)?;
    let details = json!({"membership": id, "unit": old.unit, "posts": old.posts});
    audit::record(tx, ctx, "membership_ended", Object::new("person", old.person), details)
}

fn running(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<Membership, Error> {
    let old = rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?.membership;
    if old.valid.to.is_some_and(|to| to <= ctx.now) {
        return Err(Error::conflict(codes::MEMBERSHIP_ENDED));
    }
    Ok(old)
}

/// Refuses a change after which nobody here could administer.
///
/// # Errors
/// `last_administrator`.
pub(super) fn require_administrator(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    let holding = rows::holding(tx, ctx.org(), ctx.now)?;
    let someone = holding.iter().any(|row| row.membership.posts.contains(&Post::Admin));
    if someone { Ok(()) } else { Err(Error::conflict(codes::LAST_ADMINISTRATOR)) }
}
