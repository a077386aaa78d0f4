//! Recording a message.

use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use huiyin_app::case::{self, Created, NewCase};
use huiyin_app::{Hint, Told};
use huiyin_domain::ids::CaseId;
use serde::Deserialize;
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
    let (app, org) = (edge.app.clone(), ctx.org());
    let told = Told::default();
    let telling = told.clone();
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let (created, sight) = case::create(tx, ctx, &app.rules, &app.numbers, body)?;
            telling.keep(tx, ctx, Hint::case(ctx.org(), (created.id, created.version), sight))?;
            Ok(created)
        })
        .await?;
    if !answer.repeated
        && let Ok(Numbered { number }) = serde_json::from_str(&answer.body)
    {
        edge.app.numbers.keep(org, number);
    }
    let id: Option<CaseId> = told.publish(&edge.app.hints).and_then(|id| id.parse().ok());
    let mut response = done(answer);
    if let Some(place) = id.and_then(|id| format!("/api/v1/cases/{id}").parse().ok()) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// The number in the answer, whose block is committed with it.
#[derive(Deserialize)]
struct Numbered<'a> {
    number: &'a str,
}
