//! Publishing the channels of estates, and the lookup code on receipts.

use crate::answer::done;
use crate::authed::{Act, Authed, Change};
use crate::edge::Edge;
use crate::idempotency;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::public::{self, Channels, LookupCode, PublicPage};
use huiyin_app::{Ctx, Tx};
use huiyin_domain::ids::{CaseId, UnitId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(list_public_pages))
        .routes(routes!(publish_channels, close_public_page))
        .routes(routes!(give_lookup_code))
}

/// The open public pages, oldest first; at most 1,000.
#[derive(Debug, Serialize, ToSchema)]
struct PublicPages {
    items: Vec<PublicPage>,
}

/// List the public pages of estates and the channels on them
#[utoipa::path(get, path = "/public-pages", operation_id = "list_public_pages", tag = "public",
    responses((status = 200, description = "The open pages", body = PublicPages), Reading))]
async fn list_public_pages(State(edge): State<Edge>, authed: Authed) -> Result<Json<PublicPages>, Problem> {
    Ok(Json(PublicPages { items: edge.app.read(&authed.ctx, public::pages).await? }))
}

/// Open the public page of a unit, or change what it publishes
///
/// Its address is drawn once and stays.
#[utoipa::path(put, path = "/public-pages/{unit}", operation_id = "publish_channels", tag = "public",
    params(("unit" = UnitId, Path)), request_body = Channels,
    responses((status = 200, description = "Published", body = PublicPage), Writing))]
async fn publish_channels(
    State(edge): State<Edge>,
    Id(unit): Id<UnitId>,
    Change { ctx, body, .. }: Change<Channels>,
) -> Result<Response, Problem> {
    let rules = edge.app.rules.clone();
    let open = move |tx: &mut Tx<'_>, ctx: &Ctx| public::open_page(tx, ctx, &rules, (unit, &body));
    Ok(done(edge.app.once(ctx, 200, open).await?))
}

/// Close the public page of a unit; its address leads nowhere then
#[utoipa::path(delete, path = "/public-pages/{unit}", operation_id = "close_public_page", tag = "public",
    params(("unit" = UnitId, Path)),
    responses((status = 204, description = "Closed"), Writing))]
async fn close_public_page(
    State(edge): State<Edge>,
    Id(unit): Id<UnitId>,
    Act { ctx }: Act,
) -> Result<Response, Problem> {
    Ok(done(edge.app.once(ctx, 204, move |tx, ctx| public::close_page(tx, ctx, unit)).await?))
}

/// Get number and lookup code of a case, for its customer's receipt
///
/// The audit trail tells who asked. Whoever handles the case does not get it:
/// the customer's answers are the customer's own.
#[utoipa::path(post, path = "/cases/{id}/lookup-code", operation_id = "give_lookup_code", tag = "public",
    params(("id" = CaseId, Path), idempotency::KeyHeader),
    responses((status = 200, description = "For the receipt", body = LookupCode), Writing))]
async fn give_lookup_code(
    State(edge): State<Edge>,
    Id(id): Id<CaseId>,
    Act { ctx }: Act,
) -> Result<Json<LookupCode>, Problem> {
    Ok(Json(edge.app.write(&ctx, move |tx, ctx| public::lookup_code(tx, ctx, id)).await?))
}
