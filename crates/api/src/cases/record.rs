//! Recording a message.

use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::numbered::made;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::Hint;
use huiyin_app::case::{self, Created, NewCase};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(create_case))
}

/// Record a message; it becomes a case with an owner
///
/// Only `kind`, `channel` and `text` must be there. The limits that the pack
/// prescribes start at once.
#[utoipa::path(post, path = "/cases", operation_id = "create_case", tag = "cases",
    params(idempotency::KeyHeader),
    request_body = NewCase,
    responses((status = 201, description = "Recorded", body = Created), Writing))]
async fn create_case(
    State(edge): State<Edge>,
    Change { ctx, body, .. }: Change<NewCase>,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    made(&edge, ctx, "/api/v1/cases", move |tx, ctx| {
        let (created, sight) = case::create(tx, ctx, &app.rules, &app.numbers, body)?;
        let hint = Hint::case(ctx.org(), (created.id, created.version), sight);
        Ok((created, hint))
    })
    .await
}
