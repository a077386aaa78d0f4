//! Passwords and PINs: chosen, changed, reset; and unlocking.

use serde_json::json;

use huiyin_domain::ids::PersonId;
use huiyin_domain::people::{PasswordFault, check_password, check_pin};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::link::{self, LinkPurpose};
use huiyin_store::people::{organisation, person as rows, session};
use huiyin_store::sql::Tx;

use super::sign_in::verify_password;
use super::throttle;
use crate::App;
use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::{Actor, Ctx, Via};
use crate::error::Error;
use crate::people::person;
use crate::policy::{self, Target, action};
use crate::secret;

/// How long a reset link may be used, µs: three days.
const RESET_LIFE: i64 = 3 * 86_400 * 1_000_000;

pub(super) fn refused(path: &str, fault: PasswordFault) -> Error {
    Error::field(path, fault.code())
}

/// Changes one's own password; ends all other sessions of the person.
///
/// # Errors
/// `password_wrong`, `too_many_attempts`, or what the new one lacks.
pub async fn change_password(app: &App, ctx: &Ctx, old: &str, new: &str) -> Result<(), Error> {
    check_password(&ctx.actor.login, new).map_err(|fault| refused("new", fault))?;
    let verified = own_password(app, ctx, "old", old).await?;
    let hash = app.hasher.hash(new).await?;
    app.write(ctx, move |tx, ctx| {
        throttle::succeeded(tx, &verified.subjects)?;
        set(tx, ctx, verified.person.id, &hash)
    })
    .await
}

/// Checks one's own password again; failures count as at sign-in.
async fn own_password(
    app: &App,
    ctx: &Ctx,
    path: &str,
    password: &str,
) -> Result<super::sign_in::Verified, Error> {
    verify_password(app, &ctx.actor.login, password, None).await.map_err(|error| {
        if error.code() == codes::LOGIN_FAILED { Error::field(path, codes::PASSWORD_WRONG) } else { error }
    })
}

/// Writes a new password's hash and ends every session but the request's own.
fn set(tx: &mut Tx<'_>, ctx: &Ctx, person: PersonId, hash: &str) -> Result<(), Error> {
    let keep = match ctx.actor.via {
        Via::Session(session) if ctx.actor.person == person => Some(session),
        _ => None,
    };
    rows::set_password(tx, person, hash, ctx.now)?;
    let ended = session::revoke_others(tx, person, keep, ctx.now)?;
    link::end_all(tx, LinkPurpose::Reset(person), ctx.now)?;
    let details = json!({"sessions_ended": ended});
    audit::record(tx, ctx, "password_changed", Object::new("person", person), details)
}

/// Sets or removes one's own PIN for shared desks; asks for the password.
///
/// # Errors
/// `password_wrong`, `too_many_attempts`, `pin_shape`, `pin_common`.
pub async fn set_pin(app: &App, ctx: &Ctx, password: &str, pin: Option<&str>) -> Result<(), Error> {
    if let Some(pin) = pin {
        check_pin(pin).map_err(|fault| refused("pin", fault))?;
    }
    let verified = own_password(app, ctx, "password", password).await?;
    let hash = match pin {
        Some(pin) => Some(app.hasher.hash(pin).await?),
        None => None,
    };
    app.write(ctx, move |tx, ctx| {
        throttle::succeeded(tx, &verified.subjects)?;
        rows::set_pin(tx, ctx.actor.person, hash.as_deref(), ctx.now)?;
        let object = Object::new("person", ctx.actor.person);
        audit::record(tx, ctx, "pin_changed", object, json!({"set": hash.is_some()}))
    })
    .await
}

/// Makes a one-time link with which a person chooses a password; gives its secret.
///
/// Valid three days; a new one ends the old. The old password stays until the
/// link is used.
///
/// # Errors
/// `forbidden`, `not_found`, `belongs_elsewhere`.
pub fn reset_link(tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId) -> Result<String, Error> {
    policy::permit(&ctx.actor, action::ResetAccess, Target::Anywhere)?;
    person::reachable(tx, ctx, id)?;
    let secret = secret::new(ctx.ids.as_ref());
    let end = Timestamp::from_micros(ctx.now.micros().saturating_add(RESET_LIFE));
    link::insert(tx, ctx.uuid(), LinkPurpose::Reset(id), &secret::digest(&secret), (ctx.now, end))?;
    audit::record(tx, ctx, "reset_link_made", Object::new("person", id), json!({}))?;
    Ok(secret)
}

/// Chooses a password by a reset link; ends all sessions, unlocks the login.
///
/// # Errors
/// `link_invalid`, or what the password lacks; the link then stays usable.
pub async fn redeem_reset(app: &App, secret: &str, password: &str, request_id: &str) -> Result<(), Error> {
    let (digest, now) = (secret::digest(secret), app.clock.now());
    let looked_up = digest.clone();
    let login = app.store.read(move |tx| Ok::<_, Error>(find(tx, &looked_up, now)?.1)).await?;
    check_password(&login, password).map_err(|fault| refused("password", fault))?;
    let hash = app.hasher.hash(password).await?;
    let (app, request_id) = (app.clone(), request_id.to_owned());
    let store = app.store.clone();
    store
        .write(move |tx| {
            let (person, login) = find(tx, &digest, now)?;
            let used = link::by_digest(tx, &digest, now)?.ok_or_else(invalid)?.0;
            if !link::use_up(tx, used, now)? {
                return Err(invalid());
            }
            throttle::unlock(tx, &login)?;
            let places = organisation::of_person(tx, person, now)?;
            let org = places.first().ok_or_else(invalid)?.org;
            let mut ctx =
                app.ctx(Actor { person, login, ..Actor::system(org) }, request_id, Default::default());
            ctx.now = now;
            set(tx, &ctx, person, &hash)
        })
        .await
}

fn invalid() -> Error {
    Error::invalid(codes::LINK_INVALID)
}

fn find(tx: &mut Tx<'_>, digest: &str, now: Timestamp) -> Result<(PersonId, String), Error> {
    let Some((_, LinkPurpose::Reset(id))) = link::by_digest(tx, digest, now)? else { return Err(invalid()) };
    let person = rows::get(tx, id)?.filter(|person| person.active).ok_or_else(invalid)?;
    Ok((id, person.login))
}

/// Forgets the failed sign-ins of a person; gives whether there were any.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn unlock(tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId) -> Result<bool, Error> {
    policy::permit(&ctx.actor, action::ResetAccess, Target::Anywhere)?;
    let person = rows::in_org(tx, ctx.org(), id)?.ok_or_else(Error::not_found)?;
    let was = throttle::unlock(tx, &person.login)?;
    audit::record(tx, ctx, "person_unlocked", Object::new("person", id), json!({"was_locked": was}))?;
    Ok(was)
}
