//! The press is here.

use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::media::{self, MediaAlerted, NewMediaAlert};
use huiyin_i18n::text;
use serde::Serialize;
use serde_json::Map;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Names the operations of this module.
pub fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(alert_media))
}

/// What was begun, and what to say now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MediaAlert)]
struct AlertOut {
    #[serde(flatten)]
    alerted: MediaAlerted,
    /// What to answer to every question.
    fixed_answer: String,
    /// What to do next.
    next: String,
}

/// Tell the house that the press is here
///
/// One action: the case is recorded, the spokesperson and the leaders are
/// alerted at once, and the fixed answer comes back.
#[utoipa::path(post, path = "/media-alerts", operation_id = "alert_media", tag = "media",
    params(idempotency::KeyHeader), request_body = NewMediaAlert,
    responses((status = 201, description = "Recorded and told", body = AlertOut), Writing))]
async fn alert_media(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewMediaAlert>,
) -> Result<Response, Problem> {
    let (app, locale) = (edge.app.clone(), ctx.locale);
    let answer = edge.app.once(ctx, 201, move |tx, ctx| {
        let alerted = media::alert(tx, ctx, &app, body)?;
        let said = |code| text(locale, code, &Map::new());
        let (fixed_answer, next) = (said("media_fixed_answer"), said(alerted.next));
        Ok(AlertOut { alerted, fixed_answer, next })
    });
    Ok(done(answer.await?))
}
