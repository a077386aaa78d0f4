//! Messages to webhooks: queued with their cause, sent by a job each.

use std::sync::Arc;

use huiyin_domain::ids::WebhookId;
use huiyin_domain::time::{Timestamp, Zone};
use huiyin_store::people::organisation;
use huiyin_store::sql::Tx;
use huiyin_store::webhook::delivery::{self, Tried};
use huiyin_store::webhook::{self as rows, WebhookRow};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::log::DeliveryRow;
use super::topic::matches;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::work::{self, Call, End, Failure, HookPost, Job, Outside, WaysOut, kinds};

/// Something that webhooks may want to hear.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What caused it; sent once to each webhook.
    pub source: String,
    /// What it is about, such as `case.accepted`.
    pub topic: String,
    /// When it happened.
    pub at: Timestamp,
    /// A JSON object without personal text.
    pub content: Value,
}

/// The payload of [`kinds::WEBHOOK_SEND`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct OfDelivery {
    /// Which message.
    pub delivery: Uuid,
}

/// Queues a message for each active webhook that wants its topic.
///
/// # Errors
/// What the store gives.
pub fn queue(tx: &mut Tx<'_>, ctx: &Ctx, message: &Message) -> Result<(), Error> {
    let hooks = rows::list(tx, ctx.org())?;
    for hook in hooks.iter().filter(|hook| hook.active && matches(&hook.events, &message.topic)) {
        queue_for(tx, ctx, hook, message)?;
    }
    Ok(())
}

/// Says whether any active webhook wants one of the topics.
///
/// # Errors
/// What the store gives.
pub fn is_wanted(tx: &mut Tx<'_>, ctx: &Ctx, topics: &[String]) -> Result<bool, Error> {
    let hooks = rows::list(tx, ctx.org())?;
    let wants = |hook: &WebhookRow| hook.active && topics.iter().any(|topic| matches(&hook.events, topic));
    Ok(hooks.iter().any(wants))
}

/// Sends a message that says that it is a trial; gives its identity.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn send_test(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<Uuid, Error> {
    let hook = super::get(tx, ctx, id)?;
    let message = Message {
        source: format!("test:{}", ctx.uuid()),
        topic: "webhook.test".into(),
        at: ctx.now,
        content: json!({"code": "webhook_test"}),
    };
    audit::record(tx, ctx, "webhook_tested", Object::new("webhook", id), json!({}))?;
    queue_for(tx, ctx, &hook, &message)?.ok_or_else(|| Error::internal("a trial was sent before"))
}

fn queue_for(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    hook: &WebhookRow,
    message: &Message,
) -> Result<Option<Uuid>, Error> {
    let id = ctx.uuid();
    let body = body(tx, ctx, id, message)?;
    let new = DeliveryRow {
        id,
        webhook: hook.id,
        source: message.source.clone(),
        topic: message.topic.clone(),
        body,
        created_at: ctx.now,
        tries: 0,
        tried_at: None,
        outcome: None,
        delivered_at: None,
        dead_at: None,
    };
    if !delivery::insert(tx, ctx.org(), &new)? {
        return Ok(None);
    }
    work::enqueue(tx, ctx, kinds::WEBHOOK_SEND, &OfDelivery { delivery: id }, (ctx.now, None))?;
    Ok(Some(id))
}

fn body(tx: &mut Tx<'_>, ctx: &Ctx, id: Uuid, message: &Message) -> Result<String, Error> {
    let organisation = organisation::get(tx, ctx.org())?.ok_or_else(Error::not_found)?;
    let zone = Zone::named(&organisation.zone).map_err(Error::internal)?;
    let mut body = json!({
        "id": id,
        "topic": message.topic,
        "at": zone.rfc3339(message.at),
        "organisation": organisation.code,
    });
    if let (Value::Object(body), Value::Object(content)) = (&mut body, &message.content) {
        body.extend(content.clone());
    }
    Ok(body.to_string())
}

/// Does the jobs of [`kinds::WEBHOOK_SEND`].
pub struct SendWebhook {
    /// The ways out of the house.
    pub ways: Arc<dyn WaysOut>,
}

impl Outside for SendWebhook {
    fn kind(&self) -> &'static str {
        kinds::WEBHOOK_SEND
    }

    /// Nothing goes to a webhook that was removed or switched off meanwhile.
    fn prepare(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> Result<Option<Call>, Failure> {
        let about: OfDelivery = job.read()?;
        let Some(message) = delivery::get(tx, ctx.org(), about.delivery)? else { return Ok(None) };
        let hook = rows::get(tx, ctx.org(), message.webhook)?.filter(|hook| hook.active);
        let (Some(hook), None) = (hook, message.delivered_at) else { return Ok(None) };
        let Some(secret) = rows::secret(tx, ctx.org(), hook.id)? else { return Ok(None) };
        let post = HookPost {
            id: message.id.to_string(),
            at: ctx.now,
            topic: message.topic,
            url: hook.url,
            secret,
            format: hook.format,
            body: message.body,
        };
        let ways = Arc::clone(&self.ways);
        Ok(Some(Box::new(move || ways.post(&post).map_err(Failure::from))))
    }

    fn settle(&self, tx: &mut Tx<'_>, ctx: &Ctx, job: &Job, end: (End, &str)) -> Result<(), Error> {
        let about: OfDelivery = serde_json::from_str(&job.payload).map_err(Error::internal)?;
        let tried = match end.0 {
            End::Done => Tried::Delivered,
            End::Again => Tried::Waiting,
            End::Dead => Tried::Dead,
        };
        Ok(delivery::tried(tx, ctx.org(), about.delivery, ctx.now, (tried, end.1))?)
    }
}
