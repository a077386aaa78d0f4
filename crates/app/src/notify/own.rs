//! What a person does with their own notices.

use huiyin_domain::ids::NotificationId;
use huiyin_domain::time::Timestamp;
use huiyin_store::notify::{self as rows, NoticeFilter};
use huiyin_store::sql::Tx;

pub use huiyin_store::notify::Notification;

use crate::ctx::Ctx;
use crate::error::Error;

/// The most notices that one page holds.
pub const PAGE: u32 = 200;

/// One page of notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticePage {
    /// Newest first.
    pub items: Vec<Notification>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<(Timestamp, NotificationId)>,
}

/// Lists the actor's notices, newest first; at most [`PAGE`].
///
/// # Errors
/// What the store gives.
pub fn list(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    unread: bool,
    before: Option<(Timestamp, NotificationId)>,
    limit: u32,
) -> Result<NoticePage, Error> {
    let limit = limit.clamp(1, PAGE);
    let filter = NoticeFilter { unread, before, limit: limit + 1 };
    let mut items = rows::list(tx, ctx.org(), ctx.actor.person, filter)?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| (last.created_at, last.id));
    Ok(NoticePage { items, next })
}

/// Counts the actor's notices that are not read.
///
/// # Errors
/// What the store gives.
pub fn unread(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<u64, Error> {
    Ok(rows::unread(tx, ctx.org(), ctx.actor.person)?)
}

/// Gives one of the actor's notices.
///
/// # Errors
/// `not_found` when it is not there or somebody else's.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: NotificationId) -> Result<Notification, Error> {
    let found = rows::get(tx, ctx.org(), id)?;
    found.filter(|notice| notice.person == ctx.actor.person).ok_or_else(Error::not_found)
}

/// Notes that the actor read a notice; the first time counts.
///
/// # Errors
/// `not_found` when it is not there or somebody else's.
pub fn mark_read(tx: &mut Tx<'_>, ctx: &Ctx, id: NotificationId) -> Result<Notification, Error> {
    get(tx, ctx, id)?;
    rows::mark_read(tx, ctx.org(), ctx.actor.person, id, ctx.now)?;
    get(tx, ctx, id)
}

/// Notes that the actor has seen to a notice, and so has read it.
///
/// # Errors
/// `not_found` when it is not there or somebody else's.
pub fn acknowledge(tx: &mut Tx<'_>, ctx: &Ctx, id: NotificationId) -> Result<Notification, Error> {
    get(tx, ctx, id)?;
    rows::acknowledge(tx, ctx.org(), ctx.actor.person, id, ctx.now)?;
    get(tx, ctx, id)
}
