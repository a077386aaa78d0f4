//! The dispatch board, and what people can do at the customer's.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::query::Query;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::duty::{self, Board};
use huiyin_domain::ids::{PersonId, UnitId};
use huiyin_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_dispatch)).routes(routes!(set_skills))
}

/// Of which part of the house, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BoardQuery {
    /// Begin of the period.
    from: Timestamp,
    /// The first instant after the period.
    to: Timestamp,
    /// Of this unit and those below it.
    unit: Option<UnitId>,
}

/// See who can come when, and which matters wait for somebody to come
///
/// A visit time is promised only on a confirmed slot (PROP-21). At most 100
/// matters wait on one board.
#[utoipa::path(get, path = "/dispatch", operation_id = "get_dispatch", tag = "duty", params(BoardQuery),
    responses((status = 200, description = "The board", body = Board), Reading))]
async fn get_dispatch(
    State(edge): State<Edge>,
    authed: Authed,
    Query(query): Query<BoardQuery>,
) -> Result<Json<Board>, Problem> {
    let BoardQuery { from, to, unit } = query;
    let read = edge.app.read(&authed.ctx, move |tx, ctx| duty::board(tx, ctx, unit, (from, to)));
    Ok(Json(read.await?))
}

/// What somebody can do.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Skills {
    /// Each 1 to 30 letters; at most 20.
    #[schema(max_items = 20)]
    skills: Vec<String>,
}

/// Say what a person can do at the customer's
#[utoipa::path(put, path = "/people/{id}/skills", operation_id = "set_skills", tag = "duty",
    params(("id" = PersonId, Path)), request_body = Skills,
    responses((status = 200, description = "Sorted, each once", body = Skills), Writing))]
async fn set_skills(
    State(edge): State<Edge>,
    Id(person): Id<PersonId>,
    Change { ctx, body, .. }: Change<Skills>,
) -> Result<Response, Problem> {
    let write = edge.app.once(ctx, 200, move |tx, ctx| {
        duty::set_skills(tx, ctx, person, &body.skills).map(|skills| Skills { skills })
    });
    Ok(done(write.await?))
}
