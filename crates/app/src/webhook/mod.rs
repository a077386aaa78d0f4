//! Webhooks: who wants to hear of what, and what became of each message.
//!
//! *Invariants*: messages hold numbers, kinds, stages, codes and a link, never
//! a customer's text; a secret is shown once, when it is made; each source goes
//! once to each webhook, in as many tries as it takes.
//!
//! *Where to start*: [`create`] for subscriptions, [`queue`] for messages.

mod deliver;
mod log;
mod subscription;
mod topic;

pub use deliver::{Message, SendWebhook, is_wanted, queue, send_test};
pub use log::{DeliveryPage, DeliveryRow, dead, deliveries, purge, requeue};
pub use subscription::{
    Format, NewWebhook, WebhookChange, WebhookRow, change, create, get, list, remove, renew_secret,
};
pub use topic::{is_topic, matches};
