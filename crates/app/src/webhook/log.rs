//! What became of each message, and another try for those given up.

use huiyin_domain::ids::WebhookId;
use huiyin_domain::time::Timestamp;
use huiyin_store::jobs;
use huiyin_store::sql::Tx;
use huiyin_store::webhook::delivery as rows;
use serde_json::json;
use uuid::Uuid;

pub use huiyin_store::webhook::delivery::DeliveryRow;

use super::deliver::OfDelivery;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::policy::{self, Target, action};
use crate::work::{self, kinds};

/// The most messages that one page holds.
const PAGE: u32 = 200;

/// How long delivered messages stay listed, in microseconds: 30 days.
const KEPT: i64 = 30 * 86_400 * 1_000_000;

/// One page of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryPage {
    /// Newest first.
    pub items: Vec<DeliveryRow>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<(Timestamp, Uuid)>,
}

/// Lists the messages of one webhook, newest first; at most 200.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn deliveries(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    webhook: WebhookId,
    before: Option<(Timestamp, Uuid)>,
    limit: u32,
) -> Result<DeliveryPage, Error> {
    super::get(tx, ctx, webhook)?;
    page(tx, ctx, Some(webhook), (before, limit))
}

/// Lists the messages that were given up, of all webhooks, newest first.
///
/// # Errors
/// `forbidden`.
pub fn dead(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    before: Option<(Timestamp, Uuid)>,
    limit: u32,
) -> Result<DeliveryPage, Error> {
    policy::permit(&ctx.actor, action::ManageConnections, Target::Anywhere)?;
    page(tx, ctx, None, (before, limit))
}

fn page(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    webhook: Option<WebhookId>,
    (before, limit): (Option<(Timestamp, Uuid)>, u32),
) -> Result<DeliveryPage, Error> {
    let limit = limit.clamp(1, PAGE);
    let mut items = rows::list(tx, ctx.org(), webhook, webhook.is_none(), (before, limit + 1))?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|last| (last.created_at, last.id));
    Ok(DeliveryPage { items, next })
}

/// Sends a message again that was given up.
///
/// # Errors
/// `forbidden`, or `not_found` when it was not given up.
pub fn requeue(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid) -> Result<(), Error> {
    policy::permit(&ctx.actor, action::ManageConnections, Target::Anywhere)?;
    if !rows::revive(tx, ctx.org(), id)? {
        return Err(Error::not_found());
    }
    let payload = OfDelivery { delivery: id };
    // the dead job goes, so that the message is not on two lists
    let text = serde_json::to_string(&payload).map_err(Error::internal)?;
    jobs::forget_dead(tx, ctx.org(), kinds::WEBHOOK_SEND, &text)?;
    work::enqueue(tx, ctx, kinds::WEBHOOK_SEND, &payload, (ctx.now, None))?;
    audit::record(tx, ctx, "webhook_message_requeued", Object::new("webhook_message", id), json!({}))
}

/// Removes messages that were delivered more than 30 days ago.
///
/// # Errors
/// What the store gives.
pub fn purge(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<u64, Error> {
    Ok(rows::purge(tx, ctx.org(), Timestamp::from_micros(ctx.now.micros() - KEPT))?)
}
