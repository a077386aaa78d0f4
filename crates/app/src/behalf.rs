//! Acting later in the name of somebody who asked for it.
//!
//! *Invariants*: what is done later is what its person may still do then, and no
//! more than they could do when they asked; it takes the path of any action.

use huiyin_domain::case::{Command, CommandKind};
use huiyin_domain::ids::{PersonId, SessionId, TokenId};
use huiyin_store::people::person;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ctx::{Actor, Ctx, PostHeld, Via};
use crate::error::{Class, Error, Params};
use crate::people::membership;

/// Why something that was to be done later was refused, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code.
    pub code: String,
    /// What its text names.
    pub params: Params,
}

/// Gives how the actor reached us, for the audit lines of what the machine does.
///
/// # Errors
/// `forbidden` for who is no person here.
pub(crate) fn via(ctx: &Ctx) -> Result<(String, String), Error> {
    match ctx.actor.via {
        Via::Session(id) => Ok(("session".into(), id.to_string())),
        Via::Token(id) => Ok(("token".into(), id.to_string())),
        Via::Customer(_) | Via::CommandLine | Via::System => Err(Error::denied()),
    }
}

/// Gives the posts that the actor holds, as they are kept.
///
/// # Errors
/// None in practice.
pub(crate) fn posts(ctx: &Ctx) -> Result<String, Error> {
    serde_json::to_string(&ctx.actor.posts).map_err(Error::internal)
}

/// Gives a person with the posts that they held then and hold still.
///
/// # Errors
/// `internal` when what was kept is not readable.
pub(crate) fn actor(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    who: PersonId,
    (via, posts): (&(String, String), &str),
) -> Result<Actor, Error> {
    let then: Vec<PostHeld> = serde_json::from_str(posts).map_err(Error::internal)?;
    let row = person::get(tx, who)?.ok_or_else(|| Error::internal("a person is gone"))?;
    let mut held = if row.active { membership::posts(tx, ctx.org(), who, ctx.now)? } else { Vec::new() };
    held.retain(|post| then.contains(post));
    let id = via.1.parse().map_err(Error::internal)?;
    let via = if via.0 == "token" { Via::Token(TokenId(id)) } else { Via::Session(SessionId(id)) };
    Ok(Actor { org: ctx.org(), person: who, login: row.login, name: row.name, posts: held, via })
}

/// Reads what is to be done; its shape was checked when it was asked for.
///
/// # Errors
/// `internal` for what this version cannot read.
pub(crate) fn command(action: &str, body: &str) -> Result<Command, Error> {
    let kind = CommandKind::parse(action).ok_or_else(|| Error::internal("an action is unknown"))?;
    let body: Value = serde_json::from_str(body).map_err(Error::internal)?;
    Command::read(kind, body).map_err(Error::internal)
}

/// Gives why something was refused, as it is kept.
///
/// # Errors
/// What is our own fault, so that the job is tried again.
pub(crate) fn refusal(error: Error) -> Result<String, Error> {
    if matches!(error.class(), Class::Internal | Class::Unavailable) {
        return Err(error);
    }
    let mut params = error.params().clone();
    // the newer state of a stale case is not repeated here
    params.remove("current");
    let refusal = match error.fields().first() {
        Some(field) => Refusal { code: field.code.clone(), params: field.params.clone() },
        None => Refusal { code: error.code().to_owned(), params },
    };
    serde_json::to_string(&refusal).map_err(Error::internal)
}

/// Reads why something was refused.
///
/// # Errors
/// `internal` when what was kept is not readable.
pub(crate) fn refused(kept: &str) -> Result<Refusal, Error> {
    serde_json::from_str(kept).map_err(Error::internal)
}
