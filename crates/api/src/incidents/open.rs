//! Opening an incident.

use crate::answer::done;
use crate::authed::Change;
use crate::edge::Edge;
use crate::idempotency;
use crate::problem::Problem;
use crate::responses::Writing;
use axum::extract::State;
use axum::http::header;
use axum::response::Response;
use huiyin_app::incident::{self, NewIncident, OpenedIncident};
use huiyin_app::{Hint, Told};
use serde::Deserialize;
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
    let (app, org) = (edge.app.clone(), ctx.org());
    let told = Told::default();
    let telling = told.clone();
    let answer = edge
        .app
        .once(ctx, 201, move |tx, ctx| {
            let (opened, sight) = incident::open(tx, ctx, &app.rules, &app.numbers, body)?;
            telling.keep(tx, ctx, Hint::incident(ctx.org(), (opened.id, opened.version), sight))?;
            Ok(opened)
        })
        .await?;
    if !answer.repeated
        && let Ok(Numbered { number }) = serde_json::from_str(&answer.body)
    {
        edge.app.numbers.keep(org, number);
    }
    let id = told.publish(&edge.app.hints);
    let mut response = done(answer);
    if let Some(place) = id.and_then(|id| format!("/api/v1/incidents/{id}").parse().ok()) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    Ok(response)
}

/// The number in the answer, whose block is committed with it.
#[derive(Deserialize)]
struct Numbered<'a> {
    number: &'a str,
}
