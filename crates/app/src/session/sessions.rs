//! Running sessions: listed, ended, moved to another organisation.

use serde_json::json;

use huiyin_domain::ids::{PersonId, SessionId};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::organisation::{self, Organisation};
use huiyin_store::people::session::{self as rows, SessionRow};
use huiyin_store::sql::Tx;

use super::sign_in::{Presented, present};
use crate::App;
use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::{Ctx, Via};
use crate::error::Error;
use crate::people::person;
use crate::policy::{self, Target, action};

/// Lists one's own running sessions, newest first.
///
/// # Errors
/// What the store gives.
pub fn list(app: &App, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<SessionRow>, Error> {
    let idle_since = app.session_rules.idle_since(ctx.now);
    Ok(rows::of_person(tx, ctx.actor.person, ctx.now, idle_since)?)
}

/// Lists the running sessions of a person of this organisation.
///
/// # Errors
/// `forbidden`, `not_found`, `belongs_elsewhere`.
pub fn list_of(app: &App, tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId) -> Result<Vec<SessionRow>, Error> {
    allowed(tx, ctx, id)?;
    Ok(rows::of_person(tx, id, ctx.now, app.session_rules.idle_since(ctx.now))?)
}

/// Ends one of one's own sessions.
///
/// # Errors
/// `not_found`.
pub fn revoke(tx: &mut Tx<'_>, ctx: &Ctx, session: SessionId) -> Result<(), Error> {
    end(tx, ctx, ctx.actor.person, session)
}

/// Ends a session of a person of this organisation.
///
/// # Errors
/// `forbidden`, `not_found`, `belongs_elsewhere`.
pub fn revoke_of(tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId, session: SessionId) -> Result<(), Error> {
    allowed(tx, ctx, id)?;
    end(tx, ctx, id, session)
}

/// Ends the session of this request.
///
/// # Errors
/// `session_needed` for a token.
pub fn sign_out(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), Error> {
    end(tx, ctx, ctx.actor.person, own_session(ctx)?)
}

fn allowed(tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId) -> Result<(), Error> {
    if id != ctx.actor.person {
        policy::permit(&ctx.actor, action::ResetAccess, Target::Anywhere)?;
    }
    person::reachable(tx, ctx, id).map(drop)
}

fn end(tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId, session: SessionId) -> Result<(), Error> {
    if !rows::revoke(tx, person, session, ctx.now)? {
        return Err(Error::not_found());
    }
    audit::record(tx, ctx, "session_ended", Object::new("session", session), json!({"person": person}))
}

/// Gives the session of this request.
///
/// # Errors
/// `session_needed` for a token.
pub(super) fn own_session(ctx: &Ctx) -> Result<SessionId, Error> {
    match ctx.actor.via {
        Via::Session(session) => Ok(session),
        Via::Token(_) | Via::Customer(_) | Via::CommandLine | Via::System => {
            Err(Error::invalid(codes::SESSION_NEEDED))
        }
    }
}

/// Lists the organisations in which the actor may work.
///
/// # Errors
/// What the store gives.
pub fn organisations(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Organisation>, Error> {
    Ok(organisation::of_person(tx, ctx.actor.person, ctx.now)?)
}

/// Lets the session of this request work in another organisation of the person.
///
/// # Errors
/// `session_needed`, or `organisation_unknown` where the person has no place.
pub fn switch_organisation(tx: &mut Tx<'_>, ctx: &Ctx, code: &str) -> Result<Presented, Error> {
    let session = own_session(ctx)?;
    let all = organisations(tx, ctx)?;
    let chosen = all
        .iter()
        .find(|org| org.code == code)
        .ok_or_else(|| Error::field("organisation", codes::ORGANISATION_UNKNOWN))?;
    rows::set_org(tx, session, chosen.org)?;
    let mut row = rows::get(tx, session)?.ok_or_else(Error::not_found)?;
    row.org = chosen.org;
    let presented = present(tx, &row, ctx.now)?
        .ok_or_else(|| Error::field("organisation", codes::ORGANISATION_UNKNOWN))?;
    let inside = Ctx { actor: presented.actor.clone(), ..ctx.clone() };
    audit::record(tx, &inside, "organisation_entered", Object::new("session", session), json!({}))?;
    Ok(presented)
}

/// Deletes sessions that ended more than a day ago; for the daily work.
///
/// # Errors
/// What the store gives.
pub fn purge(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, Error> {
    const DAY: i64 = 86_400 * 1_000_000;
    Ok(rows::purge(tx, Timestamp::from_micros(now.micros().saturating_sub(DAY)))?)
}
