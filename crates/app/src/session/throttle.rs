//! Slows down guessing, by login and by source, known or unknown alike.

use huiyin_domain::ids::OrgId;
use huiyin_domain::people::{Backoff, LOGIN_BACKOFF, SOURCE_BACKOFF};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::throttle::{self as rows, Failures};
use huiyin_store::sql::Tx;

use crate::codes;
use crate::error::Error;
use crate::secret;

/// After so long without an attempt earlier failures are forgotten, µs.
const MEMORY: i64 = 3_600 * 1_000_000;

/// Who tries: a login, and the address from which it comes.
#[derive(Clone, Debug)]
pub(crate) struct Subjects {
    login: String,
    source: Option<String>,
}

impl Subjects {
    /// Names who looks a case up: by its number and by where they sit.
    pub(crate) fn of_lookup(org: OrgId, number: &str, source: &str) -> Self {
        Self {
            login: secret::digest(&format!("lookup {} {number}", org.0)),
            source: Some(secret::digest(&format!("lookup source {source}"))),
        }
    }

    pub(super) fn new(login: &str, source: Option<&str>) -> Self {
        Self {
            login: login_subject(login),
            source: source.map(|source| secret::digest(&format!("source {source}"))),
        }
    }
}

fn login_subject(login: &str) -> String {
    secret::digest(&format!("login {login}"))
}

/// Counts an attempt as failed before it is tried, so that attempts made at
/// the same time cannot pass together.
///
/// # Errors
/// `too_many_attempts` with `retry_after` in seconds.
pub(crate) fn attempt(tx: &mut Tx<'_>, subjects: &Subjects, now: Timestamp) -> Result<(), Error> {
    rows::make_room(tx, Timestamp::from_micros(now.micros().saturating_sub(MEMORY)))?;
    let login = check(tx, &subjects.login, now)?;
    let source = subjects.source.as_ref().map(|source| check(tx, source, now)).transpose()?;
    count(tx, &subjects.login, login, LOGIN_BACKOFF, now)?;
    if let (Some(subject), Some(before)) = (&subjects.source, source) {
        count(tx, subject, before, SOURCE_BACKOFF, now)?;
    }
    Ok(())
}

/// Takes the counted attempt back when it succeeded.
///
/// The login starts anew; the source loses only this one, or a single good
/// account behind it would let it guess at others for ever.
pub(crate) fn succeeded(tx: &mut Tx<'_>, subjects: &Subjects) -> Result<(), Error> {
    rows::forget(tx, &subjects.login)?;
    let Some(subject) = &subjects.source else { return Ok(()) };
    if let Some(failures) = rows::get(tx, subject)? {
        let less =
            Failures { count: failures.count.saturating_sub(1), blocked_until: failures.last_at, ..failures };
        rows::set(tx, subject, less)?;
    }
    Ok(())
}

/// Names a source that files matters with an organisation.
pub(crate) fn filing_subject(org: OrgId, source: &str) -> String {
    secret::digest(&format!("filing {} {source}", org.0))
}

/// Counts something that may be done now and then, and refuses what is too often.
///
/// # Errors
/// `too_many_attempts` with `retry_after` in seconds.
pub(crate) fn once_more(
    tx: &mut Tx<'_>,
    subject: &str,
    backoff: Backoff,
    now: Timestamp,
) -> Result<(), Error> {
    rows::make_room(tx, Timestamp::from_micros(now.micros().saturating_sub(MEMORY)))?;
    let before = check(tx, subject, now)?;
    count(tx, subject, before, backoff, now)
}

/// Forgets the failures of a login; gives whether there were any.
pub(super) fn unlock(tx: &mut Tx<'_>, login: &str) -> Result<bool, Error> {
    Ok(rows::forget(tx, &login_subject(login))?)
}

fn check(tx: &mut Tx<'_>, subject: &str, now: Timestamp) -> Result<u32, Error> {
    let Some(failures) = rows::get(tx, subject)? else { return Ok(0) };
    if failures.blocked_until > now {
        let left = failures.blocked_until.micros() - now.micros();
        let seconds = u64::try_from(left).unwrap_or_default().div_ceil(1_000_000);
        return Err(Error::too_many(codes::TOO_MANY_ATTEMPTS, seconds));
    }
    let fresh = now.micros().saturating_sub(failures.last_at.micros()) <= MEMORY;
    Ok(if fresh { failures.count } else { 0 })
}

fn count(tx: &mut Tx<'_>, subject: &str, before: u32, backoff: Backoff, now: Timestamp) -> Result<(), Error> {
    let count = before.saturating_add(1);
    let wait = i64::from(backoff.wait(count)) * 1_000_000;
    let blocked_until = Timestamp::from_micros(now.micros().saturating_add(wait));
    Ok(rows::set(tx, subject, Failures { count, last_at: now, blocked_until })?)
}
