//! Quick change of person at a shared desk.

use serde_json::json;

use huiyin_domain::people::PIN_DIGITS;
use huiyin_store::people::session::{self as rows, SessionRow};
use huiyin_store::people::{organisation, person as persons};
use huiyin_store::sql::Tx;

use super::sessions::own_session;
use super::sign_in::{SignedIn, Verified, check_code, present, verify_password};
use super::throttle;
use crate::App;
use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::secret;

/// Somebody who takes over the desk.
#[derive(Clone)]
pub struct SwitchPerson {
    /// Login name.
    pub login: String,
    /// Password, or the PIN of who signed in on this device before.
    pub secret: String,
    /// One-time code, where one is asked for; not with a PIN.
    pub code: Option<String>,
    /// Address from which it comes.
    pub source: Option<String>,
}

/// Gives the device's session to another person, with a new cookie.
///
/// By password and code as at sign-in; or, for who did that on this device
/// while this session runs, by PIN. The old cookie is dead at once.
///
/// # Errors
/// As [`sign_in`](super::sign_in()); `session_needed` for a token.
pub async fn switch_person(app: &App, ctx: &Ctx, request: SwitchPerson) -> Result<SignedIn, Error> {
    own_session(ctx)?;
    let by_pin =
        request.secret.len() == PIN_DIGITS && request.secret.bytes().all(|byte| byte.is_ascii_digit());
    let verified = if by_pin {
        verify_pin(app, ctx, &request).await?
    } else {
        verify_password(app, &request.login, &request.secret, request.source.as_deref()).await?
    };
    let inner = app.clone();
    app.write(ctx, move |tx, ctx| {
        if !by_pin {
            check_code(tx, &verified, request.code.as_deref(), ctx.now)?;
        }
        take_over(&inner, tx, ctx, &verified, by_pin)
    })
    .await
}

fn failed() -> Error {
    Error::unauthenticated(codes::LOGIN_FAILED)
}

async fn verify_pin(app: &App, ctx: &Ctx, request: &SwitchPerson) -> Result<Verified, Error> {
    let session = own_session(ctx)?;
    let login: String = request.login.trim().to_lowercase().chars().take(65).collect();
    let subjects = throttle::Subjects::new(&login, request.source.as_deref());
    let (counted, now) = (subjects.clone(), ctx.now);
    let found = app
        .store
        .write(move |tx| {
            throttle::attempt(tx, &counted, now)?;
            let Some(person) = persons::by_login(tx, &login)? else { return Ok::<_, Error>(None) };
            let known_here = rows::remembered(tx, session, person.id)?.is_some();
            let secrets = persons::secrets(tx, person.id)?.filter(|_| known_here);
            Ok(secrets.map(|secrets| (person, secrets)))
        })
        .await?;
    let hash = found.as_ref().and_then(|(_, secrets)| secrets.pin_hash.clone());
    let fits = app.hasher.verify(&request.secret, hash).await?;
    match found {
        Some((person, secrets)) if fits && person.active => Ok(Verified { person, secrets, subjects }),
        _ => Err(failed()),
    }
}

fn take_over(
    app: &App,
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    verified: &Verified,
    by_pin: bool,
) -> Result<SignedIn, Error> {
    let now = ctx.now;
    let person = verified.person.id;
    let before = rows::get(tx, own_session(ctx)?)?.ok_or_else(failed)?;
    // Checked again in this transaction: the desk may have forgotten the person meanwhile.
    if by_pin && rows::remembered(tx, before.id, person)?.is_none() {
        return Err(failed());
    }
    let places = organisation::of_person(tx, person, now)?;
    let here = places.iter().find(|place| place.org == before.org).or_else(|| places.first());
    let org = here.ok_or_else(failed)?.org;
    // A PIN never makes the session longer than the last password did.
    let expires_at = if by_pin { before.expires_at } else { app.session_rules.end(now) };
    let session = SessionRow { org, person, seen_at: now, expires_at, ..before };
    let secret = secret::new(app.ids.as_ref());
    rows::hand_to(tx, &session, &secret::digest(&secret))?;
    if !by_pin {
        rows::remember(tx, session.id, person, now)?;
    }
    throttle::succeeded(tx, &verified.subjects)?;
    let presented = present(tx, &session, now)?.ok_or_else(failed)?;
    let inside = Ctx { actor: presented.actor.clone(), ..ctx.clone() };
    let details = json!({"before": ctx.actor.person, "by_pin": by_pin});
    audit::record(tx, &inside, "desk_taken_over", Object::new("session", session.id), details)?;
    Ok(SignedIn { secret, session, actor: presented.actor, locale: presented.locale })
}
