//! What the rules know about a case, how its limits came about, who is at it.

use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use huiyin_app::case::{self, ClockLine, Guide};
use huiyin_app::presence::{self, Doing, Present};
use huiyin_domain::case::Kind;
use huiyin_domain::ids::{CaseId, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new()
        .routes(routes!(get_case_guide))
        .routes(routes!(list_case_clocks))
        .routes(routes!(list_presence, note_presence))
        .routes(routes!(get_intake_guide))
}

/// The limits of a case, explained.
#[derive(Debug, Serialize, ToSchema)]
struct Clocks {
    /// By number.
    items: Vec<ClockLine>,
}

/// Who is at a case.
#[derive(Debug, Serialize, ToSchema)]
struct Presence {
    /// Everybody but yourself.
    items: Vec<Present>,
}

/// What you do at a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PresenceBody {
    doing: Doing,
}

/// For which message.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct IntakeQuery {
    /// The unit that it would belong to.
    unit: UnitId,
    /// What it would be about.
    kind: Kind,
}

/// Read what the rules that bind a case ask and know
#[utoipa::path(get, path = "/cases/{id}/guide", operation_id = "get_case_guide", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "Stages, moves, categories, causes, fields", body = Guide), Reading))]
async fn get_case_guide(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Guide>, Problem> {
    let app = edge.app.clone();
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| case::guide(tx, ctx, &app.rules, id)).await?))
}

/// Read what the rules ask of a message that would be recorded now
#[utoipa::path(get, path = "/intake-guide", operation_id = "get_intake_guide", tag = "cases", params(IntakeQuery),
    responses((status = 200, description = "Categories with their boundaries, fields", body = Guide), Reading))]
async fn get_intake_guide(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<IntakeQuery>,
) -> Result<Json<Guide>, Problem> {
    let app = edge.app.clone();
    let at = (query.unit, query.kind);
    Ok(Json(edge.app.read(&authed.ctx, move |tx, ctx| case::intake_guide(tx, ctx, &app.rules, at)).await?))
}

/// List the limits of a case, explained and counted in working time
#[utoipa::path(get, path = "/cases/{id}/clocks", operation_id = "list_case_clocks", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "Every limit it ever had", body = Clocks), Reading))]
async fn list_case_clocks(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Clocks>, Problem> {
    let app = edge.app.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| case::clocks(tx, ctx, &app.rules, id)).await?;
    Ok(Json(Clocks { items }))
}

/// List who is at a case beside you
///
/// The stream of events says `presence` with the id of the case when it changes.
#[utoipa::path(get, path = "/cases/{id}/presence", operation_id = "list_presence", tag = "cases",
    params(("id" = CaseId, Path)),
    responses((status = 200, description = "Everybody but yourself", body = Presence), Reading))]
async fn list_presence(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<CaseId>,
) -> Result<Json<Presence>, Problem> {
    let app = edge.app.clone();
    let items = edge.app.read(&authed.ctx, move |tx, ctx| presence::list(&app, tx, ctx, id)).await?;
    Ok(Json(Presence { items }))
}

/// Say that you are at a case, write there, or have left it
///
/// It holds for 45 seconds unless said again, and is stored nowhere.
#[utoipa::path(put, path = "/cases/{id}/presence", operation_id = "note_presence", tag = "cases",
    params(("id" = CaseId, Path)), request_body = PresenceBody,
    responses((status = 204, description = "Others know"), Writing))]
async fn note_presence(
    State(edge): State<Edge>,
    Id(id): Id<CaseId>,
    Change { ctx, body, .. }: Change<PresenceBody>,
) -> Result<StatusCode, Problem> {
    let app = edge.app.clone();
    let noted = edge.app.write(&ctx, move |tx, ctx| presence::note(&app, tx, ctx, id, body.doing)).await?;
    noted.into_iter().for_each(|hint| edge.app.hints.publish(hint));
    Ok(StatusCode::NO_CONTENT)
}
