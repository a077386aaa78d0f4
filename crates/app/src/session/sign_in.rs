//! Sign-in, and who a presented cookie or token is.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use huiyin_domain::ids::{OrgId, PersonId, SessionId, TokenId};
use huiyin_domain::locale::Locale;
use huiyin_domain::people::{Post, PostHeld};
use huiyin_domain::time::Timestamp;
use huiyin_store::people::person::{Person, Secrets};
use huiyin_store::people::session::{self as rows, SessionRow};
use huiyin_store::people::{organisation, person as persons, token as tokens};
use huiyin_store::sql::Tx;

use super::{SessionRules, throttle, totp};
use crate::App;
use crate::audit::{self, Object};
use crate::codes;
use crate::ctx::{Actor, Via};
use crate::error::Error;
use crate::people::membership;
use crate::secret;

/// How precisely the last use of a session or token is kept, µs.
const TOUCH: i64 = 60 * 1_000_000;

/// Longest description of a device that is kept, characters.
const DEVICE: usize = 200;

/// Somebody who wants to sign in.
#[derive(Clone)]
pub struct SignIn {
    /// Login name.
    pub login: String,
    /// Password.
    pub password: String,
    /// One-time code, where one is asked for.
    pub code: Option<String>,
    /// Code of the organisation; else the first of the person's.
    pub organisation: Option<String>,
    /// Address from which it comes.
    pub source: Option<String>,
    /// What the browser says it is.
    pub device: String,
    /// Names the request.
    pub request_id: String,
}

/// A person who signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The cookie's secret; kept nowhere else.
    pub secret: String,
    /// The session.
    pub session: SessionRow,
    /// Who it is now.
    pub actor: Actor,
    /// The person's language.
    pub locale: Locale,
}

/// A secret that somebody presents, as its digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    /// A session's cookie.
    Cookie(Arc<str>),
    /// An API token.
    Token(Arc<str>),
}

impl Shown {
    /// Takes a cookie.
    #[must_use]
    pub fn cookie(secret: &str) -> Self {
        Self::Cookie(secret::digest(secret).into())
    }

    /// Takes an API token.
    #[must_use]
    pub fn token(secret: &str) -> Self {
        Self::Token(secret::digest(secret).into())
    }
}

/// Who a presented secret turned out to be.
#[derive(Clone, Debug)]
pub struct Presented {
    /// Who it is.
    pub actor: Actor,
    /// The person's language.
    pub locale: Locale,
}

/// What a checked password belongs to.
pub(super) struct Verified {
    pub(super) person: Person,
    pub(super) secrets: Secrets,
    pub(super) subjects: throttle::Subjects,
}

fn failed() -> Error {
    Error::unauthenticated(codes::LOGIN_FAILED)
}

/// Signs a person in.
///
/// Unknown login, wrong password, dismissed person and missing membership look
/// alike and take the same time; a code is asked for only after the password.
///
/// # Errors
/// `login_failed`, `code_required`, `code_wrong`, `too_many_attempts`,
/// `sign_in_busy`, `organisation_unknown`.
pub async fn sign_in(app: &App, request: SignIn) -> Result<SignedIn, Error> {
    let verified = verify_password(app, &request.login, &request.password, request.source.as_deref()).await?;
    let app = app.clone();
    let store = app.store.clone();
    store.write(move |tx| open_session(&app, tx, &request, verified)).await
}

/// Checks a password, counting the attempt first; never inside a transaction.
pub(super) async fn verify_password(
    app: &App,
    login: &str,
    password: &str,
    source: Option<&str>,
) -> Result<Verified, Error> {
    // A login beyond any that exists is not worth remembering in full.
    let login: String = login.trim().to_lowercase().chars().take(65).collect();
    let subjects = throttle::Subjects::new(&login, source);
    let (counted, now) = (subjects.clone(), app.clock.now());
    let found = app
        .store
        .write(move |tx| {
            throttle::attempt(tx, &counted, now)?;
            let Some(person) = persons::by_login(tx, &login)? else { return Ok::<_, Error>(None) };
            let secrets = persons::secrets(tx, person.id)?;
            Ok(secrets.map(|secrets| (person, secrets)))
        })
        .await?;
    let hash = found.as_ref().and_then(|(_, secrets)| secrets.password_hash.clone());
    // A password longer than any that was accepted cannot fit; it costs no more.
    let shown: String = password.chars().take(huiyin_domain::people::LONGEST_PASSWORD + 1).collect();
    let fits = app.hasher.verify(&shown, hash).await?;
    match found {
        Some((person, secrets)) if fits && person.active => Ok(Verified { person, secrets, subjects }),
        _ => Err(failed()),
    }
}

/// Asks for the one-time code where the person has one.
pub(super) fn check_code(
    tx: &mut Tx<'_>,
    verified: &Verified,
    code: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    if !verified.person.totp_enabled {
        return Ok(());
    }
    let code = code.ok_or_else(|| Error::unauthenticated(codes::CODE_REQUIRED))?;
    if totp::spend(tx, verified.person.id, &verified.secrets, code, now)? {
        Ok(())
    } else {
        Err(Error::unauthenticated(codes::CODE_WRONG))
    }
}

fn open_session(app: &App, tx: &mut Tx<'_>, request: &SignIn, verified: Verified) -> Result<SignedIn, Error> {
    let now = app.clock.now();
    let person = &verified.person;
    check_code(tx, &verified, request.code.as_deref(), now)?;
    let org = first_organisation(tx, person.id, request.organisation.as_deref(), now)?;
    let secret = secret::new(app.ids.as_ref());
    let session = SessionRow {
        id: SessionId(app.ids.uuid(now)),
        org,
        person: person.id,
        device: request.device.chars().filter(|c| !c.is_control()).take(DEVICE).collect(),
        created_at: now,
        seen_at: now,
        expires_at: app.session_rules.end(now),
    };
    rows::insert(tx, &session, &secret::digest(&secret))?;
    rows::remember(tx, session.id, person.id, now)?;
    throttle::succeeded(tx, &verified.subjects)?;
    let presented = present(tx, &session, now)?.ok_or_else(failed)?;
    let mut ctx = app.ctx(presented.actor.clone(), request.request_id.as_str(), presented.locale);
    ctx.now = now;
    audit::record(tx, &ctx, "signed_in", Object::new("session", session.id), json!({}))?;
    Ok(SignedIn { secret, session, actor: presented.actor, locale: presented.locale })
}

/// Chooses the organisation: the one named, or the person's first.
fn first_organisation(
    tx: &mut Tx<'_>,
    person: PersonId,
    code: Option<&str>,
    now: Timestamp,
) -> Result<OrgId, Error> {
    let all = organisation::of_person(tx, person, now)?;
    match code {
        None => all.first().map(|org| org.org).ok_or_else(failed),
        Some(code) => all
            .iter()
            .find(|org| org.code == code)
            .map(|org| org.org)
            .ok_or_else(|| Error::field("organisation", codes::ORGANISATION_UNKNOWN)),
    }
}

fn locale(person: &Person) -> Locale {
    Locale::from_tag(&person.locale).unwrap_or_default()
}

fn actor(person: &Person, org: OrgId, posts: Vec<PostHeld>, via: Via) -> Actor {
    Actor { org, person: person.id, login: person.login.clone(), name: person.name.clone(), posts, via }
}

/// Makes the actor of a running session; none when the person has left.
pub(super) fn present(
    tx: &mut Tx<'_>,
    session: &SessionRow,
    now: Timestamp,
) -> Result<Option<Presented>, Error> {
    let Some(person) = persons::get(tx, session.person)?.filter(|person| person.active) else {
        return Ok(None);
    };
    let posts = membership::posts(tx, session.org, person.id, now)?;
    if posts.is_empty() {
        return Ok(None);
    }
    let actor = actor(&person, session.org, posts, Via::Session(session.id));
    Ok(Some(Presented { actor, locale: locale(&person) }))
}

/// What a presented secret opens.
pub(super) struct Found {
    /// Who it is.
    pub presented: Presented,
    /// First instant at which that may be otherwise by time alone; its use is
    /// to be noted again by then.
    pub until: Timestamp,
    /// Whose use is to be noted now.
    pub used: Option<Used>,
}

/// A session or token whose last use is noted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Used {
    Session(SessionId),
    Token(OrgId, TokenId),
}

/// Finds out who a presented secret is; none when it opens nothing.
pub(super) fn find(
    tx: &mut Tx<'_>,
    rules: SessionRules,
    shown: &Shown,
    now: Timestamp,
) -> Result<Option<Found>, Error> {
    let (presented, end, seen, used) = match shown {
        Shown::Cookie(digest) => {
            let row = rows::by_digest(tx, digest)?.filter(|session| rules.runs(session, now));
            let Some(row) = row else { return Ok(None) };
            let Some(presented) = present(tx, &row, now)? else { return Ok(None) };
            (presented, Some(row.expires_at), Some(row.seen_at), Used::Session(row.id))
        }
        Shown::Token(digest) => {
            let live = |row: &tokens::TokenRow| row.expires_at.is_none_or(|end| now < end);
            let Some(row) = tokens::by_digest(tx, digest)?.filter(live) else { return Ok(None) };
            let Some(presented) = present_token(tx, &row, now)? else { return Ok(None) };
            (presented, row.expires_at, row.used_at, Used::Token(row.org, row.id))
        }
    };
    let idle = seen.is_none_or(|seen| now.micros() - seen.micros() >= TOUCH);
    let noted = if idle { now } else { seen.unwrap_or(now) };
    let again = Timestamp::from_micros(noted.micros().saturating_add(TOUCH));
    let actor = &presented.actor;
    let turn = membership::next_turn(tx, actor.org, actor.person, now)?;
    let until = [Some(again), end, turn].into_iter().flatten().min().unwrap_or(again);
    Ok(Some(Found { presented, until, used: idle.then_some(used) }))
}

fn present_token(
    tx: &mut Tx<'_>,
    row: &tokens::TokenRow,
    now: Timestamp,
) -> Result<Option<Presented>, Error> {
    let Some(person) = persons::get(tx, row.person)?.filter(|person| person.active) else { return Ok(None) };
    let mut posts = membership::posts(tx, row.org, person.id, now)?;
    limit(&mut posts, row.posts.as_ref());
    if posts.is_empty() {
        return Ok(None);
    }
    let actor = actor(&person, row.org, posts, Via::Token(row.id));
    Ok(Some(Presented { actor, locale: locale(&person) }))
}

/// Notes a use.
pub(super) async fn touch(app: &App, used: Option<Used>, now: Timestamp) -> Result<(), Error> {
    let Some(used) = used else { return Ok(()) };
    let noted = app.store.write(move |tx| match used {
        Used::Session(id) => Ok::<_, Error>(rows::touch(tx, id, now)?),
        Used::Token(org, id) => Ok(tokens::touch(tx, org, id, now)?),
    });
    noted.await
}

/// Finds out in the database who a presented secret is.
async fn look_up(app: &App, shown: Shown) -> Result<Presented, Error> {
    let (now, rules) = (app.clock.now(), app.session_rules);
    let found = app.store.read(move |tx| find(tx, rules, &shown, now)).await?;
    let Found { presented, used, .. } =
        found.ok_or_else(|| Error::unauthenticated(codes::UNAUTHENTICATED))?;
    touch(app, used, now).await?;
    Ok(presented)
}

/// Finds out who a session cookie is.
///
/// # Errors
/// `unauthenticated` when it is unknown, expired, revoked, or the person left.
pub async fn by_cookie(app: &App, cookie: &str) -> Result<Presented, Error> {
    look_up(app, Shown::cookie(cookie)).await
}

/// Finds out who an API token is.
///
/// # Errors
/// `unauthenticated` when it is unknown, expired, revoked, or the person left.
pub async fn by_token(app: &App, token: &str) -> Result<Presented, Error> {
    look_up(app, Shown::token(token)).await
}

fn limit(posts: &mut Vec<PostHeld>, only: Option<&BTreeSet<Post>>) {
    if let Some(only) = only {
        posts.retain(|held| only.contains(&held.post));
    }
}
