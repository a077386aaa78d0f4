//! A write asked for twice with one key happens once and answers the same.

use crate::App;
use crate::ctx::Ctx;
use crate::error::{Class, Error};
use huiyin_domain::time::Timestamp;
use huiyin_store::idempotency::{self as rows, Claimed, Owner};
use huiyin_store::sql::Tx;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How long an answer is kept, µs.
const KEPT: i64 = 24 * 3600 * 1_000_000;

/// How many expired answers go in one transaction.
const BATCH: i64 = 1000;

/// What names a request of one person, so that its repeat is known.
///
/// Both parts are SHA-256 in hexadecimal, so that a key takes the same room
/// however long it is, and the body's text is not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Digest of the key that the caller chose.
    pub key: String,
    /// Digest of method, address and body.
    pub body: String,
}

/// The answer of a write, new or kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body as JSON text; empty where there is none.
    pub body: String,
    /// Whether the write had happened before.
    pub repeated: bool,
}

/// Does a write once for its key, and keeps its answer in the same transaction.
///
/// Refusals are not kept: what was refused may be tried again with the same
/// key. Without a key the write is simply done. The answer holds neither a
/// secret nor what tells who a customer is: such a write goes through [`recall`].
///
/// # Errors
/// `idempotency_key_reused` when the key stands for another request; else what
/// the write gives.
pub fn once<T: Serialize>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    status: u16,
    write: impl FnOnce(&mut Tx<'_>) -> Result<T, Error>,
) -> Result<Answer, Error> {
    match begin(tx, ctx)? {
        Begun::First(owner) => {
            let body = text(&write(tx)?)?;
            keep(tx, owner, status, &body)?;
            Ok(Answer { status, body, repeated: false })
        }
        Begun::Again { status, kept } => Ok(Answer { status, body: kept, repeated: true }),
    }
}

/// Does a write once for its key, and keeps only a reference to its outcome.
///
/// `write` gives the reference with the answer; `again` makes the answer to a
/// repeat from the reference, as things stand then: a secret is not in it, and
/// what was erased meanwhile is gone (D4). Gives whether it was a repeat.
///
/// # Errors
/// `idempotency_key_reused`, else what either gives.
pub fn recall<R: Serialize + DeserializeOwned, T>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    status: u16,
    write: impl FnOnce(&mut Tx<'_>) -> Result<(R, T), Error>,
    again: impl FnOnce(&mut Tx<'_>, R) -> Result<T, Error>,
) -> Result<(T, bool), Error> {
    match begin(tx, ctx)? {
        Begun::First(owner) => {
            let (reference, answer) = write(tx)?;
            keep(tx, owner, status, &serde_json::to_string(&reference).map_err(Error::internal)?)?;
            Ok((answer, false))
        }
        Begun::Again { kept, .. } => {
            let reference = serde_json::from_str(&kept).map_err(Error::internal)?;
            Ok((again(tx, reference)?, true))
        }
    }
}

/// Does what [`recall`] does, and renders the answer.
///
/// # Errors
/// As [`recall`].
pub fn once_made<R: Serialize + DeserializeOwned, T: Serialize>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    status: u16,
    write: impl FnOnce(&mut Tx<'_>) -> Result<(R, T), Error>,
    again: impl FnOnce(&mut Tx<'_>, R) -> Result<T, Error>,
) -> Result<Answer, Error> {
    let (answer, repeated) = recall(tx, ctx, status, write, again)?;
    Ok(Answer { status, body: text(&answer)?, repeated })
}

/// What a request with its key is.
enum Begun<'a> {
    /// The first one; the key is its own, where it has one.
    First(Option<Owner<'a>>),
    /// A repeat, with what was kept.
    Again { status: u16, kept: String },
}

fn begin<'a>(tx: &mut Tx<'_>, ctx: &'a Ctx) -> Result<Begun<'a>, Error> {
    let Some(wanted) = &ctx.idempotency else { return Ok(Begun::First(None)) };
    let owner = Owner { org: ctx.org(), person: ctx.actor.person, key: &wanted.key };
    let until = Timestamp::from_micros(ctx.now.micros().saturating_add(KEPT));
    match rows::claim(tx, owner, &wanted.body, ctx.now, until)? {
        Claimed::Used { body, .. } if body != wanted.body => {
            Err(Error::new(Class::Invalid, "idempotency_key_reused"))
        }
        Claimed::Used { status, answer, .. } => {
            Ok(Begun::Again { status: u16::try_from(status).map_err(Error::internal)?, kept: answer })
        }
        Claimed::Free => Ok(Begun::First(Some(owner))),
    }
}

fn keep(tx: &mut Tx<'_>, owner: Option<Owner<'_>>, status: u16, kept: &str) -> Result<(), Error> {
    match owner {
        Some(owner) => Ok(rows::keep(tx, owner, status.into(), kept)?),
        None => Ok(()),
    }
}

/// Renders an answer; nothing (`()`) has no body.
fn text<T: Serialize>(answer: &T) -> Result<String, Error> {
    let text = serde_json::to_string(answer).map_err(Error::internal)?;
    Ok(if text == "null" { String::new() } else { text })
}

/// Forgets expired answers; to be called now and then.
///
/// # Errors
/// What the store gives.
pub async fn purge(app: &App) -> Result<u64, Error> {
    let now = app.clock.now();
    let mut all = 0;
    loop {
        let gone = app.store.write(move |tx| Ok::<_, Error>(rows::purge(tx, now, BATCH)?)).await?;
        all += gone;
        if gone < BATCH.unsigned_abs() {
            return Ok(all);
        }
    }
}
