//! Work of who leaves or is absent.

use crate::answer::done;
use crate::authed::{Authed, Change};
use crate::edge::Edge;
use crate::path::Id;
use crate::problem::Problem;
use crate::responses::{Reading, Writing};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use huiyin_app::duty::{self, HandOverReason};
use huiyin_app::people::{HandOver, OpenWork};
use huiyin_domain::ids::{CaseId, IncidentId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) fn routes() -> OpenApiRouter<Edge> {
    OpenApiRouter::new().routes(routes!(get_open_work)).routes(routes!(hand_over_work))
}

/// What a person still answers for.
#[derive(Debug, Serialize, ToSchema)]
struct OpenWorkOut {
    /// Cases owned or handled that are not closed.
    #[schema(minimum = 0)]
    cases: u64,
    /// Open incidents answered for, or with an open measure to answer for.
    #[schema(minimum = 0)]
    incidents: u64,
    /// Open tasks.
    #[schema(minimum = 0)]
    tasks: u64,
    /// Open promises.
    #[schema(minimum = 0)]
    promises: u64,
    /// The cases in which all that lies.
    case_ids: Vec<CaseId>,
    /// The incidents among it.
    incident_ids: Vec<IncidentId>,
}

/// How much was handed over.
#[derive(Debug, Serialize, ToSchema)]
struct HandedOver {
    #[schema(minimum = 0)]
    cases: u64,
    #[schema(minimum = 0)]
    incidents: u64,
    #[schema(minimum = 0)]
    tasks: u64,
    #[schema(minimum = 0)]
    promises: u64,
}

impl From<OpenWork> for HandedOver {
    fn from(sum: OpenWork) -> Self {
        let OpenWork { cases, incidents, tasks, promises } = sum;
        Self { cases, incidents, tasks, promises }
    }
}

/// To whom, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkHandOver)]
struct HandOverBody {
    to: PersonId,
    reason: HandOverReason,
}

/// See what a person still answers for
#[utoipa::path(get, path = "/people/{id}/work", operation_id = "get_open_work", tag = "people",
    params(("id" = PersonId, Path)),
    responses((status = 200, description = "Open work", body = OpenWorkOut), Reading))]
async fn get_open_work(
    State(edge): State<Edge>,
    authed: Authed,
    Id(id): Id<PersonId>,
) -> Result<Json<OpenWorkOut>, Problem> {
    let app = edge.app.clone();
    let work = edge.app.read(&authed.ctx, move |tx, ctx| duty::work_of(&app, tx, ctx, id)).await?;
    let OpenWork { cases, incidents, tasks, promises } = work.open;
    let (case_ids, incident_ids) = (work.cases, work.incidents);
    Ok(Json(OpenWorkOut { cases, incidents, tasks, promises, case_ids, incident_ids }))
}

/// Give all open work of a person to another
///
/// Owned cases and incidents, tasks and promises, all or nothing; each case and
/// each incident keeps an event.
#[utoipa::path(post, path = "/people/{id}/hand-over", operation_id = "hand_over_work", tag = "people",
    params(("id" = PersonId, Path)), request_body = HandOverBody,
    responses((status = 200, description = "Handed over", body = HandedOver), Writing))]
async fn hand_over_work(
    State(edge): State<Edge>,
    Id(id): Id<PersonId>,
    Change { ctx, body, .. }: Change<HandOverBody>,
) -> Result<Response, Problem> {
    let app = edge.app.clone();
    let step = HandOver { from: id, to: body.to };
    let answer = edge
        .app
        .once(ctx, 200, move |tx, ctx| {
            duty::hand_over(&app, tx, ctx, step, body.reason).map(HandedOver::from)
        })
        .await?;
    Ok(done(answer))
}
