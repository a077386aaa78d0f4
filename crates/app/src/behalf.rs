//! Acting later in the name of somebody who asked for it.
//!
//! *Invariants*: what is done later is what its person may still do then, and no
//! more than they could do when they asked; it takes the path of any action.

use huiyin_domain::case::{Command, CommandKind};
use huiyin_domain::ids::{CaseId, SessionId, TokenId};
use huiyin_store::behalf::Behalf;
use huiyin_store::people::person;
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::case::{self, Rules};
use crate::ctx::{Actor, Ctx, PostHeld, Via};
use crate::error::{Class, Error, Params};
use crate::hints::Hint;
use crate::people::membership;

/// Why something that was to be done later was refused, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable code.
    pub code: String,
    /// What its text names.
    pub params: Params,
}

/// Notes in whose name something is to be done, and what they may do now.
///
/// # Errors
/// `forbidden` for who is no person here.
pub(crate) fn of(ctx: &Ctx) -> Result<Behalf, Error> {
    let (via, via_id) = match ctx.actor.via {
        Via::Session(id) => ("session", id.to_string()),
        Via::Token(id) => ("token", id.to_string()),
        Via::Customer(_) | Via::CommandLine | Via::System => return Err(Error::denied()),
    };
    let posts = serde_json::to_string(&ctx.actor.posts).map_err(Error::internal)?;
    Ok(Behalf { person: ctx.actor.person, via: via.to_owned(), via_id, posts })
}

/// Gives the context of a person with the posts that they held then and hold still.
///
/// # Errors
/// `internal` when what was kept is not readable.
pub(crate) fn ctx(tx: &mut Tx<'_>, ctx: &Ctx, by: &Behalf) -> Result<Ctx, Error> {
    let then: Vec<PostHeld> = serde_json::from_str(&by.posts).map_err(Error::internal)?;
    let row = person::get(tx, by.person)?.ok_or_else(|| Error::internal("a person is gone"))?;
    let mut posts =
        if row.active { membership::posts(tx, ctx.org(), by.person, ctx.now)? } else { Vec::new() };
    posts.retain(|post| then.contains(post));
    let id = by.via_id.parse().map_err(Error::internal)?;
    let via = if by.via == "token" { Via::Token(TokenId(id)) } else { Via::Session(SessionId(id)) };
    let actor = Actor { org: ctx.org(), person: by.person, login: row.login, name: row.name, posts, via };
    Ok(Ctx { actor, ..ctx.clone() })
}

/// Takes an action by the path of any other; a refusal undoes what it began and
/// is given as it is kept.
///
/// # Errors
/// What is our own fault, so that the job is tried again.
pub(crate) fn act(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rules: &Rules,
    (case, version): (CaseId, i64),
    command: Command,
) -> Result<Result<Hint, String>, Error> {
    let version = u64::try_from(version).unwrap_or(0);
    match tx.savepoint(|tx| case::act(tx, ctx, rules, (case, Some(version)), command)) {
        Ok(acted) => Ok(Ok(Hint::case(ctx.org(), (acted.case.id, acted.case.version), acted.sight))),
        Err(error) => {
            crate::phrase::count_undone(tx, ctx, rules, &error)?;
            refusal(error).map(Err)
        }
    }
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
fn refusal(error: Error) -> Result<String, Error> {
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
