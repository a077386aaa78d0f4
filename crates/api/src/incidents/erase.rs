//! Erasing the texts of an incident on lawful request.

use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::case::{ErasedTexts, NewErasure};
use huiyin_app::incident;
use huiyin_app::{Hint, Told};
use huiyin_domain::ids::IncidentId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(erase_incident_texts))
}

/// Erase texts of an incident on lawful request
///
/// The history stays, with commitments in place of the texts; what was erased
/// and on what ground is an event of it. The cases have erasures of their own.
#[utoipa::path(post, path = "/incidents/{id}/erasures", operation_id = "erase_incident_texts",
    tag = "incidents", params(("id" = IncidentId, Path), idempotency::KeyHeader),
    request_body = NewErasure,
    responses((status = 201, description = "Erased", body = ErasedTexts), Writing))]
async fn erase_incident_texts(
    State(edge): State<Edge>,
    Id(id): Id<IncidentId>,
    Change { ctx, body, .. }: Change<NewErasure>,
) -> Result<Response, Problem> {
    let told = Told::default();
    let telling = told.clone();
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let (erased, sight) = incident::erase(tx, ctx, id, &body)?;
            telling.keep(tx, ctx, Hint::incident(ctx.org(), (id, erased.version), sight))?;
            Ok(erased)
        })
        .await?;
    told.publish(&edge.app.hints);
    Ok(done(answer))
}
