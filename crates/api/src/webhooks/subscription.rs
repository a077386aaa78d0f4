//! Subscriptions of other systems.

use crate::answer::{done, versioned};
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use crate::version;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::webhook::{self, Format, NewWebhook, WebhookChange, WebhookRow};
use huiyin_app::{Ctx, Tx};
use huiyin_domain::ids::WebhookId;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_webhooks, create_webhook))
        .routes(routes!(get_webhook, change_webhook, remove_webhook))
        .routes(routes!(renew_webhook_secret))
}

/// A subscription, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
struct WebhookOut {
    id: WebhookId,
    name: String,
    /// Where messages go.
    url: String,
    /// Topics it wants: `*`, `case.*`, `case.closed`.
    events: Vec<String>,
    /// `plain`, `wecom` or `dingtalk`.
    format: String,
    /// Whether messages go out.
    active: bool,
    created_at: Timestamp,
    changed_at: Timestamp,
    version: i64,
}

impl From<WebhookRow> for WebhookOut {
    fn from(row: WebhookRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            url: row.url,
            events: row.events,
            format: row.format,
            active: row.active,
            created_at: row.created_at,
            changed_at: row.changed_at,
            version: row.version,
        }
    }
}

/// A new subscription with its secret, shown this once.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookMade {
    #[serde(flatten)]
    webhook: WebhookOut,
    /// Signs every message: HMAC-SHA256 over `timestamp.body`; null in the
    /// answer to a repeat.
    secret: Option<String>,
}

/// A new secret, shown this once.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookSecret {
    /// Null in the answer to a repeat.
    secret: Option<String>,
}

/// All subscriptions.
#[derive(Debug, Serialize, ToSchema)]
struct Webhooks {
    items: Vec<WebhookOut>,
}

/// A subscription to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWebhook)]
struct NewWebhookBody {
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: String,
    /// An absolute http(s) address.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    url: String,
    /// Topics it wants: `*`, `case.*`, `case.closed`.
    #[schema(min_items = 1, max_items = 100)]
    events: Vec<String>,
    #[serde(default)]
    format: Format,
    /// The robot's own secret; made here when not given.
    #[schema(max_length = 200)]
    secret: Option<String>,
}

/// What to change; what is not said stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookChange)]
struct WebhookChangeBody {
    #[schema(min_length = 1, max_length = 100, pattern = r"\S")]
    name: Option<String>,
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    url: Option<String>,
    #[schema(min_items = 1, max_items = 100)]
    events: Option<Vec<String>>,
    format: Option<Format>,
    active: Option<bool>,
    /// The version seen, unless `If-Match` says it.
    version: Option<i64>,
}

/// List the webhooks, oldest first
#[utoipa::path(get, path = "/webhooks", operation_id = "list_webhooks", tag = "webhooks",
    responses((status = 200, description = "All of them", body = Webhooks), Reading))]
async fn list_webhooks(State(edge): State<Edge>, authed: Authed) -> Result<Json<Webhooks>, Problem> {
    let rows = edge.app.read(&authed.ctx, webhook::list).await?;
    Ok(Json(Webhooks { items: rows.into_iter().map(WebhookOut::from).collect() }))
}

/// Make a webhook; its secret is shown this once
#[utoipa::path(post, path = "/webhooks", operation_id = "create_webhook", tag = "webhooks",
    request_body = NewWebhookBody,
    responses((status = 201, description = "Made", body = WebhookMade), Writing))]
async fn create_webhook(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewWebhookBody>,
) -> Result<Response, Problem> {
    let NewWebhookBody { name, url, events, format, secret } = body;
    let new = NewWebhook { name, url, events, format, secret };
    let ways = edge.app.ways.clone();
    let create = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        let (row, secret) = webhook::create(tx, ctx, ways.as_ref(), &new)?;
        Ok((row.id, WebhookMade { webhook: row.into(), secret: Some(secret) }))
    };
    let again = |tx: &mut Tx<'_>, ctx: &Ctx, id| {
        Ok(WebhookMade { webhook: webhook::get(tx, ctx, id)?.into(), secret: None })
    };
    Ok(done(edge.app.once_made(ctx, 201, create, again).await?))
}

/// Read a webhook
#[utoipa::path(get, path = "/webhooks/{id}", operation_id = "get_webhook", tag = "webhooks",
    params(("id" = WebhookId, Path)),
    responses((status = 200, description = "The webhook; its version is the ETag", body = WebhookOut), Reading))]
async fn get_webhook(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<WebhookId>,
) -> Result<Response, Problem> {
    let row = edge.app.read(&authed.ctx, move |tx, ctx| webhook::get(tx, ctx, id)).await?;
    Ok(versioned(row.version, WebhookOut::from(row)))
}

/// Change a webhook
#[utoipa::path(patch, path = "/webhooks/{id}", operation_id = "change_webhook", tag = "webhooks",
    params(("id" = WebhookId, Path), version::IfMatch), request_body = WebhookChangeBody,
    responses((status = 200, description = "Changed", body = WebhookOut), Writing))]
async fn change_webhook(
    State(edge): State<Edge>,
    Id(id): Id<WebhookId>,
    Change { ctx, body, headers }: Change<WebhookChangeBody>,
) -> Result<Response, Problem> {
    let version = version::required(&headers, body.version)?;
    let WebhookChangeBody { name, url, events, format, active, .. } = body;
    let change = WebhookChange { name, url, events, format, active, version };
    let ways = edge.app.ways.clone();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            webhook::change(tx, ctx, ways.as_ref(), id, &change).map(WebhookOut::from)
        })
        .await?;
    Ok(done(answer))
}

/// Remove a webhook; its past messages stay listed
#[utoipa::path(delete, path = "/webhooks/{id}", operation_id = "remove_webhook", tag = "webhooks",
    params(("id" = WebhookId, Path)),
    responses((status = 204, description = "Removed"), Writing))]
async fn remove_webhook(
    State(edge): State<Edge>,
    Id(id): Id<WebhookId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| webhook::remove(tx, ctx, id)).await?))
}

/// Make a new secret, shown this once; the old one no longer signs
#[utoipa::path(post, path = "/webhooks/{id}/secret", operation_id = "renew_webhook_secret", tag = "webhooks",
    params(("id" = WebhookId, Path)),
    responses((status = 201, description = "Made", body = WebhookSecret), Writing))]
async fn renew_webhook_secret(
    State(edge): State<Edge>,
    Id(id): Id<WebhookId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let renew = move |tx: &mut Tx<'_>, ctx: &Ctx| {
        webhook::renew_secret(tx, ctx, id).map(|secret| ((), WebhookSecret { secret: Some(secret) }))
    };
    let again = move |tx: &mut Tx<'_>, ctx: &Ctx, ()| {
        webhook::get(tx, ctx, id).map(|_| WebhookSecret { secret: None })
    };
    Ok(done(edge.app.once_made(ctx, 201, renew, again).await?))
}
