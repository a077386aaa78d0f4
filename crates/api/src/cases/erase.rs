//! Erasing the texts of a case on lawful request.

use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::case::{self, ErasedTexts, NewErasure};
use huiyin_app::{Hint, Told};
use huiyin_domain::ids::CaseId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(erase_texts))
}

/// Erase texts of a case on lawful request
///
/// The history stays, with commitments in place of the texts; what was erased
/// and on what ground is an event of it.
#[utoipa::path(post, path = "/cases/{id}/erasures", operation_id = "erase_case_texts", tag = "cases",
    params(("id" = CaseId, Path, description = "The case"), idempotency::KeyHeader),
    request_body = NewErasure,
    responses((status = 201, description = "Erased", body = ErasedTexts), Writing))]
async fn erase_texts(
    State(edge): State<Edge>,
    Id(id): Id<CaseId>,
    Change { ctx, body, .. }: Change<NewErasure>,
) -> Result<Response, Problem> {
    let told = Told::default();
    let telling = told.clone();
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let (erased, sight) = case::erase(tx, ctx, id, &body)?;
            telling.keep(tx, ctx, Hint::case(ctx.org(), (id, erased.version), sight))?;
            Ok(erased)
        })
        .await?;
    told.publish(&edge.app.hints);
    Ok(done(answer))
}
