//! Recordings: kept while they grow, opened by who may, each listening noted.

use huiyin_domain::ids::{CallId, OrgId, RecordingId};
use huiyin_domain::time::Timestamp;
use huiyin_store::call::recording::{self as rows, AccessRow, RecordingRow};
use huiyin_store::people::person;
use huiyin_store::sql::Tx;

use super::list::get;
use crate::App;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};

/// Ranges of one listening within so many microseconds are noted once.
const ONE_LISTENING: i64 = 600 * 1_000_000;

/// Notes how a recording stands: that it began, grew, ended.
///
/// # Errors
/// What the store gives.
pub async fn kept(app: &App, org: OrgId, row: RecordingRow) -> Result<(), Error> {
    Ok(app.store.write(move |tx| rows::put(tx, org, &row)).await?)
}

/// Lists recordings that a process began and never ended, with their organisation.
///
/// # Errors
/// What the store gives.
pub async fn unfinished(app: &App, node: &str) -> Result<Vec<(OrgId, RecordingRow)>, Error> {
    let node = node.to_owned();
    Ok(app.store.read(move |tx| rows::unfinished(tx, &node)).await?)
}

/// Lets a person open a recording of a call, and notes it (CALL-7, CALL-11).
///
/// # Errors
/// `not_found` when call or recording is not there or not for this person to know,
/// `forbidden` when they see the call but may not listen.
pub fn opened(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    call: CallId,
    (which, how): (Option<RecordingId>, &'static str),
) -> Result<RecordingRow, Error> {
    let seen = get(tx, ctx, call)?;
    let mine = seen.call.agents.contains(&ctx.actor.person);
    if !mine {
        policy::permit(&ctx.actor, action::ListenRecordings, Target::Anywhere)?;
    }
    let fits = |row: &RecordingRow| which.is_none_or(|which| row.id == which);
    let row = seen.recordings.into_iter().find(fits).ok_or_else(Error::not_found)?;
    noted(tx, ctx, row.id, how)?;
    Ok(row)
}

/// Notes in the access log that a person was not let listen (CALL-11).
///
/// Nothing to note where the house has no such recording.
///
/// # Errors
/// What the store gives.
pub fn refused(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (call, which): (CallId, Option<RecordingId>),
) -> Result<(), Error> {
    let all = rows::of_call(tx, ctx.org(), call)?;
    match all.iter().find(|row| which.is_none_or(|which| row.id == which)) {
        Some(row) => noted(tx, ctx, row.id, rows::REFUSED),
        None => Ok(()),
    }
}

fn noted(tx: &mut Tx<'_>, ctx: &Ctx, recording: RecordingId, how: &str) -> Result<(), Error> {
    let since = Timestamp::from_micros(ctx.now.micros() - ONE_LISTENING);
    let who = (ctx.actor.person, since, how == rows::REFUSED);
    if !rows::opened_since(tx, ctx.org(), recording, who)? {
        let access = AccessRow { at: ctx.now, person: ctx.actor.person, how: how.to_owned() };
        rows::accessed(tx, ctx.org(), recording, ctx.uuid(), &access)?;
    }
    Ok(())
}

/// Lists who listened to a call, or was refused it, newest first, with their names.
///
/// # Errors
/// `not_found` as for the call, `forbidden` without a post that reads the access log.
pub fn log(tx: &mut Tx<'_>, ctx: &Ctx, call: CallId) -> Result<Vec<(AccessRow, String)>, Error> {
    get(tx, ctx, call)?;
    policy::permit(&ctx.actor, action::ListenRecordings, Target::Anywhere)?;
    let rows = rows::accesses(tx, ctx.org(), call)?;
    let named = |access: AccessRow| {
        let name = person::get(tx, access.person)?.map_or_else(String::new, |row| row.name);
        Ok((access, name))
    };
    rows.into_iter().map(named).collect()
}
