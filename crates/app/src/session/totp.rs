//! One-time codes beside the password (TOTP, six digits, 30 seconds).

use serde_json::json;
use totp_rs::{Builder, Secret, Totp};

use huiyin_domain::ids::PersonId;
use huiyin_domain::time::Timestamp;
use huiyin_store::people::person::{self as rows, Secrets};
use huiyin_store::sql::Tx;

use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::person;
use crate::policy::{self, Target, action};

const STEP_SECONDS: u64 = 30;

/// What an authenticator app needs; shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret in base32, to be typed.
    pub secret: String,
    /// The same as an `otpauth://` address, to be scanned.
    pub url: String,
}

/// Begins enrolment for oneself; nothing is asked for until it is confirmed.
///
/// # Errors
/// `code_already_on`.
pub fn begin(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Enrolment, Error> {
    let me = rows::get(tx, ctx.actor.person)?.ok_or_else(Error::not_found)?;
    if me.totp_enabled {
        return Err(Error::conflict(codes::CODE_ALREADY_ON));
    }
    let mut bytes = vec![0; 20];
    ctx.ids.fill(&mut bytes);
    let secret = Secret::from(bytes);
    let text = secret.to_base32();
    let totp = Builder::new()
        .with_secret(secret)
        .with_account_name(me.login.as_str())
        .with_issuer(Some("Huiyin"))
        .build()
        .map_err(Error::internal)?;
    let url = totp.to_url().map_err(Error::internal)?;
    rows::set_totp(tx, me.id, Some(&text), false)?;
    Ok(Enrolment { secret: text, url })
}

/// Confirms enrolment with a first code; from now on codes are asked for.
///
/// # Errors
/// `code_not_begun`, `code_already_on`, `code_wrong`.
pub fn confirm(tx: &mut Tx<'_>, ctx: &Ctx, code: &str) -> Result<(), Error> {
    let me = rows::get(tx, ctx.actor.person)?.ok_or_else(Error::not_found)?;
    if me.totp_enabled {
        return Err(Error::conflict(codes::CODE_ALREADY_ON));
    }
    let secrets = rows::secrets(tx, me.id)?.ok_or_else(Error::not_found)?;
    let secret = secrets.totp_secret.as_deref().ok_or_else(|| Error::conflict(codes::CODE_NOT_BEGUN))?;
    if !spend(tx, me.id, &secrets, code, ctx.now)? {
        return Err(Error::field("code", codes::CODE_WRONG));
    }
    rows::set_totp(tx, me.id, Some(secret), true)?;
    audit::record(tx, ctx, "totp_enabled", Object::new("person", me.id), json!({}))
}

/// Switches codes off: one's own with a code, another's by a post for it.
///
/// # Errors
/// `code_wrong`, `forbidden`, `not_found`, `belongs_elsewhere`.
pub fn disable(tx: &mut Tx<'_>, ctx: &Ctx, id: PersonId, code: Option<&str>) -> Result<(), Error> {
    let person = person::reachable(tx, ctx, id)?;
    if id == ctx.actor.person {
        let secrets = rows::secrets(tx, id)?.ok_or_else(Error::not_found)?;
        if person.totp_enabled && !spend(tx, id, &secrets, code.unwrap_or_default(), ctx.now)? {
            return Err(Error::field("code", codes::CODE_WRONG));
        }
    } else {
        policy::permit(&ctx.actor, action::ResetAccess, Target::Anywhere)?;
    }
    rows::set_totp(tx, id, None, false)?;
    audit::record(tx, ctx, "totp_disabled", Object::new("person", id), json!({}))
}

/// Checks a code and uses it up: each serves once.
///
/// One step of 30 s before and after is accepted, for clocks that differ.
pub(super) fn spend(
    tx: &mut Tx<'_>,
    person: PersonId,
    secrets: &Secrets,
    code: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let Some(text) = &secrets.totp_secret else { return Ok(false) };
    let secret = Secret::try_from_base32(text).map_err(|error| Error::internal(error.to_string()))?;
    let totp: Totp = Builder::new().with_secret(secret).build_noncompliant();
    let seconds = u64::try_from(now.micros() / 1_000_000).unwrap_or_default();
    let code = code.trim();
    let steps = [seconds.saturating_sub(STEP_SECONDS), seconds, seconds.saturating_add(STEP_SECONDS)];
    for at in steps {
        let fits = bool::from(subtle::ConstantTimeEq::ct_eq(
            totp.generate(at).to_string().as_bytes(),
            code.as_bytes(),
        ));
        if fits {
            let step = i64::try_from(at / STEP_SECONDS).unwrap_or(i64::MAX);
            return Ok(rows::use_totp_step(tx, person, step)?);
        }
    }
    Ok(false)
}
