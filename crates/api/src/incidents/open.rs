//! Opening an incident.

use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::numbered::made;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::Hint;
use huiyin_app::incident::{self, NewIncident, OpenedIncident};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(open_incident))
}

/// Open an incident, with the cases and contacts that are about it
///
/// The cases stay as they are; membership is a log that can be undone.
#[utoipa::path(post, path = "/incidents", operation_id = "open_incident", tag = "incidents",
    params(idempotency::KeyHeader),
    request_body = NewIncident,
    responses((status = 201, description = "Opened", body = OpenedIncident), Writing))]
async fn open_incident(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewIncident>,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    made(&edge, ctx, "/api/v1/incidents", move |tx, ctx| {
        let (opened, sight) = incident::open(tx, ctx, &app.rules, &app.numbers, body)?;
        let hint = Hint::incident(ctx.org(), (opened.id, opened.version), sight);
        Ok((opened, hint))
    })
    .await
}
