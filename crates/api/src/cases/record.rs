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
use huiyin_app::policy::CaseSight;
use huiyin_app::{Audience, Hint};
use huiyin_domain::ids::{CaseId, OrgId};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};
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
            telling.keep(created.id, created.version, sight);
            Ok(created)
        })
        .await?;
    if !answer.repeated
        && let Ok(Numbered { number }) = serde_json::from_str(&answer.body)
    {
        edge.app.numbers.keep(org, number);
    }
    let id = told.publish(&edge, org);
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

/// What a use case changed, carried out of its transaction to be told.
#[derive(Clone, Default)]
pub(super) struct Told(Arc<Mutex<Option<(CaseId, u64, CaseSight)>>>);

impl Told {
    /// Keeps what changed; called inside the transaction.
    pub(super) fn keep(&self, id: CaseId, version: u64, sight: CaseSight) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, version, sight));
    }

    /// Tells listeners, after the commit; gives the case, when one changed.
    pub(super) fn publish(&self, edge: &Edge, org: OrgId) -> Option<CaseId> {
        let (id, version, sight) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let path = sight.paths.into_iter().next().unwrap_or_default();
        edge.app.hints.publish(Hint {
            org,
            topic: "case",
            id: id.to_string(),
            version: i64::try_from(version).unwrap_or(i64::MAX),
            audience: Audience::Unit(path, sight.people),
        });
        Some(id)
    }
}
