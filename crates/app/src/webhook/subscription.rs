//! Subscriptions: made, changed, removed by who may.

use huiyin_domain::ids::WebhookId;
use huiyin_store::sql::Tx;
use huiyin_store::webhook as rows;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

pub use huiyin_store::webhook::WebhookRow;

use super::topic::is_topic;
use crate::audit::{self, Object};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::people::check;
use crate::policy::{self, Target, action};
use crate::secret;
use crate::work::WaysOut;

/// The most topics of one subscription.
const MOST_TOPICS: usize = 100;

/// The most subscriptions of one organisation: each event goes to all.
const MOST_WEBHOOKS: usize = 50;

/// What the receiver understands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WebhookFormat)]
pub enum Format {
    /// Our JSON, signed.
    #[default]
    Plain,
    /// A robot of a WeCom group.
    Wecom,
    /// A robot of a DingTalk group.
    Dingtalk,
}

impl Format {
    /// Gives the name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Wecom => "wecom",
            Self::Dingtalk => "dingtalk",
        }
    }
}

/// A subscription that is to be made.
#[derive(Clone, Debug, Deserialize)]
pub struct NewWebhook {
    /// What people call it.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// Topics it wants, such as `case.closed`, `case.*` or `*`.
    pub events: Vec<String>,
    /// What the receiver understands.
    #[serde(default)]
    pub format: Format,
    /// The robot's own secret; made here when not given.
    pub secret: Option<String>,
}

/// What is to be changed; what is not said stays.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct WebhookChange {
    /// What people call it.
    pub name: Option<String>,
    /// Where messages go.
    pub url: Option<String>,
    /// Topics it wants.
    pub events: Option<Vec<String>>,
    /// What the receiver understands.
    pub format: Option<Format>,
    /// Whether messages go out.
    pub active: Option<bool>,
    /// The version that was seen.
    pub version: i64,
}

fn checked_events(events: &[String]) -> Result<Vec<String>, Error> {
    if events.is_empty() || events.len() > MOST_TOPICS {
        return Err(Error::field("events", "list_length"));
    }
    match events.iter().position(|event| !is_topic(event)) {
        Some(index) => Err(Error::field(format!("events[{index}]"), "topic_shape")),
        None => Ok(events.to_vec()),
    }
}

fn checked_url(ways: &dyn WaysOut, url: &str) -> Result<String, Error> {
    let url = check::text("url", url, 2000)?;
    ways.check_address(&url).map_err(|code| Error::field("url", code))?;
    Ok(url)
}

/// Makes a subscription; gives it with its secret, which is never shown again.
///
/// # Errors
/// `forbidden`, or a field that is not acceptable.
pub fn create(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    ways: &dyn WaysOut,
    new: &NewWebhook,
) -> Result<(WebhookRow, String), Error> {
    policy::permit(&ctx.actor, action::ManageConnections, Target::Anywhere)?;
    if rows::list(tx, ctx.org())?.len() >= MOST_WEBHOOKS {
        return Err(Error::conflict("too_many_webhooks").with("limit", MOST_WEBHOOKS));
    }
    let row = WebhookRow {
        id: WebhookId(ctx.uuid()),
        name: check::text("name", &new.name, 100)?,
        url: checked_url(ways, &new.url)?,
        events: checked_events(&new.events)?,
        format: new.format.name().to_owned(),
        active: true,
        created_at: ctx.now,
        changed_at: ctx.now,
        version: 1,
    };
    let given = check::optional("secret", new.secret.as_deref(), 200)?;
    let secret = given.unwrap_or_else(|| secret::new(ctx.ids.as_ref()));
    rows::insert(tx, ctx.org(), &row, &secret)?;
    let details = json!({"format": row.format, "events": row.events});
    audit::record(tx, ctx, "webhook_created", Object::new("webhook", row.id), details)?;
    Ok((row, secret))
}

/// Changes a subscription.
///
/// # Errors
/// `forbidden`, `not_found`, `stale`, or a field that is not acceptable.
pub fn change(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    ways: &dyn WaysOut,
    id: WebhookId,
    change: &WebhookChange,
) -> Result<WebhookRow, Error> {
    let mut row = get(tx, ctx, id)?;
    if row.version != change.version {
        return Err(Error::stale());
    }
    if let Some(name) = &change.name {
        row.name = check::text("name", name, 100)?;
    }
    if let Some(url) = &change.url {
        row.url = checked_url(ways, url)?;
    }
    if let Some(events) = &change.events {
        row.events = checked_events(events)?;
    }
    if let Some(format) = change.format {
        row.format = format.name().to_owned();
    }
    row.active = change.active.unwrap_or(row.active);
    row.changed_at = ctx.now;
    if !rows::update(tx, ctx.org(), &row)? {
        return Err(Error::stale());
    }
    let details = json!({"format": row.format, "events": row.events, "active": row.active});
    audit::record(tx, ctx, "webhook_changed", Object::new("webhook", id), details)?;
    get(tx, ctx, id)
}

/// Makes a new secret, shown this once; the old one no longer signs.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn renew_secret(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<String, Error> {
    get(tx, ctx, id)?;
    let secret = secret::new(ctx.ids.as_ref());
    rows::set_secret(tx, ctx.org(), id, &secret)?;
    audit::record(tx, ctx, "webhook_secret_renewed", Object::new("webhook", id), json!({}))?;
    Ok(secret)
}

/// Removes a subscription; its past messages stay listed.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<(), Error> {
    get(tx, ctx, id)?;
    rows::remove(tx, ctx.org(), id, ctx.now)?;
    audit::record(tx, ctx, "webhook_removed", Object::new("webhook", id), json!({}))
}

/// Gives a subscription, without its secret.
///
/// # Errors
/// `forbidden` or `not_found`.
pub fn get(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<WebhookRow, Error> {
    policy::permit(&ctx.actor, action::ManageConnections, Target::Anywhere)?;
    rows::get(tx, ctx.org(), id)?.ok_or_else(Error::not_found)
}

/// Lists the subscriptions, oldest first, without their secrets.
///
/// # Errors
/// `forbidden`.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<WebhookRow>, Error> {
    policy::permit(&ctx.actor, action::ManageConnections, Target::Anywhere)?;
    Ok(rows::list(tx, ctx.org())?)
}
