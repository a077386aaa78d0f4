//! What waits for a signature, and who stands in for whom.

use crate::answer::{PageQuery, done, invalid_cursor, seal_cursor};
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::approval::{self, DeputyRow, NewDeputy, Place, Waiting};
use huiyin_domain::ids::PersonId;
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_approvals))
        .routes(routes!(list_deputies, name_deputy))
        .routes(routes!(cancel_deputy))
}

/// Approvals that wait for you.
#[derive(Debug, Serialize, ToSchema)]
struct ApprovalPage {
    /// Longest waiting first.
    items: Vec<Waiting>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// Somebody who stands in for somebody.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deputy)]
struct DeputyOut {
    id: Uuid,
    /// Who is stood for.
    person: PersonId,
    /// Who stands in.
    deputy: PersonId,
    from: Timestamp,
    /// The first instant after it.
    to: Timestamp,
}

impl From<DeputyRow> for DeputyOut {
    fn from(row: DeputyRow) -> Self {
        let DeputyRow { id, person, deputy, starts_at, ends_at } = row;
        Self { id, person, deputy, from: starts_at, to: ends_at }
    }
}

/// Deputies now and later, by begin; at most 1,000.
#[derive(Debug, Serialize, ToSchema)]
struct Deputies {
    items: Vec<DeputyOut>,
}

/// A deputy to name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDeputy)]
struct NewDeputyBody {
    /// Who is stood for; yourself when left out.
    #[serde(default)]
    person: Option<PersonId>,
    /// Who stands in.
    deputy: PersonId,
    from: Timestamp,
    /// The first instant after it; at most 400 days after `from`.
    to: Timestamp,
}

fn place_of(cursor: &str) -> Option<Place> {
    let mut parts = cursor.split(' ');
    let at = parts.next()?.parse().ok().map(Timestamp::from_micros)?;
    let (case, id) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some((at, case, id))
}

/// See what waits for your signature
///
/// By your post, as a deputy, or because nobody below can; each line says why.
#[utoipa::path(get, path = "/approvals", operation_id = "list_approvals", tag = "approvals", params(PageQuery),
    responses((status = 200, description = "What waits for you", body = ApprovalPage), Reading))]
async fn list_approvals(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<PageQuery>,
) -> Result<Json<ApprovalPage>, Problem> {
    let limit = query.limit()?;
    let after = query.cursor()?.map(|cursor| place_of(&cursor).ok_or_else(invalid_cursor)).transpose()?;
    let app = edge.app.clone();
    let read =
        edge.app.read(&authed.ctx, move |tx, ctx| approval::inbox(tx, ctx, &app.rules, (after, limit)));
    let (items, next) = read.await?;
    let cursor = |(at, case, id): Place| seal_cursor(&format!("{} {case} {id}", at.micros()));
    Ok(Json(ApprovalPage { items, next_cursor: next.map(cursor) }))
}

/// See who stands in for whom
#[utoipa::path(get, path = "/deputies", operation_id = "list_deputies", tag = "approvals",
    responses((status = 200, description = "Deputies", body = Deputies), Reading))]
async fn list_deputies(State(edge): State<Edge>, authed: Authed) -> Result<Json<Deputies>, Problem> {
    let rows = edge.app.read(&authed.ctx, approval::deputies).await?;
    Ok(Json(Deputies { items: rows.into_iter().map(DeputyOut::from).collect() }))
}

/// Name who signs for you in a period
///
/// For somebody else administration names; nobody makes themselves a deputy.
#[utoipa::path(post, path = "/deputies", operation_id = "name_deputy", tag = "approvals",
    request_body = NewDeputyBody,
    responses((status = 201, description = "Named", body = DeputyOut), Writing))]
async fn name_deputy(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewDeputyBody>,
) -> Result<Response, Problem> {
    let person = body.person.unwrap_or(ctx.actor.person);
    let new = NewDeputy { person, deputy: body.deputy, from: body.from, to: body.to };
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| approval::name_deputy(tx, ctx, &new).map(DeputyOut::from))
        .await?;
    Ok(done(answer))
}

/// End a deputy's time; what they signed stays signed
#[utoipa::path(delete, path = "/deputies/{id}", operation_id = "cancel_deputy", tag = "approvals",
    params(("id" = Uuid, Path)),
    responses((status = 204, description = "Ended"), Writing))]
async fn cancel_deputy(
    State(edge): State<Edge>,
    Id(id): Id<Uuid>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| approval::cancel_deputy(tx, ctx, id)).await?))
}
