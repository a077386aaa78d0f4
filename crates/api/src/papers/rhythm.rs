//! When the desk's papers open by themselves.

use crate::answer::{done, versioned};
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use crate::version::{IfMatch, required};
use axum::extract::State;
use axum::response::Response;
use huiyin_app::paper::{self, RhythmView};
use huiyin_domain::paper::rhythm::Rhythm;
use huiyin_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_rhythm, set_rhythm))
}

/// What recurs in the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeskRhythms)]
struct RhythmOut {
    /// How often it was set; 0 for never.
    #[schema(minimum = 0)]
    version: i64,
    /// Desks that take stock and lines that report.
    rhythm: Rhythm,
    /// When something opens next.
    next_at: Option<Timestamp>,
}

impl From<RhythmView> for RhythmOut {
    fn from(view: RhythmView) -> Self {
        Self { version: view.version, rhythm: view.rhythm, next_at: view.next_at }
    }
}

/// See when the desk's papers open by themselves
#[utoipa::path(get, path = "/desk-rhythm", operation_id = "get_desk_rhythm", tag = "stocktake",
    responses((status = 200, description = "What recurs", body = RhythmOut), Reading))]
async fn get_rhythm(State(edge): State<Edge>, authed: Authed) -> Result<Response, Problem> {
    let view = edge.app.read(&authed.ctx, paper::rhythm).await?;
    Ok(versioned(view.version, RhythmOut::from(view)))
}

/// Set when the desk's papers open by themselves
///
/// Holds from now on; what opened before stays.
#[utoipa::path(put, path = "/desk-rhythm", operation_id = "set_desk_rhythm", tag = "stocktake", params(IfMatch),
    request_body = Rhythm, responses((status = 200, description = "Set", body = RhythmOut), Writing))]
async fn set_rhythm(
    State(edge): State<Edge>,
    Change { ctx, body, headers }: Change<Rhythm>,
) -> Result<Response, Problem> {
    let seen = required(&headers, None)?;
    let rules = edge.app.rules.clone();
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| paper::set_rhythm(tx, ctx, &rules, body, seen).map(RhythmOut::from));
    Ok(done(answer.await?))
}
