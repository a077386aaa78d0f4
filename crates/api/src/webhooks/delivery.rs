//! Messages to webhooks and what became of them.

use crate::answer::{PageQuery, done, invalid_cursor, seal_cursor};
use crate::authed::{Act, Authed};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::webhook::{self, DeliveryPage, DeliveryRow};
use huiyin_domain::ids::WebhookId;
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_deliveries))
        .routes(routes!(test_webhook))
        .routes(routes!(list_dead_deliveries))
        .routes(routes!(requeue_delivery))
}

/// A message and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookDelivery)]
struct DeliveryOut {
    /// The receiver sees it as `Huiyin-Delivery`, the same in every try.
    id: Uuid,
    webhook: WebhookId,
    /// What it is about, such as `case.closed`.
    topic: String,
    /// What was sent.
    body: String,
    created_at: Timestamp,
    #[schema(minimum = 0)]
    tries: u32,
    tried_at: Option<Timestamp>,
    /// The last answer or failure.
    outcome: Option<String>,
    delivered_at: Option<Timestamp>,
    /// When it was given up.
    dead_at: Option<Timestamp>,
}

impl From<DeliveryRow> for DeliveryOut {
    fn from(row: DeliveryRow) -> Self {
        Self {
            id: row.id,
            webhook: row.webhook,
            topic: row.topic,
            body: row.body,
            created_at: row.created_at,
            tries: row.tries,
            tried_at: row.tried_at,
            outcome: row.outcome,
            delivered_at: row.delivered_at,
            dead_at: row.dead_at,
        }
    }
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookDeliveryPage {
    /// Newest first.
    items: Vec<DeliveryOut>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

impl From<DeliveryPage> for WebhookDeliveryPage {
    fn from(page: DeliveryPage) -> Self {
        let next_cursor = page.next.map(|(at, id)| seal_cursor(&format!("{}:{id}", at.micros())));
        Self { items: page.items.into_iter().map(DeliveryOut::from).collect(), next_cursor }
    }
}

/// A trial message.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookTest {
    /// The message; see what becomes of it in the list.
    delivery: Uuid,
}

fn place(page: &PageQuery) -> Result<Option<(Timestamp, Uuid)>, Problem> {
    let Some(text) = page.cursor()? else { return Ok(None) };
    let (at, id) = text.split_once(':').ok_or_else(invalid_cursor)?;
    let at: i64 = at.parse().map_err(|_| invalid_cursor())?;
    Ok(Some((Timestamp::from_micros(at), id.parse().map_err(|_| invalid_cursor())?)))
}

/// List the messages of a webhook, newest first
///
/// Delivered ones stay for 30 days.
#[utoipa::path(get, path = "/webhooks/{id}/deliveries", operation_id = "list_webhook_deliveries", tag = "webhooks",
    params(("id" = WebhookId, Path), PageQuery),
    responses((status = 200, description = "A page", body = WebhookDeliveryPage), Reading))]
async fn list_deliveries(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<WebhookId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<WebhookDeliveryPage>, Problem> {
    let (limit, before) = (page.limit()?, place(&page)?);
    let found =
        edge.app.read(&authed.ctx, move |tx, ctx| webhook::deliveries(tx, ctx, id, before, limit)).await?;
    Ok(Json(found.into()))
}

/// Send a trial message
#[utoipa::path(post, path = "/webhooks/{id}/test", operation_id = "test_webhook", tag = "webhooks",
    params(("id" = WebhookId, Path)),
    responses((status = 202, description = "Queued", body = WebhookTest), Writing))]
async fn test_webhook(
    State(edge): State<Edge>,
    Id(id): Id<WebhookId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    let answer = edge
        .app
        .once(ctx, 202, move |tx, ctx| {
            webhook::send_test(tx, ctx, id).map(|delivery| WebhookTest { delivery })
        })
        .await?;
    Ok(done(answer))
}

/// List the messages that were given up, newest first
#[utoipa::path(get, path = "/webhook-deliveries/dead", operation_id = "list_dead_webhook_deliveries",
    tag = "webhooks", params(PageQuery),
    responses((status = 200, description = "A page", body = WebhookDeliveryPage), Reading))]
async fn list_dead_deliveries(
    State(edge): State<Edge>,
    authed: Authed,
    Query(page): Query<PageQuery>,
) -> Result<Json<WebhookDeliveryPage>, Problem> {
    let (limit, before) = (page.limit()?, place(&page)?);
    let found = edge.app.read(&authed.ctx, move |tx, ctx| webhook::dead(tx, ctx, before, limit)).await?;
    Ok(Json(found.into()))
}

/// Send a message again that was given up
#[utoipa::path(post, path = "/webhook-deliveries/{id}/requeue", operation_id = "requeue_webhook_delivery",
    tag = "webhooks", params(("id" = Uuid, Path)),
    responses((status = 204, description = "Queued"), Writing))]
async fn requeue_delivery(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| webhook::requeue(tx, ctx, id)).await?))
}
