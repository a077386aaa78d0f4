//! Clocks of messages and promised calls: who is told when their time comes.

use huiyin_domain::ids::{CallBackId, CallMessageId, PersonId, UnitId};
use huiyin_domain::people::Post;
use huiyin_domain::time::Timestamp;
use huiyin_store::call::{back, message};
use huiyin_store::sql::Tx;
use serde::{Deserialize, Serialize};

use super::message::params;
use crate::ctx::Ctx;
use crate::duty::answering;
use crate::error::{Error, Params};
use crate::hints::Hint;
use crate::notify::{self, Notice};
use crate::work::{self, Effects, Failure, Inside, Job, kinds};

/// Whose time comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CallClock {
    /// A message is to be passed on by now (TEL-22).
    Message(CallMessageId),
    /// A promised call is to be made soon.
    Soon(CallBackId),
    /// A promised call is to be made by now.
    CallBack(CallBackId),
}

/// Lets a clock run until its time.
pub(super) fn wait(tx: &mut Tx<'_>, ctx: &Ctx, clock: CallClock, at: Timestamp) -> Result<(), Error> {
    work::enqueue(tx, ctx, kinds::CALL_CLOCK, &clock, (at, None)).map(drop)
}

/// Does the jobs of [`kinds::CALL_CLOCK`].
#[derive(Clone, Copy, Debug, Default)]
pub struct CallClocks;

impl Inside for CallClocks {
    fn kind(&self) -> &'static str {
        kinds::CALL_CLOCK
    }

    fn run(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Effects, Failure> {
        let hints = match job.read()? {
            CallClock::Message(id) => late(tx, ctx, id)?,
            CallClock::Soon(id) => promised(tx, ctx, id, "call_back_soon")?,
            CallClock::CallBack(id) => promised(tx, ctx, id, "call_back_due")?,
        };
        Ok(Effects { hints })
    }
}

/// Who looks after the desk of a unit.
///
/// Its shift leaders, else its leads, else whoever answers for it.
fn leaders(tx: &mut Tx<'_>, ctx: &Ctx, unit: UnitId) -> Result<Vec<PersonId>, Error> {
    for post in [Post::ShiftLeader, Post::Lead] {
        let found = notify::holders(tx, ctx.org(), unit, post, ctx.now)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(answering(tx, ctx.org(), unit, ctx.now)?.into_iter().collect())
}

fn late(tx: &mut Tx<'_>, ctx: &Ctx, id: CallMessageId) -> Result<Vec<Hint>, Error> {
    let Some(row) = message::get(tx, ctx.org(), id)? else { return Ok(Vec::new()) };
    if row.way.delivered_at.is_some() {
        return Ok(Vec::new());
    }
    let key = row.body.as_ref().map(|body| body.key);
    let notice = Notice {
        source: format!("call_message_late:{id}"),
        case: row.case,
        why: "call_message_late".into(),
        params: params(key, row.way.reply_needed),
        urgent: true,
    };
    let mut people = vec![row.recipient, row.taken_by];
    people.extend(leaders(tx, ctx, row.unit)?);
    people.sort_unstable();
    people.dedup();
    notify::tell(tx, ctx, &notice, &people, None)
}

fn promised(tx: &mut Tx<'_>, ctx: &Ctx, id: CallBackId, why: &str) -> Result<Vec<Hint>, Error> {
    let Some(row) = back::get(tx, ctx.org(), id)?.filter(|row| row.promise.kept_at.is_none()) else {
        return Ok(Vec::new());
    };
    let due = row.promise.due.to_string();
    let reason = row.promise.reason.as_str();
    let params: Params =
        [("reason".to_owned(), reason.into()), ("due".to_owned(), due.into())].into_iter().collect();
    let notice = Notice {
        source: format!("{why}:{id}"),
        case: row.case,
        why: why.into(),
        params,
        urgent: why == "call_back_due",
    };
    let people = match row.agent.or(row.made_by) {
        Some(person) => vec![person],
        None => leaders(tx, ctx, row.unit)?,
    };
    notify::tell(tx, ctx, &notice, &people, None)
}
